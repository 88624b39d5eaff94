"""Whether an expression of a formula adds or compares quantities of one kind and scale.

A formula works on the numbers as they stand in the frame, so 亿元 may be added neither to 万人
nor to 万元: the first means nothing, the second is off by a factor of ten thousand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from panel.core.expression import COMPARISONS, Binary, Call, Name, Node, Number, Unary, walk
from panel.core.units import quantity
from panel.errors import UnitError

_SAME_UNIT = ("L", "F", "D", "lag", "lead", "abs", "I")


def check_measures(node: Node, unit_of: Callable[[str], str]) -> None:
    """Stop at a sum or comparison of quantities in different units.

    Parameters
    ----------
    unit_of : unit of a variable as printed, "" if it has none or none is known.

    Raises
    ------
    UnitError : names both sides and their units.
    """
    if any(_joins(part) and _united(part, unit_of) for part in walk(node)):
        _unit(node, unit_of)


def _joins(node: Node) -> bool:
    return isinstance(node, Binary) and (node.op in "+-" or node.op in COMPARISONS)


def _united(node: Node, unit_of: Callable[[str], str]) -> bool:
    """Whether both sides of a sum name variables with a unit; only then pint is loaded."""
    assert isinstance(node, Binary)
    sides = (node.left, node.right)
    return all(any(isinstance(n, Name) and unit_of(n.name) for n in walk(side)) for side in sides)


def _unit(node: Node, unit_of: Callable[[str], str]) -> Any:
    """Unit of an expression as a pint quantity of one, or None where it is not known."""
    if isinstance(node, Name):
        return _known(unit_of(node.name))
    if isinstance(node, Unary):
        return _unit(node.operand, unit_of)
    if isinstance(node, Call):
        units = [_unit(a, unit_of) for a in node.arguments]
        return units[0] if units and node.function in _SAME_UNIT else None
    if not isinstance(node, Binary):
        return None
    left, right = _unit(node.left, unit_of), _unit(node.right, unit_of)
    if _joins(node):
        return _joined(node, left, right)
    if node.op in "*/" and isinstance(node.right, Number):
        return left
    if node.op == "*" and isinstance(node.left, Number):
        return right
    if left is None or right is None or node.op not in "*/":
        return None
    return left * right if node.op == "*" else left / right


def _known(unit: str) -> Any:
    try:
        return quantity(1.0, unit) if unit else None
    except UnitError:  # a word of the user's own; nothing can be said of it
        return None


def _joined(node: Binary, left: Any, right: Any) -> Any:
    if left is None or right is None:
        return right if left is None else left
    ratio = (left / right).to_base_units()
    if not ratio.dimensionless or abs(ratio.magnitude - 1) > 1e-12:  # rounding of the ratio
        raise UnitError(
            f"{node.left} is in {left.units:~} and {node.right} in {right.units:~}, so "
            f"{node} means nothing.",
            variable=str(node),
            value=(str(left.units), str(right.units)),
            remedy="bring them to one unit first, or take logarithms, which have none.",
        )
    return None if node.op in COMPARISONS else left
