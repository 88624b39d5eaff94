"""The between estimator against R plm, Baltagi's table and linearmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from linearmodels.panel import BetweenOLS

import panel
from panel.estimators.between import between
from panel.estimators.pooled import pooled

GRUNFELD = "inv ~ value + capital"
PRODUC = "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp"
EMPLUK = "log(emp) ~ log(wage) + log(capital)"


@pytest.mark.parametrize(
    ("case", "data", "formula"),
    [
        ("grunfeld", "Grunfeld", GRUNFELD),
        ("produc", "Produc", PRODUC),
        ("empluk", "EmplUK", EMPLUK),
    ],
)
def test_agrees_with_plm(case, data, formula, stored, plm_frame, assert_model):
    estimate = between(formula, plm_frame(data))
    expected = stored[f"{case}_between"]
    assert_model(estimate, expected)
    assert [estimate.rsquared, estimate.rsquared_adj] == pytest.approx(expected["r2"], rel=1e-10)


def test_prints_baltagis_table(plm_frame):
    # Baltagi, Econometric Analysis of Panel Data, table 2.1, row Between.
    estimate = between(GRUNFELD, plm_frame("Grunfeld"))
    assert estimate.params[["value", "capital"]].round(3).tolist() == [0.135, 0.032]
    assert estimate.bse[["value", "capital"]].round(3).tolist() == [0.029, 0.191]


def test_robust_errors_agree_with_linearmodels(plm_frame, assert_matrix):
    frame = plm_frame("EmplUK")  # unbalanced
    data = np.log(frame.data[["emp", "wage", "capital"]]).assign(const=1.0)
    peer = BetweenOLS(data["emp"], data[["const", "wage", "capital"]]).fit(cov_type="robust")
    estimate = between(EMPLUK, frame, vcov=panel.hetero("HC1"))
    np.testing.assert_allclose(estimate.coef, peer.params, rtol=1e-8)
    assert_matrix(estimate.cov.matrix, peer.cov)


def test_an_observation_is_a_region(plm_frame):
    estimate = between(EMPLUK, plm_frame("EmplUK"))
    assert (estimate.nobs, estimate.stats["n_rows"]) == (140, 1031)
    assert estimate.influence.shape == (140, 3)
    assert estimate.resid.index.names == ["firm"]
    assert len(estimate.augment()) == 1031
    assert estimate.augment().groupby("firm")[".resid"].nunique().eq(1).all()


def test_clusters_are_of_regions_and_years_have_no_meaning(plm_frame, assert_matrix):
    frame = plm_frame("EmplUK")
    by_firm = between(EMPLUK, frame, vcov=panel.cluster("firm", kind="CR0"))
    assert_matrix(by_firm.cov.matrix, by_firm.with_vcov(panel.hetero("HC0")).cov.matrix, 1e-12)
    by_sector = by_firm.with_vcov(panel.cluster("sector"))
    assert by_sector.cov.clusters == {"sector": 9}
    with pytest.raises(panel.errors.VcovError, match="not the same in all rows"):
        by_firm.with_vcov(panel.cluster("year")).bse  # noqa: B018
    with pytest.raises(panel.errors.VcovError, match=r"a region's means .* no calendar"):
        by_firm.with_vcov("DK").bse  # noqa: B018


def test_terms_that_do_not_vary_between_regions_are_left_out(plm_frame):
    frame = plm_frame("Grunfeld")
    estimate = between("inv ~ value + i(year, ref=1935)", frame)
    assert estimate.names == ("(Intercept)", "value")
    assert any("year::1940 left out: collinear" in note for note in estimate.notes)


def test_one_year_is_pooled_least_squares_and_few_regions_are_refused(plm_frame):
    frame = plm_frame("Grunfeld")
    year = between(GRUNFELD, frame, sample="year == 1940")
    np.testing.assert_allclose(
        year.coef, pooled(GRUNFELD, frame, sample="year == 1940").coef, rtol=1e-10
    )
    with pytest.raises(panel.errors.DegreesOfFreedomError, match="3 observations"):
        between(GRUNFELD, frame, sample="firm <= 3")


def test_predicts_from_each_rows_own_regressors(plm_frame):
    frame = plm_frame("Grunfeld")
    estimate = between(GRUNFELD, frame)
    predicted = estimate.predict(frame)
    assert isinstance(predicted.index, pd.MultiIndex)
    np.testing.assert_allclose(predicted.groupby(level=0).mean(), estimate.fittedvalues, rtol=1e-10)
