"""What every covariance promises, whatever errors it is made for."""

from __future__ import annotations

import pickle
from collections.abc import Mapping

import numpy as np
import pytest

import panel
from panel.core.vcov import Vcov


def test_there_are_covariances_to_test(found):
    assert {"cluster", "driscoll_kraay", "hetero", "iid"} <= found["covariances"]


def test_it_is_a_frozen_value_that_says_what_it_was_set_to(vcov):
    again = pickle.loads(pickle.dumps(vcov))
    assert isinstance(vcov, Vcov)
    assert again == vcov
    assert hash(again) == hash(vcov)
    assert isinstance(vcov.needs, tuple)
    assert isinstance(vcov.settings, Mapping)
    with pytest.raises(AttributeError):
        vcov.kind = "other"


def test_order_of_rows_and_names_of_groups_do_not_matter(vcov, fit, data):
    first = fit(panel.ols, data, "y ~ x + log(z) | unit", vcov=vcov).cov
    # Random draws go to the groups in their order: another order is another sample of draws.
    names = sorted(data.unit.unique())
    new = [f"Region {n}" for n in names] if "seed" in vcov.settings else names[::-1]
    renamed = data.assign(unit=data.unit.map(dict(zip(names, new, strict=True))))
    for other in (data.sample(frac=1, random_state=3), renamed, data.assign(year=data.year + 7)):
        second = fit(panel.ols, other, "y ~ x + log(z) | unit", vcov=vcov).cov
        # The same sums in another order.
        np.testing.assert_allclose(second.matrix, first.matrix, rtol=1e-9)
        assert second.df == first.df
        assert second.label == first.label


def test_it_scales_with_the_regressors(vcov, fit, data):
    first = fit(panel.ols, data, "y ~ x + log(z) | unit + year", vcov=vcov).cov.matrix
    scaled = data.assign(x=data.x * 1e3, y=data.y * 10)
    second = fit(panel.ols, scaled, "y ~ x + log(z) | unit + year", vcov=vcov).cov.matrix
    by = np.array([1e-2, 10.0])
    np.testing.assert_allclose(second, first * np.outer(by, by), rtol=1e-9)


def test_weights_of_another_scale_change_nothing(vcov, fit, data):
    first = fit(panel.ols, data, "y ~ x + log(z) | unit", vcov=vcov, weights="w")
    second = fit(panel.ols, data, "y ~ x + log(z) | unit", vcov=vcov, weights="1e4 * w")
    np.testing.assert_allclose(second.coef, first.coef, rtol=1e-10)
    np.testing.assert_allclose(second.cov.matrix, first.cov.matrix, rtol=1e-9)


def test_a_row_of_almost_no_weight_says_almost_nothing(vcov, fit, data):
    light = data.assign(w=np.where(data.index < 5, 1e-12, 1.0))
    whole = fit(panel.ols, light, vcov=vcov, weights="w")
    part = fit(panel.ols, data[data.index >= 5], vcov=vcov)
    np.testing.assert_allclose(whole.coef, part.coef, rtol=1e-9)
    # n and with it the small-sample factor differ: 95 rows or 90.
    np.testing.assert_allclose(whole.bse, part.bse, rtol=0.1)


def test_rows_without_a_cluster_are_left_out_and_counted(clustering, fit, data):
    area = data.zone.astype(float).where(data.index % 10 > 0)
    by_area = clustering("area")
    estimate = fit(panel.ols, data.assign(area=area), vcov=by_area)
    assert estimate.nobs == area.notna().sum()
    assert any("area is missing" in n for n in estimate.notes)
    later = fit(panel.ols, data.assign(area=area))
    with pytest.raises(panel.errors.VcovError, match="'area' is missing"):
        _ = later.with_vcov(by_area).bse
