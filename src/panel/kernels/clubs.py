"""The log t regression of Phillips and Sul, and the trend of a short series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.linalg import solveh_banded

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
Hac = Literal["phillips_sul", "andrews"]

# Kernel weights below this are left out, as sandwich's weightsAndrews does.
_NEGLIGIBLE = 1e-7


@dataclass(frozen=True)
class LogT:
    """Slope of the log t regression, its error and their ratio."""

    slope: float
    error: float

    @property
    def t(self) -> float:
        """Ratio of the two."""
        return self.slope / self.error


def hp_trend(values: FloatArray, smoothing: float) -> FloatArray:
    """Trend of each row of ``values`` (N, T) by Whittaker, Hodrick and Prescott.

    It minimises ``sum (y - g)^2 + smoothing * sum (g_t+1 - 2 g_t + g_t-1)^2``, so that ``(I +
    smoothing D'D) g = y`` with D the second differences: five diagonals.
    """
    t = values.shape[1]
    d = np.diff(np.eye(t), n=2, axis=0)
    system = np.eye(t) + smoothing * d.T @ d
    bands = np.zeros((3, t))
    for k in range(3):
        bands[2 - k, k:] = np.diagonal(system, k)
    return np.ascontiguousarray(solveh_banded(bands, values.T).T)


def transition(values: FloatArray) -> FloatArray:
    """Relative transition paths h (N, T), each value over its year's mean."""
    return np.asarray(values / values.mean(axis=0))


def log_t(values: FloatArray, start: int, hac: Hac) -> LogT:
    """Regression of ``log(H_1/H_t) - 2 log(log t)`` on log t for t = start + 1 ... T.

    H_t is the variance of h around one. The error is robust to autocorrelation by a quadratic
    spectral kernel with Andrews' bandwidth for a first-order autoregression.

    Parameters
    ----------
    values : (N, T), N from 2.
    start : the first t left out, from 1.
    hac : "phillips_sul", the long-run variance of the residuals as in their programs, which leave
        the last residual out of the autocovariances; "andrews", that of the scores, with a factor
        n/(n - 2), as ``sandwich::vcovHAC``.

    Returns
    -------
    Missing numbers where all values of a year are the same, whose H has no logarithm.
    """
    spread = ((transition(values) - 1) ** 2).mean(axis=0)
    if not (spread[[0, *range(start, len(spread))]] > 0).all():
        return LogT(np.nan, np.nan)
    logs = np.log(np.arange(start + 1, values.shape[1] + 1))
    y = np.log(spread[0] / spread[start:]) - 2 * np.log(logs)
    centred = logs - logs.mean()
    size = float(centred @ centred)
    slope = float(centred @ y) / size
    u = y - y.mean() - slope * centred
    variance = _residual_variance(u) / size if hac == "phillips_sul" else _sandwich(u, logs)
    return LogT(slope, float(np.sqrt(variance)))


def _residual_variance(u: FloatArray) -> float:
    n = len(u)
    weights = _weights(_bandwidth(u[:-1], u[1:]), n)
    kept = u[: n - 1]
    found = float(u @ u)
    for lag in range(1, n - 1):
        found += 2 * weights[lag] * float(kept[:-lag] @ kept[lag:])
    return found / (n - 1)


def _sandwich(u: FloatArray, logs: FloatArray) -> float:
    n = len(u)
    x = np.column_stack([np.ones(n), logs])
    scores = x * u[:, None]
    before, after = scores[:-1, 1], scores[1:, 1]
    weights = _weights(_bandwidth(before - before.mean(), after - after.mean()), n)
    last = int(np.flatnonzero(np.abs(weights) > _NEGLIGIBLE)[-1])
    meat = scores.T @ scores
    for lag in range(1, last + 1):
        across = scores[:-lag].T @ scores[lag:]
        meat += weights[lag] * (across + across.T)
    bread = np.linalg.inv(x.T @ x)
    return float((bread @ meat @ bread)[1, 1]) * n / (n - 2)


def _bandwidth(before: FloatArray, after: FloatArray) -> float:
    """Andrews' (1991) bandwidth of a quadratic spectral kernel, from an AR(1) without constant."""
    rho = float(before @ after) / float(before @ before)
    return float(1.3221 * (4 * rho**2 / (1 - rho) ** 4 * (len(before) + 1)) ** 0.2)


def _weights(bandwidth: float, n: int) -> FloatArray:
    """Weights (n,) of lags 0..n-1."""
    weights = np.zeros(n)
    weights[0] = 1.0
    if bandwidth > 0:
        z = 1.2 * np.pi * np.arange(1, n) / bandwidth
        weights[1:] = 3 / z**2 * (np.sin(z) / z - np.cos(z))
    return weights
