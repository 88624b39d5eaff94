"""Which rows and columns a model uses, and why not the others."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.build import build
from panel.core.formula import parse
from panel.errors import (
    AbsorbedError,
    DataError,
    DegreesOfFreedomError,
    EmptySampleError,
    FormulaError,
    UnknownVariableError,
)


def fit(formula, data, **settings):
    return panel.ols(formula, data, unit="province", time="year", **settings)


def reasons(estimate):
    return [str(d) for d in estimate.design.dropped]


# ---- rows -------------------------------------------------------------------------------


def test_each_row_left_out_is_counted_once_under_its_first_reason(table):
    table.loc[[10, 11], "x"] = [np.inf, -np.inf]
    table.loc[10, "y"] = np.nan
    table.loc[20, "w"] = 0.0
    table.loc[[21, 22], "w"] = [0.0, np.nan]
    estimate = fit("y ~ x + log(z)", table, weights="w", sample="year != 2017")
    assert (
        reasons(estimate)
        == [
            "12 rows left out: outside the sample year != 2017 (12 regions, first p00, 2017)",
            "1 row left out: y is missing (p01)",
            "1 row left out: x is infinite (p01)",
            "1 row left out: z is missing (p00)",
            "1 row left out: w is missing (p02)",
            "1 row left out: weight w is zero (p02)",
        ][:4]
        + reasons(estimate)[4:]
    )
    assert estimate.nobs == 96 - sum(d.rows for d in estimate.design.dropped)
    assert np.isfinite(estimate.design.X).all()


def test_both_infinities_are_left_out_without_a_warning(table):
    table.loc[[10, 11], "x"] = [np.inf, -np.inf]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        estimate = fit("y ~ x", table)
    assert [d.rows for d in estimate.design.dropped if d.kind == "infinite"] == [2]


def test_the_logarithm_of_zero_is_said_to_be_infinite(table):
    table.loc[3, "z"] = 0.0
    table.loc[4, "z"] = -1.0
    notes = reasons(fit("y ~ log(z)", table))
    assert "1 row left out: log(z) is infinite (p00)" in notes
    assert "1 row left out: log(z) is not a number (p00)" in notes


def test_singletons_are_left_out_again_and_again(table):
    # The newcomer is alone in 2030; without that row, it has one left, which is alone in turn.
    new = table[table.province == "p01"].head(2).assign(province="new", year=[2010, 2030])
    estimate = fit("y ~ x | province + year", pd.concat([table, new]))
    assert reasons(estimate) == [
        "2 rows left out: the only row of its fixed effect (singleton) (new)"
    ]
    assert estimate.nobs == len(table)


def test_singletons_are_left_out_or_kept(table):
    keep = (table.province != "p00") | (table.year == 2017)
    estimate = fit("y ~ x | province + year", table[keep])
    assert reasons(estimate) == [
        "1 row left out: the only row of its fixed effect (singleton) (p00)"
    ]
    kept = fit("y ~ x | province + year", table[keep], singletons="keep")
    np.testing.assert_allclose(kept.coef, estimate.coef, rtol=1e-12)
    assert kept.nobs == estimate.nobs + 1
    with pytest.raises(DataError, match="dropped or kept, not 'remove'"):
        fit("y ~ x | province", table, singletons="remove")


def test_an_empty_sample_says_where_the_rows_went(table):
    with pytest.raises(EmptySampleError, match="outside the sample year > 2030") as caught:
        fit("y ~ x", table, sample="year > 2030")
    assert "widen the sample" in caught.value.remedy
    with pytest.raises(EmptySampleError, match="the frame has no rows"):
        fit("y ~ x", table.head(0))
    with pytest.raises(EmptySampleError, match="96 rows left out: x is missing"):
        fit("y ~ x", table.assign(x=np.nan))
    with pytest.raises(EmptySampleError, match="weight w is zero"):
        fit("y ~ x", table.assign(w=0.0), weights="w")
    with pytest.raises(EmptySampleError, match="singleton") as caught:
        fit("y ~ x | province^year", table)
    assert "coarser fixed effects" in caught.value.remedy


def test_rows_of_unknown_groups(table):
    area = table.zone.where(table.zone != "West")
    data = table.assign(area=area)
    assert "32 rows left out: area is missing (p02, p05, p08, p11)" in reasons(
        fit("y ~ x | area", data)
    )
    assert fit("y ~ x", data, vcov=panel.cluster("area")).nobs == 64


# ---- columns ----------------------------------------------------------------------------


def test_columns_left_out_name_their_reason(table):
    data = table.assign(
        copy=2 * table.x, sum=table.x + table.w, zero=0.0,
        fixed=table.groupby("province").x.transform("sum"),
    )  # fmt: skip
    estimate = fit("y ~ x + copy + w + sum + zero + fixed | province", data)
    assert estimate.names == ("x", "w")
    assert reasons(estimate) == [
        "copy left out: collinear with the regressors before it",
        "sum left out: collinear with the regressors before it",
        "zero left out: constant zero",
        "fixed left out: absorbed by the fixed effects",
    ]


def test_all_dummies_and_a_constant_are_one_too_many(table):
    estimate = fit("y ~ x + i(zone)", table)
    assert reasons(estimate) == ["zone::West left out: collinear with the regressors before it"]


@pytest.mark.parametrize("size", [1.0, 1e5, 1e8])
def test_a_copy_hidden_under_large_effects_is_found(table, size):
    # After the effects are out, rounding leaves noise of size * 1e-16, which is no information.
    effect = size * table.groupby("province").ngroup() ** 2
    estimate = fit("y ~ x + copy | province", table.assign(copy=table.x + effect))
    assert estimate.names == ("x",)


def test_a_small_movement_of_a_large_number_is_information(table):
    estimate = fit("y ~ far | province", table.assign(far=1e6 + table.x))
    np.testing.assert_allclose(estimate.coef, fit("y ~ x | province", table).coef, rtol=1e-8)


# ---- models that cannot be --------------------------------------------------------------


def test_effects_that_explain_everything(table):
    data = table.assign(y=table.groupby("province").x.transform("mean") + table.year)
    with pytest.raises(AbsorbedError, match=r"province \+ year explain 'y' completely") as caught:
        fit("y ~ x | province + year", data)
    assert "coarser" in caught.value.remedy
    with pytest.raises(AbsorbedError, match="No regressor is left: x"):
        fit("y ~ x | province", table.assign(x=table.groupby("province").x.transform("mean")))


@pytest.mark.parametrize("factor", [1e200, 1e-200])
@pytest.mark.parametrize("effects", ["", " | province", " | province + year"])
def test_figures_whose_squares_are_no_numbers(table, factor, effects):
    with pytest.raises(DataError, match=r"'x' has figures of .*, whose squares"):
        fit(f"y ~ x{effects}", table.assign(x=factor * table.x))


@pytest.mark.parametrize("value", [0.0, 0.1, -1e9])
@pytest.mark.parametrize("effects", ["", " | province", " | province + year"])
def test_an_outcome_that_does_not_vary(table, value, effects):
    with pytest.raises(AbsorbedError, match=r"explains? 'y' completely"):
        fit(f"y ~ x{effects}", table.assign(y=value))


def test_more_parameters_than_rows(table):
    with pytest.raises(DegreesOfFreedomError, match="3 observations cannot carry 3 parameters"):
        fit("y ~ x + z + w", table.head(3))
    with pytest.raises(DegreesOfFreedomError, match="96 observations cannot carry"):
        fit("y ~ i(province):i(year)", table)


def test_a_variable_that_is_not_there_is_suggested(table):
    for formula in ("y ~ yera", "yera ~ x", "y ~ x | yera", "y ~ log(yera)", "y ~ i(yera)"):
        with pytest.raises(UnknownVariableError, match="'yera'") as caught:
            fit(formula, table)
        assert "did you mean 'year'" in caught.value.remedy
    with pytest.raises(UnknownVariableError, match="'provinc'"):
        fit("y ~ x", table, vcov=panel.cluster("provinc"))
    with pytest.raises(UnknownVariableError, match="'ww'"):
        fit("y ~ x", table, weights="ww")


@pytest.mark.parametrize(
    ("formula", "settings", "before"),
    [
        ("y ~ x + log(yera)", {}, "y ~ x + log("),
        ("y ~ x|yera", {}, "y ~ x | "),
        ("y ~ x | 0 | z ~ `yera`", {}, "y ~ x | 0 | z ~ "),
        ("y ~ x", {"sample": "zone == 'yera' & yera > 2012"}, 'y ~ x; sample = zone == "yera" & '),
        ("y ~ x", {"weights": "yera"}, "y ~ x; weights = "),
    ],
)
def test_a_caret_stands_under_a_variable_that_is_not_there(formula, settings, before, table):
    with pytest.raises(UnknownVariableError) as caught:
        build(parse(formula).with_(settings.get("weights"), settings.get("sample")),
              panel.PanelFrame.from_pandas(table, "province", "year"))  # fmt: skip
    _, text, caret = caught.value.message.splitlines()
    assert text[4:].startswith(before + "yera")
    assert caret == " " * (4 + len(before)) + "^"
    assert caught.value.variable == "yera"


def test_a_caret_under_chinese_is_as_wide_as_what_stands_before_it(table):
    named = table.rename(columns={"y": "产出"})
    with pytest.raises(UnknownVariableError) as caught:
        fit("产出 ~ 投入", named)
    assert caught.value.message.splitlines()[1:] == ["    产出 ~ 投入", "    \u3000\u3000   ^"]


# ---- weights ----------------------------------------------------------------------------


@pytest.mark.parametrize("verb", [panel.ols, panel.pooled, panel.poisson])
def test_a_negative_weight_is_an_error(verb, table):
    table["count"] = table["x"] ** 2
    table.loc[[20, 30], "w"] = [-0.25, -3.0]
    arguments = {"formula": "count ~ z", "weights": "w", "unit": "province", "time": "year"}
    with pytest.raises(DataError, match=r"w is negative in 2 of the rows, first -0.25 at p02") as e:
        verb(frame=table, **arguments)
    assert (e.value.variable, e.value.value) == ("w", -0.25)
    assert "w >= 0" in e.value.remedy
    assert verb(frame=table, sample="w >= 0", **arguments).design.rows.size == 93


def test_a_negative_count_of_rows_is_an_error(table):
    with pytest.raises(DataError, match="weight k is negative") as caught:
        fit("y ~ x", table.assign(k=np.where(table.index == 3, -1, 1)), weights="frequency(k)")
    assert 'sample="k >= 0"' in caught.value.remedy


def test_a_negative_weight_outside_the_sample_does_no_harm(table):
    table.loc[20, "w"] = -1.0  # the year 2014 of p02
    estimate = fit("y ~ x", table, weights="w", sample="year != 2014")
    assert estimate.nobs == 84


@pytest.mark.parametrize("formula", ["y ~ x | province", "y ~ x + z", "y ~ x | province + year"])
@pytest.mark.parametrize("heavy", [1e22, 1e300])
def test_a_weight_beside_which_no_other_counts(formula, heavy, table):
    table.loc[20, "w"] = heavy
    with pytest.raises(DataError, match="too many orders of magnitude") as caught:
        fit(formula, table, weights="w")
    assert "p02, 2014" in caught.value.message
    assert caught.value.value == heavy


def test_a_weight_beside_which_others_still_count(table):
    table.loc[20, "w"] = 1e17  # the line through that point, its slope by the other rows
    x, y = table["x"] - table["x"][20], table["y"] - table["y"][20]
    own = table["w"].where(table.index != 20, 0.0)
    slope = fit("y ~ x", table, weights="w").params["x"]
    assert slope == pytest.approx((own * x * y).sum() / (own * x**2).sum(), rel=1e-7)


def test_weights_of_a_kernel_may_span_many_orders(table):
    kernel = np.exp(-(((table["year"] - 2010) * 3.0) ** 2))  # down to 1e-192
    near = fit("y ~ x", table.assign(w=kernel), weights="w")
    alone = fit("y ~ x", table.assign(w=kernel), weights="w", sample="year < 2013")
    np.testing.assert_allclose(near.coef, alone.coef, rtol=1e-12)


def test_instruments_are_not_for_least_squares(table):
    with pytest.raises(FormulaError, match="instruments"):
        fit("y ~ x | province | w ~ z", table)


# ---- the design itself ------------------------------------------------------------------


def test_within_columns_have_no_group_means(frame):
    design = build(parse("y ~ x + w | province + year"), frame)
    for level in (0, 1):
        groups = pd.DataFrame(design.X_within, index=design.index).groupby(level=level)
        np.testing.assert_allclose(groups.mean(), 0, atol=1e-14)


def test_a_reduced_design_has_only_what_it_reads(frame):
    design = build(parse("y ~ log(z) | province + zone^year; weights = w"), frame)
    assert set(design.reduced().frame.names) == {"y", "z", "w", "zone"}
    assert set(design.reduced(["x^year"]).frame.names) == {"y", "z", "w", "zone", "x"}
    np.testing.assert_array_equal(design.reduced().X, design.X)


@pytest.mark.parametrize("size", [1e160, 1e-170])
@pytest.mark.parametrize("name", ["x", "y"])
def test_figures_whose_squares_are_no_numbers_are_refused(name, size):
    table = pd.DataFrame({"u": [1, 1, 2, 2, 3, 3], "t": [1, 2] * 3, "x": [1.0, 2, 4, 3, 6, 9]})
    table["y"] = table.x**2
    table[name] *= size
    with pytest.raises(DataError, match="squares") as caught:
        panel.ols("y ~ x | u", table, unit="u", time="t")
    assert caught.value.variable == name
