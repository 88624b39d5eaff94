"""Reading fitted models of four packages."""

from __future__ import annotations

import warnings
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from panel.core.frame import PanelFrame
from panel.errors import TableError
from panel.estimators.ols import ols
from panel.inference.cluster import cluster
from panel.inference.driscoll_kraay import driscoll_kraay
from panel.tables.models import ModelColumn, read_model


@pytest.fixture(scope="module")
def flat() -> pd.DataFrame:
    """Ten firms in six years, two regressors."""
    rng = np.random.default_rng(8)
    index = pd.MultiIndex.from_product([range(10), range(2000, 2006)], names=["firm", "year"])
    data = pd.DataFrame(rng.normal(size=(60, 2)), index=index, columns=["a", "b"])
    data["y"] = data["a"] + rng.normal(size=60) + index.get_level_values(0) / 5
    return data.reset_index()


@pytest.fixture(scope="module")
def ours(flat: pd.DataFrame) -> Any:
    frame = PanelFrame.from_pandas(flat, "firm", "year", labels={"a": {"en": "Alpha", "zh": "甲"}})
    return ols("y ~ a + b | firm + year", frame, vcov=cluster("firm"))


def test_a_result_of_ours_is_read_with_its_labels(ours: Any) -> None:
    column = read_model(ours, "zh")
    assert column.terms == ("a", "b")
    np.testing.assert_array_equal(column.estimates, ours.params)
    np.testing.assert_array_equal(column.std_errors, ours.bse)
    np.testing.assert_array_equal(column.p_values, ours.pvalues)
    assert column.labels == {"a": "甲"}
    assert (column.depvar, column.method) == ("y", "OLS")
    assert column.fixed_effects == ("firm", "year")
    assert (column.covariance, column.clusters) == ("clustered by firm", {"firm": 10})
    assert column.stats["nobs"] == 60
    assert column.stats["fvalue"] == ours.fvalue


def test_without_fixed_effects_nothing_is_within(flat: pd.DataFrame) -> None:
    frame = PanelFrame.from_pandas(flat, "firm", "year")
    column = read_model(ols("y ~ a", frame, vcov=driscoll_kraay(lags=2)))
    assert "rsquared" in column.stats
    assert "rsquared_within" not in column.stats
    assert column.covariance == "Driscoll-Kraay (2 lags)"


def test_statsmodels(flat: pd.DataFrame) -> None:
    formula = pytest.importorskip("statsmodels.formula.api")
    robust = formula.ols("y ~ a + b", flat).fit(cov_type="HC1")
    column = read_model(robust)
    assert column.terms == ("(Intercept)", "a", "b")
    np.testing.assert_array_equal(column.std_errors, robust.bse)
    assert column.covariance == "heteroskedasticity-robust (HC1)"
    assert (column.depvar, column.method) == ("y", "OLS")
    assert column.stats["rsquared_adj"] == robust.rsquared_adj
    clustered = formula.ols("y ~ a", flat).fit(
        cov_type="cluster", cov_kwds={"groups": flat["firm"]}
    )
    assert read_model(clustered).clusters == {"firm": 10}
    assert read_model(clustered).covariance == "clustered by firm"
    assert read_model(formula.ols("y ~ a", flat).fit()).covariance == "iid"
    hac = formula.ols("y ~ a", flat).fit(cov_type="HAC", cov_kwds={"maxlags": 1})
    assert read_model(hac).covariance == "Newey-West (1 lag)"


def test_statsmodels_without_names_and_with_another_r_squared(flat: pd.DataFrame) -> None:
    api = pytest.importorskip("statsmodels.api")
    plain = api.OLS(flat["y"].to_numpy(), flat[["a", "b"]].to_numpy()).fit()
    assert read_model(plain).terms == ("x1", "x2")
    logit = api.Logit((flat["y"] > 0).astype(int), flat[["a"]]).fit(disp=0)
    assert read_model(logit).stats["rsquared_pseudo"] == logit.prsquared


def test_linearmodels_means_by_r_squared_what_we_call_within(flat: pd.DataFrame, ours: Any) -> None:
    lm = pytest.importorskip("linearmodels")
    data = flat.set_index(["firm", "year"])
    fitted = lm.PanelOLS.from_formula("y ~ a + b + EntityEffects + TimeEffects", data).fit(
        cov_type="clustered", cluster_entity=True
    )
    column = read_model(fitted)
    assert column.terms == ("a", "b")
    assert column.fixed_effects == ("firm", "year")
    assert (column.covariance, column.clusters) == ("clustered by firm", {"firm": 10})
    # Both absorb exactly; what is left is rounding.
    np.testing.assert_allclose(column.estimates, ours.params, rtol=1e-10)
    for key in ("rsquared", "rsquared_within"):
        assert column.stats[key] == pytest.approx(ours.stats[key], rel=1e-10)
    assert abs(fitted.rsquared_within - ours.rsquared_within) > 1e-3  # another thing by that name


def test_linearmodels_clusters_and_kernels(flat: pd.DataFrame) -> None:
    lm = pytest.importorskip("linearmodels")
    data = flat.set_index(["firm", "year"])
    model = lm.PanelOLS.from_formula("y ~ 1 + a", data)
    both = read_model(model.fit(cov_type="clustered", cluster_entity=True, cluster_time=True))
    assert both.clusters == {"firm": 10, "year": 6}
    halves = (data.index.get_level_values(0) < 5).astype(int)
    given = pd.DataFrame({"half": halves}, index=data.index)
    other = read_model(model.fit(cov_type="clustered", clusters=given))
    assert other.clusters == {"cluster 1": 2}  # linearmodels does not keep its name
    kernel = read_model(model.fit(cov_type="kernel", bandwidth=2))
    assert kernel.covariance == "Driscoll-Kraay (2 lags)"
    iv = lm.IV2SLS.from_formula("y ~ 1 + [a ~ b]", flat).fit(cov_type="robust")
    assert read_model(iv).covariance == "heteroskedasticity-robust"
    assert read_model(iv).method == "IV2SLS"


def test_linearmodels_absorbing_and_random_effects(flat: pd.DataFrame, ours: Any) -> None:
    lm = pytest.importorskip("linearmodels")
    effects = flat[["firm", "year"]].astype("category")
    absorbed = read_model(lm.AbsorbingLS(flat["y"], flat[["a", "b"]], absorb=effects).fit())
    assert absorbed.fixed_effects == ("firm", "year")
    # AbsorbingLS iterates to a tolerance of its own, about 1e-8.
    assert absorbed.stats["rsquared_within"] == pytest.approx(ours.rsquared_within, rel=1e-5)
    random = lm.RandomEffects.from_formula("y ~ 1 + a", flat.set_index(["firm", "year"])).fit()
    assert read_model(random).stats["rsquared"] == random.rsquared_overall


def test_pyfixest(flat: pd.DataFrame, ours: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pf = pytest.importorskip("pyfixest")
        two_way = pf.feols("y ~ a + b | firm + year", flat, vcov={"CRV1": "firm + year"})
        plain = pf.feols("y ~ a", flat, vcov="hetero")
    column = read_model(two_way)
    assert column.terms == ("a", "b")
    assert column.fixed_effects == ("firm", "year")
    assert column.clusters == {"firm": 10, "year": 6}
    assert column.covariance == "clustered by firm and year"
    for key in ("nobs", "rsquared", "rsquared_within", "rsquared_adj", "rmse"):
        assert column.stats[key] == pytest.approx(ours.stats[key], rel=1e-8), key
    assert read_model(plain).terms == ("(Intercept)", "a")
    assert read_model(plain).covariance == "heteroskedasticity-robust (HC1)"


def test_any_result_with_maketables_hooks(ours: Any) -> None:
    names = [n for n in dir(ours) if n.startswith("__maketables_")]
    hooks = SimpleNamespace(**{n: getattr(ours, n) for n in names})
    column = read_model(hooks)
    np.testing.assert_array_equal(column.std_errors, ours.bse)
    assert column.fixed_effects == ("firm", "year")
    assert column.stats["nobs"] == 60
    assert column.covariance == "clustered by firm"


def test_maketables_shows_our_fixed_effects_beside_those_of_others(
    ours: Any, flat: pd.DataFrame
) -> None:
    maketables = pytest.importorskip("maketables")
    other = pytest.importorskip("statsmodels.formula.api").ols("y ~ a + b", flat).fit()
    plain = ols("y ~ a + b", flat, unit="firm", time="year")
    models = [ours.to_maketables(), plain.to_maketables(), other]
    tex = maketables.ETable(models).make(type="tex")
    assert "firm & x & - & -" in tex
    assert "(Intercept)" not in tex  # one row with the constant of statsmodels


def test_what_is_no_model_is_refused() -> None:
    for thing in (3, "ols", pd.DataFrame(), None):
        with pytest.raises(TableError, match="cannot be read as a fitted model"):
            read_model(thing)


def test_a_column_checks_its_shapes_and_does_not_change() -> None:
    with pytest.raises(TableError, match="std_errors"):
        ModelColumn(("a",), np.ones(1), np.ones(2), np.ones(1), "y")
    mine = np.ones(1)
    column = ModelColumn(("const",), mine, np.ones(1), np.ones(1), "y")
    mine[0] = 5
    assert (column.terms, column.estimates[0]) == (("(Intercept)",), 1.0)
    with pytest.raises(ValueError, match="read-only"):
        column.estimates[0] = 2


def test_confidence_limits_are_those_of_each_package(flat: pd.DataFrame, ours: Any) -> None:
    formula = pytest.importorskip("statsmodels.formula.api")
    linearmodels = pytest.importorskip("linearmodels")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyfixest = pytest.importorskip("pyfixest")
        fixest = pyfixest.feols("y ~ a + b | firm + year", flat, vcov={"CRV1": "firm"})
    plain = formula.ols("y ~ a + b", flat).fit()
    within = linearmodels.PanelOLS.from_formula(
        "y ~ a + b + EntityEffects", flat.set_index(["firm", "year"])
    ).fit()
    for model, limits in (
        (ours, ours.conf_int()),
        (plain, plain.conf_int()),
        (within, within.conf_int()),
        (fixest, fixest.confint()),
    ):
        np.testing.assert_array_equal(read_model(model).limits, limits.to_numpy())
    # Two packages agree on the same model, by sums in another order.
    np.testing.assert_allclose(read_model(ours).limits, read_model(fixest).limits, rtol=1e-8)


def test_limits_of_another_shape_are_refused() -> None:
    with pytest.raises(TableError, match="its limits have shape"):
        ModelColumn(("a",), np.ones(1), np.ones(1), np.ones(1), "y", limits=np.ones((2, 2)))


def test_the_mean_of_the_outcome_is_of_the_rows_used(flat: pd.DataFrame) -> None:
    frame = PanelFrame.from_pandas(flat.assign(w=flat["year"] - 1999.0), "firm", "year")
    model = ols("y ~ a | firm", frame, weights="w")
    expected = np.average(flat["y"], weights=flat["year"] - 1999)
    # Weights may be scaled by the model: a mean does not change, but for rounding.
    assert read_model(model).stats["depvar_mean"] == pytest.approx(expected, rel=1e-12)
