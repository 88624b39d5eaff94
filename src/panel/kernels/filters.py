"""Series of one region: gaps between known years, moving averages, the Hodrick-Prescott trend."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]
BoolArray = np.ndarray[Any, np.dtype[np.bool_]]


def hodrick_prescott(y: FloatArray, lamb: float) -> FloatArray:
    """Trend (n,) of a series (n,) without gaps.

    Minimises sum (y - x)^2 + lamb sum (x_{t+1} - 2 x_t + x_{t-1})^2, so that
    (I + lamb K'K) x = y with K the (n - 2, n) second differences; of fewer than three values the
    trend is the series (Hodrick and Prescott 1997, JMCB 29(1), 1-16).
    """
    n = len(y)
    if n < 3:
        return y.copy()
    banded = np.zeros((3, n))  # I + lamb K'K by its upper diagonals
    for a, left in enumerate((1.0, -2.0, 1.0)):
        for b, right in enumerate((1.0, -2.0, 1.0)):
            if b >= a:
                banded[2 - (b - a), b : n - 2 + b] += lamb * left * right
    banded[2] += 1.0
    return np.asarray(linalg.solveh_banded(banded, y), dtype=np.float64)


def between(
    known: BoolArray, unit: IntArray, time: IntArray, limit: int
) -> tuple[IntArray, IntArray, IntArray]:
    """Missing rows that lie in gaps of at most ``limit`` years, and the known rows around them.

    Parameters
    ----------
    known, unit, time : (n,) of rows sorted by unit and time; a year without a row is missing too.

    Returns
    -------
    Positions (m,) of the missing rows, of the known row before and of the known row after each.
    """
    at = np.flatnonzero(known)
    rows = np.flatnonzero(~known)
    after = np.searchsorted(at, rows)
    inside = (after > 0) & (after < len(at))
    rows, after = rows[inside], after[inside]
    left, right = at[after - 1], at[after]
    near = (unit[left] == unit[rows]) & (unit[right] == unit[rows])
    near &= time[right] - time[left] - 1 <= limit
    return rows[near], left[near], right[near]


def beyond(
    known: BoolArray, unit: IntArray, time: IntArray, limit: int
) -> tuple[IntArray, IntArray, IntArray]:
    """Missing rows at most ``limit`` years before the first or after the last known row of a unit.

    Returns
    -------
    Positions (m,) of the missing rows, of the nearest known row and of the next nearest one.
    """
    at = np.flatnonzero(known)
    rows = np.flatnonzero(~known)
    place = np.searchsorted(at, rows)
    found = []
    for near, next_ in ((place - 1, place - 2), (place, place + 1)):
        there = (np.minimum(near, next_) >= 0) & (np.maximum(near, next_) < len(at))
        r, a, b = rows[there], at[near[there]], at[next_[there]]
        own = (unit[a] == unit[r]) & (unit[b] == unit[r]) & (np.abs(time[r] - time[a]) <= limit)
        # Between two known rows of its unit a row is no end: the other side must be elsewhere.
        other = place[there] if near is not place else place[there] - 1
        open_ = (other < 0) | (other >= len(at))
        open_ |= unit[at[np.clip(other, 0, len(at) - 1)]] != unit[r]
        found.append((r[own & open_], a[own & open_], b[own & open_]))
    return tuple(np.concatenate(parts) for parts in zip(*found, strict=True))  # type: ignore[return-value]


def on_line(
    values: FloatArray, time: IntArray, rows: IntArray, near: IntArray, far: IntArray
) -> FloatArray:
    """Values (m,) at ``rows`` on the straight lines through the known rows ``near`` and ``far``."""
    slope = (values[far] - values[near]) / (time[far] - time[near])
    return np.asarray(values[near] + slope * (time[rows] - time[near]))
