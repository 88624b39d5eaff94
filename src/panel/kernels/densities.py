"""Gaussian kernel densities and their bandwidths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy import optimize

FloatArray = np.ndarray[Any, np.dtype[np.float64]]

# Interquartile range of the standard normal distribution, as Silverman and as the others round it.
_IQR, _IQR_LONGER = 1.34, 1.349


def spread(x: FloatArray, iqr: float) -> float:
    """The smaller of the standard deviation and the interquartile range over ``iqr``.

    Where half of the values are equal the range is zero and the deviation is taken.
    """
    low, high = np.quantile(x, [0.25, 0.75])
    deviation = float(x.std(ddof=1))
    return min(deviation, float(high - low) / iqr) or deviation


def silverman(x: FloatArray) -> float:
    """Rule of thumb ``0.9 min(s, IQR/1.34) n^(-1/5)``; R's bw.nrd0."""
    return float(0.9 * spread(x, _IQR) * len(x) ** -0.2)


def scott(x: FloatArray) -> float:
    """Normal reference ``1.06 min(s, IQR/1.34) n^(-1/5)``; R's bw.nrd."""
    return float(1.06 * spread(x, _IQR) * len(x) ** -0.2)


def sheather_jones(x: FloatArray) -> float:
    """Sheather and Jones' solution of their equation for h; R's bw.SJ without its binning.

    ``h = (R(K) / (n S(alpha(h))))^(1/5)``, S the estimated integral of the squared second
    derivative of the density, with a pilot bandwidth alpha that itself depends on h. Missing
    where so few values have no solution.
    """
    n, scale = len(x), spread(x, _IQR_LONGER)
    squared = ((x[:, None] - x[None, :]) ** 2).ravel()

    def fourth(h: float) -> float:
        d = squared / h**2
        total = float(((d**2 - 6 * d + 3) * np.exp(-d / 2)).sum())
        return float(total / (n * (n - 1) * h**5 * np.sqrt(2 * np.pi)))

    def sixth(h: float) -> float:
        d = squared / h**2
        total = float(((d**3 - 15 * d**2 + 45 * d - 15) * np.exp(-d / 2)).sum())
        return float(total / (n * (n - 1) * h**7 * np.sqrt(2 * np.pi)))

    a, b = 1.24 * scale * n ** (-1 / 7), 1.23 * scale * n ** (-1 / 9)
    ratio = fourth(a) / -sixth(b)
    if not ratio > 0:  # too few values for the pilot estimates
        return float("nan")
    factor = 1.357 * ratio ** (1 / 7)

    def equation(h: float) -> float:
        curvature = max(fourth(factor * h ** (5 / 7)), np.finfo(float).tiny)
        return float((2 * np.sqrt(np.pi) * n * curvature) ** -0.2 - h)

    largest = 1.144 * scale * n**-0.2
    low, high = 0.1 * largest, largest
    for _ in range(60):  # as far as it takes to enclose the solution
        if equation(low) * equation(high) <= 0:
            return float(optimize.brentq(equation, low, high, xtol=1e-12 * largest))
        low, high = low / 1.2, high * 1.2
    return float("nan")


BANDWIDTHS: Mapping[str, Callable[[FloatArray], float]] = MappingProxyType(
    {"silverman": silverman, "scott": scott, "sheather_jones": sheather_jones}
)


def density(
    grid: FloatArray, x: FloatArray, w: FloatArray, h: float, lower: float | None
) -> FloatArray:
    """Density on ``grid`` (g,) of values ``x`` (n,) with weights ``w``.

    What would lie below ``lower`` is reflected there, so that it still integrates to one above.
    """
    found = _bumps(grid, x, h) @ (w / w.sum())
    if lower is not None:
        found = found + _bumps(2 * lower - grid, x, h) @ (w / w.sum())
        found = np.where(grid < lower, 0.0, found)
    return np.asarray(found)


def conditional(
    grid: FloatArray, start: FloatArray, end: FloatArray, h: tuple[float, float]
) -> FloatArray:
    """Density of the end given the start, (g, g): rows start, columns end, each row a density.

    ``sum_i K_h1(x - x_i) K_h2(y - y_i) / sum_i K_h1(x - x_i)``.
    """
    near = -0.5 * ((grid[:, None] - start[None, :]) / h[0]) ** 2
    weight = np.exp(near - near.max(axis=1, keepdims=True))  # far from all data none is zero
    weight /= weight.sum(axis=1, keepdims=True)
    return np.asarray(weight @ _bumps(grid, end, h[1]).T)


def _bumps(grid: FloatArray, x: FloatArray, h: float) -> FloatArray:
    """Normal density (g, n) at each point of the grid around each value."""
    z = (grid[:, None] - x[None, :]) / h
    return np.asarray(np.exp(-0.5 * z**2) / (h * np.sqrt(2 * np.pi)))
