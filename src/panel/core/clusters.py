"""Least squares on clusters that count several times, once, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from panel.core.absorber import Absorber, IntArray
from panel.core.design import Design
from panel.core.frame import FloatArray
from panel.core.vcov import Vcov
from panel.errors import DegreesOfFreedomError, VcovError
from panel.kernels.groups import group_counts, nested
from panel.kernels.resample import cluster_moments, multiplicities, partialled, slopes
from panel.kernels.varying import Varying

# Cross products of this many numbers take 1.6 GB, a batch of draws 32 MB.
_MOMENTS = 200_000_000
_BATCH = 4_000_000


def cluster_products(
    design: Design, data: FloatArray, clusters: IntArray, times: Iterable[FloatArray], what: str
) -> FloatArray:
    """Cross products (draws, m, m) in samples in which each cluster counts so many times.

    Absorbed effects are taken out again: those inside a cluster belong to each copy of it, others
    (years) are common to all copies. Everything comes from sums over clusters, so that a thousand
    draws take little more than one.

    Parameters
    ----------
    data : (n, m), without effects.
    clusters : (n,) codes.
    times : arrays (batch, G).
    what : what a message calls the method.

    Raises
    ------
    VcovError : too many effects that are not inside the clusters.
    """
    w = np.ones(design.n) if design.w is None else np.asarray(design.w)
    columns = without_inner_effects(design, data, clusters, what)
    moments = cluster_moments(columns, w, clusters, int(clusters.max()) + 1)
    step = max(1, _BATCH // moments[0].size)
    return np.concatenate([partialled(moments, t, data.shape[1]) for t in _batches(times, step)])


def cluster_slopes(
    design: Design, data: FloatArray, clusters: IntArray, times: Iterable[FloatArray], what: str
) -> FloatArray:
    """Slopes (draws, k) of least squares in samples as for :func:`cluster_products`.

    Parameters
    ----------
    data : (n, k + 1), regressors orthonormal in the sample, then the outcome; both without effects.

    Returns
    -------
    NaN in a draw that does not identify all slopes.
    """
    return slopes(cluster_products(design, data, clusters, times, what))[0]


def cluster_coefficients(
    design: Design,
    coef: FloatArray,
    clusters: IntArray,
    times: Iterable[FloatArray],
    what: str,
) -> FloatArray:
    """Coefficients (draws, k) of a least-squares model in which each cluster counts so many times.

    Parameters
    ----------
    coef : (k,) in the sample; the draws are found as changes from it, without loss of digits.
    clusters, times, what : as for :func:`cluster_slopes`.
    """
    root = np.ones(design.n) if design.w is None else np.sqrt(design.w)
    triangle = np.asarray(np.linalg.qr(design.X_within * root[:, None])[1])
    basis = np.linalg.solve(triangle.T, design.X_within.T).T
    residual = design.y_within - design.X_within @ coef
    changes = cluster_slopes(design, np.column_stack([basis, residual]), clusters, times, what)
    return coef + np.linalg.solve(triangle, changes.T).T


def without_inner_effects(
    design: Design, data: FloatArray, clusters: IntArray, what: str
) -> FloatArray:
    """Dummies of the effects that cross clusters, less the effects inside clusters, and ``data``
    (n, m), which has neither."""
    absorber = design.absorber
    if absorber is None:
        return data
    inside = [j for j, c in enumerate(absorber.codes) if nested(c, clusters)]
    across = [j for j in range(len(absorber.codes)) if j not in inside]
    levels, groups = sum(absorber.sizes[j] for j in across), int(clusters.max()) + 1
    if groups * (levels + data.shape[1]) ** 2 > _MOMENTS:
        names = ", ".join(absorber.names[j] for j in across)
        raise VcovError(
            f"{what} would need cross products of {levels} effects ({names}) in {groups} clusters.",
            variable=names,
            value=levels,
            remedy="use clusters that hold the larger fixed effect; for a bootstrap, "
            "wild_bootstrap.",
        )
    if not across:
        return data
    dummies = np.column_stack([_dummies(absorber, j) for j in across])
    if inside:
        dummies = absorber.only(inside).residualize(dummies)
    return np.column_stack([dummies, data])


def _dummies(absorber: Absorber, j: int) -> FloatArray:
    """Columns (n, G_j) of a grouping: its dummies, times the variable of its slopes made orthogonal
    to the groups' constants and as long as a dummy."""
    codes, size = absorber.codes[j], absorber.sizes[j]
    columns = np.eye(size)[codes]
    if absorber.slopes[j] is None:
        return columns
    of = Varying(absorber.codes, absorber.sizes, absorber.slopes, absorber.weights)
    length = np.sqrt(group_counts(codes, size, absorber.weights))
    return np.asarray(columns * (of.orthogonal[j] * length[codes])[:, None])


def resampled_variable(given: Vcov, what: str) -> str:
    """The cluster variable of ``panel.cluster_bootstrap``.

    Raises
    ------
    VcovError : another covariance.
    """
    settings = getattr(given, "settings", {})
    if set(settings) != {"variable", "length", "draws", "seed"}:
        raise VcovError(
            f"{what} is drawn over clusters, which {given!r} does not say.", variable="bootstrap",
            value=given, remedy='give bootstrap=panel.cluster_bootstrap("province", draws=999).',
        )  # fmt: skip
    return str(settings["variable"])


def resampled(design: Design, given: Vcov, what: str) -> tuple[IntArray, list[FloatArray]]:
    """Clusters (n,) and how often each is drawn, arrays (batch, G), by ``panel.cluster_bootstrap``.

    Raises
    ------
    VcovError : another covariance, or blocks of what are not years or are longer than there are.
    DegreesOfFreedomError : one cluster only.
    """
    name, length = resampled_variable(given, what), int(given.settings["length"])
    codes = design.groups(name)
    if (groups := int(codes.max()) + 1) < 2:
        raise DegreesOfFreedomError(
            f"{name!r} has one cluster in the rows used; {what[0].lower()}{what[1:]} needs two.",
            variable=name, value=groups, remedy="draw over a variable with more groups.",
        )  # fmt: skip
    if length > 1 and name != design.frame.time:
        raise VcovError(
            f"Blocks are of consecutive {design.frame.time}s, and {name!r} has no order.",
            variable=name, value=length,
            remedy=f'draw cluster_bootstrap("{design.frame.time}", length={length}), or leave '
            "length away.",
        )  # fmt: skip
    if length >= groups:
        raise VcovError(
            f"A block of {length} is no shorter than the {groups} {name}s there are.",
            variable="length", value=length, remedy="use blocks of 2 or 3.",
        )  # fmt: skip
    settings = given.settings
    return codes, list(multiplicities(groups, settings["draws"], settings["seed"], length))


def _batches(times: Iterable[FloatArray], step: int) -> Iterator[FloatArray]:
    for given in times:
        for start in range(0, len(given), step):
            yield given[start : start + step]
