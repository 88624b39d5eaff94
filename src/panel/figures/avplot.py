"""Added-variable plot: what one regressor explains beyond all others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from panel.core.estimate import Estimate
from panel.errors import FigureError, suggest
from panel.figures.figure import Figure, finished
from panel.figures.pointlabels import label_points
from panel.figures.style import COLOURS, GREY, WIDTH, legend_below, print_style, sheet
from panel.figures.tiles import region_words
from panel.figures.wording import (
    NumberTicks,
    checked_language,
    p_words,
    significant,
    words,
    wrapped,
)
from panel.kernels.lstsq import least_squares

# The slope of the picture is the coefficient, but for rounding.
_SAME = 1e-6


def avplot(
    estimate: Estimate,
    term: str,
    *,
    named: int = 8,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Outcome against a regressor, both less what all others and the fixed effects explain.

    The slope of the line is the coefficient of the model (theorem of Frisch, Waugh and Lovell), so
    that the picture shows which rows it rests on.

    Parameters
    ----------
    estimate : by least squares, with or without fixed effects and weights.
    term : one of its coefficients.
    named : how many of the rows farthest out along the regressor to name, as far as there is room.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data have the residuals x and y by (unit, time).

    Raises
    ------
    FigureError : no such coefficient, or an estimate that is not by least squares.

    References
    ----------
    Frisch and Waugh (1933), Econometrica 1; Lovell (1963), J. American Statistical Association 58.
    """
    checked_language(language)
    data = frisch_waugh(estimate, term)
    x, y = (estimate.label(t, language) for t in (term, estimate.depvar))
    slope = float(estimate.params[term])
    with print_style():
        figure, axes = sheet(WIDTH, 3.8)
        axes.axhline(0.0, color=GREY, linewidth=0.5, zorder=0)
        axes.scatter(data["x"], data["y"], s=10, color=COLOURS[0], alpha=0.6, linewidths=0)
        ends = np.array([data["x"].min(), data["x"].max()])
        axes.plot(ends, slope * ends, color=COLOURS[1], label=slope_words(estimate, term, language))
        axes.set_xlabel(wrapped(words("given others", language, what=x), 70))
        axes.set_ylabel(wrapped(words("given others", language, what=y), 36))
        axes.xaxis.set_major_formatter(NumberTicks(language))
        axes.yaxis.set_major_formatter(NumberTicks(language))
        if title is not None:
            axes.set_title(title)
        legend_below(figure, axes)
        far = data["x"].abs().sort_values(ascending=False).index[:named]
        names = {key: _name(estimate, key, language) for key in far}
        label_points(figure, axes, data[["x", "y"]], names)
        alt = words(
            "alt added",
            language,
            x=x,
            y=y,
            n=len(data),
            slope=slope_words(estimate, term, language),
        )
        return finished(figure, data, alt)


def frisch_waugh(estimate: Estimate, term: str) -> pd.DataFrame:
    """Regressor x and outcome y less what all others and the fixed effects explain, by row.

    Raises
    ------
    FigureError : as :func:`avplot`.
    """
    design = getattr(estimate, "design", None)
    if design is None or term not in estimate.names or term not in design.names:
        names = list(getattr(estimate, "names", ()))
        raise FigureError(
            f"The model has no coefficient {term!r}.", variable="term", value=term,
            remedy=suggest(term, names),
        )  # fmt: skip
    j = design.names.index(term)
    others = np.delete(design.X_within, j, axis=1)
    x, y = (
        least_squares(others, np.asarray(v), design.w).residual
        for v in (design.X_within[:, j], design.y_within)
    )
    w = np.ones(len(x)) if design.w is None else design.w
    slope = float((w * x) @ y) / float((w * x) @ x)
    if not np.isclose(slope, estimate.params[term], rtol=_SAME, atol=0.0):
        raise FigureError(
            f"The coefficient {term!r} by {estimate.method} is no slope of least squares.",
            variable="estimate",
            value=estimate.method,
            remedy="pass an estimate of panel.ols or panel.pooled.",
        )
    return pd.DataFrame({"x": x, "y": y}, index=design.index)


def slope_words(estimate: Estimate, term: str, language: str) -> str:
    """A coefficient with its standard error and p-value."""
    b, se, p = (float(v[term]) for v in (estimate.params, estimate.bse, estimate.pvalues))
    return words(
        "slope",
        language,
        b=significant(b, language),
        se=significant(se, language),
        p=p_words(p, language),
    )


def _name(estimate: Estimate, key: object, language: str) -> str:
    if not isinstance(key, tuple):  # the row is a mean of a region
        return region_words(estimate.design.frame, key, language)
    return f"{region_words(estimate.design.frame, key[0], language)} {key[1]}"
