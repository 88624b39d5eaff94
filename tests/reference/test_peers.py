"""The same models in pyfixest, linearmodels and statsmodels, on an unbalanced panel.

Which setting of ours gives which of theirs is written down in docs/equivalences.md; here it is
shown.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyfixest
import pytest
import statsmodels.formula.api as smf
from linearmodels.panel import PanelOLS

import panel

# pyfixest iterates effects out, here to 1e-14, and all three invert X'X: on this well-conditioned
# panel eight digits must agree.
RTOL = 1e-8
EXACT = pyfixest.MapDemeaner(fixef_tol=1e-14, fixef_maxiter=100_000)
# What pyfixest warns of (singletons, collinearity, covariances repaired) is what is tested here.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")

FORMULAS = [
    "y ~ x + z", "y ~ x + z | u", "y ~ x + z | t", "y ~ x + z | u + t", "y ~ x + z | u + t + kind",
    "y ~ x + z + i(kind, ref=0) | u", "y ~ x + x:z | zone^t", "y ~ x + copy + z | u + t",
    "y ~ x + still + z | u + t", "log(w) ~ x + poly(z, 2) | u",
]  # fmt: skip
COVARIANCES = {
    "iid": (panel.iid(), "iid"),
    "hetero": (panel.hetero(), "hetero"),
    "unit": (panel.cluster("u"), {"CRV1": "u"}),
    "zone": (panel.cluster("zone"), {"CRV1": "zone"}),
    "year": (panel.cluster("t"), {"CRV1": "t"}),
    "two ways": (panel.cluster("u", "t"), {"CRV1": "u+t"}),
}


@pytest.fixture(scope="module")
def data(table) -> pd.DataFrame:
    """The panel with a copy of a column and a column that the units explain."""
    return table.assign(copy=2 * table.x, still=3.0 * table.u)


def ordered(theirs: pd.Series, names: tuple[str, ...]) -> np.ndarray:
    """Values of a peer in our order."""
    return (
        theirs.rename({"Intercept": "(Intercept)", "I(z ** 2)": "z^2", "I(z**2)": "z^2"})
        .reindex(names)
        .to_numpy()
    )


@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize("formula", FORMULAS)
def test_pyfixest(formula, weights, data):
    ours = panel.ols(formula, data, unit="u", time="t", weights=weights)
    spelled = formula.replace("poly(z, 2)", "z + I(z**2)")
    theirs = pyfixest.feols(spelled, data, weights=weights, demeaner=EXACT)
    assert len(theirs.coef()) == len(ours.names)  # the same columns are dropped
    np.testing.assert_allclose(ours.coef, ordered(theirs.coef(), ours.names), rtol=RTOL)
    assert ours.nobs == theirs._N  # the same singletons are dropped
    assert ours.rsquared == pytest.approx(theirs._r2, rel=RTOL)
    assert ours.rsquared_adj == pytest.approx(theirs._adj_r2, rel=RTOL)
    if "|" in formula:
        assert ours.rsquared_within == pytest.approx(theirs._r2_within, rel=RTOL)
        adjusted = ours.stats["rsquared_adj_within"]
        assert adjusted == pytest.approx(theirs._adj_r2_within, rel=RTOL)
    assert ours.stats["rmse"] == pytest.approx(theirs._rmse, rel=RTOL)
    for vcov, spelling in COVARIANCES.values():
        estimate, theirs = ours.with_vcov(vcov), theirs.vcov(spelling)
        np.testing.assert_allclose(estimate.bse, ordered(theirs.se(), ours.names), rtol=RTOL)
        np.testing.assert_allclose(
            estimate.pvalues, ordered(theirs.pvalue(), ours.names), rtol=RTOL, atol=1e-12
        )


@pytest.mark.parametrize("lags", [0, 1, 3])
@pytest.mark.parametrize("formula", ["y ~ x + z", "y ~ x + z | u", "y ~ x + z | u + t"])
def test_pyfixest_driscoll_kraay(formula, lags, data):
    ours = panel.ols(formula, data, unit="u", time="t", vcov=panel.driscoll_kraay(lags))
    theirs = pyfixest.feols(
        formula, data, vcov="DK", demeaner=EXACT,
        vcov_kwargs={"lag": lags, "time_id": "t", "panel_id": "u"},
    )  # fmt: skip
    np.testing.assert_allclose(ours.bse, ordered(theirs.se(), ours.names), rtol=RTOL)
    np.testing.assert_allclose(
        ours.pvalues, ordered(theirs.pvalue(), ours.names), rtol=1e-7, atol=1e-12
    )


@pytest.mark.parametrize("cluster", ["u", "zone", "t"])
@pytest.mark.parametrize("counted", ["none", "full", "nonnested"])
def test_pyfixest_small_sample_settings(counted, cluster, data):
    vcov = panel.cluster(cluster, small=panel.SmallSample(counted=counted))
    for formula in ("y ~ x + z | u", "y ~ x + z | u + t", "y ~ x + z | u + t + kind"):
        ours = panel.ols(formula, data, unit="u", time="t", vcov=vcov)
        theirs = pyfixest.feols(
            formula, data, vcov={"CRV1": cluster}, demeaner=EXACT,
            ssc=pyfixest.ssc(k_adj=True, k_fixef=counted, G_adj=True, G_df="min"),
        )  # fmt: skip
        np.testing.assert_allclose(ours.bse, ordered(theirs.se(), ours.names), rtol=RTOL)


@pytest.mark.parametrize("formula", ["y ~ x + z | u + zone", "y ~ x + z | zone^t + u"])
def test_redundant_effects_are_counted_exactly(formula, data):
    # Units lie in zones, so each of 7 zones is a component of its own. pyfixest takes one effect
    # for redundant however many are; the dummies have 6 fewer dimensions than it counts.
    ours = panel.ols(formula, data, unit="u", time="t")
    theirs = pyfixest.feols(formula, data, demeaner=EXACT)
    np.testing.assert_allclose(ours.coef, ordered(theirs.coef(), ours.names), rtol=RTOL)
    used = ours.design.frame.data.reset_index().iloc[ours.design.rows]
    groups = [part.split("^") for part in formula.split(" | ")[1].split(" + ")]
    dummies = [pd.get_dummies(used[g].astype(str).agg("-".join, axis=1)) for g in groups]
    rank = np.linalg.matrix_rank(np.hstack([d.to_numpy(dtype=float) for d in dummies]))
    assert ours.df_resid == ours.nobs - 2 - rank
    scale = (ours.df_resid - 6) / ours.df_resid
    expected = ordered(theirs.se(), ours.names) * np.sqrt(scale)
    np.testing.assert_allclose(ours.bse, expected, rtol=RTOL)


EFFECTS = {"": (False, False), " | u": (True, False), " | u + t": (True, True)}


@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize("effects", EFFECTS)
def test_linearmodels(effects, weights, table, assert_cov):
    # linearmodels keeps singletons, so the panel has none here.
    data = table[table.u < 100]
    ours = panel.ols(f"y ~ x + z{effects}", data, unit="u", time="t", weights=weights)
    index = data.set_index(["u", "t"])
    by_unit, by_year = EFFECTS[effects]
    names = ["x", "z"] if effects else ["one", "x", "z"]
    model = PanelOLS(
        index.y, index.assign(one=1.0)[names], entity_effects=by_unit, time_effects=by_year,
        weights=None if weights is None else index.w,
    )  # fmt: skip
    full = panel.SmallSample(counted="full")
    each = panel.SmallSample(counted="full", groups="each")
    every = {"debiased": True, "group_debias": True, "auto_df": False, "count_effects": True}
    for vcov, settings in (
        (panel.iid(), {"cov_type": "unadjusted", "debiased": True}),
        (panel.hetero(), {"cov_type": "robust", "debiased": True}),
        (panel.cluster("u", small=full), {"cluster_entity": True} | every),
        (panel.cluster("t", small=full), {"cluster_time": True} | every),
        (
            panel.cluster("u", "t", small=each),
            {"cluster_entity": True, "cluster_time": True} | every,
        ),
    ):
        theirs = model.fit(**({"cov_type": "clustered"} | settings))
        np.testing.assert_allclose(ours.coef, theirs.params[names], rtol=RTOL)
        assert_cov(ours.with_vcov(vcov).cov.matrix, theirs.cov.loc[names, names].to_numpy())
        assert ours.df_resid == theirs.df_resid
        # linearmodels' rsquared is ours within, and its inclusive one ours.
        assert ours.rsquared_within == pytest.approx(theirs.rsquared, rel=RTOL)
        assert ours.rsquared == pytest.approx(theirs.rsquared_inclusive, rel=RTOL)
    # Driscoll and Kraay: no factor T/(T-1), and n instead of n - 1 above n - p.
    kernel = model.fit(cov_type="kernel", bandwidth=2, debiased=True)
    plain = ours.with_vcov(panel.driscoll_kraay(2, small="none")).cov.matrix
    assert_cov(plain * ours.nobs / ours.df_resid, kernel.cov.loc[names, names].to_numpy())


@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize(
    ("formula", "dummies"),
    [
        ("y ~ x + z", "y ~ x + z"),
        ("y ~ 0 + x + z", "y ~ 0 + x + z"),
        ("y ~ x + z | u + t", "y ~ x + z + C(u) + C(t)"),
        ("y ~ x*z + log(w) | u", "y ~ x*z + np.log(w) + C(u)"),
        ("y ~ x + z | u + t + kind", "y ~ x + z + C(u) + C(t) + C(kind)"),
    ],
)
def test_statsmodels_with_dummies(formula, dummies, weights, table, assert_cov):
    data = table[table.u < 100]
    ours = panel.ols(formula, data, unit="u", time="t", weights=weights)
    weight = np.ones(len(data)) if weights is None else data.w
    model = smf.wls(dummies, data, weights=weight)
    theirs = model.fit()
    names = [{"(Intercept)": "Intercept", "log(w)": "np.log(w)"}.get(n, n) for n in ours.names]

    def part(result):
        return result.cov_params().loc[names, names].to_numpy()

    np.testing.assert_allclose(ours.coef, theirs.params[names], rtol=RTOL)
    assert_cov(ours.cov.matrix, part(theirs))
    robust = model.fit(cov_type="HC1")
    assert_cov(ours.with_vcov("HC1").cov.matrix, part(robust))
    clustered = model.fit(cov_type="cluster", cov_kwds={"groups": data.u})
    assert_cov(ours.with_vcov(panel.cluster("u", small="areg")).cov.matrix, part(clustered))
    assert ours.rsquared == pytest.approx(theirs.rsquared, rel=RTOL)
    assert ours.rsquared_adj == pytest.approx(theirs.rsquared_adj, rel=RTOL)
    if "|" not in formula and "0" not in formula:
        assert ours.fvalue == pytest.approx(theirs.fvalue, rel=RTOL)
        assert ours.f_pvalue == pytest.approx(theirs.f_pvalue, rel=1e-6)
    table_of_limits = theirs.conf_int(0.1).loc[names].to_numpy()
    np.testing.assert_allclose(ours.conf_int(0.1).to_numpy(), table_of_limits, rtol=1e-7)
    np.testing.assert_allclose(ours.resid, theirs.resid.to_numpy(), rtol=1e-7, atol=1e-9)


def test_crv3_is_pyfixests_with_one_effect():
    """With two effects pyfixest's jackknife counts parameters otherwise: see equivalences."""
    table = pyfixest.get_data(N=300, seed=8).dropna()
    table = table.assign(unit=table["group_id"].astype(int), row=range(len(table)))
    peer = pyfixest.feols("Y ~ X1 + X2 | f1", table, vcov={"CRV3": "unit"})
    ours = panel.ols("Y ~ X1 + X2 | f1", table, vcov={"CRV3": "unit"}, unit="unit", time="row")
    np.testing.assert_allclose(ours.bse, peer.se(), rtol=1e-8)
