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


def multiplicities(n_clusters: int, draws: int, seed: int, length: int = 1) -> Iterator[FloatArray]:
    """How often each cluster is drawn (batch, G) in samples of G clusters with replacement.

    The size of a batch depends on G alone, so the draws depend on the seed alone.

    Parameters
    ----------
    length : above 1, clusters are years in their order and come in moving blocks of so many, each
        beginning anywhere from the first to the last year that a whole block can; the last block
        of a sample is cut so that it has G years.
    """
    generator, step = np.random.default_rng(seed), max(1, _BATCH // n_clusters)
    for start in range(0, draws, step):
        size = min(step, draws - start)
        if length > 1:
            yield _blocks(generator, n_clusters, size, length)
            continue
        shares = np.full(n_clusters, 1.0 / n_clusters)
        yield generator.multinomial(n_clusters, shares, size=size).astype(np.float64)


def _blocks(generator: np.random.Generator, years: int, size: int, length: int) -> FloatArray:
    first = generator.integers(0, years - length + 1, size=(size, -(-years // length)))
    drawn = (first[:, :, None] + np.arange(length)).reshape(size, -1)[:, :years]
    flat = drawn + years * np.arange(size)[:, None]
    return np.bincount(flat.ravel(), minlength=size * years).reshape(size, years).astype(np.float64)


def partialled(moments: FloatArray, times: FloatArray, m: int) -> FloatArray:
    """Cross products (draws, m, m) of the last m columns, the dummies before them taken out.

    Parameters
    ----------
    moments : (G, r, r) of columns of dummies, then m others.
    times : (draws, G) how often each cluster counts. Dummies that no cluster of the draw has, or
        that repeat others, drop out.
    """
    groups, r, _ = moments.shape
    return without((times @ moments.reshape(groups, -1)).reshape(-1, r, r), m, _REPEATED)


def without(products: FloatArray, m: int, share: float) -> FloatArray:
    """Products (draws, m, m) of the last m columns, the r - m before them taken out.

    Parameters
    ----------
    products : (draws, r, r).
    share : an eigenvalue below this share of the largest is zero, as that of a column that repeats
        others.
    """
    d = products.shape[1] - m
    rest = products[:, d:, d:]
    if d:
        crossed = products[:, :d, d:]
        inverse = np.linalg.pinv(products[:, :d, :d], rcond=share, hermitian=True)
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


def k_class_slopes(
    products: FloatArray, exogenous: int, endogenous: int, *, liml: bool = False
) -> FloatArray:
    """Changes (draws, k) of two-stage least squares, or of LIML, on resampled clusters.

    Parameters
    ----------
    products : (draws, m + k2 + 1, m + k2 + 1) cross products of an orthonormal basis of the m
        instruments, exogenous regressors first; of k2 endogenous regressors, less the exogenous,
        whose fit on the others is orthonormal; and of the residual.
    exogenous, endogenous : k1 and k2.

    Returns
    -------
    Slopes on the exogenous basis and the endogenous columns; NaN where a draw does not identify
    them all.
    """
    m = products.shape[1] - endogenous - 1
    x = [*range(exogenous), *range(m, m + endogenous)]
    z, last = products[:, :m, :m], products.shape[1] - 1
    zx, zu = products[:, :m][:, :, x], products[:, :m, last, None]
    xx, xu = products[:, x][:, :, x], products[:, x][:, :, last, None]
    fit = zx.swapaxes(1, 2) @ np.linalg.pinv(z, rcond=_IDENTIFIED, hermitian=True)
    explained = fit @ zx
    found = np.full((len(products), len(x)), np.nan)
    good = np.linalg.eigvalsh(explained)[:, 0] > _IDENTIFIED
    kappa = np.ones(len(products))
    if liml and m > len(x):
        kappa[good] = _least_ratio(products[good], exogenous, m)
    k = kappa[good, None, None]
    left = k * explained[good] + (1 - k) * xx[good]
    right = k * (fit @ zu)[good] + (1 - k) * xu[good]
    found[good] = np.linalg.solve(left, right)[..., 0]
    return found


def _least_ratio(products: FloatArray, exogenous: int, m: int) -> FloatArray:
    """LIML's kappa (draws,): the least ratio of what the exogenous regressors leave of the residual
    and the endogenous regressors to what all instruments leave."""
    size = products.shape[1] - m
    others = [*range(exogenous), *range(m, products.shape[1])]
    first = without(products[:, others][:, :, others], size, _IDENTIFIED)
    rest = without(products, size, _IDENTIFIED)
    half = np.linalg.inv(np.linalg.cholesky(rest))
    return np.asarray(np.linalg.eigvalsh(half @ first @ half.swapaxes(1, 2))[:, 0])
