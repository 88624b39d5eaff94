"""Where a table keeps what: regions down or across, headings, sections, notes, totals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from panel.errors import SourceError, UnknownRegionError, suggest
from panel.sources.axes import (
    has_regions,
    marked,
    side_by_side,
    upright,
    weight,
    with_region,
)
from panel.sources.cells import plain, without_marks
from panel.sources.columns import Roles, column_roles
from panel.sources.framing import framed, is_figure, own
from panel.sources.grid import Cell, Grid
from panel.sources.headers import Head, head_of, stacks
from panel.sources.readreport import Guess
from panel.sources.regions import crosswalk
from panel.sources.wording import (
    country_of,
    heading,
    is_total,
    leads_on,
    listed_country,
    read_title,
    regions_of,
    year_of,
)


class Figure(NamedTuple):
    """One cell of the table and everything that its place says of it."""

    cell: Cell
    label: str
    code: str  # of the region; empty for a total
    head: Head
    marks: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Layout:
    """A sheet taken apart: figures, the lines above and below them, and what was guessed."""

    figures: tuple[Figure, ...]
    above: tuple[str, ...]
    corner: tuple[str, ...]
    notes: tuple[str, ...]
    guesses: tuple[Guess, ...]
    country: str = ""


@dataclass
class _Segment:
    """Rows of regions without another row between them, under the same headings."""

    headers: list[int]
    sections: list[str]
    rows: list[int] = field(default_factory=list)


def lay_out(
    grid: Grid,
    aside: frozenset[str] = frozenset(),
    territory: str | None = None,
) -> Layout:
    """Take a sheet apart.

    Parameters
    ----------
    grid : the sheet.
    aside : labels of rows and headings of columns that are not to be read.
    territory : the only region of the table, or the country of its regions, if it is known.

    Raises
    ------
    SourceError : there is no region, or no figure.
    UnknownRegionError : a row of figures with a label that nobody knows.
    """
    grid = grid.trimmed()
    labels = (c.text for row in grid.rows for c in row if not c.number)
    given = listed_country(territory) if territory else ""
    country = given or country_of(labels)
    known, guesses = marked(grid, country)
    above, core, notes = framed(known)
    if above:
        lines = " | ".join(above).replace("\n", " | ")
        guesses.append(Guess("title", lines, "lines above the table"))
    if country:
        why = "as given" if given else "most labels may be its regions"
        guesses.append(Guess("country", country, why))
    if (territory and not given) or not has_regions(core):
        core, guess = with_region(core, above, territory, country)
        guesses.append(guess)
    core, turned = upright(core)
    way = "regions across" if turned else "regions down"
    guesses.append(Guess("orientation", way, "where their names are"))
    figures: list[Figure] = []
    corner: list[str] = []
    for block in side_by_side(core):
        found, texts, more = _read_block(block, aside, country)
        if not found:
            raise _no_figures()
        figures += found
        corner += texts
        guesses += more
    return Layout(
        tuple(figures), tuple(above), tuple(corner), tuple(notes), tuple(guesses), country
    )


# ---- rows ------------------------------------------------------------------------------


def _read_block(
    grid: Grid, aside: frozenset[str], country: str
) -> tuple[list[Figure], list[str], list[Guess]]:
    weights = [weight(grid.column(c)) for c in range(grid.width)]
    at = max(range(grid.width), key=lambda c: (weights[c], -c))
    labels = [
        c for c, (distinct, all_) in enumerate(weights)
        if c == at or (distinct and 2 * all_ >= weights[at][1])
    ]  # fmt: skip
    segments, dropped = _segments(grid, at, labels, aside, country)
    body = [r for s in segments for r in s.rows]
    codes = _filled_codes(grid, at, body)
    keys = {r: (n, codes[r]) for n, s in enumerate(segments) for r in s.rows}
    roles = column_roles(grid, segments[0].headers, body, at, labels, keys, aside)
    stacked = max(Counter(c for s in segments for c in {codes[r] for r in s.rows}).values()) > 1
    figures: list[Figure] = []
    section = Head()
    for segment in segments:
        for text in segment.sections if stacked else ():
            found, title = head_of([text]), read_title([text])
            section = section._replace(
                variable=title.name or section.variable,
                labels=tuple(title.label.items()) or section.labels,
                year=found.year or section.year,
                unit=found.unit or section.unit,
            )
        figures += _read_segment(grid, segment, at, codes, roles, section)
    return figures, _corner(grid, segments[0], labels), [
        *_row_guesses(grid, at, segments, dropped, stacked),
        *roles.guesses,
    ]  # fmt: skip


def _segments(
    grid: Grid, at: int, labels: Sequence[int], aside: frozenset[str], country: str
) -> tuple[list[_Segment], list[str]]:
    """Runs of rows with regions, each with the headings and sections above it."""
    segments: list[_Segment] = []
    pending: list[int] = []
    dropped: list[str] = []
    unknown: list[Cell] = []
    dated = False
    for r, row in enumerate(grid.rows):
        others = [c for i, c in enumerate(row) if i not in labels]
        dated = dated or (not segments and any(heading(c.text) == "year" for c in row))
        kind = _row_kind(row[at], others, bool(segments), dated, aside)
        if kind == "unknown":
            unknown.append(row[at])
        elif kind == "aside":
            dropped.append(f"{row[at].text} ({row[at].place})")
        elif kind != "body":
            pending.append(r)
        else:
            if not segments or pending:
                segments.append(_opened(grid, pending, at, labels, segments))
                pending = []
            segments[-1].rows.append(r)
    if unknown:
        raise _unknown(unknown, country)
    if not segments:
        raise _no_figures()
    return segments, dropped


def _unknown(labels: Sequence[Cell], country: str) -> UnknownRegionError:
    """The error for rows of figures that belong to no known region; its value lists the labels."""
    texts = list(dict.fromkeys(c.text for c in labels))
    if several := regions_of(texts[0], country):
        meant = " or ".join(f"{r.label()} ({r.code}, level {r.level})" for r in several)
        return UnknownRegionError(
            f"{labels[0].place}: {texts[0]!r} may be {meant}, and the names around it do not tell.",
            variable="region",
            value=texts,
            remedy=f"write its full name or code in the file, or leave it out: aside=[{texts[0]!r}]"
            "; territory= decides where they are in different countries.",
        )
    near = [n for r in crosswalk().regions.values() for n in r.names if not n.isdigit()]
    more = f" ({len(texts)} such labels)" if len(texts) > 1 else ""
    return UnknownRegionError(
        f"{labels[0].place}: a row of figures has the label {texts[0]!r}, which is no known region "
        f"or total{more}.",
        variable="region",
        value=texts,
        remedy=f"{suggest(texts[0], near)} If they are no regions, pass aside=[...] with them; the "
        "error's value lists them all.",
    )


def _no_figures() -> SourceError:
    return SourceError(
        "No region has a row of figures.",
        variable="sheet",
        remedy="check that the right sheet is read (sheet=), and how its columns are set apart.",
    )


def _row_kind(
    label: Cell, others: Sequence[Cell], begun: bool, dated: bool, aside: frozenset[str]
) -> str:
    """Whether a row has figures of a region or total ("body"), or stands between such rows.

    Years that rise or fall along a row head columns, unless the years have a column of their own
    (``dated``); other numbers are figures even if all of them could be years.
    """
    said = [c for c in others if c.text]
    years = [y.year for c in said if (y := year_of(c.text))]
    run = len(years) == len(said) and years in (sorted(set(years)), sorted(set(years))[::-1])
    figures = [] if run and not (begun and dated) else [c for c in said if is_figure(c)]
    if label.text in aside or without_marks(plain(label.text))[0] in aside:
        return "aside"
    if label.code:
        return "body"
    if is_total(label.text):
        return "body" if any(map(is_figure, said)) else "heading"
    if not label.text:
        return "body" if figures and begun else "heading"
    numbered = len(label.text) <= 2 and all(_whole(c) for c in said)
    if figures and not numbered and not leads_on(label.text) and not heading(label.text):
        return "unknown"
    return "heading"


def _opened(
    grid: Grid, pending: Sequence[int], at: int, labels: Sequence[int], before: list[_Segment]
) -> _Segment:
    """A new segment: the rows above it are headings of columns, or lines that name a section."""
    headers, sections = [], []
    for r in pending:
        row = grid.rows[r]
        said = [c for i, c in enumerate(row) if i not in labels and c.text and not c.spread]
        lone = len(own(row)) == 1
        if said and not (lone and before) and not _is_numbering(row, at):
            headers.append(r)
        elif text := next((c.text for c in own(row)), ""):
            first = not before and not headers  # the heading of the column of regions
            if not (is_total(text) or leads_on(text) or (first and heading(text))):
                sections.append(text)
    return _Segment(headers or (before[-1].headers if before else []), sections)


def _is_numbering(row: Sequence[Cell], at: int) -> bool:
    """Whether the row numbers the columns, as Russian and Chinese tables do: А 1 2 3."""
    numbers = [int(c.text) for i, c in enumerate(row) if i != at and _whole(c)]
    others = [c for i, c in enumerate(row) if i != at and c.text and not _whole(c)]
    run = numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else False
    return run and not others and numbers[0] in (1, 2) and len(row[at].text) <= 2


def _whole(cell: Cell) -> bool:
    return re.fullmatch("[0-9]+", cell.text) is not None


def _filled_codes(grid: Grid, at: int, body: Sequence[int]) -> dict[int, str]:
    """Code of every row's region; a blank label continues the one above; a total has its label."""
    codes: dict[int, str] = {}
    before = ""
    for r in body:
        label = grid.rows[r][at]
        if label.text:
            before = label.code or f"\x00{label.text}"
        codes[r] = before
    return codes


def _read_segment(
    grid: Grid, segment: _Segment, at: int, codes: dict[int, str], roles: Roles, section: Head
) -> Iterator[Figure]:
    texts = stacks([grid.rows[r] for r in segment.headers], roles.data)
    heads = {c: head_of(texts[c]) for c in _headed(grid, segment, texts)}
    label = Cell("", None, "")
    years = ""
    for r in segment.rows:
        row = grid.rows[r]
        label = row[at] if row[at].text else label
        by_row = head_of([row[c].text for c in roles.variable if row[c].text])
        if roles.year is not None:
            years = row[roles.year].text or years
        year = year_of(years)
        unit = row[roles.unit].text if roles.unit is not None else ""
        note = " ".join(row[c].text for c in roles.note if row[c].text)
        code = "" if codes[r].startswith("\x00") else codes[r]
        _, marks = without_marks(plain(label.text))
        for c in heads:
            head = _combined(heads[c], by_row, section, year.year if year else None, unit)
            yield Figure(row[c], label.text, code, head, marks, note)


def _headed(grid: Grid, segment: _Segment, texts: dict[int, list[str]]) -> list[int]:
    """Columns with a heading; raises if one of several has figures without."""
    if len(texts) == 1:
        return list(texts)
    bare = [grid.rows[r][c] for c, stack in texts.items() if not stack for r in segment.rows]
    found = next((cell for cell in bare if cell.text), None)
    if found is None:
        return [c for c, stack in texts.items() if stack]
    raise SourceError(
        f"{found.place} ({found.text!r}) stands in a column without a heading.",
        variable=found.place,
        value=found.text,
        remedy="name the columns; in a CSV file, put numbers with commas in quotes.",
    )


def _combined(column: Head, row: Head, section: Head, year: int | None, unit: str) -> Head:
    """Column, row and section together; each says what the others leave open."""
    named = [h for h in (section, row, column) if h.variable]
    labels: dict[str, str] = {}
    for head in named:
        for language, name in head.labels:
            labels[language] = f"{labels[language]} / {name}" if language in labels else name
    return Head(
        variable=next(iter(labels.values()), ""),
        labels=tuple(labels.items()),
        year=year or column.year or row.year or section.year,
        unit=unit or column.unit or row.unit or section.unit,
        marks=(*column.marks, *row.marks),
        of_which=column.of_which or row.of_which,
    )


def _corner(grid: Grid, segment: _Segment, labels: Sequence[int]) -> list[str]:
    """What stands in the corner, above the regions."""
    found = [grid.rows[r][c] for r in segment.headers for c in labels]
    return [c.text for c in found if c.text and not c.spread and heading(c.text) != "region"]


def _row_guesses(
    grid: Grid, at: int, segments: Sequence[_Segment], dropped: list[str], stacked: bool
) -> Iterator[Guess]:
    first = grid.rows[segments[0].rows[0]][at]
    yield Guess("regions", f"{first.text} and the cells after it", "known names", first.place)
    lines = [
        grid.rows[r][0].place[-3:].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for r in segments[0].headers
    ]
    yield Guess("header rows", ", ".join(lines) or "none", "above the first region")
    if sections := [t for s in segments for t in s.sections]:
        why = "regions come again below each" if stacked else "no region comes twice"
        yield Guess("sections" if stacked else "headings set aside", " | ".join(sections), why)
    if dropped:
        yield Guess("rows set aside", ", ".join(dropped), "as given in aside=")
