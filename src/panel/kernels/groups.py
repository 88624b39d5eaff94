"""Sums over groups of rows, and which groups hang together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from panel.kernels.parallel import each, pieces

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]

# Counting needs room for all groups between the least and the greatest of some rows; beyond so
# many groups a row that takes longer than adding row by row.
_SPREAD = 8
# From so many rows on, a compiled loop saves more than it takes to load one.
_COMPILED_ROWS = 1 << 21


def compiled(rows: int) -> ModuleType | None:
    """The compiled loops, where they are worth it for so many rows and numba is installed."""
    return _loops() if rows >= _COMPILED_ROWS else None


@lru_cache(maxsize=1)
def _loops() -> ModuleType | None:
    try:
        return import_module("panel.kernels.compiled")
    except ImportError:
        return None


def recode(values: Any) -> tuple[IntArray, int]:
    """Codes 0..G-1 (n,) in order of first appearance, and G.

    ``values`` (n,) may be numbers or text, without missing entries.
    """
    array = np.asarray(values).reshape(-1)
    whole = array.dtype.kind == "i" and len(array) > 0
    low, high = (int(array.min()), int(array.max())) if whole else (0, 0)
    if whole and high - low < _SPREAD * len(array):  # counting rather than sorting
        codes, present = compact(array - low, high - low + 1)
        first = np.empty(len(present), dtype=np.int64)
        first[codes[::-1]] = np.arange(len(codes))[::-1]
    else:
        _, first, codes = np.unique(array, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return rank[codes.reshape(-1)], len(first)


def compact(codes: IntArray, size: int) -> tuple[IntArray, IntArray]:
    """``codes`` (n,) in 0..size-1 numbered anew without gaps, and the codes (G,) that occur.

    The order stays; codes without gaps are given back as they are.
    """
    present = np.flatnonzero(np.bincount(codes, minlength=size))
    if len(present) == size:
        return codes, present
    number = np.empty(size, dtype=np.int64)
    number[present] = np.arange(len(present))
    return number[codes], present


def joined(codes: Sequence[IntArray]) -> tuple[IntArray, int]:
    """One code 0..G-1 (n,) for every combination of groupings that occurs, and G."""
    joint, size = codes[0], int(codes[0].max()) + 1
    for more in codes[1:]:
        joint, size = joint * (int(more.max()) + 1) + more, size * (int(more.max()) + 1)
        # Counting needs room for every combination, sorting does not.
        joint, present = compact(joint, size) if size <= 4 * len(joint) else _sorted(joint)
        size = len(present)
    return joint, size


def _sorted(codes: IntArray) -> tuple[IntArray, IntArray]:
    present, number = np.unique(codes, return_inverse=True)
    return number.reshape(-1).astype(np.int64), present


def group_sums(
    codes: IntArray, values: FloatArray, n_groups: int, weights: FloatArray | None = None
) -> FloatArray:
    """Sums (G, k) of the rows of ``values`` (n, k), times ``weights`` (n,), within groups
    ``codes`` (n,)."""
    columns, n = values.T, len(codes)
    if (loops := compiled(n)) is not None:
        found = np.zeros((len(columns), n_groups))
        w = np.empty(0) if weights is None else weights
        each(lambda j: loops.add(codes, columns[j], w, found[j]), len(columns), n)
        return found.T
    sums = np.zeros((n_groups, len(columns)))
    for rows in pieces(n):  # numpy copies read-only arrays before it counts them
        own, low, high = codes[rows], 0, n_groups
        if n_groups > len(own):
            low, high = int(own.min()), int(own.max()) + 1
            own = own - low
        for j, column in enumerate(columns):
            weighted = column[rows] if weights is None else column[rows] * weights[rows]
            if high - low <= _SPREAD * len(own):
                sums[low:high, j] += np.bincount(own, weighted, high - low)
            else:
                np.add.at(sums[low:, j], own, weighted)
    return sums


def group_starts(codes: IntArray, n_groups: int) -> IntArray | None:
    """Row (G + 1,) at which each group starts; None where rows do not stand group by group."""
    if not all(bool((codes[p][1:] >= codes[p][:-1]).all()) for p in pieces(len(codes))):
        return None
    return np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=n_groups))])


def group_counts(codes: IntArray, n_groups: int, weights: FloatArray | None = None) -> FloatArray:
    """Number of rows (or sum of weights) of each group, (G,)."""
    return np.bincount(codes, weights=weights, minlength=n_groups).astype(np.float64)


def incidence(
    a: IntArray, b: IntArray, shape: tuple[int, int], weights: FloatArray | None = None
) -> sparse.csr_array:
    """Weight of the rows in each pair of groups (G_a, G_b), sparse."""
    entries = np.ones(len(a)) if weights is None else weights
    return sparse.coo_array((entries, (a, b)), shape=shape).tocsr()


def components(a: IntArray, b: IntArray, shape: tuple[int, int]) -> tuple[int, IntArray]:
    """Connected components of the bipartite graph of two groupings.

    Returns
    -------
    Their number, and the component of each group of ``b`` (G_b,). Two-way effects are identified
    up to one constant a component (Abowd, Creecy and Kramarz 2002).
    """
    nodes = sum(shape)
    edges = sparse.coo_array((np.ones(len(a)), (a, b + shape[0])), shape=(nodes, nodes))
    n, labels = csgraph.connected_components(edges, directed=False)
    return int(n), labels[shape[0] :].astype(np.int64)


def nested(inner: IntArray, outer: IntArray) -> bool:
    """Whether every group of ``inner`` (n,) lies in one group of ``outer`` (n,)."""
    if inner is outer:
        return True
    n = int(inner.max()) + 1 if len(inner) else 0
    first = np.full(n, -1, dtype=np.int64)
    # Groups that are not nested mostly show it in the first rows.
    for rows in (slice(0, 1024), slice(None)):
        first[inner[rows][::-1]] = outer[rows][::-1]
        if not bool((first[inner[rows]] == outer[rows]).all()):
            return False
    return True
