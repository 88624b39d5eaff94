"""Which way a table stands: regions down or across, in one list or two side by side, or one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from panel.errors import SourceError
from panel.sources.cells import plain
from panel.sources.framing import is_figure
from panel.sources.grid import Cell, Grid
from panel.sources.readreport import Guess
from panel.sources.regions import resolve, told_apart
from panel.sources.wording import coded_region, region_of, regions_of, year_of


def marked(grid: Grid, country: str) -> tuple[Grid, list[Guess]]:
    """The grid with the code of the region in every cell that names one, and names told apart.

    Official codes (110000) name regions only where no text does, and only in rows or columns that
    hold little else: among figures they are figures.
    """
    texts = dict.fromkeys(c.text for row in grid.rows for c in row if c.number is None)
    meant = {text: regions_of(text, country) for text in texts}
    told = told_apart(meant)
    codes = {t: told[t].code if t in told else r[0].code
             for t, r in meant.items() if t in told or len(r) == 1}  # fmt: skip
    if codes:
        rows = (tuple(c._replace(code=codes.get(c.text, "")) for c in row) for row in grid.rows)
        guesses = [
            Guess("name of several regions", f"{t}: {r.label()} ({r.code})", "the names around it")
            for t, r in told.items()
        ]
        return replace(grid, rows=tuple(rows)), guesses
    down = replace(grid, rows=tuple(map(_coded, grid.transposed().rows))).transposed()
    found = down if has_regions(down) else replace(grid, rows=tuple(map(_coded, grid.rows)))
    return found, []


def _coded(line: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells with the regions of their official codes, if most of them are such codes."""
    codes = [r.code if (r := coded_region(c.text)) else "" for c in line]
    if sum(map(bool, codes)) <= 0.5 * sum(bool(c.text) for c in line):
        return tuple(line)
    return tuple(c._replace(code=code) for c, code in zip(line, codes, strict=True))


def has_regions(grid: Grid) -> bool:
    """Whether any cell names a region."""
    return any(c.code for row in grid.rows for c in row)


def weight(cells: Iterable[Cell]) -> tuple[int, int]:
    """How much like a list of regions cells are: distinct regions, then regions in all."""
    codes = [c.code for c in cells if c.code]
    return len(set(codes)), len(codes)


def upright(grid: Grid) -> tuple[Grid, bool]:
    """The table with its regions down the rows, and whether it had to be turned for that."""
    down = max(weight(grid.column(c)) for c in range(grid.width))
    across = max(weight(row) for row in grid.rows)
    if across == down == (1, 1):  # one region: it heads a column if the figures stand below it
        r, c = next((r, c) for r, row in enumerate(grid.rows) for c in range(grid.width)
                    if weight([row[c]])[0])  # fmt: skip
        right, below = grid.rows[r][c + 1 :], grid.column(c)[r + 1 :]
        turned = sum(map(is_figure, below)) > sum(map(is_figure, right))
        return (grid.transposed() if turned else grid), turned
    return (grid.transposed(), True) if across > down else (grid, False)


def with_region(
    grid: Grid, above: Sequence[str], territory: str | None, country: str
) -> tuple[Grid, Guess]:
    """A table of one region with a first column that names it."""
    name, why = territory or "", "as given"
    if has_regions(grid):
        raise SourceError(
            "The table names its regions itself.",
            variable="territory",
            value=territory,
            remedy="leave territory= out, and choose regions from the frame.",
        )
    if territory is None:
        parts = [p for text in above for line in text.split("\n") for p in _entries(line)]
        name = next((p for p in parts if region_of(p, country)), "")
        why = "the lines above name it"
    if not name:
        raise SourceError(
            "The table names no region that is known.",
            variable="territory",
            remedy='pass territory="..." if it is a table of one region; places in no list '
            "of regions cannot be read.",
        )
    code = resolve(name, country=country).code  # raises with suggestions
    counted = (any(is_figure(c) and not year_of(c.text) for c in row[1:]) for row in grid.rows)
    first = next((r for r, found in enumerate(counted) if found), len(grid.rows))
    years_down = year_of(grid.rows[-1][0].text) is not None
    rows = []
    for r, row in enumerate(grid.rows):
        label, corner = Cell("", None, row[0].place), row[0]
        if r >= first:
            label = label._replace(text=name, code=code)
        elif r == 0:
            corner = corner._replace(text="year" if years_down else "variable")
        rows.append((label, corner, *row[1:]))
    return Grid(grid.name, tuple(rows), grid.merged, grid.hidden), Guess("region", name, why)


def _entries(line: str) -> list[str]:
    """The parts of a line such as "地区：江西省" or "Jiangxi, 2020"."""
    return re.split("[:,]", plain(line))


def side_by_side(grid: Grid) -> Iterator[Grid]:
    """The halves of a table whose second half of regions stands beside the first."""
    weights = [weight(grid.column(c)) for c in range(grid.width)]
    most = max(weights)
    lists = [c for c, w in enumerate(weights) if w[0] >= max(2, 0.4 * most[0])]
    starts = [lists[0]] if lists else []
    for c in lists[1:]:
        beside = [(r[starts[-1]].code, r[c].code) for r in grid.rows]
        both = [(a, b) for a, b in beside if a and b]
        same = sum(a == b for a, b in both)
        if both and same == 0:
            starts.append(c)
        elif same < len(both):
            wrong = next(r for r in grid.rows if "" != r[starts[-1]].code != r[c].code != "")
            raise SourceError(
                f"{wrong[starts[-1]].text!r} in {wrong[starts[-1]].place} stands beside "
                f"{wrong[c].text!r} in {wrong[c].place}: two columns of regions that differ.",
                variable="aside",
                value=wrong[c].place,
                remedy="mend the row, or take one of the two columns out of the file.",
            )
    starts = starts or [0]
    for i, start in enumerate(starts):
        left = 0 if i == 0 else start
        right = starts[i + 1] if i + 1 < len(starts) else grid.width
        yield grid.part(range(len(grid.rows)), range(left, right))
