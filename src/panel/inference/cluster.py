"""Errors correlated within clusters, one way or several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from panel.core.estimate import Estimate
from panel.core.vcov import Cov, SmallSample, small_sample
from panel.errors import DegreesOfFreedomError, VcovError, suggest
from panel.kernels.groups import group_sums, recode

_KINDS = ("CR0", "CR1")


@dataclass(frozen=True)
class Cluster:
    """Cluster-robust covariance: see :func:`cluster`."""

    variables: tuple[str, ...]
    kind: str
    small: SmallSample

    @property
    def needs(self) -> tuple[str, ...]:
        """The cluster variables."""
        return self.variables

    @property
    def settings(self) -> Mapping[str, Any]:
        """Cluster variables, kind and small-sample factor."""
        return {"variables": self.variables, "kind": self.kind, "small": self.small}

    def __call__(self, estimate: Estimate) -> Cov:
        """Covariance with G - 1 degrees of freedom, G of the smallest cluster variable."""
        design = estimate.design
        codes = [design.groups(v) for v in self.variables]
        counts = [int(c.max()) + 1 for c in codes]
        for name, count in zip(self.variables, counts, strict=True):
            if count < 2:
                raise DegreesOfFreedomError(
                    f"{name!r} has {count} cluster in the rows used; a covariance needs two.",
                    variable=name,
                    value=count,
                    remedy="cluster by a variable with more groups (some 30 to trust the result).",
                )
        k = estimate.influence.shape[1]
        matrix = np.zeros((k, k))
        # Inclusion and exclusion over all intersections (Cameron, Gelbach and Miller 2011).
        for size in range(1, len(codes) + 1):
            for chosen in combinations(range(len(codes)), size):
                joint = recode(np.column_stack([codes[j] for j in chosen]) @ _radix(counts, chosen))
                sums = group_sums(joint[0], estimate.influence, joint[1])
                groups = min(counts) if self.small.groups == "min" else joint[1]
                matrix += (-1) ** (size + 1) * self._groups_factor(groups) * sums.T @ sums
        matrix *= self._scale(estimate, codes)
        label = "clustered by " + " and ".join(self.variables)
        return Cov(matrix, min(counts) - 1, label, dict(zip(self.variables, counts, strict=True)))

    def _groups_factor(self, groups: int) -> float:
        plain = self.kind == "CR0" or self.small.groups == "none"
        return 1.0 if plain else groups / (groups - 1)

    def _scale(self, estimate: Estimate, codes: list[Any]) -> float:
        if self.kind == "CR0" or not self.small.scale:
            return 1.0
        design = estimate.design
        absorbed = design.absorber.parameters(self.small.counted, codes) if design.absorber else 0
        parameters = len(design.names) + absorbed
        return (design.n - 1) / (design.n - parameters)


def _radix(counts: list[int], chosen: tuple[int, ...]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Weights that make one number of several codes."""
    sizes = [counts[j] for j in chosen]
    return np.array([int(np.prod(sizes[i + 1 :], dtype=np.int64)) for i in range(len(sizes))])


def cluster(*variables: str, kind: str = "CR1", small: str | SmallSample = "fixest") -> Cluster:
    """Cluster-robust covariance, one way or multiway.

    Parameters
    ----------
    variables : names of the cluster variables; ``a^b`` for their combination.
    kind : "CR0" the plain sandwich, "CR1" with a small-sample factor.
    small : which factor: "fixest" = "reghdfe" (the default), "areg", "ivreg2", "none", or a
        SmallSample; docs/equivalences.md says which package uses which.

    Raises
    ------
    VcovError : no variable, or another kind.
    DegreesOfFreedomError : fewer than two clusters (when the covariance is computed).

    References
    ----------
    Liang and Zeger (1986), Biometrika 73; Cameron, Gelbach and Miller (2011), JBES 29.
    """
    if not variables:
        raise VcovError(
            "cluster() needs a variable.", variable="variables", remedy='write cluster("province").'
        )
    if kind not in _KINDS:
        raise VcovError(
            f"Cluster-robust kind {kind!r} is not offered.",
            variable="kind",
            value=kind,
            remedy=suggest(str(kind), _KINDS),
        )
    return Cluster(tuple(variables), kind, small_sample(small))
