"""Derivatives of terms, against central differences and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from panel.core.derivatives import contains, derivatives_of, elsewhere
from panel.core.expression import parse_expression
from panel.core.frame import PanelFrame
from panel.core.terms import columns_of
from panel.errors import FormulaError

STEP = 1e-6  # leaves 1e-12 of curvature and 1e-10 of rounding


@pytest.fixture
def positive(frame: PanelFrame) -> PanelFrame:
    """x between 0.5 and 2.5, away from kinks and poles, and z without its missing cell."""
    rank = frame["x"].rank() / len(frame)
    return frame.assign(x=0.5 + 2 * rank**2, z=frame["z"].fillna(1.4))


@pytest.mark.parametrize(
    "term",
    ["x", "z", "log(x)", "log10(x)", "log1p(x)", "exp(x)", "sqrt(x)", "abs(x - 3)", "I(x)", "x^3",
     "asinh(x)", "asinh(2 * x):z", "x^-1", "2^x", "x^z", "x / z", "z / x", "-x",
     "x * z - x / (1 + x)", "x:z", "log(x):z:w",
     "i(zone)", "i(zone, x)", "i(zone, x:z)", "x:i(zone)", "poly(x, 3)", "poly(log(x), 2):z",
     "L(x, 1)", "F(log(x), 2)", "D(x^2, 1)", "L(x)", "(z > 1.5):x"],
)  # fmt: skip
def test_against_differences(term, positive):
    up, down = (positive.assign(x=positive["x"] + h) for h in (STEP, -STEP))
    high, low = columns_of(term, up), columns_of(term, down)
    found = derivatives_of(term, "x", positive)
    assert list(found) == list(high)
    for name, values in found.items():
        expected = (high[name] - low[name]) / (2 * STEP)
        np.testing.assert_allclose(values, expected, rtol=1e-6, atol=1e-8, err_msg=name)


def test_an_expression_may_be_what_moves(positive):
    found = derivatives_of("log(x):z", "log(x)", positive)
    np.testing.assert_array_equal(found["log(x):z"], positive["z"])
    square = derivatives_of("log(x)^2", "log(x)", positive)["log(x)^2"]
    np.testing.assert_allclose(square, 2 * np.log(positive["x"]), rtol=1e-13)


@pytest.mark.parametrize(
    ("term", "of"),
    [("x > 0", "x"), ("i(x)", "x"), ("x % 2", "x"), ("!x", "x"), ("z:(x == 1)", "x")],
)
def test_what_has_no_derivative(term, of, positive):
    with pytest.raises(FormulaError, match="slope") as caught:
        derivatives_of(term, of, positive)
    assert "contrasts" in caught.value.remedy


def test_where_a_name_stands():
    assert contains(parse_expression("i(zone, log(x))"), "log(x)")
    assert not contains(parse_expression("log(x2)"), "x")
    assert elsewhere(("log(x)", "z"), "log(x)") == ()
    assert elsewhere(("log(x)", "x:z"), "log(x)") == ("x",)
    assert elsewhere(("log(x / z)", "z"), "log(x / z)") == ("z",)
    assert elsewhere(("x", "x:z"), "x") == ()
