"""Moran scatter plot: regions against their neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from panel.core.frame import PanelFrame
from panel.core.spatial_weights import SpatialWeights, matrix_weights
from panel.core.verb import as_frame
from panel.errors import FigureError
from panel.figures.figure import Figure, finished
from panel.figures.maps import of_year
from panel.figures.pointlabels import label_points
from panel.figures.style import COLOURS, GREY, print_style, sheet
from panel.figures.tiles import region_words
from panel.figures.wording import NumberTicks, checked_language, number_words, words, wrapped
from panel.kernels.spatial import moran

_FEWEST = 4
_PLACES = {"HH": (0.98, 0.98), "LH": (0.02, 0.98), "LL": (0.02, 0.02), "HL": (0.98, 0.02)}


def moranplot(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    weights: SpatialWeights | pd.DataFrame,
    year: Any,
    *,
    named: int = 40,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Standardised values against the weighted values of their neighbours, in one year.

    With rows of the weights adding up to one, as ``panel.contiguity`` gives them, the slope of the
    line is Moran's I.

    Parameters
    ----------
    frame : the panel, or a DataFrame with a (unit, time) index.
    variable, year : what to draw.
    weights : of the regions as the frame names them; regions without a figure are left out and the
        others standardised anew.
    named : how many regions to name, the farthest from the middle first, as far as there is room.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data, by region, have z (deviation from the mean in standard deviations), lag (of
    the neighbours' z) and quadrant (HH, LH, LL, HL).

    Raises
    ------
    UnknownVariableError, NotNumericError : no such variable, or one of text.
    UnknownRegionError, DataError : a region without weights, or without a neighbour.
    FigureError : a year that the frame does not have, fewer than four regions, or no variation.

    References
    ----------
    Anselin (1996), in Fischer, Scholten and Unwin (eds), Spatial Analytical Perspectives on GIS.
    """
    checked_language(language)
    frame = as_frame(frame)
    values = of_year(frame, variable, year)
    if len(values) < _FEWEST or np.ptp(values.to_numpy()) == 0:
        raise FigureError(
            f"{variable!r} has {len(values)} figures in {year}; a scatter needs {_FEWEST} that "
            "vary.",
            variable=variable, value=year, remedy="choose another year.",
        )  # fmt: skip
    given = weights if isinstance(weights, SpatialWeights) else matrix_weights(weights)
    own = given.select(values.index)
    data = _table(values, own)
    value = moran(values.to_numpy(), own.matrix).value
    what = words("in year", language, what=frame.label(variable, language), year=year)
    with print_style():
        figure, axes = sheet(4.6, 4.4)
        _draw(axes, data, words("moran", language, i=number_words(value, language, 3)))
        axes.set_xlabel(wrapped(words("deviations", language, what=what), 52))
        axes.set_ylabel(words("neighbours", language))
        axes.xaxis.set_major_formatter(NumberTicks(language))
        axes.yaxis.set_major_formatter(NumberTicks(language))
        if title is not None:
            axes.set_title(title)
        figure.legend(loc="outside lower center")
        far = (data[["z", "lag"]] ** 2).sum(axis=1).sort_values(ascending=False).index[:named]
        names = {unit: region_words(frame, unit, language) for unit in far}
        label_points(figure, axes, data[["z", "lag"]], names)
        return finished(figure, data, _alt(data, what, value, language))


def _table(values: pd.Series, weights: SpatialWeights) -> pd.DataFrame:
    z = (values - values.mean()) / values.std(ddof=0)
    lag = weights.matrix @ z.to_numpy()
    letters = np.array(["L", "H"])
    quadrant = np.char.add(letters[(z > 0).to_numpy(int)], letters[(lag > 0).astype(int)])
    return pd.DataFrame({"z": z, "lag": lag, "quadrant": quadrant})


def _draw(axes: Axes, data: pd.DataFrame, label: str) -> None:
    axes.axhline(0.0, color=GREY, linewidth=0.6, zorder=0)
    axes.axvline(0.0, color=GREY, linewidth=0.6, zorder=0)
    axes.scatter(data["z"], data["lag"], s=12, color=COLOURS[0], linewidths=0)
    z, lag = data["z"].to_numpy(), data["lag"].to_numpy()
    slope, level = float(z @ lag) / float(z @ z), float(lag.mean())
    ends = np.array([z.min(), z.max()])
    axes.plot(ends, level + slope * ends, color=COLOURS[1], label=label)
    axes.margins(0.12)
    for name, (x, y) in _PLACES.items():
        ha, va = "right" if x > 0.5 else "left", "top" if y > 0.5 else "bottom"
        axes.text(x, y, name, transform=axes.transAxes, color=GREY, ha=ha, va=va)


def _alt(data: pd.DataFrame, what: str, value: float, language: str) -> str:
    counts = data["quadrant"].value_counts()
    shown = "; ".join(f"{q} {int(counts.get(q, 0))}" for q in _PLACES)
    return words(
        "alt moran", language, what=what, n=len(data), i=number_words(value, language, 3),
        counts=shown,
    )  # fmt: skip
