"""The wild cluster bootstrap test of a linear hypothesis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from panel.core.absorber import IntArray
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.inference.loadings import Loadings, loadings, require_estimable, require_plain
from panel.inference.wild_clusters import (
    Clustering,
    Variant,
    check_choices,
    clustering,
    contrast,
    standard_error,
)
from panel.inference.wild_instruments import by_instruments
from panel.inference.wild_test import Intervals, WildTest, result
from panel.kernels import wild
from panel.kernels.adjust import jackknifed, left_out
from panel.kernels.leverage import projected_sums


def wild_bootstrap(
    estimate: Estimate,
    hypothesis: str,
    *,
    cluster: str | Sequence[str] | None = None,
    bootcluster: str | None = None,
    draws: int = 9999,
    weights: wild.Weights = "rademacher",
    variant: Variant = "WCR11",
    seed: int | None = None,
) -> WildTest:
    """Wild cluster bootstrap test and confidence set, for few or unequal clusters.

    The residuals of each cluster are multiplied by one random weight, and the t statistic is
    computed again. Nothing is estimated again: all draws come from sums over clusters, with
    absorbed effects exactly as if they were dummies.

    After instrumental variables it is the wild restricted efficient bootstrap: the equation is
    estimated under the null by limited-information maximum likelihood, the reduced form of the
    endogenous regressors with that residual among its regressors, the residuals of both have one
    weight a cluster, and every draw goes through the estimator of the estimate (two-stage least
    squares, LIML or Fuller's).

    Parameters
    ----------
    estimate : by least squares, with or without fixed effects and weights, or by ``panel.iv``
        with ``tsls()``, ``liml()`` or ``fuller()``.
    hypothesis : one restriction, ``"x1 = 0"``, ``"x1 - x2 = 0.1"``; ``"x1"`` means ``"x1 = 0"``.
    cluster : variables by which the t statistic is clustered; those of the estimate if left out.
    bootcluster : the one of them whose clusters share a weight; the one with the fewest clusters
        if left out.
    draws : number; with Rademacher weights and ``2^G <= draws`` every vector is taken once.
    weights : "rademacher", "webb" (six points, for fewer than 12 clusters), "mammen", "normal".
    variant : "WCR" imposes the null on the residuals, "WCU" does not. The first digit is 1 for
        residuals, 3 for those of each cluster from the fit without it (the jackknife); the second
        1 for the usual cluster-robust variance, 3 for the jackknife's. Instrumental variables have
        "WCR11" alone.
    seed : of the draws; a new one is chosen and noted if left out.

    Raises
    ------
    FormulaError : the hypothesis is not one restriction on coefficients of the model.
    VcovError : no cluster variable, an unknown choice, or an estimate by another method.
    DegreesOfFreedomError : fewer than two clusters.

    References
    ----------
    Cameron, Gelbach and Miller (2008), Review of Economics and Statistics 90; Roodman, MacKinnon,
    Nielsen and Webb (2019), Stata Journal 19; MacKinnon, Nielsen and Webb (2023), J. Applied
    Econometrics 38; Webb (2023), Canadian J. Economics 56, for six points; MacKinnon, Nielsen and
    Webb (2021), J. Business and Economic Statistics 39, for several ways; Davidson and MacKinnon
    (2010), J. Business and Economic Statistics 28, for instrumental variables.
    """
    check_choices(draws, weights, variant)
    if estimate.design.instruments:
        return by_instruments(
            estimate, hypothesis, clustering(estimate, cluster, bootcluster), draws, weights,
            variant, seed,
        )  # fmt: skip
    ready = prepare(estimate, hypothesis, cluster, bootcluster, variant)
    drawn = wild.drawing(ready.clusters.own[1], draws, weights, seed)
    curve = wild.curves(ready.numerator, ready.parts, drawn.batches())
    law = Curves(curve, ready.estimate, ready.std_error)
    return result(ready.hypothesis, ready.value, law, ready.clusters, drawn, variant)


@dataclass(frozen=True, eq=False)
class Curves:
    """Draws whose statistics are known curves over the value under the null.

    Parameters
    ----------
    curve : (draws, 5), see kernels.wild.
    estimate, std_error : of the combination of coefficients.
    """

    curve: FloatArray
    estimate: float
    std_error: float

    exact: ClassVar[bool] = True

    def __post_init__(self) -> None:
        self.curve.flags.writeable = False

    def statistics(self, value: float) -> FloatArray:
        """The draws' t statistics (draws,) under the null of that value."""
        return wild.statistics(self.curve, self.estimate - value)

    def confidence_set(self, alpha: float) -> Intervals:
        """The values whose p-value is at least ``alpha``, by exact inversion."""
        steps, shares = wild.rejection_steps(self.curve, self.std_error)
        edges = np.concatenate([[-np.inf], steps, [np.inf]])
        inside = np.concatenate([[False], shares >= alpha, [False]])
        starts = edges[np.flatnonzero(inside[1:-1] & ~inside[:-2])]
        ends = edges[np.flatnonzero(inside[1:-1] & ~inside[2:]) + 1]
        in_values = (
            (self.estimate - self.std_error * e, self.estimate - self.std_error * s)
            for s, e in zip(starts, ends, strict=True)
        )
        return tuple(sorted((float(low), float(high)) for low, high in in_values))


@dataclass(frozen=True, eq=False)
class Prepared:
    """What every draw of one test needs.

    Parameters
    ----------
    hypothesis, estimate, value, std_error : of the test.
    clusters : by which.
    numerator, parts : see kernels.wild.
    """

    hypothesis: str
    estimate: float
    value: float
    std_error: float
    clusters: Clustering
    numerator: FloatArray
    parts: list[wild.Part]


def prepare(
    estimate: Estimate,
    hypothesis: str,
    cluster: str | Sequence[str] | None,
    bootcluster: str | None,
    variant: str,
) -> Prepared:
    """Sums over clusters for the wild bootstrap of one hypothesis on one estimate."""
    require_plain(estimate, "The wild bootstrap")
    clusters = clustering(estimate, cluster, bootcluster)
    row, text, value = contrast(estimate, hypothesis)
    combined = estimate.map(row[None], [text])
    numerator, parts, variance = _sums(combined, clusters, variant)
    return Prepared(
        text,
        float(combined.coef[0]),
        value,
        standard_error(variance, float(combined.classical[0, 0]), text),
        clusters,
        numerator,
        parts,
    )


def _sums(
    combined: Estimate, clusters: Clustering, variant: str
) -> tuple[FloatArray, list[wild.Part], float]:
    """What a draw needs, and the variance of the sample's own statistic."""
    parts, boot = loadings(combined, "the wild bootstrap"), clusters.own
    p, hat = parts.p[:, 0], parts.hat
    errors, slope = _errors(parts, boot[0], variant)
    numerator = np.array([np.bincount(boot[0], p * e, minlength=boot[1]) for e in (errors, slope)])
    found, variance = [], 0.0
    for sign, small, joint, groups in clusters.parts(combined):
        adjusted, factor = p, sign * small
        if variant.endswith("3"):
            jackknife = jackknifed(hat, joint, p[:, None])
            require_estimable(combined, jackknife.lost, joint, variant)
            adjusted, factor = jackknife.values[:, 0], sign
        own = np.bincount(joint, adjusted * parts.residual, minlength=groups)
        variance += factor * float((own**2).sum())
        sums = [projected_sums(hat, adjusted, (joint, groups), e, boot) for e in (errors, slope)]
        found.append(wild.Part(factor, sums[0], sums[1] if slope.any() else None))
    return numerator, found, variance


def _errors(parts: Loadings, boot: IntArray, variant: str) -> tuple[FloatArray, FloatArray]:
    """Errors (n,) that are multiplied by weights at delta = 0, and their derivative."""
    hat, slope = parts.hat, np.zeros_like(parts.residual)
    if variant.startswith("WCR"):
        # Imposing a'b = r moves the fit along x_a = X (X'WX)^-1 a / (a'(X'WX)^-1 a).
        direction = parts.p[:, 0] / hat.weights
        size = float(parts.p[:, 0] @ direction)
        slope = direction / size
        middle, k = hat.middle.copy(), len(parts.directions)
        inner = slice(len(middle) - k, None)
        middle[inner, inner] -= np.outer(parts.directions, parts.directions) / size
        hat = replace(hat, middle=middle)
    errors = np.column_stack([parts.residual, slope])
    if variant[3] == "3":
        errors = left_out(hat, boot, errors)
    return errors[:, 0], errors[:, 1]
