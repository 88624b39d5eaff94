"""Likelihood ratio of a threshold, and which values it leaves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from panel.errors import FigureError, suggest
from panel.figures.figure import Figure, finished
from panel.figures.models import checked_alpha
from panel.figures.style import COLOURS, GREY, WIDTH, legend_below, print_style, sheet
from panel.figures.wording import NumberTicks, checked_language, significant, words, wrapped


def thresholdplot(
    profile: pd.DataFrame,
    *,
    critical: float | None = None,
    alpha: float = 0.05,
    what: str | None = None,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Likelihood ratio by threshold with the critical value: values below it are not rejected.

    Parameters
    ----------
    profile : one row a threshold tried, columns gamma and lr, ``LR(g) = n (S(g) - S(g*))/S(g*)``.
    critical : the critical value; if left out Hansen's ``-2 log(1 - sqrt(1 - alpha))``, which holds
        for errors of one variance.
    alpha : level of the critical value: 0.05 gives a set of 95% confidence.
    what : text of the horizontal axis, the threshold variable.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data are the profile, ascending, with the column inside: whether the threshold is
    in the confidence set.

    Raises
    ------
    FigureError : no such columns, fewer than two thresholds, missing or negative ratios, none that
        is zero, or a level or critical value out of range.

    References
    ----------
    Hansen (1999), J. Econometrics 93, section 4; Hansen (2000), Econometrica 68.
    """
    checked_language(language)
    level = checked_alpha(alpha)
    limit = -2 * np.log(1 - np.sqrt(1 - alpha)) if critical is None else float(critical)
    if not 0 < limit < np.inf:
        raise FigureError(
            f"A critical value is positive, not {critical!r}.", variable="critical",
            value=critical, remedy="leave it out for Hansen's.",
        )  # fmt: skip
    data = _checked(profile)
    data["inside"] = data["lr"] <= limit
    best = float(data["gamma"].iloc[int(np.argmin(data["lr"].to_numpy()))])
    low, high = data.loc[data["inside"], "gamma"].iloc[[0, -1]]
    shown = {"g": significant(best, language, 4), "low": significant(float(low), language, 4),
             "high": significant(float(high), language, 4), "level": level}  # fmt: skip
    label = what or words("threshold", language)
    with print_style():
        figure, axes = sheet(WIDTH, 3.2)
        axes.fill_between(
            data["gamma"], 0, 1, where=data["inside"].to_numpy(), color=COLOURS[0], alpha=0.12,
            linewidth=0, transform=axes.get_xaxis_transform(),
        )  # fmt: skip
        axes.plot(data["gamma"], data["lr"], color=COLOURS[0],
                  label=words("ratio", language))  # fmt: skip
        text = words("critical", language, level=level, c=significant(float(limit), language))
        axes.axhline(limit, color=COLOURS[1], linestyle="--", linewidth=1.0, label=text)
        axes.axvline(
            best, color=GREY, linestyle=":", label=words("threshold set", language, **shown)
        )
        axes.set_ylim(bottom=0)
        axes.set_xlabel(wrapped(label, 70))
        axes.set_ylabel(words("ratio", language))
        axes.xaxis.set_major_formatter(NumberTicks(language))
        axes.yaxis.set_major_formatter(NumberTicks(language))
        if title is not None:
            axes.set_title(title)
        legend_below(figure, axes)
        alt = words("alt threshold", language, what=label, n=len(data), **shown)
        return finished(figure, data, alt)


def _checked(profile: pd.DataFrame) -> pd.DataFrame:
    for column in ("gamma", "lr"):
        if not isinstance(profile, pd.DataFrame) or column not in profile:
            known = map(str, profile.columns) if isinstance(profile, pd.DataFrame) else ()
            raise FigureError(
                f"The profile has no column {column!r}.", variable=column,
                remedy=suggest(column, known),
            )  # fmt: skip
    data = profile.sort_values("gamma", ignore_index=True)
    numbers = data[["gamma", "lr"]].to_numpy(dtype=float)
    lowest = float(numbers[:, 1].min()) if len(numbers) else np.nan
    # The ratio of the best threshold is zero but for rounding of sums of squares.
    if len(data) < 2 or not np.isfinite(numbers).all() or abs(lowest) > 1e-6:
        raise FigureError(
            f"The profile has {len(data)} rows with a smallest ratio of {lowest:g}; it needs two "
            "or more, finite, with the ratio zero at the best threshold.",
            variable="profile", value=lowest, remedy="pass all thresholds that were tried.",
        )  # fmt: skip
    return data
