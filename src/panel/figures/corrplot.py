"""Correlations of several variables as a heat map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure as Sheet

from panel.core.expressed import expressed
from panel.core.frame import PanelFrame
from panel.core.verb import as_frame
from panel.errors import FigureError, NotNumericError
from panel.figures.figure import Figure, finished
from panel.figures.style import DIVERGING, WIDTH, fitting_size, ink_on, print_style, sheet
from panel.figures.wording import (
    NumberTicks,
    checked_language,
    ems,
    joined,
    number_words,
    words,
    wrapped,
)


def corrplot(
    frame: PanelFrame | pd.DataFrame,
    variables: Sequence[str],
    *,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Pearson correlations over the rows in which every variable has a figure.

    Parameters
    ----------
    frame : the panel, or a DataFrame with a (unit, time) index.
    variables : two or more of its variables, or expressions of them ("log(gdp)").
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data are the symmetric matrix of correlations, named by variable.

    Raises
    ------
    UnknownVariableError : no such variable.
    NotNumericError : a variable of text.
    FigureError : fewer than two variables, or fewer than two complete rows.
    """
    checked_language(language)
    frame = expressed(as_frame(frame), variables)
    table = _complete(frame, variables)
    data = table.corr()
    labels = [frame.label(v, language) for v in data.columns]
    with print_style():
        figure = _heat_map(data, labels, words("correlation", language, n=len(table)), language)
        if title is not None:
            figure.axes[0].set_title(title)
        return finished(figure, data, _alt(data, labels, len(table), language))


def _heat_map(data: pd.DataFrame, labels: list[str], bar: str, language: str) -> Sheet:
    """Lower triangle; columns bear only the numbers of the rows, which cannot overlap."""
    numbers = [f"({i})" for i in range(1, len(data) + 1)]
    rows = [
        wrapped(f"{n}\N{NO-BREAK SPACE}{label}", 30)
        for n, label in zip(numbers, labels, strict=True)
    ]
    # Inches: what the names and the colour bar leave of the page is shared by the cells. Axes of
    # equal aspect would do that too, but the constrained layout then cuts long names.
    beside = 1.0 + 7.5 / 72 * max(ems(line) for row in rows for line in row.split("\n"))
    cell = min(0.55, (WIDTH - beside) / len(data))
    figure, axes = sheet(cell * len(data) + beside, cell * len(data) + 0.4)
    lower = np.where(np.tri(len(data), dtype=bool), data.to_numpy(), np.nan)
    mesh = axes.pcolormesh(
        lower, cmap=DIVERGING, vmin=-1, vmax=1, edgecolors="#ffffff", linewidth=1.0
    )
    size = fitting_size(["−0.00"], 68 * cell, 7.0)
    for (i, j), r in np.ndenumerate(lower):
        if np.isfinite(r):
            ink = ink_on(to_rgba(tuple(mesh.to_rgba(r))))
            text = number_words(r, language, 2)
            axes.text(j + 0.5, i + 0.5, text, size=size, color=ink, ha="center", va="center")
    figure.colorbar(mesh, ax=axes, shrink=0.7, label=bar, format=NumberTicks(language))
    middle = np.arange(len(data)) + 0.5
    axes.set_xticks(middle, numbers)
    axes.set_yticks(middle, rows)
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return figure


def _complete(frame: PanelFrame, variables: Sequence[str]) -> pd.DataFrame:
    names = list(dict.fromkeys(variables))
    if len(names) < 2 or isinstance(variables, str):
        raise FigureError(
            "A correlation needs at least two variables.",
            variable="variables",
            value=variables,
            remedy='name them: ["gdp", "industry_va"].',
        )
    table = pd.DataFrame({name: frame[name] for name in names})
    for name in names:
        if not pd.api.types.is_numeric_dtype(table[name].dtype):
            raise NotNumericError(f"{name!r} is text; a correlation needs numbers.", variable=name)
    table = table.astype(float).replace([np.inf, -np.inf], np.nan).dropna()
    if len(table) < 2:
        raise FigureError(
            f"Only {len(table)} row(s) have figures for all of {', '.join(names)}.",
            variable="variables",
            remedy="leave out the variable that is missing most; see frame.report().",
        )
    return table


def _alt(data: pd.DataFrame, labels: list[str], rows: int, language: str) -> str:
    below = data.to_numpy().copy()
    below[np.triu_indices(len(below))] = 0.0
    i, j = np.unravel_index(np.nanargmax(np.abs(below)), below.shape)
    return words(
        "alt correlation",
        language,
        what=joined(labels, language),
        n=rows,
        r=number_words(float(below[i, j]), language, 2),
        a=labels[int(i)],
        b=labels[int(j)],
    )
