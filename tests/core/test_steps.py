"""Steps of cleaning are data: they can be read, switched off and compared."""

from __future__ import annotations

import pickle
from functools import partial

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.steps import Step, figures, recorded, target
from panel.errors import DataError, NotNumericError, UnknownVariableError


@pytest.fixture
def frame() -> panel.PanelFrame:
    draw = np.random.default_rng(4)
    keys = pd.MultiIndex.from_product([list("abcdef"), range(2011, 2019)], names=["region", "year"])
    names = ("x", "y", "z")
    table = pd.DataFrame({n: np.exp(draw.normal(size=48)) for n in names}, index=keys)
    table.loc[("b", 2013), "x"] = np.nan
    table["zone"] = np.where(keys.get_level_values(0) < "d", "East", "West")
    return panel.PanelFrame.from_pandas(table, labels={"x": {"en": "Output", "zh": "产出"}})


@pytest.fixture
def cleaned(frame: panel.PanelFrame) -> panel.PanelFrame:
    made = panel.interpolate(frame, "x")
    made = panel.winsorise(made, "x", 0.1, 0.9, by="year")
    return panel.trim(made, "z", 0.0, 0.9)


def test_the_frame_tells_its_steps(cleaned: panel.PanelFrame) -> None:
    assert list(cleaned.steps.index) == ["interpolate x", "winsorise x", "trim z"]
    assert cleaned.steps["cells"].tolist() == [1, 16, 5]
    assert cleaned.steps.loc["winsorise x", "settings"] == "lower=0.1, upper=0.9, by='year'"
    assert cleaned.steps.loc["winsorise x", "text"] == (
        "16 figures winsorised to percentiles 10 and 90 within year"
    )
    assert "16 figures winsorised" in str(cleaned.report())
    assert "winsorised" in cleaned.report()._repr_html_()


def test_a_step_keeps_every_cell_it_changed(
    frame: panel.PanelFrame, cleaned: panel.PanelFrame
) -> None:
    filled, winsorised = cleaned.columns["x"].steps
    assert filled.df.index.tolist() == [("b", 2013)]
    assert np.isnan(filled.df["before"].iloc[0])
    unchanged = frame.table["x"].drop(index=[("b", 2013)])
    other = winsorised.df.drop(index=[("b", 2013)], errors="ignore")
    assert (unchanged[other.index] == other["before"]).all()
    assert (cleaned.table["x"][winsorised.df.index] == winsorised.df["after"]).all()
    assert len(winsorised.cutoffs) == 8


def test_filled_cells_are_marked(cleaned: panel.PanelFrame) -> None:
    assert cleaned.columns["x"].filled == {("b", 2013)}
    assert len(cleaned.columns["z"].filled) == 0


def test_all_steps_switched_off_give_the_figures_bit_by_bit(
    frame: panel.PanelFrame, cleaned: panel.PanelFrame
) -> None:
    for name in cleaned.steps.index:
        cleaned = cleaned.without_step(name)
    pd.testing.assert_frame_equal(cleaned.table, frame.table, check_exact=True)
    assert dict(cleaned.columns) == dict(frame.columns)


def test_an_early_step_switched_off_is_as_if_it_had_never_been(
    frame: panel.PanelFrame, cleaned: panel.PanelFrame
) -> None:
    never = panel.trim(panel.winsorise(frame, "x", 0.1, 0.9, by="year"), "z", 0.0, 0.9)
    off = cleaned.without_step("interpolate x")
    pd.testing.assert_frame_equal(off.table, never.table, check_exact=True)
    assert off.columns["x"].filled == frozenset()
    assert list(off.steps.index) == ["winsorise x", "trim z"]
    # The percentiles of 2013 are without the interpolated figure now.
    assert off.columns["x"].steps[0].cutoffs[2] != cleaned.columns["x"].steps[1].cutoffs[2]


def test_a_repeated_step_has_a_name_of_its_own(frame: panel.PanelFrame) -> None:
    twice = panel.winsorise(panel.winsorise(frame, "x", 0.1, 0.9), "x", 0.2, 0.8)
    assert list(twice.steps.index) == ["winsorise x", "winsorise x (2)"]
    off = twice.without_step("winsorise x")
    assert list(off.steps.index) == ["winsorise x (2)"]
    once = panel.winsorise(frame, "x", 0.2, 0.8)
    pd.testing.assert_frame_equal(off.table, once.table, check_exact=True)


def test_the_frame_is_not_changed_and_a_copy_leads_to_its_source(frame: panel.PanelFrame) -> None:
    before = frame.table.copy()
    made = panel.winsorise(frame, "x", 0.1, 0.9, into="x_w")
    pd.testing.assert_frame_equal(frame.table, before)
    pd.testing.assert_series_equal(made.table["x"], before["x"])
    assert made.columns["x_w"].inputs == ("x",)
    assert made.label("x_w", "zh") == "产出"
    assert list(made.steps.index) == ["winsorise x_w"]
    assert made.without_step("winsorise x_w").table["x_w"].equals(before["x"].rename("x_w"))


def test_models_and_tables_say_what_was_done(cleaned: panel.PanelFrame) -> None:
    estimate = panel.ols("y ~ log(x) | region", cleaned, sample="year >= 2015")
    assert "Output: 8 figures winsorised to percentiles 10 and 90 within year." in estimate.notes
    assert "产出：8个数值按年份分组缩尾至第10和第90百分位数。" in estimate.notes_in("zh")
    assert not any("interpolated" in note for note in estimate.notes)  # 2013 is not among them
    table = panel.describe_table(cleaned, ["x"])
    assert "Output: 1 figure interpolated on a straight line, in gaps of at most 3." in table.notes


def test_imputed_figures_are_not_called_interpolated(frame: panel.PanelFrame) -> None:
    made = panel.impute_mean(frame, "x", by="year")
    estimate = panel.ols("y ~ x | region", made)
    assert "Output: 1 row rests on filled figures." in estimate.notes
    assert "Output: 1 figure imputed by the mean within year." in estimate.notes
    cell = made.origin("x", "b", 2013)
    assert not cell.filled
    assert cell.adjustments == ("1 figure imputed by the mean within year",)
    assert cell.sentence("zh").endswith("此后1个数值以年份各组均值填补。")
    assert cell.sentence("ru").endswith("затем заполнено средним внутри «год» (значений: 1).")
    assert "заполнено средним" in cell.graph("ru").mermaid
    assert "interpolated" not in made.origin("x").sentence()
    between = panel.interpolate(frame, "x").origin("x").sentence()
    assert "some figures are interpolated" in between
    notes = panel.describe_table(made, ["x"]).notes
    assert "Output: 1 of 48 figures are filled, not published." in notes


def test_steps_survive_pickling_and_selection(cleaned: panel.PanelFrame) -> None:
    again = pickle.loads(pickle.dumps(cleaned))
    pd.testing.assert_frame_equal(again.steps, cleaned.steps)
    off = again.without_step("interpolate x")
    assert np.isnan(off.table.loc[("b", 2013), "x"])
    part = cleaned.select(["x"]).without_step("winsorise x")
    assert list(part.steps.index) == ["interpolate x"]


def test_the_last_step_can_be_taken_back_on_fewer_rows(
    frame: panel.PanelFrame, cleaned: panel.PanelFrame
) -> None:
    few = cleaned.rows(lambda t: t.year >= 2015)
    off = few.without_step("trim z")
    expected = frame.table["z"][off.table.index]
    pd.testing.assert_series_equal(off.table["z"], expected, check_exact=True)
    with pytest.raises(DataError, match="on 48 rows and cannot be done again on 24"):
        few.without_step("interpolate x")


def test_what_was_computed_from_it_is_named(frame: panel.PanelFrame) -> None:
    ratio = panel.compute(frame, "ratio", "x / y")
    before = panel.winsorise(ratio, "x", 0.1, 0.9)
    assert before.steps.loc["winsorise x", "not_recomputed"] == "ratio"
    assert "ratio" in before.without_step("winsorise x")
    after = panel.compute(panel.winsorise(frame, "x", 0.1, 0.9), "ratio", "x / y")
    with pytest.raises(DataError, match="'ratio' was computed from 'x' after the step"):
        after.without_step("winsorise x")


def test_figures_that_changed_since_are_not_overwritten(cleaned: panel.PanelFrame) -> None:
    steps = cleaned.columns["x"].steps
    moved = cleaned.assign(x=2 * cleaned["x"]).describe("x", steps=steps)
    with pytest.raises(DataError, match="changed after the step 'winsorise x'"):
        moved.without_step("winsorise x")
    metres = cleaned.describe("z", unit="m")
    with pytest.raises(DataError, match="changed after the step 'trim z'"):
        metres.without_step("trim z")


def test_no_such_step(frame: panel.PanelFrame, cleaned: panel.PanelFrame) -> None:
    with pytest.raises(DataError, match="did you mean 'winsorise x'"):
        cleaned.without_step("winsorize x")
    with pytest.raises(DataError, match="no step of cleaning was taken"):
        frame.without_step("winsorise x")
    assert frame.steps.empty


def test_a_model_without_each_step(cleaned: panel.PanelFrame) -> None:
    def fit(data: panel.PanelFrame) -> panel.Estimate:
        return panel.ols("y ~ x + z | region", data)

    found = panel.compare_steps(cleaned, fit)
    assert found["without"].tolist() == ["", "", *(n for n in cleaned.steps.index for _ in "xz")]
    without = found[found["without"] == "trim z"]
    direct = fit(cleaned.without_step("trim z"))
    np.testing.assert_array_equal(without["estimate"], direct.params)
    assert without["nobs"].tolist() == [48, 48]
    assert found["nobs"].tolist()[:2] == [43, 43]


def test_what_cannot_be_cleaned(frame: panel.PanelFrame) -> None:
    with pytest.raises(UnknownVariableError, match="'xx'"):
        target(frame, "xx", None)
    with pytest.raises(DataError, match="a key of the panel"):
        target(frame, "year", None)
    with pytest.raises(DataError, match="has a variable 'y' already"):
        target(frame, "x", "y")
    with pytest.raises(NotNumericError, match="'zone' holds"):
        figures(frame, "zone")
    with pytest.raises(NotNumericError, match="bool"):
        figures(frame.assign(flag=frame["x"] > 1), "flag")
    with pytest.raises(DataError, match="infinite for a, 2011"):
        figures(frame.assign(x=np.full(48, np.inf)), "x")


def test_a_step_that_changes_nothing_is_on_record_but_not_in_the_notes(
    frame: panel.PanelFrame,
) -> None:
    same = recorded(frame, partial(panel.trim, name="y"), figures(frame, "y"), "trimmed",
                    lower="0", upper="100")  # fmt: skip
    (step,) = same.columns["y"].steps
    assert isinstance(step, Step)
    assert (step.variable, step.cells) == ("y", ())
    assert panel.ols("y ~ z", same).notes == ()
