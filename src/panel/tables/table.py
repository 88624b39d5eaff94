"""Table: typed cells with a header, notes and a title, and the formats it can be written in."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from panel.errors import TableError
from panel.tables.cells import (
    Cell,
    Number,
    Numbers,
    Row,
    Section,
    Span,
    Text,
    clean,
    display_width,
    wrapped,
)
from panel.tables.dataframe import header_of, rows_of
from panel.tables.saving import WRITERS, put, target_of, written
from panel.tables.style import PLAIN, Look, Style, preset
from panel.tables.terms import Labels
from panel.tables.words import words

Across = Literal["left", "right", "center"]


@dataclass(frozen=True)
class Table:
    """Rows of typed cells under a header.

    Parameters
    ----------
    header : rows of spans; the first span of each row stands over the row labels (one column),
        the others over ``width`` columns.
    sections : the rows, in groups that writers set apart.
    title : the caption, without a number.
    notes : sentences under the table.
    language : "en", "zh" or "ru", for the words that writers add and for decimal marks.
    look : rules and caption.
    stars : marks of significance with their levels, for a workbook in which they are live.

    Raises
    ------
    TableError : rows or header rows of different widths.
    """

    header: tuple[tuple[Span, ...], ...]
    sections: tuple[Section, ...]
    title: str = ""
    notes: tuple[str, ...] = ()
    language: str = "en"
    look: Look = PLAIN
    stars: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        words("notes", self.language)  # raises for a language that is not spoken
        notes = (self.notes,) if isinstance(self.notes, str) else self.notes
        object.__setattr__(self, "notes", tuple(n for n in map(clean, notes) if n))
        object.__setattr__(self, "title", clean(self.title))
        for spans in self.header:
            if sum(s.width for s in spans) != self.width + 1 or spans[0].width != 1:
                raise TableError(
                    f"A header row spans {sum(s.width for s in spans)} columns, but the table has "
                    f"{self.width} and one for the row labels.",
                    variable="header",
                    value=" | ".join(s.words for s in spans),
                    remedy="begin with a span of width 1 and let the widths add up.",
                )
        for row in self.rows:
            if len(row.cells) != self.width:
                raise TableError(
                    f"Row {row.name!r} has {len(row.cells)} cells, but the table has {self.width} "
                    "columns.",
                    variable=row.name,
                    value=len(row.cells),
                    remedy="fill up with Empty().",
                )

    @classmethod
    def from_pandas(
        cls,
        df: pd.DataFrame,
        *,
        title: str = "",
        notes: str | Sequence[str] = (),
        labels: Labels | None = None,
        digits: int | None = None,
        index: bool = True,
        style: Style | str | None = None,
    ) -> Table:
        """Table of any DataFrame: weights of an index, a decomposition, what you like.

        Parameters
        ----------
        df : columns of whole numbers print as such, other numbers with decimals that suit the
            largest of the column, the rest as text; missing cells stay empty. Levels of the
            columns become spanning headers, levels of the index are joined by commas.
        labels : what to call entries of the index and of the columns, by name or compiled pattern.
        digits : decimals, if not those of the style.
        index : whether the index gives the row labels; otherwise the first column does.
        style : as in :func:`panel.regtable`.
        """
        style = preset(style, **({} if digits is None else {"digits": digits}))
        if not index:
            df = df.set_index(df.columns[0])
        return cls(
            header=header_of(df, labels or {}),
            sections=(Section(rows_of(df, labels or {}, style)),),
            title=title,
            notes=tuple(notes) if not isinstance(notes, str) else (notes,),
            language=style.language,
            look=style.look,
        )

    # ---- reading -----------------------------------------------------------------------

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, whatever section they stand in."""
        return tuple(row for section in self.sections for row in section.rows)

    @property
    def width(self) -> int:
        """Number of columns beside the row labels."""
        rows = self.rows
        if rows:
            return len(rows[0].cells)
        return sum(s.width for s in self.header[0]) - 1 if self.header else 0

    @property
    def notes_text(self) -> str:
        """All notes in one paragraph, without the word before them."""
        text = " ".join(self.notes)
        return text.replace("。 ", "。") if self.language == "zh" else text

    @cached_property
    def across(self) -> tuple[Across, ...]:
        """How each column is set: words to the left, numbers to the right; but numbers are centred
        where words stand between them, or stars or brackets anywhere in the table."""
        cells = [cell for row in self.rows for cell in row.cells]
        bare = not any(
            isinstance(c, Numbers) or (isinstance(c, Number) and (c.stars or c.brackets))
            for c in cells
        )
        return tuple(_across([row.cells[j] for row in self.rows], bare) for j in range(self.width))

    @cached_property
    def _letters(self) -> tuple[int, ...]:
        """The widest cell of each column, in letters."""
        return tuple(
            max([0, *(display_width(row.cells[j].text(self.language)) for row in self.rows)])
            for j in range(self.width)
        )

    def heading(self, span: Span, at: int) -> list[str]:
        """The lines of a heading over the columns from ``at``, not much wider than they are."""
        room = sum(self._letters[at : at + span.width]) + 6 * span.width
        return wrapped(span.words, max(room, 16 * span.width))

    @cached_property
    def shares(self) -> tuple[float, ...]:
        """Letters that each column gives to the longest heading over it and others: 0 where its
        own cells are as wide, so that writers widen columns under a heading alike."""
        found = [0.0] * self.width
        for spans in self.header:
            at = 0
            for span in spans[1:]:
                part = max(map(display_width, self.heading(span, at))) / span.width
                for j in range(at, at + span.width if span.width > 1 else at):
                    found[j] = max(found[j], part)
                at += span.width
        return tuple(f if f > n else 0.0 for f, n in zip(found, self._letters, strict=True))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """What each column is called: the last row of the header, or all if that is ambiguous."""
        across = [[s.words for s in spans[1:] for _ in range(s.width)] for spans in self.header]
        if across and len(set(across[-1])) == self.width:
            return tuple(across[-1])
        return tuple(" / ".join(filter(None, parts)) for parts in zip(*across, strict=True))

    @property
    def df(self) -> pd.DataFrame:
        """The table as a plain DataFrame.

        One row a line, called by the row's name (a line of standard errors is called after its
        coefficient), and cells of several numbers on as many rows; with the title of the section,
        or of the last one that has one, as a first index level.
        Numbers are numbers, unrounded and without stars or brackets; words are text; an empty
        cell is missing. Title and notes are not in it.
        """
        rows, keys, title = [], [], ""
        for section in self.sections:
            title = section.title or title  # one without stands below the one with it
            lines = [line for row in section.rows for line in row.lines]
            rows += lines
            keys += [(title, line.name) for line in lines]
        if title:
            index: pd.Index[Any] = pd.MultiIndex.from_tuples(keys)
        else:
            index = pd.Index([name for _, name in keys], dtype=object)
        data = [[_value(cell) for cell in row.cells] for row in rows]
        frame = pd.DataFrame(data, index=index, columns=list(self.columns), dtype=object)
        return frame.infer_objects()

    def with_(self, **changes: Any) -> Table:
        """The same table with some entries changed (title, notes, ...)."""
        return replace(self, **changes)

    # ---- writing -----------------------------------------------------------------------

    def to_latex(self, **options: Any) -> str:
        """LaTeX (booktabs, threeparttable); options of :func:`panel.tables.latex.write`."""
        return str(self._written("tex", options))

    def to_html(self) -> str:
        """HTML without a page around it."""
        from panel.tables.html import fragment

        return fragment(self)

    def to_markdown(self) -> str:
        """A pipe table as GitHub and pandoc read it."""
        return str(self._written("md", {}))

    def to_typst(self) -> str:
        """A typst figure."""
        return str(self._written("typ", {}))

    def to_csv(self) -> str:
        """Unrounded numbers, separated by commas; see :func:`panel.tables.csv.write`."""
        return str(self._written("csv", {}))

    def save(self, path: str | os.PathLike[str], **options: Any) -> Path:
        """Write the table in the format that the extension names; folders are made.

        Parameters
        ----------
        path : ends in .tex, .docx, .xlsx, .html, .md, .typ or .csv.
        options : of that format, for instance ``landscape=True`` for Word.

        Raises
        ------
        TableError : an unknown extension or option, or a file that cannot be written.
        InstallationError : Word or Excel without python-docx or openpyxl.
        """
        target = target_of(path)
        content = self._written(target.suffix.removeprefix(".").lower(), options)
        if target.suffix.lower() == ".csv":  # Excel takes the mark for a sign of UTF-8
            content = "\ufeff" + str(content)
        put(target, content)
        return target

    def save_all(
        self, stem: str | os.PathLike[str], extensions: Iterable[str] = tuple(WRITERS)
    ) -> tuple[Path, ...]:
        """Write ``stem.tex``, ``stem.docx`` and so on, by default in every format."""
        ends = [e.removeprefix(".") for e in extensions]
        return tuple(self.save(f"{target_of(stem)}.{end}") for end in ends)

    def _written(self, extension: str, options: dict[str, Any]) -> str | bytes:
        return written(self, extension, options)

    def __str__(self) -> str:
        from panel.tables.text import write

        return write(self)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return self.to_html()

    def _repr_markdown_(self) -> str:
        return self.to_markdown()


def _across(cells: Sequence[Cell], bare: bool) -> Across:
    kinds = {type(cell) for cell in cells}
    if not kinds & {Number, Numbers}:
        return "left"
    return "right" if bare and Text not in kinds else "center"


def _value(cell: Cell) -> Any:
    if isinstance(cell, Number):
        whole = cell.digits == 0 and float(cell.value).is_integer()
        return int(cell.value) if whole else float(cell.value)
    return cell.words if isinstance(cell, Text) else np.nan
