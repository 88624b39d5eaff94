"""Formulas add and compare only what is measured in one unit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel


@pytest.fixture
def frame():
    draw = np.random.default_rng(2)
    keys = pd.MultiIndex.from_product([list("abcd"), range(2011, 2019)], names=["region", "year"])
    names = ["gdp", "industry", "small", "people", "index", "odd"]
    table = pd.DataFrame(draw.uniform(1, 2, size=(32, 6)), index=keys, columns=names)
    units = {"gdp": "亿元", "industry": "亿元", "small": "万元", "people": "万人", "odd": "points"}
    return panel.PanelFrame.from_pandas(table, units=units)


@pytest.mark.parametrize(
    "term",
    [
        "I(gdp + industry)",
        "log(gdp) + log(people)",
        "asinh(gdp) + asinh(people)",
        "log(gdp + 1)",
        "gdp / people",
        "I(gdp - L(industry, 1))",
        "I(2 * gdp + industry / 2)",
        "I(gdp / people + industry / people)",
        "I(gdp + index)",
        "I(gdp + odd)",
        "I(industry > gdp)",
        "gdp * people",
    ],
)
def test_one_unit_or_none_is_fine(frame, term):
    assert panel.ols(f"index ~ {term}", frame).nobs >= 28


@pytest.mark.parametrize(
    ("term", "units"),
    [
        ("I(gdp + people)", "亿元"),
        ("I(gdp - small)", "万元"),  # of one kind, but ten thousand times apart
        ("log(gdp + people)", "万人"),
        ("I(gdp > small)", "万元"),
        ("I(gdp / people + industry)", "亿元 / 万人"),
        ("I(D(gdp, 1) + people)", "万人"),
    ],
)
def test_mixed_units_are_an_error_that_names_both(frame, term, units):
    with pytest.raises(panel.errors.UnitError, match="means nothing") as caught:
        panel.ols(f"index ~ {term}", frame)
    assert units in str(caught.value)
