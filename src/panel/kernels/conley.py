"""Sums of products of rows that are near in space and in time."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Literal

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from panel.kernels.groups import group_sums

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]
Kernel = Literal["uniform", "bartlett"]

# Mean radius (2a + b)/3 of the WGS 84 ellipsoid, kilometres.
EARTH_RADIUS = 6371.0088


def spatial_weights(
    latitude: FloatArray, longitude: FloatArray, cutoff: float, kernel: Kernel
) -> sparse.csr_array:
    """Weights (L, L) of pairs of places by great-circle distance d, zero beyond the cutoff.

    ``uniform``: 1 where ``d <= cutoff``; ``bartlett``: ``1 - d/cutoff``. Neighbours are found by
    the straight line through the sphere, ``2 sin(d/2)``, which a k-d tree can search.

    Parameters
    ----------
    latitude, longitude : (L,) degrees.
    cutoff : kilometres, positive.
    """
    phi, lam = np.radians(latitude), np.radians(longitude)
    flat = np.cos(phi)
    points = np.column_stack([flat * np.cos(lam), flat * np.sin(lam), np.sin(phi)])
    reach = 2 * np.sin(min(cutoff / EARTH_RADIUS, np.pi) / 2)
    tree = cKDTree(points)
    # The search may reach a little too far; the distance decides.
    pairs = tree.sparse_distance_matrix(tree, reach * (1 + 1e-9) + 1e-12, output_type="ndarray")
    distance = 2 * EARTH_RADIUS * np.arcsin(np.minimum(pairs["v"] / 2, 1.0))
    near = distance <= cutoff
    entries = np.ones(int(near.sum())) if kernel == "uniform" else 1 - distance[near] / cutoff
    shape = (len(points), len(points))
    return sparse.coo_array((entries, (pairs["i"][near], pairs["j"][near])), shape=shape).tocsr()


def conley_sum(
    series: FloatArray, places: IntArray, times: IntArray, weights: sparse.csr_array, lags: int
) -> FloatArray:
    """``sum_ij w(place_i, place_j) k(|t_i - t_j|) s_i s_j'`` (k, k), k(l) = 1 - l/(lags + 1).

    Parameters
    ----------
    series : s (n, k).
    places, times : (n,) numbers from 0.
    weights : (L, L), symmetric.
    """
    total = np.zeros((series.shape[1], series.shape[1]))
    order = np.argsort(times, kind="stable")
    starts = np.searchsorted(times[order], np.arange(int(times.max()) + 2))
    smoothed: dict[int, FloatArray] = {}
    for t, (start, end) in enumerate(pairwise(starts)):
        smoothed.pop(t - lags - 1, None)
        if start == end:
            continue
        rows = order[start:end]
        sums = group_sums(places[rows], series[rows], weights.shape[0])
        for before, other in smoothed.items():
            cross = sums.T @ other
            total += (1 - (t - before) / (lags + 1)) * (cross + cross.T)
        smoothed[t] = weights @ sums
        total += sums.T @ smoothed[t]
    return total
