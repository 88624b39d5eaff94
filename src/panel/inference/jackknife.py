"""The jackknife: how the estimates change without each cluster or each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from panel.core.estimate import Estimate
from panel.core.fields import fields_as_html
from panel.core.vcov import Cov
from panel.errors import VcovError, suggest
from panel.inference.cluster import cluster_codes
from panel.inference.loadings import loadings, require_estimable, require_plain
from panel.kernels.adjust import jackknifed
from panel.kernels.groups import group_sums

Center = Literal["estimate", "mean"]


@dataclass(frozen=True)
class Jackknife:
    """Jackknife covariance: see :func:`jackknife`."""

    variable: str | None
    center: Center

    _repr_html_ = fields_as_html

    @property
    def needs(self) -> tuple[str, ...]:
        """The cluster variable."""
        return () if self.variable is None else (self.variable,)

    @property
    def settings(self) -> Mapping[str, Any]:
        """Cluster variable and centre."""
        return {"variable": self.variable, "center": self.center}

    def __call__(self, estimate: Estimate) -> Cov:
        """Covariance with G - 1 degrees of freedom."""
        codes = np.arange(estimate.nobs)
        if self.variable is not None:
            codes = cluster_codes(estimate, (self.variable,))[0]
        groups = int(codes.max()) + 1
        require_plain(estimate, "The jackknife")
        parts = loadings(estimate, "the jackknife")
        adjusted = jackknifed(parts.hat, codes, parts.p)
        require_estimable(estimate, adjusted.lost, codes, "the jackknife")
        changes = group_sums(codes, adjusted.values * parts.residual[:, None], groups)  # b - b(g)
        if self.center == "mean":
            changes = changes - changes.mean(axis=0)
        matrix = (groups - 1) / groups * changes.T @ changes
        by = "" if self.variable is None else f", clustered by {self.variable}"
        clusters = {} if self.variable is None else {self.variable: groups}
        return Cov(matrix, groups - 1, f"jackknife{by}", clusters)


def jackknife(cluster: str | None = None, *, center: Center = "estimate") -> Jackknife:
    """Jackknife covariance ``(G - 1)/G sum_g (b(g) - c)(b(g) - c)'``.

    b(g) are the estimates without cluster g, absorbed effects estimated again; they come from the
    leverage of the clusters, without fitting G models.

    Parameters
    ----------
    cluster : variable whose clusters are left out one at a time; single rows if left out.
    center : c, the "estimate" (CV3 of MacKinnon, Nielsen and Webb) or the "mean" of the b(g)
        (CV3J).

    Raises
    ------
    VcovError : another centre, or (when computed) not an estimate by least squares, or a
        coefficient that cannot be estimated without one of the clusters.
    DegreesOfFreedomError : fewer than two clusters (when computed).

    References
    ----------
    Efron (1982), The Jackknife, the Bootstrap and Other Resampling Plans, ch. 3; MacKinnon, Nielsen
    and Webb (2023), J. Applied Econometrics 38.
    """
    if cluster is not None and not isinstance(cluster, str):
        raise VcovError(
            f"jackknife() takes the name of a variable, not {type(cluster).__name__}.",
            variable="cluster",
            remedy='write model.with_vcov(panel.jackknife("province")).',
        )
    if center not in get_args(Center):
        raise VcovError(
            f"The jackknife has no centre {center!r}.", variable="center", value=center,
            remedy=suggest(str(center), get_args(Center)),
        )  # fmt: skip
    return Jackknife(cluster, center)
