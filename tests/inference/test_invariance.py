"""What every covariance keeps to: no second fit, no dependence on order, names or units."""

from __future__ import annotations

import numpy as np
import pytest

import panel
from panel import inference

VCOVS = {
    "iid": inference.iid(),
    **{kind: inference.hetero(kind) for kind in ("HC0", "HC1", "HC2", "HC3")},
    **{kind: inference.cluster("state", kind=kind) for kind in ("CR0", "CR1", "CR2", "CR3")},
    "two-way": inference.cluster("region", "year"),
    "driscoll_kraay": inference.driscoll_kraay(2),
    "newey_west": inference.newey_west(2),
    "conley": inference.conley(cutoff_km=1500, lat="lat", lon="lon", kernel="bartlett", lags=1),
    "jackknife": inference.jackknife("state", center="mean"),
}


@pytest.fixture(scope="module")
def data(table):
    number = table("Gaps").state.factorize()[0]
    return table("Gaps").assign(
        y=lambda d: np.log(d.gsp), x=lambda d: np.log(d.pcap), lat=30 + number % 7,
        lon=80 + number % 11,
    )  # fmt: skip


def fit(data, formula="y ~ x + unemp | state + year"):
    return panel.ols(formula, data, unit="state", time="year", weights="emp")


@pytest.mark.parametrize("name", VCOVS)
def test_another_covariance_is_not_another_fit(name, data):
    estimate = fit(data)
    other = estimate.with_vcov(VCOVS[name])
    for part in ("coef", "influence", "residuals", "design"):
        assert getattr(other, part) is getattr(estimate, part)
    assert set(VCOVS[name].needs) <= {"state", "region", "year", "lat", "lon"}
    assert other.cov.matrix.shape == (2, 2)
    np.testing.assert_allclose(other.cov.matrix, other.cov.matrix.T, rtol=1e-10)


@pytest.mark.parametrize("name", VCOVS)
def test_order_of_rows_and_names_of_groups_do_not_matter(name, data, assert_matrix):
    mixed = data.sample(frac=1, random_state=3).assign(
        state=lambda d: d.state.str[::-1], region=lambda d: 100 - d.region
    )
    first, second = (fit(d).with_vcov(VCOVS[name]).cov for d in (data, mixed))
    assert_matrix(second.matrix, first.matrix, rtol=1e-9)
    np.testing.assert_allclose(second.df, first.df, rtol=1e-8)


@pytest.mark.parametrize("name", VCOVS)
def test_other_units_rescale(name, data, assert_matrix):
    scaled = data.assign(y=lambda d: 1e3 * d.y, x=lambda d: 1e-2 * d.x, emp=lambda d: 50 * d.emp)
    first, second = (fit(d).with_vcov(VCOVS[name]).cov for d in (data, scaled))
    scale = np.array([1e5, 1e3])
    assert_matrix(second.matrix, first.matrix * np.outer(scale, scale), rtol=1e-9)
    np.testing.assert_allclose(second.df, first.df, rtol=1e-8)


@pytest.mark.parametrize("name", VCOVS)
def test_units_far_apart_do_not_matter_to_combinations(name, data, assert_matrix):
    # In yuan and in shares: influences that differ by fourteen powers of ten.
    near = panel.linear(fit(data), ["x", "unemp"]).with_vcov(VCOVS[name])
    moved = data.assign(x=1e7 * data.x, unemp=1e-7 * data.unemp)
    far = panel.linear(fit(moved), ["x", "unemp"]).with_vcov(VCOVS[name])
    units = np.array([1e7, 1e-7])
    assert_matrix(far.cov.matrix * np.outer(units, units), near.cov.matrix)
    np.testing.assert_allclose(far.cov.df, near.cov.df, rtol=1e-8)
