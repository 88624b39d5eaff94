"""The wild restricted efficient bootstrap of instrumental variables, on sums over clusters.

Notation: y (n,) outcome, D (n, k2) endogenous regressors, X (n, k1) exogenous ones, Q1 and Q2
orthonormal bases of X and of what the excluded instruments add; fixed effects out, rows times the
root of the weight, M1 = I - Q1 Q1'. The hypothesis is ``a'b = r`` with ``a = (a_D, a_X)``.

A draw keeps ``D_fit``, the fit of the reduced form, and multiplies the errors u of the equation and
V (n, k2) of the reduced form in cluster g by v_g (Davidson and MacKinnon 2010, J. Business and
Economic Statistics 28). What an estimator of the k-class and its clustered variance need
is linear or quadratic in v; in coefficients less their true values the outcome is u alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from panel.kernels.groups import group_sums
from panel.kernels.instruments import k_class, orthonormal, smallest_ratio
from panel.kernels.leverage import Form, Hat, entries, projected_sums

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]
Intervals = tuple[tuple[float, float], ...]

# An eigenvalue below this share of the largest is zero: the draw's covariance is singular.
_SINGULAR = 1e-12
# Matrices of that many numbers together are made at once and dense.
_DENSE = 1_000_000
# Where a search for the ends of a set looks first, in standard errors: densely, then far out.
_NEAR = np.arange(0.0, 10.0, 0.5)
_FAR = np.array([10.0, 12, 15, 20, 30, 50, 100, 1e3, 1e6])
# How often it halves an interval.
_HALVINGS = 17


@dataclass(frozen=True, eq=False)
class Equation:
    """Columns of an equation with instruments, as above.

    Parameters
    ----------
    y, d, x, q1, q2 : (n,), (n, k2), (n, k1), (n, k1), (n, l).
    """

    y: FloatArray
    d: FloatArray
    x: FloatArray
    q1: FloatArray
    q2: FloatArray

    def restricted(self, a_d: FloatArray, a_x: FloatArray, value: float) -> FloatArray:
        """Residual (n,) under ``a'b = value``, by limited-information maximum likelihood.

        One coefficient is solved for: an exogenous regressor's if the hypothesis has any, since
        that column then serves as an instrument, else an endogenous one's.
        """
        if a_x.any():
            m = int(np.argmax(np.abs(a_x) / np.linalg.norm(self.x, axis=0)))
            gone, by = self.x[:, m], a_x[m]
            d = self.d - np.outer(gone, a_d / by)
            x = np.delete(self.x, m, axis=1) - np.outer(gone, np.delete(a_x, m) / by)
            q1 = orthonormal(x)
            freed = gone - q1 @ (q1.T @ gone)
            q2 = np.column_stack([freed / np.linalg.norm(freed), self.q2])
        else:
            m = int(np.argmax(np.abs(a_d) / np.linalg.norm(self.d, axis=0)))
            gone, by = self.d[:, m], a_d[m]
            d = np.delete(self.d, m, axis=1) - np.outer(gone, np.delete(a_d, m) / by)
            x, q1, q2 = self.x, self.q1, self.q2
        y = self.y - gone * (value / by)
        if not d.shape[1]:
            return np.asarray(y - q1 @ (q1.T @ y))
        kappa = 1.0
        if q2.shape[1] > d.shape[1]:
            kappa = smallest_ratio(np.column_stack([y, d]), q1, q2)
        both = np.column_stack([d, x])
        return np.asarray(y - both @ k_class(both, y, np.column_stack([q1, q2]), kappa).coef)

    def reduced_form(self, u: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Fit (n, k2) and errors (n, k2) of D on all instruments and the errors u (n,), which
        count among the errors: that is efficient, since u tells of V."""
        q = np.column_stack([self.q1, self.q2])
        own = u - q @ (q.T @ u)
        fit = q @ (q.T @ (self.d - np.outer(u, own @ self.d / (own @ own))))
        return fit, self.d - fit


@dataclass(frozen=True, eq=False)
class ScorePart:
    """One part of the variance: squares of the scores of one way of clustering in H groups.

    Parameters
    ----------
    factor : with which it enters, negative for intersections.
    scores : for each loading and each error, the matrix (H, G) from draws to sums over groups.
    fixed : (m, k2, H) the same sums of the fit of D, which no draw changes.
    """

    factor: float
    scores: list[list[Form | FloatArray]]
    fixed: FloatArray


@dataclass(frozen=True, eq=False)
class Efficient:
    """Draws of the t statistic of ``a'b`` under one null, by an estimator of the k-class.

    Loadings are the l columns of Q2 and, where the hypothesis has exogenous regressors, last
    ``n = X (X'X)^-1 a_X``; errors are u and the k2 columns of V.

    Parameters
    ----------
    a : a_D (k2,).
    fixed : (m, k2) loadings times the fit of D.
    sums : (m, 1 + k2, G) loadings times errors by cluster.
    parts : of the variance.
    cross : (1 + k2) x (1 + k2) matrices (G, G), errors of two clusters multiplied, M1 between;
        None for two-stage least squares, which does without.
    alpha : Fuller's constant over its degrees of freedom; 0 for LIML.
    count : l, the number of excluded instruments.
    """

    a: FloatArray
    fixed: FloatArray
    sums: FloatArray
    parts: tuple[ScorePart, ...]
    cross: list[list[Form | FloatArray]] | None
    alpha: float
    count: int

    def statistics(self, batches: Iterator[FloatArray]) -> FloatArray:
        """t statistics (draws,) for weights (G, batch); infinite where the variance is not
        positive."""
        return np.concatenate([self._batch(v) for v in batches])

    def _batch(self, v: FloatArray) -> FloatArray:
        drawn = self.sums @ v  # (m, 1 + k2, b)
        u, d = drawn[:, 0], self.fixed[:, :, None] + drawn[:, 1:]
        first = d[: self.count]  # (l, k2, b), coefficients of D on Q2
        both = np.concatenate([u[: self.count, None], first], axis=1)
        normal = np.einsum("jeb,jfb->bef", both, both)  # (u, D)'Q2 Q2'(u, D)
        if self.cross is not None:
            normal = self._by_kappa(v, drawn, normal)
        a = np.broadcast_to(self.a, (v.shape[1], len(self.a)))
        if len(self.fixed) > self.count:
            a = a - d[-1].T
        solved = np.linalg.solve(normal[:, 1:, 1:], np.stack([normal[:, 1:, 0], a], axis=2))
        moved, turn = solved[:, :, 0].T, solved[:, :, 1].T  # (k2, b)
        numerator = (a.T * moved).sum(axis=0)
        loading = np.einsum("jmb,mb->jb", first, turn)
        if len(self.fixed) > self.count:
            numerator = numerator + u[-1]
            loading = np.vstack([loading, np.ones(v.shape[1])])
        variance = np.zeros(v.shape[1])
        for part in self.parts:
            scores = 0.0
            for j, weight in enumerate(loading):
                each = part.scores[j]
                own = each[0] @ v
                for m, by in enumerate(moved):
                    own = own - by * (part.fixed[j, m][:, None] + each[1 + m] @ v)
                scores = scores + weight * own
            variance += part.factor * np.square(scores).sum(axis=0)
        positive = variance > 0
        return np.where(positive, numerator / np.sqrt(np.where(positive, variance, 1.0)), np.inf)

    def _by_kappa(self, v: FloatArray, drawn: FloatArray, explained: FloatArray) -> FloatArray:
        """``(u, D)'(M1 - kappa M_Q)(u, D)`` at each draw's own kappa (b, 1 + k2, 1 + k2)."""
        cross, k2 = self.cross or [], len(self.a)
        total = np.empty_like(explained)  # (u, D)'M1(u, D)
        for e in range(1 + k2):
            for f in range(e + 1):
                total[:, e, f] = total[:, f, e] = (v * (cross[e][f] @ v)).sum(axis=0)
        level = np.column_stack([np.zeros(self.count), self.fixed[: self.count]])
        mixed = np.einsum("je,jfb->bef", level, drawn[: self.count])
        total += mixed + mixed.swapaxes(1, 2) + level.T @ level
        kappa = np.ones(v.shape[1])
        if self.count > k2:
            root = np.linalg.inv(np.linalg.cholesky(total))
            share = np.linalg.eigvalsh(root @ explained @ root.swapaxes(1, 2))[:, 0]
            kappa = 1.0 / (1.0 - share)
        kappa = (kappa - self.alpha)[:, None, None]
        return np.asarray((1.0 - kappa) * total + kappa * explained)


@dataclass(frozen=True, eq=False)
class Quadratic:
    """Draws of ``g'V^-1 g / l``, g (l,) the instruments' coefficients, V (l, l) their covariance.

    Parameters
    ----------
    sums : (l, G) instruments times errors by cluster.
    parts : factor and, for each instrument, the matrix (H, G) from draws to scores.
    """

    sums: FloatArray
    parts: tuple[tuple[float, list[Form | FloatArray]], ...]

    def statistics(self, batches: Iterator[FloatArray]) -> FloatArray:
        """The statistics (draws,); infinite where V is singular."""
        return np.concatenate([self._batch(v) for v in batches])

    def _batch(self, v: FloatArray) -> FloatArray:
        g = (self.sums @ v).T  # (b, l)
        covariance = np.zeros((len(g), g.shape[1], g.shape[1]))
        for factor, forms in self.parts:
            scores = np.stack([form @ v for form in forms])
            covariance += factor * np.einsum("jhb,khb->bjk", scores, scores)
        return np.asarray(over_covariance(g, covariance) / g.shape[1])


def products(
    hat: Hat,
    loadings: FloatArray,
    rows: tuple[IntArray, int],
    errors: FloatArray,
    columns: tuple[IntArray, int],
) -> list[list[Form | FloatArray]]:
    """``projected_sums`` (H, G) of each of the loadings (n, m) with each of the errors (n, s)."""
    (h, n_rows), (g, n_columns) = rows, columns
    m, s = loadings.shape[1], errors.shape[1]
    if m * n_rows * s * n_columns > _DENSE:
        return [[projected_sums(hat, p, rows, e, columns) for e in errors.T] for p in loadings.T]
    weighted = hat.weights[:, None] * errors
    left, right = _by_group(h, n_rows, loadings), _by_group(g, n_columns, weighted)
    groups = len(hat.inverse_mass)
    spread = [hat.spread.T @ side for side in (left, right)]
    means = [
        entries(hat.codes, np.arange(hat.n), np.ones(hat.n), (groups, hat.n)) @ side
        for side in (left, right)
    ]
    taken = means[0].T @ (hat.inverse_mass[:, None] * means[1].toarray())
    taken = taken + spread[0].T @ (hat.middle @ spread[1].toarray())
    blocks = taken.reshape(m, n_rows, s, n_columns)
    own = np.array(
        [[group_sums(h * n_columns + g, (p * e)[:, None], n_rows * n_columns)[:, 0]
          for e in errors.T] for p in loadings.T]
    ).reshape(m, s, n_rows, n_columns)  # fmt: skip
    found = own - blocks.swapaxes(1, 2)
    return [list(each) for each in found]


def _by_group(codes: IntArray, number: int, values: FloatArray) -> Any:
    """Sparse matrix (n, k G) with column j of ``values`` (n, k) split by group."""
    n, k = values.shape
    column = codes[:, None] + number * np.arange(k)
    return entries(np.repeat(np.arange(n), k), column.ravel(), values.ravel(), (n, k * number))


def over_covariance(g: FloatArray, covariance: FloatArray) -> FloatArray:
    """``g'V^-1 g`` (b,) for g (b, l) and V (b, l, l); infinite where V is not positive definite."""
    values, vectors = np.linalg.eigh(covariance)
    good = values[:, 0] > _SINGULAR * np.abs(values).max(axis=1)
    turned = np.einsum("bij,bi->bj", vectors, g)
    safe = np.where(good[:, None], values, 1.0)
    return np.where(good, (turned**2 / safe).sum(axis=1), np.inf)


def where_at_least(
    p_value: Callable[[float], float], centre: float, unit: float, alpha: float
) -> Intervals:
    """The values whose p-value is at least ``alpha``, as intervals from low to high.

    A search: the p-value is taken at values up to a million ``unit`` from ``centre``, every half
    ``unit`` up to ten, and an end between two of them is found by halving. Intervals that lie
    between two of these values are overlooked; what is inside at the last one has no end.
    """
    t = np.concatenate([-_FAR[::-1], -_NEAR[:0:-1], _NEAR, _FAR])
    inside = [p_value(centre + unit * s) >= alpha for s in t]
    ends = [-np.inf] if inside[0] else []
    for left, right, before, after in zip(t, t[1:], inside, inside[1:], strict=False):
        if before == after:
            continue
        low, high = np.arctan(left), np.arctan(right)  # halves also what is a million long
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            same = (p_value(centre + unit * np.tan(middle)) >= alpha) == before
            low, high = (middle, high) if same else (low, middle)
        ends.append(float(centre + unit * np.tan(low if before else high)))
    ends += [np.inf] if inside[-1] else []
    return tuple(zip(ends[::2], ends[1::2], strict=True))
