"""The pairs cluster bootstrap against fitting again on the resampled rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.inference import cluster
from panel.inference.bootstrap import bootstrap_draws, cluster_bootstrap
from panel.kernels.resample import multiplicities


def _copies(data, by, names, counts):
    """The rows of a sample: every copy of a cluster of states has its own states; the years are
    common. A copy of a year is a year of its own; the states are common."""
    key = "year" if by == "year" else "state"
    span = data.year.max() - data.year.min() + 1

    def renamed(rows, c):
        return rows.year + c * span if key == "year" else rows.state.astype(str) + f" {c}"

    return pd.concat(
        rows.assign(**{key: renamed(rows, c)})
        for name, count in zip(names, counts, strict=True)
        for c in range(int(count))
        for rows in [data[data[by] == name]]
    )


@pytest.mark.parametrize("weights", [None, "emp"])
@pytest.mark.parametrize(
    ("effects", "by"),
    [("", "state"), ("| state", "region"), ("| state + year", "region"), ("| year", "state"),
     ("| state + region^year", "state"), ("| state + year", "year"),
     # slopes by group, inside the clusters, across them, and both
     ("| state[log(pc)]", "region"), ("| region[emp] + year", "state"),
     ("| state[log(pc)] + region[[emp]]", "state"), ("| state[log(pc)]", "year")],
)  # fmt: skip
def test_draws_are_fits_on_the_resampled_rows(effects, by, weights, table):
    data = table("Gaps")
    formula = "log(gsp) ~ log(pcap) + unemp "
    estimate = panel.ols(formula + effects, data, unit="state", time="year", weights=weights)
    drawn = bootstrap_draws(estimate, by, draws=2, seed=5)
    names = (
        sorted(data.year.unique())
        if by == "year"
        else list(dict.fromkeys(estimate.design.column(by)))
    )
    (times,) = multiplicities(len(names), 2, 5)
    for row, counts in zip(drawn, times, strict=True):
        again = panel.ols(
            formula + effects, _copies(data, by, names, counts), unit="state", time="year",
            weights=weights, singletons="keep",
        )  # fmt: skip
        np.testing.assert_allclose(row, again.coef, rtol=1e-8)


@pytest.mark.parametrize("method", [panel.tsls, panel.liml])
@pytest.mark.parametrize("weights", [None, "emp"])
@pytest.mark.parametrize(
    ("effects", "by", "instruments"),
    [("0", "state", "water + util"), ("state", "region", "water + util"),
     ("state + year", "state", "water + util"), ("state + year", "year", "water + util"),
     ("state + year", "state", "util"), ("region[emp] + year", "state", "water + util")],
)  # fmt: skip
def test_draws_of_instrumental_variables_are_fits_too(
    effects, by, instruments, weights, method, table
):
    data = table("Gaps")
    formula = f"log(gsp) ~ unemp + log(emp) | {effects} | log(pcap) ~ {instruments}"
    keys = {"unit": "state", "time": "year", "weights": weights, "method": method()}
    estimate = panel.iv(formula, data, **keys)
    drawn = bootstrap_draws(estimate, by, draws=2, seed=5)
    names = (
        list(dict.fromkeys(estimate.design.column(by)))
        if by != "year"
        else sorted(data.year.unique())
    )
    (times,) = multiplicities(len(names), 2, 5)
    for row, counts in zip(drawn, times, strict=True):
        again = panel.iv(formula, _copies(data, by, names, counts), **keys)
        np.testing.assert_allclose(row, again.coef, rtol=1e-7)  # weak in some draws


def test_draws_of_combinations_of_instrumental_variables(table):
    formula = "inv ~ capital | firm | value ~ L(value, 1) + L(value, 2)"
    estimate = panel.iv(formula, table("Grunfeld"), unit="firm", time="year")
    jacobian = np.array([[1.0, -2.0]])
    combined = bootstrap_draws(estimate.map(jacobian, ["a"]), "firm", draws=9, seed=1)
    plain = bootstrap_draws(estimate, "firm", draws=9, seed=1)
    np.testing.assert_allclose(combined, plain @ jacobian.T, rtol=1e-9)
    assert estimate.with_vcov(cluster_bootstrap("firm", draws=99)).bse.gt(0).all()


def test_moving_blocks_of_years(table):
    """Against a loop that strings blocks together, from the same numbers of a generator."""
    data, length = table("Produc"), 5
    years = sorted(data.year.unique())
    estimate = panel.ols("log(gsp) ~ log(pcap) + unemp | state", data, unit="state", time="year")
    drawn = bootstrap_draws(estimate, "year", length=length, draws=3, seed=7)
    starts = np.random.default_rng(7).integers(0, len(years) - length + 1, size=(3, 4))
    for row, first in zip(drawn, starts, strict=True):
        chosen = [years[s + k] for s in first for k in range(length)][: len(years)]
        again = pd.concat(
            data[data.year == year].assign(year=place) for place, year in enumerate(chosen)
        )
        fitted = panel.ols("log(gsp) ~ log(pcap) + unemp | state", again, unit="state", time="year")
        np.testing.assert_allclose(row, fitted.coef, rtol=1e-8)
    cov = estimate.with_vcov(cluster_bootstrap("year", length=length, draws=20)).cov
    assert cov.label == "bootstrap over year in blocks of 5 (20 draws)"


def test_every_sample_of_blocks_has_as_many_years_as_there_are():
    (times,) = multiplicities(17, 500, 3, length=5)
    assert (times.sum(axis=1) == 17).all()
    assert times.max() <= 4  # ceil(17/5) blocks
    # A year is drawn as often as blocks that hold it can begin: the first year in one of 13.
    assert times[:, 0].mean() < times[:, 8].mean() / 3


def test_covariance_is_that_of_the_draws(model, assert_matrix):
    estimate = model("produc").with_vcov(cluster_bootstrap("state", draws=50, seed=2))
    drawn = bootstrap_draws(estimate, "state", draws=50, seed=2)
    assert_matrix(estimate.cov.matrix, np.cov(drawn, rowvar=False), rtol=1e-12)
    assert estimate.cov.df == 47
    assert estimate.cov.label == "bootstrap over state (50 draws)"
    other = estimate.with_vcov(cluster_bootstrap("state", draws=50, seed=3))
    assert not np.allclose(other.bse, estimate.bse, rtol=1e-6)


def test_agrees_with_clustering_in_a_large_sample(model):
    # Petersen's 500 firms; the sampling error of a standard error from 1,999 draws is 1.6%.
    estimate = model("petersen")
    bootstrap = estimate.with_vcov(cluster_bootstrap("firm", draws=1999, seed=1))
    clustered = estimate.with_vcov(cluster("firm"))
    np.testing.assert_allclose(bootstrap.bse, clustered.bse, rtol=0.05)


def test_combinations_of_coefficients(model):
    estimate = model("grunfeld_firm")
    jacobian = np.array([[1.0, -2.0]])
    combined = bootstrap_draws(estimate.map(jacobian, ["a"]), "firm", draws=9, seed=1)
    plain = bootstrap_draws(estimate, "firm", draws=9, seed=1)
    np.testing.assert_allclose(combined, plain @ jacobian.T, rtol=1e-10)


def test_draws_that_do_not_identify_are_counted(table):
    data = table("Grunfeld").assign(some=lambda d: d.firm.isin([3, 4]) * (d.year - 1930.0))
    estimate = panel.ols("inv ~ value + some | firm", data, unit="firm", time="year")
    drawn = bootstrap_draws(estimate, "firm", draws=400, seed=1)
    lost = int(np.isnan(drawn).any(axis=1).sum())
    assert 20 < lost < 70  # both firms are left out with probability 0.8^10 = 0.107
    cov = estimate.with_vcov(cluster_bootstrap("firm", draws=400, seed=1)).cov
    assert cov.label == f"bootstrap over firm ({400 - lost} draws, {lost} not identified)"


def test_bad_choices(model, table):
    with pytest.raises(panel.errors.VcovError, match="whole number from 2"):
        cluster_bootstrap("firm", draws=1)
    for length in (0, True, 2.5):
        with pytest.raises(panel.errors.VcovError, match="length must be a whole number from 1"):
            cluster_bootstrap("year", length=length)
    least = model("grunfeld_firm")
    with pytest.raises(panel.errors.VcovError, match="'firm' has no order"):
        bootstrap_draws(least, "firm", length=3)
    with pytest.raises(panel.errors.VcovError, match="no shorter than the 20 years"):
        bootstrap_draws(least, "year", length=20)
    instruments = "inv ~ capital | firm | value ~ L(value, 1) + L(value, 2)"
    for method in (panel.fuller(), panel.gmm("hetero"), panel.cue("hetero")):
        moments = panel.iv(instruments, table("Grunfeld"), unit="firm", time="year", method=method)
        with pytest.raises(panel.errors.VcovError, match="2SLS and LIML"):
            bootstrap_draws(moments, "firm")
    random = panel.random_effects("inv ~ value", table("Grunfeld"), unit="firm", time="year")
    with pytest.raises(panel.errors.VcovError, match="before its regression"):
        bootstrap_draws(random, "firm")
    many = np.repeat(np.arange(2000), 2)
    data = pd.DataFrame({"u": many, "t": np.tile([0, 1], 2000), "c": np.arange(4000) % 400})
    data = data.assign(x=np.sin(many * 1.7 + data.t), y=np.cos(many * 2.9 * (1 + data.t)))
    estimate = panel.ols("y ~ x | u", data, unit="u", time="t")
    with pytest.raises(panel.errors.VcovError, match="cross products of 2000 effects"):
        bootstrap_draws(estimate, "c")
