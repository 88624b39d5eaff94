"""Choices that all tables of a paper share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from panel.errors import TableError, suggest
from panel.tables.cells import at_least, decimals, power
from panel.tables.layout import Item, parse_layout
from panel.tables.words import words

# What may stand after a number: no mark is more than a mark in any format.
_MARKS = "*+†‡§abc"
_CHOICES = {
    "rounding": ("suited", "fixed", "significant"),
    "rules": ("three", "double", "box"),
    "caption": ("center", "left"),
    "numerals": ("arabic", "roman"),
}


def _check(name: str, value: str) -> None:
    if value not in _CHOICES[name]:
        raise TableError(
            f"{name}={value!r} is not known.",
            variable=name,
            value=value,
            remedy=suggest(value, _CHOICES[name]),
        )


def _levels(given: Any) -> tuple[tuple[str, float], ...]:
    """Marks with their levels, from the largest level to the smallest."""
    if isinstance(given, (int, float)):
        given = (given,)
    stars = tuple(given.items()) if isinstance(given, Mapping) else tuple(given or ())
    if not all(isinstance(star, tuple) for star in stars):
        levels = sorted(stars, reverse=True)
        stars = tuple(("*" * i, level) for i, level in enumerate(levels, start=1))
    for mark, level in stars:
        if isinstance(level, bool) or not isinstance(level, (int, float)) or not 0 < level < 1:
            raise TableError(
                f"{level!r} is not a level of significance.",
                variable="stars",
                value=level,
                remedy="give levels such as (0.1, 0.05, 0.01), or None for no stars.",
            )
        if not mark or set(mark) - set(_MARKS):
            raise TableError(
                f"{mark!r} is not a mark of significance.",
                variable="stars",
                value=mark,
                remedy=f"make marks of {' '.join(_MARKS)}.",
            )
    return tuple(sorted(stars, key=lambda star: -star[1]))


@dataclass(frozen=True)
class Look:
    """How a table is drawn, whatever is in it.

    Parameters
    ----------
    rules : "three" lines across; "double" ones above and below; or a "box" with lines between the
        columns as well.
    caption : "center" or "left", above the table.
    numerals : "arabic" or "roman" numbers of the tables of a document.
    """

    rules: str = "three"
    caption: str = "center"
    numerals: str = "arabic"

    def __post_init__(self) -> None:
        for name in ("rules", "caption", "numerals"):
            _check(name, getattr(self, name))


PLAIN = Look()


@dataclass(frozen=True)
class Style:
    """How numbers and words of a table are set.

    Parameters
    ----------
    language : "en", "zh" or "ru".
    digits : decimals, or significant digits; see ``rounding``.
    stars : levels of significance, in any order; the smallest gets the most stars. A mapping from
        marks to levels for other marks, ``{"+": 0.1, "*": 0.05}``. None for none.
    layout : what a cell of a regression holds, a line each: ``("b*", "(se)")``, or on one line
        ``"b* (se)"``. Of ``b``, ``se``, ``t``, ``p`` and ``ci`` (95 percent), in brackets or not;
        stars stand where ``*`` is.
    rounding : "suited" to the size of the number (:func:`panel.tables.cells.decimals`), "fixed" to
        ``digits`` decimals whatever its size, or "significant": ``digits`` significant digits,
        whole numbers in full.
    look : rules and caption.

    Raises
    ------
    TableError : a language that is not spoken, a level outside (0, 1), a mark or layout that is
        not known, or negative digits.
    """

    language: str = "en"
    digits: int = 3
    stars: Any = (0.1, 0.05, 0.01)
    layout: str | Sequence[str] = ("b*", "(se)")
    rounding: str = "suited"
    look: Look = PLAIN

    def __post_init__(self) -> None:
        words("notes", self.language)
        _check("rounding", self.rounding)
        object.__setattr__(self, "stars", _levels(self.stars))
        if not isinstance(self.look, Look):
            raise TableError(
                f"{self.look!r} is no look.",
                variable="look",
                value=self.look,
                remedy='give a panel.Look(...), for instance panel.Look(rules="box").',
            )
        layout = (self.layout,) if isinstance(self.layout, str) else tuple(self.layout or ())
        object.__setattr__(self, "layout", layout)
        parse_layout(layout)
        if self.digits < 0 or (self.rounding == "significant" and self.digits < 1):
            raise TableError(
                f"A number cannot have {self.digits} digits.",
                variable="digits",
                value=self.digits,
                remedy="give 0 or more decimals, or 1 or more significant digits.",
            )

    @property
    def lines(self) -> tuple[tuple[Item, ...], ...]:
        """The layout, read."""
        return parse_layout(self.layout)

    def places(self, value: float) -> int | None:
        """Decimals of a number; None for scientific notation."""
        if self.rounding == "fixed":
            return self.digits
        if self.rounding == "significant":
            return max(0, self.digits - 1 - power(value))
        return decimals(value, self.digits)

    @property
    def p_places(self) -> int:
        """Decimals of a p-value: two at least, and no more for a very small one."""
        return max(self.digits, 2)

    def beside(self, value: float, places: int | None) -> int | None:
        """Decimals of a number that stands with one of ``places`` decimals."""
        if self.rounding == "suited":
            return at_least(value, self.digits if places is None else places)
        return self.places(value)

    def marks(self, p_value: float) -> str:
        """Mark of the smallest level that a p-value is strictly below; none for NaN."""
        return next((mark for mark, level in reversed(self.stars) if p_value < level), "")

    @property
    def stars_note(self) -> str:
        """The sentence that says what the stars mean; empty if there are none."""
        parts = []
        for mark, level in self.stars:
            shown = f"{level:g}".replace(".", "," if self.language == "ru" else ".")
            parts.append(words("stars", self.language, mark=mark, level=shown))
        separator = {"zh": "，", "ru": "; "}.get(self.language, ", ")
        return separator.join(parts) + ("。" if self.language == "zh" else ".") if parts else ""


# Sources: "aer" the AER style guide (no asterisks, standard errors in parentheses); "econometrica"
# the Econometric Society's author template ecta_sample.tex (no asterisks; standard errors and
# confidence intervals); "gost" GOST 7.32 and 2.105 for the place of the title. The rest, among
# it the doubled rules of "qje", is this package's convention.
PRESETS: Mapping[str, Style] = MappingProxyType(
    {
        "aer": Style(stars=None),
        "qje": Style(look=Look(rules="double", numerals="roman")),
        "econometrica": Style(stars=None, layout=("b", "(se)", "[ci]")),
        "cn": Style(language="zh", layout=("b*", "(t)")),
        "gost": Style(language="ru", look=Look(rules="box", caption="left")),
    }
)
_in_use = Style()


def use_style(style: Style | str | None = None, **changes: Any) -> Style:
    """Set the style of all tables made from now on that name none.

    In a study call it once, at the top of ``study.py``: what a task sets, the next one in the same
    process would meet.

    Parameters
    ----------
    style : a style, or the name of a preset: "aer", "qje", "econometrica", "cn" or "gost"; the
        plain style, if None.
    changes : to its settings: ``use_style("cn", digits=4)``.

    Returns
    -------
    Style : the one used until now, to be put back by ``use_style(former)``.

    Raises
    ------
    TableError : no such preset or setting.
    """
    global _in_use
    former, _in_use = _in_use, preset(Style() if style is None else style, **changes)
    return former


def preset(style: Style | str | None = None, **changes: Any) -> Style:
    """A style by name with some settings changed; the one in use, if None.

    Raises
    ------
    TableError : no such preset or setting.
    """
    if isinstance(style, str):
        if style not in PRESETS:
            raise TableError(
                f"There is no style {style!r}.",
                variable="style",
                value=style,
                remedy=f"{suggest(style, PRESETS)} For a language alone: panel.Style(language="
                '"zh").',
            )
        style = PRESETS[style]
    if style is not None and not isinstance(style, Style):
        raise TableError(
            f"{style!r} is no style.",
            variable="style",
            value=style,
            remedy='give a panel.Style(...) or the name of a preset, such as "aer".',
        )
    for name in changes:
        if name not in Style.__dataclass_fields__:
            raise TableError(
                f"A style has no setting {name!r}.",
                variable=name,
                value=changes[name],
                remedy=suggest(name, Style.__dataclass_fields__),
            )
    return replace(_in_use if style is None else style, **changes)
