"""Which regions and years have figures: the picture to draw before the first regression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure as Sheet
from matplotlib.patches import Patch, Rectangle

from panel.core.frame import PanelFrame
from panel.core.verb import as_frame
from panel.errors import FigureError
from panel.figures.figure import Figure, finished
from panel.figures.style import GREY, HATCH, SEQUENTIAL, WIDTH, print_style, sheet
from panel.figures.tiles import region_words
from panel.figures.wording import NumberTicks, checked_language, joined, words

_FEW = 6  # so many different counts have an entry each in the legend; more have a colour bar


def statusplot(
    frame: PanelFrame | pd.DataFrame,
    variables: Sequence[str] | None = None,
    *,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Regions by years: how many of the variables have a figure, or that there is no row.

    Parameters
    ----------
    frame : the panel, or a DataFrame with a (unit, time) index.
    variables : judged by these; by every variable of the frame if left out.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data are indexed by region, one column a year: the share of the variables that
    have a figure, missing where there is no row.

    Raises
    ------
    UnknownVariableError : no such variable.
    FigureError : a frame without rows, or without variables.

    Source: the status plot of Mou, Liu and Xu (2023), "Panel Data Visualization in R (panelView)
    and Stata (panelview)", Journal of Statistical Software 107(7).
    """
    checked_language(language)
    frame = as_frame(frame)
    named = [variables] if isinstance(variables, str) else variables
    chosen = frame if named is None else frame.select(named)
    if not len(frame) or not chosen.names:
        what = "rows" if chosen.names else "variables"
        raise FigureError(
            f"The frame {frame.name!r} has no {what}.", variable="frame", remedy="pass some."
        )
    counts = chosen.table.notna().sum(axis=1)
    there = counts.unstack().reindex(list(frame.units))  # noqa: PD010 - a Series has no pivot_table
    data = there / len(chosen.names)
    rows, columns = data.shape
    with print_style():
        height = min(0.16, 8.8 / rows)  # inches: the whole picture fits on a page
        figure, axes = sheet(min(WIDTH, 1.9 + 0.32 * columns), 0.9 + height * rows)
        colours = _colours(data)
        _draw(axes, data, colours)
        step = max(1, int(np.ceil(columns / 12)))
        axes.set_xticks(range(0, columns, step), [str(t) for t in data.columns[::step]])
        axes.set_yticks(range(rows), [region_words(frame, u, language) for u in data.index])
        axes.tick_params(axis="x", length=0, labelsize=6.5)
        axes.tick_params(axis="y", length=0, labelsize=min(6.5, 0.8 * 72 * height))
        axes.spines[:].set_visible(False)
        _explain(figure, axes, there, len(chosen.names), colours, language)
        if title is not None:
            axes.set_title(title)
        return finished(figure, data, _alt(data, _what(chosen, language), language))


def _colours(data: pd.DataFrame) -> ScalarMappable:
    """Pale where the least is there, dark where all is."""
    low = min(float(np.nanmin(data.to_numpy())), 0.999)
    shades = LinearSegmentedColormap.from_list(
        "", mpl.colormaps[SEQUENTIAL](np.linspace(0.12, 0.8))
    )
    return ScalarMappable(Normalize(low, 1.0), shades)


def _draw(axes: Axes, data: pd.DataFrame, colours: ScalarMappable) -> None:
    for (i, j), share in np.ndenumerate(data.to_numpy()):
        cell = Rectangle((j - 0.5, i - 0.5), 1, 1, edgecolor="#ffffff", linewidth=0.6)
        cell.set(**_look(share, colours))
        axes.add_artist(cell)
    rows, columns = data.shape
    axes.set_xlim(-0.5, columns - 0.5)
    axes.set_ylim(rows - 0.5, -0.5)


def _look(share: float, colours: ScalarMappable) -> dict[str, Any]:
    """Fill of a cell; what is missing altogether has no colour, and a hatch if the row is there."""
    if np.isnan(share):
        return {"facecolor": "#ffffff"}
    if share == 0.0:
        return {"facecolor": "#ffffff", "edgecolor": GREY, "linewidth": 0.3, "hatch": HATCH}
    return {"facecolor": tuple(colours.to_rgba(np.asarray(share)))}


def _explain(
    figure: Sheet, axes: Axes, there: pd.DataFrame, k: int, colours: ScalarMappable, language: str
) -> None:
    """Legend of the counts that occur, or a colour bar where they are many."""
    found = there.to_numpy()
    counts = sorted({int(n) for n in found[np.isfinite(found)]}, reverse=True)
    shown: list[tuple[str, float]] = []
    if len(counts) <= _FEW:
        shown = [(words("n of k", language, n=n, k=k), n / k) for n in counts]
        if counts[-1] == 0:
            shown[-1] = (words("nothing", language), 0.0)
        if counts[0] == k:
            shown[0] = (words("complete", language), 1.0)
    else:
        bar = figure.colorbar(colours, ax=axes, location="bottom", shrink=0.8, aspect=32, pad=0.02)
        bar.set_label(words("share there", language, k=k))
        bar.ax.xaxis.set_major_formatter(NumberTicks(language))
        bar.outline.set(linewidth=0.3, edgecolor=GREY)
    if bool(there.isna().to_numpy().any()):
        shown.append((words("no row", language), np.nan))
    edge: dict[str, Any] = {"edgecolor": GREY, "linewidth": 0.3}
    handles = [Patch(label=s, **(edge | _look(share, colours))) for s, share in shown]
    if handles:
        widest = max(len(s) for s, _ in shown) > 16 and figure.get_figwidth() < WIDTH
        figure.legend(handles=handles, loc="outside lower center", ncols=2 if widest else 3)


def _what(chosen: PanelFrame, language: str) -> str:
    if len(chosen.names) > 6:
        return words("variables", language, n=len(chosen.names))
    return joined([chosen.label(n, language) for n in chosen.names], language)


def _alt(data: pd.DataFrame, what: str, language: str) -> str:
    shares = data.to_numpy()
    return words(
        "alt status",
        language,
        what=what,
        first=data.columns[0],
        last=data.columns[-1],
        complete=int((shares == 1).sum()),
        partly=int((shares < 1).sum()),
        none=int(np.isnan(shares).sum()),
    )
