"""The value of an expression: nothing is called but the functions named here."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from panel.core.expression import (
    COMPARISONS,
    Binary,
    Call,
    Name,
    Node,
    Number,
    Slopes,
    Text,
    Unary,
)
from panel.errors import FormulaError, suggest


def as_numbers(values: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Values as float64, a quantity without its unit.

    Raises
    ------
    ValueError : dates, and text, also where it looks like a number: "360000" is the code of a
        region.
    """
    array = np.asarray(getattr(values, "magnitude", values))
    if array.dtype.kind in "OUS" and any(isinstance(v, str) for v in array.flat):
        raise ValueError("text is no number")
    if array.dtype.kind in "mM":
        raise ValueError("a date is no number")
    try:
        return array.astype(np.float64, copy=False)
    except TypeError as error:  # objects, such as dates with a time zone
        raise ValueError(f"{array.flat[0]!r} is no number") from error


def _silent(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The function without warnings: log(0) is a missing figure and is counted as such later."""

    def call(values: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(as_numbers(values))

    return call


ELEMENTARY: Mapping[str, Callable[..., Any]] = {
    "log": _silent(np.log),
    "log10": _silent(np.log10),
    "log1p": _silent(np.log1p),
    "exp": _silent(np.exp),
    "sqrt": _silent(np.sqrt),
    "asinh": _silent(np.arcsinh),
    "abs": abs,
    "I": lambda values: values,
}
_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "%": operator.mod, "^": operator.pow, "==": operator.eq, "!=": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "&": operator.and_, "|": operator.or_,
}  # fmt: skip


def evaluate(
    node: Node,
    lookup: Callable[[str], Any],
    functions: Mapping[str, Callable[..., Any]] = ELEMENTARY,
) -> Any:
    """Value of the expression.

    Parameters
    ----------
    node : from :func:`parse_expression`.
    lookup : gives the values of a name: an array (n,), or a pint quantity of one.
    functions : the functions that may be called, by name.

    Raises
    ------
    FormulaError : a function that is not on the list.
    UnknownVariableError : raised by ``lookup``.
    """
    if isinstance(node, Number):
        return np.float64(node.text)  # whose 1/0 is infinite, as in a column, and no Python error
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Name):
        return lookup(node.name)
    if isinstance(node, Unary):
        value = evaluate(node.operand, lookup, functions)
        return operator.neg(value) if node.op == "-" else np.logical_not(value)
    if isinstance(node, Binary):
        left = evaluate(node.left, lookup, functions)
        right = evaluate(node.right, lookup, functions)
        if node.op not in _OPERATORS:
            raise FormulaError(
                f"{node} is an interaction, which is no number by itself.",
                variable=str(node),
                remedy="write it as a term of a formula's right side, not inside a function.",
            )
        if node.op not in COMPARISONS and (isinstance(left, str) or isinstance(right, str)):
            raise FormulaError(
                f"{node} calculates with text.",
                variable=str(node),
                remedy='text can only be compared, as in zone == "East".',
            )
        with np.errstate(all="ignore"):
            return _OPERATORS[node.op](left, right)
    if isinstance(node, Slopes):
        raise FormulaError(
            f"{node} stands where a number should.",
            variable=str(node),
            remedy="slopes of their own stand among the fixed effects: y ~ x | province[trend].",
        )
    return _called(node, lookup, functions)


def _instead(node: Call, functions: Mapping[str, Any]) -> str:
    """What to write for a function that there is not; other packages' dummies are ``i()``."""
    if node.function in ("C", "factor") and len(node.arguments) == 1:
        return f"for dummies write i({node.arguments[0]}) among the regressors."
    return suggest(node.function, functions)


def _called(
    node: Call, lookup: Callable[[str], Any], functions: Mapping[str, Callable[..., Any]]
) -> Any:
    if node.function not in functions:
        raise FormulaError(
            f"Function {node.function!r} may not be called in a formula.",
            variable=str(node),
            value=node.function,
            remedy=f"{_instead(node, functions)} Compute anything else with pandas and put "
            f"it into the frame; a formula knows {', '.join(sorted(functions))}.",
        )
    arguments = [evaluate(a, lookup, functions) for a in node.arguments]
    options = {k: evaluate(v, lookup, functions) for k, v in node.options}
    try:
        return functions[node.function](*arguments, **options)
    except TypeError as error:
        raise FormulaError(
            f"{node} has the wrong arguments: {error}.",
            variable=str(node),
            remedy="see docs/guide/formulas.md for what each function takes.",
        ) from error
