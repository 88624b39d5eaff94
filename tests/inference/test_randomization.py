"""Randomization inference against plain re-estimation and complete enumeration."""

from __future__ import annotations

import pickle
from itertools import permutations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.inference import cluster
from panel.inference.randomization import randomization_test


@pytest.fixture(scope="module")
def treated(table):
    """Produc in which a treatment comes to some states in some years: a made-up one."""
    data = table("Produc")
    number = data.state.factorize()[0]
    return data.assign(
        treated=((number % 3 == 0) & (data.year >= 1976 + number % 5)).astype(float),
        south=(number % 2).astype(float),
    )


def fit(data, formula="log(gsp) ~ treated + unemp | state + year", **more):
    return panel.ols(formula, data, unit="state", time="year", **more)


@pytest.mark.parametrize("weights", [None, "emp"])
def test_draws_are_the_model_with_histories_exchanged(weights, treated):
    estimate = fit(treated, weights=weights, vcov=cluster("state"))
    test = randomization_test(estimate, "treated", draws=5, seed=3)
    names = list(dict.fromkeys(estimate.design.column("state")))
    generator = np.random.default_rng(3)
    history = treated.set_index(["state", "year"]).treated
    for b in range(5):
        donor = dict(zip(names, np.array(names)[generator.permutation(len(names))], strict=True))
        keys = pd.MultiIndex.from_arrays([treated.state.map(donor), treated.year])
        again = fit(
            treated.assign(treated=history[keys].to_numpy()), weights=weights, vcov=cluster("state")
        )
        assert test.coefficients[b] == pytest.approx(again.params["treated"], rel=1e-8)
        assert test.statistics[b] == pytest.approx(again.tvalues["treated"], rel=1e-8)
    quick = randomization_test(estimate, "treated", draws=5, seed=3, statistic="coefficient")
    np.testing.assert_allclose(quick.coefficients, test.coefficients, rtol=1e-9)
    assert test.statistic == estimate.tvalues["treated"]


def test_p_value_comes_near_that_of_all_permutations(table):
    # Five firms have 120 permutations; 4,999 draws estimate the share with an error of 0.7%.
    data = table("Grunfeld").query("firm <= 5")
    formula = "inv ~ value | firm + year"
    estimate = panel.ols(formula, data, unit="firm", time="year")
    wide = data.pivot_table(index="firm", columns="year", values="value").to_numpy()
    outcome = data.pivot_table(index="firm", columns="year", values="inv").to_numpy()

    def demeaned(a):
        return a - a.mean(axis=0) - a.mean(axis=1, keepdims=True) + a.mean()

    x, y = demeaned(wide), demeaned(outcome)
    slopes = [(x[list(order)] * y).sum() / (x**2).sum() for order in permutations(range(5))]
    share = np.mean(np.abs(slopes) >= abs(slopes[0]) * (1 - 1e-12))
    test = randomization_test(estimate, "value", statistic="coefficient", draws=4999, seed=1)
    assert test.p_value == pytest.approx(share, abs=0.03)
    assert set(np.round(test.coefficients, 8)) <= set(np.round(slopes, 8))


def test_a_treatment_that_does_nothing_is_rejected_at_its_level(table):
    # 200 assignments at random under the sharp null: rejections at 10% within three errors.
    data = table("Produc").query("year > 1980")
    generator, states = np.random.default_rng(11), data.state.unique()
    rejected = 0
    for _ in range(200):
        chosen = set(generator.permutation(states)[:16])
        made = data.assign(treated=(data.state.isin(chosen) & (data.year > 1983)).astype(float))
        test = randomization_test(
            fit(made, "log(gsp) ~ treated | state + year"), "treated", draws=99,
            statistic="coefficient", seed=int(generator.integers(1 << 30)),
        )  # fmt: skip
        rejected += test.p_value <= 0.1
    assert 20 - 13 <= rejected <= 20 + 13


def test_exchanges_stay_within_strata_and_groups(treated):
    estimate = fit(treated, "log(gsp) ~ treated | state + year")
    within = randomization_test(estimate, "treated", within="region", draws=30, seed=1)
    free = randomization_test(estimate, "treated", draws=30, seed=1)
    assert within.settings["within"] == "region"
    assert not np.allclose(within.coefficients, free.coefficients)
    by_region = treated.assign(treated=((treated.region % 2 == 0) & (treated.year > 1979)) * 1.0)
    grouped = randomization_test(
        fit(by_region, "log(gsp) ~ treated | state + year"), "treated", permute="region", draws=20
    )
    assert grouped.settings["permute"] == "region"
    with pytest.raises(panel.errors.VcovError, match="differs within the group of 'region'"):
        randomization_test(estimate, "treated", permute="region")
    with pytest.raises(panel.errors.VcovError, match="'unemp' is not the same"):
        randomization_test(estimate, "treated", within="unemp")


def test_rows_may_be_shuffled(treated):
    estimate = fit(treated, "log(gsp) ~ treated | state + year")
    test = randomization_test(estimate, "treated", permute="rows", draws=3, seed=8)
    # Shuffled values have no persistence: their t by i.i.d. errors is of the order of one.
    assert np.abs(test.statistics).max() < 5
    assert np.abs(test.statistics).max() > 0.05


def test_unbalanced_histories_are_named(table):
    data = table("Produc").query("state != 'UTAH' or year > 1975")
    data = data.assign(treated=lambda d: (d.state.factorize()[0] % 3 == 0) * (d.year > 1980) * 1.0)
    estimate = fit(data, "log(gsp) ~ treated | state + year")
    with pytest.raises(panel.errors.VcovError, match=r"history of UTAH.* has no value"):
        randomization_test(estimate, "treated")


def test_reassignments_that_leave_nothing_are_counted(table):
    # Firms 1 and 3 are treated; where both of a pair are, the effects of pair and year take it all.
    data = table("Grunfeld").query("firm <= 4")
    data = data.assign(
        pair=lambda d: d.firm > 2, treated=lambda d: d.firm.isin([1, 3]) * (d.year > 1945) * 1.0
    )
    estimate = panel.ols("inv ~ treated | firm + pair^year", data, unit="firm", time="year")
    for statistic in ("t", "coefficient"):
        test = randomization_test(estimate, "treated", draws=200, statistic=statistic)
        assert 40 < 200 - test.draws < 95  # two of six choices
        assert f"{200 - test.draws} of 200 reassignments leave nothing" in str(test)


def test_result_travels(table):
    estimate = panel.ols("inv ~ value | firm", table("Grunfeld"), unit="firm", time="year")
    test = randomization_test(estimate, "value", permute="rows", draws=20)
    assert test.p_value == 1 / 21
    assert "20 reassignments of rows" in str(test)
    back = pickle.loads(pickle.dumps(test))
    np.testing.assert_array_equal(back.coefficients, test.coefficients)
    assert test.tidy().loc[0, "term"] == "value"
    assert "<pre>" in test._repr_html_()
    assert "20 reassignments of rows" in str(test.test)


def test_bad_choices(treated):
    estimate = fit(treated, "log(gsp) ~ treated + treated:unemp + unemp | state + year")
    with pytest.raises(panel.errors.FormulaError, match="made together with 'treated:unemp'"):
        randomization_test(estimate, "treated")
    estimate = fit(treated)
    with pytest.raises(panel.errors.FormulaError, match="did you mean 'treated'"):
        randomization_test(estimate, "treatd")
    for bad in ({"statistic": "f"}, {"draws": 0}):
        with pytest.raises(panel.errors.VcovError):
            randomization_test(estimate, "treated", **bad)
    random = panel.random_effects("log(gsp) ~ treated", treated, unit="state", time="year")
    with pytest.raises(panel.errors.VcovError, match="before its regression"):
        randomization_test(random, "treated")
    changes = panel.first_difference("log(gsp) ~ treated", treated, unit="state", time="year")
    with pytest.raises(panel.errors.FormulaError, match="cannot be reassigned"):
        randomization_test(changes, "treated")
