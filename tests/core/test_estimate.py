"""What an estimate says of itself, beyond what every estimator promises."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import FormulaError, VcovError


def fit(formula, data, **settings):
    return panel.ols(formula, data, unit="province", time="year", **settings)


# ---- prediction -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "formula",
    ["y ~ x", "y ~ x + log(z) | province", "y ~ x | province + year", "y ~ poly(x, 2) + i(zone)",
     "y ~ x | zone^year", "y ~ i(year, x, ref=2010) | province", "y ~ L(x, 1) + x:z | year",
     "y ~ x | province + zone^year"],
)  # fmt: skip
def test_prediction_of_the_rows_used_is_the_fit(formula, table):
    estimate = fit(formula, table)
    fitted = estimate.fittedvalues
    np.testing.assert_allclose(estimate.predict(), fitted)
    predicted = estimate.predict(table.set_index(["province", "year"])).reindex(fitted.index)
    np.testing.assert_allclose(predicted, fitted, rtol=1e-9)


def test_prediction_of_other_rows(table):
    estimate = fit("y ~ x + i(zone, ref='East') | year", table)
    new = pd.DataFrame(
        {"province": ["new", "new", "newer"], "year": [2010, 2030, 2011],
         "zone": ["West", "West", "North"], "x": [1.0, 1.0, 1.0]}
    ).set_index(["province", "year"])  # fmt: skip
    predicted = estimate.predict(new)
    effects = estimate.fixed_effect_values()["year"]
    expected = estimate.params["x"] + estimate.params["zone::West"] + effects[2010]
    assert predicted["new", 2010] == pytest.approx(expected, rel=1e-12)
    assert np.isnan(predicted["new", 2030])  # a year not met in estimation
    assert np.isnan(predicted["newer", 2011])  # nor this zone: it is not the reference


def test_a_category_outside_the_sample_is_not_the_reference(table):
    estimate = fit("y ~ x + i(zone, ref='East')", table, sample='zone != "West"')
    predicted = estimate.predict(table.set_index(["province", "year"]))
    west = table.set_index(["province", "year"]).zone == "West"
    assert predicted[west].isna().all()
    assert predicted[~west].notna().all()


def test_new_data_must_have_the_variables(table):
    estimate = fit("y ~ x", table)
    with pytest.raises(panel.PanelError, match="'x'"):
        estimate.predict(table.drop(columns="x").set_index(["province", "year"]))


def test_fixed_effects_by_level(table):
    estimate = fit("y ~ x | province + year", table)
    effects = estimate.fixed_effect_values()
    used = estimate.design.index
    fitted = (
        estimate.params["x"] * estimate.design.column("x").to_numpy()
        + effects["province"].loc[used.get_level_values(0)].to_numpy()
        + effects["year"].loc[used.get_level_values(1)].to_numpy()
    )
    np.testing.assert_allclose(fitted, estimate.fittedvalues, rtol=1e-11)
    both = fit("y ~ x | zone^year", table).fixed_effect_values()["zone^year"]
    assert both[("East", 2010)] == both.to_dict()[("East", 2010)]
    assert fit("y ~ x", table).fixed_effect_values() == {}


# ---- inference --------------------------------------------------------------------------


def test_no_f_statistic_where_there_are_fewer_clusters_than_slopes(table):
    estimate = fit("y ~ x + z + w + log(z) + i(year)", table, vcov=panel.cluster("zone"))
    assert np.isnan(estimate.fvalue)
    assert np.isnan(estimate.f_pvalue)
    assert np.isfinite(estimate.bse).all()
    str(estimate.summary())
    few = fit("y ~ x + w", table, vcov=panel.cluster("zone"))
    assert np.isfinite(few.fvalue)
    assert np.isnan(fit("y ~ 1", table).fvalue)


def test_f_is_the_square_of_t_for_one_slope(table):
    for vcov in (panel.iid(), panel.hetero(), panel.cluster("province"), panel.driscoll_kraay(1)):
        estimate = fit("y ~ x | province", table, vcov=vcov)
        assert estimate.fvalue == pytest.approx(estimate.tvalues["x"] ** 2, rel=1e-12)
        assert estimate.f_pvalue == pytest.approx(estimate.pvalues["x"], rel=1e-9)


def test_a_negative_variance_is_an_error_that_says_so(table):
    # A chessboard: sums by province and by year vanish, and only the rows' own part is left, which
    # two ways subtract.
    chess = (-1.0) ** (table.province.str[1:].astype(int) + table.year)
    estimate = fit("y ~ 1", table.assign(y=5 + chess), vcov=panel.cluster("province", "year"))
    with pytest.raises(VcovError, match=r"variance of '\(Intercept\)' .* is negative") as caught:
        _ = estimate.bse
    assert "cluster one way" in caught.value.remedy


def test_the_same_covariance_however_it_is_spelled(table):
    estimate = fit("y ~ x | province", table)
    for spelling, value in {
        "iid": panel.iid(), "hetero": panel.hetero(), "HC1": panel.hetero("HC1"),
        "HC0": panel.hetero("HC0"), "DK": panel.driscoll_kraay(),
    }.items():  # fmt: skip
        assert estimate.with_vcov(spelling).vcov == value
    for spelling, value in (
        ({"CRV1": "province"}, panel.cluster("province")),
        ({"CRV1": "province + year"}, panel.cluster("province", "year")),
        ({"CRV1": "zone^year"}, panel.cluster("zone^year")),
    ):
        assert estimate.with_vcov(spelling).vcov == value
    assert fit("y ~ x", table, vcov=None).vcov == panel.iid()


@pytest.mark.parametrize(
    "given", ["HC9", {"CRV9": "province"}, {}, 3, "cluster", ["iid"], object()]
)
def test_other_spellings_are_errors(given, table):
    with pytest.raises(VcovError, match="is not a covariance") as caught:
        fit("y ~ x", table, vcov=given)
    assert caught.value.remedy


def test_clusters_are_any_variable_or_combination(table):
    by_hand = table.assign(both=table.zone + table.year.astype(str))
    one = fit("y ~ x", by_hand, vcov=panel.cluster("both"))
    two = fit("y ~ x", by_hand, vcov=panel.cluster("zone^year"))
    np.testing.assert_allclose(two.cov.matrix, one.cov.matrix, rtol=1e-13)
    assert two.cov.clusters == {"zone^year": 24}


# ---- words ------------------------------------------------------------------------------


def test_labels(table):
    frame = panel.PanelFrame.from_pandas(
        table.assign(gdp=np.exp(table.x), gdp2=table.w), "province", "year",
        labels={"x": {"en": "Digital index", "zh": "数字经济指数", "ru": "Цифровой индекс"},
                "gdp": "y of x", "zone": "Zone", "y": "Output"},
    )  # fmt: skip
    estimate = panel.ols("y ~ x", frame)
    for term, label in {
        "(Intercept)": "Constant", "x": "Digital index", "gdp": "y of x", "w": "w",
        "log(gdp)": "log(y of x)", "log(gdp2)": "log(gdp2)", "gdp / x": "y of x / Digital index",
        "x:gdp": "Digital index × y of x", "zone::East": "Zone = East",
        "zone::East:x": "Zone = East × Digital index", "L(x, 1)": "L(Digital index, 1)",
        "total effect": "total effect", "x^2": "Digital index^2",
    }.items():  # fmt: skip
        assert estimate.label(term) == label, term
    assert estimate.label("log(x)", "zh") == "log(数字经济指数)"
    assert estimate.label("(Intercept)", "ru") == "Константа"
    assert estimate.depvar_label() == "Output"


def test_notes_name_interpolated_figures_and_measures(table):
    frame = panel.PanelFrame.from_pandas(table, "province", "year")
    filled = frozenset({("p00", 2010), ("p00", 2011), ("elsewhere", 1900)})
    frame = frame.describe("x", filled=filled, note="the nearest official measure")
    notes = panel.ols("y ~ x", frame).notes
    assert any("2 rows rest on interpolated figures." in n for n in notes)
    assert "x: the nearest official measure" in notes


def test_provenance_says_whether_two_estimates_are_the_same(table):
    first, second = fit("y ~ x", table), fit("y ~ x", table.sample(frac=1, random_state=0))
    assert first.provenance == second.provenance
    changed = table.copy()
    changed.loc[0, "x"] += 1e-9
    assert fit("y ~ x", changed).provenance.data != first.provenance.data
    # A column that the model does not read does not matter.
    assert fit("y ~ x", table.assign(w=0)).provenance.data == first.provenance.data
    assert {"python", "numpy", "scipy", "pandas", "regpanel"} <= set(first.provenance.versions)


def test_augment_and_glance(table):
    estimate = fit("y ~ x + log(z) | province", table)
    augmented = estimate.augment()
    np.testing.assert_allclose(augmented.y, augmented[".fitted"] + augmented[".resid"], rtol=1e-12)
    assert list(augmented.columns[:2]) == ["province", "year"]
    glance = estimate.glance().iloc[0]
    assert glance.formula == "y ~ x + log(z) | province"
    assert glance.nobs == 95
    assert glance.rsquared_within == pytest.approx(estimate.rsquared_within)


def test_map_of_a_smooth_function_by_its_derivative(table):
    # The ratio of two coefficients: delta method with the gradient (1/b, -a/b^2).
    estimate = fit("y ~ x + w", table, vcov="hetero")
    a, b = estimate.params["x"], estimate.params["w"]
    gradient = np.array([[0.0, 1 / b, -a / b**2]])
    ratio = estimate.map(gradient, ["ratio"])
    variance = gradient @ estimate.cov.matrix @ gradient.T
    assert ratio.bse["ratio"] == pytest.approx(float(np.sqrt(variance[0, 0])), rel=1e-10)


def test_estimates_cannot_be_changed(table):
    estimate = fit("y ~ x", table)
    with pytest.raises(AttributeError):
        estimate.coef = estimate.coef
    with pytest.raises(TypeError):
        estimate.stats["nobs"] = 3
    params = estimate.params
    params.iloc[0] = 99.0
    assert estimate.params.iloc[0] != 99.0


def test_pickles_of_combined_clusters(table):
    estimate = fit("y ~ x | province", table, vcov=panel.cluster("zone^treated"))
    back = pickle.loads(pickle.dumps(estimate))
    np.testing.assert_array_equal(back.bse, estimate.bse)
    other = back.with_vcov(panel.cluster("province"))
    np.testing.assert_array_equal(other.bse, estimate.with_vcov(panel.cluster("province")).bse)


def test_a_formula_that_asks_for_instruments_is_refused(table):
    with pytest.raises(FormulaError):
        fit("y ~ 1 | province | x ~ w", table)


def test_several_estimates_in_a_console_take_a_line_each(table):
    models = panel.many(
        "y ~ csw(x, z) | province", table, unit="province", time="year",
        vcov=panel.cluster("province"),
    )  # fmt: skip
    for model, text in zip(models, repr(models).split("), "), strict=True):
        assert "\n" not in text
        assert repr(model.formula) in text
        assert f"n={model.nobs}, {len(model.names)} coefficient" in text
        assert "clustered by province" in text
        assert str(model) == str(model.summary())  # what print shows
