"""What every wild bootstrap is told: clusters, draws and one hypothesis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from numbers import Integral
from typing import Literal, get_args

import numpy as np

from panel.core.absorber import IntArray
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.hypothesis import linear_hypothesis
from panel.core.vcov import NOTHING, SmallSample, parameters_factor, small_sample
from panel.errors import FormulaError, VcovError, suggest
from panel.inference.cluster import Cluster, cluster_codes
from panel.kernels import wild
from panel.kernels.groups import joined

Variant = Literal["WCR11", "WCR13", "WCR31", "WCR33", "WCU11", "WCU13", "WCU31", "WCU33"]

# With fewer clusters than this, Rademacher weights give too few different statistics.
_FEW = 12


@dataclass(frozen=True, eq=False)
class Clustering:
    """The clusters of a test.

    Parameters
    ----------
    codes, counts : codes (n,) and number of clusters by variable.
    boot : the variable whose clusters share a weight.
    small : small-sample factor of the variance.
    """

    codes: Mapping[str, IntArray]
    counts: Mapping[str, int]
    boot: str
    small: SmallSample

    @property
    def own(self) -> tuple[IntArray, int]:
        """Codes (n,) and number of the clusters that share a weight."""
        return self.codes[self.boot], self.counts[self.boot]

    def parts(self, estimate: Estimate) -> list[tuple[float, float, IntArray, int]]:
        """Parts of a multiway variance (Cameron, Gelbach and Miller 2011): sign, small-sample
        factor, codes (n,) and number of the groups."""
        codes, fewest = list(self.codes.values()), min(self.counts.values())
        scale = parameters_factor(estimate, self.small, codes)
        found = []
        for size in range(1, len(codes) + 1):
            for chosen in combinations(codes, size):
                joint, number = joined(list(chosen))
                g = fewest if self.small.groups == "min" else number
                factor = scale if self.small.groups == "none" else scale * g / (g - 1)
                found.append(((-1.0) ** (size + 1), factor, joint, number))
        return found


def clustering(
    estimate: Estimate, given: str | Sequence[str] | None, bootcluster: str | None
) -> Clustering:
    """The clusters asked for, or those of the estimate's covariance."""
    variables = _variables(estimate, given)
    codes = dict(zip(variables, cluster_codes(estimate, variables), strict=True))
    counts = {name: int(c.max()) + 1 for name, c in codes.items()}
    small = estimate.vcov.small if isinstance(estimate.vcov, Cluster) else small_sample("fixest")
    return Clustering(codes, counts, _bootcluster(counts, bootcluster), small)


def contrast(estimate: Estimate, hypothesis: str) -> tuple[FloatArray, str, float]:
    """The combination (k,) of coefficients that the hypothesis is on, its text and its value."""
    parsed = linear_hypothesis(hypothesis, estimate.names)
    if len(parsed.value) != 1:
        raise FormulaError(
            f"{hypothesis!r} has {len(parsed.value)} restrictions; the wild bootstrap tests one.",
            variable=hypothesis,
            remedy="test them one by one.",
        )
    text = hypothesis if "=" in hypothesis else f"{hypothesis.strip()} = 0"
    return parsed.matrix[0], text, float(parsed.value[0])


def standard_error(variance: float, usual: float, what: str) -> float:
    """Its root.

    Parameters
    ----------
    usual : the variance under independent errors, of which a share may be rounding.

    Raises
    ------
    VcovError : the variance is not positive, as that of several ways of clustering may be, and
        that of two clusters with the same years and an effect of each.
    """
    if not variance > NOTHING * usual:
        raise VcovError(
            f"The variance of {what!r} by these clusters is not positive.", variable=what,
            value=variance, remedy="cluster one way, by the variable with fewer clusters.",
        )  # fmt: skip
    return float(np.sqrt(variance))


def check_choices(draws: int, weights: str, variant: str) -> None:
    """Stop at an unknown choice (VcovError)."""
    for name, value, known in (
        ("weights", weights, get_args(wild.Weights)),
        ("variant", variant, get_args(Variant)),
    ):
        if value not in known:
            raise VcovError(
                f"The wild bootstrap has no {name} {value!r}.", variable=name, value=value,
                remedy=suggest(str(value), known),
            )  # fmt: skip
    if isinstance(draws, bool) or not isinstance(draws, Integral) or draws < 1:
        raise VcovError(
            f"draws must be a whole number from 1, not {draws!r}.", variable="draws", value=draws,
            remedy="use 9999.",
        )  # fmt: skip


def notes_on(clusters: Clustering, weights: str, draws: int, lost: int) -> tuple[str, ...]:
    """What a reader must know: few clusters, and ``lost`` draws without a positive variance."""
    found = []
    number = clusters.counts[clusters.boot]
    if weights == "rademacher" and number < _FEW:
        found.append(
            f"{number} {clusters.boot} clusters give only {2**number} Rademacher vectors, and "
            f"p-values in steps of {2 / 2**number:.2g}; weights='webb' gives more."
        )
    if lost:
        found.append(
            f"{lost} of {draws} draws have a variance that is not positive; they count as "
            "larger than the sample's statistic."
        )
    return tuple(found)


def _variables(estimate: Estimate, given: str | Sequence[str] | None) -> tuple[str, ...]:
    if given is not None:
        return (given,) if isinstance(given, str) else tuple(given)
    if isinstance(estimate.vcov, Cluster):
        return estimate.vcov.variables
    raise VcovError(
        "The wild cluster bootstrap needs a cluster variable.",
        variable="cluster",
        remedy='give cluster="province", or estimate with vcov=panel.cluster("province").',
    )


def _bootcluster(counts: Mapping[str, int], given: str | None) -> str:
    if given is None:
        return min(counts, key=lambda name: counts[name])
    if given not in counts:
        raise VcovError(
            f"{given!r} is not one of the cluster variables.", variable="bootcluster", value=given,
            remedy=suggest(given, counts),
        )  # fmt: skip
    return given
