"""Feasible generalised least squares against R systemfit and nlme, and by the n x n covariance."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import panel
from panel.estimators.fgls import fgls

GRUNFELD = "inv ~ value + capital"
PRODUC = "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp"


@pytest.mark.parametrize(
    ("errors", "peer"), [("heteroskedastic", "five_WLS"), ("correlated", "five_SUR")]
)
def test_agrees_with_systemfit(errors, peer, stored_fgls, plm_frame, assert_matrix):
    five = plm_frame("Grunfeld").rows(lambda t: t["firm"] <= 5)
    estimate = fgls(GRUNFELD, five, errors=errors)
    np.testing.assert_allclose(estimate.coef, stored_fgls[peer]["coef"], rtol=1e-8)
    assert_matrix(estimate.cov.matrix, stored_fgls[peer]["vcov"])


@pytest.mark.parametrize("case", ["whole", "gaps"])
def test_autocorrelation_agrees_with_nlme(case, stored_fgls, plm_frame, assert_matrix):
    frame = plm_frame("Produc")
    if case == "gaps":  # corAR1 of nlme also takes a gap of d years as r^d
        number = frame.unit_codes + 1
        frame = frame.rows((7 * number + 3 * frame["year"].to_numpy()) % 11 != 0)
    expected = stored_fgls[f"ar1_{case}"]
    estimate = fgls(PRODUC, frame, errors="iid", ar1="common")
    assert estimate.stats["ar1"] == pytest.approx(expected["rho"], rel=1e-10)
    np.testing.assert_allclose(estimate.coef, expected["coef"], rtol=1e-7)  # nlme's own accuracy
    # Both are an inverse of cross products, which nlme has not divided by a variance.
    ours = estimate.cov.matrix / estimate.cov.matrix[0, 0]
    theirs = np.asarray(expected["vcov_by_sigma2"])
    assert_matrix(ours, theirs / theirs[0, 0], 1e-7)


@pytest.mark.parametrize("ar1", ["none", "common_tscorr", "unit_tscorr"])
@pytest.mark.parametrize("errors", ["iid", "heteroskedastic", "correlated"])
def test_is_generalised_least_squares(errors, ar1, plm_frame):
    # Directly from the n x n covariance of the errors.
    frame = plm_frame("Grunfeld").rows(lambda t: t["firm"] <= 4)
    estimate = fgls(GRUNFELD, frame, errors=errors, ar1=ar1)
    x, y = estimate.design.X, estimate.design.y
    n, t = 4, 20

    def residual(a):
        return a[:, 0] - a[:, 1:] @ np.linalg.lstsq(a[:, 1:], a[:, 0], rcond=None)[0]

    e = residual(np.column_stack([y, x])).reshape(n, t)
    r = np.zeros(n)
    if ar1 != "none":
        r = (e[:, 1:] * e[:, :-1]).sum(axis=1) / (e**2).sum(axis=1)
        r = r if ar1 == "unit_tscorr" else np.full(n, r.mean())
    filters = np.zeros((n * t, n * t))
    for i in range(n):
        block = np.eye(t) - np.diag(np.full(t - 1, r[i]), -1)
        block[0, 0] = np.sqrt(1 - r[i] ** 2)
        filters[i * t : (i + 1) * t, i * t : (i + 1) * t] = block
    u = residual(filters @ np.column_stack([y, x])).reshape(n, t)
    sigma = u @ u.T / t
    if errors == "heteroskedastic":
        sigma = np.diag(np.diag(sigma))
    elif errors == "iid":
        sigma = np.eye(n) * np.trace(sigma) / n
    weight = filters.T @ np.linalg.inv(np.kron(sigma, np.eye(t))) @ filters
    inverse = np.linalg.inv(x.T @ weight @ x)
    # 1e-8: normal equations of a matrix of condition 1e7 are what the comparison allows.
    np.testing.assert_allclose(estimate.coef, inverse @ x.T @ weight @ y, rtol=1e-8)
    np.testing.assert_allclose(estimate.cov.matrix, inverse, rtol=1e-7)


def test_carries_every_covariance_and_its_order_of_regions_does_not_matter(plm_frame):
    frame = plm_frame("Grunfeld").rows(lambda t: t["firm"] <= 5)
    estimate = fgls(GRUNFELD, frame, errors="correlated", vcov=panel.cluster("firm"))
    assert np.abs(estimate.influence.sum(axis=0)).max() < 1e-9 * np.abs(estimate.influence).max()
    for vcov in (panel.hetero("HC3"), panel.driscoll_kraay(2), panel.cluster("year")):
        assert (estimate.with_vcov(vcov).bse > 0).all()
    renamed = frame.data.reset_index()
    renamed["firm"] = renamed["firm"].map({1: "c", 2: "a", 3: "e", 4: "b", 5: "d"})
    other = fgls(
        GRUNFELD, renamed, errors="correlated", vcov=panel.cluster("firm"), unit="firm", time="year"
    )
    np.testing.assert_allclose(other.bse, estimate.bse, rtol=1e-9)


def test_says_what_it_cannot_do(plm_frame):
    grunfeld, produc = plm_frame("Grunfeld"), plm_frame("Produc")
    errors = panel.errors
    with pytest.raises(errors.EstimationError, match=r"of firm 9 is estimated as 1\.100"):
        fgls(GRUNFELD, grunfeld, ar1="unit")
    with pytest.raises(errors.DegreesOfFreedomError, match="48 states cannot be estimated from 17"):
        fgls(PRODUC, produc, errors="correlated")
    with pytest.raises(errors.EstimationError, match="balanced"):
        fgls(PRODUC, plm_frame("cut"), errors="correlated")
    with pytest.raises(errors.EstimationError, match="not offered"):
        fgls(PRODUC, produc, errors="hetero")
    with pytest.raises(errors.EstimationError, match="common_tscorr"):
        fgls(PRODUC, produc, ar1="common_tsc")
    with pytest.raises(errors.FormulaError, match="fixed effects"):
        fgls(PRODUC + " | state", produc)
    with pytest.raises(errors.DegreesOfFreedomError, match="no two consecutive years"):
        fgls(PRODUC, produc, ar1="common", sample="year == 1970 | year == 1975")


def test_says_where_one_residual_would_be_a_variance(plm_frame):
    frame = plm_frame("Grunfeld")
    short = frame.rows(lambda t: (t["firm"] != 3) | (t["year"] == 1940))
    with pytest.warns(panel.PanelWarning, match=r"deviation of 1 of 10 firms \(first 3\)"):
        fgls(GRUNFELD, short)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fgls(GRUNFELD, short, errors="iid")
    with pytest.raises(panel.errors.DegreesOfFreedomError, match="every firm"):
        fgls(GRUNFELD, frame, sample="year == 1940")
