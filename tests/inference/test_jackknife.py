"""The jackknife against stored output of R, and against fitting again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.inference.jackknife import jackknife


def test_agrees_with_stored_output(model):
    # statsmodels' stored output of R sandwich (vcovJK) and summclust (CRV3J, seven digits) by firm,
    # on the pooled model of Grunfeld: constant, value, capital.
    estimate = model("grunfeld")
    crv3 = estimate.with_vcov(jackknife("firm"))
    np.testing.assert_allclose(crv3.bse, [34.81338218, 0.01612997208, 0.1473308781], rtol=1e-8)
    assert crv3.pvalues["capital"] == pytest.approx(0.1518557711, rel=1e-8)
    mean = estimate.with_vcov(jackknife("firm", center="mean"))
    np.testing.assert_allclose(mean.bse, [34.4225288, 0.01604534, 0.14636496], rtol=1e-6)
    assert mean.cov.df == 9


@pytest.mark.parametrize("center", ["estimate", "mean"])
@pytest.mark.parametrize(("case", "by"), [("gaps", "region"), ("gaps_weighted", "year")])
def test_is_the_model_fitted_again_without_each_cluster(case, by, center, model, assert_matrix):
    whole = model(case)
    left = np.array([model(case, by, g).coef for g in pd.unique(whole.design.column(by))])
    changes = left - (whole.coef if center == "estimate" else left.mean(axis=0))
    expected = (len(left) - 1) / len(left) * changes.T @ changes
    assert_matrix(whole.with_vcov(jackknife(by, center=center)).cov.matrix, expected)


def test_rows_one_by_one_are_hc3(model, assert_matrix):
    estimate = model("grunfeld_weighted")
    rows = estimate.with_vcov(jackknife())
    assert_matrix(rows.cov.matrix, 199 / 200 * estimate.with_vcov("HC3").cov.matrix, rtol=1e-11)
    assert rows.cov.df == 199
    assert rows.cov.label == "jackknife"


def test_an_estimate_in_place_of_a_variable_is_refused(table):
    estimate = panel.ols("inv ~ value", table("Grunfeld"), unit="firm", time="year")
    with pytest.raises(panel.PanelError, match="name of a variable, not Estimate") as caught:
        jackknife(estimate)
    assert "with_vcov" in str(caught.value)


def test_bad_choices(table):
    with pytest.raises(panel.errors.VcovError, match="did you mean 'mean'"):
        jackknife("firm", center="median")
    data = table("Grunfeld").assign(only=lambda d: d.firm.eq(3) * d.year)
    estimate = panel.ols("inv ~ value + only | firm", data, unit="firm", time="year")
    with pytest.raises(panel.errors.VcovError, match="'only' cannot be estimated without"):
        _ = estimate.with_vcov(jackknife("firm")).bse
