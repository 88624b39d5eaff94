"""Ranges of expressions over the bounds of rounded figures."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.diagnostics.facts import Fact
from panel.diagnostics.ranges import Range, at_most, range_of, same_number
from panel.errors import UnitError

# Corners are products and ratios of a few numbers, each rounded once in double precision.
CLOSE = 1e-13


def facts(**printed: str) -> dict[str, Fact]:
    return {name: Fact(name, text) for name, text in printed.items()}


def test_growth_takes_the_opposite_ends():
    found = range_of("a / b - 1", facts(a="12", b="10"), "percent")
    expected = (100 * (11.5 / 10.5 - 1), 20.0, 100 * (12.5 / 9.5 - 1))
    np.testing.assert_allclose((found.low, found.mid, found.high), expected, rtol=CLOSE)


def test_a_fact_that_stands_twice_is_one_number():
    # a / (a + b) rises in a: plain interval arithmetic would give 0.95/3.05 to 1.05/2.95 + ...
    found = range_of("a / (a + b)", facts(a="1.0", b="2.0"), "")
    np.testing.assert_allclose(found.low, 0.95 / (0.95 + 2.05), rtol=CLOSE)
    np.testing.assert_allclose(found.high, 1.05 / (1.05 + 1.95), rtol=CLOSE)
    same = range_of("a - a", facts(a="1.0"), "")
    assert (same.low, same.high) == (0.0, 0.0)


@given(
    a=st.decimals(1, 999, places=1),
    b=st.decimals(1, 999, places=2),
    at=st.tuples(st.floats(-1, 1), st.floats(-1, 1)),
)
def test_no_pair_that_rounds_like_these_leaves_the_range(a, b, at):
    found = range_of("(a / b) ^ (1 / 5) - 1", facts(a=str(a), b=str(b)), "")
    inside = ((float(a) + 0.05 * at[0]) / (float(b) + 0.005 * at[1])) ** 0.2 - 1
    assert at_most(found.low, inside)
    assert at_most(inside, found.high)


def test_units_are_carried():
    known = {"va": Fact("va", "1.2", "tn CNY"), "gdp": Fact("gdp", "32000", "亿元")}
    assert range_of("va / gdp", known, "percent").mid == pytest.approx(37.5, rel=CLOSE)
    assert range_of("va", known, "亿元").mid == pytest.approx(12000, rel=CLOSE)
    rate = {"g": Fact("g", "20", "percent")}
    assert range_of("(1 + g) ^ 2", rate, "").mid == pytest.approx(1.44, rel=CLOSE)


def test_units_that_do_not_fit_raise():
    known = {"a": Fact("a", "1", "CNY"), "b": Fact("b", "1", "RUB")}
    with pytest.raises(UnitError, match="a \\+ b"):
        range_of("a + b", known, "CNY")
    with pytest.raises(UnitError, match="percent"):
        range_of("a", known, "percent")


def test_the_same_number_in_another_unit_is_seen():
    known = {"a": Fact("a", "1.04", "tn CNY"), "b": Fact("b", "1", "CNY")}
    assert same_number("a", known, Fact("p", "1.04", "tn USD"))
    assert same_number("a", known, Fact("p", "1,040", "bn USD"))
    assert not same_number("a", known, Fact("p", "154", "bn USD"))
    assert not same_number("a + 1", known, Fact("p", "154", "bn USD"))
    assert not same_number("3", {}, Fact("p", "3", "bn USD"))


def test_open_bounds_make_open_ranges():
    known = {"a": Fact("a", "10", ""), "b": Fact("b", "5", qualifier="over")}
    ratio = range_of("a / b", known, "")
    assert (ratio.low, ratio.mid, ratio.high) == (0.0, 2.0, 2.1)
    assert not range_of("a - b", known, "").bounded
    both = {"a": Fact("a", "10", qualifier="over"), "b": known["b"]}
    assert range_of("a / b", both, "").high == inf


def test_an_expression_of_no_facts_and_one_without_a_value():
    assert range_of("2 * 3", {}, "") == Range(6, 6, 6)
    assert not np.isfinite(range_of("a / 0", facts(a="1"), "").mid)


def test_only_the_error_of_the_arithmetic_is_forgiven():
    assert at_most(0.1 + 0.2, 0.3)
    assert not at_most(0.3 + 1e-9, 0.3)
    assert at_most(-inf, inf)
    assert not at_most(inf, 1.0)
