"""Fama and MacBeth's estimator against R plm, linearmodels and its definition."""

from __future__ import annotations

import numpy as np
import pytest
from linearmodels.panel import FamaMacBeth

import panel
from panel.estimators.fama_macbeth import fama_macbeth
from panel.estimators.pooled import pooled

PRODUC = "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp"
EMPLUK = "log(emp) ~ log(wage) + log(capital)"


@pytest.mark.parametrize(
    ("case", "data", "formula"), [("produc", "Produc", PRODUC), ("empluk", "EmplUK", EMPLUK)]
)
def test_agrees_with_plm(case, data, formula, stored, plm_frame, assert_matrix):
    # pmg() with the years as groups is the same estimator.
    estimate = fama_macbeth(formula, plm_frame(data))
    np.testing.assert_allclose(estimate.coef, stored[f"{case}_fm"]["coef"], rtol=1e-8)
    assert_matrix(estimate.cov.matrix, stored[f"{case}_fm"]["vcov"])
    assert estimate.cov.df == estimate.stats["n_times"] - 1


def test_agrees_with_linearmodels_and_its_newey_west(plm_frame, assert_matrix):
    frame = plm_frame("EmplUK")
    data = np.log(frame.data[["emp", "wage", "capital"]]).assign(const=1.0)
    model = FamaMacBeth(data["emp"], data[["const", "wage", "capital"]])
    estimate = fama_macbeth(EMPLUK, frame)
    plain = model.fit(cov_type="unadjusted")
    np.testing.assert_allclose(estimate.coef, plain.params, rtol=1e-9)
    assert_matrix(estimate.cov.matrix, plain.cov)
    kernel = model.fit(cov_type="kernel", kernel="bartlett", bandwidth=2)
    lagged = estimate.with_vcov(panel.driscoll_kraay(2, small="none")).cov.matrix
    years = estimate.stats["n_times"]
    assert_matrix(lagged * years / (years - 1), kernel.cov)  # linearmodels divides by T - 1


def test_a_years_influences_add_up_to_its_coefficients(plm_frame):
    frame = plm_frame("EmplUK")
    estimate = fama_macbeth(EMPLUK, frame)
    years = estimate.resid.index.get_level_values("year")
    for year in (1976, 1980):
        one = pooled(EMPLUK, frame, sample=f"year == {year}")
        np.testing.assert_allclose(
            estimate.influence[years == year].sum(axis=0),
            (one.coef - estimate.coef) / 9,
            rtol=1e-8,
        )
    assert np.abs(estimate.influence.sum(axis=0)).max() < 1e-12
    r2 = [pooled(EMPLUK, frame, sample=f"year == {y}").rsquared for y in sorted(set(years))]
    assert estimate.rsquared == pytest.approx(np.mean(r2), rel=1e-10)


def test_clusters_by_year_are_its_own_errors(plm_frame, assert_matrix):
    estimate = fama_macbeth(EMPLUK, plm_frame("EmplUK"))
    small = panel.SmallSample(scale=False)
    by_year = estimate.with_vcov(panel.cluster("year", small=small))
    assert_matrix(by_year.cov.matrix, estimate.cov.matrix, 1e-12)
    assert "Fama-MacBeth" in str(estimate.summary())
    for vcov in ("iid", "hetero", panel.cluster("firm")):
        assert (estimate.with_vcov(vcov).bse > 0).all()


def test_years_that_cannot_be_estimated_are_left_out_and_named(plm_frame):
    frame = plm_frame("EmplUK")
    known = frame.data.reset_index()
    law = ((known["year"] >= 1979) & (known["firm"] % 2 == 0)).astype(float).to_numpy()
    estimate = fama_macbeth("log(emp) ~ law", frame.assign(law=law))
    assert estimate.stats["n_times"] == 6
    assert any("regressors are collinear in 1976" in note for note in estimate.notes)
    few = fama_macbeth(EMPLUK, frame, sample="year < 1980 | firm < 4")
    assert any("no more regions than parameters in 1982" in note for note in few.notes)


def test_says_what_it_cannot_do(plm_frame):
    frame = plm_frame("EmplUK")
    with pytest.raises(panel.errors.EstimationError, match="Fewer than two years"):
        fama_macbeth("log(emp) ~ year", frame)
    with pytest.raises(panel.errors.EstimationError, match="there is one only"):
        fama_macbeth(EMPLUK, frame, sample="year == 1980")
    with pytest.raises(panel.errors.FormulaError, match="fixed effects"):
        fama_macbeth(EMPLUK + " | firm", frame)
