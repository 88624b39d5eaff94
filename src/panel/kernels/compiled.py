"""The loops over millions of rows, compiled by numba; what numpy does elsewhere in several passes.

Imported only where numba is installed and columns are long: see ``compiled`` in
:mod:`panel.kernels.groups`. Weights of no length stand for none.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]


@numba.njit(nogil=True, cache=True)
def add(codes: IntArray, values: FloatArray, weights: FloatArray, sums: FloatArray) -> None:
    """Add ``values`` (n,) times ``weights`` (n,) to the ``sums`` (G,) of their groups."""
    if len(weights):
        for i in range(len(codes)):
            sums[codes[i]] += values[i] * weights[i]
    else:
        for i in range(len(codes)):
            sums[codes[i]] += values[i]


@numba.njit(nogil=True, cache=True)
def deviations(
    starts: IntArray, first: int, last: int, small: IntArray, weights: FloatArray,
    values: FloatArray, size: int,
) -> FloatArray:  # fmt: skip
    """Weighted sums (G_2 + 1,) within groups ``small`` of deviations from the means of other
    groups, and, last, the sum of their squares.

    Parameters
    ----------
    starts : row (G_1 + 1,) at which each group starts that means are taken of; rows stand group by
        group, and none is empty.
    first, last : the groups to work on.
    small, size : numbers (n,) of the groups that sums are taken over, and how many there are.
    values : (n,).
    """
    weighted = len(weights) > 0
    found, square = np.zeros(size + 1), 0.0
    for g in range(first, last):
        mass, total = 0.0, 0.0
        for i in range(starts[g], starts[g + 1]):
            w = weights[i] if weighted else 1.0
            mass += w
            total += w * values[i]
        mean = total / mass
        for i in range(starts[g], starts[g + 1]):
            w = weights[i] if weighted else 1.0
            deviation = values[i] - mean
            found[small[i]] += w * deviation
            square += w * deviation**2
    found[size] = square
    return found


@numba.njit(nogil=True, cache=True)
def centre(
    starts: IntArray, first: int, last: int, small: IntArray, weights: FloatArray,
    values: FloatArray, effects: FloatArray, out: FloatArray,
) -> FloatArray:  # fmt: skip
    """Write ``values - effects[small]`` less its means within groups to ``out`` (n,).

    The sums of :func:`deviations`, of what is written. ``effects`` (G_2,) are of the groups
    ``small``; ``out`` may be ``values``.
    """
    weighted = len(weights) > 0
    found = np.zeros(len(effects))
    for g in range(first, last):
        mass, total = 0.0, 0.0
        for i in range(starts[g], starts[g + 1]):
            w = weights[i] if weighted else 1.0
            mass += w
            total += w * values[i]
        # Less the mean first: a number that is large beside its deviation keeps no effect's digits.
        mean, total = total / mass, 0.0
        for i in range(starts[g], starts[g + 1]):
            out[i] = (values[i] - mean) - effects[small[i]]
            total += (weights[i] if weighted else 1.0) * out[i]
        mean = total / mass
        for i in range(starts[g], starts[g + 1]):
            out[i] -= mean
            found[small[i]] += (weights[i] if weighted else 1.0) * out[i]
    return found


@numba.njit(nogil=True, cache=True)
def links(
    starts: IntArray, first: int, last: int, small: IntArray, weights: FloatArray, size: int
) -> FloatArray:
    """``D2'WD1 (D1'WD1)^-1 D1'WD2`` (G_2, G_2) of groups as in :func:`deviations`."""
    weighted = len(weights) > 0
    found = np.zeros((size, size))
    for g in range(first, last):
        mass = 0.0
        for i in range(starts[g], starts[g + 1]):
            mass += weights[i] if weighted else 1.0
        for i in range(starts[g], starts[g + 1]):
            share = (weights[i] if weighted else 1.0) / mass
            for j in range(starts[g], i):
                found[small[i], small[j]] += share * (weights[j] if weighted else 1.0)
            found[small[i], small[i]] += share * (weights[i] if weighted else 1.0) / 2
    return found + found.T  # each pair of rows was met once, in one of its two orders
