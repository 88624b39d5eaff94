"""Conley's covariance against sums over all pairs, and against its special cases."""

from __future__ import annotations

import numpy as np
import pytest

import panel
from panel.inference import cluster, driscoll_kraay, newey_west
from panel.inference.conley import conley


def haversine(lat1, lon1, lat2, lon2):
    """Great-circle distance in kilometres by the haversine formula (Sinnott 1984)."""
    lat1, lon1, lat2, lon2 = (np.radians(v) for v in (lat1, lon1, lat2, lon2))
    h = np.sin((lat2 - lat1) / 2) ** 2
    h = h + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * np.arcsin(np.sqrt(np.minimum(h, 1.0)))


@pytest.fixture(scope="module")
def estimate(table):
    """Produc with gaps, each state at a place drawn at random on both sides of the date line."""
    draws = np.random.default_rng(7)
    places = {
        s: (draws.uniform(-60, 60), (draws.uniform(150, 210) + 180) % 360 - 180)
        for s in table("Gaps").state.unique()
    }
    data = table("Gaps").assign(
        lat=lambda d: d.state.map(lambda s: places[s][0]),
        lon=lambda d: d.state.map(lambda s: places[s][1]),
    )
    return panel.ols(
        "log(gsp) ~ log(pcap) + log(pc) + unemp | state + year", data, unit="state", time="year"
    )


@pytest.mark.parametrize("lags", [0, 2])
@pytest.mark.parametrize("kernel", ["uniform", "bartlett"])
@pytest.mark.parametrize("cutoff", [800, 5000.0, 30000])
def test_is_the_sum_over_all_pairs(cutoff, kernel, lags, estimate, assert_matrix):
    lat, lon = (estimate.design.column(c).to_numpy() for c in ("lat", "lon"))
    distance = haversine(lat[:, None], lon[:, None], lat, lon)
    weight = (distance <= cutoff) * (1.0 if kernel == "uniform" else 1 - distance / cutoff)
    year = estimate.design.time_numbers
    weight = weight * np.maximum(1 - np.abs(year[:, None] - year) / (lags + 1), 0)
    expected = estimate.influence.T @ weight @ estimate.influence
    expected *= (estimate.nobs - 1) / estimate.df_resid
    vcov = conley(cutoff_km=cutoff, lat="lat", lon="lon", kernel=kernel, lags=lags)
    # The same sums in another order.
    size = np.sqrt(np.diag(estimate.with_vcov("HC0").cov.matrix))
    difference = (estimate.with_vcov(vcov).cov.matrix - expected) / np.outer(size, size)
    assert np.abs(difference).max() < 1e-10
    assert estimate.with_vcov(vcov).cov.df == estimate.df_resid


def test_known_distances():
    # A quarter of a meridian, half the equator, and the two sides of the date line.
    from panel.kernels.conley import EARTH_RADIUS, spatial_weights

    latitude, longitude = (
        np.array([0.0, 90.0, 0.0, 0.0, 0.0]),
        np.array([0.0, 0, 180, 179.5, -179.5]),
    )
    far = np.pi * EARTH_RADIUS
    share = 1 - spatial_weights(latitude, longitude, far, "bartlett").toarray()
    np.testing.assert_allclose(share[0, :3], [0, 0.5, 1], atol=1e-12)
    assert share[3, 4] == pytest.approx(1 / 180, rel=1e-10)


@pytest.mark.parametrize("lags", [0, 3])
def test_all_pairs_of_places_are_driscoll_and_kraay(lags, estimate, assert_matrix):
    everywhere = conley(cutoff_km=2.1e4, lat="lat", lon="lon", lags=lags, small="none")
    dk = driscoll_kraay(lags, small="none")
    assert_matrix(estimate.with_vcov(everywhere).cov.matrix, estimate.with_vcov(dk).cov.matrix)


@pytest.mark.parametrize("kernel", ["uniform", "bartlett"])
def test_no_pairs_of_places_are_newey_and_west(kernel, estimate, assert_matrix):
    alone = conley(cutoff_km=0.001, lat="lat", lon="lon", kernel=kernel, lags=3, small="none")
    nw = newey_west(3, small="none")
    assert_matrix(estimate.with_vcov(alone).cov.matrix, estimate.with_vcov(nw).cov.matrix)


def test_places_by_region_are_clusters_of_region_and_year(table, assert_matrix):
    data = table("Gaps").assign(lat=lambda d: d.region.factorize()[0] * 5.0, lon=10.0)
    estimate = panel.ols("log(gsp) ~ unemp | state", data, unit="state", time="year")
    near = conley(cutoff_km=1, lat="lat", lon="lon", small="none")
    cells = cluster("region^year", small="none")
    assert_matrix(estimate.with_vcov(near).cov.matrix, estimate.with_vcov(cells).cov.matrix)


def test_means_over_the_years_have_places(table):
    data = table("Produc").assign(lat=lambda d: d.state.factorize()[0] * 1.0, lon=0.0)
    vcov = conley(cutoff_km=200, lat="lat", lon="lon", kernel="bartlett")
    estimate = panel.between("log(gsp) ~ unemp", data, unit="state", time="year", vcov=vcov)
    assert estimate.cov.clusters == {"place": 48}
    assert (estimate.bse > 0).all()


def test_rows_without_coordinates_are_left_out(table):
    data = table("Grunfeld").assign(lat=lambda d: d.firm * 1.0, lon=0.0)
    data.loc[data.firm == 4, "lat"] = np.nan
    vcov = conley(cutoff_km=100, lat="lat", lon="lon", kernel="bartlett")
    estimate = panel.ols("inv ~ value", data, unit="firm", time="year", vcov=vcov)
    assert estimate.nobs == 180
    assert any("lat" in note for note in estimate.notes)


def test_bad_choices(table):
    good = {"cutoff_km": 100, "lat": "lat", "lon": "lon"}
    for bad, match in (
        ({"cutoff_km": 0}, "positive"), ({"cutoff_km": "100"}, "positive"),
        ({"kernel": "epanechnikov"}, "bartlett"), ({"lags": -1}, "whole number"),
        ({"lags": None}, "lags=0"),
    ):  # fmt: skip
        with pytest.raises(panel.errors.VcovError, match=match):
            conley(**(good | bad))
    data = table("Grunfeld").assign(lat=lambda d: d.firm * 10.0, lon=0.0, name="a")
    estimate = panel.ols("inv ~ value", data, unit="firm", time="year")
    with pytest.raises(panel.errors.VcovError, match=r"'lat' is not a coordinate.*100"):
        _ = estimate.with_vcov(conley(**good)).cov
    with pytest.raises(panel.errors.NotNumericError, match="name"):
        _ = estimate.with_vcov(conley(**(good | {"lat": "name"}))).cov


def test_coordinates_of_any_name(estimate):
    frame = estimate.design.frame
    spaced = panel.PanelFrame.from_pandas(frame.table.rename(columns={"lat": "широта, °"}))
    model = panel.ols("log(gsp) ~ log(pcap) + log(pc) + unemp | state + year", spaced)
    found = model.with_vcov(conley(cutoff_km=800, lat="широта, °", lon="lon")).bse
    expected = estimate.with_vcov(conley(cutoff_km=800, lat="lat", lon="lon")).bse
    np.testing.assert_array_equal(found, expected)
