"""To which digit a figure speaks: place of its last digit, and half a unit of it either way."""

from __future__ import annotations

from decimal import Decimal
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
    return Decimal(f"{number:f}") if last_place(number) > 0 else number


def places(values: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Power of ten of the last printed digit of each figure (n,); 0 where there is none."""
    figures = np.asarray(values, dtype=float)
    there = np.isfinite(figures) & (figures != 0)
    sizes = np.where(there, np.abs(figures), 1.0)
    heads = np.floor(np.log10(sizes))  # power of ten of the first digit
    units = np.round(sizes * 10.0 ** (_DIGITS - 1 - heads))  # (n,) whole numbers of twelve digits
    zeros = np.zeros(len(sizes), dtype=np.int64)  # of them at the end
    for k in range(1, _DIGITS):
        zeros += (zeros == k - 1) & (units % 10.0**k == 0)
    last = heads.astype(np.int64) - (_DIGITS - 1) + zeros
    return np.where(there, np.minimum(last, 0), 0)
