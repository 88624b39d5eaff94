"""Spatial weights: neighbours by name, islands, nearest and near places."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

import panel

PLACES = pd.DataFrame({"lat": [0.0, 0, 0, 0], "lon": [0.0, 1, 3, 10]}, index=list("abcd"))
DEGREE = np.pi / 180 * 6371.0088


def test_pairs_go_both_ways_and_rows_add_up_to_one():
    found = panel.neighbour_weights([("a", "b"), ("b", "c")], "abc")
    expected = [[0, 1, 0], [0.5, 0, 0.5], [0, 1, 0]]
    np.testing.assert_array_equal(found.matrix, expected)
    assert found.neighbours("b") == ("a", "c")
    assert found.lag(np.array([1.0, 2, 5])).tolist() == [2, 3, 2]
    np.testing.assert_array_equal(found.lag(np.eye(3)), expected)
    plain = panel.neighbour_weights([("a", "b"), ("b", "c")], "abc", standardise=False)
    assert plain.matrix.sum() == 4
    assert found.tidy().weight.tolist() == [1, 0.5, 0.5, 1]
    assert found.df.loc["b", "c"] == 0.5


def test_selection_standardises_anew_and_refuses_islands():
    found = panel.neighbour_weights([("a", "b"), ("b", "c"), ("a", "c")], "abcd")
    assert found.islands == ("d",)
    assert "without a neighbour: d" in str(found)
    some = found.select("cb")
    np.testing.assert_array_equal(some.matrix, [[0, 1], [1, 0]])
    assert some.regions == ("c", "b")
    with pytest.raises(panel.errors.DataError, match="d has no neighbour among the 4 regions"):
        found.select("abcd")
    with pytest.raises(panel.errors.UnknownRegionError, match="no region 'e'"):
        found.select("ae")


def test_nearest_places():
    found = panel.nearest_weights(PLACES, 2)
    assert [found.neighbours(r) for r in "abcd"] == [
        ("b", "c"), ("a", "c"), ("a", "b"), ("b", "c")
    ]  # fmt: skip
    np.testing.assert_allclose(found.matrix.sum(axis=1), 1)


def test_inverse_distance_within_a_cutoff():
    found = panel.distance_weights(PLACES, 3.5 * DEGREE, power=2, standardise=False)
    assert found.islands == ("d",)
    np.testing.assert_allclose(found.df.loc["a", ["b", "c"]], [DEGREE**-2, (3 * DEGREE) ** -2])
    assert found.df.loc["a", "d"] == 0
    equal = panel.distance_weights(PLACES, 3.5 * DEGREE, power=0).select("abc")
    np.testing.assert_allclose(equal.matrix, (1 - np.eye(3)) / 2)


def test_borders_of_the_shipped_lists():
    land, both = panel.contiguity("china"), panel.contiguity("china", links=("land", "strait"))
    assert (len(land.regions), land.islands, both.islands) == (31, ("CN-HI",), ())
    assert both.neighbours("CN-HI") == ("CN-GD",)
    assert set(land.neighbours("CN-JX")) == {"CN-ZJ", "CN-AH", "CN-FJ", "CN-HB", "CN-HN", "CN-GD"}
    assert (land.raw > 0).sum() == 2 * 68
    russia = panel.contiguity("russia", links=("land", "strait"))
    assert (len(russia.regions), russia.islands) == (83, ("RU-KGD",))
    assert set(russia.regions) <= {r.code for r in panel.regions("RU", variant="iso")}
    with pytest.raises(panel.errors.SourceError, match="'germany'"):
        panel.contiguity("germany")
    with pytest.raises(panel.errors.SourceError, match="links 'sea'"):
        panel.contiguity("china", links=("sea",))


def test_places_of_provinces_serve():
    places = pd.DataFrame({r.code: (r.lat, r.lon) for r in panel.regions("CN")},
                          index=["lat", "lon"]).T  # fmt: skip
    assert "CN-HE" in panel.nearest_weights(places, 3).neighbours("CN-BJ")


def test_frozen_and_pickled():
    found = panel.neighbour_weights([("a", "b")], "ab")
    for one in (found, pickle.loads(pickle.dumps(found))):
        with pytest.raises(ValueError, match="read-only"):
            one.raw[0, 0] = 1
        with pytest.raises(ValueError, match="read-only"):
            one.matrix[0, 0] = 1


def test_says_what_is_wrong():
    error = panel.errors.DataError
    with pytest.raises(panel.errors.UnknownRegionError, match="region that is not listed"):
        panel.neighbour_weights([("a", "x")], "ab")
    with pytest.raises(error, match="The weight of a for a is 1"):
        panel.neighbour_weights([("a", "a")], "ab")
    table = pd.DataFrame([[0.0, -1], [1, 0]], index=["a", "b"], columns=["a", "b"])
    with pytest.raises(error, match="The weight of b for a is -1"):
        panel.matrix_weights(table)
    with pytest.raises(error, match="same regions as rows"):
        panel.matrix_weights(table.rename(columns={"a": "c"}))
    with pytest.raises(error, match="cannot have 4 nearest"):
        panel.nearest_weights(PLACES, 4)
    with pytest.raises(error, match="no column 'latitude'"):
        panel.nearest_weights(PLACES, 1, lat="latitude")
    with pytest.raises(error, match="cutoff_km must be"):
        panel.distance_weights(PLACES, 0)
    with pytest.raises(error, match="a and b are in one place"):
        panel.distance_weights(PLACES.assign(lon=[0, 0, 3, 10]), 500)
    with pytest.raises(error, match="a lies at nan"):
        panel.nearest_weights(PLACES.assign(lat=np.nan), 1)
