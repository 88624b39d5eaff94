"""Critical values of Montiel Olea and Pflueger's effective F statistic.

Notation: instruments orthonormal, one endogenous regressor. W (2l, 2l) is the covariance of the
reduced-form coefficients of the outcome (block 1) and of the endogenous regressor (block 2),
Omega (2, 2) that of the reduced-form errors. For a slope b, in errors u = v1 - b v2,

    S1 = W1 - b (W12 + W12') + b^2 W2,    S12 = W12 - b W2,    S2 = W2,

the bias of an estimator (Nagar's approximation) is at most B times a worst case, B the largest
value over b and over directions of the first stage.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats
from scipy.optimize import minimize_scalar

FloatArray = np.ndarray[Any, np.dtype[np.float64]]

_ANGLES = 720


@dataclass(frozen=True, eq=False)
class Worst:
    """Largest biases relative to the worst case.

    Parameters
    ----------
    tsls, liml : B of two-stage least squares and of limited-information maximum likelihood.
    """

    tsls: float
    liml: float


def worst_bias(w: FloatArray, omega: FloatArray) -> Worst:
    """Largest relative biases for covariances W (2l, 2l) and Omega (2, 2)."""
    half = len(w) // 2
    w1, w12, w2 = w[:half, :half], w[:half, half:], w[half:, half:]
    unit = np.sqrt(np.trace(w1) / np.trace(w2))  # b is measured in this unit, as a tangent
    w1, w12 = w1 / unit**2, (w12 + w12.T) / (2 * unit)
    o1, o12, o2 = omega[0, 0] / unit**2, omega[0, 1] / unit, omega[1, 1]

    def spread(angles: FloatArray) -> tuple[FloatArray, ...]:
        a, b = np.cos(angles), np.sin(angles)
        s12 = _times(a, w12) - _times(b, w2)
        s1 = _times(a * a, w1) - _times(2 * a * b, w12) + _times(b * b, w2)
        scale = np.sqrt(_trace(s1) * np.trace(w2))
        ratio = (a * o12 - b * o2) / (a * a * o1 - 2 * a * b * o12 + b * b * o2)
        return s12, s1, scale, ratio

    def tsls(angles: FloatArray) -> FloatArray:
        s12, _, scale, _ = spread(angles)
        return np.asarray(_largest(_trace(s12), np.linalg.eigvalsh(2 * s12)) / scale)

    def liml(angles: FloatArray) -> FloatArray:
        s12, s1, scale, ratio = spread(angles)
        roots = np.linalg.eigvalsh(2 * s12 - _times(ratio, s1))
        return np.asarray(_largest(_trace(s12) - ratio * _trace(s1), roots) / scale)

    return Worst(_maximum(tsls), _maximum(liml))


def _times(factor: FloatArray, matrix: FloatArray) -> FloatArray:
    matrices = matrix if matrix.ndim == 3 else matrix[None]
    return np.asarray(factor[:, None, None] * matrices)


def _trace(matrices: FloatArray) -> FloatArray:
    return np.asarray(np.trace(matrices, axis1=1, axis2=2))


def _largest(trace: FloatArray, roots: Any) -> FloatArray:
    """``|trace - root|`` for the root (of ascending ones) that makes it largest."""
    return np.asarray(np.maximum(np.abs(trace - roots[:, 0]), np.abs(trace - roots[:, -1])))


def _maximum(bias: Callable[[FloatArray], FloatArray]) -> float:
    """Maximum over a half circle of angles: slopes from minus to plus infinity."""
    angles = -np.pi / 2 + np.pi * np.arange(_ANGLES) / _ANGLES
    values = bias(angles)
    best, step = angles[np.argmax(values)], np.pi / _ANGLES
    found = minimize_scalar(
        lambda t: -float(bias(np.array([t]))[0]),
        bounds=(best - step, best + step),
        method="bounded",
        options={"xatol": 1e-12},
    )
    return max(float(values.max()), -float(found.fun))


def critical_value(w2: FloatArray, x: float, alpha: float) -> float:
    """The ``1 - alpha`` quantile of the effective F when the concentration parameter is x.

    Patnaik's approximation of a weighted sum of noncentral chi-squared variables by one, with
    ``K = tr(W2)^2 (1 + 2x) / (tr(W2 W2) + 2x tr(W2) max eig W2)`` degrees of freedom.

    Parameters
    ----------
    w2 : covariance (l, l) of the first-stage coefficients.
    x : ``B / tau`` where tau is the largest share of the worst-case bias that is tolerated.
    alpha : level of the test.
    """
    roots = np.linalg.eigvalsh(w2)
    total = roots.sum()
    k = total**2 * (1 + 2 * x) / ((roots**2).sum() + 2 * x * total * roots.max())
    return float(stats.ncx2.ppf(1 - alpha, k, x * k) / k)
