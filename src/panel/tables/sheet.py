"""The columns of a table of regressions in words and cells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from panel.core.identification import STATISTICS
from panel.errors import TableError, suggest
from panel.tables.cells import Cell, Empty, Number, Numbers, Row, Section, Span, Text
from panel.tables.layout import Item
from panel.tables.models import INTERCEPT, ModelColumn
from panel.tables.style import Style
from panel.tables.terms import Labels, named
from panel.tables.words import covariance_words, key_words, known, words

# Statistics that are counts print without decimals.
_COUNTS = ("nobs", "n_units", "n_times", "df_resid", "df_model")
# Statistics that a model may lack without that being a slip of the pen.
_USUAL = ("nobs", "n_units", "n_times", "rsquared", "rsquared_within", "rsquared_adj",
          "rsquared_adj_within", "rsquared_pseudo", "rmse", "fvalue", "depvar_mean",
          *STATISTICS)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """The models of a table with the words they are described in."""

    columns: tuple[ModelColumn, ...]
    style: Style
    labels: Labels

    def word(self, key: str, **parts: Any) -> str:
        """An entry of the words in the table's language."""
        return words(key, self.style.language, **parts)

    def label(self, name: str) -> str:
        """Label of a term, outcome or group: the user's, the data's, or the name."""
        given = named(name, self.labels)
        if given is not None:
            return given
        for column in self.columns:
            if name in column.labels:
                return column.labels[name]
        if name == INTERCEPT:
            return self.word(INTERCEPT)
        parts = name.split("^")
        if len(parts) > 1 and all(part.isidentifier() for part in parts):  # fixed effects a^b
            return " × ".join(map(self.label, parts))
        return key_words(name, self.style.language)

    def header(self, headings: tuple[tuple[Span, ...], ...]) -> tuple[tuple[Span, ...], ...]:
        """Outcomes, headings and numbers of the columns."""
        outcomes = [self.label(column.depvar) for column in self.columns]
        if len(set(outcomes)) == 1:
            over = [Span(self.word("depvar", name=outcomes[0]), len(outcomes))]
        else:
            over = [Span(name, len(list(same))) for name, same in groupby(outcomes)]
        numbers = [Span(f"({j})") for j in range(1, len(outcomes) + 1)]
        return ((Span(), *over), *headings, (Span(), *numbers))

    # ---- coefficients ------------------------------------------------------------------

    def coefficients(self, terms: Iterable[str]) -> Section:
        """One row a line of the layout and a term."""
        rows = []
        for same in self._rows(terms):
            label = self.label(same[0])
            for i, line in enumerate(self.style.lines):
                cells = tuple(self._cell(column, same, line) for column in self.columns)
                names = [name for item in line for name in self._names(item, label)]
                rows.append(Row("" if i else label, cells, names[0], tuple(names[1:])))
        return Section(tuple(rows))

    def _rows(self, terms: Iterable[str]) -> list[tuple[str, ...]]:
        """Terms by row: those to which ``labels`` gives one name share a row, unless a model has
        several of them."""
        rows: list[tuple[str, ...]] = []
        place: dict[str, int] = {}
        for term in terms:
            label = named(term, self.labels) or ""
            at = place.get(label) if label else None
            if at is None or any({term} < {*c.terms} & {term, *rows[at]} for c in self.columns):
                place[label] = len(rows)
                rows.append((term,))
            else:
                rows[at] = (*rows[at], term)
        return rows

    def _names(self, item: Item, label: str) -> list[str]:
        """What the lines of a statistic are called; a coefficient's after its term."""
        if item.kind == "b":
            return [label]
        whats = ["low", "high"] if item.kind == "ci" else [f"one {item.kind}"]
        return [self.word("part", term=label, what=self.word(what)) for what in whats]

    def _cell(self, column: ModelColumn, same: tuple[str, ...], line: Sequence[Item]) -> Cell:
        present = [term for term in same if term in column.terms]
        if not present:
            return Empty()
        j = column.terms.index(present[0])
        parts = tuple(self._part(column, j, item) for item in line)
        return parts[0] if len(parts) == 1 else Numbers(parts)

    def _part(self, column: ModelColumn, j: int, item: Item) -> Number | Numbers:
        estimate, error = float(column.estimates[j]), float(column.std_errors[j])
        p_value, style = float(column.p_values[j]), self.style
        places = style.places(estimate)
        stars = style.marks(p_value) if item.starred else ""
        if item.kind == "ci":
            limits = () if column.limits is None else column.limits[j]
            sides = tuple(Number(float(v), style.beside(float(v), places)) for v in limits)
            return Numbers(sides, item.brackets)
        values = {"b": estimate, "se": error, "t": math.nan, "p": p_value}
        if error > 0:
            values["t"] = estimate / error
        value = values[item.kind]
        scale = {"b": places, "se": style.beside(error, places), "p": style.p_places}
        digits = scale.get(item.kind, style.places(value))
        tested = p_value if item.starred and not math.isnan(p_value) else None
        return Number(value, digits, stars, item.brackets, p_value=tested)

    # ---- what is in the model ----------------------------------------------------------

    def controls(self, groups: Mapping[str, Sequence[str]]) -> Section:
        """One row a group of terms that are not shown: whether a model has all, some or none."""
        rows = []
        for label, terms in groups.items():
            has = [len({*terms} & {*column.terms}) for column in self.columns]
            said = ["no" if not n else "yes" if n == len(terms) else "some" for n in has]
            rows.append(Row(label, tuple(Text(self.word(s)) for s in said)))
        return Section(tuple(rows))

    def effects(self) -> Section:
        """One row a fixed effect, Yes or No; none if no model has any."""
        every = dict.fromkeys(a for column in self.columns for a in column.fixed_effects)
        rows = []
        for effect in every:
            has = [effect in column.fixed_effects for column in self.columns]
            cells = tuple(Text(self.word("yes" if h else "no")) for h in has)
            given = named(effect, self.labels)
            rows.append(Row(given or self.word("fixed effect", name=self.label(effect)), cells))
        return Section(tuple(rows))

    def groups(self) -> Section:
        """One row that says which group a column is of, where one variable splits the sample."""
        groups = [column.group for column in self.columns]
        names = {group[0] for group in groups if group}
        if len(names) != 1 or len(set(groups)) < 2:
            return Section(())
        cells = tuple(Text(group[1] if group else self.word("all")) for group in groups)
        return Section((Row(self.label(names.pop()), cells),))

    def statistics(self, stats: Sequence[str]) -> Section:
        """Method and covariance where they differ, numbers of clusters, and the statistics."""
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
        label = named(key, self.labels)
        if label is None:
            effects = any(column.fixed_effects for column in self.columns)
            full = f"{key} with effects" if effects else key
            label = self.word(full if known(full) else key) if known(key) else key
        fixed = 0 if key in _COUNTS else self.style.p_places if key.endswith("_p") else None
        places = [self.style.places(v) if fixed is None else fixed for v in values]
        return [Row(label, tuple(Number(v, d) for v, d in zip(values, places, strict=True)))]

    def _covariances(self) -> list[str]:
        language = self.style.language
        return [covariance_words(c.covariance, language, self.label) for c in self.columns]

    # ---- notes -------------------------------------------------------------------------

    def notes(self) -> tuple[str, ...]:
        """What stands in brackets, the meaning of the stars, what the models say."""
        starred = any(item.starred for line in self.style.lines for item in line)
        shown = starred and any(
            self.style.marks(float(p)) for c in self.columns for p in c.p_values
        )
        said: dict[tuple[int, ...], list[str]] = {}
        outside = dict.fromkeys(c.outside for c in self.columns if c.outside)
        merged = [self._outside(outside)] if len(outside) > 1 else []
        alone = {note for note, _, _ in outside} if merged else set()
        notes = dict.fromkeys(note for column in self.columns for note in column.notes)
        for note in (n for n in notes if n not in alone):
            at = [j for j, column in enumerate(self.columns, start=1) if note in column.notes]
            said.setdefault(tuple(at), []).append(note)
        every = said.pop(tuple(range(1, len(self.columns) + 1)), [])
        some = (self._of_columns(at, " ".join(together)) for at, together in said.items())
        stars = self.style.stars_note if shown else ""
        return (*self._brackets(), stars, *every, *merged, *some)

    def _outside(self, samples: Iterable[tuple[str, int, str]]) -> str:
        """One sentence on the rows outside the samples of several columns."""
        stop = "；" if self.style.language == "zh" else "; "
        listed = stop.join(
            f"{self._numbers([j for j, c in enumerate(self.columns, 1) if c.outside == one])} "
            f"{one[1]}, {one[2]}"
            for one in samples
        )
        return self.word("outside", listed=listed)

    def _brackets(self) -> list[str]:
        """What each statistic beside the coefficient is, and how standard errors were computed
        if that is the same in all columns."""
        kinds = set(self._covariances())
        common = kinds.pop() if len(kinds) == 1 else ""
        said = []
        for i, line in enumerate(self.style.lines):
            for item in line:
                if item.kind == "b" and not item.brackets:
                    continue
                where = f"in {item.brackets}" if item.brackets else "below" if i else "beside"
                sentence = self.word(where, what=self.word(item.kind))
                if item.kind == "se" and common:
                    sentence += ("：" if self.style.language == "zh" else ": ") + common
                    common = ""
                said.append(sentence)
        if common:
            said.append(self.word("errors", covariance=common))
        stop = "。" if self.style.language == "zh" else "."
        return [sentence + stop for sentence in said]

    def _of_columns(self, at: Sequence[int], note: str) -> str:
        """The note, with the numbers of the columns it holds for."""
        return self.word(
            "columns" if len(at) > 1 else "column", columns=self._numbers(at), note=note
        )

    def _numbers(self, at: Sequence[int]) -> str:
        return ("、" if self.style.language == "zh" else ", ").join(f"({j})" for j in at)
