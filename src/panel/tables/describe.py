"""Descriptive statistics of a panel's variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from panel.core.expressed import expressed
from panel.core.frame import PanelFrame
from panel.core.labels import value_label
from panel.core.unit_words import unit_words
from panel.core.verb import as_frame
from panel.errors import TableError, suggest
from panel.tables.cells import Cell, Number, Row, Section, Span, Text
from panel.tables.groups import groups
from panel.tables.style import Style, preset
from panel.tables.table import Table
from panel.tables.variables import finite, label_of, listed, numeric_variables, variable_notes
from panel.tables.words import words


def describe_table(
    frame: PanelFrame | pd.DataFrame,
    variables: Sequence[str] | None = None,
    *,
    stats: Sequence[str] = ("n", "mean", "sd", "min", "p50", "max"),
    by: str | None = None,
    labels: Mapping[str, str] | None = None,
    title: str = "",
    notes: str | Sequence[str] = (),
    style: Style | str | None = None,
) -> Table:
    """Descriptive statistics, one row a variable, with its unit.

    Parameters
    ----------
    frame : the panel, or a DataFrame with a (unit, time) index.
    variables : in the order wanted, expressions among them ("log(gdp)", "gdp / population",
        "L(gdp, 1)"); all that hold numbers, if None.
    stats : "n", "missing", "mean", "sd" (divisor n - 1), "min", "max", percentiles "p1" ... "p99"
        (linear between order statistics), and the parts of the standard deviation "sd_between"
        (of the regions' means, each region once) and "sd_within" (of the deviations from them,
        divisor n - 1), as Stata's ``xtsum`` has them.
    by : a variable or key; the statistics are then given for each of its values.
    labels : what to call variables, by name; the frame's labels otherwise.
    title, notes, style : as in :func:`panel.tables.regtable.regtable`.

    Returns
    -------
    Table : infinite cells count as missing; the notes say how many there are.

    Raises
    ------
    DataError : neither of them, or keys missing.
    UnknownVariableError : a variable that the frame does not have.
    TableError : a variable of text, or a statistic that is not known.
    """
    frame, style = expressed(as_frame(frame), listed(variables)), preset(style)
    language, names = style.language, numeric_variables(frame, variables)
    for stat in stats:
        _check(stat)
    units = [unit_words(frame.columns[n].unit, language) if n in frame else "" for n in names]
    head = [Span(words("unit", language))] if any(units) else []
    head += [Span(_heading(stat, language)) for stat in stats]
    data, infinite = finite(frame, names, labels, language)
    sections = []
    every = np.ones(len(frame), dtype=bool)
    for group, rows in (groups(frame, by) if by else {"": every}).items():
        lines = []
        for name, unit in zip(names, units, strict=True):
            series = data.loc[rows, name]
            cells: list[Cell] = [Text(unit)] if any(units) else []
            cells += _numbers({stat: _statistic(series, stat) for stat in stats}, style)
            lines.append(Row(label_of(name, frame, labels, language), tuple(cells)))
        sections.append(
            Section(tuple(lines), value_label(group, by, frame, language) if by else "")
        )
    own = [notes] if isinstance(notes, str) else [*notes]
    if {"sd_between", "sd_within"} & set(stats):
        unit = label_of(frame.unit, frame, labels, language).lower()
        own.append(words("decomposition", language, unit=unit))
    return Table(
        header=((Span(words("variable", language)), *head),),
        sections=tuple(sections),
        title=title,
        notes=(*own, *infinite, *variable_notes(frame, names, labels, language)),
        language=language,
        look=style.look,
    )


def _between(series: pd.Series) -> float:
    return float(series.groupby(level=0).mean().std())


def _within(series: pd.Series) -> float:
    return float((series - series.groupby(level=0).transform("mean")).std())


_STATISTICS: Mapping[str, Callable[[pd.Series], float]] = {
    "n": lambda s: s.count(),
    "missing": lambda s: s.isna().sum(),
    "mean": lambda s: s.mean(),
    "sd": lambda s: s.std(),
    "sd_between": _between,
    "sd_within": _within,
    "min": lambda s: s.min(),
    "max": lambda s: s.max(),
}


_COUNTS = ("n", "missing")


def _percentile(stat: str) -> int | None:
    match = re.fullmatch(r"p([1-9]\d?)", stat)
    return int(match[1]) if match else None


def _check(stat: str) -> None:
    if stat not in _STATISTICS and _percentile(stat) is None:
        raise TableError(
            f"Statistic {stat!r} is not known.",
            variable="stats",
            value=stat,
            remedy=suggest(stat, [*_STATISTICS, "p25", "p50", "p75"]),
        )


def _heading(stat: str, language: str) -> str:
    if stat in _STATISTICS or stat == "p50":
        return words(stat, language)
    return words("percentile", language, q=_percentile(stat))


def _statistic(series: pd.Series, stat: str) -> float:
    quantile = _percentile(stat)
    if quantile is not None:
        return float(series.quantile(quantile / 100))
    return float(_STATISTICS[stat](series))


def _numbers(values: Mapping[str, float], style: Style) -> list[Number]:
    """Cells of a variable, with as many decimals as suit the largest statistic."""
    measured = [abs(v) for stat, v in values.items() if stat not in _COUNTS and np.isfinite(v)]
    places = style.places(max(measured, default=0.0)) or 0
    return [
        Number(value, 0 if stat in _COUNTS else style.beside(value, places))
        for stat, value in values.items()
    ]
