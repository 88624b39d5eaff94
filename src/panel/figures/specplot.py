"""Specification curve: one coefficient over many models, and what they chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from panel.core.estimate import Estimate
from panel.errors import FigureError, suggest
from panel.figures.figure import Figure, finished
from panel.figures.models import Coefficients, checked_alpha, coefficient_table, named_models
from panel.figures.style import COLOURS, GREY, PALE, WIDTH, legend_below, print_style, sheets
from panel.figures.wording import NumberTicks, checked_language, significant, words, wrapped


def specplot(
    models: Sequence[Coefficients] | Mapping[str, Coefficients],
    term: str | Mapping[str, str],
    choices: pd.DataFrame | None = None,
    *,
    alpha: float = 0.05,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Estimates of one coefficient in ascending order, over a matrix of the models' choices.

    Parameters
    ----------
    models : several results, or {name: result}.
    term : the coefficient, or {model: coefficient} where its name differs between models; models
        without it are an error, not left out.
    choices : one row a model, by name (or in their order), one column a decision, the choice as
        text, or True and False. If left out, what differs between our estimates: outcome,
        controls, fixed effects, sample, weights, estimator, covariance.
    alpha : 0.05 draws 95% intervals.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data, ascending, have model, term, estimate, conf_low, conf_high and the choices.

    Raises
    ------
    FigureError : fewer than two models, a model without the coefficient, choices that do not fit
        the models, or none to be found.

    References
    ----------
    Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4.
    """
    checked_language(language)
    level = checked_alpha(alpha)
    named = named_models(models)
    if len(named) < 2:
        raise FigureError(
            "A specification curve needs two models or more.", variable="models",
            value=len(named), remedy="pass them as a list or as {name: model}.",
        )  # fmt: skip
    table = _estimates(named, term, alpha, language)
    chosen = _own(named, table, language) if choices is None else _given(choices, list(named))
    order = np.argsort(table["estimate"].to_numpy(), kind="stable")
    data = pd.concat([table, chosen.reset_index(drop=True)], axis=1).iloc[order]
    data = data.reset_index(drop=True)
    rows = _rows(chosen)
    with print_style():
        below = 0.16 * (len(rows) + 0.8 * len({c for c, _ in rows}))  # inches
        shares = {"height_ratios": [2.2, below], "hspace": 0.02}
        figure, (top, matrix) = sheets(WIDTH, 2.8 + below, 2, sharex=True, gridspec_kw=shares)
        _draw_curve(top, data, language)
        _draw_matrix(matrix, data, rows, language)
        top.set_ylabel(wrapped(_what(named, data, level, language), 34))
        top.yaxis.set_major_formatter(NumberTicks(language))
        if title is not None:
            top.set_title(title)
        legend_below(figure, top)
        return finished(figure, data, _alt(data, language))


def _estimates(
    named: Mapping[str, Coefficients], term: str | Mapping[str, str], alpha: float, language: str
) -> pd.DataFrame:
    every = coefficient_table(named, alpha, {}, language)
    parts = []
    for name in named:
        wanted = term if isinstance(term, str) else term.get(name, "")
        own = every[every["model"] == name]
        found = own[own["term"] == wanted]
        if found.empty:
            raise FigureError(
                f"Model {name!r} has no coefficient {wanted!r}.", variable="term", value=wanted,
                remedy=suggest(wanted, own["term"])
                + " Where names differ, give {model: coefficient}.",
            )  # fmt: skip
        parts.append(found)
    columns = ["model", "term", "estimate", "conf_low", "conf_high"]
    return pd.concat(parts, ignore_index=True)[columns]


def _given(choices: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    if set(choices.index.astype(str)) == set(names):
        return choices.set_axis(choices.index.astype(str)).loc[names]
    if isinstance(choices.index, pd.RangeIndex) and len(choices) == len(names):
        return choices
    raise FigureError(
        f"choices has {len(choices)} rows, which do not fit the {len(names)} models.",
        variable="choices", value=list(choices.index)[:5],
        remedy="give it one row a model, by the model's name.",
    )  # fmt: skip


def _own(named: Mapping[str, Any], table: pd.DataFrame, language: str) -> pd.DataFrame:
    """What differs between estimates, from their designs."""
    rows = []
    for (name, model), term in zip(named.items(), table["term"], strict=True):
        if not isinstance(model, Estimate):
            raise FigureError(
                f"Model {name!r} does not tell how it was made.", variable="choices", value=name,
                remedy="pass choices=, a DataFrame with one row a model.",
            )  # fmt: skip
        rows.append(_choices(model, term, language))
    found = pd.DataFrame(rows).fillna(False)
    varied = [c for c in found if len(set(found[c])) > 1]
    if not varied:
        raise FigureError(
            "The models do not differ in anything they tell of.", variable="choices",
            remedy="pass choices=, a DataFrame with one row a model.",
        )  # fmt: skip
    return found[varied]


def _choices(model: Estimate, term: str, language: str) -> dict[str, Any]:
    spec = model.design.spec
    none = words("none", language)
    decisions: dict[str, Any] = {
        "outcome": model.depvar_label(language),
        "fixed effects": " + ".join(model.label(a, language) for a in spec.absorb) or none,
        "sample": spec.sample or words("all rows", language),
        "weights": spec.weights or none,
        "estimator": model.method,
        "covariance": model.cov.label,
    }
    controls = [t for t in (*spec.endogenous, *spec.terms) if t != term]
    return {words(k, language): v for k, v in decisions.items()} | {
        f"+ {model.label(t, language)}": True for t in controls
    }


def _rows(chosen: pd.DataFrame) -> list[tuple[str, Any]]:
    """The rows of the matrix: a decision and one of its choices; one row for yes and no."""
    found: list[tuple[str, Any]] = []
    for column in chosen.columns:
        values = list(dict.fromkeys(chosen[column]))
        plain = all(isinstance(v, (bool, np.bool_)) for v in values)
        found += [(str(column), True)] if plain else [(str(column), v) for v in values]
    return found


def _draw_curve(axes: Axes, data: pd.DataFrame, language: str) -> None:
    axes.axhline(0.0, color=GREY, linewidth=0.8, zorder=0)
    clear = (data["conf_low"] > 0) | (data["conf_high"] < 0)
    size = 4.0 if len(data) <= 60 else 2.0
    for own, colour, face, key in (
        (clear, COLOURS[0], COLOURS[0], "excludes zero"),
        (~clear, GREY, "#ffffff", "includes zero"),
    ):
        if own.any():
            x, y = np.flatnonzero(own), data.loc[own, "estimate"].to_numpy()
            ends = np.vstack([y - data.loc[own, "conf_low"], data.loc[own, "conf_high"] - y])
            axes.errorbar(
                x, y, yerr=ends, fmt="o", color=colour, markerfacecolor=face, markersize=size,
                elinewidth=0.25 * size, capsize=0.0,
                label=words(key, language, n=int(own.sum())),
            )  # fmt: skip
    axes.tick_params(axis="x", length=0)
    axes.spines["bottom"].set_visible(False)


def _draw_matrix(
    axes: Axes, data: pd.DataFrame, rows: list[tuple[str, Any]], language: str
) -> None:
    """A mark where a model made a choice; a heading above the choices of a decision."""
    names: list[tuple[float, str, bool]] = []
    y, before = 0.0, ""
    size = min(14.0, 1400.0 / len(data))  # square points
    for i, (column, value) in enumerate(rows):
        lone = value is True
        if column != before and not lone:
            names.append((y, column, True))
            y += 0.9
        elif lone and i and rows[i - 1][1] is not True:
            y += 0.3
        before = column
        made = data[column].to_numpy() == value
        everywhere = np.arange(len(data))
        axes.scatter(everywhere, np.full(len(data), y), s=size, color=PALE, linewidths=0)
        axes.scatter(
            everywhere[made], np.full(made.sum(), y), s=size, color="#000000", linewidths=0
        )
        names.append((y, column if lone else str(value), False))
        y += 1.0
    axes.set_ylim(y - 0.4, -0.6)
    axes.set_xlim(-0.6, len(data) - 0.4)
    axes.set_yticks([at for at, _, _ in names], [_short(name) for _, name, _ in names])
    for text, (_, _, heading) in zip(axes.get_yticklabels(), names, strict=True):
        text.set(fontsize=6.5, fontweight="bold" if heading else "normal")
    axes.tick_params(length=0, labelbottom=False)
    axes.spines[:].set_visible(False)
    axes.set_xlabel(words("models sorted", language, n=len(data)))


def _short(name: str) -> str:
    return name if len(name) <= 42 else name[:41] + "…"


def _what(named: Mapping[str, Any], data: pd.DataFrame, level: str, language: str) -> str:
    terms = list(dict.fromkeys(data["term"]))
    label = getattr(next(iter(named.values())), "label", lambda t, _language: t)
    what = label(terms[0], language) if len(terms) == 1 else words("effect", language)
    return words("coefficient of", language, what=what, level=level)


def _alt(data: pd.DataFrame, language: str) -> str:
    estimate = data["estimate"]
    return words(
        "alt curve",
        language,
        n=len(data),
        low=significant(float(estimate.iloc[0]), language),
        high=significant(float(estimate.iloc[-1]), language),
        median=significant(float(estimate.median()), language),
        positive=int((data["conf_low"] > 0).sum()),
        negative=int((data["conf_high"] < 0).sum()),
    )
