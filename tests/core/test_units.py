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


@pytest.mark.parametrize(
    ("unit", "other", "by"),
    [
        ("万件", "件", 1e4),  # the word before a unit multiplies it
        ("百万千瓦", "千瓦", 1e6),  # 百万 of 千瓦, not 百 of 万千瓦 of another kind
        ("千公顷", "平方公里", 10),
        ("件/万人", "项/人", 1e-4),
        ("тыс. т", "吨", 1e3),
        ("млрд кВт·ч", "亿千瓦小时", 10),
        ("тыс. рублей", "руб.", 1e3),
        ("亿人公里", "人公里", 1e8),
        ("亩", "公顷", 1 / 15),
        ("‰", "%", 0.1),
    ],
)
def test_units_of_yearbooks_and_their_multiples(unit, other, by):
    # one ulp or two of a product of powers of ten
    assert factor(unit, other) == pytest.approx(by, rel=1e-14)
