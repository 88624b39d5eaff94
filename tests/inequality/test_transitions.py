"""Markov chains: moves counted one by one, peers' numbers, and chains with known limits."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import DataError
from panel.inequality.transitions import markov, markov_test
from panel.kernels import transitions as kernel


def test_moves_are_counted_one_by_one(frame):
    found = markov(frame, "y", classes=3)
    y = frame["y"]
    low, high = np.quantile(y, [1 / 3, 2 / 3])
    classes = 1 + (y > low).astype(int) + (y > high).astype(int)
    assert found.classes.tolist() == classes.tolist()
    expected = np.zeros((3, 3))
    for unit in frame.units:
        for year in range(2001, 2005):
            expected[classes[unit, year] - 1, classes[unit, year + 1] - 1] += 1
    np.testing.assert_array_equal(found.counts, expected)
    np.testing.assert_allclose(found.df, expected / expected.sum(axis=1, keepdims=True))
    assert len(found.moves) == 24 * 4


def test_peers(china, peers):
    for breaks in ("pooled", "by_year"):
        found, expected = markov(china, "gdp_per_person", breaks=breaks), peers["markov"][breaks]
        np.testing.assert_array_equal(found.counts, expected["transitions"])
        np.testing.assert_allclose(found.df, expected["p"], rtol=1e-12)
    # The pooled chain only rises; the other has a limit with all classes.
    np.testing.assert_allclose(found.ergodic, expected["steady_state"], rtol=1e-9)
    np.testing.assert_allclose(found.first_passage, expected["fmpt"], rtol=1e-9)
    for name, letter in (("trace", "P"), ("eigenvalue", "L2"), ("determinant", "D")):
        assert found.mobility[name] == pytest.approx(expected["mobility"][letter], rel=1e-9)


def test_homogeneity_is_the_peers(china, peers):
    found = markov_test(markov(china, "gdp_per_person", breaks="by_year"), [2020])
    expected = peers["homogeneity"]
    assert found.df == (float(expected["dof"]),)
    assert found.statistic == pytest.approx(expected["Q"], rel=1e-9)
    assert found.p_value == pytest.approx(expected["Q_p_value"], rel=1e-9)
    assert found.details.loc["likelihood ratio", "statistic"] == pytest.approx(expected["LR"])


def test_limits_belong_to_the_class_below_and_equal_values_stay_together():
    table = pd.DataFrame(
        {"u": [*"abcd"] * 2, "t": [1] * 4 + [2] * 4, "y": [1, 2, 2, 3, 2, 2, 3, 1]}
    )
    data = panel.PanelFrame.from_pandas(table, "u", "t")
    found = markov(data, "y", classes=[2])
    assert found.classes.xs(1, level="t").tolist() == [1, 1, 1, 2]
    np.testing.assert_array_equal(found.counts, [[2, 1], [1, 0]])
    with pytest.raises(panel.errors.DataError, match=r"do not rise \(pooled\): 2, 2"):
        markov(data, "y", classes=3)


def test_moves_follow_the_calendar():
    table = pd.DataFrame({"u": ["a"] * 3 + ["b"] * 3, "t": [1, 2, 4, 1, 2, 3],
                          "y": [1.0, 2, 1, 2, 1, 2]})  # fmt: skip
    data = panel.PanelFrame.from_pandas(table, "u", "t")
    found = markov(data, "y", classes=[1.5])
    assert found.moves.index.tolist() == [("a", 1), ("b", 1), ("b", 2)]
    assert markov(data, "y", classes=[1.5], step=2).moves.index.tolist() == [("a", 2), ("b", 1)]


def test_classes_by_year_are_free_of_common_growth(frame):
    grown = frame.assign(v=frame["y"] * 2.0 ** (frame["year"] - 2000))
    by_year = {"classes": 4, "breaks": "by_year"}
    first, other = markov(frame, "y", **by_year), markov(grown, "v", **by_year)
    pd.testing.assert_frame_equal(first.counts, other.counts)
    assert first.limits.index.tolist() == [2001, 2002, 2003, 2004, 2005]
    assert not markov(grown, "v").counts.equals(first.counts)


def test_known_chain():
    p = np.array([[0.5, 0.5, 0.0], [0.25, 0.5, 0.25], [0.0, 0.5, 0.5]])
    np.testing.assert_allclose(kernel.ergodic(p), [0.25, 0.5, 0.25])
    # From the middle a step to an end has odds 1/4, and ends lead back only to the middle.
    expected = [[4, 2, 8], [6, 2, 6], [8, 2, 4]]
    np.testing.assert_allclose(kernel.first_passage(p), expected)
    assert len(kernel.closed_classes(p)) == 1


def test_states_never_left_or_never_reached():
    p = np.array([[0.5, 0.5, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 1.0]])
    np.testing.assert_allclose(kernel.ergodic(p), [0, 0, 1], atol=1e-12)
    # From the first state the second is reached in 2 steps on average, then the third in one.
    expected = [[np.inf, 2, 3], [np.inf, np.inf, 1], [np.inf, np.inf, 1]]
    np.testing.assert_allclose(kernel.first_passage(p), expected)
    split = np.array([[0.5, 0.25, 0.25], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    assert [s.tolist() for s in kernel.closed_classes(split)] == [[1], [2]]
    assert np.isinf(kernel.first_passage(split)[0]).all()


def test_homogeneity_of_equal_and_of_opposite_chains():
    same = kernel.homogeneity(np.array([[[10, 10], [5, 15]], [[20, 20], [10, 30]]], dtype=float))
    assert (same.chi2, same.df) == (0, 2)
    # Rows of a contingency table: the classical chi-squared of [[10, 0], [0, 10]] is 20.
    apart = kernel.homogeneity(np.array([[[10, 0], [0, 0]], [[0, 10], [0, 0]]], dtype=float))
    assert (apart.chi2, apart.df) == (20, 1)
    assert apart.likelihood_ratio == pytest.approx(40 * np.log(2))


def test_true_probabilities_are_found():
    draw = np.random.default_rng(1)
    p = np.array([[0.9, 0.1, 0.0], [0.1, 0.8, 0.1], [0.0, 0.2, 0.8]])
    state = draw.integers(0, 3, 400)
    columns = [state]
    for _ in range(15):
        state = (draw.uniform(size=400)[:, None] > p.cumsum(axis=1)[state]).sum(axis=1)
        columns.append(state)
    table = pd.DataFrame({"u": np.tile(range(400), 16), "t": np.repeat(range(16), 400)})
    table["y"] = np.concatenate(columns).astype(float)
    found = markov(panel.PanelFrame.from_pandas(table, "u", "t"), "y", classes=[0.5, 1.5])
    tidy = found.tidy()
    off = np.abs(tidy.estimate - p.ravel())
    assert (off <= 4 * tidy.std_error).all()
    np.testing.assert_allclose(found.ergodic, kernel.ergodic(p), atol=0.05)  # 6000 moves
    assert not markov_test(found, [8]).rejects(0.001)


def test_shown_and_pickled(frame):
    found = markov(frame, "y")
    assert "96 moves over 1 year(s); limits pooled." in str(found)
    assert "Transitions of y" in found._repr_html_()
    assert "起始类别" in found.labelled("zh").columns
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(found)).df, found.df)


def test_says_what_is_wrong(frame):
    error, calendar = panel.errors.DataError, panel.errors.CalendarError
    with pytest.raises(error, match="two classes or more"):
        markov(frame, "y", classes=1)
    with pytest.raises(error, match="'byyear' are not known"):
        markov(frame, "y", breaks="byyear")  # type: ignore[arg-type]
    with pytest.raises(calendar, match="whole number of periods"):
        markov(frame, "y", step=0)
    with pytest.raises(calendar, match="two years that are 7 apart"):
        markov(frame, "y", step=7)
    with pytest.raises(error, match="do not rise"):
        markov(frame, "y", classes=[2.0, 1.0])
    empty = markov(frame, "y", classes=[1e6])
    assert np.isnan(empty.df.loc[2]).all()
    with pytest.raises(panel.errors.EstimationError, match="No region moves from class 2"):
        _ = empty.mobility
    still = markov(frame.assign(s=frame.unit_codes.astype(float)), "s", classes=2)
    with pytest.raises(panel.errors.EstimationError, match=r"classes \[1\] and \[2\] are never"):
        _ = still.ergodic
    with pytest.raises(error, match="do not all have moves"):
        markov_test(markov(frame, "y"), [2050])
    with pytest.raises(error, match="do not all have moves"):
        markov_test(markov(frame, "y"), [])


@pytest.mark.parametrize("breaks", ["pooled", "by_year"])
def test_classes_without_a_region(breaks):
    # The median is the largest value, so that nothing lies above it.
    table = pd.DataFrame({"u": list("aabbcc"), "t": [1, 2] * 3, "y": [1.0, 1, 2, 2, 2, 2]})
    frame = panel.PanelFrame.from_pandas(table, "u", "t")
    with pytest.raises(DataError, match="Class 2 of 2 of 'y' has no u"):
        panel.markov(frame, "y", classes=2, breaks=breaks)
    assert panel.markov(frame, "y", classes=[2.0]).df.isna().all(axis=1).tolist() == [False, True]
