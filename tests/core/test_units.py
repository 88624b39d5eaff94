"""Units as yearbooks print them."""

from __future__ import annotations

import numpy as np
import pytest

from panel.core.units import factor, magnitude, quantity
from panel.errors import UnitError


@pytest.mark.parametrize(
    "unit", ["亿", "pigs", "亿元元", "yuan +", "1 +", "((", "__import__('os')"]
)
def test_unknown_units(unit):
    with pytest.raises(UnitError, match="is not known") as caught:
        factor(unit, "亿元")
    assert caught.value.remedy


def test_quantities_keep_their_dimension():
    values = np.array([1.0, 2.0])
    per_head = quantity(values, "亿元") / quantity(values, "万人")
    np.testing.assert_allclose(magnitude(per_head, "元/人"), 1e4)
    with pytest.raises(UnitError, match="GDP is measured in"):
        magnitude(per_head, "元", what="GDP")
