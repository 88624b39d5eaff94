from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from panel.core.expressed import expressed
from panel.core.frame import PanelFrame
from panel.errors import NotNumericError, UnitError, UnknownVariableError


@pytest.fixture
def frame() -> PanelFrame:
    table = pd.DataFrame(
        {"r": ["A", "A"], "year": [2020, 2021], "gdp": [1.0, np.e], "n": [2.0, 4.0], "z": ["a"] * 2}
    )
    labels = {"gdp": {"en": "Product", "zh": "生产总值", "ru": "ВРП"}}
    return PanelFrame.from_pandas(table, "r", "year", {"gdp": "亿元", "n": "万人"}, labels)


def test_expressions_become_variables_with_labels_and_inputs(frame):
    found = expressed(frame, ["gdp", "log(gdp)", "L(gdp, 1)", "gdp/n"])
    assert list(found) == ["gdp", "n", "z", "log(gdp)", "L(gdp, 1)", "gdp/n"]
    np.testing.assert_allclose(found["log(gdp)"], [0, 1], rtol=1e-15)  # log(e) is 1
    np.testing.assert_array_equal(found["L(gdp, 1)"], [np.nan, 1])
    assert found.label("log(gdp)", "zh") == "log(生产总值)"
    assert found.columns["gdp/n"].inputs == ("gdp", "n")
    assert found.columns["gdp"] == frame.columns["gdp"]


def test_names_and_what_is_no_expression_stay(frame):
    assert expressed(frame, ["gdp", "r", "year", "nothing", "a (b", 3]) is frame


def test_expressions_that_mean_nothing_are_errors(frame):
    for text, error in (
        ("log(gdpp)", UnknownVariableError),
        ("log(z)", NotNumericError),
        ("gdp + n", UnitError),
    ):
        with pytest.raises(error):
            expressed(frame, [text])
