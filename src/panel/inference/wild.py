"""The wild cluster bootstrap test of a linear hypothesis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from numbers import Integral
from types import MappingProxyType
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from panel.core.absorber import IntArray
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.hypothesis import linear_hypothesis
from panel.core.test import Test
from panel.core.vcov import SmallSample, parameters_factor, small_sample
from panel.errors import FormulaError, VcovError, suggest
from panel.inference.cluster import Cluster, cluster_codes
from panel.inference.loadings import Loadings, loadings, require_estimable, require_plain
from panel.kernels import wild
from panel.kernels.adjust import jackknifed, left_out
from panel.kernels.groups import joined
from panel.kernels.leverage import projected_sums

Variant = Literal["WCR11", "WCR13", "WCR31", "WCR33", "WCU11", "WCU13", "WCU31", "WCU33"]

# With fewer clusters than this, Rademacher weights give too few different statistics.
_FEW = 12


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
    curve : (draws, 5) each draw's statistic as a function of the null; see kernels.wild.
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
    curve: FloatArray = field(repr=False)

    def __post_init__(self) -> None:
        self.curve.flags.writeable = False

    @property
    def statistics(self) -> FloatArray:
        """The draws' t statistics (draws,) under the null."""
        return wild.statistics(self.curve, self.estimate - self.value)

    @property
    def test(self) -> Test:
        """The test as every test is shown, without the draws."""
        name = f"Wild cluster bootstrap ({self.settings['variant']})"
        how = f"{self.draws} {self.settings['weights']} draws"
        null = self.hypothesis
        return Test(name, self.statistic, self.p_value, how, null, (), "two-sided", self.notes)

    def p_values(self, values: Sequence[float] | FloatArray) -> FloatArray:
        """p-values (m,) of the hypotheses that the combination equals each of ``values`` (m,)."""
        return np.array([_p_value(self.curve, self.estimate - v, self.std_error) for v in values])

    def confidence_set(self, alpha: float = 0.05) -> tuple[tuple[float, float], ...]:
        """All values whose p-value is at least ``alpha``, as intervals in rising order.

        The p-value is a step function of the value under the null, inverted exactly: the set may
        consist of several intervals or have no end, and then it says so (infinity).
        """
        if not 0 < alpha < 1:
            raise VcovError(
                f"alpha must lie between 0 and 1, not {alpha!r}.", variable="alpha", value=alpha,
                remedy="give 0.05 for a set of 95%.",
            )  # fmt: skip
        steps, shares = wild.rejection_steps(self.curve, self.std_error)
        edges = np.concatenate([[-np.inf], steps, [np.inf]])
        inside = np.concatenate([[False], shares >= alpha, [False]])
        starts = edges[np.flatnonzero(inside[1:-1] & ~inside[:-2])]
        ends = edges[np.flatnonzero(inside[1:-1] & ~inside[2:]) + 1]
        pairs = zip(starts, ends, strict=True)
        in_values = (
            (self.estimate - self.std_error * e, self.estimate - self.std_error * s)
            for s, e in pairs
        )
        return tuple(sorted((float(low), float(high)) for low, high in in_values))

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
        ends = " and ".join(f"[{low:.5g}, {high:.5g}]" for low, high in self.confidence_set())
        by = ", ".join(f"{g} {name}" for name, g in self.clusters.items())
        how = "all" if self.enumerated else f"{self.draws} random"
        lines = [
            f"Wild cluster bootstrap ({self.settings['variant']}): {self.hypothesis}",
            f"estimate = {self.estimate:.5g}, t = {self.statistic:.4g}, p = {self.p_value:.4g}",
            f"95% confidence set {ends}",
            f"{by} clusters; {how} {self.settings['weights']} draws",
        ]
        return "\n".join([*lines, *self.notes])

    def _repr_html_(self) -> str:
        return f"<pre>{self}</pre>"

    def __getstate__(self) -> dict[str, Any]:
        plain = {"clusters": dict(self.clusters), "settings": dict(self.settings)}
        return {k: getattr(self, k) for k in self.__dataclass_fields__} | plain


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

    Parameters
    ----------
    estimate : by least squares, with or without fixed effects and weights.
    hypothesis : one restriction, ``"x1 = 0"``, ``"x1 - x2 = 0.1"``; ``"x1"`` means ``"x1 = 0"``.
    cluster : variables by which the t statistic is clustered; those of the estimate if left out.
    bootcluster : the one of them whose clusters share a weight; the one with the fewest clusters
        if left out.
    draws : number; with Rademacher weights and ``2^G <= draws`` every vector is taken once.
    weights : "rademacher", "webb" (six points, for fewer than 12 clusters), "mammen", "normal".
    variant : "WCR" imposes the null on the residuals, "WCU" does not. The first digit is 1 for
        residuals, 3 for those of each cluster from the fit without it (the jackknife); the second
        1 for the usual cluster-robust variance, 3 for the jackknife's.
    seed : of the draws; a new one is chosen and noted if left out.

    Raises
    ------
    FormulaError : the hypothesis is not one restriction on coefficients of the model.
    VcovError : no cluster variable, an unknown choice, or not an estimate by least squares.
    DegreesOfFreedomError : fewer than two clusters.

    References
    ----------
    Cameron, Gelbach and Miller (2008), Review of Economics and Statistics 90; Roodman, MacKinnon,
    Nielsen and Webb (2019), Stata Journal 19; MacKinnon, Nielsen and Webb (2023), J. Applied
    Econometrics 38; Webb (2023), Canadian J. Economics 56, for six points; MacKinnon, Nielsen and
    Webb (2021), J. Business and Economic Statistics 39, for several ways.
    """
    check_choices(draws, weights, variant)
    ready = prepare(estimate, hypothesis, cluster, bootcluster, variant)
    number, delta = ready.counts[ready.boot], ready.estimate - ready.value
    complete = wild.enumerated(number, draws, weights)
    if seed is None and not complete:
        seed = int(np.random.SeedSequence().generate_state(1)[0])
    batches = wild.weight_batches(number, draws, weights, seed or 0)
    curve = wild.curves(ready.numerator, ready.parts, batches)
    settings = {
        "cluster": tuple(ready.counts), "bootcluster": ready.boot, "weights": weights,
        "variant": variant, "small": ready.small,
    }  # fmt: skip
    return WildTest(
        ready.hypothesis, ready.estimate, ready.value, ready.std_error, delta / ready.std_error,
        _p_value(curve, delta, ready.std_error), len(curve), complete,
        MappingProxyType(ready.counts), MappingProxyType(settings), None if complete else seed,
        _notes(number, ready.boot, weights, curve, delta), curve,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Prepared:
    """What every draw of one test needs.

    Parameters
    ----------
    hypothesis, estimate, value, std_error : of the test.
    counts : number of clusters by variable.
    boot, codes : the variable whose clusters share a weight, and its codes (n,).
    small : small-sample factor of the variance.
    numerator, parts : see kernels.wild.
    """

    hypothesis: str
    estimate: float
    value: float
    std_error: float
    counts: dict[str, int]
    boot: str
    codes: IntArray
    small: SmallSample
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
    variables = _variables(estimate, cluster)
    combined, text, value = _contrast(estimate, hypothesis)
    codes = cluster_codes(estimate, variables)
    counts = dict(zip(variables, (int(c.max()) + 1 for c in codes), strict=True))
    boot = _bootcluster(counts, bootcluster)
    own = codes[variables.index(boot)]
    small = estimate.vcov.small if isinstance(estimate.vcov, Cluster) else small_sample("fixest")
    numerator, parts, variance = _sums(
        combined, codes, (own, counts[boot]), variant, parameters_factor(estimate, small, codes),
        small,
    )  # fmt: skip
    return Prepared(
        text, float(combined.coef[0]), value, float(np.sqrt(variance)), counts, boot, own, small,
        numerator, parts,
    )  # fmt: skip


def _sums(
    combined: Estimate,
    codes: list[IntArray],
    boot: tuple[IntArray, int],
    variant: str,
    scale: float,
    small: SmallSample,
) -> tuple[FloatArray, list[wild.Part], float]:
    """What a draw needs, and the variance of the sample's own statistic."""
    parts = loadings(combined, "the wild bootstrap")
    p, hat = parts.p[:, 0], parts.hat
    errors, slope = _errors(parts, boot[0], variant)
    numerator = np.array([np.bincount(boot[0], p * e, minlength=boot[1]) for e in (errors, slope)])
    found, variance = [], 0.0
    fewest = min(int(c.max()) + 1 for c in codes)
    for size in range(1, len(codes) + 1):
        for chosen in combinations(codes, size):
            joint, groups = joined(list(chosen))
            adjusted = p
            factor = scale * (-1.0) ** (size + 1)
            if variant.endswith("3"):
                jackknife = jackknifed(hat, joint, p[:, None])
                require_estimable(combined, jackknife.lost, joint, variant)
                adjusted = jackknife.values[:, 0]
                factor = (-1.0) ** (size + 1)
            elif small.groups != "none":
                g = fewest if small.groups == "min" else groups
                factor *= g / (g - 1)
            variance += factor * float(
                (np.bincount(joint, adjusted * parts.residual, minlength=groups) ** 2).sum()
            )
            sums = [
                projected_sums(hat, adjusted, (joint, groups), e, boot) for e in (errors, slope)
            ]
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


def _p_value(curve: FloatArray, delta: float, error: float) -> float:
    larger = np.abs(wild.statistics(curve, delta)) > abs(delta / error) * (1 + wild.TIE)
    return float(larger.mean())


def _variables(estimate: Estimate, given: str | Sequence[str] | None) -> tuple[str, ...]:
    """The cluster variables asked for, or those of the estimate's covariance."""
    if given is not None:
        return (given,) if isinstance(given, str) else tuple(given)
    if isinstance(estimate.vcov, Cluster):
        return estimate.vcov.variables
    raise VcovError(
        "The wild cluster bootstrap needs a cluster variable.",
        variable="cluster",
        remedy='give cluster="province", or estimate with vcov=panel.cluster("province").',
    )


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


def _contrast(estimate: Estimate, hypothesis: str) -> tuple[Estimate, str, float]:
    """The combination of coefficients that the hypothesis is on, its text and its value."""
    parsed = linear_hypothesis(hypothesis, estimate.names)
    if len(parsed.value) != 1:
        raise FormulaError(
            f"{hypothesis!r} has {len(parsed.value)} restrictions; the wild bootstrap tests one.",
            variable=hypothesis,
            remedy="test them one by one.",
        )
    text = hypothesis if "=" in hypothesis else f"{hypothesis.strip()} = 0"
    return estimate.map(parsed.matrix, [text]), text, float(parsed.value[0])


def _bootcluster(counts: Mapping[str, int], given: str | None) -> str:
    if given is None:
        return min(counts, key=lambda name: counts[name])
    if given not in counts:
        raise VcovError(
            f"{given!r} is not one of the cluster variables.", variable="bootcluster", value=given,
            remedy=suggest(given, counts),
        )  # fmt: skip
    return given


def _notes(
    number: int, boot: str, weights: str, curve: FloatArray, delta: float
) -> tuple[str, ...]:
    found = []
    if weights == "rademacher" and number < _FEW:
        found.append(
            f"{number} {boot} clusters give only {2**number} Rademacher vectors, and p-values in "
            f"steps of {2 / 2**number:.2g}; weights='webb' gives more."
        )
    lost = int(np.isinf(wild.statistics(curve, delta)).sum())
    if lost:
        found.append(
            f"{lost} of {len(curve)} draws have a variance that is not positive; they count as "
            "larger than the sample's statistic."
        )
    return tuple(found)
