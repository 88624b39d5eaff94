"""The hat matrix of a regression with absorbed effects, without forming it.

Notation: D the dummies of all groupings, X (n, k) regressors with the dummies taken out, W the
weights. The hat matrix is ``H = K W`` with ``K = D (D'WD)^- D' + X (X'WX)^-1 X'``. Eliminating the
largest grouping D1 leaves

    K = D1 (D1'WD1)^-1 D1' + V M V',

where the rows of V (n, r) are the other dummies less their means within the groups of D1, beside
those of X, and M (r, r) holds the inverses of the Schur complement and of X'WX. r is small in a
panel of few years, and V has few entries a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from scipy import linalg, sparse

from panel.errors import VcovError
from panel.kernels.groups import group_counts
from panel.kernels.varying import Varying

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]

# The Schur complement of this many levels takes 800 MB.
_DENSE_LEVELS = 10_000
# A dummy of which less than this share is its own is spanned by the others; in a sample that hangs
# together by one row, the share is about the inverse of the number of rows.
_DEPENDENT = 1e-11
# Weights further apart than this leave too few digits of 1 - h of the heaviest rows.
_APART = 1e8
# What rounding leaves of products of rows that have nothing to do with one another is about 1e-15.
_NOTHING = 1e-12
# Numbers held at once while rows of V are made dense: 64 MB.
_CHUNK = 8_000_000


@dataclass(frozen=True, eq=False)
class Hat:
    """Hat matrix ``H = K W``, ``K = D1 diag(inverse_mass) D1' + V M V'``.

    Parameters
    ----------
    codes, inverse_mass : group (n,) of the eliminated grouping and 1/weight (G,) of its groups.
    spread : V (n, r).
    middle : M (r, r), positive semi-definite.
    weights : (n,).
    """

    codes: IntArray
    inverse_mass: FloatArray
    spread: sparse.csr_array
    middle: FloatArray
    weights: FloatArray

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.codes)

    @cached_property
    def root(self) -> FloatArray:
        """C (r, r) with ``C C' = M``."""
        values, vectors = np.linalg.eigh(self.middle)
        return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))

    @cached_property
    def uneven(self) -> bool:
        """Whether weights are so far apart that a row with others beside it may seem alone."""
        return bool(self.weights.max(initial=0.0) > _APART * self.weights.min(initial=np.inf))

    def outweighing(self, rows: IntArray) -> IntArray:
        """Those of ``rows`` of leverage 1 that only their weight leaves alone: others have to do
        with their fit by the root of ``sum h_ij h_ji`` over j other than i, which is that of
        ``h_ii (1 - h_ii)`` without its loss of digits."""
        found = []
        for row in rows if self.uneven else ():
            same = self.codes == self.codes[row]
            shares = self.spread @ (self.middle @ self.rows(np.array([row]))[0])
            shares += np.where(same, self.inverse_mass[self.codes[row]], 0.0)
            shares *= np.sqrt(self.weights * self.weights[row])
            shares[row] = 0.0
            if np.linalg.norm(shares) > _NOTHING:
                found.append(row)
        return np.array(found, dtype=np.int64)

    def leverage(self) -> FloatArray:
        """Diagonal (n,) of the hat matrix."""
        diagonal = self.inverse_mass[self.codes]
        step = max(1, _CHUNK // max(1, len(self.middle)))
        for start in range(0, self.n, step):
            part = self.spread[start : start + step].toarray()
            diagonal[start : start + step] += ((part @ self.middle) * part).sum(axis=1)
        return diagonal * self.weights

    def rows(self, index: IntArray) -> FloatArray:
        """Rows of V (..., r) at ``index`` (...)."""
        flat = self.spread[index.reshape(-1)].toarray()
        return flat.reshape(*index.shape, -1)


def hat_matrix(
    codes: tuple[IntArray, ...],
    sizes: tuple[int, ...],
    slopes: tuple[FloatArray | None, ...],
    x: FloatArray,
    weights: FloatArray | None,
) -> Hat:
    """Hat matrix of slopes and absorbed effects.

    Parameters
    ----------
    codes, sizes : group numbers (n,) and number of groups of each grouping; may be empty.
    slopes : variable (n,) of a grouping's slopes; None for one of constants.
    x : regressors (n, k) with the effects taken out, of full rank.
    weights : (n,) or None.

    Raises
    ------
    VcovError : the groupings beside the largest have too many levels for a dense matrix.
    """
    n = len(x)
    w = np.ones(n) if weights is None else weights
    plain = [j for j, z in enumerate(slopes) if z is None]
    # A group of infinite weight takes nothing out.
    first, inverse_mass = np.zeros(n, dtype=np.int64), np.zeros(1)
    chosen = max(plain, key=lambda j: sizes[j]) if plain else None
    if chosen is not None:
        first = codes[chosen]
        inverse_mass = 1.0 / group_counts(first, sizes[chosen], w)
    rest = [j for j in range(len(codes)) if j != chosen]
    values = Varying(codes, sizes, slopes, weights).orthogonal if rest else ()
    others = _Columns([codes[j] for j in rest], [sizes[j] for j in rest], [values[j] for j in rest])
    dummies, solved = _schur(first, inverse_mass, others, w)
    # An orthonormal basis of the regressors has the same projection as they do, without the digits
    # that (X'WX)^-1 loses where they are close to dependent.
    root = np.sqrt(w)[:, None]
    basis = linalg.qr(x * root, mode="economic")[0] / root if x.shape[1] else x
    return Hat(
        first,
        inverse_mass,
        sparse.hstack([dummies, sparse.csr_array(basis)], format="csr"),
        linalg.block_diag(solved, np.eye(x.shape[1])),
        w,
    )


class _Columns(NamedTuple):
    """Groupings whose dummies hold ``values`` (n,)."""

    codes: list[IntArray]
    sizes: list[int]
    values: list[FloatArray]


def _schur(
    first: IntArray, inverse_mass: FloatArray, others: _Columns, w: FloatArray
) -> tuple[sparse.csr_array, FloatArray]:
    """Columns (n, r) of other groupings in deviation from the means within the groups ``first``,
    and the generalised inverse (r, r) of their cross products."""
    levels = sum(others.sizes)
    if levels > _DENSE_LEVELS:
        raise VcovError(
            f"Exact leverage with {levels} levels beside the largest fixed effect needs a dense "
            "matrix of that size.",
            variable="absorb",
            value=levels,
            remedy='use hetero("HC1") or cluster(..., kind="CR1"), which need no leverage.',
        )
    n, count, offsets = len(w), len(others.sizes), np.cumsum([0, *others.sizes])
    if not count:
        return sparse.csr_array((n, 0)), np.empty((0, 0))
    column = np.concatenate([c + o for c, o in zip(others.codes, offsets, strict=False)])
    row, group = np.tile(np.arange(n), count), np.tile(first, count)
    value = np.hstack(others.values)
    dummies = entries(row, column, value, (n, levels))
    cells = entries(group, column, np.tile(w, count) * value, (len(inverse_mass), levels))
    means = sparse.diags_array(inverse_mass) @ cells
    spread = (dummies - means[first]).tocsr()
    cross = dummies.T @ sparse.diags_array(w) @ dummies - cells.T @ means
    mass = np.bincount(column, np.tile(w, count) * value**2, levels).astype(np.float64)
    mass[mass == 0] = 1.0  # slopes that their group's constant explains
    return spread, generalised_inverse(cross.toarray(), mass)


def generalised_inverse(a: FloatArray, scale: FloatArray) -> FloatArray:
    """Inverse of the largest nonsingular part of a positive semi-definite ``a`` (r, r), zero
    elsewhere; ``v'a^-v`` is then right for every v in the range of a.

    Parameters
    ----------
    scale : (r,) size against which the diagonal of ``a`` is judged to be zero.
    """
    r, root = len(a), np.sqrt(scale)
    scaled = a / np.outer(root, root)
    factor, pivots, rank, _ = linalg.lapack.dpstrf(scaled, tol=_DEPENDENT, lower=1)
    kept = pivots[:rank] - 1
    solved = linalg.cho_solve((factor[:rank, :rank], True), np.eye(rank))
    inverse = np.zeros((r, r))
    inverse[np.ix_(kept, kept)] = (solved + solved.T) / 2
    return np.asarray(inverse / np.outer(root, root))


def entries(
    rows: IntArray, columns: IntArray, values: FloatArray, shape: tuple[int, int]
) -> sparse.csr_array:
    """Sparse matrix with ``values`` added up at (rows, columns)."""
    return sparse.coo_array((values, (rows, columns)), shape=shape).tocsr()


@dataclass(frozen=True, eq=False)
class Form:
    """Matrix ``S + L'MR`` (G, H): sparse plus low rank, never formed unless asked.

    Parameters
    ----------
    sparse : S (G, H).
    left, middle, right : L (r, G), M (r, r), R (r, H) of the part ``L'MR``.
    """

    sparse: sparse.csr_array
    left: FloatArray
    middle: FloatArray
    right: FloatArray

    def __matmul__(self, other: FloatArray) -> FloatArray:
        return np.asarray(self.sparse @ other + self.left.T @ (self.middle @ (self.right @ other)))

    @property
    def trace(self) -> float:
        """Sum of the diagonal."""
        low = float(((self.middle @ self.right) * self.left).sum())
        return float(self.sparse.diagonal().sum()) + low

    @property
    def square(self) -> float:
        """Sum of all squared entries, for a symmetric matrix with L = R."""
        part = self.middle @ self.left
        low = part @ self.left.T
        cross = float((part * (self.sparse @ self.left.T).T).sum())
        return float((self.sparse.data**2).sum()) + 2 * cross + float((low * low.T).sum())


def projected_sums(
    hat: Hat,
    loadings: FloatArray,
    rows: tuple[IntArray, int],
    errors: FloatArray,
    columns: tuple[IntArray, int],
) -> Form:
    """What each group of errors adds to the sums of ``p (I - H) u`` over each group of rows.

    Entry (h, g) is ``sum_{i in h} p_i ((I - H) u_g)_i``, u_g being u on group g and zero elsewhere.

    Parameters
    ----------
    loadings, errors : p (n,), u (n,).
    rows, columns : codes (n,) and number of groups of the sums and of the errors.
    """
    each, weighted = np.arange(hat.n), hat.weights * errors
    (h, n_rows), (g, n_columns) = rows, columns
    groups = len(hat.inverse_mass)
    means = sparse.diags_array(hat.inverse_mass) @ entries(
        hat.codes, g, weighted, (groups, n_columns)
    )
    own = entries(h, g, loadings * errors, (n_rows, n_columns))
    left = hat.spread.T @ entries(each, h, loadings, (hat.n, n_rows))
    right = hat.spread.T @ entries(each, g, weighted, (hat.n, n_columns))
    low = entries(hat.codes, h, loadings, (groups, n_rows)).T @ means
    return Form((own - low).tocsr(), left.toarray(), -hat.middle, right.toarray())
