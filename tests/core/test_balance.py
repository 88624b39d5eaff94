"""The report of a panel: balance, gaps, missing figures."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

import panel


def build(rows, **columns):
    keys = pd.DataFrame(rows, columns=["unit", "year"])
    return panel.PanelFrame.from_pandas(keys.assign(**columns), "unit", "year", name="demo")


def test_a_balanced_panel():
    report = build([(u, t) for u in "ab" for t in (1, 2, 3)], x=range(6)).report()
    assert (report.n_rows, report.n_units, report.n_times) == (6, 2, 3)
    assert report.balanced
    assert report.gaps == ()
    assert (report.status == "complete").all(axis=None)


def test_gaps_are_years_inside_a_units_span():
    report = build([("a", 1), ("a", 4), ("b", 2), ("b", 3)], x=[1, np.nan, 3, 4]).report()
    assert not report.balanced
    assert report.gaps == (("a", 2), ("a", 3))
    assert report.status.loc["a"].tolist() == [
        "complete", "no row", "no row", "partly missing",
    ]  # fmt: skip
    assert report.missing.loc["x", 4] == 1
    row = report.variables.loc["x"]
    assert (row.figures, row.missing, row["first"], row["last"]) == (3, 1, 1, 3)


def test_a_year_that_no_unit_has_is_no_balance():
    assert not build([(u, t) for u in "ab" for t in (1, 3)], x=range(4)).report().balanced


def test_gaps_of_quarters():
    quarters = pd.PeriodIndex(["2020Q1", "2020Q4"], freq="Q")
    report = build([("a", 0), ("a", 1)], x=[1, 2], year=quarters).report()
    assert [str(t) for _, t in report.gaps] == ["2020Q2", "2020Q3"]


def test_filled_cells_are_counted_apart():
    frame = build([("a", 1), ("a", 2)], x=[1.0, 2.0])
    report = frame.describe("x", filled=frozenset({("a", 2)})).report()
    assert report.variables.loc["x", ["figures", "filled"]].tolist() == [1, 1]


def test_it_can_be_read_and_looked_at():
    report = build([("a", 1), ("a", 3), ("b", 1)], x=[1, np.nan, 2], zone=["E", "E", "W"]).report()
    text = str(report)
    assert "demo: 2 regions x 2 years, 3 rows, unbalanced" in text
    assert "duplicate keys: 0" in text
    assert "a #+" in text
    assert "<svg" in report._repr_html_()
    assert report.status_svg().count("<rect") == 4 + 3
    empty = build([], x=[]).report()
    assert empty.n_rows == 0
    assert str(empty)


def test_infinite_cells_are_counted():
    report = build(
        [("a", 1), ("a", 2), ("b", 1)], x=[1, np.inf, -np.inf], z=["E", "E", "W"]
    ).report()
    assert report.variables["infinite"].tolist() == [2, 0]


def test_gaps_of_many_rows_take_no_time():
    years = [t for t in range(1000) if t != 500]
    frame = build([(f"u{i:03d}", t) for i in range(100) for t in years], x=np.ones(99_900))
    begun = time.perf_counter()
    assert frame.report().gaps == tuple((f"u{i:03d}", 500) for i in range(100))
    # A second on a slow machine; looking up every year in a set built anew takes several.
    assert time.perf_counter() - begun < 1.5


def test_variables_are_listed_with_label_and_unit():
    table = pd.DataFrame({"r": ["A"], "year": [2020], "gdp": [1.0]})
    frame = panel.PanelFrame.from_pandas(table, "r", "year", {"gdp": "亿元"}, {"gdp": "Product"})
    listed = frame.report().variables
    assert list(listed.loc["gdp", ["label", "unit"]]) == ["Product", "亿元"]
    assert "Product" in frame.report()._repr_html_()


def test_it_speaks_three_languages():
    rows = [("a", 1), ("a", 3), ("b", 1)]
    frame = build(rows, x=[1, np.nan, 2], name_zh=["甲乙", "甲乙", "丙"], name_ru=["А", "А", "Б"])
    frame = frame.describe("x", unit="亿元", labels={"zh": "产值", "ru": "Выпуск"})
    zh, ru = frame.report("zh"), frame.report("ru")
    text = str(zh)
    assert "demo：2个地区，2年，3行，非平衡" in text
    assert "地区首末年之间缺行：1（首个：甲乙，2）" in text
    assert "甲乙 #+" in text
    assert "丙   #." in text  # a Chinese letter is as wide as two others
    assert zh.labelled().loc["x", ["名称", "单位"]].tolist() == ["产值", "亿元"]
    assert ru.labelled().loc["x", ["название", "единица"]].tolist() == ["Выпуск", "100 млн юаней"]
    for said in ("нет строки", "А, 3: часть пропущена", "строк: 3, не сбалансирована"):
        assert said in ru._repr_html_()
    # The tables' own names are for programs and stay as they are.
    assert list(zh.variables) == list(frame.report().variables)
    assert zh.status.equals(frame.report().status)
    with pytest.raises(panel.errors.DataError, match="no headings in 'de'"):
        frame.report("de")


def test_steps_of_cleaning_are_said_in_the_language():
    frame = build([("a", t) for t in range(9)], x=[1.0, 2, 3, 4, 5, 6, 7, 8, 99])
    done = panel.winsorise(frame, "x", lower=0.1, upper=0.8)
    assert "缩尾" in done.report("zh").adjustments["step"].iloc[0]
    assert "处理记录" in str(done.report("zh"))
