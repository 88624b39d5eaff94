"""Rotemberg weights: the estimate is their sum, and each part an estimate of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import DataError, EstimationError, FormulaError
from panel.indices.rotemberg import rotemberg_weights

INDUSTRIES = ["steel", "food", "chips", "cars"]


@pytest.fixture
def made():
    """Frame, shares and shocks of 20 regions and 5 years."""
    draw = np.random.default_rng(3)
    regions, years = [f"R{j:02d}" for j in range(20)], list(range(2001, 2006))
    shares = pd.DataFrame(draw.dirichlet(np.ones(4), 20), index=regions, columns=INDUSTRIES)
    shocks = pd.DataFrame(draw.normal(size=(5, 4)), index=years, columns=INDUSTRIES)
    table = pd.DataFrame([(r, t) for r in regions for t in years], columns=["region", "year"])
    table["x"], table["w"] = draw.normal(size=100), draw.uniform(0.5, 2, 100)
    frame = panel.PanelFrame.from_pandas(table, "region", "year")
    frame = frame.assign(z=panel.shift_share(shares, shocks).values)
    shock = draw.normal(size=100)
    frame = frame.assign(d=frame["z"] + 0.3 * shock + 0.2 * draw.normal(size=100))
    return frame.assign(y=0.5 * frame["d"] + frame["x"] + shock), shares, shocks


@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize("effects", ["0", "region + year"])
def test_weights_and_estimates_are_those_of_each_part_alone(effects, weights, made):
    frame, shares, shocks = made
    formula = f"y ~ x | {effects} | d ~ z"
    settings = {"weights": weights, "vcov": panel.cluster("region"), "sample": "year > 2001"}
    estimate = panel.iv(formula, frame, **settings)
    found = rotemberg_weights(estimate, shares, shocks)
    assert found.table["weight"].sum() == pytest.approx(1, rel=1e-12)
    total = (found.table["weight"] * found.table["coefficient"]).sum()
    assert total == pytest.approx(estimate.params["d"], rel=1e-9)
    assert found.estimate == pytest.approx(estimate.params["d"], rel=1e-9)
    assert found.table["weight"].abs().is_monotonic_decreasing
    moments = {}
    for name in INDUSTRIES:
        part = panel.shift_share(shares[[name]], shocks[[name]]).values
        alone = panel.iv(formula, frame.assign(z=part), **settings)
        assert found.table.loc[name, "coefficient"] == pytest.approx(alone.params["d"], rel=1e-8)
        assert found.table.loc[name, "F"] == pytest.approx(
            panel.first_stage(alone).table["F"].item(), rel=1e-8
        )
        root = 1.0 if weights is None else np.sqrt(alone.design.w)
        z = alone.design.Z_within[:, 0] * root
        others = panel.ols(
            f"d ~ x | {effects}", frame, weights=weights, sample="year > 2001"
        ).residuals * root  # fmt: skip
        moments[name] = z @ others
    expected = pd.Series(moments) / sum(moments.values())
    np.testing.assert_allclose(found.table["weight"][INDUSTRIES], expected, rtol=1e-8)
    assert found.negative == pytest.approx(expected[expected < 0].sum(), abs=1e-12)


def test_an_industry_that_effects_explain_has_no_weight(made):
    frame, shares, shocks = made
    same = shares.assign(cars=0.1)  # as large everywhere: a shock of the year
    values = panel.shift_share(same, shocks).values
    found = rotemberg_weights(
        panel.iv("y ~ x | year | d ~ z", frame.assign(z=values)), same, shocks
    )
    assert found.table.loc["cars", "weight"] == 0
    assert np.isnan(found.table.loc["cars", ["coefficient", "F"]]).all()
    assert found.table["weight"].sum() == pytest.approx(1)


def test_a_number_added_to_a_years_shocks_moves_weights_only(made):
    frame, shares, shocks = made
    first = rotemberg_weights(panel.iv("y ~ x | year | d ~ z", frame), shares, shocks)
    moved = shocks.add([1, -2, 3, 0, 1], axis=0)
    other = frame.assign(z=panel.shift_share(shares, moved).values)
    second = rotemberg_weights(panel.iv("y ~ x | year | d ~ z", other), shares, moved)
    assert second.estimate == pytest.approx(first.estimate, rel=1e-9)
    assert not np.allclose(second.table["weight"][INDUSTRIES], first.table["weight"][INDUSTRIES])


def test_shown(made):
    frame, shares, shocks = made
    found = rotemberg_weights(panel.iv("y ~ x | year | d ~ z", frame), shares, shocks)
    assert "4 industries" in str(found)
    assert repr(found) == str(found)
    assert "steel" in found._repr_html_()


def test_mistakes(made):
    frame, shares, shocks = made
    estimate = panel.iv("y ~ x | year | d ~ z", frame)
    with pytest.raises(DataError, match="'z' is not the sum"):
        rotemberg_weights(estimate, shares, 2 * shocks)
    with pytest.raises(DataError, match="not the sum"):
        rotemberg_weights(
            panel.iv("y ~ x | year | d ~ z", frame.assign(z=-frame["z"])), shares, shocks
        )
    with pytest.raises(DataError, match="no industry 'food'"):
        rotemberg_weights(estimate, shares, shocks.drop(columns="food"))
    with pytest.raises(EstimationError, match="2 instruments"):
        rotemberg_weights(panel.iv("y ~ 1 | year | d ~ z + x", frame), shares, shocks)
    with pytest.raises(FormulaError, match="no instruments"):
        rotemberg_weights(panel.ols("y ~ d", frame), shares, shocks)
    partial = shares.drop(index="R05")
    with pytest.raises(DataError, match="not the sum"):
        rotemberg_weights(estimate, partial, shocks)
