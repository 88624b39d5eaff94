"""Which regions and years have figures: the picture to draw before the first regression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from panel.core.frame import PanelFrame
from panel.core.verb import as_frame
from panel.errors import FigureError
from panel.figures.figure import Figure, finished
from panel.figures.style import COLOURS, HATCH, PALE, WIDTH, print_style, sheet
from panel.figures.tiles import region_words
from panel.figures.wording import checked_language, joined, words

# Blue, orange and pale grey differ in lightness too; the hatch tells the middle one apart in print.
_LOOKS: dict[str, dict[str, Any]] = {
    "complete": {"facecolor": COLOURS[0]},
    "partly missing": {"facecolor": COLOURS[4], "hatch": HATCH},
    "no row": {"facecolor": PALE},
}


def statusplot(
    frame: PanelFrame | pd.DataFrame,
    variables: Sequence[str] | None = None,
    *,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Regions by years: complete, partly missing, or no row at all.

    Parameters
    ----------
    frame : the panel, or a DataFrame with a (unit, time) index.
    variables : judged by these; by every variable of the frame if left out.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data are indexed by region, one column a year, with the status as text.

    Raises
    ------
    UnknownVariableError : no such variable.
    FigureError : a frame without rows.

    Source: the status plot of Mou, Liu and Xu (2023), "Panel Data Visualization in R (panelView)
    and Stata (panelview)", Journal of Statistical Software 107(7).
    """
    checked_language(language)
    frame = as_frame(frame)
    chosen = frame if variables is None else frame.select(variables)
    if not len(frame):
        raise FigureError(
            f"The frame {frame.name!r} has no rows.", variable="frame", remedy="pass some rows."
        )
    data = chosen.report().status
    rows, columns = data.shape
    with print_style():
        height = min(0.16, 8.8 / rows)  # inches: the whole picture fits on a page
        figure, axes = sheet(min(WIDTH, 1.9 + 0.32 * columns), 0.9 + height * rows)
        _draw(axes, data)
        step = max(1, int(np.ceil(columns / 12)))
        axes.set_xticks(range(0, columns, step), [str(t) for t in data.columns[::step]])
        axes.set_yticks(range(rows), [region_words(frame, u, language) for u in data.index])
        axes.tick_params(axis="x", length=0, labelsize=6.5)
        axes.tick_params(axis="y", length=0, labelsize=min(6.5, 0.8 * 72 * height))
        for spine in axes.spines.values():
            spine.set_visible(False)
        figure.legend(
            handles=[
                Patch(label=words(s, language), edgecolor="#ffffff", **_LOOKS[s])
                for s in _LOOKS
                if (data == s).to_numpy().any()
            ],
            loc="outside lower center",
            ncols=3,
        )
        if title is not None:
            axes.set_title(title)
        what = joined([chosen.label(n, language) for n in chosen.names], language)
        return finished(figure, data, _alt(data, what, language))


def _draw(axes: Axes, data: pd.DataFrame) -> None:
    for i, (_, row) in enumerate(data.iterrows()):
        for j, status in enumerate(row):
            axes.add_artist(
                Rectangle((j - 0.5, i - 0.5), 1, 1, edgecolor="#ffffff", **_LOOKS[status])
            )
    rows, columns = data.shape
    axes.set_xlim(-0.5, columns - 0.5)
    axes.set_ylim(rows - 0.5, -0.5)


def _alt(data: pd.DataFrame, what: str, language: str) -> str:
    counts = pd.Series(data.to_numpy().ravel()).value_counts()
    return words(
        "alt status",
        language,
        what=what,
        first=data.columns[0],
        last=data.columns[-1],
        complete=counts.get("complete", 0),
        partly=counts.get("partly missing", 0),
        none=counts.get("no row", 0),
    )
