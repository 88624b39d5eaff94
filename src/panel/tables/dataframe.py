"""Cells of a DataFrame."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

import pandas as pd

from panel.tables.cells import Cell, Empty, Number, Numbers, Row, Span, Text, at_least
from panel.tables.style import Style
from panel.tables.terms import Labels, named
from panel.tables.words import words


def rows_of(df: pd.DataFrame, labels: Labels, style: Style) -> tuple[Row, ...]:
    """The rows, with the labels of what the index has."""
    columns = [_cells(df.iloc[:, j], style) for j in range(df.shape[1])]
    return tuple(
        Row(_joined(key, labels), tuple(column[i] for column in columns))
        for i, key in enumerate(df.index)
    )


def header_of(df: pd.DataFrame, labels: Labels) -> tuple[tuple[Span, ...], ...]:
    """A row a level of the columns, with the names of the index over the row labels."""
    stub = ", ".join(_label(n, labels) for n in df.index.names if n is not None)
    levels = df.columns.nlevels
    rows = []
    for level in range(levels):
        last = level == levels - 1
        spans: list[Span] = []
        above: object = None
        for key in df.columns:
            parts = key if isinstance(key, tuple) else (key,)
            words_here, path = _label(parts[level], labels), parts[: level + 1]
            if not last and spans and path == above:
                spans[-1] = Span(words_here, spans[-1].width + 1)
            else:
                spans.append(Span(words_here))
            above = path
        rows.append((Span(stub if last else ""), *spans))
    return tuple(rows)


def cell_of(value: Any, style: Style, places: int | None = None, grouped: bool = True) -> Cell:
    """A value as a cell: with ``places`` decimals or those that suit it, whole numbers as such,
    truth as Yes or No, what is missing as nothing, and the rest as text."""
    if isinstance(value, (Number, Numbers, Text, Empty)):
        return value
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:  # a scalar of numpy
        value = value.item()
    if isinstance(value, bool):
        return Text(words("yes" if value else "no", style.language))
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return Empty()
    if isinstance(value, int) and places is None:
        return Number(value, 0)
    if isinstance(value, (int, float)):
        if places == 0 and float(value).is_integer():
            digits = at_least(value, 0)
        else:
            digits = style.places(value) if places is None else style.beside(value, places)
        return Number(value, digits, grouped=grouped)
    return Text(str(value))


def _label(name: Hashable, labels: Labels) -> str:
    given = named(name, labels) if isinstance(name, str) else None
    return str(name) if given is None else given


def _joined(key: Hashable, labels: Labels) -> str:
    parts = key if isinstance(key, tuple) else (key,)
    return ", ".join(_label(part, labels) for part in parts)


def _cells(series: pd.Series, style: Style) -> list[Cell]:
    """Cells of a column. Numbers that are all whole print as such; years without separators."""
    values = series.tolist()
    numbers = [v for v in values if isinstance(v, (int, float)) and not isinstance(v, bool)]
    finite = [v for v in numbers if math.isfinite(v)]
    whole = all(float(v).is_integer() for v in finite)
    years = whole and all(1000 <= v < 3000 for v in finite)
    places = 0 if whole else style.places(max(map(abs, finite))) or 0
    return [cell_of(v, style, places, not years) for v in values]
