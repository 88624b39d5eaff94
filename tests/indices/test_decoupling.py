"""Decoupling: all eight states and their bounds, growth of zero, gaps, bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import CalendarError, DataError
from panel.indices.decoupling import STATES

# Growth of pressure and driver in percent, and the state by Tapio's table: bounds of 0.8 and 1.2.
CASES = [
    (-1, 5, "strong decoupling"),
    (0, 5, "weak decoupling"),
    (4, 5, "weak decoupling"),
    (4.01, 5, "expansive coupling"),
    (6, 5, "expansive coupling"),
    (6.01, 5, "expansive negative decoupling"),
    (1, -5, "strong negative decoupling"),
    (0, -5, "weak negative decoupling"),
    (-4, -5, "weak negative decoupling"),
    (-5, -5, "recessive coupling"),
    (-6.01, -5, "recessive decoupling"),
    (3, 0, None),
    (0, 0, None),
]


def two_years(pressure: float, driver: float) -> panel.PanelFrame:
    # 800 and its percentages are whole multiples of 1/128, so that bounds are met exactly.
    table = pd.DataFrame({
        "region": "a", "year": [2000, 2001], "co2": [800.0, 800 + 8 * pressure],
        "gdp": [800.0, 800 + 8 * driver],
    })  # fmt: skip
    return panel.PanelFrame.from_pandas(table, "region", "year")


@pytest.mark.parametrize(("pressure", "driver", "state"), CASES)
def test_states(pressure, driver, state):
    found = panel.decoupling(two_years(pressure, driver), "co2", "gdp").df.iloc[1]
    assert (None if pd.isna(found["state"]) else found["state"]) == state
    assert found["pressure_growth"] == pytest.approx(pressure / 100, rel=1e-12)
    if driver:
        assert found["elasticity"] == pytest.approx(pressure / driver, rel=1e-12)
    else:
        assert np.isnan(found["elasticity"])


def test_every_state_occurs_and_has_a_name_in_three_languages():
    assert {state for *_, state in CASES} - {None} == set(STATES)
    found = panel.decoupling(two_years(-1, 5), "co2", "gdp")
    assert found.labelled("zh")["脱钩状态"].iloc[1] == "强脱钩"
    assert found.labelled("ru")["Состояние декаплинга"].iloc[1] == "сильный декаплинг"
    assert found.labelled("en").columns[3] == "State of decoupling"
    assert all({"zh", "ru"} <= set(names) for names in STATES.values())


def test_changes_follow_the_calendar():
    table = pd.DataFrame({
        "region": ["a"] * 3 + ["b"], "year": [2000, 2001, 2003, 2001],
        "co2": [100.0, 110, 121, 5], "gdp": [100.0, 120, 150, 7],
    })  # fmt: skip
    frame = panel.PanelFrame.from_pandas(table, "region", "year")
    one = panel.decoupling(frame, "co2", "gdp")
    assert list(one["elasticity"].notna()) == [False, True, False, False]
    assert one.n_missing == 3
    two = panel.decoupling(frame, "co2", "gdp", periods=2)
    assert two["elasticity"]["a", 2003] == pytest.approx((121 / 110 - 1) / (150 / 120 - 1))


def test_what_does_not_grow_at_a_rate():
    frame = two_years(1, 5)
    with pytest.raises(DataError, match="'co2' is 0 in a, 2000, and has no rate of growth"):
        panel.decoupling(frame.assign(co2=[0.0, 1.0]), "co2", "gdp")
    with pytest.raises(DataError, match="two years"):
        panel.decoupling(frame.rows(frame["year"] == 2000), "co2", "gdp")
    for periods in (0, 1.5, True):
        with pytest.raises((DataError, CalendarError), match="not defined"):
            panel.decoupling(frame, "co2", "gdp", periods=periods)
