"""Absorption against exact rational arithmetic, also where weights and graphs are unkind."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from panel.errors import ConvergenceError
from panel.kernels.absorb import ManyWay, OneWay, TwoWay, projection, rank
from panel.kernels.groups import recode


def exact(codes, sizes, weights, values):
    """Weighted residual (n,) and rank of the dummies, by Gauss's elimination in rationals."""
    n, offsets = len(values), np.cumsum((0, *sizes[:-1]))
    size = sum(sizes)
    w = [Fraction(1)] * n if weights is None else [Fraction(float(x)) for x in weights]
    v = [Fraction(float(x)) for x in values]
    system = [[Fraction(0)] * (size + 1) for _ in range(size)]
    columns = [[int(c[i] + o) for c, o in zip(codes, offsets, strict=True)] for i in range(n)]
    for i, own in enumerate(columns):
        for a in own:
            for b in own:
                system[a][b] += w[i]
            system[a][size] += w[i] * v[i]
    pivots: list[int] = []
    for column in range(size):
        top = len(pivots)
        row = next((r for r in range(top, size) if system[r][column]), None)
        if row is None:
            continue
        system[top], system[row] = system[row], system[top]
        system[top] = [x / system[top][column] for x in system[top]]
        for r in range(size):
            if r != top and (factor := system[r][column]):
                system[r] = [x - factor * y for x, y in zip(system[r], system[top], strict=True)]
        pivots.append(column)
    effects = [Fraction(0)] * size
    for r, column in enumerate(pivots):
        effects[column] = system[r][size]
    residual = [float(v[i] - sum(effects[c] for c in own)) for i, own in enumerate(columns)]
    return np.array(residual), len(pivots)


def coded(*groups):
    codes = tuple(recode(g)[0] for g in groups)
    return codes, tuple(int(c.max()) + 1 for c in codes)


def unbalanced(ways: int, seed: int = 1):
    draw = np.random.default_rng(seed)
    groups = [draw.integers(0, size, 60) for size in (9, 6, 4)[:ways]]
    return (*coded(*groups), draw.normal(size=60))


# Two blocks of five units and six years each, joined by one row: without it, two components.
UNITS = np.r_[np.repeat(np.arange(5), 6), np.repeat(np.arange(5, 10), 6), 0]
YEARS = np.r_[np.tile(np.arange(6), 5), np.tile(np.arange(6, 12), 5), 6]


@pytest.mark.parametrize("spread", [0, 2, 4, 6])
@pytest.mark.parametrize("ways", [1, 2, 3])
def test_residual_is_exact_whatever_the_weights(ways, spread):
    codes, sizes, values = unbalanced(ways)
    weights = 10.0 ** np.random.default_rng(2).uniform(-spread, spread, 60) if spread else None
    residual = projection(codes, sizes, weights).residual([values])[:, 0]
    expected, _ = exact(codes, sizes, weights, values)
    # Rounding of the data times the spread of weights, for which the design asks 1e-12.
    np.testing.assert_allclose(residual, expected, rtol=0, atol=1e-12 if ways < 3 else 1e-10)


@pytest.mark.parametrize("ways", [1, 2, 3])
@pytest.mark.parametrize("spread", [0, 3, 6])
def test_residual_is_idempotent_and_linear(ways, spread):
    codes, sizes, values = unbalanced(ways)
    weights = 10.0 ** np.random.default_rng(3).uniform(-spread, spread, 60) if spread else None
    project = projection(codes, sizes, weights)

    def take_out(values):
        return project.residual(list(values.T))

    tolerance = 1e-12 if ways < 3 else 1e-10
    both = np.column_stack([values, np.cos(values)])
    residual = take_out(both)
    np.testing.assert_allclose(take_out(residual), residual, rtol=0, atol=tolerance)
    combined = take_out(both @ np.array([[2.0], [-3.0]]))
    np.testing.assert_allclose(
        combined, residual @ np.array([[2.0], [-3.0]]), rtol=0, atol=10 * tolerance
    )
    w = np.ones(60) if weights is None else weights
    for c, size in zip(codes, sizes, strict=True):
        means = np.bincount(c, w * residual[:, 0], size) / np.bincount(c, w, size)
        np.testing.assert_allclose(means, 0, atol=10 * tolerance)


@pytest.mark.parametrize("ways", [1, 2, 3])
def test_nothing_is_left_of_what_the_effects_explain(ways):
    codes, sizes, _ = unbalanced(ways)
    values = sum(np.cumsum(np.arange(s) ** 1.5)[c] for c, s in zip(codes, sizes, strict=True))
    residual = projection(codes, sizes, None).residual([values])
    assert np.abs(residual).max() < 1e-13 * np.abs(values).max()


def test_two_components_are_two_panels():
    codes, sizes = coded(UNITS[:-1], YEARS[:-1])
    values = np.random.default_rng(4).normal(size=60)
    residual = projection(codes, sizes, None).residual([values])[:, 0]
    for rows in (slice(0, 30), slice(30, 60)):
        part, part_sizes = coded(UNITS[:-1][rows], YEARS[:-1][rows])
        alone = projection(part, part_sizes, None).residual([values[rows]])[:, 0]
        np.testing.assert_allclose(residual[rows], alone, rtol=0, atol=1e-14)
    assert rank(codes, sizes) == 10 + 12 - 2 == exact(codes, sizes, None, values)[1]


@pytest.mark.parametrize("weight", [1.0, 1e-3])
def test_a_bridge_of_one_row_holds(weight):
    codes, sizes = coded(UNITS, YEARS)
    values = np.random.default_rng(5).normal(size=61)
    weights = np.r_[np.ones(60), weight]
    residual = projection(codes, sizes, weights).residual([values])[:, 0]
    expected, exact_rank = exact(codes, sizes, weights, values)
    assert rank(codes, sizes) == exact_rank == 21
    # The step between the blocks rests on a weight of 1e-3 among sums of 6: a few roundings of
    # 1e-15, a thousand times as large. Of 300 other columns the worst is off by 2e-12.
    np.testing.assert_allclose(residual, expected, rtol=0, atol=4e-12)


@pytest.mark.filterwarnings("error")
def test_a_column_of_zeros_beside_one_that_rounding_keeps_from_settling():
    codes, sizes = coded(UNITS, YEARS)
    values = np.random.default_rng(5).normal(size=61) + 100.0
    project = projection(codes, sizes, np.r_[np.ones(60), 1e-4])
    both = project.residual([values, np.zeros(61)])
    np.testing.assert_array_equal(both[:, 1], 0.0)
    # The row that joins the blocks has a ten-thousandth of their weight: see the bridge above.
    np.testing.assert_allclose(both[:, 0], project.residual([values])[:, 0], rtol=0, atol=1e-9)


@pytest.mark.parametrize("weight", [1e-12, 1e-15, 1e-18])
def test_a_bridge_of_no_weight_is_refused_rather_than_wrong(weight):
    codes, sizes = coded(UNITS, YEARS)
    values = np.random.default_rng(6).normal(size=61)
    with pytest.raises(ConvergenceError, match=r"weight|twice") as caught:
        projection(codes, sizes, np.r_[np.ones(60), weight]).residual([values])
    assert "rescale weights" in caught.value.remedy


def test_a_long_chain_of_movers():
    # Unit i is seen in years i and i + 1 only: the effects at both ends hang together by 200 links.
    units = np.repeat(np.arange(200), 4)
    years = np.concatenate([[i, i + 1, i, i + 1] for i in range(200)])
    codes, sizes = coded(units, years)
    draw = np.random.default_rng(7)
    effects = np.cumsum(draw.normal(size=200))[units] + np.cumsum(draw.normal(size=201))[years]
    noise = draw.normal(size=800)
    take_out = projection(codes, sizes, None).residual
    np.testing.assert_allclose(take_out([effects + noise]), take_out([noise]), rtol=0, atol=1e-11)


@pytest.mark.parametrize("ways", [1, 2, 3])
def test_effects_add_up_to_the_fit(ways):
    codes, sizes, values = unbalanced(ways)
    projected = projection(codes, sizes, None)
    effects = projected.effects(values[:, None])
    fitted = sum(e[c, 0] for e, c in zip(effects, codes, strict=True))
    expected = values - projected.residual([values])[:, 0]
    np.testing.assert_allclose(fitted, expected, rtol=0, atol=1e-11)


def test_both_orders_and_both_algorithms_agree():
    codes, sizes, values = unbalanced(2)
    first = TwoWay(codes, sizes, None).residual([values])
    second = TwoWay(codes[::-1], sizes[::-1], None).residual([values])
    iterated = ManyWay(codes, sizes, None).residual([values])
    np.testing.assert_allclose(second, first, rtol=0, atol=1e-13)
    np.testing.assert_allclose(iterated, first, rtol=0, atol=1e-12)


def test_one_way_takes_group_means():
    codes = np.array([0, 1, 0, 1, 1])
    residual = OneWay(codes, 2, None).residual([np.array([1.0, 2.0, 3.0, 4.0, 9.0])])
    np.testing.assert_array_equal(residual[:, 0], [-1.0, -3.0, 1.0, -1.0, 4.0])


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ((UNITS, YEARS), 21),
        ((UNITS, YEARS, UNITS // 5), 21),  # the blocks say nothing beside the units
        ((UNITS // 5, YEARS, UNITS), 21),  # in any order
        ((UNITS, UNITS, UNITS), 10),
        ((UNITS, np.arange(61)), 61),
    ],
)
def test_rank_counts_nested_and_repeated_groupings_once(groups, expected):
    codes, sizes = coded(*groups)
    assert rank(codes, sizes) == expected
    dummies = np.hstack([np.eye(s)[c] for c, s in zip(codes, sizes, strict=True)])
    assert np.linalg.matrix_rank(dummies) == expected


def test_three_ways_lose_no_digits_to_the_level_of_a_column():
    codes, sizes, values = unbalanced(3)
    values = 1e6 + 1e-4 * values  # what is stored is exact; rounding of the level alone is 1e-10
    expected = exact(codes, sizes, None, values)[0]
    residual = projection(codes, sizes, None).residual([values])[:, 0]
    np.testing.assert_allclose(residual, expected, rtol=0, atol=1e-10 * np.ptp(expected))
