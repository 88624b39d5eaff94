"""A variable over the years: mean of the regions, their spread, and single regions."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from panel.core.column import LANGUAGES
from panel.core.expressed import expressed
from panel.core.frame import PanelFrame
from panel.core.labels import value_label
from panel.core.verb import as_frame
from panel.errors import FigureError, NotNumericError, UnknownRegionError, suggest
from panel.figures.figure import Figure, finished
from panel.figures.style import (
    COLOURS,
    LINES,
    WIDTH,
    legend_below,
    look,
    print_style,
    sheet,
)
from panel.figures.tiles import region_words
from panel.figures.wording import (
    NumberTicks,
    decimals_for,
    number_words,
    variable_words,
    words,
    wrapped,
)

Band = Literal["quartiles", "range"]


def trendplot(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    *,
    by: str | None = None,
    highlight: Hashable | Sequence[Hashable] = (),
    band: Band | None = "quartiles",
    labels: Mapping[Any, str] | None = None,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Mean over the regions by year, with a band for their spread.

    Every region counts the same, whatever its size. A year without figures breaks the line.

    Parameters
    ----------
    frame : the panel, or a DataFrame with a (unit, time) index.
    variable : what to draw, a name or an expression ("log(gdp)"); label and unit come from
        the frame.
    by : a variable of the frame that groups the regions ("zone"): one line a group.
    highlight : region, or regions, drawn as lines of their own: by key, or by name in a column
        name_en, name_zh or name_ru of the frame.
    band : "quartiles" (25th to 75th percentile of the regions, linearly interpolated), "range"
        (minimum to maximum) or None; said in the legend.
    labels : names of groups and regions in the legend, where theirs will not do.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data have the columns series, time, value, low, high, regions.

    Raises
    ------
    UnknownVariableError : no such variable or grouping.
    UnknownRegionError : a region to highlight that the frame does not have.
    NotNumericError, FigureError : text instead of numbers; no figure at all; an unknown band.
    """
    frame = expressed(as_frame(frame), [variable])
    what = variable_words(frame, variable, language)
    values = numbers_of(frame, variable)
    if band not in ("quartiles", "range", None):
        raise FigureError(
            f"There is no band {band!r}.",
            variable="band",
            value=band,
            remedy=suggest(str(band), ("quartiles", "range")) + " None draws no band.",
        )
    names = dict(labels or {})
    lines = _means(frame, values, by, band, names, language)
    lines += [_single(frame, values, unit, names, language) for unit in _units(frame, highlight)]
    with print_style():
        figure, axes = sheet(WIDTH, 3.6)
        for position, line in enumerate(lines):
            _draw(axes, line, position)
        if band is not None:
            _explain_band(axes, words(band, language))
        axes.set_ylabel(wrapped(what, 36))
        axes.yaxis.set_major_formatter(NumberTicks(language))
        if not isinstance(frame.times[0], pd.Period):
            axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        if title is not None:
            axes.set_title(title)
        legend_below(figure, axes)
        data = pd.concat(lines, ignore_index=True)
        return finished(figure, data, _alt(data, what, language))


def numbers_of(frame: PanelFrame, variable: str) -> pd.Series:
    """The variable as floats, at least one of them there."""
    values = frame[variable]
    if not pd.api.types.is_numeric_dtype(values.dtype):
        raise NotNumericError(
            f"{variable!r} is text; a line needs numbers.",
            variable=variable,
            remedy="use it with by= to group the regions.",
        )
    values = values.astype(float)
    if not np.isfinite(values).any():
        raise FigureError(
            f"{variable!r} has no figure in any region and year.",
            variable=variable,
            remedy="see frame.report() for what is missing.",
        )
    return values


def _means(
    frame: PanelFrame,
    values: pd.Series,
    by: str | None,
    band: Band | None,
    names: dict[Any, str],
    language: str,
) -> list[pd.DataFrame]:
    """One table a group: mean, band and number of regions by year."""
    there = values[np.isfinite(values)]
    if by is None:
        return [_summary(frame, there, band, lambda n: words("mean", language, n=n))]
    groups = frame[by].reindex(there.index)

    def called(group: Any) -> str:
        return names.get(group) or value_label(group, by, frame, language)

    return [
        _summary(
            frame,
            part,
            band,
            lambda n, g=group: words("group", language, group=called(g), n=n),
        )
        for group, part in _parts(there, groups, words("no group", language))
    ]


def _parts(there: pd.Series, groups: pd.Series, none: str) -> list[tuple[Any, pd.Series]]:
    """The figures of each group; those of no group, if any, come last and under that name."""
    found: list[tuple[Any, pd.Series]] = list(there.groupby(groups, sort=True))
    lost = there[groups.isna()]
    return found if lost.empty else [*found, (none, lost)]


def _summary(frame: PanelFrame, values: pd.Series, band: Band | None, name: Any) -> pd.DataFrame:
    yearly = values.groupby(level=1)
    low, high = {
        "quartiles": (yearly.quantile(0.25), yearly.quantile(0.75)),
        "range": (yearly.min(), yearly.max()),
        None: (np.nan, np.nan),
    }[band]
    table = pd.DataFrame(
        {"value": yearly.mean(), "low": low, "high": high, "regions": yearly.size()}
    )
    fewest, most = int(table["regions"].min()), int(table["regions"].max())
    counted = str(most) if fewest == most else f"{fewest}–{most}"
    return _line(frame, table, name(counted))


def _units(frame: PanelFrame, highlight: Hashable | Sequence[Hashable]) -> list[Hashable]:
    """The regions to highlight, by key."""
    given = highlight if isinstance(highlight, Sequence) else (highlight,)
    keys: dict[Hashable, Hashable] = {}
    for column in (f"name_{language}" for language in LANGUAGES):
        if column in frame:
            keys |= dict(zip(frame[column], frame[column].index.get_level_values(0), strict=True))
    keys |= {unit: unit for unit in frame.units}
    units = []
    for unit in (highlight,) if isinstance(highlight, str) else given:
        if unit not in keys:
            raise UnknownRegionError(
                f"{unit!r} is not among the regions of {frame.name!r}.",
                variable=frame.unit,
                value=unit,
                remedy=suggest(str(unit), map(str, keys)),
            )
        units.append(keys[unit])
    return units


def _single(
    frame: PanelFrame,
    values: pd.Series,
    unit: Hashable,
    names: dict[Any, str],
    language: str,
) -> pd.DataFrame:
    own = values.xs(unit, level=0)
    if not np.isfinite(own).any():
        raise FigureError(
            f"{values.name!r} has no figure of {unit!r} in any year.",
            variable=str(values.name),
            value=unit,
            remedy="leave it out of highlight.",
        )
    table = pd.DataFrame({"value": own, "low": np.nan, "high": np.nan, "regions": 1})
    return _line(frame, table, names.get(unit, region_words(frame, unit, language)))


def by_calendar(frame: PanelFrame, table: pd.DataFrame) -> pd.DataFrame:
    """A row for every year between the first and the last, so that gaps show as gaps."""
    times = frame.times
    every: pd.Index = (
        pd.period_range(times[0], times[-1])
        if isinstance(times[0], pd.Period)
        else pd.RangeIndex(times[0], times[-1] + 1)
    )
    return table.reindex(every).rename_axis("time").reset_index()


def _line(frame: PanelFrame, table: pd.DataFrame, series: str) -> pd.DataFrame:
    table = by_calendar(frame, table)
    table["regions"] = table["regions"].fillna(0).astype(int)
    return table.assign(series=series)[["series", "time", "value", "low", "high", "regions"]]


def _draw(axes: Axes, line: pd.DataFrame, position: int) -> None:
    """One line with marks of its own, hollow where colours come round again, and its band."""
    colour, marker, _ = look(position)
    face = colour if position < len(COLOURS) else "#ffffff"
    time = line["time"]
    x = time.dt.to_timestamp() if isinstance(time.dtype, pd.PeriodDtype) else time
    axes.plot(
        x, line["value"], color=colour, linestyle=LINES[position % len(LINES)], marker=marker,
        markerfacecolor=face, markersize=4 if len(line) <= 40 else 0, label=line["series"].iloc[0],
    )  # fmt: skip
    if line["low"].notna().any():
        axes.fill_between(x, line["low"], line["high"], color=colour, alpha=0.16, linewidth=0.0)


def _explain_band(axes: Axes, text: str) -> None:
    """A grey entry of the legend: the bands have the colours of their lines."""
    axes.fill_between([], [], [], color="#000000", alpha=0.16, linewidth=0.0, label=text)


def _alt(data: pd.DataFrame, what: str, language: str) -> str:
    lines = []
    decimals = decimals_for(data["value"])
    for series, line in data.dropna(subset="value").groupby("series", sort=False):
        start, end = (number_words(line["value"].iloc[i], language, decimals) for i in (0, -1))
        lines.append(words("alt line", language, series=series, start=start, end=end))
    first, last = data["time"].iloc[0], data["time"].iloc[-1]
    return words("alt trend", language, what=what, first=first, last=last, lines="; ".join(lines))
