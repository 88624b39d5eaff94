"""Wald tests and functions of coefficients against R car, statsmodels, and refitted models."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.formula.api as smf

import panel
from panel.diagnostics.hypotheses import linear, nonlinear, wald
from panel.errors import FormulaError, VcovError

# panel_tests.R calls the coefficients b0, pcap, pc, emp, unemp.
TEXTS = {
    "a": "log(pcap) = 0",
    "b": "log(pcap) = unemp = 0",
    "c": "log(pcap) + log(pc) + log(emp) = 1",
    "d": "log(pc) = 2*log(pcap), log(emp) - log(pc) = 0.3",
}
FUNCTIONS = {
    "pcap / pc": "log(pcap) / log(pc)",
    "exp(unemp) - 1": "exp(unemp) - 1",
    "(1 - pc - emp)^2": "(1 - `log(pc)` - log(emp))^2",
    "log(emp) * sqrt(pc)": "log(log(emp)) * sqrt(log(pc))",
    "-pc / (2 * unemp)": "-log(pc) / (2 * unemp)",
}
# R writes 15 digits; the covariances agree to 1e-12.
RTOL = 1e-9


@pytest.fixture
def produc(frame, formula) -> panel.Estimate:
    return panel.pooled(formula["produc"], frame("produc"), vcov=panel.cluster("state"))


@pytest.mark.parametrize("case", TEXTS)
def test_wald_is_that_of_car(case, produc, stored):
    for estimate, name in ((produc, "wald"), (produc.with_vcov("iid"), "wald_iid")):
        expected = stored["hypotheses"][name][case]
        chi2 = wald(estimate, TEXTS[case], distribution="chi2")
        f = wald(estimate, TEXTS[case])
        assert chi2.statistic == pytest.approx(expected["chi2"], rel=RTOL)
        assert f.statistic * expected["q"] == pytest.approx(expected["chi2"], rel=RTOL)
        assert chi2.df == (expected["q"],)
        assert f.df == (expected["q"], estimate.cov.df)


@pytest.mark.parametrize("case", FUNCTIONS)
def test_delta_method_is_that_of_car(case, produc, stored):
    value, error = stored["hypotheses"]["delta"][case]
    found = nonlinear(produc, FUNCTIONS[case])
    assert found.coef[0] == pytest.approx(value, rel=RTOL)
    # car takes numerical derivatives of what it cannot derive; these it can.
    assert found.bse.iloc[0] == pytest.approx(error, rel=1e-8)
    assert found.names == (FUNCTIONS[case],)


def test_f_is_that_of_statsmodels(unbalanced):
    table = unbalanced.data.reset_index()
    m = panel.pooled("y ~ x + z + w", unbalanced)
    theirs = smf.ols("y ~ x + z + w", table).fit()
    for text in ("x = 1, z = -0.5", "x + z = w", "(Intercept) = x, z = 2"):
        with_name = text.replace("(Intercept)", "Intercept")
        expected = theirs.f_test(with_name)
        result = wald(m, text)
        assert result.statistic == pytest.approx(float(expected.fvalue), rel=1e-9)
        assert result.p_value == pytest.approx(float(expected.pvalue), rel=1e-8)


def test_all_slopes_are_the_f_of_the_estimate(unbalanced):
    for vcov in ("iid", panel.hetero("HC2"), panel.cluster("u"), panel.cluster("u", kind="CR2")):
        m = panel.ols("y ~ x + z + i(zone, ref=0) | t", unbalanced, vcov=vcov)
        result = wald(m, m.names)  # a list of names: all are zero
        assert result.statistic == pytest.approx(m.fvalue, rel=1e-9)


def test_one_restriction_has_its_own_satterthwaite_degrees(unbalanced):
    # The difference of two slopes is a slope itself in another parametrisation.
    data = unbalanced.assign(sum=unbalanced["x"] + unbalanced["z"])
    vcov = panel.cluster("zone", kind="CR2")
    result = wald(panel.ols("y ~ x + z | t", data, vcov=vcov), "x = z")
    again = panel.ols("y ~ x + sum | t", data, vcov=vcov)
    assert result.statistic == pytest.approx(again.tvalues["x"] ** 2, rel=1e-8)
    assert result.df[1] == pytest.approx(again.cov.df[0], rel=1e-6)


def test_lincom_of_an_interaction(unbalanced):
    m = panel.ols("y ~ x*w + z | u + t", unbalanced, vcov=panel.cluster("u"))
    found = linear(m, {"effect at w = 2": "x + 2*x:w", "less one": "x - 1"})
    v, names = m.cov_params(), list(m.names)
    weight = np.zeros(len(names))
    weight[names.index("x")], weight[names.index("x:w")] = 1, 2
    assert found.params["effect at w = 2"] == pytest.approx(weight @ m.coef, rel=1e-14)
    expected = np.sqrt(weight @ v.to_numpy() @ weight)
    assert found.bse["effect at w = 2"] == pytest.approx(expected, rel=1e-10)
    assert found.params["less one"] == pytest.approx(m.params["x"] - 1, rel=1e-14)
    assert found.bse["less one"] == pytest.approx(m.bse["x"], rel=1e-12)
    # The influence functions are combined, so another covariance needs no refit.
    again = found.with_vcov("hetero").bse.iloc[0]
    v = m.with_vcov("hetero").cov_params().to_numpy()
    assert again == pytest.approx(np.sqrt(weight @ v @ weight), rel=1e-10)


def test_the_test_shows_its_restrictions(produc):
    result = wald(produc, ["log(pcap) = 2*log(pc)", "-unemp = 1"])
    assert list(result.details.index) == ["log(pcap) - 2*log(pc)", "-unemp - 1"]
    params = produc.params
    first = params["log(pcap)"] - 2 * params["log(pc)"]
    assert result.details["estimate"].iloc[0] == pytest.approx(first, rel=1e-12)
    assert "clustered by state" in str(result)
    assert "log(pcap) = 2*log(pc), -unemp = 1" in str(result)


def test_scales_do_not_matter(unbalanced):
    small = unbalanced.assign(x=1e-9 * unbalanced["x"], z=1e7 * unbalanced["z"])
    one, other = (panel.ols("y ~ x + z | u", d, vcov="hetero") for d in (unbalanced, small))
    ours, same = wald(one, "x = z = 0"), wald(other, "x = z = 0")
    assert same.statistic == pytest.approx(ours.statistic, rel=1e-8)


def test_errors_say_what_to_do(unbalanced):
    m = panel.ols("y ~ x + z + w | t", unbalanced, vcov=panel.cluster("zone"))
    with pytest.raises(FormulaError, match="'y' in 'y = 0' is not a coefficient"):
        wald(m, "y = 0")
    with pytest.raises(FormulaError, match="not linear"):
        wald(m, "x*z = 0")
    with pytest.raises(FormulaError, match="not linear"):
        linear(m, "x / z")
    with pytest.raises(FormulaError, match="no distribution"):
        wald(m, "x", distribution="chi-squared")
    with pytest.raises(FormulaError, match="no function"):
        nonlinear(m, [])
    dummies = panel.ols("y ~ x + z + w + i(t)", unbalanced, vcov=panel.cluster("zone"))
    with pytest.raises(VcovError, match="of 4 restrictions is not positive definite"):
        wald(dummies, "x = z = w = t::2003 = 0")  # four clusters span three dimensions


def test_what_is_no_text_is_refused(produc):
    for wrong in (5, [5], ["unemp", 5]):
        with pytest.raises(FormulaError, match="texts, not int"):
            wald(produc, wrong)
        with pytest.raises(FormulaError, match="texts, not int"):
            linear(produc, wrong)
    with pytest.raises(FormulaError, match="is a text, not list"):
        panel.wild_bootstrap(produc, ["unemp", "log(pc)"])
