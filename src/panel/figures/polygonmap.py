"""One year of a variable on a map of the regions' own outlines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Sheet
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline

from panel.core.expressed import expressed
from panel.core.frame import PanelFrame
from panel.core.verb import as_frame
from panel.figures.figure import Figure, finished
from panel.figures.maps import (
    Classes,
    Rgba,
    explain_colours,
    left_out,
    legend_of,
    of_year,
    shading,
)
from panel.figures.regionmap import map_words
from panel.figures.shapes import Outlines, Ring, on_plane, outlines, signed_area
from panel.figures.style import GREY, HATCH, PALE, WIDTH, print_style, sheet
from panel.figures.tiles import region_words
from panel.figures.wording import checked_language, variable_words, words


def polygonmap(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    year: Any,
    shapes: Any,
    *,
    key: str | None = None,
    classes: Classes = None,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Map of outlines of one's own, coloured by the regions' figures.

    No boundaries come with the package. Longitudes and latitudes are drawn in an equal-area
    projection; other coordinates as they are. Outlines without a figure are hatched.

    Parameters
    ----------
    frame : the panel, or a DataFrame with a (unit, time) index.
    variable, year : what to draw, as for ``panel.regionmap``.
    shapes : a GeoDataFrame of GeoPandas, a GeoJSON FeatureCollection, or the path of one.
    key : the property of the shapes that has the frame's regions; their id (the index of a
        GeoDataFrame) if left out.
    classes, language, title : as for ``panel.regionmap``.

    Returns
    -------
    Figure whose data are indexed by region, the shapes' first, with the columns name, value.

    Raises
    ------
    UnknownVariableError, NotNumericError, FigureError : as for ``panel.regionmap``; shapes that
        cannot be read, are no polygons, or have none of the frame's regions.
    """
    checked_language(language)
    frame = expressed(as_frame(frame), [variable])
    what = words("in year", language, what=variable_words(frame, variable, language), year=year)
    values = of_year(frame, variable, year)
    places = on_plane(outlines(shapes, key, list(values.index)))
    data = _matched(frame, values, places, language)
    drawn = data.loc[: len(places.polygons) - 1]
    shades = shading(drawn["value"], classes)
    with print_style():
        figure, axes = _canvas(places)
        fills = shades.fills(drawn["value"])
        for polygons, fill in zip(places.polygons.values(), fills, strict=True):
            _draw(axes, polygons, fill)
        handles = explain_colours(figure, axes, shades, drawn["value"], what, language)
        names = {
            "no figure": list(drawn.loc[drawn["value"].isna(), "name"]),
            "no shape": list(data.loc[len(drawn) :, "name"]),
        }
        legend_of(figure, handles, left_out(names, language), what)
        if title is not None:
            axes.set_title(title)
        alt = map_words("alt polygons", drawn, what, language)
        return finished(figure, data.set_index("region"), alt)


def _matched(frame: PanelFrame, values: pd.Series, places: Outlines, language: str) -> pd.DataFrame:
    """Every shape, then every region that has a figure but no shape."""
    known = {str(u): u for u in frame.units}
    shapes = [known.get(name, name) for name in places.polygons]
    regions = [*shapes, *(u for u in values.index if str(u) not in places.polygons)]
    return pd.DataFrame(
        {
            "region": regions,
            "name": [region_words(frame, u, language) for u in regions],
            "value": values.reindex(regions).to_numpy(),
        }
    )


def _canvas(places: Outlines) -> tuple[Sheet, Axes]:
    points = places.points
    low, high = points.min(axis=0), points.max(axis=0)
    width, height = np.maximum(high - low, 1e-12)
    inches = min(WIDTH * height / width, 6.5)
    figure, axes = sheet(WIDTH, inches + 0.1)
    margin = 0.02 * max(width, height)
    axes.set_xlim(low[0] - margin, high[0] + margin)
    axes.set_ylim(low[1] - margin, high[1] + margin)
    axes.set_aspect("equal")
    axes.set_axis_off()
    return figure, axes


def _draw(axes: Axes, polygons: list[list[Ring]], fill: Rgba | None) -> None:
    """One region: outsides counterclockwise, holes clockwise, so that holes stay empty."""
    rings = [
        ring if (signed_area(ring) > 0) == (i == 0) else ring[::-1]
        for polygon in polygons
        for i, ring in enumerate(polygon)
    ]
    path = Outline.make_compound_path(*(Outline(r, closed=True) for r in rings))
    patch = PathPatch(path, facecolor=PALE if fill is None else fill, edgecolor=GREY)
    patch.set(linewidth=0.3, hatch=HATCH if fill is None else None)
    axes.add_artist(patch)
