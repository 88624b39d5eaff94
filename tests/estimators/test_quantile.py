"""MM-QR against a dense implementation by moments and against the truth in simulated panels.

No printed example of a panel was found, and no other implementation runs here: the grade of these
tests is that of an independent computation, not of a published table.
"""

from __future__ import annotations

import pickle
import warnings
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.stats import norm

import panel
from panel.estimators.ols import ols
from panel.estimators.quantile import quantile

EFFECTS = ["", " | unit", " | unit + year"]


def simulated(seed: int, n_units: int = 40, n_times: int = 20) -> pd.DataFrame:
    """A panel whose spread grows with x, and differs between regions."""
    draw = np.random.default_rng(seed)
    keys = [(f"u{i:02d}", 2001 + t) for i in range(n_units) for t in range(n_times)]
    table = pd.DataFrame(keys, columns=["unit", "year"])
    table["x"], table["z"] = draw.uniform(0, 2, (2, len(table)))
    level, spread = np.repeat(draw.uniform(1, 2, (2, n_units)), n_times, axis=1)
    u = draw.normal(size=len(table)) / norm.expect(abs)
    table["y"] = level + table.x - table.z + (spread + 0.5 * table.x) * u
    return table


@cache
def table() -> pd.DataFrame:
    return simulated(0).sample(frac=0.9, random_state=0).reset_index(drop=True)


def fitted(formula: str, data: pd.DataFrame, **settings: object) -> panel.Estimate:
    return quantile(formula, data, unit="unit", time="year", **settings)


def dense(estimate: panel.Estimate, q: float) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and influences from all moments at once, effects as dummies."""
    design = estimate.design
    z = [design.X]
    for j, codes in enumerate(design.absorber.codes if design.absorber else ()):
        z.append(np.eye(design.absorber.sizes[j])[codes][:, int(j > 0) :])
    z = np.column_stack(z)
    y = estimate.augment()["y"].to_numpy()
    location = np.linalg.lstsq(z, y, rcond=None)[0]
    r = y - z @ location
    scale = np.linalg.lstsq(z, np.abs(r), rcond=None)[0]
    sigma = z @ scale
    # The check function's minimum as a linear programme: c, and both sides of each residual.
    n = len(y)
    solved = linprog(
        np.r_[0, np.full(n, q), np.full(n, 1 - q)], b_eq=r, method="highs",
        A_eq=np.column_stack([sigma, np.eye(n), -np.eye(n)]),
        bounds=[(None, None)] + [(0, None)] * (2 * n),
    )  # fmt: skip
    c, k, p = solved.x[0], design.X.shape[1], z.shape[1]
    f, s = estimate.stats["density_u"], np.sign(r).mean()
    below = (r < c * sigma).astype(float)
    kink = np.argmin(np.abs(r - c * sigma))
    below[kink] = 0
    below[kink] = (q * sigma.sum() - below @ sigma) / sigma[kink]
    moments = np.column_stack(
        [z * r[:, None], z * (np.abs(r) - sigma)[:, None], sigma * (q - below)]
    )
    slopes = np.zeros((2 * p + 1, 2 * p + 1))
    slopes[:p, :p] = slopes[p:-1, p:-1] = z.T @ z
    slopes[p:-1, :p] = s * z.T @ z
    slopes[-1, :p], slopes[-1, p:-1] = f * z.sum(axis=0), f * c * z.sum(axis=0)
    slopes[-1, -1] = f * sigma.sum()
    whole = np.linalg.solve(slopes, moments.T).T
    by_row = whole[:, :k] + c * whole[:, p : p + k] + np.outer(whole[:, -1], scale[:k])
    return location[:k] + c * scale[:k], by_row


@pytest.mark.parametrize("q", [0.1, 0.5, 0.75])
@pytest.mark.parametrize("effects", EFFECTS)
def test_agrees_with_all_moments_at_once(effects, q):
    data = table()[table().year < 2008]
    ours = fitted(f"y ~ x + z{effects}", data, q=q, vcov=panel.hetero("HC0"))
    coef, influence = dense(ours, q)
    np.testing.assert_allclose(ours.coef, coef, rtol=1e-9)  # HiGHS solves for c to 1e-9
    np.testing.assert_allclose(ours.influence, influence, atol=1e-9 * np.abs(influence).max())
    np.testing.assert_allclose(ours.cov.matrix, influence.T @ influence, rtol=1e-8)
    assert np.abs(ours.influence.sum(axis=0)).max() < 1e-12 * np.abs(ours.influence).sum()


@pytest.mark.slow
def test_errors_are_those_of_repeated_samples():
    # 300 panels of 40 x 20: the spread of estimates is known to 1/sqrt(600), 4%; few years and the
    # kernel leave some more.
    draws = {q: [] for q in (0.25, 0.9)}
    for seed in range(300):
        data = panel.PanelFrame.from_pandas(simulated(seed), "unit", "year")
        for q, found in draws.items():
            ours = quantile("y ~ x + z | unit", data, q=q)
            robust = ours.with_vcov(panel.cluster("unit")).bse
            found.append([*ours.coef, *ours.bse, *robust])
    for q, found in draws.items():
        coef, errors, robust = np.split(np.array(found), 3, axis=1)
        spread = coef.std(axis=0, ddof=1)
        np.testing.assert_allclose(errors.mean(axis=0), spread, rtol=0.12)
        np.testing.assert_allclose(robust.mean(axis=0), spread, rtol=0.12)
        truth = np.array([1 + 0.5 * norm.ppf(q) / norm.expect(abs), -1])
        bias = coef.mean(axis=0) - truth
        # Estimated effects shrink the scale by about 1/T, five per cent of 0.5 c here.
        assert (np.abs(bias) < 4 * spread / np.sqrt(300) + 0.05 * np.abs(truth - [1, -1])).all()


def test_quantiles_differ_in_one_number_alone():
    low, high = (fitted("y ~ x + z | unit", table(), q=q) for q in (0.2, 0.8))
    third = fitted("y ~ x + z | unit", table(), q=0.6)
    steps = [e.stats["quantile_u"] for e in (low, third, high)]
    share = (steps[1] - steps[0]) / (steps[2] - steps[0])
    np.testing.assert_allclose(third.coef, low.coef + share * (high.coef - low.coef), rtol=1e-12)
    at_zero = -steps[0] / (steps[2] - steps[0])  # where c is zero there is least squares
    least = ols("y ~ x + z | unit", table(), unit="unit", time="year")
    np.testing.assert_allclose(low.coef + at_zero * (high.coef - low.coef), least.coef, rtol=1e-12)


@pytest.mark.parametrize("effects", EFFECTS)
def test_the_fit_is_the_quantile(effects):
    ours = fitted(f"y ~ x + z{effects}", table(), q=0.3)
    y = ours.augment()["y"].to_numpy()
    # The weighted share of rows below is 0.3 up to the weight of one.
    assert (y < ours.fittedvalues.to_numpy()).mean() == pytest.approx(0.3, abs=0.02)
    predicted = ours.predict(table().set_index(["unit", "year"]))
    np.testing.assert_allclose(predicted.loc[ours.resid.index], ours.fittedvalues, atol=1e-9)
    assert 0 < ours.stats["rsquared_pseudo"] < 1
    assert ours.method == "Quantile 0.3 (MM-QR)"
    back = pickle.loads(pickle.dumps(ours))
    pd.testing.assert_frame_equal(back.tidy(), ours.tidy())


def test_without_regressors_it_is_the_sample_quantile():
    for q in (0.25, 0.5, 0.9):
        ours = fitted("y ~ 1", table(), q=q)
        below = (table().y <= ours.params["(Intercept)"] + 1e-9).sum()
        assert below == np.ceil(q * len(table()))


def test_it_is_not_koenker_and_bassetts():
    from statsmodels.regression.quantile_regression import QuantReg

    data = table().assign(one=1.0)
    ours = fitted("y ~ x + z", data, q=0.9)
    other = QuantReg(data.y, data[["one", "x", "z"]]).fit(q=0.9)
    # Both are consistent here, and close in 720 rows; they are not the same number.
    np.testing.assert_allclose(ours.coef, other.params, atol=0.6)
    assert np.abs(ours.coef - other.params.to_numpy()).max() > 1e-4


@pytest.mark.parametrize("vcov", [panel.driscoll_kraay(2), panel.cluster("unit", "year")])
def test_other_covariances_work(vcov):
    ours = fitted("y ~ x + z | unit", table(), q=0.75, vcov=vcov)
    assert (ours.bse > 0).all()
    with pytest.raises(panel.errors.VcovError, match="defined for least squares"):
        ours.with_vcov("HC3").bse  # noqa: B018


def test_order_names_and_units_do_not_matter():
    first = fitted("y ~ x + z | unit", table(), q=0.75)
    other = table().sample(frac=1, random_state=3)
    other = other.assign(unit="r" + other.unit, x=1e6 * other.x, y=1e3 * other.y + 7)
    second = fitted("y ~ x + z | unit", other, q=0.75)
    np.testing.assert_allclose(second.coef * [1e3, 1e-3], first.coef, rtol=1e-9)
    np.testing.assert_allclose(second.tvalues, first.tvalues, rtol=1e-9)
    # The lower quartile of -y is the upper one of y.
    mirror = fitted("y ~ x + z | unit", table().assign(y=-table().y), q=0.25)
    np.testing.assert_allclose(-mirror.coef, first.coef, rtol=1e-9)
    np.testing.assert_allclose(mirror.bse, first.bse, rtol=1e-9)


def test_a_negative_scale_is_said():
    draw = np.random.default_rng(1)
    steep = table().assign(y=table().x ** 4 * draw.normal(size=len(table())))
    with pytest.warns(panel.errors.PanelWarning, match="scale is negative in"):
        ours = fitted("y ~ x + z", steep, q=0.9)
    assert ours.stats["n_scale_negative"] > 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fitted("y ~ x | unit", table()).stats["n_scale_negative"] == 0


@pytest.mark.parametrize("q", [0, 1, -0.5, 50, float("nan"), "0.5", [0.1, 0.9]])
def test_bad_quantiles_are_named(q):
    with pytest.raises(panel.errors.EstimationError, match="between 0 and 1"):
        fitted("y ~ x", table(), q=q)


def test_bad_input_is_named():
    with pytest.raises(panel.errors.FormulaError, match="constant or fixed effects"):
        fitted("y ~ 0 + x", table())
    with pytest.raises(panel.errors.FormulaError, match="takes no instruments"):
        fitted("y ~ 1 | unit | x ~ z", table())
    with pytest.raises(panel.errors.EstimationError, match="no spread"):
        fitted("y ~ x + z", table().assign(y=table().x - table().z))
