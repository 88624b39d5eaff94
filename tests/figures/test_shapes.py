from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from panel.errors import FigureError
from panel.figures.shapes import Outlines, on_plane, outlines, signed_area

SQUARE = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]


def feature(name: str, rings: list[list[list[float]]] | None = None) -> dict[str, object]:
    geometry = {"type": "Polygon", "coordinates": rings or [SQUARE]}
    return {"type": "Feature", "properties": {"iso": name}, "geometry": geometry}


def collection(*features: dict[str, object]) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": list(features)}


def box(west: float, south: float, east: float, north: float, steps: int = 400) -> np.ndarray:
    """A box of meridians and parallels with many points a side."""
    t = np.linspace(0, 1, steps)
    lon, lat = west + (east - west) * t, south + (north - south) * t
    sides = [(lon, south), (east, lat), (lon[::-1], north), (west, lat[::-1])]
    return np.vstack([np.column_stack(np.broadcast_arrays(x, y)) for x, y in sides])


@pytest.mark.parametrize("ends", [(20.0, 42.0, 60.0, 80.0), (-5.0, -8.0, 30.0, 8.0)])
def test_the_projection_keeps_areas(ends: tuple[float, float, float, float]) -> None:
    west, south, east, north = ends
    middle = (south + north) / 2
    parts = {"s": [[box(west, south, east, middle)]], "n": [[box(west, middle, east, north)]]}
    drawn = on_plane(Outlines(parts)).polygons
    for name, (low, high) in {"s": (south, middle), "n": (middle, north)}.items():
        # On the unit sphere a box has (east - west) (sin north - sin south).
        area = np.radians(east - west) * np.diff(np.sin(np.radians([low, high])))[0]
        # 400 chords a side instead of arcs.
        assert signed_area(drawn[name][0][0]) == pytest.approx(area, rel=1e-4)


def test_the_date_line_is_closed() -> None:
    shapes = Outlines({"a": [[box(170, 60, 180, 70)]], "b": [[box(-180, 60, -170, 70)]],
                       "c": [[box(100, 60, 170, 70)]]})  # fmt: skip
    drawn = on_plane(shapes).polygons
    assert drawn["b"][0][0][:, 0].min() >= drawn["a"][0][0][:, 0].min()
    assert np.ptp(on_plane(shapes).points[:, 0]) < 2.0


def test_metres_stay_as_they_are() -> None:
    metres = Outlines({"a": [[np.array(SQUARE) * 1e5]]})
    assert on_plane(metres) is metres


def test_ids_properties_files_and_geo_interfaces(tmp_path: Path) -> None:
    content = collection(feature("A"), feature("B"))
    path = tmp_path / "shapes.geojson"
    path.write_text(json.dumps(content), encoding="utf-8")

    class Geo:
        __geo_interface__ = collection({**feature("A"), "id": "X"})

    assert list(outlines(content, "iso", ["A"]).polygons) == ["A", "B"]
    assert list(outlines(path, "iso", ["B"]).polygons) == ["A", "B"]
    assert list(outlines(Geo(), None, ["X"]).polygons) == ["X"]


def test_parts_of_one_region_are_put_together() -> None:
    content = collection(feature("A"), feature("A"))
    assert len(outlines(content, "iso", ["A"]).polygons["A"]) == 2


def test_mistakes_are_named(tmp_path: Path) -> None:
    with pytest.raises(FigureError, match=r"No region.*\n.*key='iso'"):
        outlines(collection(feature("A")), None, ["A"])
    point = {"type": "Point", "coordinates": [0, 0]}
    with pytest.raises(FigureError, match="geometry 'Point'"):
        outlines(collection({**feature("A"), "geometry": point}), "iso", ["A"])
    with pytest.raises(FigureError, match="outline of 'A' is no ring"):
        outlines(collection(feature("A", [[[0, 0], [1, 1]]])), "iso", ["A"])
    with pytest.raises(FigureError, match="cannot be read as GeoJSON"):
        outlines(tmp_path / "none.geojson", None, ["A"])
    with pytest.raises(FigureError, match="list without features"):
        outlines([], None, ["A"])
