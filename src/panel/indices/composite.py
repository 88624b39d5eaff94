"""Composite indices: standardise, weigh, aggregate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from panel.core.column import Column
from panel.core.frame import FloatArray, PanelFrame
from panel.core.headings import Headings, headed
from panel.core.summary import html_table
from panel.core.verb import as_frame
from panel.errors import DataError
from panel.indices.aggregate import Aggregate, weighted_sum
from panel.indices.indicators import Direction, Directions, complete_rows, directed
from panel.indices.standardise import Scale, min_max
from panel.indices.weighting import Weighting, Weights, equal_weights

_EQUAL, _MIN_MAX, _SUM = equal_weights(), min_max(), weighted_sum()

# Headings of the table of weights; components and factors are numbered.
WEIGHTS: Headings = {
    "indicator": ("Indicator", "指标", "Показатель"),
    "label": ("Label", "指标名称", "Название"),
    "direction": ("Direction", "方向", "Направление"),
    "entropy": ("Entropy", "信息熵", "Энтропия"),
    "divergence": ("Divergence", "差异系数", "Степень расхождения"),
    "variation": ("Coefficient of variation", "变异系数", "Коэф. вариации"),
    "sd": ("Standard deviation", "标准差", "Ст. отклонение"),
    "conflict": ("Conflict", "冲突性", "Конфликтность"),
    "component": ("Component", "主成分", "Компонента"),
    "factor": ("Factor", "因子", "Фактор"),
    "first": ("First weights", "第一种权重", "Первые веса"),
    "second": ("Second weights", "第二种权重", "Вторые веса"),
    "subsystem": ("Subsystem", "子系统", "Подсистема"),
    "within": ("Weight within", "子系统内权重", "Вес внутри"),
    "weight": ("Weight", "权重", "Вес"),
}


@dataclass(frozen=True)
class Recipe:
    """All that makes an index of a frame.

    Parameters
    ----------
    indicators : direction by variable.
    subsystems : subsystem by variable; empty without.
    weights, between, scale, aggregate, yearly, name : see :func:`composite_index`.
    """

    indicators: Mapping[str, Direction]
    subsystems: Mapping[str, str]
    weights: Weights
    between: Weights | None
    scale: Scale
    aggregate: Aggregate
    yearly: bool
    name: str

    @property
    def label(self) -> str:
        """The method in words."""
        weights = self.weights.label
        if self.between is not None:
            weights += f" within subsystems, {self.between.label} between them"
        each = ", each year for itself" if self.yearly else ""
        return f"{weights}; {self.scale.label}; {self.aggregate.label}{each}"

    @property
    def expression(self) -> str:
        """The index as a lineage shows it."""
        listed = ", ".join(f"{v}{d}" for v, d in self.indicators.items())
        return f"composite_index({listed}; {self.label})"

    def without(self, indicator: str) -> Recipe:
        """The same with one indicator less."""
        left = {v: d for v, d in self.indicators.items() if v != indicator}
        return replace(self, indicators=left, name=f"without {indicator}")


@dataclass(frozen=True, eq=False)
class CompositeIndex:
    """A composite index and how it came about. It has no unit.

    Parameters
    ----------
    name : of the index.
    scores : by (unit, time), in the frame's order; missing where an indicator is missing or
        infinite. ``frame.assign(x=index.scores)``, or :meth:`assign_to`, which keeps the lineage.
    weights : a row an indicator: label, direction, what the weighting is made of, weight. With
        subsystems also weights within them; weights of years are averaged.
    subsystems : scores of the subsystems by (unit, time), a column each.
    standardised : z by (unit, time), a column an indicator; rows with all of them.
    by_year : weights by year (rows) and indicator.
    stats : figures of the weighting, such as KMO or a consistency ratio.
    notes : what a reader must know.
    recipe : the settings.
    inputs : the indicators as they were.
    n_used, n_missing, n_infinite : rows with all indicators; rows without; rows that have all, but
        an infinite one.
    """

    name: str
    scores: pd.Series
    weights: pd.DataFrame
    subsystems: pd.DataFrame
    standardised: pd.DataFrame
    by_year: pd.DataFrame
    recipe: Recipe
    inputs: PanelFrame
    n_used: int
    n_missing: int
    n_infinite: int
    stats: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def ranks(self) -> pd.Series:
        """Rank within the year, 1 for the highest; equal scores share the better rank."""
        ranked = self.scores.groupby(level=1).rank(ascending=False, method="min")
        return ranked.rename("rank")

    @property
    def df(self) -> pd.DataFrame:
        """Score, rank and subsystems by (unit, time)."""
        return pd.concat([self.scores, self.ranks, self.subsystems], axis=1)

    def labelled(self, language: str = "en") -> pd.DataFrame:
        """:attr:`weights` in English ("en"), Chinese ("zh") or Russian ("ru").

        Raises
        ------
        DataError : another language.
        """
        numbered = {}
        for column in map(str, self.weights):
            kind, _, number = column.partition(" ")
            if number and kind in WEIGHTS:
                en, zh, ru = (f"{word} {number}" for word in WEIGHTS[kind])
                numbered[column] = (en, zh, ru)
        names = [self.inputs.label(str(v), language) for v in self.weights.index]
        return headed(self.weights.assign(label=names), {**WEIGHTS, **numbered}, language)

    @property
    def column(self) -> Column:
        """Metadata of the index as a variable: how it was made and from what."""
        columns = (self.inputs.columns[v] for v in self.recipe.indicators)
        filled = frozenset[Any]().union(*(c.filled for c in columns))
        scored = frozenset(self.scores.index[self.scores.notna()])
        return Column(
            expression=self.recipe.expression,
            inputs=tuple(self.recipe.indicators),
            note="; ".join(self.notes),
            filled=filled & scored,
        )

    def assign_to(self, frame: PanelFrame) -> PanelFrame:
        """``frame`` with the index, and its subsystems, as variables that know how they were made.

        Raises
        ------
        DataError : the frame has a variable of that name.
        """
        made = frame
        for name, values in {self.name: self.scores, **self.subsystems}.items():
            if name in frame:
                raise DataError(
                    f"The frame has a variable {name!r} already.", variable=str(name),
                    remedy="choose another name=, or another name of the subsystem.",
                )  # fmt: skip
            column = self.column
            if name != self.name:
                members = [v for v, s in self.recipe.subsystems.items() if s == name]
                text = f"subsystem {name!r} of {self.recipe.expression}"
                column = column.with_(expression=text, inputs=tuple(members))
            made = made.assign(**{str(name): values})
            known = {k: getattr(column, k) for k in ("expression", "inputs", "note", "filled")}
            made = made.describe(str(name), **known)
        return made

    @property
    def _head(self) -> str:
        infinite = f", {self.n_infinite} with an infinite one" if self.n_infinite else ""
        return (
            f"Index {self.name!r}: {self.n_used} rows, {self.n_missing} without all indicators"
            f"{infinite}; {self.recipe.label}"
        )

    def __str__(self) -> str:
        stats = ", ".join(f"{k} {v:.4g}" for k, v in self.stats.items())
        table = self.weights.to_string(float_format=lambda v: f"{v:.4f}")
        return "\n".join([self._head, table, *([stats] if stats else []), *self.notes])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        stats = ", ".join(f"{k} {v:.4g}" for k, v in self.stats.items())
        below = "".join(f"<p>{escape(t)}</p>" for t in (stats, *self.notes) if t)
        table = html_table(self.weights, float_format=lambda v: f"{v:.4f}")
        return f"<div><p>{escape(self._head)}</p>{table}{below}</div>"


def composite_index(
    frame: PanelFrame | pd.DataFrame,
    indicators: Directions,
    *,
    weights: Weights = _EQUAL,
    between: Weights | None = None,
    scale: Scale = _MIN_MAX,
    aggregate: Aggregate = _SUM,
    yearly: bool = False,
    name: str = "index",
) -> CompositeIndex:
    """Index of several indicators: standardised by ``scale``, weighted, and aggregated.

    Parameters
    ----------
    frame : the panel, or a DataFrame with a (unit, time) index.
    indicators : direction by variable, "+" where more is better and "-" where less is; or such a
        mapping by subsystem. Rows without all indicators have no score and no say.
    weights : of the indicators: ``equal_weights()`` (the default), ``entropy_weights()``,
        ``critic_weights()``, ``variation_weights()``, ``pca_weights()``, ``factor_weights()``,
        ``expert_weights()``, ``ahp_weights()`` or ``combined_weights()``.
    between : of the subsystems, by their scores: indicators are then weighted within their
        subsystem. None weighs all indicators at once, and a subsystem has what its own get.
    scale : ``min_max()`` (the default), ``goalposts()``, ``z_score()``, ``percentile_rank()``,
        ``relative_to()`` or ``unit_length()``.
    aggregate : ``weighted_sum()`` (the default), ``weighted_product()``, ``topsis()`` or
        ``grey_relational()``, within subsystems and between them.
    yearly : weigh and aggregate each year for itself: weights then differ between years, and scores
        of two years cannot be compared. What is called global entropy is the default, all years
        in one table.
    name : of the index.

    Raises
    ------
    UnknownVariableError, NotNumericError : an indicator that the frame does not have, or is text.
    DataError : no indicators, no directions, fewer than two complete rows, an indicator that does
        not vary, or figures that a setting cannot take: see there.

    Source: OECD and JRC (2008), Handbook on Constructing Composite Indicators.
    """
    directions, subsystems = directed(indicators)
    _require_settings(weights=weights, between=between, scale=scale, aggregate=aggregate)
    if name in subsystems.values():
        raise DataError(
            f"The index and a subsystem are both called {name!r}.", variable=name, value=name,
            remedy="give the index another name=.",
        )  # fmt: skip
    if between is not None and not subsystems:
        raise DataError(
            "There are no subsystems to weigh.", variable="between", value=between.label,
            remedy='give {"subsystem": {"variable": "+"}}, or leave between= out.',
        )  # fmt: skip
    recipe = Recipe(directions, subsystems, weights, between, scale, aggregate, yearly, name)
    return build(as_frame(frame), recipe)


def _require_settings(**given: Any) -> None:
    """Stop at a setting that is not of its kind: a name in quotes, a mapping of weights."""
    kinds = {"weights": Weights, "between": Weights, "scale": Scale, "aggregate": Aggregate}
    usual = {"weights": "equal_weights()", "between": "equal_weights()", "scale": "min_max()",
             "aggregate": "weighted_sum()"}  # fmt: skip
    for name, value in given.items():
        if not isinstance(value, kinds[name]) and not (name == "between" and value is None):
            other = ", or panel.expert_weights({...})" if kinds[name] is Weights else ""
            raise DataError(
                f"{name}= is {value!r}, which is no way to do it.", variable=name, value=value,
                remedy=f"give panel.{usual[name]} or another such value{other}.",
            )  # fmt: skip


def build(frame: PanelFrame, recipe: Recipe) -> CompositeIndex:
    """The index of a recipe."""
    rows, complete, missing, infinite = complete_rows(frame, recipe.indicators, recipe.name)
    z = recipe.scale(rows)
    index = frame.table.index
    scores = np.full(len(frame), np.nan)
    labels = tuple(dict.fromkeys(recipe.subsystems[v] for v in rows.names if recipe.subsystems))
    parts = np.full((len(frame), len(labels)), np.nan)
    found = []
    at = np.flatnonzero(complete)
    for block in _blocks(rows.times, recipe.yearly):
        made = _block(z[block], rows.names, labels, recipe)
        scores[at[block]], parts[at[block]] = made.scores, made.parts
        found.append(made)
    last = found[-1].weighting
    per_block = np.array([made.weighting.weights for made in found])
    years = frame.table.index.get_level_values(1)[complete].unique().sort_values()
    by_year = np.broadcast_to(per_block, (len(years), len(rows.names)))
    kept = index[complete]
    return CompositeIndex(
        name=recipe.name,
        scores=pd.Series(scores, index=index, name=recipe.name),
        weights=_table(frame, recipe, rows.names, found),
        subsystems=pd.DataFrame(parts, index=index, columns=list(labels)),
        standardised=pd.DataFrame(z, index=kept, columns=list(rows.names)),
        by_year=pd.DataFrame(by_year.copy(), index=years, columns=list(rows.names)),
        recipe=recipe,
        inputs=frame.select(rows.names),
        n_used=len(at),
        n_missing=missing,
        n_infinite=infinite,
        stats={} if recipe.yearly else last.stats,
        notes=tuple(dict.fromkeys(n for made in found for n in made.weighting.notes)),
    )


@dataclass(frozen=True, eq=False)
class _Made:
    """Scores (rows,), subsystems (rows, k) and weights of rows that are taken together."""

    scores: FloatArray
    parts: FloatArray
    weighting: Weighting


def _block(z: FloatArray, names: tuple[str, ...], labels: tuple[str, ...], recipe: Recipe) -> _Made:
    members = [[j for j, v in enumerate(names) if recipe.subsystems[v] == s] for s in labels]
    parts = np.empty((len(z), len(labels)))
    if recipe.between is None:
        whole = recipe.weights(z, names)
        for k, of in enumerate(members):
            own = whole.weights[of]
            parts[:, k] = _aggregated(z, of, own / own.sum() if own.sum() else own, names, recipe)
        return _Made(recipe.aggregate(z, whole.weights, names), parts, whole)
    within, weights = np.empty(len(names)), np.empty(len(names))
    stats: dict[str, float] = {}
    notes: tuple[str, ...] = ()
    for k, of in enumerate(members):
        inner = recipe.weights(z[:, of], tuple(names[j] for j in of))
        within[of] = inner.weights
        parts[:, k] = _aggregated(z, of, inner.weights, names, recipe)
        stats |= {f"{labels[k]}: {key}": value for key, value in inner.stats.items()}
        notes += tuple(f"{labels[k]}: {note}" for note in inner.notes)
    outer = recipe.between(parts, labels)
    for k, of in enumerate(members):
        weights[of] = within[of] * outer.weights[k]
    stats |= outer.stats
    weighting = Weighting(weights, {"within": within}, stats, notes + outer.notes)
    return _Made(recipe.aggregate(parts, outer.weights, labels), parts, weighting)


def _aggregated(
    z: FloatArray, of: list[int], weights: FloatArray, names: tuple[str, ...], recipe: Recipe
) -> FloatArray:
    return recipe.aggregate(z[:, of], weights, tuple(names[j] for j in of))


def _blocks(times: Any, yearly: bool) -> list[Any]:
    """Masks (n,) of the rows that are weighted together."""
    if yearly:
        return [times == t for t in np.unique(times)]
    return [np.ones(len(times), dtype=bool)]


def _table(
    frame: PanelFrame, recipe: Recipe, names: tuple[str, ...], found: list[_Made]
) -> pd.DataFrame:
    table = pd.DataFrame(index=pd.Index(names, name="indicator"))
    if recipe.subsystems:
        table["subsystem"] = [recipe.subsystems[v] for v in names]
    table["label"] = [frame.label(v) for v in names]
    table["direction"] = [recipe.indicators[v] for v in names]
    shared = [k for k in found[0].weighting.columns if all(k in m.weighting.columns for m in found)]
    for key in shared:
        table[key] = np.mean([made.weighting.columns[key] for made in found], axis=0)
    table["weight"] = np.mean([made.weighting.weights for made in found], axis=0)
    return table
