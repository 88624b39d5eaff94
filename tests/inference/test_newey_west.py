"""Newey and West's covariance within regions against plm, fixest, Stata and pyfixest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.inference.newey_west import newey_west


@pytest.mark.parametrize("lags", [1, 4])
@pytest.mark.parametrize(
    ("case", "data", "formula"),
    [
        ("grunfeld_pooling", "Grunfeld", "inv ~ value + capital"),
        ("grunfeld_within", "Grunfeld", "inv ~ value + capital | firm"),
        ("produc_pooling", "Produc", "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp"),
        ("produc_within", "Produc", "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp | state"),
    ],
)
def test_agrees_with_plm(case, data, formula, lags, frame, stored, assert_matrix):
    estimate = panel.ols(formula, frame(data), vcov=newey_west(lags, small="none"))
    assert_matrix(estimate.cov.matrix, stored[f"nw_{case}_{lags}"])


def test_agrees_with_stored_output_of_fixest_and_stata(model):
    # fixest 0.14.2: NW(4) of the pooled model.
    pooled = model("grunfeld").with_vcov(newey_west(4))
    fixest = [16.557797463883, 0.0116953802565647, 0.0700234515046922]
    np.testing.assert_allclose(pooled.bse, fixest, rtol=1e-10)
    assert pooled.cov.df == 19
    # Stata, newey invest mvalue kstock, lag(4) force: statsmodels' stored output, from data in
    # single precision.
    stata = [16.179042041128, 0.01142785251475, 0.06842168281423]
    plain = pooled.with_vcov(newey_west(4, small="none"))
    np.testing.assert_allclose(plain.bse * np.sqrt(200 / 197), stata, rtol=1e-6)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # pyfixest's own
def test_agrees_with_pyfixest_on_a_panel_that_begins_and_ends_anywhere(table):
    # pyfixest lags by position, so no gaps inside a state: states begin and end in other years.
    pyfixest = pytest.importorskip("pyfixest")
    data = table("Produc")
    number = pd.factorize(data.state)[0]
    data = data[(data.year >= 1970 + number % 4) & (data.year <= 1986 - number % 3)].assign(
        y=lambda d: np.log(d.gsp), x=lambda d: np.log(d.pcap), code=lambda d: d.state.factorize()[0]
    )
    keys = {"time_id": "year", "panel_id": "code", "lag": 3}
    peer = pyfixest.feols(
        "y ~ x + unemp | state + year", data, vcov="NW", vcov_kwargs=keys,
        ssc=pyfixest.ssc(k_adj=False, G_adj=False), fixef_tol=1e-13,
    )  # fmt: skip
    estimate = panel.ols(
        "y ~ x + unemp | state + year", data, unit="state", time="year",
        vcov=newey_west(3, small="none"),
    )  # fmt: skip
    # pyfixest takes effects out by iterations: eight digits of the slopes, as of their errors.
    np.testing.assert_allclose(estimate.bse, peer.se(), rtol=1e-8)


def test_lags_follow_the_calendar(model, assert_matrix):
    estimate = model("gaps").with_vcov(newey_west(3, small="none"))
    rows = pd.DataFrame(estimate.influence, index=estimate.design.index)
    expected = np.zeros((4, 4))
    for (state, year), row in rows.iterrows():
        for (other_state, other_year), other in rows.loc[[state]].iterrows():
            distance = abs(year - other_year)
            if state == other_state and distance <= 3:
                expected += (1 - distance / 4) * np.outer(row, other)
    assert_matrix(estimate.cov.matrix, expected, rtol=1e-12)


def test_no_lags_is_hc0(model, assert_matrix):
    estimate = model("gaps")
    assert_matrix(
        estimate.with_vcov(newey_west(0, small="none")).cov.matrix,
        estimate.with_vcov("HC0").cov.matrix,
        rtol=1e-12,
    )


@pytest.mark.parametrize("lags", [-1, 1.5, True, "2"])
def test_bad_lags(lags):
    with pytest.raises(panel.errors.VcovError, match="whole number"):
        newey_west(lags)


def test_one_year_is_too_few(table):
    data = table("Grunfeld").query("year == 1940")
    estimate = panel.ols("inv ~ value", data, unit="firm", time="year")
    with pytest.raises(panel.errors.DegreesOfFreedomError, match="1 year"):
        _ = estimate.with_vcov("NW").bse
