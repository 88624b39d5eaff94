"""Instrumental variables on arrays: k-class and method-of-moments estimators.

Notation: y (n,), X (n, k) regressors, Q (n, m) an orthonormal basis of all instruments (exogenous
regressors and excluded ones). Rows are multiplied by the root of their weight, and fixed effects
are taken out. M_Q = I - QQ'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import linalg

FloatArray = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class Solved:
    """An estimator ``b`` that solves ``P'(y - Xb) = 0``, or nearly so.

    Parameters
    ----------
    coef : b (k,).
    loadings : P (n, k), how b hangs on the errors: ``b - beta = P'u``.
    bread : (k, k), the covariance of b under independent errors of variance one.
    """

    coef: FloatArray
    loadings: FloatArray
    bread: FloatArray


def orthonormal(columns: FloatArray) -> FloatArray:
    """Orthonormal basis (n, m) of independent columns (n, m)."""
    if columns.shape[1] == 0:
        return columns
    return np.asarray(linalg.qr(columns / _lengths(columns), mode="economic")[0])


def _lengths(columns: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(columns, axis=0)
    return np.where(lengths > 0, lengths, 1.0)


def k_class(x: FloatArray, y: FloatArray, q: FloatArray, kappa: float) -> Solved:
    """``b = (X'(I - kappa M_Q)X)^-1 X'(I - kappa M_Q)y``; kappa 1 is two-stage least squares.

    With the fitted ``QQ'X = BR`` and ``E = M_Q X R^-1`` the matrix to invert is ``R'HR``,
    ``H = I + (1 - kappa) E'E``: no normal equations are formed. The loadings are those of the
    fitted regressors, ``P = QQ'X (R'HR)^-1``, for every kappa; that is what ivreg2 and
    linearmodels use, and for kappa other than 1 their P'u differs from 0 by terms of order 1/n.
    """
    scale = _lengths(x)
    fitted = q @ (q.T @ (x / scale))
    b, r = linalg.qr(fitted, mode="economic")
    inverse = linalg.lapack.dtrtri(r)[0]  # R^-1
    e = (x / scale - fitted) @ inverse
    h = np.eye(len(scale)) + (1.0 - kappa) * (e.T @ e)
    half = np.linalg.solve(h, inverse.T).T / scale[:, None]  # R^-1 H^-1
    return Solved(
        half @ (b.T @ y + (1.0 - kappa) * (e.T @ y)),
        b @ half.T,
        half @ (inverse / scale[:, None]).T,
    )


def smallest_ratio(y: FloatArray, q1: FloatArray, q2: FloatArray) -> float:
    """Smallest ratio ``a'Y'M_1 Ya / a'Y'M_Q Ya`` over a, for outcome and endogenous regressors Y.

    It is the kappa of limited-information maximum likelihood.

    Parameters
    ----------
    y : Y (n, 1 + k2).
    q1, q2 : orthonormal bases of the exogenous regressors and of what the excluded instruments
        add to them.
    """
    first = y - q1 @ (q1.T @ y)
    scale = _lengths(first)
    r = linalg.qr(first / scale, mode="r")[0][: y.shape[1]]
    rest = (first - q2 @ (q2.T @ first)) / scale
    largest = np.linalg.norm(linalg.solve_triangular(r, rest.T, trans="T"), 2)
    return float(1.0 / largest**2)


def method_of_moments(x: FloatArray, y: FloatArray, q: FloatArray, weight: FloatArray) -> Solved:
    """Minimiser of ``g'S^-1 g`` for the moments ``g = Q'(y - Xb)``.

    Parameters
    ----------
    weight : S (m, m), the covariance of g.

    Raises
    ------
    numpy.linalg.LinAlgError : S is singular.
    """
    scale = _lengths(x)
    root = np.linalg.cholesky(weight)
    a = linalg.solve_triangular(root, q.T @ (x / scale), lower=True)
    b, r = linalg.qr(a, mode="economic")
    half = linalg.solve_triangular(r, b.T) / scale[:, None]  # (k, m)
    turn = linalg.solve_triangular(root, half.T, lower=True, trans="T")
    return Solved(turn.T @ (q.T @ y), q @ turn, turn.T @ turn)


def quadratic_form(values: FloatArray, weight: FloatArray) -> float:
    """``g'S^-1 g`` for g (m,) and positive definite S (m, m)."""
    root = np.linalg.cholesky(weight)
    return float((linalg.solve_triangular(root, values, lower=True) ** 2).sum())
