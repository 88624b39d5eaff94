"""The lines above and below a table, and the table between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from panel.errors import SourceError
from panel.sources.cells import missing, printed
from panel.sources.grid import Cell, Grid
from panel.sources.unittext import stated
from panel.sources.wording import coded_region, heading, is_note, is_total, year_of


def own(row: Iterable[Cell]) -> list[Cell]:
    """The cells of a row that hold something of their said, not a merged neighbour's content."""
    return [cell for cell in row if cell.text and not cell.spread]


def framed(grid: Grid) -> tuple[list[str], Grid, list[str]]:
    """Lines above the table, the table, and lines below it."""
    rows = grid.rows
    top = 0
    while top < len(rows) and _is_title(rows[top]):
        top += 1
    end = len(rows)
    while end > top and _is_below(rows[end - 1]):
        end -= 1
    if top == end:
        raise SourceError(
            f"Sheet {grid.name!r} has no table, only lines of text." if grid.name
            else "There is no table, only lines of text.",
            variable="sheet",
            value=grid.name,
            remedy="pass sheet= if the table is on another sheet, or set its columns apart by "
            "semicolons or tabs.",
        )  # fmt: skip
    above = ["\n".join(c.text for c in own(row)) for row in rows[:top]]
    below = [" ".join(c.text for c in own(row)) for row in rows[end:]]
    core = grid.part(range(top, end)).trimmed()
    return [t for t in above if t], core, [t for t in below if t]


def _is_title(row: Sequence[Cell]) -> bool:
    said = own(row)
    if len(said) <= 1:
        return not any(is_figure(c) and not year_of(c.text) for c in said)
    others = [c for c in said if stated(c.text) is None]
    keyed = any(year_of(c.text) or c.code or heading(c.text) or is_figure(c) for c in others)
    return len(others) < len(said) <= 3 and not keyed


def _is_below(row: Sequence[Cell]) -> bool:
    said = own(row)
    if not said:
        return True
    lone = len(said) == 1 and not is_figure(said[0])
    text = said[0].text
    named = said[0].code or coded_region(text) is not None or is_total(text)
    return not named and (lone or (is_note(text) and not any(map(is_figure, said[1:]))))


def is_figure(cell: Cell) -> bool:
    """Whether a cell holds a number, or a mark in place of one."""
    if cell.number is not None:
        return True
    return bool(cell.text) and (
        printed(cell.text) is not None or missing(cell.text) is not None
    )  # fmt: skip
