"""What each column of an upright table holds: figures, years, names of variables, units, notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from panel.sources.cells import missing, plain, printed, without_marks
from panel.sources.grid import Cell, Grid
from panel.sources.readreport import Guess
from panel.sources.unittext import named, unit_of
from panel.sources.wording import coded_region, heading, year_of


@dataclass(frozen=True)
class Roles:
    """Columns by what they hold; ``guesses`` say why, and name what was set aside."""

    data: tuple[int, ...]
    year: int | None
    unit: int | None
    variable: tuple[int, ...]
    note: tuple[int, ...]
    guesses: tuple[Guess, ...]


def column_roles(
    grid: Grid,
    headers: Sequence[int],
    body: Sequence[int],
    at: int,
    labels: Sequence[int],
    keys: Mapping[int, tuple[int, str]],
    aside: frozenset[str],
) -> Roles:
    """Roles of all columns but those of region names.

    Parameters
    ----------
    grid, headers, body : the table, its rows of headings and its rows of figures.
    at, labels : the column of regions, and all columns that name them.
    keys : (number of the section, region) by row; where they repeat, another column tells the
        rows apart.
    aside : headings of columns that are not to be read.
    """
    found: dict[str, list[int]] = {}
    repeated = len(set(keys.values())) < len(keys)
    for c in range(grid.width):
        if c in labels:
            continue
        heads = [grid.rows[r][c].text for r in headers if grid.rows[r][c].text]
        cells = [grid.rows[r][c] for r in body if grid.rows[r][c].text]
        role = "aside" if aside & set(heads) else _role(heads, cells, repeated, c < at)
        if role == "year" and "year" in found:
            role = "data"
        found.setdefault(role, []).append(c)
    if repeated and not found.get("variable"):
        found["variable"] = _telling_apart(grid, keys, found)
        found["text"] = [c for c in found.get("text", ()) if c not in found["variable"]]
    guesses = list(_guesses(grid, headers, found))
    return Roles(
        data=tuple(found.get("data", ())),
        year=found["year"][0] if "year" in found else None,
        unit=found["unit"][0] if "unit" in found else None,
        variable=tuple(found.get("variable", ())),
        note=tuple(found.get("note", ())),
        guesses=tuple(guesses),
    )


def _role(heads: Sequence[str], cells: Sequence[Cell], repeated: bool, before: bool) -> str:
    kind = next((k for k in (heading(h) for h in reversed(heads)) if k), "")
    if not cells:
        return "data" if heads and kind not in ("note", "unit") else "empty"
    years = all(year_of(c.text) for c in cells)
    if years and (kind == "year" or (not kind and (repeated or before))):
        return "year"
    if kind == "order" or (before and not heads and _consecutive(cells)):
        return "order"
    if kind == "code" and all(coded_region(c.text) or not _number(c) for c in cells):
        return "code"
    if kind == "note":
        return "note"
    if not any(map(_number, cells)):
        if kind == "unit" or all(unit_of(c.text) is not None for c in cells):
            return "unit"
        if kind == "variable":
            return "variable"
        # Under a year or a unit stand figures: what is none there is an error, not a remark.
        meant = any(year_of(h) or named(h).unit for h in heads)
        return "data" if meant or all(missing(c.text) for c in cells) else "text"
    return "data"


def _number(cell: Cell) -> bool:
    return cell.number is not None or printed(cell.text) is not None


def _consecutive(cells: Sequence[Cell]) -> bool:
    numbers = [without_marks(plain(c.text))[0] for c in cells]
    return numbers == [str(i + int(numbers[0])) for i in range(len(numbers))] if (
        numbers[0] in ("0", "1")
    ) else False  # fmt: skip


def _telling_apart(
    grid: Grid, keys: Mapping[int, tuple[int, str]], found: Mapping[str, Sequence[int]]
) -> list[int]:
    """Columns of text that differ between rows of one region and year: they name the variables."""
    years = found.get("year", ())
    rows: dict[tuple[object, ...], list[int]] = {}
    for r, key in keys.items():
        rows.setdefault((*key, *(grid.rows[r][c].text for c in years)), []).append(r)
    several = [group for group in rows.values() if len(group) > 1]
    return [
        c
        for c in found.get("text", ())
        if any(len({grid.rows[r][c].text for r in group}) > 1 for group in several)
    ]


def _guesses(grid: Grid, headers: Sequence[int], found: dict[str, list[int]]) -> list[Guess]:
    whys = {
        "year": "years in every row",
        "variable": "names of variables row by row",
        "unit": "units row by row",
        "note": "notes row by row",
    }
    left = {
        "order": "it numbers the rows",
        "code": "codes beside the names of regions",
        "text": "text without figures",
        "aside": "as given in aside=",
    }
    guesses = []
    for role, columns in found.items():
        for c in columns:
            heads = " / ".join(grid.rows[r][c].text for r in headers if grid.rows[r][c].text)
            where = grid.rows[0][c].place
            if role in whys:
                guesses.append(
                    Guess(f"{role} column", heads or "without heading", whys[role], where)
                )
            elif role in left:
                guesses.append(Guess("column set aside", heads or where, left[role], where))
    return guesses
