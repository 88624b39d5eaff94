"""When the likelihood of a model with mean ``exp(x'b + effects)`` has a maximum."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg, sparse
from scipy.optimize import linprog

from panel.errors import ConvergenceError
from panel.kernels.absorb import projection

BoolArray = np.ndarray[Any, np.dtype[np.bool_]]
FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]

# Weight of the rows that the certificate must leave at zero; what a weight leaves is corrected.
_HEAVY = 1e4
# A certificate is zero where it must be, and nowhere negative, up to this share of its maximum.
_EXACT = 1e-7
# Rows above this share of its maximum are taken out; smaller ones are found in the next round.
_CLEAR = 1e-3
# Everything started at one; what has shrunk to this is nothing.
_NOTHING = 1e-9
# Rounds after which a linear programme decides what the iteration, slow near the boundary, has not.
_ROUNDS = 50


def separated(
    x: FloatArray, codes: tuple[IntArray, ...], sizes: tuple[int, ...], zero: BoolArray
) -> BoolArray:
    """Rows (n,) of outcome zero whose mean the likelihood pushes to zero without end.

    They are those for which ``z = x'c + effects`` can be positive while z is zero on every row of
    positive outcome and nowhere negative: along -z the likelihood rises for ever. The iterative
    rectifier of Correia, Guimaraes and Zylkin (2019, section 3.2): project u, one on rows of
    outcome zero, on the z that are zero elsewhere; replace u by the positive part; repeat. A
    linear programme takes over where that is slow.

    Parameters
    ----------
    x : (n, k) of full rank given the effects.
    codes, sizes : the groupings, each (n,) with numbers 0..G-1, and G; may be empty.
    zero : (n,) rows of outcome zero.

    Returns
    -------
    Some of these rows; all False only if there are none. Call again without those found.

    Raises
    ------
    ConvergenceError : the linear programme has no answer.
    """
    if not zero.any() or zero.all():
        return zero & zero.all()
    project = _Constrained(x, codes, sizes, zero)
    u = zero.astype(np.float64)
    for _ in range(_ROUNDS):
        z = project(u)
        top = float(z.max(initial=0.0))
        if top <= _NOTHING:
            return np.zeros(len(zero), dtype=bool)
        if float(z.min()) >= -_EXACT * top:
            return np.asarray(zero & (z > _CLEAR * top))
        u = np.where(zero, np.maximum(z, 0.0), 0.0)
    return _programme(x, codes, sizes, zero)


def _programme(
    x: FloatArray, codes: tuple[IntArray, ...], sizes: tuple[int, ...], zero: BoolArray
) -> BoolArray:
    """All separated rows (n,): as many s at one as ``z >= s``, ``0 <= s <= 1`` allow. Any sum or
    multiple of certificates is one, so that s is one for every row that any z separates."""
    n, rows = len(zero), np.arange(len(zero))
    dummies = [
        sparse.csr_array((np.ones(n), (rows, c)), shape=(n, g))
        for c, g in zip(codes, sizes, strict=True)
    ]
    columns = sparse.hstack([sparse.csr_array(x / np.abs(x).max(axis=0)), *dummies], format="csr")
    n_zero, k = int(zero.sum()), columns.shape[1]
    solved = linprog(
        np.concatenate([np.zeros(k), -np.ones(n_zero)]),
        A_ub=sparse.hstack([-columns[zero], sparse.eye_array(n_zero)]),
        b_ub=np.zeros(n_zero),
        A_eq=sparse.hstack([columns[~zero], sparse.csr_array((n - n_zero, n_zero))]),
        b_eq=np.zeros(n - n_zero),
        bounds=[(None, None)] * k + [(0, 1)] * n_zero,
        method="highs",
    )
    if solved.x is None:
        raise ConvergenceError(
            "Whether rows of outcome zero are separated could not be decided.",
            remedy="rescale regressors of extreme values, or use fewer fixed effects.",
        )
    found = np.zeros(n, dtype=bool)
    found[zero] = solved.x[k:] > 0.5
    return found


class _Constrained:
    """Least squares on x and the effects over the rows of outcome zero, zero on all others."""

    def __init__(
        self, x: FloatArray, codes: tuple[IntArray, ...], sizes: tuple[int, ...], zero: BoolArray
    ) -> None:
        self.weights = np.where(zero, 1.0, _HEAVY)
        self.zero = zero
        self.effects = projection(codes, sizes, self.weights) if codes else None
        within = x if self.effects is None or not x.shape[1] else self.effects.residual(list(x.T))
        root = np.sqrt(self.weights)[:, None]
        self.basis = linalg.qr(within * root, mode="economic")[0] / root  # (n, k)

    def __call__(self, u: FloatArray) -> FloatArray:
        """Fit (n,) of ``u`` (n,). Each sweep moves the target on the other rows by what is left
        there, as a multiplier would."""
        target = u.copy()
        for _ in range(100):
            fit = target - self._residual(target)
            left = np.where(self.zero, 0.0, fit)
            if np.abs(left).max() <= _EXACT * 1e-2 * np.abs(fit).max(initial=_NOTHING):
                break
            target -= left
        return fit

    def _residual(self, values: FloatArray) -> FloatArray:
        rest = values if self.effects is None else self.effects.residual([values])[:, 0]
        return np.asarray(rest - self.basis @ (self.basis.T @ (rest * self.weights)))
