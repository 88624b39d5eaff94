"""Measures of inequality against sums written out, peers, and their own axioms."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

import panel
from panel.inequality.measures import MEASURES, inequality_measures

# The same sums in another order differ by rounding only.
RTOL = 1e-12


def of(values, **settings):
    """Measures of one year of values."""
    n = len(values)
    table = pd.DataFrame({"u": range(n), "t": 2001, "y": values})
    frame = panel.PanelFrame.from_pandas(table, "u", "t")
    return inequality_measures(frame, "y", **settings).df.loc[2001]


def test_measures_are_the_sums_of_their_definitions(frame):
    found = inequality_measures(frame, "y", measures=MEASURES, weights="people", epsilon=2.0).df
    for year, rows in frame.data.groupby("year"):
        x, w = rows.y.to_numpy(), (rows.people / rows.people.sum()).to_numpy()
        mu = w @ x
        pairs = sum(wi * wj * abs(a - b) for a, wi in zip(x, w, strict=True)
                    for b, wj in zip(x, w, strict=True))  # fmt: skip
        expected = {
            "gini": pairs / (2 * mu),
            "theil_t": sum(w * x / mu * np.log(x / mu)),
            "theil_l": -sum(w * np.log(x / mu)),
            "entropy": (sum(w * (x / mu) ** 2) - 1) / 2,
            "atkinson": 1 - 1 / (mu * sum(w / x)),  # harmonic mean for an aversion of 2
            "cv": np.sqrt(w @ (x - mu) ** 2) / mu,
            "sd_log": np.sqrt(w @ (np.log(x) - w @ np.log(x)) ** 2),
        }
        for name, value in expected.items():
            assert found.loc[year, name] == pytest.approx(value, rel=RTOL), name


def test_exact_values_of_small_distributions():
    # Three of ten and one of ten: |differences| add up to 2 * 3 * 9, mean 3.25, n = 4.
    assert of([1, 1, 1, 10])["gini"] == pytest.approx(2 * 3 * 9 / (2 * 16 * 3.25), rel=RTOL)
    # One of n has everything: Gini (n - 1)/n, Theil T log n, GE(2) (n - 1)/2.
    alone = of([0, 0, 0, 5], measures=("gini", "theil_t", "entropy", "atkinson"))
    expected = {"gini": 3 / 4, "theil_t": np.log(4), "entropy": 3 / 2, "atkinson": 3 / 4}
    for name, value in expected.items():
        assert alone[name] == pytest.approx(value, rel=RTOL), name
    even = of([2, 2, 2], measures=MEASURES)
    np.testing.assert_allclose(even[list(MEASURES)], 0, atol=1e-15)


def test_axioms_scale_replication_and_transfers():
    x = np.array([1.0, 2.0, 4.0, 9.0])
    base = of(x, measures=MEASURES)[list(MEASURES)]
    np.testing.assert_allclose(of(1e6 * x, measures=MEASURES)[list(MEASURES)], base, rtol=1e-10)
    twice = of(np.tile(x, 2), measures=MEASURES)[list(MEASURES)]
    np.testing.assert_allclose(twice, base, rtol=RTOL)
    closer = of(x + np.array([0, 0.5, 0, -0.5]), measures=MEASURES)[list(MEASURES)]
    assert (closer < base).all()


def test_integer_weights_are_repetitions():
    table = pd.DataFrame({"u": range(3), "t": 1, "y": [1.0, 3.0, 8.0], "w": [1, 2, 4]})
    frame = panel.PanelFrame.from_pandas(table, "u", "t")
    weighted = inequality_measures(frame, "y", measures=MEASURES, weights="w").df.loc[1]
    repeated = of(np.repeat([1.0, 3.0, 8.0], [1, 2, 4]), measures=MEASURES)
    names = ["mean", *MEASURES]
    np.testing.assert_allclose(weighted[names], repeated[names], rtol=RTOL)


def test_special_cases_of_the_families(frame):
    one = inequality_measures(frame, "y", measures=MEASURES, alpha=1, epsilon=1).df
    np.testing.assert_allclose(one.entropy, one.theil_t, rtol=RTOL)
    np.testing.assert_allclose(one.atkinson, 1 - np.exp(-one.theil_l), rtol=RTOL)
    two = inequality_measures(frame, "y", measures=MEASURES, alpha=2).df
    np.testing.assert_allclose(two.entropy, two.cv**2 / 2, rtol=RTOL)
    near = inequality_measures(frame, "y", measures="entropy", alpha=1e-6).df
    np.testing.assert_allclose(near.entropy, one.theil_l, rtol=1e-4)  # continuous at its limit


def test_peers(china, peers):
    found = inequality_measures(china, "gdp_per_person").df
    for year, expected in peers["inequality"].items():
        assert found.loc[int(year), "gini"] == pytest.approx(expected["gini"], rel=1e-10)
        assert found.loc[int(year), "theil_t"] == pytest.approx(expected["theil"], rel=1e-10)


def test_weighted_by_population_theil_is_of_shares_of_totals(china):
    found = inequality_measures(china, "gdp / population", weights="population").df
    table = china.data.xs(2020, level="year")
    y, p = table.gdp / table.gdp.sum(), table.population / table.population.sum()
    assert found.loc[2020, "theil_t"] == pytest.approx((y * np.log(y / p)).sum(), rel=RTOL)


def test_bootstrap_draws_whole_regions(frame):
    first = inequality_measures(frame, "y", bootstrap=(200, 3))
    again = inequality_measures(frame, "y", bootstrap=(200, 3))
    pd.testing.assert_frame_equal(first.tidy(), again.tidy())
    assert not first.tidy().equals(inequality_measures(frame, "y", bootstrap=(200, 4)).tidy())
    tidy = first.tidy()
    assert (tidy.conf_low < tidy.estimate).all()
    assert (tidy.std_error > 0).all()
    assert "200 draws of regions, seed 3." in first.notes
    # With one pattern in all years a draw gives the same in all years: regions go whole.
    table = frame.data.reset_index()
    first_year = table.groupby("region").y.transform("first")
    same = panel.PanelFrame.from_pandas(table.assign(y=first_year), "region", "year")
    draws = inequality_measures(same, "y", measures="gini", bootstrap=(20, 1)).draws[:, :, 0]
    np.testing.assert_allclose(draws, draws[:, :1] * np.ones(5), rtol=RTOL)


def test_bootstrap_error_of_the_mean_log_deviation_is_that_of_the_delta_method():
    # For Theil's L the influence of row i is (x_i/mu - 1) - (log(x_i/mu) + L).
    draw = np.random.default_rng(4)
    x = np.exp(draw.normal(size=400))
    table = pd.DataFrame({"u": range(400), "t": 1, "y": x})
    frame = panel.PanelFrame.from_pandas(table, "u", "t")
    found = inequality_measures(frame, "y", measures="theil_l", bootstrap=(999, 0)).tidy().iloc[0]
    ratio = x / x.mean()
    influence = (ratio - 1) - (np.log(ratio) - np.log(ratio).mean())
    # 999 draws know their standard deviation to 1/sqrt(2 * 999) = 2.2 percent; three of them.
    assert found.std_error == pytest.approx(influence.std() / 20, rel=0.08)


def test_rows_left_out_are_said(frame):
    table = frame.data.reset_index()
    table.loc[0, "y"] = np.nan
    table.loc[7, "y"] = np.inf
    holey = panel.PanelFrame.from_pandas(table, "region", "year")
    found = inequality_measures(holey, "y")
    assert found.df.n.tolist() == [23, 24, 23, 24, 24]
    notes = " ".join(found.notes)
    assert "y is missing (r00)" in notes
    assert "y is infinite (r01)" in notes
    assert "not the same in all years: 23 to 24" in notes
    assert inequality_measures(frame, "y", sample="year > 2003").df.index.tolist() == [2004, 2005]


def test_shown_in_three_languages_and_pickled(frame):
    found = inequality_measures(frame, "y")
    assert "Inequality of y" in repr(found)
    assert "Theil T" in found._repr_html_()
    assert "基尼系数" in found.labelled("zh").columns
    assert "Коэф. Джини" in found.labelled("ru").columns
    with pytest.raises(panel.errors.DataError, match="no headings in 'de'"):
        found.labelled("de")
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(found)).df, found.df)


def test_says_what_is_wrong(frame):
    error = panel.errors.DataError
    with pytest.raises(error, match="'ginni' is not a measure"):
        inequality_measures(frame, "y", measures=("ginni",))
    with pytest.raises(error, match="not a measure"):
        inequality_measures(frame, "y", measures=())
    with pytest.raises(error, match="is -1 for 0, 2001"):
        of([-1.0, 2.0])
    with pytest.raises(error, match="is 0 for 1, 2001"):
        of([1.0, 0.0])
    with pytest.raises(error, match="zero everywhere in 2001"):
        of([0.0, 0.0], measures="gini")
    with pytest.raises(error, match="2001 has only one u"):
        of([3.0])
    with pytest.raises(error, match="bootstrap must be"):
        inequality_measures(frame, "y", bootstrap=99)  # type: ignore[arg-type]
    with pytest.raises(error, match="epsilon must be a positive number"):
        inequality_measures(frame, "y", epsilon=0)
    with pytest.raises(panel.errors.UnknownVariableError):
        inequality_measures(frame, "z")
    with pytest.raises(panel.errors.NotNumericError):
        inequality_measures(frame, "zone")
    with pytest.raises(panel.errors.NotNumericError, match="'rich' is true or false"):
        inequality_measures(frame.assign(rich=frame["y"] > 1), "rich")
    with pytest.raises(error, match="The variable is a list"):
        inequality_measures(frame, ["y"])  # type: ignore[arg-type]
    with pytest.raises(panel.errors.EmptySampleError):
        inequality_measures(frame, "y", sample="year > 3000")
