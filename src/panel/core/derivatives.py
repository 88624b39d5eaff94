"""Derivatives of the columns of a formula with respect to a variable, exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from panel.core.expansion import SHIFTS
from panel.core.expression import (
    Binary,
    Call,
    Name,
    Node,
    Number,
    Unary,
    names_in,
    parse_expression,
    parts,
    walk,
)
from panel.core.terms import Columns, columns_of, numbers
from panel.errors import FormulaError

if TYPE_CHECKING:
    from panel.core.frame import FloatArray, PanelFrame

# Derivative of each elementary function at v.
_OUTER: Mapping[str, Callable[[FloatArray], FloatArray]] = {
    "log": lambda v: 1 / v,
    "log10": lambda v: 1 / (v * np.log(10.0)),
    "log1p": lambda v: 1 / (1 + v),
    "exp": np.exp,
    "sqrt": lambda v: 0.5 / np.sqrt(v),
    "asinh": lambda v: 1 / np.hypot(1, v),
    "abs": np.sign,
    "I": np.ones_like,
}


def derivatives_of(term: str, of: str, frame: PanelFrame) -> Columns:
    """Derivatives (n,) of the columns of a term, by the names of the columns.

    Parameters
    ----------
    term : of a formula's right side.
    of : the variable, or an expression in canonical spelling that stands in the term as written,
        such as ``log(x)``: the derivative is then with respect to its value. It moves in all years
        at once, lags included.

    Raises
    ------
    FormulaError : the term has no derivative, as a dummy or a comparison.
    """
    node = parse_expression(term)
    with np.errstate(all="ignore"):  # what is not finite is refused where it is used
        found = _of_columns(node, of, frame)
    return dict(zip(columns_of(term, frame, new=True), found, strict=True))


def contains(node: Node, of: str) -> bool:
    """Whether ``of`` stands in the expression."""
    return any(str(part) == of for part in walk(node))


def _of_columns(node: Node, of: str, frame: PanelFrame) -> list[FloatArray]:
    """Derivatives of the columns of a term, in their order."""
    if isinstance(node, Binary) and node.op == ":":
        left, right = (_values(side, frame) for side in (node.left, node.right))
        d_left, d_right = (_of_columns(side, of, frame) for side in (node.left, node.right))
        return [
            da * b + a * db
            for a, da in zip(left, d_left, strict=True)
            for b, db in zip(right, d_right, strict=True)
        ]
    if isinstance(node, Call) and node.function == "i":
        group = node.arguments[0]
        if str(group) == of:
            raise FormulaError(
                f"{of!r} stands for categories in {node}; it has no slope.", variable=of,
                value=str(node), remedy=f'compare its levels: panel.contrasts(m, "{of}").',
            )  # fmt: skip
        dummies = _values(Call("i", (group,), node.options), frame)
        if len(node.arguments) == 1:
            return [np.zeros(len(frame)) for _ in dummies]
        return [d * by for d in dummies for by in _of_columns(node.arguments[1], of, frame)]
    if isinstance(node, Call) and node.function == "poly":
        base, slope = numbers(str(node.arguments[0]), frame), _of(node.arguments[0], of, frame)
        return [p * base ** (p - 1) * slope for p in range(1, len(_values(node, frame)) + 1)]
    return [_of(node, of, frame)]


def _values(node: Node, frame: PanelFrame) -> list[FloatArray]:
    return list(columns_of(str(node), frame, new=True).values())


def _of(node: Node, of: str, frame: PanelFrame) -> FloatArray:
    """Derivative (n,) of an expression."""
    if str(node) == of:
        return np.ones(len(frame))
    if not contains(node, of):
        return np.zeros(len(frame))
    if isinstance(node, Unary) and node.op == "-":
        return -_of(node.operand, of, frame)
    if isinstance(node, Binary) and node.op in ("+", "-", "*", "/", "^"):
        return _of_operation(node, of, frame)
    if isinstance(node, Call) and node.function in (*SHIFTS, "D"):
        return _of_shift(node, of, frame)
    if isinstance(node, Call) and node.function in _OUTER:
        inner = node.arguments[0]
        return _OUTER[node.function](numbers(str(inner), frame)) * _of(inner, of, frame)
    raise FormulaError(
        f"{node} has no slope in {of!r}.", variable=of, value=str(node),
        remedy=f'compare values of it: panel.contrasts(m, "{of}", change=1).',
    )  # fmt: skip


def _of_operation(node: Binary, of: str, frame: PanelFrame) -> FloatArray:
    da, db = _of(node.left, of, frame), _of(node.right, of, frame)
    if node.op in ("+", "-"):
        return da + db if node.op == "+" else da - db
    a, b = numbers(str(node.left), frame), numbers(str(node.right), frame)
    if node.op == "*":
        return da * b + a * db
    if node.op == "/":
        return da / b - a * db / b**2
    found = b * a ** (b - 1) * da
    return found + a**b * np.log(a) * db if contains(node.right, of) else found


def _of_shift(node: Call, of: str, frame: PanelFrame) -> FloatArray:
    """Of a lag, a lead or a difference: that of its argument in the other year."""
    inner = _of(node.arguments[0], of, frame)
    step = node.arguments[1] if len(node.arguments) == 2 else Number("1")
    periods = int(float(str(step)))
    if node.function == "D":
        return inner - frame.shifted(inner, periods)
    return frame.shifted(inner, SHIFTS[node.function] * periods)


def elsewhere(terms: tuple[str, ...], of: str) -> tuple[str, ...]:
    """Variables of the expression ``of`` that the terms also hold outside it."""
    node = parse_expression(of)
    if isinstance(node, Name):
        return ()
    inside = names_in(node)
    found = {name for term in terms for name in _outside(parse_expression(term), of) & inside}
    return tuple(sorted(found))


def _outside(node: Node, of: str) -> frozenset[str]:
    """Names in the expression outside ``of``."""
    if str(node) == of:
        return frozenset()
    if isinstance(node, Name):
        return frozenset({node.name})
    return frozenset().union(*(_outside(part, of) for part in parts(node)))
