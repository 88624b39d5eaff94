"""Linear hypotheses from text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import panel
from panel.core.hypothesis import linear_hypothesis

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
        ("x2 = 0", "x2"), ("x1 x10", "x1x10"), ("", "nothing"), ("x1 =", "nothing"),
        ("x1 == 0", "=0"), ("x1 < 2", "<2"), ("x1**2", "\\*2"), ("log(x1) = 0", "log"),
    ],
)  # fmt: skip
def test_points_at_what_it_cannot_read(text, what):
    with pytest.raises(panel.errors.FormulaError, match=what):
        linear_hypothesis(text, NAMES)


@pytest.mark.parametrize("text", ["x1 = x1", "x1 = 0, x1 = 1", "2 = 2", "x1 = x10, x10 = x1"])
def test_restrictions_must_be_independent(text):
    with pytest.raises(panel.errors.FormulaError, match="contradict or repeat"):
        linear_hypothesis(text, NAMES)
