"""The wild cluster bootstrap against fwildclusterboot, wildboottest and plain re-estimation."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import panel
from panel.inference import cluster
from panel.inference.wild import wild_bootstrap
from panel.kernels.wild import rejection_steps, weight_batches

VARIANTS = ["WCR11", "WCR13", "WCR31", "WCR33", "WCU11", "WCU13", "WCU31", "WCU33"]


@pytest.fixture(scope="module")
def grunfeld(model):
    return model("grunfeld").with_vcov(cluster("firm"))


# Complete enumeration by R fwildclusterboot 0.13.0 (Roodman and others 2019 is its method):
# p-value, t, ends of the confidence interval. Its ends come from interpolation between the steps of
# the p-value and are good for four digits.
FWILD = [
    ("value = 0", "WCR11", 0.001953125, 7.27064983181356, 0.092222268877948, 0.227940253787675),
    ("value = 0", "WCU11", 0.0, 7.27064983181356, 0.0903339003589392, 0.140790412362165),
    ("capital = 0", "WCR11", 0.021484375, 2.71491500154239, 0.0319108102057101, 0.369157456691324),
    ("capital = 0", "WCU11", 0.2421875, 2.71491500154239, -0.308271266557658, 0.769628244021597),
    ("capital = 0.1", "WCR11", 0.7109375, 1.53798904868646, None, None),
]


@pytest.mark.parametrize(("hypothesis", "variant", "p", "t", "low", "high"), FWILD)
def test_agrees_with_fwildclusterboot(hypothesis, variant, p, t, low, high, grunfeld):
    test = wild_bootstrap(grunfeld, hypothesis, variant=variant)
    assert test.enumerated
    assert test.draws == 1024
    assert test.p_value == p
    assert test.statistic == pytest.approx(t, rel=1e-12)
    assert test.statistic == pytest.approx(
        (test.estimate - test.value) / grunfeld.bse[hypothesis.split(" =")[0]], rel=1e-12
    )
    if low is not None:
        ((ours_low, ours_high),) = test.confidence_set()
        assert (ours_low, ours_high) == pytest.approx((low, high), rel=4e-4)


@pytest.mark.parametrize("effects", ["pooled", "firm", "firm_year"])
def test_agrees_with_wildboottest(effects, table):
    # Its explicit dummies; the factor (G - 1)/G of its jackknife variance; and it counts the two
    # draws in which all weights are equal as larger whenever rounding makes them so.
    path = Path(__file__).parents[1] / "reference" / "wildboottest_grunfeld.json"
    absorbed = {"pooled": "", "firm": "| firm", "firm_year": "| firm + year"}[effects]
    estimate = panel.ols(
        f"inv ~ value + capital {absorbed}", table("Grunfeld"), unit="firm", time="year",
        vcov=cluster("firm", small="areg"),
    )  # fmt: skip
    for case, (t, p) in json.loads(path.read_text())[effects].items():
        term, variant = case.split()
        test = wild_bootstrap(estimate, term, variant=variant)
        factor = np.sqrt(10 / 9) if variant.endswith("3") else 1.0
        assert test.statistic * factor == pytest.approx(t, rel=1e-9)
        ties = (0, 2 / 1024) if variant.startswith("WCR1") else (0,)
        assert p - test.p_value in ties


def test_value_sets_of_several_intervals_are_found(table):
    # fwildclusterboot: capital = 0.2 with firm effects, p 0.65234375, interval from 0.03324 to
    # 0.37137. The p-value rises above 0.05 again beyond it.
    estimate = panel.ols(
        "inv ~ value + capital | firm", table("Grunfeld"), unit="firm", time="year",
        vcov=cluster("firm"),
    )  # fmt: skip
    test = wild_bootstrap(estimate, "capital = 0.2")
    assert test.p_value == 0.65234375
    first, second = test.confidence_set()
    assert first == pytest.approx((0.0332399040232635, 0.371374878357246), rel=4e-4)
    inside, between = test.p_values([0.3, (second[0] + second[1]) / 2]), (first[1] + second[0]) / 2
    assert inside.min() > 0.05 > test.p_values([between])[0]
    assert wild_bootstrap(estimate, f"capital = {between}").p_value == test.p_values([between])[0]


class Again:
    """The bootstrap by its definition: every draw is estimated again, with dummies."""

    def __init__(self, estimate, term, codes, variant, value=0.0):
        design = estimate.design
        groups = design.absorber.codes if design.absorber else ()
        dummies = [np.eye(int(c.max()) + 1)[c] for c in groups]
        self.x = np.column_stack([design.X, *dummies])
        self.w = np.ones(design.n) if design.w is None else np.asarray(design.w)
        self.y, self.j, self.value = np.asarray(design.y), estimate.names.index(term), value
        self.codes, self.variant = codes, variant

    def fit(self, y, rows=slice(None), null=False):
        """Coefficients (k,); the tested one fixed under the null."""
        free = [j for j in range(self.x.shape[1]) if not (null and j == self.j)]
        root, b = np.sqrt(self.w[rows]), np.zeros(self.x.shape[1])
        b[self.j] = self.value if null else 0.0
        target = (y - self.x[:, self.j] * b[self.j])[rows]
        b[free] = np.linalg.lstsq(
            self.x[rows][:, free] * root[:, None], target * root, rcond=1e-11
        )[0]
        return b

    def errors(self, boot):
        """Fit (n,) under the null and the errors (n,) that are multiplied."""
        null = self.variant.startswith("WCR")
        fitted = self.x @ self.fit(self.y, null=null)
        errors = self.y - fitted
        if self.variant[3] == "3":
            for g in range(boot.max() + 1):
                mine = boot == g
                errors[mine] = (self.y - self.x @ self.fit(self.y, ~mine, null))[mine]
        return fitted, errors

    def statistic(self, y, centre, factors):
        b = self.fit(y)
        residual, variance = y - self.x @ b, 0.0
        bread = np.linalg.pinv((self.x * self.w[:, None]).T @ self.x, rcond=1e-12)
        loading = (self.x * self.w[:, None]) @ bread[:, self.j]
        for factor, codes in factors:
            for g in range(codes.max() + 1):
                mine = codes == g
                if self.variant[4] == "3":
                    change = self.fit(y, ~mine)[self.j] - b[self.j]
                else:
                    change = loading[mine] @ residual[mine]
                variance += factor * change**2
        return (b[self.j] - centre) / np.sqrt(variance) if variance > 0 else np.inf


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("weighted", [False, True])
def test_is_what_estimating_every_draw_again_gives(variant, weighted, table):
    # Unbalanced, effects of states and years, clusters of states that hold the state effects.
    data = (
        table("Gaps")
        .query("year > 1978 and region < 8")
        .assign(y=lambda d: np.log(d.gsp), x=lambda d: np.log(d.pcap))
    )
    estimate = panel.ols(
        "y ~ x + unemp | state + year", data, unit="state", time="year",
        weights="emp" if weighted else None, vcov=cluster("region", small="none"),
    )  # fmt: skip
    test = wild_bootstrap(estimate, "x = 0.1", weights="webb", draws=6, variant=variant, seed=3)
    codes = estimate.design.groups("region")
    again = Again(estimate, "x", codes, variant, 0.1)
    fitted, errors = again.errors(codes)
    (weights,) = weight_batches(codes.max() + 1, 6, "webb", 3)
    centre = 0.1 if variant.startswith("WCR") else estimate.params["x"]
    factors = [(1.0, codes)]
    expected = [again.statistic(fitted + v[codes] * errors, centre, factors) for v in weights.T]
    # Weights from 1e2 to 1e4 and effects by dummies: ten digits.
    np.testing.assert_allclose(test.statistics, expected, rtol=1e-8)
    assert test.statistic == pytest.approx(again.statistic(again.y, 0.1, factors), rel=1e-8)


@pytest.mark.parametrize("variant", ["WCR11", "WCR33", "WCU11"])
def test_two_ways(variant, table):
    estimate = panel.ols(
        "inv ~ value + capital | firm", table("Grunfeld"), unit="firm", time="year",
        vcov=cluster("firm", "year", small="none"),
    )  # fmt: skip
    test = wild_bootstrap(estimate, "capital", weights="normal", draws=5, variant=variant, seed=1)
    assert test.settings["bootcluster"] == "firm"
    firm, year = (estimate.design.groups(v) for v in ("firm", "year"))
    again = Again(estimate, "capital", firm, variant)
    fitted, errors = again.errors(firm)
    (weights,) = weight_batches(10, 5, "normal", 1)
    factors = [(1.0, firm), (1.0, year), (-1.0, np.arange(200))]
    centre = 0.0 if variant.startswith("WCR") else estimate.params["capital"]
    expected = [again.statistic(fitted + v[firm] * errors, centre, factors) for v in weights.T]
    np.testing.assert_allclose(test.statistics, expected, rtol=1e-8)
    by_year = wild_bootstrap(estimate, "capital", bootcluster="year", seed=1, draws=99)
    assert by_year.clusters == {"firm": 10, "year": 20}
    assert by_year.settings["bootcluster"] == "year"


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("weights", ["rademacher", "webb", "mammen", "normal"])
def test_set_is_where_the_p_value_is_at_least_alpha(variant, weights, grunfeld):
    test = wild_bootstrap(grunfeld, "capital", variant=variant, weights=weights, draws=1999, seed=5)
    for alpha in (0.05, 0.2):
        ends = test.confidence_set(alpha)
        grid = test.estimate + test.std_error * np.linspace(-30, 30, 401)
        inside = np.zeros(len(grid), dtype=bool)
        for low, high in ends:
            inside |= (grid >= low) & (grid <= high)
        np.testing.assert_array_equal(inside, test.p_values(grid) >= alpha)
        assert any(low < test.estimate < high for low, high in ends)
    # A test of any other value draws the same numbers.
    other = wild_bootstrap(
        grunfeld, "capital = 0.3", variant=variant, weights=weights, draws=1999, seed=5
    )
    assert other.p_value == test.p_values([0.3])[0]


def test_steps_of_known_curves():
    # (n0 + n1 t)^2 > t^2 (d0 + d1 t + d2 t^2): larger beyond 1, within 2, never (a tie), always.
    curves = np.array([[0.0, 0, 1, 0, -1], [2.0, 0, 1, 0, 0], [0.0, 1, 1, 0, 0], [0.0, 2, 1, 0, 0]])
    steps, shares = rejection_steps(curves, 1.0)
    np.testing.assert_allclose(steps, [-2, -1, 1, 2], atol=1e-12)
    np.testing.assert_array_equal(shares, [0.5, 0.75, 0.5, 0.75, 0.5])


def test_few_clusters_are_noted(table):
    estimate = panel.ols(
        "inv ~ value", table("Grunfeld").query("firm <= 5"), unit="firm", time="year"
    )
    test = wild_bootstrap(estimate, "value", cluster="firm")
    assert "32 Rademacher vectors" in test.notes[0]
    assert "steps of 0.062" in str(test)
    assert not wild_bootstrap(estimate, "value", cluster="year", draws=9).notes


def test_combinations_of_coefficients(table):
    data = table("Grunfeld").assign(total=lambda d: d.value + d.capital)
    keys = {"unit": "firm", "time": "year", "vcov": cluster("firm")}
    plain = wild_bootstrap(
        panel.ols("inv ~ value + capital | year", data, **keys), "capital - value"
    )
    same = wild_bootstrap(panel.ols("inv ~ capital + total | year", data, **keys), "capital")
    assert plain.hypothesis == "capital - value = 0"
    assert plain.estimate == pytest.approx(same.estimate, rel=1e-10)
    np.testing.assert_allclose(np.abs(plain.statistics), np.abs(same.statistics), rtol=1e-8)


def test_draws_depend_on_the_seed_alone(model):
    estimate = model("produc")
    first, second, other = (
        wild_bootstrap(estimate, "unemp", cluster="state", draws=499, seed=s) for s in (1, 1, 2)
    )
    np.testing.assert_array_equal(first.statistics, second.statistics)
    assert not np.array_equal(first.statistics, other.statistics)
    fresh = wild_bootstrap(estimate, "unemp", cluster="state", draws=99)
    again = wild_bootstrap(estimate, "unemp", cluster="state", draws=99, seed=fresh.seed)
    np.testing.assert_array_equal(fresh.statistics, again.statistics)


def test_order_of_rows_and_names_of_clusters_do_not_matter(table):
    data = table("Grunfeld")
    mixed = data.sample(frac=1, random_state=2).assign(firm=lambda d: 11 - d.firm)
    ps = [
        wild_bootstrap(
            panel.ols("inv ~ value | firm + year", d, unit="firm", time="year"),
            "value", cluster="firm",
        ).p_values([0.0, 0.05, 0.15])
        for d in (data, mixed)
    ]  # fmt: skip
    np.testing.assert_array_equal(*ps)


@pytest.mark.parametrize("weights", ["rademacher", "webb", "mammen", "normal"])
def test_weights_have_mean_zero_and_variance_one(weights):
    drawn = np.concatenate(list(weight_batches(200, 5000, weights, 4)), axis=1)
    assert drawn.shape == (200, 5000)
    # A million draws: standard errors of the moments are about 0.001 to 0.002.
    assert drawn.mean() == pytest.approx(0, abs=0.005)
    assert drawn.var() == pytest.approx(1, abs=0.01)
    if weights == "mammen":
        assert (drawn**3).mean() == pytest.approx(1, abs=0.02)
    if weights == "webb":
        assert len(np.unique(drawn)) == 6


def test_result_travels(grunfeld):
    test = wild_bootstrap(grunfeld, "capital")
    back = pickle.loads(pickle.dumps(test))
    assert back.confidence_set() == test.confidence_set()
    assert str(back) == str(test)
    assert test.tidy().loc[0, ["term", "p_value"]].tolist() == ["capital = 0", 0.021484375]
    assert "<pre>" in test._repr_html_()
    assert (test.test.p_value, test.test.null) == (test.p_value, "capital = 0")
    assert "1024 rademacher draws" in str(test.test)
    assert isinstance(test.tidy(), pd.DataFrame)


def test_bad_choices(grunfeld, model):
    with pytest.raises(panel.errors.VcovError, match="needs a cluster variable"):
        wild_bootstrap(model("grunfeld"), "value")
    for bad in ({"weights": "web"}, {"variant": "WCR12"}, {"draws": 0}, {"bootcluster": "year"}):
        with pytest.raises(panel.errors.VcovError):
            wild_bootstrap(grunfeld, "value", **bad)
    with pytest.raises(panel.errors.FormulaError, match="2 restrictions"):
        wild_bootstrap(grunfeld, "value = capital = 0")
    with pytest.raises(panel.errors.FormulaError, match="did you mean 'value'"):
        wild_bootstrap(grunfeld, "vlue = 0")
    with pytest.raises(panel.errors.VcovError, match="between 0 and 1"):
        wild_bootstrap(grunfeld, "value").confidence_set("0.05")
