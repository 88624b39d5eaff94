"""Decompositions: parts add up exactly, and agree with sums over all pairs written out."""

from __future__ import annotations

import pickle
from itertools import product

import numpy as np
import pandas as pd
import pytest

import panel
from panel.inequality.decomposition import dagum, theil
from panel.inequality.measures import inequality_measures

# Sums of a few hundred products in another order.
ATOL = 1e-13


@pytest.mark.parametrize("weights", [None, "people"])
def test_parts_of_dagum_add_up_to_the_gini_coefficient(frame, weights):
    found = dagum(frame, "y", "zone", weights=weights)
    whole = inequality_measures(frame, "y", measures="gini", weights=weights).df.gini
    np.testing.assert_allclose(found.df.total, whole, atol=ATOL)
    parts = found.df[["within", "between", "transvariation"]]
    np.testing.assert_allclose(parts.sum(axis=1), whole, atol=ATOL)
    assert (parts > 0).all(axis=None)
    shares = found.df[[f"{c}_share" for c in parts]]
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=ATOL)
    by_year = found.groups.groupby("year")
    np.testing.assert_allclose(by_year.contribution.sum(), parts.within, atol=ATOL)
    pairs = found.pairs.groupby("year")[["between", "transvariation"]].sum()
    np.testing.assert_allclose(pairs, parts[["between", "transvariation"]], atol=ATOL)


def test_dagum_by_sums_over_pairs(frame):
    """Definitions (Dagum 1997): d is the mean of positive differences of the richer group."""
    found = dagum(frame, "y", "zone")
    rows = frame.data.xs(2003, level="year")
    x = {z: r.y.to_numpy() for z, r in rows.groupby("zone")}
    mean, n = {z: v.mean() for z, v in x.items()}, {z: len(v) for z, v in x.items()}
    total = sum(map(sum, x.values()))
    net = gross = 0.0
    for _, pair in found.pairs[found.pairs.year == 2003].iterrows():
        j, h = pair.zone_a, pair.zone_b
        assert mean[j] > mean[h]
        apart = [a - b for a, b in product(x[j], x[h])]
        d = sum(v for v in apart if v > 0) / len(apart)
        p = sum(-v for v in apart if v < 0) / len(apart)
        gini = sum(map(abs, apart)) / len(apart) / (mean[j] + mean[h])
        assert pair.gini == pytest.approx(gini, rel=1e-12)
        assert pair.affluence == pytest.approx((d - p) / (d + p), rel=1e-12)
        weight = n[j] / 24 * sum(x[h]) / total + n[h] / 24 * sum(x[j]) / total
        net, gross = net + gini * weight * (d - p) / (d + p), gross + gini * weight
    assert found.df.loc[2003, "between"] == pytest.approx(net, rel=1e-12)
    assert found.df.loc[2003, "transvariation"] == pytest.approx(gross - net, rel=1e-12)


def test_groups_that_do_not_overlap_have_no_transvariation():
    table = pd.DataFrame({"u": range(6), "t": 1, "y": [1, 2, 3, 10, 11, 30], "g": list("aaabbb")})
    frame = panel.PanelFrame.from_pandas(table, "u", "t")
    found = dagum(frame, "y", "g")
    assert found.df.loc[1, "transvariation"] == pytest.approx(0, abs=1e-15)
    assert found.pairs.affluence.tolist() == pytest.approx([1.0])
    # The net part is then the Gini coefficient of the group means: s - p of the richer group.
    assert found.df.loc[1, "between"] == pytest.approx(51 / 57 - 0.5, rel=1e-12)


def test_groups_alike_have_nothing_between_them():
    table = pd.DataFrame({"u": range(6), "t": 1, "y": [1, 2, 6, 1, 2, 6], "g": list("aaabbb")})
    found = dagum(panel.PanelFrame.from_pandas(table, "u", "t"), "y", "g")
    assert found.df.loc[1, "between"] == pytest.approx(0, abs=1e-15)
    assert found.df.loc[1, "transvariation"] == pytest.approx(found.df.loc[1, "within"], rel=1e-12)
    flat = pd.DataFrame({"u": range(4), "t": 1, "y": [3.0] * 4, "g": list("aabb")})
    none = dagum(panel.PanelFrame.from_pandas(flat, "u", "t"), "y", "g")
    assert none.df.loc[1, "total"] == 0
    assert none.pairs.affluence.tolist() == [0]
    assert none.df.within_share.isna().all()  # there is nothing to share


@pytest.mark.parametrize("alpha", [-1.0, 0.0, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("weights", [None, "people"])
def test_parts_of_entropy_add_up(frame, alpha, weights):
    found = theil(frame, "y", "zone", alpha=alpha, weights=weights)
    whole = inequality_measures(frame, "y", measures="entropy", alpha=alpha, weights=weights).df
    np.testing.assert_allclose(found.df.total, whole.entropy, atol=ATOL)
    np.testing.assert_allclose(found.df.within + found.df.between, whole.entropy, atol=ATOL)
    within = found.groups.groupby("year").contribution.sum()
    np.testing.assert_allclose(within, found.df.within, atol=ATOL)


def test_theil_by_hand():
    table = pd.DataFrame({"u": range(4), "t": 1, "y": [1.0, 3.0, 2.0, 10.0], "g": list("aabb")})
    found = theil(panel.PanelFrame.from_pandas(table, "u", "t"), "y", "g")
    ln = np.log
    a, b = (1 / 4 * ln(1 / 2) + 3 / 4 * ln(3 / 2)), (2 / 12 * ln(2 / 6) + 10 / 12 * ln(10 / 6))
    assert found.df.loc[1, "within"] == pytest.approx(4 / 16 * a + 12 / 16 * b, rel=1e-12)
    between = 4 / 16 * ln((4 / 16) / 0.5) + 12 / 16 * ln((12 / 16) / 0.5)
    assert found.df.loc[1, "between"] == pytest.approx(between, rel=1e-12)
    assert found.groups["index"].tolist() == pytest.approx([a, b], rel=1e-12)
    assert found.groups.share.tolist() == pytest.approx([0.25, 0.75])


def test_nested_groups_stand_apart(frame):
    found = theil(frame, "y", ("zone", "province")).df
    outer, inner = theil(frame, "y", "zone").df, theil(frame, "y", "province").df
    np.testing.assert_allclose(found["between zone"], outer.between, atol=ATOL)
    np.testing.assert_allclose(found.within, inner.within, atol=ATOL)
    np.testing.assert_allclose(found["between province"], inner.between - outer.between, atol=ATOL)
    assert (found["between province"] > 0).all()
    with pytest.raises(panel.errors.DataError, match="'zone' lies in several of 'province'"):
        theil(frame, "y", ("province", "zone"))


def test_peers(china, peers):
    t, d = theil(china, "gdp_per_person", "zone").df, dagum(china, "gdp_per_person", "zone").df
    for year, expected in peers["inequality"].items():
        assert t.loc[int(year), "between"] == pytest.approx(expected["between"], rel=1e-10)
        assert t.loc[int(year), "within"] == pytest.approx(expected["within"], rel=1e-10)
        assert d.loc[int(year), "total"] == pytest.approx(expected["gini"], rel=1e-10)


def test_zeros_are_taken_where_there_is_a_limit():
    table = pd.DataFrame({"u": range(5), "t": 1, "y": [0, 0, 1, 2, 4.0], "g": list("aabbb")})
    frame = panel.PanelFrame.from_pandas(table, "u", "t")
    assert theil(frame, "y", "g").df.loc[1, "within"] > 0
    assert dagum(frame, "y", "g").groups.gini.iloc[0] == 0
    with pytest.raises(panel.errors.DataError, match="GE\\(0\\) of values that are not positive"):
        theil(frame, "y", "g", alpha=0)


def test_tidy_shown_and_pickled(frame):
    found = dagum(frame, "y", "zone^province")
    assert found.tidy().columns.tolist() == ["year", "part", "estimate"]
    assert len(found.tidy()) == 5 * 4
    assert "Gini coefficient (Dagum) of y" in repr(found)
    assert "Transvariation" in found._repr_html_()
    assert "超变密度" in found.labelled("zh").columns
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(found)).pairs, found.pairs)


def test_says_what_is_wrong(frame):
    error = panel.errors.DataError
    with pytest.raises(error, match="All rows are in one group of 'one', 1"):
        dagum(frame.assign(one=[1] * len(frame)), "y", "one")
    with pytest.raises(error, match="No group of 'y' has two regions in one year"):
        theil(frame, "y", "y")  # the variable for the group
    holey = frame.assign(g=[np.nan, *[1.0, 2.0] * 59, 1.0])
    with pytest.raises(error, match="'g' is missing for r00, 2001"):
        theil(holey, "y", "g")
    with pytest.raises(error, match="no grouping"):
        theil(frame, "y", ())
    with pytest.raises(error, match="alpha must be a number"):
        theil(frame, "y", "zone", alpha="T")  # type: ignore[arg-type]
    with pytest.raises(panel.errors.UnknownVariableError, match="zoen"):
        dagum(frame, "y", "zoen")
