"""Heteroskedasticity-robust covariances against R sandwich and statsmodels with dummies."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

import panel

CASES = [
    "grunfeld", "grunfeld_firm", "grunfeld_year_weighted", "grunfeld_weighted", "produc",
    "produc_year", "gaps", "gaps_weighted", "petersen",
]  # fmt: skip


@pytest.mark.parametrize("kind", ["HC2", "HC3"])
@pytest.mark.parametrize("case", CASES)
def test_absorbed_effects_give_what_sandwich_gives_with_dummies(
    case, kind, model, stored, assert_matrix
):
    estimate = model(case).with_vcov(kind)
    np.testing.assert_allclose(estimate.coef, stored[case]["coef"], rtol=1e-8)
    assert_matrix(estimate.cov.matrix, stored[case][kind])
    assert estimate.cov.df == estimate.df_resid


@pytest.mark.parametrize("weights", [None, "emp"])
def test_agrees_with_statsmodels_on_three_groupings(weights, table, frame):
    # 48 states, the 9 regions they lie in (which add nothing) and 17 years.
    data = table("Gaps")
    dummies = smf.wls(
        "np.log(gsp) ~ np.log(pcap) + unemp + C(state) + C(year)",
        data,
        weights=1.0 if weights is None else data[weights],
    ).fit(method="qr")
    estimate = panel.ols(
        "log(gsp) ~ log(pcap) + unemp | state + year + region", frame("Gaps"), weights=weights
    )
    for kind in ("HC0", "HC1", "HC2", "HC3"):
        errors = pd.Series(dummies.get_robustcov_results(kind).bse, index=dummies.params.index)
        expected = errors[["np.log(pcap)", "unemp"]].to_numpy()
        if kind == "HC1":  # whether the nested grouping counts is not the matter here
            expected = expected * np.sqrt(dummies.df_resid / estimate.df_resid)
        # Three groupings are absorbed by iterations to 1e-10.
        np.testing.assert_allclose(estimate.with_vcov(kind).bse, expected, rtol=1e-8)


def test_leverage_adds_up_to_the_number_of_parameters(model):
    from panel.inference.loadings import loadings

    estimate = model("gaps_weighted")
    leverage = loadings(estimate, "HC2").hat.leverage()
    assert leverage.sum() == pytest.approx(estimate.nobs - estimate.df_resid, rel=1e-10)
    assert 0 < leverage.min() < leverage.max() < 1


def test_combinations_of_coefficients_carry_their_own_covariance(model, assert_matrix):
    estimate = model("produc").with_vcov("HC3")
    jacobian = np.array([[1.0, -1.0, 0.0, 0.0], [0.0, 2.0, 1.0, 0.0]])
    combined = estimate.map(jacobian, ["difference", "sum"])
    assert_matrix(combined.cov.matrix, jacobian @ estimate.cov.matrix @ jacobian.T, rtol=1e-11)


def test_a_row_that_alone_determines_a_coefficient_is_named(table):
    data = table("Grunfeld").assign(only=lambda d: (d.firm.eq(3) & d.year.eq(1940)).astype(float))
    estimate = panel.ols("inv ~ value + only", data, unit="firm", time="year")
    assert np.isfinite(estimate.with_vcov("HC1").bse).all()
    for kind in ("HC2", "HC3"):
        with pytest.raises(panel.errors.VcovError, match=r"'only'.*3, 1940"):
            _ = estimate.with_vcov(kind).bse


def test_rows_alone_in_a_fixed_effect_add_nothing(table, assert_matrix):
    data = table("Grunfeld").query("firm > 1 or year == 1940")
    matrices = [
        panel.ols(
            "inv ~ value + capital | firm",
            data, unit="firm", time="year", singletons=how, vcov="HC3",
        ).cov.matrix
        for how in ("drop", "keep")
    ]  # fmt: skip
    assert_matrix(*matrices, rtol=1e-11)


def test_unknown_kind():
    with pytest.raises(panel.errors.VcovError, match="HC1"):
        panel.hetero("HC11")
