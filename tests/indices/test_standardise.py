"""Standardisation: the handbook's table, arithmetic, and figures a scale cannot take."""

from __future__ import annotations

import numpy as np
import pytest

import panel
from panel.errors import DataError

# Table 15 of the handbook of OECD and JRC (2008), mean years of school: rank over 23, z-score,
# min-max, distance to the mean, the best and the worst. Countries as in the table.
TABLE_15 = {
    "Finland": (65.2, 0.26, 0.59, 1.04, 0.83, 1.41),
    "United States": (100, 1.52, 1.00, 1.25, 1.00, 1.69),
    "Sweden": (82.6, 1.14, 0.88, 1.19, 0.95, 1.61),
    "Japan": (52.2, -0.06, 0.49, 0.99, 0.79, 1.34),
    "Korea, Rep. of": (73.9, 0.76, 0.76, 1.13, 0.90, 1.52),
    "Netherlands": (39.1, -0.12, 0.47, 0.98, 0.78, 1.32),
    "Canada": (87.0, 1.27, 0.92, 1.21, 0.97, 1.63),
    "Singapore": (4.3, -1.58, 0.00, 0.74, 0.59, 1.00),
    "New Zealand": (91.3, 1.33, 0.94, 1.22, 0.98, 1.65),
    "Slovenia": (4.3, -1.58, 0.00, 0.74, 0.59, 1.00),
}


def one(frame, scale, variable="schooling", direction="+"):
    """The one standardised indicator."""
    index = panel.composite_index(frame, {variable: direction}, scale=scale)
    return index.standardised[variable]


def test_the_handbooks_table_of_normalisations(tai):
    scales = [
        panel.percentile_rank(), panel.z_score(), panel.min_max(), panel.relative_to("mean"),
        panel.relative_to("best"), panel.relative_to("worst"),
    ]  # fmt: skip
    for k, scale in enumerate(scales):
        z = one(tai, scale).droplevel("year") * (100 if k == 0 else 1)
        for country, printed in TABLE_15.items():
            # Half a unit of the last digit printed, and a hair.
            assert z[country] == pytest.approx(printed[k], abs=0.0501 if k == 0 else 0.00501)


def test_less_is_better(small):
    frame = small(x=[1.0, 2, 4, 5])
    expected = {
        panel.min_max(): [1, 3 / 4, 1 / 4, 0],
        panel.min_max(interval=(1.0, 100.0)): [100, 75.25, 25.75, 1],
        panel.percentile_rank(): [1, 3 / 4, 2 / 4, 1 / 4],
        panel.relative_to("best"): [1, 1 / 2, 1 / 4, 1 / 5],
        panel.relative_to("worst"): [5, 5 / 2, 5 / 4, 1],
        panel.relative_to("mean"): [3, 3 / 2, 3 / 4, 3 / 5],
        panel.relative_to("u1", 1): [5, 5 / 2, 5 / 4, 1],
        panel.relative_to("own", 0): [1, 1 / 2, 1, 4 / 5],
        panel.unit_length(): list(-np.array([1.0, 2, 4, 5]) / np.sqrt(46)),
        panel.z_score(): list((3 - np.array([1.0, 2, 4, 5])) / np.sqrt(10 / 3)),
    }
    for scale, z in expected.items():
        np.testing.assert_allclose(one(frame, scale, "x", "-"), z, rtol=1e-13, err_msg=str(scale))


def test_within_years_and_against_a_base_year(small):
    frame = small(x=[1.0, 10, 2, 30, 3, 50])  # years 0 and 1 of three units
    np.testing.assert_allclose(
        one(frame, panel.min_max("year"), "x"), [0, 0, 1 / 2, 1 / 2, 1, 1], rtol=1e-14
    )
    base = one(frame, panel.min_max(0), "x")
    np.testing.assert_allclose(base, [0, 4.5, 0.5, 14.5, 1, 24.5], rtol=1e-14)
    ranks = one(frame, panel.percentile_rank("year"), "x")
    np.testing.assert_allclose(ranks, [1 / 3, 1 / 3, 2 / 3, 2 / 3, 1, 1], rtol=1e-14)


def test_a_reference_of_no_value_and_a_base_year_that_is_not_there(wide):
    cases = [
        (panel.relative_to("nowhere"), "'nowhere' has no row"),
        (panel.min_max(1999), "No row of the base year 1999"),
    ]
    for scale, message in cases:
        with pytest.raises(DataError, match=message) as caught:
            panel.composite_index(wide, {"a": "+"}, scale=scale)
        assert caught.value.remedy
    with pytest.raises(DataError, match="is -1 in u0, 0, and has no ratio"):
        panel.composite_index(
            wide.assign(a=wide["a"].where(wide["a"] != wide["a"].iloc[0], -1.0)),
            {"a": "+"}, scale=panel.relative_to("mean"),
        )  # fmt: skip
    zero = wide.assign(a=wide["a"].where(wide["a"] > wide["a"].median(), 0.0))
    with pytest.raises(DataError, match="has no ratio"):
        panel.composite_index(zero, {"a": "-"}, scale=panel.relative_to("best"))
    with pytest.raises(DataError, match="reference of 'a' is zero"):
        panel.composite_index(zero, {"a": "+"}, scale=panel.relative_to("worst"))


def test_one_region_a_year_has_no_scale_of_its_own(small):
    frame = small(x=[1.0, 2, 3])  # u1 has year 0 only
    with pytest.raises(DataError, match="does not vary in 1, which has one region") as caught:
        one(frame, panel.min_max("year"), "x")
    assert "over the panel" in caught.value.remedy


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: panel.min_max("region"), lambda: panel.min_max(True), lambda: panel.z_score(None),
        lambda: panel.min_max(interval=(1, 0)), lambda: panel.min_max(interval="ab"),
        lambda: panel.min_max(interval=(0, np.inf)),
        lambda: panel.percentile_rank(2016), lambda: panel.unit_length("base"),
        lambda: panel.relative_to("own"),
    ],
)  # fmt: skip
def test_settings_that_are_none(wrong):
    with pytest.raises(DataError) as caught:
        wrong()
    assert caught.value.remedy


def test_goalposts_are_the_same_whatever_rows_there_are(small):
    frame = small(x=[10.0, 20, 30, 70])
    scale = panel.goalposts({"x": (10, 50), "y": (0, 1)})
    np.testing.assert_allclose(one(frame, scale, "x"), [0, 1 / 4, 1 / 2, 1], rtol=1e-15)
    np.testing.assert_allclose(one(frame, scale, "x", "-"), [1, 3 / 4, 1 / 2, 0], rtol=1e-15)
    open_ended = panel.goalposts({"x": (10, 50)}, capped=False)
    np.testing.assert_allclose(one(frame, open_ended, "x", "-")[-1:], [-1 / 2], rtol=1e-15)
    constant = one(small(x=[20.0, 20]), scale, "x")  # no sample sets the limits: nothing is 0/0
    assert list(constant) == [1 / 4, 1 / 4]


@pytest.mark.parametrize("limits", [None, {}, {"x": (1, 1)}, {"x": (True, 2)}, {"x": (0, np.inf)}])
def test_goalposts_that_are_none(limits):
    with pytest.raises(DataError):
        panel.goalposts(limits)


def test_an_indicator_without_goalposts(small):
    with pytest.raises(DataError, match="no goalposts") as caught:
        one(small(incomes=[1.0, 2]), panel.goalposts({"income": (0, 1)}), "incomes")
    assert "'income'" in str(caught.value)


@pytest.mark.filterwarnings("error")
def test_zeros_relative_to_the_mean(small):
    frame = small(x=[0.0, 2, 4, 2])
    assert list(one(frame, panel.relative_to("mean"), "x")) == [0, 1, 2, 1]
