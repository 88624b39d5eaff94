"""Estimates and confidence intervals of several models, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from inspect import signature
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from panel.errors import FigureError, suggest
from panel.figures.figure import Figure, finished
from panel.figures.style import COLOURS, GREY, MARKERS, WIDTH, legend_below, print_style, sheet
from panel.figures.wording import NumberTicks, checked_language, joined, words, wrapped


@runtime_checkable
class Coefficients(Protocol):
    """What a result must offer: ours and those of statsmodels do."""

    @property
    def params(self) -> pd.Series:
        """Estimates by name."""

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """Lower and upper ends by name, in two columns."""


def coefplot(
    models: Coefficients | Sequence[Coefficients] | Mapping[str, Coefficients],
    *,
    keep: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    alpha: float = 0.05,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Estimates with their confidence intervals, one row a term, one mark a model.

    Parameters
    ----------
    models : one result, several (named (1), (2), ...), or {name: result}.
    keep : the terms to draw, in that order; all of them if left out.
    labels : text by term; else the labels of the models.
    alpha : 0.05 draws 95% intervals, with each model's own covariance and distribution.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data have the columns model, term, label, estimate, conf_low, conf_high.

    Raises
    ------
    FigureError : no model, something that is no result, a term that no model has, or an alpha
        outside (0, 1).
    """
    checked_language(language)
    if not 0 < alpha < 1:
        raise FigureError(
            f"alpha = {alpha!r} is not between 0 and 1.",
            variable="alpha",
            value=alpha,
            remedy="write 0.05 for 95% intervals.",
        )
    named = _named(models)
    data = _table(named, alpha, labels or {}, language)
    data = data if keep is None else _kept(data, [keep] if isinstance(keep, str) else keep)
    terms = list(dict.fromkeys(data["term"]))
    level = f"{100 * (1 - alpha):g}"
    with print_style():
        shown = data.drop_duplicates("term").set_index("term")["label"]
        names = [wrapped(shown[t], 36) for t in terms]
        lines = max(name.count("\n") for name in names) + 1
        row = max(0.26 + 0.08 * lines, 0.15 * lines, 0.15 * len(named))  # inches
        figure, axes = sheet(WIDTH, 1.0 + row * len(terms))
        axes.axvline(0.0, color=GREY, linewidth=0.8, zorder=0)
        for position, name in enumerate(named):
            _draw(axes, data[data["model"] == name], terms, position, len(named))
        axes.set_yticks(range(len(terms)), names)
        axes.set_ylim(len(terms) - 0.5, -0.5)
        axes.set_xlabel(words("interval", language, level=level))
        axes.xaxis.set_major_formatter(NumberTicks(language))
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        if title is not None:
            axes.set_title(title)
        if len(named) > 1:
            legend_below(figure, axes)
        return finished(figure, data, _alt(data, level, language))


def _named(models: Any) -> dict[str, Coefficients]:
    """The models by name."""
    if isinstance(models, Mapping):
        named = {str(name): model for name, model in models.items()}
    else:
        several = models if isinstance(models, Iterable) else [models]
        named = {f"({i})": model for i, model in enumerate(several, start=1)}
    if not named:
        raise FigureError(
            "There is no model to draw.", variable="models", remedy="pass at least one."
        )
    for name, model in named.items():
        # linearmodels' conf_int takes a level: 0.05 would silently draw 5% intervals.
        if not (
            isinstance(model, Coefficients) and "alpha" in signature(model.conf_int).parameters
        ):
            raise FigureError(
                f"Model {name!r} is a {type(model).__name__}, which has no params and "
                "conf_int(alpha).",
                variable="models",
                value=name,
                remedy="pass fitted models, one, a sequence, or {name: model}.",
            )
    return named


def _table(
    named: Mapping[str, Coefficients], alpha: float, labels: Mapping[str, str], language: str
) -> pd.DataFrame:
    parts = []
    for name, model in named.items():
        params, ends = model.params, model.conf_int(alpha=alpha)
        label = getattr(model, "label", lambda term, _language: term)
        parts.append(
            pd.DataFrame(
                {
                    "model": name,
                    "term": list(params.index),
                    "label": [labels.get(t) or label(t, language) for t in params.index],
                    "estimate": params.to_numpy(dtype=float),
                    "conf_low": ends.iloc[:, 0].to_numpy(dtype=float),
                    "conf_high": ends.iloc[:, 1].to_numpy(dtype=float),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _kept(data: pd.DataFrame, keep: Sequence[str]) -> pd.DataFrame:
    known = list(dict.fromkeys(data["term"]))
    for term in keep:
        if term not in known:
            raise FigureError(
                f"No model has the term {term!r}.",
                variable="keep",
                value=term,
                remedy=suggest(term, known),
            )
    order = {term: i for i, term in enumerate(keep)}
    data = data[data["term"].isin(order)]
    return data.sort_values("term", key=lambda t: t.map(order), kind="stable", ignore_index=True)


def _draw(axes: Axes, own: pd.DataFrame, terms: list[str], position: int, models: int) -> None:
    """Marks and whiskers of one model, a little beside those of the others."""
    k = position % len(COLOURS)
    beside = (position - (models - 1) / 2) * 0.7 / max(models, 2)
    y = np.array([terms.index(t) for t in own["term"]]) + beside
    estimate = own["estimate"].to_numpy()
    whiskers = np.vstack([estimate - own["conf_low"], own["conf_high"] - estimate])
    axes.errorbar(
        estimate, y, xerr=whiskers, fmt=MARKERS[k], color=COLOURS[k], capsize=2.0,
        elinewidth=1.0, capthick=1.0, markerfacecolor=COLOURS[k] if k % 2 == 0 else "#ffffff",
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
