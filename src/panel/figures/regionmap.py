"""One year of a variable on a tile-grid map."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, TwoSlopeNorm, to_rgba
from matplotlib.figure import Figure as Sheet
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text

from panel.core.frame import PanelFrame
from panel.core.verb import as_frame
from panel.errors import FigureError, NotNumericError
from panel.figures.figure import Figure, finished
from panel.figures.style import (
    DIVERGING,
    GREY,
    HATCH,
    PALE,
    SEQUENTIAL,
    WIDTH,
    fitting_size,
    ink_on,
    print_style,
    sheet,
)
from panel.figures.tiles import checked_tiles, packaged_tiles, region_words
from panel.figures.wording import (
    NumberTicks,
    decimals_for,
    joined,
    number_words,
    variable_words,
    words,
    wrapped,
)

_LARGEST = 0.66  # inches: a tile need not be larger
_SMALLEST = 5.0  # points: smaller figures cannot be read in print


def regionmap(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    year: Any,
    tiles: pd.DataFrame | None = None,
    *,
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
    variable : what to draw; label and unit come from the frame.
    year : the year (or period) of the frame to draw.
    tiles : places of the regions: index region, columns row (from the top), col, and label if
        the tiles should carry another text than the code. The grids for China and Russia come
        with the package.
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
        tile.
    """
    frame = as_frame(frame)
    what = words("in year", language, what=variable_words(frame, variable, language), year=year)
    values = _of_year(frame, variable, year)
    grid = packaged_tiles(frame.units, language) if tiles is None else checked_tiles(tiles)
    data = _placed(frame, values, grid, language)
    tiled = data.dropna(subset="row")
    with print_style():
        figure, axes, tile = _canvas(tiled)
        colours = _colours(tiled["value"])
        _draw_tiles(axes, tiled, colours, language, tile)
        bar = figure.colorbar(colours, ax=axes, location="bottom", shrink=0.7, aspect=32, pad=0.02)
        bar.set_label(wrapped(what, 70))
        bar.ax.xaxis.set_major_formatter(NumberTicks(language))
        bar.outline.set(linewidth=0.3, edgecolor=GREY)
        _explain(figure, data, language)
        if title is not None:
            axes.set_title(title)
        return finished(figure, data, _alt(tiled, what, language))


def _of_year(frame: PanelFrame, variable: str, year: Any) -> pd.Series:
    """Figures by region of that year."""
    values = frame[variable]
    if not pd.api.types.is_numeric_dtype(values.dtype):
        raise NotNumericError(
            f"{variable!r} is text; the colours of a map need numbers.",
            variable=variable,
            remedy=f"draw a number, for instance 1 where it is x: frame[{variable!r}] == 'x'.",
        )
    if year not in frame.times:
        raise FigureError(
            f"The frame {frame.name!r} has no {frame.time} {year!r}.",
            variable=frame.time,
            value=year,
            remedy=f"it has: {', '.join(map(str, frame.times))}.",
        )
    own: pd.Series = values.xs(year, level=1).astype(float)
    own = own[np.isfinite(own)]
    if own.empty:
        there = values[np.isfinite(values.astype(float))].index.get_level_values(1).unique()
        raise FigureError(
            f"{variable!r} has no figure in {year}.",
            variable=variable,
            value=year,
            remedy=f"there are figures for: {', '.join(map(str, sorted(there))) or 'no year'}.",
        )
    return own


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


def _canvas(data: pd.DataFrame) -> tuple[Sheet, Axes, float]:
    """Axes in tile units, rows downward, without a frame; and the side of a tile in inches."""
    columns = int(data["col"].max() - data["col"].min()) + 1
    rows = int(data["row"].max() - data["row"].min()) + 1
    tile = min(_LARGEST, WIDTH / columns)
    figure, axes = sheet(max(tile * columns, 3.5) + 0.1, tile * rows + 1.0)
    axes.set_xlim(data["col"].min() - 0.5, data["col"].max() + 0.5)
    axes.set_ylim(data["row"].max() + 0.5, data["row"].min() - 0.5)
    axes.set_aspect("equal")
    axes.set_axis_off()
    return figure, axes, tile


def _colours(values: pd.Series) -> ScalarMappable:
    low, high = float(values.min()), float(values.max())
    if low < 0 < high:
        reach = max(-low, high)
        norm: Normalize = TwoSlopeNorm(0.0, -reach, reach)
        return ScalarMappable(norm, mpl.colormaps[DIVERGING])
    if low == high:  # one colour, but a bar with some length
        low, high = low - abs(low) / 2 - 0.5, high + abs(high) / 2 + 0.5
    return ScalarMappable(Normalize(low, high), mpl.colormaps[SEQUENTIAL])


def _draw_tiles(
    axes: Axes, data: pd.DataFrame, colours: ScalarMappable, language: str, tile: float
) -> None:
    """Tiles of ``tile`` inches with their names, and with their figures if all of them fit."""
    decimals = decimals_for(data["value"])
    figures = ["" if np.isnan(v) else number_words(v, language, decimals) for v in data["value"]]
    names = [str(label).replace(" ", "\n") for label in data["label"]]
    size = fitting_size([line for name in names for line in name.split("\n")], 68 * tile, 7.0)
    small = fitting_size(figures, 68 * tile, 6.0)
    columns, rows, values = (data[c].to_numpy(dtype=float) for c in ("col", "row", "value"))
    for x, y, value, name, figure in zip(columns, rows, values, names, figures, strict=True):
        fill = to_rgba(tuple(colours.to_rgba(value)) if figure else PALE)
        square = Rectangle((x - 0.48, y - 0.48), 0.96, 0.96)
        square.set(facecolor=fill, edgecolor=GREY, linewidth=0.3)
        axes.add_artist(square)
        below = figure if small >= _SMALLEST else ""
        text = _write(axes, (x, y - (0.12 if below else 0.0)), name, size, ink_on(fill))
        if not figure:
            square.set_hatch(HATCH)
            text.set_bbox({"facecolor": PALE, "edgecolor": "none", "pad": 0.8})
        _write(axes, (x, y + 0.28), below, small, ink_on(fill))


def _write(axes: Axes, at: tuple[float, float], text: str, size: float, ink: str) -> Text:
    return axes.text(*at, text, size=size, color=ink, ha="center", va="center", linespacing=1.0)


def _explain(figure: Sheet, data: pd.DataFrame, language: str) -> None:
    """Legend of what the colours do not show."""
    handles = []
    for key, left_out in (("no figure", data["value"].isna()), ("no tile", data["row"].isna())):
        names = list(data.loc[left_out, "name"])
        if names:
            few = names if len(names) <= 4 else [words("regions", language, n=len(names))]
            text = words(key, language, which=joined(few, language))
            handles.append(Patch(label=text, facecolor="none", linewidth=0.0))
            if key == "no figure":
                handles[-1].set(facecolor=PALE, edgecolor=GREY, hatch=HATCH)
    if handles:
        figure.legend(handles=handles, loc="outside lower center")


def _alt(data: pd.DataFrame, what: str, language: str) -> str:
    ranked = data.dropna(subset="value").sort_values("value")
    decimals = decimals_for(ranked["value"])
    low, high = (number_words(ranked["value"].iloc[i], language, decimals) for i in (0, -1))
    lowest, highest = (ranked["name"].iloc[i] for i in (0, -1))
    return words(
        "alt map",
        language,
        what=what,
        n=len(ranked),
        low=low,
        lowest=lowest,
        high=high,
        highest=highest,
    )
