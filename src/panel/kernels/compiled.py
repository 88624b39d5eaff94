"""The loops over millions of rows, compiled by numba; what numpy does elsewhere in several passes.

Imported only where numba is installed and columns are long: see ``compiled`` in
:mod:`panel.kernels.groups`.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]


@numba.njit(nogil=True, cache=True)
def sums(codes: IntArray, values: FloatArray, weights: FloatArray, size: int) -> FloatArray:
    """Sums (G,) of ``values`` (n,) within groups; ``weights`` (n,), or of no length for none."""
    found = np.zeros(size)
    if len(weights):
        for i in range(len(codes)):
            found[codes[i]] += values[i] * weights[i]
    else:
        for i in range(len(codes)):
            found[codes[i]] += values[i]
    return found


@numba.njit(nogil=True, cache=True)
def centre(
    large: IntArray,
    small: IntArray,
    effects: FloatArray,
    weights: FloatArray,
    out: FloatArray,
    start: int,
    stop: int,
) -> FloatArray:
    """Take ``effects[small]`` and then the means within groups out of all columns, in one pass.

    Parameters
    ----------
    large : group numbers (n,), ascending; the means are taken within these.
    small, effects : group numbers (n,) of the other grouping and its effects (G_2, k).
    weights : (n,), or of no length for none.
    out : the columns (k, n), changed in place.
    start, stop : rows to work on, whole groups of ``large``.

    Returns
    -------
    Weighted sums (G_2, k) of what is left of these rows, within groups ``small``.
    """
    k, weighted = len(out), len(weights) > 0
    found = np.zeros(effects.shape)
    while start < stop:
        end, mass = start, 0.0
        while end < stop and large[end] == large[start]:
            mass += weights[end] if weighted else 1.0
            end += 1
        for j in range(k):
            total = 0.0
            for i in range(start, end):
                out[j, i] -= effects[small[i], j]
                total += (weights[i] if weighted else 1.0) * out[j, i]
            mean = total / mass
            for i in range(start, end):
                out[j, i] -= mean
                found[small[i], j] += (weights[i] if weighted else 1.0) * out[j, i]
        start = end
    return found


@numba.njit(nogil=True, cache=True)
def links(large: IntArray, small: IntArray, weights: FloatArray, size: int) -> FloatArray:
    """``D2'WD1 (D1'WD1)^-1 D1'WD2`` (G_2, G_2) for group numbers as in :func:`centre`."""
    n, weighted = len(large), len(weights) > 0
    found = np.zeros((size, size))
    start = 0
    while start < n:
        end, mass = start, 0.0
        while end < n and large[end] == large[start]:
            mass += weights[end] if weighted else 1.0
            end += 1
        for i in range(start, end):
            share = (weights[i] if weighted else 1.0) / mass
            for j in range(start, end):
                found[small[i], small[j]] += share * (weights[j] if weighted else 1.0)
        start = end
    return found
