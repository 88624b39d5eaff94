"""Filling missing figures, against figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import DataError, FormulaError, UnitError, UnknownRegionError

NAN = np.nan


def panel_of(**series: list[float]) -> panel.PanelFrame:
    """Regions a, b, c with the same years 2010, 2011, ..."""
    length = len(next(iter(series.values()))) // 3
    keys = pd.MultiIndex.from_product(
        [list("abc"), range(2010, 2010 + length)], names=["region", "year"]
    )
    return panel.PanelFrame.from_pandas(pd.DataFrame(series, index=keys))


@pytest.fixture
def gaps() -> panel.PanelFrame:
    return panel_of(x=[NAN, 2, NAN, NAN, 16, NAN, NAN, NAN, 5, NAN, NAN, NAN, 1, NAN, 3, 4, 5, NAN])


def test_a_straight_line_between_known_years_only(gaps: panel.PanelFrame) -> None:
    made = panel.interpolate(gaps, "x", limit=2)
    a, b, c = (made.table["x"][r].tolist() for r in "abc")
    np.testing.assert_allclose(a, [NAN, 2, 2 + 14 / 3, 2 + 28 / 3, 16, NAN], rtol=1e-15)
    assert np.isnan(b).sum() == 5
    np.testing.assert_array_equal(c, [1, 2, 3, 4, 5, NAN])
    assert made.columns["x"].filled == {("a", 2012), ("a", 2013), ("c", 2011)}


def test_constant_growth(gaps: panel.PanelFrame) -> None:
    a = panel.interpolate(gaps, "x", "geometric").table["x"]["a"]
    np.testing.assert_allclose(a, [NAN, 2, 4, 8, 16, NAN], rtol=1e-14)  # doubles every year


def test_gaps_beyond_the_limit_stay(gaps: panel.PanelFrame) -> None:
    made = panel.interpolate(gaps, "x", limit=1)
    assert made.columns["x"].filled == {("c", 2011)}
    short = gaps.rows(lambda t: t.year != 2012)  # a year without a row counts all the same
    assert panel.interpolate(short, "x", limit=1).columns["x"].filled == frozenset()


def test_nothing_is_extrapolated_unless_asked(gaps: panel.PanelFrame) -> None:
    made = panel.interpolate(gaps, "x", "geometric", extrapolate=True)
    np.testing.assert_allclose(made.table["x"]["a"], [1, 2, 4, 8, 16, 32], rtol=1e-14)
    assert made.table["x"]["c", 2015] == pytest.approx(25 / 4)  # 4 to 5 once more
    assert made.table["x"]["b"].notna().sum() == 1  # one figure has no growth
    straight = panel.interpolate(gaps, "x", extrapolate=True, limit=2).table["x"]
    assert straight["a", 2010] == pytest.approx(2 - 14 / 3)
    assert "inter- and extrapolated" in made.columns["x"].steps[0].text


def test_growth_from_zero_is_refused(gaps: panel.PanelFrame) -> None:
    zero = gaps.assign(x=gaps["x"].replace(2.0, 0.0))
    with pytest.raises(DataError, match="'x' is 0 for a, 2011"):
        panel.interpolate(zero, "x", "geometric")


def test_means_of_groups() -> None:
    frame = panel_of(x=[1, NAN, 3, NAN, 8, NAN])
    by_region = panel.impute_mean(frame, "x", "region")
    assert by_region.table["x"].tolist() == [1, 1, 3, 3, 8, 8]
    by_year = panel.impute_mean(frame, "x", "year").table["x"]
    assert by_year["a", 2010] == 1
    assert np.isnan(by_year["a", 2011])  # nobody has a figure in 2011


def test_means_of_neighbours_take_no_imputed_figure() -> None:
    frame = panel_of(x=[1, NAN, NAN, 4, 9, NAN])
    weights = panel.matrix_weights(
        pd.DataFrame([[0, 1, 0], [1, 0, 3], [0, 3, 0]], list("abc"), list("abc"), dtype=float)
    )
    made = panel.impute_neighbours(frame, "x", weights).table["x"]
    assert made["b", 2010] == pytest.approx((1 * 1 + 3 * 9) / 4)
    assert made["a", 2011] == 4
    assert made["c", 2011] == 4
    lonely = panel_of(x=[NAN, NAN, NAN, NAN, 9, 2])
    assert np.isnan(panel.impute_neighbours(lonely, "x", weights).table["x"]["a", 2010])
    with pytest.raises(UnknownRegionError, match="'c'"):
        panel.impute_neighbours(frame, "x", weights.select(["a", "b"]))


def test_a_regression_fills_what_it_fits() -> None:
    z = [1.0, 2, 3, 4, 5, 6]
    frame = panel_of(x=[3.0, NAN, 7, 9, 11, NAN], z=z, w=[1.0, NAN, 2, 1, 2, 1])
    made = panel.impute_regression(frame, "x", "x ~ z")
    np.testing.assert_allclose(made.table["x"], [3, 5, 7, 9, 11, 13], rtol=1e-12)  # x = 1 + 2z
    assert "x ~ z (n = 4, R² = 1.000)" in made.columns["x"].steps[0].text
    part = panel.impute_regression(frame, "x", "x ~ z + w")
    assert part.columns["x"].filled == {("c", 2011)}  # no w for a, 2011
    grown = frame.assign(x=np.exp(frame["x"]))
    logs = panel.impute_regression(grown, "x", "log(x) ~ z", into="full")
    np.testing.assert_allclose(logs.table["full"], np.exp([3, 5, 7, 9, 11, 13]), rtol=1e-11)
    assert np.isnan(logs.table["x"]["a", 2011])
    again = panel.winsorise(logs, "full", 0.0, 0.9)
    off = again.without_step("winsorise full").table["full"]
    pd.testing.assert_series_equal(off, logs.table["full"], check_exact=True)
    redone = panel.trim(grown, "x", 0.0, 1.0)
    redone = panel.impute_regression(redone, "x", "log(x) ~ z").without_step("trim x")
    np.testing.assert_allclose(redone.table["x"], np.exp([3, 5, 7, 9, 11, 13]), rtol=1e-11)


def test_what_a_regression_cannot_use() -> None:
    frame = panel_of(x=[3.0, NAN, 7, 9, 11, NAN], z=[1.0, 2, 3, 4, 5, 6])
    with pytest.raises(FormulaError, match="takes no fixed effects"):
        panel.impute_regression(frame, "x", "x ~ z | region")
    with pytest.raises(FormulaError, match="neither 'x' nor its logarithm"):
        panel.impute_regression(frame, "x", "z ~ x")


def test_vintages_are_spliced_by_ratio_or_difference() -> None:
    frame = panel_of(
        new=[NAN, 12, 24, NAN, NAN, 7, NAN, NAN, NAN], old=[5.0, 10, 20, 4, 5, 6, 7, 8, 9]
    )
    ratio = panel.splice(frame, "new", "old")
    # a: 36 / 30 = 1.2; b: 7 / 6; c has no common year and stays empty
    np.testing.assert_allclose(
        ratio.table["new"], [6, 12, 24, 28 / 6, 35 / 6, 7, NAN, NAN, NAN], rtol=1e-14
    )
    difference = panel.splice(frame, "new", "old", "difference")
    np.testing.assert_allclose(
        difference.table["new"], [8, 12, 24, 5, 6, 7, NAN, NAN, NAN], rtol=1e-14
    )
    late = panel.splice(frame, "new", "old", overlap=(2012, 2012))
    assert late.table["new"]["a", 2010] == pytest.approx(5 * 24 / 20)
    assert late.columns["new"].steps[0].text == (
        "3 figures taken over from old, by the ratio in 2012"
    )
    assert ratio.columns["new"].filled == {("a", 2010), ("b", 2010), ("b", 2011)}


def test_vintages_are_brought_to_one_unit() -> None:
    frame = panel_of(new=[NAN, 2, 4] * 3, old=[1e4, 2e4, 4e4] * 3)
    frame = frame.describe("new", unit="亿元").describe("old", unit="万元")
    made = panel.splice(frame, "new", "old", "difference")
    assert made.table["new"]["a", 2010] == pytest.approx(1.0)
    with pytest.raises(UnitError):
        panel.splice(frame.describe("old", unit="万人"), "new", "old")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f: panel.interpolate(f, "x", "cubic"), "no way to interpolate"),
        (lambda f: panel.interpolate(f, "x", limit=0), "whole number of years from 1"),
        (lambda f: panel.interpolate(f, "x", limit=True), "whole number"),
        (lambda f: panel.splice(f, "x", "z", "sum"), "no way to splice"),
        (lambda f: panel.splice(f, "x", "z", overlap=(1990, 1991)), "no common figure"),
        (lambda f: panel.splice(f, "x", "zero"), "adds up to zero for a"),
        (lambda f: panel.splice(f.assign(minus=-f["x"]), "x", "minus"), "opposite signs for a"),
    ],
)
def test_mistakes(call: object, message: str) -> None:
    frame = panel_of(x=[3.0, NAN, 7, 9, 11, NAN], z=[1.0] * 6, zero=[0.0] * 6)
    with pytest.raises(DataError, match=message):
        call(frame)  # type: ignore[operator]
