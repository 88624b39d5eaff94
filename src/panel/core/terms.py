"""From the terms of a formula to columns of numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from panel.core.categories import dummies
from panel.core.evaluation import ELEMENTARY, as_numbers, evaluate
from panel.core.expansion import FACTOR, SHIFTS
from panel.core.expression import (
    COMPARISONS,
    Binary,
    Call,
    Name,
    Node,
    Number,
    Text,
    Unary,
    names_in,
    parse_expression,
    walk,
    wrapped,
)
from panel.core.measures import check_measures
from panel.errors import FormulaError, NotNumericError

if TYPE_CHECKING:
    from panel.core.frame import FloatArray, PanelFrame

Columns = dict[str, "FloatArray"]
BoolArray = np.ndarray[Any, np.dtype[np.bool_]]


def variables_of(text: str) -> frozenset[str]:
    """Names of the variables a term or expression uses."""
    return names_in(parse_expression(text))


def numbers(text: str, frame: PanelFrame) -> FloatArray:
    """Value (n,) of an expression for every row of the frame; NaN where a figure is missing.

    What is compared with a missing figure is missing too, neither true nor false.

    Raises
    ------
    UnknownVariableError : a variable that the frame does not have.
    NotNumericError : a text variable where a number is needed.
    FormulaError : a function that may not be called, or a comparison of periods with a number.
    UnitError : a sum or comparison of variables in different units.
    """
    node = _by_calendar(parse_expression(text), frame)
    check_measures(node, lambda n: frame.columns[n].unit if n in frame.columns else "")
    try:
        value = as_numbers(evaluate(node, frame.array, _functions(frame)))
    except (TypeError, ValueError) as error:
        raise _text_error(node, frame, text) from error
    undecided = _undecided(node, frame)
    plain = value.ndim == 1 and not bool(undecided.any())
    return value if plain else np.where(undecided, np.nan, value)


def condition(text: str, frame: PanelFrame) -> BoolArray:
    """Which rows (n,) meet a sample condition such as ``year > 2012 & zone == "East"``.

    A row with a missing figure in it does not.

    Raises
    ------
    UnknownVariableError : a variable that the frame does not have.
    FormulaError : the condition is not true or false, or compares text with numbers, or quarters
        with a year: ``quarter >= "2015Q1"``.
    """
    node = _by_calendar(parse_expression(text), frame)
    try:
        value = np.asarray(evaluate(node, frame.array, _functions(frame)))
    except (TypeError, ValueError) as error:
        raise FormulaError(
            f"The sample condition {text!r} compares what cannot be compared.",
            variable=text,
            remedy="compare numbers with numbers and text with text, and join comparisons by &.",
        ) from error
    if value.dtype != bool:
        raise FormulaError(
            f"The sample condition {text!r} is not true or false.",
            variable=text,
            remedy='compare something, for instance year > 2012 or zone == "East".',
        )
    return np.broadcast_to(value, (len(frame),)) & ~_undecided(node, frame)


def _by_calendar(node: Node, frame: PanelFrame) -> Node:
    """The expression with periods such as "2015Q1" as their calendar numbers, where the time key is
    compared with them."""
    times = frame.table.index.levels[1]  # type: ignore[attr-defined]
    if not isinstance(times, pd.PeriodIndex):
        return node
    if isinstance(node, Unary):
        return replace(node, operand=_by_calendar(node.operand, frame))
    if isinstance(node, Call):
        return replace(node, arguments=tuple(_by_calendar(a, frame) for a in node.arguments))
    if not isinstance(node, Binary):
        return node
    sides = [_by_calendar(side, frame) for side in (node.left, node.right)]
    if node.op in COMPARISONS and Name(frame.time) in sides:
        sides = [s if s == Name(frame.time) else _period(s, times, node) for s in sides]
    return replace(node, left=sides[0], right=sides[1])


def _period(node: Node, times: pd.PeriodIndex, comparison: Node) -> Number:
    try:
        if not isinstance(node, Text):
            raise ValueError(f"{node} is no period")
        return Number(str(pd.Period(node.value, times.freqstr).ordinal))
    except ValueError as error:
        raise FormulaError(
            f"{comparison} compares periods with {node}.",
            variable=str(comparison),
            value=str(node),
            remedy=f'write the period as text, such as "{times[0]}".',
        ) from error


def _undecided(node: Node, frame: PanelFrame) -> BoolArray:
    """Rows (n,) in which the expression compares or negates a missing figure."""
    rows = np.zeros(len(frame), dtype=bool)
    for part in walk(node):
        sides: tuple[Node, ...] = ()
        if isinstance(part, Binary) and part.op in COMPARISONS:
            sides = (part.left, part.right)
        elif isinstance(part, Unary) and part.op == "!":
            sides = (part.operand,)
        for side in sides:
            rows |= pd.isna(evaluate(side, frame.array, _functions(frame)))
    return rows


def columns_of(term: str, frame: PanelFrame, *, new: bool = False) -> Columns:
    """Columns (n,) of one term of the right side, by name.

    ``i(zone, ref="East")`` gives a dummy a level, named ``zone::West`` (``core.categories`` has
    its other options); ``poly(x, 2)`` gives the raw powers ``x`` and ``x^2``; ``a:b`` gives
    products, named ``a:b``. A ``new`` frame, of rows to predict, need not have the levels that
    ``i()`` names.
    """
    return _columns(parse_expression(term), frame, new)


def _columns(node: Node, frame: PanelFrame, new: bool, power: int = 0) -> Columns:
    if isinstance(node, Binary) and node.op == ":":
        left, right = (_columns(side, frame, new, FACTOR) for side in (node.left, node.right))
        return {f"{a}:{b}": left[a] * right[b] for a in left for b in right}
    if isinstance(node, Call) and node.function == "i":
        return _dummies(node, frame, new)
    if isinstance(node, Call) and node.function == "poly":
        return _powers(node, frame)
    return {wrapped(node, power): numbers(str(node), frame)}


def _dummies(call: Call, frame: PanelFrame, new: bool) -> Columns:
    own = dummies(call, frame, new=new)
    if len(call.arguments) == 1:
        return own
    by = _columns(call.arguments[1], frame, new)
    return {f"{d}:{b}": own[d] * by[b] for d in own for b in by}


def _powers(call: Call, frame: PanelFrame) -> Columns:
    degree = call.arguments[1] if len(call.arguments) == 2 else None
    if not isinstance(degree, Number) or not degree.text.isdigit() or degree.text == "0":
        raise FormulaError(
            f"{call} needs a variable and a degree.", variable=str(call), remedy="write poly(x, 2)."
        )
    base = numbers(str(call.arguments[0]), frame)
    inner = str(call.arguments[0])
    shown = inner if isinstance(call.arguments[0], (Name, Call)) else f"({inner})"
    powers = range(1, int(degree.text) + 1)
    return {inner if p == 1 else f"{shown}^{p}": base**p for p in powers}


def _functions(frame: PanelFrame) -> Mapping[str, Callable[..., Any]]:
    def shift(sign: int) -> Callable[..., Any]:
        def shifted(values: Any, periods: float = 1.0) -> FloatArray:
            if not float(periods).is_integer():
                raise FormulaError(
                    f"{periods} is not a whole number of periods.", variable="periods",
                    value=periods, remedy="write L(x, 1) for last year.",
                )  # fmt: skip
            rows = np.broadcast_to(as_numbers(values), (len(frame),))
            return frame.shifted(rows, sign * int(periods))

        return shifted

    def difference(values: Any, periods: float = 1.0) -> Any:
        return values - shift(1)(values, periods)

    return {**ELEMENTARY, **{n: shift(s) for n, s in SHIFTS.items()}, "D": difference}


def _text_error(node: Node, frame: PanelFrame, text: str) -> NotNumericError | FormulaError:
    for name in sorted(names_in(node)):
        series = frame[name]
        if pd.api.types.is_numeric_dtype(series.dtype):
            continue
        first = series.dropna()
        value = first.iloc[0] if len(first) else None
        shown = f"{value!r} at {', '.join(map(str, first.index[0]))}" if len(first) else ""
        what, remedy = _held(series, name)
        return NotNumericError(
            f"Variable {name!r} holds {what} ({shown}), but {text!r} needs numbers.",
            variable=name,
            value=value,
            remedy=remedy,
        )
    return FormulaError(
        f"{text!r} has no value.",
        variable=text,
        remedy="see docs/guide/formulas.md for the grammar.",
    )


def _held(series: pd.Series, name: str) -> tuple[str, str]:
    """What a variable that is not of numbers holds, and what to write instead."""
    made = f"frame.assign({name}_year=frame[{name!r}].dt.year)"
    if pd.api.types.is_timedelta64_dtype(series.dtype):
        return "spans of time", f"count days: {made.replace('year', 'days')}."
    if hasattr(series, "dt"):  # dates, or periods of the calendar
        what = "periods" if isinstance(series.dtype, pd.PeriodDtype) else "dates"
        return what, f"take a number from them, such as the year: {made}."
    return "text", f"use i({name}) for its categories, or {name} as a fixed effect."
