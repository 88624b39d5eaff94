"""How standardised and weighted indicators become one number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from numbers import Real

import numpy as np

from panel.core.frame import FloatArray
from panel.errors import DataError
from panel.indices.weighting import Names


@dataclass(frozen=True)
class Aggregate:
    """A way to aggregate: ``weighted_sum``, ``weighted_product``, ``topsis``, ``grey_relational``.

    Parameters
    ----------
    label : what a report calls it.
    rule : z (n, m), weights (m,) and names -> scores (n,).
    """

    label: str
    rule: Callable[[FloatArray, FloatArray, Names], FloatArray]

    def __call__(self, z: FloatArray, weights: FloatArray, names: Names) -> FloatArray:
        """Scores (n,)."""
        return self.rule(z, weights, names)

    def __repr__(self) -> str:
        return self.label


def weighted_sum() -> Aggregate:
    """``sum_j w_j z_ij``: a gain in one indicator makes up for a loss in another."""
    return Aggregate("weighted sum", _sum)


def _sum(z: FloatArray, weights: FloatArray, _names: Names) -> FloatArray:
    return z @ weights


def weighted_product() -> Aggregate:
    """``prod_j z_ij^w_j``: what is low in one indicator is made up for only in part.

    Raises
    ------
    DataError : when used, a value that is zero or negative: it would make the whole index zero.

    Source: OECD and JRC (2008), Handbook, 6.11 on geometric aggregation.
    """
    return Aggregate("weighted product", _product)


def _product(z: FloatArray, weights: FloatArray, names: Names) -> FloatArray:
    for row, j in np.argwhere(z <= 0)[:1]:
        raise DataError(
            f"A weighted product needs positive values; {names[j]!r} has {z[row, j]:.4g}.",
            variable=names[j], value=float(z[row, j]),
            remedy="standardise by min_max(interval=(0.01, 1.0)).",
        )  # fmt: skip
    return np.asarray(np.exp(np.log(z) @ weights))


def topsis() -> Aggregate:
    """``d- / (d+ + d-)``, distances of ``v = w z`` from the best and the worst value of each
    indicator; with ``entropy_weights()`` it is entropy-TOPSIS.

    Source: Hwang and Yoon (1981), Multiple Attribute Decision Making; they standardise by
    ``unit_length()``, Chinese papers mostly by ``min_max()``.
    """
    return Aggregate("TOPSIS", _topsis)


def _topsis(z: FloatArray, weights: FloatArray, names: Names) -> FloatArray:
    v = z * weights
    best = np.linalg.norm(v - v.max(axis=0), axis=1)
    worst = np.linalg.norm(v - v.min(axis=0), axis=1)
    if bool((best + worst == 0).any()):
        raise DataError(
            "All rows are alike in every indicator that has weight.", variable=names[0],
            value=len(z), remedy="aggregate over the whole panel.",
        )  # fmt: skip
    return np.asarray(worst / (best + worst))


def grey_relational(rho: float = 0.5) -> Aggregate:
    """``sum_j w_j (min d + rho max d)/(d_ij + rho max d)``, d_ij the distance of z_ij from the best
    value of its indicator, minimum and maximum over all rows and indicators.

    Parameters
    ----------
    rho : above 0 and at most 1; the smaller, the farther apart the scores. 0.5 is usual.

    Source: Deng (1982), Systems & Control Letters 1; Deng (1989), Journal of Grey System 1.
    """
    if isinstance(rho, bool) or not isinstance(rho, Real) or not 0 < rho <= 1:
        raise DataError(
            f"rho = {rho!r} is not between 0 and 1.", variable="rho", value=rho, remedy="give 0.5."
        )
    return Aggregate(f"grey relational grade (rho {rho:g})", partial(_grey, rho=rho))


def _grey(z: FloatArray, weights: FloatArray, names: Names, rho: float) -> FloatArray:
    distance = z.max(axis=0) - z
    largest = distance.max()
    if largest == 0:
        raise DataError(
            "All rows are alike in every indicator.", variable=names[0], value=len(z),
            remedy="aggregate over the whole panel.",
        )  # fmt: skip
    return np.asarray((distance.min() + rho * largest) / (distance + rho * largest) @ weights)
