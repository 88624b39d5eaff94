"""Markov chains: from counts of moves between classes to what they imply.

Notation: n (k, k) moves from row to column, P (k, k) probabilities, rows adding up to one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csgraph

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]


def counts(start: IntArray, end: IntArray, k: int) -> FloatArray:
    """Moves (k, k) from class ``start`` (m,) to class ``end`` (m,), 0..k-1."""
    return np.bincount(start * k + end, minlength=k * k).reshape(k, k).astype(np.float64)


def probabilities(n: FloatArray) -> FloatArray:
    """P by maximum likelihood, the shares of the moves; missing in a row without a move."""
    rows = n.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(n, rows, out=np.full_like(n, np.nan), where=rows > 0))


def closed_classes(p: FloatArray) -> list[IntArray]:
    """Sets of states that lead to one another and nowhere else; one, if the chain has a limit."""
    number, of = csgraph.connected_components(p > 0, connection="strong")
    sets = sorted((np.flatnonzero(of == c) for c in range(number)), key=lambda s: int(s[0]))
    return [s for s in sets if not (p[s][:, np.setdiff1d(np.arange(len(p)), s)] > 0).any()]


def ergodic(p: FloatArray) -> FloatArray:
    """The distribution (k,) with ``pi P = pi`` of a chain with one closed set of states."""
    k = len(p)
    system = np.vstack([p.T - np.eye(k), np.ones(k)])
    pi = np.linalg.lstsq(system, np.append(np.zeros(k), 1.0), rcond=None)[0]
    return np.asarray(np.where(np.abs(pi) < 1e-14, 0.0, pi))  # states that are left for good


def first_passage(p: FloatArray) -> FloatArray:
    """Mean steps (k, k) until column is first reached from row; the diagonal is the return.

    ``m_ij = 1 + sum_{l != j} p_il m_lj`` (Kemeny and Snell 1960); infinite where a path may end in
    states from which j is not reached.
    """
    k = len(p)
    found = np.full((k, k), np.inf)
    for j in range(k):
        stopped = (p > 0).astype(float) + np.eye(k)
        stopped[j] = np.eye(k)[j]  # what happens after j does not matter
        reach = np.linalg.matrix_power(stopped, k) > 0
        lost = reach[:, ~reach[:, j]].any(axis=1)
        sure = np.flatnonzero(~lost & (np.arange(k) != j))
        q = p[np.ix_(sure, sure)]
        found[sure, j] = np.linalg.solve(np.eye(len(q)) - q, np.ones(len(q)))
        onward = (p[j] > 0) & (np.arange(k) != j)
        found[j, j] = 1 + p[j, onward] @ found[onward, j]
    return found


@dataclass(frozen=True)
class Homogeneity:
    """Tests that several chains have the same probabilities.

    Parameters
    ----------
    chi2 : ``sum n_gi (p_gij - p_ij)^2 / p_ij``.
    likelihood_ratio : ``2 sum n_gij log(p_gij / p_ij)``.
    df : ``sum_i (a_i - 1)(b_i - 1)``, a_i the chains with a move from i and b_i the classes that
        any of them moves to.
    """

    chi2: float
    likelihood_ratio: float
    df: int


def homogeneity(n: FloatArray) -> Homogeneity:
    """Tests of G chains with moves ``n`` (G, k, k) against the pooled one."""
    pooled = probabilities(n.sum(axis=0))
    leaving = n.sum(axis=2)  # (G, k)
    expected = leaving[:, :, None] * np.nan_to_num(pooled)[None]
    possible = expected > 0
    chi2 = float(((n - expected)[possible] ** 2 / expected[possible]).sum())
    seen = n > 0
    ratio = 2 * float((n[seen] * np.log(n[seen] / expected[seen])).sum())
    a, b = (leaving > 0).sum(axis=0), (n.sum(axis=0) > 0).sum(axis=1)
    df = int(np.maximum(a - 1, 0) @ np.maximum(b - 1, 0))
    return Homogeneity(chi2, ratio, df)
