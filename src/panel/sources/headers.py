"""Column headings of several rows: which year, variable and unit each column has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from panel.sources.cells import plain, without_marks
from panel.sources.grid import Cell
from panel.sources.unittext import named, stated, unit_of
from panel.sources.wording import heading, is_period, language_of, without_year, year_of, years_in

_BILINGUAL = re.compile(
    r"(?P<first>[^A-Za-z]*[\u4e00-\u9fffА-Яа-я][^A-Za-z]*?)\s*[/(]?\s*"
    r"(?P<second>[A-Z][A-Za-z ,'&()\-]{3,})"
)
_PERCENT = re.compile(r"(?<![\d.,])(?<!\d )%")


class Head(NamedTuple):
    """What the headings above a column (or beside a row) say.

    ``variable`` and ``unit`` are as printed, empty where the headings do not say; ``labels`` has
    the variable's name by language; ``marks`` are those of notes.
    """

    variable: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    year: int | None = None
    unit: str = ""
    marks: tuple[str, ...] = ()
    of_which: bool = False


def stacks(rows: Sequence[Sequence[Cell]], columns: Sequence[int]) -> dict[int, list[str]]:
    """The texts that stand above each column, from top to bottom.

    A blank cell continues the one to its left, as a merged heading saved as CSV looks; in the
    lowest row, and in rows whose merged cells the file still knows, a blank is a blank.
    """
    found: dict[int, list[str]] = {c: [] for c in columns}
    for i, row in enumerate(rows):
        continues = i < len(rows) - 1 and not any(row[c].spread for c in columns)
        before = ""
        for c in columns:
            text = row[c].text or (before if continues else "")
            before = text
            if text and text not in found[c]:
                found[c].append(text)
    return found


def head_of(texts: Sequence[str]) -> Head:
    """What a stack of headings says.

    >>> head = head_of(["2020年", "地区生产总值（亿元）"])
    >>> head.variable, head.year, head.unit
    ('地区生产总值', 2020, '亿元')
    """
    pieces = [p for text in texts for line in text.split("\n") for p in _translations(line) if p]
    head = Head()
    parts: dict[str, list[str]] = {}
    for piece in pieces:
        text, marks = without_marks(plain(piece))
        head = head._replace(marks=(*head.marks, *marks))
        if year := year_of(text):
            units = [u for m in year.marks if (u := unit_of(m.strip("() "))) is not None]
            noted = [m for m in year.marks if unit_of(m.strip("() ")) is None]  # not 2019年(亿元)
            head = head._replace(
                year=year.year, marks=(*head.marks, *noted), unit=head.unit or "".join(units[:1])
            )
        elif (unit := _unit_alone(text, len(pieces))) is not None:
            head = head._replace(unit=head.unit or unit)
        elif heading(text) != "value":
            head, name = _named_part(head, text)
            if name:
                parts.setdefault(language_of([name]), []).append(name)
    labels = tuple((language, " / ".join(names)) for language, names in parts.items())
    return head._replace(variable=labels[0][1] if labels else "", labels=labels)


def _named_part(head: Head, text: str) -> tuple[Head, str]:
    """The head with the year and unit that stand within a name, and the name without them."""
    name, unit = named(text)
    if name.startswith("#"):
        head, name = head._replace(of_which=True), name[1:].strip()
    years = years_in(name)
    if head.year is None and len(years) == 1 and not is_period(name):
        head, name = head._replace(year=years[0]), without_year(name, years[0])
        name, inner = named(name)
        unit = unit or inner
    if not unit and _PERCENT.search(name):  # в % к 2019 г., not "more than 50% owned by the state"
        unit = "%"
    return head._replace(unit=head.unit or unit), name


def _unit_alone(text: str, pieces: int) -> str | None:
    """The unit, if the heading is one; a column headed "index" and nothing else is a variable."""
    unit = stated(text)
    return unit if unit is not None else text if pieces > 1 and unit_of(text) is not None else None


def _translations(line: str) -> tuple[str, ...]:
    """A heading in two languages as its two parts: 地区生产总值 Gross Regional Product."""
    if unit_of(line) is not None or stated(line) is not None or named(line).unit:
        return (line,)
    found = _BILINGUAL.fullmatch(line.strip())
    return (found["first"].strip(), found["second"].strip(" ()")) if found else (line.strip(),)
