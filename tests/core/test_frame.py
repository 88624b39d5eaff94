"""PanelFrame: sorted, never changed, and its lags follow the calendar."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.terms import numbers
from panel.errors import CalendarError, DataError, NotNumericError, UnknownVariableError


def gaps(seed: int, freq: str | None = None, keep: float = 0.6) -> pd.DataFrame:
    """Panel with gaps inside units, in shuffled order."""
    draw = np.random.default_rng(seed)
    years = range(1995, 2009) if freq is None else pd.period_range("1995Q2", periods=14, freq=freq)
    keys = pd.MultiIndex.from_product([list("fbdace"), years], names=["unit", "year"])
    table = pd.DataFrame({"x": draw.normal(size=len(keys))}, index=keys).reset_index()
    return table[draw.uniform(size=len(table)) < keep].sample(frac=1, random_state=seed)


def by_full_calendar(frame: panel.PanelFrame, periods: int) -> np.ndarray:
    """The lag as pandas gives it by unit, once every year of the calendar has a row."""
    times = frame.table.index.get_level_values(1)
    every = (
        pd.period_range(times.min(), times.max())
        if isinstance(times, pd.PeriodIndex)
        else range(times.min(), times.max() + 1)
    )
    full = pd.MultiIndex.from_product([frame.units, every], names=frame.table.index.names)
    shifted = frame["x"].reindex(full).groupby(level=0).shift(periods)
    return shifted.reindex(frame.table.index).to_numpy()


@pytest.mark.parametrize("freq", [None, "Q", "M"])
@pytest.mark.parametrize("seed", range(4))
def test_lags_leads_and_differences_follow_the_calendar(seed, freq):
    frame = panel.PanelFrame.from_pandas(gaps(seed, freq), "unit", "year")
    x = frame.array("x")
    for k in (1, 2, 5, 13):
        lag, lead = by_full_calendar(frame, k), by_full_calendar(frame, -k)
        for actual, expected in (
            (frame.lag("x", k), lag), (frame.lead("x", k), lead), (frame.diff("x", k), x - lag),
            (numbers(f"L(x, {k})", frame), lag), (numbers(f"F(x, {k})", frame), lead),
            (numbers(f"D(x, {k})", frame), x - lag), (numbers(f"lag(x, {k})", frame), lag),
            (numbers(f"lead(x, {k})", frame), lead), (numbers(f"L(x, -{k})", frame), lead),
            (numbers(f"exp(L(x^2, {k}))", frame), np.exp(lag**2)),
        ):  # fmt: skip
            np.testing.assert_allclose(actual, expected, rtol=1e-15)


def test_a_lag_of_the_whole_span_or_more_is_missing_and_never_another_region():
    frame = panel.PanelFrame.from_pandas(gaps(0, keep=1.0), "unit", "year")
    for k in (14, 15, 28, 42, 56, 1000):
        for shifted in (frame.lag("x", k), frame.lead("x", k), numbers(f"L(x, {k})", frame)):
            assert np.isnan(shifted).all()
    one_year = panel.PanelFrame.from_pandas(gaps(0).query("year == 2000"), "unit", "year")
    for k in range(1, 8):
        assert np.isnan(one_year.lag("x", k)).all()


def test_the_lag_of_zero_years_is_the_variable():
    frame = panel.PanelFrame.from_pandas(gaps(1), "unit", "year")
    np.testing.assert_array_equal(frame.lag("x", 0), frame["x"])


@pytest.mark.parametrize("periods", [1.5, "1", None, True])
def test_lags_are_whole_numbers(periods):
    frame = panel.PanelFrame.from_pandas(gaps(1), "unit", "year")
    with pytest.raises(CalendarError, match="whole number of periods"):
        frame.lag("x", periods)


def test_text_has_no_lag():
    table = gaps(1).assign(zone="East")
    with pytest.raises(NotNumericError, match="'zone' holds no numbers"):
        panel.PanelFrame.from_pandas(table, "unit", "year").lag("zone")


def test_models_with_lags_use_the_rows_that_have_one():
    frame = panel.PanelFrame.from_pandas(gaps(2), "unit", "year")
    estimate = panel.ols("x ~ L(x, 1)", frame)
    assert estimate.nobs == int(np.isfinite(frame.lag("x")).sum())
    assert any("L(x, 1) has no such year" in n for n in estimate.notes)


def test_rows_are_sorted_and_the_input_is_not_touched():
    table = gaps(3)
    before = table.copy(deep=True)
    frame = panel.PanelFrame.from_pandas(table, "unit", "year")
    pd.testing.assert_frame_equal(table, before)
    assert frame.table.index.is_monotonic_increasing
    assert frame.table.index.is_unique
    copy = frame.data
    copy["x"] = 0.0
    assert frame["x"].ne(0).all()
    series = frame["x"]
    series[:] = 0.0
    assert frame["x"].ne(0).all()
    with pytest.raises(ValueError, match="read-only"):
        frame.array("x")[0] = 1.0


def test_the_same_figures_have_the_same_fingerprint():
    table = gaps(4)
    one = panel.PanelFrame.from_pandas(table, "unit", "year")
    other = panel.PanelFrame.from_pandas(table.sample(frac=1, random_state=9), "unit", "year")
    assert one.fingerprint == other.fingerprint
    table.loc[table.index[0], "x"] += 1e-12
    assert panel.PanelFrame.from_pandas(table, "unit", "year").fingerprint != one.fingerprint


def test_keys_are_variables_too():
    frame = panel.PanelFrame.from_pandas(gaps(5), "unit", "year")
    assert frame["year"].tolist() == list(frame.table.index.get_level_values(1))
    assert frame["unit"].tolist() == list(frame.table.index.get_level_values(0))
    with pytest.raises(UnknownVariableError, match="'yaer' is not in the frame") as caught:
        frame["yaer"]
    assert "did you mean 'year'" in caught.value.remedy
    with pytest.raises(UnknownVariableError, match="is a key of the panel"):
        frame.select(["year"])
    with pytest.raises(UnknownVariableError, match="'nope'"):
        frame.select(["nope"])


def test_a_series_is_matched_by_its_keys_and_never_by_position():
    frame = panel.PanelFrame.from_pandas(gaps(6), "unit", "year")
    shuffled = frame["x"].sample(frac=1, random_state=1)
    np.testing.assert_array_equal(frame.assign(y=shuffled)["y"], frame["x"])
    np.testing.assert_array_equal(frame.assign(y=frame.array("x"))["y"], frame["x"])
    assert len(frame.rows(shuffled > 0)) == (frame["x"] > 0).sum()
    assert (frame.rows(shuffled > 0)["x"] > 0).all()
    positional = pd.Series(np.arange(len(frame), dtype=float))
    for verb in (lambda: frame.assign(y=positional), lambda: frame.rows(positional > 3)):
        with pytest.raises(DataError, match="not indexed by"):
            verb()


def test_rows_by_mask_or_function():
    frame = panel.PanelFrame.from_pandas(gaps(7), "unit", "year")
    assert set(frame.rows(lambda t: t.year >= 2005).times) <= {2005, 2006, 2007, 2008}
    assert len(frame.rows(np.ones(len(frame), dtype=bool))) == len(frame)
    for bad in (np.ones(len(frame)), lambda t: t.x, 1):
        with pytest.raises(DataError, match="row mask"):
            frame.rows(bad)


def test_rows_by_the_condition_of_a_sample():
    frame = panel.PanelFrame.from_pandas(gaps(2), "unit", "year")
    kept = frame.rows("year > 2000 & unit != 'a'")
    expected = frame.rows(lambda t: (t.year > 2000) & (t.unit != "a"))
    assert kept.fingerprint == expected.fingerprint
    with pytest.raises(UnknownVariableError, match="'yaer'"):
        frame.rows("yaer > 2000")


def test_a_function_makes_a_variable_of_the_keyed_table():
    frame = panel.PanelFrame.from_pandas(gaps(3), "unit", "year")
    made = frame.assign(
        age=lambda t: t.year - 1995,
        double=lambda t: (2 * t.age).sort_values(),  # sorted otherwise, still row by row
        one=lambda _: 1,
    )
    np.testing.assert_array_equal(made.array("age"), frame.array("year") - 1995)
    np.testing.assert_array_equal(made.array("double"), 2 * made.array("age"))
    assert set(made.array("one")) == {1.0}
    with pytest.raises(DataError, match=f"'x' has 2 values for {len(frame)} rows"):
        frame.assign(x=[1, 2])


def test_lists_and_masks_in_the_place_of_a_name_say_what_to_call():
    frame = panel.PanelFrame.from_pandas(gaps(4), "unit", "year").assign(z=lambda t: t.x)
    for asked in (["x", "z"], ("x", "z"), frame.data[["x"]]):
        with pytest.raises(DataError, match=r"frame\.select"):
            frame[asked]
    with pytest.raises(DataError, match=r"frame\.rows\('gdp > 100'\)"):
        frame[frame["x"] > 0]
    with pytest.raises(DataError, match="A list stands where the name of one variable"):
        panel.winsorise(frame, ["x", "z"])
    assert frame.select("x").names == ("x",)


def test_metadata_of_unknown_columns():
    for what in ({"units": {"gpd": "亿元"}}, {"labels": {"gpd": "GDP"}}):
        with pytest.raises(
            UnknownVariableError, match="'gpd', which the data do not have"
        ) as caught:
            panel.PanelFrame.from_pandas(gaps(8).assign(gdp=1.0), "unit", "year", **what)
        assert "did you mean 'gdp'" in caught.value.remedy


def test_metadata_travel_and_are_dropped_with_the_column():
    frame = panel.PanelFrame.from_pandas(
        gaps(8), "unit", "year", units={"x": "亿元"}, labels={"x": {"en": "Output", "zh": "产出"}}
    )
    assert frame.rows(frame["x"] > 0).columns["x"].unit == "亿元"
    assert (frame.label("x"), frame.label("x", "zh"), frame.label("x", "ru")) == (
        "Output", "产出", "Output",
    )  # fmt: skip
    assert frame.label("nothing") == "nothing"
    described = frame.describe("x", note="from the yearbook")
    assert described.columns["x"].note
    assert not frame.columns["x"].note
    assert described.assign(x=0.0 * frame["x"]).columns["x"].unit == ""
    with pytest.raises(TypeError):
        frame.columns["x"] = panel.Column()


def test_groups_number_values_and_combinations():
    table = pd.DataFrame(
        {"unit": list("aabb"), "year": [1, 2, 1, 2], "g": ["p", None, "p", "q"], "h": [1, 1, 2, 2]}
    )
    frame = panel.PanelFrame.from_pandas(table, "unit", "year")
    codes, levels = frame.groups("g")
    assert codes.tolist()[0] == codes.tolist()[2] >= 0
    assert codes.tolist()[1] == -1
    codes, levels = frame.groups("g^h^year")
    assert [levels[c] if c >= 0 else None for c in codes] == [
        ("p", 1, 1), None, ("p", 2, 1), ("q", 2, 2),
    ]  # fmt: skip


def test_a_pickle_brings_everything_back():
    frame = panel.PanelFrame.from_pandas(gaps(9), "unit", "year", units={"x": "亿元"})
    back = pickle.loads(pickle.dumps(frame))
    pd.testing.assert_frame_equal(back.data, frame.data)
    assert back.fingerprint == frame.fingerprint
    assert back.columns["x"] == frame.columns["x"]


def test_shows_itself():
    frame = panel.PanelFrame.from_pandas(gaps(9), "unit", "year", name="demo")
    assert "'demo': 6 x unit, 1995-2008" in repr(frame)
    assert "<table" in frame._repr_html_()
    assert "no years" in repr(frame.rows(np.zeros(len(frame), dtype=bool)))


def test_periods_that_are_not_the_key_are_no_numbers():
    months = pd.PeriodIndex(["2001-03", None, "2003-01", "2000-12"], freq="M")
    table = pd.DataFrame({"id": [1, 1, 2, 2], "year": [2000, 2001] * 2, "start": months})
    frame = panel.PanelFrame.from_pandas(table, "id", "year")
    with pytest.raises(NotNumericError, match="'start' holds periods"):
        numbers("start", frame)
