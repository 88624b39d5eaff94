"""Ugly yearbook files give exactly their figures, or say what is missing to read them."""

from __future__ import annotations

import importlib.util
import io
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from panel.errors import InstallationError, UnitError, UnknownRegionError, UnknownVariableError
from panel.sources.catalogue import data_root
from panel.sources.reader import read_table
from panel.sources.regions import resolve
from panel.sources.yearbook import Yearbook, read_yearbook

sys.path.insert(0, str(Path(__file__).parent))
from corpus import CASES, Case, english, number, text, wide


def read(case: Case, folder: Path) -> Yearbook:
    path = folder / case.name
    path.write_bytes(case.content)
    return read_yearbook(path, **case.options)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_corpus(case: Case, tmp_path: Path) -> None:
    if case.needs and importlib.util.find_spec(case.needs) is None:
        pytest.skip(f"{case.needs} is not installed")
    if case.error is not None:
        with pytest.raises(case.error, match=case.match) as raised:
            read(case, tmp_path)
        assert type(raised.value) is case.error
        assert raised.value.remedy
        return
    book = read(case, tmp_path)
    table = book.table
    found = {
        (r["region"], r["year"], r["variable"]): None if r["value"] != r["value"] else r["value"]
        for r in table.to_dict("records")
    }
    assert found == case.expected
    units = dict(zip(table["variable"], table["unit"], strict=True))
    assert units | dict(case.units) == units
    assert tuple(dict.fromkeys(book.totals["name"])) == case.totals
    for (code, year), meaning in case.marks.items():
        row = table[(table["region"] == code) & (table["year"] == year)]
        assert meaning in row["meaning"].iloc[0]
    for code, footnote in case.footnotes.items():
        notes = table.loc[table["region"] == code, "footnote"]
        assert notes.str.contains(footnote, regex=False).any()
    for item, words in case.report.items():
        assert words in book.report[item]


SHIPPED = ["china/nbs_accounts", "china/nbs_telecom", "china/ceads_co2", "china/nbs_software"]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_files_are_read_as_they_are_declared(name: str) -> None:
    """Read without a word of explanation, they give what the register's own reader gives."""
    path = data_root() / "raw" / f"{name}.csv"
    declared = read_table(path).data
    book = read_yearbook(path)
    printed = {f"{v}({book.units[v]})": v for v in book.variables}
    assert list(declared.columns[2:]) == list(printed)
    declared["地区"] = [resolve(n).code for n in declared["地区"]]
    wide = declared.set_index(["地区", "年份"]).sort_index().rename(columns=printed)
    found = book.to_frame().table[list(book.variables)]
    assert found.index.tolist() == wide.index.tolist()
    np.testing.assert_array_equal(found.to_numpy(), wide.to_numpy(dtype=float))


def test_a_frame_has_units_labels_and_origins() -> None:
    rows = wide(shown=english)
    rows[4][2] = "…"
    book = read_yearbook(text([*rows, ["资料来源：国家统计局"]]))
    frame = book.to_frame({"地区生产总值": "gdp"}, unit="province", publisher="国家统计局")
    assert (frame.unit, frame.time, frame.columns["gdp"].unit) == ("province", "year", "亿元")
    assert frame.label("gdp", "zh") == "地区生产总值"
    origin = frame.origin("gdp", "Tianjin", 2019).sources[0]
    assert (origin.column, origin.publisher) == ("地区生产总值", "国家统计局")
    assert frame["gdp"].isna().sum() == 1
    assert book.to_frame(marks={"…": 0.0})["地区生产总值"].loc[("CN-TJ", 2020)] == 0.0
    assert frame["gdp"].loc[("CN-BJ", 2019)] == number(0, 2019)
    with pytest.raises(UnknownVariableError, match="has no 'gdp'"):
        book.to_frame({"gdp": "x"})
    with pytest.raises(UnknownVariableError, match="takes no variable") as caught:
        book.to_frame({})
    assert "地区生产总值" in caught.value.remedy
    with pytest.raises(UnknownVariableError, match="has no '-'"):
        book.to_frame(marks={"-": 0.0})


def test_the_report_says_everything_that_was_guessed() -> None:
    book = read_yearbook(text(wide(shown=english), encoding="gb18030"))
    report = book.report
    assert report["encoding"] == "gb18030"
    assert report["unit of 地区生产总值"] == "亿元 (printed: 亿元)"
    assert "thousands" in report
    assert list(report.df.columns) == ["item", "taken", "because", "place"]
    assert all(g.because for g in report.guesses)
    for shown in (str(report), report._repr_html_(), book._repr_html_()):
        assert "decimal mark" in shown
    with pytest.raises(KeyError):
        report["nothing"]
    assert "4 regions, 2019-2021" in repr(book)


def test_several_units_in_one_column_make_no_variable() -> None:
    rows = [
        ["地区", "年份", "单位", "数值"],
        ["北京", 2020, "亿元", "1.5"],
        ["天津", 2020, "万元", "2.5"],
    ]
    book = read_yearbook(text(rows), variable="gdp")
    assert book.table["unit"].tolist() == ["亿元", "万元"]
    with pytest.raises(UnitError, match="several units"):
        book.to_frame()


def test_buffers_and_names_do_not_matter(tmp_path: Path) -> None:
    content = text(wide())
    expected = read_yearbook(content).table
    path = tmp_path / "table.xls"  # what it is called is no evidence
    path.write_bytes(content)
    for source in (path, str(path), io.BytesIO(content), io.StringIO(content.decode())):
        pd.testing.assert_frame_equal(read_yearbook(source).table, expected)


@pytest.mark.parametrize(("library", "name"), [("openpyxl", "typed.xlsx"), ("xlrd", "97.xls")])
def test_a_missing_library_names_the_extra(
    library: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = next((c for c in CASES if c.name == name), None)
    content = case.content if case else b"\xd0\xcf\x11\xe0" + bytes(600)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(InstallationError, match=r"regpanel\[data\]"):
        read_yearbook(content)


@pytest.mark.parametrize(
    ("rows", "name", "code"),
    [
        (["全  国", "北  京", "河  北", "吉  林", "黑龙江"], "吉  林", "CN-JL"),  # provinces
        (["长春市", "吉林", "四平市", "通化市"], "吉林", "CN-220200"),  # prefectures
        (["辽宁", "大连市", "吉林", "黑龙江", "上海", "江苏"], "吉林", "CN-JL"),  # one city
        (["Liaoning", "Jilin", "Heilongjiang"], "Jilin", "CN-JL"),
        (["Ляонин", "Гирин", "Хэйлунцзян"], "Гирин", "CN-JL"),
        (["辽宁 Liaoning", "吉林 Jilin", "黑龙江 Heilongjiang"], "吉林 Jilin", "CN-JL"),
        (["Moscow", "Moscow Oblast", "Tula Oblast"], "Moscow", "RU-MOW"),
        (["Altai Krai", "Tomsk Oblast", "Altai"], "Altai", "RU-AL"),
    ],
)
def test_names_of_two_regions_are_told_by_the_names_around_them(
    rows: list[str], name: str, code: str
) -> None:
    lines = "\n".join(f"{label},{i + 1}.5" for i, label in enumerate(rows))
    book = read_yearbook(io.BytesIO(f"地区,2020年\n{lines}\n".encode()), variable="gdp")
    at = rows.index(name) + 1.5
    assert book.table.loc[book.table["region"] == code, "value"].tolist() == [at]
    assert code in book.report["name of several regions"]


def test_a_region_in_two_languages_is_one_region() -> None:
    rows = "吉林省,Jilin,1.5\n辽宁省,Liaoning,2.5\n黑龙江省,Heilongjiang,3.5"
    book = read_yearbook(io.BytesIO(f"地区,Region,2020\n{rows}\n".encode()), variable="gdp")
    assert set(book.table["region"]) == {"CN-JL", "CN-LN", "CN-HL"}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["Tula Oblast", "Moscow", "Tver Oblast"], r"B?'Moscow' may be .*RU-MOW.*do not tell"),
        (["南京市", "Suzhou", "无锡市"], r"'Suzhou' may be .*CN-320500, level 2.*CN-341300"),
        (["长春市", "吉林", "辽宁省"], r"'吉林' may be .*CN-JL, level 1.*CN-220200, level 2"),
    ],
)
def test_names_that_nothing_decides_are_named_with_what_they_may_be(
    rows: list[str], said: str
) -> None:
    lines = "\n".join(f"{label},{i + 1}.5" for i, label in enumerate(rows))
    with pytest.raises(UnknownRegionError, match=said) as raised:
        read_yearbook(io.BytesIO(f"region,2020\n{lines}\n".encode()), variable="gdp")
    assert "full name" in str(raised.value.remedy)
