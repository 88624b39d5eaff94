"""Hypotheses on coefficients and functions of them, written as text.

A text is arithmetic in the names of coefficients. A name is taken whole and the longest one first:
where ``log(x)`` is a coefficient, ``log(x)`` stands for it and not for the logarithm of one, and
where ``x^2`` is one, the square of ``x`` is written ``(x)^2``. Blanks do not matter, and any name
may stand in backticks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from panel.core.evaluation import evaluate
from panel.core.expression import Node, Parser, error_at, too_deep
from panel.core.frame import FloatArray
from panel.errors import FormulaError, suggest


@dataclass(frozen=True, eq=False)
class Hypothesis:
    """Restrictions ``R b = r`` on coefficients b (k,).

    Parameters
    ----------
    text : as written.
    matrix : R (q, k).
    value : r (q,).
    """

    text: str
    matrix: FloatArray
    value: FloatArray


@dataclass(frozen=True, eq=False)
class Jet:
    """A function of coefficients at one point: its value and its derivatives, exactly.

    Parameters
    ----------
    value, gradient : at the point; (k,).
    linear : whether the gradient is the same at every point.
    """

    value: float
    gradient: FloatArray
    linear: bool = True

    __array_ufunc__ = None  # a number times a Jet is the Jet's business

    def _chain(self, value: Any, slope: Any) -> Jet:
        return Jet(float(value), slope * self.gradient, False)

    def __add__(self, other: Jet | float) -> Jet:
        if isinstance(other, Jet):
            both = self.linear and other.linear
            return Jet(self.value + other.value, self.gradient + other.gradient, both)
        return Jet(self.value + float(other), self.gradient, self.linear)

    def __neg__(self) -> Jet:
        return Jet(-self.value, -self.gradient, self.linear)

    def __sub__(self, other: Jet | float) -> Jet:
        return self + (-other)

    def __rsub__(self, other: float) -> Jet:
        return -self + other

    def __mul__(self, other: Jet | float) -> Jet:
        if isinstance(other, Jet):
            gradient = self.value * other.gradient + other.value * self.gradient
            return Jet(self.value * other.value, gradient, False)
        return Jet(self.value * float(other), self.gradient * float(other), self.linear)

    def __truediv__(self, other: Jet | float) -> Jet:
        return self * (other._reciprocal() if isinstance(other, Jet) else 1.0 / np.float64(other))

    def __rtruediv__(self, other: float) -> Jet:
        return self._reciprocal() * other

    def _reciprocal(self) -> Jet:
        value = 1.0 / np.float64(self.value)
        return self._chain(value, -(value**2))

    def __pow__(self, power: Jet | float) -> Jet:
        if isinstance(power, Jet):
            found: Jet = _exp(power * _log(self))
            return found
        base = np.float64(self.value)
        return self._chain(base**power, power * base ** (power - 1.0))

    def __rpow__(self, base: float) -> Jet:
        found: Jet = _exp(self * float(np.log(base)))
        return found

    __radd__, __rmul__ = __add__, __mul__


def _of_jets(
    function: Callable[[Any], Any], slope: Callable[[Any], Any]
) -> Callable[[Jet | float], Any]:
    def call(given: Jet | float) -> Any:
        with np.errstate(all="ignore"):
            if not isinstance(given, Jet):
                return function(given)
            value = np.float64(given.value)
            return given._chain(function(value), slope(value))

    return call


_log = _of_jets(np.log, lambda v: 1.0 / v)
_exp = _of_jets(np.exp, np.exp)
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "log": _log,
    "exp": _exp,
    "log10": _of_jets(np.log10, lambda v: 1.0 / (v * np.log(10.0))),
    "log1p": _of_jets(np.log1p, lambda v: 1.0 / (1.0 + v)),
    "sqrt": _of_jets(np.sqrt, lambda v: 0.5 / np.sqrt(v)),
    "asinh": _of_jets(np.arcsinh, lambda v: 1.0 / np.hypot(1.0, v)),
    "abs": _of_jets(np.abs, np.sign),
    "I": lambda given: given,
}


def linear_hypothesis(text: str, names: Sequence[str]) -> Hypothesis:
    """Hypothesis from text.

    Parameters
    ----------
    text : equations of linear combinations of coefficients, ``"x1 = 0"``, ``"x1 = x2 = 0.5"``,
        ``"2*x1 - (x2 + x3)/2 = 1, x4 = 0"``; a combination without ``=`` is set equal to 0.
    names : of the k coefficients.

    Raises
    ------
    FormulaError : outside the grammar, a name that is no coefficient, not linear, or restrictions
        that contradict or repeat one another.
    """
    origin = np.zeros(len(names))
    rows: list[Jet] = []
    for equation in _equations(text, names):
        sides = [_jet(node, text, names, origin) for node in equation]
        rows += [left - sides[-1] for left in sides[:-1]] if len(sides) > 1 else sides
    for row in rows:
        if not row.linear:
            raise FormulaError(
                f"{text!r} is not linear in the coefficients.",
                variable=text,
                remedy="give the function to panel.nonlinear, which has its standard error.",
            )
    matrix = np.array([row.gradient for row in rows])
    if np.linalg.matrix_rank(matrix) < len(rows):
        raise FormulaError(
            f"The restrictions of {text!r} contradict or repeat one another, or name no "
            "coefficient.",
            variable=text,
            remedy="write each restriction once.",
        )
    return Hypothesis(text, matrix, np.array([0.0 - row.value for row in rows]))


def function_of(text: str, names: Sequence[str], values: FloatArray) -> Jet:
    """A function of coefficients, ``"x1 / x2"`` or ``"exp(x1) - 1"``, at ``values`` (k,).

    Raises
    ------
    FormulaError : outside the grammar, a name that is no coefficient, an equation, or without a
        finite value and derivatives.
    """
    equations = _equations(text, names)
    if len(equations) != 1 or len(equations[0]) != 1:
        raise FormulaError(
            f"{text!r} is not one function of coefficients.",
            variable=text,
            remedy='write one, without "=", for instance "x1 / x2"; test equations with wald.',
        )
    found = _jet(equations[0][0], text, names, values)
    if not (np.isfinite(found.value) and np.isfinite(found.gradient).all()):
        raise FormulaError(
            f"{text!r} has no finite value and derivatives at the estimates.",
            variable=text,
            value=found.value,
            remedy="use a function that is smooth there.",
        )
    return found


def _jet(node: Node, text: str, names: Sequence[str], values: FloatArray) -> Jet:
    """The expression at ``values`` (k,) of the coefficients."""
    known = {_plain(name): j for j, name in enumerate(names)}

    def lookup(name: str) -> Jet:
        if (j := known.get(_plain(name))) is None:
            raise FormulaError(
                f"{name!r} in {text!r} is not a coefficient of the model.",
                variable=name, value=text, remedy=suggest(name, names),
            )  # fmt: skip
        return Jet(float(values[j]), np.eye(1, len(names), j)[0])

    try:
        with np.errstate(all="ignore"):
            found = evaluate(node, lookup, _FUNCTIONS)
    except TypeError:  # compared, or divided with a remainder
        found = None
    if isinstance(found, (float, np.floating)):
        return Jet(float(found), np.zeros(len(names)))
    if not isinstance(found, Jet):
        raise FormulaError(
            f"{text!r} is not arithmetic in coefficients.",
            variable=text,
            remedy='write for instance "x1 = 0" or "x1 - 2*x2 = 1".',
        )
    return found


def _equations(text: str, names: Sequence[str]) -> list[list[Node]]:
    """The sides of each equation."""
    if not isinstance(text, str):
        raise FormulaError(
            f"A hypothesis is a text, not {type(text).__name__}.",
            variable="hypothesis", value=text, remedy='write it in quotes: "x1 = x2 = 0".',
        )  # fmt: skip
    parser = Parser(_marked(text, names), logic=False)
    found: list[list[Node]] = []
    try:
        while not found or parser.at_op(","):
            if found:
                parser.take(",")
            found.append([parser.expression()])
            while parser.at_op("="):
                parser.take("=")
                found[-1].append(parser.expression())
    except RecursionError as error:
        raise too_deep(text) from error
    if parser.word.kind != "end":
        raise error_at(
            parser.text, parser.word.at, f"{parser.word.text!r} cannot stand here.",
            'write equations of coefficients, "x1 = x2, x3 = 0".',
        )  # fmt: skip
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\s`]", "", name)


def _marked(text: str, names: Sequence[str]) -> str:
    """The text with the names of coefficients in backticks."""
    patterns = {}
    for name in sorted(names, key=len, reverse=True):
        words = re.findall(r"\w+|[^\w\s`]", name)
        inner = "".join(
            (r"[\s`]+" if j and words[j - 1][-1].isalnum() and word[0].isalnum() else r"[\s`]*")
            + re.escape(word)
            for j, word in enumerate(words)
        )
        patterns[inner.removeprefix(r"[\s`]*")] = name
    dummy = r"\w[\w.]*::[\w.]+(?::[\w.]+)*"  # misspelt, to be looked up and not found
    any_name = re.compile(rf"(?<![\w.])`*(?:{'|'.join([*patterns, dummy])})`*(?![\w.(:])")
    return any_name.sub(lambda m: f"`{re.sub('`', '', m[0]).strip()}`", text)
