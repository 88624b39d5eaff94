"""Ranks under other choices: by hand, in cases with a known answer, reproducibly."""

from __future__ import annotations

import numpy as np
import pytest

import panel
from panel.errors import DataError

UP = {"a": "+", "b": "+", "c": "+"}


def test_comparison_by_hand(small):
    frame = small(a=[1.0, 1, 2, 2, 3, 3], b=[3.0, 1, 2, 2, 1, 3])  # year 1: the same order
    indices = {v: panel.composite_index(frame, {v: "+"}) for v in "ab"}
    found = panel.rank_comparison(indices)
    # Year 0: ranks 3, 2, 1 and 1, 2, 3; year 1: 3, 2, 1 twice. Correlation (-2 + 2)/4.
    assert found.table.loc["b", "correlation"] == pytest.approx(0, abs=1e-15)
    assert found.table.loc["b", "mean_shift"] == pytest.approx(4 / 6)
    assert found.table.loc["b", "largest_shift"] == 2
    assert (found.table.loc["b", "unit"], found.table.loc["b", "year"]) == ("u0", 0)
    assert found.table.loc["a", "unit"] is None
    assert "against 'a'" in str(found)
    assert "<table" in found._repr_html_()
    assert list(found.df.columns) == list(found.table.columns)


def test_a_shift_of_the_entropy_moves_no_rank_or_few(wide):
    indices = {
        f"{shift:g}": panel.composite_index(wide, UP, weights=panel.entropy_weights(shift))
        for shift in (0, 1e-6, 1e-4, 1e-2)
    }
    table = panel.rank_comparison(indices).table
    assert table.loc["1e-06", "largest_shift"] == 0
    assert table["mean_shift"].is_monotonic_increasing
    assert (table["correlation"] > 0.99).all()


def test_leaving_out_what_weighs_nothing_changes_nothing(wide):
    index = panel.composite_index(wide, UP, weights=panel.expert_weights({"a": 1, "b": 2, "c": 0}))
    table = panel.leave_one_out(index).table
    assert table.loc["without c", "largest_shift"] == 0
    assert table.loc["without b", "mean_shift"] > 0


def test_leaving_out_brings_no_rows_in(wide):
    holes = wide.assign(c=wide["c"].mask(wide["c"] > 3))
    index = panel.composite_index(holes, UP)
    found = panel.leave_one_out(index)
    assert len(found.ranks) == index.n_used
    nested = {"one": {"a": "+", "b": "+"}, "two": {"c": "+"}}
    whole = panel.composite_index(holes, nested, between=panel.equal_weights())
    assert len(panel.leave_one_out(whole).table) == 4  # a subsystem may vanish


def test_what_cannot_be_compared(wide):
    index = panel.composite_index(wide, {"a": "+"})
    for wrong in ({"a": index}, [index, index]):
        with pytest.raises(DataError, match="Two or more"):
            panel.rank_comparison(wrong)
    with pytest.raises(DataError, match="nothing without it"):
        panel.leave_one_out(index)
    other = panel.composite_index(wide.rows(wide["unit"] > "u5"), {"a": "+"})
    early = panel.composite_index(wide.rows(wide["unit"] < "u5"), {"a": "+"})
    with pytest.raises(DataError, match="No two rows"):
        panel.rank_comparison({"other": other, "early": early})


def test_a_draw_that_changes_nothing_is_certain(small):
    # One region is best in everything, one worst, whatever the weights.
    frame = small(a=[1.0, 5, 3], b=[1.0, 9, 2]).rows(lambda t: t.year == 0)
    found = panel.index_uncertainty(panel.composite_index(frame, {"a": "+", "b": "+"}), draws=50)
    assert (found.ranks["same"] == 1).all()
    assert found.mean_shift == 0
    assert found.sensitivity.isna().all(axis=None)


def test_two_indicators_with_a_known_chance():
    # u leads by 1 in a, v by 0.5 in b: v is first where w_b / 2 > w_a, that is w_a < 1/3.
    import pandas as pd

    table = pd.DataFrame({"unit": list("uvxy"), "year": 1, "a": [1.0, 0, 0, 0.2],
                          "b": [0.5, 1.0, 0, 0.1]})  # fmt: skip
    frame = panel.PanelFrame.from_pandas(table, "unit", "year")
    index = panel.composite_index(frame, {"a": "+", "b": "+"})
    found = panel.index_uncertainty(index, draws=4000, seed=1)
    first = found.ranks["same"]["u", 1]
    assert first == pytest.approx(2 / 3, abs=4 * np.sqrt(2 / 9 / 4000))  # four standard errors
    assert found.sensitivity.loc["weights", "first_order"] == pytest.approx(1, abs=0.1)
    assert found.sensitivity.loc["weights", "total"] == pytest.approx(1, abs=0.1)


def test_closer_draws_are_surer_and_seeds_repeat(wide):
    index = panel.composite_index(wide, UP, weights=panel.critic_weights())
    loose, close = (
        panel.index_uncertainty(index, concentration=c, draws=200).mean_shift for c in (1, 100)
    )
    assert close < loose / 2
    one, two, other = (panel.index_uncertainty(index, draws=50, seed=s) for s in (3, 3, 4))
    assert one.ranks.equals(two.ranks)
    assert not one.ranks.equals(other.ranks)
    assert "seed 3" in str(one)
    assert "<table" in one._repr_html_()


def test_choices_add_up_where_they_do_not_interact(wide):
    index = panel.composite_index(wide, UP, scale=panel.min_max(interval=(0.01, 1.0)))
    found = panel.index_uncertainty(
        index, scales=[panel.percentile_rank()], leave_out=True, draws=400,
        aggregates=[panel.weighted_product()],
    )  # fmt: skip
    assert list(found.sensitivity.index) == ["weights", "scale", "aggregate", "left out"]
    assert (found.sensitivity["total"] > -0.05).all()
    assert found.sensitivity["total"].sum() > 0.9  # interactions are counted more than once
    assert (found.ranks["low"] <= found.ranks["median"]).all()
    assert (found.ranks["median"] <= found.ranks["high"]).all()
    assert found.df.equals(found.ranks)


def test_each_year_for_itself(wide):
    index = panel.composite_index(
        wide, UP, scale=panel.min_max("year"), aggregate=panel.topsis(), yearly=True
    )
    fixed = panel.index_uncertainty(
        index, concentration=None, scales=[panel.min_max("year")], draws=20
    )
    assert (fixed.ranks["same"] == 1).all()  # the other scale is the same one


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"concentration": None}, "Nothing varies"),
        ({"concentration": 0}, "concentration = 0"),
        ({"draws": 1}, "draws = 1"),
        ({"draws": 10.5}, "draws = 10.5"),
        ({"level": 1}, "level = 1"),
        ({"scales": panel.z_score()}, "scales= is z-scores"),
        ({"aggregates": ["topsis"]}, "aggregates= is"),
        ({"scales": [panel.z_score()], "aggregates": [panel.weighted_product()]}, "positive"),
    ],
)
def test_bad_settings(wide, settings, message):
    index = panel.composite_index(wide, UP, scale=panel.min_max(interval=(0.01, 1.0)))
    with pytest.raises(DataError, match=message) as caught:
        panel.index_uncertainty(index, **{"draws": 20} | settings)
    assert caught.value.remedy


def test_weights_of_zero_have_no_draws_around_them(wide):
    index = panel.composite_index(wide, UP, weights=panel.expert_weights({"a": 1, "b": 1, "c": 0}))
    with pytest.raises(DataError, match="more than zero"):
        panel.index_uncertainty(index)
