"""From a sheet taken apart to tidy figures: what is still open is filled in, or asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from panel.errors import DuplicateKeyError, NotNumericError, SourceError, UnitError
from panel.sources.cells import decimal_mark, missing, plain, printed, reading, without_marks
from panel.sources.grid import Grid
from panel.sources.layout import Figure, Layout, lay_out
from panel.sources.readreport import Guess
from panel.sources.regions import crosswalk
from panel.sources.unittext import frame_unit, named, several, stated
from panel.sources.wording import heading, is_period, language_of, read_title, region_of, years_in

COLUMNS = (
    *("region", "name", "year", "variable", "value", "unit"),
    *("mark", "meaning", "footnote", "place"),
)


@dataclass(frozen=True)
class Asked:
    """What the user says of a table."""

    variable: str | None = None
    unit: str | Mapping[str, str] | None = None
    year: int | None = None
    territory: str | None = None
    decimal: Literal[".", ","] | None = None
    aside: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Found:
    """Figures of all sheets that were read, and what goes with them; see ``Yearbook``."""

    table: pd.DataFrame
    totals: pd.DataFrame
    labels: dict[str, dict[str, str]]
    units: dict[str, str]
    notes: tuple[str, ...]
    title: str
    guesses: tuple[Guess, ...]


def figures_of(sheets: Sequence[Grid], asked: Asked) -> Found:
    """Tidy figures of one or several sheets.

    Raises
    ------
    SourceError, UnknownRegionError, NotNumericError, UnitError, DuplicateKeyError : as
        ``read_yearbook``.
    """
    records: list[dict[str, Any]] = []
    guesses: list[Guess] = []
    labels: dict[str, dict[str, str]] = {}
    units: dict[str, str] = {}
    notes: list[str] = []
    title = country = ""
    for sheet in sheets:
        layout = lay_out(sheet, asked.aside, asked.territory)
        filled = _completed(layout, sheet.name, asked)
        rows, more = _records(filled.figures, layout, sheet.name if len(sheets) > 1 else "", asked)
        records += rows
        guesses += [*layout.guesses, *filled.guesses, *more]
        for figure in filled.figures:
            labels.setdefault(figure.head.variable, dict(figure.head.labels))
        for row in rows:
            units.setdefault(row["variable"], row["printed_unit"])
        notes += layout.notes
        country = country or layout.country
        title = title or " ".join(layout.above[:1]).replace("\n", " ")
    table = pd.DataFrame(records, columns=[*COLUMNS])
    table, totals, more = _without_totals(table, country)
    table = _unique(table)
    guesses += [*more, *_summary(pd.concat([table, totals]), notes)]
    kept = {v: labels[v] for v in labels if v in set(table["variable"])}
    return Found(table, totals, kept, {v: units[v] for v in kept}, tuple(dict.fromkeys(notes)),
                 title, tuple(dict.fromkeys(guesses)))  # fmt: skip


# ---- what headings leave open ----------------------------------------------------------


@dataclass(frozen=True)
class _Completed:
    figures: tuple[Figure, ...]
    guesses: tuple[Guess, ...]


def _completed(layout: Layout, sheet: str, asked: Asked) -> _Completed:
    """Figures with year, variable and unit, from the title and the arguments where need be."""
    title = read_title(list(layout.above))
    figures, guesses = _with_years(layout.figures, _only_year(title.years, sheet, asked))
    open_ = [f for f in figures if not f.head.variable]
    if open_:
        plainly = (t for t in layout.corner if not heading(t) and stated(t) is None)
        corner = next((named(plain(t)).text for t in plainly if not years_in(t)), "")
        name = asked.variable or title.name or corner
        if not name:
            raise SourceError(
                f"The table does not say what its figures are ({open_[0].cell.place} and others).",
                variable="variable",
                remedy='pass variable="gdp", or whatever it is.',
            )
        language = language_of([name])
        words = {} if asked.variable else title.label
        known = tuple((words or {language: name}).items())
        called: dict[str, Any] = {"variable": name, "labels": known}
        figures = [
            f if f.head.variable else f._replace(head=f.head._replace(**called)) for f in figures
        ]
        why = "as given" if asked.variable else "title" if title.name else "corner of the table"
        guesses.append(Guess("variable", name, why))
    elif asked.variable is not None:
        figures = _renamed(figures, asked.variable)
    figures, more = _with_units(figures, layout, asked)
    return _Completed(tuple(figures), (*guesses, *more))


def _only_year(years: tuple[int, ...], sheet: str, asked: Asked) -> tuple[int | None, str]:
    if asked.year is not None:
        return asked.year, "as given"
    if len(years) == 1:
        return years[0], "the only year in the title"
    named_by_sheet = years_in(sheet)
    return (named_by_sheet[0], "name of the sheet") if len(named_by_sheet) == 1 else (None, "")


def _with_years(
    figures: Sequence[Figure], fallback: tuple[int | None, str]
) -> tuple[list[Figure], list[Guess]]:
    """Figures with their years; columns without one are set aside where others have one."""
    open_ = [f for f in figures if f.head.year is None]
    if fallback[1] == "as given" and len(open_) < len(figures):
        raise SourceError(
            f"The table says itself which years its figures are of: {_span(figures)}.",
            variable="year",
            value=fallback[0],
            remedy="leave year= out, and choose years from the frame.",
        )
    if not open_:
        return list(figures), [Guess("years", _span(figures), "headings or a column")]
    year, why = fallback
    if len(open_) < len(figures):
        lost = dict.fromkeys(f.head.variable or f.cell.place for f in open_)
        guess = Guess("columns set aside", ", ".join(lost), "without a year, unlike the others")
        rest = [f for f in figures if f.head.year is not None]
        return rest, [Guess("years", _span(rest), "headings or a column"), guess]
    for part in (part for f in open_ for part in f.head.variable.split(" / ")):
        if is_period(part):
            raise SourceError(
                f"{part!r} is a period of several years: no single one has that figure.",
                variable="year",
                value=part,
                remedy="write the year it is to stand for in its place, or name it in aside=[...].",
            )
    if year is None:
        raise SourceError(
            "The table does not say which year its figures are of.",
            variable="year",
            remedy="pass year=2020, or whatever it is.",
        )
    return (
        [f._replace(head=f.head._replace(year=year)) for f in figures],
        [Guess("year", str(year), why)],
    )


def _span(figures: Sequence[Figure]) -> str:
    years = sorted({f.head.year for f in figures if f.head.year is not None})
    return ", ".join(map(str, years)) if len(years) < 4 else f"{years[0]} to {years[-1]}"


def _renamed(figures: Sequence[Figure], name: str) -> list[Figure]:
    names = dict.fromkeys(f.head.variable for f in figures)
    if len(names) > 1:
        raise SourceError(
            f"The table has {len(names)} variables: {', '.join(names)}.",
            variable="variable",
            value=name,
            remedy="leave variable= out and name them in to_frame(names={printed: name}).",
        )
    return [f._replace(head=f.head._replace(variable=name)) for f in figures]


def _with_units(
    figures: Sequence[Figure], layout: Layout, asked: Asked
) -> tuple[list[Figure], list[Guess]]:
    """Figures with their unit as printed: by argument, heading, corner or title, in this order."""
    lines = [line for text in (*layout.corner, *layout.above) for line in text.split("\n")]
    whole = next((u for u in map(stated, lines) if u), "")
    whole = whole or next((u for u in (named(t).unit for t in lines) if u), "")
    choices = several(whole)
    given = asked.unit if isinstance(asked.unit, Mapping) else {}
    found = []
    said: dict[tuple[str, str], str] = {}
    for figure in figures:
        name, own = figure.head.variable, figure.head.unit
        unit = asked.unit if isinstance(asked.unit, str) else given.get(name, own or whole)
        if choices and unit == whole:
            raise SourceError(
                f"The table states several units ({whole}), and {name!r} has none of its own.",
                variable="unit",
                value=whole,
                remedy=f"pass unit={{{name!r}: {choices[0]!r}}}.",
            )
        why = "as given" if unit != (own or whole) or name in given else (
            "heading of the column" if own else "stated for the whole table"
        )  # fmt: skip
        if unit:
            said.setdefault((name, unit), why)
        found.append(figure._replace(head=figure.head._replace(unit=unit)))
    guesses = [Guess(f"unit of {n}", f"{frame_unit(u)} (printed: {u})", why)
               for (n, u), why in said.items()]  # fmt: skip
    return found, guesses


# ---- cells -----------------------------------------------------------------------------


def _records(
    figures: Sequence[Figure], layout: Layout, sheet: str, asked: Asked
) -> tuple[list[dict[str, Any]], list[Guess]]:
    """One row a figure."""
    language = language_of(
        [f.label for f in figures] + list(layout.above) + [figures[0].head.variable]
    )
    texts = [f.cell for f in figures if f.cell.text and f.cell.number is None]
    taken = [(p, c) for c in texts if (p := printed(c.text)) is not None]
    mark, why = decimal_mark(((p.digits, c.place) for p, c in taken), asked.decimal)
    shares = _shares(figures)
    known = _footnotes(layout.notes)
    rows = []
    for figure in figures:
        head = figure.head
        value, dash, meaning, marks = _read(figure, mark, language)
        share = shares.get(head.variable, "")
        noted = dict.fromkeys(m for m in (*figure.marks, *head.marks, *marks) if m)
        words = [f"{m} {known[m]}" if m in known else m for m in noted]
        rows.append({
            "region": figure.code, "name": without_marks(plain(figure.label))[0],
            "year": head.year, "variable": head.variable, "value": value,
            "unit": frame_unit(head.unit or share), "printed_unit": head.unit or share,
            "mark": dash, "meaning": meaning,
            "footnote": "; ".join([*words, *filter(None, [figure.note])]),
            "place": f"{sheet}!{figure.cell.place}" if sheet else figure.cell.place,
        })  # fmt: skip
    guesses = [
        Guess("of which", name, "# before the name is taken off")
        for name in dict.fromkeys(f.head.variable for f in figures if f.head.of_which)
    ]
    separators = sorted({s for p, _ in taken for s in re.sub(r"\d|[eE].*", "", p.digits)})
    if separators:
        guesses.append(Guess("decimal mark", mark, why))
        if groups := [s for s in separators if s != mark]:
            shown = ", ".join("space" if s == " " else s for s in groups)
            guesses.append(Guess("thousands", shown, "groups of three digits"))
    if rounded := [c.place for p, c in taken if re.search("[eE]", p.digits)]:
        guesses.append(Guess("rounded by a program", ", ".join(rounded[:5]), "powers of ten"))
    return rows, guesses


def _read(figure: Figure, mark: str, language: str) -> tuple[float, str, str, tuple[str, ...]]:
    """Value, mark in place of one, its meaning, and marks of notes of one cell."""
    cell = figure.cell
    if cell.spread and cell.text:
        raise SourceError(
            f"{cell.place} ({cell.text!r}) belongs to a merged area over several figures.",
            variable=cell.place,
            value=cell.text,
            remedy="one figure for several regions or years is none for each: unmerge the cells "
            "in the file and leave those blank that have no figure of their own.",
        )
    if cell.number is not None:
        return cell.number, "", "", ()
    if (empty := missing(cell.text, language)) is not None:
        return np.nan, *empty, without_marks(plain(cell.text))[1]
    number = printed(cell.text)
    value = reading(number.digits, mark) if number else None
    if number is None or value is None:
        raise NotNumericError(
            f"{cell.place}: {cell.text!r} is neither a number nor a known mark "
            f"(row {figure.label!r}, column {figure.head.variable!r}).",
            variable=figure.head.variable,
            value=cell.text,
            remedy="mend the cell, or pass aside=[...] with the label of its row or the heading "
            "of its column.",
        )
    return number.sign * value, "", "", number.marks


def _shares(figures: Sequence[Figure]) -> dict[str, str]:
    """Percent or per mille by variable; raises if only some of its figures have the sign."""
    signs: dict[str, Counter[str]] = {}
    units: dict[str, str] = {}
    for figure in figures:
        number = printed(figure.cell.text)
        if number is not None:
            signs.setdefault(figure.head.variable, Counter())[number.share] += 1
            units.setdefault(figure.head.variable, frame_unit(figure.head.unit))
    found = {}
    for name, count in signs.items():
        sign = next((s for s in ("%", "‰") if count[s]), "")
        right = units[name] in {"%": ("percent",), "‰": ("per_mille",)}.get(sign, ())
        if sign and not right and (len(count) > 1 or units[name]):
            raise UnitError(
                f"{name!r}: {count[sign]} of {count.total()} figures have the sign {sign}"
                + (f", but the unit is {units[name]!r}." if units[name] else "."),
                variable=name,
                value=sign,
                remedy="mend the cells, or pass unit= if all are of one unit.",
            )
        found[name] = sign
    return found


def _footnotes(notes: Iterable[str]) -> dict[str, str]:
    """Text of each note by its mark."""
    found: dict[str, str] = {}
    for line in notes:
        left = re.sub(r"^(?:注|附注|Notes?|Примечани[ея])\s*[::.]?\s*", "", plain(line), flags=re.I)
        parts = re.findall(r"(\d{1,2}\)|[①-⑳⑴-⒇*†‡§※⁰-⁹¹²³]+)\s*([^①-⑳⑴-⒇]+)", left)
        for mark, text in parts:
            found.setdefault(mark, re.sub(r"[\s.;。]+$", "", text))
    return found


# ---- totals and keys -------------------------------------------------------------------


def _without_totals(
    table: pd.DataFrame, country: str
) -> tuple[pd.DataFrame, pd.DataFrame, list[Guess]]:
    """Regions and totals apart.

    A country is a total where its own regions are there. Of a region printed with its autonomous
    okrugs and without, the figure without them is the region's.
    """
    known = crosswalk().regions
    reported = {known[c].reported_in for c in table["region"] if c}
    total = table["region"].eq("") | table["region"].isin(reported)
    scopes = {
        n: r.scope for n in table["name"].unique() if (r := region_of(n, country)) is not None
    }
    scope = pd.Series([scopes.get(n, "") for n in table["name"]], index=table.index, dtype="str")
    both = set(table.loc[scope.str.startswith("without"), "region"])
    total |= table["region"].isin(both) & ~scope.str.startswith("without")
    totals = table[total].assign(region="").reset_index(drop=True)
    labels = ", ".join(dict.fromkeys(totals["name"]))
    guesses = [Guess("totals set aside", labels, "sums and means of regions")] if labels else []
    kept = table[~total].reset_index(drop=True)
    if kept.empty:
        raise SourceError(
            f"The table has only totals: {labels}.",
            variable="region",
            remedy="check the sheet; names of other territories are not in the list of regions.",
        )
    return kept, totals, guesses


def _unique(table: pd.DataFrame) -> pd.DataFrame:
    """The table without repetitions; raises where they differ."""
    key = ["region", "year", "variable"]
    same = table.drop_duplicates([*key, "value", "unit", "mark"])
    twice = same[same.duplicated(key, keep=False)]
    if len(twice):
        a, b = twice.sort_values(key).head(2).to_dict("records")
        raise DuplicateKeyError(
            f"{a['name']}, {a['year']}, {a['variable']!r} stands twice: in {a['place']} "
            f"({a['value']:g}) and in {b['place']} ({b['value']:g}).",
            variable="region, year, variable",
            value=(a["region"], a["year"], a["variable"]),
            remedy="take one out of the file, or name its row or column in aside=[...].",
        )
    return same.reset_index(drop=True)


def _summary(rows: pd.DataFrame, notes: Sequence[str]) -> Iterator[Guess]:
    """What cells were taken for, counted."""
    for (mark, meaning), group in rows[rows["meaning"] != ""].groupby(["mark", "meaning"]):
        places = ", ".join(group["place"].head(3)) + (", ..." if len(group) > 3 else "")
        yield Guess(
            "missing mark", f"{str(mark) or 'blank'}: {meaning}", f"{len(group)} cells", places
        )
    noted = rows[rows["footnote"] != ""]
    for footnote, group in noted.groupby("footnote"):
        yield Guess("footnote", str(footnote), f"{len(group)} cells", str(group["place"].iloc[0]))
    for line in notes:
        yield Guess("note below", line, "below the table")
