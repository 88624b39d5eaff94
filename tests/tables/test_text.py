"""Tables in the terminal."""

from __future__ import annotations

from panel.tables.cells import Number, Row, Section, Span, Text, display_width, wrapped
from panel.tables.table import Table


def test_chinese_and_latin_lines_end_in_one_column() -> None:
    cells = ((Number(0.5, 3), Text("按省份聚类")), (Number(-10.25, 3, "**"), Text("iid")))
    table = Table(
        ((Span(), Span("被解释变量：工业", 2)), (Span(), Span("(1)"), Span("(2)"))),
        (Section((Row("数字经济", cells[0]), Row("log(x)", cells[1]))),),
        language="zh",
    )
    lines = table.__str__().splitlines()
    rows = [line for line in lines if "0.500" in line or "10.250" in line]
    marks = {display_width(line[: line.index(".")]) for line in rows}
    assert len(marks) == 1
    assert {display_width(line) for line in lines if set(line) <= {"═", "─"}} == {
        max(display_width(line) for line in lines)
    }


def test_a_long_heading_widens_its_columns() -> None:
    row = Row("x", (Number(1.0, 1), Number(2.0, 1)))
    table = Table(((Span(), Span("A heading of thirty-two letters.", 2)),), (Section((row,)),))
    assert "A heading of thirty-two letters." in str(table)
    assert max(map(len, str(table).splitlines())) == 1 + 2 + 32


def test_words_are_wrapped_whole_and_chinese_anywhere() -> None:
    assert wrapped("one two three", 8) == ["one two", "three"]
    assert wrapped("一二三四五", 4) == ["一二", "三四", "五"]
