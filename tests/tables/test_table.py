"""The table itself: what it holds, reads and refuses."""

from __future__ import annotations

import dataclasses
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from panel.errors import TableError
from panel.tables.cells import Empty, Number, Row, Section, Span, Text
from panel.tables.style import Style
from panel.tables.table import Table

TEXT = """\
Digital & green
═════════════════════════════════════════
                 Output_a & b    CO2 <t>
                (1)      (2)       (3)
─────────────────────────────────────────
Digital 100%   0.123*** -0.500*
              (0.013)   (0.250)
─────────────────────────────────────────
Year FE         Yes       No       Yes
─────────────────────────────────────────
N              1,270      99       12
═════════════════════════════════════════
Notes: Standard errors in parentheses. * p < 0.1, *** p < 0.01."""


def test_the_terminal_shows_decimals_below_each_other(small: Table) -> None:
    lines = str(small).splitlines()
    column = {
        line.index(".")
        for line in lines
        if line.startswith(("Digital 1", "      ")) and "." in line
    }
    assert column == {16}
    assert [line.split() for line in lines] == [line.split() for line in TEXT.splitlines()]


def test_the_frame_holds_unrounded_numbers(small: Table) -> None:
    df = small.df
    assert list(df.columns) == ["(1)", "(2)", "(3)"]
    assert list(df.index) == ["Digital 100%", "Digital 100%, standard error", "Year FE", "N"]
    assert df.loc["Digital 100%", "(1)"] == 0.1234
    assert df.loc["N", "(1)"] == 1270
    assert df.loc["Year FE", "(2)"] == "No"
    assert pd.isna(df.loc["Digital 100%", "(3)"])


def test_columns_of_numbers_are_numeric_in_the_frame() -> None:
    table = Table.from_pandas(pd.DataFrame({"a": [0.5, 1.25], "b": [1, 2]}))
    assert [dtype.kind for dtype in table.df.dtypes] == ["f", "i"]


def test_titled_sections_are_a_level_of_the_index() -> None:
    rows = (Row("x", (Number(1.0),)),)
    table = Table(((Span(), Span("a")),), (Section(rows, "East"), Section(rows, "West")))
    assert list(table.df.index) == [("East", "x"), ("West", "x")]


def test_columns_are_called_by_the_whole_header_where_its_last_row_is_ambiguous() -> None:
    table = Table(
        ((Span(), Span("A"), Span("B")), (Span(), Span("mean", 1), Span("mean"))),
        (Section((Row("x", (Number(1.0), Number(2.0))),)),),
    )
    assert table.columns == ("A / mean", "B / mean")


def test_rows_of_another_width_are_refused() -> None:
    with pytest.raises(TableError, match="'x' has 1 cells"):
        Table(
            ((Span(), Span("a", 2)),),
            (Section((Row("x", (Empty(), Empty())), Row("x", (Empty(),)))),),
        )
    with pytest.raises(TableError, match="spans 2 columns"):
        Table(((Span(), Span("a")),), (Section((Row("x", (Empty(), Empty())),)),))


def test_with_gives_a_new_table(small: Table) -> None:
    assert small.with_(title="B").title == "B"
    assert small.title == "Digital & green"
    with pytest.raises(dataclasses.FrozenInstanceError):
        small.title = "C"  # type: ignore[misc]


def test_one_note_may_be_a_text_and_empty_ones_are_left_out(small: Table) -> None:
    assert small.with_(notes="One.").notes == ("One.",)
    assert small.with_(notes=("", "One.")).notes == ("One.",)


# ---- from pandas ---------------------------------------------------------------------------


def test_from_pandas_keeps_kinds_apart() -> None:
    df = pd.DataFrame(
        {
            "year": [2020, 2021],
            "count": [1200, 12],
            "share": [0.51234, None],
            "value": [31568.2, 0.5],
            "verdict": ["agrees", None],
            "ok": [True, False],
        },
        index=pd.Index(["a", "b"], name="claim"),
    )
    table = Table.from_pandas(df, title="Audit", style=Style("ru"))
    assert [c.text() for c in table.rows[0].cells] == [
        "2020", "1,200", "0.512", "31,568.2", "agrees", "Да",
    ]  # fmt: skip
    assert [c.text() for c in table.rows[1].cells] == ["2021", "12", "", "0.5", "", "Нет"]
    assert table.header[0][0].words == "claim"
    assert table.across == ("right", "right", "right", "right", "left", "left")


def test_levels_of_columns_become_spans_and_of_rows_are_joined() -> None:
    df = pd.DataFrame(
        [[1.5, 2.5, 3.5]],
        columns=pd.MultiIndex.from_tuples([("A", "x"), ("A", "y"), ("B", "x")]),
        index=pd.MultiIndex.from_tuples([("Jiangxi", 2022)], names=["province", "year"]),
    )
    table = Table.from_pandas(df)
    assert table.header[0] == (Span(""), Span("A", 2), Span("B", 1))
    assert [s.words for s in table.header[1]] == ["province, year", "x", "y", "x"]
    assert table.rows[0].label == "Jiangxi, 2022"


def test_the_first_column_may_give_the_labels() -> None:
    table = Table.from_pandas(pd.DataFrame({"name": ["a"], "x": [1.5]}), index=False)
    assert (table.rows[0].label, table.width) == ("a", 1)


def test_a_frame_without_rows_or_columns_is_a_table() -> None:
    empty = Table.from_pandas(pd.DataFrame({"x": pd.Series(dtype=float)}))
    assert (empty.width, empty.rows) == (1, ())
    assert "x" in str(empty)
    for extension in ("tex", "html", "md", "typ", "csv", "docx", "xlsx"):
        assert empty._written(extension, {})


def test_the_frame_given_is_not_changed() -> None:
    df = pd.DataFrame({"x": [1.5, np.nan]})
    before = df.copy(deep=True)
    Table.from_pandas(df)
    pd.testing.assert_frame_equal(df, before)


# ---- files ---------------------------------------------------------------------------------


def test_one_call_writes_every_format(small: Table, tmp_path: Path) -> None:
    paths = small.save_all(tmp_path / "表 1" / "table2.1")
    names = [p.name for p in paths]
    ends = ("tex", "docx", "xlsx", "html", "md", "typ", "csv")
    assert names == [f"table2.1.{end}" for end in ends]
    assert all(p.stat().st_size > 100 for p in paths)
    assert sorted(p.name for p in paths[0].parent.iterdir()) == sorted(names)  # no draft is left


def test_the_same_table_gives_the_same_bytes(small: Table, tmp_path: Path) -> None:
    first = [p.read_bytes() for p in small.save_all(tmp_path / "a")]
    again = [p.read_bytes() for p in small.save_all(tmp_path / "b")]
    assert first == again
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {e.date_time for e in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_unknown_extension_is_answered_by_the_known_ones(small: Table, tmp_path: Path) -> None:
    for name in ("t.pdf", "t"):
        with pytest.raises(TableError, match=r"\.tex, \.docx, \.xlsx, \.html, \.md, \.typ, \.csv"):
            small.save(tmp_path / name)


def test_an_unknown_option_is_answered_by_the_like(small: Table, tmp_path: Path) -> None:
    with pytest.raises(TableError, match="did you mean 'landscape'"):
        small.save(tmp_path / "t.docx", landscap=True)


def test_a_file_that_cannot_be_written_is_named(small: Table, tmp_path: Path) -> None:
    (tmp_path / "t.md").mkdir()
    with pytest.raises(TableError, match=r"t\.md"):
        small.save(tmp_path / "t.md")
    assert [p.name for p in tmp_path.iterdir()] == ["t.md"]


def test_a_failed_save_leaves_the_old_file(small: Table, tmp_path: Path) -> None:
    path = small.save(tmp_path / "t.md")
    before = path.read_bytes()
    with pytest.raises(TableError):
        small.save(path, nonsense=1)
    assert path.read_bytes() == before


def test_notebooks_get_html_and_markdown(small: Table) -> None:
    assert small._repr_html_() == small.to_html()
    assert small._repr_markdown_() == small.to_markdown()


def test_texts_in_cells_are_not_numbers() -> None:
    table = Table(((Span(), Span("a")),), (Section((Row("x", (Text("12"),)),)),))
    assert table.df.loc["x", "a"] == "12"


def test_the_home_folder_may_be_written_as_a_tilde(
    small: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert small.save("~/x.md") == tmp_path / "x.md"
    assert small.save_all("~/y", ["md"]) == (tmp_path / "y.md",)
    with pytest.raises(TableError, match="cannot be saved to None"):
        small.save(None)  # type: ignore[arg-type]
