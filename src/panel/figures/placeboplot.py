"""An estimate among those of placebo treatments."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from panel.errors import FigureError
from panel.figures.figure import Figure, finished
from panel.figures.style import COLOURS, GREY, WIDTH, legend_below, print_style, sheet
from panel.figures.wording import NumberTicks, checked_language, p_words, significant, words
from panel.kernels.densities import density, silverman

FloatArray = np.ndarray[Any, np.dtype[np.float64]]


@runtime_checkable
class Placebo(Protocol):
    """What ``panel.randomization_test`` returns."""

    @property
    def estimate(self) -> float:
        """Of the treatment as it was."""

    @property
    def coefficients(self) -> Any:
        """(draws,) of the reassigned treatments."""

    @property
    def p_value(self) -> float:
        """Of the test."""


def placeboplot(
    test: Placebo | Any,
    estimate: float | None = None,
    *,
    what: str | None = None,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Density of placebo estimates, the estimate itself, and the p-value.

    Parameters
    ----------
    test : of ``panel.randomization_test``, whose p-value is shown as it is (by default it compares
        t statistics, the picture coefficients); or draws (R,) of one's own.
    estimate : beside draws of one's own: then ``p = (1 + c)/(1 + R)``, c the draws at least as far
        from zero.
    what : text of the axis; else the term of the test.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data have the placebo estimates: draw, estimate.

    Raises
    ------
    FigureError : fewer than ten draws, draws that are missing or all equal, or draws without an
        estimate.

    References
    ----------
    Phipson and Smyth (2010), Statistical Applications in Genetics and Molecular Biology 9, for the
    p-value. Gaussian kernel with Silverman's (1986) bandwidth.
    """
    checked_language(language)
    draws, value, p = _numbers(test, estimate)
    width = silverman(draws)
    reach = np.array([min(draws.min(), value), max(draws.max(), value)])
    grid = np.linspace(reach[0] - 3 * width, reach[1] + 3 * width, 300)
    label = what or str(getattr(test, "term", "")) or words("effect", language)
    with print_style():
        figure, axes = sheet(WIDTH, 3.0)
        height = density(grid, draws, np.ones(len(draws)), width, None)
        counts = words("placebos", language, n=len(draws))
        axes.fill_between(grid, height, color=GREY, alpha=0.25, linewidth=0)
        axes.plot(grid, height, color=GREY, label=counts)
        _draw_rug(axes, draws)
        text = words("estimate p", language, b=significant(value, language),
                     p=p_words(p, language))  # fmt: skip
        axes.axvline(value, color=COLOURS[1], linestyle="--", label=text)
        axes.set_ylim(bottom=-0.06 * height.max())
        axes.set_xlabel(label)
        axes.set_ylabel(words("density", language))
        axes.xaxis.set_major_formatter(NumberTicks(language))
        axes.yaxis.set_major_formatter(NumberTicks(language))
        if title is not None:
            axes.set_title(title)
        legend_below(figure, axes)
        data = pd.DataFrame({"draw": np.arange(1, len(draws) + 1), "estimate": draws})
        return finished(figure, data, _alt(draws, label, text, language))


def _numbers(test: Any, estimate: float | None) -> tuple[FloatArray, float, float]:
    """Draws (R,), the estimate, the p-value."""
    whole = isinstance(test, Placebo)
    if not whole and estimate is None:
        raise FigureError(
            "Draws need the estimate that they are compared with.", variable="estimate",
            remedy="pass estimate=, or what panel.randomization_test returns.",
        )  # fmt: skip
    draws = np.asarray(test.coefficients if whole else test, dtype=float)
    if draws.ndim != 1 or len(draws) < 10 or not np.isfinite(draws).all() or not np.ptp(draws):
        raise FigureError(
            f"A density needs ten finite draws or more that vary, not an array of {draws.shape}.",
            variable="test", value=draws.shape, remedy="draw more, one number a reassignment.",
        )  # fmt: skip
    if whole:
        return draws, float(test.estimate), float(test.p_value)
    value = float(np.asarray(estimate, dtype=float))
    if not np.isfinite(value):
        raise FigureError(
            f"The estimate is {value}.", variable="estimate", value=value, remedy="give a number."
        )
    # Ties count as at least as far, but for rounding.
    far = np.abs(draws) >= abs(value) * (1 - 1e-12)
    return draws, value, float((1 + far.sum()) / (1 + len(draws)))


def _draw_rug(axes: Axes, draws: FloatArray) -> None:
    """Each draw under the density."""
    floor = axes.get_xaxis_transform()
    axes.plot(draws, np.full(len(draws), 0.025), "|", color=GREY, markersize=4,
              markeredgewidth=0.3, transform=floor)  # fmt: skip


def _alt(draws: FloatArray, label: str, text: str, language: str) -> str:
    low, high = (significant(float(v), language) for v in np.quantile(draws, [0.025, 0.975]))
    return words(
        "alt placebo", language, what=label, n=len(draws), low=low, high=high, estimate=text
    )
