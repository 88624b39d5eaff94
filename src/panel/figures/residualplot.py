"""Residuals against fitted values, by group, and against the normal distribution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from scipy import stats

from panel.core.estimate import Estimate
from panel.core.labels import value_label
from panel.errors import FigureError
from panel.figures.figure import Figure, finished
from panel.figures.style import COLOURS, GREY, WIDTH, legend_below, look, print_style, sheets
from panel.figures.wording import NumberTicks, checked_language, number_words, words

_GROUPS = 7


def residualplot(
    estimate: Estimate,
    *,
    by: str | None = None,
    labels: Mapping[Any, str] | None = None,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Residuals against fitted values, and their quantiles against normal ones.

    Parameters
    ----------
    estimate : a model with one residual a row; fixed effects are part of the fit.
    by : a variable of at most seven groups, each with marks and a mean residual of its own: a mean
        off zero, or a spread of its own, is what the model leaves in that group.
    labels : names of the groups in the legend, where theirs will not do.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data, by (unit, time), have fitted, resid, standardised (over the standard
    deviation), normal (the quantile ``(i - 0.5)/n`` of its rank i) and group.

    Raises
    ------
    FigureError : no estimate, or more than seven groups.
    UnknownVariableError : no such grouping.
    """
    checked_language(language)
    data = _table(estimate, by)
    groups = sorted(data["group"].dropna().unique())
    if len(groups) > _GROUPS:
        raise FigureError(
            f"{by!r} has {len(groups)} groups; marks tell {_GROUPS} apart.", variable="by",
            value=by, remedy="use a coarser grouping, or none.",
        )  # fmt: skip
    frame, said = estimate.design.frame, labels or {}
    names = {g: said.get(g) or value_label(g, by, frame, language) if by else "" for g in groups}
    if data["group"].isna().any():
        names[None] = words("no group", language)
    with print_style():
        figure, (left, right) = sheets(WIDTH, 3.3, 1, 2)
        left.axhline(0.0, color=GREY, linewidth=0.8, zorder=0)
        for position, (group, name) in enumerate(names.items()):
            own = data["group"].isna() if group is None else data["group"] == group
            _draw_group(left, data[own], position, name)
        left.set_xlabel(words("fitted", language))
        left.set_ylabel(words("residual", language))
        _draw_quantiles(right, data, language)
        for axis in (left.xaxis, left.yaxis, right.xaxis, right.yaxis):
            axis.set_major_formatter(NumberTicks(language))
        if title is not None:
            left.set_title(title)
        if by is not None:
            legend_below(figure, left)
        return finished(figure, data, _alt(estimate, data, language))


def _table(estimate: Estimate, by: str | None) -> pd.DataFrame:
    if not isinstance(estimate, Estimate):
        raise FigureError(
            f"A {type(estimate).__name__} has no residuals by region and year.",
            variable="estimate",
            remedy="pass an Estimate, as panel.ols returns it.",
        )
    resid = estimate.resid
    order = stats.rankdata(resid.to_numpy(), method="ordinal")
    if by is not None and estimate.design.observations is not None:
        raise FigureError(
            "The observations are means over the years, which have no group of their own.",
            variable="by", value=by, remedy="leave by= out.",
        )  # fmt: skip
    return pd.DataFrame(
        {
            "fitted": estimate.fittedvalues,
            "resid": resid,
            "standardised": resid / float(resid.std(ddof=0)),
            "normal": stats.norm.ppf((order - 0.5) / len(resid)),
            "group": "" if by is None else estimate.design.column(by),
        }
    )


def _draw_group(axes: Axes, own: pd.DataFrame, position: int, name: str) -> None:
    colour, marker, filled = look(position)
    axes.scatter(
        own["fitted"], own["resid"], s=9, marker=marker, alpha=0.7, linewidths=0.6,
        edgecolors=colour, facecolors=colour if filled else "none", label=name,
    )  # fmt: skip
    if name:
        span = [own["fitted"].min(), own["fitted"].max()]
        axes.plot(span, [own["resid"].mean()] * 2, color=colour, linewidth=1.0)


def _draw_quantiles(axes: Axes, data: pd.DataFrame, language: str) -> None:
    ends = [data["normal"].min(), data["normal"].max()]
    axes.plot(ends, ends, color=GREY, linewidth=0.8)
    axes.scatter(data["normal"], data["standardised"], s=8, color=COLOURS[0], linewidths=0)
    axes.set_xlabel(words("normal quantile", language))
    axes.set_ylabel(words("standardised", language))


def _alt(estimate: Estimate, data: pd.DataFrame, language: str) -> str:
    far = data["standardised"].abs()
    return words(
        "alt residuals",
        language,
        what=estimate.depvar_label(language),
        n=len(data),
        beyond=int((far > 3).sum()),
        largest=number_words(float(far.max()), language, 1),
    )
