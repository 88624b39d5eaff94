"""Heteroskedasticity-robust covariances against R sandwich and statsmodels with dummies."""

from __future__ import annotations

from fractions import Fraction
from operator import mul

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


def _uneven(span, heavy):
    """Forty rows of ten regions, one row (or region) with 10**span times the weight."""
    draw = np.random.default_rng(3)
    data = pd.DataFrame({"i": np.arange(40) // 4, "t": np.arange(40) % 4})
    data = data.assign(x=draw.integers(-50, 50, 40) / 8, y=draw.integers(-50, 50, 40) / 8)
    return data.assign(w=np.where(data["i"] == 2 if heavy == "region" else data.index == 9,
                                  10.0**span, 1.0 + (np.arange(40) % 3)))  # fmt: skip


def _exact(data, clusters):
    """Standard errors of constant and slope by leaving each cluster out, in fractions."""

    def fit(rows):
        w, x, y = ([Fraction(v) for v in rows[c].to_list()] for c in "wxy")
        s, sx, sy = sum(w), sum(map(mul, w, x)), sum(map(mul, w, y))
        sxx, sxy = (sum(a * b * c for a, b, c in zip(w, x, v, strict=True)) for v in (x, y))
        slope = (s * sxy - sx * sy) / (s * sxx - sx * sx)
        return (sy - slope * sx) / s, slope

    whole = fit(data)
    changes = [[a - b for a, b in zip(fit(data[clusters != g]), whole, strict=True)]
               for g in np.unique(clusters)]  # fmt: skip
    return [float(sum(c[j] ** 2 for c in changes)) ** 0.5 for j in range(2)]


@pytest.mark.parametrize("span", [4, 8, 9])
@pytest.mark.parametrize("vcov", [panel.hetero("HC3"), panel.cluster("i", kind="CR3")])
def test_weights_far_apart_cost_digits_of_the_errors_but_not_more(span, vcov):
    data = _uneven(span, "row")
    estimate = panel.pooled("y ~ x", data, unit="i", time="t", weights="w", vcov=vcov)
    clusters = data.index.to_numpy() if vcov == panel.hetero("HC3") else data["i"].to_numpy()
    # 1 - h of the heavy row is 10^-span, and has as many digits less.
    np.testing.assert_allclose(estimate.bse, _exact(data, clusters), rtol=10.0 ** (span - 15))


@pytest.mark.parametrize("formula", ["y ~ x", "y ~ x | i"])
@pytest.mark.parametrize("span", [12, 14, 17])
@pytest.mark.parametrize(
    ("vcov", "heavy"),
    [(panel.hetero("HC3"), "row"), (panel.cluster("i", kind="CR3"), "region"),
     (panel.jackknife("i"), "region"), (panel.jackknife(), "row")],
)  # fmt: skip
def test_a_row_with_nearly_all_the_weight_is_said_and_not_left_out(formula, span, vcov, heavy):
    data = _uneven(span, heavy)
    how = panel.ols if "|" in formula else panel.pooled
    estimate = how(formula, data, unit="i", time="t", weights="w")
    with pytest.raises(panel.errors.VcovError, match="times the median") as caught:
        estimate.with_vcov(vcov).bse  # noqa: B018
    assert "HC1" in caught.value.remedy
    assert estimate.with_vcov("HC1").bse.gt(0).all()
