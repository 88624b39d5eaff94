"""Several tables in one document."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from panel.errors import TableError
from panel.tables.saving import save_tables
from panel.tables.style import Look
from panel.tables.table import Table


def test_names_are_sheets_and_captions_are_numbered(small: Table, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    tables = {"main": small, "MAIN": small, "a/b" + "x" * 40: small}
    book = openpyxl.load_workbook(save_tables(tables, tmp_path / "t.xlsx"))
    assert book.sheetnames == ["main", "MAIN 2", "a b" + "x" * 28]
    assert [page["A1"].value for page in book] == [f"Table {n}: Digital & green" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("changes", "caption"),
    [
        ({}, "Table 2: Digital &amp; green"),
        ({"language": "zh"}, "表2\u3000Digital &amp; green"),
        ({"language": "ru"}, "Таблица 2 — Digital &amp; green"),
        ({"look": Look(numerals="roman")}, "Table II: Digital &amp; green"),
    ],
)
def test_numbers_speak_the_language_of_their_table(
    small: Table, tmp_path: Path, changes: dict[str, object], caption: str
) -> None:
    page = save_tables([small, small.with_(**changes)], tmp_path / "t.html").read_text("utf-8")
    assert f"<caption>{caption}</caption>" in page
    assert page.count("<!DOCTYPE") == 1
    plain = save_tables([small], tmp_path / "p.html", numbered=False).read_text("utf-8")
    assert "<caption>Digital" in plain


def test_roman_numbers(small: Table, tmp_path: Path) -> None:
    roman = small.with_(look=Look(numerals="roman"))
    text = save_tables([roman] * 49, tmp_path / "t.md").read_text("utf-8")
    numbers = [line.split()[1] for line in text.splitlines() if line.startswith("**Table")]
    assert [numbers[n - 1] for n in (4, 9, 14, 40, 49)] == ["IV:", "IX:", "XIV:", "XL:", "XLIX:"]


def test_latex_labels_are_safe_and_numbers_left_to_latex(small: Table, tmp_path: Path) -> None:
    source = save_tables({"main": small, "b}\\x": small}, tmp_path / "t.tex").read_text("utf-8")
    assert r"\label{tab:main}" in source
    assert r"\label{tab:b-x}" in source
    assert "Table 1" not in source
    assert r"\documentclass" not in source


def test_word_turns_the_page_for_a_wide_table_only(small: Table, tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    rows = [r.cells * 3 for r in small.rows]
    wide = Table((), (small.sections[0],)).with_(
        sections=tuple(
            type(s)(tuple(type(r)(r.label, r.cells * 3, r.name) for r in s.rows))
            for s in small.sections
        )
    )
    assert len(rows[0]) == wide.width == 9
    path = save_tables([small, small, wide, small], tmp_path / "t.docx")
    document = docx.Document(io.BytesIO(path.read_bytes()))
    assert [s.page_width > s.page_height for s in document.sections] == [False, True, False]
    assert len(document.tables) == 4


def test_typst_has_each(small: Table, tmp_path: Path) -> None:
    text = save_tables([small, small], tmp_path / "t.typ").read_text("utf-8")
    assert text.count("#figure(") == 2


def test_what_cannot_be_saved(small: Table, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"\.csv file holds one table"):
        save_tables([small], tmp_path / "t.csv")
    with pytest.raises(TableError, match="no table"):
        save_tables([], tmp_path / "t.md")
    with pytest.raises(TableError, match="extension 'pdf'"):
        save_tables([small], tmp_path / "t.pdf")
    with pytest.raises(TableError, match="'floating' is not an option"):
        save_tables([small], tmp_path / "t.tex", floating=False)


def test_what_is_no_table(small: Table, tmp_path: Path) -> None:
    for wrong in ([small, 3], 3, {"a": "text"}):
        with pytest.raises(TableError, match="not a table"):
            save_tables(wrong, tmp_path / "t.md")  # type: ignore[arg-type]
    assert save_tables(small, tmp_path / "t.md").exists()  # type: ignore[arg-type]
