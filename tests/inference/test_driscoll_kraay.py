"""Driscoll and Kraay's covariance by its definition, and its calendar."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import DegreesOfFreedomError, VcovError


@pytest.fixture
def data() -> pd.DataFrame:
    draw = np.random.default_rng(0)
    keys = [(u, 2000 + t) for u in range(15) for t in range(12)]
    table = pd.DataFrame(keys, columns=["u", "t"])
    shock = draw.normal(size=12).cumsum()[table.t - 2000]
    table["x"] = draw.normal(size=len(table)) + shock
    table["y"] = table.x + shock + draw.normal(size=len(table))
    return table[draw.uniform(size=len(table)) < 0.8]


def fit(data, **settings):
    return panel.ols("y ~ x | u", data, unit="u", time="t", **settings)


@pytest.mark.parametrize("lags", [0, 1, 2, 5, 11])
def test_it_is_the_double_sum_over_pairs_of_years(lags, data):
    estimate = fit(data, vcov=panel.driscoll_kraay(lags, small="none"))
    years = estimate.design.time_numbers
    apart = np.abs(years[:, None] - years[None, :])
    weights = np.maximum(0, 1 - apart / (lags + 1))
    expected = estimate.influence.T @ weights @ estimate.influence
    np.testing.assert_allclose(estimate.cov.matrix, expected, rtol=1e-10)


def test_a_year_without_rows_is_still_a_year(data):
    # Without 2005, 2004 and 2006 are two years apart.
    gap = data[data.t != 2005]
    estimate = fit(gap, vcov=panel.driscoll_kraay(1, small="none"))
    closed = fit(gap.assign(t=gap.t - (gap.t > 2005)), vcov=panel.driscoll_kraay(1, small="none"))
    years = estimate.design.time_numbers
    near = np.maximum(0, 1 - np.abs(years[:, None] - years[None, :]) / 2)
    expected = estimate.influence.T @ near @ estimate.influence
    np.testing.assert_allclose(estimate.cov.matrix, expected, rtol=1e-10)
    assert not np.allclose(estimate.cov.matrix, closed.cov.matrix, rtol=1e-3)
    assert estimate.cov.df == closed.cov.df == 10


def test_years_far_apart_cost_nothing(data):
    # Two decades a hundred million years apart: no array of all the years between.
    far = data.assign(t=data.t + 10**8 * (data.t > 2005))
    estimate = fit(far, vcov=panel.driscoll_kraay(3, small="none"))
    years = estimate.design.time_numbers
    near = np.maximum(0, 1 - np.abs(years[:, None] - years[None, :]) / 4)
    expected = estimate.influence.T @ near @ estimate.influence
    np.testing.assert_allclose(estimate.cov.matrix, expected, rtol=1e-10)


def test_no_lags_are_clusters_of_years(data):
    clustered = fit(data, vcov=panel.cluster("t", kind="CR0"))
    kraay = fit(data, vcov=panel.driscoll_kraay(0, small="none"))
    np.testing.assert_allclose(kraay.cov.matrix, clustered.cov.matrix, rtol=1e-12)
    assert kraay.cov.df == clustered.cov.df == 11


def test_small_sample_factors(data):
    plain = fit(data, vcov=panel.driscoll_kraay(2, small="none"))
    n, k, effects, years = plain.nobs, 1, 15, 12
    for small, factor in {
        "fixest": years / (years - 1) * (n - 1) / (n - k - effects),
        "ivreg2": years / (years - 1) * (n - 1) / (n - k),
        panel.SmallSample(scale=False): years / (years - 1),
        panel.SmallSample(counted="full", groups="none"): (n - 1) / (n - k - effects),
    }.items():
        scaled = fit(data, vcov=panel.driscoll_kraay(2, small=small))
        np.testing.assert_allclose(scaled.cov.matrix, factor * plain.cov.matrix, rtol=1e-12)


def test_lags_left_out_are_the_fourth_root_of_the_years(data):
    # 12^(1/4) = 1.86
    assert fit(data, vcov="DK").cov.label == "Driscoll-Kraay (1 lag)"
    assert fit(data, vcov=panel.driscoll_kraay(2)).cov.label == "Driscoll-Kraay (2 lags)"


@pytest.mark.parametrize("lags", [-1, 1.5, "2", True, float("nan")])
def test_lags_are_whole_numbers_from_zero(lags):
    with pytest.raises(VcovError, match="whole number from 0") as caught:
        panel.driscoll_kraay(lags)
    assert caught.value.remedy
    assert panel.driscoll_kraay(np.int64(3)) == panel.driscoll_kraay(3)


def test_an_unknown_convention_is_suggested():
    with pytest.raises(VcovError, match="'fixst' is not known") as caught:
        panel.driscoll_kraay(1, small="fixst")
    assert "did you mean 'fixest'" in caught.value.remedy


def test_one_year_is_too_few(data):
    one = panel.ols("y ~ x", data[data.t == 2000], unit="u", time="t", vcov="DK")
    with pytest.raises(DegreesOfFreedomError, match="needs two"):
        _ = one.bse


@pytest.mark.parametrize("make", [panel.driscoll_kraay, panel.newey_west])
def test_as_many_lags_as_years_would_shrink_errors_to_nothing(make):
    draw = np.random.default_rng(5)
    keys = pd.MultiIndex.from_product([range(8), range(2001, 2007)], names=["region", "year"])
    table = pd.DataFrame(draw.normal(size=(48, 2)), index=keys, columns=["y", "x"])
    assert (panel.ols("y ~ x", table, vcov=make(5)).bse > 0).all()
    with pytest.raises(panel.errors.VcovError, match="6 lags need more than the 6 years"):
        _ = panel.ols("y ~ x", table, vcov=make(6)).bse
