"""A marginal effect along a moderator, and where it is significant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from panel.errors import FigureError
from panel.figures.figure import Figure, finished
from panel.figures.models import checked_alpha
from panel.figures.style import COLOURS, GREY, WIDTH, legend_below, print_style, sheets
from panel.figures.wording import (
    NumberTicks,
    checked_language,
    number_words,
    significant,
    words,
    wrapped,
)


class Interaction(Protocol):
    """What ``panel.johnson_neyman`` returns."""

    @property
    def variable(self) -> str:
        """Whose effect it is."""

    @property
    def moderator(self) -> str:
        """What it depends on."""

    @property
    def alpha(self) -> float:
        """Level of the test."""

    @property
    def observed(self) -> Any:
        """(n,) values of the moderator."""

    @property
    def bounds(self) -> Sequence[float]:
        """Where the effect changes between significant and not."""

    @property
    def share(self) -> float:
        """Share of the rows with a significant effect."""

    @property
    def estimate(self) -> Any:
        """The estimate behind it, for the labels."""

    def curve(self, points: int = 101) -> pd.DataFrame:
        """moderator, effect, conf_low, conf_high, significant."""


def interactionplot(
    effect: Interaction, *, language: str = "en", title: str | None = None
) -> Figure:
    """Marginal effect along a moderator with its limits, Johnson-Neyman bounds and a histogram.

    Parameters
    ----------
    effect : of ``panel.johnson_neyman(m, "x", "z")``.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data are the curve: moderator, effect, std_error, conf_low, conf_high, significant.

    Raises
    ------
    FigureError : something that is no result of ``panel.johnson_neyman``.
    """
    checked_language(language)
    if not (hasattr(effect, "curve") and hasattr(effect, "bounds")):
        raise FigureError(
            f"A {type(effect).__name__} has no curve along a moderator.",
            variable="effect",
            remedy='pass what panel.johnson_neyman(m, "x", "z") returns.',
        )
    level = checked_alpha(effect.alpha)
    data = effect.curve()
    x, z = (effect.estimate.label(t, language) for t in (effect.variable, effect.moderator))
    y = effect.estimate.depvar_label(language)
    with print_style():
        heights = {"height_ratios": [4, 1]}
        figure, (top, below) = sheets(WIDTH, 3.9, 2, sharex=True, gridspec_kw=heights)
        top.axhline(0.0, color=GREY, linewidth=0.8, zorder=0)
        _draw(top, data, level, language)
        _mark_bounds(top, effect, data, language)
        top.set_ylabel(wrapped(words("effect of", language, variable=x, outcome=y), 32))
        top.yaxis.set_major_formatter(NumberTicks(language))
        below.hist(effect.observed, bins=30, color=GREY, edgecolor="#ffffff", linewidth=0.3)
        below.set_ylabel(words("rows", language))
        below.set_xlabel(wrapped(z, 70))
        below.xaxis.set_major_formatter(NumberTicks(language))
        if title is not None:
            top.set_title(title)
        legend_below(figure, top)
        return finished(figure, data, _alt(effect, data, (x, y, z), language))


def _draw(axes: Axes, data: pd.DataFrame, level: str, language: str) -> None:
    z, effect = data["moderator"].to_numpy(), data["effect"].to_numpy()
    band = words("limits", language, level=level)
    axes.fill_between(z, data["conf_low"], data["conf_high"], color=COLOURS[0], alpha=0.15,
                      linewidth=0, label=band)  # fmt: skip
    axes.plot(z, effect, color=COLOURS[0], linestyle="--", label=words("effect", language))
    clear = data["significant"].to_numpy(dtype=bool)
    if clear.any():
        axes.plot(z, np.where(clear, effect, np.nan), color=COLOURS[0], linewidth=2.6,
                  label=words("significant", language))  # fmt: skip


def _mark_bounds(axes: Axes, effect: Interaction, data: pd.DataFrame, language: str) -> None:
    low, high = data["moderator"].iloc[[0, -1]]
    inside = [b for b in effect.bounds if low <= b <= high]
    label: str | None = words("bounds", language)
    for i, bound in enumerate(inside):
        axes.axvline(bound, color=COLOURS[1], linewidth=1.0, linestyle=":", label=label)
        # One is written towards the middle, two away from each other.
        left = bound > (low + high) / 2 if len(inside) == 1 else i == 0
        axes.annotate(
            significant(bound, language), (bound, 1.0), xycoords=("data", "axes fraction"),
            xytext=(-3 if left else 3, -2), textcoords="offset points", va="top",
            ha="right" if left else "left", color=COLOURS[1],
        )  # fmt: skip
        label = None


def _alt(
    effect: Interaction, data: pd.DataFrame, names: tuple[str, str, str], language: str
) -> str:
    ends = data.iloc[[0, -1]]
    start, end = (significant(v, language) for v in ends["effect"])
    low, high = (significant(v, language) for v in ends["moderator"])
    inside = [significant(b, language) for b in effect.bounds]
    return words(
        "alt interaction",
        language,
        variable=names[0],
        outcome=names[1],
        moderator=names[2],
        start=start,
        end=end,
        low=low,
        high=high,
        bounds="; ".join(inside) or "—",
        share=number_words(100 * effect.share, language, 1),
    )
