"""Errors of shift-share designs: cases that are other errors exactly, and sums written out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import panel
from panel.errors import DataError, DegreesOfFreedomError, EstimationError
from panel.indices.shift_share_errors import shift_share_errors


@pytest.fixture
def made():
    """Frame of 18 regions and 4 years, and shares of five industries that fall short of one."""
    draw = np.random.default_rng(8)
    regions, years = [f"R{j:02d}" for j in range(18)], list(range(2001, 2005))
    industries = list("abcde")
    shares = pd.DataFrame(
        draw.uniform(0.5, 0.9, (18, 1)) * draw.dirichlet(np.ones(5), 18),
        index=regions,
        columns=industries,
    )
    shocks = pd.DataFrame(draw.normal(size=(4, 5)), index=years, columns=industries)
    table = pd.DataFrame([(r, t) for r in regions for t in years], columns=["region", "year"])
    n = len(table)
    table["x"], table["w"] = draw.normal(size=n), draw.uniform(0.5, 2, n)
    frame = panel.PanelFrame.from_pandas(table, "region", "year")
    frame = frame.assign(z=panel.shift_share(shares, shocks).values)
    shock = draw.normal(size=n)
    frame = frame.assign(d=frame["z"] + 0.3 * shock + 0.2 * draw.normal(size=n))
    return frame.assign(y=0.5 * frame["d"] + frame["x"] + shock), shares


def own_industries(frame: panel.PanelFrame) -> pd.DataFrame:
    regions = sorted(set(frame["region"]))
    return pd.DataFrame(np.eye(len(regions)), index=regions, columns=regions)


@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize("effects", ["0", "region + year"])
def test_with_an_industry_a_region_they_are_errors_clustered_by_region(effects, weights, made):
    frame, _ = made
    shares = own_industries(frame)
    iv = panel.iv(f"y ~ x | {effects} | d ~ z", frame, weights=weights)
    ols = panel.ols(f"d ~ z + x | {effects}", frame, weights=weights)
    for estimate, name, term in ((iv, "d", None), (ols, "z", "z")):
        clustered = estimate.with_vcov(panel.cluster("region", kind="CR0"))
        found = shift_share_errors(estimate, shares, term=term)
        assert found.estimate == pytest.approx(estimate.params[name], rel=1e-9)
        assert found.std_error == pytest.approx(clustered.bse[name], rel=1e-8)
        assert found.shocks == 18
        plain = shift_share_errors(estimate, shares, term=term, independent="cell")
        assert plain.std_error == pytest.approx(estimate.with_vcov("HC0").bse[name], rel=1e-8)
        assert plain.shocks == 72


@pytest.mark.parametrize("residual_sector", [False, True])
@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize("independent", ["industry", "cell"])
def test_sums_written_out(independent, weights, residual_sector, made):
    frame, shares = made
    estimate = panel.iv("y ~ x | region + year | d ~ z", frame, weights=weights)
    null, alpha = 0.2, 0.1
    found = shift_share_errors(
        estimate, shares, null=null, independent=independent, alpha=alpha,
        residual_sector=residual_sector,
    )  # fmt: skip
    table = frame.data.reset_index()
    root = np.ones(72) if weights is None else np.sqrt(table["w"].to_numpy())
    dummies = pd.get_dummies(table[["region", "year"]].astype(str), dtype=float)
    controls = np.column_stack([table["x"], dummies]) * root[:, None]
    y, d, z = (
        c - controls @ np.linalg.lstsq(controls, c, rcond=None)[0]
        for c in (table[n].to_numpy() * root for n in ("y", "d", "z"))
    )
    slope = (z @ y) / (z @ d)
    scores = {"own": {}, "moved": {}}
    for year in sorted(set(table["year"])):
        rows = (table["year"] == year).to_numpy()
        w = shares.loc[table["region"][rows]]
        if residual_sector:
            w = w.assign(rest=1 - w.sum(axis=1))
        w = w * root[rows, None]
        shock = np.linalg.lstsq(w, z[rows], rcond=None)[0]
        for k, name in enumerate(shares.columns):
            key = (name, year) if independent == "cell" else name
            for what, e in (("own", y - slope * d), ("moved", d)):
                part = shock[k] * (w[name].to_numpy() @ e[rows])
                scores[what][key] = scores[what].get(key, 0.0) + part
    own, moved = (np.array(list(s.values())) for s in scores.values())
    error = np.sqrt((own**2).sum()) / abs(z @ d)
    assert found.std_error == pytest.approx(error, rel=1e-7)
    assert found.p_value == pytest.approx(2 * stats.norm.sf(abs(slope - null) / error), rel=1e-6)
    wide = stats.norm.isf(alpha / 2)
    np.testing.assert_allclose(found.confidence_interval, slope + wide * error * np.array([-1, 1]))

    def rejected(b):
        under = np.sqrt(((own + (slope - b) * moved) ** 2).sum()) / abs(z @ d)
        return abs(slope - b) / under > wide, 2 * stats.norm.sf(abs(slope - b) / under)

    assert found.null_p_value == pytest.approx(rejected(null)[1], rel=1e-6)
    for b in np.linspace(-3, 4, 57):
        inside = any(low <= b <= high for low, high in found.null_set)
        assert inside != rejected(b)[0]


def test_weak_instruments_have_unbounded_sets(made):
    frame, shares = made
    draw = np.random.default_rng(1)
    sets = []
    for _ in range(40):
        weak = frame.assign(d=draw.normal(size=72) + 0.2 * frame["z"])
        sets.append(shift_share_errors(panel.iv("y ~ x | year | d ~ z", weak), shares).null_set)
    assert any(s == ((-np.inf, np.inf),) for s in sets)
    assert any(len(s) == 2 and np.isinf([s[0][0], s[1][1]]).all() for s in sets)


def test_shares_may_move_and_industries_be_absent(made):
    frame, shares = made
    estimate = panel.iv("y ~ x | year | d ~ z", frame)
    first = shift_share_errors(estimate, shares)
    keys = frame.table.index
    moving = shares.loc[keys.get_level_values(0)].set_axis(keys).sample(frac=1, random_state=0)
    again = shift_share_errors(estimate, moving.assign(none=0.0))
    assert again.std_error == pytest.approx(first.std_error, rel=1e-10)
    assert again.shocks == 5


def test_shown(made):
    frame, shares = made
    found = shift_share_errors(panel.iv("y ~ x | year | d ~ z", frame), shares)
    assert "5 independent shocks" in str(found)
    assert repr(found) == str(found)
    assert "AKM0" in found._repr_html_()
    tidy = found.tidy()
    assert list(tidy.method) == ["AKM", "AKM0"]
    assert tidy.conf_low[1] == found.null_set[0][0]


def test_mistakes(made):
    frame, shares = made
    estimate = panel.iv("y ~ x | year | d ~ z", frame)
    ols = panel.ols("y ~ z + x | year", frame)
    with pytest.raises(EstimationError, match="2 instruments"):
        shift_share_errors(panel.iv("y ~ 1 | year | d ~ z + x", frame), shares)
    for term in (None, "zz"):
        with pytest.raises(EstimationError, match="no regressor"):
            shift_share_errors(ols, shares, term=term)
    for bad in ({"independent": "year"}, {"alpha": 0}, {"null": "0"}, {"null": True}):
        with pytest.raises(EstimationError) as caught:
            shift_share_errors(estimate, shares, **bad)
        assert caught.value.remedy
    with pytest.raises(DataError, match="R03, 2001 has no shares"):
        shift_share_errors(estimate, shares.drop(index="R03"))
    many = pd.concat([shares, own_industries(frame)], axis=1)
    with pytest.raises(DataError, match="collinear in 2001"):
        shift_share_errors(estimate, many)
    with pytest.raises(DataError, match="negative"):
        shift_share_errors(estimate, -shares)
    with pytest.raises(DegreesOfFreedomError, match="One independent shock"):
        shift_share_errors(estimate, shares.iloc[:, :1])
