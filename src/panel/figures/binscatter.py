"""Binned scatter plot: the mean outcome by quantile bins of a regressor, given controls."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from panel.core.absorber import Absorber
from panel.core.build import build
from panel.core.design import Design
from panel.core.frame import PanelFrame
from panel.core.labels import labelled
from panel.core.verb import as_frame, as_spec, usable
from panel.errors import FigureError
from panel.figures.figure import Figure, finished
from panel.figures.style import COLOURS, WIDTH, legend_below, print_style, sheet
from panel.figures.wording import NumberTicks, checked_language, joined, significant, words, wrapped
from panel.kernels.lstsq import independent, least_squares

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, eq=False)
class _Binned:
    """What is drawn: the table of bins, and the straight line of the same model."""

    table: pd.DataFrame
    slope: float
    centre: tuple[float, float]


def binscatter(
    formula: str,
    frame: PanelFrame | pd.DataFrame,
    *,
    bins: int = 20,
    sample: str | None = None,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Mean outcome in quantile bins of the first regressor, at the mean of the others.

    ``y = m(x) + w'g + effects``, with m constant within bins, is estimated at once; the marks are
    m plus the mean of ``w'g`` and of the effects. That is not the outcome's residual against that
    of x, which is right for a straight m only. The line is the linear model's.

    Parameters
    ----------
    formula : ``"y ~ x"``, or with controls and fixed effects ``"y ~ x + w1 + w2 | province"``.
    frame : the panel, or a DataFrame with a (unit, time) index.
    bins : their number; fewer where quantiles of x coincide, and the legend says how many.
    sample : condition that rows must meet.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data have one row a bin: bin, low and high (its limits), x (the mean), y, n.

    Raises
    ------
    FigureError : bins that are no whole number from 2, a regressor that is no variable of numbers
        of its own, or bins that the fixed effects or controls explain.
    FormulaError, UnknownVariableError, EmptySampleError : from the formula.

    References
    ----------
    Cattaneo, Crump, Farrell and Feng (2024), American Economic Review 114, equation for covariate
    adjustment by a partly linear model; piecewise constant.
    """
    checked_language(language)
    if isinstance(bins, bool) or not isinstance(bins, Integral) or bins < 2:
        raise FigureError(
            f"bins = {bins!r} is not a whole number from 2.", variable="bins", value=bins,
            remedy="give 20.",
        )  # fmt: skip
    spec = usable(as_spec(formula, None, sample), "binscatter", "fixed effects", "varying slopes")
    design = build(spec, as_frame(frame))
    found = _binned(design, int(bins))
    x, y = (labelled(t, design.frame, language) for t in (spec.terms[0], spec.y))
    with print_style():
        figure, axes = sheet(WIDTH, 3.6)
        data = found.table
        axes.plot(
            data["x"], data["y"], "o", color=COLOURS[0], label=_method(design, data, language)
        )
        ends = np.array([data["x"].min(), data["x"].max()])
        line = found.centre[1] + found.slope * (ends - found.centre[0])
        slope = words("linear fit", language, b=significant(found.slope, language))
        axes.plot(ends, line, color=COLOURS[1], linewidth=1.0, label=slope)
        axes.set_xlabel(wrapped(x, 70))
        axes.set_ylabel(wrapped(y, 36))
        axes.xaxis.set_major_formatter(NumberTicks(language))
        axes.yaxis.set_major_formatter(NumberTicks(language))
        if title is not None:
            axes.set_title(title)
        legend_below(figure, axes)
        alt = words("alt binned", language, x=x, y=y, bins=len(data), n=int(data["n"].sum()),
                    slope=significant(found.slope, language))  # fmt: skip
        return finished(figure, data, alt)


def _binned(design: Design, bins: int) -> _Binned:
    term = design.spec.terms[0]
    if term not in design.names:
        raise FigureError(
            f"{term!r} is no single column of numbers that the other regressors leave something "
            "of.",
            variable=term,
            remedy="put the variable to bin first, and as it is: y ~ x + i(zone).",
        )
    x = design.columns[design.names.index(term)]
    # Quantiles and half-open bins as in binsreg, of the authors: a bin has its upper limit.
    shares = np.linspace(0, 1, bins + 1)
    edges = np.unique(np.quantile(x, shares, method="averaged_inverted_cdf"))
    codes = np.maximum(np.searchsorted(edges, x, side="left"), 1) - 1
    dummies = np.equal.outer(codes, np.arange(len(edges) - 1)).astype(np.float64)
    others = [j for j, n in enumerate(design.names) if n not in (term, "(Intercept)")]
    means = _adjusted_means(design, dummies, others)
    n = dummies.sum(axis=0)
    table = pd.DataFrame(
        {
            "bin": np.arange(1, len(n) + 1), "low": edges[:-1], "high": edges[1:],
            "x": (dummies.T @ x) / n, "y": means, "n": n.astype(int),
        }
    )  # fmt: skip
    linear = least_squares(
        np.column_stack([_within(design.absorber, v) for v in (x, *_columns(design, others))]),
        _within(design.absorber, design.y), None,
    )  # fmt: skip
    return _Binned(table, float(linear.coef[0]), (float(x.mean()), float(design.y.mean())))


def _adjusted_means(design: Design, dummies: FloatArray, others: list[int]) -> FloatArray:
    """m by bin, at the mean of the other regressors (columns ``others``) and effects."""
    # One bin is the base: effects and the constant hold it. The level follows from the means.
    columns = [*dummies[:, 1:].T, *_columns(design, others)]
    within = np.column_stack([_within(design.absorber, v) for v in columns])
    kept = independent(within, np.linalg.norm(np.column_stack(columns), axis=0))
    bins = dummies.shape[1] - 1
    if not kept[:bins].all():
        raise FigureError(
            "Fixed effects hold whole bins, so that their levels cannot be told apart.",
            variable=design.spec.terms[0], value=int(bins + 1),
            remedy="use fewer bins, or coarser fixed effects.",
        )  # fmt: skip
    coef = least_squares(within[:, kept], _within(design.absorber, design.y), None).coef
    steps = np.concatenate([[0.0], coef[:bins]])
    return np.asarray(steps - (dummies @ steps).mean() + design.y.mean())


def _columns(design: Design, others: list[int]) -> list[FloatArray]:
    return [design.columns[j] for j in others]


def _within(absorber: Absorber | None, column: FloatArray) -> FloatArray:
    """A column (n,) less its fixed effects, or its mean."""
    return column - column.mean() if absorber is None else absorber.residualize(column)


def _method(design: Design, data: pd.DataFrame, language: str) -> str:
    first = design.spec.terms[0]
    terms = [t for t in design.spec.terms if t != first]
    others = [labelled(t, design.frame, language) for t in (*terms, *design.spec.absorb)]
    bins = words("quantile bins", language, bins=len(data), n=int(data["n"].sum()))
    if not others:
        return bins
    return wrapped(words("adjusted", language, bins=bins, others=joined(others, language)), 90)
