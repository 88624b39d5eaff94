"""Growth against the initial level."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import pandas as pd

from panel.core.estimate import Estimate
from panel.errors import FigureError
from panel.figures.avplot import frisch_waugh, slope_words
from panel.figures.figure import Figure, finished
from panel.figures.pointlabels import label_points
from panel.figures.style import COLOURS, WIDTH, legend_below, print_style, sheet
from panel.figures.tiles import region_words
from panel.figures.wording import NumberTicks, checked_language, words, wrapped


class Convergence(Protocol):
    """What ``panel.beta_convergence`` returns."""

    @property
    def estimate(self) -> Estimate:
        """The regression."""

    @property
    def term(self) -> str:
        """Its coefficient on the initial level."""

    @property
    def periods(self) -> int:
        """Years that growth is over."""


def convergenceplot(
    beta: Convergence, *, named: int = 40, language: str = "en", title: str | None = None
) -> Figure:
    """Growth of the regions against their initial level, with the fit of the regression.

    With controls or effects both are drawn less what those explain, plus their means, so that the
    slope is the coefficient.

    Parameters
    ----------
    beta : of ``panel.beta_convergence``.
    named : how many regions to name, the farthest from the middle first, as far as there is room.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data, by (unit, time) of the later year, have level (its logarithm) and growth (a
    year).

    Raises
    ------
    FigureError : something that is no result of ``panel.beta_convergence``.
    """
    checked_language(language)
    estimate, term = getattr(beta, "estimate", None), getattr(beta, "term", None)
    if not isinstance(estimate, Estimate) or term is None:
        raise FigureError(
            f"A {type(beta).__name__} has no regression on an initial level.",
            variable="beta",
            remedy='pass what panel.beta_convergence(frame, "gdp_per_person") returns.',
        )
    design = estimate.design
    data = frisch_waugh(estimate, term).set_axis(["level", "growth"], axis=1)
    centre = (float(design.columns[design.names.index(term)].mean()), float(design.y.mean()))
    data = data + np.array(centre)
    slope = float(estimate.params[term])
    with print_style():
        figure, axes = sheet(WIDTH, 3.8)
        axes.scatter(data["level"], data["growth"], s=12, color=COLOURS[0], alpha=0.7, linewidths=0)
        ends = np.array([data["level"].min(), data["level"].max()])
        line = centre[1] + slope * (ends - centre[0])
        axes.plot(ends, line, color=COLOURS[1], label=slope_words(estimate, term, language))
        others = len(design.spec.terms) > 1 or bool(design.spec.absorb)
        x, y = words("initial", language), words("growth", language, periods=beta.periods)
        what = words("given others", language, what=y) if others else y
        axes.set_xlabel(wrapped(f"{x}: {estimate.label(term, language)}", 70))
        axes.set_ylabel(wrapped(what, 36))
        axes.xaxis.set_major_formatter(NumberTicks(language))
        axes.yaxis.set_major_formatter(NumberTicks(language))
        if title is not None:
            axes.set_title(title)
        legend_below(figure, axes)
        label_points(figure, axes, data, _names(data, estimate, named, language))
        return finished(figure, data, _alt(beta, data, language))


def _names(data: pd.DataFrame, estimate: Estimate, named: int, language: str) -> dict[Any, str]:
    z = (data - data.mean()) / data.std()
    far = (z**2).sum(axis=1).sort_values(ascending=False).index[:named]
    frame = estimate.design.frame
    once = data.index.get_level_values(0).is_unique
    return {
        key: region_words(frame, key[0], language) + ("" if once else f" {key[1]}") for key in far
    }


def _alt(beta: Convergence, data: pd.DataFrame, language: str) -> str:
    return words(
        "alt convergence",
        language,
        n=len(data),
        periods=beta.periods,
        slope=slope_words(beta.estimate, beta.term, language),
    )
