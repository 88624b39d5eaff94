"""To which digit a figure speaks: place of its last digit, and half a unit of it either way."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite
from typing import Any

import numpy as np

# Digits that survive a change of unit in double precision: 6416.022840000001 was 6416.02284.
_DIGITS = 12


def last_place(number: Decimal) -> int:
    """Power of ten of the last digit: -2 for 3.10, 0 for 42."""
    return int(number.as_tuple().exponent)


def half_unit(place: int) -> Decimal:
    """Half a unit of a digit: what a number that is rounded there may be off."""
    return Decimal(5).scaleb(place - 1)


def as_printed(value: float) -> Decimal:
    """A figure taken over as published, with the digits it was printed with.

    Zeros after the point at the end are lost: a panel cannot tell 4528 from 4528.0.
    """
    number = Decimal(format(value, f".{_DIGITS}g")).normalize()
    return number.quantize(Decimal(1)) if last_place(number) > 0 else number


def places(values: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Power of ten of the last printed digit of each figure (n,); 0 where there is none."""
    figures = np.asarray(values, dtype=float)
    return np.array([last_place(as_printed(v)) if isfinite(v) else 0 for v in figures], np.int64)
