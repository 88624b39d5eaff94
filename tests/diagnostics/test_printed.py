"""Printed numbers: what their digits say."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel.diagnostics.printed import Printed, marks, split_cell
from panel.errors import DataError


@pytest.mark.parametrize(
    ("text", "value", "agreed", "digits"),
    [
        (".116", 0.115562, 3, 3),
        ("0.110", 0.1097, 3, 3),  # a trailing zero is a digit
        ("0.110", 0.1109, 2, 3),
        ("-42.714", -42.7143694, 5, 5),
        ("−42.714", -42.7143694, 5, 5),  # a minus sign proper
        ("1,234.5", 1234.46, 5, 5),
        ("2.9127e+00", 2.91272628, 5, 5),
        ("1.331761148e-14", 1.3317611484e-14, 10, 10),
        ("28,091", 28093, 4, 5),
        ("0.000", 0.0004, 1, 1),  # nothing but zeros: one digit
        ("0.000", 0.0006, 0, 1),
        ("0", 0.3, 1, 1),
        ("9.99", 10.02, 2, 3),
        ("0.005", 0.0045, 1, 1),  # a tie may be rounded either way
        ("<0.001", 0.0002, 1, 1),
        ("<0.001", 0.002, 0, 1),
        ("0.25", math.nan, 0, 2),
        ("0.25", math.inf, 0, 2),
    ],
)
def test_digits_that_agree(text, value, agreed, digits):
    printed = Printed(text)
    assert printed.digits == digits
    assert printed.agreeing(value) == agreed
    assert printed.agrees(value) == (agreed == digits)


@given(st.floats(-1e9, 1e9), st.integers(0, 8))
def test_agrees_with_what_it_was_printed_from(value, decimals):
    assert Printed(f"{value:.{decimals}f}").agrees(value)


@given(st.floats(0.001, 1e6), st.integers(1, 12))
def test_another_last_digit_does_not_agree(value, decimals):
    text = f"{value:.{decimals}e}"
    mantissa, _, exponent = text.partition("e")
    other = f"{mantissa[:-1]}{(int(mantissa[-1]) + 5) % 10}e{exponent}"
    assert not Printed(other).agrees(value)


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("0.116", 0.11556, ""),
        ("0.116", -0.11556, "the sign differs"),
        ("0.115", 0.11556, "as if digits were cut off"),
        ("0.118", 0.11556, "2 in the last digit"),
        ("87.36", 75.4332932, "0.14 of the number"),
        ("0.000", 3.2, "zero is printed"),
    ],
)
def test_difference_in_words(text, value, words):
    assert Printed(text).difference(value) == words


@pytest.mark.parametrize("text", ["", "abc", "1.2.3", "12,34", ".", "1 2"])
def test_refuses_what_is_no_number(text):
    with pytest.raises(DataError, match="not a printed number"):
        Printed(text)


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        (".116", (".116", "")),
        ("0.110*** (0.012)", ("0.110", "0.012")),
        ("-.32 [-1.93]", ("-.32", "-1.93")),
        ("2.9127e+00 (2.8365e-01)*", ("2.9127e+00", "2.8365e-01")),
    ],
)
def test_cells_with_brackets(cell, parts):
    assert split_cell(cell) == parts


@pytest.mark.parametrize("cell", ["n.a.", "0.1 (0.2", "0.1 0.2", "(0.2)"])
def test_refuses_other_cells(cell):
    with pytest.raises(DataError, match="nor one with another in brackets"):
        split_cell(cell)


@given(st.floats(-1e6, 1e6), st.integers(0, 8))
def test_bounds_hold_what_was_printed(value, decimals):
    low, high = Printed(f"{value:.{decimals}f}").bounds()
    assert low <= value <= high or math.isclose(high - low, 10.0**-decimals, rel_tol=1e-6)
    scale = 10**decimals
    cut = math.trunc(value * scale) / scale
    low, high = Printed(f"{cut:.{decimals}f}").bounds(cut=True)
    slack = 1e-9 * max(1.0, abs(value))  # value * scale is itself rounded
    assert low - slack <= value <= high + slack


def test_bounds_of_zero_and_of_an_upper_bound():
    assert Printed("0.00").bounds() == (-0.005, 0.005)
    assert Printed("0.00").bounds(cut=True) == (-0.01, 0.01)
    assert Printed("-1.2").bounds(cut=True) == (-1.3, -1.15)
    assert Printed("<0.001").bounds() == (0.0, 0.001)


@pytest.mark.parametrize(
    ("cell", "stars"),
    [("0.1", ""), ("0.1***", "***"), ("0.1** (0.02)", "**"), ("0.1＊（0.02）", "*"), ("0.1†", "†")],
)
def test_stars_of_a_cell(cell, stars):
    assert marks(cell) == stars
    assert split_cell(cell)[0] == "0.1"


def test_a_decimal_comma_is_no_thousand():
    assert Printed("1,234").number == 1234
    with pytest.raises(DataError, match="decimal"):
        Printed("0,116")
