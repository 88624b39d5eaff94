"""Observations by two variables: counts, shares or means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from panel.core.expressed import expressed
from panel.core.frame import FloatArray, PanelFrame
from panel.core.labels import value_label
from panel.core.verb import as_frame
from panel.errors import TableError, suggest
from panel.tables.cells import Cell, Number, Row, Section, Span
from panel.tables.groups import BoolArray, groups
from panel.tables.style import Style, preset
from panel.tables.table import Table
from panel.tables.variables import finite, label_of, listed, numeric_variables, variable_notes
from panel.tables.words import words

_SHARES = ("row", "column", "all")


def cross_table(
    frame: PanelFrame | pd.DataFrame,
    rows: str,
    columns: str,
    *,
    share: str | None = None,
    mean: str | None = None,
    labels: Mapping[str, str] | None = None,
    title: str = "",
    notes: str | Sequence[str] = (),
    style: Style | str | None = None,
) -> Table:
    """Observations by the values of two variables, with totals.

    Parameters
    ----------
    frame : the panel, or a DataFrame with a (unit, time) index.
    rows, columns : variables or keys; rows of the frame without a value of either are left out.
    share : percent of the "row", the "column" or "all" instead of counts.
    mean : a variable, or an expression, whose means stand in the cells instead of counts.
    labels : what to call variables and their values, by name.
    title, notes, style : as in :func:`panel.regtable`.

    Returns
    -------
    Table : empty where there is nothing to count or average.

    Raises
    ------
    DataError : neither of them, or keys missing.
    UnknownVariableError : a variable that the frame does not have.
    TableError : another share, a share of means, a mean of text, or no observation.
    """
    frame, style = expressed(as_frame(frame), listed(mean)), preset(style)
    if share is not None and (share not in _SHARES or mean is not None):
        raise TableError(
            f"share={share!r} is not known." if mean is None else "A mean has no share.",
            variable="share",
            value=share,
            remedy=suggest(share, _SHARES) if mean is None else "give share or mean.",
        )
    language = style.language
    down, across = groups(frame, rows), groups(frame, columns)
    both = np.any([*down.values()], axis=0) & np.any([*across.values()], axis=0)
    if not both.any():
        raise TableError(
            f"No observation has both {rows!r} and {columns!r}.",
            variable=rows,
            remedy="choose variables that are there in the same rows.",
        )
    total = words("total", language)
    lines, heads = down | {total: both}, across | {total: both}
    if mean is None:
        explained = [words("shares", language, of=words(f"of {share}", language))] if share else []
        cells = [[_count(a, b, both, share) for b in heads.values()] for a in lines.values()]
    else:
        x, explained = _variable(frame, mean, labels, language)
        cells = [[_mean(x, a & b & both, style) for b in heads.values()] for a in lines.values()]
    said = labels or {}

    def called(of: str, values: Iterable[str]) -> list[str]:
        return [said.get(v) or value_label(v, of, frame, language) for v in values]

    stubs = called(rows, lines)
    body = tuple(Row(name, tuple(c)) for name, c in zip(stubs, cells, strict=True))
    over = Span(label_of(columns, frame, labels, language), len(across))
    below = (label_of(rows, frame, labels, language), *called(columns, heads))
    return Table(
        header=((Span(), over, Span()), tuple(map(Span, below))),
        sections=(Section(body[:-1]), Section(body[-1:])),
        title=title,
        notes=(*((notes,) if isinstance(notes, str) else notes), *explained),
        language=language,
        look=style.look,
    )


def _variable(
    frame: PanelFrame, mean: str, labels: Mapping[str, str] | None, language: str
) -> tuple[FloatArray, list[str]]:
    """The variable to average (n,), and what must be said of it."""
    names = numeric_variables(frame, (mean,))
    data, infinite = finite(frame, names, labels, language)
    name = label_of(mean, frame, labels, language)
    notes = variable_notes(frame, names, labels, language)
    return data[mean].to_numpy(), [words("means of", language, name=name), *infinite, *notes]


def _count(row: BoolArray, column: BoolArray, both: BoolArray, share: str | None) -> Cell:
    """The number of observations in a cell, or percent of those it is a share of."""
    n = int((row & column & both).sum())
    if share is None:
        return Number(n, 0)
    whole = int(({"row": row, "column": column, "all": both}[share] & both).sum())
    return Number(100 * n / whole if whole else float("nan"), 1)


def _mean(x: FloatArray, cell: BoolArray, style: Style) -> Cell:
    seen = x[cell & np.isfinite(x)]
    value = float(seen.mean()) if len(seen) else float("nan")
    return Number(value, style.places(value))
