"""Oster's equation: both solutions agree, and the roots are all there."""

from __future__ import annotations

import numpy as np
import pytest

from panel.kernels.selection import Selection


@pytest.fixture(params=range(20))
def case(request) -> Selection:
    draw = np.random.default_rng(request.param)
    s = draw.uniform(0.5, 2)
    return Selection(
        draw.normal(), draw.normal(), draw.uniform(0.1, 1), draw.uniform(0.1, 1), s,
        s * draw.uniform(0.2, 0.95),
    )  # fmt: skip


@pytest.mark.parametrize("delta", [-1.0, 0.5, 1.0, 1.7])
def test_at_every_root_the_selection_is_delta(case, delta):
    for beta in case.roots(delta):
        v = case.full - beta
        terms = case.polynomial(delta) * v ** np.arange(3, -1, -1)
        assert abs(terms.sum()) < 1e-10 * np.abs(terms).sum()
        assert case.delta(beta) == pytest.approx(delta, rel=1e-7)


def test_delta_solves_the_equation_it_is_solved_for(case):
    for beta in (0.0, 1.5):
        terms = case.polynomial(case.delta(beta)) * (case.full - beta) ** np.arange(3, -1, -1)
        assert abs(terms.sum()) < 1e-10 * np.abs(terms).sum()


def test_the_first_root_has_the_direction_of_the_controls(case):
    # With delta = 1 the product of the two roots in v is -m/t: one of each sign.
    roots = case.full - case.roots(1.0)
    assert len(roots) == 2
    assert np.prod(roots) == pytest.approx(-case.missing / case.given_full)
    assert roots[0] * (case.short - case.full) > 0


def test_nothing_missing_or_nothing_moved_leaves_the_coefficient():
    assert Selection(2, 1, 0.5, 0.0, 1, 0.5).roots(1.0)[0] == 1
    assert Selection(1, 1, 0.5, 0.3, 1, 0.5).roots(1.0)[0] == 1
    assert Selection(1, 1, 0.5, 0.0, 1, 0.5).roots(1.0)[0] == 1


def test_units_of_measurement_do_not_matter(case):
    k = 1e5  # the treatment in other units
    other = Selection(
        case.short / k, case.full / k, case.gained, case.missing, case.given_short * k**2,
        case.given_full * k**2,
    )  # fmt: skip
    assert k * other.roots(0.7) == pytest.approx(case.roots(0.7), rel=1e-9)
    assert other.delta(0.0) == pytest.approx(case.delta(0.0), rel=1e-12)
