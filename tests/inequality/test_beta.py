"""Beta convergence: the regression, the speed by non-linear least squares, and simulated truth."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import curve_fit

import panel
from panel.inequality.beta import beta_convergence

SPEED = 0.05


@pytest.fixture(scope="module")
def growing() -> panel.PanelFrame:
    """300 regions, 11 years, closing 1 - exp(-0.05) of their gap each year; zones differ."""
    draw = np.random.default_rng(2)
    n, years = 300, 11
    zone, z = np.arange(n) % 3, draw.normal(size=n)
    steady = 1.0 * zone + 0.5 * z
    logs = np.empty((n, years))
    logs[:, 0] = steady + draw.normal(size=n) - 1
    for t in range(1, years):
        gap = logs[:, t - 1] - steady
        logs[:, t] = steady + np.exp(-SPEED) * gap + 0.02 + draw.normal(scale=0.02, size=n)
    table = pd.DataFrame({"u": np.repeat(np.arange(n), years), "t": [*range(2000, 2011)] * n})
    table["y"], table["z"] = np.exp(logs).ravel(), np.repeat(z, years)
    table["zone"] = np.repeat(np.array(["a", "b", "c"])[zone], years)
    return panel.PanelFrame.from_pandas(table, "u", "t")


def test_it_is_the_least_squares_of_its_formula(growing):
    formula = "D(log(y), 10) / 10 ~ L(log(y), 10) + L(z, 10) | zone"
    expected = panel.ols(formula, growing, sample="t == 2010", vcov="HC1")
    found = beta_convergence(growing, "y", controls=["z"], effects=["zone"], vcov="HC1")
    assert found.estimate.names == expected.names
    np.testing.assert_allclose(found.estimate.coef, expected.coef, rtol=1e-12)
    np.testing.assert_allclose(found.estimate.cov.matrix, expected.cov.matrix, rtol=1e-12)
    for name, value in found.estimate.stats.items():
        assert value == pytest.approx(expected.stats[name], rel=1e-10), name
    assert (found.estimate.nobs, found.periods) == (300, 10)


def test_speed_and_error_are_those_of_non_linear_least_squares(growing):
    found = beta_convergence(growing, "y")
    x, last = (np.log(growing["y"].xs(t, level="t").to_numpy()) for t in (2000, 2010))
    fitted, cov = curve_fit(
        lambda x, a, speed: a - (1 - np.exp(-speed * 10)) / 10 * x, x, (last - x) / 10,
        p0=(0.1, 0.01), xtol=1e-12, ftol=1e-12,
        jac=lambda x, _, speed: np.column_stack([np.ones_like(x), -np.exp(-speed * 10) * x]),
    )  # fmt: skip
    # The iteration stops at a relative change of 1e-12 of the sum of squares, 1e-6 of the numbers.
    assert found.speed.params["speed"] == pytest.approx(fitted[1], rel=1e-5)
    assert found.speed.bse["speed"] == pytest.approx(np.sqrt(cov[1, 1]), rel=1e-5)
    half = np.log(2) / fitted[1]
    assert found.half_life.params["half_life"] == pytest.approx(half, rel=1e-5)
    error = np.log(2) / fitted[1] ** 2 * np.sqrt(cov[1, 1])
    assert found.half_life.bse["half_life"] == pytest.approx(error, rel=1e-5)


def test_truth_is_found_only_given_the_steady_states(growing):
    conditional = beta_convergence(growing, "y", controls=["z"], effects=["zone"])
    low, high = conditional.speed.conf_int().loc["speed"]
    assert low < SPEED < high
    absolute = beta_convergence(growing, "y")
    assert absolute.speed.params["speed"] < 0.8 * SPEED  # rich regions have rich steady states


def test_panel_with_effects_takes_all_changes(growing):
    found = beta_convergence(growing, "y", periods=1, effects=["u", "t"], vcov=panel.cluster("u"))
    assert found.estimate.nobs == 300 * 10
    assert found.estimate.cov.clusters == {"u": 300}
    assert any("Nickell" in note for note in found.notes)
    five = beta_convergence(growing, "y", periods=5, sample="t == 2005 | t == 2010")
    assert five.estimate.nobs == 600


def test_years_without_figures_bound_the_span(growing):
    table = growing.data.reset_index()
    table.loc[table.t == 2010, "y"] = np.nan
    found = beta_convergence(panel.PanelFrame.from_pandas(table, "u", "t"), "y")
    assert found.periods == 9
    assert found.estimate.nobs == 300
    assert beta_convergence(growing, "y", sample="t < 2005").periods == 4


def test_covariance_may_be_changed_after(growing):
    found = beta_convergence(growing, "y")
    robust = found.with_vcov("HC3")
    assert robust.speed.coef == found.speed.coef
    assert robust.speed.bse["speed"] != found.speed.bse["speed"]
    direct = beta_convergence(growing, "y", vcov="HC3")
    pd.testing.assert_frame_equal(robust.df, direct.df)


def test_divergence_has_no_half_life(growing):
    moved = growing.assign(v=1 / growing["y"] ** (growing["t"] - 2005))
    data = moved.assign(v=np.exp(np.log(growing["y"]) * (growing["t"] - 1990)))
    found = beta_convergence(data, "v")
    assert found.estimate.params.iloc[1] > 0
    assert found.df.loc["speed", "estimate"] < 0
    assert np.isnan(found.df.loc["half_life", "estimate"])
    assert any("no half-life" in note for note in found.notes)
    with pytest.raises(panel.errors.EstimationError, match="Gaps do not close"):
        _ = found.half_life
    overshooting = beta_convergence(growing.assign(v=growing["y"] ** (2005 - growing["t"])), "v")
    assert np.isnan(overshooting.df.loc["speed", "estimate"])
    with pytest.raises(panel.errors.EstimationError, match="more than the whole gap"):
        _ = overshooting.speed


def test_goes_into_tables_and_is_shown(growing):
    found = beta_convergence(growing.describe("y", labels={"en": "Income", "zh": "收入"}), "y")
    shown = " ".join(str(panel.regtable([found.estimate])).split())  # headings may be folded
    assert "Dependent variable: D(log(Income), 10) / 10" in shown
    assert "Speed of convergence" in found._repr_html_()
    assert found.tidy().term.tolist() == ["L(log(y), 10)", "speed", "half_life"]
    assert "收敛速度" in found.labelled("zh").index
    assert pickle.loads(pickle.dumps(found)).speed.coef == found.speed.coef


def test_says_what_is_wrong(growing):
    for wrong in (0, -1, 1.5, True):
        with pytest.raises(panel.errors.CalendarError, match="whole number of periods"):
            beta_convergence(growing, "y", periods=wrong)
    with pytest.raises(panel.errors.CalendarError, match="no growth in one t"):
        beta_convergence(growing, "y", sample="t == 2003")
    with pytest.raises(panel.errors.DataError, match="are not positive"):
        beta_convergence(growing, "y - 100")
    with pytest.raises(panel.errors.EmptySampleError):
        beta_convergence(growing, "y", periods=30)
    with pytest.raises(panel.errors.UnknownVariableError):
        beta_convergence(growing, "y", controls=["nope"])
