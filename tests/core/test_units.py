"""Units as yearbooks print them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel.core.unit_words import spellings
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
        ("тыс. км2", "km²", 1e3),
        ("млн т у. т.", "万吨标准煤", 100),
        ("GWh", "ТДж", 3.6),
        ("тыс. долл. США", "万美元", 0.1),
        ("个百分点", "%", 1),
        ("件/thousand persons", "件/人", 1e-3),  # per thousand of them, not a thousandth each
    ],
)
def test_units_of_yearbooks_and_their_multiples(unit, other, by):
    # one ulp or two of a product of powers of ten
    assert factor(unit, other) == pytest.approx(by, rel=1e-14)


KINDS = [  # units of one kind each, in all three languages
    ("元", "万元", "亿元", "百万元", "million yuan", "CNY", "万亿元", "千元"),
    ("руб.", "тыс. руб.", "млн руб.", "млрд руб.", "billion roubles", "RUB"),
    ("人", "万人", "тыс. чел.", "млн чел.", "persons", "百人"),
    ("户", "万户", "subscribers", "million subscribers"),
    ("吨", "万吨", "тыс. т", "kg", "t", "million tonnes"),
    ("千瓦时", "亿千瓦小时", "млн кВт·ч", "GWh", "TJ", "吨标准煤", "万吨标准煤", "т у. т."),
    ("公里", "万公里", "км", "m"),
    ("平方公里", "公顷", "千公顷", "亩", "km2", "кв. м", "тыс. га"),
]
PAIRS = st.sampled_from(KINDS).flatmap(lambda k: st.tuples(*[st.sampled_from(k)] * 3))


@given(PAIRS, PAIRS)
@settings(deadline=None)
def test_conversions_go_there_and_back_and_by_any_way(one, other):
    # Factors are products of some ten powers of ten: rounding is a few ulp.
    (a, b, c), (p, q, r) = one, other
    for x, y, z in ((a, b, c), (f"{a}/{p}", f"{b}/{q}", f"{c}/{r}")):
        assert factor(x, y) * factor(y, x) == pytest.approx(1, rel=1e-13)
        assert factor(x, y) * factor(y, z) == pytest.approx(factor(x, z), rel=1e-13)
        assert factor(x, x) == pytest.approx(1, rel=1e-15)


@given(st.sampled_from(KINDS), st.sampled_from(KINDS), st.data())
@settings(deadline=None)
def test_units_of_two_kinds_are_never_converted(one, other, data):
    a, b = data.draw(st.sampled_from(one)), data.draw(st.sampled_from(other))
    if one is other:
        assert factor(a, b) > 0
    else:
        with pytest.raises(UnitError, match="is not a kind of"):
            factor(a, b)


def test_a_word_in_print_that_is_a_unit_itself_means_no_other():
    compared = 0
    for word, unit in spellings().items():
        try:
            times = factor(word, unit)
        except UnitError:
            continue  # "коек": a word for print alone
        assert times == pytest.approx(1, rel=1e-14), word
        compared += 1
    assert compared > 100
