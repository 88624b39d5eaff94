"""Instrumental-variables kernels against the formulas written out."""

from __future__ import annotations

import numpy as np
import pytest

from panel.kernels.instruments import (
    k_class,
    method_of_moments,
    orthonormal,
    quadratic_form,
    smallest_ratio,
)


@pytest.fixture
def data() -> tuple[np.ndarray, ...]:
    """Outcome (80,), regressors (80, 3), the last endogenous, and excluded instruments (80, 3)."""
    draw = np.random.default_rng(3)
    u, z = draw.normal(size=80), draw.normal(size=(80, 3))
    exogenous = np.column_stack([np.ones(80), 1e3 + draw.normal(size=80)])
    d = z @ [1.0, 0.5, 0.0] + u + draw.normal(size=80)
    x = np.column_stack([exogenous, d])
    return x @ [1.0, 0.01, 2.0] + u, x, z


@pytest.mark.parametrize("kappa", [0.0, 0.7, 1.0, 1.01])
def test_k_class_solves_its_equations(kappa, data):
    y, x, z = data
    q = orthonormal(np.column_stack([x[:, :2], z]))
    m = np.eye(80) - q @ q.T
    inner = x.T @ (np.eye(80) - kappa * m) @ x
    solved = k_class(x, y, q, kappa)
    expected = np.linalg.solve(inner, x.T @ (np.eye(80) - kappa * m) @ y)
    # The columns' condition number, 1e3, is squared in the equations written out.
    np.testing.assert_allclose(solved.coef, expected, rtol=1e-8)
    np.testing.assert_allclose(solved.bread, np.linalg.inv(inner), rtol=1e-6)
    np.testing.assert_allclose(
        solved.loadings, q @ (q.T @ x) @ np.linalg.inv(inner), rtol=1e-5, atol=1e-9
    )


def test_kappa_of_liml_minimises_the_ratio(data):
    y, x, z = data
    q1, q = orthonormal(x[:, :2]), orthonormal(np.column_stack([x[:, :2], z]))
    left = z - q1 @ (q1.T @ z)
    both = np.column_stack([y, x[:, 2]])
    kappa = smallest_ratio(both, q1, orthonormal(left))
    first = both.T @ both - (q1.T @ both).T @ (q1.T @ both)
    rest = both.T @ both - (q.T @ both).T @ (q.T @ both)
    angles = np.linspace(0, np.pi, 200_001)
    a = np.column_stack([np.cos(angles), np.sin(angles)])
    ratios = ((a @ first) * a).sum(axis=1) / ((a @ rest) * a).sum(axis=1)
    assert kappa == pytest.approx(ratios.min(), rel=1e-8)
    assert kappa <= ratios.min() + 1e-12


def test_method_of_moments_minimises_its_criterion(data):
    y, x, z = data
    q = orthonormal(np.column_stack([x[:, :2], z]))
    root = np.random.default_rng(1).normal(size=(5, 5))
    weight = root @ root.T
    solved = method_of_moments(x, y, q, weight)
    best = quadratic_form(q.T @ (y - x @ solved.coef), weight)
    for step in np.eye(3) * 1e-4:
        for sign in (-1, 1):
            other = quadratic_form(q.T @ (y - x @ (solved.coef + sign * step)), weight)
            assert other > best
    np.testing.assert_allclose(solved.loadings.T @ y, solved.coef, rtol=1e-9)
    identity = method_of_moments(x, y, q, 7.0 * np.eye(5))
    np.testing.assert_allclose(identity.coef, k_class(x, y, q, 1.0).coef, rtol=1e-9)
    with pytest.raises(np.linalg.LinAlgError):
        method_of_moments(x, y, q, np.zeros((5, 5)))


def test_no_columns_have_an_empty_basis():
    assert orthonormal(np.empty((4, 0))).shape == (4, 0)
