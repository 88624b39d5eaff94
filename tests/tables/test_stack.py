"""Panels of a table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from panel.errors import TableError
from panel.tables.cells import Number, Row, Section, Span, Text
from panel.tables.stack import stack_tables
from panel.tables.table import Table


def one(outcome: str, *notes: str, titles: tuple[str, ...] = ("",)) -> Table:
    """Two columns of one outcome."""
    row = Row("x", (Number(1.0), Number(2.0)))
    return Table(
        header=((Span(), Span(outcome, 2)), (Span(), Span("(1)"), Span("(2)"))),
        sections=tuple(Section((row,), title) for title in titles),
        notes=notes,
    )


def test_what_panels_share_stands_once_and_the_rest_with_them() -> None:
    a, b = one("Y1", "Shared.", "Of the first."), one("Y2", "Shared.", titles=("", ""))
    table = stack_tables({"Panel A. One": a, "Panel B. Two": b}, title="Both", notes="Mine.")
    assert [[s.words for s in spans] for spans in table.header] == [["", "(1)", "(2)"]]
    assert [s.title for s in table.sections] == ["Panel A. One. Y1", "Panel B. Two. Y2", ""]
    assert table.notes == ("Mine.", "Shared.", "Panel A: Of the first.")
    assert list(table.df.index) == [
        ("Panel A. One. Y1", "x"),
        ("Panel B. Two. Y2", "x"),
        ("Panel B. Two. Y2", "x"),
    ]


def test_headings_over_some_columns_become_a_row() -> None:
    a = one("Y1")
    b = replace(a, header=((Span("Outcome"), Span("Y1"), Span("Y2")), a.header[1]))
    table = stack_tables({"A": a, "B": b})
    assert table.rows[1] == Row("Outcome", (Text("Y1"), Text("Y2")))


def test_a_title_of_a_section_is_kept() -> None:
    table = stack_tables({"A": one("Y", titles=("East", "West"))})
    assert [s.title for s in table.sections] == ["A. East", "West"]


def test_what_cannot_be_stacked() -> None:
    with pytest.raises(TableError, match="no panel"):
        stack_tables({})
    narrow = Table(((Span(), Span("a")),), (Section((Row("x", (Number(1.0),)),)),))
    with pytest.raises(TableError, match="'B' has 1 columns"):
        stack_tables({"A": one("Y"), "B": narrow})
    with pytest.raises(TableError, match="'zh'"):
        stack_tables({"A": one("Y"), "B": one("Y").with_(language="zh")})
