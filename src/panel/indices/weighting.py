"""How the indicators of an index are weighted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from numbers import Real
from typing import Literal

import numpy as np

from panel.core.frame import FloatArray
from panel.errors import DataError, suggest
from panel.kernels import weights as kernels

Names = tuple[str, ...]

# A correlation nearer to one is one, but for rounding.
_TOGETHER = 1e-12


@dataclass(frozen=True, eq=False)
class Weighting:
    """Weights and what they were found from.

    Parameters
    ----------
    weights : (m,), adding up to one.
    columns : further figures by indicator (m,), for the table of weights.
    stats : figures of the whole: consistency ratio, KMO and so on.
    notes : what a reader must know.
    """

    weights: FloatArray
    columns: Mapping[str, FloatArray] = field(default_factory=dict)
    stats: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Weights:
    """A way to weigh: ``equal_weights``, ``entropy_weights`` and so on.

    Parameters
    ----------
    label : what a report calls it.
    rule : z (n, m) and the m names -> weighting.
    """

    label: str
    rule: Callable[[FloatArray, Names], Weighting]

    def __call__(self, z: FloatArray, names: Names) -> Weighting:
        """Weights of the columns of ``z``; a single one has all weight."""
        return self.rule(z, names) if len(names) > 1 else Weighting(np.ones(1))

    def __repr__(self) -> str:
        return self.label


def equal_weights() -> Weights:
    """1/m for each of m indicators."""
    return Weights("equal weights", _equal)


def _equal(_z: FloatArray, names: Names) -> Weighting:
    return Weighting(np.full(len(names), 1.0 / len(names)))


def entropy_weights(shift: float = 0.0) -> Weights:
    """``w_j = (1 - e_j)/sum_j(1 - e_j)`` with the entropy ``e_j = -sum_i p_ij ln p_ij/ln n`` of the
    shares ``p_ij = z_ij/sum_i z_ij``.

    An indicator whose values are spread unevenly carries more information and gets more weight.

    Parameters
    ----------
    shift : added to every z for the weights only. 0 (the default) takes the limit 0 ln 0 = 0; many
        papers add 0.0001 to avoid the logarithm of zero. Compare with :func:`rank_comparison` what
        it does to ranks; ``min_max(interval=(0.0001, 1.0001))`` shifts the scores too.

    Source: Shannon (1948), Bell System Technical Journal 27; Zeleny (1982), Multiple Criteria
    Decision Making, ch. 7.
    """
    if isinstance(shift, bool) or not isinstance(shift, Real) or not 0 <= shift < 1:
        raise DataError(
            f"The shift {shift!r} is not a small nonnegative number.", variable="shift",
            value=shift, remedy="give 0, or for instance 0.0001.",
        )  # fmt: skip
    said = "0 ln 0 = 0" if shift == 0 else f"{shift:g} added"
    return Weights(f"entropy weights ({said})", partial(_entropy, shift=shift))


def _entropy(z: FloatArray, names: Names, shift: float) -> Weighting:
    _require_nonnegative(z + shift, names, "entropy weights")
    weights, entropy = kernels.entropy_weights(z + shift)
    return Weighting(weights, {"entropy": entropy, "divergence": 1 - entropy})


def variation_weights() -> Weights:
    """In proportion to the coefficient of variation of the standardised indicator.

    ``min_max`` changes the coefficient; with ``relative_to("mean")`` it is that of the indicator
    as measured, where more is better.
    """
    return Weights("weights by coefficient of variation", _variation)


def _variation(z: FloatArray, names: Names) -> Weighting:
    _require_nonnegative(z, names, "weights by coefficient of variation")
    weights, variation = kernels.variation_weights(z)
    return Weighting(weights, {"variation": variation})


def critic_weights() -> Weights:
    """CRITIC: standard deviation times conflict with the other indicators, ``sum_k(1 - r_jk)``.

    Source: Diakoulaki, Mavrotas and Papayannakis (1995), Computers & Operations Research 22.
    """
    return Weights("CRITIC weights", _critic)


def _critic(z: FloatArray, names: Names) -> Weighting:
    require_spread(z, names, "CRITIC weights")
    if np.corrcoef(z, rowvar=False).min() > 1 - _TOGETHER:
        raise DataError(
            "All indicators move together, so that none conflicts with another.",
            variable=names[0], remedy="weigh them equally, or keep one of them.",
        )  # fmt: skip
    weights, spread, conflict = kernels.critic_weights(z)
    return Weighting(weights, {"sd": spread, "conflict": conflict})


def expert_weights(weights: Mapping[str, float]) -> Weights:
    """Weights or points that were given, by indicator (or by subsystem); scaled to add up to one.

    Raises
    ------
    DataError : negative or all zero; when used, an indicator without one.
    """
    if not isinstance(weights, Mapping) or not weights:
        raise DataError(
            "The weights are not given by indicator.", variable="weights", value=weights,
            remedy='give {"variable": 0.3, ...}.',
        )  # fmt: skip
    for name, value in weights.items():
        if not isinstance(value, Real) or not np.isfinite(value) or value < 0:
            raise DataError(
                f"The weight of {name!r} is {value!r}.", variable=str(name), value=value,
                remedy="give numbers that are not negative.",
            )  # fmt: skip
    if sum(weights.values()) == 0:
        raise DataError("All weights are zero.", variable="weights", remedy="give one more.")
    return Weights("given weights", partial(_given, given=tuple(weights.items())))


def _given(_z: FloatArray, names: Names, given: tuple[tuple[str, float], ...]) -> Weighting:
    by_name = dict(given)
    for name in names:
        if name not in by_name:
            raise DataError(
                f"{name!r} has no given weight.", variable=name,
                remedy=f"add it; {suggest(name, by_name)}",
            )  # fmt: skip
    weights = np.array([by_name[name] for name in names], dtype=np.float64)
    if weights.sum() == 0:
        raise DataError(
            f"The given weights of {', '.join(names)} are all zero.", variable=names[0], value=0.0,
            remedy="give one of them more than zero, or leave them out.",
        )  # fmt: skip
    return Weighting(weights / weights.sum())


Rule = Literal["product", "geometric mean", "linear", "game"]


def combined_weights(
    first: Weights, second: Weights, rule: Rule = "product", *, share: float = 0.5
) -> Weights:
    """Two kinds of weights in one, for instance of experts and of entropy.

    Parameters
    ----------
    rule : "product" ``w ∝ ab``; "geometric mean" ``w ∝ sqrt(ab)``, nearest to both in relative
        entropy; "linear" ``share a + (1 - share) b``; "game", the linear combination that is
        nearest to both in squares, ``(a, b)`` weighted by the solution of ``G c = diag G``,
        ``G`` the Gram matrix, coefficients scaled to add up to one.
    share : of the first, for "linear".

    Raises
    ------
    DataError : an unknown rule; a share outside 0..1; no combination is left.
    """
    if rule not in ("product", "geometric mean", "linear", "game"):
        raise DataError(
            f"Rule {rule!r} is not known.", variable="rule", value=rule,
            remedy=suggest(str(rule), ("product", "geometric mean", "linear", "game")),
        )  # fmt: skip
    for name, one in (("first", first), ("second", second)):
        if not isinstance(one, Weights):
            raise DataError(
                f"{name}= is {one!r}, which is no way to weigh.", variable=name, value=one,
                remedy="give panel.entropy_weights() or another such value.",
            )  # fmt: skip
    if isinstance(share, bool) or not isinstance(share, Real) or not 0 <= share <= 1:
        raise DataError(
            f"The share {share!r} is not between 0 and 1.", variable="share", value=share,
            remedy="give for instance 0.5.",
        )  # fmt: skip
    label = f"{first.label} with {second.label} ({rule})"
    return Weights(label, partial(_combined, parts=(first, second), rule=rule, share=share))


def _combined(
    z: FloatArray, names: Names, parts: tuple[Weights, Weights], rule: Rule, share: float
) -> Weighting:
    one, two = (part(z, names) for part in parts)
    a, b = one.weights, two.weights
    if rule in ("product", "geometric mean"):
        for name, value in zip(names, np.minimum(a, b), strict=True):
            if value < 0:
                raise DataError(
                    f"The weight of {name!r} is negative: {value:g}.", variable=name,
                    value=float(value), remedy='combine by rule="linear".',
                )  # fmt: skip
        weights = a * b if rule == "product" else np.sqrt(a * b)
    elif rule == "linear":
        weights = share * a + (1 - share) * b
    else:
        weights = _game(a, b)
    if weights.sum() == 0:
        raise DataError(
            "Where one of the two has weight, the other has none.", variable=names[0],
            remedy='combine by rule="linear".',
        )  # fmt: skip
    columns = {**one.columns, **two.columns, "first": a, "second": b}
    stats, notes = {**one.stats, **two.stats}, one.notes + two.notes
    return Weighting(weights / weights.sum(), columns, stats, notes)


def _game(a: FloatArray, b: FloatArray) -> FloatArray:
    both = np.column_stack([a, b])
    gram = both.T @ both
    if np.allclose(a, b, rtol=1e-12, atol=0):  # equal: any combination is the same
        return a
    solved = np.linalg.solve(gram, np.diag(gram))
    return np.asarray(both @ (solved / solved.sum()))


def _require_nonnegative(z: FloatArray, names: Names, what: str) -> None:
    for row, j in np.argwhere(z < 0)[:1]:
        raise DataError(
            f"{what[0].upper()}{what[1:]} need values that are not negative; {names[j]!r} has "
            f"{z[row, j]:.4g}.",
            variable=names[j], value=float(z[row, j]), remedy="standardise by min_max().",
        )  # fmt: skip
    for j in np.flatnonzero(z.sum(axis=0) == 0)[:1]:
        raise DataError(
            f"{names[j]!r} is zero everywhere, and has no {what}.", variable=names[j], value=0.0,
            remedy="leave it out of the index.",
        )  # fmt: skip
    if len(z) < 2:
        raise DataError(
            f"{what[0].upper()}{what[1:]} need two rows.", variable=names[0], value=len(z),
            remedy="weigh over the whole panel, or equally.",
        )  # fmt: skip


def require_spread(z: FloatArray, names: Names, what: str) -> None:
    flat = z.max(axis=0) == z.min(axis=0)
    if flat.any():
        name = names[int(np.argmax(flat))]
        raise DataError(
            f"{name!r} does not vary, and has no {what}.", variable=name,
            remedy="leave it out, or weigh over the whole panel.",
        )  # fmt: skip
