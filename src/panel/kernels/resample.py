"""Least squares on resampled clusters, from sums over clusters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from panel.kernels.groups import group_sums

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]

# Numbers held at once in a batch of draws: 32 MB.
_BATCH = 4_000_000
# A direction of which less than this share of the sample's information is left is not identified.
_IDENTIFIED = 1e-9
# An eigenvalue of the dummies' cross products below this share of the largest is zero; the
# smallest others are about the inverse of the number of rows.
_REPEATED = 1e-11


def cluster_moments(
    columns: FloatArray, weights: FloatArray, clusters: IntArray, n_clusters: int
) -> FloatArray:
    """Weighted cross products (G, r, r) of ``columns`` (n, r) within each cluster."""
    r = columns.shape[1]
    moments = np.empty((n_clusters, r, r))
    for j in range(r):
        product = columns * (weights * columns[:, j])[:, None]
        moments[:, j] = group_sums(clusters, product, n_clusters)
    return moments


def multiplicities(n_clusters: int, draws: int, seed: int) -> Iterator[FloatArray]:
    """How often each cluster is drawn (batch, G) in samples of G clusters with replacement.

    The size of a batch depends on G alone, so the draws depend on the seed alone.
    """
    generator, step = np.random.default_rng(seed), max(1, _BATCH // n_clusters)
    for start in range(0, draws, step):
        size = min(step, draws - start)
        shares = np.full(n_clusters, 1.0 / n_clusters)
        yield generator.multinomial(n_clusters, shares, size=size).astype(np.float64)


def partialled(moments: FloatArray, times: FloatArray, m: int) -> FloatArray:
    """Cross products (draws, m, m) of the last m columns, the dummies before them taken out.

    Parameters
    ----------
    moments : (G, r, r) of columns of dummies, then m others.
    times : (draws, G) how often each cluster counts. Dummies that no cluster of the draw has, or
        that repeat others, drop out.
    """
    groups, r, _ = moments.shape
    total = (times @ moments.reshape(groups, -1)).reshape(-1, r, r)
    d = r - m
    rest = total[:, d:, d:]
    if d:
        crossed = total[:, :d, d:]
        inverse = np.linalg.pinv(total[:, :d, :d], rcond=_REPEATED, hermitian=True)
        rest = rest - crossed.swapaxes(1, 2) @ inverse @ crossed
    return rest


def refitted(moments: FloatArray, times: FloatArray, k: int) -> FloatArray:
    """Slopes (draws, k) of least squares on resampled clusters.

    Parameters
    ----------
    moments : (G, r, r) of columns of dummies, then k regressors, which are orthonormal in the
        sample and to the dummies, then the outcome.
    times : (draws, G) how often each cluster counts.

    Returns
    -------
    NaN in a draw whose clusters do not identify all slopes.
    """
    return slopes(partialled(moments, times, k + 1))[0]


def slopes(products: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Slopes (draws, k) of the last column on the others, and the inverses (draws, k, k) of the
    others' products; NaN where these are singular.

    Parameters
    ----------
    products : (draws, k + 1, k + 1) of columns that are orthonormal in the sample, then another.
    """
    k = products.shape[1] - 1
    information = products[:, :k, :k]
    found = np.full((len(products), k), np.nan)
    inverses = np.full((len(products), k, k), np.nan)
    good = np.linalg.eigvalsh(information).min(axis=1, initial=np.inf) > _IDENTIFIED
    inverses[good] = np.linalg.inv(information[good])
    found[good] = np.linalg.solve(information[good], products[good, :k, k, None])[..., 0]
    return found, inverses
