"""Linear hypotheses from text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import panel
from panel.core.hypothesis import function_of, linear_hypothesis

NAMES = ("(Intercept)", "x1", "x10", "log(pcap)", "L(x, 1)", "zone::East:x1", "x-ray", "a >= 2")


@pytest.mark.parametrize(
    ("text", "rows", "values"),
    [
        ("x1", [{"x1": 1}], [0]),
        ("x1 = 0.2", [{"x1": 1}], [0.2]),
        ("x10 = x1 = 0.5", [{"x10": 1}, {"x1": 1}], [0.5, 0.5]),
        (
            "2*x1 - log( pcap ) = 1, L(x,1) = 0",
            [{"x1": 2, "log(pcap)": -1}, {"L(x, 1)": 1}],
            [1, 0],
        ),
        ("zone::East:x1 + x1*3 = -1e-2", [{"zone::East:x1": 1, "x1": 3}], [-0.01]),
        ("`x-ray` - 1 = (Intercept)", [{"x-ray": 1, "(Intercept)": -1}], [1]),
        ("a >= 2 = 3", [{"a >= 2": 1}], [3]),
        ("-x1 + x1 + x10", [{"x10": 1}], [0]),
        ("2*(x1 + x10)/4 - 1 = x1", [{"x1": -0.5, "x10": 0.5}], [1]),
        ("1 - log(2)*x1 = 0", [{"x1": -np.log(2)}], [-1]),
        ("log(pcap) + `log(pcap)`", [{"log(pcap)": 2}], [0]),
    ],
)
def test_reads(text, rows, values):
    parsed = linear_hypothesis(text, NAMES)
    expected = np.zeros((len(rows), len(NAMES)))
    for i, row in enumerate(rows):
        for name, factor in row.items():
            expected[i, NAMES.index(name)] = factor
    np.testing.assert_array_equal(parsed.matrix, expected)
    np.testing.assert_array_equal(parsed.value, values)
    assert parsed.text == text


@given(
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.floats(0.001, 1e6)),
        min_size=1,
        unique_by=lambda t: t[0],
    ),
    st.floats(-1e6, 1e6),
)
def test_reads_what_was_written(terms, value):
    text = " + ".join(f"{factor!r} * `{name}`" for name, factor in terms) + f" = {value!r}"
    parsed = linear_hypothesis(text, NAMES)
    for name, factor in terms:
        assert parsed.matrix[0, NAMES.index(name)] == factor
    assert parsed.value[0] == value


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("x2 = 0", "'x2' in 'x2 = 0' is not a coefficient"), ("x1 x10", "'x10' cannot stand"),
        ("", "the formula ends"), ("x1 =", "the formula ends"), ("x1 == 0", "not arithmetic"),
        ("x1 < 2", "not arithmetic"), ("x1 = 'a'", "not arithmetic"), ("x1**2", "not linear"),
        ("x1 * x10 = 1", "not linear"), ("1 / x1", "not linear"), ("log(x1) = 0", "not linear"),
        ("sin(x1)", "'sin' may not be called"),
        ("zone::West:x1 = 0", "'zone::West:x1' in .* not a coefficient"),
    ],
)  # fmt: skip
def test_points_at_what_it_cannot_read(text, what):
    with pytest.raises(panel.errors.FormulaError, match=what):
        linear_hypothesis(text, NAMES)


@pytest.mark.parametrize("text", ["x1 = x1", "x1 = 0, x1 = 1", "2 = 2", "x1 = x10, x10 = x1"])
def test_restrictions_must_be_independent(text):
    with pytest.raises(panel.errors.FormulaError, match="contradict or repeat"):
        linear_hypothesis(text, NAMES)


FUNCTIONS = {
    "x1 / x10": lambda b: b[1] / b[2],
    "-x1 / (2*x10)": lambda b: -b[1] / (2 * b[2]),
    "exp(x1) - 1": lambda b: np.exp(b[1]) - 1,
    "(x1)^2 + x1^3 - 2^x1": lambda b: b[1] ** 2 + b[1] ** 3 - 2 ** b[1],
    "x1^x10": lambda b: b[1] ** b[2],
    "log(x1*x10) + log10(x1)": lambda b: np.log(b[1] * b[2]) + np.log10(b[1]),
    "sqrt(x1)*abs(-x10) + log1p(x1)": lambda b: np.sqrt(b[1]) * b[2] + np.log1p(b[1]),
    "asinh(3*x1 - x10)": lambda b: np.arcsinh(3 * b[1] - b[2]),
    "1 - 3/(1 + log(pcap))": lambda b: 1 - 3 / (1 + b[3]),
    "I(`zone::East:x1`*L(x,1)) - 4": lambda b: b[5] * b[4] - 4,
}  # fmt: skip


@pytest.mark.parametrize("text", FUNCTIONS)
def test_derivatives_are_exact(text):
    b = np.array([0.3, 0.7, 1.9, 2.3, -0.4, 0.6, 1.1, 0.2])
    found = function_of(text, NAMES, b)
    assert found.value == pytest.approx(FUNCTIONS[text](b), rel=1e-14)
    step = 1e-6  # central differences: an error of step^2, and rounding of 1e-16/step
    central = [
        (FUNCTIONS[text](b + step * e) - FUNCTIONS[text](b - step * e)) / (2 * step)
        for e in np.eye(len(b))
    ]
    np.testing.assert_allclose(found.gradient, central, rtol=1e-8, atol=1e-9)


def test_the_longest_coefficient_name_is_meant():
    names = ("x", "x^2", "log(x)")
    b = np.array([3.0, 5.0, 7.0])
    assert function_of("x^2", names, b).value == 5
    assert function_of("(x)^2", names, b).value == 9
    assert function_of("log(x) + 0*x", names, b).value == 7


def test_names_with_blanks_and_of_other_languages():
    names = ("zone::North East", "数字经济", "`5g`")
    b = np.array([1.0, 2.0, 3.0])
    assert function_of("zone::North East + 数字经济", names, b).value == 3
    assert function_of("`zone::North East` * `5g`", names, b).value == 3


@pytest.mark.parametrize("text", ["x1 = 0", "x1, x10", "1 / (x1 - x1)", "log(0*x1)"])
def test_what_is_no_function_is_refused(text):
    with pytest.raises(panel.errors.FormulaError, match=r"not one function|no finite value"):
        function_of(text, NAMES, np.ones(len(NAMES)))
