"""Slopes, contrasts or predictions at several values of a variable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from panel.errors import FigureError, suggest
from panel.figures.figure import Figure, finished
from panel.figures.models import checked_alpha
from panel.figures.style import GREY, LINES, WIDTH, legend_below, look, print_style, sheet
from panel.figures.wording import (
    NumberTicks,
    checked_language,
    decimals_for,
    joined,
    number_words,
    words,
    wrapped,
)

_KINDS = ("slopes", "contrasts", "predictions")


class Margins(Protocol):
    """What ``panel.slopes``, ``panel.contrasts`` and ``panel.predictions`` return."""

    @property
    def table(self) -> pd.DataFrame:
        """One row a number: variable, contrast, the values it is taken at."""

    @property
    def kind(self) -> str:
        """slopes, contrasts or predictions."""

    @property
    def params(self) -> pd.Series:
        """The numbers."""

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """Their limits."""

    def label(self, term: str, language: str = "en") -> str:
        """Readable name of a variable."""

    def value_label(self, name: str, value: Any, language: str = "en") -> str:
        """What a value of a variable is called."""

    def contrast_label(self, name: str, contrast: str, language: str = "en") -> str:
        """A contrast of a variable by what its two values are called."""

    def depvar_label(self, language: str = "en") -> str:
        """Readable name of the outcome."""


def marginsplot(
    margins: Margins,
    along: str | None = None,
    *,
    labels: Mapping[Any, str] | None = None,
    alpha: float = 0.05,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Marginal effects, contrasts or predictions along a variable, with confidence limits.

    Numbers give a line with a band, categories marks with whiskers; what else the margins differ
    by (variable, contrast, other values, groups) gives one line each.

    Parameters
    ----------
    margins : of ``panel.slopes(m, "x", at={"z": [0, 1, 2]})``, ``panel.contrasts`` or
        ``panel.predictions``, with several values in ``at`` or groups in ``by``.
    along : the variable of the horizontal axis; if left out, the one with the most values.
    labels : text of the lines and categories by their value.
    alpha : 0.05 draws 95% limits, each number for itself.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data are the table of the margins with estimate, conf_low, conf_high and series.

    Raises
    ------
    FigureError : something that is no margins, without values to draw along, no such variable, more
        than 14 lines, or an alpha outside (0, 1).
    """
    checked_language(language)
    level = checked_alpha(alpha)
    if getattr(margins, "kind", None) not in _KINDS:
        raise FigureError(
            f"A {type(margins).__name__} has no margins.",
            variable="margins",
            remedy='pass what panel.slopes(m, "x", at={"z": [0, 1]}) returns.',
        )
    data = _table(margins, alpha)
    chosen = _along(margins.table, along)
    data["series"] = _series(margins, data, chosen, labels or {}, language)
    number = pd.api.types.is_numeric_dtype(data[chosen].dtype)
    data = data.sort_values(chosen, kind="stable", ignore_index=True) if number else data
    lines = list(dict.fromkeys(data["series"]))
    if len(lines) > 14:
        raise FigureError(
            f"{len(lines)} lines cannot be told apart.", variable="margins", value=len(lines),
            remedy="take fewer values or groups.",
        )  # fmt: skip
    with print_style():
        figure, axes = sheet(WIDTH, 3.4)
        if margins.kind != "predictions":
            axes.axhline(0.0, color=GREY, linewidth=0.8, zorder=0)
        levels = list(dict.fromkeys(data[chosen]))
        at = data[chosen].astype(float) if number else data[chosen].map(levels.index)
        for position, name in enumerate(lines):
            own = data["series"] == name
            _draw(axes, data[own].assign(at=at[own]), (position, len(lines)), number)
        names = {v: margins.value_label(chosen, v, language) for v in levels} | dict(labels or {})
        _name_levels(axes, levels, number, names, language)
        axes.set_xlabel(wrapped(margins.label(chosen, language), 70))
        axes.set_ylabel(wrapped(_what(margins, data, level, language), 34))
        axes.yaxis.set_major_formatter(NumberTicks(language))
        if title is not None:
            axes.set_title(title)
        if len(lines) > 1:
            legend_below(figure, axes)
        return finished(figure, data, _alt(margins, data, chosen, level, language))


def _table(margins: Margins, alpha: float) -> pd.DataFrame:
    limits = margins.conf_int(alpha=alpha)
    return margins.table.reset_index(drop=True).assign(
        estimate=margins.params.to_numpy(dtype=float),
        conf_low=limits.iloc[:, 0].to_numpy(dtype=float),
        conf_high=limits.iloc[:, 1].to_numpy(dtype=float),
    )


def _along(table: pd.DataFrame, along: str | None) -> str:
    places = [str(c) for c in table.columns if c not in ("variable", "contrast")]
    if along is None:
        counts = {c: table[c].nunique() for c in places}
        several = [c for c in places if counts[c] > 1]
        if several:  # ties go to numbers, then to the first
            return max(
                several,
                key=lambda c: (counts[c], pd.api.types.is_numeric_dtype(table[c].dtype)),
            )
        raise FigureError(
            "The margins are taken at one place; there is nothing to draw them along.",
            variable="margins",
            remedy='give several values or groups: panel.slopes(m, "x", at={"z": [0, 1, 2]}).',
        )
    if along not in places:
        raise FigureError(
            f"The margins were not taken at values of {along!r}.", variable="along", value=along,
            remedy=suggest(along, places),
        )  # fmt: skip
    return along


def _series(
    margins: Margins, data: pd.DataFrame, along: str, labels: Mapping[Any, str], language: str
) -> list[str]:
    """Text of the line that each number belongs to."""
    columns = [c for c in margins.table.columns if c != along and _varies(data[c])]

    def text(row: Mapping[Any, Any], column: str) -> str:
        value = row[column]
        if value in labels:
            return labels[value]
        if column == "variable":
            return margins.label(str(value), language)
        if column == "contrast":
            return margins.contrast_label(str(row["variable"]), str(value), language)
        return f"{margins.label(column, language)} = {_value(margins, column, value, language)}"

    rows = data.to_dict("records")
    return [joined([text(row, c) for c in columns], language) for row in rows]


def _varies(column: pd.Series) -> bool:
    return len(set(column)) > 1


def _value(margins: Margins, name: str, value: Any, language: str) -> str:
    called = margins.value_label(name, value, language)
    if isinstance(value, (float, np.floating)) and called == f"{value:.10g}":  # no label
        whole = float(value).is_integer()
        return number_words(float(value), language, 0 if whole else decimals_for([value]))
    return called


def _draw(axes: Axes, own: pd.DataFrame, place: tuple[int, int], number: bool) -> None:
    """A line with a band where one or two fit, else marks with whiskers beside each other."""
    position, lines = place
    colour, marker, filled = look(position)
    x, y = own["at"].to_numpy(dtype=float), own["estimate"].to_numpy()
    face = colour if filled else "#ffffff"
    line = LINES[position % len(LINES)] if number else ""
    if number and lines <= 2:
        low, high = own["conf_low"], own["conf_high"]
        axes.fill_between(x, low, high, color=colour, alpha=0.16, linewidth=0)
        axes.plot(x, y, color=colour, linestyle=line, marker=marker if len(x) <= 20 else "",
                  markerfacecolor=face, label=own["series"].iloc[0])  # fmt: skip
        return
    step = float(np.diff(np.unique(x)).min()) if len(np.unique(x)) > 1 else 1.0
    beside = (position - (lines - 1) / 2) * 0.5 * step / max(lines, 2)
    axes.errorbar(
        x + beside, y, yerr=np.vstack([y - own["conf_low"], own["conf_high"] - y]), fmt=marker,
        color=colour, linestyle=line, linewidth=0.8, capsize=2.0, elinewidth=1.0, capthick=1.0,
        markerfacecolor=face, label=own["series"].iloc[0],
    )  # fmt: skip


def _name_levels(
    axes: Axes, levels: list[Any], number: bool, labels: Mapping[Any, str], language: str
) -> None:
    """Ticks: categories and few whole numbers, such as years, by themselves."""
    if not number:
        shown = [wrapped(str(labels.get(v, v)), 14) for v in levels]
        axes.set_xticks(range(len(levels)), shown)
    elif len(levels) <= 15 and all(float(v).is_integer() for v in levels):
        axes.set_xticks(levels, [str(int(v)).replace("-", "\N{MINUS SIGN}") for v in levels])
    else:
        axes.xaxis.set_major_formatter(NumberTicks(language))


def _what(margins: Margins, data: pd.DataFrame, level: str, language: str) -> str:
    outcome = margins.depvar_label(language)
    if getattr(margins, "scale", "response") == "index":
        outcome = words("index of", language, what=outcome)
    one = "variable" in data and not _varies(data["variable"])
    variable = margins.label(str(data["variable"].iloc[0]), language) if one else "x"
    key = {"slopes": "slope of", "contrasts": "contrast of", "predictions": "prediction of"}
    return words(key[margins.kind], language, variable=variable, outcome=outcome, level=level)


def _alt(margins: Margins, data: pd.DataFrame, along: str, level: str, language: str) -> str:
    decimals = decimals_for(data["estimate"])
    lines = []
    for name, own in data.groupby("series", sort=False):
        start, end = (number_words(own["estimate"].iloc[i], language, decimals) for i in (0, -1))
        series = name or margins.label(along, language)
        lines.append(words("alt line", language, series=series, start=start, end=end))
    return words(
        "alt margins",
        language,
        what=_what(margins, data, level, language),
        along=margins.label(along, language),
        lines="; ".join(lines),
    )
