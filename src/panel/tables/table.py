"""Table: typed cells with a header, notes and a title, and the formats it can be written in."""

from __future__ import annotations

import inspect
import os
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from panel.errors import TableError, suggest
from panel.tables.cells import (
    Cell,
    Empty,
    Number,
    Row,
    Section,
    Span,
    Text,
    at_least,
    clean,
    decimals,
)
from panel.tables.words import words

# Each module has one function ``write(table, **options)`` that returns text or bytes.
_WRITERS = {
    "tex": "latex",
    "docx": "word",
    "xlsx": "excel",
    "html": "html",
    "md": "markdown",
    "typ": "typst",
    "csv": "csv",
}


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

    Raises
    ------
    TableError : rows or header rows of different widths.
    """

    header: tuple[tuple[Span, ...], ...]
    sections: tuple[Section, ...]
    title: str = ""
    notes: tuple[str, ...] = ()
    language: str = "en"

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
        notes: Sequence[str] = (),
        digits: int = 3,
        index: bool = True,
        language: str = "en",
    ) -> Table:
        """Table of any DataFrame.

        Parameters
        ----------
        df : columns of whole numbers print as such, other numbers with ``digits`` decimals
            (:func:`panel.tables.cells.decimals` has the rule for small and large ones), the rest
            as text; missing cells stay empty. Levels of the columns become spanning headers,
            levels of the index are joined by commas.
        index : whether the index gives the row labels; otherwise the first column does.
        """
        if not index:
            df = df.set_index(df.columns[0])
        columns = [_cells(df.iloc[:, j], digits, language) for j in range(df.shape[1])]
        rows = tuple(
            Row(_joined(key), tuple(column[i] for column in columns))
            for i, key in enumerate(df.index)
        )
        return cls(_header(df), (Section(rows),), title, tuple(notes), language)

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
        cells = [cell for row in self.rows for cell in row.cells if isinstance(cell, Number)]
        bare = not any(number.stars or number.brackets for number in cells)
        return tuple(_across([row.cells[j] for row in self.rows], bare) for j in range(self.width))

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
        coefficient); with the section's title as a first index level where sections have titles.
        Numbers are numbers, unrounded and without stars or brackets; words are text; an empty
        cell is missing. Title and notes are not in it.
        """
        if any(section.title for section in self.sections):
            keys = [(s.title, row.name) for s in self.sections for row in s.rows]
            index: pd.Index[Any] = pd.MultiIndex.from_tuples(keys)
        else:
            index = pd.Index([row.name for row in self.rows], dtype=object)
        data = [[_value(cell) for cell in row.cells] for row in self.rows]
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
        target = _target(path)
        content = self._written(target.suffix.removeprefix(".").lower(), options)
        if target.suffix.lower() == ".csv":  # Excel takes the mark for a sign of UTF-8
            content = "\ufeff" + str(content)
        _replace(target, content if isinstance(content, bytes) else content.encode())
        return target

    def save_all(
        self, stem: str | os.PathLike[str], extensions: Iterable[str] = tuple(_WRITERS)
    ) -> tuple[Path, ...]:
        """Write ``stem.tex``, ``stem.docx`` and so on, by default in every format."""
        ends = [e.removeprefix(".") for e in extensions]
        return tuple(self.save(f"{_target(stem)}.{end}") for end in ends)

    def _written(self, extension: str, options: dict[str, Any]) -> str | bytes:
        if extension not in _WRITERS:
            raise TableError(
                f"No format of tables has the extension {extension!r}.",
                variable="path",
                value=extension,
                remedy="use one of " + ", ".join(f".{e}" for e in _WRITERS) + ".",
            )
        write = import_module(f"panel.tables.{_WRITERS[extension]}").write
        known = [p for p in inspect.signature(write).parameters if p != "table"]
        for option in options:
            if option not in known:
                raise TableError(
                    f"{option!r} is not an option of .{extension} tables.",
                    variable=option,
                    value=options[option],
                    remedy=suggest(option, known),
                )
        result: str | bytes = write(self, **options)
        return result

    def __str__(self) -> str:
        from panel.tables.text import write

        return write(self)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return self.to_html()

    def _repr_markdown_(self) -> str:
        return self.to_markdown()


def _target(path: Any) -> Path:
    """The path with the home folder in place of ``~``."""
    if not isinstance(path, (str, os.PathLike)):
        raise TableError(
            f"A table cannot be saved to {path!r}.",
            variable="path",
            value=path,
            remedy='give the path of a file, for instance "table1.docx".',
        )
    return Path(path).expanduser()


def _replace(target: Path, content: bytes) -> None:
    """Write beside the target and move into place: a reader never meets half a file."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_bytes(content)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise TableError(
            f"The table cannot be written to {str(target)!r}: {error.strerror or error}.",
            variable="path",
            value=str(target),
            remedy="close the file if it is open in another program, or save elsewhere.",
        ) from error


def _across(cells: Sequence[Cell], bare: bool) -> Across:
    kinds = {type(cell) for cell in cells}
    if Number not in kinds:
        return "left"
    return "right" if bare and Text not in kinds else "center"


def _value(cell: Cell) -> Any:
    if isinstance(cell, Number):
        whole = cell.digits == 0 and float(cell.value).is_integer()
        return int(cell.value) if whole else float(cell.value)
    return cell.words if isinstance(cell, Text) else np.nan


def _joined(key: Hashable) -> str:
    return ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _cells(series: pd.Series, digits: int, language: str) -> list[Cell]:
    """Cells of a column. Numbers that are all whole print as such; years without separators."""
    values = series.tolist()
    numbers = [v for v in values if isinstance(v, (int, float)) and not isinstance(v, bool)]
    finite = [v for v in numbers if np.isfinite(v)]
    whole = all(float(v).is_integer() for v in finite)
    years = whole and all(1000 <= v < 3000 for v in finite)
    places = 0 if whole else decimals(max(map(abs, finite)), digits) or 0
    return [_cell(v, places, not years, language) for v in values]


def _cell(value: Any, places: int, grouped: bool, language: str) -> Cell:
    if isinstance(value, (Number, Text, Empty)):
        return value
    if isinstance(value, bool):
        return Text(words("yes" if value else "no", language))
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return Empty()
    if isinstance(value, (int, float)):
        return Number(value, at_least(value, places), grouped=grouped)
    return Text(str(value))


def _header(df: pd.DataFrame) -> tuple[tuple[Span, ...], ...]:
    stub = ", ".join(str(n) for n in df.index.names if n is not None)
    levels = df.columns.nlevels
    rows = []
    for level in range(levels):
        last = level == levels - 1
        spans: list[Span] = []
        above: object = None
        for key in df.columns:
            parts = key if isinstance(key, tuple) else (key,)
            words_here, path = str(parts[level]), parts[: level + 1]
            if not last and spans and path == above:
                spans[-1] = Span(words_here, spans[-1].width + 1)
            else:
                spans.append(Span(words_here))
            above = path
        rows.append((Span(stub if last else ""), *spans))
    return tuple(rows)
