"""Least squares with fixed effects and weights against R plm, lm with dummies, and sandwich."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import panel

STORED = json.loads((Path(__file__).parent / "fixed_effects.json").read_text())

PRODUC = "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp"
FORMULAS = {
    "grunfeld": ("Grunfeld", "inv ~ value + capital"),
    "produc": ("Produc", PRODUC),
    "gaps": ("Gaps", PRODUC),
    "empluk": ("EmplUK", "log(emp) ~ log(wage) + log(capital)"),
    "cigar": ("Cigar", "log(sales) ~ log(price / cpi) + log(ndi / cpi)"),
}
# R's numbers carry 15 digits and come from explicit dummies or other factorisations, of matrices
# with condition numbers up to 1e6: eight digits are the agreement that leaves no doubt.
RTOL = 1e-8


def within(case: str, frame) -> panel.Estimate:
    data, effect = case.split("_")
    name, formula = FORMULAS[data]
    unit, time = frame(name).unit, frame(name).time
    effects = {"individual": unit, "time": time, "twoways": f"{unit} + {time}"}[effect]
    return panel.ols(f"{formula} | {effects}", frame(name))


CASES = [f"{d}_{e}" for d in FORMULAS for e in ("individual", "time", "twoways")]


@pytest.mark.parametrize("case", CASES)
def test_within_estimates_agree_with_plm(case, frame, assert_cov):
    expected, estimate = STORED[case], within(case, frame)
    np.testing.assert_allclose(estimate.coef, expected["coef"], rtol=RTOL)
    assert (estimate.nobs, estimate.df_resid) == (expected["nobs"], expected["df"])
    assert estimate.rsquared_within == pytest.approx(expected["within"], rel=RTOL)
    unit, time = estimate.design.frame.unit, estimate.design.frame.time
    for vcov, stored in {
        panel.iid(): "iid",
        panel.hetero("HC0"): "HC0",
        panel.cluster(unit, kind="CR0"): "unit",
        panel.cluster(time, kind="CR0"): "time",
        panel.cluster(unit, time, kind="CR0"): "both",
    }.items():
        assert_cov(estimate.with_vcov(vcov).cov.matrix, expected[stored])


@pytest.mark.parametrize("case", CASES)
def test_driscoll_kraay_agrees_with_plm(case, frame, assert_cov):
    estimate = within(case, frame)
    for lags, stored in zip(STORED[case]["lags"], STORED[case]["dk"], strict=True):
        dk = panel.driscoll_kraay(lags, small="none")
        assert_cov(estimate.with_vcov(dk).cov.matrix, stored)
    # The default is the whole part of T^(1/4); plm's T is the number of rows of the longest unit,
    # 15 of the 17 years where every seventh row is missing.
    lags = 1 if case.startswith("gaps") else None
    rule = estimate.with_vcov(panel.driscoll_kraay(lags, small="none"))
    assert_cov(rule.cov.matrix, STORED[case]["dk_default"])


DUMMIES = {
    "grunfeld": ("Grunfeld", "inv ~ value + capital", None),
    "grunfeld_weighted": ("Grunfeld", "inv ~ value + capital", "value"),
    "grunfeld_no_constant": ("Grunfeld", "inv ~ 0 + value + capital", None),
    "grunfeld_firm_weighted": ("Grunfeld", "inv ~ value + capital | firm", "value"),
    "grunfeld_both_weighted": ("Grunfeld", "inv ~ value + capital | firm + year", "value"),
    "gaps_both_weighted": ("Gaps", f"{PRODUC} | state + year", "emp"),
    "gaps_region_year": ("Gaps", f"{PRODUC} | state + region^year", None),
    "petersen": ("PetersenCL", "y ~ x", None),
}


@pytest.mark.parametrize("case", DUMMIES)
def test_absorbed_effects_are_explicit_dummies(case, frame, assert_cov):
    name, formula, weights = DUMMIES[case]
    expected = STORED[f"lm_{case}"]
    estimate = panel.ols(formula, frame(name), weights=weights, singletons="keep")
    np.testing.assert_allclose(estimate.coef, expected["coef"], rtol=RTOL)
    assert estimate.df_resid == expected["df"]
    stats = estimate.stats
    assert stats["sigma"] == pytest.approx(expected["sigma"], rel=RTOL)
    assert estimate.rsquared == pytest.approx(expected["r2"], rel=RTOL)
    assert estimate.rsquared_adj == pytest.approx(expected["adjusted"], rel=RTOL)
    unit, time = frame(name).unit, frame(name).time
    # sandwich's cluster adjustment takes each part's own number of groups and all parameters.
    each = panel.SmallSample(counted="full", groups="each")
    for vcov, stored in {
        panel.iid(): "iid",
        panel.hetero("HC0"): "HC0",
        panel.hetero("HC1"): "HC1",
        panel.cluster(unit, kind="CR0"): "unit_CR0",
        panel.cluster(unit, small="areg"): "unit_areg",
        panel.cluster(time, small="areg"): "time_areg",
        panel.cluster(unit, time, kind="CR0"): "both_CR0",
        panel.cluster(unit, time, small=each): "both_each",
    }.items():
        assert_cov(estimate.with_vcov(vcov).cov.matrix, expected[stored])


def test_driscoll_kraay_of_petersens_data(frame, assert_cov):
    estimate = panel.ols("y ~ x", frame("PetersenCL"))
    for lags, stored in enumerate(STORED["petersen_dk"]):
        dk = panel.driscoll_kraay(lags, small="none")
        assert_cov(estimate.with_vcov(dk).cov.matrix, stored)
    rule = estimate.with_vcov(panel.driscoll_kraay(small="none"))
    assert_cov(rule.cov.matrix, STORED["petersen_dk_sandwich"])
