"""Composite indices as a codebook declares them: indicators, and settings as Python spells them."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

from panel.errors import DataError, SourceError, suggest
from panel.indices.aggregate import (
    Aggregate,
    grey_relational,
    topsis,
    weighted_product,
    weighted_sum,
)
from panel.indices.components import factor_weights, pca_weights
from panel.indices.indicators import Directions, directed
from panel.indices.pairwise import ahp_weights
from panel.indices.standardise import (
    Scale,
    goalposts,
    min_max,
    percentile_rank,
    relative_to,
    unit_length,
    z_score,
)
from panel.indices.weighting import (
    Weights,
    combined_weights,
    critic_weights,
    entropy_weights,
    equal_weights,
    expert_weights,
    variation_weights,
)
from panel.sources.entries import Entry

_WEIGHTS = (
    equal_weights, entropy_weights, variation_weights, critic_weights, pca_weights, factor_weights,
    expert_weights, ahp_weights, combined_weights,
)  # fmt: skip
_SCALES = (min_max, goalposts, z_score, percentile_rank, relative_to, unit_length)
_AGGREGATES = (weighted_sum, weighted_product, topsis, grey_relational)

_KEYS = ("label", "indicators", "subsystems", "years", "note")
_ONE_WORD = ("method", "standardise")
_SETTINGS = ("weights", "between", "scale", "aggregate", "yearly")
_STANDARDISE = ("pooled", "by_year")

Setting = TypeVar("Setting", Weights, Scale, Aggregate)
_Functions = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class Index:
    """A composite index; the settings are those of :func:`panel.composite_index`.

    Parameters
    ----------
    indicators : sign by variable, or such a mapping by subsystem.
    subsystems : labels by subsystem; empty without.
    years : over which it is standardised and weighted; the panel's own if None.
    """

    name: str
    label: Mapping[str, str]
    indicators: Directions
    weights: Weights
    between: Weights | None
    scale: Scale
    aggregate: Aggregate
    yearly: bool
    subsystems: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    years: tuple[int, int] | None = None
    note: Mapping[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of its indicators."""
        return tuple(directed(self.indicators)[0])


def read_index(name: str, entry: Entry) -> Index:
    """The index of one entry.

    Raises
    ------
    SourceError : a key, sign or setting that there is not, named with its remedy.
    """
    entry.only(*_KEYS, *_ONE_WORD, *_SETTINGS)
    weights, scale = _weights_and_scale(entry)
    indicators = _indicators(entry)
    nested = [s for s, signs in indicators.items() if isinstance(signs, Mapping)]
    if "between" in entry and not nested:
        raise entry.error(
            "there are no subsystems to weigh.", "between", "leave it out, or write "
            'indicators.access = { density = "+" } for each subsystem.',
        )  # fmt: skip
    labels = entry.table("subsystems")
    labels.only(*nested)
    return Index(
        name=name,
        label=MappingProxyType(entry.labels()),
        indicators=indicators,
        weights=weights,
        between=_setting(entry, "between", Weights, _WEIGHTS) if "between" in entry else None,
        scale=scale,
        aggregate=_setting(entry, "aggregate", Aggregate, _AGGREGATES, "weighted_sum()"),
        yearly=entry.flag("yearly"),
        subsystems=MappingProxyType(
            {s: labels.labels(s) if s in labels else {"en": s} for s in nested}
        ),
        years=entry.span("years"),
        note=MappingProxyType(entry.words("note")),
    )


def _weights_and_scale(entry: Entry) -> tuple[Weights, Scale]:
    """Of ``weights`` and ``scale``, or of ``method = "entropy"``, the usual case in one word."""
    if "method" not in entry:
        if "standardise" in entry:
            raise entry.error(
                "'standardise' goes with method.", "standardise",
                "write scale = \"min_max('year')\" or another scale.",
            )  # fmt: skip
        weights = _setting(entry, "weights", Weights, _WEIGHTS)
        return weights, _setting(entry, "scale", Scale, _SCALES, "min_max()")
    if twice := [key for key in _SETTINGS if key in entry]:
        raise entry.error(
            f"it has method and {twice[0]}.", twice[0],
            'write weights = "entropy_weights()" instead of method = "entropy".',
        )  # fmt: skip
    if entry.text("method") != "entropy":
        raise entry.error(
            f"method {entry.text('method')!r} is not known.", "method",
            'write method = "entropy", or weights = "critic_weights()" or another weighting.',
        )  # fmt: skip
    standardise = entry.text("standardise", "pooled")
    if standardise not in _STANDARDISE:
        raise entry.error(
            f"{standardise!r} is not known.", "standardise", 'write "pooled" or "by_year".'
        )
    return entropy_weights(), min_max("panel" if standardise == "pooled" else "year")


def _indicators(entry: Entry) -> Directions:
    """Sign by indicator, or by subsystem and indicator."""
    given = entry.table("indicators")
    if not given.values:
        raise entry.error(
            "it has no indicators.", "indicators", 'list them with signs: { density = "+" }.'
        )
    try:
        directed(given.values)
    except DataError as error:
        raise entry.error(error.message, "indicators", error.remedy or "mend it.") from error
    return MappingProxyType(dict(given.values))


def _setting(
    entry: Entry,
    key: str,
    kind: type[Setting],
    functions: tuple[Callable[..., Setting], ...],
    default: str | None = None,
) -> Setting:
    """The value of a setting, which is written as in Python: ``"entropy_weights(0.0001)"``.

    Only the functions given can be called, with numbers, texts and mappings: nothing is executed.
    """
    text = entry.text(key, default).strip()
    known = {function.__name__: function for function in functions}
    try:
        made = _value(ast.parse(text, mode="eval").body, known)
    except (SyntaxError, ValueError) as error:
        raise _unread(entry, key, f"{text!r} is not written as in Python.", functions) from error
    except DataError as error:
        raise entry.error(f"{key}: {error.message}", key, error.remedy or "mend it.") from error
    if not isinstance(made, kind):
        raise _unread(entry, key, f"{text!r} is no way to do it.", functions)
    return made


def _unread(
    entry: Entry, key: str, message: str, functions: tuple[Callable[..., Any], ...]
) -> SourceError:
    names = ", ".join(f"{function.__name__}(...)" for function in functions)
    return entry.error(f"{key}: {message}", key, f"write {key} = one of: {names}.")


def _value(node: ast.expr, known: _Functions) -> Any:
    if isinstance(node, ast.Name | ast.Call):
        return _called(node, known)
    try:
        return ast.literal_eval(node)
    except (TypeError, ValueError) as error:
        raise DataError(
            f"{ast.unparse(node)!r} is no number, text, list or mapping.",
            remedy="write numbers and texts only, as 0.5 or 'year'.",
        ) from error


def _called(node: ast.Name | ast.Call, known: _Functions) -> Any:
    name = ast.unparse(node.func if isinstance(node, ast.Call) else node)
    if name not in known:
        raise DataError(f"{name!r} is not known here.", value=name, remedy=suggest(name, known))
    if isinstance(node, ast.Name):
        raise DataError(f"{name} is not called.", value=name, remedy=f"write {name}().")
    arguments = [_value(a, known) for a in node.args]
    options = {k.arg or "**": _value(k.value, known) for k in node.keywords}
    try:
        inspect.signature(known[name]).bind(*arguments, **options)
    except TypeError as error:
        raise DataError(
            f"{name}: {error}.", remedy=f"its form is {name}{inspect.signature(known[name])}."
        ) from error
    return known[name](*arguments, **options)
