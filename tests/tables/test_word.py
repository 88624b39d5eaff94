"""Tables in Word, read back."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

from panel.errors import InstallationError
from panel.tables.cells import Number, Numbers, Row, Section, Span
from panel.tables.style import Look
from panel.tables.table import Table
from panel.tables.word import write

docx = pytest.importorskip("docx")
from docx.enum.section import WD_ORIENT  # noqa: E402
from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: E402
from docx.oxml.ns import qn  # noqa: E402


def read(table: Table, **options: Any) -> Any:
    return docx.Document(io.BytesIO(write(table, **options)))


def test_cells_hold_what_the_table_shows(small: Table) -> None:
    (grid,) = read(small).tables
    assert [[cell.text for cell in row.cells] for row in grid.rows] == [
        ["", "Output_a & b", "Output_a & b", "CO2 <t>"],
        ["", "(1)", "(2)", "(3)"],
        ["Digital 100%", "0.123***", "−0.500*", ""],
        ["Digital 100%", "(0.013)", "(0.250)", ""],  # one cell over two rows
        ["Year FE", "Yes", "No", "Yes"],
        ["N", "1,270", "99", "12"],
    ]


def test_caption_and_notes_stand_around_the_table(small: Table) -> None:
    document = read(small)
    texts = [(p.style.name, p.text) for p in document.paragraphs]
    assert texts == [
        ("Caption", "Digital & green"),
        ("Table note", f"Notes: {small.notes_text}"),
    ]
    assert document.core_properties.title == "Digital & green"


def test_the_header_is_repeated_and_rows_do_not_break(small: Table) -> None:
    (grid,) = read(small).tables
    repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in grid.rows]
    assert repeated == [True, True, False, False, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in grid.rows)


def test_there_are_three_rules_and_one_under_each_spanning_heading(small: Table) -> None:
    document = read(small)
    (grid,) = document.tables
    assert grid.style.name == "Three-line table"
    borders = grid.style.element.find(f".//{qn('w:tblBorders')}")
    assert [b.tag for b in borders] == [qn("w:top"), qn("w:bottom")]
    ruled = [
        [tc.find(f".//{qn('w:tcBorders')}") is not None for tc in row._tr.tc_lst]
        for row in grid.rows
    ]
    assert ruled[0] == [False, True, False]  # the spanning heading, but not the single one
    assert ruled[1] == [True] * 4
    assert not any(map(any, ruled[2:]))


def test_fonts_are_set_for_latin_and_chinese(small: Table) -> None:
    document = read(small)
    for style in ("Normal", "Caption", "Table text", "Table note"):
        fonts = document.styles[style].element.rPr.rFonts
        assert fonts.get(qn("w:ascii")) == "Times New Roman"
        assert fonts.get(qn("w:eastAsia")) == "SimSun"
        assert not [name for name in fonts.attrib if "Theme" in name]
    other = read(small, east_asian_font="KaiTi", font="Arial").styles["Table text"]
    assert other.element.rPr.rFonts.get(qn("w:eastAsia")) == "KaiTi"
    assert other.font.name == "Arial"


def test_stars_are_raised(small: Table) -> None:
    (grid,) = read(small).tables
    runs = grid.rows[2].cells[1].paragraphs[0].runs
    assert [(run.text, run.font.superscript) for run in runs] == [("0.123", None), ("***", True)]


def test_decimal_marks_stand_below_each_other() -> None:
    """Middle of the text + room before it = place of the mark, the same in every cell."""
    numbers = (Number(0.5, 3), Number(-12.25, 3, "***"), Number(0.125, 3, brackets="()"))
    rows = tuple(Row("x", (n,)) for n in numbers)
    (grid,) = read(Table(((Span(), Span("a")),), (Section(rows),))).tables
    marks = []
    # Times at 10 points: digit 5, mark 2.5, minus 5.64, bracket 3.33, raised star 3.1.
    sides = ((5, 2.5 + 15), (15.64, 2.5 + 15 + 9.3), (3.33 + 5, 2.5 + 15 + 3.33))
    for row, (before, after) in zip(grid.rows[1:], sides, strict=True):
        layout = row.cells[1].paragraphs[0].paragraph_format
        left = layout.left_indent.pt if layout.left_indent else 0.0
        right = layout.right_indent.pt if layout.right_indent else 0.0
        marks.append((left - right) / 2 - (before + after) / 2 + before)
    # Word keeps lengths in twentieths of a point, and widths above are rounded to hundredths.
    assert marks == pytest.approx([marks[0]] * 3, abs=0.1)


@pytest.mark.parametrize(("columns", "turned"), [(6, False), (7, True)])
def test_more_than_six_columns_turn_the_page(columns: int, turned: bool) -> None:
    row = Row("x", tuple(Number(1.0) for _ in range(columns)))
    table = Table(((Span(), *(Span(str(j)) for j in range(columns))),), (Section((row,)),))
    (section,) = read(table).sections
    assert (section.orientation == WD_ORIENT.LANDSCAPE) is turned
    assert (section.page_width > section.page_height) is turned
    (other,) = read(table, landscape=not turned).sections
    assert (other.orientation == WD_ORIENT.LANDSCAPE) is not turned


def test_the_table_fills_the_page(small: Table) -> None:
    document = read(small)
    section, grid = document.sections[0], document.tables[0]
    room = section.page_width - section.left_margin - section.right_margin
    # Each column is rounded to a twentieth of a point, 635 of Word's units.
    assert sum(c.width for c in grid.columns) == pytest.approx(room, abs=4 * 635)


def test_a_missing_library_is_named_with_its_extra(
    small: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(InstallationError, match=r"regpanel\[tables\]"):
        write(small)


def test_each_kind_of_rules_is_a_table_style(small: Table) -> None:
    for rules, name, sides in (
        ("double", "Double-line table", ["top", "bottom"]),
        ("box", "Boxed table", ["top", "left", "bottom", "right", "insideV"]),
    ):
        (grid,) = read(small.with_(look=Look(rules))).tables
        assert grid.style.name == name
        borders = grid.style.element.find(f".//{qn('w:tblBorders')}")
        assert [b.tag for b in borders] == [qn(f"w:{side}") for side in sides]


def test_a_caption_may_stand_at_the_left(small: Table) -> None:
    left = read(small.with_(look=Look(caption="left"))).paragraphs[0]
    assert left.alignment == WD_ALIGN_PARAGRAPH.LEFT
    assert read(small).paragraphs[0].alignment is None  # the style's: centred


def test_rows_of_a_short_table_stay_together(small: Table) -> None:
    (grid,) = read(small).tables
    assert all(p.find(f".//{qn('w:keepNext')}") is not None for p in grid._tbl.iter(qn("w:p")))
    long = small.with_(sections=small.sections * 20)
    (grid,) = read(long).tables
    kept = [tr.find(f".//{qn('w:keepNext')}") is not None for tr in grid._tbl.tr_lst]
    assert kept == [True, True, *[False] * 79, True]


def test_several_numbers_of_a_cell_keep_their_stars(small: Table) -> None:
    both = Numbers((Number(0.5, 3, "*"), Number(0.2, 3, brackets="()")))
    (grid,) = read(Table(((Span(), Span("a")),), (Section((Row("x", (both,)),)),))).tables
    runs = grid.rows[1].cells[1].paragraphs[0].runs
    assert [(r.text, bool(r.font.superscript)) for r in runs] == [
        ("0.500", False),
        ("*", True),
        (" ", False),
        ("(0.200)", False),
    ]
