"""Tables as Excel workbooks: every number is a number, its stars and brackets are its format."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from panel.errors import InstallationError
from panel.tables.archive import steady
from panel.tables.cells import Cell, Number, Row, Span, Text, display_width
from panel.tables.words import words

if TYPE_CHECKING:
    from panel.tables.table import Table

_FONT = "Times New Roman"
_WIDEST = 60  # letters; longer words wrap
_LINE = 15.0  # points of a line
_OWN_FORMATS = 5000  # numbers of formats from here on are nobody else's
_WIDE = 6  # a sheet with more columns is printed on a turned page


def write(table: Table, *, sheet: str = "Table", formulas: bool = False) -> bytes:
    """A workbook with the one table.

    Parameters
    ----------
    sheet : name of the sheet; characters that Excel forbids become spaces.
    formulas : whether stars are live: they follow the p-values beside the table, which may be
        changed there, and the levels above those.

    Raises
    ------
    InstallationError : openpyxl is not installed.
    """
    return write_all({sheet: table}, formulas=formulas)


def write_all(tables: Mapping[str, Table], *, formulas: bool = False) -> bytes:
    """A workbook with a sheet a table, called by their names; see :func:`write`."""
    try:
        import openpyxl
    except ImportError as error:
        raise InstallationError(
            "Excel tables need openpyxl, which is not installed.",
            variable="openpyxl",
            remedy='pip install "regpanel[tables]"',
        ) from error
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, table in tables.items():
        page = book.create_sheet(_sheet_name(name, book.sheetnames))
        cells = _fill(page, table)
        if formulas and table.stars:
            _live_stars(page, table, cells)
    book.properties.title, book.properties.creator = next(iter(tables.values())).title, ""
    out = io.BytesIO()
    book.save(out)
    return steady(out.getvalue())


def _sheet_name(name: str, taken: Sequence[str]) -> str:
    """The name without what Excel forbids, and unlike those taken."""
    plain = "".join(" " if c in r"[]:*?/\'" else c for c in name)[:31].strip() or "Table"
    used, number, found = {t.lower() for t in taken}, 1, plain
    while found.lower() in used:
        number += 1
        found = f"{plain[: 31 - len(f' {number}')]} {number}"
    return found


def number_format(number: Number, most_stars: int = 0) -> str:
    """Excel's format that shows the number as the other writers print it.

    ``most_stars`` leaves as much room after the number as the longest stars of the column take;
    with that for a bracket on either side decimals stand below each other.
    """
    whole = "#,##0" if number.grouped else "0"
    if number.digits is None:
        digits = "0.000E+00"
    else:
        digits = whole + ("." + "0" * number.digits if number.digits else "")
    stars = f'"{number.stars}"' if number.stars else ""
    after = stars + "_*" * (most_stars - len(number.stars))
    if number.brackets:
        before, behind = number.sides
        opening = f'"{before}"' if before else ""
        closing = (f'"{behind}"' if behind else "_)") + after
        return f"{opening}{digits}{closing};{opening}-{digits}{closing}"
    closing = after if number.stars else f"_){after}"
    return f"_({digits}{closing};-{digits}{closing}"


def _fill(page: Any, table: Table) -> dict[tuple[int, int], Number]:
    """The table on the sheet; its numbers with a p-value, by row and column."""
    from openpyxl.utils import get_column_letter

    at = 1
    tested: dict[tuple[int, int], Number] = {}
    if table.title:
        _words(page.cell(at, 1), table.title, bold=True)
        at += 1
    first = at
    for spans in table.header:
        _header_row(page, at, spans, table, last=spans is table.header[-1])
        at += 1
    outer = "double" if table.look.rules == "double" else "medium"
    _rule(page, first, table.width, top=outer)
    page.print_title_rows = f"{first}:{max(at - 1, first)}"
    page.freeze_panes = page.cell(at, 2)
    for section in table.sections:
        _rule(page, at, table.width, top="thin")
        if section.title:
            _words(page.cell(at, 1), section.title, italic=True)
            at += 1
        for line in (line for row in section.rows for line in row.lines):
            _body_row(page, at, line, table)
            numbers = {j: c for j, c in enumerate(line.cells, start=2) if isinstance(c, Number)}
            tested |= {(at, j): c for j, c in numbers.items() if c.p_value is not None}
            at += 1
    _rule(page, at, table.width, top=outer)
    if table.look.rules == "box":
        _box(page, first, at, table.width)
    widths = _widths(table)
    for j, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(j)].width = width
    if table.notes:
        _notes(page, at, table, sum(widths), outer)
    page.print_area = f"A1:{get_column_letter(table.width + 1)}{at}"
    page.page_setup.orientation = "landscape" if table.width > _WIDE else "portrait"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    return tested


def _live_stars(page: Any, table: Table, cells: Mapping[tuple[int, int], Number]) -> None:
    """Levels and p-values to the right of the table, and formats of its numbers that depend on
    them: the numbers stay numbers."""
    from dataclasses import replace

    from openpyxl.formatting.rule import Rule
    from openpyxl.styles.differential import DifferentialStyle
    from openpyxl.styles.numbers import NumberFormat

    aside = table.width + 3
    ids: dict[str, int] = {}
    for i, (mark, level) in enumerate(table.stars):
        _words(page.cell(1, aside + 2 * i), f"{mark} p <", across="right")
        page.cell(1, aside + 2 * i + 1).value = level
    for (row, column), cell in cells.items():
        beside = page.cell(row, column + aside - 2)
        beside.value, beside.number_format = cell.p_value, "0.0000"
        target, most = page.cell(row, column), _most_stars(table, column - 2)
        target.number_format = number_format(replace(cell, stars=""), most)
        for i, (mark, _) in reversed([*enumerate(table.stars)]):
            level = page.cell(1, aside + 2 * i + 1)
            code = number_format(replace(cell, stars=mark), most)
            own = NumberFormat(ids.setdefault(code, _OWN_FORMATS + len(ids)), code)
            style = DifferentialStyle(numFmt=own)
            test = f"{beside.coordinate}<${level.column_letter}${level.row}"
            rule = Rule(type="expression", dxf=style, formula=[test], stopIfTrue=True)
            page.conditional_formatting.add(target.coordinate, rule)


def _header_row(page: Any, at: int, spans: Sequence[Span], table: Table, last: bool) -> None:
    from openpyxl.styles import Border, Side

    column, most = 1, 1
    for span in spans:
        end = column + span.width - 1
        across = "left" if column == 1 else table.across[column - 2]
        lines = table.heading(span, column - 2) if column > 1 else [span.words]
        most = max(most, len(lines))
        _words(page.cell(at, column), "\n".join(lines), "center" if span.width > 1 else across)
        if not last and span.words and 1 < span.width < table.width:
            for k in range(column, end + 1):
                page.cell(at, k).border = Border(bottom=Side("thin"))
        if span.width > 1:
            page.merge_cells(start_row=at, end_row=at, start_column=column, end_column=end)
        column = end + 1
    if most > 1:
        page.row_dimensions[at].height = _LINE * most


def _body_row(page: Any, at: int, row: Row, table: Table) -> None:
    _words(page.cell(at, 1), row.label)
    for j, cell in enumerate(row.cells):
        target = page.cell(at, j + 2)
        if isinstance(cell, Text):
            _words(target, cell.words, across=table.across[j])
        elif isinstance(cell, Number):
            _number(target, cell, _most_stars(table, j), table.across[j])
    longest = max(map(display_width, [row.label, *(c.text() for c in row.cells)]))
    if longest > _WIDEST:  # not every program grows a row with its text
        page.row_dimensions[at].height = _LINE * math.ceil(1.1 * longest / _WIDEST)


def _number(target: Any, cell: Number, most_stars: int, across: str) -> None:
    from openpyxl.styles import Alignment, Font

    if math.isinf(cell.value):  # a workbook has no infinity
        _words(target, cell.text(), across=across)
    elif not cell.missing:
        target.value = int(cell.value) if float(cell.value).is_integer() else float(cell.value)
        target.number_format = number_format(cell, most_stars)
        target.alignment = Alignment(horizontal=across, vertical="top")
        target.font = Font(name=_FONT)


def _most_stars(table: Table, j: int) -> int:
    cells: list[Cell] = [line.cells[j] for row in table.rows for line in row.lines]
    return max(len(cell.stars) for cell in cells if isinstance(cell, Number))


def _words(target: Any, text: str, across: str = "left", **font: bool) -> None:
    """Text that Excel never takes for a formula, however it begins."""
    from openpyxl.styles import Alignment, Font

    if text:
        target.value = text
        target.data_type = "s"
        target.quotePrefix = text[0] in "=+-@"
    long = display_width(text) > _WIDEST or "\n" in text
    inner = int(across == "left" and target.column > 1)
    target.alignment = Alignment(horizontal=across, vertical="top", wrap_text=long, indent=inner)
    target.font = Font(name=_FONT, **font)


def _rule(page: Any, at: int, width: int, top: str) -> None:
    """A rule above row ``at``."""
    from openpyxl.styles import Border, Side

    for j in range(1, width + 2):
        below = page.cell(at, j).border.bottom
        page.cell(at, j).border = Border(top=Side(top), bottom=below)


def _box(page: Any, first: int, below: int, width: int) -> None:
    """Lines between the columns and at the sides of rows ``first`` to ``below - 1``."""
    from openpyxl.styles import Border, Side

    for row in page.iter_rows(min_row=first, max_row=below - 1, max_col=width + 1):
        for cell in row:
            old = cell.border
            left, right = ("medium" if cell is row[end] else "thin" for end in (0, -1))
            cell.border = Border(left=Side(left), right=Side(right), top=old.top, bottom=old.bottom)


def _widths(table: Table) -> list[float]:
    """Widths of the columns in letters."""
    stub = [display_width(row.label) for row in table.rows]
    stub += [display_width(spans[0].words) for spans in table.header]
    widths = [float(min(max([10, *stub]) + 2, _WIDEST))]
    for j in range(table.width):
        lines = [line for row in table.rows for line in row.lines]
        texts = [display_width(line.cells[j].text()) for line in lines]
        widths.append(float(min(max([9, *texts]) + 2, _WIDEST)))
    for spans in table.header:
        at = 0
        for span in spans:
            if at and span.width == 1:
                widest = max(map(display_width, table.heading(span, at - 1)))
                widths[at] = max(widths[at], widest + 2.0)
            at += span.width
    return [max(w, s + 2) for w, s in zip(widths, (0.0, *table.shares), strict=True)]


def _notes(page: Any, at: int, table: Table, width: float, outer: str) -> None:
    """One cell across the table, as high as its lines need: Excel does not grow merged cells."""
    from openpyxl.styles import Alignment, Border, Font, Side

    text = words("notes", table.language) + table.notes_text
    _words(page.cell(at, 1), text)
    page.merge_cells(start_row=at, end_row=at, start_column=1, end_column=table.width + 1)
    page.cell(at, 1).alignment = Alignment(wrap_text=True, vertical="top")
    page.cell(at, 1).font = Font(name=_FONT, size=9)
    page.cell(at, 1).border = Border(top=Side(outer))
    lines = math.ceil(1.1 * display_width(text) / max(width, 20))
    page.row_dimensions[at].height = _LINE * min(lines, 27)  # Excel has rows of up to 409 points
