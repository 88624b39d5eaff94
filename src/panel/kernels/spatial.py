"""Distances on the sphere, and statistics of spatial association.

Notation: W (N, N) weights, row i those of the neighbours of i; z (N,) values less their mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from panel.kernels.conley import EARTH_RADIUS

FloatArray = np.ndarray[Any, np.dtype[np.float64]]


def great_circle(latitude: FloatArray, longitude: FloatArray) -> FloatArray:
    """Distances (N, N) in kilometres between places given in degrees (haversine formula)."""
    phi, lam = np.radians(latitude), np.radians(longitude)
    a = np.sin((phi[:, None] - phi[None, :]) / 2) ** 2
    b = np.sin((lam[:, None] - lam[None, :]) / 2) ** 2
    inside = a + np.cos(phi)[:, None] * np.cos(phi)[None, :] * b
    return np.asarray(2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.minimum(inside, 1.0))))


def row_standardised(w: FloatArray) -> FloatArray:
    """W with rows adding up to one; a row of zeros stays."""
    total = w.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(w, total, out=np.zeros_like(w), where=total > 0))


@dataclass(frozen=True)
class Moran:
    """Moran's I with its moments.

    Parameters
    ----------
    value, expected : I and -1/(N - 1).
    variance, variance_normal : under random assignment of the values, and for normal ones.
    """

    value: float
    expected: float
    variance: float
    variance_normal: float


def moran(x: FloatArray, w: FloatArray) -> Moran:
    """``I = N z'Wz / (S0 z'z)`` and its moments (Cliff and Ord 1981, sections 1.5 and 2.3)."""
    n, z = len(x), _centred(x)
    s0 = float(w.sum())
    s1 = float(((w + w.T) ** 2).sum()) / 2
    s2 = float(((w.sum(axis=1) + w.sum(axis=0)) ** 2).sum())
    m2 = float(z @ z)
    expected = -1 / (n - 1)
    normal = (n**2 * s1 - n * s2 + 3 * s0**2) / (s0**2 * (n**2 - 1)) - expected**2
    kurtosis = n * float((z**4).sum()) / m2**2
    first = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    second = kurtosis * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    random = (first - second) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - expected**2
    return Moran(n / s0 * float(z @ w @ z) / m2, expected, random, normal)


def permuted_moran(
    x: FloatArray, w: FloatArray, permutations: int, generator: np.random.Generator
) -> FloatArray:
    """Moran's I (R,) of values assigned to places at random."""
    z = _centred(x)
    mixed = generator.permuted(np.tile(z, (permutations, 1)), axis=1)
    return np.asarray(len(x) / w.sum() * ((mixed @ w.T) * mixed).sum(axis=1) / (z @ z))


def local_moran(x: FloatArray, w: FloatArray) -> FloatArray:
    """Local statistics (N,) ``z_i sum_j w_ij z_j / (z'z/N)`` (Anselin 1995)."""
    z = _centred(x)
    return np.asarray(len(x) * z * (w @ z) / (z @ z))


def permuted_local(
    x: FloatArray, w: FloatArray, permutations: int, generator: np.random.Generator
) -> FloatArray:
    """Local statistics (R, N), a region's own value held and the others assigned at random."""
    n, z = len(x), _centred(x)
    orders = generator.permuted(np.tile(np.arange(n - 1), (permutations, 1)), axis=1)
    found = np.empty((permutations, n))
    for i in range(n):
        others = np.delete(z, i)
        near = np.flatnonzero(np.delete(w[i], i))
        found[:, i] = others[orders[:, : len(near)]] @ np.delete(w[i], i)[near]
    return np.asarray(n * found * z / (z @ z))


def _centred(x: FloatArray) -> FloatArray:
    """z over its largest entry: the statistics are free of the unit, and no square overflows."""
    z = x - x.mean()
    return np.asarray(z / np.abs(z).max())


def two_sided(value: FloatArray, permuted: FloatArray) -> FloatArray:
    """Pseudo p-values: twice the smaller tail among the permutations (R, ...) and the value."""
    above, below = (permuted >= value).sum(axis=0), (permuted <= value).sum(axis=0)
    return np.asarray(np.minimum(2 * (1 + np.minimum(above, below)) / (len(permuted) + 1), 1.0))
