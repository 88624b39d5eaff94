"""Choices of s out of T rows: the distribution that is left when a logit is conditioned on s."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]

# Numbers held at once in a batch of groups: 64 MB.
_BATCH = 8_000_000


@dataclass(frozen=True, eq=False)
class Choices:
    """For G groups: all sets of ``count`` of a group's rows, chosen with odds ``exp(sum index)``.

    Parameters
    ----------
    log_total : (G,) log of the sum of the odds of all sets.
    mean : (G, k) mean of the sum of x over the rows chosen.
    covariance : (k, k) sum over the groups of its covariance.
    """

    log_total: FloatArray
    mean: FloatArray
    covariance: FloatArray


def choices(index: FloatArray, x: FloatArray, codes: IntArray, count: IntArray) -> Choices:
    """Moments by the exact recursion over a group's rows (Gail, Lubin and Rubinstein 1981).

    A set of s of the first t rows holds row t, and s - 1 of the rows before it, or not; moments are
    those of a mixture of the two, so that no sum over all sets is ever formed.

    Parameters
    ----------
    index : (n,) log odds of each row.
    x : (n, k).
    codes : (n,) group numbers 0..G-1.
    count : (G,) rows chosen of each group, from 0 to its size.
    """
    size, k = np.bincount(codes, minlength=len(count)), x.shape[1]
    order = np.argsort(codes, kind="stable")
    start = np.cumsum(size) - size
    log_total, mean, covariance = np.empty(len(count)), np.empty((len(count), k)), np.zeros((k, k))
    for length in np.unique(size):
        alike = np.flatnonzero(size == length)
        step = max(1, _BATCH // int((count[alike].max() + 1) * (k + 1) ** 2))
        for at in range(0, len(alike), step):
            groups = alike[at : at + step]
            rows = order[start[groups, None] + np.arange(length)]  # (g, T)
            total, first, second = _recursion(index[rows], x[rows], count[groups])
            log_total[groups], mean[groups] = total, first
            covariance += second.sum(axis=0)
    return Choices(log_total, mean, covariance)


def _recursion(
    index: FloatArray, x: FloatArray, count: IntArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Log totals (g,), means (g, k) and covariances (g, k, k) of groups of one size: ``index``
    (g, T), ``x`` (g, T, k)."""
    n_groups, length, k = x.shape
    most = int(count.max())
    log_total = np.full((n_groups, most + 1), -np.inf)
    log_total[:, 0] = 0.0
    mean, cov = np.zeros((n_groups, most + 1, k)), np.zeros((n_groups, most + 1, k, k))
    for t in range(length):
        with_t = log_total[:, :-1] + index[:, t, None]  # (g, S): s of them, t among them
        total = np.logaddexp(log_total[:, 1:], with_t)
        share = np.exp(with_t - np.where(np.isfinite(total), total, 0.0))[..., None]
        gap = mean[:, :-1] + x[:, t, None] - mean[:, 1:]
        spread = (share * (1 - share) * gap)[..., None] * gap[..., None, :]
        cov[:, 1:] += share[..., None] * (cov[:, :-1] - cov[:, 1:]) + spread
        mean[:, 1:] += share * gap
        log_total[:, 1:] = total
    every = np.arange(n_groups)
    return log_total[every, count], mean[every, count], cov[every, count]
