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
    values: FloatArray,
    weights: FloatArray,
    out: FloatArray,
) -> FloatArray:
    """Write ``values - effects[small]`` less its means within groups to ``out``, in one pass.

    Parameters
    ----------
    large : group numbers (n,), ascending; the means are taken within these.
    small, effects : group numbers (n,) of the other grouping and its effects (G_2,).
    values, out : (n,), which may be the same.
    weights : (n,), or of no length for none.

    Returns
    -------
    Weighted sums (G_2,) of what was written, within groups ``small``.
    """
    n, weighted = len(large), len(weights) > 0
    found = np.zeros(len(effects))
    start = 0
    while start < n:
        end, total, mass = start, 0.0, 0.0
        while end < n and large[end] == large[start]:
            w = weights[end] if weighted else 1.0
            out[end] = values[end] - effects[small[end]]
            total += w * out[end]
            mass += w
            end += 1
        mean = total / mass
        for i in range(start, end):
            out[i] -= mean
            found[small[i]] += (weights[i] if weighted else 1.0) * out[i]
        start = end
    return found
