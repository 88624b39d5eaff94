"""Compiled loops give what numpy gives."""

from __future__ import annotations

import numpy as np
import pytest

from panel.kernels import groups
from panel.kernels.absorb import OneWay, TwoWay

pytest.importorskip("numba")


@pytest.fixture
def compile_everything(monkeypatch):
    monkeypatch.setattr(groups, "_COMPILED_ROWS", 0)


def columns(sort: bool):
    draw = np.random.default_rng(11)
    unit = draw.integers(0, 40, 500)
    unit = np.sort(unit) if sort else unit
    year, weights = draw.integers(0, 9, 500), draw.uniform(0.1, 3.0, 500)
    return (unit, year), weights, [1e3 * unit + year + draw.normal(size=500) for _ in range(3)]


@pytest.mark.parametrize("sort", [True, False])
@pytest.mark.parametrize("weighted", [True, False])
def test_two_ways(sort, weighted, monkeypatch):
    codes, weights, values = columns(sort)
    project = TwoWay(codes, (40, 9), weights if weighted else None)
    plain = project.residual(values)
    monkeypatch.setattr(groups, "_COMPILED_ROWS", 0)
    np.testing.assert_allclose(project.residual(values), plain, rtol=0, atol=1e-10)


@pytest.mark.parametrize("weighted", [True, False])
def test_sums(weighted, monkeypatch):
    codes, weights, values = columns(sort=False)
    given = (codes[0], np.column_stack(values), 41, weights if weighted else None)
    plain = groups.group_sums(*given)
    monkeypatch.setattr(groups, "_COMPILED_ROWS", 0)
    np.testing.assert_allclose(groups.group_sums(*given), plain, rtol=1e-13)
    assert plain[40].tolist() == [0.0, 0.0, 0.0]  # a group without rows


def test_columns_may_not_be_contiguous(compile_everything):
    codes, _, values = columns(sort=True)
    table = np.column_stack(values)
    project = TwoWay(codes, (40, 9), None)
    np.testing.assert_array_equal(project.residual(list(table.T)), project.residual(values))


@pytest.mark.parametrize("rows", [0, 1 << 30])
def test_a_level_far_above_the_deviations_costs_no_digits(rows, monkeypatch):
    monkeypatch.setattr(groups, "_COMPILED_ROWS", rows)
    codes, _, values = columns(sort=True)
    whole = np.round(values[0])  # so that adding the level rounds nothing
    for project in (TwoWay(codes, (40, 9), None), OneWay(codes[0], 40, None)):
        low, high = project.residual([whole, whole + 1e12]).T
        np.testing.assert_allclose(high, low, rtol=0, atol=1e-10)
