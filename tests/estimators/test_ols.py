"""Least squares on small cases that can be worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import panel


def by_hand() -> pd.DataFrame:
    return pd.DataFrame(
        {"unit": list("aaabbbccc"), "year": [1, 2, 3] * 3, "x": [1, 2, 4, 2, 3, 5, 0, 4, 5],
         "z": [0, 1, 0, 2, 1, 1, 1, 0, 3], "y": [2, 3, 7, 1, 5, 6, 1, 2, 9],
         "w": [1, 2, 1, 1, 4, 1, 2, 1, 1]}
    )  # fmt: skip


def exactly(columns, y, weights):
    """Weighted least squares in rationals."""
    rows = list(zip(*columns, strict=True))
    k = len(columns)
    system = [[Fraction(0)] * (k + 1) for _ in range(k)]
    for row, target, w in zip(rows, y, weights, strict=True):
        for i in range(k):
            for j in range(k):
                system[i][j] += Fraction(w) * row[i] * row[j]
            system[i][k] += Fraction(w) * row[i] * target
    for i in range(k):
        pivot = next(r for r in range(i, k) if system[r][i])
        system[i], system[pivot] = system[pivot], system[i]
        system[i] = [v / system[i][i] for v in system[i]]
        for r in range(k):
            if r != i:
                factor = system[r][i]
                system[r] = [a - factor * b for a, b in zip(system[r], system[i], strict=True)]
    return [float(system[i][k]) for i in range(k)]


@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize("effects", ["", " | unit", " | unit + year"])
def test_rational_arithmetic_gives_the_same_to_the_last_digits(effects, weights):
    data = by_hand()
    columns = [data.x.tolist(), data.z.tolist()]
    columns += [[1] * 9] if not effects else []
    if "unit" in effects:
        columns += [[int(u == v) for u in data.unit] for v in "abc"]
    if "year" in effects:
        columns += [[int(t == s) for t in data.year] for s in (2, 3)]
    w = [1] * 9 if weights is None else data.w.tolist()
    expected = exactly(columns, data.y.tolist(), w)[:2]
    estimate = panel.ols(f"y ~ x + z{effects}", data, unit="unit", time="year", weights=weights)
    np.testing.assert_allclose(estimate.params[["x", "z"]], expected, rtol=1e-13)


def test_a_weight_of_two_is_the_row_twice():
    data = by_hand()
    twice = data.loc[data.index.repeat(data.w)]
    twice = twice.assign(year=range(len(twice)))  # rows must differ in their keys
    weighted = panel.ols("y ~ x + z | unit", data, unit="unit", time="year", weights="w")
    repeated = panel.ols("y ~ x + z | unit", twice, unit="unit", time="year")
    np.testing.assert_allclose(weighted.coef, repeated.coef, rtol=1e-13)
    # Analytic weights say how precise a row is, not how often it was seen: n is the rows.
    assert (weighted.nobs, repeated.nobs) == (9, 14)
    assert weighted.method == "WLS"


def test_frisch_waugh_and_lovell():
    data = by_hand()
    whole = panel.ols("y ~ x + z | unit", data, unit="unit", time="year")
    rest = [panel.ols(f"{v} ~ z | unit", data, unit="unit", time="year").resid for v in ("y", "x")]
    slope = float(rest[0] @ rest[1] / (rest[1] @ rest[1]))
    assert whole.params["x"] == pytest.approx(slope, rel=1e-13)


def test_absorbing_is_adding_dummies():
    data = by_hand()
    absorbed = panel.ols("y ~ x + z | unit + year", data, unit="unit", time="year")
    dummies = panel.ols("y ~ x + z + i(unit) + i(year)", data, unit="unit", time="year")
    np.testing.assert_allclose(absorbed.coef, dummies.params[["x", "z"]], rtol=1e-12)
    np.testing.assert_allclose(absorbed.bse, dummies.bse[["x", "z"]], rtol=1e-12)
    np.testing.assert_allclose(absorbed.resid, dummies.resid, atol=1e-13)
    assert absorbed.df_resid == dummies.df_resid == 9 - 2 - 5
    for name in ("rsquared", "rsquared_adj", "rmse", "sigma", "df_model"):
        assert absorbed.stats[name] == pytest.approx(dummies.stats[name], rel=1e-12)


def test_means_alone():
    data = by_hand()
    mean = panel.ols("y ~ 1", data, unit="unit", time="year")
    assert mean.params["(Intercept)"] == pytest.approx(4.0, rel=1e-15)
    assert mean.bse["(Intercept)"] == pytest.approx(data.y.std() / 3, rel=1e-14)
    assert mean.rsquared == pytest.approx(0, abs=1e-15)
    only_effects = panel.ols("y ~ 1 | unit", data, unit="unit", time="year")
    assert only_effects.names == ()
    assert only_effects.df_resid == 6


def test_a_perfect_fit():
    data = by_hand().assign(y=lambda d: 3 * d.x - 2 * d.z + 1)
    with pytest.warns(panel.PanelWarning, match="'y' is fitted without an error"):
        estimate = panel.ols("y ~ x + z", data, unit="unit", time="year")
    np.testing.assert_allclose(estimate.coef, [1, 3, -2], atol=1e-13)
    assert estimate.rsquared == 1.0
    assert (estimate.bse < 1e-13).all()


def test_without_a_constant_r_squared_is_about_zero():
    data = by_hand()
    estimate = panel.ols("y ~ 0 + x", data, unit="unit", time="year")
    slope = (data.x * data.y).sum() / (data.x**2).sum()
    assert estimate.params["x"] == pytest.approx(slope, rel=1e-14)
    residual = data.y - slope * data.x
    expected = 1 - (residual**2).sum() / (data.y**2).sum()
    assert estimate.rsquared == pytest.approx(expected, rel=1e-13)
    assert estimate.df_resid == 8


def test_the_three_ways_to_give_data_agree():
    data = by_hand()
    flat = panel.ols("y ~ x | unit", data, unit="unit", time="year")
    indexed = panel.ols("y ~ x | unit", data.set_index(["unit", "year"]))
    framed = panel.ols("y ~ x | unit", panel.PanelFrame.from_pandas(data, "unit", "year"))
    assert flat.coef.tolist() == indexed.coef.tolist() == framed.coef.tolist()


def test_a_specification_is_a_formula_too():
    data = by_hand()
    spec = panel.parse("y ~ x | unit; weights = w")
    estimate = panel.ols(spec, data, unit="unit", time="year")
    assert estimate.formula == "y ~ x | unit; weights = w"
    again = panel.ols(estimate.formula, data, unit="unit", time="year")
    np.testing.assert_array_equal(again.coef, estimate.coef)


def test_statistics():
    data = by_hand()
    stats = panel.ols("y ~ x + z | unit", data, unit="unit", time="year").stats
    assert (stats["nobs"], stats["df_resid"], stats["df_model"]) == (9, 4, 4)
    assert (stats["n_units"], stats["n_times"]) == (3, 3)
    assert stats["rmse"] == pytest.approx(np.sqrt(stats["rss"] / 9))
    assert stats["sigma"] == pytest.approx(np.sqrt(stats["rss"] / 4))
    assert stats["rsquared"] == pytest.approx(1 - stats["rss"] / stats["tss"])
    deviation = data.y - data.groupby("unit").y.transform("mean")
    within = 1 - stats["rss"] / (deviation**2).sum()
    assert stats["rsquared_within"] == pytest.approx(within, rel=1e-13)
