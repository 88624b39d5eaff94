from __future__ import annotations

import numpy as np
import pytest

from panel.kernels.groups import (
    components,
    group_counts,
    group_sums,
    incidence,
    nested,
    recode,
)


def test_codes_follow_first_appearance():
    codes, number = recode(np.array(["b", "a", "b", "c"]))
    assert codes.tolist() == [0, 1, 0, 2]
    assert number == 3


@pytest.mark.parametrize("ascending", [True, False])
def test_sums_of_groups_that_stand_together_or_apart(ascending):
    draw = np.random.default_rng(0)
    codes = draw.integers(0, 7, 50)
    codes = np.sort(codes) if ascending else codes
    values = draw.normal(size=(50, 3))
    expected = np.array([values[codes == g].sum(axis=0) for g in range(9)])
    np.testing.assert_allclose(group_sums(codes, values, 9), expected, atol=1e-13)
    np.testing.assert_array_equal(group_counts(codes, 9), np.bincount(codes, minlength=9))


def test_sums_of_no_rows():
    empty = np.zeros(0, dtype=np.int64)
    np.testing.assert_array_equal(group_sums(empty, np.zeros((0, 2)), 3), np.zeros((3, 2)))


def test_incidence_holds_the_weight_of_each_pair():
    a, b = np.array([0, 0, 1, 0]), np.array([0, 1, 1, 0])
    table = incidence(a, b, (2, 2), np.array([1.0, 2.0, 3.0, 4.0])).toarray()
    np.testing.assert_array_equal(table, [[5.0, 2.0], [0.0, 3.0]])


def test_components_of_two_groupings():
    a, b = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2])
    number, labels = components(a, b, (3, 3))
    assert number == 2
    assert labels[0] == labels[1] != labels[2]


def test_nested():
    inner, outer = np.array([0, 0, 1, 2, 2]), np.array([0, 0, 0, 1, 1])
    assert nested(inner, outer)
    assert nested(inner, inner)
    assert not nested(outer, inner)


@pytest.mark.parametrize("dtype", [np.int64, np.int8, float, str])
def test_recoded_in_order_of_appearance(dtype):
    values = np.array([3, -1, 3, 7, -1, 2]).astype(dtype)
    codes, count = recode(values)
    assert (codes.tolist(), count) == ([0, 1, 0, 2, 1, 3], 4)


def test_codes_far_apart_are_recoded_too():
    codes, count = recode(np.array([2**62, -(2**62), 2**62]))
    assert (codes.tolist(), count) == ([0, 1, 0], 2)


@pytest.mark.parametrize("count", [7, 36_000, 900_000])
@pytest.mark.parametrize("sort", [True, False])
def test_sums_of_several_pieces(count, sort):
    draw = np.random.default_rng(3)
    codes = draw.integers(0, count, 70_000)
    codes = np.sort(codes) if sort else codes
    values, weights = draw.integers(-9, 9, (70_000, 2)).astype(float), draw.integers(1, 5, 70_000)
    expected = np.zeros((count, 2))
    np.add.at(expected, codes, values * weights[:, None])
    found = group_sums(codes, values, count, weights.astype(float))
    np.testing.assert_array_equal(found, expected)
