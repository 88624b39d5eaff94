"""Tests for serial correlation against Stata's prints, R, matrices written out, and simulations."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import panel
from panel.diagnostics.serial import (
    baltagi_li,
    bera_sosa_yoon,
    born_breitung,
    born_breitung_hr,
    wooldridge_serial,
)
from panel.errors import EstimationError

CASES = ("grunfeld", "grunfeld199", "produc", "empluk")


@pytest.mark.parametrize("case", CASES)
def test_wooldridge_is_least_squares_in_changes(case, frame, formula, stored):
    data, expected = frame(case), stored[case]["wooldridge"]
    within = f"{formula[case]} | {data.unit}"
    for m in (panel.pooled(formula[case], data), panel.ols(within, data, singletons="keep")):
        result = wooldridge_serial(m)
        # QR of a few hundred changes on both sides.
        assert result.statistic == pytest.approx(expected["stat"], rel=1e-9)
        assert result.df == (1, expected["df"])
        assert result.details["slope"].iloc[0] == pytest.approx(expected["slope"], rel=1e-9)


def test_drukker_prints_the_same(frame):
    # Drukker (2003), Stata Journal 3, p. 172: F(1, 1472) = 88.485 on women's wages.
    data = frame("nlswork").rows(lambda t: t.year.to_numpy() > 0)
    squares = {"age2": data["age"] ** 2, "tenure2": data["tenure"] ** 2}
    m = panel.pooled(
        "ln_wage ~ age + age2 + ttl_exp + tenure + tenure2 + south", data.assign(**squares)
    )
    result = wooldridge_serial(m)
    assert f"{result.statistic:.3f}" == "88.485"
    assert result.df == (1, 1472)


def test_effects_of_years_are_dummies_in_changes(unbalanced):
    absorbed = wooldridge_serial(panel.ols("y ~ x + z | u + t", unbalanced))
    written = wooldridge_serial(panel.ols("y ~ x + z + i(t) | u", unbalanced))
    assert absorbed.statistic == pytest.approx(written.statistic, rel=1e-9)


def test_what_never_changes_drops_out(unbalanced):
    with_zone = wooldridge_serial(panel.pooled("y ~ x + zone", unbalanced))
    without = wooldridge_serial(panel.pooled("y ~ x", unbalanced))
    assert with_zone.statistic == pytest.approx(without.statistic, rel=1e-9)


@pytest.mark.parametrize("case", CASES)
def test_baltagi_li_and_bera_sosa_yoon_are_those_of_plm(case, frame, formula, stored):
    m, expected = panel.pooled(formula[case], frame(case)), stored[case]["bsy"]
    effects = bera_sosa_yoon(m, "effects")
    for ours, theirs in (
        (baltagi_li(m), "j"), (bera_sosa_yoon(m), "ar"), (effects, "re")
    ):  # fmt: skip
        assert ours.statistic == pytest.approx(expected[theirs]["stat"], rel=1e-9)
        # R's tails beyond 1e-300 are zero.
        assert ours.p_value == pytest.approx(expected[theirs]["p"], rel=1e-6, abs=1e-300)
    assert effects.statistic**2 == pytest.approx(expected["re_two_sided"]["stat"], rel=1e-9)


def test_baltagi_prints_the_same(frame):
    # Baltagi (2005), Econometric Analysis of Panel Data, 3rd ed., p. 108.
    m = panel.pooled("inv ~ value + capital", frame("grunfeld"))
    assert f"{baltagi_li(m).statistic:.3f}" == "808.471"
    assert f"{bera_sosa_yoon(m).statistic:.3f}" == "10.310"
    assert f"{bera_sosa_yoon(m, 'effects').statistic ** 2:.3f}" == "664.948"


def _q(errors: list[np.ndarray], p: int) -> float:
    """Q(p) with Born and Breitung's matrices, a region at a time; no gaps."""
    rows = []
    for e in errors:
        t, centred = len(e), e - e.mean()
        z = np.zeros((t, p))
        for k in range(1, p + 1):
            lag = np.concatenate([np.zeros(k), centred[:-k]])[:t]
            z[:, k - 1] = lag + (t - k) / (t**2 - t) * e
        rows.append(z.T @ centred)
    rows = np.array(rows)
    total = rows.sum(axis=0)
    inner = rows.T @ rows - np.outer(total, total) / len(rows)
    return float(total @ np.linalg.inv(inner) @ total)


def _hr(errors: list[np.ndarray]) -> float:
    """HR with a loop over years."""
    z = []
    for e in errors:
        terms = [(e[t - 1] - e[:t].mean()) * (e[t] - e[t:].mean()) for t in range(2, len(e) - 1)]
        z.append(sum(terms))
    z = np.array(z)
    return float(z.sum() / np.sqrt(z @ z - z.sum() ** 2 / len(z)))


@pytest.mark.parametrize("case", ["grunfeld", "grunfeld199", "empluk"])
def test_born_breitung_is_its_definition(case, frame, formula):
    data = frame(case)
    m = panel.ols(f"{formula[case]} | {data.unit}", data)
    errors = [e.to_numpy() for _, e in m.resid.groupby(level=0)]
    for p in (1, 2, 3):
        result = born_breitung(m, p)
        assert result.statistic == pytest.approx(_q(errors, p), rel=1e-9)
        assert result.p_value == pytest.approx(stats.chi2.sf(result.statistic, p), rel=1e-12)
    assert born_breitung_hr(m).statistic == pytest.approx(_hr(errors), rel=1e-9)
    # The one lag of Q(1) is z of the details.
    q1 = born_breitung(m, 1)
    assert q1.details["z"].iloc[0] ** 2 == pytest.approx(q1.statistic, rel=1e-12)


def _simulated(draw: np.random.Generator, rho: float, drop: float) -> panel.Estimate:
    n, t = 40, 7
    u = draw.normal(size=(n, t)) * np.linspace(1, 3, n)[:, None]  # the variance is a region's own
    for s in range(1, t):
        u[:, s] = rho * u[:, s - 1] + u[:, s]
    table = pd.DataFrame(
        {"i": np.repeat(range(n), t), "t": np.tile(range(t), n), "x": draw.normal(size=n * t)}
    )
    table["y"] = table.x + np.repeat(draw.normal(size=n), t) + u.ravel()
    table = table[draw.uniform(size=n * t) >= drop]
    return panel.ols("y ~ x | i", table, unit="i", time="t")


def test_size_and_power():
    draw = np.random.default_rng(1)
    for drop in (0.0, 0.2):  # with a fifth of the rows missing, gaps are everywhere
        rejected = {}
        for rho, draws in ((0.0, 60), (0.5, 20)):
            models = [_simulated(draw, rho, drop) for _ in range(draws)]
            rejected[rho] = [
                sum(verb(m).rejects() for m in models)
                for verb in (wooldridge_serial, partial(born_breitung, lags=1), born_breitung_hr)
            ]
        # 5% of 60 is 3 with a standard deviation of 1.7.
        assert max(rejected[0.0]) <= 9, rejected
        assert min(rejected[0.5][:2]) >= 12, rejected  # the robust test has less power


def test_hr_survives_variances_that_change_over_the_years():
    draw = np.random.default_rng(4)
    n, t, rejected = 60, 6, 0
    for _ in range(100):
        u = draw.normal(size=(n, t)) * np.array([4.0, 0.2, 1.0, 0.2, 3.0, 1.0])
        table = pd.DataFrame({"i": np.repeat(range(n), t), "t": np.tile(range(t), n)})
        table["y"] = u.ravel()
        rejected += born_breitung_hr(panel.ols("y ~ 1 | i", table, unit="i", time="t")).rejects()
    assert rejected <= 12  # 5 expected, standard deviation 2.2


def test_what_cannot_be_tested_is_refused(unbalanced):
    pooled, within = panel.pooled("y ~ x", unbalanced), panel.ols("y ~ x | u", unbalanced)
    with pytest.raises(EstimationError, match="fixed effects of zone"):
        wooldridge_serial(panel.ols("y ~ x | u + zone^t", unbalanced))
    with pytest.raises(EstimationError, match="on changes"):
        wooldridge_serial(panel.first_difference("y ~ x", unbalanced))
    with pytest.raises(EstimationError, match="not least squares"):
        wooldridge_serial(replace(pooled, coef=pooled.coef + 0.1))
    with pytest.raises(EstimationError, match="without fixed effects of u"):
        born_breitung(pooled)
    with pytest.raises(EstimationError, match="whole number"):
        born_breitung(within, 0)
    with pytest.raises(EstimationError, match="12 years apart"):
        born_breitung(within, 12)
    with pytest.raises(EstimationError, match="with fixed effects"):
        baltagi_li(within)
    with pytest.raises(EstimationError, match="not against"):
        bera_sosa_yoon(pooled, "both")
    short = unbalanced.rows(lambda t: t.t.isin([2001, 2003]).to_numpy())
    for verb in (wooldridge_serial, baltagi_li):
        with pytest.raises(EstimationError, match="years in a row"):
            verb(panel.pooled("y ~ x", short))
    with pytest.raises(EstimationError, match="four years in a row"):
        born_breitung_hr(panel.ols("y ~ x | u", short))
