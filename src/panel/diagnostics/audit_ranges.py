"""Ranges of expressions of printed figures, for all rows of a frame at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise, product
from math import isfinite
from typing import Any

import numpy as np

from panel.core.evaluation import evaluate
from panel.core.expression import Binary, Call, Name, Node, Number, Unary, names_in
from panel.core.frame import PanelFrame
from panel.core.precision import as_printed, places
from panel.core.units import magnitude, quantity
from panel.diagnostics.audit_grid import FloatArray
from panel.errors import FormulaError, NotNumericError, UnitError

ARITHMETIC = 1e-9  # relative error allowed to figures that are computed, not printed
_MOST_LEAVES = 10  # 1024 corners


@dataclass(frozen=True)
class Leaf:
    """A variable, or a lag of one: figures (n,), half units of their last digits (n,), unit."""

    values: FloatArray
    half: FloatArray
    unit: str

    def at(self, row: int, value: float) -> Leaf:
        """One row, with another figure in it."""
        return Leaf(np.array([value]), self.half[[row]], self.unit)


@dataclass(frozen=True)
class Ranges:
    """An expression (n,) of figures as printed, and its smallest and largest value."""

    low: FloatArray
    mid: FloatArray
    high: FloatArray


def with_lags_named(node: Node) -> Node:
    """The tree with ``L(x, k)`` as one name ``x@k``: a figure of its own, rounded by itself."""
    if isinstance(node, Call) and node.function == "L":
        name, lag = (*node.arguments, Number("1"))[:2] if node.arguments else (node, node)
        if not (isinstance(name, Name) and isinstance(lag, Number) and lag.text.isdigit()):
            raise FormulaError(
                f"{node} is no lag of a variable.", variable=str(node), remedy="write L(gdp, 1)."
            )
        return Name(f"{name.name}@{lag.text}")
    if isinstance(node, Call):
        return replace(node, arguments=tuple(map(with_lags_named, node.arguments)))
    if isinstance(node, Binary):
        return replace(node, left=with_lags_named(node.left), right=with_lags_named(node.right))
    return replace(node, operand=with_lags_named(node.operand)) if isinstance(node, Unary) else node


def leaves_of(names: Iterable[str], frame: PanelFrame) -> dict[str, Leaf]:
    """Every figure that named trees use.

    Raises
    ------
    UnknownVariableError, NotNumericError : a variable that is not there, or is text.
    """
    return {name: _leaf(name, frame) for name in names}


def _leaf(leaf: str, frame: PanelFrame) -> Leaf:
    name, _, lag = leaf.partition("@")
    values: FloatArray = frame.array(name)
    if values.dtype == object:
        raise NotNumericError(
            f"Variable {name!r} holds text, not numbers.", variable=name, remedy="name numbers."
        )
    half: FloatArray = np.zeros(len(values))
    unit = ""
    if name in frame.columns:
        column = frame.columns[name]
        off = ARITHMETIC * np.abs(values) if column.expression else 0.5 * 10.0 ** places(values)
        half = np.asarray(off, dtype=np.float64)
        known = [key not in column.filled for key in frame.table.index] if column.filled else True
        values, unit = np.asarray(np.where(known, values, np.nan), dtype=np.float64), column.unit
    if lag:
        values, half = (frame.shifted(v, int(lag)) for v in (values, half))
    return Leaf(values, half, unit)


def ranges(tree: Node, leaves: Mapping[str, Leaf], unit: str, rows: int) -> Ranges:
    """Range of an expression in ``unit``, at the corners of its figures' bounds.

    That is exact where it rises or falls throughout in each figure alone; see
    :func:`panel.diagnostics.ranges.range_of`.

    Raises
    ------
    UnitError : it adds what cannot be added, or does not measure ``unit``.
    FormulaError : too many figures.
    """
    import pint

    names = sorted(names_in(tree))
    if len(names) > _MOST_LEAVES:
        raise FormulaError(
            f"{tree} has {len(names)} figures.",
            variable=str(tree),
            remedy=f"a rule may have {_MOST_LEAVES} on a side; check a part of the sum by itself.",
        )
    corners = np.array([(0.0,) * len(names), *product((-1.0, 1.0), repeat=len(names))])
    columns = {
        name: quantity(
            leaves[name].values[:, None] + corners[:, k] * leaves[name].half[:, None],
            leaves[name].unit,
        )
        for k, name in enumerate(names)
    }  # (n, 1 + 2^k) each
    try:
        found = evaluate(tree, columns.__getitem__)
    except pint.PintError as error:
        raise UnitError(f"{tree}: {error}.", variable=str(tree)) from error
    numbers = np.asarray(magnitude(found, unit, what=str(tree)), dtype=float)
    numbers = np.broadcast_to(numbers, (rows, len(corners)))
    return Ranges(numbers.min(axis=1), numbers[:, 0], numbers.max(axis=1))


def exchanged_digits(value: float) -> Iterator[tuple[str, float]]:
    """What a figure is with two neighbouring digits exchanged, as printed and as a number."""
    if not isfinite(value):
        return
    text = f"{as_printed(value):f}"
    at = [k for k, c in enumerate(text) if c.isdigit()]
    for a, b in pairwise(at):
        if text[a] != text[b]:
            letters = list(text)
            letters[a], letters[b] = letters[b], letters[a]
            yield "".join(letters), float("".join(letters))


def unit_of(tree: Node, leaves: Mapping[str, Leaf], rows: int) -> str:
    """A unit in which an expression can be told: that of one of its variables, or none."""
    for name in sorted(names_in(tree)):
        try:
            ranges(tree, leaves, leaves[name].unit, rows)
        except UnitError:
            continue
        return leaves[name].unit
    return ""


def apart(left: Any, right: Any) -> Any:
    """Room (n,) for the error of the arithmetic."""
    return ARITHMETIC * np.maximum(np.abs(left), np.abs(right))
