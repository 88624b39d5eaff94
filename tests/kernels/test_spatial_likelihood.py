"""Determinants, traces and multipliers against matrices; fits against printed output."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from panel.kernels.spatial import row_standardised
from panel.kernels.spatial_likelihood import (
    error_model,
    lag_model,
    multipliers,
    spectrum,
)

STORED = json.loads(
    (Path(__file__).parents[1] / "reference" / "spatial_growth.json").read_text()
)["columbus"]  # fmt: skip


def random_weights(symmetric: bool) -> np.ndarray:
    draw = np.random.default_rng(4)
    raw = draw.uniform(size=(25, 25)) * (draw.uniform(size=(25, 25)) < 0.2)
    raw = raw + raw.T if symmetric else raw
    raw[np.arange(25), (np.arange(25) + 1) % 25] += 1  # no region is alone
    raw = np.maximum(raw, raw.T) if symmetric else raw
    np.fill_diagonal(raw, 0)
    return raw


@pytest.fixture(scope="module", params=["standardised", "binary"])
def columbus(request) -> tuple:
    """y, X, W, its spectrum, and R's results."""
    data, n = STORED["data"], 49
    raw = np.zeros((n, n))
    for i, near in enumerate(STORED["neighbours"]):
        raw[i, np.array(near) - 1] = 1
    standardised = request.param == "standardised"
    x = np.column_stack([np.ones(n), data["INC"], data["HOVAL"]])
    w = row_standardised(raw) if standardised else raw
    return np.array(data["CRIME"]), x, w, spectrum(raw, standardised), STORED[request.param]


@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("standardised", [True, False])
def test_determinants_and_traces_are_those_of_the_matrix(symmetric, standardised):
    raw = random_weights(symmetric)
    w = row_standardised(raw) if standardised else raw
    roots = spectrum(raw, standardised)
    eye = np.eye(25)
    for share in (-0.9, -0.3, 0.4, 0.95):
        rho = share * (roots.high if share > 0 else -roots.low)
        a = eye - rho * w
        sign, value = np.linalg.slogdet(a)
        assert sign == 1  # inside the interval the determinant is positive
        inverse = np.linalg.inv(a)
        # Eigenvalues are good to 1e-14 of the largest; near the ends 20 times that.
        assert roots.log_determinant(rho) == pytest.approx(value, abs=1e-11)
        g = w @ inverse
        for lags, inverses, matrix in ((1, 1, g), (2, 2, g @ g), (0, 1, inverse)):
            expected = np.trace(matrix)
            found = roots.trace(rho, lags, inverses)
            assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)
    if standardised:
        assert roots.high == pytest.approx(1, abs=1e-12)
    assert np.linalg.slogdet(eye - 1.001 * roots.high * w)[0] == -1


def test_cycles_have_an_interval_though_no_eigenvalue_is_below_zero():
    cycle = np.roll(np.eye(3), 1, axis=1)  # roots of one: 1 and a complex pair
    roots = spectrum(cycle, True)
    assert (roots.low, roots.high) == pytest.approx((-1, 1), abs=1e-12)
    expected = np.linalg.slogdet(np.eye(3) - 0.5 * cycle)[1]
    assert roots.log_determinant(0.5) == pytest.approx(expected, abs=1e-12)


def test_multipliers_are_means_of_the_inverse():
    w = row_standardised(random_weights(symmetric=False))
    roots = spectrum(random_weights(symmetric=False), True)

    def means(rho: float) -> list[float]:
        inverse = np.linalg.inv(np.eye(25) - rho * w)
        parts = (inverse, inverse @ w)
        return [v for m in parts for v in (np.diag(m).mean(), m.sum(axis=1).mean())]

    found = multipliers(0.4, w, roots)
    values = [found.direct, found.total, found.lagged_direct, found.lagged_total]
    np.testing.assert_allclose(values, means(0.4), rtol=1e-12)
    slopes = [found.direct_slope, found.total_slope, found.lagged_direct_slope,
              found.lagged_total_slope]  # fmt: skip
    h = 1e-5  # central differences are good to h^2
    numeric = (np.array(means(0.4 + h)) - np.array(means(0.4 - h))) / (2 * h)
    np.testing.assert_allclose(slopes, numeric, rtol=1e-8)


@pytest.mark.parametrize("model", [lag_model, error_model])
def test_columbus_is_spatialregs(columbus, model):
    y, x, w, roots, stored = columbus
    expected, found = stored[model.__name__.split("_")[0]], model(y, x, w, roots)
    # R's search in one dimension leaves 1e-8 of rho, and the others move with it.
    assert found.rho == pytest.approx(expected["rho"], rel=1e-6)
    np.testing.assert_allclose(found.coef, expected["coef"], rtol=1e-6)
    np.testing.assert_allclose(np.sqrt(np.diag(found.covariance)), expected["se"], rtol=1e-6)
    assert found.variance == pytest.approx(expected["variance"], rel=1e-6)
    # The likelihood is flat at its maximum.
    assert found.loglik == pytest.approx(expected["loglik"], rel=1e-12)
    np.testing.assert_allclose(found.innovations, expected["residuals"], rtol=1e-6, atol=1e-6)


def test_columbus_is_as_printed(columbus):
    """Every digit of the summaries in spatialreg's manual, ML_models: its examples on oldcol."""
    y, x, w, roots, stored = columbus
    printed = {
        "lag": ([45.079250, -1.031616, -0.265926], [7.177347, 0.305143, 0.088499],
                0.43102, 0.11768, -182.3904, 95.494),
        "error": ([59.893220, -0.941312, -0.302250], [5.366162, 0.330569, 0.090476],
                  0.56179, 0.13387, -183.3805, 95.575),
        "binary": ([55.383118, -0.936595, -0.299857], [5.449775, 0.319355, 0.088678],
                   0.12686, 0.021745, -182.0502, 88.744),
    }  # fmt: skip
    models = {"lag": lag_model, "error": error_model}
    if stored is STORED["binary"]:
        models = {"binary": error_model}
    for name, model in models.items():
        found = model(y, x, w, roots)
        coef, errors, rho, error, loglik, variance = printed[name]
        sizes = np.sqrt(np.diag(found.covariance))
        # R stopped at its default tolerance: the intercept's last printed digit is one off.
        np.testing.assert_allclose(found.coef, coef, atol=1.1e-6)
        np.testing.assert_allclose(sizes[:-1], errors, atol=1.1e-6)
        assert (round(found.rho, 5), round(found.loglik, 4)) == (rho, loglik)
        assert round(found.variance, 3) == pytest.approx(variance, abs=1e-9)
        assert sizes[-1] == pytest.approx(error, abs=5.1e-6)


def test_maximum_is_where_the_whole_likelihood_has_no_slope(columbus):
    y, x, w, roots, _ = columbus
    n = len(y)

    def loglik(theta: np.ndarray, lag: bool) -> float:
        b, rho, variance = theta[:3], theta[3], theta[4]
        a = np.eye(n) - rho * w
        e = a @ y - x @ b if lag else a @ (y - x @ b)
        whole = np.linalg.slogdet(a)[1] - n / 2 * np.log(2 * np.pi * variance)
        return whole - e @ e / (2 * variance)

    for model in (lag_model, error_model):
        found = model(y, x, w, roots)
        theta = np.array([*found.coef, found.rho, found.variance])
        lag = model is lag_model
        assert loglik(theta, lag) == pytest.approx(found.loglik, rel=1e-12)
        steps = np.diag(1e-5 * np.abs(theta))
        slope = [(loglik(theta + s, lag) - loglik(theta - s, lag)) / (2 * s.sum()) for s in steps]
        # In units of standard errors, against a rounding of 1e-13/1e-5 in the difference.
        assert np.abs(slope[:4] * np.sqrt(np.diag(found.covariance))).max() < 1e-5


def test_weights_that_say_nothing_have_no_maximum():
    draw = np.random.default_rng(1)
    y, x = draw.normal(size=20), np.column_stack([np.ones(20), draw.normal(size=20)])
    everyone = np.ones((20, 20)) - np.eye(20)  # all equally near: Kelejian and Prucha (2002)
    roots = spectrum(everyone, True)
    assert lag_model(y, x, row_standardised(everyone), roots) is None
    w = random_weights(symmetric=True)[:20, :20]
    w[np.arange(19), np.arange(1, 20)] = w[np.arange(1, 20), np.arange(19)] = 1.0
    exact = x @ [1.0, 2.0]
    for model in (lag_model, error_model):
        assert model(exact, x, row_standardised(w), spectrum(w, True)) is None
