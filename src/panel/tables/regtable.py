"""Table of regressions: coefficients over standard errors, one column a model."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from panel.core.identification import STATISTICS
from panel.errors import TableError, suggest
from panel.tables.cells import Cell, Empty, Number, Row, Section, Span, Text, at_least, decimals
from panel.tables.models import INTERCEPT, ModelColumn, read_model
from panel.tables.style import Style
from panel.tables.table import Table
from panel.tables.words import covariance_words, key_words, known, words

# Statistics that are counts print without decimals.
_COUNTS = ("nobs", "n_units", "n_times", "df_resid", "df_model")
# Statistics that a model may lack without that being a slip of the pen.
_USUAL = ("nobs", "n_units", "n_times", "rsquared", "rsquared_within", "rsquared_adj",
          "rsquared_adj_within", "rsquared_pseudo", "rmse", "fvalue", *STATISTICS)  # fmt: skip


def regtable(
    models: Any,
    *,
    stats: str | Sequence[str] = ("nobs", "rsquared_within", "rsquared"),
    labels: Mapping[str, str] | None = None,
    keep: str | Sequence[str] = (),
    drop: str | Sequence[str] = (),
    title: str = "",
    notes: str | Sequence[str] = (),
    style: Style | None = None,
) -> Table:
    """Table of one or more fitted models.

    Each coefficient stands over its standard error in parentheses; then come the fixed effects,
    then what kind of standard errors, the number of clusters and the statistics. The notes say
    how standard errors were computed, what the stars mean, and whatever the models themselves
    have to say of their sample and variables.

    Parameters
    ----------
    models : one result, a list or tuple of them, or a dict from a heading to a result; of this
        package, statsmodels, linearmodels or pyfixest, mixed as you like.
    stats : statistics in the order wanted, by their names in the result's ``stats``: "nobs",
        "rsquared_within", "rsquared", "rsquared_adj", "rmse", "fvalue", "n_units", ... Of models
        by instruments also "first_stage_f" (one endogenous regressor), "cragg_donald_f", "kp_f",
        "kp_lm" and "kp_lm_p" (Kleibergen and Paap's), "effective_f", "hansen_j" and "hansen_p"
        (Sargan's under "iid"), "ar_f" and "ar_p" (Anderson and Rubin's, all coefficients of
        endogenous regressors zero), by the covariance of the model. A row that no model has a
        value for is left out.
    labels : what to call terms, outcomes, fixed effects, clusters and statistics, by name. The
        labels of the data come next, then the names themselves. One dict may serve every table
        of a paper: names that this table does not have are passed over.
    keep : terms to show, by name or regular expression, in the order of these patterns; all if
        empty. ``keep=("digital", ".")`` shows all with the digital ones first.
    drop : terms not to show, by name or regular expression.
    title : the caption.
    notes : further notes, which come first.
    style : language, decimals and levels of significance.

    Returns
    -------
    Table

    Raises
    ------
    TableError : no model, something that is no model, a pattern that fits no term, or a statistic
        that nobody knows.
    """
    style = style or Style()
    given = dict(models) if isinstance(models, Mapping) else None
    if given is None:
        given = dict(enumerate(models if isinstance(models, (list, tuple)) else [models]))
    if not given:
        raise TableError(
            "There is no model to show.", variable="models", remedy="give one result or several."
        )
    shown = _patterns(stats)
    columns = tuple(read_model(m, style.language, shown) for m in given.values())
    names = tuple(map(str, given)) if isinstance(models, Mapping) else ()
    sheet = _Sheet(columns, style, dict(labels or {}))
    terms = _chosen(columns, _patterns(keep), _patterns(drop))
    sections = (sheet.coefficients(terms), sheet.effects(), sheet.statistics(shown))
    own = (notes,) if isinstance(notes, str) else tuple(notes)
    return Table(
        header=sheet.header(names),
        sections=tuple(s for s in sections if s.rows),
        title=title,
        notes=(*own, *sheet.notes()),
        language=style.language,
    )


@dataclass(frozen=True)
class _Sheet:
    """The models of a table with the words they are described in."""

    columns: tuple[ModelColumn, ...]
    style: Style
    labels: Mapping[str, str]

    def word(self, key: str, **parts: Any) -> str:
        return words(key, self.style.language, **parts)

    def label(self, name: str) -> str:
        """Label of a term, outcome or group: the user's, the data's, or the name."""
        if name in self.labels:
            return self.labels[name]
        for column in self.columns:
            if name in column.labels:
                return column.labels[name]
        if name == INTERCEPT:
            return self.word(INTERCEPT)
        if "^" in name:
            return " × ".join(self.label(part) for part in name.split("^"))
        return key_words(name, self.style.language)

    def header(self, names: tuple[str, ...]) -> tuple[tuple[Span, ...], ...]:
        outcomes = [self.label(column.depvar) for column in self.columns]
        if len(set(outcomes)) == 1:
            over = [Span(self.word("depvar", name=outcomes[0]), len(outcomes))]
        else:
            over = [Span(name, len(list(same))) for name, same in groupby(outcomes)]
        numbers = [Span(f"({j})") for j in range(1, len(outcomes) + 1)]
        rows = [(Span(), *over), (Span(), *numbers)]
        if names:
            rows.insert(1, (Span(), *map(Span, names)))
        return tuple(rows)

    def coefficients(self, terms: Iterable[str]) -> Section:
        rows: list[Row] = []
        for same in self._rows(terms):
            pairs = [self._pair(column, same) for column in self.columns]
            label = self.label(same[0])
            below = self.word("standard error", term=label)
            rows.append(Row(label, tuple(b for b, _ in pairs)))
            rows.append(Row("", tuple(se for _, se in pairs), below))
        return Section(tuple(rows))

    def _rows(self, terms: Iterable[str]) -> list[tuple[str, ...]]:
        """Terms by row: those to which ``labels`` gives one name share a row, unless a model has
        several of them."""
        rows: list[tuple[str, ...]] = []
        place: dict[str, int] = {}
        for term in terms:
            label = self.labels.get(term, "")
            at = place.get(label) if label else None
            if at is None or any({term} < {*c.terms} & {term, *rows[at]} for c in self.columns):
                place[label] = len(rows)
                rows.append((term,))
            else:
                rows[at] = (*rows[at], term)
        return rows

    def _pair(self, column: ModelColumn, same: tuple[str, ...]) -> tuple[Cell, Cell]:
        present = [term for term in same if term in column.terms]
        if not present:
            return Empty(), Empty()
        j = column.terms.index(present[0])
        estimate, error = float(column.estimates[j]), float(column.std_errors[j])
        places = decimals(estimate, self.style.digits)
        stars = self.style.marks(float(column.p_values[j]))
        below = at_least(error, self.style.digits if places is None else places)
        return Number(estimate, places, stars), Number(error, below, brackets="()")

    def effects(self) -> Section:
        """One row a fixed effect, Yes or No; none if no model has any."""
        every = dict.fromkeys(a for column in self.columns for a in column.fixed_effects)
        rows = []
        for effect in every:
            has = [effect in column.fixed_effects for column in self.columns]
            cells = tuple(Text(self.word("yes" if h else "no")) for h in has)
            label = self.labels.get(effect) or self.word("fixed effect", name=self.label(effect))
            rows.append(Row(label, cells))
        return Section(tuple(rows))

    def statistics(self, stats: Sequence[str]) -> Section:
        rows = []
        for key, values in (
            ("method", [column.method for column in self.columns]),
            ("covariance", self._covariances()),
        ):
            if len(set(values)) > 1:
                rows.append(Row(self.word(key), tuple(map(Text, values))))
        for name in dict.fromkeys(g for column in self.columns for g in column.clusters):
            counts = [column.clusters.get(name) for column in self.columns]
            cells = tuple(Empty() if c is None else Number(c, 0) for c in counts)
            rows.append(Row(self.word("clusters", name=self.label(name)), cells))
        for key in stats:
            rows += self._statistic(key)
        return Section(tuple(rows))

    def _statistic(self, key: str) -> list[Row]:
        values = [column.stats.get(key, math.nan) for column in self.columns]
        if all(math.isnan(v) for v in values):
            names = {name for column in self.columns for name in column.stats}
            if key not in names and key not in _USUAL:
                raise TableError(
                    f"No model has a statistic {key!r}.",
                    variable="stats",
                    value=key,
                    remedy=suggest(key, names | {*_USUAL}),
                )
            return []
        label = self.labels.get(key)
        if label is None:
            effects = any(column.fixed_effects for column in self.columns)
            full = f"{key} with effects" if effects else key
            label = self.word(full if known(full) else key) if known(key) else key
        digits = self.style.digits
        places = [0 if key in _COUNTS else decimals(value, digits) for value in values]
        return [Row(label, tuple(Number(v, d) for v, d in zip(values, places, strict=True)))]

    def _covariances(self) -> list[str]:
        language = self.style.language
        return [covariance_words(c.covariance, language, self.label) for c in self.columns]

    def notes(self) -> tuple[str, ...]:
        """How standard errors were computed, the meaning of the stars, what the models say."""
        kinds = set(self._covariances())
        if len(kinds) == 1 and kinds != {""}:
            errors = self.word("errors all", covariance=kinds.pop())
        else:
            errors = self.word("errors in brackets")
        shown = any(self.style.marks(float(p)) for c in self.columns for p in c.p_values)
        said: dict[tuple[int, ...], list[str]] = {}
        for note in dict.fromkeys(note for column in self.columns for note in column.notes):
            at = [j for j, column in enumerate(self.columns, start=1) if note in column.notes]
            said.setdefault(tuple(at), []).append(note)
        every = said.pop(tuple(range(1, len(self.columns) + 1)), [])
        some = (self._of_columns(at, " ".join(together)) for at, together in said.items())
        return (errors, self.style.stars_note if shown else "", *every, *some)

    def _of_columns(self, at: Sequence[int], note: str) -> str:
        """The note, with the numbers of the columns it holds for."""
        shown = ("、" if self.style.language == "zh" else ", ").join(f"({j})" for j in at)
        return self.word("columns" if len(at) > 1 else "column", columns=shown, note=note)


def _patterns(given: str | Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _chosen(
    columns: Sequence[ModelColumn], keep: tuple[str, ...], drop: tuple[str, ...]
) -> tuple[str, ...]:
    """The terms to show, in order; the constant last unless a pattern of ``keep`` names it."""
    every = tuple(dict.fromkeys(term for column in columns for term in column.terms))
    every = tuple(sorted(every, key=lambda term: term == INTERCEPT))
    if keep:
        shown = tuple(dict.fromkeys(t for pattern in keep for t in _matching(pattern, every)))
    else:
        shown = every
    hidden = {t for pattern in drop for t in _matching(pattern, every)}
    left = tuple(term for term in shown if term not in hidden)
    if not left:
        raise TableError(
            "No coefficient is left to show.",
            variable="drop",
            value=drop,
            remedy=f"drop fewer of {', '.join(every)}.",
        )
    return left


def _matching(pattern: str, terms: Sequence[str]) -> list[str]:
    """Terms that a pattern fits: the one of exactly that name, else those it is found in."""
    if pattern in terms:  # log(x) is a name, although it is a regular expression as well
        return [pattern]
    try:
        found = [term for term in terms if re.search(pattern, term)]
    except re.error as error:
        raise TableError(
            f"{pattern!r} is neither a term nor a regular expression: {error}.",
            variable="keep or drop",
            value=pattern,
            remedy=suggest(pattern, terms),
        ) from error
    if not found:
        raise TableError(
            f"No term fits {pattern!r}.",
            variable="keep or drop",
            value=pattern,
            remedy=suggest(pattern, terms),
        )
    return found
