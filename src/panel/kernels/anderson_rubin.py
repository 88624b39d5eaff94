"""Where a quadratic form with a covariance that depends on one number stays below a bound."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg
from scipy.optimize import brentq

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
Intervals = tuple[tuple[float, float], ...]

_GRID = 61


def distance(point: FloatArray, w: FloatArray, b: float) -> float:
    """``g'V^-1 g`` with ``g = p1 - b p2`` and its covariance ``V = W1 - b (W12 + W12') + b^2 W2``.

    Parameters
    ----------
    point : p1 and p2 (l, 2).
    w : W (2l, 2l), the covariance of p1 and p2.
    b : a number, perhaps infinite, which leaves ``p2'W2^-1 p2``.
    """
    angle = np.pi / 2 if np.isinf(b) else float(np.arctan(b))
    return _at_angle(point, w, angle)


def _at_angle(point: FloatArray, w: FloatArray, angle: float) -> float:
    """The same for ``b = tan(angle)``; multiplying g by the cosine changes nothing."""
    turn = np.array([np.cos(angle), -np.sin(angle)])
    g = point @ turn
    blocks = w.reshape(2, len(g), 2, len(g))
    root = np.linalg.cholesky(np.einsum("a,aibj,b->ij", turn, blocks, turn))
    return float((linalg.solve_triangular(root, g, lower=True) ** 2).sum())


def below(point: FloatArray, w: FloatArray, bound: float) -> Intervals:
    """The set of all b whose distance is at most ``bound``, as intervals from low to high.

    Its ends are roots of the determinant of ``[[V, g], [g', bound]]``, a polynomial in b of degree
    2l, found as eigenvalues and then to rounding between points of either sign. The set may be
    empty, or unbounded on one side or both, which is so if ``p2'W2^-1 p2`` is at most ``bound``.
    """
    unit = np.sqrt(
        np.trace(w[: len(point), : len(point)]) / np.trace(w[len(point) :, len(point) :])
    )
    scaled = point / np.array([unit, 1.0])
    by = np.repeat([1.0 / unit, 1.0], len(point))
    ends = _ends(scaled, w * np.outer(by, by), bound)
    return tuple((float(unit * low), float(unit * high)) for low, high in ends)


def _ends(point: FloatArray, w: FloatArray, bound: float) -> Intervals:
    def excess(angle: float) -> float:
        return _at_angle(point, w, angle) - bound

    half = np.pi / 2
    roots = np.arctan(_candidates(point, w, bound))
    # The grid costs little and finds ends that ill-conditioned eigenvalues would lose.
    edges = np.unique(np.concatenate([roots, np.linspace(-half, half, _GRID)]))
    probes = np.concatenate([[-half], (edges[:-1] + edges[1:]) / 2, [half]])
    inside = [excess(p) <= 0 for p in probes]
    crossings = [
        brentq(excess, a, b, xtol=1e-15, rtol=1e-15)
        for a, b, first, second in zip(probes, probes[1:], inside, inside[1:], strict=False)
        if first != second
    ]
    ends = [float(np.tan(c)) for c in crossings]
    if inside[0]:
        ends = [-np.inf, *ends, np.inf]
    return tuple(zip(ends[::2], ends[1::2], strict=True))


def _candidates(point: FloatArray, w: FloatArray, bound: float) -> FloatArray:
    """Real roots of the determinant, and numbers next to them where rounding leaves a complex
    pair; a candidate too many does no harm."""
    size = len(point)
    w1, w12, w2 = w[:size, :size], w[:size, size:], w[size:, size:]
    p1, p2 = point[:, :1], point[:, 1:]
    corner, zero = np.array([[bound]]), np.zeros((1, 1))
    m0 = np.block([[w1, p1], [p1.T, corner]])
    m1 = -np.block([[w12 + w12.T, p2], [p2.T, zero]])
    m2 = np.block([[w2, np.zeros((size, 1))], [np.zeros((1, size)), zero]])
    eye, nothing = np.eye(size + 1), np.zeros((size + 1, size + 1))
    left = np.block([[nothing, eye], [-m0, -m1]])
    right = np.block([[eye, nothing], [nothing, m2]])
    found = linalg.eigvals(left, right)
    real = found[np.isfinite(found) & (np.abs(found.imag) <= 1e-4 * (1 + np.abs(found.real)))]
    return np.asarray(real.real, dtype=np.float64)
