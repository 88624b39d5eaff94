"""Random effects against R plm, Baltagi's tables, Stata's printed output and linearmodels."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from linearmodels.panel import RandomEffects

import panel
from panel.estimators.ols import ols
from panel.estimators.pooled import pooled
from panel.estimators.random_effects import random_effects

PRODUC = "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp"
DATA = {
    "grunfeld": ("Grunfeld", "inv ~ value + capital"),
    "produc": ("Produc", PRODUC),
    "cut_produc": ("cut", PRODUC),
    "empluk": ("EmplUK", "log(emp) ~ log(wage) + log(capital)"),
    "hedonic": (
        "Hedonic",
        "mv ~ crim + zn + indus + chas + nox + rm + age + dis + rad + tax + ptratio + blacks"
        " + lstat",
    ),
}
EFFECTS = {"unit": "individual", "time": "time", "twoway": "twoways"}
METHODS = {
    "swamy_arora": "swar",
    "wallace_hussain": "walhus",
    "amemiya": "amemiya",
    "nerlove": "nerlove",
}


# plm has no Amemiya where a regressor is constant in a group, and Nerlove's two-way effects are
# approximate on its unbalanced panels; the houses of a town have no order.
OFFERED = [
    (case, effects, method)
    for case, effects, method in product(DATA, EFFECTS, METHODS)
    if not (case in ("cut_produc", "empluk") and effects == "twoway" and method == "nerlove")
    and not (case == "hedonic" and (effects != "unit" or method in ("amemiya", "nerlove")))
]


@pytest.mark.parametrize(("case", "effects", "method"), OFFERED)
def test_agrees_with_plm(case, effects, method, stored, plm_frame, assert_model, assert_matrix):
    expected = stored[f"{case}_re_{EFFECTS[effects]}_{METHODS[method]}"]
    name, formula = DATA[case]
    estimate = random_effects(formula, plm_frame(name), method=method, effects=effects)
    stats, sigma2 = estimate.stats, expected["sigma2"]
    ours = {"sigma2_e": "idios", "sigma2_u": "id", "sigma2_time": "time"}
    for key, theirs in ours.items():
        if theirs in sigma2:
            assert stats[key] == pytest.approx(sigma2[theirs], rel=1e-8)
    if effects == "twoway" and case in ("cut_produc", "empluk"):
        # plm leaves the error variance out of this covariance, and stores other residuals.
        np.testing.assert_allclose(estimate.coef, expected["coef"], rtol=1e-8)
        assert_matrix(estimate.classical / stats["sigma"] ** 2, expected["vcov"])
        return
    assert_model(estimate, expected)
    assert [estimate.rsquared, estimate.rsquared_adj] == pytest.approx(expected["r2"], rel=1e-9)
    low, high = expected["theta"]["id" if effects == "twoway" else next(iter(expected["theta"]))]
    theta = stats["theta_time" if effects == "time" else "theta"]
    assert low - 1e-9 <= theta <= high + 1e-9


@pytest.mark.parametrize(
    ("method", "effects", "printed"),
    [
        # Baltagi, Econometric Analysis of Panel Data, tables 2.1 and 3.1: the roots of the
        # variances of firms, (years) and errors, and the coefficients of value and capital.
        ("swamy_arora", "unit", ["84.20", "52.77", ".110", ".308"]),
        ("wallace_hussain", "unit", ["87.36", "53.75", ".110", ".308"]),
        ("amemiya", "unit", ["83.52", "52.77", ".110", ".308"]),
        ("swamy_arora", "twoway", ["84.23", "0.00", "51.72", ".110", ".308"]),
        ("wallace_hussain", "twoway", ["87.31", "0.00", "55.33", ".110", ".308"]),
        ("amemiya", "twoway", ["89.26", "15.78", "51.72", ".111", ".324"]),
    ],
)
def test_prints_baltagis_tables(method, effects, printed, plm_frame):
    name, formula = DATA["grunfeld"]
    estimate = random_effects(formula, plm_frame(name), method=method, effects=effects)
    keys = (
        ["sigma2_u", "sigma2_time", "sigma2_e"] if effects == "twoway" else ["sigma2_u", "sigma2_e"]
    )
    shown = [f"{np.sqrt(estimate.stats[k]):.2f}" for k in keys]
    shown += [f"{b:.3f}".removeprefix("0") for b in estimate.params[["value", "capital"]]]
    assert shown == printed


def test_prints_the_wage_equation_of_stata(wooldridge_frame):
    # xtreg lwage black ... d81-d87, re vce(cluster nr) theta: a log of Wooldridge's teaching.
    years = " + ".join(f"d{y}" for y in range(81, 88))
    estimate = random_effects(
        f"lwage ~ black + hisp + exper + expersq + union + educ + married + {years}",
        wooldridge_frame("wagepan", "nr"),
        vcov=panel.cluster("nr"),
    )
    printed = {"educ": (0.0918763, 0.0111455), "union": (0.1061344, 0.020844)}
    printed |= {"d87": (0.1349289, 0.0848618), "(Intercept)": (0.0235864, 0.1599577)}
    for name, (coefficient, error) in printed.items():
        assert estimate.params[name] == pytest.approx(coefficient, abs=5e-8)
        assert estimate.bse[name] == pytest.approx(error, abs=5e-8)
    stats = estimate.stats
    assert round(estimate.fvalue * 14, 2) == 610.97  # Stata prints the chi-squared
    assert round(stats["theta"], 8) == 0.64291089
    assert round(np.sqrt(stats["sigma2_u"]), 8) == 0.32460315
    assert round(np.sqrt(stats["sigma2_e"]), 8) == 0.35099001
    assert round(stats["rho"], 8) == 0.46100216
    r2 = [stats[f"rsquared_{k}"] for k in ("within", "between", "overall")]
    assert np.round(r2, 4).tolist() == [0.1799, 0.1860, 0.1830]


def test_prints_the_air_fares_of_stata(wooldridge_frame):
    # xtreg lfare concen y98 y99 y00, re vce(cluster id): a log of Wooldridge's teaching.
    frame = wooldridge_frame("airfare", "id")
    estimate = random_effects("lfare ~ concen + y98 + y99 + y00", frame, vcov=panel.cluster("id"))
    printed = {"concen": (0.0468181, 0.0427562), "y00": (0.0964328, 0.0055197)}
    for name, (coefficient, error) in printed.items():
        assert estimate.params[name] == pytest.approx(coefficient, abs=5e-8)
        assert estimate.bse[name] == pytest.approx(error, abs=5e-8)
    assert round(estimate.stats["rho"], 8) == 0.93661309
    assert round(np.sqrt(estimate.stats["sigma2_u"]), 8) == 0.40942871


@pytest.mark.parametrize(
    ("method", "small_sample"), [("swamy_arora", True), ("swamy_arora_means", False)]
)
def test_agrees_with_linearmodels_where_regions_differ_in_years(
    method, small_sample, plm_frame, assert_matrix
):
    name, formula = DATA["empluk"]
    frame = plm_frame(name)
    data = np.log(frame.data[["emp", "wage", "capital"]]).assign(const=1.0)
    peer = RandomEffects(data["emp"], data[["const", "wage", "capital"]])
    fitted = peer.fit(small_sample=small_sample, cov_type="clustered", cluster_entity=True)
    estimate = random_effects(
        formula, frame, method=method, vcov=panel.cluster("firm", kind="CR0", small="none")
    )
    np.testing.assert_allclose(estimate.coef, fitted.params, rtol=1e-10)
    assert estimate.stats["sigma2_u"] == pytest.approx(fitted.variance_decomposition.iloc[0])
    # linearmodels scales by n/(n - k) alone.
    n, k = estimate.nobs, len(estimate.names)
    assert_matrix(estimate.cov.matrix * n / (n - k), fitted.cov)


@pytest.mark.parametrize("effects", EFFECTS)
def test_is_generalised_least_squares(effects, plm_frame):
    # Directly from the n x n covariance of the errors, on an unbalanced panel.
    name, formula = DATA["cut_produc"]
    frame = plm_frame(name).rows(lambda t: t["state"] < "F")
    estimate = random_effects(formula, frame, effects=effects, method="wallace_hussain")
    x, y = estimate.design.X, estimate.design.y
    omega = estimate.stats["sigma2_e"] * np.eye(len(y))
    for key, level in (("sigma2_u", 0), ("sigma2_time", 1)):
        codes = estimate.resid.index.get_level_values(level).to_numpy()
        omega += estimate.stats.get(key, 0.0) * (codes[:, None] == codes)
    inverse = np.linalg.inv(omega)
    direct = np.linalg.solve(x.T @ inverse @ x, x.T @ inverse @ y)
    np.testing.assert_allclose(estimate.coef, direct, rtol=1e-8)  # 1e-8: normal equations
    whitened = estimate.design.X_within
    np.testing.assert_allclose(
        whitened.T @ whitened,
        estimate.stats["sigma2_e"] * x.T @ inverse @ x,
        rtol=1e-8,
    )


@pytest.mark.slow
@pytest.mark.parametrize("method", ["swamy_arora", "wallace_hussain", "amemiya"])
def test_variances_are_unbiased(method):
    # The mean over 500 unbalanced panels against the truth, within 4 of its standard errors. No
    # variance is small enough for an estimate of it to be negative and cut off at zero.
    rng = np.random.default_rng(20240501)
    unit, time = np.repeat(np.arange(30), 8), np.tile(np.arange(8), 30)
    keep = rng.random(240) > 0.25
    unit, time = unit[keep], time[keep]
    x = rng.normal(size=(len(unit), 2)) + rng.normal(size=(30, 2))[unit]
    table = pd.DataFrame({"u": unit, "t": time, "a": x[:, 0], "b": x[:, 1]})
    frame = panel.PanelFrame.from_pandas(table, "u", "t")
    found = []
    for _ in range(500):
        errors = rng.normal(0, 1, 30)[unit] + rng.normal(0, 2, 8)[time]
        y = x.sum(axis=1) + errors + rng.normal(0, 1.5, len(unit))
        estimate = random_effects("y ~ a + b", frame.assign(y=y), effects="twoway", method=method)
        found.append([estimate.stats[k] for k in ("sigma2_e", "sigma2_u", "sigma2_time")])
    mean, error = np.mean(found, axis=0), np.std(found, axis=0) / np.sqrt(500)
    assert (np.abs(mean - [2.25, 1.0, 4.0]) < 4 * error).all()


def test_no_variance_between_is_pooled_least_squares_and_much_is_the_within_estimator(plm_frame):
    name, formula = DATA["grunfeld"]
    frame = plm_frame(name)
    # Years of Grunfeld's firms differ less than their errors explain: the variance is zero.
    time = random_effects(formula, frame, effects="time")
    assert time.stats["sigma2_time"] == time.stats["theta_time"] == 0
    np.testing.assert_allclose(time.coef, pooled(formula, frame).coef, rtol=1e-10)
    apart = frame.assign(inv=frame["inv"] + 1e7 * frame["firm"])
    np.testing.assert_allclose(
        random_effects(formula, apart).params[["value", "capital"]],
        ols(formula + " | firm", apart).params,
        rtol=1e-5,  # theta is 1 - 1e-6
    )


def test_leverage_adjusted_covariances_are_those_of_the_transformed_regression(plm_frame):
    name, formula = DATA["grunfeld"]
    estimate = random_effects(formula, plm_frame(name), vcov=panel.hetero("HC3"))
    x = estimate.design.X_within
    e = estimate.design.y_within - x @ estimate.coef
    inverse = np.linalg.inv(x.T @ x)
    leverage = np.einsum("ij,jk,ik->i", x, inverse, x)
    scores = x * (e / (1 - leverage))[:, None]
    np.testing.assert_allclose(
        estimate.cov.matrix, inverse @ scores.T @ scores @ inverse, rtol=1e-8
    )


def test_residuals_include_the_effects_and_predictions_do_not(plm_frame):
    name, formula = DATA["empluk"]
    frame = plm_frame(name)
    estimate = random_effects(formula, frame)
    np.testing.assert_allclose(estimate.predict(frame), estimate.fittedvalues, rtol=1e-12)
    by_firm = estimate.resid.groupby(level=0).mean()
    assert by_firm.std() > 0.3  # the effects are still in


def test_says_what_it_cannot_do(plm_frame):
    name, formula = DATA["produc"]
    frame = plm_frame(name)
    with pytest.raises(panel.errors.FormulaError, match="fixed effects"):
        random_effects(formula + " | year", frame)
    with pytest.raises(panel.errors.FormulaError, match="weights"):
        random_effects(formula + "; weights = emp", frame)
    with pytest.raises(panel.errors.EstimationError, match="swamy_arora"):
        random_effects(formula, frame, method="swamy-arora")
    with pytest.raises(panel.errors.EstimationError, match="twoways"):
        random_effects(formula, frame, effects="twoways")
    with pytest.raises(panel.errors.EstimationError, match="one kind of effects"):
        random_effects(formula, frame, effects="twoway", method="swamy_arora_means")
    with pytest.raises(panel.errors.EstimationError, match="leave nothing of 'region'"):
        random_effects(formula + " + region", frame, method="amemiya")
    with pytest.raises(panel.errors.DegreesOfFreedomError, match="nothing within the states"):
        random_effects(formula, frame, sample="year == 1970")
    with pytest.raises(panel.errors.DegreesOfFreedomError, match="values of 'state'"):
        random_effects(formula, frame, sample='state <= "CALIFORNIA"')


SHIFT = 2.0**20  # about a million; all figures below are whole multiples of 2^-32, so it is exact


@pytest.mark.parametrize(
    ("effects", "method"), sorted({("unit", "swamy_arora_means")} | {(e, m) for _, e, m in OFFERED})
)
def test_a_constant_added_to_a_regressor_moves_only_the_constant(method, effects, plm_frame):
    frame = plm_frame("cut")
    rounded = np.round(np.log(frame["pc"]) * 2**32) / 2**32
    near = frame.assign(x=rounded)
    far = frame.assign(x=rounded + SHIFT)
    one, two = (
        random_effects("log(gsp) ~ x + unemp", f, method=method, effects=effects)
        for f in (near, far)
    )
    # Least squares loses SHIFT's seven digits once in the coefficients; the variances lost them
    # twice before they were about means.
    keys = [k for k in one.stats if k.startswith(("sigma2", "theta", "rss", "rho"))]
    for key in keys:
        np.testing.assert_allclose(two.stats[key], one.stats[key], rtol=1e-8)
    np.testing.assert_allclose(two.coef[1:], one.coef[1:], rtol=1e-8)
    np.testing.assert_allclose(two.bse[1:], one.bse[1:], rtol=1e-8)
    np.testing.assert_allclose(two.resid, one.resid, atol=1e-8)


@pytest.mark.parametrize("method", [*METHODS, "swamy_arora_means"])
def test_an_outcome_without_errors_within_regions_is_refused(method, plm_frame):
    # Rounding leaves variances of 1e-30, whose ratios would say anything.
    table = plm_frame("Produc").data.reset_index()
    table["same"] = table.groupby("state")["gsp"].transform("mean")
    for outcome in ("same", "I(3 + 2 * unemp)"):
        if (outcome, method) == ("same", "wallace_hussain"):
            continue  # its residuals are those of pooled least squares, which vary
        formula = f"{outcome} ~ log(pc) + unemp"
        with pytest.raises(panel.errors.EstimationError, match="estimated as zero"):
            random_effects(formula, table, method=method, unit="state", time="year")
