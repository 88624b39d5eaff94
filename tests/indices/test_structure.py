"""Structure and specialisation: exact arithmetic, printed examples, bad input."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import DataError, NotNumericError


@pytest.fixture
def three() -> panel.PanelFrame:
    """One region, two years, three sectors and their workers."""
    table = pd.DataFrame({
        "region": "a", "year": [2000, 2001], "first": [20.0, 20], "second": [50.0, 60],
        "third": [30.0, 80], "w1": [50.0, 40], "w2": [30.0, 30], "w3": [20.0, 30],
    })  # fmt: skip
    return panel.PanelFrame.from_pandas(table, "region", "year")


SECTORS = ["first", "second", "third"]


def test_upgrading_and_tertiary_ratio(three):
    found = panel.structure_upgrading(three, SECTORS)["upgrading"]
    np.testing.assert_allclose(found, [0.2 + 2 * 0.5 + 3 * 0.3, (20 + 120 + 240) / 160], rtol=1e-14)
    found = panel.tertiary_ratio(three, "third", "second")["tertiary_ratio"]
    np.testing.assert_allclose(found, [3 / 5, 8 / 6], rtol=1e-14)
    with pytest.raises(DataError, match="'second' of a, 2000 is zero"):
        panel.tertiary_ratio(three.assign(second=[0.0, 1]), "third", "second")


def test_structural_change(three):
    found = panel.structural_change(three, SECTORS).df
    assert found.iloc[0].isna().all()
    s0, s1 = np.array([0.2, 0.5, 0.3]), np.array([1 / 8, 3 / 8, 1 / 2])
    cosine = s0 @ s1 / math.sqrt(s0 @ s0 * (s1 @ s1))
    growth = [math.log(20 / 20), math.log(60 / 50), math.log(80 / 30)]
    whole = math.log(160 / 100)
    lilien = math.sqrt(sum(s * (g - whole) ** 2 for s, g in zip(s1, growth, strict=True)))
    expected = [cosine, math.acos(cosine), 0.2, lilien]
    np.testing.assert_allclose(found.iloc[1].astype(float), expected, rtol=1e-12)


def test_no_change_is_no_angle(three):
    same = three.assign(**{v: [x, 3 * x] for v, x in zip(SECTORS, (1.1, 2.3, 3.7), strict=True)})
    found = panel.structural_change(same, SECTORS).df.iloc[1]
    assert found["angle"] == pytest.approx(0, abs=1e-15)
    assert found["moore"] == pytest.approx(1, abs=1e-15)
    assert found["lilien"] == pytest.approx(0, abs=1e-15)
    gone = panel.structural_change(three.assign(first=[0.0, 1]), SECTORS).df.iloc[1]
    assert np.isnan(gone["lilien"])
    assert 0 < gone["moore"] < 1


def test_rationalisation(three):
    found = panel.structure_rationalisation(
        three, {"first": "w1", "second": "w2", "third": "w3"}
    ).df.iloc[0]
    y, w = (0.2, 0.5, 0.3), (0.5, 0.3, 0.2)
    theil = sum(a * math.log(a / b) for a, b in zip(y, w, strict=True))
    assert found["theil"] == pytest.approx(theil, rel=1e-14)
    deviation = sum(abs(a / b - 1) for a, b in zip(y, w, strict=True))
    assert found["deviation"] == pytest.approx(deviation, rel=1e-14)
    equal = panel.structure_rationalisation(three, {"first": "first", "second": "second"}).df
    np.testing.assert_allclose(equal, 0, atol=1e-15)
    nothing = panel.structure_rationalisation(
        three.assign(first=[0.0, 1]), {"first": "w1", "second": "w2"}
    ).df.iloc[0]  # a sector without output has 0 ln 0 = 0
    assert nothing["theil"] == pytest.approx(math.log(8 / 3), rel=1e-14)
    with pytest.raises(DataError, match="'w1' of a, 2000 is zero"):
        panel.structure_rationalisation(three.assign(w1=[0.0, 1]), {"first": "w1", "second": "w2"})
    with pytest.raises(DataError, match="not given with their employment"):
        panel.structure_rationalisation(three, SECTORS)


@pytest.fixture
def regions() -> panel.PanelFrame:
    """The example of LQ in R mathmodels, its nation as a unit."""
    table = pd.DataFrame({
        "region": ["nation", "a", "b"], "year": 2020, "total": [10000, 4000, 6000],
        "i1": [2000, 1000, 1000], "i2": [6000, 2000, 4000],
    })  # fmt: skip
    return panel.PanelFrame.from_pandas(table, "region", "year")


def test_location_quotients_printed_by_mathmodels(regions):
    printed = {"lq_i1": [1.25, 0.8333333], "lq_i2": [0.8333333, 1.1111111]}
    named = panel.location_quotients(regions, ["i1", "i2"], total="total", nation="nation").df
    alone = regions.rows(regions["region"] != "nation")
    summed = panel.location_quotients(alone, ["i1", "i2"], total="total").df
    for column, values in printed.items():
        np.testing.assert_allclose(named[column].loc[["a", "b"]], values, atol=5e-8)
        np.testing.assert_allclose(summed[column], values, atol=5e-8)
    np.testing.assert_allclose(named.loc["nation"].astype(float), 1, rtol=1e-14)


def test_herfindahl_printed_by_mathmodels():
    table = pd.DataFrame({"region": ["a"], "year": 2020, "x": 50.0, "y": 30.0, "z": 20.0})
    frame = panel.PanelFrame.from_pandas(table, "region", "year")
    found = panel.diversity(frame, ["x", "y", "z"]).df.iloc[0]
    assert found["herfindahl"] == pytest.approx(0.38, rel=1e-14)
    assert found["herfindahl_normalised"] == pytest.approx(0.07, rel=1e-14)
    entropy = -sum(s * math.log(s) for s in (0.5, 0.3, 0.2))
    assert found["shannon"] == pytest.approx(entropy, rel=1e-14)
    assert found["evenness"] == pytest.approx(entropy / math.log(3), rel=1e-14)
    assert found["theil"] == pytest.approx(math.log(3) - entropy, rel=1e-13)


def test_specialisation_in_exact_fractions(regions):
    alone = regions.rows(regions["region"] != "nation")
    found = panel.specialisation(alone, ["i1", "i2"]).df
    # a has shares 1/3 and 2/3, b 1/5 and 4/5, both together 1/4 and 3/4.
    krugman = [Fraction(1, 6), Fraction(1, 10)]
    np.testing.assert_allclose(found["krugman"], [float(k) for k in krugman], rtol=1e-13)
    np.testing.assert_allclose(found["relative_diversity"], [6, 10], rtol=1e-13)
    np.testing.assert_allclose(found["relative_specialisation"], [4 / 3, 16 / 15], rtol=1e-14)
    apart = panel.specialisation(alone, ["i1", "i2"], others=True).df["krugman"]
    np.testing.assert_allclose(apart, float(Fraction(4, 15)), rtol=1e-13)
    like = panel.specialisation(regions, ["i1", "i2"], nation="nation").df.loc["nation"].iloc[0]
    assert like["krugman"] == 0
    assert np.isnan(like["relative_diversity"])


def test_an_industry_that_the_nation_lacks(regions):
    alone = regions.rows(regions["region"] != "nation").assign(i3=[0.0, 0.0])
    assert panel.location_quotients(alone, ["i1", "i3"]).df["lq_i3"].isna().all()
    found = panel.specialisation(alone, ["i1", "i2", "i3"]).df["relative_specialisation"]
    np.testing.assert_allclose(found, [4 / 3, 16 / 15], rtol=1e-14)


def test_a_region_without_all_industries_is_not_in_the_nation(regions):
    alone = regions.rows(regions["region"] != "nation")
    table = alone.data.reset_index()
    more = pd.DataFrame({"region": ["c"], "year": 2020, "total": 9, "i1": [5.0], "i2": [np.nan]})
    frame = panel.PanelFrame.from_pandas(pd.concat([table, more]), "region", "year")
    found = panel.specialisation(frame, ["i1", "i2"])
    assert found.n_missing == 1
    whole = panel.specialisation(alone, ["i1", "i2"]).df
    np.testing.assert_allclose(found.df.loc[["a", "b"]], whole, rtol=1e-14)


BAD = [
    (["first"], DataError, "sectors are"),
    ("first", DataError, "sectors are"),
    (["first", "first"], DataError, "sectors are"),
    (["first", "negative"], DataError, "'negative' of a, 2001 is -1; a share of it"),
    (["first", "infinite"], DataError, "'infinite' of a, 2001 is inf"),
    (["zero", "none"], DataError, "All sectors of a, 2000 are zero"),
    (["first", "text"], NotNumericError, "'text' is text"),
]


@pytest.mark.parametrize(("sectors", "error", "message"), BAD)
def test_bad_sectors(three, sectors, error, message):
    bad = three.assign(
        negative=[1.0, -1], infinite=[1, np.inf], zero=[0.0, 1], none=[0.0, 0], text=["x", "y"]
    )
    for verb in (panel.structure_upgrading, panel.structural_change):
        with pytest.raises(error, match=message) as caught:
            verb(bad, sectors)
        assert caught.value.remedy


def test_bad_settings(three, regions):
    with pytest.raises(DataError, match="not defined"):
        panel.structural_change(three, SECTORS, periods=0)
    with pytest.raises(DataError, match="'nowhere' has no figures"):
        panel.location_quotients(regions, ["i1", "i2"], nation="nowhere")
    with pytest.raises(DataError, match="a, 2020 add up to 3000"):
        panel.location_quotients(regions.assign(small=[1.0, 2, 3]), ["i1", "i2"], total="small")
    with pytest.raises(DataError, match="exclude each other"):
        panel.specialisation(regions, ["i1", "i2"], nation="nation", others=True)
    one = regions.rows(regions["region"] == "a")
    with pytest.raises(DataError, match="there are none"):
        panel.specialisation(one, ["i1", "i2"], others=True)


def test_labels_in_three_languages(three):
    for found in (
        panel.structure_upgrading(three, SECTORS), panel.structural_change(three, SECTORS),
        panel.diversity(three, SECTORS), panel.specialisation(three, SECTORS),
        panel.structure_rationalisation(three, {"first": "w1", "second": "w2"}),
        panel.location_quotients(three, SECTORS), panel.tertiary_ratio(three, "third", "second"),
    ):  # fmt: skip
        for language in ("en", "zh", "ru"):
            assert len(set(found.labelled(language).columns)) == found.df.shape[1]
        assert set(found.labels) == set(found.df.columns)
        assert found.assign_to(three).origin(str(found.df.columns[0])).inputs
