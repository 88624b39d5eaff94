"""Shift-share variables: sums written out, keys, and mistakes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.indices.shift_share import shift_share

SHARES = pd.DataFrame(
    {"steel": [0.5, 0.2, 0.0], "food": [0.3, 0.3, 0.6], "chips": [0.2, 0.5, 0.1]},
    index=pd.Index(["A", "B", "C"], name="region"),
)
SHOCKS = pd.DataFrame(
    {"chips": [1.0, 2.0], "food": [0.1, -0.1], "steel": [-1.0, 0.5]},
    index=pd.Index([2001, 2002], name="year"),
)


def test_values_are_sums_of_products_by_name():
    found = shift_share(SHARES, SHOCKS, name="z")
    expected = {
        ("A", 2001): 0.5 * -1 + 0.3 * 0.1 + 0.2 * 1, ("A", 2002): 0.5 * 0.5 - 0.03 + 0.4,
        ("B", 2001): -0.2 + 0.03 + 0.5, ("C", 2002): -0.06 + 0.2,
    }  # fmt: skip
    for key, value in expected.items():
        assert found.values[key] == pytest.approx(value)
    assert found.values.name == "z"
    assert found.values.index.names == ["region", "year"]
    assert found.total_share[("C", 2001)] == pytest.approx(0.7)
    assert found.importance.sum() == pytest.approx(1)
    assert found.importance["food"] == pytest.approx(1.2 / 2.7)


def test_it_goes_into_a_frame_by_region_and_year():
    table = pd.DataFrame(
        {"region": ["C", "A", "B", "A"], "year": [2002, 2001, 2001, 2002], "y": range(4)}
    )
    frame = panel.PanelFrame.from_pandas(table, "region", "year")
    found = shift_share(SHARES, SHOCKS)
    assigned = frame.assign(z=found.values)
    assert assigned["z"][("C", 2002)] == found.values[("C", 2002)]
    assert assigned["z"].notna().all()


def test_shares_of_the_year_before_and_shocks_without_the_region_itself():
    keys = pd.MultiIndex.from_product([["A", "B", "C"], [2001, 2002]], names=["region", "year"])
    draw = np.random.default_rng(0)
    moving = pd.DataFrame(draw.uniform(size=(6, 3)), index=keys, columns=SHARES.columns)
    own = pd.DataFrame(draw.normal(size=(6, 3)), index=keys, columns=SHARES.columns)
    found = shift_share(moving, own)
    np.testing.assert_allclose(found.values, (moving * own).sum(axis=1))
    common = shift_share(moving, SHOCKS)
    expected = (moving.loc[("B", 2002)] * SHOCKS.loc[2002, SHARES.columns]).sum()
    assert common.values[("B", 2002)] == pytest.approx(expected)
    mixed = shift_share(SHARES, own.drop(index=("C", 2001)))
    assert ("C", 2001) not in mixed.values.index
    assert len(mixed.values) == 5


def test_leave_one_out_shocks_of_equal_regions_are_those_of_the_others():
    keys = pd.MultiIndex.from_product([["A", "B"], [2001]], names=["region", "year"])
    growth = pd.DataFrame({"steel": [0.1, 0.3], "food": [0.2, 0.4]}, index=keys)
    total = growth.groupby("year").transform("sum")
    others = total - growth
    found = shift_share(SHARES.loc[["A", "B"], ["steel", "food"]], others)
    assert found.values[("A", 2001)] == pytest.approx(0.5 * 0.3 + 0.3 * 0.4)


def test_a_missing_shock_matters_only_where_there_is_a_share():
    shocks = SHOCKS.copy()
    shocks.loc[2001, "steel"] = np.nan
    found = shift_share(SHARES, shocks)
    assert np.isnan(found.values[("A", 2001)])
    assert found.values[("C", 2001)] == pytest.approx(0.06 + 0.1)
    unknown = SHARES.copy()
    unknown.loc["B", "food"] = np.nan
    assert np.isnan(shift_share(unknown, SHOCKS).values[("B", 2002)])


def test_concentration_is_said():
    even = pd.DataFrame(np.full((4, 5), 0.2), index=list("ABCD"), columns=list("vwxyz"))
    shocks = pd.DataFrame(np.ones((2, 5)), index=[1, 2], columns=list("vwxyz"))
    found = shift_share(even, shocks)
    assert found.effective_shocks == pytest.approx(5)
    assert "5 industries, as many as 5.0 equal ones" in str(found)
    assert "shares add up to 1 to 1" in str(found)
    assert "8 values, 0 missing" in found._repr_html_()


def test_inputs_are_left_as_they_are():
    shares, shocks = SHARES.copy(), SHOCKS.copy()
    shift_share(shares, shocks)
    pd.testing.assert_frame_equal(shares, SHARES)
    pd.testing.assert_frame_equal(shocks, SHOCKS)


def test_says_what_is_wrong():
    error = panel.errors.DataError
    with pytest.raises(error, match="The shocks have no industry 'chips'"):
        shift_share(SHARES, SHOCKS.drop(columns="chips"))
    with pytest.raises(error, match="The shares have no industry 'chips'"):
        shift_share(SHARES.drop(columns="chips"), SHOCKS)
    with pytest.raises(error, match="share of B, food is negative"):
        shift_share(SHARES.assign(food=[0.3, -0.3, 0.6]), SHOCKS)
    with pytest.raises(panel.errors.NotNumericError, match="'steel' of the shocks is not numeric"):
        shift_share(SHARES, SHOCKS.assign(steel=["a", "b"]))
    with pytest.raises(panel.errors.DuplicateKeyError, match="The shares have two rows for A"):
        shift_share(pd.concat([SHARES, SHARES.head(1)]), SHOCKS)
    with pytest.raises(error, match="must be a DataFrame"):
        shift_share(SHARES["steel"], SHOCKS)  # type: ignore[arg-type]
    deep = SHOCKS.set_index(pd.MultiIndex.from_tuples([(1, 2, 3), (1, 2, 4)]))
    with pytest.raises(error, match="regions, years or"):
        shift_share(SHARES, deep)
