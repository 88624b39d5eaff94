"""Winsorising, trimming and smoothing against figures worked out by hand and with numpy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import DataError, NotNumericError


@pytest.fixture
def frame() -> panel.PanelFrame:
    """1 to 20: region a has 1 to 10 in 2001 to 2010, region b 11 to 20."""
    keys = pd.MultiIndex.from_product([["a", "b"], range(2001, 2011)], names=["region", "year"])
    return panel.PanelFrame.from_pandas(pd.DataFrame({"x": np.arange(1.0, 21.0)}, index=keys))


def test_pooled_percentiles_are_numpys(frame: panel.PanelFrame) -> None:
    made = panel.winsorise(frame, "x", 0.05, 0.95)
    # h = 19 p: 0.95 above the first, so 1.95; and 19.05.
    assert made.table["x"].tolist() == pytest.approx([1.95, *np.arange(2.0, 20.0), 19.05])
    ((group, low, high),) = made.columns["x"].steps[0].cutoffs
    assert (group, low, high) == ("all", made.table["x"].min(), made.table["x"].max())
    assert (
        made.table["x"].tolist()
        == np.clip(frame.table["x"], *np.quantile(frame.table["x"], [0.05, 0.95])).tolist()
    )


def test_groups_have_percentiles_of_their_own(frame: panel.PanelFrame) -> None:
    made = panel.winsorise(frame, "x", 0.1, 0.9, by="region")
    for region, values in frame.table["x"].groupby(level=0):
        low, high = np.quantile(values, [0.1, 0.9])
        assert made.table["x"][region].tolist() == values.clip(low, high).tolist()
    assert [c[0] for c in made.columns["x"].steps[0].cutoffs] == ["a", "b"]


def test_trimmed_figures_are_missing_and_missing_ones_do_not_count(
    frame: panel.PanelFrame,
) -> None:
    gap = frame.assign(x=frame["x"].where(frame["x"] != 20))
    made = panel.trim(gap, "x", 0.05, 0.95)  # of 19 figures: beyond 1.9 and 18.1
    assert made.table["x"].dropna().tolist() == list(np.arange(2.0, 19.0))
    (step,) = made.columns["x"].steps
    assert step.text == "2 figures beyond percentiles 5 and 95 of all left out"


def test_a_filled_cell_that_is_trimmed_is_not_filled_any_more(frame: panel.PanelFrame) -> None:
    marked = frame.describe("x", filled=frozenset({("a", 2001), ("a", 2002)}))
    assert panel.trim(marked, "x", 0.05, 0.95).columns["x"].filled == {("a", 2002)}


def test_moving_averages_follow_the_calendar(frame: panel.PanelFrame) -> None:
    gap = frame.rows(lambda t: ~((t.region == "a") & (t.year == 2005)))
    x = panel.moving_average(gap, "x", 3).table["x"]
    assert x["a", 2002] == pytest.approx(2.0)  # (1 + 2 + 3) / 3
    assert np.isnan(x["a", 2001])
    assert np.isnan(x["a", 2004])  # 2005 has no row
    assert np.isnan(x["a", 2010])  # the year after belongs to region b's rows
    assert x["b", 2009] == pytest.approx(19.0)


def test_the_trend_does_not_cross_a_gap(frame: panel.PanelFrame) -> None:
    hpfilter = pytest.importorskip("statsmodels.tsa.filters.hp_filter").hpfilter
    draw = np.random.default_rng(3)
    noisy = frame.assign(x=draw.normal(size=20))
    holed = noisy.assign(x=noisy["x"].where(noisy["x"].index != ("a", 2005)))
    x = panel.hp_trend(holed, "x").table["x"]
    before = noisy.table["x"]
    # One positive definite system of small condition: twelve digits.
    np.testing.assert_allclose(x["b"], hpfilter(before["b"], 6.25)[1], rtol=1e-10)
    np.testing.assert_allclose(x["a"].iloc[:4], hpfilter(before["a"].iloc[:4], 6.25)[1], rtol=1e-10)
    np.testing.assert_allclose(x["a"].iloc[5:], hpfilter(before["a"].iloc[5:], 6.25)[1], rtol=1e-10)
    assert np.isnan(x["a", 2005])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f: panel.winsorise(f, "x", 0.9, 0.1), "not in order"),
        (lambda f: panel.winsorise(f, "x", 1, 99), "not in order between 0 and 1"),
        (lambda f: panel.trim(f, "x", -0.1, 0.9), "not in order"),
        (lambda f: panel.winsorise(f.assign(x=np.full(20, np.nan)), "x"), "no figures"),
        (lambda f: panel.moving_average(f, "x", 4), "odd number"),
        (lambda f: panel.moving_average(f, "x", True), "odd number"),
        (lambda f: panel.moving_average(f, "x", 99), "99 years running"),
        (lambda f: panel.hp_trend(f, "x", 0), "must be positive"),
        (lambda f: panel.hp_trend(f, "x", np.nan), "must be positive"),
        (lambda f: panel.winsorise(f.assign(x=np.full(20, np.inf)), "x"), "infinite for a, 2001"),
    ],
)
def test_mistakes(frame: panel.PanelFrame, call: object, message: str) -> None:
    with pytest.raises(DataError, match=message):
        call(frame)  # type: ignore[operator]


def test_a_figure_without_a_group(frame: panel.PanelFrame) -> None:
    zones = ["East"] * 19 + [None]
    with pytest.raises(DataError, match="'zone' is missing for b, 2010"):
        panel.winsorise(frame.assign(zone=zones), "x", by="zone")
    with pytest.raises(NotNumericError):
        panel.winsorise(frame.assign(zone=["East"] * 20), "zone")


def test_quarters_are_a_calendar_too() -> None:
    quarters = pd.period_range("2020Q1", periods=5, freq="Q")
    keys = pd.MultiIndex.from_product([["a"], quarters], names=["region", "quarter"])
    table = pd.DataFrame({"x": [1.0, 2.0, 6.0, 4.0, 5.0]}, index=keys)
    made = panel.moving_average(panel.PanelFrame.from_pandas(table), "x")
    np.testing.assert_allclose(made.table["x"], [np.nan, 3.0, 4.0, 5.0, np.nan])
