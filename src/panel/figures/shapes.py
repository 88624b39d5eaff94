"""Outlines of regions from GeoJSON, GeoPandas and the like, on a plane of true areas."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from panel.errors import FigureError, suggest

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
Ring = FloatArray  # (n, 2)

_KINDS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True, eq=False)
class Outlines:
    """Polygons by region: each a list of polygons, each a list of rings, the first its outside."""

    polygons: Mapping[str, list[list[Ring]]]

    @property
    def points(self) -> FloatArray:
        """All points (n, 2)."""
        return np.concatenate([r for p in self.polygons.values() for rings in p for r in rings])

    def moved(self, points: FloatArray) -> Outlines:
        """The same rings with other points (n, 2)."""
        at, found = 0, {}
        for region, polygons in self.polygons.items():
            made = []
            for rings in polygons:
                ends = at + np.cumsum([0, *(len(r) for r in rings)])
                made.append([points[a:b] for a, b in pairwise(ends)])
                at = int(ends[-1])
            found[region] = made
        return Outlines(found)


def outlines(shapes: Any, key: str | None, regions: Sequence[Hashable]) -> Outlines:
    """Outlines by region from a GeoDataFrame, a GeoJSON mapping, or the path of a GeoJSON file.

    Parameters
    ----------
    shapes : anything with ``__geo_interface__`` (GeoPandas), a FeatureCollection, or a path.
    key : the property that has the regions' names; the features' own id if None, which is the
        index of a GeoDataFrame.
    regions : of the frame, for the error.

    Raises
    ------
    FigureError : no FeatureCollection of polygons, or none of the regions among them.
    """
    found: dict[str, list[list[Ring]]] = {}
    features = _features(shapes)
    for feature in features:
        name = feature.get("id") if key is None else (feature.get("properties") or {}).get(key)
        geometry = feature.get("geometry") or {}
        if geometry.get("type") not in _KINDS:
            raise FigureError(
                f"{name!r} has a geometry {geometry.get('type')!r}, not {' or '.join(_KINDS)}.",
                variable="shapes", value=name, remedy="leave it out, or give its outline.",
            )  # fmt: skip
        several = geometry["coordinates"]
        several = [several] if geometry["type"] == "Polygon" else several
        rings = [[_ring(r, name) for r in polygon] for polygon in several]
        found.setdefault(str(name), []).extend(rings)
    if not set(map(str, regions)) & set(found):
        raise FigureError(
            f"No region of the frame has a shape; the first is {regions[0]!r}.", variable="key",
            value=key, remedy=_remedy(features, set(map(str, regions))),
        )  # fmt: skip
    return Outlines(found)


def _features(shapes: Any) -> list[Mapping[str, Any]]:
    if isinstance(shapes, (str, PathLike)):
        path = Path(shapes)
        try:
            shapes = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise FigureError(
                f"{path} cannot be read as GeoJSON: {error}.", variable="shapes", value=str(path),
                remedy="give the path of a .geojson file; read other formats with geopandas.",
            ) from error  # fmt: skip
    content = getattr(shapes, "__geo_interface__", shapes)
    if not isinstance(content, Mapping) or not content.get("features"):
        raise FigureError(
            f"A {type(shapes).__name__} without features has no shapes.", variable="shapes",
            remedy="pass a GeoDataFrame, a GeoJSON FeatureCollection, or the path of one.",
        )  # fmt: skip
    return list(content["features"])


def _ring(points: Any, name: object) -> Ring:
    found = np.asarray(points, dtype=np.float64)
    if found.ndim != 2 or len(found) < 4 or not np.isfinite(found).all():
        raise FigureError(
            f"The outline of {name!r} is no ring of finite points.", variable="shapes", value=name,
            remedy="mend the shapes, for instance with geopandas' make_valid.",
        )  # fmt: skip
    return found[:, :2]


def _remedy(features: Sequence[Mapping[str, Any]], regions: set[str]) -> str:
    """The property that has names of regions, or what there is."""
    first = features[0].get("properties") or {}
    for name in first:
        if {str((f.get("properties") or {}).get(name)) for f in features} & regions:
            return f"pass key={name!r}."
    return "pass key=, the property that has their codes; " + suggest("code", map(str, first))


def on_plane(shapes: Outlines) -> Outlines:
    """Longitudes and latitudes in Albers' equal-area conic projection; other coordinates as they
    are.

    Standard parallels one sixth of the way from the southern and northern ends; outlines that cross
    the date line are put together.

    References
    ----------
    Snyder (1987), Map Projections: A Working Manual, section 14 (sphere).
    """
    lon, lat = shapes.points.T
    if np.abs(lon).max() > 360 or np.abs(lat).max() > 90:
        return shapes
    if np.ptp(lon) > 180:  # both ends of Chukotka
        lon = np.where(lon < 0, lon + 360, lon)
    south, north = np.radians([lat.min(), lat.max()])
    first, second = south + (north - south) / 6, north - (north - south) / 6
    middle = np.radians((lon.min() + lon.max()) / 2)
    n = (np.sin(first) + np.sin(second)) / 2
    phi, turned = np.radians(lat), np.radians(lon) - middle
    if abs(n) < 1e-9:  # around the equator the cone is a cylinder
        points = np.column_stack([turned * np.cos(first), np.sin(phi) / np.cos(first)])
        return shapes.moved(points)
    c = np.cos(first) ** 2 + 2 * n * np.sin(first)
    radius = np.sqrt(np.maximum(c - 2 * n * np.sin(phi), 0.0)) / n
    origin = np.sqrt(c - 2 * n * np.sin((south + north) / 2)) / n
    points = np.column_stack([radius * np.sin(n * turned), origin - radius * np.cos(n * turned)])
    return shapes.moved(points)


def signed_area(ring: Ring) -> float:
    """Area of a ring, positive if it runs counterclockwise."""
    x, y = ring.T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2)
