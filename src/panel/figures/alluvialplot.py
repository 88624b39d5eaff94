"""Structure over the years: shares of a whole as streams."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba

from panel.core.frame import PanelFrame
from panel.core.verb import as_frame
from panel.errors import FigureError, NotNumericError, UnknownRegionError, suggest
from panel.figures.figure import Figure, finished
from panel.figures.style import COLOURS, WIDTH, ink_on, legend_below, print_style, sheet
from panel.figures.tiles import region_words
from panel.figures.wording import checked_language, joined, number_words, words

# Blue and black, the darkest, have none; the others differ in print by theirs.
_HATCHES = ("", "///", "...", "\\\\\\", "xxx", "|||", "")
_BAR = 0.16  # half of a bar, in steps from one year to the next
_LEAST = 0.045  # share that has room for its number


def alluvialplot(
    frame: PanelFrame | pd.DataFrame,
    parts: Sequence[str],
    *,
    years: Sequence[Any] | None = None,
    region: Hashable | None = None,
    labels: Mapping[str, str] | None = None,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Shares of the parts of a whole in several years, joined by streams, the largest at the top.

    Streams join the same part in two years; they are no flows from one part to another.

    Parameters
    ----------
    frame : the panel, or a DataFrame with a (unit, time) index.
    parts : two to seven variables that add up to the whole.
    years : which years; the first, the last, and some between if left out.
    region : one region; if left out the sum over the regions that have all parts in all years
        shown, and their number is told.
    labels : text by part, where the frame's will not do.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data have time, part, value, share, regions.

    Raises
    ------
    UnknownVariableError, UnknownRegionError : no such part or region.
    NotNumericError, FigureError : parts of text, in several units, too few or too many, missing or
        negative; a year that the frame does not have.
    """
    checked_language(language)
    frame = as_frame(frame)
    names = _checked(frame, parts)
    times = _times(frame, years)
    data = _shares(frame, names, times, region)
    said = labels or {}
    shown = {n: said.get(n) or frame.label(n, language) for n in names}
    with print_style():
        figure, axes = sheet(WIDTH, 3.8)
        _draw(axes, data, names, times, shown, language)
        axes.set_xticks(range(len(times)), [str(t) for t in times])
        axes.set_yticks([])
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        axes.set_xlim(-_BAR - 0.02, len(times) - 1 + _BAR + 0.02)
        where = (
            region_words(frame, region, language)
            if region is not None
            else words("regions", language, n=int(data["regions"].iloc[0]))
        )
        axes.set_xlabel(words("shares of", language, where=where))
        if title is not None:
            axes.set_title(title)
        legend_below(figure, axes)
        return finished(figure, data, _alt(data, shown, times, where, language))


def _checked(frame: PanelFrame, parts: Sequence[str]) -> list[str]:
    names = list(dict.fromkeys(parts))
    if isinstance(parts, str) or not 2 <= len(names) <= len(COLOURS):
        raise FigureError(
            f"A whole has 2 to {len(COLOURS)} parts here.", variable="parts", value=parts,
            remedy='name them: ["industry_va", "tertiary_va"]; add small ones up.',
        )  # fmt: skip
    for name in names:
        if not pd.api.types.is_numeric_dtype(frame[name].dtype):
            raise NotNumericError(f"{name!r} is text; shares need numbers.", variable=name)
    units = {frame.columns[n].unit for n in names} - {""}
    if len(units) > 1:
        raise FigureError(
            f"The parts are in several units: {joined(sorted(units), 'en')}.", variable="parts",
            value=sorted(units), remedy="bring them to one unit.",
        )  # fmt: skip
    return names


def _times(frame: PanelFrame, years: Sequence[Any] | None) -> list[Any]:
    if years is None:
        every = list(frame.times)
        at = np.unique(np.linspace(0, len(every) - 1, min(len(every), 5)).round().astype(int))
        years = [every[i] for i in at]
    for year in years:
        if year not in frame.times:
            raise FigureError(
                f"The frame {frame.name!r} has no {frame.time} {year!r}.", variable="years",
                value=year, remedy=f"it has: {', '.join(map(str, frame.times))}.",
            )  # fmt: skip
    if len(set(years)) < 2:
        raise FigureError(
            "A change of structure needs two years or more.", variable="years", value=years,
            remedy="give the first and the last.",
        )  # fmt: skip
    return sorted(set(years))


def _shares(
    frame: PanelFrame, names: list[str], times: list[Any], region: Hashable | None
) -> pd.DataFrame:
    table = frame.table[names].astype(float)
    table = table[table.index.get_level_values(1).isin(times)]
    if region is not None:
        if region not in frame.units:
            raise UnknownRegionError(
                f"{region!r} is not among the regions of {frame.name!r}.", variable=frame.unit,
                value=region, remedy=suggest(str(region), map(str, frame.units)),
            )  # fmt: skip
        table = table[table.index.get_level_values(0) == region]
    whole = table[np.isfinite(table).all(axis=1)]
    units = whole.index.get_level_values(0)
    counts = units.value_counts()
    full = whole[units.isin(counts.index[counts == len(times)])]
    if full.empty or bool((full < 0).to_numpy().any()):
        why = "a negative part" if len(full) else "all parts in all of these years"
        raise FigureError(
            f"{'There is' if len(full) else 'No region has'} {why}.", variable="parts",
            value=names, remedy="choose other years, or parts that are never negative.",
        )  # fmt: skip
    sums = full.groupby(level=1).sum()
    data = sums.rename_axis("time").reset_index().melt("time", var_name="part")
    data["share"] = data["value"] / data.groupby("time")["value"].transform("sum")
    data["regions"] = full.index.get_level_values(0).nunique()
    return data.sort_values(["time", "part"], ignore_index=True)


def _draw(
    axes: Axes, data: pd.DataFrame, names: list[str], times: list[Any], shown: Mapping[str, str],
    language: str,
) -> None:  # fmt: skip
    tops = {t: _stacked(own.set_index("part")["share"]) for t, own in data.groupby("time")}
    curve = np.linspace(0, 1, 30)
    smooth = curve**2 * (3 - 2 * curve)
    for k, name in enumerate(names):
        colour, hatch = COLOURS[k], _HATCHES[k]
        for i, time in enumerate(times):
            low, high = tops[time][name]
            axes.fill_between([i - _BAR, i + _BAR], low, high, facecolor=colour, hatch=hatch,
                              edgecolor="#ffffff", linewidth=0.8,
                              label=shown[name] if i == 0 else None)  # fmt: skip
            if high - low >= _LEAST:
                text = number_words(100 * (high - low), language, 1)
                axes.text(i, (low + high) / 2, text, ha="center", va="center", size=6.5,
                          color=ink_on(to_rgba(colour)),
                          bbox={"facecolor": colour, "edgecolor": "none", "pad": 0.6})  # fmt: skip
            if i:
                before = tops[times[i - 1]][name]
                x = i - 1 + _BAR + curve * (1 - 2 * _BAR)
                floor, roof = (
                    a + smooth * (b - a) for a, b in zip(before, tops[time][name], strict=True)
                )
                axes.fill_between(x, floor, roof, color=colour, alpha=0.35, linewidth=0)


def _stacked(shares: pd.Series) -> dict[str, tuple[float, float]]:
    """Lower and upper end of each part, the largest at the top."""
    found, level = {}, 0.0
    for part, share in shares.sort_values(kind="stable").items():
        found[str(part)] = (level, level + float(share))
        level += float(share)
    return found


def _alt(
    data: pd.DataFrame, shown: Mapping[str, str], times: list[Any], where: str, language: str
) -> str:
    wide = data.set_index(["part", "time"])["share"]
    lines = [
        words(
            "alt line", language, series=text,
            start=number_words(100 * wide[name, times[0]], language, 1) + "%",
            end=number_words(100 * wide[name, times[-1]], language, 1) + "%",
        )
        for name, text in shown.items()
    ]  # fmt: skip
    return words(
        "alt structure", language, where=where, first=times[0], last=times[-1],
        lines="; ".join(lines),
    )  # fmt: skip
