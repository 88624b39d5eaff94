"""The pairs bootstrap over clusters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np

from panel.core.absorber import IntArray
from panel.core.clusters import cluster_products, cluster_slopes, resampled
from panel.core.estimate import Estimate
from panel.core.fields import fields_as_html
from panel.core.frame import FloatArray
from panel.core.instruments import parts as instrument_parts
from panel.core.vcov import Cov
from panel.errors import DegreesOfFreedomError, VcovError
from panel.inference.cluster import cluster_codes
from panel.inference.loadings import combination, loadings, require_plain
from panel.kernels.instruments import k_class
from panel.kernels.resample import k_class_slopes
from panel.kernels.seeds import require_seed

_WHAT = "The cluster bootstrap"


@dataclass(frozen=True)
class ClusterBootstrap:
    """Pairs cluster bootstrap: see :func:`cluster_bootstrap`."""

    variable: str
    length: int
    draws: int
    seed: int

    _repr_html_ = fields_as_html

    @property
    def needs(self) -> tuple[str, ...]:
        """The cluster variable."""
        return (self.variable,)

    @property
    def settings(self) -> Mapping[str, Any]:
        """Cluster variable, length of blocks, number of draws and seed."""
        return {
            "variable": self.variable,
            "length": self.length,
            "draws": self.draws,
            "seed": self.seed,
        }

    def __call__(self, estimate: Estimate) -> Cov:
        """Covariance of the draws with G - 1 degrees of freedom."""
        drawn = _drawn(estimate, self)
        whole = drawn[np.isfinite(drawn).all(axis=1)]
        if len(whole) < 2:
            raise DegreesOfFreedomError(
                f"{len(whole)} of {self.draws} draws identify the coefficients.",
                variable=self.variable,
                value=len(whole),
                remedy="leave out terms that vary in few clusters, or use wild_bootstrap.",
            )
        lost = f", {len(drawn) - len(whole)} not identified" if len(whole) < len(drawn) else ""
        blocks = f" in blocks of {self.length}" if self.length > 1 else ""
        label = f"bootstrap over {self.variable}{blocks} ({len(whole)} draws{lost})"
        groups = int(cluster_codes(estimate, (self.variable,))[0].max()) + 1
        matrix = np.atleast_2d(np.cov(whole, rowvar=False))
        return Cov(matrix, groups - 1, label, {self.variable: groups})


def cluster_bootstrap(
    variable: str, *, length: int = 1, draws: int = 999, seed: int = 1
) -> ClusterBootstrap:
    """Covariance of estimates on samples of whole clusters drawn with replacement.

    Every draw is the estimator on its own sample, absorbed effects (and slopes by group) estimated
    again: effects inside a cluster belong to each copy of it, others (years) are common to all
    copies. Draws come from sums over clusters, so that a thousand take little more than one.

    Parameters
    ----------
    variable : name of the clusters; the years, for whole cross sections.
    length : above 1, ``variable`` is the years and they are drawn in moving blocks of so many that
        follow one another, for errors that are correlated over time and across regions.
    draws : number of samples.
    seed : of the samples.

    Raises
    ------
    DataError : the seed is no whole number.
    VcovError : draws is not a whole number from 2, or length not one from 1, or (when computed) the
        estimate is not by least squares, 2SLS or LIML on the data as they are, has too many effects
        that are not inside the clusters, or blocks are not of years or too long.
    DegreesOfFreedomError : fewer than two clusters, or draws that do not identify the coefficients
        (when computed). Draws that do not are left out, and the label counts them.

    References
    ----------
    Cameron, Gelbach and Miller (2008), Review of Economics and Statistics 90, section III; Künsch
    (1989), Annals of Statistics 17, for moving blocks.
    """
    for word, given, least, usual in (("draws", draws, 2, 999), ("length", length, 1, 1)):
        if isinstance(given, bool) or not isinstance(given, Integral) or given < least:
            raise VcovError(
                f"{word} must be a whole number from {least}, not {given!r}.", variable=word,
                value=given, remedy=f"use {usual}.",
            )  # fmt: skip
    return ClusterBootstrap(variable, int(length), int(draws), require_seed(seed))


def bootstrap_draws(
    estimate: Estimate, cluster: str, *, length: int = 1, draws: int = 999, seed: int = 1
) -> FloatArray:
    """Coefficients (draws, k) on samples of whole clusters drawn with replacement; NaN where a
    sample does not identify them.

    Estimates on the same rows with the same seed are drawn on the same samples, so that any
    function of several (an indirect effect, a difference of groups) can be taken draw by draw.

    Raises
    ------
    As :func:`cluster_bootstrap`.
    """
    return _drawn(estimate, cluster_bootstrap(cluster, length=length, draws=draws, seed=seed))


def _drawn(estimate: Estimate, by: ClusterBootstrap) -> FloatArray:
    design = estimate.design
    codes, times = resampled(design, by, _WHAT)
    require_plain(estimate, _WHAT)
    if design.instruments:
        return _by_instruments(estimate, codes, times)
    parts = loadings(estimate, "the cluster bootstrap")
    k = len(design.names)
    # Regressors of unit length, orthogonal to one another and to the effects, and residuals for
    # the outcome: each draw then gives a change of the coefficients, without loss of digits.
    data = np.column_stack([parts.hat.spread[:, -k:].toarray(), parts.residual])
    return estimate.coef + cluster_slopes(design, data, codes, times, _WHAT) @ parts.directions


def _by_instruments(estimate: Estimate, codes: IntArray, times: list[FloatArray]) -> FloatArray:
    """Draws (draws, m) of 2SLS or LIML, as changes like those of least squares."""
    design, stats = estimate.design, estimate.stats
    root = np.ones(design.n) if design.w is None else np.sqrt(design.w)
    columns, residual = instrument_parts(design), estimate.residuals * root
    jacobian = None
    if "kappa" in stats and "fuller_alpha" not in stats:
        solved = k_class(columns.x, columns.y, columns.q, stats["kappa"])
        jacobian = combination(solved.loadings * residual[:, None], estimate.influence)
    if jacobian is None:
        raise VcovError(
            f"{_WHAT} is there for 2SLS and LIML; this estimate is by {estimate.method}.",
            variable="vcov",
            value=estimate.method,
            remedy="estimate with method=panel.tsls() or panel.liml(), or use cluster(...).",
        )
    fitted = columns.q2 @ (columns.q2.T @ columns.endogenous)
    triangle = np.asarray(np.linalg.qr(fitted)[1])
    endogenous = np.linalg.solve(triangle.T, columns.endogenous.T).T
    # X = [Q1, endogenous] turn, so that changes on these columns are turned back.
    turn = np.linalg.lstsq(np.column_stack([columns.q1, endogenous]), columns.x, rcond=None)[0]
    data = np.column_stack([columns.q, endogenous, residual]) / root[:, None]
    changes = k_class_slopes(
        cluster_products(design, data, codes, times, _WHAT),
        columns.q1.shape[1],
        endogenous.shape[1],
        liml=stats["kappa"] != 1.0,
    )
    return estimate.coef + np.linalg.solve(turn, changes.T).T @ jacobian
