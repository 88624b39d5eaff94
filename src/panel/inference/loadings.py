"""The loadings of least-squares coefficients on the errors, for covariances that use leverage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from panel.core.absorber import IntArray
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.terms import numbers
from panel.errors import VcovError
from panel.kernels.leverage import Hat, hat_matrix
from panel.kernels.lstsq import least_squares

# Both sides come from the same numbers by a few products; a different estimator differs at once.
_SAME = 1e-8
# A row of that many times the median weight leaves few digits of what others say.
_HEAVY = 1e6


@dataclass(frozen=True, eq=False)
class Loadings:
    """How coefficients hang on errors: ``b - beta = p'u``.

    Parameters
    ----------
    p : (n, k), ``W X (X'WX)^-1`` for the coefficients themselves.
    directions : (number of regressors, k), the same in terms of the orthonormal basis of the
        regressors that the hat matrix holds last.
    residual : (n,) of the regression on the columns with the effects taken out.
    hat : the hat matrix, absorbed effects included.
    """

    p: FloatArray
    directions: FloatArray
    residual: FloatArray
    hat: Hat


def loadings(estimate: Estimate, what: str) -> Loadings:
    """Loadings of an estimate by least squares, or of linear combinations of one.

    Nothing is estimated again: the loadings are what turns the residuals into the influences.

    Parameters
    ----------
    what : the covariance that asks, for the error.

    Raises
    ------
    VcovError : the influences are not those of least squares on the design.
    """
    design = estimate.design
    x, w = design.X_within, design.w
    solved = least_squares(x, design.y_within, w)
    p = x @ solved.inverse if w is None else (x * w[:, None]) @ solved.inverse
    jacobian = combination(p * solved.residual[:, None], estimate.influence)
    if jacobian is None:
        raise VcovError(
            f"{what[0].upper()}{what[1:]} is defined for least squares; this estimate is by "
            f"{estimate.method}.",
            variable="vcov",
            value=estimate.method,
            remedy='use hetero("HC1") or cluster(...), which do not need leverage.',
        )
    effects = design.absorber
    groupings = (effects.codes, effects.sizes, effects.slopes) if effects else ((), (), ())
    p, hat = p @ jacobian, hat_matrix(*groupings, x, w)
    directions = hat.spread[:, len(hat.middle) - x.shape[1] :].T @ p
    return Loadings(p, directions, solved.residual, hat)


def combination(plain: FloatArray, influence: FloatArray) -> FloatArray | None:
    """J' (k, m) with which influences (n, k) of the coefficients b give those (n, m) of ``J b``;
    None where they do not."""
    if _same(plain, influence):
        return np.eye(plain.shape[1])
    size = np.linalg.norm(plain, axis=0)  # of columns whose units may differ by many powers of ten
    size[size == 0] = 1.0
    jacobian = np.linalg.lstsq(plain / size, influence, rcond=None)[0] / size[:, None]
    return jacobian if _same(plain @ jacobian, influence) else None


def _same(a: FloatArray, b: FloatArray) -> bool:
    size = np.abs(b).max(axis=0, initial=0.0)  # by column
    return a.shape == b.shape and bool((np.abs(a - b) <= _SAME * size).all())


def require_plain(estimate: Estimate, what: str) -> None:
    """Stop where the regression runs on columns that were estimated themselves.

    Raises
    ------
    VcovError : the columns are weighted (Poisson) or quasi-demeaned (random effects) by estimates.
    """
    design = estimate.design
    given = design.spec.weights
    weighted = design.w is not None and (
        given is None or not np.array_equal(design.w, numbers(given, design.frame)[design.rows])
    )
    moved = design.transformed
    if weighted or moved:
        raise VcovError(
            f"{what} would keep what {estimate.method} estimated before its regression.",
            variable="vcov",
            value=estimate.method,
            remedy='use cluster(...) of kind "CR1" or "CR3".',
        )


def require_once(estimate: Estimate, what: str) -> None:
    """Stop where a region has several rows of one year.

    Raises
    ------
    VcovError : frequency weights repeat rows.
    """
    spec = estimate.design.spec
    if spec.frequency is not None:
        raise VcovError(
            f"{what} takes one row a region and year; {spec.weights} repeats them.",
            variable=spec.weights or "",
            remedy="use cluster() or driscoll_kraay(), which add such rows up.",
        )


def require_estimable(estimate: Estimate, lost: IntArray, clusters: IntArray, what: str) -> None:
    """Stop where a coefficient rests on one cluster alone, or so nearly that no digits are left.

    Parameters
    ----------
    lost : (k,) cluster without which a coefficient cannot be estimated, or -1.
    clusters : (n,) codes.

    Raises
    ------
    VcovError : naming the coefficient and the cluster's first row.
    """
    if (lost < 0).all():
        return
    j = int(np.argmax(lost >= 0))
    at = estimate.design.index[int(np.argmax(clusters == lost[j]))]
    where = ", ".join(map(str, at)) if isinstance(at, tuple) else str(at)
    w = estimate.design.w
    own = 0.0 if w is None else float(w[clusters == lost[j]].max() / np.median(w))
    if own > _HEAVY:
        raise VcovError(
            f"The cluster of {where} has a weight {own:.2g} times the median, so that {what} of "
            f"{estimate.names[j]!r} cannot be computed: without it the estimate is another.",
            variable=estimate.names[j],
            value=own,
            remedy='look at the weights; use kind="CR1" ("HC1") if they are meant.',
        )
    raise VcovError(
        f"{estimate.names[j]!r} cannot be estimated without the cluster of {where}, so that {what} "
        "does not exist.",
        variable=estimate.names[j],
        value=where,
        remedy='leave the term out, or use kind="CR1" ("HC1") knowing that it is too small here.',
    )
