"""Table of regressions: coefficients over standard errors, one column a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from panel.errors import TableError
from panel.tables.cells import Row, Section
from panel.tables.dataframe import cell_of
from panel.tables.headings import flattened
from panel.tables.models import read_model
from panel.tables.sheet import Sheet
from panel.tables.style import Style, preset
from panel.tables.table import Table
from panel.tables.terms import Labels, Patterns, chosen, every_term, matching, patterns
from panel.tables.words import words


def regtable(
    models: Any,
    *,
    stats: str | Sequence[str] = ("nobs", "rsquared_within", "rsquared"),
    labels: Labels | None = None,
    keep: Patterns = (),
    drop: Patterns = (),
    controls: Patterns | Mapping[str, Patterns] = (),
    add_rows: Mapping[str, Sequence[Any]] | pd.DataFrame | None = None,
    title: str = "",
    notes: str | Sequence[str] = (),
    style: Style | str | None = None,
) -> Table:
    r"""Table of one or more fitted models.

    Each coefficient stands over its standard error in parentheses; then come controls and fixed
    effects, then the group where a variable splits the sample (headings given say it themselves),
    what kind of standard errors, the number of clusters and the statistics. The notes say what
    stands in brackets and how it was computed, what the stars mean, and whatever the models
    themselves have to say of their sample and variables.

    Parameters
    ----------
    models : one result, a list or tuple of them, or a dict from a heading to a result; of this
        package, statsmodels, linearmodels or pyfixest, mixed as you like. A heading may stand over
        several results: its entry is then a list, or a dict of further headings.
    stats : statistics in the order wanted, by their names in the result's ``stats``: "nobs",
        "rsquared_within", "rsquared", "rsquared_adj", "rmse", "fvalue", "n_units", ... and
        "depvar_mean", the (weighted) mean of the outcome. Of models by instruments also
        "first_stage_f" (one endogenous regressor), "cragg_donald_f", "kp_f", "kp_lm" and
        "kp_lm_p" (Kleibergen and Paap's), "effective_f", "hansen_j" and "hansen_p" (Sargan's under
        "iid"), "ar_f" and "ar_p" (Anderson and Rubin's, all coefficients of endogenous regressors
        zero), by the covariance of the model. A row that no model has a value for is left out.
    labels : what to call terms, outcomes, fixed effects, clusters and statistics, by name or
        compiled pattern: ``{re.compile(r"zone::(.+)"): r"Zone \1"}``. The labels of the data come
        next, then the names themselves. One dict may serve every table of a paper: names that this
        table does not have are passed over.
    keep : terms to show, by name or regular expression, in the order of these patterns; all if
        empty. ``keep=("digital", ".")`` shows all with the digital ones first.
    drop : terms not to show, by name or regular expression.
    controls : terms to say Yes, No or Some of instead of showing them, by name or regular
        expression; a dict gives several such rows their names.
    add_rows : rows of your own under the statistics: values in the order of the columns by label,
        or a DataFrame with a row each.
    title : the caption.
    notes : further notes, which come first.
    style : language, decimals, stars and layout, or the name of a preset; the one set by
        :func:`panel.use_style`, if None.

    Returns
    -------
    Table

    Raises
    ------
    TableError : no model, something that is no model, a pattern that fits no term, a statistic
        that nobody knows, or a row of another length than the table.
    """
    style = preset(style)
    given, headings = flattened(models)
    shown = patterns(stats)
    columns = tuple(read_model(m, style.language, shown) for m in given)
    sheet = Sheet(columns, style, labels or {})
    groups = _controls(every_term(columns), controls, style.language)
    hidden = {term for terms in groups.values() for term in terms}
    left = [term for term in every_term(columns) if term not in hidden]
    terms = chosen(left, keep, drop)
    statistics = sheet.statistics(shown)
    split = () if headings else sheet.groups().rows  # headings say what a column is of
    sections = (
        sheet.coefficients(terms),
        Section(sheet.controls(groups).rows + sheet.effects().rows),
        Section(split + statistics.rows + _added(add_rows, len(columns), style)),
    )
    own = (notes,) if isinstance(notes, str) else tuple(notes)
    return Table(
        header=sheet.header(headings),
        sections=tuple(s for s in sections if s.rows),
        title=title,
        notes=(*own, *sheet.notes()),
        language=style.language,
        look=style.look,
        stars=style.stars,
    )


def _controls(
    every: Sequence[str], controls: Patterns | Mapping[str, Patterns], language: str
) -> dict[str, tuple[str, ...]]:
    """Terms by the name of their row."""
    if not controls:
        return {}
    given = controls if isinstance(controls, Mapping) else {words("controls", language): controls}
    return {
        str(label): tuple(dict.fromkeys(t for p in patterns(of) for t in matching(p, every)))
        for label, of in given.items()
    }


def _added(
    rows: Mapping[str, Sequence[Any]] | pd.DataFrame | None, width: int, style: Style
) -> tuple[Row, ...]:
    """The user's rows."""
    if isinstance(rows, pd.DataFrame):
        rows = {str(label): row.tolist() for label, row in rows.astype(object).iterrows()}
    found = []
    for label, values in (rows or {}).items():
        if not isinstance(values, (list, tuple, np.ndarray, pd.Series)) or len(values) != width:
            raise TableError(
                f"The row {label!r} must have a value for each of the {width} columns.",
                variable="add_rows",
                value=values,
                remedy="give a list of that length, with None for an empty cell.",
            )
        found.append(Row(str(label), tuple(cell_of(v, style) for v in values)))
    return tuple(found)
