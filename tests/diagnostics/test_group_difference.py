"""Comparisons of groups against R, separate regressions and explicit dummies."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import EstimationError, FormulaError, VcovError

FORMULA = "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp"
R = json.loads((Path(__file__).parents[1] / "reference" / "mechanisms.json").read_text())


@pytest.fixture(scope="module")
def produc(frame):
    data = frame("produc")
    zone = np.array(["East", "West", "Central"])[data["region"].astype(int) % 3]
    gaps = np.arange(len(data)) % 11 != 0
    return data.assign(zone=zone).rows(gaps)


def test_chow_is_that_of_strucchange(frame):
    data = frame("produc")
    m = panel.pooled("log(gsp) ~ log(pcap) + unemp", data)
    found = panel.chow(m, "year >= 1980")
    assert found.statistic == pytest.approx(R["chow"]["F"], rel=1e-10)
    assert found.p_value == pytest.approx(R["chow"]["p"], rel=1e-8)
    assert found.df == (3, 816 - 6)
    assert list(found.details.index) == ["(Intercept)", "log(pcap)", "unemp"]


def test_interacted_coefficients_are_those_of_each_group(produc):
    m = panel.ols(f"{FORMULA} | state + year", produc, weights="emp")
    whole = panel.interacted(m, "zone")
    rss = 0.0
    for zone in ("Central", "East", "West"):
        own = panel.ols(m.formula, produc, sample=f'zone == "{zone}"')
        rss += own.stats["rss"]
        names = [f"zone::{zone}:{n}" for n in own.names]
        np.testing.assert_allclose(whole.params[names], own.params, rtol=1e-9)
    assert whole.stats["rss"] == pytest.approx(rss, rel=1e-10)
    assert whole.label("zone::East:unemp") == "zone = East × unemp"


def test_common_effects_are_those_of_products_in_the_formula(produc):
    m = panel.ols(f"{FORMULA} | state + year", produc, vcov=panel.cluster("state"))
    found = panel.chow(m, "zone", terms=["unemp"], effects="common")
    written = FORMULA.replace("unemp", "i(zone):unemp") + " | state + year"
    by_hand = panel.ols(written, produc, vcov=panel.cluster("state"))
    expected = panel.wald(
        by_hand, "`zone::Central:unemp` = `zone::East:unemp` = `zone::West:unemp`"
    )
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-9)
    assert found.df == expected.df == (2, 47)
    assert found.details.loc["unemp", "East"] == by_hand.params["zone::East:unemp"]
    # Statistics of the fit are those the estimator gives.
    again = panel.interacted(m, "zone", terms=["unemp"], effects="common")
    for name, value in by_hand.stats.items():
        assert again.stats[name] == pytest.approx(value, rel=1e-12), name


def test_details_test_each_coefficient_alone(produc):
    m = panel.ols(f"{FORMULA} | state", produc, vcov=panel.cluster("state"))
    found = panel.chow(m, "year >= 1980")
    row, whole = found.details.loc["unemp"], panel.interacted(m, "year >= 1980")
    one = panel.linear(whole, "`year >= 1980::0:unemp` - `year >= 1980::1:unemp`")
    assert row["difference"] == pytest.approx(one.coef[0], rel=1e-12)
    assert row["std_error"] == pytest.approx(one.bse.iloc[0], rel=1e-12)
    assert row["p_value"] == pytest.approx(one.pvalues.iloc[0], rel=1e-10)
    assert row["0"] - row["1"] == pytest.approx(row["difference"], rel=1e-12)


def test_groups_that_lack_rows_or_variation(produc):
    only = produc.assign(policy=((produc["zone"] == "East") & (produc["unemp"] > 6)).astype(float))
    m = panel.ols("log(gsp) ~ unemp + policy | state", only, sample='zone != "Central"')
    found = panel.chow(m, "zone")
    assert list(found.details.columns[:2]) == ["East", "West"]
    assert list(found.details.index) == ["unemp"]
    assert found.notes[-1] == "Not identified: zone::West:policy."
    with pytest.raises(EstimationError, match="No coefficient is identified"):
        panel.chow(m, "zone", terms=["policy"])


def test_size_with_clusters_and_power():
    draw = np.random.default_rng(3)
    table = pd.DataFrame({"i": np.repeat(range(40), 8), "t": np.tile(range(8), 40)})
    table["east"] = table.i % 2
    rejected = []
    for gap in (0.0, 0.6):
        found = []
        for _ in range(40):
            table["x"] = draw.normal(size=320) + np.repeat(draw.normal(size=40), 8)
            # Errors are larger in the East and follow the region's x.
            error = np.repeat(draw.normal(size=40), 8) * table.x * 0.5 * (1 + table.east)
            table["y"] = (1 + gap * table.east) * table.x + error + draw.normal(size=320)
            m = panel.ols("y ~ x | i", table, unit="i", time="t", vcov=panel.cluster("i"))
            found.append(panel.chow(m, "east").rejects())
        rejected.append(sum(found))
    assert rejected[0] <= 7  # 2 expected, standard deviation 1.4; some more in so few clusters
    assert rejected[1] >= 20


@pytest.mark.parametrize(
    ("by", "message"),
    [
        ("zon", "did you mean 'zone'"),
        ("year >= 1900", "no groups to compare"),
        ("gsp", "no groups to compare"),
        (3, "name of a variable"),
        ("year >=", "the formula ends"),
    ],
)
def test_by_must_be_groups(produc, by, message):
    with pytest.raises(FormulaError, match=message):
        panel.chow(panel.pooled(FORMULA, produc), by)


def test_other_bad_input_says_what_to_do(produc):
    m = panel.pooled(FORMULA, produc)
    with pytest.raises(FormulaError, match="did you mean 'unemp'"):
        panel.chow(m, "zone", terms=["unmp"])
    with pytest.raises(FormulaError, match="no coefficient to compare"):
        panel.chow(m, "zone", terms=[])
    with pytest.raises(FormulaError, match="Effects cannot be"):
        panel.chow(m, "zone", effects="owned")
    with pytest.raises(EstimationError, match="takes an estimate, not str"):
        panel.interacted(FORMULA, "zone")
    with pytest.raises(EstimationError, match="not defined for an estimate by Random"):
        panel.chow(panel.random_effects(FORMULA, produc), "zone")
    holes = produc.assign(zone=produc["zone"].mask(produc["unemp"] > 9))
    with pytest.raises(EstimationError, match="'zone' is missing for"):
        panel.chow(panel.pooled(FORMULA, holes), "zone")
    few = panel.pooled(FORMULA, produc, vcov=panel.cluster("zone"))
    with pytest.raises(VcovError, match="zero but for rounding"):
        panel.chow(few, "zone")


def test_names_in_backticks(frame):
    data = frame("produc")
    plain = panel.chow(panel.pooled("log(gsp) ~ unemp", data), "year >= 1980")
    named = panel.PanelFrame.from_pandas(data.table.rename(columns={"unemp": "失业 率"}))
    found = panel.chow(panel.pooled("log(gsp) ~ `失业 率`", named), "year >= 1980")
    assert found.statistic == plain.statistic
