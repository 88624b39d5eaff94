"""Where a variable, or one cell of it, comes from."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from panel.core.column import LANGUAGES, Adjustment, Column, Origin
from panel.core.expression import Call, Number, parse_expression
from panel.core.wording import key_word
from panel.errors import DataError, FormulaError, suggest

if TYPE_CHECKING:
    from panel.core.frame import PanelFrame
    from panel.core.lineage_graph import LineageGraph
    from panel.core.steps import Step

Key = tuple[Hashable, Any]


@dataclass(frozen=True)
class Lineage:
    """Origin of one variable or cell, and of everything it was computed from.

    Parameters
    ----------
    name, label, unit : the variable.
    key : (region, year) of the cell, or None for the whole variable.
    value : the cell's figure (None for the whole variable).
    expression : the formula, if it was computed; ``inputs`` are then its ingredients: of a chained
        volume the level of the base year and the growth of every year on the way, of an
        interpolated figure the published ones on both sides.
    sources : publications that cover the cell.
    note : what a reader must know.
    filled : the cell (or, for a variable, at least one cell) was interpolated.
    adjustments : what was done to it when regions were brought to other boundaries, and in
        cleaning.
    labels, region : label of the variable and name of the region in the order of ``LANGUAGES``.
    steps : the adjustments in words, each in the order of ``LANGUAGES``.
    """

    name: str
    label: str
    unit: str
    key: Key | None
    value: Any
    expression: str
    sources: tuple[Origin, ...]
    inputs: tuple[Lineage, ...]
    note: str
    filled: bool
    adjustments: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    steps: tuple[tuple[str, ...], ...] = ()

    def graph(self, language: str = "en") -> LineageGraph:
        """The way from the raw files to the cell as a graph: as SVG, or in Mermaid's notation.

        Raises
        ------
        DataError : a language other than en, zh, ru.
        """
        from panel.core.lineage_graph import graph_of

        return graph_of(self, language)

    def sentence(self, language: str = "en") -> str:
        """The way from the raw files to the cell in words.

        Raises
        ------
        DataError : a language other than en, zh, ru.
        """
        from panel.core.lineage_words import sentence

        return sentence(self, language)

    @property
    def publications(self) -> tuple[Origin, ...]:
        """All publications behind it, each once, in the order they are met."""
        found = dict.fromkeys(self.sources)
        for part in self.inputs:
            found.update(dict.fromkeys(part.publications))
        return tuple(found)

    def _lines(self, depth: int) -> Iterator[str]:
        at = f" of {self.key[0]}, {self.key[1]}" if self.key else ""
        value = f" = {self.value}" if self.key else ""
        unit = f" {self.unit}" if self.unit else ""
        how = f", computed as {self.expression}" if self.expression else ""
        filled = " (interpolated, not published)" if self.filled else ""
        yield f"{'  ' * depth}{self.name}{at}{value}{unit}{how}{filled}"
        for step in self.adjustments:
            yield f"{'  ' * (depth + 1)}{step}"
        for source in self.sources:
            yield f"{'  ' * (depth + 1)}from {source}"
        for part in self.inputs:
            yield from part._lines(depth + 1)

    def __str__(self) -> str:
        return "\n".join(self._lines(0))

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def lineage(frame: PanelFrame, name: str, unit: Hashable, time: Any) -> Lineage:
    """Lineage of a variable of ``frame``, or of one cell if ``unit`` and ``time`` are given.

    A region may be given by its key, or by a name in one of the frame's columns of names.
    """
    key = None if unit is None and time is None else _key(frame, unit, time)
    return _traced(frame, name, key)


def _traced(frame: PanelFrame, name: str, key: Key | None) -> Lineage:
    column = frame.columns.get(name)
    value = frame[name].to_numpy()[frame.table.index.get_loc(key)] if key else None
    if column is None:  # one of the two keys
        return Lineage(name, name, "", key, value, "", (), (), "key of the panel", False)
    filled = any(_interpolated(column, k) for k in ([key] if key else column.filled))
    inputs = tuple(_inputs(frame, name, column, key))
    # An interpolated or imputed cell stands in no publication.
    between = (bool(inputs) and not column.inputs) or (key in column.filled and not filled)
    done = [step for step in column.record if key is None or key in step.keys]
    return Lineage(
        name=name,
        label=column.label or name,
        unit=column.unit,
        key=key,
        value=value,
        expression=column.expression,
        sources=()
        if between
        else tuple(o for o in column.origins if key is None or o.covers(key[1], key[0])),
        inputs=tuple(_traced(frame, i, k) for i, k in inputs),
        note=column.note,
        filled=filled,
        adjustments=tuple(step.text for step in done),
        labels=tuple(column.label_in(language) or name for language in LANGUAGES),
        region=tuple(_called(frame, key, language) for language in LANGUAGES) if key else (),
        steps=tuple(worded(frame, step, key) for step in done),
    )


def worded(frame: PanelFrame, step: Adjustment | Step, key: Key | None = None) -> tuple[str, ...]:
    """A step in words, in each language; of a step of many cells what it did to this one."""
    if isinstance(step, Adjustment):
        return step.words or (step.text,) * len(LANGUAGES)
    n = None if key is None else 1
    return tuple(step.said(at, partial(_called_so, frame, at), n) for at in LANGUAGES)


def _called_so(frame: PanelFrame, language: str, name: str) -> str:
    """A variable by its label; a key in words."""
    said = frame.label(name, language)
    return key_word(name, language) if said == name else said


def _inputs(
    frame: PanelFrame, name: str, column: Column, key: Key | None
) -> Iterator[tuple[str, Key | None]]:
    """Variables and cells that a cell was computed from, as far as the frame has them."""
    merged = any(key in a.keys for a in column.adjustments)  # of regions, not between years
    if key is not None and not column.inputs and not merged and _interpolated(column, key):
        here = frame[name].dropna().index
        published = [k for k in here if k[0] == key[0] and k not in column.filled]
        before = [k for k in published if k[1] < key[1]]
        after = [k for k in published if k[1] > key[1]]
        yield from ((name, k) for k in (*before[-1:], *after[:1]))
    elif key is not None and (base := _base_year(column.expression)) is not None:
        level, growth = column.inputs
        steps = sorted((base, key[1]))
        years = range(steps[0] + 1, steps[1] + 1)
        chain = [(level, (key[0], base)), *((growth, (key[0], year)) for year in years)]
        yield from ((n, k) for n, k in chain if n in frame and k in frame.table.index)
    else:
        yield from ((n, key) for n in column.inputs if n in frame)


def _interpolated(column: Column, key: Key) -> bool:
    """Whether the cell was filled from other years: other steps of filling tell for themselves."""
    others = (s for s in column.steps if not s.kind.startswith("interpolated"))
    return key in column.filled and not any(key in s.keys for s in others)


def _base_year(expression: str) -> int | None:
    """The year whose level a chained volume starts from: 2016 in chain(gdp, growth, base=2016)."""
    if not expression.startswith("chain("):
        return None
    try:
        node = parse_expression(expression)
    except FormulaError:  # other words about how a column was made
        return None
    options = dict(node.options) if isinstance(node, Call) else {}
    base = options.get("base")
    return int(base.text) if isinstance(base, Number) and base.text.isdigit() else None


def _called(frame: PanelFrame, key: Key, language: str) -> str:
    """Name of the cell's region in that language; its code where the frame has no names."""
    column = f"name_{language}"
    said = frame[column].get(key) if column in frame else None
    return str(key[0]) if said is None or pd.isna(said) else str(said)


def _key(frame: PanelFrame, unit: Hashable, time: Any) -> tuple[Hashable, Any]:
    """The key of the row, for a region given by key or by name.

    Raises
    ------
    DataError : the frame has no such region, or no row for it in that year.
    """
    if unit is None or time is None:
        raise DataError(
            f"One cell has a {frame.unit} and a {frame.time}; only one of them was given.",
            variable=frame.unit if unit is None else frame.time,
            remedy=f"give both, or neither for all of the variable, in {frame.name!r}.",
        )
    names = {} if unit in frame.units else _names(frame)
    key = (names[unit] if unit in names else _shortly(unit, names), time)
    if key in frame.table.index:
        return key
    if key[0] not in frame.units:
        given, what, known = unit, frame.unit, [*map(str, frame.units), *map(str, names)]
    else:
        given, what, known = time, frame.time, [str(t) for t in frame.times]
    quoted = what == frame.time and isinstance(time, str) and time in known
    raise DataError(
        f"The frame {frame.name!r} has no row for {frame.unit} {unit!r}, {frame.time} {time!r}.",
        variable=what,
        value=given,
        remedy=f"write {time} without quotes." if quoted else suggest(str(given), known),
    )


def _shortly(unit: Hashable, names: Mapping[Hashable, Hashable]) -> Hashable:
    """The region whose name, and no other's, begins so: 吉林 for 吉林省, Tula for Tula Oblast; as
    given if there is none."""
    if not isinstance(unit, str) or len(unit) < 2:
        return unit
    said = unit if "\u4e00" <= unit[-1] <= "\u9fff" else f"{unit} "
    found = {key for name, key in names.items() if str(name).startswith(said)}
    return found.pop() if len(found) == 1 else unit


def _names(frame: PanelFrame) -> dict[Hashable, Hashable]:
    """Keys of regions by the names in the frame's columns name_en, name_zh, name_ru."""
    found: dict[Hashable, set[Hashable]] = {}
    for column in (f"name_{language}" for language in LANGUAGES):
        if column in frame:
            for key, said in zip(frame.table.index, frame[column], strict=True):
                found.setdefault(said, set()).add(key[0])
    return {said: next(iter(keys)) for said, keys in found.items() if len(keys) == 1}
