"""Lagrange multiplier tests for spatial dependence: spdep's and spreg's numbers, clear errors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import panel
from panel.diagnostics.spatial import spatial_tests

REFERENCE = Path(__file__).parents[1] / "reference"
STORED = json.loads((REFERENCE / "spatial_growth.json").read_text())
SPDEP = {"error": "LMerr", "lag": "LMlag", "robust_error": "RLMerr", "robust_lag": "RLMlag",
         "both": "SARMA"}  # fmt: skip


@pytest.fixture(scope="module")
def columbus() -> panel.PanelFrame:
    table = pd.DataFrame(STORED["columbus"]["data"]).assign(u=range(1, 50), t=1980)
    return panel.PanelFrame.from_pandas(table, "u", "t")


def neighbours(**settings) -> panel.SpatialWeights:
    near = STORED["columbus"]["neighbours"]
    pairs = [(i, j) for i, row in enumerate(near, 1) for j in row]
    return panel.neighbour_weights(pairs, range(1, 50), **settings)


@pytest.fixture(scope="module")
def provinces() -> panel.PanelFrame:
    table = pd.read_csv(REFERENCE / "spatial_growth.csv").assign(year=2022)
    table["growth"] = np.log(table["last"] / table["first"]) / 6
    return panel.PanelFrame.from_pandas(table, "region", "year")


@pytest.mark.parametrize("style", ["standardised", "binary"])
def test_columbus_is_spdeps_and_spregs(columbus, style):
    m = panel.ols("CRIME ~ INC + HOVAL", columbus)
    found = spatial_tests(m, neighbours(standardise=style == "standardised"))
    for name, theirs in SPDEP.items():
        expected = STORED["columbus"][style]["tests"][theirs]
        # Closed forms of least squares: rounding alone.
        np.testing.assert_allclose(found.df.loc[name, ["statistic", "p_value"]], expected,
                                   rtol=1e-9)  # fmt: skip
        if style == "standardised":
            own = getattr(found, name)
            expected = STORED["spreg"]["tests"][name]
            np.testing.assert_allclose([own.statistic, own.p_value], expected, rtol=1e-9)
    assert found.df["df"].tolist() == [1, 1, 1, 1, 2]


@pytest.mark.parametrize("formula", ["growth ~ log(first) + i(zone)", "growth ~ log(first) | zone"])
def test_absorbed_effects_are_as_dummies(provinces, formula):
    borders = panel.contiguity("china", links=("land", "strait"))
    found = spatial_tests(panel.ols(formula, provinces), borders)
    for name, theirs in SPDEP.items():
        statistic = STORED["china"]["zone_tests"][theirs][0]
        assert found.df.loc[name, "statistic"] == pytest.approx(statistic, rel=1e-8)


def test_order_of_the_weights_does_not_matter(columbus):
    m = panel.ols("CRIME ~ INC + HOVAL", columbus, vcov="hetero")
    w = neighbours()
    mixed = w.select(np.random.default_rng(0).permutation(w.regions).tolist())
    pd.testing.assert_frame_equal(spatial_tests(m, w).df, spatial_tests(m, mixed).df)
    between = panel.between("CRIME ~ INC + HOVAL", columbus)
    pd.testing.assert_frame_equal(spatial_tests(between, w.df).df, spatial_tests(m, w).df)


def test_is_shown(columbus):
    found = spatial_tests(panel.ols("CRIME ~ INC", columbus), neighbours())
    assert "LM test of a spatial lag, robust" in found._repr_html_()
    assert "robust_lag" in str(found)
    assert found.tidy()["distribution"].tolist() == ["chi2(1)"] * 4 + ["chi2(2)"]
    assert found.lag.rejects(0.05)


def test_says_what_is_wrong(columbus):
    e, w = panel.errors, neighbours()
    two = pd.concat([columbus.data.reset_index(), columbus.data.reset_index().assign(t=1981)])
    two = panel.PanelFrame.from_pandas(two, "u", "t")
    with pytest.raises(e.EstimationError, match="several rows, of several ts"):
        spatial_tests(panel.ols("CRIME ~ INC", two), w)
    with pytest.raises(e.EstimationError, match="least squares without weights"):
        spatial_tests(panel.ols("CRIME ~ INC", columbus, weights="HOVAL"), w)
    with pytest.raises(e.EstimationError, match="by Poisson"):
        spatial_tests(panel.poisson("CRIME ~ INC", columbus), w)
    with pytest.raises(e.EstimationError, match="take an estimate"):
        spatial_tests(columbus, w)
    m = panel.ols("CRIME ~ INC", columbus)
    with pytest.raises(e.EstimationError, match="without weights"):
        spatial_tests(m.map(np.eye(2), ["a", "b"]), w)
    with pytest.raises(e.UnknownRegionError, match="no region 1"):
        spatial_tests(m, w.select(range(2, 50)))
    alone = w.df.copy()
    alone.loc[5] = 0.0
    with pytest.raises(e.DataError, match="5 has no neighbour"):
        spatial_tests(m, alone)
