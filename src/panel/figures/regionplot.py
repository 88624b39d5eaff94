"""Small multiples: one small picture a region."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from panel.core.expressed import expressed
from panel.core.frame import PanelFrame
from panel.core.verb import as_frame
from panel.errors import FigureError, UnknownRegionError, suggest
from panel.figures.figure import Figure, finished
from panel.figures.style import COLOURS, GREY, WIDTH, fitting_size, print_style, sheets
from panel.figures.tiles import region_words
from panel.figures.trendplot import by_calendar, numbers_of
from panel.figures.wording import (
    NumberTicks,
    checked_language,
    decimals_for,
    number_words,
    variable_words,
    words,
    wrapped,
)

Order = Literal["name", "level", "change"]

_COLUMNS = {12: 4, 20: 5, 36: 6, 63: 7}  # by the most regions
_MOST = 100
_SMALLEST = 5.0  # points: smaller names cannot be read in print


def regionplot(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    *,
    regions: Sequence[Hashable] | None = None,
    order: Order = "name",
    common: bool = True,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """A variable over the years, a panel a region, with the mean of all in grey.

    Parameters
    ----------
    frame : the panel, or a DataFrame with a (unit, time) index.
    variable : what to draw, a name or an expression ("log(gdp)"); label and unit come from
        the frame.
    regions : which, in that order; all that have a figure if left out.
    order : of regions that are not given: "name", "level" (latest figure, largest first) or
        "change" (last less first figure).
    common : one vertical scale for all, which compares levels; False gives every region its own,
        which shows the course of small ones, without the mean.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data have region, name, time, value, mean (over all regions of the frame).

    Raises
    ------
    UnknownVariableError, UnknownRegionError : no such variable or region.
    NotNumericError, FigureError : text instead of numbers; no figure at all; another order; more
        than 100 regions.
    """
    checked_language(language)
    frame = expressed(as_frame(frame), [variable])
    what = variable_words(frame, variable, language)
    values = numbers_of(frame, variable)
    values = values[np.isfinite(values)]
    units = _ordered(frame, values, regions, order)
    mean = values.groupby(level=1).mean()
    data = pd.concat(
        [_line(frame, values, unit, mean, language) for unit in units], ignore_index=True
    )
    with print_style():
        columns = next((c for most, c in _COLUMNS.items() if len(units) <= most), 8)
        columns = min(columns, len(units))
        rows = -(-len(units) // columns)
        height = 0.7 + min(1.05, 8.4 / rows) * rows
        figure, axes = sheets(WIDTH, height, rows, columns, sharex=True, sharey=common)
        for panel, (_, own) in zip(axes, data.groupby("region", sort=False), strict=False):
            _draw(panel, own, common)
            if not common:
                _note_last(panel, own["value"], language)
        _name(axes, list(dict.fromkeys(data["name"])), (72 * WIDTH - 55) / columns)
        _finish(axes, len(units), columns, language)
        note = words("grey mean" if common else "own scales", language)
        figure.supxlabel(note, size=7.5)
        across = int(72 * height / (0.66 * 8.0))  # letters that fit along the side
        figure.supylabel(wrapped(what, min(60, across)), size=8.0)
        if title is not None:
            figure.suptitle(title)
        return finished(figure, data, _alt(data, what, language))


def _ordered(
    frame: PanelFrame, values: pd.Series, regions: Sequence[Hashable] | None, order: str
) -> list[Hashable]:
    if order not in get_args(Order):
        raise FigureError(
            f"Regions have no order {order!r}.", variable="order", value=order,
            remedy=suggest(str(order), get_args(Order)),
        )  # fmt: skip
    there = list(values.index.get_level_values(0).unique())
    if regions is not None:
        units = list(dict.fromkeys([regions] if isinstance(regions, str) else regions))
        for unit in units:
            if unit not in there:
                raise UnknownRegionError(
                    f"{unit!r} has no figure of {values.name!r}.", variable=frame.unit, value=unit,
                    remedy=suggest(str(unit), map(str, there)),
                )  # fmt: skip
    else:
        last = values.groupby(level=0).last()
        key = {"name": None, "level": last, "change": last - values.groupby(level=0).first()}[order]
        units = (
            there if key is None else list(key.sort_values(ascending=False, kind="stable").index)
        )
    if not 1 <= len(units) <= _MOST:
        raise FigureError(
            f"{len(units)} regions do not fit on a page.", variable="regions", value=len(units),
            remedy=f"choose 1 to {_MOST}: regions=.",
        )  # fmt: skip
    return units


def _line(
    frame: PanelFrame, values: pd.Series, unit: Hashable, mean: pd.Series, language: str
) -> pd.DataFrame:
    own = pd.DataFrame({"value": values.xs(unit, level=0)}).reindex(mean.index)
    own["mean"] = mean
    own = by_calendar(frame, own)
    own["region"] = pd.Series([unit] * len(own), index=own.index, dtype=object)
    own["name"] = region_words(frame, unit, language)
    return own[["region", "name", "time", "value", "mean"]]


def _draw(axes: Axes, own: pd.DataFrame, common: bool) -> None:
    time = own["time"]
    x = time.dt.to_timestamp() if isinstance(time.dtype, pd.PeriodDtype) else time
    if common:
        axes.plot(x, own["mean"], color=GREY, linewidth=0.7, alpha=0.7)
    axes.plot(x, own["value"], color=COLOURS[0], linewidth=1.2,
              marker="." if own["value"].notna().sum() == 1 else "")  # fmt: skip
    axes.tick_params(labelsize=5.5, length=1.5, pad=1.5)


def _note_last(axes: Axes, values: pd.Series, language: str) -> None:
    """The last figure, where the axis has no room for numbers."""
    last = float(values.dropna().iloc[-1])
    text = number_words(last, language, decimals_for([last]))
    axes.text(0.04, 0.97, text, transform=axes.transAxes, size=_SMALLEST, va="top", color=GREY)
    axes.set_yticks([])
    axes.margins(y=0.3)


def _name(axes: list[Axes], names: list[str], points: float) -> None:
    """Names above the panels, each so many points wide, on two lines where they are long."""
    width = int(points / (0.66 * _SMALLEST))
    lines = [wrapped(name, width) for name in names]
    words_of = [line for name in lines for line in name.split("\n")]
    size = max(_SMALLEST, fitting_size(words_of, 0.95 * points, 7.0))
    for panel, name in zip(axes, lines, strict=False):
        panel.set_title(name, size=size, loc="center", pad=2.0, linespacing=1.0)


def _finish(axes: list[Axes], used: int, columns: int, language: str) -> None:
    """Few ticks, years under the last panel of every column, and no empty axes."""
    for i, panel in enumerate(axes):
        panel.xaxis.set_major_locator(MaxNLocator(nbins=2, integer=True))
        if len(panel.get_yticks()):
            panel.yaxis.set_major_locator(MaxNLocator(nbins=3))
            panel.yaxis.set_major_formatter(NumberTicks(language))
        panel.set_visible(i < used)
        panel.tick_params(labelbottom=used - columns <= i < used)


def _alt(data: pd.DataFrame, what: str, language: str) -> str:
    there = data.dropna(subset="value").groupby("name", sort=False)["value"]
    change = (there.last() - there.first()).sort_values(kind="stable")
    decimals = decimals_for(change)
    return words(
        "alt multiples",
        language,
        what=what,
        n=len(change),
        first=data["time"].iloc[0],
        last=data["time"].iloc[-1],
        least=f"{change.index[0]} ({number_words(change.iloc[0], language, decimals)})",
        most=f"{change.index[-1]} ({number_words(change.iloc[-1], language, decimals)})",
    )
