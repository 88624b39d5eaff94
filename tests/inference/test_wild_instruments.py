"""The wild bootstrap of instrumental variables against plain re-estimation with dummies."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import VcovError
from panel.kernels.wild import weight_batches

# Both sides work in double precision, by dummies or by absorption, on draws whose endogenous
# regressors may be explained little: eight digits.
RTOL = 1e-7


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    """Unbalanced panel of 9 regions in 4 zones and 8 years with two endogenous regressors."""
    draw = np.random.default_rng(11)
    table = pd.DataFrame([(u, t) for u in range(9) for t in range(8)], columns=["unit", "year"])
    n = len(table)
    table["zone"] = table.unit % 4
    table[["z1", "z2", "z3", "x", "x2"]] = draw.normal(size=(n, 5))
    shock, zone = draw.normal(size=n), draw.normal(size=4)[table.zone] * draw.normal(size=n)
    table["d"] = table.z1 + 0.5 * table.z2 + 0.3 * table.x + shock + draw.normal(size=n)
    table["e"] = table.z2 - table.z3 + 0.5 * shock + draw.normal(size=n)
    table["y"] = 0.5 * table.d - 0.2 * table.e + table.x + shock + zone + 0.1 * table.unit
    table["w"] = draw.uniform(0.5, 2, n)
    return table[draw.uniform(size=n) < 0.9].reset_index(drop=True)


def iv(data, formula, **settings):
    return panel.iv(formula, data, unit="unit", time="year", **settings)


class Again:
    """The bootstrap by its definition: dummies, a null imposed on the equation's columns by a
    change of parameters, every draw estimated again by textbook formulas."""

    def __init__(self, estimate, a, kind, alpha=0.0):
        design = estimate.design
        root = np.ones(design.n) if design.w is None else np.sqrt(design.w)
        effects = design.absorber
        groups = zip(effects.codes, effects.slopes, strict=True) if effects else ()
        dummies = [np.eye(c.max() + 1)[c] if z is None else np.eye(c.max() + 1)[c] * z[:, None]
                   for c, z in groups]  # fmt: skip
        dummies = [d if j == 0 or effects.slopes[j] is not None else d[:, 1:]
                   for j, d in enumerate(dummies)]  # fmt: skip
        names = list(design.names)
        ends = [names.index(n) for n in design.endogenous]
        rest = [j for j in range(len(names)) if j not in ends]
        self.y = np.asarray(design.y) * root
        self.d = design.X[:, ends] * root[:, None]
        self.x = np.column_stack([design.X[:, rest], *dummies]) * root[:, None]
        self.z = design.Z * root[:, None]
        self.a = np.concatenate([a[ends], a[rest], np.zeros(self.x.shape[1] - len(rest))])
        self.kind, self.alpha = kind, alpha

    def kappa(self, y, d, exogenous, others):
        """Least root of ``det(Y'M1Y - k Y'MY)``, by inverses."""
        if others.shape[1] == d.shape[1]:
            return 1.0
        both = np.column_stack([y, d])

        def left(columns):
            return both - columns @ np.linalg.lstsq(columns, both, rcond=None)[0]

        one, every = left(exogenous), left(np.column_stack([exogenous, others]))
        roots = np.linalg.eigvals(np.linalg.solve(every.T @ every, one.T @ one))
        return float(roots.real.min())

    def coefficients(self, y, d, exogenous, others, kappa):
        """Coefficients, loadings of the k-class."""
        x, every = np.column_stack([d, exogenous]), np.column_stack([exogenous, others])
        fitted = every @ np.linalg.lstsq(every, x, rcond=None)[0]
        bread = np.linalg.inv((1 - kappa) * x.T @ x + kappa * x.T @ fitted)
        side = (1 - kappa) * x.T @ y + kappa * fitted.T @ y
        return bread @ side, fitted @ bread

    def restricted(self, value):
        """Errors of the equation under a'b = value, LIML in the parameters left free."""
        x, a = np.column_stack([self.d, self.x]), self.a
        k2 = self.d.shape[1]
        exogenous = [j for j in range(k2, len(a)) if a[j]]
        gone = exogenous[0] if exogenous else int(np.flatnonzero(a)[0])
        y = self.y - x[:, gone] * value / a[gone]
        new = x - np.outer(x[:, gone], a / a[gone])
        d = new[:, [j for j in range(k2) if j != gone]]
        included = new[:, [j for j in range(k2, len(a)) if j != gone]]
        others = np.column_stack([self.z, *([x[:, gone]] if exogenous else [])])
        kappa = self.kappa(y, d, included, others) if d.shape[1] else 1.0
        b, _ = self.coefficients(y, d, included, others, kappa)
        return y - np.column_stack([d, included]) @ b

    def statistic(self, y, d, value, factors):
        kappa = 1.0
        if self.kind != "tsls":
            df = len(y) - self.x.shape[1] - self.z.shape[1]
            kappa = self.kappa(y, d, self.x, self.z) - self.alpha / df
        b, loadings = self.coefficients(y, d, self.x, self.z, kappa)
        scores = (loadings @ self.a) * (y - np.column_stack([d, self.x]) @ b)
        variance = sum(
            f * sum(scores[c == g].sum() ** 2 for g in range(c.max() + 1)) for f, c in factors
        )
        return (self.a @ b - value) / np.sqrt(variance) if variance > 0 else np.inf

    def draws(self, value, codes, weights, factors):
        """t statistics of every draw; the coefficients not tested are zero without loss."""
        u = self.restricted(value)
        every = np.column_stack([self.x, self.z, u])
        b = np.linalg.lstsq(every, self.d, rcond=None)[0]
        fit = every[:, :-1] @ b[:-1]
        true = np.zeros(len(self.a))
        true[np.flatnonzero(self.a)[0]] = value / self.a[np.flatnonzero(self.a)[0]]
        found = []
        for v in weights.T:
            d = fit + (self.d - fit) * v[codes][:, None]
            y = np.column_stack([d, self.x]) @ true + u * v[codes]
            found.append(self.statistic(y, d, value, factors))
        return np.array(found)


METHODS = {"tsls": panel.tsls(), "liml": panel.liml(), "fuller": panel.fuller(2)}
MODELS = {
    "plain": "y ~ x | 0 | d ~ z1 + z2",
    "exact": "y ~ x | unit | d ~ z1",
    "two ways": "y ~ x + x2 | unit + year | d ~ z1 + z2 + z3",
    "two endogenous": "y ~ x | unit | d + e ~ z1 + z2 + z3",
    "nothing exogenous": "y ~ 1 | unit | d ~ z1 + z2",
    "slopes": "y ~ x | unit[x2] | d ~ z1 + z2",
}
CASES = [
    (name, "d", value, method, weights)
    for name in MODELS
    for value, weights in ((0.4, None), (0.4, "w"))
    for method in METHODS
] + [
    (name, hypothesis, value, method, None)
    for name, hypothesis, value in (
        ("plain", "d", 0.0), ("two ways", "x", 0.8), ("exact", "x", 0.0),
        ("two endogenous", "d - e", 0.5),
        ("two endogenous", "x", 1.0), ("two ways", "2*x - x2 + d", 2.0),
    )
    for method in METHODS
]  # fmt: skip


def weights_on(estimate, hypothesis):
    """The combination of coefficients as numbers."""
    table = {"d - e": {"d": 1, "e": -1}, "2*x - x2 + d": {"x": 2, "x2": -1, "d": 1}}
    return np.array(
        [table.get(hypothesis, {hypothesis: 1}).get(n, 0) for n in estimate.names], float
    )


@pytest.mark.parametrize(("name", "hypothesis", "value", "method", "weights"), CASES)
def test_is_what_estimating_every_draw_again_gives(name, hypothesis, value, method, weights, data):
    estimate = iv(
        data, MODELS[name], method=METHODS[method], weights=weights,
        vcov=panel.cluster("unit", small="none"),
    )  # fmt: skip
    settings = {"weights": "webb", "draws": 4, "seed": 3}
    test = panel.wild_bootstrap(estimate, f"{hypothesis} = {value}", **settings)
    codes = estimate.design.groups("unit")
    (drawn,) = weight_batches(9, 4, "webb", 3)
    again = Again(estimate, weights_on(estimate, hypothesis), method, 2.0 * (method == "fuller"))
    expected = again.draws(value, codes, drawn, [(1.0, codes)])
    np.testing.assert_allclose(test.statistics, expected, rtol=RTOL)
    own = again.statistic(again.y, again.d, value, [(1.0, codes)])
    assert test.statistic == pytest.approx(own, rel=1e-8)
    assert test.p_value == np.mean(np.abs(expected) > abs(own))


@pytest.mark.parametrize("method", METHODS)
def test_two_ways_of_clustering(method, data):
    by = panel.cluster("zone", "year", small="none")
    estimate = iv(data, MODELS["two ways"], method=METHODS[method], vcov=by)
    test = panel.wild_bootstrap(estimate, "d = 0.1", weights="normal", draws=5, seed=1)
    assert test.settings["bootcluster"] == "zone"
    zone, year = (estimate.design.groups(v) for v in ("zone", "year"))
    factors = [(1.0, zone), (1.0, year), (-1.0, zone * 100 + year)]
    (drawn,) = weight_batches(4, 5, "normal", 1)
    again = Again(estimate, weights_on(estimate, "d"), method, 2.0 * (method == "fuller"))
    np.testing.assert_allclose(test.statistics, again.draws(0.1, zone, drawn, factors), rtol=RTOL)


def test_all_vectors_of_signs_and_what_cluster_factors_change(data):
    estimate = iv(data, MODELS["two ways"], vcov=panel.cluster("unit"))
    test = panel.wild_bootstrap(estimate, "d = 0")
    assert (test.enumerated, test.draws, test.seed) == (True, 512, None)
    assert test.statistic == pytest.approx(estimate.tvalues["d"], rel=1e-10)
    assert test.std_error == pytest.approx(estimate.bse["d"], rel=1e-10)
    codes = estimate.design.groups("unit")
    signs = 1.0 - 2.0 * ((np.arange(512) >> np.arange(9)[:, None]) & 1)
    again = Again(estimate, weights_on(estimate, "d"), "tsls")
    drawn = again.draws(0.0, codes, signs, [(1.0, codes)])
    own = again.statistic(again.y, again.d, 0.0, [(1.0, codes)])
    assert test.p_value == np.mean(np.abs(drawn) > abs(own) * (1 + 1e-9))
    # A factor on the variance scales the sample's and every draw's statistic alike.
    plain = panel.wild_bootstrap(estimate.with_vcov(panel.cluster("unit", kind="CR0")), "d = 0")
    assert plain.p_value == test.p_value
    assert plain.statistic > test.statistic


@pytest.mark.parametrize("hypothesis", ["d", "x"])
def test_confidence_set_is_where_the_p_value_is_at_least_alpha(hypothesis, data):
    estimate = iv(data, MODELS["two ways"], vcov=panel.cluster("unit"), method=panel.liml())
    test = panel.wild_bootstrap(estimate, hypothesis)
    ends = test.confidence_set(0.1)
    t = test.std_error
    for low, high in ends:
        assert (
            test.p_values([low, high]).min()
            >= 0.1
            > test.p_values([low - 1e-5 * t, high + 1e-5 * t]).max()
        )
    grid = test.estimate + t * np.linspace(-6, 6, 49)
    inside = np.any([(grid >= low) & (grid <= high) for low, high in ends], axis=0)
    np.testing.assert_array_equal(inside, test.p_values(grid) >= 0.1)
    assert any(low < test.estimate < high for low, high in ends)
    other = panel.wild_bootstrap(estimate, f"{hypothesis} = {grid[5]}")
    assert other.p_value == test.p_values(grid[5:6])[0]


def test_weak_instruments_give_a_set_without_ends(data):
    draw = np.random.default_rng(0)
    estimate = iv(
        data.assign(q=draw.normal(size=len(data))), "y ~ x | unit | d ~ q",
        vcov=panel.cluster("unit"),
    )  # fmt: skip
    ends = panel.wild_bootstrap(estimate, "d").confidence_set()
    assert (ends[0][0], ends[-1][1]) == (-np.inf, np.inf)


def test_order_of_rows_units_of_measurement_and_names_do_not_matter(data):
    formula = MODELS["two ways"]
    first = panel.wild_bootstrap(iv(data, formula, vcov=panel.cluster("unit")), "d = 0.2")
    changed = data.sample(frac=1, random_state=1).assign(
        unit=lambda t: 20 - t.unit, z1=lambda t: t.z1 * 1e4, x2=lambda t: t.x2 * 1e-3
    )
    second = panel.wild_bootstrap(iv(changed, formula, vcov=panel.cluster("unit")), "d = 0.2")
    assert second.p_value == first.p_value
    np.testing.assert_allclose(
        np.sort(second.statistics), np.sort(first.statistics), rtol=1e-8, atol=1e-10
    )
    scaled = data.assign(d=data.d * 100)
    third = panel.wild_bootstrap(iv(scaled, formula, vcov=panel.cluster("unit")), "d = 0.002")
    np.testing.assert_allclose(third.statistics, first.statistics, rtol=1e-8)


def test_just_identified_liml_is_two_stage_least_squares(data):
    tests = [
        panel.wild_bootstrap(iv(data, MODELS["exact"], method=m, vcov=panel.cluster("unit")), "d")
        for m in (panel.tsls(), panel.liml())
    ]
    np.testing.assert_allclose(tests[0].statistics, tests[1].statistics, rtol=1e-9)


def test_result_travels_and_reads_as_every_wild_test(data):
    test = panel.wild_bootstrap(iv(data, MODELS["exact"], vcov=panel.cluster("unit")), "d")
    back = pickle.loads(pickle.dumps(test))
    assert isinstance(test, panel.WildTest)
    np.testing.assert_array_equal(back.statistics, test.statistics)
    assert str(back) == str(test)
    assert "(WRE): d = 0" in str(test)
    assert test.tidy().p_value.item() == test.p_value == test.test.p_value
    assert "9 unit clusters give only 512" in test.notes[0]


def test_what_it_cannot_do(data):
    estimate = iv(data, MODELS["two ways"])
    with pytest.raises(VcovError, match="needs a cluster variable"):
        panel.wild_bootstrap(estimate, "d")
    with pytest.raises(VcovError, match="no variant 'WCU11'"):
        panel.wild_bootstrap(estimate, "d", cluster="unit", variant="WCU11")
    for method in (panel.gmm(), panel.cue()):
        by_moments = iv(data, MODELS["exact"], method=method)
        with pytest.raises(VcovError, match="no draws for"):
            panel.wild_bootstrap(by_moments, "d", cluster="unit")
    with pytest.raises(VcovError, match="the estimate itself"):
        panel.wild_bootstrap(estimate.map(2 * np.eye(3), ["a", "b", "c"]), "a", cluster="unit")
    with pytest.raises(panel.errors.FormulaError, match="2 restrictions"):
        panel.wild_bootstrap(estimate, "d = x = 0", cluster="unit")


def test_a_variance_that_is_not_positive_is_an_error_and_no_p_value_of_zero():
    draw = np.random.default_rng(0)
    table = pd.DataFrame([(u, t) for u in range(4) for t in range(3)], columns=["unit", "year"])
    table[["q", "q2", "e"]] = draw.normal(size=(12, 3))
    table["x"] = table.q + table.q2 + table.e
    table["y"] = table.x + draw.normal(size=12) + table.e
    both = panel.cluster("unit", "year")
    ols = panel.ols("y ~ x", table, unit="unit", time="year", vcov=both)
    estimate = iv(table, "y ~ 1 | 0 | x ~ q + q2", vcov=both)
    for model in (ols, estimate):
        with pytest.raises(VcovError, match="negative"):
            _ = model.bse
        with pytest.raises(VcovError, match="'x = 0' by these clusters is not positive"):
            panel.wild_bootstrap(model, "x", draws=9)
    with pytest.raises(VcovError, match="not positive definite"):
        panel.wild_anderson_rubin(estimate, draws=9)
