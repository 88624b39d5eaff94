"""Cluster-robust covariances against R clubSandwich, published tables and leaving clusters out."""

from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

import panel

CASES = [
    ("grunfeld", "firm"), ("grunfeld_firm", "firm"), ("grunfeld_firm", "year"),
    ("grunfeld_year_weighted", "firm"), ("grunfeld_weighted", "firm"), ("produc", "state"),
    ("produc_year", "state"), ("produc_year", "region"), ("gaps", "state"), ("gaps", "year"),
    ("gaps_weighted", "state"), ("petersen", "firm"), ("petersen", "year"),
]  # fmt: skip
# clubSandwich has no CR3 where dummies of the clusters are among the regressors.
WITH_CR3 = [
    ("grunfeld", "firm"), ("grunfeld_firm", "year"), ("grunfeld_year_weighted", "firm"),
    ("produc_year", "state"), ("produc_year", "region"), ("petersen", "firm"), ("petersen", "year"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "by"), CASES)
def test_cr2_agrees_with_clubsandwich(case, by, model, stored, assert_matrix):
    expected = stored[case][by]
    for target in ("equal", "weights") if "df_weights" in expected else ("equal",):
        suffix = "_weights" if target == "weights" else ""
        cov = model(case).with_vcov(panel.cluster(by, kind="CR2", target=target)).cov
        assert_matrix(cov.matrix, expected[f"cr2{suffix}"])
        np.testing.assert_allclose(cov.df, expected[f"df{suffix}"], rtol=1e-8)


@pytest.mark.parametrize(("case", "by"), WITH_CR3)
def test_cr3_agrees_with_clubsandwich(case, by, model, stored, assert_matrix):
    cov = model(case).with_vcov(panel.cluster(by, kind="CR3")).cov
    assert_matrix(cov.matrix, stored[case][by]["cr3"])
    assert cov.df == cov.clusters[by] - 1


@pytest.mark.parametrize("effects", ["", "| firm"])
@pytest.mark.filterwarnings("ignore")  # pyfixest's own
def test_cr3_with_a_factor_agrees_with_pyfixest(effects, table):
    pyfixest = pytest.importorskip("pyfixest")
    peer = pyfixest.feols(f"inv ~ value + capital {effects}", table("Grunfeld"), {"CRV3": "firm"})
    estimate = panel.ols(
        f"inv ~ value + capital {effects}", table("Grunfeld"), unit="firm", time="year",
        vcov=panel.cluster("firm", kind="CR3", small="fixest"),
    )  # fmt: skip
    np.testing.assert_allclose(estimate.bse["value":], peer.se()["value":], rtol=1e-8)


@pytest.mark.parametrize(
    ("case", "by"),
    [("grunfeld_weighted", "firm"), ("gaps_weighted", "year"), ("gaps", "region")],
)
def test_cr3_is_the_model_estimated_again_without_each_cluster(case, by, model, assert_matrix):
    whole = model(case)
    groups = pd.unique(whole.design.column(by))
    changes = np.array([model(case, by, g).coef - whole.coef for g in groups])
    estimate = whole.with_vcov(panel.cluster(by, kind="CR3"))
    assert_matrix(estimate.cov.matrix, changes.T @ changes)


def test_poisson_has_the_leverage_of_its_last_regression(table, stored, assert_matrix):
    data = table("Produc").assign(z=lambda d: (d.gsp / 1000).round())
    estimate = panel.poisson("z ~ unemp + log(pcap) | state", data, unit="state", time="year")
    for name, vcov in (("HC2", "HC2"), ("HC3", "HC3"), ("CR3", panel.cluster("year", kind="CR3"))):
        assert_matrix(estimate.with_vcov(vcov).cov.matrix, stored["poisson"][name])


@pytest.mark.parametrize("verb", ["poisson", "random_effects"])
def test_what_was_estimated_before_is_not_held_fixed(verb, table):
    data = table("Grunfeld")
    estimate = getattr(panel, verb)("inv ~ value", data, unit="firm", time="year")
    for vcov in (panel.cluster("firm", kind="CR2"), panel.jackknife("firm")):
        with pytest.raises(panel.errors.VcovError, match="before its regression"):
            _ = estimate.with_vcov(vcov).bse
    with pytest.raises(panel.errors.VcovError, match="before its regression"):
        panel.wild_bootstrap(estimate, "value", cluster="firm")


def test_one_row_a_cluster_is_hc2_and_hc3(model, assert_matrix):
    estimate = model("gaps")
    for kind, same in (("CR2", "HC2"), ("CR3", "HC3")):
        rows = estimate.with_vcov(panel.cluster("state^year", kind=kind))
        assert_matrix(rows.cov.matrix, estimate.with_vcov(same).cov.matrix, rtol=1e-11)


@pytest.mark.parametrize("target", ["equal", "weights"])
def test_weights_of_another_scale_change_nothing(target, table, assert_matrix):
    vcov = panel.cluster("state", kind="CR2", target=target)
    data = table("Gaps").assign(scaled=lambda d: d.emp / 1e4)
    first, second = (
        panel.ols("log(gsp) ~ unemp + log(pc) | state + year", data, weights=w, vcov=vcov,
                  unit="state", time="year").cov
        for w in ("emp", "scaled")
    )  # fmt: skip
    assert_matrix(second.matrix, first.matrix, rtol=1e-10)
    np.testing.assert_allclose(second.df, first.df, rtol=1e-9)


def test_petersen_table(model):
    # Zeileis, Koell and Graham (2020), J. Statistical Software 95, on the data of Petersen (2009):
    # all printed digits. Their two-way errors take the rows' own part without a factor.
    estimate = model("petersen")
    firm, year = (estimate.with_vcov(panel.cluster(v)) for v in ("firm", "year"))
    assert np.round(firm.bse.to_numpy(), 6).tolist() == [0.067013, 0.050596]
    both = firm.cov.matrix + year.cov.matrix - estimate.with_vcov("HC0").cov.matrix
    assert np.round(np.sqrt(np.diag(both)), 6).tolist() == [0.065066, 0.053561]


MOTOR = """
data("MortalityRates", package = "clubSandwich")
write.csv(subset(MortalityRates, cause == "Motor Vehicle" & year <= 1983 & !is.na(beertaxa)))
"""


@pytest.fixture(scope="module")
def motor():
    """Motor-vehicle deaths of 50 states in 14 years, which R's clubSandwich ships."""
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    run = subprocess.run(["Rscript", "-e", MOTOR], capture_output=True, text=True, check=False)
    if run.returncode:
        pytest.skip("R has no clubSandwich")
    from io import StringIO

    return pd.read_csv(StringIO(run.stdout), index_col=0)


def test_minimum_drinking_age_table(motor, stored, assert_matrix):
    # Pustejovsky and Tipton (2018): the table of clubSandwich's vignette on panel data.
    printed = {
        (None, "CR1"): {"legal": (7.59, 2.44, 3.108), "beertaxa": (3.82, 5.14, 0.743)},
        (None, "CR2"): {"legal": (7.59, 2.51, 3.019), "beertaxa": (3.82, 5.27, 0.725)},
        ("pop", "CR2"): {"legal": (7.78, 2.13, 3.644), "beertaxa": (11.16, 4.37, 2.555)},
    }
    for (weights, kind), rows in printed.items():
        small = panel.SmallSample(scale=False, groups="min") if kind == "CR1" else None
        estimate = panel.ols(
            "mrate ~ legal + beertaxa | state + year",
            motor, unit="state", time="year", weights=weights,
            vcov=panel.cluster("state", kind=kind, small=small),
        )  # fmt: skip
        for name, (b, se, t) in rows.items():
            assert estimate.params[name] == pytest.approx(b, abs=0.005)
            assert estimate.bse[name] == pytest.approx(se, abs=0.005)
            assert estimate.tvalues[name] == pytest.approx(t, abs=0.0005)
        if kind == "CR2":
            expected = stored["motor_weighted" if weights else "motor"]["state"]
            assert_matrix(estimate.cov.matrix, expected["cr2"])
            np.testing.assert_allclose(estimate.cov.df, expected["df"], rtol=1e-8)
    assert estimate.cov.df == pytest.approx([8.52, 6.85], abs=0.005)
    assert estimate.pvalues["legal"] == pytest.approx(0.00588, abs=5e-6)


def test_degrees_of_freedom_of_each_coefficient_reach_the_intervals(model):
    estimate = model("produc").with_vcov({"CRV2": "state"})
    by_name = dict(zip(estimate.names, estimate.cov.df, strict=True))
    one = estimate.map(np.array([[0.0, 0.0, 0.0, 1.0]]), ["unemp"])
    assert one.cov.df == pytest.approx(by_name["unemp"], rel=1e-10)
    assert one.pvalues["unemp"] == pytest.approx(estimate.pvalues["unemp"], rel=1e-9)
    assert estimate.cov.df_joint == min(by_name.values())
    low, high = estimate.conf_int().loc["unemp"]
    assert (high - low) > 2 * 1.96 * estimate.bse["unemp"]
    assert " to " in str(estimate.summary()).split("t with")[1].split("degrees")[0]


def test_two_ways_are_the_sum_of_the_ways_less_their_intersection(model, assert_matrix):
    estimate = model("petersen")
    for kind, rows in (("CR2", "HC2"), ("CR3", "HC3")):
        parts = [estimate.with_vcov(panel.cluster(v, kind=kind)) for v in ("firm", "year")]
        expected = sum(p.cov.matrix for p in parts) - estimate.with_vcov(rows).cov.matrix
        both = estimate.with_vcov(panel.cluster("firm", "year", kind=kind))
        assert_matrix(both.cov.matrix, expected, rtol=1e-12)
        assert both.cov.df == 9


@pytest.mark.parametrize("kind", ["CR2", "CR3"])
def test_a_coefficient_that_rests_on_one_cluster_is_named(kind, table):
    data = table("Grunfeld").assign(only=lambda d: d.firm.eq(3) * d.year)
    estimate = panel.ols("inv ~ value + only | firm", data, unit="firm", time="year")
    assert estimate.with_vcov(panel.cluster("firm")).bse["only"] > 0
    with pytest.raises(panel.errors.VcovError, match=r"'only'.*cluster of 3, 1935"):
        _ = estimate.with_vcov(panel.cluster("firm", kind=kind)).bse


def test_bad_choices():
    with pytest.raises(panel.errors.VcovError, match="CR2"):
        panel.cluster("firm", kind="CV2")
    with pytest.raises(panel.errors.VcovError, match="equal"):
        panel.cluster("firm", target="identity")
    with pytest.raises(panel.errors.VcovError, match="needs a variable"):
        panel.cluster()
    with pytest.raises(panel.errors.VcovError, match=r'cluster\("province", "year"\)'):
        panel.cluster(["firm", "year"])


def test_one_cluster_is_too_few(table):
    data = table("Grunfeld").assign(all=1)
    with pytest.raises(panel.errors.DegreesOfFreedomError, match="'all' has 1 cluster"):
        _ = panel.ols("inv ~ value", data, unit="firm", time="year", vcov={"CRV3": "all"}).cov


def test_two_clusters_with_effects_of_each_year_say_nothing():
    # Of two regions with a year's mean taken out, one is the other's mirror image, and what a
    # region contributes over all years is a first-order condition.
    draw = np.random.default_rng(1)
    table = pd.DataFrame({"i": np.repeat([1, 2], 8), "t": np.tile(np.arange(8), 2)})
    table["x"], table["y"] = draw.normal(size=(2, 16))
    estimate = panel.ols("y ~ x | t", table, unit="i", time="t", vcov=panel.cluster("i"))
    with pytest.raises(panel.PanelError, match=r"'x' \(clustered by i\) is zero"):
        _ = estimate.bse
    with pytest.raises(panel.PanelError, match=r"'x' \(clustered by i\) is zero"):
        panel.wald(estimate, "x = 0")
    assert np.isnan(estimate.fvalue)
    with pytest.raises(panel.PanelError, match="not positive"):
        panel.wild_bootstrap(estimate, "x = 0", draws=9)
    with pytest.warns(panel.PanelWarning, match="fitted without an error"):
        exact = panel.ols("x2 ~ x", table.assign(x2=2 * table.x), unit="i", time="t",
                          vcov=panel.cluster("t"))  # fmt: skip
    assert exact.bse["x"] < 1e-12  # a perfect fit has small variances of either kind


@pytest.mark.parametrize("weights", [None, "capital"])
@pytest.mark.parametrize(
    "vcov",
    [
        *(panel.cluster("firm", kind=kind) for kind in ("CR0", "CR1", "CR2", "CR3")),
        panel.cluster("firm", "year"), panel.hetero("HC2"), panel.hetero("HC3"), panel.pcse(),
        panel.jackknife(), panel.jackknife("firm"), panel.cluster_bootstrap("firm", draws=9),
        panel.driscoll_kraay(), panel.newey_west(lags=1),
    ],
)  # fmt: skip
def test_a_model_of_fixed_effects_alone_has_an_empty_covariance(vcov, weights, table):
    models = panel.many("inv ~ csw0(value) | firm", table("Grunfeld"), vcov=vcov, weights=weights,
                        unit="firm", time="year")  # fmt: skip
    assert models[0].cov.matrix.shape == (0, 0)
    assert np.isnan(models[0].fvalue)
    assert models[0].tidy().empty
    assert models[1].bse["value"] > 0
