"""Readable names of terms, from the labels of the frame."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from panel.core.categories import shown
from panel.core.column import LANGUAGES
from panel.core.expression import Binary, Name, Slopes, names_in, parse_expression
from panel.errors import FormulaError

if TYPE_CHECKING:
    from panel.core.frame import PanelFrame


@dataclass(frozen=True)
class Label:
    """What a result calls its variable in English, Chinese and Russian."""

    en: str
    zh: str
    ru: str

    def text(self, language: str) -> str:
        """The label in "en", "zh" or "ru"."""
        return {"en": self.en, "zh": self.zh, "ru": self.ru}[language]

    def __str__(self) -> str:
        return self.en


def label_of(term: str, frame: PanelFrame) -> Label:
    """The label of a variable or expression, see :func:`labelled`."""
    return Label(*(labelled(term, frame, language) for language in LANGUAGES))


def value_label(value: Any, name: str, frame: PanelFrame, language: str = "en") -> str:
    """What a value of a variable is called in that language, or a region by its name.

    A value without a label, and a region without a name in a column name_en, name_zh or name_ru of
    the frame, stay as they are.
    """
    if name in frame.columns:
        return frame.columns[name].value_in(value, language)
    text, names = shown(value), f"name_{language}"
    if name == frame.unit and names in frame.columns:
        at = next((u for u in frame.units if shown(u) == text), None)
        found = [] if at is None else frame[names].xs(at, level=0).dropna().tolist()
        return str(found[0]) if found else text
    return text


def labelled(term: str, frame: PanelFrame, language: str) -> str:
    """A term with its variables by their labels in that language: ``log(gdp)`` as ``log(GDP)``.

    A dummy ``zone::East`` becomes ``Zone = East``, with what the value is called in that language,
    and an interaction ``a × b``; a name that is no expression, as of a combination of
    coefficients, stays as it is.
    """
    if term == "(Intercept)":
        return {"zh": "常数项", "ru": "Константа"}.get(language, "Constant")
    if "::" in term:  # a dummy, perhaps interacted: zone::East:x
        group, _, rest = term.partition("::")
        level, _, other = rest.partition(":")
        dummy = f"{frame.label(group, language)} = {value_label(level, group, frame, language)}"
        return f"{dummy} × {labelled(other, frame, language)}" if other else dummy
    try:
        node = parse_expression(term)
    except FormulaError:
        return term  # a combination of coefficients may have any name
    if isinstance(node, Name):
        return frame.label(node.name, language)
    if isinstance(node, Binary) and node.op == ":":
        return " × ".join(labelled(str(side), frame, language) for side in (node.left, node.right))
    if isinstance(node, Slopes):
        sides = (node.group, *node.variables)
        return " × ".join(labelled(str(side), frame, language) for side in sides)
    labels = {str(Name(n)): frame.label(n, language) for n in names_in(node)}
    spelled = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
    # All names at once: a label may hold the name of another variable.
    whole = rf"(?<![\w.])(?:{spelled})(?![\w.(])"
    return re.sub(whole, lambda m: labels[m[0]], str(node)) if labels else term
