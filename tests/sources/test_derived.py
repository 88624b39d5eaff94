"""Interpolation, chained volumes and expressions against figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from panel.errors import UnitError
from panel.sources.codebook import Chain, Variable
from panel.sources.derived import chained, computed, interpolated


def series(values: dict[tuple[str, int], float]) -> pd.Series:
    return pd.Series(values).rename_axis(["province", "year"])


def test_interpolation_follows_the_calendar_and_never_leaves_the_span() -> None:
    published = series(
        {
            ("a", 2010): np.nan,
            ("a", 2011): 10.0,
            ("a", 2012): np.nan,
            ("a", 2015): 50.0,  # no rows for 2013 and 2014: 2012 lies at a quarter of the way
            ("a", 2016): np.nan,
            ("b", 2011): np.nan,
            ("b", 2012): np.nan,
        }
    )
    before = published.copy()
    filled, keys = interpolated(published)
    assert keys == {("a", 2012)}
    assert filled["a", 2012] == 20.0
    assert filled.isna().sum() == 4
    pd.testing.assert_series_equal(published, before)


def test_chain_moves_the_base_level_in_both_directions() -> None:
    level = series({("a", y): 100.0 for y in (2015, 2016, 2017, 2018)} | {("b", 2016): 7.0})
    growth = series(
        {("a", 2015): 150.0, ("a", 2016): 125.0, ("a", 2017): 110.0, ("a", 2018): np.nan}
        | {("b", 2016): 120.0}
    )
    volume = chained(Chain("level", "growth", 2016), level, growth, "上年=100")
    assert volume["a", 2015] == pytest.approx(80.0)  # 100 / 1.25
    assert volume["a", 2016] == 100.0
    assert volume["a", 2017] == pytest.approx(110.0)
    assert np.isnan(volume["a", 2018])
    assert volume["b", 2016] == 7.0


def expression(text: str, unit: str) -> pd.Series:
    inputs = {
        "gdp": (series({("a", 2020): 3.0, ("b", 2020): 0.0}), "亿元"),
        "output": (series({("a", 2020): 5.0, ("b", 2020): 0.0}), "млн руб."),
        "revenue": (series({("a", 2020): 20000.0, ("b", 2020): 1.0}), "万元"),
        "people": (series({("a", 2020): 2.0, ("b", 2020): 4.0}), "万人"),
    }
    variable = Variable("new", {"en": "New"}, unit=unit, expression=text)
    return computed(variable, lambda name: inputs[name])


def test_expressions_convert_units() -> None:
    assert expression("gdp / people", "元/人")["a", 2020] == pytest.approx(15000.0)
    assert expression("gdp + revenue", "亿元")["a", 2020] == pytest.approx(
        5.0
    )  # 20000 万元 = 2 亿元
    assert expression("revenue / gdp", "percent")["a", 2020] == pytest.approx(200 / 3)


def test_dividing_by_nothing_is_missing_not_infinite() -> None:
    assert np.isnan(expression("revenue / gdp", "")["b", 2020])


def test_mixed_units_raise() -> None:
    with pytest.raises(UnitError, match=r"new = gdp \+ output"):
        expression("gdp + output", "亿元")
    with pytest.raises(UnitError, match="gdp / people"):
        expression("gdp / people", "亿元")
    with pytest.raises(UnitError, match="gdp"):
        expression("gdp", "млн руб.")
