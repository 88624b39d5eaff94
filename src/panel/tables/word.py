"""Tables as Word documents: three rules, a repeated header, decimals below each other."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from panel.errors import InstallationError
from panel.tables.archive import steady
from panel.tables.cells import Cell, Number, Numbers, Row, Section, Span, Text, display_width
from panel.tables.words import words

if TYPE_CHECKING:
    from panel.tables.table import Table

# A page with more columns than this is turned.
_WIDE = 6
_MARGIN, _SHORT_SIDE, _LONG_SIDE = 2.5, 21.0, 29.7  # cm, A4
_SIZE, _LETTER = 10.0, 4.9  # points of the text, and of a letter of it on average
_TOGETHER = 40  # rows of a table that stays on one page
# Widths of what numbers are made of in Times, as parts of the size; a digit takes a half.
_ADVANCE = {".": 0.25, ",": 0.25, "\u202f": 0.25, "−": 0.564, "(": 0.333, ")": 0.333, "[": 0.333,
            "]": 0.333, "-": 0.333, "*": 0.31}  # fmt: skip
_THICK, _THIN = 12, 6  # eighths of a point
_CELL_STYLE, _NOTE_STYLE = "Table text", "Table note"
# A table style for each kind of rules: its name, the sides that have a line, and which line.
_TABLE_STYLES = {
    "three": ("Three-line table", ("top", "bottom"), "single"),
    "double": ("Double-line table", ("top", "bottom"), "double"),
    "box": ("Boxed table", ("top", "left", "bottom", "right", "insideV"), "single"),
}
_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def write(
    table: Table,
    *,
    landscape: bool | None = None,
    font: str = "Times New Roman",
    east_asian_font: str = "SimSun",
) -> bytes:
    """A document with the one table.

    Parameters
    ----------
    landscape : whether the page is turned; if None, it is for more than six columns.
    font : of Latin and Cyrillic text.
    east_asian_font : of Chinese text.

    Raises
    ------
    InstallationError : python-docx is not installed.
    """
    return write_all({"": table}, landscape=landscape, font=font, east_asian_font=east_asian_font)


def write_all(
    tables: Mapping[str, Table],
    *,
    landscape: bool | None = None,
    font: str = "Times New Roman",
    east_asian_font: str = "SimSun",
) -> bytes:
    """A document with several tables; a new page where it must be turned. See :func:`write`."""
    try:
        import docx
    except ImportError as error:
        raise InstallationError(
            "Word tables need python-docx, which is not installed.",
            variable="docx",
            remedy='pip install "regpanel[tables]"',
        ) from error
    document = docx.Document()
    _styles(document, font, east_asian_font)
    turned: bool | None = None
    for table in tables.values():
        wide = table.width > _WIDE if landscape is None else landscape
        if wide != turned:
            _page(document.sections[0] if turned is None else document.add_section(), wide)
        else:
            document.add_paragraph()
        turned = wide
        append(document, table)
    document.core_properties.title = next(iter(tables.values())).title
    document.core_properties.author = ""
    document.core_properties.comments = ""
    out = io.BytesIO()
    document.save(out)
    return steady(out.getvalue())


def append(document: Any, table: Table) -> None:
    """Caption, table and notes at the end of a document that has the styles of :func:`write`."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    if table.title:
        caption = document.add_paragraph(table.title, style="Caption")
        caption.paragraph_format.keep_with_next = True
        if table.look.caption == "left":
            caption.alignment = WD_ALIGN_PARAGRAPH.LEFT
    section = document.sections[-1]
    room = section.page_width.pt - section.left_margin.pt - section.right_margin.pt
    grid = document.add_table(
        rows=0, cols=table.width + 1, style=_TABLE_STYLES[table.look.rules][0]
    )
    grid.autofit = False
    for spans in table.header:
        _header_row(grid, spans, table, last=spans is table.header[-1])
    for section_number, part in enumerate(table.sections):
        _section(grid, part, table, apart=section_number > 0)
    for column, width in zip(grid.columns, _widths(table, room), strict=True):
        _set_width(column, width)
    rows = list(grid.rows)
    if len(rows) > _TOGETHER:
        rows = rows[-1:]
    for row in rows if table.notes else rows[:-1]:
        for paragraph in row._tr.iter(f"{{{_NAMESPACE}}}p"):  # of merged cells as well
            paragraph.get_or_add_pPr().get_or_add_keepNext()
    if table.notes:
        note = document.add_paragraph(style=_NOTE_STYLE)
        note.add_run(words("notes", table.language)).italic = table.language != "zh"
        note.add_run(table.notes_text)


# ---- page and styles -----------------------------------------------------------------------


def _page(section: Any, landscape: bool) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    sides = (_LONG_SIDE, _SHORT_SIDE) if landscape else (_SHORT_SIDE, _LONG_SIDE)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Cm(side) for side in sides)
    for side in ("left", "right", "top", "bottom"):
        setattr(section, f"{side}_margin", Cm(_MARGIN))


def _styles(document: Any, font: str, east_asian_font: str) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.shared import Pt, RGBColor

    styles = document.styles
    for name, size, before in ((_CELL_STYLE, _SIZE, 1), (_NOTE_STYLE, 9, 4)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        style.font.size = Pt(size)
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(1)
        style.paragraph_format.line_spacing = 1.0
    caption = styles["Caption"]
    caption.font.size, caption.font.bold = Pt(10.5), True
    caption.font.color.rgb = RGBColor(0, 0, 0)
    caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.space_after = Pt(4)
    for name in ("Normal", "Caption", _CELL_STYLE, _NOTE_STYLE):
        _set_fonts(styles[name], font, east_asian_font)
    for name, sides, line in _TABLE_STYLES.values():
        rules = styles.add_style(name, WD_STYLE_TYPE.TABLE)
        rules.base_style = styles["Normal Table"]
        width = _THICK if line == "single" else _THIN
        border = f'w:val="{line}" w:sz="{width}" w:space="0" w:color="auto"'
        borders = "".join(f"<w:{side} {border}/>" for side in sides)
        rules.element.append(
            parse_xml(
                f'<w:tblPr xmlns:w="{_NAMESPACE}"><w:tblBorders>{borders}</w:tblBorders>'
                '<w:tblCellMar><w:left w:w="40" w:type="dxa"/>'
                '<w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            )
        )


def _set_fonts(style: Any, font: str, east_asian_font: str) -> None:
    from docx.oxml.ns import qn

    style.font.name = font
    fonts = style.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # they would win
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:cs"), font)
    fonts.set(qn("w:eastAsia"), east_asian_font)
    language = _element("w:lang")  # else a Chinese full stop may stand in the middle of its cell
    language.set(qn("w:eastAsia"), "zh-CN")
    style.element.rPr.append(language)


# ---- rows and cells ------------------------------------------------------------------------


def _new_row(grid: Any) -> Any:
    """A row that does not break across pages, in the style of table text."""
    row = grid.add_row()
    row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
    for cell in row.cells:
        cell.paragraphs[0].style = _CELL_STYLE
    return row


def _header_row(grid: Any, spans: Sequence[Span], table: Table, last: bool) -> None:
    from docx.enum.table import WD_ALIGN_VERTICAL
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    row = _new_row(grid)
    row._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    at = 0
    for span in spans:
        cell = row.cells[at]
        if span.width > 1:
            cell = cell.merge(row.cells[at + span.width - 1])
        paragraph = cell.paragraphs[0]
        paragraph.add_run(span.words)
        paragraph.paragraph_format.keep_with_next = True
        if at and (span.width > 1 or table.across[at - 1] != "left"):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if last or (span.words and 1 < span.width < table.width):
            _rule_below(cell)
        cell.vertical_alignment = WD_ALIGN_VERTICAL.BOTTOM
        at += span.width


def _section(grid: Any, section: Section, table: Table, apart: bool) -> None:
    if section.title:
        title = _new_row(grid)
        merged = title.cells[0].merge(title.cells[-1])
        merged.paragraphs[0].add_run(section.title).italic = True
        _space_above(title)
    labelled = None
    for number, row in enumerate(section.rows):
        added = _body_row(grid, row, table)
        if apart and number == 0 and not section.title:
            _space_above(added)
        if row.label:
            labelled = added.cells[0]
        elif labelled is not None:  # a long label may stand beside its standard error as well
            labelled.merge(added.cells[0])


def _body_row(grid: Any, row: Row, table: Table) -> Any:
    from docx.enum.table import WD_ALIGN_VERTICAL

    added = _new_row(grid)
    if row.label:  # a run without text would keep cells from being merged into one
        added.cells[0].paragraphs[0].add_run(row.label)
    if table.language == "zh":  # lines of Chinese are higher than lines of figures
        for cell in added.cells:
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    for j, content in enumerate(row.cells):
        _fill(added.cells[j + 1].paragraphs[0], content, table, j)
    return added


def _fill(paragraph: Any, cell: Cell, table: Table, j: int) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    pieces = cell.pieces(table.language, "−")
    if not pieces:
        return
    for piece in pieces:
        run = paragraph.add_run(piece.text)
        if piece.raised:
            run.font.superscript = True
    if table.across[j] != "left":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if not isinstance(cell, Number) or cell.digits == 0:
        return
    # Indents rather than decimal tabs: those look for the decimal mark of the reader's system.
    shift = _shift(cell, table, j)
    if shift > 0:
        paragraph.paragraph_format.left_indent = Pt(2 * shift)
    else:
        paragraph.paragraph_format.right_indent = Pt(-2 * shift)


def _shift(cell: Number, table: Table, j: int) -> float:
    """Points that a centred number moves to the right for the decimal marks of column j to stand
    below each other, with the column as a whole in the middle."""
    cells = [row.cells[j] for row in table.rows]
    sides = [_sides(c, table.language) for c in cells if isinstance(c, Number) and c.digits != 0]
    before, after = max(side[0] for side in sides), max(side[1] for side in sides)
    left, right = _sides(cell, table.language)
    stars = _advance(cell.stars)
    return _SIZE * ((before - after) + (right + stars - left)) / 2


def _sides(cell: Number, language: str) -> tuple[float, float]:
    """Widths before and after the decimal mark, without stars, as parts of the size."""
    before, _, after = cell.plain(language, "−").partition("," if language == "ru" else ".")
    return _advance(before), _advance(after)


def _advance(text: str) -> float:
    return sum((_ADVANCE.get(letter, 0.5) for letter in text), 0.0)


def _widths(table: Table, room: float) -> list[float]:
    """Widths in points that fill the page. No word or number breaks if that can be had; then
    labels and words get room to stand on fewer lines."""
    columns: list[list[Cell]] = [[Text(row.label) for row in table.rows]]
    columns += [[row.cells[j] for row in table.rows] for j in range(table.width)]
    for spans in table.header:
        at = 0
        for span in spans:
            columns[at] += [Text(span.words)] if span.width == 1 else []
            at += span.width
    numbers = [c for cells in columns for c in cells if isinstance(c, (Number, Numbers))]
    widest = max((len(number.text(table.language)) for number in numbers), default=0)
    least, wish = [], []
    for cells, across in zip(columns, ("left", *table.across), strict=True):
        digits = 0 if across == "left" else widest  # columns of numbers are alike
        least.append(2 + max(5, digits, *(_letters(c, wrap=0) for c in cells)))
        wish.append(
            2 + max(5, digits, *(_letters(c, 40 if across == "left" else 16) for c in cells))
        )
    spare, wanted = room / _LETTER - sum(least), sum(wish) - sum(least)
    part = min(max(spare, 0) / wanted, 1) if wanted else 0
    needs = [a + part * (b - a) for a, b in zip(least, wish, strict=True)]
    return [room * need / sum(needs) for need in needs]


def _letters(cell: Cell, wrap: int) -> int:
    """Letters of a cell on lines of ``wrap``, or of its longest word; Chinese breaks anywhere."""
    if not isinstance(cell, Text):
        return 0
    unbroken = re.findall(r"[^\s\u2e80-\uffef-]+-?", cell.words)
    longest = min(max(map(len, unbroken), default=0), 40)
    return max(longest, min(display_width(cell.words), wrap))


def _set_width(column: Any, width: float) -> None:
    from docx.shared import Pt

    column.width = Pt(width)
    for cell in column.cells:
        if cell._tc.grid_span == 1:
            cell.width = Pt(width)


def _space_above(row: Any) -> None:
    from docx.shared import Pt

    for cell in row.cells:
        cell.paragraphs[0].paragraph_format.space_before = Pt(5)


def _rule_below(cell: Any) -> None:
    borders, bottom = _element("w:tcBorders"), _element("w:bottom")
    for name, value in (("val", "single"), ("sz", _THIN), ("space", 0), ("color", "auto")):
        bottom.set(f"{{{_NAMESPACE}}}{name}", str(value))
    borders.append(bottom)
    cell._tc.get_or_add_tcPr().append(borders)


def _element(tag: str) -> Any:
    from docx.oxml import OxmlElement

    return OxmlElement(tag)
