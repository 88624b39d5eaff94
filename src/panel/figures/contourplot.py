"""Where regions go from where they are: a stochastic kernel from above."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from panel.core.labels import Label
from panel.errors import FigureError
from panel.figures.figure import Figure, finished
from panel.figures.style import COLOURS, SEQUENTIAL, print_style, sheet
from panel.figures.wording import NumberTicks, checked_language, number_words, words, wrapped


class Kernel(Protocol):
    """What ``panel.stochastic_kernel`` returns."""

    @property
    def variable(self) -> Label:
        """Label of the variable."""

    @property
    def df(self) -> pd.DataFrame:
        """One row a value now, one column a value later."""

    @property
    def moves(self) -> pd.DataFrame:
        """The pairs now, later."""

    @property
    def step(self) -> int:
        """Years between them."""


def contourplot(
    kernel: Kernel,
    *,
    what: str | None = None,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Contours of the density of a variable later, given its value now, over the pairs themselves.

    Ridges along the diagonal are persistence; ones that lie flat, convergence. Where there are
    hardly any pairs the density rests on few of them.

    Parameters
    ----------
    kernel : of ``panel.stochastic_kernel``.
    what : text of the variable; its label if left out.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data have now, later, density.

    Raises
    ------
    FigureError : something that is no stochastic kernel.

    References
    ----------
    Quah (1997), J. Economic Growth 2.
    """
    checked_language(language)
    table, moves = getattr(kernel, "df", None), getattr(kernel, "moves", None)
    if not isinstance(table, pd.DataFrame) or not {"now", "later"} <= set(
        getattr(moves, "columns", ())
    ):
        raise FigureError(
            f"A {type(kernel).__name__} has no density of later values given those now.",
            variable="kernel",
            remedy='pass what panel.stochastic_kernel(frame, "gdp_per_person") returns.',
        )
    label = what or kernel.variable.text(language)
    now, later = table.index.to_numpy(dtype=float), table.columns.to_numpy(dtype=float)
    with print_style():
        figure, axes = sheet(4.9, 4.4)
        drawn = axes.contourf(now, later, table.to_numpy().T, levels=9, cmap=SEQUENTIAL)
        axes.contour(now, later, table.to_numpy().T, levels=9, colors="#000000", linewidths=0.3)
        ends = [now[0], now[-1]]
        axes.plot(ends, ends, color=COLOURS[1], linestyle="--", linewidth=1.0)
        axes.plot(kernel.moves["now"], kernel.moves["later"], ".", color="#000000", markersize=1.0)
        bar = figure.colorbar(drawn, ax=axes, shrink=0.8, label=words("conditional", language))
        bar.ax.yaxis.set_major_formatter(NumberTicks(language))
        axes.set_xlim(now[0], now[-1])
        axes.set_ylim(later[0], later[-1])
        axes.set_aspect("equal")
        axes.set_xlabel(wrapped(words("now", language, what=label), 52))
        axes.set_ylabel(wrapped(words("later", language, what=label, step=kernel.step), 44))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(NumberTicks(language))
            axis.set_major_locator(MaxNLocator(5))  # six digits each would touch
        if title is not None:
            axes.set_title(title)
        data = table.rename_axis(index="now", columns="later").reset_index()
        data = data.melt("now", var_name="later", value_name="density").astype(float)
        return finished(figure, data, _alt(kernel, label, language))


def _alt(kernel: Any, label: str, language: str) -> str:
    now, later = kernel.moves["now"].to_numpy(), kernel.moves["later"].to_numpy()
    up = 100 * float(np.mean(later > now))
    return words(
        "alt contours",
        language,
        what=label,
        step=kernel.step,
        n=len(now),
        up=number_words(up, language, 1),
    )
