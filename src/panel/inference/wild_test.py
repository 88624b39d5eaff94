"""What a wild bootstrap test of one restriction returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from numbers import Real
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
import pandas as pd

from panel.core.frame import FloatArray
from panel.core.test import Test
from panel.errors import VcovError
from panel.inference.wild_clusters import Clustering, notes_on
from panel.kernels import wild

Intervals = tuple[tuple[float, float], ...]


class Law(Protocol):
    """How the draws of a test depend on the value under the null."""

    @property
    def exact(self) -> bool:
        """Whether the confidence set is inverted exactly, and at once, rather than searched for."""

    @property
    def estimate(self) -> float:
        """The combination of coefficients."""

    @property
    def std_error(self) -> float:
        """Its cluster-robust standard error."""

    def statistics(self, value: float, /) -> FloatArray:
        """The draws' t statistics (draws,) under the null of that value."""

    def confidence_set(self, alpha: float, /) -> Intervals:
        """The values whose p-value is at least ``alpha``, as intervals in rising order."""


@dataclass(frozen=True, eq=False)
class WildTest:
    """Result of a wild cluster bootstrap.

    Parameters
    ----------
    hypothesis : as written.
    estimate, value : of the combination of coefficients, and under the null.
    std_error : cluster-robust.
    statistic : ``(estimate - value) / std_error``.
    p_value : share of draws whose statistic is larger in absolute value (ties do not count).
    draws : number of draws; all weight vectors where ``enumerated``.
    clusters : number of clusters by variable.
    settings : every choice that changes the result.
    seed : of the draws; None where all vectors are enumerated.
    notes : what a reader must know.
    law : the draws' statistics as a function of the value under the null.
    """

    hypothesis: str
    estimate: float
    value: float
    std_error: float
    statistic: float
    p_value: float
    draws: int
    enumerated: bool
    clusters: Mapping[str, int]
    settings: Mapping[str, Any]
    seed: int | None
    notes: tuple[str, ...]
    law: Law = field(repr=False)

    @property
    def statistics(self) -> FloatArray:
        """The draws' t statistics (draws,) under the null."""
        return self.law.statistics(self.value)

    @property
    def test(self) -> Test:
        """The test as every test is shown, without the draws."""
        name = f"Wild cluster bootstrap ({self.settings['variant']})"
        how = f"{self.draws} {self.settings['weights']} draws"
        null = self.hypothesis
        return Test(name, self.statistic, self.p_value, how, null, (), "two-sided", self.notes)

    def p_values(self, values: Sequence[float] | FloatArray) -> FloatArray:
        """p-values (m,) of the hypotheses that the combination equals each of ``values`` (m,)."""
        own = [(self.estimate - v) / self.std_error for v in values]
        pairs = zip(own, values, strict=True)
        return np.array([share_larger(self.law.statistics(float(v)), t) for t, v in pairs])

    def confidence_set(self, alpha: float = 0.05) -> tuple[tuple[float, float], ...]:
        """All values whose p-value is at least ``alpha``, as intervals in rising order.

        The p-value is a step function of the value under the null. After least squares it is
        inverted exactly, after instrumental variables its steps are searched for. The set may
        consist of several intervals or have no end, and then it says so (infinity).
        """
        if not (isinstance(alpha, Real) and 0 < alpha < 1):
            raise VcovError(
                f"alpha must lie between 0 and 1, not {alpha!r}.", variable="alpha", value=alpha,
                remedy="give 0.05 for a set of 95%.",
            )  # fmt: skip
        return self.law.confidence_set(alpha)

    def tidy(self, alpha: float = 0.05) -> pd.DataFrame:
        """One row with broom's names; conf_low and conf_high are the ends of the set."""
        ends = self.confidence_set(alpha)
        return pd.DataFrame(
            {
                "term": [self.hypothesis], "estimate": [self.estimate],
                "std_error": [self.std_error], "statistic": [self.statistic],
                "p_value": [self.p_value], "conf_low": [ends[0][0]], "conf_high": [ends[-1][1]],
            }
        )  # fmt: skip

    def __str__(self) -> str:
        if self.law.exact:
            ends = " and ".join(f"[{low:.5g}, {high:.5g}]" for low, high in self.confidence_set())
        else:
            ends = "by confidence_set(), a search of some seconds"
        by = ", ".join(f"{g} {name}" for name, g in self.clusters.items())
        how = "all" if self.enumerated else f"{self.draws} random"
        lines = [
            f"Wild cluster bootstrap ({self.settings['variant']}): {self.hypothesis}",
            f"estimate = {self.estimate:.5g}, t = {self.statistic:.4g}, p = {self.p_value:.4g}",
            f"95% confidence set {ends}",
            f"{by} clusters; {how} {self.settings['weights']} draws",
        ]
        return "\n".join([*lines, *self.notes])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"

    def __getstate__(self) -> dict[str, Any]:
        plain = {"clusters": dict(self.clusters), "settings": dict(self.settings)}
        return {k: getattr(self, k) for k in self.__dataclass_fields__} | plain


def share_larger(drawn: FloatArray, own: float) -> float:
    """Share of the draws' statistics (draws,) that are larger than the sample's in absolute value;
    ties do not count."""
    return float((np.abs(drawn) > abs(own) * (1 + wild.TIE)).mean())


def result(
    hypothesis: str, value: float, law: Law, clusters: Clustering, drawn: wild.Draws, variant: str
) -> WildTest:
    """The test of one value by a law."""
    found, own = law.statistics(value), (law.estimate - value) / law.std_error
    settings = {
        "cluster": tuple(clusters.counts), "bootcluster": clusters.boot, "weights": drawn.weights,
        "variant": variant, "small": clusters.small,
    }  # fmt: skip
    return WildTest(
        hypothesis, law.estimate, value, law.std_error, own, share_larger(found, own), len(found),
        drawn.seed is None, MappingProxyType(dict(clusters.counts)), MappingProxyType(settings),
        drawn.seed,
        notes_on(clusters, drawn.weights, len(found), int(np.isinf(found).sum())), law,
    )  # fmt: skip
