"""RESET and collinearity against lmtest, car, statsmodels and Belsley's numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from statsmodels.stats.diagnostic import linear_reset
from statsmodels.stats.outliers_influence import variance_inflation_factor

import panel
from panel.diagnostics.specification import collinearity, reset
from panel.errors import EstimationError

CASES = ("grunfeld", "produc", "empluk")
POWERS = {"p2": (2,), "p23": (2, 3)}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("powers", POWERS)
def test_reset_is_that_of_lmtest(case, powers, frame, formula, stored):
    data = frame(case)
    result = reset(panel.pooled(formula[case], data), POWERS[powers])
    expected = stored[case]["reset"][powers]
    # lmtest's powers of fitted values that are not centred are nearly collinear.
    assert result.statistic == pytest.approx(expected["stat"], rel=1e-6)
    assert list(result.df) == expected["df"]
    within = panel.ols(f"{formula[case]} | {data.unit}", data, singletons="keep")
    dummies = stored[case]["reset_dummies"][powers][0]
    assert reset(within, POWERS[powers]).statistic == pytest.approx(dummies["F"], rel=1e-7)


def test_reset_with_clusters_is_that_of_statsmodels(unbalanced):
    table = unbalanced.data.reset_index()
    kind = {"cov_type": "cluster", "cov_kwds": {"groups": table["u"]}}
    expected = linear_reset(smf.ols("y ~ x + z", table).fit(), power=3, use_f=False, **kind)
    m = panel.pooled("y ~ x + z", unbalanced, vcov=panel.cluster("u"))
    result = reset(m, distribution="chi2")
    assert result.statistic == pytest.approx(float(expected.statistic), rel=1e-8)


def test_reset_with_weights_is_a_regression_with_powers(unbalanced):
    table = unbalanced.data.reset_index()
    plain = smf.wls("y ~ x + z + C(t)", table, weights=table.w).fit()
    table["f2"] = plain.fittedvalues**2
    powers = smf.wls("y ~ x + z + C(t) + f2", table, weights=table.w).fit()
    m = panel.ols("y ~ x + z | t", unbalanced, weights="w")
    assert reset(m, (2,)).statistic == pytest.approx(powers.tvalues["f2"] ** 2, rel=1e-7)


def test_reset_sees_a_square(unbalanced):
    bent = unbalanced.assign(y=unbalanced["y"] + unbalanced["x"] ** 2)
    assert reset(panel.ols("y ~ x + z | u", bent)).p_value < 1e-6
    assert "the model is linear: fitted^2, fitted^3" in str(reset(panel.ols("y ~ x | u", bent)))


def test_reset_refuses(unbalanced):
    m = panel.pooled("y ~ x", unbalanced)
    for powers in ((), (1, 2), (2.5,)):
        with pytest.raises(EstimationError, match="powers from 2"):
            reset(m, powers)
    with pytest.raises(EstimationError, match="transformed"):
        reset(panel.random_effects("y ~ x", unbalanced))
    counts = unbalanced.assign(n=np.exp(unbalanced["x"]).round())
    for other in (panel.poisson("n ~ z", counts), panel.quantile("y ~ x | u", unbalanced)):
        with pytest.raises(EstimationError, match="not least squares"):
            reset(other)
    half = unbalanced.assign(d=(unbalanced["x"] > 0).astype(float))
    with pytest.raises(EstimationError, match="holds already"):
        reset(panel.pooled("y ~ d", half))  # two fitted values: every power is a line


@pytest.mark.parametrize("case", CASES)
def test_vif_is_that_of_car_and_statsmodels(case, frame, formula, stored):
    m = panel.pooled(formula[case], frame(case))
    found = collinearity(m)
    expected = stored[case]["vif"]
    assert found.vif["vif"].to_dict() == pytest.approx(expected, rel=1e-9)
    theirs = [variance_inflation_factor(m.design.X, j) for j in range(1, len(m.names))]
    np.testing.assert_allclose(found.vif["vif"], theirs, rtol=1e-8)
    assert found.condition_number == pytest.approx(stored[case]["kappa"], rel=1e-9)


def test_vif_after_fixed_effects(unbalanced):
    found = collinearity(panel.ols("y ~ x + z | u + t", unbalanced)).vif
    table = unbalanced.data.reset_index()
    dummies = smf.ols("y ~ x + z + C(u) + C(t)", table).fit()
    # As with explicit dummies, effects among the regressors; and of the demeaned columns alone.
    at = dummies.model.exog_names.index("x")
    full = variance_inflation_factor(dummies.model.exog, at)
    assert found.loc["x", "vif_effects"] == pytest.approx(full, rel=1e-8)
    within = panel.ols("y ~ x + z | u + t", unbalanced).design.X_within
    r = np.corrcoef(within, rowvar=False)[0, 1]
    assert found.loc["x", "vif"] == pytest.approx(1 / (1 - r**2), rel=1e-8)


def test_weights_and_no_constant(unbalanced):
    x, w = unbalanced["x"].to_numpy(), unbalanced["w"].to_numpy()
    cosine = x @ w / np.sqrt((x @ x) * (w @ w))  # without a constant nothing is centred
    found = collinearity(panel.pooled("y ~ 0 + x + w", unbalanced)).vif
    np.testing.assert_allclose(found["vif"], 1 / (1 - cosine**2), rtol=1e-9)
    weighted = panel.pooled("y ~ x + z", unbalanced, weights="w")
    table = unbalanced.data
    auxiliary = sm.WLS(table.x, sm.add_constant(table.z), weights=table.w).fit()
    found = collinearity(weighted).vif
    assert found.loc["x", "vif"] == pytest.approx(1 / (1 - auxiliary.rsquared), rel=1e-9)


def test_condition_of_longleys_data():
    path = Path(__file__).parents[1] / "reference" / "nist" / "longley.csv"
    table = pd.read_csv(path)
    table["one"], table["t"] = 1, range(len(table))
    names = [c for c in table.columns if c not in ("y", "one", "t")]
    found = collinearity(panel.pooled(f"y ~ {' + '.join(names)}", table, unit="one", time="t"))
    x = np.column_stack([np.ones(len(table)), table[names]])
    plain = np.linalg.cond(x / np.linalg.norm(x, axis=0))
    assert found.condition_number == pytest.approx(plain, rel=1e-8)  # condition 4e4: four digits go
    np.testing.assert_allclose(found.condition.drop(columns="index").sum(), 1, rtol=1e-12)
    assert "Condition number 4.328e+04" in str(found)
    assert "<table" in found._repr_html_()


def test_a_model_without_regressors_is_refused(unbalanced):
    with pytest.raises(EstimationError, match="no regressor"):
        collinearity(panel.pooled("y ~ 1", unbalanced))
