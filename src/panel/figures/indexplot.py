"""A composite index over the years, and the weights behind it."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from panel.errors import FigureError
from panel.figures.figure import Figure, finished
from panel.figures.style import COLOURS, WIDTH, print_style, sheets
from panel.figures.wording import (
    NumberTicks,
    checked_language,
    decimals_for,
    joined,
    number_words,
    words,
    wrapped,
)


class Index(Protocol):
    """What ``panel.composite_index`` returns."""

    @property
    def name(self) -> str:
        """Of the index."""

    @property
    def scores(self) -> pd.Series:
        """By (unit, time)."""

    @property
    def weights(self) -> pd.DataFrame:
        """One row an indicator, column weight."""

    @property
    def inputs(self) -> Any:
        """The indicators as a frame, for their labels."""


def indexplot(
    index: Index, *, what: str | None = None, language: str = "en", title: str | None = None
) -> Figure:
    """Mean of the index by year with the interquartile range, beside the indicators' weights.

    Parameters
    ----------
    index : of ``panel.composite_index`` or ``panel.entropy_index``.
    what : text of the index; its name if left out.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data have panel ("scores" or "weights"), key (year or indicator), value, low and
    high (quartiles), n (regions).

    Raises
    ------
    FigureError : something that is no composite index.
    """
    checked_language(language)
    weights = getattr(index, "weights", None)
    if not isinstance(weights, pd.DataFrame) or not isinstance(
        getattr(index, "scores", None), pd.Series
    ):
        raise FigureError(
            f"A {type(index).__name__} has no scores and weights.",
            variable="index",
            remedy="pass what panel.composite_index returns.",
        )
    scores, bars = _by_year(index.scores), weights["weight"].astype(float)
    bars = bars.sort_values(ascending=False, kind="stable")
    label = what or index.name
    names = {v: index.inputs.label(str(v), language) for v in bars.index}
    with print_style():
        height = max(3.0, 0.9 + 0.3 * len(bars))
        figure, (left, right) = sheets(WIDTH, height, 1, 2, width_ratios=[1.15, 1.0])
        _draw_scores(left, scores, label, language)
        _draw_bars(right, bars, names, language)
        if title is not None:
            left.set_title(title)
        figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=2)
        parts = [
            scores.reset_index(names="key").assign(panel="scores"),
            bars.rename("value").rename_axis("key").reset_index().assign(panel="weights"),
        ]
        data = pd.concat(parts, ignore_index=True)[["panel", "key", "value", "low", "high", "n"]]
        return finished(figure, data, _alt(scores, bars, label, names, language))


def _by_year(scores: pd.Series) -> pd.DataFrame:
    groups = scores.dropna().groupby(level=1)
    low, high = groups.quantile(0.25), groups.quantile(0.75)
    return pd.DataFrame({"value": groups.mean(), "low": low, "high": high, "n": groups.size()})


def _draw_scores(axes: Axes, scores: pd.DataFrame, label: str, language: str) -> None:
    periods = isinstance(scores.index, pd.PeriodIndex)
    x = scores.index.to_timestamp() if isinstance(scores.index, pd.PeriodIndex) else scores.index
    axes.fill_between(x, scores["low"], scores["high"], color=COLOURS[0], alpha=0.16, linewidth=0,
                      label=words("quartiles", language))  # fmt: skip
    n = sorted({int(v) for v in scores["n"]})
    count = str(n[0]) if len(n) == 1 else f"{n[0]}–{n[-1]}"
    axes.plot(x, scores["value"], color=COLOURS[0], marker="o",
              label=words("mean", language, n=count))  # fmt: skip
    axes.set_ylabel(wrapped(label, 32))
    axes.yaxis.set_major_formatter(NumberTicks(language))
    if not periods:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10], nbins=6))


def _draw_bars(axes: Axes, bars: pd.Series, names: dict[Any, str], language: str) -> None:
    at = np.arange(len(bars))
    axes.barh(at, bars, color=COLOURS[0], height=0.62)
    for y, value in zip(at, bars, strict=True):
        axes.text(
            max(value, 0.0), float(y), f" {number_words(value, language, 3)}", va="center", size=6.5
        )
    axes.set_yticks(at, [wrapped(names[v], 24) for v in bars.index])
    axes.tick_params(axis="y", length=0, labelsize=6.5)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.22 * float(bars.max()))
    axes.set_xlabel(words("weight", language))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4))
    axes.xaxis.set_major_formatter(NumberTicks(language))


def _alt(
    scores: pd.DataFrame, bars: pd.Series, label: str, names: dict[Any, str], language: str
) -> str:
    decimals = decimals_for(scores["value"])
    start, end = (number_words(scores["value"].iloc[i], language, decimals) for i in (0, -1))
    shown = [f"{names[v]} {number_words(w, language, 3)}" for v, w in bars.items()]
    return words(
        "alt index", language, what=label, first=scores.index[0], last=scores.index[-1],
        start=start, end=end, weights=joined(shown, language),
    )  # fmt: skip
