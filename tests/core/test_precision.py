from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from panel.core.precision import as_printed, half_unit, last_place, places


@pytest.mark.parametrize(
    ("value", "printed"),
    [(4528.0, "4528"), (4519.3, "4519.3"), (0.0, "0"), (-0.25, "-0.25"), (1e6, "1000000"),
     (64160228.4 * 1e-4, "6416.02284"), (5868753.0, "5868753"), (1e-5, "0.00001")],
)  # fmt: skip
def test_digits_survive_a_change_of_unit(value, printed):
    assert format(as_printed(value), "f") == printed


def test_half_a_unit_of_the_last_digit():
    assert last_place(Decimal("3.10")) == -2
    assert half_unit(-2) == Decimal("0.005")
    assert half_unit(0) == Decimal("0.5")
    assert list(places([3.25, 4.0, float("nan"), 1e6])) == [-2, 0, 0, 0]


def test_places_of_many_are_those_of_each():
    draw = np.random.default_rng(1)
    values = np.round(draw.lognormal(3, 4, 500), 3)
    values = np.concatenate(
        [values * 10.0 ** draw.integers(-6, 9, 500), -values, [0, 1, 10, 999.9]]
    )
    each = [last_place(as_printed(float(v))) for v in values]
    assert list(places(values)) == each
