"""Sums of autocovariances with declining weights."""

from __future__ import annotations

from typing import Any

import numpy as np

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]


def bartlett(series: FloatArray, lags: int) -> FloatArray:
    """Long-run covariance (k, k) of the rows of ``series`` (T, k), not divided by T.

    ``S_0 + sum_{l=1..L} (1 - l/(L+1)) (S_l + S_l')`` with ``S_l = sum_t s_t s_{t-l}'``
    (Newey and West 1987, Econometrica 55); positive semi-definite.
    """
    total = series.T @ series
    for lag in range(1, min(lags, len(series) - 1) + 1):
        cross = series[lag:].T @ series[:-lag]
        total = total + (1 - lag / (lags + 1)) * (cross + cross.T)
    return total


def panel_bartlett(series: FloatArray, units: IntArray, times: IntArray, lags: int) -> FloatArray:
    """The same within units: products of rows of different units are left out.

    Parameters
    ----------
    series : (n, k).
    units, times : (n,) numbers from 0; no two rows have both alike. A lag is a distance in time,
        whether or not the years between have rows.
    """
    key = units * (int(times.max(initial=0)) + lags + 1) + times
    order = np.argsort(key)
    key, series = key[order], series[order]
    total = series.T @ series
    for lag in range(1, lags + 1):
        before = np.minimum(np.searchsorted(key, key - lag), len(key) - 1)
        pair = key[before] == key - lag
        cross = series[pair].T @ series[before[pair]]
        total = total + (1 - lag / (lags + 1)) * (cross + cross.T)
    return np.asarray(total)
