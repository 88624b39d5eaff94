"""What maps share: the figures of a year, their colours, and the legend that explains them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from numbers import Integral, Real
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, TwoSlopeNorm, to_rgba
from matplotlib.figure import Figure as Sheet
from matplotlib.patches import Patch

from panel.core.frame import PanelFrame
from panel.errors import FigureError, NotNumericError
from panel.figures.style import DIVERGING, GREY, HATCH, PALE, SEQUENTIAL
from panel.figures.wording import (
    NumberTicks,
    decimals_for,
    ems,
    joined,
    number_words,
    words,
    wrapped,
)

Rgba = tuple[float, float, float, float]
Classes = int | Sequence[float] | None

_MOST = 9  # more shades of one colour cannot be told apart


@dataclass(frozen=True, eq=False)
class Shading:
    """Colours of figures.

    Parameters
    ----------
    colours : of a continuous scale.
    limits : upper limits of all classes but the last, which belong to them; None on a continuous
        scale.
    shades : of the classes.
    """

    colours: ScalarMappable
    limits: tuple[float, ...] | None = None
    shades: tuple[Rgba, ...] = ()

    def classes(self, values: pd.Series) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Class 0, 1, ... of each value (n,)."""
        return np.searchsorted(np.array(self.limits), values.to_numpy(dtype=float), side="left")

    def fills(self, values: pd.Series) -> list[Rgba | None]:
        """Colour of each value (n,); None where it is missing."""
        numbers = values.to_numpy(dtype=float)
        if self.limits is None:
            every = np.asarray(self.colours.to_rgba(numbers))
        else:  # a missing value sorts behind the last class
            every = np.array(self.shades)[np.minimum(self.classes(values), len(self.limits))]
        return [
            None if np.isnan(v) else (float(r), float(g), float(b), float(a))
            for v, (r, g, b, a) in zip(numbers, every, strict=True)
        ]


def of_year(frame: PanelFrame, variable: str, year: Any) -> pd.Series:
    """Figures by region of that year.

    Raises
    ------
    NotNumericError : a variable of text.
    FigureError : no such year, or no figure in it.
    """
    values = frame[variable]
    if not pd.api.types.is_numeric_dtype(values.dtype):
        raise NotNumericError(
            f"{variable!r} is text; the colours of a map need numbers.",
            variable=variable,
            remedy=f"draw a number, for instance 1 where it is x: frame[{variable!r}] == 'x'.",
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


def shading(values: pd.Series, classes: Classes) -> Shading:
    """Colours of the values: continuous, in so many quantile classes, or with limits given.

    Raises
    ------
    FigureError : limits that do not ascend, or more than nine classes.
    """
    colours = _continuous(values)
    if classes is None:
        return Shading(colours)
    limits = _limits(values.dropna().to_numpy(dtype=float), classes)
    return Shading(colours, limits, _shades(limits))


def _continuous(values: pd.Series) -> ScalarMappable:
    low, high = float(values.min()), float(values.max())
    if low < 0 < high:
        reach = max(-low, high)
        norm: Normalize = TwoSlopeNorm(0.0, -reach, reach)
        return ScalarMappable(norm, mpl.colormaps[DIVERGING])
    if low == high:  # one colour, but a bar with some length
        low, high = low - abs(low) / 2 - 0.5, high + abs(high) / 2 + 0.5
    return ScalarMappable(Normalize(low, high), mpl.colormaps[SEQUENTIAL])


def _limits(values: np.ndarray[Any, np.dtype[np.float64]], classes: Any) -> tuple[float, ...]:
    if isinstance(classes, Integral) and not isinstance(classes, bool):
        if not 2 <= int(classes) <= _MOST:
            raise FigureError(
                f"A map has 2 to {_MOST} classes, not {classes}.", variable="classes",
                value=classes, remedy="give 5.",
            )  # fmt: skip
        shares = np.arange(1, int(classes)) / int(classes)
        inner = np.unique(np.quantile(values, shares, method="inverted_cdf"))
        return tuple(float(v) for v in inner if v < values.max())  # nothing lies above the largest
    given = list(classes) if isinstance(classes, Sequence) and not isinstance(classes, str) else []
    numbers = all(isinstance(v, Real) and np.isfinite(float(v)) for v in given)
    if not given or len(given) >= _MOST or not numbers or sorted(set(given)) != given:
        raise FigureError(
            f"classes = {classes!r} gives no limits of classes.", variable="classes",
            value=classes, remedy=f"give their number, or up to {_MOST - 1} limits in ascending "
            "order: [0.1, 0.2, 0.5].",
        )  # fmt: skip
    return tuple(float(v) for v in given)


def _shades(limits: tuple[float, ...]) -> tuple[Rgba, ...]:
    """One colour a class, light to dark, or to both sides of a limit at zero."""
    k = len(limits) + 1
    if 0.0 in limits and 0 < (below := limits.index(0.0) + 1) < k:
        reach = max(below, k - below)
        places = [0.5 + 0.45 * (j - below + (j >= below)) / reach for j in range(k)]
        return tuple(to_rgba(mpl.colormaps[DIVERGING](p)) for p in places)
    return tuple(to_rgba(mpl.colormaps[SEQUENTIAL](p)) for p in np.linspace(0.08, 0.92, k))


def explain_colours(
    figure: Sheet, axes: Axes, shades: Shading, values: pd.Series, what: str, language: str
) -> list[Patch]:
    """A bar for a continuous scale; else entries for the legend, every class with its count."""
    if shades.limits is None:
        figure.set_figheight(figure.get_figheight() + 0.8)
        bar = figure.colorbar(
            shades.colours, ax=axes, location="bottom", shrink=0.7, aspect=32, pad=0.02
        )
        bar.set_label(wrapped(what, 70))
        bar.ax.xaxis.set_major_formatter(NumberTicks(language))
        bar.outline.set(linewidth=0.3, edgecolor=GREY)
        return []
    counts = np.bincount(shades.classes(values.dropna()), minlength=len(shades.shades))
    texts = class_words(shades.limits, values, language)
    return [
        Patch(label=f"{text} ({n})", facecolor=shade, edgecolor=GREY, linewidth=0.3)
        for text, n, shade in zip(texts, counts, shades.shades, strict=True)
    ]


def class_words(limits: tuple[float, ...], values: pd.Series, language: str) -> list[str]:
    """Each class in words; upper limits belong to their class."""
    decimals = decimals_for(values)
    # Limits that would print alike get more decimals.
    while decimals < 10 and len({round(v, decimals) for v in limits}) < len(limits):
        decimals += 1
    shown = [number_words(v, language, decimals) for v in limits]
    if not shown:
        return [words("all", language)]
    middle = [f"{low} – {high}" for low, high in pairwise(shown)]
    return [f"≤ {shown[0]}", *middle, f"> {shown[-1]}"]


def left_out(names: dict[str, list[str]], language: str) -> list[Patch]:
    """Entries for regions without a figure or a place, by the key of their phrase."""
    handles = []
    for key, which in names.items():
        if which:
            few = which if len(which) <= 4 else [words("regions", language, n=len(which))]
            text = words(key, language, which=joined(few, language))
            handles.append(Patch(label=text, facecolor="none", linewidth=0.0))
            if key == "no figure":
                handles[-1].set(facecolor=PALE, edgecolor=GREY, hatch=HATCH)
    return handles


def legend_of(figure: Sheet, classes: list[Patch], others: list[Patch], what: str) -> None:
    """The legend under a map, classes first, headed by what they are of; the figure grows by it."""
    handles = [*classes, *others]
    if not handles:
        return
    room = 72 * figure.get_figwidth()
    columns = _columns(classes, others, room)
    title = wrapped(what, int(room / (0.66 * 8.0))) if classes else ""
    rows = -(-len(handles) // columns) + (title.count("\n") + 1 if title else 0)
    figure.set_figheight(figure.get_figheight() + 0.2 + 0.155 * rows)
    figure.legend(
        handles=handles, loc="outside lower center", alignment="left", ncols=columns,
        title=title or None, title_fontsize=8.0,
    )  # fmt: skip


def _columns(classes: list[Patch], others: list[Patch], room: float) -> int:
    """Columns of the legend that fit in so many points; the others stand in the last one."""
    if not classes:
        return 1
    # Mark and gaps take about five more units of the font size of 7.5 points.
    own, last = (
        max((7.5 * (5 + ems(str(h.get_label()))) for h in part), default=0.0)
        for part in (classes, others)
    )
    return max(1, min(len(classes), 1 + int((room - max(own, last)) / own)))
