"""The wild cluster bootstrap of Anderson and Rubin's test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from numbers import Real
from types import MappingProxyType
from typing import Any

import numpy as np

from panel.core.absorber import IntArray
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.instruments import on_instruments, parts
from panel.core.test import Test
from panel.errors import VcovError, suggest
from panel.inference.wild_clusters import Clustering, check_choices, clustering, notes_on
from panel.inference.wild_instruments import Sums
from panel.inference.wild_test import Intervals, share_larger
from panel.kernels import wild
from panel.kernels.groups import group_sums
from panel.kernels.instruments import k_class
from panel.kernels.wild_instruments import Quadratic, over_covariance, where_at_least


@dataclass(frozen=True, eq=False)
class WildAndersonRubin:
    """Anderson and Rubin's test by a wild bootstrap: see :func:`wild_anderson_rubin`.

    Parameters
    ----------
    null : value tested of each endogenous regressor.
    statistic, p_value : the F statistic, and the share of draws with a larger one.
    draws : number of draws; all weight vectors where ``enumerated``.
    clusters, settings, seed, notes : as in a ``WildTest``.
    law : the draws' statistics as a function of the values under the null.
    """

    null: Mapping[str, float]
    statistic: float
    p_value: float
    draws: int
    enumerated: bool
    clusters: Mapping[str, int]
    settings: Mapping[str, Any]
    seed: int | None
    notes: tuple[str, ...]
    law: Instrumented = field(repr=False)

    @property
    def statistics(self) -> FloatArray:
        """The draws' F statistics (draws,) under the null."""
        return self.law.statistics(np.array(list(self.null.values())))

    @property
    def test(self) -> Test:
        """The test as every test is shown."""
        how = f"{self.draws} {self.settings['weights']} draws"
        null = ", ".join(f"{name} = {value:g}" for name, value in self.null.items())
        name = "Anderson-Rubin test by a wild cluster bootstrap"
        return Test(name, self.statistic, self.p_value, how, null, notes=self.notes)

    def p_values(self, values: Sequence[float] | FloatArray) -> FloatArray:
        """p-values (m,) of the hypotheses that the coefficient equals each of ``values`` (m,).

        Raises
        ------
        VcovError : there are several endogenous regressors.
        """
        self._require_one()
        return np.array([self.law.p_value(np.array([float(v)])) for v in values])

    def confidence_set(self, alpha: float = 0.05) -> Intervals:
        """All values whose p-value is at least ``alpha``, as intervals in rising order; none if
        every value is rejected. The ends are searched for.

        Raises
        ------
        VcovError : there are several endogenous regressors, or alpha is not between 0 and 1.
        """
        self._require_one()
        if not (isinstance(alpha, Real) and 0 < alpha < 1):
            raise VcovError(
                f"alpha must lie between 0 and 1, not {alpha!r}.", variable="alpha", value=alpha,
                remedy="give 0.05 for a set of 95%.",
            )  # fmt: skip
        centre, unit = self.law.centre
        return where_at_least(lambda v: self.law.p_value(np.array([v])), centre, unit, alpha)

    def _require_one(self) -> None:
        if len(self.null) > 1:
            raise VcovError(
                f"There is no set of one number for {len(self.null)} endogenous regressors.",
                variable=", ".join(self.null),
                value=len(self.null),
                remedy="test values of all of them, null={name: value, ...}.",
            )

    def __str__(self) -> str:
        return str(self.test)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"

    def __getstate__(self) -> dict[str, Any]:
        plain = {name: dict(getattr(self, name)) for name in ("null", "clusters", "settings")}
        return {k: getattr(self, k) for k in self.__dataclass_fields__} | plain


def wild_anderson_rubin(
    estimate: Estimate,
    null: float | Mapping[str, float] = 0.0,
    *,
    cluster: str | Sequence[str] | None = None,
    bootcluster: str | None = None,
    draws: int = 9999,
    weights: wild.Weights = "rademacher",
    seed: int | None = None,
) -> WildAndersonRubin:
    """Anderson and Rubin's test with few clusters, by a wild bootstrap that imposes the null.

    The test of :func:`panel.anderson_rubin` with a clustered covariance; its F statistic is
    compared not with an F distribution but with those of samples in which the residuals of
    ``y - D b`` on the exogenous regressors and fixed effects, b being the null's, are multiplied by
    one random weight a cluster. It holds for weak instruments, and with few clusters it rejects a
    true null more nearly as often as it should.

    Parameters
    ----------
    estimate : by ``panel.iv``, whichever its method.
    null : value of every coefficient tested, or of each endogenous regressor by name.
    cluster, bootcluster, draws, weights, seed : as for :func:`panel.wild_bootstrap`.

    Raises
    ------
    FormulaError : the estimate has no instruments.
    VcovError : no cluster variable, an unknown choice, a name that is not endogenous, or not more
        clusters than instruments.
    DegreesOfFreedomError : fewer than two clusters.

    References
    ----------
    Davidson and MacKinnon (2010), J. Business and Economic Statistics 28; Roodman, MacKinnon,
    Nielsen and Webb (2019), Stata Journal 19.
    """
    check_choices(draws, weights, "WCR11")
    law = _law(estimate, cluster, bootcluster, draws, weights, seed)
    values = _values(null, estimate.design.endogenous)
    clusters, drawn, found, own = law.clusters, law.drawn, law.statistics(values), law.own(values)
    settings = {
        "cluster": tuple(clusters.counts), "bootcluster": clusters.boot, "weights": weights,
        "small": clusters.small,
    }  # fmt: skip
    return WildAndersonRubin(
        MappingProxyType(dict(zip(estimate.design.endogenous, map(float, values), strict=True))),
        own, share_larger(found, own), len(found), drawn.seed is None,
        MappingProxyType(dict(clusters.counts)), MappingProxyType(settings), drawn.seed,
        notes_on(clusters, weights, len(found), int(np.isinf(found).sum())), law,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Instrumented:
    """Draws of the statistic under any values of the coefficients.

    Parameters
    ----------
    y, d : outcome (n,) and endogenous regressors (n, k2), exogenous regressors and effects out.
    q : orthonormal instruments (n, l), likewise.
    sums : what sums over clusters of residuals on all instruments need.
    groups : factor, codes (n,) and number of groups of each part of the covariance.
    centre : where a search for a confidence set begins, and its unit.
    clusters, drawn : which, and the weights.
    """

    y: FloatArray
    d: FloatArray
    q: FloatArray
    sums: Sums
    groups: list[tuple[float, IntArray, int]]
    centre: tuple[float, float]
    clusters: Clustering
    drawn: wild.Draws

    def own(self, values: FloatArray) -> float:
        """The sample's statistic."""
        u = self.y - self.d @ values
        g, residual = self.q.T @ u, u - self.q @ (self.q.T @ u)
        covariance = np.zeros((len(g), len(g)))
        for factor, codes, number in self.groups:
            scores = group_sums(codes, self.q * residual[:, None], number)
            covariance += factor * scores.T @ scores
        statistic = float(over_covariance(g[None], covariance[None])[0]) / len(g)
        if not np.isfinite(statistic):
            raise VcovError(
                f"The covariance of {len(g)} instruments by these clusters is not positive "
                "definite.",
                variable="cluster",
                value=tuple(self.clusters.counts),
                remedy="cluster one way, by the variable with fewer clusters.",
            )
        return statistic

    def statistics(self, values: FloatArray) -> FloatArray:
        """The draws' statistics (draws,) under the null of those values (k2,)."""
        u = (self.y - self.d @ values)[:, None]
        forms = [
            (factor, [row[0] for row in self.sums.forms(self.q, u, (codes, number))])
            for factor, codes, number in self.groups
        ]
        plain = self.sums.plain(self.q, u)[:, 0]
        return Quadratic(plain, tuple(forms)).statistics(self.drawn.batches())

    def p_value(self, values: FloatArray) -> float:
        """Share of the draws that are larger than the sample's statistic."""
        return share_larger(self.statistics(values), self.own(values))


def _law(
    estimate: Estimate,
    cluster: str | Sequence[str] | None,
    bootcluster: str | None,
    draws: int,
    weights: wild.Weights,
    seed: int | None,
) -> Instrumented:
    design, columns = estimate.design, parts(estimate.design)
    first, clusters = on_instruments(design), clustering(estimate, cluster, bootcluster)
    fewest, count = min(clusters.counts.values()), columns.q2.shape[1]
    if fewest <= count:
        raise VcovError(
            f"{fewest} clusters cannot carry a test of {count} instruments.", variable="cluster",
            value=fewest, remedy="cluster by a variable with more groups.",
        )  # fmt: skip
    root = np.ones(design.n) if design.w is None else np.sqrt(design.w)
    groups = [
        (sign * factor, codes, number)
        for sign, factor, codes, number in clusters.parts(replace(estimate, design=first))
    ]
    solved = k_class(columns.endogenous, columns.outcome, columns.q2, 1.0)
    error = np.linalg.norm(columns.outcome - columns.endogenous @ solved.coef)
    centre = float(solved.coef[0]), float(error * np.sqrt(solved.bread[0, 0] / design.n))
    return Instrumented(
        columns.outcome, columns.endogenous, columns.q2,
        Sums.of(design, first.X_within * root[:, None], clusters.own), groups, centre, clusters,
        wild.drawing(clusters.own[1], draws, weights, seed),
    )  # fmt: skip


def _values(null: float | Mapping[str, float], names: tuple[str, ...]) -> FloatArray:
    """The values tested, in the order of the endogenous regressors."""
    if isinstance(null, Real) and not isinstance(null, bool):
        return np.full(len(names), float(null))
    given = null if isinstance(null, Mapping) else {}
    strange = [name for name in given if name not in names]
    missing = [name for name in names if name not in given]
    if strange or missing:
        raise VcovError(
            f"The null hypothesis must be a number, or a number for each of {', '.join(names)}, "
            f"not {null!r}.",
            variable=(strange or missing)[0],
            value=null,
            remedy=suggest(strange[0], names) if strange else f"give {{{names[0]!r}: 0.5}}.",
        )
    return np.array([float(given[name]) for name in names])
