"""Correlations between the variables of a panel."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import stats as distributions

from panel.core.expressed import expressed
from panel.core.frame import PanelFrame
from panel.core.verb import as_frame
from panel.errors import TableError, suggest
from panel.tables.cells import Cell, Empty, Number, Row, Section, Span
from panel.tables.style import Style, preset
from panel.tables.table import Table
from panel.tables.variables import finite, label_of, listed, numeric_variables, variable_notes
from panel.tables.words import words

METHODS = ("pearson", "spearman")
TRIANGLES = ("lower", "upper", "full")


def correlation_table(
    frame: PanelFrame | pd.DataFrame,
    variables: Sequence[str] | None = None,
    *,
    method: str = "pearson",
    triangle: str = "lower",
    labels: Mapping[str, str] | None = None,
    title: str = "",
    notes: str | Sequence[str] = (),
    style: Style | str | None = None,
) -> Table:
    """Correlations with stars, over the rows in which both variables have figures.

    Parameters
    ----------
    frame : the panel, or a DataFrame with a (unit, time) index; its rows are pooled.
    variables : in the order wanted, expressions among them ("log(gdp)", "gdp / population",
        "L(gdp, 1)"); all that hold numbers, if None.
    method : "pearson", or "spearman" of the ranks among those rows.
    triangle : "lower", "upper" or "full".
    labels, title, notes, style : as in :func:`panel.tables.regtable.regtable`.

    Returns
    -------
    Table : p-values are those of ``r sqrt((n - 2)/(1 - r^2))`` under the t distribution with
        n - 2 degrees of freedom. A correlation with a constant is an empty cell. Infinite cells
        count as missing; the notes say how many there are.

    Raises
    ------
    DataError : neither of them, or keys missing.
    UnknownVariableError : a variable that the frame does not have.
    TableError : a variable of text, or a method or triangle that is not known.
    """
    for name, value, choices in (("method", method, METHODS), ("triangle", triangle, TRIANGLES)):
        if value not in choices:
            raise TableError(
                f"{name}={value!r} is not known.",
                variable=name,
                value=value,
                remedy=suggest(value, choices),
            )
    frame, style = expressed(as_frame(frame), listed(variables)), preset(style)
    language, names = style.language, numeric_variables(frame, variables)
    data, infinite = finite(frame, names, labels, language)
    rows, counts = [], []
    for i, name in enumerate(names):
        cells: list[Cell] = []
        for j, other in enumerate(names):
            if (triangle == "lower" and j > i) or (triangle == "upper" and j < i):
                cells.append(Empty())
                continue
            r, n = _correlation(data[name], data[other], method)
            p = _p_value(r, n) if i != j and style.stars else math.nan
            tested = None if math.isnan(p) else p
            cells.append(Number(r, style.places(r), style.marks(p), p_value=tested))
            counts.append(n)
        rows.append(Row(f"({i + 1}) {label_of(name, frame, labels, language)}", tuple(cells)))
    own = [notes] if isinstance(notes, str) else [*notes]
    few, many = min(counts), max(counts)
    shown = f"{few}" if few == many else f"{few}–{many}"
    own.append(words("pairs", language, method=words(method, language), n=shown))
    if style.stars:
        own += [style.stars_note, words("independence", language)]
    header = (Span(), *(Span(f"({i + 1})") for i in range(len(names))))
    return Table(
        header=(header,),
        sections=(Section(tuple(rows)),),
        title=title,
        notes=(*own, *infinite, *variable_notes(frame, names, labels, language)),
        language=language,
        look=style.look,
        stars=style.stars,
    )


def _correlation(a: pd.Series, b: pd.Series, method: str) -> tuple[float, int]:
    """Correlation and number of rows in which both are there; NaN where one does not vary."""
    both = a.notna() & b.notna()
    x, y = a[both], b[both]
    n = int(both.sum())
    if n < 2 or x.nunique() < 2 or y.nunique() < 2:
        return float("nan"), n
    if method == "spearman":
        x, y = x.rank(), y.rank()
    return float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1)), n


def _p_value(r: float, n: int) -> float:
    if n < 3 or np.isnan(r):
        return float("nan")
    if abs(r) == 1:
        return 0.0
    return float(2 * distributions.t.sf(abs(r) * np.sqrt((n - 2) / (1 - r**2)), n - 2))
