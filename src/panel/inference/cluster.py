"""Errors correlated within clusters, one way or several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, get_args

import numpy as np

from panel.core.absorber import IntArray
from panel.core.estimate import Estimate
from panel.core.fields import fields_as_html
from panel.core.frame import FloatArray
from panel.core.scores import Scores
from panel.core.vcov import Cov, SmallSample, parameters_factor, small_sample
from panel.errors import DegreesOfFreedomError, VcovError, suggest
from panel.inference.loadings import Loadings, loadings, require_estimable, require_plain
from panel.kernels.adjust import Target, bell_mccaffrey, jackknifed, satterthwaite
from panel.kernels.groups import joined

_KINDS = ("CR0", "CR1", "CR2", "CR3")


@dataclass(frozen=True)
class Cluster:
    """Cluster-robust covariance: see :func:`cluster`."""

    variables: tuple[str, ...]
    kind: str
    small: SmallSample
    target: Target

    _repr_html_ = fields_as_html

    @property
    def needs(self) -> tuple[str, ...]:
        """The cluster variables."""
        return self.variables

    @property
    def settings(self) -> Mapping[str, Any]:
        """Cluster variables, kind, small-sample factor and target variances."""
        return {
            "variables": self.variables, "kind": self.kind, "small": self.small,
            "target": self.target,
        }  # fmt: skip

    def __call__(self, estimate: Estimate) -> Cov:
        """Covariance with G - 1 degrees of freedom, G of the smallest cluster variable; with one
        a coefficient (Satterthwaite) for CR2 in one way."""
        codes = cluster_codes(estimate, self.variables)
        counts = [int(c.max()) + 1 for c in codes]
        parts = loadings(estimate, self.kind) if self.kind in ("CR2", "CR3") else None
        k = len(estimate.names)
        matrix = np.zeros((k, k))
        df: float | FloatArray = min(counts) - 1.0
        # Inclusion and exclusion over all intersections (Cameron, Gelbach and Miller 2011).
        for size in range(1, len(codes) + 1):
            for chosen in combinations(range(len(codes)), size):
                joint, number = joined([codes[j] for j in chosen])
                scores = estimate.scores
                if parts is not None:
                    adjusted = self._adjusted(estimate, parts, joint)
                    scores = Scores(adjusted, parts.residual)
                    if self.kind == "CR2" and len(codes) == 1 and k:
                        df = satterthwaite(parts.hat, joint, number, adjusted, self.target)
                sums = scores.sums(joint, number)
                groups = min(counts) if self.small.groups == "min" else number
                matrix += (-1) ** (size + 1) * self._groups_factor(groups) * (sums.T @ sums)
        matrix *= parameters_factor(estimate, self.small, codes)
        label = "clustered by " + " and ".join(self.variables)
        if self.kind != "CR1":
            label += f" ({self.kind})"
        if isinstance(df, np.ndarray) and len(np.unique(df)) == 1:
            df = float(df[0])
        return Cov(matrix, df, label, dict(zip(self.variables, counts, strict=True)))

    def _adjusted(self, estimate: Estimate, parts: Loadings, clusters: IntArray) -> FloatArray:
        """Loadings (n, k) adjusted for the leverage of the clusters."""
        if self.kind == "CR2":
            require_plain(estimate, "CR2")
            adjusted = bell_mccaffrey(parts.hat, clusters, parts.p, self.target)
        else:
            adjusted = jackknifed(parts.hat, clusters, parts.p)
        require_estimable(estimate, adjusted.lost, clusters, self.kind)
        return adjusted.values

    def _groups_factor(self, groups: int) -> float:
        return 1.0 if self.small.groups == "none" else groups / (groups - 1)


def cluster_codes(estimate: Estimate, variables: tuple[str, ...]) -> list[IntArray]:
    """Codes (n,) of each cluster variable.

    Raises
    ------
    DegreesOfFreedomError : a variable has one cluster only.
    """
    codes = [estimate.design.groups(v) for v in variables]
    for name, c in zip(variables, codes, strict=True):
        if (count := int(c.max()) + 1) < 2:
            raise DegreesOfFreedomError(
                f"{name!r} has {count} cluster in the rows used; a covariance needs two.",
                variable=name,
                value=count,
                remedy="cluster by a variable with more groups (some 30 to trust the result).",
            )
    return codes


def cluster(
    *variables: str,
    kind: str = "CR1",
    small: str | SmallSample | None = None,
    target: Target = "equal",
) -> Cluster:
    """Cluster-robust covariance, one way or multiway.

    Parameters
    ----------
    variables : names of the cluster variables; ``a^b`` for their combination.
    kind : "CR0" the plain sandwich; "CR1" with a small-sample factor; "CR2" Bell and McCaffrey's
        bias-reduced linearisation, in one way with Satterthwaite degrees of freedom for each
        coefficient; "CR3" the jackknife over clusters, ``sum_g (b(g) - b)(b(g) - b)'``. CR2 and
        CR3 count absorbed effects exactly, as if they were dummies. Of models that are weighted
        by estimates (Poisson) CR3 is the jackknife's first step.
    small : which factor: "fixest" = "reghdfe" (the default for CR1), "areg", "ivreg2", "none" (the
        default for the other kinds), or a SmallSample; docs/equivalences.md says which package
        uses which.
    target : error variances for which CR2 of a weighted regression is unbiased: all "equal"
        (clubSandwich's default for lm), or inverse to the "weights".

    Raises
    ------
    VcovError : no variable, or another kind or target; CR2 or CR3 of an estimator other than least
        squares, or of a coefficient that rests on one cluster alone (when computed).
    DegreesOfFreedomError : fewer than two clusters (when the covariance is computed).

    References
    ----------
    Liang and Zeger (1986), Biometrika 73; Cameron, Gelbach and Miller (2011), JBES 29; Bell and
    McCaffrey (2002), Survey Methodology 28; Pustejovsky and Tipton (2018), JBES 36; MacKinnon,
    Nielsen and Webb (2023), J. Applied Econometrics 38.
    """
    if not variables:
        raise VcovError(
            "cluster() needs a variable.", variable="variables", remedy='write cluster("province").'
        )
    for given in variables:
        if not isinstance(given, str):
            raise VcovError(
                f"cluster() takes names of variables, not one {type(given).__name__}.",
                variable="variables",
                value=given,
                remedy='write two ways as cluster("province", "year").',
            )
    for name, value, known in (("kind", kind, _KINDS), ("target", target, get_args(Target))):
        if value not in known:
            raise VcovError(
                f"Cluster-robust {name} {value!r} is not offered.",
                variable=name,
                value=value,
                remedy=suggest(str(value), known),
            )
    if small is None:
        small = "fixest" if kind == "CR1" else "none"
    return Cluster(tuple(variables), kind, small_sample(small), target)
