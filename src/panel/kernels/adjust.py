"""Adjustments of residuals cluster by cluster for their leverage, and what they cost in degrees of
freedom.

H_gg is the block of the hat matrix (see kernels.leverage) of cluster g. Leaving cluster g out
changes the coefficients as if its residuals were ``(I - H_gg)^-1 u_g`` (jackknife, CR3); Bell and
McCaffrey's ``(I - H_gg)^-1/2 u_g`` makes the covariance unbiased under independent errors (CR2).
Both are applied to the loadings p (n, k) of the coefficients, ``b - beta = p'u``, which comes to
the same as applying them to the residuals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy import sparse

from panel.kernels.groups import group_sums, nested
from panel.kernels.leverage import Form, Hat, entries

BoolArray = np.ndarray[Any, np.dtype[np.bool_]]
FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]

# Variances of the errors for which CR2 is unbiased: all equal, or inverse to the weights.
Target = Literal["equal", "weights"]

# An eigenvalue of I - H_gg below this is zero: cluster g alone determines that direction.
_ZERO = 1e-10
# A column with more than this share of its length in such a direction depends on cluster g. Where
# weights are far apart a cluster may have nearly all the weight, and a direction is only nearly its
# own: such a column has about the root of what 1 - H_gg really is, and rounding leaves 1e-15.
_DEPENDS, _DEPENDS_UNEVEN = 1e-5, 1e-11
# Numbers held at once in a batch of clusters: 32 MB.
_BATCH = 4_000_000


@dataclass(frozen=True, eq=False)
class Adjusted:
    """Adjusted values.

    Parameters
    ----------
    values : (n, k).
    lost : (k,) a cluster without which that column's coefficient cannot be estimated, or -1.
    """

    values: FloatArray
    lost: IntArray


def jackknifed(hat: Hat, clusters: IntArray, loadings: FloatArray) -> Adjusted:
    """Loadings (n, k) with ``(I - H_gg)^-1`` applied: times residuals, they give by how much the
    coefficients change without cluster g."""
    root = np.sqrt(hat.weights)[:, None]
    adjusted = _inverse_power(hat, clusters, loadings / root, 1.0)
    return Adjusted(adjusted.values * root, adjusted.lost)


def left_out(hat: Hat, clusters: IntArray, residual: FloatArray) -> FloatArray:
    """Prediction errors (n, k) of each cluster from the fit without it, from residuals (n, k)."""
    root = np.sqrt(hat.weights)[:, None]
    return _inverse_power(hat, clusters, residual * root, 1.0).values / root


def bell_mccaffrey(hat: Hat, clusters: IntArray, loadings: FloatArray, target: Target) -> Adjusted:
    """Loadings (n, k) with the symmetric inverse square root applied.

    ``A_g = D (D B_g D)^+1/2 D`` with B_g the block of ``(I - H) F (I - H)'``, F the target
    variances and D their roots (Pustejovsky and Tipton 2018, J. Business and Economic Statistics
    36, equation 9); ``(I - H_gg)^+1/2`` without weights.
    """
    if np.ptp(hat.weights) == 0 or not loadings.shape[1]:
        return _inverse_power(hat, clusters, loadings, 0.5)
    values, lost = np.empty_like(loadings), np.full(loadings.shape[1], -1)
    working = _Working(hat, target)
    unit = loadings * (np.sqrt(working.variances) / hat.weights)[:, None]
    scale = np.linalg.norm(unit, axis=0)
    for rows, _ in _batches(hat, clusters):
        root = np.sqrt(working.variances[rows])[..., None]
        block = working.block(rows) * root * root.swapaxes(1, 2)
        spectrum, vectors = np.linalg.eigh(block)
        zero = np.asarray(spectrum <= _ZERO * spectrum.max(axis=1, keepdims=True))
        turned = vectors.swapaxes(1, 2)
        _note_lost(lost, clusters[rows[:, 0]], turned @ unit[rows] / scale, zero, hat.uneven)
        inside = _power(spectrum, zero, 0.5) * (turned @ (loadings[rows] * root))
        values[rows] = (vectors @ inside) * root
    return Adjusted(values, lost)


def _inverse_power(hat: Hat, clusters: IntArray, values: FloatArray, power: float) -> Adjusted:
    """``(I - W^1/2 K_gg W^1/2)^-power`` applied to ``values`` (n, k), by the pseudo-inverse.

    Where the eliminated groups lie inside the clusters, their means are eigenvectors that loadings
    and residuals do not have, and only the part of low rank is left.
    """
    result, lost = np.empty_like(values), np.full(values.shape[1], -1)
    if not values.shape[1]:  # a model of fixed effects alone
        return Adjusted(result, lost)
    scale = np.maximum(np.linalg.norm(values, axis=0), np.finfo(float).tiny)
    inside_clusters = not hat.inverse_mass.any() or nested(hat.codes, clusters)
    for rows, groups in _batches(hat, clusters):
        factor = _factor(hat, rows, None if inside_clusters else groups)
        if factor.shape[2] < factor.shape[1]:
            vectors, singular, _ = np.linalg.svd(factor, full_matrices=False)
            own = 1.0 - singular**2
        else:
            spectrum, vectors = np.linalg.eigh(factor @ factor.swapaxes(1, 2))
            own = 1.0 - spectrum
        zero = np.asarray(own <= _ZERO)
        inside = vectors.swapaxes(1, 2) @ values[rows]
        _note_lost(lost, clusters[rows[:, 0]], inside / scale, zero, hat.uneven)
        if rows.shape[1] == 1 and len(heavy := hat.outweighing(rows[zero[:, 0], 0])):
            lost[:] = clusters[heavy[0]]
        change = (_power(own, zero, power) - 1.0) * inside
        result[rows] = values[rows] + vectors @ change
    return Adjusted(result, lost)


def _power(spectrum: FloatArray, zero: BoolArray, power: float) -> FloatArray:
    """Eigenvalues (b, s) to the power ``-power`` as a column, 0 where they are zero."""
    return np.asarray(np.where(zero, 0.0, np.where(zero, 1.0, spectrum) ** -power))[..., None]


def _note_lost(
    lost: IntArray, clusters: IntArray, inside: FloatArray, zero: BoolArray, uneven: bool
) -> None:
    """Write into ``lost`` (k,) a cluster whose own directions a column depends on."""
    share = _DEPENDS_UNEVEN if uneven else _DEPENDS
    gone = (np.abs(inside) * zero[..., None]).max(axis=1) > share  # (b, k)
    for j in np.flatnonzero(gone.any(axis=0)):
        lost[j] = clusters[np.argmax(gone[:, j])]


def _batches(hat: Hat, clusters: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Rows (b, s) of clusters of one size s, and the numbers 0.. (b, s) within the cluster of the
    eliminated groups they belong to; clusters of one batch have equally many of these."""
    order = np.lexsort((hat.codes, clusters))
    cluster, group = clusters[order], hat.codes[order]
    first = np.diff(cluster, prepend=-1) != 0
    starts = np.flatnonzero(first)
    sizes = np.diff(np.append(starts, len(order)))
    number = np.cumsum(first | (np.diff(group, prepend=-1) != 0))
    number -= np.repeat(number[starts], sizes)
    groups = number[starts + sizes - 1] + 1
    for size, count in np.unique(np.column_stack([sizes, groups]), axis=0):
        alike = starts[(sizes == size) & (groups == count)]
        step = max(1, _BATCH // int(size * max(size, count + len(hat.middle))))
        for at in range(0, len(alike), step):
            index = alike[at : at + step, None] + np.arange(size)
            yield order[index], number[index]


def _factor(hat: Hat, rows: IntArray, groups: IntArray | None) -> FloatArray:
    """F (b, s, c) with ``F F' = W^1/2 K_gg W^1/2``; without ``groups`` (b, s), less the means."""
    factor = hat.rows(rows) @ hat.root
    if groups is not None:
        own = groups[..., None] == np.arange(int(groups.max()) + 1)
        means = own * np.sqrt(hat.inverse_mass[hat.codes[rows]])[..., None]
        factor = np.concatenate([means, factor], axis=2)
    return np.asarray(factor * np.sqrt(hat.weights[rows])[..., None])


class _Working:
    """``(I - H) F (I - H)'`` for target variances F, by blocks and in sums over clusters.

    With F the inverse weights it is ``F - K``; with equal variances the weights do not cancel, and
    ``K W^2 K`` needs moments of the second order within the eliminated groups.
    """

    def __init__(self, hat: Hat, target: Target) -> None:
        self.hat = hat
        self.simple = target == "weights" or np.ptp(hat.weights) == 0
        self.variances = 1.0 / hat.weights if self.simple else np.ones(hat.n)
        if self.simple:
            return
        w, inverse_mass = hat.weights, hat.inverse_mass
        squared = sparse.diags_array(w**2) @ hat.spread
        groups = entries(hat.codes, np.arange(hat.n), np.ones(hat.n), (len(inverse_mass), hat.n))
        self.second = (groups @ w**2) * inverse_mass**2  # (G,)
        self.means = (sparse.diags_array(inverse_mass) @ (groups @ squared)).tocsr()  # (G, r)
        self.low = hat.middle @ (hat.spread.T @ squared).toarray() @ hat.middle  # (r, r)

    def block(self, rows: IntArray) -> FloatArray:
        """Blocks (b, s, s) at ``rows`` (b, s)."""
        hat, w = self.hat, self.hat.weights[rows]
        codes, v = hat.codes[rows], hat.rows(rows)
        same = codes[:, :, None] == codes[:, None, :]
        half = v @ hat.middle
        k = same * hat.inverse_mass[codes][..., None] + half @ v.swapaxes(1, 2)
        diagonal = np.eye(rows.shape[1])
        if self.simple:
            return np.asarray(diagonal / w[..., None] - k)
        mean = self.means[codes.reshape(-1)].toarray().reshape(v.shape)
        crossed = half @ mean.swapaxes(1, 2)
        square = same * self.second[codes][..., None] + v @ self.low @ v.swapaxes(1, 2)
        square = square + crossed + crossed.swapaxes(1, 2)
        return np.asarray(diagonal - k * w[:, None, :] - w[..., None] * k + square)

    def form(self, clusters: IntArray, n_clusters: int, p: FloatArray) -> Form:
        """``U'(I - H) F (I - H)'U`` (G, G), U (n, G) holding each cluster's part of ``p`` (n,)."""
        hat, w = self.hat, self.hat.weights
        rows, n_groups = np.arange(hat.n), len(hat.inverse_mass)
        u = entries(rows, clusters, p, (hat.n, n_clusters))
        t = entries(hat.codes, clusters, p, (n_groups, n_clusters))
        y = (hat.spread.T @ u).toarray()
        own = group_sums(clusters, (p**2 * self.variances)[:, None], n_clusters)[:, 0]
        inverse_mass = sparse.diags_array(hat.inverse_mass)
        if self.simple:
            return Form(
                (sparse.diags_array(own) - t.T @ inverse_mass @ t).tocsr(), y, -hat.middle, y
            )
        weighted = t.T @ inverse_mass @ entries(hat.codes, clusters, p * w, t.shape)
        inner = t.T @ sparse.diags_array(self.second) @ t
        both = np.vstack(
            [y, (self.means.T @ t - hat.spread.T @ sparse.diags_array(w) @ u).toarray()]
        )
        middle = np.block([[self.low, hat.middle], [hat.middle, np.zeros_like(hat.middle)]])
        return Form(
            (sparse.diags_array(own) - weighted - weighted.T + inner).tocsr(), both, middle, both
        )


def satterthwaite(
    hat: Hat, clusters: IntArray, n_clusters: int, adjusted: FloatArray, target: Target
) -> FloatArray:
    """Degrees of freedom (k,) that match the first two moments of each variance estimate under
    the target variances (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018, equation 11).

    Parameters
    ----------
    adjusted : adjusted loadings (n, k).
    """
    working = _Working(hat, target)
    forms = (working.form(clusters, n_clusters, p) for p in adjusted.T)
    return np.array([form.trace**2 / form.square for form in forms])
