"""Bad input: keys that do not identify rows, times that are no calendar, text among numbers."""

from __future__ import annotations

import datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.terms import condition
from panel.errors import (
    CalendarError,
    DataError,
    DuplicateKeyError,
    MissingKeyError,
    NotNumericError,
)


def build(**columns):
    return panel.PanelFrame.from_pandas(pd.DataFrame(columns), "unit", "year")


def test_duplicate_keys_are_counted_and_the_first_is_named():
    with pytest.raises(
        DuplicateKeyError, match=r"2 key\(s\).*unit='a', year=2020 with 3 rows"
    ) as caught:
        build(unit=list("aaabb"), year=[2020, 2020, 2020, 2021, 2021], x=range(5))
    assert caught.value.value == ("a", 2020)
    assert "drop or aggregate" in caught.value.remedy


def test_dates_of_one_day_a_year_become_years_that_must_differ():
    dates = pd.to_datetime(["2020-12-31", "2021-12-31"])
    frame = build(unit=["a", "a"], year=dates, x=[1, 2])
    assert frame.times == (2020, 2021)
    with pytest.raises(DuplicateKeyError):
        build(unit=["a", "a"], year=dates[[0, 0]], x=[1, 2])


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT])
def test_missing_keys(missing):
    with pytest.raises(MissingKeyError, match=r"'unit' is empty in 1 row\(s\), first in row 2"):
        build(unit=["a", missing], year=[1, 2], x=[1, 2])
    with pytest.raises(MissingKeyError, match="'year' is empty"):
        build(unit=["a", "b"], year=[1, missing], x=[1, 2])


@pytest.mark.parametrize(
    "years",
    [
        [2020.5, 2021],
        [1e30, 2021],
        ["2020年", "2021年"],
        ["first", "second"],
        [2020, np.inf],
        [True, "a"],
        [True, False],
    ],
)
def test_years_that_are_no_years(years):
    with pytest.raises(CalendarError, match="is not a year") as caught:
        build(unit=["a", "b"], year=years, x=[1, 2])
    assert caught.value.remedy


@pytest.mark.parametrize("years", [[2020, 2021], [2020.0, 2021.0], ["2020", "2021"]])
def test_years_however_typed(years):
    assert build(unit=["a", "b"], year=years, x=[1, 2]).times == (2020, 2021)


def test_periods_of_a_year_are_years():
    years = pd.PeriodIndex(["2014", "2015"], freq="Y")
    frame = build(unit=["a", "a"], year=years, x=[1, 2])
    assert frame.times == (2014, 2015)
    assert condition("year >= 2015", frame).tolist() == [False, True]


def test_dates_within_the_year_must_be_periods():
    dates = pd.to_datetime(["2020-03-31", "2020-06-30"])
    with pytest.raises(CalendarError, match="within the year") as caught:
        build(unit=["a", "a"], year=dates, x=[1, 2])
    assert "to_period" in caught.value.remedy
    quarters = build(unit=["a", "a"], year=dates.to_period("Q"), x=[1, 2])
    assert np.diff(quarters.time_numbers).tolist() == [1]


@pytest.mark.parametrize("cell", ["…", "-", "12,5", "n/a*", datetime.date(2020, 1, 1)])
def test_text_among_numbers_names_the_cell(cell):
    with pytest.raises(NotNumericError, match="'x' holds text among its numbers") as caught:
        build(unit=["a", "b"], year=[1, 1], x=[1.5, cell])
    assert caught.value.variable == "x"
    assert caught.value.value == cell
    assert "at b, 1" in str(caught.value)


def test_columns_of_text_and_codes_stay_text():
    frame = build(unit=["a", "b"], year=[1, 1], zone=["East", None], code=["360000", "110000"])
    assert frame["zone"].tolist()[0] == "East"
    assert frame["code"].tolist() == ["360000", "110000"]
    with pytest.raises(NotNumericError, match="'code' holds text"):
        panel.ols("year ~ code", frame)


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "boolean"])
def test_nullable_columns_become_plain_numbers(dtype):
    values = pd.array([1, None, 0], dtype=dtype)
    frame = build(unit=list("abc"), year=[1, 1, 1], x=values)
    assert np.isnan(frame.array("x")).tolist() == [False, True, False]


@pytest.mark.parametrize("cells", [[None, None], [np.nan, None], [1, None], [1.5, 2]])
def test_objects_that_are_numbers_become_numbers(cells):
    frame = build(unit=["a", "b"], year=[1, 1], x=pd.Series(cells, dtype=object))
    assert frame["x"].dtype == float


def test_complex_numbers_are_refused():
    with pytest.raises(NotNumericError, match="'x' holds complex numbers"):
        build(unit=["a", "b"], year=[1, 1], x=[1 + 2j, 3])


@pytest.mark.parametrize("name", ["unit", "year", "x"])
def test_columns_of_one_name(name):
    table = pd.DataFrame({"unit": ["a", "b"], "year": [1, 1], "x": [1.0, 2.0]})
    with pytest.raises(DataError, match=f"Column '{name}' occurs more than once"):
        panel.PanelFrame.from_pandas(pd.concat([table, table[[name]]], axis=1), "unit", "year")


def test_keys_must_be_named():
    table = pd.DataFrame({"unit": ["a"], "year": [1], "x": [1]})
    with pytest.raises(DataError, match="does not say which columns"):
        panel.PanelFrame.from_pandas(table)
    with pytest.raises(DataError, match="'yaer' is not in the table") as caught:
        panel.PanelFrame.from_pandas(table, "unit", "yaer")
    assert "did you mean 'year'" in caught.value.remedy
    with pytest.raises(DataError, match="both the region and the year"):
        panel.PanelFrame.from_pandas(table, "year", "year")


def test_a_two_level_index_is_taken_by_name_in_any_order():
    table = pd.DataFrame({"unit": [7, 8], "year": [2020, 2021], "x": [1.0, 2.0]})
    first = panel.PanelFrame.from_pandas(table.set_index(["unit", "year"]))
    swapped = table.set_index(["year", "unit"])
    second = panel.PanelFrame.from_pandas(swapped, "unit", "year")
    pd.testing.assert_frame_equal(first.data, second.data)
    assert panel.PanelFrame.from_pandas(swapped).unit == "year"  # unless told otherwise
    unnamed = table.set_index(["unit", "year"])
    unnamed.index.names = [None, None]
    assert panel.PanelFrame.from_pandas(unnamed).unit == "unit"
    with pytest.raises(
        DataError, match="has the levels 'year' and 'unit', not 'region' and 'year'"
    ):
        panel.PanelFrame.from_pandas(swapped, "region", "year")


def test_columns_named_like_a_key_or_twice():
    table = pd.DataFrame({"unit": ["a"], "year": [1], "x": [1]}).set_index(["unit", "year"])
    with pytest.raises(DataError, match="'year' is the name of a key and of a column"):
        panel.PanelFrame.from_pandas(table.assign(year=5))
    twice = pd.concat([table, table], axis=1)
    with pytest.raises(DataError, match="'x' occurs more than once"):
        panel.PanelFrame.from_pandas(twice)
    frame = panel.PanelFrame.from_pandas(table)
    with pytest.raises(DataError, match="'unit' is the name of a key"):
        frame.assign(unit=[1.0])


def test_columns_named_by_numbers_become_text():
    table = pd.DataFrame({"unit": ["a"], "year": [1], 2020: [1.0]})
    assert panel.PanelFrame.from_pandas(table, "unit", "year").names == ("2020",)


@pytest.mark.parametrize("units", [["a", "a "], ["11", 11], ["a", "\u3000a"]])
def test_one_region_in_two_spellings(units):
    with pytest.raises(DataError, match="would be two regions"):
        build(unit=units, year=[2019, 2020], x=1.0)


def test_decimals_are_numbers():
    figures = [Decimal("1.25"), None, Decimal("NaN")]
    x = build(unit=["a", "a", "b"], year=[2019, 2020, 2019], x=figures)["x"]
    assert x.dtype == float
    assert x.iloc[0] == 1.25
    assert x.isna().sum() == 2


@pytest.mark.parametrize(
    "keys",
    [[("x", 2019), ("x", 2020)], [("a", "2019"), ("a", "2020")], [(2019, "a"), (2020, "a")]],
)
def test_a_series_of_other_keys_is_not_silently_missing(keys):
    frame = build(unit=["a", "a"], year=[2019, 2020], x=[1, 2])
    other = pd.Series([1.0, 2.0], index=pd.MultiIndex.from_tuples(keys))
    with pytest.raises(DataError, match=r"is a row of the frame, as \('a', 2019\)"):
        frame.assign(z=other)
    with pytest.raises(DataError, match="is a row of the frame"):
        frame.rows(other > 1)


def test_a_series_with_a_key_twice():
    frame = build(unit=["a", "a"], year=[2019, 2020], x=[1, 2])
    twice = pd.Series([1.0, 2.0], index=pd.MultiIndex.from_tuples([("a", 2019)] * 2))
    with pytest.raises(DuplicateKeyError, match=r"\('a', 2019\) more than once"):
        frame.assign(z=twice)
    part = pd.Series([1.0], index=pd.MultiIndex.from_tuples([("a", 2020)]))
    assert frame.assign(z=part)["z"].isna().tolist() == [True, False]
