"""What instrumental variables promise by every method, and how they refuse what cannot be."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import (
    AbsorbedError,
    DegreesOfFreedomError,
    EmptySampleError,
    FormulaError,
    IdentificationError,
    NotNumericError,
    UnknownVariableError,
)
from panel.estimators.iv_methods import Method

FORMULA = "y ~ log(z) | unit + year | x ~ q + q2"
# Iterations of the continuously updated estimator end within 1e-6 standard errors of the minimum.
RTOL = 1e-6


def assert_same(a: panel.Estimate, b: panel.Estimate, rtol: float = RTOL) -> None:
    assert a.names == b.names
    np.testing.assert_allclose(b.coef, a.coef, rtol=rtol)
    np.testing.assert_allclose(b.cov.matrix, a.cov.matrix, rtol=rtol, atol=1e-12)
    for name, value in a.stats.items():
        np.testing.assert_allclose(b.stats[name], value, rtol=rtol, atol=1e-9, err_msg=name)


@pytest.fixture
def iv(fit):
    """Gives an estimate by instruments on a table."""
    return lambda data, formula=FORMULA, **settings: fit(panel.iv, data, formula, **settings)


def test_there_are_methods_to_test(found):
    assert found["methods"] == {"tsls", "liml", "fuller", "gmm", "cue"}


def test_a_method_is_a_frozen_value(method):
    assert isinstance(method, Method)
    again = pickle.loads(pickle.dumps(method))
    assert again == method
    assert hash(again) == hash(method)
    with pytest.raises(AttributeError):
        method.weights = "other"


@pytest.mark.parametrize("vcov", ["iid", "HC1", panel.cluster("unit")])
def test_order_of_rows_names_and_calendar_do_not_matter(method, vcov, iv, data):
    first = iv(data, method=method, vcov=vcov)
    renamed = data.assign(unit=data.unit.map({u: f"R{u[::-1]}" for u in data.unit}))
    for other in (
        data.sample(frac=1, random_state=1), data[data.columns[::-1]], renamed,
        data.assign(year=data.year - 1900),
    ):  # fmt: skip
        assert_same(first, iv(other, method=method, vcov=vcov))


@pytest.mark.parametrize("vcov", ["iid", "HC1", panel.cluster("unit")])
def test_units_of_measurement_change_what_has_them_only(method, vcov, iv, data):
    first = iv(data, method=method, vcov=vcov)
    for name in ("q", "q2"):  # instruments have no unit in the result
        assert_same(first, iv(data.assign(**{name: -1e4 * data[name]}), method=method, vcov=vcov))
    second = iv(data.assign(x=data.x * 1e3, y=data.y * 10), method=method, vcov=vcov)
    np.testing.assert_allclose(second.coef, first.coef * [1e-2, 10], rtol=RTOL)
    np.testing.assert_allclose(second.tvalues, first.tvalues, rtol=RTOL)
    weighted = [iv(data, method=method, vcov=vcov, weights=w) for w in ("w", "1e4 * w")]
    np.testing.assert_allclose(weighted[1].coef, weighted[0].coef, rtol=RTOL)
    np.testing.assert_allclose(weighted[1].bse, weighted[0].bse, rtol=RTOL)


def test_effects_absorb_what_is_constant_in_them_also_in_instruments(method, iv, data):
    first = iv(data, method=method)
    level = data.groupby("unit").ngroup() ** 2 / 7 + data.year % 3
    moved = data.assign(**{name: data[name] + level for name in ("y", "x", "q")})
    np.testing.assert_allclose(iv(moved, method=method).coef, first.coef, rtol=RTOL)


def test_combinations_of_instruments_are_the_same_instruments(method, iv, data):
    first = iv(data, method=method, vcov="HC1")
    turned = iv(data.assign(q=data.q + data.q2, q2=data.q - 2 * data.q2), method=method, vcov="HC1")
    assert_same(first, turned)


def test_rows_of_almost_no_weight_say_almost_nothing(method, iv, data):
    light = data.assign(w=np.where(data.index < 5, 1e-13, 1.0))
    part = iv(data[data.index >= 5], method=method)
    # Fuller's kappa counts rows: 5 of 95 move it by a thousandth, and the coefficients by less.
    rtol = 2e-3 if part.method.startswith("Fuller") else 1e-5
    np.testing.assert_allclose(iv(light, method=method, weights="w").coef, part.coef, rtol=rtol)


def test_another_covariance_fits_nothing_again(method, iv, data):
    estimate = iv(data, method=method)
    other = estimate.with_vcov(panel.cluster("unit"))
    assert other.coef is estimate.coef
    assert other.method == estimate.method
    assert not np.allclose(other.bse, estimate.bse)
    assert_same(other, pickle.loads(pickle.dumps(other)), rtol=1e-13)


def test_every_statistic_of_instruments_follows_the_covariance(method, iv, data):
    from panel.core.identification import STATISTICS

    estimate = iv(data, method=method, vcov="HC1")
    clustered = estimate.with_vcov(panel.cluster("unit"))
    same = {"cragg_donald_f"} | ({"hansen_j", "hansen_p"} if "J" in estimate.stats else set())
    for name, statistic in STATISTICS.items():
        before, after = statistic(estimate), statistic(clustered)
        assert np.isfinite([before, after]).all()
        assert (before == after) == (name in same), name


def test_inputs_are_left_as_they_are(method, iv, data):
    before = data.copy(deep=True)
    iv(data, method=method, vcov=panel.cluster("unit"))
    pd.testing.assert_frame_equal(data, before)


@pytest.mark.parametrize(
    ("formula", "error", "said"),
    [
        ("y ~ log(z) | unit", FormulaError, "no instruments"),
        ("y ~ log(z) | unit | x ~ 0", FormulaError, "no instrument"),
        ("y ~ log(z) | unit | x + q ~ q + q2", FormulaError, "'q' is endogenous and stands"),
        ("y ~ log(z) + x | unit | x ~ q", FormulaError, "'x' is endogenous and stands"),
        ("y ~ log(z) | unit | x ~ q + y", FormulaError, "outcome 'y' is among the instruments"),
        ("y ~ log(z) + q | unit | x ~ q", IdentificationError, "q left out"),
        ("y ~ log(z) | unit | x ~ twice", IdentificationError, "twice left out"),
        ("y ~ log(z) | unit | x + q2 ~ q + again", IdentificationError, "again left out"),
        ("y ~ log(z) | unit | x + q2 ~ q", IdentificationError, "Only q is left for 2"),
        ("y ~ log(z) | unit | x ~ zone", IdentificationError, "absorbed by the fixed effects"),
        ("y ~ log(z) | unit | x ~ five", IdentificationError, "five left out"),
        ("y ~ log(z) | unit | x ~ nothing", IdentificationError, "say nothing on 'x'"),
        ("y ~ log(z) | unit | zone ~ q", AbsorbedError, "No endogenous regressor is left"),
        ("y ~ log(z) | unit | x ~ text", NotNumericError, "text"),
        ("y ~ log(z) | unit | text ~ q", NotNumericError, "text"),
        ("y ~ log(z) | unit | x ~ when", NotNumericError, "when"),
        ("y ~ log(z) | unit | x ~ qq", UnknownVariableError, "did you mean 'q'"),
        ("y ~ log(z) | unit | x ~ empty", EmptySampleError, "empty"),
        ("y ~ log(z) | unit | x ~ I(q / five - q / five)", IdentificationError, "left out"),
        ("y ~ 1 | 0 | x ~ i(unit); sample = year == 2003", DegreesOfFreedomError, "cannot carry"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_an_error_that_names_it(formula, error, said, iv, data):
    draw = np.random.default_rng(9)
    table = data.assign(
        twice=-3 * np.log(data.z), again=2 * data.q + 1, five=5.0, text="a", empty=np.nan,
        when=pd.Timestamp("2020-01-01"),
    )  # fmt: skip
    # An instrument without any correlation with x, given log(z) and the effects of units.
    noise = panel.ols(
        "o ~ x + log(z) | unit", table.assign(o=draw.normal(size=len(table))), unit="unit",
        time="year",
    )  # fmt: skip
    keys = pd.MultiIndex.from_frame(table[["unit", "year"]])
    table["nothing"] = noise.resid.reindex(keys).to_numpy()
    with pytest.raises(error) as caught:
        iv(table, formula)
    assert said in str(caught.value)
    assert caught.value.remedy
    assert caught.value.variable


def test_missing_and_infinite_figures_are_left_out_and_said(method, iv, data):
    damaged = data.assign(
        q=data.q.where(data.index % 9 > 0), q2=data.q2.mask(data.index % 11 == 0, np.inf)
    )
    estimate = iv(damaged, method=method)
    used = np.isfinite(damaged[["q", "q2"]]).all(axis=1)
    assert_same(estimate, iv(data[used], method=method))
    assert any("q is missing" in n for n in estimate.notes)
    assert any("infinite" in n for n in estimate.notes)


@pytest.mark.parametrize("sample", ["year == 2003", "unit == 'u03'"])
def test_one_region_or_one_year_will_do_without_effects(sample, method, iv, data):
    estimate = iv(data, "y ~ 1 | 0 | x ~ q", method=method, sample=sample)
    assert np.isfinite(estimate.bse).all()
    with pytest.raises((EmptySampleError, AbsorbedError)) as caught:
        iv(data, "y ~ 1 | unit + year | x ~ q", method=method, sample=sample)
    assert caught.value.remedy


@pytest.mark.parametrize("method_name", ["tsls", "liml", "fuller"])
def test_several_models_are_each_model_alone(method_name, fit, iv, data):
    method = getattr(panel, method_name)()
    models = fit(
        panel.many, data, "y ~ sw0(log(z)) | sw(unit, unit + year) | x ~ csw(q, q2)",
        method=method, vcov="HC1", split="zone",
    )  # fmt: skip
    assert isinstance(models, tuple)
    assert len(models) == 40
    for model in models[::7]:
        assert_same(iv(data, model.formula, method=method, vcov="HC1"), model, rtol=1e-12)
