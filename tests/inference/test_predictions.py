"""Predictions with intervals: against statsmodels, and against dummies written out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import DataError, EstimationError, VcovError


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    """Twelve provinces and nine years, a tenth of the rows missing."""
    draw = np.random.default_rng(5)
    keys = [(f"p{i:02d}", 2010 + t) for i in range(12) for t in range(9)]
    table = pd.DataFrame(keys, columns=["province", "year"])
    n = len(table)
    table["zone"] = np.array(["East", "West"])[table.province.str[1:].astype(int) % 2]
    table["coast"] = table.province.str[1:].astype(int) % 3
    table["x"], table["z"] = draw.normal(size=n), draw.uniform(1, 2, n)
    table["q"], table["w"] = table.x + draw.normal(size=n), draw.uniform(0.5, 2, n)
    table["y"] = table.x - table.z + np.repeat(draw.normal(size=12), 9) + draw.normal(size=n)
    table["count"] = draw.poisson(np.exp(0.4 * table.x + 1))
    return table.sample(frac=0.9, random_state=2).reset_index(drop=True)


@pytest.fixture(scope="module")
def frame(data: pd.DataFrame) -> panel.PanelFrame:
    return panel.PanelFrame.from_pandas(data, "province", "year")


@pytest.fixture(scope="module")
def new(data: pd.DataFrame) -> pd.DataFrame:
    """Rows used and cells of the panel that have no row, with other regressors."""
    keys = pd.MultiIndex.from_product(
        [sorted(data.province.unique()), range(2010, 2019)], names=["province", "year"]
    )
    draw = np.random.default_rng(6)
    table = pd.DataFrame(draw.uniform(1, 2, (len(keys), 2)), keys, columns=["x", "z"])
    return table.assign(w=draw.uniform(0.5, 2, len(keys)))


@pytest.mark.parametrize("kind", ["iid", "HC1"])
def test_against_statsmodels(kind, data, new):
    smf = pytest.importorskip("statsmodels.formula.api")
    cov = {"iid": "nonrobust", "HC1": "HC1"}[kind]
    theirs = smf.ols("y ~ x * z", data).fit(cov_type=cov, use_t=True)
    expected = theirs.get_prediction(new.reset_index()).summary_frame(alpha=0.1)
    m = panel.pooled("y ~ x*z", data, vcov=kind, unit="province", time="year")
    ours = panel.predictions(m, new)
    np.testing.assert_allclose(ours.params, expected["mean"], rtol=1e-9)
    np.testing.assert_allclose(ours.bse, expected["mean_se"], rtol=1e-9)
    limits = ours.conf_int(0.1)
    np.testing.assert_allclose(limits.conf_low, expected.mean_ci_lower, rtol=1e-9)
    outcome = ours.prediction_int(0.1)
    np.testing.assert_allclose(outcome.pred_low, expected.obs_ci_lower, rtol=1e-9)
    np.testing.assert_allclose(outcome.pred_high, expected.obs_ci_upper, rtol=1e-9)
    assert {"pred_low", "conf_low"} <= set(ours.tidy().columns)


@pytest.mark.parametrize("kind", ["iid", "HC1"])
@pytest.mark.parametrize("weights", [None, "w"])
def test_fixed_effects_against_dummies_of_statsmodels(kind, weights, data, new):
    smf = pytest.importorskip("statsmodels.formula.api")
    formula = "y ~ x * z + C(province) + C(year)"
    cov = {"iid": "nonrobust", "HC1": "HC1"}[kind]
    fit = smf.ols(formula, data) if weights is None else smf.wls(formula, data, weights=data.w)
    theirs = fit.fit(cov_type=cov, use_t=True)
    w = None if weights is None else new.w
    expected = theirs.get_prediction(new.reset_index(), weights=w).summary_frame()
    m = panel.ols(
        "y ~ x*z | province + year", data, vcov=kind, weights=weights, unit="province", time="year"
    )
    ours = panel.predictions(m, new)
    # Cells of the panel without a row are among them: their effects come from other rows.
    assert len(new) > m.nobs
    np.testing.assert_allclose(ours.params, expected["mean"], rtol=1e-8)
    np.testing.assert_allclose(ours.bse, expected["mean_se"], rtol=1e-8)
    np.testing.assert_allclose(ours.prediction_int().pred_low, expected.obs_ci_lower, rtol=1e-8)
    np.testing.assert_allclose(ours.params, m.predict(new), rtol=1e-12)


PAIRS = {
    "ols": ("ols", "y ~ x*z | province + year", "y ~ x*z + i(province) + i(year)", None),
    "wls": ("ols", "y ~ x*z | province + year", "y ~ x*z + i(province) + i(year)", "w"),
    "three": ("ols", "y ~ x | year + zone + coast", "y ~ x + i(year) + i(zone) + i(coast)", None),
    "poisson": ("poisson", "count ~ x*z | zone + year", "count ~ x*z + i(zone) + i(year)", None),
    "iv": ("iv", "y ~ z | province | x ~ q", "y ~ z + i(province) | 0 | x ~ q", None),
}


@pytest.mark.parametrize("case", PAIRS)
def test_absorbed_effects_are_as_certain_as_dummies(case, frame):
    verb, absorbed, dummies, weights = PAIRS[case]
    settings = {} if weights is None else {"weights": weights}
    one, two = (getattr(panel, verb)(f, frame, **settings) for f in (absorbed, dummies))
    for ask in (
        lambda m: panel.predictions(m),
        lambda m: panel.predictions(m, by=["zone", "coast"]),
        lambda m: panel.predictions(m, at={"x": [0, 1]}, by="year"),
        lambda m: panel.predictions(m, at={"x": [0, 1]}, scale="index"),
        lambda m: panel.predictions(m, frame),
        lambda m: panel.predictions(m, frame, by="zone"),
    ):
        for vcov in ("iid", "HC0", panel.cluster("zone^year", kind="CR0")):
            a, b = ask(one).with_vcov(vcov), ask(two).with_vcov(vcov)
            assert a.names == b.names
            # Poisson and three groupings are iterated to about 1e-10.
            np.testing.assert_allclose(a.params, b.params, rtol=1e-7, atol=1e-9)
            np.testing.assert_allclose(a.bse, b.bse, rtol=1e-6)


def test_the_mean_prediction_of_a_group_with_an_effect_is_its_mean_outcome(frame):
    m = panel.ols("y ~ x | year", frame, vcov="hetero")
    means = frame.table.groupby("year").y.mean()
    ours = panel.predictions(m, by="year")
    np.testing.assert_allclose(ours.params, means, rtol=1e-10)
    assert ours.names[0] == "year = 2010"
    counts = panel.poisson("count ~ x | year", frame)
    ours = panel.predictions(counts, by="year")
    np.testing.assert_allclose(ours.params, frame.table.groupby("year")["count"].mean(), rtol=1e-8)


def test_levels_inside_clusters_are_given_and_said_to_be(frame):
    m = panel.ols("y ~ x | province", frame, vcov=panel.cluster("province"))
    ours = panel.predictions(m, at={"x": [0, 1]})
    assert "taken as given" in ours.notes[-1]
    gap = panel.contrasts(m, "x")
    difference = panel.linear(ours.estimate, "`x = 1` - `x = 0`")
    assert difference.bse.iloc[0] == pytest.approx(gap.bse.iloc[0], rel=1e-9)
    assert not any("as given" in note for note in gap.notes)
    # The mean fit is the mean outcome, of which residuals that add up to zero say nothing.
    mean = panel.predictions(m)
    with pytest.raises(VcovError, match="says nothing of 'mean'"):
        mean.tidy()
    assert mean.with_vcov("hetero").bse.iloc[0] > 0


def test_no_prediction_where_predict_has_none(frame):
    m = panel.ols("y ~ x | province", frame)
    rows = pd.DataFrame(
        {"province": ["p00", "p99"], "year": [2010, 2010], "x": [1.0, 1.0]}
    ).set_index(["province", "year"])  # fmt: skip
    ours = panel.predictions(m, rows)
    assert ours.names == ("p00, 2010", "p99, 2010")
    assert ours.params.notna().tolist() == [True, False]
    assert ours.bse.notna().tolist() == [True, False]
    assert ours.conf_int().notna().all(axis=1).tolist() == [True, False]
    alone = panel.predictions(m, rows.iloc[:1])
    assert ours.bse.iloc[0] == pytest.approx(alone.bse.iloc[0], rel=1e-12)


def test_effects_alone(frame):
    m = panel.ols("y ~ 1 | province", frame)
    means = frame.table.groupby("province").y
    ours = panel.predictions(m, by="province")
    np.testing.assert_allclose(ours.params, means.mean(), rtol=1e-10)
    np.testing.assert_allclose(ours.bse, m.stats["sigma"] / means.count() ** 0.5, rtol=1e-10)
    assert panel.predictions(m, frame).params.notna().all()


def test_weights_are_asked_of_new_data_only_where_they_are_needed(frame, new):
    m = panel.pooled("y ~ x", frame, weights="w")
    ours = panel.predictions(m, new.drop(columns="w"))
    assert ours.bse.notna().all()
    with pytest.raises(EstimationError, match="no prediction intervals"):
        ours.prediction_int()
    with pytest.raises(panel.PanelError, match="'w' is not in the frame"):
        panel.predictions(m, new.drop(columns="w"), by="year")


def test_the_scale_of_poisson(frame):
    m = panel.poisson("count ~ x", frame, vcov="hetero")
    rows = frame.rows(lambda t: t.year == 2012)
    mean, index = panel.predictions(m, rows), panel.predictions(m, rows, scale="index")
    np.testing.assert_allclose(mean.params, np.exp(index.params), rtol=1e-12)
    np.testing.assert_allclose(mean.bse, mean.params * index.bse, rtol=1e-10)
    np.testing.assert_allclose(index.params, m.predict(rows), rtol=1e-12)
    with pytest.raises(EstimationError, match="no prediction intervals"):
        mean.prediction_int()


def test_coverage_of_a_new_outcome_is_as_stated():
    # 2000 new outcomes of a model with known errors: the share inside has a standard error of 1%.
    draw = np.random.default_rng(0)
    keys = pd.MultiIndex.from_product([[f"p{i}" for i in range(20)], range(100)], names=["p", "t"])
    data = pd.DataFrame({"x": draw.normal(size=2000)}, keys).sort_index()
    fit, fresh = (data.assign(y=data.x + draw.normal(size=2000)) for _ in range(2))
    m = panel.ols("y ~ x | p", fit.groupby("p").head(12))
    limits = panel.predictions(m, fresh).prediction_int(0.1)
    inside = (fresh.y.to_numpy() > limits.pred_low) & (fresh.y.to_numpy() < limits.pred_high)
    assert float(inside.mean()) == pytest.approx(0.9, abs=0.03)


def test_errors(frame):
    m = panel.ols("y ~ x*coast | province", frame)
    with pytest.raises(DataError, match="at would set"):
        panel.predictions(m, frame, at={"x": 1})
    with pytest.raises(EstimationError, match="depends on 'coast', which was left out"):
        panel.predictions(m, at={"coast": 1})
    with pytest.raises(DataError, match="no rows"):
        panel.predictions(m, frame.rows(lambda t: t.year < 0))
    q = panel.quantile("y ~ x | province", frame)
    with pytest.raises(EstimationError, match="uncertainty is unknown"):
        panel.predictions(q)
    assert panel.predictions(panel.quantile("y ~ x", frame)).bse.notna().all()
    with pytest.raises(EstimationError, match="no prediction intervals for slopes"):
        panel.slopes(m, "x").prediction_int()
