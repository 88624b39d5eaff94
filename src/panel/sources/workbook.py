"""Workbooks as they come: .xlsx, .xls, and HTML tables saved under the name of a workbook."""

from __future__ import annotations

import datetime
import importlib
import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from panel.errors import InstallationError, SourceError
from panel.sources.grid import MOST_CELLS, Grid, Stored, check_size, grid_of, number_text, place

LARGEST_FILE = 100 * 2**20
LARGEST_UNPACKED = 400 * 2**20
# Superscripts are marks of notes: kept apart from the digits they stand beside.
_RAISED = str.maketrans("0123456789()+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁺⁻")
# What a number format shows literally, and commas that divide by a thousand each: #,##0.0,
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_WORDS = re.compile(r'"[^"]*[^\W\d_][^"]*"|\\[^\W\d_]')  # 815,"K" says itself what it is in
_THOUSANDS = re.compile(r"[0#?](,+)(?![0#?,])")


def read_xlsx(content: bytes, name: str) -> tuple[Grid, ...]:
    """The sheets of an .xlsx file; the stored results of formulas, never their evaluation.

    Raises
    ------
    InstallationError : openpyxl is not installed.
    SourceError : the file is damaged, unpacks to an unreasonable size, or has a formula without a
        stored result.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise _missing("openpyxl", ".xlsx files") from error
    formulas = _checked_archive(content, name)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, rich_text=True)
        typed = openpyxl.load_workbook(io.BytesIO(content)) if formulas else None
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile, SyntaxError) as error:
        raise _damaged(name, error) from error
    sheets = []
    for sheet in book.worksheets:
        if typed is not None:
            _stored_results(sheet, typed[sheet.title], name)
        sheets.append(_xlsx_sheet(sheet))
    return tuple(sheets)


def _xlsx_sheet(sheet: Any) -> Grid:
    filled = [c for c in sheet._cells.values() if c.value is not None]  # not the formatted rest
    height, width = (max((at(c) for c in filled), default=0) for at in (_row, _column))
    check_size(height, width, sheet.title)
    lines: list[list[Stored]] = [[None] * width for _ in range(height)]
    for cell in filled:
        lines[cell.row - 1][cell.column - 1] = _value(cell.value, cell.number_format)
    areas = [
        (a.min_row - 1, a.min_col - 1, a.max_row - 1, a.max_col - 1)
        for a in sheet.merged_cells.ranges
    ]
    hidden = [f"row {r}" for r, d in sheet.row_dimensions.items() if d.hidden and r <= height]
    hidden += [f"column {c}" for c, d in sheet.column_dimensions.items() if d.hidden]
    visible = sheet.sheet_state == "visible"
    found = grid_of(lines, sheet.title, areas, tuple(hidden), visible)
    return replace(found, scaled=_scaled(lines))


def _thousands(shown: str) -> int:
    """How often a number format divides by a thousand before a number is shown."""
    found = _THOUSANDS.search(shown.partition(";")[0])
    return len(found[1]) if found else 0


def _scaled(lines: list[list[Stored]]) -> tuple[str, ...]:
    """Places of numbers that are shown divided."""
    return tuple(
        place(r, c)
        for r, line in enumerate(lines)
        for c, value in enumerate(line)
        if isinstance(value, tuple) and not value[0].endswith("%")
    )


def _row(cell: Any) -> int:
    return int(cell.row)


def _column(cell: Any) -> int:
    return int(cell.column)


def _value(value: Any, shown_as: str = "") -> Stored:
    """A stored value as text or number; percentages, and numbers in thousands, as they are shown,
    a date as its text."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        shown = _LITERAL.sub("", shown_as)
        if "%" in shown:
            percent = float(Decimal(repr(value)) * 100)  # 0.07 is 7, not 7.000000000000001
            return f"{number_text(percent)}%", percent
        if (power := _thousands(shown)) and not _WORDS.search(shown_as):
            scaled = float(Decimal(repr(value)).scaleb(-3 * power))
            return number_text(scaled), scaled
        return value
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()[:10]
    if isinstance(value, list):  # rich text: runs of letters, some of them raised
        return "".join(_run(run) for run in value)
    return None if value is None else str(value)


def _run(run: Any) -> str:
    raised = getattr(getattr(run, "font", None), "vertAlign", None) == "superscript"
    return str(run).translate(_RAISED) if raised else str(run)


def _checked_archive(content: bytes, name: str) -> bool:
    """Whether the workbook has formulas; raises on archives that are bombs."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise _damaged(name, error) from error
    with archive:
        unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise SourceError(
                f"{name} unpacks to {unpacked / 2**20:,.0f} MB.",
                variable=name,
                value=unpacked,
                remedy=f"a workbook may have {LARGEST_UNPACKED // 2**20} MB; save the one sheet "
                "that is needed as CSV.",
            )
        formulas = False
        for part in archive.infolist():
            if part.filename.endswith((".xml", ".rels")):
                text = archive.read(part)
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                    raise SourceError(
                        f"{name} declares entities in {part.filename!r}, which no workbook does.",
                        variable=name,
                        remedy="do not open it; ask its publisher for a sound copy.",
                    )
                formulas |= b"<f>" in text or b"<f " in text
    return formulas


def _stored_results(sheet: Any, typed: Any, name: str) -> None:
    """Raise if a formula has no stored result: nothing is evaluated here."""
    for (row, column), cell in typed._cells.items():
        if cell.data_type == "f" and sheet.cell(row, column).value is None:
            raise SourceError(
                f"{name}, sheet {sheet.title!r}, {cell.coordinate}: the formula {cell.value!r} "
                "has no stored result.",
                variable=name,
                value=cell.coordinate,
                remedy="open the file in Excel or LibreOffice and save it, or save it as CSV; "
                "formulas are not evaluated.",
            )


def read_xls(content: bytes, name: str) -> tuple[Grid, ...]:
    """The sheets of an .xls file (Excel 97-2003).

    Raises
    ------
    InstallationError : xlrd is not installed.
    SourceError : the file is damaged or encrypted.
    """
    try:
        xlrd = importlib.import_module("xlrd")
    except ImportError as error:
        raise _missing("xlrd", ".xls files") from error
    log = io.StringIO()  # xlrd writes its remarks on the file to standard output otherwise
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=log)
    except (xlrd.XLRDError, xlrd.compdoc.CompDocError, AssertionError, IndexError) as error:
        raise _damaged(name, error) from error
    return tuple(_xls_sheet(xlrd, book, sheet) for sheet in book.sheets())


def _xls_sheet(xlrd: Any, book: Any, sheet: Any) -> Grid:
    check_size(sheet.nrows, sheet.ncols, sheet.name)
    lines: list[list[Stored]] = []
    for r in range(sheet.nrows):
        line: list[Stored] = []
        for cell in sheet.row(r):
            shown = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
            if cell.ctype == xlrd.XL_CELL_DATE:
                line.append(_value(xlrd.xldate_as_datetime(cell.value, book.datemode)))
            elif cell.ctype == xlrd.XL_CELL_ERROR:
                line.append(xlrd.error_text_from_code.get(cell.value, "#ERROR!"))
            elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                line.append(_value(bool(cell.value)))
            else:
                line.append(_value(cell.value, shown))
        lines.append(line)
    areas = [(top, left, end - 1, stop - 1) for top, end, left, stop in sheet.merged_cells]
    hidden = [f"row {r + 1}" for r, info in sheet.rowinfo_map.items() if info.hidden]
    found = grid_of(lines, sheet.name, areas, tuple(hidden), sheet.visibility == 0)
    return replace(found, scaled=_scaled(lines))


class _Tables(HTMLParser):
    """Collects the cells of the tables of a page, with their spans."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[tuple[str, int, int]]]] = []
        self.cell: list[str] | None = None
        self.spans = (1, 1)
        self.raised = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self._end_cell()
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables:
            self._end_cell()
            given = dict(attrs)
            self.cell, self.spans = [], (_span(given, "rowspan"), _span(given, "colspan"))
        elif tag == "sup":
            self.raised = True
        elif tag == "br" and self.cell is not None:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._end_cell()
        elif tag == "sup":
            self.raised = False

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data.translate(_RAISED) if self.raised else data)

    def _end_cell(self) -> None:
        if self.cell is not None:
            text = "".join(self.cell)
            if not self.tables[-1]:
                self.tables[-1].append([])
            lines = (re.sub(r"[ \t\r]+", " ", line).strip() for line in text.split("\n"))
            self.tables[-1][-1].append(("\n".join(filter(None, lines)), *self.spans))
        self.cell = None


def _span(attributes: dict[str, str | None], name: str) -> int:
    given = attributes.get(name) or ""
    return min(max(int(given), 1), 1000) if given.isdigit() and len(given) < 6 else 1


def read_html(text: str) -> tuple[Grid, ...]:
    """The tables of a page, spans as merged areas."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    return tuple(_html_grid(t, f"table {i + 1}") for i, t in enumerate(parser.tables) if t)


def _html_grid(table: list[list[tuple[str, int, int]]], name: str) -> Grid:
    taken: dict[tuple[int, int], str] = {}
    areas = []
    for r, row in enumerate(table):
        c = 0
        for text, down, across in row:
            while (r, c) in taken:
                c += 1
            down = min(down, len(table) - r)
            if len(taken) + down * across > MOST_CELLS:
                check_size(len(taken) + down * across, 1, name)
            taken |= {(r + i, c + j): "" for i in range(down) for j in range(across)}
            taken[r, c] = text
            if down * across > 1:
                areas.append((r, c, r + down - 1, c + across - 1))
            c += across
    width = 1 + max((c for _, c in taken), default=-1)
    check_size(len(table), width, name)
    lines = [[taken.get((r, c), "") for c in range(width)] for r in range(len(table))]
    return grid_of(lines, name, areas)


def _missing(library: str, what: str) -> InstallationError:
    return InstallationError(
        f"Reading {what} needs {library}, which is not installed.",
        variable=library,
        remedy='pip install "regpanel[data]"',
    )


def _damaged(name: str, error: Exception) -> SourceError:
    return SourceError(
        f"{name} cannot be opened as a workbook: {error}.",
        variable=name,
        remedy="open it in Excel or LibreOffice and save it as .xlsx or CSV.",
    )
