"""Tables in Excel, read back."""

from __future__ import annotations

import io
import sys
from typing import Any

import pandas as pd
import pytest

from panel.errors import InstallationError
from panel.tables.cells import Number, Numbers, Row, Section, Span
from panel.tables.excel import number_format, write
from panel.tables.style import Look
from panel.tables.table import Table

openpyxl = pytest.importorskip("openpyxl")


def read(table: Table, **options: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(write(table, **options))).active


def test_numbers_are_numbers(small: Table) -> None:
    page = read(small)
    values = [[cell.value for cell in row] for row in page["A1:D7"]]
    assert values == [
        ["Digital & green", None, None, None],
        [None, "Output_a & b", None, "CO2 <t>"],
        [None, "(1)", "(2)", "(3)"],
        ["Digital 100%", 0.1234, -0.5, None],
        [None, 0.0125, 0.25, None],
        ["Year FE", "Yes", "No", "Yes"],
        ["N", 1270, 99, 12],
    ]
    assert page["B4"].data_type == page["B7"].data_type == "n"
    assert str(page.merged_cells) == "A8:D8 B2:C2"
    assert page["A8"].value == f"Notes: {small.notes_text}"


@pytest.mark.parametrize(
    ("number", "most", "pattern"),
    [
        (Number(0.1, 3), 0, "_(#,##0.000_);-#,##0.000_)"),
        (Number(0.1, 3), 2, "_(#,##0.000_)_*_*;-#,##0.000_)_*_*"),
        (Number(0.1, 3, "**"), 3, '_(#,##0.000"**"_*;-#,##0.000"**"_*'),
        (Number(0.1, 2, brackets="()"), 0, '"("#,##0.00")";"("-#,##0.00")"'),
        (Number(2022, 0, grouped=False), 0, "_(0_);-0_)"),
        (Number(1e-9, None), 0, "_(0.000E+00_);-0.000E+00_)"),
    ],
)
def test_stars_and_brackets_are_formats(number: Number, most: int, pattern: str) -> None:
    assert number_format(number, most) == pattern


def test_no_text_is_a_formula() -> None:
    df = pd.DataFrame({"=1+1": ["=2+2", "@x", "-x"]}, index=["=A1", "b", "c"])
    page = read(Table.from_pandas(df, title="=cmd()", notes=["=note"]))
    for cell in (page["A1"], page["B2"], page["A3"], page["B3"], page["B4"], page["B5"]):
        assert cell.data_type == "s"
        assert cell.quotePrefix
    assert page["B3"].value == "=2+2"


def test_infinity_is_a_word() -> None:
    page = read(Table.from_pandas(pd.DataFrame({"x": [float("inf"), 1.5]})))
    assert (page["B2"].value, page["B3"].value) == ("∞", 1.5)


def test_columns_are_as_wide_as_their_words_and_long_words_wrap() -> None:
    df = pd.DataFrame({"claim": ["数字经济" * 40], "x": [1.5]}, index=["a" * 30])
    page = read(Table.from_pandas(df))
    assert page.column_dimensions["A"].width >= 30
    assert page.column_dimensions["B"].width == 60
    assert page["B2"].alignment.wrap_text
    assert page.row_dimensions[2].height >= 15 * 320 / 60


def test_the_header_stays_in_sight_and_is_printed_again(small: Table) -> None:
    page = read(small)
    assert page.freeze_panes == "B4"
    assert page.print_title_rows == "$2:$3"


def test_the_sheet_has_a_name_that_excel_takes(small: Table) -> None:
    assert read(small, sheet="a/b[c]:" + "x" * 40).title == "a b c  " + "x" * 24
    assert read(small, sheet="//").title == "Table"


def test_a_missing_library_is_named_with_its_extra(
    small: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InstallationError, match=r"regpanel\[tables\]"):
        write(small)


def test_stars_may_follow_the_p_values_beside_the_table() -> None:
    cells = (Number(0.5, 3, "**", p_value=0.03), Number(0.1, 3, p_value=0.4))
    rows = (Row("x", cells), Row("", (Number(0.2, 3, brackets="()"), Number(0.2, 3))))
    header = ((Span(), Span("(1)"), Span("(2)")),)
    table = Table(header, (Section(rows),), stars=(("*", 0.1), ("**", 0.05)))
    page = read(table, formulas=True)
    assert [[c.value for c in row] for row in page["A2:C2"]] == [["x", 0.5, 0.1]]
    assert [page[c].value for c in ("E1", "F1", "G1", "H1")] == ["* p <", 0.1, "** p <", 0.05]
    assert [page["E2"].value, page["F2"].value] == [0.03, 0.4]
    assert "*" not in page["B2"].number_format.replace("_*", "")
    rules = {str(area.sqref): area.rules for area in page.conditional_formatting}
    assert [rule.formula for rule in rules["B2"]] == [["E2<$H$1"], ["E2<$F$1"]]
    assert '"**"' in rules["B2"][0].dxf.numFmt.formatCode
    assert page.print_area == "'Table'!$A$1:$C$4"
    assert not list(read(table).conditional_formatting)


def test_several_numbers_of_a_cell_stand_on_rows_of_their_own() -> None:
    both = Numbers((Number(0.5, 3, "*"), Numbers((Number(0.1), Number(0.9)), "[]")))
    page = read(Table(((Span(), Span("a")),), (Section((Row("x", (both,)),)),)))
    assert [page[f"B{i}"].value for i in (2, 3, 4)] == [0.5, 0.1, 0.9]
    assert [page[f"A{i}"].value for i in (2, 3, 4)] == ["x", None, None]
    assert page["B3"].number_format.startswith('"["#,##0.000')
    assert page["B4"].number_format.startswith('#,##0.000"]"')


def test_rules_are_those_of_the_look(small: Table) -> None:
    double = read(small.with_(look=Look("double")))
    assert double["A2"].border.top.style == double["A8"].border.top.style == "double"
    box = read(small.with_(look=Look("box")))
    assert (box["A5"].border.left.style, box["D5"].border.right.style) == ("medium", "medium")
    assert box["B5"].border.left.style == "thin"


def test_a_long_heading_is_folded_over_its_columns() -> None:
    row = Row("x", (Number(1.0), Number(2.0), Number(3.0)))
    header = ((Span(), Span("word " * 12, 2), Span("b")), (Span(), *map(Span, "123")))
    page = read(Table(header, (Section((row,)),)))
    assert page["B1"].value.count("\n") == 1
    assert page.row_dimensions[1].height == 30
    assert page.column_dimensions["B"].width == page.column_dimensions["C"].width > 15
