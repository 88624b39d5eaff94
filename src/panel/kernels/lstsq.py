"""Weighted least squares with columns that may be linearly dependent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import linalg

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
BoolArray = np.ndarray[Any, np.dtype[np.bool_]]

# A column counts as dependent when less than this share of its length is its own. Seven digits
# above rounding, and far below any collinearity in data: NIST's Filip polynomial, the hardest
# published case, keeps 1e-8 of its length.
DEPENDENT = 1e-10


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """Minimiser of ``sum w (y - Xb)^2``.

    Parameters
    ----------
    coef : b (k,).
    inverse : (X'WX)^-1 (k, k).
    residual : y - Xb (n,).
    """

    coef: FloatArray
    inverse: FloatArray
    residual: FloatArray


def independent(x: FloatArray, lengths: FloatArray) -> BoolArray:
    """Which columns of ``x`` (n, k) are kept: each must add something to those before it.

    Parameters
    ----------
    lengths : (k,) length of each column before fixed effects were taken out of it, against which
        what remains is judged.
    """
    n, k = x.shape
    keep = np.zeros(k, dtype=bool)
    basis = np.empty((n, min(n, k)))  # orthonormal, of the columns kept so far
    for j, length in enumerate(np.linalg.norm(x, axis=0)):
        # Rounding leaves noise of the size of the column before the effects were taken out.
        floor = DEPENDENT * max(length, lengths[j])
        known = basis[:, : np.count_nonzero(keep)]
        if length <= floor or known.shape[1] == n:
            continue
        own = x[:, j] - known @ (known.T @ x[:, j])
        own -= known @ (known.T @ own)  # twice is enough (Kahan; Parlett 1980, sec. 6.9)
        rest = float(np.linalg.norm(own))
        if rest > floor:
            basis[:, known.shape[1]] = own / rest
            keep[j] = True
    return keep


def least_squares(x: FloatArray, y: FloatArray, weights: FloatArray | None) -> LeastSquares:
    """Least squares by QR of scaled columns; ``x`` (n, k) of full rank, ``y`` (n,).

    The normal equations would square the condition number; QR keeps about seven digits of NIST's
    Filip where they keep none.
    """
    root = None if weights is None else np.sqrt(weights)
    a = x if root is None else x * root[:, None]
    b = y if root is None else y * root
    if x.shape[1] == 0:
        return LeastSquares(np.zeros(0), np.zeros((0, 0)), y)
    scale = np.linalg.norm(a, axis=0)
    q, r = linalg.qr(a / scale, mode="economic", check_finite=False)
    coef = linalg.solve_triangular(r, q.T @ b) / scale
    half = linalg.solve_triangular(r, np.eye(len(scale))) / scale[:, None]
    return LeastSquares(coef, half @ half.T, y - x @ coef)
