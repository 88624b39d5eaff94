"""The pairs cluster bootstrap against fitting again on the resampled rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.inference import cluster
from panel.inference.bootstrap import bootstrap_draws, cluster_bootstrap
from panel.kernels.resample import multiplicities


@pytest.mark.parametrize("weights", [None, "emp"])
@pytest.mark.parametrize(
    ("effects", "by"),
    [("", "state"), ("| state", "region"), ("| state + year", "region"), ("| year", "state"),
     ("| state + region^year", "state")],
)  # fmt: skip
def test_draws_are_fits_on_the_resampled_rows(effects, by, weights, table):
    data = table("Gaps")
    formula = "log(gsp) ~ log(pcap) + unemp "
    estimate = panel.ols(formula + effects, data, unit="state", time="year", weights=weights)
    drawn = bootstrap_draws(estimate, by, draws=4, seed=5)
    names = list(dict.fromkeys(estimate.design.column(by)))
    (times,) = multiplicities(len(names), 4, 5)
    for row, counts in zip(drawn, times, strict=True):
        # Every copy of a cluster has its own states; the years are common.
        copies = [
            data[data[by] == name].assign(state=lambda d, c=c: d.state.astype(str) + f" {c}")
            for name, count in zip(names, counts, strict=True)
            for c in range(int(count))
        ]
        again = panel.ols(
            formula + effects, pd.concat(copies), unit="state", time="year", weights=weights,
            singletons="keep",
        )  # fmt: skip
        np.testing.assert_allclose(row, again.coef, rtol=1e-8)


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
    random = panel.random_effects("inv ~ value", table("Grunfeld"), unit="firm", time="year")
    with pytest.raises(panel.errors.VcovError, match="before its regression"):
        bootstrap_draws(random, "firm")
    many = np.repeat(np.arange(2000), 2)
    data = pd.DataFrame({"u": many, "t": np.tile([0, 1], 2000), "c": np.arange(4000) % 400})
    data = data.assign(x=np.sin(many * 1.7 + data.t), y=np.cos(many * 2.9 * (1 + data.t)))
    estimate = panel.ols("y ~ x | u", data, unit="u", time="t")
    with pytest.raises(panel.errors.VcovError, match="cross products of 2000 effects"):
        bootstrap_draws(estimate, "c")
