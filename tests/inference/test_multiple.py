"""Adjusted p-values against pyfixest, statsmodels and their definitions."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

import panel
from panel.inference import cluster
from panel.inference.multiple import holm, romano_wolf, westfall_young
from panel.inference.wild import wild_bootstrap

STORED = json.loads(
    (Path(__file__).parents[1] / "reference" / "pyfixest_multiple.json").read_text()
)


@pytest.fixture(scope="module")
def models(table):
    data = table("Grunfeld").assign(
        half=lambda d: (d.year < 1945) * d.capital,
        lv=lambda d: np.log(d.value),
        li=lambda d: np.log(d.inv),
    )
    return [
        panel.ols(f, data, unit="firm", time="year", vcov=cluster("firm"))
        for f in STORED["formulas"]
    ]


def test_agrees_with_pyfixest(models):
    # All 1,024 vectors. Two of them repeat the sample's statistic, which pyfixest counts or not as
    # rounding falls, and its Westfall-Young p-value is c/B where ours is (1 + c)/(1 + B).
    ours = romano_wolf(models, "capital")
    assert ours.enumerated
    counts = ours.table.p_adjusted.to_numpy() * 1025 - np.array(STORED["romano_wolf"]) * 1025
    assert set(np.round(counts, 6)) <= {0.0, 2.0}
    counts = westfall_young(models, "capital").table.p_adjusted.to_numpy() * 1025 - 1
    counts = counts - np.array(STORED["westfall_young"]) * 1024
    assert set(np.round(counts, 6)) <= {0.0, 2.0}


def test_one_test_is_not_adjusted(models):
    test = romano_wolf(models[0], "capital", weights="webb", draws=499, seed=4)
    alone = wild_bootstrap(models[0], "capital", weights="webb", draws=499, seed=4)
    assert test.table.p_adjusted[0] == pytest.approx((1 + 499 * alone.p_value) / 500)
    assert test.table.statistic[0] == pytest.approx(alone.statistic, rel=1e-12)


def test_step_down_by_its_definition(models):
    names, draws = ["capital", "value"], 299
    test = romano_wolf(models[0], names, weights="webb", draws=draws, seed=9)
    each = [wild_bootstrap(models[0], n, weights="webb", draws=draws, seed=9) for n in names]
    t = np.abs([e.statistic for e in each])
    drawn = np.abs(np.column_stack([e.statistics for e in each]))
    first, last = np.argmax(t), np.argmin(t)
    p_first = (1 + (drawn.max(axis=1) >= t[first]).sum()) / (draws + 1)
    p_last = max(p_first, (1 + (drawn[:, last] >= t[last]).sum()) / (draws + 1))
    adjusted = test.table.p_adjusted
    assert (adjusted[first], adjusted[last]) == pytest.approx((p_first, p_last))
    assert (adjusted >= test.table.p_value).all()


def test_clusters_share_weights_across_samples(models, table):
    # The same model on rows in another order and with one firm less: weights go by firm.
    data = table("Grunfeld").sort_values("year", ascending=False)
    both = [models[0], panel.ols(STORED["formulas"][0], data, unit="firm", time="year")]
    test = romano_wolf(both, "capital", cluster="firm", weights="normal", draws=99, seed=2)
    assert test.table.p_adjusted[0] == test.table.p_adjusted[1] == test.table.p_value[0]
    fewer = panel.ols(STORED["formulas"][0], data.query("firm != 1"), unit="firm", time="year")
    mixed = romano_wolf([fewer, models[0]], "capital", cluster="firm", draws=99, seed=2)
    assert len(mixed.table) == 2
    assert mixed.draws == 99


def test_fewer_clusters_count_in_westfall_and_young(models, table):
    few = panel.ols(
        "inv ~ capital + value", table("Grunfeld").query("firm > 5"), unit="firm", time="year"
    )
    settings = {"cluster": "firm", "weights": "webb", "draws": 499, "seed": 1}
    rw = romano_wolf([few, models[0]], "capital", **settings).table
    wy = westfall_young([few, models[0]], "capital", **settings).table
    pd.testing.assert_series_equal(rw.p_value, wy.p_value)
    assert (wy.p_adjusted >= wy.p_value - 1e-12).all()


@pytest.mark.parametrize("digits", [1, 3, 16])  # few digits make ties
@pytest.mark.parametrize("m", [1, 2, 7, 40])
def test_holm_agrees_with_statsmodels(m, digits):
    p = np.random.default_rng(m).random(m).round(digits)
    np.testing.assert_allclose(holm(p), multipletests(p, method="holm")[1], rtol=1e-12)


def test_holm_keeps_names(models):
    adjusted = holm(models[0].pvalues)
    assert adjusted.index.tolist() == list(models[0].names)
    assert adjusted["capital"] >= models[0].pvalues["capital"]
    with pytest.raises(panel.errors.DataError, match="between 0 and 1"):
        holm([0.1, 1.2])
    with pytest.raises(panel.errors.DataError, match="between 0 and 1"):
        holm([0.1, np.nan])


def test_result_travels(models):
    test = romano_wolf(models, "capital", weights="webb", draws=99)
    back = pickle.loads(pickle.dumps(test))
    pd.testing.assert_frame_equal(back.tidy(), test.tidy())
    assert "4 hypotheses, Romano-Wolf" in str(back)
    assert "<pre>" in test._repr_html_()
    copy = test.tidy()
    copy["p_value"] = 0
    assert (test.table.p_value > 0).all()


def test_bad_choices(models):
    with pytest.raises(panel.errors.DataError, match="4 models and 2 hypotheses"):
        romano_wolf(models, ["capital", "value"])
    with pytest.raises(panel.errors.VcovError, match="one cluster variable"):
        romano_wolf([models[0], models[1].with_vcov(cluster("year"))], "capital")
    with pytest.raises(panel.errors.VcovError, match="did you mean 'webb'"):
        westfall_young(models, "capital", weights="web")
    with pytest.raises(panel.errors.FormulaError, match="value"):
        romano_wolf(models, "value")
