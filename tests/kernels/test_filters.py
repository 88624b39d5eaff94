from __future__ import annotations

import numpy as np
import pytest

from panel.kernels.filters import between, beyond, hodrick_prescott, on_line


def test_the_trend_is_that_of_statsmodels() -> None:
    hpfilter = pytest.importorskip("statsmodels.tsa.filters.hp_filter").hpfilter
    draw = np.random.default_rng(1)
    for n, lamb in ((3, 6.25), (4, 100.0), (30, 6.25), (50, 1600.0)):
        y = np.cumsum(draw.normal(size=n))
        # Both solve one symmetric system of condition 16 lamb: 12 digits are left.
        np.testing.assert_allclose(hodrick_prescott(y, lamb), hpfilter(y, lamb)[1], rtol=1e-9)


def test_the_trend_minimises_what_it_says() -> None:
    draw = np.random.default_rng(2)
    y = draw.normal(size=8)

    def loss(x: np.ndarray) -> float:
        return float(((y - x) ** 2).sum() + 6.25 * (np.diff(x, 2) ** 2).sum())

    trend = hodrick_prescott(y, 6.25)
    assert all(loss(trend) < loss(trend + 1e-3 * draw.normal(size=8)) for _ in range(20))


def test_a_line_is_its_own_trend_and_so_are_two_values() -> None:
    line = 3.0 + 2.0 * np.arange(9)
    np.testing.assert_allclose(hodrick_prescott(line, 6.25), line, rtol=1e-12)
    np.testing.assert_array_equal(hodrick_prescott(line[:2], 6.25), line[:2])
    assert len(hodrick_prescott(line[:0], 6.25)) == 0


# unit 0: 2010 known, 2011 and 2012 missing, 2013 known, 2014 missing
# unit 1: 2010 missing, 2011 known, (2012 has no row), 2013 missing, 2014 known
KNOWN = np.array([1, 0, 0, 1, 0, 0, 1, 0, 1], dtype=bool)
UNIT = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1])
TIME = np.array([2010, 2011, 2012, 2013, 2014, 2010, 2011, 2013, 2014])


def test_gaps_lie_between_known_years_of_one_unit() -> None:
    rows, left, right = between(KNOWN, UNIT, TIME, 2)
    assert rows.tolist() == [1, 2, 7]
    assert left.tolist() == [0, 0, 6]
    assert right.tolist() == [3, 3, 8]


def test_a_year_without_a_row_counts_in_a_gap() -> None:
    assert between(KNOWN, UNIT, TIME, 1)[0].tolist() == []


def test_ends_lie_beyond_two_known_years() -> None:
    rows, near, far = beyond(KNOWN, UNIT, TIME, 1)
    assert dict(zip(rows.tolist(), zip(near.tolist(), far.tolist(), strict=True), strict=True)) == {
        4: (3, 0),
        5: (6, 8),
    }
    alone = np.array([1, 0, 0], dtype=bool)
    assert beyond(alone, np.zeros(3, np.int64), np.arange(3), 5)[0].tolist() == []


def test_the_line_goes_through_both_points_and_past_them() -> None:
    values = np.array([10.0, np.nan, np.nan, 40.0, np.nan])
    rows = np.array([1, 2, 4])
    near, far = np.array([0, 0, 3]), np.array([3, 3, 0])
    assert on_line(values, TIME[:5], rows, near, far).tolist() == [20.0, 30.0, 50.0]
