"""What an expression of rounded figures can be: its exact range over their bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from math import inf, isfinite, nan
from typing import Any

import numpy as np

from panel.core.evaluation import evaluate
from panel.core.expression import parse_expression
from panel.core.units import magnitude, quantity
from panel.diagnostics.facts import Fact
from panel.errors import UnitError

# Relative error allowed to the arithmetic itself: thousands of times that of double precision,
# and far below any printed digit.
_ARITHMETIC = 1e-12


@dataclass(frozen=True)
class Range:
    """Smallest and largest value of an expression, and its value ``mid`` of figures as printed."""

    low: float = nan
    mid: float = nan
    high: float = nan

    def meets(self, bounds: tuple[float, float], factor: float = 1.0) -> bool:
        """Whether the range times ``factor`` and the bounds have a number in common."""
        low, high = sorted((self.low * factor, self.high * factor))
        return at_most(bounds[0], high) and at_most(low, bounds[1])

    @property
    def bounded(self) -> bool:
        """Whether both ends are finite."""
        return isfinite(self.low) and isfinite(self.high)


def at_most(a: float, b: float) -> bool:
    """a <= b but for the error of the arithmetic."""
    close = a - b <= _ARITHMETIC * max(abs(a), abs(b)) if inf not in (abs(a), abs(b)) else False
    return a <= b or close


def range_of(expression: str, facts: Mapping[str, Fact], unit: str) -> Range:
    """Range of an expression, in ``unit``.

    Parameters
    ----------
    expression : of the facts' names.
    facts : the k facts it uses, by name.
    unit : of the result.

    Notes
    -----
    The expression is computed at the 2^k corners of the facts' bounds. That is its exact range if
    it rises or falls throughout in each fact alone, as sums, products, ratios and growth rates do,
    even where a fact stands in it twice (plain interval arithmetic would give too wide a range
    there: Moore, Kearfott and Cloud 2009, Introduction to Interval Analysis).

    Raises
    ------
    UnitError : it adds or compares what cannot be, or does not measure ``unit``.
    """
    numbers = magnitude(_measured(expression, facts), unit, what=expression)
    return _spread(numbers)


def same_number(expression: str, facts: Mapping[str, Fact], printed: Fact) -> bool:
    """Whether the bare numbers agree, in base units that measure different things."""
    try:
        found = _measured(expression, facts).to_base_units().magnitude
    except (UnitError, AttributeError):  # a pure number has no units to mistake
        return False
    return _spread(found / quantity(1.0, printed.unit).to_base_units().magnitude).meets(
        printed.bounds
    )


def _measured(expression: str, facts: Mapping[str, Fact]) -> Any:
    """The expression of figures as printed and at all corners, as a quantity (1 + 2^k,)."""
    import pint

    corners = np.array(list(product(*(f.bounds for f in facts.values()))), dtype=float)
    values = np.vstack([[f.value for f in facts.values()], corners])
    columns = {n: quantity(values[:, j], f.unit) for j, (n, f) in enumerate(facts.items())}
    try:
        return evaluate(parse_expression(expression), columns.__getitem__)
    except pint.PintError as error:
        raise UnitError(f"{expression}: {error}.", variable=expression) from error


def _spread(values: Any) -> Range:
    """Range of values (1 + 2^k,); corners at infinity, of open bounds, may have no value."""
    numbers = np.atleast_1d(np.asarray(values, dtype=float))
    there = numbers[~np.isnan(numbers)]
    if not len(there):
        return Range()
    return Range(float(there.min()), float(numbers[0]), float(there.max()))
