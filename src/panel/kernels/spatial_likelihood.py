"""Maximum likelihood of regressions with a spatial lag or a spatial error.

Notation: W (n, n) weights, A = I - rho W, G = W A^-1, e (n,) innovations, normal and independent
with one variance. Given rho the other parameters are least squares, so that the likelihood is
maximised over rho alone (Ord 1975).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import linalg, optimize

from panel.kernels.lstsq import LeastSquares, least_squares
from panel.kernels.spatial import row_standardised

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
# e(rho), and -de/drho up to what is orthogonal to e.
Innovations = Callable[[float], tuple[FloatArray, FloatArray]]

# An eigenvalue counts as real when its imaginary part is this share of the largest modulus.
_REAL = 1e-10
# Values of rho at which the likelihood is looked at before its highest peak is climbed.
_GRID = 200
# The ends of the interval, where the determinant is zero, are left by this share of it.
_INSIDE = 1e-9
# Innovations of this size relative to the outcome are rounding.
_EXACT = 1e-10


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Eigenvalues of W, for determinants and traces at any rho.

    Parameters
    ----------
    values : (n,), real or complex.
    low, high : the interval around zero in which A is not singular: one over the smallest and the
        largest real eigenvalue; where none is below zero, one over the largest modulus.
    """

    values: np.ndarray[Any, Any] = field(repr=False)
    low: float
    high: float

    def log_determinant(self, rho: float) -> float:
        """``log|A|``."""
        return float(np.log(np.abs(1 - rho * self.values)).sum())

    def trace(self, rho: float, lags: int = 1, inverses: int = 1) -> float:
        """``tr(W^lags A^-inverses)``; their order does not matter."""
        return float(np.real(self.values**lags / (1 - rho * self.values) ** inverses).sum())


def spectrum(raw: FloatArray, standardised: bool) -> Spectrum:
    """Spectrum of weights, with rows divided by their sums or as they are.

    No row may be of zeros: then some region can be come back to, and the largest eigenvalue is
    above zero.

    Symmetric weights C have real eigenvalues, and after division by their row sums D those of
    ``D^-1/2 C D^-1/2`` (Ord 1975), which take a tenth of the time of a matrix without symmetry.
    """
    values: np.ndarray[Any, Any]
    if np.array_equal(raw, raw.T):
        root = np.sqrt(raw.sum(axis=1)) if standardised else np.ones(len(raw))
        values = np.linalg.eigvalsh(raw / np.outer(root, root))
        real = values
    else:
        values = np.linalg.eigvals(row_standardised(raw) if standardised else raw)
        real = values.real[np.abs(values.imag) <= _REAL * np.abs(values).max()]
    radius = float(np.abs(values).max())
    smallest = float(real.min())
    low = 1 / smallest if smallest < -_REAL * radius else -1 / radius
    return Spectrum(values, low, 1 / float(real.max()))


@dataclass(frozen=True, eq=False)
class SpatialFit:
    """Maximum of the likelihood.

    Parameters
    ----------
    coef : (k,) of the regressors.
    rho : of the spatial lag or error.
    innovations : e (n,).
    variance : of e, the mean of its squares.
    loglik : at the maximum.
    covariance : (k + 1, k + 1) of coef and rho, the inverse information with that of the variance
        taken out.
    """

    coef: FloatArray
    rho: float
    innovations: FloatArray
    variance: float
    loglik: float
    covariance: FloatArray


def lag_model(y: FloatArray, x: FloatArray, w: FloatArray, roots: Spectrum) -> SpatialFit | None:
    """``y = rho W y + X b + e``: Ord (1975); Anselin (1988), chapter 6.

    Parameters
    ----------
    y, x, w : outcome (n,), regressors (n, k) of full rank, W (n, n).
    roots : of W.

    Returns
    -------
    None where the likelihood has no maximum inside the interval, as where the fit is exact.
    """
    n = len(y)
    own, lagged = (least_squares(x, v, None) for v in (y, w @ y))
    rho = highest(roots, n, lambda r: (own.residual - r * lagged.residual, lagged.residual))
    if rho is None:
        return None
    coef = own.coef - rho * lagged.coef
    e = own.residual - rho * lagged.residual
    variance = float(e @ e) / n
    if not variance > _EXACT**2 * float(y @ y) / n:
        return None
    inside = linalg.lu_factor(np.eye(n) - rho * w)
    mean = w @ linalg.lu_solve(inside, x @ coef)  # G X b
    given = least_squares(x, mean, None)
    g = linalg.lu_solve(inside, w.T, trans=1)  # G'
    information = _own(roots, rho, n, float((g * g).sum()))
    information += float(given.residual @ given.residual) / variance
    covariance = _bordered(variance * own.inverse, -given.coef, 1 / information)
    return SpatialFit(coef, rho, e, variance, _loglik(roots, rho, variance, n), covariance)


def error_model(y: FloatArray, x: FloatArray, w: FloatArray, roots: Spectrum) -> SpatialFit | None:
    """``y = X b + u, u = rho W u + e``: Ord (1975); Anselin (1988), chapter 6.

    Parameters and Returns as for :func:`lag_model`.
    """
    n, k = x.shape
    wx, wy = w @ x, w @ y
    # Lengths and angles of all columns are in the triangle of their QR factors.
    r: FloatArray = np.asarray(linalg.qr(np.column_stack([x, y, wx, wy]), mode="r")[0])

    def filtered(rho: float) -> tuple[FloatArray, FloatArray]:
        z = r[:, : k + 1] - rho * r[:, k + 1 :]
        coef = np.linalg.lstsq(z[:, :k], z[:, k], rcond=None)[0]
        weights = np.append(-coef, 1.0)
        return z @ weights, r[:, k + 1 :] @ weights

    rho = highest(roots, n, filtered)
    if rho is None:
        return None
    last: LeastSquares = least_squares(x - rho * wx, y - rho * wy, None)
    e = last.residual
    variance = float(e @ e) / n
    if not variance > _EXACT**2 * float(y @ y) / n:
        return None
    g = linalg.solve(np.eye(n) - rho * w.T, w.T)
    information = _own(roots, rho, n, float((g * g).sum()))
    covariance = _bordered(variance * last.inverse, np.zeros(k), 1 / information)
    return SpatialFit(last.coef, rho, e, variance, _loglik(roots, rho, variance, n), covariance)


def highest(roots: Spectrum, n: int, innovations: Innovations) -> float | None:
    """The rho at which ``-n/2 log(e'e) + log|A|`` is highest; None if that is at an end.

    Parameters
    ----------
    roots : of W.
    n : observations; e may be given in fewer coordinates that keep its length.
    innovations : e at a rho and the direction d with ``d(e'e)/drho = -2 e'd``.
    """
    edge = _INSIDE * (roots.high - roots.low)
    grid = np.linspace(roots.low + edge, roots.high - edge, _GRID)

    def height(rho: float) -> float:
        e, _ = innovations(rho)
        with np.errstate(divide="ignore"):
            return float(-n / 2 * np.log(e @ e)) + roots.log_determinant(rho)

    def slope(rho: float) -> float:
        e, d = innovations(rho)
        return n * float(e @ d) / float(e @ e) - roots.trace(rho)

    top = int(np.argmax([height(rho) for rho in grid]))
    if top in (0, _GRID - 1) or not slope(grid[top - 1]) > 0 > slope(grid[top + 1]):
        return None
    return float(optimize.brentq(slope, grid[top - 1], grid[top + 1], xtol=1e-15, rtol=1e-14))


@dataclass(frozen=True)
class Multipliers:
    """Means over regions of what a change of one does, with their derivatives in rho.

    Parameters
    ----------
    direct, direct_slope : mean of the diagonal of ``A^-1``.
    total, total_slope : mean of its row sums.
    lagged_direct, lagged_direct_slope, lagged_total, lagged_total_slope : the same of ``A^-1 W``.
    """

    direct: float
    direct_slope: float
    total: float
    total_slope: float
    lagged_direct: float
    lagged_direct_slope: float
    lagged_total: float
    lagged_total_slope: float


def multipliers(rho: float, w: FloatArray, roots: Spectrum) -> Multipliers:
    """Average direct and total multipliers (LeSage and Pace 2009, section 2.7)."""
    n = len(w)
    inside = linalg.lu_factor(np.eye(n) - rho * w)

    def solved(v: FloatArray) -> FloatArray:
        return np.asarray(linalg.lu_solve(inside, v))

    one = np.ones(n)
    own, lagged = solved(one), solved(w @ one)
    return Multipliers(
        roots.trace(rho, 0) / n, roots.trace(rho, 1, 2) / n,
        float(own.mean()), float(solved(w @ own).mean()),
        roots.trace(rho) / n, roots.trace(rho, 2, 2) / n,
        float(lagged.mean()), float(solved(w @ lagged).mean()),
    )  # fmt: skip


def _own(roots: Spectrum, rho: float, n: int, squares: float) -> float:
    """Information on rho from the determinant and e, that on the variance taken out.

    ``squares`` is ``tr(G'G)``.
    """
    return roots.trace(rho, 2, 2) + squares - 2 * roots.trace(rho) ** 2 / n


def _bordered(given_rho: FloatArray, slope: FloatArray, of_rho: float) -> FloatArray:
    """Covariance (k + 1, k + 1) of b and rho, b moving by ``slope`` (k,) with rho."""
    both = np.append(slope, 1.0)
    found = of_rho * np.outer(both, both)
    found[:-1, :-1] += given_rho
    return found


def _loglik(roots: Spectrum, rho: float, variance: float, n: int) -> float:
    return float(-n / 2 * (np.log(2 * np.pi * variance) + 1)) + roots.log_determinant(rho)
