"""The Hausman-Taylor family against R plm and the table of Baltagi and Khanti-Akom."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.estimators.hausman_taylor import hausman_taylor
from panel.estimators.mundlak import mundlak
from panel.estimators.ols import ols

WAGES = (
    "lwage ~ wks + south + smsa + married + exp + exp^2 + bluecol + ind + union + female + black"
    " + ed"
)
ENDOGENOUS = ("wks", "married", "union", "exp", "exp^2", "ed")
METHODS = {"hausman_taylor": "baltagi", "amemiya_macurdy": "am", "breusch_mizon_schmidt": "bms"}


@pytest.mark.parametrize("instruments", METHODS)
def test_agrees_with_plm(instruments, stored, plm_frame, assert_matrix):
    expected = stored[f"wages_ht_{METHODS[instruments]}"]
    estimate = hausman_taylor(
        WAGES, plm_frame("Wages"), endogenous=ENDOGENOUS, instruments=instruments
    )
    np.testing.assert_allclose(estimate.coef, expected["coef"], rtol=1e-8)
    assert_matrix(estimate.cov.matrix, expected["vcov"])
    assert estimate.df_resid == expected["df"]
    assert estimate.stats["sigma2_e"] == pytest.approx(expected["sigma2"]["idios"], rel=1e-9)
    assert estimate.stats["sigma2_u"] == pytest.approx(expected["sigma2"]["id"], rel=1e-9)


@pytest.mark.parametrize(
    ("instruments", "printed"),
    [
        # Baltagi and Khanti-Akom (1990), J. Applied Econometrics 5, as plm's vignette prints them:
        # years of education, then the Wald statistic of all slopes.
        ("hausman_taylor", ("1.3794e-01", "2.1248e-02", 6891.87)),
        ("amemiya_macurdy", ("1.3720e-01", "2.0570e-02", 6879.2)),
        ("breusch_mizon_schmidt", ("2.2066e-01", "1.9850e-02", 6467.37)),
    ],
)
def test_prints_the_returns_to_schooling(instruments, printed, plm_frame):
    estimate = hausman_taylor(
        WAGES, plm_frame("Wages"), endogenous=ENDOGENOUS, instruments=instruments
    )
    assert (f"{estimate.params['ed']:.4e}", f"{estimate.bse['ed']:.4e}") == printed[:2]
    assert 12 * estimate.fvalue == pytest.approx(printed[2], abs=0.05)


def test_exact_identification_is_the_within_estimator(plm_frame):
    # As many exogenous x as endogenous z: the slopes of x are those of fixed effects.
    frame = plm_frame("Wages")
    within = ols("lwage ~ wks + exp + union | person", frame)
    estimate = hausman_taylor(
        "lwage ~ wks + exp + union + ed", frame, endogenous=("exp", "union", "ed")
    )
    np.testing.assert_allclose(estimate.params[list(within.names)], within.params, rtol=1e-7)


def test_all_regressors_endogenous_but_the_invariant_is_mundlaks_slope(plm_frame):
    frame = plm_frame("EmplUK")
    x = ("log(wage)", "log(capital)")
    estimate = hausman_taylor("log(emp) ~ log(wage) + log(capital) + sector", frame, endogenous=x)
    slopes = mundlak("log(emp) ~ log(wage) + log(capital) + sector", frame).params[list(x)]
    np.testing.assert_allclose(estimate.params[list(x)], slopes, rtol=1e-7)


def test_influences_sum_to_zero_and_carry_every_covariance(plm_frame):
    frame = plm_frame("Wages")
    estimate = hausman_taylor(WAGES, frame, endogenous=ENDOGENOUS)
    total = np.abs(estimate.influence.sum(axis=0))
    assert (total <= 1e-9 * np.abs(estimate.influence).sum(axis=0)).all()
    for vcov in (panel.cluster("person"), panel.hetero(), panel.driscoll_kraay(1)):
        assert (estimate.with_vcov(vcov).bse > 0).all()
    with pytest.raises(panel.errors.VcovError, match="defined for least squares"):
        estimate.with_vcov(panel.hetero("HC3")).bse  # noqa: B018


def test_terms_of_several_columns_are_endogenous_together(plm_frame):
    frame = plm_frame("Wages")
    poly = WAGES.replace("exp + exp^2", "poly(exp, 2)")
    together = ("wks", "married", "union", "poly(exp,2)", "ed")
    np.testing.assert_allclose(
        hausman_taylor(poly, frame, endogenous=together).coef,
        hausman_taylor(WAGES, frame, endogenous=ENDOGENOUS).coef,
        rtol=1e-8,
    )


def test_says_what_it_cannot_do(plm_frame):
    frame = plm_frame("Wages")
    with pytest.raises(panel.errors.FormulaError, match="'educ' is not a regressor"):
        hausman_taylor(WAGES, frame, endogenous="educ")
    with pytest.raises(panel.errors.FormulaError, match="needs a term"):
        hausman_taylor(WAGES, frame, endogenous=())
    with pytest.raises(panel.errors.EstimationError, match="'ed' is not identified"):
        hausman_taylor("lwage ~ wks + ed + black", frame, endogenous=("wks", "ed"))
    with pytest.raises(panel.errors.EstimationError, match="not offered"):
        hausman_taylor(WAGES, frame, endogenous="ed", instruments="ht")
    with pytest.raises(panel.errors.EstimationError, match="changes over time"):
        hausman_taylor("lwage ~ ed + black", frame, endogenous="ed")
    with pytest.raises(panel.errors.EstimationError, match="collinear with other regressors"):
        hausman_taylor(WAGES + " + i(year, ref=0)", frame, endogenous="ed")
    few = frame.rows(lambda t: t["person"] == 1)
    with pytest.raises(
        panel.errors.DegreesOfFreedomError, match="number of persons is 1, which leaves nothing"
    ):
        hausman_taylor("lwage ~ wks + exp", few, endogenous="wks")
    gap = frame.rows(lambda t: (t["person"] != 3) | (t["year"] != 2))
    with pytest.raises(panel.errors.EstimationError, match="balanced"):
        hausman_taylor(WAGES, gap, endogenous=ENDOGENOUS, instruments="amemiya_macurdy")
    assert hausman_taylor(WAGES, gap, endogenous=ENDOGENOUS).nobs == 4164


def test_amemiya_and_macurdy_with_regressors_that_are_no_whole_numbers():
    # By its definition. Deviations of a region's own constant are zero up to rounding, which must
    # not become an instrument.
    draw, n, t = np.random.default_rng(5), 30, 4
    unit = np.repeat(np.arange(n), t)
    table = pd.DataFrame({"i": unit, "t": np.tile(np.arange(t), n)})
    m = draw.normal(size=n)
    table["c"], table["c2"] = draw.normal(size=n)[unit], (m + draw.normal(size=n))[unit]
    table["x"] = draw.normal(size=n * t) + 0.5 * table["c2"]
    table["d"] = draw.normal(size=n * t) + m[unit]
    table["y"] = table[["x", "c", "c2", "d"]].sum(axis=1) + m[unit] + draw.normal(size=n * t)
    estimate = hausman_taylor(
        "y ~ x + c + c2 + d", table, endogenous=("c2", "d"), instruments="amemiya_macurdy",
        unit="i", time="t",
    )  # fmt: skip
    x = np.column_stack([np.ones(n * t), table[["x", "c", "c2", "d"]]])
    mean = np.eye(n)[unit] @ np.eye(n)[unit].T / t
    quasi = np.eye(n * t) - estimate.stats["theta"] * mean
    years = table["x"].to_numpy().reshape(n, t)[unit]
    within = (np.eye(n * t) - mean) @ x[:, [1, 4]]
    z, _ = np.linalg.qr(np.column_stack([within, np.ones(n * t), table["c"], years[:, 1:],
                                         mean @ x[:, 1]]))  # fmt: skip
    fitted = z @ z.T @ quasi @ x
    expected = np.linalg.solve(fitted.T @ fitted, fitted.T @ quasi @ table["y"])
    np.testing.assert_allclose(estimate.coef, expected, rtol=1e-9)


def test_nothing_of_the_errors_within_regions_is_said(plm_frame):
    table = plm_frame("Wages").data.reset_index()
    table["same"] = table.groupby("person")["lwage"].transform("mean")
    with pytest.raises(panel.errors.DegreesOfFreedomError, match="an outcome that varies in them"):
        hausman_taylor("same ~ wks + exp + ed", table, endogenous="exp", unit="person", time="year")
