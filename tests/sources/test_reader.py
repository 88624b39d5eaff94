"""Yearbook tables are read with their encodings, marks and numbers; text among numbers is named."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from panel.errors import NotNumericError, SourceError
from panel.sources.reader import read_table

TABLE = "地区,年份,产值\n江西省,2020,1.5\n湖北省,2020,—\n"


@pytest.mark.parametrize(
    ("encoding", "found"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gb18030", "gb18030")]
)
def test_encodings(tmp_path: Path, encoding: str, found: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TABLE.encode(encoding))
    read = read_table(path)
    assert read.encoding == found
    assert list(read.data.columns) == ["地区", "年份", "产值"]
    assert read.data["产值"].iloc[0] == 1.5


def test_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("регион,год\nКурская область,2020\n".encode("cp1251"))
    assert read_table(path, encoding="cp1251").data["регион"].iloc[0] == "Курская область"
    with pytest.raises(SourceError, match="cannot be decoded as ascii"):
        read_table(path, encoding="ascii")


def test_missing_marks_are_reported_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("r,a,b\nx,-,1\ny,…,\nz,...,—\nw,4,5\n", encoding="utf-8")
    read = read_table(path)
    assert read.data["a"].isna().tolist() == [True, True, True, False]
    marks = {(m.row, m.column): m.mark for m in read.missing.itertuples()}
    assert marks == {(2, "a"): "-", (3, "a"): "…", (4, "a"): "...", (3, "b"): "", (4, "b"): "—"}
    assert "empty x 1" in repr(read)


@pytest.mark.parametrize("cell", ["12*", "约30", "inf", "1,2", "nan"])
def test_text_among_numbers_names_the_cell(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "figures.csv"
    path.write_text(f'r,a\nx,1\ny,"{cell}"\n', encoding="utf-8")
    with pytest.raises(NotNumericError, match=r"figures.csv, row 3, column 'a'") as error:
        read_table(path)
    assert error.value.value == cell
    assert read_table(path, text=["a"]).data["a"].tolist() == ["1", cell]


def test_russian_number_format(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('r,a\nx,"1\u00a0234,5"\ny,"2 000"\n', encoding="utf-8")
    read = read_table(path, thousands=" ", decimal=",")
    assert read.data["a"].tolist() == [1234.5, 2000.0]


def test_broken_tables(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("r,a\nx,1\ny,2,3\n", encoding="utf-8")
    with pytest.raises(SourceError, match="row 3: 3 cells under 2 columns"):
        read_table(path)
    path.write_text("r,a,a\nx,1,2\n", encoding="utf-8")
    with pytest.raises(SourceError, match="two columns 'a'"):
        read_table(path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(SourceError, match="no header"):
        read_table(path)
    with pytest.raises(SourceError, match="no file"):
        read_table(tmp_path / "b.csv")


def test_excel_gives_the_same_as_csv(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    (tmp_path / "a.csv").write_text(TABLE, encoding="utf-8")
    table = pd.DataFrame({"地区": ["江西省", "湖北省"], "年份": [2020, 2020], "产值": [1.5, "—"]})
    table.to_excel(tmp_path / "a.xlsx", index=False)
    csv, excel = (read_table(tmp_path / f"a.{kind}") for kind in ("csv", "xlsx"))
    pd.testing.assert_frame_equal(csv.data, excel.data)
    pd.testing.assert_frame_equal(csv.missing, excel.missing)
