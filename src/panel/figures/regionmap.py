"""One year of a variable on a tile-grid map."""

from __future__ import annotations

from collections.abc import Hashable
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

    Figures are also written on the tiles where they fit. Regions without a figure are hatched.
    Colours run from light to dark, or from blue to red around zero if there are values of both
    signs.

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
    Figure whose data are indexed by region with the columns row, col, label, value.

    Raises
    ------
    UnknownVariableError : no such variable.
    NotNumericError : a variable of text.
    FigureError : a year that the frame does not have, no figure in it, or a region of the frame
        without a tile.
    """
    frame = as_frame(frame)
    what = words("in year", language, what=variable_words(frame, variable, language), year=year)
    values = _of_year(frame, variable, year)
    grid = packaged_tiles(frame.units, language) if tiles is None else checked_tiles(tiles)
    _all_placed(values, grid)
    data = grid.assign(value=values.reindex(grid.index))
    with print_style():
        figure, axes, tile = _canvas(data)
        colours = _colours(data["value"])
        _draw_tiles(axes, data, colours, language, tile)
        bar = figure.colorbar(colours, ax=axes, location="bottom", shrink=0.7, aspect=32, pad=0.02)
        bar.set_label(wrapped(what, 70))
        bar.ax.xaxis.set_major_formatter(NumberTicks(language))
        bar.outline.set(linewidth=0.3, edgecolor=GREY)
        _explain_missing(figure, data, language)
        if title is not None:
            axes.set_title(title)
        return finished(figure, data, _alt(data, what, language))


def _of_year(frame: PanelFrame, variable: str, year: Any) -> pd.Series:
    """Figures by region of that year."""
    values = frame[variable]
    if not pd.api.types.is_numeric_dtype(values.dtype):
        raise NotNumericError(
            f"{variable!r} is text; the colours of a map need numbers.", variable=variable
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


def _all_placed(values: pd.Series, grid: pd.DataFrame) -> None:
    lost = [u for u in values.index if u not in grid.index]
    if lost:
        shown = ", ".join(map(repr, lost[:5])) + (", ..." if len(lost) > 5 else "")
        raise FigureError(
            f"{len(lost)} region(s) with a figure have no tile: {shown}.",
            variable="tiles",
            value=lost,
            remedy="leave them out with frame.rows(...), for instance the rows of a whole "
            "country, or pass tiles= with a place for them.",
        )


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
        axes.add_patch(square)
        below = figure if small >= _SMALLEST else ""
        text = _write(axes, (x, y - (0.12 if below else 0.0)), name, size, ink_on(fill))
        if not figure:
            square.set_hatch(HATCH)
            text.set_bbox({"facecolor": PALE, "edgecolor": "none", "pad": 0.8})
        _write(axes, (x, y + 0.28), below, small, ink_on(fill))


def _write(axes: Axes, at: tuple[float, float], text: str, size: float, ink: str) -> Text:
    return axes.text(*at, text, size=size, color=ink, ha="center", va="center", linespacing=1.0)


def _explain_missing(figure: Sheet, data: pd.DataFrame, language: str) -> None:
    lost: list[Hashable] = list(data.index[data["value"].isna()])
    if not lost:
        return
    names = joined([region_words(u, language) for u in lost], language)
    text = (
        words("no figure names", language, names=names)
        if len(lost) <= 4
        else words("no figure count", language, n=len(lost))
    )
    patch = Patch(facecolor=PALE, edgecolor=GREY, hatch=HATCH, linewidth=0.0, label=text)
    figure.legend(handles=[patch], loc="outside lower center")


def _alt(data: pd.DataFrame, what: str, language: str) -> str:
    values = data["value"].dropna()
    decimals = decimals_for(values)
    return words(
        "alt map",
        language,
        what=what,
        n=len(values),
        low=number_words(values.min(), language, decimals),
        lowest=region_words(values.idxmin(), language),
        high=number_words(values.max(), language, decimals),
        highest=region_words(values.idxmax(), language),
    )
