"""A sheet of cells as they stand in a file, whatever kind of file it is."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from panel.errors import SourceError

# A yearbook table has thousands of cells; a sheet beyond this is a mistake or an attack.
MOST_CELLS = 2_000_000
# Characters that a reader does not see: zero-width spaces, soft hyphens, byte-order marks.
_UNSEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")


# What a file stores in a cell: text, a number, a number with the text that shows it, nothing.
Stored = str | float | tuple[str, float] | None


class Cell(NamedTuple):
    """One cell: its text as a reader sees it, its number if the file stores one, its place.

    ``spread`` marks the cells of a merged area other than the first, which repeat its content;
    ``code`` is that of the region the text means, empty if it means none.
    """

    text: str
    number: float | None
    place: str
    spread: bool = False
    code: str = ""


@dataclass(frozen=True)
class Grid:
    """A sheet: rows of cells (all of the same length), and what the file hides of them.

    Parameters
    ----------
    name : of the sheet; empty where the file has only one table.
    rows : the cells.
    merged : how many merged areas the sheet has.
    hidden : rows and columns that the file hides, as "row 5", "column C".
    visible : the sheet itself is not hidden.
    scaled : places of numbers that their format shows in thousands or millions.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: int = 0
    hidden: tuple[str, ...] = ()
    visible: bool = True
    scaled: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0]) if self.rows else 0

    @property
    def empty(self) -> bool:
        """Whether no cell holds anything."""
        return not any(cell.text for row in self.rows for cell in row)

    def column(self, at: int) -> tuple[Cell, ...]:
        """The cells of one column."""
        return tuple(row[at] for row in self.rows)

    def part(self, rows: Iterable[int], columns: Iterable[int] | None = None) -> Grid:
        """Only those rows and columns."""
        wanted = list(range(self.width) if columns is None else columns)
        kept = tuple(tuple(self.rows[r][c] for c in wanted) for r in rows)
        return replace(self, rows=kept)

    def transposed(self) -> Grid:
        """Rows as columns; every cell keeps the place it has in the file."""
        return replace(self, rows=tuple(zip(*self.rows, strict=True)))

    def trimmed(self) -> Grid:
        """Without rows and columns that are empty throughout."""
        rows = [r for r, row in enumerate(self.rows) if any(c.text for c in row)]
        columns = [c for c in range(self.width) if any(row[c].text for row in self.rows)]
        return self.part(rows, columns)


def place(row: int, column: int) -> str:
    """Name of a cell counted from zero: ``place(4, 1) == "B5"``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def seen(text: str) -> str:
    """A text without what a reader does not see, and without outer blanks."""
    return _UNSEEN.sub("", text).strip()


def number_text(value: float) -> str:
    """A stored number as text, whole numbers without a point."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)


def grid_of(
    lines: Sequence[Sequence[Stored]],
    name: str = "",
    areas: Iterable[tuple[int, int, int, int]] = (),
    hidden: tuple[str, ...] = (),
    visible: bool = True,
) -> Grid:
    """Grid of lines of texts and numbers; merged areas (first row, first column, last row, last
    column) are filled with the content of their first cell.

    Raises
    ------
    SourceError : the sheet is larger than any yearbook table.
    """
    width = max(map(len, lines), default=0)
    check_size(len(lines), width, name)
    rows = [
        [
            _cell(line[c] if c < len(line) else None, place(r, c))
            for c in range(width)
        ]
        for r, line in enumerate(lines)
    ]  # fmt: skip
    count = 0
    for top, left, bottom, right in areas:
        count += 1
        if top >= len(rows) or left >= width:
            continue
        first = rows[top][left]
        for r in range(top, min(bottom + 1, len(rows))):
            for c in range(left, min(right + 1, width)):
                if (r, c) != (top, left):
                    rows[r][c] = Cell(first.text, first.number, place(r, c), spread=True)
    return Grid(name, tuple(map(tuple, rows)), count, hidden, visible)


def check_size(rows: int, columns: int, name: str) -> None:
    """Raise if a sheet has more cells than any yearbook table."""
    if rows * columns > MOST_CELLS:
        raise SourceError(
            f"Sheet {name!r} has {rows:,} rows and {columns:,} columns.",
            variable=name,
            value=(rows, columns),
            remedy=f"a table may have {MOST_CELLS:,} cells: delete what lies outside the table, or "
            "read a large data set with panel.read_frame.",
        )


def _cell(value: Stored, at: str) -> Cell:
    if value is None:
        return Cell("", None, at)
    if isinstance(value, tuple):
        return Cell(value[0], value[1], at)
    if isinstance(value, str):
        return Cell(seen(value), None, at)
    return (
        Cell(number_text(value), float(value), at) if math.isfinite(value) else Cell("", None, at)
    )
