"""Estimates and confidence intervals of several models, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from panel.errors import FigureError, suggest
from panel.figures.figure import Figure, finished
from panel.figures.models import Coefficients, checked_alpha, coefficient_table, named_models
from panel.figures.style import GREY, WIDTH, legend_below, look, print_style, sheet
from panel.figures.wording import NumberTicks, checked_language, joined, words, wrapped

Terms = Sequence[str] | Mapping[str, Sequence[str]]


def coefplot(
    models: Coefficients | Sequence[Coefficients] | Mapping[str, Coefficients],
    *,
    keep: Terms | None = None,
    labels: Mapping[str, str] | None = None,
    alpha: float = 0.05,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Estimates with their confidence intervals, one row a term, one mark a model.

    Parameters
    ----------
    models : one result, several (named (1), (2), ...), or {name: result}.
    keep : the terms to draw, in that order, or {heading: terms} to draw them in groups; all of
        them if left out.
    labels : text by term; else the labels of the models.
    alpha : 0.05 draws 95% intervals, with each model's own covariance and distribution.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data have the columns model, term, label, estimate, conf_low, conf_high, group
    (the heading, empty without).

    Raises
    ------
    FigureError : no model, something that is no result, a term that no model has, or an alpha
        outside (0, 1).
    """
    checked_language(language)
    level = checked_alpha(alpha)
    named = named_models(models)
    data = coefficient_table(named, alpha, labels or {}, language)
    data = data.assign(group="") if keep is None else _kept(data, keep)
    rows = list(dict.fromkeys(zip(data["group"], data["term"], strict=True)))
    with print_style():
        shown = data.drop_duplicates("term").set_index("term")["label"]
        names, places, headings = _places(rows, shown)
        lines = max(name.count("\n") for name in names) + 1
        row = max(0.26 + 0.08 * lines, 0.15 * lines, 0.11 * len(named))  # inches
        height = places[-1] + 1.0
        figure, axes = sheet(WIDTH, 1.0 + row * height)
        axes.axvline(0.0, color=GREY, linewidth=0.8, zorder=0)
        at = dict(zip(rows, places, strict=True))
        for position, name in enumerate(named):
            _draw(axes, data[data["model"] == name], at, position, len(named))
        _name_rows(axes, names, places, headings)
        axes.set_ylim(height - 0.5, -0.5)
        axes.set_xlabel(words("interval", language, level=level))
        axes.xaxis.set_major_formatter(NumberTicks(language))
        if title is not None:
            axes.set_title(title)
        if len(named) > 1:
            legend_below(figure, axes)
        return finished(figure, data, _alt(data, level, language))


def _kept(data: pd.DataFrame, keep: Terms) -> pd.DataFrame:
    groups = keep if isinstance(keep, Mapping) else {"": [keep] if isinstance(keep, str) else keep}
    known = list(dict.fromkeys(data["term"]))
    parts = []
    for group, terms in groups.items():
        for term in dict.fromkeys([terms] if isinstance(terms, str) else terms):
            if term not in known:
                raise FigureError(
                    f"No model has the term {term!r}.",
                    variable="keep",
                    value=term,
                    remedy=suggest(term, known),
                )
            parts.append(data[data["term"] == term].assign(group=group))
    if not parts:
        raise FigureError("There is no term to draw.", variable="keep", remedy="name at least one.")
    return pd.concat(parts, ignore_index=True)


def _places(
    rows: list[tuple[str, str]], shown: pd.Series
) -> tuple[list[str], list[float], dict[float, str]]:
    """Names of the rows, where they stand, and headings by the place above their first row."""
    places: list[float] = []
    headings: dict[float, str] = {}
    y = 0.0
    for i, (group, _) in enumerate(rows):
        if group and (i == 0 or rows[i - 1][0] != group):
            headings[y] = wrapped(group, 36)
            y += 0.8 + 0.4 * headings[y].count("\n")
        places.append(y)
        y += 1.0
    return [wrapped(shown[term], 36) for _, term in rows], places, headings


def _name_rows(
    axes: Axes, names: list[str], places: list[float], headings: dict[float, str]
) -> None:
    every = sorted([*zip(places, names, strict=True), *headings.items()])
    axes.set_yticks([y for y, _ in every], [name for _, name in every])
    for (y, _), text in zip(every, axes.get_yticklabels(), strict=True):
        if y in headings:
            text.set_fontweight("bold")
            axes.axhline(y, color=GREY, linewidth=0.3, zorder=0)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _draw(
    axes: Axes, own: pd.DataFrame, at: dict[tuple[str, str], float], position: int, models: int
) -> None:
    """Marks and whiskers of one model, a little beside those of the others."""
    colour, marker, filled = look(position)
    beside = (position - (models - 1) / 2) * 0.8 / max(models, 2)
    y = np.array([at[row] for row in zip(own["group"], own["term"], strict=True)]) + beside
    estimate = own["estimate"].to_numpy()
    whiskers = np.vstack([estimate - own["conf_low"], own["conf_high"] - estimate])
    axes.errorbar(
        estimate, y, xerr=whiskers, fmt=marker, color=colour, elinewidth=1.0, capthick=1.0,
        capsize=2.0 if models <= 6 else 1.2, markersize=4.0 if models <= 6 else 3.0,
        markerfacecolor=colour if filled else "#ffffff",
        label=own["model"].iloc[0] if len(own) else None,
    )  # fmt: skip


def _alt(data: pd.DataFrame, level: str, language: str) -> str:
    clear = data[(data["conf_low"] > 0) | (data["conf_high"] < 0)]
    cases = [
        f"{label} {joined(list(own['model']), language)}"
        for label, own in clear.groupby("label", sort=False)
    ]
    return words(
        "alt coefficients",
        language,
        terms=joined(list(dict.fromkeys(data["label"])), language),
        models=joined(list(dict.fromkeys(data["model"])), language),
        level=level,
        finding=words("alt excludes", language, cases="; ".join(cases))
        if cases
        else words("alt none excludes", language),
    )
