"""One year of a variable on a tile-grid map."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from panel.core.expressed import expressed
from panel.core.frame import PanelFrame
from panel.core.verb import as_frame
from panel.errors import FigureError
from panel.figures.figure import Figure, finished
from panel.figures.maps import Classes, explain_colours, left_out, legend_of, of_year, shading
from panel.figures.style import print_style
from panel.figures.tilegrid import draw_tiles, tile_sheet
from panel.figures.tiles import checked_tiles, packaged_tiles, region_words
from panel.figures.wording import decimals_for, number_words, variable_words, words


def regionmap(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    year: Any,
    tiles: pd.DataFrame | None = None,
    *,
    classes: Classes = None,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Tile-grid map: every region one tile of the same size, coloured by its figure.

    Figures are also written on the tiles where they fit. Regions without a figure are hatched, and
    the legend names the regions that have a figure but no place on the grid. Colours run from light
    to dark, or from blue to red around zero if there are values of both signs.

    Parameters
    ----------
    frame : the panel, or a DataFrame with a (unit, time) index; its regions known by ISO 3166-2
        codes unless ``tiles`` is given.
    variable : what to draw, a name or an expression ("log(gdp)"); label and unit come from
        the frame.
    year : the year (or period) of the frame to draw.
    tiles : places of the regions: index region, columns row (from the top), col, and label if
        the tiles should carry another text than the code. The grids for China and Russia come
        with the package.
    classes : a continuous scale if left out; a number of classes with as many regions each, which
        shows skewed figures better; or the upper limits of all classes but the last. The legend has
        every class, empty ones too, with its number of regions.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data are indexed by region with the columns row, col, label, name, value.

    Raises
    ------
    UnknownVariableError : no such variable.
    NotNumericError : a variable of text.
    FigureError : a year that the frame does not have, no figure in it, or no region with a
        tile; classes out of range.
    """
    frame = expressed(as_frame(frame), [variable])
    what = words("in year", language, what=variable_words(frame, variable, language), year=year)
    values = of_year(frame, variable, year)
    grid = packaged_tiles(frame.units, language) if tiles is None else checked_tiles(tiles)
    data = _placed(frame, values, grid, language)
    tiled = data.dropna(subset="row")
    shades = shading(tiled["value"], classes)
    with print_style():
        figure, axes, tile = tile_sheet(tiled)
        decimals = decimals_for(tiled["value"])
        written = ["" if np.isnan(v) else number_words(v, language, decimals) for v in tiled.value]
        draw_tiles(axes, tiled, shades.fills(tiled["value"]), written, tile)
        handles = explain_colours(figure, axes, shades, tiled["value"], what, language)
        nothing = list(data.loc[data["value"].isna(), "name"])
        nowhere = list(data.loc[data["row"].isna(), "name"])
        others = left_out({"no figure": nothing, "no tile": nowhere}, language)
        legend_of(figure, handles, others, what)
        if title is not None:
            axes.set_title(title)
        return finished(figure, data, map_words("alt map", tiled, what, language))


def _placed(
    frame: PanelFrame, values: pd.Series, grid: pd.DataFrame, language: str
) -> pd.DataFrame:
    """Every tile, then every region that has a figure but no tile (row and col are missing)."""
    homeless = [u for u in values.index if u not in grid.index]
    if len(homeless) == len(values):
        raise FigureError(
            f"No region with a figure has a tile; the first is {homeless[0]!r}.",
            variable="tiles",
            value=homeless,
            remedy="use the same codes for the regions in tiles and in the frame.",
        )
    data = grid.reindex([*grid.index, *homeless])
    names = [region_words(frame, u, language) for u in data.index]
    return data.assign(name=names, value=values.reindex(data.index))


def map_words(key: str, data: pd.DataFrame, what: str, language: str) -> str:
    """Alternative text: how many regions, the lowest and the highest (columns value, name)."""
    ranked = data.dropna(subset="value").sort_values("value")
    decimals = decimals_for(ranked["value"])
    low, high = (number_words(ranked["value"].iloc[i], language, decimals) for i in (0, -1))
    lowest, highest = (ranked["name"].iloc[i] for i in (0, -1))
    return words(
        key,
        language,
        what=what,
        n=len(ranked),
        low=low,
        lowest=lowest,
        high=high,
        highest=highest,
    )
