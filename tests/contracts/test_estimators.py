"""What every estimator promises, whatever it estimates."""

from __future__ import annotations

import pickle
import re

import numpy as np
import pandas as pd
import pytest

import panel

# Results that rest on the same sums in another order differ by rounding only; iterative variance
# components and condition numbers near 10 leave two more digits of room.
RTOL = 1e-9


def assert_same(a: panel.Estimate, b: panel.Estimate, rtol: float = RTOL) -> None:
    assert a.names == b.names
    np.testing.assert_allclose(b.coef, a.coef, rtol=rtol)
    np.testing.assert_allclose(b.cov.matrix, a.cov.matrix, rtol=rtol, atol=1e-14)
    for name, value in a.stats.items():
        np.testing.assert_allclose(b.stats[name], value, rtol=rtol, err_msg=name)


def test_there_are_estimators_to_test(found):
    assert {"ols", "pooled"} <= found["estimators"]
    assert "many" in found["several"]


def test_order_of_rows_does_not_matter(verb, fit, data):
    first = fit(verb, data)
    for seed in (1, 2):
        assert_same(first, fit(verb, data.sample(frac=1, random_state=seed)), rtol=1e-13)


def test_order_of_columns_does_not_matter(verb, fit, data):
    assert_same(fit(verb, data), fit(verb, data[data.columns[::-1]]), rtol=1e-13)


def test_names_of_units_do_not_matter(verb, fit, data):
    first = fit(verb, data)
    names = sorted(data.unit.unique())
    for new in (
        [f"Region {n}" for n in names],
        list(range(len(names)))[::-1],
        list("nmlkjihgfedcba"),
    ):
        renamed = data.assign(unit=data.unit.map(dict(zip(names, new, strict=True))))
        assert_same(first, fit(verb, renamed))


def test_the_calendar_may_be_shifted(verb, fit, data):
    assert_same(fit(verb, data), fit(verb, data.assign(year=data.year - 1900)))
    quarters = pd.PeriodIndex.from_ordinals(data.year, freq="Q")
    assert_same(fit(verb, data), fit(verb, data.assign(year=quarters)))


def test_names_of_years_do_not_matter(timeless, fit, data):
    years = sorted(data.year.unique())
    shuffled = dict(zip(years, [3, 8, 1, 6, 2, 7, 5, 4], strict=True))
    renamed = data.assign(year=data.year.map(shuffled))
    assert_same(fit(timeless, data), fit(timeless, renamed))


@pytest.mark.parametrize("factor", [1e-6, -3.0, 1e6])
def test_units_of_a_regressor_change_its_coefficient_only(verb, fit, data, factor):
    first, second = fit(verb, data), fit(verb, data.assign(x=data.x * factor))
    np.testing.assert_allclose(second.params["x"], first.params["x"] / factor, rtol=RTOL)
    np.testing.assert_allclose(second.tvalues["x"], np.sign(factor) * first.tvalues["x"], rtol=RTOL)
    others = [n for n in first.names if not re.search(r"\bx\b", n)]
    np.testing.assert_allclose(second.params[others], first.params[others], rtol=RTOL)
    np.testing.assert_allclose(second.tvalues[others], first.tvalues[others], rtol=RTOL)
    assert second.fvalue == pytest.approx(first.fvalue, rel=RTOL)


def test_units_of_the_outcome_scale_everything(linear, fit, data):
    first, second = fit(linear, data), fit(linear, data.assign(y=data.y * 1e4))
    np.testing.assert_allclose(second.coef, 1e4 * first.coef, rtol=RTOL)
    np.testing.assert_allclose(second.tvalues, first.tvalues, rtol=RTOL)
    assert second.rsquared == pytest.approx(first.rsquared, rel=RTOL, nan_ok=True)


def test_a_constant_added_to_the_outcome_changes_the_constant_only(linear, fit, data):
    first, second = fit(linear, data), fit(linear, data.assign(y=data.y + 100))
    slopes = [n for n in first.names if n != "(Intercept)"]
    # 100 is lost from numbers of size 1: two digits.
    np.testing.assert_allclose(second.params[slopes], first.params[slopes], rtol=1e-8)
    np.testing.assert_allclose(second.bse[slopes], first.bse[slopes], rtol=1e-8)


@pytest.mark.parametrize("effects", ["unit", "year", "unit + year", "zone^year + unit"])
def test_fixed_effects_absorb_what_is_constant_in_them(effects, fit, data):
    first = fit(panel.ols, data, f"y ~ x + log(z) | {effects}")
    for group in effects.split(" + "):
        level = data.groupby(group.split("^")).ngroup() ** 2 / 7
        second = fit(panel.ols, data.assign(y=data.y + level), f"y ~ x + log(z) | {effects}")
        np.testing.assert_allclose(second.coef, first.coef, rtol=1e-8)
        np.testing.assert_allclose(second.bse, first.bse, rtol=1e-8)


def test_influence_sums_to_zero_by_column(verb, fit, data):
    estimate = fit(verb, data)
    assert estimate.influence.shape == (estimate.nobs, len(estimate.names))
    size = np.abs(estimate.influence).sum(axis=0)
    np.testing.assert_allclose(estimate.influence.sum(axis=0) / size, 0, atol=1e-12)


def test_influence_gives_the_plain_sandwich(verb, fit, data):
    estimate = fit(verb, data).with_vcov("HC0")
    np.testing.assert_allclose(
        estimate.cov.matrix, estimate.influence.T @ estimate.influence, rtol=1e-13
    )


def test_inputs_are_left_as_they_are(verb, fit, data):
    before, index = data.copy(deep=True), data.set_index(["unit", "year"])
    fit(verb, data)
    pd.testing.assert_frame_equal(data, before)
    framed = panel.PanelFrame.from_pandas(data, "unit", "year")
    figures = framed.data
    fit(verb, framed)
    pd.testing.assert_frame_equal(framed.data, figures)
    assert_same(fit(verb, data), fit(verb, framed), rtol=1e-13)
    assert_same(fit(verb, data), fit(verb, panel.PanelFrame.from_pandas(index)), rtol=1e-13)


def arrays(estimate: panel.Estimate) -> dict[str, np.ndarray]:
    """Every array a result holds, by name."""
    design = estimate.design
    found = {
        "coef": estimate.coef, "influence": estimate.influence, "classical": estimate.classical,
        "residuals": estimate.residuals, "cov": estimate.cov.matrix, "rows": design.rows,
        "y": design.y, "X": design.X, "y_within": design.y_within, "X_within": design.X_within,
    }  # fmt: skip
    if design.absorber is not None:
        found |= {f"codes {n}": c for n, c in zip(design.spec.absorb, design.absorber.codes)}  # noqa: B905
    return found | ({} if design.w is None else {"w": design.w})


def test_arrays_are_read_only_also_after_unpickling(verb, fit, data):
    estimate = fit(verb, data)
    for whole in (estimate, pickle.loads(pickle.dumps(estimate))):
        for name, array in arrays(whole).items():
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 0
            assert not array.flags.writeable, name


def test_arrays_of_weights_and_fixed_effects_are_read_only(fit, data):
    estimate = fit(panel.ols, data, "y ~ x | unit + year", weights="w")
    assert all(not a.flags.writeable for a in arrays(estimate).values())


def test_another_covariance_is_another_value_and_nothing_is_fitted_again(verb, fit, data):
    estimate = fit(verb, data)
    errors = estimate.bse
    other = estimate.with_vcov(panel.cluster("unit"))
    assert other is not estimate
    assert other.coef is estimate.coef  # the same arrays: nothing was computed anew
    assert other.influence is estimate.influence
    assert other.design is estimate.design
    pd.testing.assert_series_equal(estimate.bse, errors)
    assert not np.allclose(other.bse, errors)


def test_a_pickle_brings_everything_back_and_little_else(verb, fit, data):
    estimate = fit(verb, data, vcov=panel.cluster("zone"))
    text = pickle.dumps(estimate)
    back = pickle.loads(text)
    assert_same(estimate, back, rtol=1e-14)
    pd.testing.assert_frame_equal(back.tidy(), estimate.tidy())
    assert back.provenance == estimate.provenance
    assert set(back.design.frame.names) == {*estimate.design.variables, "zone"} - {"unit", "year"}
    # The thirty unused columns alone would take 22 kB.
    assert len(text) < 25_000


def test_map_is_the_delta_method(verb, fit, data):
    estimate = fit(verb, data, vcov=panel.cluster("unit"))
    k = len(estimate.names)
    jacobian = np.vstack([np.ones(k), np.arange(k) - 0.5])
    mapped = estimate.map(jacobian, ["sum", "contrast"])
    assert list(mapped.params.index) == ["sum", "contrast"]
    np.testing.assert_allclose(mapped.coef, jacobian @ estimate.coef, rtol=1e-14)
    for vcov in (panel.cluster("unit"), panel.iid(), panel.hetero()):
        expected = jacobian @ estimate.with_vcov(vcov).cov.matrix @ jacobian.T
        np.testing.assert_allclose(mapped.with_vcov(vcov).cov.matrix, expected, rtol=1e-10)
    assert estimate.names == fit(verb, data).names  # the first estimate is as it was
    assert mapped.label("sum") == "sum"
    assert "contrast" in str(mapped.summary())


def test_map_refuses_another_shape(verb, fit, data):
    estimate = fit(verb, data)
    with pytest.raises(panel.PanelError, match="shape"):
        estimate.map(np.ones((1, len(estimate.names) + 1)), ["sum"])


def test_statements_of_a_result_agree_with_each_other(verb, fit, data):
    estimate = fit(verb, data)
    tidy = estimate.tidy()
    np.testing.assert_allclose(tidy.statistic, tidy.estimate / tidy.std_error, rtol=1e-14)
    assert tidy.conf_low.lt(tidy.estimate).all()
    assert (estimate.pvalues < 0.05).equals(
        (estimate.conf_int(0.05).conf_low > 0) | (estimate.conf_int(0.05).conf_high < 0)
    )
    assert estimate.nobs == len(estimate.resid) == len(estimate.fittedvalues)
    assert estimate.glance().nobs.item() == estimate.nobs
    for text in (str(estimate), estimate._repr_html_(), repr(estimate.summary())):
        assert "log(z)" in text
    hooks = estimate.__maketables_coef_table__
    assert {"b", "se", "t", "p"} <= set(hooks.columns)


def test_residual_and_fit_add_up_to_the_outcome(linear, fit, data):
    estimate = fit(linear, data)
    np.testing.assert_allclose(
        estimate.resid + estimate.fittedvalues, estimate.design.y, rtol=1e-12
    )


def test_rows_left_out_are_counted_with_a_reason(verb, fit, data):
    damaged = data.assign(x=data.x.where(data.x < 1.2), z=data.z.mask(data.z > 4, np.inf))
    notes = fit(verb, damaged).notes
    assert any("left out" in n and "x" in n for n in notes)
    assert any("infinite" in n for n in notes)


def test_a_sample_is_the_rows_that_meet_the_condition(timeless, fit, data):
    # Changes may look back to years outside the sample, which the part does not have.
    part = data[(data.year >= 2003) & (data.zone != 2)]
    whole = fit(timeless, data, sample="year >= 2003 & zone != 2")
    assert_same(fit(timeless, part), whole)
    assert any("outside the sample" in n for n in whole.notes)


@pytest.mark.parametrize(
    "formula", ["y ~ nothere", "y ~ unit", "y ~ __import__('os')", "y", "y ~ x:", "y ~ log(x, 2)"]
)
def test_bad_formulas_are_errors_of_ours(verb, fit, data, formula):
    with pytest.raises(panel.PanelError) as caught:
        fit(verb, data, formula)
    assert caught.value.remedy


def test_duplicate_keys_and_empty_data_are_errors_of_ours(verb, fit, data):
    with pytest.raises(panel.PanelError, match="more than once"):
        fit(verb, pd.concat([data, data.head(1)]))
    with pytest.raises(panel.PanelError):
        fit(verb, data.head(0))
    with pytest.raises(panel.PanelError, match="PanelFrame or a pandas DataFrame"):
        fit(verb, {"y": [1.0]})


def test_each_covariance_is_symmetric_and_positive_or_refused(verb, vcov, fit, data):
    estimate = fit(verb, data)
    try:
        cov = estimate.with_vcov(vcov).cov
    except panel.errors.VcovError:  # a covariance over time says nothing on means over time
        assert verb.__name__ == "between" or type(vcov).__name__ not in ("Iid", "Cluster")
        return
    np.testing.assert_allclose(cov.matrix, cov.matrix.T, rtol=1e-12)
    values = np.linalg.eigvalsh(cov.matrix)
    assert values.min() > -1e-12 * values.max()
    assert np.all(np.asarray(cov.df) > 0)
    assert cov.label


def test_several_models_are_each_model_alone(several, fit, data):
    models = fit(several, data, "y ~ csw(x, log(z)) | sw0(unit, unit + year)")
    alone = [
        fit(panel.ols, data, f"y ~ {x}{effects}")
        for effects in ("", " | unit", " | unit + year")
        for x in ("x", "x + log(z)")
    ]
    assert isinstance(models, tuple)
    for ours, single in zip(models, alone, strict=True):
        assert ours.formula == single.formula
        assert_same(single, ours, rtol=1e-14)
