"""p-values of several hypotheses tested together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from panel.core.absorber import IntArray
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.sample import BoolArray
from panel.errors import DataError, VcovError
from panel.inference.wild import Prepared, prepare
from panel.inference.wild_clusters import Variant, check_choices
from panel.kernels import wild
from panel.kernels.seeds import require_seed


@dataclass(frozen=True, eq=False)
class MultipleTests:
    """Hypotheses tested together.

    Parameters
    ----------
    table : one row a hypothesis: outcome, term, estimate, std_error, statistic, p_value by its own
        bootstrap, p_adjusted.
    method : the adjustment.
    draws : number of draws, common to all hypotheses.
    enumerated : whether these are all weight vectors.
    settings : every choice that changes the result.
    seed : of the draws.
    """

    table: pd.DataFrame = field(repr=False)
    method: str
    draws: int
    enumerated: bool
    settings: Mapping[str, Any]
    seed: int

    def tidy(self) -> pd.DataFrame:
        """The table (a copy)."""
        return self.table.copy()

    def __str__(self) -> str:
        how = "all" if self.enumerated else str(self.draws)
        head = (
            f"{len(self.table)} hypotheses, {self.method}; wild cluster bootstrap by "
            f"{self.settings['cluster']}, {how} {self.settings['weights']} draws"
        )
        return f"{head}\n{self.table.to_string(float_format=lambda v: f'{v:.5g}')}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"

    def __getstate__(self) -> dict[str, Any]:
        plain = {"settings": dict(self.settings)}
        return {k: getattr(self, k) for k in self.__dataclass_fields__} | plain


def holm(pvalues: Sequence[float] | FloatArray | pd.Series) -> pd.Series:
    """Holm's adjusted p-values, which hold for any dependence between the tests.

    ``max over j <= i of min(1, (m - j + 1) p_(j))``, p_(1) <= p_(2) <= ...

    Parameters
    ----------
    pvalues : (m,), each between 0 and 1.

    Raises
    ------
    DataError : a value outside.

    References
    ----------
    Holm (1979), Scandinavian J. of Statistics 6.
    """
    given = pd.Series(pvalues, dtype=float)
    p = given.to_numpy()
    if not bool(((p >= 0) & (p <= 1)).all()):
        raise DataError(
            "p-values must lie between 0 and 1.", variable="pvalues", value=p.tolist(),
            remedy="leave out tests that have none.",
        )  # fmt: skip
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.maximum.accumulate(
        np.minimum(1.0, (len(p) - np.arange(len(p))) * p[order])
    )
    return pd.Series(adjusted, index=given.index, name="p_adjusted")


def romano_wolf(
    estimates: Estimate | Sequence[Estimate],
    hypotheses: str | Sequence[str],
    *,
    cluster: str | None = None,
    draws: int = 9999,
    weights: wild.Weights = "rademacher",
    variant: Variant = "WCR11",
    seed: int = 1,
) -> MultipleTests:
    """Romano and Wolf's step-down p-values by the wild cluster bootstrap.

    A cluster has the same weight in all models, so that the draws have the dependence of the
    tests. The largest statistic among those not yet rejected is compared with the largest of each
    draw: ``p = (1 + c)/(1 + B)``.

    Parameters
    ----------
    estimates : models by least squares (several outcomes, samples, treatments), or one.
    hypotheses : one for all models, or one for each; one model may have several.
    cluster, draws, weights, variant, seed : as for :func:`panel.wild_bootstrap`, one variable.

    Raises
    ------
    DataError : the numbers of models and hypotheses do not go together.
    VcovError, FormulaError, DegreesOfFreedomError : as :func:`panel.wild_bootstrap`.

    References
    ----------
    Romano and Wolf (2005), Econometrica 73; Romano and Wolf (2016), Statistics and Probability
    Letters 113, for the p-value; Clarke, Romano and Wolf (2020), Stata Journal 20.
    """
    made = _drawn(estimates, hypotheses, cluster, draws, weights, variant, seed)
    own = np.abs(made.own)
    order = np.argsort(-own, kind="stable")
    largest = np.maximum.accumulate(np.abs(made.drawn)[:, order[::-1]], axis=1)[:, ::-1]
    larger = largest >= own[order] * (1 - wild.TIE)
    return made.result("Romano-Wolf", _stepped(larger, order))


def westfall_young(
    estimates: Estimate | Sequence[Estimate],
    hypotheses: str | Sequence[str],
    *,
    cluster: str | None = None,
    draws: int = 9999,
    weights: wild.Weights = "rademacher",
    variant: Variant = "WCR11",
    seed: int = 1,
) -> MultipleTests:
    """Westfall and Young's step-down p-values by the wild cluster bootstrap.

    As :func:`romano_wolf`, but what is compared are p-values of the t distribution with each
    model's own G - 1 degrees of freedom: the smallest among those not yet rejected with the
    smallest of each draw. The two differ where models have different numbers of clusters.

    Parameters
    ----------
    estimates, hypotheses, cluster, draws, weights, variant, seed : as for :func:`romano_wolf`.

    Raises
    ------
    As :func:`romano_wolf`.

    References
    ----------
    Westfall and Young (1993), Resampling-Based Multiple Testing, algorithm 2.8; Jones, Molitor and
    Reif (2019), Quarterly J. of Economics 134, appendix C.
    """
    from scipy.stats import t as student  # slow to load: see panel.kernels.tails

    made = _drawn(estimates, hypotheses, cluster, draws, weights, variant, seed)
    df = np.array([t.clusters.own[1] - 1 for t in made.tests])
    # Logarithms keep apart p-values too small for floating point.
    own = np.asarray(student.logsf(np.abs(made.own), df))
    p = np.asarray(student.logsf(np.abs(made.drawn), df))
    order = np.argsort(own, kind="stable")
    smallest = np.minimum.accumulate(p[:, order[::-1]], axis=1)[:, ::-1]
    return made.result("Westfall-Young", _stepped(smallest <= own[order] + wild.TIE, order))


def _stepped(exceeded: BoolArray, order: IntArray) -> FloatArray:
    """Adjusted p-values (m,) from whether each draw (draws, m) is as extreme, in step order."""
    adjusted = np.empty(len(order))
    adjusted[order] = np.maximum.accumulate((1 + exceeded.sum(axis=0)) / (1 + len(exceeded)))
    return adjusted


@dataclass(frozen=True, eq=False)
class _Draws:
    """Statistics of m tests: ``own`` (m,) and ``drawn`` (draws, m), a row for each common draw."""

    models: list[Estimate]
    tests: list[Prepared]
    own: FloatArray
    drawn: FloatArray
    enumerated: bool
    settings: Mapping[str, Any]
    seed: int

    def result(self, method: str, adjusted: FloatArray) -> MultipleTests:
        larger = np.abs(self.drawn) >= np.abs(self.own) * (1 - wild.TIE)
        table = pd.DataFrame(
            {
                "outcome": [m.depvar for m in self.models],
                "term": [t.hypothesis for t in self.tests],
                "estimate": [t.estimate for t in self.tests],
                "std_error": [t.std_error for t in self.tests],
                "statistic": self.own,
                "p_value": (1 + larger.sum(axis=0)) / (1 + len(self.drawn)),
                "p_adjusted": adjusted,
            }
        )
        draws = len(self.drawn)
        return MultipleTests(table, method, draws, self.enumerated, self.settings, self.seed)


def _drawn(
    estimates: Estimate | Sequence[Estimate],
    hypotheses: str | Sequence[str],
    cluster: str | None,
    draws: int,
    weights: wild.Weights,
    variant: Variant,
    seed: int,
) -> _Draws:
    check_choices(draws, weights, variant)
    models, texts = _paired(estimates, hypotheses)
    tests = [prepare(m, h, cluster, None, variant) for m, h in zip(models, texts, strict=True)]
    if len({name for t in tests for name in t.clusters.counts}) > 1:
        raise VcovError(
            "Tests are adjusted together only by one cluster variable.",
            variable="cluster",
            value=sorted({name for t in tests for name in t.clusters.counts}),
            remedy='give cluster="province".',
        )
    places: dict[Any, int] = {}
    index = [
        [places.setdefault(label, len(places)) for label in _labels(m, t)]
        for m, t in zip(models, tests, strict=True)
    ]
    batches = list(wild.weight_batches(len(places), draws, weights, require_seed(seed)))
    drawn = [
        wild.statistics(
            wild.curves(t.numerator, t.parts, (v[i] for v in batches)), t.estimate - t.value
        )
        for t, i in zip(tests, index, strict=True)
    ]
    own = np.array([(t.estimate - t.value) / t.std_error for t in tests])
    settings = {"cluster": tests[0].clusters.boot, "weights": weights, "variant": variant}
    complete = wild.enumerated(len(places), draws, weights)
    columns = np.column_stack(drawn)
    return _Draws(models, tests, own, columns, complete, MappingProxyType(settings), seed)


def _paired(
    estimates: Estimate | Sequence[Estimate], hypotheses: str | Sequence[str]
) -> tuple[list[Estimate], list[str]]:
    models = [estimates] if isinstance(estimates, Estimate) else list(estimates)
    texts = [hypotheses] if isinstance(hypotheses, str) else list(hypotheses)
    models = models * len(texts) if len(models) == 1 else models
    texts = texts * len(models) if len(texts) == 1 else texts
    if len(models) != len(texts) or not models:
        raise DataError(
            f"{len(models)} models and {len(texts)} hypotheses do not go together.",
            variable="hypotheses",
            value=len(texts),
            remedy="give one hypothesis for all models, or one for each.",
        )
    return models, texts


def _labels(estimate: Estimate, test: Prepared) -> list[Any]:
    """What the clusters that share a weight are called, by code."""
    first = np.unique(test.clusters.own[0], return_index=True)[1]
    names = [part.strip().strip("`") for part in test.clusters.boot.split("^")]
    return list(zip(*(estimate.design.column(n).iloc[first] for n in names), strict=True))
