"""Instrumental variables on small panels against R plm and AER, linearmodels and pyfixest."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import panel
from panel.estimators.first_stage import first_stage
from panel.estimators.iv import iv

# Both sides are double precision from other factorisations; the police equation with two-way
# effects has weak instruments, whose coefficients lose three digits more than its regressors.
RTOL = 1e-8

CRIME = "lcrmrte ~ lprbconv | {} | lprbarr + lpolpc ~ ltaxpc + lmix + lpctymle"
EMPLUK = "log(emp) ~ log(capital) | {} | log(wage) ~ L(log(wage), 2) + L(log(emp), 2)"
TERMS = {"lwage": "log(wage)", "lcap": "log(capital)"}


@pytest.fixture(scope="module")
def of_r() -> dict:
    """Output of tests/reference/iv_plm.R."""
    return json.loads((Path(__file__).parents[1] / "reference" / "iv_plm.json").read_text())


@pytest.fixture
def crime(plm_frame) -> panel.PanelFrame:
    return plm_frame("Crime").rows(lambda t: t["county"] < 40)


@pytest.fixture
def empluk(plm_frame) -> panel.PanelFrame:
    return plm_frame("EmplUK").rows(lambda t: t["firm"] % 2 == 0)


@pytest.mark.parametrize(
    ("case", "formula"),
    [
        ("crime_county", CRIME.format("county")),
        ("crime_twoways", CRIME.format("county + year")),
        ("crime_dummies", CRIME.format("county + year")),
        ("crime_pooling", CRIME.format("0")),
        ("empluk_firm", EMPLUK.format("firm")),
        ("empluk_dummies", EMPLUK.format("firm + year")),
    ],
)
def test_agrees_with_plm_and_aer(case, formula, of_r, crime, empluk, assert_matrix):
    expected, frame = of_r[case], empluk if case.startswith("empluk") else crime
    estimate = iv(formula, frame)
    terms = [TERMS.get(n, n) for n in expected["names"]]
    at = [estimate.names.index(n) for n in terms]
    np.testing.assert_allclose(estimate.coef[at], expected["coef"], rtol=RTOL)
    assert estimate.df_resid == expected["df"]
    unit = frame.unit
    others = {"vcov": "iid", "hc0": "HC0", "cluster": panel.cluster(unit, kind="CR0")}
    for name in others.keys() & expected.keys():
        matrix = estimate.with_vcov(others[name]).cov.matrix[np.ix_(at, at)]
        assert_matrix(matrix, expected[name], 1e-7)


def test_changes_agree_with_plm(of_r, crime, assert_matrix):
    expected = of_r["crime_differences"]
    estimate = iv(
        "D(lcrmrte) ~ D(lprbconv) | 0 | D(lprbarr) + D(lpolpc) ~ D(ltaxpc) + D(lmix) + D(lpctymle)",
        crime,
    )
    at = [estimate.names.index(f"D({n}, 1)") for n in expected["names"]]
    np.testing.assert_allclose(estimate.coef[at], expected["coef"], rtol=RTOL)
    assert_matrix(estimate.cov.matrix[np.ix_(at, at)], expected["vcov"], RTOL)


@pytest.mark.parametrize("weights", [None, "output"])
def test_agrees_with_linearmodels_with_dummies(weights, empluk):
    module = pytest.importorskip("linearmodels.iv")
    estimate = iv(EMPLUK.format("firm + year"), empluk, weights=weights)
    design = estimate.design
    table = pd.DataFrame(design.X, columns=list(design.names))
    z = pd.DataFrame(design.Z, columns=list(design.instruments))
    effects = [pd.get_dummies(c, dtype=float) for c in design.absorber.codes]
    dummies = pd.concat([effects[0], effects[1].iloc[:, 1:].add_prefix("t")], axis=1)
    dummies.columns = [f"e{j}" for j in range(dummies.shape[1])]
    exogenous = pd.concat([table[["log(capital)"]], dummies], axis=1)
    peer = module.IV2SLS(
        pd.Series(design.y, name="y"), exogenous, table[["log(wage)"]], z,
        weights=None if weights is None else pd.Series(design.w),
    )  # fmt: skip
    terms = list(estimate.names)
    robust = peer.fit(cov_type="robust")
    np.testing.assert_allclose(estimate.coef, robust.params[terms], rtol=RTOL)
    np.testing.assert_allclose(estimate.with_vcov("HC0").bse, robust.std_errors[terms], rtol=1e-7)
    firms = pd.Series(design.absorber.codes[0])
    clustered = peer.fit(cov_type="clustered", clusters=firms)
    errors = estimate.with_vcov(panel.cluster("firm", kind="CR0")).bse
    np.testing.assert_allclose(errors, clustered.std_errors[terms], rtol=1e-7)
    assert panel.overidentification(estimate).p_value == pytest.approx(
        peer.fit(cov_type="unadjusted").sargan.pval, rel=1e-6
    )


def test_first_stages_agree_with_absorbing_least_squares(empluk):
    module = pytest.importorskip("linearmodels.iv.absorbing")
    estimate = iv(EMPLUK.format("firm + year"), empluk, vcov=panel.cluster("firm", kind="CR0"))
    found = first_stage(estimate)
    design = estimate.design
    x = pd.DataFrame(
        np.column_stack([design.X[:, 1], design.Z]), columns=["log(capital)", *design.instruments]
    )
    effects = pd.DataFrame(
        {n: pd.Categorical(c) for n, c in zip("ft", design.absorber.codes, strict=True)}
    )
    for ours, outcome in ((found.estimates[0], design.X[:, 0]), (found.reduced_form, design.y)):
        peer = module.AbsorbingLS(pd.Series(outcome, name="y"), x, absorb=effects).fit(
            cov_type="clustered", clusters=pd.Series(design.absorber.codes[0])
        )
        np.testing.assert_allclose(ours.coef, peer.params[list(ours.names)], rtol=1e-7)
        np.testing.assert_allclose(ours.bse, peer.std_errors[list(ours.names)], rtol=1e-7)


@pytest.mark.parametrize("weights", [None, "output"])
@pytest.mark.parametrize(
    ("vcov", "theirs"), [("iid", "iid"), ("HC1", "hetero"), ({"CRV1": "firm"}, {"CRV1": "firm"})]
)
def test_agrees_with_pyfixest_on_unbalanced_panels(vcov, theirs, weights, empluk):
    peer = pytest.importorskip("pyfixest")
    estimate = iv(EMPLUK.format("firm + year"), empluk, vcov=vcov, weights=weights)
    data = empluk.data.reset_index().iloc[estimate.design.rows]
    columns = {
        "n": estimate.design.y, "k": estimate.design.X[:, 1], "w": estimate.design.X[:, 0],
        "w2": estimate.design.Z[:, 0], "n2": estimate.design.Z[:, 1],
    }  # fmt: skip
    found = peer.feols(
        "n ~ k | firm + year | w ~ w2 + n2", data.assign(**columns), vcov=theirs, weights=weights
    )
    # pyfixest takes the effects out by iterations that stop at 1e-8.
    np.testing.assert_allclose(estimate.coef, found.coef()[["w", "k"]], rtol=1e-5)
    np.testing.assert_allclose(estimate.bse, found.se()[["w", "k"]], rtol=1e-5)


def test_many_models_are_those_of_pyfixest(crime):
    peer = pytest.importorskip("pyfixest")
    models = panel.many(
        "lcrmrte ~ csw(lprbconv, lprbpris) | sw(county, county + year) | lpolpc ~ sw(ltaxpc, lmix)",
        crime,
    )
    assert len(models) == 8
    for model in models:
        found = peer.feols(model.formula, crime.data.reset_index())
        np.testing.assert_allclose(model.coef, found.coef()[list(model.names)], rtol=1e-5)
