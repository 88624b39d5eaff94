"""The wild cluster bootstrap on sums over clusters, and its exact inversion.

A draw multiplies the errors of cluster g by v_g. Everything a t statistic needs is linear in v: its
numerator ``z'v``, and the clusters' scores ``F v`` whose squares make the variance. Under a null
``a'b = r`` the errors are ``u + delta x_a`` with ``delta = a'b - r``, so that numerators and scores
are linear, and variances quadratic, in delta: each draw is a curve over all r, computed once
(MacKinnon, Nielsen and Webb 2023, J. Applied Econometrics 38; Roodman, MacKinnon, Nielsen and Webb
2019, Stata Journal 19).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from panel.kernels.leverage import Form
from panel.kernels.seeds import require_seed

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
Weights = Literal["rademacher", "webb", "mammen", "normal"]

# Numbers held at once in a batch of draws: 32 MB.
_BATCH = 4_000_000
# Two statistics closer than this, relatively, are the same but for rounding.
TIE = 1e-9


def enumerated(n_clusters: int, draws: int, weights: Weights) -> bool:
    """Whether all ``2^G`` Rademacher vectors are within the number of draws."""
    return weights == "rademacher" and n_clusters < 63 and 2**n_clusters <= draws


def weight_batches(
    n_clusters: int, draws: int, weights: Weights, seed: int
) -> Iterator[FloatArray]:
    """Weights (G, batch) of mean 0 and variance 1, all draws one batch after another.

    Rademacher: 1 or -1; every vector once where that is not more than ``draws``. Webb: six points,
    ``+-sqrt(1/2), +-1, +-sqrt(3/2)``. Mammen: two points with third moment 1. The size of a batch
    depends on G alone, so the draws depend on the seed alone.
    """
    step = max(1, _BATCH // n_clusters)
    if enumerated(n_clusters, draws, weights):
        for start in range(0, 2**n_clusters, step):
            number = np.arange(start, min(start + step, 2**n_clusters))
            signs = (number >> np.arange(n_clusters)[:, None]) & 1
            yield 1.0 - 2.0 * signs.astype(np.float64)
        return
    generator = np.random.default_rng(seed)
    for start in range(0, draws, step):
        shape = (n_clusters, min(step, draws - start))
        if weights == "normal":
            yield generator.standard_normal(shape)
        elif weights == "mammen":
            root = np.sqrt(5.0)
            low = generator.random(shape) < (root + 1) / (2 * root)
            yield np.where(low, (1 - root) / 2, (1 + root) / 2)
        else:
            half = np.sqrt([0.5, 1.0, 1.5]) if weights == "webb" else np.ones(1)
            points = np.concatenate([-half, half])
            yield points[generator.integers(len(points), size=shape)]


@dataclass(frozen=True)
class Draws:
    """Which weights are drawn.

    Parameters
    ----------
    clusters, number, weights : G, how many draws at most, and of what distribution.
    seed : None where every vector is taken once.
    """

    clusters: int
    number: int
    weights: Weights
    seed: int | None

    def batches(self) -> Iterator[FloatArray]:
        """The weights (G, batch), the same at every call."""
        return weight_batches(self.clusters, self.number, self.weights, self.seed or 0)


def drawing(clusters: int, number: int, weights: Weights, seed: int | None) -> Draws:
    """Draws with a new seed where one is needed and none is given."""
    if seed is None:
        seed = int(np.random.SeedSequence().generate_state(1)[0])
    seed, every = require_seed(seed), enumerated(clusters, number, weights)
    return Draws(clusters, number, weights, None if every else seed)


@dataclass(frozen=True, eq=False)
class Part:
    """One part of the variance: squares of the scores of one way of clustering.

    Parameters
    ----------
    factor : with which it enters, negative for intersections.
    scores, slopes : F (H, G) at delta = 0 and its derivative, None where it has none.
    """

    factor: float
    scores: Form
    slopes: Form | None


def curves(numerator: FloatArray, parts: list[Part], weights: Iterator[FloatArray]) -> FloatArray:
    """Each draw's t statistic as a curve over delta.

    Parameters
    ----------
    numerator : (2, G), value at delta = 0 and slope of each cluster's part.

    Returns
    -------
    (draws, 5) numbers n0, n1, d0, d1, d2: the statistic is
    ``(n0 + n1 delta) / sqrt(d0 + d1 delta + d2 delta^2)``.
    """
    ready = [
        (p.factor, dense(p.scores), None if p.slopes is None else dense(p.slopes)) for p in parts
    ]
    found = []
    for v in weights:
        batch = np.zeros((v.shape[1], 5))
        batch[:, :2] = (numerator @ v).T
        for factor, scores, slopes in ready:
            level = scores @ v
            batch[:, 2] += factor * (level**2).sum(axis=0)
            if slopes is not None:
                slope = slopes @ v
                batch[:, 3] += 2 * factor * (level * slope).sum(axis=0)
                batch[:, 4] += factor * (slope**2).sum(axis=0)
        found.append(batch)
    return np.concatenate(found)


def dense(form: Form) -> Form | FloatArray:
    """The matrix itself where it is small, which makes the products of a draw one call."""
    rows, columns = form.sparse.shape
    return form @ np.eye(columns) if rows * columns <= _BATCH // 4 else form


def statistics(curve: FloatArray, delta: float) -> FloatArray:
    """The t statistics (draws,) at delta; infinite where the variance is not positive."""
    variance = curve[:, 2] + curve[:, 3] * delta + curve[:, 4] * delta**2
    positive = variance > 0
    return np.where(
        positive,
        (curve[:, 0] + curve[:, 1] * delta) / np.sqrt(np.where(positive, variance, 1.0)),
        np.inf,
    )


def rejection_steps(curve: FloatArray, error: float) -> tuple[FloatArray, FloatArray]:
    """Share of draws with a larger statistic than the sample's, as a function of t = delta/error.

    A draw's statistic is the larger one where the quartic
    ``(n0 + n1 delta)^2 error^2 - delta^2 (d0 + d1 delta + d2 delta^2)`` is positive, so that the
    share is a step function whose steps are the real roots.

    Returns
    -------
    Sorted steps (m,) in t, and the shares (m + 1,) between them.
    """
    a, b = curve[:, 0] / error, curve[:, 1]
    c, d, e = curve[:, 2] / error**2, curve[:, 3] / error, curve[:, 4]
    quartic = np.column_stack([-e, -d, b**2 - c, 2 * a * b, a**2])  # falling powers of t
    size = np.abs(quartic).max(axis=1)
    alive = size > TIE * np.maximum(a**2 + b**2, TIE)  # a draw equal to the sample never exceeds it
    quartic = quartic[alive] / size[alive, None]
    roots = _real_roots(quartic)  # (m, 4), infinite where there is none
    above = _value(quartic, _between(roots)) > 0  # (m, 5)
    finite = np.where(np.isfinite(roots), roots, np.nan)
    double = np.diff(finite, axis=1) <= TIE * np.maximum(np.abs(finite[:, 1:]), TIE)
    for j in range(3):  # between roots that are one but for rounding there is no interval
        above[:, j + 1] = np.where(double[:, j], above[:, j], above[:, j + 1])
    change = np.diff(above.astype(np.int64), axis=1)
    at = np.isfinite(roots) & (change != 0)
    order = np.argsort(roots[at], kind="stable")
    steps = roots[at][order]
    counts = above[:, 0].sum() + np.concatenate([[0], np.cumsum(change[at][order])])
    return steps, counts / len(curve)


def _value(quartic: FloatArray, t: FloatArray) -> FloatArray:
    """Quartics (m, 5) at t (m, j), scaled so that large t do not overflow."""
    scale = np.maximum(np.abs(t), 1.0)
    x, one = t / scale, 1.0 / scale
    total = np.zeros_like(t)
    for power in range(5):
        total = total + quartic[:, power, None] * x ** (4 - power) * one**power
    return np.asarray(total)


def _between(roots: FloatArray) -> FloatArray:
    """A point (m, 5) in each interval between the sorted roots (m, 4) and beyond them."""
    finite = np.where(np.isfinite(roots), roots, np.nan)
    high = np.nanmax(np.column_stack([finite, np.zeros(len(roots))]), axis=1)
    filled = np.where(np.isfinite(roots), roots, (2 * np.abs(high) + 1.0)[:, None])
    first = filled[:, :1] - np.abs(filled[:, :1]) - 1.0
    last = filled[:, -1:] + np.abs(filled[:, -1:]) + 1.0
    return np.column_stack([first, (filled[:, 1:] + filled[:, :-1]) / 2, last])


def _real_roots(quartic: FloatArray) -> FloatArray:
    """Sorted real roots (m, 4) of polynomials (m, 5), infinite where there is none.

    Eigenvalues of companion matrices, improved by Newton's method, which makes up for what a small
    leading coefficient costs.
    """
    roots: FloatArray = np.full((len(quartic), 4), np.inf)
    leading = np.argmax(np.abs(quartic) > 1e-13, axis=1)
    for skipped in range(4):
        rows = np.flatnonzero(leading == skipped)
        degree = 4 - skipped
        if not len(rows):
            continue
        monic = quartic[rows, skipped + 1 :] / quartic[rows, skipped, None]
        companion = np.zeros((len(rows), degree, degree))
        companion[:, 0, :] = -monic
        companion[:, np.arange(1, degree), np.arange(degree - 1)] = 1.0
        found = np.linalg.eigvals(companion)
        real = np.abs(found.imag) <= 1e-6 * np.maximum(np.abs(found), 1e-6)
        roots[rows, :degree] = np.where(real, _newton(quartic[rows], np.real(found)), np.inf)
    return np.sort(roots, axis=1)


def _newton(quartic: FloatArray, t: FloatArray) -> FloatArray:
    """Roots t (m, j) after three steps of Newton's method, each at most a tenth of t."""
    slope = quartic[:, :4] * np.array([4.0, 3.0, 2.0, 1.0])
    for _ in range(3):
        value, change = np.zeros_like(t), np.zeros_like(t)
        for power in range(5):
            value = value * t + quartic[:, power, None]
        for power in range(4):
            change = change * t + slope[:, power, None]
        step = np.where(change != 0, value / np.where(change == 0, 1.0, change), 0.0)
        t = t - np.clip(step, -0.1 * np.abs(t), 0.1 * np.abs(t))
    return t
