"""Joint estimates against R, one regression with everything interacted, and each by itself."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

import panel
from panel.errors import EstimationError, VcovError

R = json.loads((Path(__file__).parents[1] / "reference" / "mechanisms.json").read_text())
FORMULA = "log(gsp) ~ log(pcap) + unemp | state + year"


def _correlation(matrix: np.ndarray) -> np.ndarray:
    size = np.sqrt(np.diag(matrix))
    return matrix / np.outer(size, size)


@pytest.fixture(scope="module")
def produc(frame):
    data = frame("produc")
    return data.assign(zone=np.where(data["region"].astype(int) <= 4, "East", "West"))


@pytest.fixture(scope="module")
def zones(produc):
    return {z: panel.ols(FORMULA, produc, sample=f'zone == "{z}"') for z in ("East", "West")}


def test_two_outcomes_are_those_of_sandwich(produc):
    y, m = (panel.pooled(f"log({v}) ~ log(pcap) + unemp", produc) for v in ("gsp", "emp"))
    joint = panel.suest({"y": y, "m": m}, vcov="HC0")
    # R's numbers rest on other factorisations: nine digits of the standard errors.
    np.testing.assert_allclose(joint.cov.matrix, R["mlm"]["HC0"], rtol=1e-8, atol=1e-13)
    clustered = joint.with_vcov(panel.cluster("state", small="none"))
    np.testing.assert_allclose(clustered.cov.matrix, R["mlm"]["cluster0"], rtol=1e-8, atol=1e-12)


def test_two_models_are_those_of_multcomp(produc):
    one = panel.pooled("log(gsp) ~ log(pcap) + unemp", produc)
    two = panel.pooled("log(gsp) ~ log(pcap) + unemp + log(emp)", produc)
    joint = panel.suest({"one": one, "two": two}, vcov="HC0")
    np.testing.assert_allclose(
        _correlation(joint.cov.matrix), R["mmm"]["correlation"], rtol=0, atol=1e-9
    )


@pytest.mark.parametrize(
    "vcov", [panel.cluster("state", small="none"), panel.hetero("HC0"), panel.newey_west(2, "none")]
)
def test_samples_apart_are_one_interacted_regression(zones, produc, vcov):
    joint = panel.suest(zones, vcov=vcov)
    whole = panel.interacted(panel.ols(FORMULA, produc, vcov=vcov), "zone")
    order = [f"zone::{n}" for n in joint.names]
    expected = whole.cov_params().loc[order, order]
    np.testing.assert_allclose(joint.cov.matrix, expected, rtol=1e-9, atol=1e-15)
    test = panel.wald(joint, "East:unemp = West:unemp, East:log(pcap) = West:log(pcap)")
    chow = panel.chow(panel.ols(FORMULA, produc, vcov=vcov), "zone")
    assert test.statistic == pytest.approx(chow.statistic, rel=1e-9)


def test_small_sample_factors_are_those_of_statas_suest(zones):
    plain = panel.suest(zones, vcov=panel.cluster("state", small="none"))
    default = plain.with_vcov(panel.cluster("state"))
    np.testing.assert_allclose(default.cov.matrix, plain.cov.matrix * 48 / 47, rtol=1e-12)
    robust = plain.with_vcov("HC0").cov.matrix
    np.testing.assert_allclose(plain.with_vcov("HC1").cov.matrix, robust * 816 / 815, rtol=1e-12)


def test_each_block_is_the_estimate_itself(zones, produc):
    other = panel.poisson("gsp ~ log(pcap) | state", produc)
    joint = panel.suest(zones | {"count": other}, vcov="HC0")
    start = 0
    for model in (*zones.values(), other):
        part = slice(start, start + len(model.names))
        own = model.with_vcov("HC0").cov.matrix
        np.testing.assert_allclose(joint.cov.matrix[part, part], own, rtol=1e-12)
        start = part.stop
    classical = panel.suest(zones, vcov="iid").cov.matrix
    np.testing.assert_array_equal(classical[:2, :2], zones["East"].classical)
    assert not classical[:2, 2:].any()


def test_parts_of_a_panel_do_as_well_as_samples(zones, produc):
    parts = {z: panel.ols(FORMULA, produc.rows((produc["zone"] == z).to_numpy())) for z in zones}
    vcov = panel.cluster("year")
    np.testing.assert_array_equal(
        panel.suest(parts, vcov=vcov).cov.matrix, panel.suest(zones, vcov=vcov).cov.matrix
    )


def test_rows_in_common_add_up(produc):
    early = panel.ols(FORMULA, produc, sample="year <= 1980")
    late = panel.ols(FORMULA, produc, sample="year >= 1975")
    joint = panel.suest({"early": early, "late": late}, vcov="HC0")
    a = np.zeros((816, 2))
    b = np.zeros((816, 2))
    a[early.design.rows], b[late.design.rows] = early.influence, late.influence
    np.testing.assert_allclose(joint.cov.matrix[:2, 2:], a.T @ b, rtol=1e-12)
    assert joint.nobs == 816
    np.testing.assert_allclose(joint.influence.sum(axis=0), 0, atol=1e-10)


def test_goes_into_tables_and_pickles(zones):
    joint = panel.suest(zones, vcov=panel.cluster("state"))
    again = pickle.loads(pickle.dumps(joint))
    np.testing.assert_array_equal(again.bse, joint.bse)
    assert "East × unemp" in str(panel.regtable([joint]))
    assert "Joint estimate" in joint._repr_html_()
    assert len(joint.resid) == 816


def test_bad_input_says_what_to_do(zones, produc):
    with pytest.raises(EstimationError, match="two estimates with names"):
        panel.suest(list(zones.values()))
    with pytest.raises(EstimationError, match="two estimates with names"):
        panel.suest({"East": zones["East"]})
    with pytest.raises(EstimationError, match="takes an estimate, not str"):
        panel.suest({"a": zones["East"], "b": FORMULA})
    with pytest.raises(EstimationError, match="means over years"):
        panel.suest(zones | {"c": panel.between("log(gsp) ~ unemp", produc)})
    with pytest.raises(VcovError, match="different covariances"):
        panel.suest({"a": zones["East"], "b": zones["West"].with_vcov("HC1")})
    with pytest.raises(VcovError, match="defined for least squares"):
        panel.suest(zones, vcov=panel.cluster("state", kind="CR2")).bse  # noqa: B018
    moved = panel.ols(FORMULA, produc.assign(unemp=produc["unemp"] + 1))
    with pytest.raises(EstimationError, match="different figures of 'unemp'"):
        panel.suest({"a": zones["East"], "b": moved})
    renamed = produc.data.reset_index().rename(columns={"state": "land"})
    other = panel.ols("log(gsp) ~ unemp", renamed, unit="land", time="year")
    with pytest.raises(EstimationError, match="same names"):
        panel.suest({"a": zones["East"], "b": other})
