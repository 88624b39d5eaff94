"""Where a variable, or one cell of it, comes from."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from panel.core.column import Origin
from panel.errors import DataError, suggest

if TYPE_CHECKING:
    from panel.core.frame import PanelFrame


@dataclass(frozen=True)
class Lineage:
    """Origin of one variable or cell, and of everything it was computed from.

    Parameters
    ----------
    name, label, unit : the variable.
    key : (region, year) of the cell, or None for the whole variable.
    value : the cell's figure (None for the whole variable).
    expression : the formula, if it was computed; ``inputs`` are then its ingredients.
    sources : publications that cover the cell.
    note : what a reader must know.
    filled : the cell (or, for a variable, at least one cell) was interpolated.
    """

    name: str
    label: str
    unit: str
    key: tuple[Hashable, Any] | None
    value: Any
    expression: str
    sources: tuple[Origin, ...]
    inputs: tuple[Lineage, ...]
    note: str
    filled: bool

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
    """Lineage of a variable of ``frame``, or of one cell if ``unit`` and ``time`` are given."""
    key = None if unit is None and time is None else (unit, time)
    column = frame.columns.get(name)
    value = _cell(frame, name, key) if key else None
    if column is None:  # one of the two keys
        return Lineage(name, name, "", key, value, "", (), (), "key of the panel", False)
    return Lineage(
        name=name,
        label=column.label or name,
        unit=column.unit,
        key=key,
        value=value,
        expression=column.expression,
        sources=tuple(o for o in column.origins if key is None or o.covers(time, unit)),
        inputs=tuple(lineage(frame, i, unit, time) for i in column.inputs if i in frame),
        note=column.note,
        filled=key in column.filled if key else bool(column.filled),
    )


def _cell(frame: PanelFrame, name: str, key: tuple[Hashable, Any]) -> Any:
    if key not in frame.table.index:
        unit, time = key
        known, given, what = (
            (frame.units, unit, frame.unit)
            if unit not in frame.units
            else (frame.times, time, frame.time)
        )
        raise DataError(
            f"The frame {frame.name!r} has no row for {frame.unit} {unit!r}, "
            f"{frame.time} {time!r}.",
            variable=what,
            value=given,
            remedy=suggest(str(given), map(str, known)),
        )
    return frame[name].to_numpy()[frame.table.index.get_loc(key)]
