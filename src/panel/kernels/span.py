"""Rows whose dummies add up to those of a row that is not among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import lsmr

from panel.errors import ConvergenceError

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]

# What the sums may be off; they are ones and zeros.
_TOLERANCE = 1e-10


def spanned(
    codes: Sequence[IntArray], sizes: Sequence[int], others: Sequence[IntArray]
) -> sparse.csr_array:
    """Weights (n, r) of n rows with ``D'l = d`` for each of r other rows.

    A row with the same groups stands for another; without one the weights are the smallest that
    do, as of a region's other years and another region's years in between.

    Parameters
    ----------
    codes : m arrays (n,) of group numbers 0..G_j-1.
    sizes : the G_j.
    others : m arrays (r,) of the other rows, whose effects the n rows determine.

    Raises
    ------
    ConvergenceError : they do not.
    """
    n, r = len(codes[0]), len(others[0])
    pairs = np.column_stack([np.concatenate(c) for c in zip(codes, others, strict=True)])
    cell, other = np.split(np.unique(pairs, axis=0, return_inverse=True)[1].reshape(-1), [n])
    met, first = np.unique(cell, return_index=True)
    at = np.minimum(np.searchsorted(met, other), len(met) - 1)
    same = np.flatnonzero(met[at] == other)
    found = sparse.coo_array((np.ones(len(same)), (first[at[same]], same)), shape=(n, r))
    rest = np.setdiff1d(np.arange(r), same)
    if not len(rest):
        return found.tocsr()
    dummies = _dummies(codes, sizes)
    new, which = np.unique(other[rest], return_index=True)
    solved = {}
    for number, j in zip(new.tolist(), rest[which], strict=True):
        target = _dummies([c[[j]] for c in others], sizes).toarray()[0]
        weights = lsmr(dummies.T, target, atol=1e-14, btol=1e-14, conlim=0, maxiter=20 * n)[0]
        if float(np.abs(dummies.T @ weights - target).max()) > _TOLERANCE:
            raise ConvergenceError(
                "The effects of a row that is predicted do not follow from the rows used.",
                remedy="predict rows whose fixed effects were met with one another.",
            )
        solved[number] = weights
    added = np.column_stack([solved[number] for number in other[rest].tolist()])
    row, column = np.indices(added.shape)
    more = sparse.coo_array((added.ravel(), (row.ravel(), rest[column.ravel()])), shape=(n, r))
    return (found + more).tocsr()


def _dummies(codes: Sequence[IntArray], sizes: Sequence[int]) -> sparse.csr_array:
    """Dummies (n, sum G_j)."""
    n, offsets = len(codes[0]), np.cumsum((0, *sizes[:-1]))
    column = np.concatenate([c + o for c, o in zip(codes, offsets, strict=True)])
    row = np.tile(np.arange(n), len(codes))
    shape = (n, sum(sizes))
    return sparse.coo_array((np.ones(len(row)), (row, column)), shape=shape).tocsr()
