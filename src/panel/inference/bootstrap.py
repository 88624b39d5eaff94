"""The pairs bootstrap over clusters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np

from panel.core.clusters import cluster_slopes
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.vcov import Cov
from panel.errors import DegreesOfFreedomError, VcovError
from panel.inference.cluster import cluster_codes
from panel.inference.loadings import loadings, require_plain
from panel.kernels.resample import multiplicities


@dataclass(frozen=True)
class ClusterBootstrap:
    """Pairs cluster bootstrap: see :func:`cluster_bootstrap`."""

    variable: str
    draws: int
    seed: int

    @property
    def needs(self) -> tuple[str, ...]:
        """The cluster variable."""
        return (self.variable,)

    @property
    def settings(self) -> Mapping[str, Any]:
        """Cluster variable, number of draws and seed."""
        return {"variable": self.variable, "draws": self.draws, "seed": self.seed}

    def __call__(self, estimate: Estimate) -> Cov:
        """Covariance of the draws with G - 1 degrees of freedom."""
        drawn = bootstrap_draws(estimate, self.variable, draws=self.draws, seed=self.seed)
        whole = drawn[np.isfinite(drawn).all(axis=1)]
        if len(whole) < 2:
            raise DegreesOfFreedomError(
                f"{len(whole)} of {self.draws} draws identify the coefficients.",
                variable=self.variable,
                value=len(whole),
                remedy="leave out terms that vary in few clusters, or use wild_bootstrap.",
            )
        lost = f", {len(drawn) - len(whole)} not identified" if len(whole) < len(drawn) else ""
        label = f"bootstrap over {self.variable} ({len(whole)} draws{lost})"
        groups = int(cluster_codes(estimate, (self.variable,))[0].max()) + 1
        matrix = np.atleast_2d(np.cov(whole, rowvar=False))
        return Cov(matrix, groups - 1, label, {self.variable: groups})


def cluster_bootstrap(variable: str, *, draws: int = 999, seed: int = 1) -> ClusterBootstrap:
    """Covariance of estimates on samples of whole clusters drawn with replacement.

    Every draw is least squares on its own sample, absorbed effects estimated again: effects inside
    a cluster belong to each copy of it, others (years) are common to all copies. Draws come from
    sums over clusters, so that a thousand take little more than one.

    Parameters
    ----------
    variable : name of the clusters; the years, for blocks of all regions.
    draws : number of samples.
    seed : of the samples.

    Raises
    ------
    VcovError : draws is not a whole number from 2, or (when computed) the estimate is not by least
        squares on the data as they are, or has too many effects that are not inside the clusters.
    DegreesOfFreedomError : fewer than two clusters, or draws that do not identify the coefficients
        (when computed). Draws that do not are left out, and the label counts them.

    References
    ----------
    Cameron, Gelbach and Miller (2008), Review of Economics and Statistics 90, section III.
    """
    if isinstance(draws, bool) or not isinstance(draws, Integral) or draws < 2:
        raise VcovError(
            f"draws must be a whole number from 2, not {draws!r}.", variable="draws", value=draws,
            remedy="use 999.",
        )  # fmt: skip
    return ClusterBootstrap(variable, int(draws), int(seed))


def bootstrap_draws(
    estimate: Estimate, cluster: str, *, draws: int = 999, seed: int = 1
) -> FloatArray:
    """Coefficients (draws, k) on samples of whole clusters drawn with replacement; NaN where a
    sample does not identify them.

    Estimates on the same rows with the same seed are drawn on the same samples, so that any
    function of several (an indirect effect, a difference of groups) can be taken draw by draw.

    Raises
    ------
    As :func:`cluster_bootstrap`.
    """
    design = estimate.design
    codes = cluster_codes(estimate, (cluster,))[0]
    groups = int(codes.max()) + 1
    require_plain(estimate, "The cluster bootstrap")
    parts = loadings(estimate, "the cluster bootstrap")
    k = len(design.names)
    # Regressors of unit length, orthogonal to one another and to the effects, and residuals for
    # the outcome: each draw then gives a change of the coefficients, without loss of digits.
    data = np.column_stack([parts.hat.spread[:, -k:].toarray(), parts.residual])
    times = multiplicities(groups, draws, seed)
    changes = cluster_slopes(design, data, codes, times, "The cluster bootstrap")
    return estimate.coef + changes @ parts.directions
