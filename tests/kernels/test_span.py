"""Rows that stand for others, against the dummies written out."""

from __future__ import annotations

import numpy as np
import pytest

from panel.errors import ConvergenceError
from panel.kernels.span import spanned

# Two units, three years; unit 1 has no year 2, which follows from unit 0's.
UNITS, YEARS = np.array([0, 0, 0, 1, 1]), np.array([0, 1, 2, 0, 1])


def dummies(*codes):
    return np.column_stack([np.eye(int(c.max()) + 1, dtype=float)[c] for c in codes])


def test_a_row_stands_for_another_with_its_groups():
    weights = spanned([UNITS, YEARS], (2, 3), [np.array([1, 0]), np.array([1, 0])])
    np.testing.assert_array_equal(weights.toarray(), np.eye(5)[[4, 0]].T)


def test_a_cell_without_a_row_follows_from_others():
    weights = spanned([UNITS, YEARS], (2, 3), [np.array([1, 0, 1]), np.array([2, 2, 2])]).toarray()
    target = np.array([[0, 1, 0, 0, 1], [1, 0, 0, 0, 1], [0, 1, 0, 0, 1]], dtype=float)
    np.testing.assert_allclose(dummies(UNITS, YEARS).T @ weights, target.T, atol=1e-12)
    # a_1 + c_2 = (a_0 + c_2) + the mean difference of the units in their two common years.
    np.testing.assert_allclose(weights[:, 0], [-0.5, -0.5, 1, 0.5, 0.5], atol=1e-12)
    np.testing.assert_array_equal(weights[:, 1], np.eye(5)[2])


def test_three_groupings():
    draw = np.random.default_rng(0)
    codes = [draw.integers(0, size, 60) for size in (7, 5, 4)]
    others = [np.array([3, 6]), np.array([4, 0]), np.array([0, 3])]
    weights = spanned(codes, (7, 5, 4), others).toarray()
    target = np.column_stack([np.eye(s)[c] for s, c in zip((7, 5, 4), others, strict=True)])
    np.testing.assert_allclose(dummies(*codes).T @ weights, target.T, atol=1e-10)


def test_what_no_row_connects_is_an_error():
    apart = np.array([0, 0, 1, 1]), np.array([0, 1, 2, 3])
    with pytest.raises(ConvergenceError, match="do not follow"):
        spanned(apart, (2, 4), [np.array([0]), np.array([2])])
