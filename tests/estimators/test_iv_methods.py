"""Instrumental variables: what holds without a peer, and mistakes."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.instruments import moment_covariance, parts
from panel.estimators.iv import iv
from panel.estimators.iv_methods import cue, fuller, gmm, liml, tsls
from panel.estimators.ols import ols

METHODS = {"tsls": tsls(), "liml": liml(), "fuller": fuller(2), "gmm": gmm("hetero"), "cue": cue()}


def simulated(n: int = 20, t: int = 9, seed: int = 3) -> pd.DataFrame:
    """An unbalanced panel with two endogenous regressors."""
    draw = np.random.default_rng(seed)
    table = pd.DataFrame(
        [(f"r{i}", 2000 + s) for i in range(n) for s in range(t)], columns=["region", "year"]
    )
    size = len(table)
    for name in ("z1", "z2", "z3", "x", "u", "v1", "v2"):
        table[name] = draw.normal(size=size)
    effect = np.repeat(draw.normal(size=n), t)
    table["d1"] = table.z1 + 0.5 * table.z2 + table.v1 + 0.6 * table.u + effect
    table["d2"] = table.z2 - table.z3 + table.v2 - 0.5 * table.u
    table["y"] = table.d1 - 0.5 * table.d2 + table.x + effect + table.u
    table["fixed"] = effect
    table["w"] = draw.uniform(0.5, 2, size)
    table["zone"] = np.where(np.repeat(np.arange(n), t) < 10, "East", "West")
    return table.sample(frac=0.9, random_state=1)


FORMULA = "y ~ x | region + year | d1 + d2 ~ z1 + z2 + z3"


@pytest.fixture
def frame() -> panel.PanelFrame:
    return panel.PanelFrame.from_pandas(simulated(), "region", "year")


@pytest.mark.parametrize("name", ["tsls", "liml", "fuller"])
def test_absorbed_effects_are_those_of_dummies(name, frame):
    absorbed = iv(FORMULA, frame, method=METHODS[name], vcov="HC1")
    dummies = FORMULA.replace(
        "x | region + year", 'x + i(region, ref="r0") + i(year, ref="2000")|0'
    )
    written = iv(dummies, frame, method=METHODS[name], vcov="HC1")
    terms = list(absorbed.names)
    assert terms == ["d1", "d2", "x"]
    np.testing.assert_allclose(absorbed.coef, written.params[terms], rtol=1e-7)
    np.testing.assert_allclose(absorbed.bse, written.bse[terms], rtol=1e-7)
    assert absorbed.df_resid == written.df_resid
    assert absorbed.rsquared == pytest.approx(written.rsquared, rel=1e-9)


def test_two_steps_weigh_absorbed_effects_as_dummies_do(frame):
    # With dummies among the moments the residuals, and so the sandwich, are others.
    dummies = FORMULA.replace(
        "x | region + year", 'x + i(region, ref="r0") + i(year, ref="2000")|0'
    )
    absorbed = iv(FORMULA, frame, method=gmm("hetero"))
    written = iv(dummies, frame, method=gmm("hetero"))
    np.testing.assert_allclose(absorbed.coef, written.params[list(absorbed.names)], rtol=1e-7)
    assert absorbed.stats["J"] == pytest.approx(written.stats["J"], rel=1e-7)


def test_instruments_that_are_the_regressors_give_least_squares(frame):
    scaled = frame.assign(copy=3 * frame["d1"] + 2, other=frame["d2"] - frame["x"])
    least = ols("y ~ d1 + d2 + x | region + year", frame, vcov="HC1")
    for method in METHODS.values():
        estimate = iv("y ~ x | region + year | d1 + d2 ~ copy + other", scaled, method=method)
        np.testing.assert_allclose(estimate.coef, least.coef, rtol=1e-8)
        np.testing.assert_allclose(estimate.with_vcov("HC1").bse, least.bse, rtol=1e-8)
    assert estimate.method == "CUE"


def test_methods_agree_when_exactly_identified(frame):
    formula = "y ~ x | region + year | d1 + d2 ~ z1 + z2"
    first = iv(formula, frame, vcov="HC0")
    for method in (liml(), gmm("hetero"), gmm(iterated=True), cue("hetero")):
        estimate = iv(formula, frame, method=method, vcov="HC0")
        np.testing.assert_allclose(estimate.coef, first.coef, rtol=1e-8)
        np.testing.assert_allclose(estimate.bse, first.bse, rtol=1e-8)
        assert estimate.stats.get("J", 0.0) == 0.0


def test_gmm_under_constant_variance_is_two_stage_least_squares(frame):
    first = iv(FORMULA, frame)
    estimate = iv(FORMULA, frame, method=gmm())
    np.testing.assert_allclose(estimate.coef, first.coef, rtol=1e-10)
    np.testing.assert_allclose(estimate.cov.matrix, first.cov.matrix, rtol=1e-8)


@pytest.mark.parametrize("name", [*METHODS, "iterated"])
def test_units_of_regressors_and_instruments_do_not_matter(name, frame):
    method = METHODS.get(name, gmm("hetero", iterated=True))
    first = iv(FORMULA, frame, method=method, vcov="HC1")
    turned = frame.assign(d1=frame["d1"] * 1e6, x=frame["x"] / 1e6, z2=frame["z2"] * 1e5)
    second = iv(FORMULA, turned, method=method, vcov="HC1")
    np.testing.assert_allclose(second.coef * [1e6, 1, 1e-6], first.coef, rtol=1e-7)
    np.testing.assert_allclose(second.tvalues, first.tvalues, rtol=1e-7)


def test_cue_minimises_its_criterion(frame):
    weights = panel.cluster("region")
    best = iv(FORMULA, frame, method=cue(weights)).stats["J"]
    for method in (gmm(weights, iterated=True), gmm(weights)):
        other = iv(FORMULA, frame, method=method)
        # J of the two-step coefficients by weights at those same coefficients.
        again = j_at_its_own_weights(other, weights)
        assert best <= again + 1e-9


def j_at_its_own_weights(estimate: panel.Estimate, vcov) -> float:
    """Hansen's J with the covariance of the moments at the estimate itself."""
    columns = parts(estimate.design)
    residual = columns.y - columns.x @ estimate.coef
    s = moment_covariance(estimate.design, vcov, columns.q, residual[:, None]).matrix
    g = columns.q.T @ residual
    return float(g @ np.linalg.solve(s, g))


def test_weights_of_moments_follow_the_model_unless_given(frame):
    vcov = panel.cluster("region")
    followed = iv(FORMULA, frame, method=gmm(), vcov=vcov)
    given = iv(FORMULA, frame, method=gmm(vcov), vcov="iid")
    np.testing.assert_allclose(followed.coef, given.coef, rtol=1e-12)
    # Corrections for small samples would scale all moments alike.
    bare = iv(FORMULA, frame, method=gmm(panel.cluster("region", small="none")))
    np.testing.assert_allclose(bare.coef, given.coef, rtol=1e-12)
    assert bare.stats["J"] == pytest.approx(given.stats["J"], rel=1e-12)


@pytest.mark.parametrize("name", ["tsls", "gmm"])
def test_influences_sum_to_zero_and_carry_every_covariance(name, frame):
    estimate = iv(FORMULA, frame, method=METHODS[name])
    total = np.abs(estimate.influence.sum(axis=0))
    assert (total <= 1e-10 * np.abs(estimate.influence).sum(axis=0)).all()
    for vcov in (
        panel.cluster("region"),
        panel.cluster("region", "year"),
        panel.driscoll_kraay(2),
        panel.hetero(),
    ):
        assert (estimate.with_vcov(vcov).bse > 0).all()
    with pytest.raises(panel.errors.VcovError, match="defined for least squares"):
        _ = estimate.with_vcov(panel.hetero("HC3")).bse


def test_the_estimate_predicts_pickles_and_keeps_the_cluster_of_its_weights(frame):
    zones = frame.assign(zone=frame["zone"].where(frame["x"] > -2))
    estimate = iv(FORMULA, zones, method=gmm(panel.cluster("zone^year")))
    assert estimate.nobs == zones["zone"].notna().sum()
    assert any("zone^year is missing" in note for note in estimate.notes)
    predicted = estimate.predict(frame)[estimate.fittedvalues.index]
    np.testing.assert_allclose(predicted, estimate.fittedvalues, rtol=1e-9)
    again = pickle.loads(pickle.dumps(estimate))
    np.testing.assert_array_equal(again.coef, estimate.coef)
    np.testing.assert_allclose(again.predict(frame), estimate.predict(frame), rtol=1e-12)
    assert {"z1", "z2", "z3"} <= set(again.design.variables)


def test_instruments_that_add_nothing_are_left_out_with_a_reason(frame):
    more = frame.assign(sum=frame["z1"] + frame["z2"] - 2 * frame["x"], none=0.0)
    formula = "y ~ x | region + year | d1 ~ z1 + fixed + z2 + sum + none + x"
    estimate = iv(formula, more)
    assert estimate.design.instruments == ("z1", "z2")
    expected = {
        "fixed left out: instrument absorbed by the fixed effects.",
        "sum left out: instrument collinear with the regressors and instruments before it.",
        "none left out: instrument constant zero.",
        "x left out: instrument collinear with the regressors and instruments before it.",
    }
    assert expected <= set(estimate.notes)
    plain = iv("y ~ x | region + year | d1 ~ z1 + z2", frame)
    np.testing.assert_allclose(estimate.coef, plain.coef, rtol=1e-10)


def test_an_endogenous_regressor_gives_way_to_exogenous_ones(frame):
    both = frame.assign(e=frame["x"] - 1)
    estimate = iv("y ~ x | region | d1 + e ~ z1 + z2", both)
    assert estimate.names == ("d1", "x")
    assert "e left out: collinear with the regressors before it." in estimate.notes
    with pytest.raises(panel.errors.AbsorbedError, match="No endogenous regressor is left"):
        iv("y ~ x | region | e ~ z1 + z2", both)
    with pytest.raises(panel.errors.AbsorbedError, match="fixed left out: absorbed"):
        iv("y ~ x | region | fixed ~ z1", frame)


def test_underidentification_is_an_error(frame):
    identification = panel.errors.IdentificationError
    with pytest.raises(identification, match="Only z1 is left for 2 endogenous regressors"):
        iv("y ~ x | region | d1 + d2 ~ z1 + fixed", frame)
    with pytest.raises(identification, match="No instrument is left for 1"):
        iv("y ~ x | region | d1 ~ fixed", frame)
    # An instrument that is orthogonal to the regressor in this very sample.
    z = ols("z1 ~ d1 + x | region", frame)
    orthogonal = frame.assign(o=z.resid.reindex(frame.table.index))
    with pytest.raises(identification, match="The instruments o say nothing on 'd1'"):
        iv("y ~ x | region | d1 ~ o", orthogonal)
    apart = ols("v2 ~ z1 + z2 + x | region", frame).resid.reindex(frame.table.index)
    with pytest.raises(identification, match="do not tell d1, d2 apart"):
        iv("y ~ x | region | d1 + d2 ~ z1 + z2", frame.assign(d2=frame["d1"] + apart))


def test_says_what_it_cannot_do(frame):
    formula_error = panel.errors.FormulaError
    with pytest.raises(formula_error, match="no instruments"):
        iv("y ~ x | region", frame)
    with pytest.raises(formula_error, match="'d1' is endogenous and stands in another part"):
        iv("y ~ x + d1 | region | d1 ~ z1", frame)
    with pytest.raises(formula_error, match="another part"):
        iv("y ~ x | region | d1 ~ z1 + d1", frame)
    with pytest.raises(panel.errors.EstimationError, match="not a method"):
        iv(FORMULA, frame, method="liml")  # type: ignore[arg-type]
    with pytest.raises(panel.errors.EstimationError, match="positive number"):
        fuller(0)
    with pytest.raises(panel.errors.VcovError, match="not a covariance"):
        gmm("clustered")
    with pytest.raises(panel.errors.VcovError, match="rank 2 only"):
        iv(FORMULA, frame, method=gmm(panel.cluster("zone")))
    few = frame.rows(lambda t: t["year"] == 2003)
    many = " + ".join(f"I(z1^{p})" for p in range(1, 30))
    with pytest.raises(panel.errors.DegreesOfFreedomError, match="cannot carry"):
        iv(f"y ~ x | 0 | d1 ~ {many}", few)


def test_terms_of_several_columns(frame):
    both = iv("y ~ x | region + year | i(zone):d1 ~ i(zone):z1 + z2", frame)
    assert both.names == ("zone::East:d1", "zone::West:d1", "x")
    assert both.design.instruments == ("zone::East:z1", "zone::West:z1", "z2")
    lagged = iv("y ~ x | region | d1 ~ L(z1, 0:1) + i(zone):z2", frame)
    assert lagged.nobs < frame.table.shape[0]
    assert lagged.design.instruments[:2] == ("z1", "L(z1, 1)")
