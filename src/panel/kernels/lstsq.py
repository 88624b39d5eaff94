"""Weighted least squares with columns that may be linearly dependent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import linalg

from panel.kernels.parallel import pieces

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
BoolArray = np.ndarray[Any, np.dtype[np.bool_]]

# A column counts as dependent when less than this share of its length is its own. Seven digits
# above rounding, and far below any collinearity in data: NIST's Filip polynomial, the hardest
# published case, keeps 1e-8 of its length.
DEPENDENT = 1e-10
# Smallest eigenvalue of the products of columns of length one above which the normal equations
# lose less than three digits.
_WELL = 1e-3
# Cosine of the angle between a column and the residuals below which only rounding is left.
_ORTHOGONAL = 1e-14
# Rows from which on QR takes noticeably longer.
_MANY_ROWS = 10_000


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


def independent(
    x: FloatArray, lengths: FloatArray, products: FloatArray | None = None
) -> BoolArray:
    """Which columns of ``x`` (n, k) are kept: each must add something to those before it.

    Parameters
    ----------
    lengths : (k,) length of each column before fixed effects were taken out of it, against which
        what remains is judged.
    products : ``X'X`` (k, k), where it is known.
    """
    n, k = x.shape
    if n > k and clearly_independent(gram(x) if products is None else products, lengths):
        return np.ones(k, dtype=bool)
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


def gram(x: FloatArray, weights: FloatArray | None = None) -> FloatArray:
    """``X'WX`` (k, k)."""
    return np.asarray(x.T @ x if weights is None else x.T @ (x * weights[:, None]))


def squares(values: FloatArray, weights: FloatArray | None = None, mean: float = 0.0) -> float:
    """Weighted sum of squares of ``values`` (n,) less ``mean``."""
    if weights is None and not mean:
        return float(values @ values)
    # Piece by piece without a long array; not by the dot product of a library that would wake
    # threads for every piece.
    found = 0.0
    for i in pieces(len(values)):
        own = values[i] - mean
        found += np.einsum("i,i", own, own if weights is None else own * weights[i])
    return float(found)


def clearly_independent(products: FloatArray, lengths: FloatArray) -> bool:
    """Whether columns of these ``products`` (k, k) are so far from dependent that products tell.

    ``lengths`` (k,) as for :func:`independent`.
    """
    own = np.sqrt(products.diagonal())
    if not len(own) or bool((own <= DEPENDENT * lengths).any()):
        return False
    smallest = np.linalg.eigvalsh(products / np.outer(own, own))[0]
    # What is a column's own is at least the root of that share of its length.
    return bool(smallest > _WELL and (np.sqrt(smallest) * own > DEPENDENT * lengths).all())


def least_squares(
    x: FloatArray,
    y: FloatArray,
    weights: FloatArray | None,
    products: FloatArray | None = None,
) -> LeastSquares:
    """Least squares; ``x`` (n, k) of full rank, ``y`` (n,); ``products`` X'WX where it is known.

    By QR of scaled columns; of many rows by the normal equations where the columns are far from
    dependent, refined on the residual. These square the condition number: QR keeps about seven
    digits of NIST's Filip where they keep none.
    """
    if x.shape[1] == 0:
        return LeastSquares(np.zeros(0), np.zeros((0, 0)), y)
    if len(x) < _MANY_ROWS:
        return _by_qr(x, y, weights)
    products = gram(x, weights) if products is None else products
    scale = np.sqrt(products.diagonal())
    unit = products / np.outer(scale, scale)
    if not bool((scale > 0).all()) or np.linalg.eigvalsh(unit)[0] <= _WELL:
        return _by_qr(x, y, weights)
    factor = linalg.cho_factor(unit)

    coef = linalg.cho_solve(factor, x.T @ (y if weights is None else y * weights) / scale) / scale
    residual = np.empty(len(y))
    for _ in range(2):  # what rounding left, as iterative refinement has it
        left = _left(x, y, weights, coef, residual) / scale
        coef = coef + linalg.cho_solve(factor, left) / scale
        if bool((np.abs(left) <= _ORTHOGONAL * np.sqrt(squares(residual, weights))).all()):
            break
    half = linalg.cho_solve(factor, np.diag(1.0 / scale)) / scale[:, None]
    return LeastSquares(coef, (half + half.T) / 2, residual)


def _left(
    x: FloatArray, y: FloatArray, weights: FloatArray | None, coef: FloatArray, out: FloatArray
) -> FloatArray:
    """Write ``y - Xb`` (n,) to ``out``; ``X'W`` (k,) times it."""
    np.matmul(x, coef, out=out)
    np.subtract(y, out, out=out)
    return np.asarray(x.T @ (out if weights is None else out * weights))


def _by_qr(x: FloatArray, y: FloatArray, weights: FloatArray | None) -> LeastSquares:
    root = None if weights is None else np.sqrt(weights)
    a = x if root is None else x * root[:, None]
    b = y if root is None else y * root
    scale = np.linalg.norm(a, axis=0)
    q, r = linalg.qr(a / scale, mode="economic", check_finite=False)
    coef = linalg.solve_triangular(r, q.T @ b) / scale
    # Not by solving for the identity, for which the library wakes threads: milliseconds.
    half = linalg.lapack.dtrtri(r)[0] / scale[:, None]
    return LeastSquares(coef, half @ half.T, y - x @ coef)
