"""Means by group, their difference, and whether it may be chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import stats as distributions

from panel.core.absorber import IntArray
from panel.core.expressed import expressed
from panel.core.frame import FloatArray, PanelFrame
from panel.core.labels import value_label
from panel.core.verb import as_frame
from panel.errors import TableError
from panel.tables.cells import Cell, Empty, Number, Row, Section, Span
from panel.tables.groups import BoolArray, groups
from panel.tables.style import Style, preset
from panel.tables.table import Table
from panel.tables.variables import finite, label_of, listed, numeric_variables, variable_notes
from panel.tables.words import covariance_words, words

_NAN = float("nan")
UNIT = "unit"


def balance_table(
    frame: PanelFrame | pd.DataFrame,
    variables: Sequence[str] | None,
    by: str,
    *,
    cluster: str | None = UNIT,
    labels: Mapping[str, str] | None = None,
    title: str = "",
    notes: str | Sequence[str] = (),
    style: Style | str | None = None,
) -> Table:
    """Means and standard deviations by group, and a test that the means are equal.

    With two groups the difference of the second from the first stands with its standard error and
    p-value, and over the root of the mean of the two variances (Imbens and Rubin's normalised
    difference); with more groups the F statistic that all means are equal.

    Parameters
    ----------
    frame : the panel, or a DataFrame with a (unit, time) index.
    variables : in the order wanted, expressions among them ("log(gdp)", "gdp / population");
        all that hold numbers, if None.
    by : the variable or key whose values are the groups.
    cluster : the variable within whose values errors may be correlated; "unit" for the regions.
        None for independent rows.
    labels, title, notes, style : as in :func:`panel.regtable`.

    Returns
    -------
    Table : the test is that of a regression on dummies of the groups with CR1 standard errors,
        factor ``G/(G - 1) (n - 1)/(n - k)``, and G - 1 degrees of freedom; with HC1 and n - k for
        independent rows. Empty where a group has one cluster only, whose mean has no variance.

    Raises
    ------
    DataError : neither of them, or keys missing.
    UnknownVariableError : a variable that the frame does not have.
    TableError : a variable of text, or fewer than two groups.
    """
    frame, style = expressed(as_frame(frame), listed(variables)), preset(style)
    language, names = style.language, numeric_variables(frame, variables)
    parts = groups(frame, by)
    if len(parts) < 2:
        raise TableError(
            f"{by!r} has {len(parts)} value, and a comparison needs two groups.",
            variable=by,
            value=list(parts),
            remedy="name a variable with two values or more.",
        )
    if cluster == UNIT and UNIT not in frame:
        cluster = frame.unit
    names = tuple(n for n in names if n != by)
    data, infinite = finite(frame, names, labels, language)
    codes = None if cluster is None else pd.factorize(frame[cluster])[0]
    lonely = codes is not None and any(len(np.unique(codes[p])) < 2 for p in parts.values())
    rows = []
    for name in names:
        x = data[name].to_numpy()
        test = _test(x, list(parts.values()), codes)
        cells = _cells(x, list(parts.values()), test, style)
        rows.append(Row(label_of(name, frame, labels, language), cells))
    return Table(
        header=_header([value_label(p, by, frame, language) for p in parts], language),
        sections=(Section(tuple(rows)), Section((_counts(list(parts.values()), language),))),
        title=title,
        notes=(
            *((notes,) if isinstance(notes, str) else notes),
            *_errors_notes(frame, cluster, labels, language),
            words("normalised means", language) if len(parts) == 2 else "",
            words("one cluster", language) if lonely else "",
            style.stars_note,
            *infinite,
            *variable_notes(frame, names, labels, language),
        ),
        language=language,
        look=style.look,
        stars=style.stars,
    )


def _test(
    x: FloatArray, parts: Sequence[BoolArray], codes: IntArray | None
) -> tuple[float, float, float, float]:
    """Difference (of two groups; else the F statistic), its standard error, p-value and the
    normalised difference; NaN for what there is not."""
    seen = np.isfinite(x) & np.any(parts, axis=0) & (codes >= 0 if codes is not None else True)
    inside = np.array([part & seen for part in parts])  # (k, n)
    sizes = inside.sum(axis=1)
    if (sizes < 2).any():
        return (_NAN,) * 4
    means = np.array([x[rows].mean() for rows in inside])
    variances = np.array([x[rows].var(ddof=1) for rows in inside])
    influence = np.where(inside, x - means[:, None], 0.0) / sizes[:, None]  # (k, n)
    n, k = int(seen.sum()), len(parts)
    clusters = np.arange(len(x)) if codes is None else codes
    held = [np.unique(clusters[rows]) for rows in inside]
    if any(len(h) < 2 for h in held):
        sums = np.full((k, 2), _NAN)
    else:
        _, joint = np.unique(clusters[seen], return_inverse=True)
        sums = np.array([np.bincount(joint, weights=row[seen]) for row in influence])  # (k, G)
    count = sums.shape[1]
    covariance = sums @ sums.T * (count / (count - 1) * (n - 1) / (n - k))
    df = count - 1 if codes is not None else n - k
    contrast = np.hstack([-np.ones((k - 1, 1)), np.eye(k - 1)])
    gap, spread = contrast @ means, contrast @ covariance @ contrast.T
    if k == 2:
        error = float(np.sqrt(spread[0, 0]))
        t = abs(gap[0]) / error if error > 0 else _NAN
        scale = float(np.sqrt(variances.mean()))
        normal = float(gap[0]) / scale if scale > 0 else _NAN
        return float(gap[0]), error, float(2 * distributions.t.sf(t, df)), normal
    if not np.isfinite(spread).all() or np.linalg.matrix_rank(spread, hermitian=True) < k - 1:
        return (_NAN,) * 4
    f = float(gap @ np.linalg.solve(spread, gap)) / (k - 1)
    return f, _NAN, float(distributions.f.sf(f, k - 1, df)), _NAN


def _cells(
    x: FloatArray,
    parts: Sequence[BoolArray],
    test: tuple[float, float, float, float],
    style: Style,
) -> tuple[Cell, ...]:
    figures = [x[part & np.isfinite(x)] for part in parts]
    pairs = [
        (float(f.mean()) if len(f) else _NAN, float(f.std(ddof=1)) if len(f) > 1 else _NAN)
        for f in figures
    ]
    largest = max((abs(v) for pair in pairs for v in pair if np.isfinite(v)), default=0.0)
    places = style.places(largest) or 0
    cells: list[Cell] = [Number(v, style.beside(v, places)) for p in pairs for v in p]
    value, error, p, normal = test
    tested = None if np.isnan(p) else p
    if len(parts) == 2:
        digits = style.beside(value, places)
        cells.append(Number(value, digits, style.marks(p), p_value=tested))
        cells.append(Number(error, style.beside(error, places), brackets="()"))
        return (*cells, Number(p, style.p_places), Number(normal, style.places(normal)))
    cells.append(Number(value, style.places(value), style.marks(p), p_value=tested))
    return (*cells, Number(p, style.p_places))


def _header(names: Sequence[str], language: str) -> tuple[tuple[Span, ...], ...]:
    two = len(names) == 2
    heads = ["difference", "SE", "one p", "normalised"] if two else ["F", "one p"]
    last = words("difference" if two else "equality", language)
    below = [Span(words(w, language)) for _ in names for w in ("mean", "sd")]
    below += [Span(words(w, language)) for w in heads]
    over = [Span(name, 2) for name in names]
    return (
        (Span(), *over, Span("" if two else last, len(heads))),
        (Span(words("variable", language)), *below),
    )


def _counts(parts: Sequence[BoolArray], language: str) -> Row:
    cells: list[Cell] = []
    for part in parts:
        cells += [Number(int(part.sum()), 0), Empty()]
    cells += [Empty()] * (4 if len(parts) == 2 else 2)
    return Row(words("nobs", language), tuple(cells))


def _errors_notes(
    frame: PanelFrame, cluster: str | None, labels: Mapping[str, str] | None, language: str
) -> tuple[str, ...]:
    def name(variable: str) -> str:
        return label_of(variable, frame, labels, language)

    kind = "heteroskedasticity-robust (HC1)" if cluster is None else f"clustered by {cluster}"
    said = words("errors", language, covariance=covariance_words(kind, language, name))
    stop = "。" if language == "zh" else "."
    return (said + stop, *([words("independence", language)] if cluster is None else []))
