"""Moran's I and spatial Markov chains: peers' numbers, sums written out, permutations."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import DataError
from panel.inequality.spatial import local_moran, moran, spatial_markov
from panel.kernels.spatial import great_circle, two_sided

SPDEP = json.loads((Path(__file__).parents[1] / "reference" / "spdep.json").read_text())


@pytest.fixture(scope="module")
def columbus() -> panel.PanelFrame:
    """Anselin's 49 neighbourhoods, one year."""
    table = pd.DataFrame({"u": range(1, 50), "t": 1980, "x": SPDEP["x"]})
    return panel.PanelFrame.from_pandas(table, "u", "t")


def neighbours(**settings) -> panel.SpatialWeights:
    pairs = [(i, j) for i, near in enumerate(SPDEP["neighbours"], 1) for j in np.atleast_1d(near)]
    return panel.neighbour_weights(pairs, range(1, 50), **settings)


@pytest.fixture(scope="module")
def borders() -> panel.SpatialWeights:
    return panel.contiguity("china", links=("land", "strait"))


def test_columbus_is_spdeps(columbus):
    found = moran(columbus, "x", neighbours()).df.loc[1980]
    assert found.moran == pytest.approx(SPDEP["moran"][0], rel=1e-10)
    assert found.expected == pytest.approx(SPDEP["moran"][1], rel=1e-10)
    assert found.std_error**2 == pytest.approx(SPDEP["moran"][2], rel=1e-10)
    assert found.p_value == pytest.approx(SPDEP["p"], rel=1e-8)
    binary = moran(columbus, "x", neighbours(standardise=False)).df.loc[1980]
    expected = SPDEP["binary"]
    assert [binary.moran, binary.std_error**2] == pytest.approx([expected[0], expected[2]])
    local = local_moran(columbus, "x", neighbours()).df["local"]
    np.testing.assert_allclose(local, SPDEP["local"], rtol=1e-10)
    assert local.mean() == pytest.approx(found.moran)


@pytest.mark.parametrize("factor", [1e-200, 1e200])
def test_the_unit_does_not_matter(columbus, factor):
    scaled = columbus.assign(v=columbus["x"] * factor)
    plain, other = (moran(scaled, v, neighbours(), permutations=9).df for v in ("x", "v"))
    pd.testing.assert_frame_equal(plain, other, rtol=1e-9)


def test_provinces_are_esdas(china, borders, peers):
    found = moran(china, "gdp_per_person", borders).df
    for year, expected in peers["moran"]["years"].items():
        row = found.loc[int(year)]
        assert row.moran == pytest.approx(expected["I"], rel=1e-10)
        assert row.std_error**2 == pytest.approx(expected["VI_rand"], rel=1e-9)
        assert row.p_value == pytest.approx(expected["p_rand"], rel=1e-8)
    local = local_moran(china, "gdp_per_person", borders, sample="year == 2020").df
    quadrant = np.array(["", "HH", "LH", "LL", "HL"])[peers["moran"]["quadrant"]]
    assert local.quadrant.tolist() == quadrant.tolist()
    # esda divides by z'z/(N - 1), Anselin's statistic by z'z/N.
    np.testing.assert_allclose(local["local"] * 30 / 31, peers["moran"]["local"], rtol=1e-10)


def test_permutations_agree_with_the_moments(columbus):
    found = moran(columbus, "x", neighbours(), permutations=1999).df.loc[1980]
    assert found.p_permutation == 2 / 2000  # none of them is as far
    draw = np.random.default_rng(5)
    noise = columbus.assign(e=draw.normal(size=49))
    one = moran(noise, "e", neighbours(), permutations=4999).df.loc[1980]
    # 4999 permutations know p to 0.007; the normal approximation is some percent off.
    assert one.p_permutation == pytest.approx(one.p_value, abs=0.05)
    again = moran(noise, "e", neighbours(), permutations=4999).df.loc[1980]
    assert again.p_permutation == one.p_permutation
    other = moran(noise, "e", neighbours(), permutations=4999, seed=1).df.loc[1980]
    assert other.p_permutation != one.p_permutation
    p = local_moran(noise, "e", neighbours()).df.p_permutation
    assert 0.2 < p.mean() < 0.8  # of noise they are uniform, and 49 of them have a mean of 0.5
    assert two_sided(np.array(2.0), np.array([1.0, 2.0, 3.0])) == 1.0


def test_a_year_without_a_region_standardises_anew(china, borders):
    table = china.data.reset_index()
    gone = (table.province == "CN-BJ") & (table.year == 2018)
    table.loc[gone, "gdp_per_person"] = np.nan
    data = panel.PanelFrame.from_pandas(table, "province", "year")
    found = moran(data, "gdp_per_person", borders).df
    assert found.n.tolist() == [31, 31, 30, 31, 31, 31, 31, 31, 31]
    rest = [r for r in borders.regions if r != "CN-BJ"]
    kept = data.rows(lambda t: (t.province != "CN-BJ") & (t.year == 2018))
    alone = moran(kept, "gdp_per_person", borders.select(rest)).df
    assert alone.loc[2018, "moran"] == found.loc[2018, "moran"]


def test_spatial_chain_is_giddys(china, borders, peers):
    found = spatial_markov(china, "gdp_per_person", borders, lag_classes=3)
    expected = peers["spatial_markov"]
    np.testing.assert_array_equal(found.counts.to_numpy().reshape(3, 4, 4), expected["T"])
    assert found.test.statistic == pytest.approx(expected["Q"], rel=1e-9)
    assert found.test.df == (expected["dof_hom"],)
    assert found.test.p_value == pytest.approx(expected["Q_p_value"], rel=1e-9)
    assert found.test.details.loc["likelihood ratio", "statistic"] == pytest.approx(expected["LR"])
    by_class = found.counts.groupby(level="from").sum()
    np.testing.assert_array_equal(by_class, found.chain.counts)
    assert found.tidy().moves.sum() == 31 * 8
    mean = np.mean([china["gdp_per_person"][r, 2016] for r in borders.neighbours("CN-HI")])
    assert found.lags["CN-HI", 2016] == pytest.approx(mean)


def test_limits_hold_for_neighbours_too(china, borders):
    found = spatial_markov(china, "gdp_per_person", borders, classes=[50000, 80000])
    assert found.limits.loc["pooled"].tolist() == [50000, 80000]
    assert set(found.counts.index.get_level_values("lag")) == {1, 2, 3}


def test_shown_and_pickled(china, borders):
    one = moran(china, "gdp_per_person", borders, permutations=9)
    two = spatial_markov(china, "gdp_per_person", borders)
    for found in (one, two):
        assert "31 regions, 1 to 8 neighbours" in str(found)
        assert "of Gross regional product" in found._repr_html_()
        pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(found)).df, found.df)
    assert "莫兰指数" in one.labelled("zh").columns
    assert "Из класса" in two.labelled("ru").columns


def test_says_what_is_wrong(china, borders):
    error = panel.errors.DataError
    with pytest.raises(error, match="CN-HI has no neighbour among the 31 regions"):
        moran(china, "gdp_per_person", panel.contiguity("china"))
    with pytest.raises(panel.errors.UnknownRegionError, match="no region 'CN-AH'"):
        moran(china, "gdp_per_person", panel.contiguity("russia"))
    with pytest.raises(error, match="needs 4 that vary"):
        moran(china.assign(one=[1.0] * len(china)), "one", borders)
    with pytest.raises(error, match="permutations must be"):
        moran(china, "gdp_per_person", borders, permutations=0)
    with pytest.raises(error, match="A seed is"):
        moran(china, "gdp_per_person", borders, seed=-1)
    with pytest.raises(error, match="same regions as rows and as columns"):
        moran(china, "gdp_per_person", pd.DataFrame([[0, 1]]))


def test_distances_are_those_of_a_globe():
    # A quarter of the way around, and one degree along a meridian of a globe of 6371.0088 km.
    found = great_circle(np.array([0.0, 90, 1, 0]), np.array([0.0, 0, 0, 180]))
    expected = np.array([0, 90, 1, 180]) * np.pi / 180 * 6371.0088
    np.testing.assert_allclose(found[0], expected, rtol=1e-12)
    np.testing.assert_allclose(found, found.T)
    far = great_circle(np.array([39.90, 31.86, 43.83]), np.array([116.41, 117.28, 87.62]))
    # sp takes the ellipsoid, which differs from the globe by up to half a percent.
    np.testing.assert_allclose(far[0, 1:], SPDEP["distance"], rtol=5e-3)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("statistic", [panel.moran, panel.local_moran])
def test_weights_that_are_the_same_for_all(statistic):
    names = list("abcde")
    table = pd.DataFrame({"u": names, "t": 1, "y": [1.0, 2, 4, 3, 9]})
    everyone = pd.DataFrame(1 - np.eye(5), names, names)
    with pytest.raises(DataError, match="alike"):
        statistic(panel.PanelFrame.from_pandas(table, "u", "t"), "y", everyone)
