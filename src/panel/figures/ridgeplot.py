"""Densities of a variable by year, one ridge above another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import matplotlib as mpl
import numpy as np
import pandas as pd

from panel.core.labels import Label
from panel.errors import FigureError
from panel.figures.figure import Figure, finished
from panel.figures.style import GREY, SEQUENTIAL, WIDTH, print_style, sheet
from panel.figures.wording import NumberTicks, checked_language, significant, words, wrapped

_MOST = 25  # ridges that fit on a page


class Densities(Protocol):
    """What ``panel.densities`` returns."""

    @property
    def variable(self) -> Label:
        """Label of the variable."""

    @property
    def df(self) -> pd.DataFrame:
        """One row a point of the grid, one column a year."""


def ridgeplot(
    densities: Densities,
    years: Sequence[Any] | None = None,
    *,
    what: str | None = None,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Ridges: the density of each year on a line of its own, the latest below and darkest.

    All ridges have one scale, and a tick marks the mode of each.

    Parameters
    ----------
    densities : of ``panel.densities``.
    years : which of its years; all if left out.
    what : text of the axis; the variable's label if left out.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data have time, x, density.

    Raises
    ------
    FigureError : something that is no set of densities, a year that it does not have, or more than
        25 years.
    """
    checked_language(language)
    table = _chosen(densities, years)
    label = what or densities.variable.text(language)
    grid = table.index.to_numpy(dtype=float)
    step = 0.55 * float(table.to_numpy().max())
    modes = {year: float(grid[int(np.argmax(table[year]))]) for year in table.columns}
    with print_style():
        figure, axes = sheet(WIDTH, 1.4 + min(0.3, 7.0 / len(table.columns)) * len(table.columns))
        shades = mpl.colormaps[SEQUENTIAL](np.linspace(0.25, 0.85, len(table.columns)))
        for i, (year, shade) in enumerate(zip(table.columns, shades, strict=True)):
            base = -step * i
            y = base + table[year].to_numpy()
            axes.fill_between(grid, base, y, color=shade, alpha=0.85, linewidth=0, zorder=2 * i)
            axes.plot(grid, y, color="#000000", linewidth=0.6, zorder=2 * i + 1)
            top = base + float(table[year].max())
            axes.plot([modes[year]] * 2, [base, top], color="#ffffff", linewidth=0.8, zorder=2 * i)
        axes.set_yticks(-step * np.arange(len(modes)), [str(y) for y in modes])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x", color=GREY, linewidth=0.2, alpha=0.5)
        axes.set_axisbelow(True)
        axes.set_xlim(grid[0], grid[-1])
        axes.set_xlabel(wrapped(words("density of", language, what=label), 70))
        axes.xaxis.set_major_formatter(NumberTicks(language))
        if title is not None:
            axes.set_title(title)
        data = table.rename_axis(index="x", columns="time").reset_index().melt("x", var_name="time")
        data = data.rename(columns={"value": "density"})[["time", "x", "density"]]
        return finished(figure, data, _alt(modes, label, language))


def _chosen(densities: Any, years: Sequence[Any] | None) -> pd.DataFrame:
    table = getattr(densities, "df", None)
    if not isinstance(table, pd.DataFrame) or not hasattr(densities, "bandwidths"):
        raise FigureError(
            f"A {type(densities).__name__} has no densities by year.",
            variable="densities",
            remedy='pass what panel.densities(frame, "gdp_per_person") returns.',
        )
    for year in years if years is not None else ():
        if year not in table.columns:
            raise FigureError(
                f"There is no density of {year!r}.", variable="years", value=year,
                remedy=f"there are: {', '.join(map(str, table.columns))}.",
            )  # fmt: skip
    table = table if years is None else table[list(dict.fromkeys(years))]
    if not 1 <= len(table.columns) <= _MOST:
        raise FigureError(
            f"{len(table.columns)} ridges do not fit; {_MOST} do.", variable="years",
            value=len(table.columns), remedy="choose some: years=range(2000, 2021, 5).",
        )  # fmt: skip
    return table


def _alt(modes: dict[Any, float], label: str, language: str) -> str:
    (first, start), *_, (last, end) = [*modes.items(), *modes.items()]
    return words(
        "alt ridges",
        language,
        what=label,
        n=len(modes),
        first=first,
        last=last,
        start=significant(start, language),
        end=significant(end, language),
    )
