"""Units as yearbooks print them."""

from __future__ import annotations

import numpy as np
import pytest

from panel.core.units import compatible, factor, magnitude, quantity
from panel.errors import UnitError


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("亿元", "万元", 1e4), ("万亿元", "亿元", 1e4), ("亿元", "bn CNY", 0.1),
        ("млн руб.", "руб.", 1e6), ("млрд руб", "млн руб.", 1e3), ("万人", "百人", 100),
        ("percent", "", 0.01), ("%", "percent", 1), ("", "percent", 100),
        ("亿千瓦小时", "万千瓦小时", 1e4), ("万吨标准煤", "tce", 1e4), ("上年=100", "percent", 1),
        ("百万吨", "万吨", 100), ("元/人", "万元/万人", 1),
        ("subscribers per 100 people", "户/人", 0.01),
    ],
)  # fmt: skip
def test_conversions(source, target, expected):
    assert factor(source, target) == pytest.approx(expected, rel=1e-14)
    assert compatible(source, target)


@pytest.mark.parametrize(
    ("a", "b"),
    [("亿元", "млн руб."), ("亿元", "万人"), ("户", "人"), ("台", "人"), ("亿元", "percent")],
)
def test_what_cannot_be_added(a, b):
    assert not compatible(a, b)
    with pytest.raises(UnitError, match="not a kind of") as caught:
        factor(a, b)
    assert caught.value.remedy


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
