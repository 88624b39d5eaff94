"""Merging: keys, names, metadata, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.column import Origin
from panel.errors import DataError, DuplicateKeyError, MissingKeyError, UnknownVariableError


@pytest.fixture
def frame() -> panel.PanelFrame:
    table = pd.DataFrame(
        {
            "province": ["A", "A", "B", "B"],
            "year": [2020, 2021, 2020, 2021],
            "gdp": [1.0, 2.0, 3.0, 4.0],
            "name": ["Aa", "Aa", "Bb", "Bb"],
        }
    )
    return panel.PanelFrame.from_pandas(table, "province", "year", {"gdp": "亿元"})


@pytest.fixture
def other() -> panel.PanelFrame:
    table = pd.DataFrame(
        {
            "region": ["B", "A", "A", "B"],
            "year": [2021, 2021, 2019, 2022],
            "rd": [40.0, 20.0, 10.0, 50.0],
            "name": ["Bb", "Aa", "Aa", "Bb"],
        }
    )
    return panel.PanelFrame.from_pandas(
        table,
        "region",
        "year",
        units={"rd": "亿元"},
        labels={"rd": {"en": "R&D", "zh": "研发经费"}},
        origins={"rd": Origin("yearbook.xlsx", "rd", "亿元", "Office")},
    )


def test_figures_stand_in_the_frames_rows_with_what_is_known_of_them(frame, other):
    merged = panel.merge(frame, other)
    assert merged.table.index.equals(frame.table.index)
    assert list(merged) == ["gdp", "name", "rd"]
    np.testing.assert_array_equal(merged["rd"], [np.nan, 20, np.nan, 40])
    assert merged.columns["rd"] == other.columns["rd"]
    assert merged.columns["gdp"] == frame.columns["gdp"]
    assert "yearbook.xlsx" in str(merged.origin("rd", "A", 2021))
    assert list(frame) == ["gdp", "name"]


def test_rows_of_both_or_of_either(frame, other):
    assert list(panel.merge(frame, other, how="inner").table.index) == [("A", 2021), ("B", 2021)]
    either = panel.merge(frame, other, how="outer")
    assert list(either.table.index) == [
        ("A", 2019), ("A", 2020), ("A", 2021), ("B", 2020), ("B", 2021), ("B", 2022),
    ]  # fmt: skip
    assert list(either["name"]) == ["Aa"] * 3 + ["Bb"] * 3  # filled in from the other
    np.testing.assert_array_equal(either["gdp"], [np.nan, 1, 2, 3, 4, np.nan])


def test_figures_of_regions_hold_for_all_years_and_those_of_years_for_all_regions(frame):
    posts = pd.DataFrame({"province": ["B", "A"], "posts": [5, 7]})
    assert list(panel.merge(frame, posts)["posts"]) == [7, 7, 5, 5]
    price = pd.Series([1.1, 1.2, 1.3], index=pd.Index([2020, 2021, 2022], name="year"), name="p")
    assert list(panel.merge(frame, price)["p"]) == [1.1, 1.2, 1.1, 1.2]
    assert list(panel.merge(frame, posts.set_index("province")["posts"])["posts"]) == [7, 7, 5, 5]


def test_tables_of_both_keys_flat_or_indexed(frame):
    flat = pd.DataFrame({"year": [2021, 2020], "province": ["B", "A"], "x": [1.0, 2.0]})
    for table in (flat, flat.set_index(["province", "year"]), flat.set_index("year")):
        np.testing.assert_array_equal(panel.merge(frame, table)["x"], [2, np.nan, np.nan, 1])


def test_variables_are_chosen_and_renamed(frame, other):
    merged = panel.merge(frame, other, {"rd": "research"})
    assert merged.label("research", "zh") == "研发经费"
    assert "rd" not in merged
    with pytest.raises(UnknownVariableError, match="'rdd'"):
        panel.merge(frame, other, ["rdd"])


def test_a_variable_of_both_that_differs_asks_for_a_name(frame, other):
    also = other.assign(gdp=[9.0] * 4)
    with pytest.raises(DataError, match="two variables 'gdp'") as caught:
        panel.merge(frame, also)
    assert "names={'gdp': 'gdp_2'}" in str(caught.value)
    assert list(panel.merge(frame, also, ["rd"])) == ["gdp", "name", "rd"]
    assert list(panel.merge(frame, other, ["rd", "name"])) == ["gdp", "name", "rd"]  # the same


def test_steps_of_cleaning_come_along_and_can_be_switched_off(frame, other):
    cleaned = panel.winsorise(other, "rd", 0.0, 0.5)
    merged = panel.merge(panel.winsorise(frame, "gdp", 0.0, 0.5), cleaned, {"rd": "r"})
    assert list(merged.steps.index) == ["winsorise gdp", "winsorise rd"]
    back = panel.PanelFrame.without_step(merged, "winsorise rd")
    np.testing.assert_array_equal(back["r"], [np.nan, 20, np.nan, 40])


def test_regions_that_look_spelt_differently_are_refused(frame, other):
    renamed = other.data.rename(index={"B": "Bee"}).rename_axis(["province", "year"])
    with pytest.raises(DataError, match=r"Bee of the other table .* has B beside") as caught:
        panel.merge(frame, renamed)
    assert "panel.match_regions" in str(caught.value)
    assert len(panel.merge(frame, renamed, how="outer")) == 7
    more = pd.concat([other.data, renamed.loc[["Bee"]]]).rename_axis(["province", "year"])
    assert len(panel.merge(frame, more)) == 4  # all of the frame's are found: nothing is misspelt


def test_what_cannot_be_matched_is_an_error(frame, other):
    later = other.data.rename_axis(["province", "year"]).rename(index=lambda y: y + 50, level=1)
    with pytest.raises(DataError, match=r"no province and year in common: .* 2020-2021"):
        panel.merge(frame, later)
    with pytest.raises(DataError, match="in common"):
        panel.merge(frame, pd.DataFrame({"year": [1999], "p": [1.0]}))
    with pytest.raises(DataError, match="neither 'province' nor 'year'"):
        panel.merge(frame, pd.DataFrame({"area": ["A"], "x": [1.0]}))
    with pytest.raises(DataError, match="not list"):
        panel.merge(frame, [1.0])
    with pytest.raises(DataError, match="no way to merge"):
        panel.merge(frame, other, how="right")
    with pytest.raises(DuplicateKeyError, match="'A' has 2 rows and no 'year'"):
        panel.merge(frame, pd.DataFrame({"province": ["A", "A", "B"], "x": [1.0, 2.0, 3.0]}))
    with pytest.raises(MissingKeyError, match="empty in 1 row"):
        panel.merge(frame, pd.DataFrame({"province": ["A", None], "x": [1.0, 2.0]}))
