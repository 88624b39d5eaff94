"""The wild bootstrap of Anderson and Rubin's test against plain re-estimation with dummies."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import FormulaError, VcovError
from panel.kernels.wild import weight_batches


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    """Unbalanced panel of 8 regions and 9 years with two endogenous regressors."""
    draw = np.random.default_rng(4)
    table = pd.DataFrame([(u, t) for u in range(8) for t in range(9)], columns=["unit", "year"])
    n = len(table)
    table[["z1", "z2", "x"]] = draw.normal(size=(n, 3))
    shock = draw.normal(size=n) + 0.5 * draw.normal(size=8)[table.unit] * table.z1
    table["d"] = 0.6 * table.z1 + 0.4 * table.z2 + shock + draw.normal(size=n)
    table["e"] = table.z1 - table.z2 + 0.5 * shock + draw.normal(size=n)
    table["y"] = 0.5 * table.d + table.x + shock + 0.1 * table.unit
    table["w"] = draw.uniform(0.5, 2, n)
    return table[draw.uniform(size=n) < 0.9].reset_index(drop=True)


def iv(data, formula, **settings):
    return panel.iv(formula, data, unit="unit", time="year", **settings)


def statistics_again(estimate, values, codes, weights, groups):
    """The sample's and every draw's F by least squares with dummies."""
    design = estimate.design
    root = np.ones(design.n) if design.w is None else np.sqrt(design.w)
    every = [np.eye(c.max() + 1)[c] for c in (design.absorber.codes if design.absorber else ())]
    every = [d if j == 0 else d[:, 1:] for j, d in enumerate(every)]
    names = list(design.names)
    exogenous = [j for j, n in enumerate(names) if n not in design.endogenous]
    d = design.X[:, [names.index(n) for n in design.endogenous]]
    x = np.column_stack([design.X[:, exogenous], *every]) * root[:, None]
    z = design.Z * root[:, None]
    outcome = (design.y - d @ values) * root
    fitted = x @ np.linalg.lstsq(x, outcome, rcond=None)[0]

    def f(y):
        both = np.column_stack([z, x])
        b = np.linalg.lstsq(both, y, rcond=None)[0]
        residual = y - both @ b
        bread = np.linalg.inv(both.T @ both)
        meat = np.zeros((len(b), len(b)))
        for factor, by in groups:
            for g in range(by.max() + 1):
                score = both[by == g].T @ residual[by == g]
                meat += factor * np.outer(score, score)
        v = (bread @ meat @ bread)[: z.shape[1], : z.shape[1]]
        b = b[: z.shape[1]]
        return b @ np.linalg.solve(v, b) / len(b)

    drawn = [f(fitted + (outcome - fitted) * v[codes]) for v in weights.T]
    return f(outcome), np.array(drawn)


@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize(
    ("formula", "null"),
    [
        ("y ~ x | 0 | d ~ z1 + z2", {"d": 0.0}),
        ("y ~ 1 | unit | d ~ z1", {"d": 0.4}),
        ("y ~ x | unit + year | d ~ z1 + z2", {"d": 0.3}),
        ("y ~ x | unit | d + e ~ z1 + z2", {"e": 0.2, "d": 0.5}),
    ],
)
def test_is_what_estimating_every_draw_again_gives(formula, null, weights, data):
    estimate = iv(data, formula, weights=weights, vcov=panel.cluster("unit", small="none"))
    test = panel.wild_anderson_rubin(estimate, null, weights="webb", draws=7, seed=5)
    codes = estimate.design.groups("unit")
    (drawn,) = weight_batches(8, 7, "webb", 5)
    values = np.array([null[n] for n in estimate.design.endogenous])
    own, expected = statistics_again(estimate, values, codes, drawn, [(1.0, codes)])
    # Inverses of normal equations on the other side.
    np.testing.assert_allclose(test.statistics, expected, rtol=1e-7)
    assert test.statistic == pytest.approx(own, rel=1e-8)
    assert test.p_value == np.mean(expected > own)
    assert test.null == null


@pytest.mark.parametrize(
    "vcov",
    [panel.cluster("unit"), panel.cluster("unit", "year"), panel.cluster("year", kind="CR0")],
)
def test_its_statistic_is_that_of_anderson_rubin(vcov, data):
    estimate = iv(data, "y ~ x | unit | d ~ z1 + z2", vcov=vcov, weights="w")
    for null in (0.0, 0.7):
        found = panel.wild_anderson_rubin(estimate, null, draws=9, seed=1)
        expected = panel.anderson_rubin(estimate, null).test
        assert found.statistic == pytest.approx(expected.statistic, rel=1e-9)
        assert found.test.null == expected.null


def test_all_vectors_of_signs(data):
    estimate = iv(data, "y ~ x | unit | d ~ z1", vcov=panel.cluster("unit", small="none"))
    test = panel.wild_anderson_rubin(estimate)
    assert (test.enumerated, test.draws, test.seed) == (True, 256, None)
    codes = estimate.design.groups("unit")
    signs = 1.0 - 2.0 * ((np.arange(256) >> np.arange(8)[:, None]) & 1)
    own, drawn = statistics_again(estimate, np.zeros(1), codes, signs, [(1.0, codes)])
    assert test.p_value == np.mean(drawn > own * (1 + 1e-9))
    # One instrument: its t statistic in the reduced form, squared, by least squares.
    reduced = panel.first_stage(estimate).reduced_form
    assert panel.wild_bootstrap(reduced, "z1").p_value == test.p_value
    assert test.statistic == pytest.approx(reduced.tvalues["z1"] ** 2, rel=1e-10)


def test_confidence_set_is_where_the_p_value_is_at_least_alpha(data):
    estimate = iv(data, "y ~ x | unit | d ~ z1 + z2", vcov=panel.cluster("unit"))
    test = panel.wild_anderson_rubin(estimate)
    ends = test.confidence_set(0.1)
    grid = np.linspace(-2, 3, 41)
    inside = np.any([(grid >= low) & (grid <= high) for low, high in ends], axis=0)
    np.testing.assert_array_equal(inside, test.p_values(grid) >= 0.1)
    assert panel.wild_anderson_rubin(estimate, grid[3]).p_value == test.p_values(grid[3:4])[0]


def test_instruments_that_contradict_one_another_leave_an_empty_set():
    draw = np.random.default_rng(1)
    table = pd.DataFrame([(u, t) for u in range(10) for t in range(20)], columns=["unit", "year"])
    table[["z1", "z2"]] = draw.normal(size=(200, 2))
    table["d"] = table.z1 + table.z2 + 0.1 * draw.normal(size=200)
    table["y"] = table.z1 - table.z2 + 0.1 * draw.normal(size=200)
    test = panel.wild_anderson_rubin(iv(table, "y ~ 1 | unit | d ~ z1 + z2"), cluster="unit")
    assert test.confidence_set() == ()


def test_result_travels(data):
    test = panel.wild_anderson_rubin(iv(data, "y ~ x | unit | d ~ z1"), 0.2, cluster="unit")
    back = pickle.loads(pickle.dumps(test))
    np.testing.assert_array_equal(back.statistics, test.statistics)
    assert str(back) == str(test) == repr(test)
    assert "d = 0.2" in test._repr_html_()
    assert test.test.tidy().p_value.item() == test.p_value
    assert "256 Rademacher vectors" in test.notes[0]


def test_mistakes(data):
    estimate = iv(data, "y ~ x | unit | d ~ z1")
    with pytest.raises(VcovError, match="needs a cluster variable"):
        panel.wild_anderson_rubin(estimate)
    for null in ({"e": 1.0}, {}, "d = 0", None, True):
        with pytest.raises(VcovError, match="must be a number"):
            panel.wild_anderson_rubin(estimate, null, cluster="unit")
    ols = panel.ols("y ~ x | unit", data, unit="unit", time="year")
    with pytest.raises(FormulaError, match="no instruments"):
        panel.wild_anderson_rubin(ols, cluster="unit")
    two = iv(data, "y ~ x | unit | d + e ~ z1 + z2")
    with pytest.raises(VcovError, match="2 endogenous"):
        panel.wild_anderson_rubin(two, cluster="unit", draws=9).confidence_set()
    with pytest.raises(VcovError, match="between 0 and 1"):
        panel.wild_anderson_rubin(estimate, cluster="unit").confidence_set(None)
    few = iv(data.assign(half=data.unit % 2), "y ~ x | unit | d ~ z1 + z2")
    with pytest.raises(VcovError, match="2 clusters cannot carry"):
        panel.wild_anderson_rubin(few, cluster="half")
    with pytest.raises(VcovError, match="no weights 'web'"):
        panel.wild_anderson_rubin(estimate, cluster="unit", weights="web")
