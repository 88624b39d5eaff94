"""Taking fixed effects out of columns: exact projections on group dummies.

Notation: D_j (n, G_j) the dummies of grouping j, W the weights. The residual of ``a`` is
``a - D (D'WD)^- D'W a``.

One way: group means. Two ways: the larger grouping is eliminated, and the smaller one's Schur
complement ``S = D2'WD2 - D2'WD1 (D1'WD1)^-1 D1'WD2`` is factored once (Wansbeek and Kapteyn 1989).
S has one null vector a connected component, so one level of each is grounded; a pseudo-inverse
instead would lose half the digits. Three ways and more: least squares by LSMR.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from scipy import linalg, sparse
from scipy.sparse.linalg import lsmr

from panel.errors import ConvergenceError
from panel.kernels.groups import components, group_counts, group_sums, incidence

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]

# A dense Schur complement of this many levels takes 800 MB; beyond it LSMR takes over.
_DENSE_LEVELS = 10_000
# What a second projection may still change, relative to the column's size.
_TOLERANCE = 1e-12
_ITERATIVE_TOLERANCE = 1e-10


class Projection(Protocol):
    """What the three ways have in common."""

    def effects(self, values: FloatArray) -> tuple[FloatArray, ...]:
        """Coefficients (G_j, k) of the dummies of each grouping for ``values`` (n, k)."""

    def residual(self, values: FloatArray) -> FloatArray:
        """``values`` (n, k) less their projection on the dummies."""


def projection(
    codes: tuple[IntArray, ...], sizes: tuple[int, ...], weights: FloatArray | None
) -> Projection:
    """The projection for one, two or more groupings ``codes`` (each (n,), 0..G_j-1)."""
    if len(codes) == 1:
        return OneWay(codes[0], sizes[0], weights)
    if len(codes) == 2 and min(sizes) <= _DENSE_LEVELS:
        return TwoWay(codes, sizes, weights)
    return ManyWay(codes, sizes, weights)


def rank(codes: Sequence[IntArray], sizes: Sequence[int]) -> int:
    """Number of linearly independent dummies of the groupings ``codes`` (each (n,)).

    Every grouping after the first loses one a connected component that it forms with an earlier
    one, the most of all earlier ones (reghdfe's rule). Exact for two groupings, and for more where
    what is redundant shows in a pair: a grouping nested in another, a graph that falls apart.
    """
    total = sizes[0]
    for j in range(1, len(sizes)):
        pairs = (components(codes[i], codes[j], (sizes[i], sizes[j]))[0] for i in range(j))
        total += sizes[j] - max(pairs)
    return total


def _settled(
    step: Callable[[FloatArray], FloatArray],
    values: FloatArray,
    weights: FloatArray | None,
    tolerance: float,
) -> FloatArray:
    """``step(step(...(values)))`` (n, k), when one more step would change nothing.

    Rows count by the root of their weight, as they do in least squares.
    """
    root = 1.0 if weights is None else np.sqrt(weights)[:, None]
    size = np.maximum(np.abs(values * root).max(axis=0, initial=0.0), np.finfo(float).tiny)
    residual = step(values)
    for _ in range(4):
        again = step(residual)
        left = float((np.abs((again - residual) * root).max(axis=0, initial=0.0) / size).max())
        residual = again
        if left <= tolerance:
            return residual
    raise ConvergenceError(
        f"The fixed effects could not be taken out exactly: taking them out twice still changes "
        f"{left:.1e} of the column's size.",
        value=left,
        remedy="rescale weights that span many orders of magnitude, drop rows of almost no "
        "weight, or combine groupings (a^b) of which one is almost nested.",
    )


def _weighted(values: FloatArray, weights: FloatArray | None) -> FloatArray:
    return values if weights is None else values * weights[:, None]


@dataclass(frozen=True, eq=False)
class OneWay:
    """Deviations from group means."""

    codes: IntArray
    size: int
    weights: FloatArray | None

    @cached_property
    def _mass(self) -> FloatArray:  # (G,)
        return group_counts(self.codes, self.size, self.weights)

    def effects(self, values: FloatArray) -> tuple[FloatArray, ...]:
        """Group means (G, k)."""
        sums = group_sums(self.codes, _weighted(values, self.weights), self.size)
        return (sums / self._mass[:, None],)

    def residual(self, values: FloatArray) -> FloatArray:
        """Deviations (n, k) from the group means."""
        return values - self.effects(values)[0][self.codes]


@dataclass(frozen=True, eq=False)
class TwoWay:
    """Two groupings, by the Schur complement of the smaller one."""

    codes: tuple[IntArray, ...]
    sizes: tuple[int, ...]
    weights: FloatArray | None

    @cached_property
    def _order(self) -> tuple[int, int]:
        """Positions of the eliminated (larger) and the solved (smaller) grouping."""
        return (0, 1) if self.sizes[0] >= self.sizes[1] else (1, 0)

    @cached_property
    def _large(self) -> OneWay:
        first = self._order[0]
        return OneWay(self.codes[first], self.sizes[first], self.weights)

    @cached_property
    def _cells(self) -> sparse.csr_array:  # (G_large, G_small), weight of each pair
        first, second = self._order
        shape = (self.sizes[first], self.sizes[second])
        return incidence(self.codes[first], self.codes[second], shape, self.weights)

    @cached_property
    def _free(self) -> IntArray:
        """Levels of the smaller grouping that are solved for: all but one a component."""
        first, second = self._order
        shape = (self.sizes[first], self.sizes[second])
        _, labels = components(self.codes[first], self.codes[second], shape)
        _, grounded = np.unique(labels, return_index=True)
        return np.setdiff1d(np.arange(len(labels)), grounded)

    @cached_property
    def _factor(self) -> tuple[FloatArray, bool]:
        cells, free = self._cells, self._free
        shares = sparse.diags_array(1.0 / self._large._mass) @ cells
        links = (cells.T @ shares).toarray()
        # S is the Laplacian of the links between levels: its diagonal is their sum, which spares
        # the cancellation of subtracting two large numbers.
        np.fill_diagonal(links, 0.0)
        schur = np.diag(links.sum(axis=0)) - links
        try:
            return linalg.cho_factor(schur[np.ix_(free, free)], lower=True)
        except linalg.LinAlgError as error:
            raise ConvergenceError(
                "The groupings are connected by rows of almost no weight.",
                remedy="rescale weights that span many orders of magnitude, or drop such rows.",
            ) from error

    def _small_effects(self, centred: FloatArray) -> FloatArray:
        """Effects (G_small, k) of the smaller grouping; ``centred`` has no large-group means."""
        second = self._order[1]
        sums = group_sums(self.codes[second], _weighted(centred, self.weights), self.sizes[second])
        effects = np.zeros_like(sums)
        if len(self._free):
            effects[self._free] = linalg.cho_solve(self._factor, sums[self._free])
        return effects

    def _step(self, values: FloatArray) -> FloatArray:
        centred = self._large.residual(values)
        small = self._small_effects(centred)
        fitted = small[self.codes[self._order[1]]]
        means = (self._cells @ small) / self._large._mass[:, None]
        return centred - fitted + means[self._large.codes]

    def residual(self, values: FloatArray) -> FloatArray:
        """Residual (n, k); repeated on what rounding left."""
        return _settled(self._step, values, self.weights, _TOLERANCE)

    def effects(self, values: FloatArray) -> tuple[FloatArray, ...]:
        """Coefficients (G_1, k), (G_2, k); the grounded levels of the smaller grouping are 0."""
        small = self._small_effects(self._large.residual(values))
        large = self._large.effects(values - small[self.codes[self._order[1]]])[0]
        return (large, small) if self._order == (0, 1) else (small, large)


@dataclass(frozen=True, eq=False)
class ManyWay:
    """Three groupings and more, by LSMR on dummies scaled to length one."""

    codes: tuple[IntArray, ...]
    sizes: tuple[int, ...]
    weights: FloatArray | None

    @cached_property
    def _root(self) -> FloatArray:  # (n,)
        n = len(self.codes[0])
        return np.ones(n) if self.weights is None else np.sqrt(self.weights)

    @cached_property
    def _dummies(self) -> tuple[sparse.csr_array, FloatArray]:
        """Weighted dummies (n, sum G) with columns of length one, and their lengths."""
        n, offsets = len(self.codes[0]), np.cumsum((0, *self.sizes[:-1]))
        column = np.concatenate([c + o for c, o in zip(self.codes, offsets, strict=True)])
        row = np.tile(np.arange(n), len(self.codes))
        entries = np.tile(self._root, len(self.codes))
        dummies = sparse.coo_array((entries, (row, column)), shape=(n, sum(self.sizes))).tocsr()
        lengths = np.sqrt(np.asarray(dummies.multiply(dummies).sum(axis=0)).reshape(-1))
        return (dummies @ sparse.diags_array(1.0 / lengths)).tocsr(), lengths

    def _solve(self, column: FloatArray) -> FloatArray:
        dummies, lengths = self._dummies
        target = column * self._root
        limit = 20 * (sum(self.sizes) + 100)
        solution = lsmr(dummies, target, atol=1e-14, btol=1e-14, conlim=0, maxiter=limit)[0]
        left = np.abs(dummies.T @ (target - dummies @ solution)).max(initial=0.0)
        if left > _ITERATIVE_TOLERANCE * max(np.linalg.norm(target), np.finfo(float).tiny):
            raise ConvergenceError(
                f"The effects of {len(self.sizes)} groupings did not converge: {left:.1e} of the "
                f"column's length remains after {limit} iterations.",
                value=left,
                remedy="combine groupings (a^b), or drop the one that is almost nested.",
            )
        return np.asarray(solution) / lengths

    def effects(self, values: FloatArray) -> tuple[FloatArray, ...]:
        """Coefficients (G_j, k) of each grouping (of least length where not unique)."""
        solved = np.column_stack([self._solve(values[:, j]) for j in range(values.shape[1])])
        return tuple(np.split(solved, np.cumsum(self.sizes[:-1])))

    def _step(self, values: FloatArray) -> FloatArray:
        effects = self.effects(values)
        fitted = sum(e[c] for e, c in zip(effects, self.codes, strict=True))
        return np.asarray(values - fitted, dtype=np.float64)

    def residual(self, values: FloatArray) -> FloatArray:
        """Residual (n, k); repeated on what the iteration left."""
        return _settled(self._step, values, self.weights, _ITERATIVE_TOLERANCE)
