from __future__ import annotations

import numpy as np
import pytest

from panel.kernels.lstsq import independent, least_squares


@pytest.mark.parametrize("weighted", [False, True])
def test_agrees_with_the_normal_equations(weighted):
    draw = np.random.default_rng(0)
    x, y = draw.normal(size=(40, 3)), draw.normal(size=40)
    w = draw.uniform(0.1, 5, 40) if weighted else None
    weight = np.eye(40) if w is None else np.diag(w)
    solved = least_squares(x, y, w)
    inverse = np.linalg.inv(x.T @ weight @ x)
    np.testing.assert_allclose(solved.inverse, inverse, rtol=1e-12)
    np.testing.assert_allclose(solved.coef, inverse @ x.T @ weight @ y, rtol=1e-12)
    np.testing.assert_allclose(solved.residual, y - x @ solved.coef, rtol=1e-14)


def test_columns_of_very_different_size():
    draw = np.random.default_rng(1)
    x, y = draw.normal(size=(30, 3)), draw.normal(size=30)
    scale = np.array([1e-9, 1.0, 1e9])
    solved, plain = least_squares(x * scale, y, None), least_squares(x, y, None)
    np.testing.assert_allclose(solved.coef * scale, plain.coef, rtol=1e-13)


def test_no_columns():
    solved = least_squares(np.empty((3, 0)), np.arange(3.0), None)
    assert solved.coef.shape == (0,)
    np.testing.assert_array_equal(solved.residual, [0.0, 1.0, 2.0])


def lengths(x):
    return np.linalg.norm(x, axis=0)


def test_the_later_of_two_dependent_columns_goes():
    draw = np.random.default_rng(2)
    a, b, c = draw.normal(size=(3, 20))
    x = np.column_stack([a, b, 2 * a - b, np.zeros(20), c, a, c + 1e-12 * b])
    assert independent(x, lengths(x)).tolist() == [True, True, False, False, True, False, False]


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
def test_a_column_of_its_own_stays_whatever_its_unit(scale):
    draw = np.random.default_rng(3)
    a, b = draw.normal(size=(2, 20))
    x = np.column_stack([a, scale * (a + 1e-6 * b)])
    assert independent(x, lengths(x)).all()


def test_more_columns_than_rows():
    x = np.random.default_rng(4).normal(size=(5, 9))
    assert independent(x, lengths(x)).tolist() == [True] * 5 + [False] * 4


def test_rounding_of_a_large_column_is_no_information():
    # Effects of size 1e8 were taken out of the second column and left noise of size 1e-8.
    draw = np.random.default_rng(5)
    a, noise = draw.normal(size=50), 1e-8 * draw.normal(size=50)
    x = np.column_stack([a, a + noise])
    assert independent(x, np.array([7.0, 7e8])).tolist() == [True, False]
    assert independent(x, lengths(x)).tolist() == [True, True]
