"""Groups with slopes of their own, taken out of columns.

Grouping j has the columns ``z_i 1[i in g]``, z being 1 for the groups' constants or the variable of
their slopes. Columns of one set of groups are made orthonormal within every group by Gram and
Schmidt, so that one set is taken out exactly by sums over groups. Several sets are least squares
by LSMR, which on columns of that kind takes few iterations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from panel.kernels.absorb import ManyWay, rank
from panel.kernels.groups import group_sums

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]

# A slope's variable that keeps less than this share of its length within a group is constant there.
_DEPENDENT = 1e-10
# The rank of up to so many columns is found from their cross products.
_COUNTED = 2_000


@dataclass(frozen=True, eq=False)
class Basis:
    """Columns of one set of groups, orthonormal within every group.

    Parameters
    ----------
    members : positions of its p groupings.
    codes : (n,) of the groups.
    q : (n, p) orthonormal columns, zero where a group's column depends on those before it.
    triangle : R (G, p, p), upper triangular: the columns of group g are ``q R_g``.
    """

    members: tuple[int, ...]
    codes: IntArray
    q: FloatArray
    triangle: FloatArray

    @property
    def found(self) -> int:
        """Number of independent columns."""
        return int(np.count_nonzero(np.einsum("gpp->gp", self.triangle)))

    def coefficients(self, c: FloatArray) -> FloatArray:
        """Those (G, p, k) of the columns from ``c`` (G, p, k) of the orthonormal ones; what depends
        on others is 0."""
        b, r = np.zeros_like(c), self.triangle
        for j in reversed(range(c.shape[1])):
            own = r[:, j, j]
            left = c[:, j] - np.einsum("gp,gpk->gk", r[:, j, j + 1 :], b[:, j + 1 :])
            np.divide(left, own[:, None], out=b[:, j], where=(own > 0)[:, None])
        return b


def _basis(
    members: Sequence[int], codes: IntArray, size: int, columns: FloatArray, w: FloatArray
) -> Basis:
    p = columns.shape[1]
    q, triangle = columns.copy(), np.zeros((size, p, p))
    lengths = np.sqrt(group_sums(codes, columns**2, size, w))  # (G, p)
    for j in range(p):
        for _ in range(2):  # twice is enough (Kahan; Parlett 1980, sec. 6.9)
            for i in range(j):
                share = group_sums(codes, q[:, [i]] * q[:, [j]], size, w)[:, 0]
                triangle[:, i, j] += share
                q[:, j] -= q[:, i] * share[codes]
        own = np.sqrt(group_sums(codes, q[:, [j]] ** 2, size, w)[:, 0])
        own[own <= _DEPENDENT * lengths[:, j]] = 0.0
        triangle[:, j, j] = own
        inverse = np.divide(1.0, own, out=np.zeros_like(own), where=own > 0)
        q[:, j] *= inverse[codes]
    return Basis(tuple(members), codes, q, triangle)


@dataclass(frozen=True, eq=False)
class Varying:
    """Groupings of constants and slopes.

    Parameters
    ----------
    codes, sizes : of the groupings.
    slopes : the variable (n,) of a grouping's slopes; None for constants.
    weights : (n,) or None.
    """

    codes: tuple[IntArray, ...]
    sizes: tuple[int, ...]
    slopes: tuple[FloatArray | None, ...]
    weights: FloatArray | None

    @cached_property
    def _w(self) -> FloatArray:
        return np.ones(len(self.codes[0])) if self.weights is None else self.weights

    @cached_property
    def _bases(self) -> tuple[Basis, ...]:
        """One a set of groups, constants first."""
        sets: list[list[int]] = []
        for j, own in enumerate(self.codes):
            same = next((s for s in sets if np.array_equal(self.codes[s[0]], own)), None)
            if same is None:
                sets.append([j])
            else:
                same.append(j)
        found = []
        for members in sets:
            ordered = sorted(members, key=lambda j: self.slopes[j] is not None)
            columns = [np.ones_like(self._w) if (z := self.slopes[j]) is None else z
                       for j in ordered]  # fmt: skip
            codes, size = self.codes[ordered[0]], self.sizes[ordered[0]]
            found.append(_basis(ordered, codes, size, np.column_stack(columns), self._w))
        return tuple(found)

    @property
    def orthogonal(self) -> tuple[FloatArray, ...]:
        """What stands in each grouping's columns (n,), made orthogonal within every group."""
        found = {j: b.q[:, i] for b in self._bases for i, j in enumerate(b.members)}
        ones = np.ones_like(self._w)
        return tuple(ones if z is None else found[j] for j, z in enumerate(self.slopes))

    @cached_property
    def _many(self) -> ManyWay:
        every = [(b.codes, len(b.triangle), column) for b in self._bases for column in b.q.T]
        codes, sizes, values = zip(*every, strict=True)
        return ManyWay(codes, sizes, self.weights, values)

    @cached_property
    def rank(self) -> int:
        """Number of independent columns.

        Exact up to 2,000 columns or for one set of groups; beyond, slopes count in full beside
        constants counted as :func:`panel.kernels.absorb.rank` has it. Positive weights do not
        change it, and are left out because those of many magnitudes hide it.
        """
        if self.weights is not None:
            return Varying(self.codes, self.sizes, self.slopes, None).rank
        if len(self._bases) == 1:
            return self._bases[0].found
        if sum(self.sizes) <= _COUNTED:
            columns = self._many._dummies[0]
            cross = (columns.T @ columns).toarray()
            return int(np.count_nonzero(np.linalg.eigvalsh(cross) > _DEPENDENT))
        plain = [j for j, z in enumerate(self.slopes) if z is None]
        counted = sum(b.found for b in self._bases) - sum(self.sizes[j] for j in plain)
        if not plain:
            return counted
        return counted + rank([self.codes[j] for j in plain], [self.sizes[j] for j in plain])

    def _shares(self, values: FloatArray) -> tuple[FloatArray, ...]:
        """Coefficients (G, p, k) of the orthonormal columns of each set."""
        if len(self._bases) > 1:
            solved = iter(self._many.effects(values))
            return tuple(np.stack([next(solved) for _ in b.members], axis=1) for b in self._bases)
        basis = self._bases[0]
        size = len(basis.triangle)
        each = [group_sums(basis.codes, values * q[:, None], size, self._w) for q in basis.q.T]
        return (np.stack(each, axis=1),)

    def effects(self, values: FloatArray) -> tuple[FloatArray, ...]:
        """Coefficients (G_j, k) of each grouping; NaN where one is not identified."""
        found: dict[int, FloatArray] = {}
        for basis, shares in zip(self._bases, self._shares(values), strict=True):
            b = basis.coefficients(shares)
            b[np.einsum("gpp->gp", basis.triangle) == 0] = np.nan
            found |= {j: b[:, i] for i, j in enumerate(basis.members)}
        return tuple(found[j] for j in range(len(self.codes)))

    def residual(self, columns: Sequence[FloatArray]) -> FloatArray:
        """Residual (n, k); the first set is taken out twice, for what rounding left.

        Constants go before slopes, and other sets follow by iteration: what rounding leaves is then
        small beside the variation of a column, not beside its level.
        """
        basis, left = self._bases[0], np.column_stack(columns)
        for _ in range(2):
            for q in basis.q.T[:, :, None]:
                shares = group_sums(basis.codes, left * q, len(basis.triangle), self._w)
                left = left - q * shares[basis.codes]
        return left if len(self._bases) == 1 else self._many.residual(list(left.T))
