"""Slopes that vary by group, against the same model with every slope as a dummy interaction."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import FormulaError

# Dummies are an exact solution; one set of groups is exact too, several are iterated to 1e-10.
MODELS = [
    ("y ~ x | i[z]", "y ~ x + i(i) + i(i, z) + 0"),
    ("y ~ x | i[[z]]", "y ~ x + i(i, z) + 0"),
    ("y ~ x | i[z, t] + t", "y ~ x + i(i) + i(t) + i(i, z) + i(i, t)"),
    ("y ~ x | i[t] + t[[z]]", "y ~ x + i(i) + i(i, t) + i(t, z) + 0"),
    ("y ~ x | zone^half[z] + i", "y ~ x + i(i) + i(cell) + i(cell, z)"),
]


@pytest.fixture(scope="module")
def frame() -> panel.PanelFrame:
    draw = np.random.default_rng(20)
    table = pd.DataFrame(
        {"i": np.repeat(np.arange(12), 9), "t": np.tile(np.arange(2001, 2010), 12)}
    )
    table = table[draw.uniform(size=len(table)) < 0.85].reset_index(drop=True)
    n = len(table)
    table["x"], table["z"] = draw.normal(size=(2, n))
    table["w"] = draw.uniform(0.5, 2.0, n)
    table["zone"] = np.where(table.i % 3 == 0, "East", "West")
    table["half"] = (table.t > 2005).astype(int)
    table["cell"] = table.zone + table.half.astype(str)
    table["y"] = table.x + draw.normal(size=12)[table.i] * table.z + draw.normal(size=n)
    return panel.PanelFrame.from_pandas(table, "i", "t")


@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize(("varying", "dummies"), MODELS)
def test_agrees_with_interactions(frame, varying, dummies, weights):
    ours = panel.ols(varying, frame, weights=weights, singletons="keep")
    plain = panel.ols(dummies, frame, weights=weights, singletons="keep")
    assert ours.df_resid == plain.df_resid
    np.testing.assert_allclose(ours.params["x"], plain.params["x"], rtol=1e-9)
    np.testing.assert_allclose(ours.resid, plain.resid, rtol=0, atol=1e-9)
    for vcov in (
        "iid",
        panel.hetero("HC2"),
        panel.hetero("HC3"),
        panel.cluster("i", kind="CR0"),
        panel.driscoll_kraay(lags=1),
    ):
        both = [m.with_vcov(vcov).bse["x"] for m in (ours, plain)]
        np.testing.assert_allclose(*both, rtol=1e-8)


def test_agrees_with_statsmodels(frame):
    smf = pytest.importorskip("statsmodels.formula.api")
    table = frame.data.reset_index()
    for ours, theirs in (
        ("y ~ x | i[z]", "y ~ x + C(i) + C(i):z"),
        ("y ~ x | i[z] + t", "y ~ x + C(i) + C(i):z + C(t)"),
    ):
        model = panel.ols(ours, frame)
        plain, weighted = (
            smf.ols(theirs, table).fit(),
            smf.wls(theirs, table, weights=table.w).fit(),
        )
        assert model.df_resid == plain.df_resid
        for vcov, name in (("iid", "nonrobust"), (panel.hetero("HC3"), "HC3")):
            other = smf.ols(theirs, table).fit(cov_type=name)
            np.testing.assert_allclose(model.with_vcov(vcov).bse["x"], other.bse["x"], rtol=1e-8)
        by_weights = panel.ols(ours, frame, weights="w")
        for mine, other in ((model, plain), (by_weights, weighted)):
            np.testing.assert_allclose(mine.params["x"], other.params["x"], rtol=1e-9)
            np.testing.assert_allclose(mine.bse["x"], other.bse["x"], rtol=1e-8)


@pytest.mark.parametrize(("varying", "dummies"), [MODELS[0], MODELS[2], MODELS[3]])
def test_jackknife_leaves_out_clusters(frame, varying, dummies):
    ours = panel.ols(varying, frame, singletons="keep", vcov=panel.cluster("cell", kind="CR3"))
    plain = panel.ols(dummies, frame, singletons="keep")
    j, x = plain.names.index("x"), plain.design.X / np.linalg.norm(plain.design.X, axis=0)
    cells = plain.design.groups("cell")
    rows = [np.ones(len(x), dtype=bool), *(cells != g for g in range(4))]
    # Some dummies cannot be estimated without a cluster, but the slope on x always can.
    every = [np.linalg.lstsq(x[r], plain.design.y[r], rcond=1e-11)[0][j] for r in rows]
    size = np.linalg.norm(plain.design.X[:, j])
    expected = np.linalg.norm(np.array(every[1:]) - every[0]) / size
    np.testing.assert_allclose(ours.bse["x"], expected, rtol=1e-8)


def test_bell_mccaffrey_counts_the_slopes(frame):
    ours = panel.ols("y ~ x | i[[z]]", frame, vcov=panel.cluster("t", kind="CR2"))
    plain = panel.ols("y ~ x + i(i, z) + 0", frame, vcov=ours.vcov)
    np.testing.assert_allclose(ours.bse["x"], plain.bse["x"], rtol=1e-8)
    np.testing.assert_allclose(ours.cov.df, plain.cov.df[list(plain.names).index("x")], rtol=1e-8)


def test_wild_bootstrap_knows_the_slopes(frame):
    ours = panel.ols("y ~ x | i[[z]] + t", frame, vcov=panel.cluster("i"))
    plain = panel.ols("y ~ x + i(t) + i(i, z) + 0", frame, vcov=panel.cluster("i"))
    tests = [panel.wild_bootstrap(m, "x = 1", draws=199, seed=3).test for m in (ours, plain)]
    # The t statistics differ by the small-sample factor, in the sample and in every draw alike.
    assert tests[0].p_value == tests[1].p_value


def test_spelling_is_canonical():
    spec = panel.parse("y ~ x | a^b[x1, log(x2)] + c[[z]]")
    assert spec.absorb == ("a^b", "a^b[[x1]]", "a^b[[log(x2)]]", "c[[z]]")
    assert panel.parse(str(spec)) == spec
    assert panel.parse("y ~ x | a + a[[z]]") == panel.parse("y ~ x | a[z]")


@pytest.mark.parametrize(
    "formula", ["y ~ x[z] | i", "y ~ x | i[", "y ~ x | i[]", "y ~ x | i[[z]", "y ~ x | i[z]]"]
)
def test_what_is_outside_the_grammar_is_refused(frame, formula):
    with pytest.raises(FormulaError):
        panel.ols(formula, frame)


def test_values_and_predictions(frame):
    model = panel.ols("y ~ x | i[z] + t", frame)
    values = model.fixed_effect_values()
    assert list(values) == ["i", "i[[z]]", "t"]
    rows = frame.data.reset_index()
    parts = (
        rows.i.map(values["i"]) + rows.i.map(values["i[[z]]"]) * rows.z + rows.t.map(values["t"])
    )
    fitted = parts.to_numpy() + model.params["x"] * rows.x
    np.testing.assert_allclose(fitted, model.fittedvalues, rtol=0, atol=1e-8)
    np.testing.assert_allclose(model.predict(frame), model.fittedvalues, rtol=0, atol=1e-8)


def test_a_slope_on_a_constant_is_no_value(frame):
    still = frame.assign(z=np.where(frame.array("i") == 0, 1.0, frame["z"]))
    model = panel.ols("y ~ x | i[z]", still)
    plain = panel.ols("y ~ x + i(i) + i(i, z) + 0", still)
    assert model.df_resid == plain.df_resid
    assert np.isnan(model.fixed_effect_values()["i[[z]]"][0])
    np.testing.assert_allclose(model.bse["x"], plain.bse["x"], rtol=1e-9)


def test_estimators_without_slopes_say_so(frame):
    count = frame.assign(n=np.round(np.exp(frame["x"])))
    with pytest.raises(FormulaError, match="varying slopes") as caught:
        panel.poisson("n ~ z | i[x]", count)
    assert caught.value.variable == "i[[x]]"


def test_rows_without_the_slopes_variable_are_counted(frame):
    holes = frame.assign(z=frame["z"].where(frame["x"] < 1))
    model = panel.ols("y ~ x | i[[z]]", holes)
    assert any("z is missing" in str(d) for d in model.design.dropped)


@pytest.mark.parametrize("effects", ["i[z]", "i[z] + t"])
def test_the_level_of_the_outcome_costs_no_digits(frame, effects):
    # Powers of two, so that the shifted outcome is stored without rounding.
    y = np.round(frame.array("y") * 2**10) / 2**20
    model = f"y ~ x | {effects}"
    plain, shifted = (panel.ols(model, frame.assign(y=v)) for v in (y, y + 2**20))
    np.testing.assert_allclose(shifted.params, plain.params, rtol=1e-11)
    np.testing.assert_allclose(shifted.bse, plain.bse, rtol=1e-11)


def test_weights_of_many_magnitudes_change_no_rank():
    draw = np.random.default_rng(11)
    n = 15
    table = pd.DataFrame({"i": draw.integers(0, 4, n), "zone": draw.integers(0, 3, n)})
    table["z"], table["w"] = draw.normal(size=n), 10.0 ** draw.uniform(-9, 9, n)
    table["t"], table["x"], table["y"] = np.arange(n), *draw.normal(size=(2, n))
    plain, weighted = (
        panel.ols("y ~ x | i[z] + zone", table, unit="i", time="t", weights=w, singletons="keep")
        for w in (None, "w")
    )
    assert weighted.df_resid == plain.df_resid
