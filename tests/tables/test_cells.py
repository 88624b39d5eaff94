"""How numbers print."""

from __future__ import annotations

import math

import numpy as np
import pytest

from panel.tables.cells import (
    Empty,
    Number,
    Numbers,
    Row,
    Span,
    Text,
    at_least,
    clean,
    decimals,
)
from panel.tables.cells import display_width as width


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.1234, 3, "0.123"),
        (0.0000123, 3, "0.000012"),  # not 0.000
        (-0.00049, 3, "-0.00049"),
        (0.0104, 3, "0.010"),  # two significant digits already
        (31568.214, 3, "31,568.2"),
        (1234567.8, 3, "1,234,568"),
        (0.0000000123, 3, "1.230e-08"),
        (1.5e12, 3, "1.500e+12"),
        (0.0, 3, "0.000"),
        (-0.0, 3, "0.000"),
        (12.0, 0, "12"),
        (0.04, 1, "0.04"),
        (0.5, 1, "0.5"),
    ],
)
def test_decimals_suit_the_number(value: float, digits: int, text: str) -> None:
    assert Number(value, decimals(value, digits)).text() == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (2.675, 2, "2.68"),  # format() gives 2.67: the float lies below the half
        (-2.675, 2, "-2.68"),
        (0.0125, 3, "0.013"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),  # round() gives 2
        (1.0049999999999999, 2, "1.01"),  # 1.005 on 15 significant digits
        (0.9996, 3, "1.000"),
        (999.9996, 3, "1,000.000"),
    ],
)
def test_halves_are_rounded_away_from_zero(value: float, digits: int, text: str) -> None:
    assert Number(value, digits).text() == text


def test_nothing_prints_of_what_is_missing() -> None:
    missing = Number(math.nan, 3, "***", "()")
    assert missing.missing
    assert missing.text() == missing.plain() == Empty().text() == ""


def test_infinity_prints_as_such() -> None:
    assert Number(-math.inf, 3).text() == "-∞"


def test_brackets_hold_the_sign_and_stars_stand_outside() -> None:
    assert Number(-1.5, 2, "**", "[]").text(minus="−") == "[−1.50]**"
    assert Number(-1.5, 2, "**", "[]").plain() == "[-1.50]"


def test_a_number_that_rounds_to_zero_has_no_sign() -> None:
    assert Number(-0.0004, 3).text() == "0.000"


def test_russian_has_a_decimal_comma_and_narrow_spaces() -> None:
    assert Number(-31568.25, 1).text("ru") == "-31\u202f568,3"


def test_years_have_no_separator() -> None:
    assert Number(2022, 0, grouped=False).text() == "2022"


def test_numpy_numbers_are_numbers() -> None:
    value = np.int64(1270)
    assert Number(value, decimals(value, 0)).text() == "1,270"


def test_at_least_keeps_the_decimals_of_the_coefficient() -> None:
    assert at_least(0.25, 5) == 5
    assert at_least(0.00043, 3) == 5
    assert at_least(0.4, 0) == 1  # would print as 0
    assert at_least(7.4, 0) == 0


def test_text_is_one_line_without_forbidden_characters() -> None:
    assert clean("a\r\nb\x00c\ud800 d\t") == "a b c d"
    assert Text("a\nb").words == Span("a\nb").words == Row("a\nb", ()).label == "a b"


def test_a_row_is_named_by_its_label_unless_it_has_a_name() -> None:
    assert Row("x", ()).name == "x"
    assert Row("", (), "x, standard error").name == "x, standard error"


def test_chinese_takes_two_columns() -> None:
    assert width("数字 a") == 6


BOTH = Numbers((Number(0.5, 3, "**"), Numbers((Number(-0.1), Number(0.9)), "[]")))


def test_several_numbers_in_a_cell() -> None:
    assert BOTH.text() == "0.500** [-0.100, 0.900]"
    assert BOTH.text("ru", "−") == "0,500** [−0,100; 0,900]"
    assert [(p.text, p.raised) for p in BOTH.pieces()][:3] == [
        ("0.500", False),
        ("**", True),
        (" ", False),
    ]
    assert Numbers((Number(1.0), Number(2.0)), "").text() == "1.000, 2.000"


def test_missing_numbers_of_several_are_left_out() -> None:
    nothing = Numbers((Number(math.nan), Number(math.nan)), "[]")
    assert nothing.missing
    assert nothing.text() == ""
    assert Numbers((Number(0.5), nothing)).text() == "0.500"
    assert Numbers((nothing,)).missing


def test_a_row_of_several_numbers_comes_apart() -> None:
    row = Row("x", (BOTH, Text("a"), Number(1.0)), parts=("low", "high"))
    lines = row.lines
    assert [(line.label, line.name) for line in lines] == [("x", "x"), ("", "low"), ("", "high")]
    assert [[c.text() for c in line.cells] for line in lines] == [
        ["0.500**", "a", "1.000"],
        ["[-0.100", "", ""],
        ["0.900]", "", ""],
    ]
    plain = Row("y", (Number(1.0),))
    assert plain.lines == (plain,)
