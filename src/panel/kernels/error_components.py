"""Errors made of random effects: their variances, and the root of their inverse covariance.

Notation: e = e_0 + sum_c Z_c e_c, with Z_c (n, G_c) the dummies of grouping c and n_g its counts,
Var(e_0) = s_0^2 I and Var(e_c) = s_c^2 I, so that Omega = s_0^2 I + sum_c s_c^2 Z_c Z_c'.

Every classical estimator of the variances sets quadratic forms of residuals equal to what they
are expected to be. With residuals (I - XB)y of a linear estimator BX = I, and Q symmetric,

    E y'(I - XB)'Q(I - XB)y = sum_c s_c^2 tr Z_c'(I - XB)'Q(I - XB)Z_c        (Z_0 = I),

which is linear in the variances, holds on unbalanced panels too, and needs only sums over groups.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import linalg, sparse

from panel.kernels.absorb import OneWay, Projection, projection, rank
from panel.kernels.groups import group_counts, group_sums, incidence
from panel.kernels.lstsq import independent, least_squares

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]
BoolArray = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, eq=False)
class Groupings:
    """One or two groupings of n rows.

    Parameters
    ----------
    names : what is grouped by.
    codes : arrays (n,) of group numbers 0..G_c-1.
    sizes : G_c.
    """

    names: tuple[str, ...]
    codes: tuple[IntArray, ...]
    sizes: tuple[int, ...]

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.codes[0])

    def counts(self, c: int) -> FloatArray:
        """Rows (G_c,) of each group of grouping c."""
        return group_counts(self.codes[c], self.sizes[c])

    def sums(self, c: int, values: FloatArray) -> FloatArray:
        """Sums (G_c, m) of ``values`` (n, m) within grouping c."""
        return group_sums(self.codes[c], values, self.sizes[c])

    def means(self, c: int, values: FloatArray) -> FloatArray:
        """Means of ``values`` (n, m) within grouping c, for every row (n, m)."""
        return OneWay(self.codes[c], self.sizes[c], None).effects(values)[0][self.codes[c]]

    @cached_property
    def _projection(self) -> Projection:
        return projection(self.codes, self.sizes, None)

    def within(self, values: FloatArray) -> FloatArray:
        """``values`` (n, m) with all groupings taken out."""
        return self._projection.residual(list(values.T))

    def effects(self, values: FloatArray) -> tuple[FloatArray, ...]:
        """Coefficients (G_c, m) of the dummies of each grouping for ``values`` (n, m)."""
        return self._projection.effects(values)

    @property
    def rank(self) -> int:
        """Independent dummies of all groupings."""
        return rank(self.codes, self.sizes)

    def cells(self, a: int, b: int) -> sparse.csr_array:
        """Rows in each pair of groups (G_a, G_b)."""
        return incidence(self.codes[a], self.codes[b], (self.sizes[a], self.sizes[b]))


@dataclass(frozen=True, eq=False)
class Equation:
    """An equation whose variances are sought, as :func:`equation` makes it.

    Parameters
    ----------
    y, x : outcome (n,) and regressors (n, k).
    constant : whether the first column of x is one.
    lengths : (k,) of the regressors as given, against which what is left of them is judged.
    """

    y: FloatArray
    x: FloatArray
    constant: bool
    lengths: FloatArray


def equation(y: FloatArray, x: FloatArray, constant: bool) -> Equation:
    """The equation about the means of its columns if it has a constant. All residuals stay as they
    are; products of regressors far from zero would lose the digits in which their rows differ."""
    lengths = np.linalg.norm(x, axis=0)
    if not constant:
        return Equation(y, x, constant, lengths)
    centred = x - x.mean(axis=0)
    centred[:, 0] = 1.0
    return Equation(y - y.mean(), centred, constant, lengths)


@dataclass(frozen=True, eq=False)
class Linear:
    """A linear estimator ``b = C A'y``.

    Parameters
    ----------
    coef : b (k,).
    a, c : A (n, k) and C (k, k).
    kept : columns (k,) of X that it has a coefficient for; the others have zero.
    """

    coef: FloatArray
    a: FloatArray
    c: FloatArray
    kept: BoolArray


def _on(z: FloatArray, of: Equation) -> Linear:
    """Least squares of the outcome on z (n, k), a projection of x, as an estimator for x."""
    kept = independent(z, of.lengths)
    solved = least_squares(z[:, kept], of.y, None)
    coef, c = np.zeros(len(kept)), np.zeros((len(kept), len(kept)))
    coef[kept], c[np.ix_(kept, kept)] = solved.coef, solved.inverse
    return Linear(coef, z, c, kept)


def pooled(of: Equation) -> Linear:
    """Least squares on all rows."""
    return _on(of.x, of)


def between(groupings: Groupings, c: int, of: Equation) -> Linear:
    """Least squares on the means of grouping c, each counted as often as it has rows."""
    return _on(groupings.means(c, of.x), of)


def within(groupings: Groupings, of: Equation) -> Linear:
    """Least squares with all groupings taken out; the constant, if there is one, makes the
    residuals' mean zero."""
    found = _on(groupings.within(of.x), of)
    if not of.constant:
        return found
    mean, n = of.x.mean(axis=0), len(of.y)
    coef, a, c, kept = found.coef.copy(), found.a.copy(), found.c.copy(), found.kept.copy()
    coef[0], a[:, 0], kept[0] = float(of.y.mean() - mean @ found.coef), 1.0, True
    c[0], c[0, 0] = -mean @ found.c, 1.0 / n
    return Linear(coef, a, c, kept)


@dataclass(frozen=True, eq=False)
class Form:
    """A quadratic form ``v'Qv``.

    Parameters
    ----------
    apply : Q times (n, m).
    noise : tr Q.
    effects : tr Z_c'QZ_c of each grouping.
    """

    apply: Callable[[FloatArray], FloatArray]
    noise: float
    effects: tuple[float, ...]


def within_form(groupings: Groupings) -> Form:
    """Sum of squares within all groupings."""
    zeros = tuple(0.0 for _ in groupings.codes)
    return Form(groupings.within, groupings.n - groupings.rank, zeros)


def between_form(groupings: Groupings, c: int) -> Form:
    """Sum of squares of the means of grouping c, each counted as often as it has rows."""
    others = range(len(groupings.codes))
    shares = (groupings.cells(c, d).power(2).sum(axis=1) / groupings.counts(c) for d in others)
    traces = tuple(float(np.sum(s)) for s in shares)
    return Form(lambda v: groupings.means(c, v), groupings.sizes[c], traces)


def expected(
    form: Form, estimator: Linear, groupings: Groupings, of: Equation
) -> tuple[float, FloatArray]:
    """The form of an estimator's residuals, and what multiplies each variance in its expectation.

    Returns
    -------
    The value, and the multipliers (1 + number of groupings,) of s_0^2, s_1^2, ...
    """
    residual = (of.y - of.x @ estimator.coef)[:, None]
    value = float(np.sum(residual * form.apply(residual)))
    qx = form.apply(of.x)  # (n, k)
    xqx, a, c = of.x.T @ qx, estimator.a, estimator.c
    noise = form.noise - 2 * np.trace(c @ (a.T @ qx)) + np.trace(xqx @ c @ (a.T @ a) @ c.T)
    multipliers = [noise]
    for d, own in enumerate(form.effects):
        bz = c @ groupings.sums(d, a).T  # (k, G_d)
        crossed = np.sum(groupings.sums(d, qx).T * bz)
        multipliers.append(own - 2 * crossed + np.sum(bz * (xqx @ bz)))
    return value, np.array(multipliers)


def solve(rows: Sequence[tuple[float, FloatArray]]) -> FloatArray:
    """Variances (1 + number of groupings,) at which the forms equal their expectations; a
    negative one is set to zero."""
    values = np.array([value for value, _ in rows])
    return np.maximum(linalg.solve(np.vstack([m for _, m in rows]), values), 0.0)


@dataclass(frozen=True, eq=False)
class Whitening:
    """``s_0 Omega^(-1/2)``: what makes errors of random effects independent again.

    With one grouping it takes the share theta_g = 1 - (1 + n_g r)^(-1/2) of a group's mean from
    its rows, r = s_1^2/s_0^2. With two, A being that for the first and B = A Z_2, it is
    ``(I + r_2 BB')^(-1/2) A``, which costs a G_2 x G_2 eigenproblem; on a balanced panel this is
    the symmetric root of Wallace and Hussain (1969).

    Parameters
    ----------
    groupings : one or two.
    ratios : r_c = s_c^2/s_0^2.
    """

    groupings: Groupings
    ratios: tuple[float, ...]

    def theta(self, c: int) -> FloatArray:
        """Share (G_c,) of each group's mean that would be taken out, were c the only grouping."""
        return np.asarray(1.0 - 1.0 / np.sqrt(1.0 + self.groupings.counts(c) * self.ratios[c]))

    def _first(self, values: FloatArray) -> FloatArray:
        share = self.theta(0)[self.groupings.codes[0]]
        return values - share[:, None] * self.groupings.means(0, values)

    @cached_property
    def _middle(self) -> FloatArray:  # (G_2, G_2)
        cells, kept = self.groupings.cells(0, 1), 1.0 - self.theta(0)
        taken = sparse.diags_array((1.0 - kept**2) / self.groupings.counts(0))
        inner = np.diag(self.groupings.counts(1)) - (cells.T @ taken @ cells).toarray()  # B'B
        values, vectors = linalg.eigh(inner)
        root = np.sqrt(1.0 + self.ratios[1] * np.maximum(values, 0.0))
        return np.asarray((vectors * (self.ratios[1] / (root * (root + 1.0)))) @ vectors.T)

    def __call__(self, values: FloatArray) -> FloatArray:
        """``values`` (n, m), whitened."""
        once = self._first(values)
        if len(self.ratios) == 1:
            return once
        sums = self.groupings.sums(1, self._first(once))  # B'A values
        return once - self._first((self._middle @ sums)[self.groupings.codes[1]])
