"""The entropy-weight index by hand, in one published example, and with bad input."""

from __future__ import annotations

import numpy as np
import pytest

import panel
from panel.errors import DataError, NotNumericError, UnknownVariableError


def test_by_hand(small):
    # z = (0, 1/4, 1/2, 1) and, where less is better, (1, 1/2, 1/2, 0).
    built = panel.entropy_index(
        small(a=[0.0, 1, 2, 4], b=[10.0, 20, 20, 30]), {"a": "+", "b": "-"}, name="digital"
    )
    entropy = []
    for z in ((0, 1 / 4, 1 / 2, 1), (1, 1 / 2, 1 / 2, 0)):
        p = np.array([v for v in z if v]) / sum(z)
        entropy.append(-(p * np.log(p)).sum() / np.log(4))
    divergence = 1 - np.array(entropy)
    weights = divergence / divergence.sum()
    np.testing.assert_allclose(built.weights.entropy, entropy, rtol=1e-14)
    np.testing.assert_allclose(built.weights.weight, weights, rtol=1e-14)
    expected = np.array([[0, 1], [1 / 4, 1 / 2], [1 / 2, 1 / 2], [1, 0]]) @ weights
    np.testing.assert_allclose(built.scores, expected, rtol=1e-14)
    assert built.scores.name == "digital"
    assert (built.n_used, built.n_missing) == (4, 0)


def test_the_example_of_mathmodels(small):
    # The documentation of R mathmodels: indicators brought to 0.002..0.998 instead of 0..1, which
    # is a shift of 0.002/0.996 and a scale that the weights do not see. All printed digits.
    built = panel.entropy_index(
        small(a=[3.0, 5, 2, 7], b=[10.0, 20, 15, 25]), {"a": "+", "b": "-"}, shift=0.002 / 0.996
    )
    np.testing.assert_allclose(built.weights.weight, [0.5452618, 0.4547382], rtol=0, atol=5e-8)
    printed = [56.35354, 47.88215, 30.39461, 54.50808]
    np.testing.assert_allclose(99.6 * built.scores, printed, rtol=0, atol=5e-6)


def test_units_of_an_indicator_do_not_matter(wide):
    first = panel.entropy_index(wide, {"a": "+", "b": "-", "c": "+"})
    changed = wide.assign(a=1e6 * wide["a"] + 5, b=0.01 * wide["b"] - 3)
    second = panel.entropy_index(changed, {"a": "+", "b": "-", "c": "+"})
    np.testing.assert_allclose(second.scores, first.scores, rtol=1e-9)


def test_a_negative_direction_is_the_negative_indicator(wide):
    first = panel.entropy_index(wide, {"a": "+", "b": "-"})
    second = panel.entropy_index(wide.assign(b=-wide["b"]), {"a": "+", "b": "+"})
    np.testing.assert_allclose(second.scores, first.scores, rtol=1e-12)


def test_scores_lie_between_zero_and_one_and_weights_add_up(wide):
    for standardise in ("pooled", "by_year"):
        built = panel.entropy_index(wide, dict.fromkeys("abc", "+"), standardise=standardise)
        assert built.scores.between(0, 1).all()
        assert built.weights.weight.sum() == pytest.approx(1, abs=1e-15)


def test_standardising_by_year_ranks_within_the_year(wide):
    grown = wide.assign(a=wide["a"] + 100.0 * wide["year"])
    pooled = panel.entropy_index(grown, {"a": "+", "b": "+"}, standardise="pooled").scores
    yearly = panel.entropy_index(grown, {"a": "+", "b": "+"}, standardise="by_year").scores
    by_year = pooled.groupby(level=1).mean()
    assert by_year[1] > by_year[0] + 0.2
    np.testing.assert_allclose(
        yearly, panel.entropy_index(wide, {"a": "+", "b": "+"}, standardise="by_year").scores
    )


def test_a_shift_is_stated_and_moves_the_weights_a_little(wide):
    plain = panel.entropy_index(wide, dict.fromkeys("abc", "+"))
    shifted = panel.entropy_index(wide, dict.fromkeys("abc", "+"), shift=1e-4)
    np.testing.assert_allclose(shifted.weights.weight, plain.weights.weight, atol=2e-3)
    assert not np.array_equal(shifted.weights.weight, plain.weights.weight)
    assert "0 ln 0 = 0" in str(plain)
    assert "min-max to 0.0001..1.0001" in str(shifted)
    assert "<table" in plain._repr_html_()


def test_rows_without_all_indicators_have_no_score_and_no_say(wide):
    holes = wide.assign(
        a=wide["a"].mask(wide["a"] > 3), b=wide["b"].replace(wide["b"].max(), np.inf)
    )
    built = panel.entropy_index(holes, {"a": "+", "b": "+"})
    complete = np.isfinite(holes.data[["a", "b"]]).all(axis=1)
    assert built.scores.isna().equals(~complete.rename("index"))
    assert built.n_missing + built.n_infinite == (~complete).sum()
    alone = panel.entropy_index(holes.rows(complete), {"a": "+", "b": "+"})
    np.testing.assert_allclose(built.scores.dropna(), alone.scores, rtol=1e-13)


@pytest.mark.parametrize(
    ("indicators", "settings", "error", "message"),
    [
        ({}, {}, DataError, "no indicators"),
        ({"a": "up"}, {}, DataError, "direction of 'a' is 'up'"),
        ({"a": "+", "nope": "+"}, {}, UnknownVariableError, "'nope'"),
        ({"a": "+", "text": "+"}, {}, NotNumericError, "'text' is text"),
        ({"a": "+", "flat": "+"}, {}, DataError, "'flat' does not vary"),
        ({"a": "+", "byyear": "+"}, {"standardise": "by_year"}, DataError, "not vary in 0"),
        ({"a": "+"}, {"standardise": "zscore"}, DataError, "'zscore' is not known"),
        ({"a": "+"}, {"shift": -1}, DataError, "shift"),
        ({"a": "+"}, {"shift": float("nan")}, DataError, "shift"),
        ({"a": "+", "empty": "+"}, {}, DataError, "Only 0 rows"),
    ],
)
def test_bad_input(wide, indicators, settings, error, message):
    bad = wide.assign(
        text=["x"] * 40, flat=np.ones(40), byyear=wide.array("year"), empty=np.full(40, np.nan)
    )
    with pytest.raises(error, match=message) as caught:
        panel.entropy_index(bad, indicators, **settings)
    assert caught.value.remedy


def test_a_dataframe_and_a_list_of_indicators(wide):
    directions = {"a": "+", "b": "-"}
    expected = panel.entropy_index(wide, directions).scores
    assert panel.entropy_index(wide.table, directions).scores.equals(expected)
    with pytest.raises(DataError, match="which columns are the region and the year"):
        panel.entropy_index(wide.table.reset_index(), directions)
    with pytest.raises(DataError, match="are a list without directions"):
        panel.entropy_index(wide, ["a", "b"])


def test_infinite_rows_are_counted_apart(wide):
    a = wide["a"].to_numpy(copy=True)
    a[:3] = np.inf, -np.inf, np.nan
    built = panel.entropy_index(wide.assign(a=a), {"a": "+", "b": "-"})
    assert (built.n_used, built.n_missing, built.n_infinite) == (37, 1, 2)
    assert "1 without all indicators, 2 with an infinite one" in str(built)
