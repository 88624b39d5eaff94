"""Taking fixed effects out of columns: exact projections on group dummies.

Notation: D_j (n, G_j) the dummies of grouping j, W the weights. The residual of ``a`` is
``a - D (D'WD)^- D'W a``.

One way: group means. Two ways: the larger grouping is eliminated, and the smaller one's Schur
complement ``S = D2'WD2 - D2'WD1 (D1'WD1)^-1 D1'WD2`` is factored once (Wansbeek and Kapteyn 1989).
S has one null vector a connected component, so one level of each is grounded; a pseudo-inverse
instead would lose half the digits. Three ways and more: least squares by LSMR.

Columns are worked on one by one, on several processors where they are long, and piece by piece, so
that what is read once is used while it is near. The result does not depend on either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from scipy import linalg, sparse
from scipy.sparse import csgraph
from scipy.sparse.linalg import lsmr

from panel.errors import ConvergenceError
from panel.kernels.groups import (
    compiled,
    components,
    group_counts,
    group_starts,
    group_sums,
    incidence,
)
from panel.kernels.lstsq import squares
from panel.kernels.parallel import each, parts, pieces

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]

# A dense Schur complement of this many levels takes 800 MB; beyond it LSMR takes over.
_DENSE_LEVELS = 10_000
# The pairs of groups are a dense table where that has no more than so many cells a row of data.
_DENSE_CELLS = 4
# What one more projection may still change, relative to the column's length.
_TOLERANCE = 1e-12
_ITERATIVE_TOLERANCE = 1e-10
# Means so many times as long as the deviations from them are taken out twice.
_FAR = 100.0
_TINY = np.finfo(float).tiny


class Projection(Protocol):
    """What the three ways have in common."""

    @property
    def rank(self) -> int:
        """Number of linearly independent dummies."""

    def effects(self, values: FloatArray) -> tuple[FloatArray, ...]:
        """Coefficients (G_j, k) of the dummies of each grouping for ``values`` (n, k)."""

    def residual(self, columns: Sequence[FloatArray]) -> FloatArray:
        """The k ``columns``, each (n,), less their projection on the dummies: (n, k)."""


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


def _subtract(levels: FloatArray, codes: IntArray, values: FloatArray, out: FloatArray) -> None:
    """``out = values - levels[codes]`` (n,), with levels (G,); ``out`` may be ``values``."""
    for piece in pieces(len(codes)):
        np.subtract(values[piece], levels.take(codes[piece]), out=out[piece])


def _not_exact(left: float, remedy: str) -> ConvergenceError:
    return ConvergenceError(
        f"The fixed effects could not be taken out exactly: taking them out twice still changes "
        f"{left:.1e} of the column's size.",
        value=left,
        remedy=remedy,
    )


@dataclass(frozen=True, eq=False)
class OneWay:
    """Deviations from group means."""

    codes: IntArray
    size: int
    weights: FloatArray | None

    @property
    def rank(self) -> int:
        """Number of groups."""
        return self.size

    @cached_property
    def mass(self) -> FloatArray:
        """Weight (G,) of each group."""
        return group_counts(self.codes, self.size, self.weights)

    def effects(self, values: FloatArray) -> tuple[FloatArray, ...]:
        """Group means (G, k)."""
        sums = group_sums(self.codes, values, self.size, self.weights)
        return (sums / self.mass[:, None],)

    def residual(self, columns: Sequence[FloatArray]) -> FloatArray:
        """Deviations (n, k) from the group means."""
        out = np.empty((len(columns), len(self.codes)))

        def of(j: int) -> None:
            means = self.centre(columns[j], out[j])
            # Means far above the deviations are rounded at their own size.
            if self.mass @ means**2 > _FAR**2 * squares(out[j], self.weights):
                self.centre(out[j], out[j])

        each(of, len(columns), len(self.codes))
        return out.T

    def centre(self, values: FloatArray, out: FloatArray) -> FloatArray:
        """Write the deviations of ``values`` (n,) to ``out`` (n,), which may be the same.

        Returns
        -------
        The means (G,).
        """
        means = self.effects(values[:, None])[0][:, 0]
        _subtract(means, self.codes, values, out)
        return means


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
    def _small(self) -> OneWay:
        second = self._order[1]
        return OneWay(self.codes[second], self.sizes[second], self.weights)

    @cached_property
    def _starts(self) -> IntArray | None:
        """Row at which each group of the larger grouping starts, where rows stand by it."""
        return group_starts(self._large.codes, self._large.size)

    @cached_property
    def _links(self) -> FloatArray:
        """``D2'WD1 (D1'WD1)^-1 D1'WD2`` (G_2, G_2)."""
        large, small = self._large, self._small
        shape = (large.size, small.size)
        if large.size * small.size > _DENSE_CELLS * len(small.codes):
            cells = incidence(large.codes, small.codes, shape, self.weights)
            return np.asarray((cells.T @ sparse.diags_array(1.0 / large.mass) @ cells).toarray())
        if (loops := compiled(len(small.codes))) is not None and self._starts is not None:
            return self._by_part(lambda *given: loops.links(*given, small.size))
        starts, n = self._starts, len(small.codes)
        links = np.zeros((small.size, small.size))
        for a, b in [(0, large.size)] if starts is None else parts(starts):
            rows = slice(0, n) if starts is None else slice(starts[a], starts[b])
            pairs = (large.codes[rows] - a) * small.size + small.codes[rows]
            w = None if self.weights is None else self.weights[rows]
            table = np.bincount(pairs, w, (b - a) * small.size).reshape(b - a, small.size)
            links += table.T @ (table / large.mass[a:b, None])
        return links

    @cached_property
    def _components(self) -> tuple[int, IntArray]:
        """Number of connected components, and that of each level (G_2,) of the smaller."""
        linked = sparse.csr_array((self._links > 0).astype(np.float64))
        n, labels = csgraph.connected_components(linked, directed=False)
        return int(n), labels.astype(np.int64)

    @property
    def rank(self) -> int:
        """All levels, less one a connected component."""
        return sum(self.sizes) - self._components[0]

    @cached_property
    def _free(self) -> IntArray:
        """Levels of the smaller grouping that are solved for: all but one a component."""
        labels = self._components[1]
        _, grounded = np.unique(labels, return_index=True)
        return np.setdiff1d(np.arange(len(labels)), grounded)

    @cached_property
    def _factor(self) -> tuple[FloatArray, bool]:
        # S is the Laplacian of the links between levels: its diagonal is their sum, which spares
        # the cancellation of subtracting two large numbers.
        links = self._links.copy()
        np.fill_diagonal(links, 0.0)
        schur = np.diag(links.sum(axis=0)) - links
        try:
            return linalg.cho_factor(schur[np.ix_(self._free, self._free)], lower=True)
        except linalg.LinAlgError as error:
            raise ConvergenceError(
                "The groupings are connected by rows of almost no weight.",
                remedy="rescale weights that span many orders of magnitude, or drop such rows.",
            ) from error

    def _solved(self, sums: FloatArray) -> FloatArray:
        """Effects (G_2, k) of the smaller grouping from its sums (G_2, k) of centred columns."""
        effects = np.zeros_like(sums)
        if len(self._free):
            effects[self._free] = linalg.cho_solve(self._factor, sums[self._free])
        return effects

    def residual(self, columns: Sequence[FloatArray]) -> FloatArray:
        """Residual (n, k); repeated until one more step would change nothing.

        What is nothing is judged beside the deviations from the means of the larger grouping, or,
        where weak connections keep rounding above that, beside the columns themselves.
        """
        out = np.empty((len(columns), len(self._small.codes)))
        sums, size = self._first(columns, out)
        effects, given = self._solved(sums), columns
        for _ in range(5):
            effects = self._solved(self._step(effects, given, out))
            length, given = self._lengths(effects), list(out)
            if bool((length <= _TOLERANCE * size).all()):
                return out.T
        whole = np.maximum(np.sqrt([squares(c, self.weights) for c in columns]), _TINY)
        left = float((length / whole).max())
        if left <= _TOLERANCE:
            return out.T
        raise _not_exact(
            left,
            "rescale weights that span many orders of magnitude, drop rows of almost no weight, or "
            "combine groupings (a^b) of which one is almost nested.",
        )

    def _first(
        self, columns: Sequence[FloatArray], out: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Sums (G_2, k) within the smaller grouping of deviations from the means of the larger one,
        and their lengths (k,). ``out`` (k, n) is room for the deviations."""
        large, small, (k, n) = self._large, self._small, out.shape
        if (loops := compiled(n)) is not None and self._starts is not None:
            found = self._by_part(lambda *given: np.column_stack([
                loops.deviations(*given, column, small.size) for column in columns
            ]))  # fmt: skip
            return found[:-1], np.sqrt(found[-1])

        def of(j: int) -> FloatArray:
            large.centre(columns[j], out[j])
            sums = group_sums(small.codes, out[j][:, None], small.size, self.weights)
            return np.append(sums, squares(out[j], self.weights))

        found = np.column_stack(each(of, k, n))
        return found[:-1], np.sqrt(found[-1])

    def _step(
        self, effects: FloatArray, columns: Sequence[FloatArray], out: FloatArray
    ) -> FloatArray:
        """Write the columns, less ``effects`` (G_2, k) of the smaller grouping and less the means
        of the larger one, to ``out`` (k, n), where :meth:`_first` or another step was before.

        Returns
        -------
        Sums (G_2, k) within the smaller grouping of what is left.
        """
        large, small, (k, n) = self._large, self._small, out.shape
        if (loops := compiled(n)) is not None and self._starts is not None:
            own = np.ascontiguousarray(effects.T)
            return self._by_part(lambda *given: np.column_stack([
                loops.centre(*given, *each) for each in zip(columns, own, out, strict=True)
            ]))  # fmt: skip

        def of(j: int) -> FloatArray:
            _subtract(effects[:, j], small.codes, out[j], out[j])
            large.centre(out[j], out[j])
            return group_sums(small.codes, out[j][:, None], small.size, self.weights)[:, 0]

        return np.column_stack(each(of, k, n))

    def _by_part(self, work: Callable[..., FloatArray]) -> FloatArray:
        """Sum of what a compiled loop gives for each part of the rows."""
        assert self._starts is not None
        starts, codes = self._starts, self._small.codes
        groups, w = parts(starts), np.empty(0) if self.weights is None else self.weights
        found = each(lambda p: work(starts, *groups[p], codes, w), len(groups), len(codes))
        return np.asarray(np.sum(found, axis=0), dtype=np.float64)

    def _lengths(self, effects: FloatArray) -> FloatArray:
        """Length (k,), over all rows, of ``effects`` (G_2, k) of the smaller grouping."""
        mass = self._links.sum(axis=0)  # of each level of the smaller grouping
        return np.asarray(np.sqrt(mass @ effects**2))

    def effects(self, values: FloatArray) -> tuple[FloatArray, ...]:
        """Coefficients (G_1, k), (G_2, k); the grounded levels of the smaller grouping are 0."""
        centred = self._large.residual(tuple(values.T))
        codes = self._small.codes
        small = self._solved(group_sums(codes, centred, self._small.size, self.weights))
        large = self._large.effects(values - small[codes])[0]
        return (large, small) if self._order == (0, 1) else (small, large)


@dataclass(frozen=True, eq=False)
class ManyWay:
    """Three groupings and more, by LSMR on dummies scaled to length one.

    Parameters
    ----------
    values : what stands in a grouping's dummies (n,) in place of one, None for one.
    """

    codes: tuple[IntArray, ...]
    sizes: tuple[int, ...]
    weights: FloatArray | None
    values: tuple[FloatArray, ...] | None = None

    @cached_property
    def rank(self) -> int:
        """By :func:`rank`."""
        return rank(self.codes, self.sizes)

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
        values = self.values or (np.ones(n),) * len(self.codes)
        entries = np.concatenate([v * self._root for v in values])
        dummies = sparse.coo_array((entries, (row, column)), shape=(n, sum(self.sizes))).tocsr()
        lengths = np.sqrt(np.asarray(dummies.multiply(dummies).sum(axis=0)).reshape(-1))
        lengths[lengths == 0] = 1.0
        return (dummies @ sparse.diags_array(1.0 / lengths)).tocsr(), lengths

    def _solve(self, column: FloatArray) -> FloatArray:
        dummies, lengths = self._dummies
        target = column * self._root
        limit = 20 * (sum(self.sizes) + 100)
        solution = lsmr(dummies, target, atol=1e-14, btol=1e-14, conlim=0, maxiter=limit)[0]
        left = np.abs(dummies.T @ (target - dummies @ solution)).max(initial=0.0)
        if left > _ITERATIVE_TOLERANCE * max(np.linalg.norm(target), _TINY):
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

    def _fitted(self, values: FloatArray) -> FloatArray:
        each = (e[c] for e, c in zip(self.effects(values), self.codes, strict=True))
        if self.values is not None:
            each = (v[:, None] * e for v, e in zip(self.values, each, strict=True))
        return np.asarray(sum(each), dtype=np.float64)

    def residual(self, columns: Sequence[FloatArray]) -> FloatArray:
        """Residual (n, k); repeated on what the iteration left.

        Plain dummies begin with exact deviations from the means of one grouping: what the
        iteration leaves is then small beside the variation of a column, not beside its level.
        """
        if self.values is None:
            values = OneWay(self.codes[0], self.sizes[0], self.weights).residual(columns)
        else:
            values = np.column_stack(columns)
        size = np.maximum(np.linalg.norm(values * self._root[:, None], axis=0), _TINY)
        residual = values - self._fitted(values)
        for _ in range(4):
            more = self._fitted(residual)
            residual = residual - more
            left = float((np.linalg.norm(more * self._root[:, None], axis=0) / size).max())
            if left <= _ITERATIVE_TOLERANCE:
                return residual
        raise _not_exact(left, "combine groupings (a^b), or drop the one that is almost nested.")
