"""Variations of a model: what each kind of change does to its formula and its data."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from panel.core.expression import (
    Binary,
    Call,
    Name,
    Node,
    Number,
    Slopes,
    Text,
    Unary,
    parse_expression,
)
from panel.core.formula import Spec, parse
from panel.core.frame import PanelFrame
from panel.core.terms import variables_of
from panel.errors import FormulaError, StudyError, UnknownRegionError, suggest
from panel.sources.regions import candidates, spelling

# Every kind of change, in the order in which changes are made.
KINDS = (
    *("formula", "replace", "lag", "controls", "absorb", "weights", "sample", "drop", "periods"),
    *("frame", "winsorise", "estimator", "vcov"),
)


@dataclass(frozen=True)
class Model:
    """One specification: the model and the coefficient that is looked at.

    ``focus`` is a term of one column, in canonical spelling.
    """

    spec: Spec
    focus: str


def changed(model: Model, change: Mapping[str, Any], frame: PanelFrame) -> Model:
    """The model after all changes that concern the formula; see :func:`panel.battery`.

    Raises
    ------
    FormulaError, StudyError, UnknownRegionError : a change that cannot be made.
    """
    steps: dict[str, Callable[[Model, Any], Model]] = {
        "formula": _with_formula,
        "replace": _with_replaced,
        "lag": _with_lag,
        "controls": _with_controls,
        "absorb": _with_effects,
        "weights": _with_weights,
        "sample": _with_sample,
        "drop": lambda m, gone: _with_sample(m, _without(gone, frame)),
        "periods": lambda m, span: _with_sample(m, _between(span, frame)),
    }
    for kind, step in steps.items():
        if kind in change:
            model = step(model, change[kind])
    return model


def canonical(term: str) -> str:
    """One term as a formula spells it.

    Raises
    ------
    FormulaError : not one term.
    """
    found = parse(f"y ~ {term}").x
    if len(found) != 1 or found == ("0",):
        raise FormulaError(
            f"{term!r} is not one term.", variable="focus", value=term, remedy="name one regressor."
        )
    return found[0]


def _with_formula(model: Model, formula: Any) -> Model:
    spec = formula if isinstance(formula, Spec) else parse(formula)
    kept = replace(
        spec, weights=spec.weights or model.spec.weights, sample=spec.sample or model.spec.sample
    )
    return replace(model, spec=kept)


def _with_replaced(model: Model, pairs: Any) -> Model:
    if not isinstance(pairs, Mapping) or not pairs:
        raise StudyError(
            f"What is replaced by what is given as {pairs!r}.",
            variable="replace",
            value=pairs,
            remedy='write {"replace": {"x": "another_x"}}.',
        )
    spec, focus = model.spec, model.focus
    for old, new in pairs.items():
        spec, before = _replaced(spec, old, new), spec
        if spec == before and str(parse_expression(old)) != str(parse_expression(new)):
            known = {*before.terms, *before.endogenous, before.y}
            known |= {v for text in known for v in variables_of(text)}
            raise FormulaError(
                f"{old!r} is not in the model {before}.",
                variable=old,
                value=new,
                remedy=suggest(old, known),
            )
        focus = canonical(_text_replaced(focus, old, new))
    return Model(spec, focus)


def _replaced(spec: Spec, old: str, new: str) -> Spec:
    """The model with a term or variable replaced in outcome, regressors and instruments."""

    def each(terms: Iterable[str]) -> tuple[str, ...]:
        swapped = (_text_replaced(term, old, new) for term in terms)
        return tuple(t for term in swapped for t in (parse(f"y ~ {term}").x if term else ()))

    fixed = ("0",) if "0" in spec.x else ()
    return replace(
        spec,
        y=_text_replaced(spec.y, old, new),
        x=(*each(spec.terms), *fixed),
        endogenous=each(spec.endogenous),
        instruments=each(spec.instruments),
    )


def _text_replaced(text: str, old: str, new: str) -> str:
    node, sought, given = map(parse_expression, (text, old, new))
    if str(node) == str(sought):
        return str(given)
    return str(_substituted(node, sought.name, given)) if isinstance(sought, Name) else text


def _substituted(node: Node, name: str, by: Node) -> Node:
    """The expression with another in place of a variable."""
    if isinstance(node, Name):
        return by if node.name == name else node
    if isinstance(node, Call):
        inner = tuple(_substituted(a, name, by) for a in node.arguments)
        options = tuple((k, _substituted(v, name, by)) for k, v in node.options)
        return replace(node, arguments=inner, options=options)
    if isinstance(node, Unary):
        return replace(node, operand=_substituted(node.operand, name, by))
    if isinstance(node, Binary):
        left, right = (_substituted(n, name, by) for n in (node.left, node.right))
        return replace(node, left=left, right=right)
    if isinstance(node, Slopes):
        slopes = tuple(_substituted(v, name, by) for v in node.variables)
        return replace(node, group=_substituted(node.group, name, by), variables=slopes)
    return node


def _with_lag(model: Model, periods: Any) -> Model:
    if isinstance(periods, bool) or not isinstance(periods, int) or periods < 1:
        raise StudyError(
            f"A lag of {periods!r} periods is not a whole number from 1 on.",
            variable="lag",
            value=periods,
            remedy="write 1 for last year's value.",
        )
    lagged = canonical(f"L({model.focus}, {periods})")

    def each(terms: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(lagged if t == model.focus else t for t in terms)

    spec = replace(model.spec, x=each(model.spec.x), endogenous=each(model.spec.endogenous))
    return Model(spec, lagged)


def _with_controls(model: Model, controls: Any) -> Model:
    spec = model.spec
    terms = parse(f"y ~ {controls}").x if controls else ()
    own = tuple(t for t in spec.x if t in (model.focus, "0"))
    return replace(model, spec=replace(spec, x=tuple(dict.fromkeys((*own, *terms)))))


def _with_effects(model: Model, effects: Any) -> Model:
    absorb = parse(f"y ~ 1 | {effects}").absorb if effects else ()
    return replace(model, spec=replace(model.spec, absorb=absorb))


def _with_weights(model: Model, weights: Any) -> Model:
    return replace(model, spec=replace(model.spec, weights=None).with_(weights, None))


def _with_sample(model: Model, condition: Any) -> Model:
    return replace(model, spec=model.spec.with_(None, condition))


def _without(gone: Any, frame: PanelFrame) -> str:
    """The condition that leaves out regions and years, or the rows with values of variables."""
    if isinstance(gone, Mapping):
        return " & ".join(_unless(str(name), _listed(v), frame) for name, v in gone.items())
    keys = [_key(one, frame) for one in _listed(gone)]
    return " & ".join(_unequal(name, value) for name, value in keys)


def _listed(given: Any) -> list[Any]:
    single = isinstance(given, str) or not isinstance(given, Iterable)
    if not single and not (found := list(given)):
        raise StudyError(
            "Nothing is left out.", variable="drop", value=given,
            remedy='name regions, years, or values of a variable: {"zone": "West"}.',
        )  # fmt: skip
    return [given] if single else found


def _key(one: Any, frame: PanelFrame) -> tuple[str, Any]:
    """The key and its value that a region, as in the frame or as it is usually spelled, or a
    year means."""
    if one in frame.units:
        return frame.unit, one
    if isinstance(one, (int, np.integer)) and one in frame.times:
        return frame.time, int(one)
    with contextlib.suppress(UnknownRegionError):
        here = [r.code for r in candidates(spelling(one)) if r.code in frame.units]
        if len(here) == 1:
            return frame.unit, here[0]
    raise UnknownRegionError(
        f"{one!r} is not a {frame.unit} or {frame.time} of the frame {frame.name!r}.",
        variable="drop",
        value=one,
        remedy=suggest(str(one), map(str, (*frame.units, *frame.times))),
    )


def _unless(name: str, gone: list[Any], frame: PanelFrame) -> str:
    """The condition that a variable has none of the values.

    No value is unequal to all, but a condition is not met by one: where some are missing, the
    regions that have the values are named instead.
    """
    values = frame[name]
    for value in gone:
        if not (values == value).any():
            raise StudyError(
                f"{name!r} has no value {value!r}.",
                variable="drop",
                value=value,
                remedy=suggest(str(value), map(str, values.dropna().unique())),
            )
    if not values.isna().any():
        return " & ".join(_unequal(name, value) for value in gone)
    out = values.isin(gone).groupby(level=0).agg(["all", "any"])
    if not out["all"].equals(out["any"]):
        raise StudyError(
            f"{name!r} is missing in some rows, and is not the same in all years of a region.",
            variable="drop",
            value=name,
            remedy="name the regions or years themselves, or give a sample condition.",
        )
    return " & ".join(_unequal(frame.unit, unit) for unit in out.index[out["all"]])


def _unequal(name: str, value: Any) -> str:
    shown = Text(value) if isinstance(value, str) else Number(str(value))
    return str(Binary("!=", Name(name), shown))


def _between(span: Any, frame: PanelFrame) -> str:
    """The condition that only years from the first to the last are used."""
    pair = list(span) if isinstance(span, (tuple, list)) else []
    whole = len(pair) == 2 and all(isinstance(y, (int, np.integer)) for y in pair)
    if not whole or pair[0] > pair[1] or not isinstance(frame.times[0], (int, np.integer)):
        raise StudyError(
            f"Periods are given as {span!r}.",
            variable="periods",
            value=span,
            remedy="give the first and the last year, (2016, 2020); of quarters or months give "
            "a sample condition.",
        )
    name = Name(frame.time)
    return f"{name} >= {pair[0]} & {name} <= {pair[1]}"


def winsorised(frame: PanelFrame, spec: Spec, share: Any) -> PanelFrame:
    """The frame with the model's variables drawn in to their quantiles at both ends.

    Variables of outcome, regressors and instruments that hold more than two different numbers;
    keys stay as they are. ``share`` is that of each end, or a pair, of all rows with a figure;
    quantiles interpolate linearly (Hyndman and Fan's type 7).
    """
    low, high = share if isinstance(share, (tuple, list)) and len(share) == 2 else (share, share)
    for value in (low, high):
        number = isinstance(value, Real) and not isinstance(value, bool)
        if not number or not 0 <= value < 0.5:
            raise StudyError(
                f"The share {share!r} to winsorise is not between 0 and one half.",
                variable="winsorise",
                value=share,
                remedy="write 0.01 for the lowest and the highest percent.",
            )
    texts = (spec.y, *spec.terms, *spec.endogenous, *spec.instruments)
    names = sorted({v for text in texts for v in variables_of(text) if v in frame})
    table = frame.table.copy()
    for name in names:
        values = frame.table[name]
        if pd.api.types.is_numeric_dtype(values.dtype) and values.nunique() > 2:
            column = values.to_numpy(dtype=np.float64)
            ends = np.nanquantile(column, [low, 1 - high])
            table[name] = np.clip(column, *ends)
    return PanelFrame(table, frame.unit, frame.time, frame.columns, frame.name)
