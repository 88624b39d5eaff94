"""Components, rotation and adequacy: what must hold, and two variables by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from panel.errors import ConvergenceError
from panel.kernels.factors import (
    bartlett_sphericity,
    kaiser_meyer_olkin,
    principal_components,
    varimax,
)


def test_two_variables_by_hand():
    r = np.array([[1, 0.6], [0.6, 1]])
    values, vectors = principal_components(r)
    np.testing.assert_allclose(values, [1.6, 0.4], rtol=1e-14)
    np.testing.assert_allclose(vectors[:, 0], math.sqrt(0.5), rtol=1e-14)
    # The partial correlation of two variables given no others is their correlation.
    overall, each = kaiser_meyer_olkin(r)
    assert overall == pytest.approx(0.5, rel=1e-12)
    np.testing.assert_allclose(each, 0.5, rtol=1e-12)
    chi2, df, p = bartlett_sphericity(r, 30)
    assert chi2 == pytest.approx(-(29 - 9 / 6) * math.log(1 - 0.36), rel=1e-12)
    assert df == 1
    assert p == pytest.approx(stats.chi2.sf(chi2, 1))


def test_a_rotation_keeps_communalities_and_gains_simplicity():
    loadings = np.random.default_rng(0).normal(size=(9, 3))
    rotated = varimax(loadings)
    lengths = (loadings**2).sum(axis=1)
    np.testing.assert_allclose((rotated**2).sum(axis=1), lengths, rtol=1e-12)

    def criterion(b):
        return (b**2 / lengths[:, None]).var(axis=0).sum()

    assert criterion(rotated) > criterion(loadings)
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    assert criterion(varimax(loadings @ turn)) == pytest.approx(criterion(rotated), rel=1e-8)


def test_one_factor_stays_and_an_empty_row_too():
    one = np.array([[0.8], [0.1], [-0.5]])
    assert np.array_equal(varimax(one), one)
    empty = np.array([[0.9, 0.1], [0.0, 0.0], [0.2, 0.7]])
    np.testing.assert_allclose(varimax(empty)[1], 0, atol=1e-15)


def test_too_few_steps_are_said():
    loadings = np.random.default_rng(0).normal(size=(9, 3))
    with pytest.raises(ConvergenceError, match="within 1 steps"):
        varimax(loadings, most=1)
