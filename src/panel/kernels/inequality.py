"""Measures of inequality of weighted values.

Notation: x (n,) values, w (..., n) weights, W their sum, mu the weighted mean. A measure of m sets
of weights on the same values, as in a bootstrap, comes out as (m,).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]


def mean(x: FloatArray, w: FloatArray) -> FloatArray:
    """Weighted mean mu."""
    return np.asarray((w * x).sum(axis=-1) / w.sum(axis=-1))


def gini(x: FloatArray, w: FloatArray) -> FloatArray:
    """``sum_i sum_j w_i w_j |x_i - x_j| / (2 mu W^2)``, without a factor n/(n - 1).

    In order of x the double sum is ``2 sum_i w_i x_i (2 C_i - w_i - W)``, C_i the weight up to i.
    """
    order = np.argsort(x, kind="stable")
    x, w = x[order], w[..., order]
    below = 2 * np.cumsum(w, axis=-1) - w
    total = w.sum(axis=-1)
    return np.asarray((w * x * below).sum(axis=-1) / (total**2 * mean(x, w)) - 1)


def entropy(x: FloatArray, w: FloatArray, alpha: float) -> FloatArray:
    """Generalised entropy GE(alpha) of positive x, or of x >= 0 for alpha above 0.

    ``(mean((x/mu)^alpha) - 1) / (alpha (alpha - 1))``; its limits are Theil's T,
    ``mean(x/mu log(x/mu))``, at 1 and Theil's L, ``-mean(log(x/mu))``, at 0.
    """
    ratio = x / mean(x, w)[..., None]
    if alpha == 1:
        logs = np.log(np.where(ratio > 0, ratio, 1.0))  # 0 log 0 = 0
        return _averaged(ratio * logs, w)
    if alpha == 0:
        return -_averaged(np.log(ratio), w)
    return (_averaged(ratio**alpha, w) - 1) / (alpha * (alpha - 1))


def atkinson(x: FloatArray, w: FloatArray, epsilon: float) -> FloatArray:
    """Atkinson's index, one less the ratio of the equally distributed equivalent to the mean.

    Positive x, or x >= 0 for an aversion epsilon below 1.
    """
    ratio = x / mean(x, w)[..., None]
    if epsilon == 1:
        return 1 - np.exp(_averaged(np.log(ratio), w))
    return np.asarray(1 - _averaged(ratio ** (1 - epsilon), w) ** (1 / (1 - epsilon)))


def variation(x: FloatArray, w: FloatArray) -> FloatArray:
    """Coefficient of variation, with the variance over W (not n - 1)."""
    ratio = x / mean(x, w)[..., None]
    return np.asarray(np.sqrt(_averaged((ratio - 1) ** 2, w)))


def spread_of_logs(x: FloatArray, w: FloatArray) -> FloatArray:
    """Standard deviation of the logarithms of positive x, with the variance over W."""
    logs = np.log(x)
    return np.asarray(np.sqrt(_averaged((logs - mean(logs, w)[..., None]) ** 2, w)))


def _averaged(values: FloatArray, w: FloatArray) -> FloatArray:
    return np.asarray((w * values).sum(axis=-1) / w.sum(axis=-1))


@dataclass(frozen=True, eq=False)
class Dagum:
    """Dagum's decomposition of the Gini coefficient by G groups.

    Parameters
    ----------
    total, within, between, transvariation : G and its parts, which add up to it.
    population, share : (G,) each group's shares p of the weight and s of the total.
    means : (G,) weighted means.
    pairs : (G, G) Gini coefficients G_jh between groups, G_jj within.
    affluence : (G, G) relative economic affluence D_jh, 0 on the diagonal.
    """

    total: float
    within: float
    between: float
    transvariation: float
    population: FloatArray
    share: FloatArray
    means: FloatArray
    pairs: FloatArray
    affluence: FloatArray


def dagum(x: FloatArray, w: FloatArray, codes: IntArray, n_groups: int) -> Dagum:
    """Dagum's decomposition of the Gini coefficient.

    With D_jh the mean difference between members of j and h and m_j the means,
    ``G_jh = D_jh / (m_j + m_h)``, relative affluence ``|m_j - m_h| / D_jh``, ``G_w = sum_j G_jj p_j
    s_j``, and of ``G_jh (p_j s_h + p_h s_j)``, summed over pairs, the share of the affluence is net
    between groups and the rest transvariation.

    Parameters
    ----------
    x, w : (n,) values not below 0 and positive weights.
    codes : (n,) group 0..G-1, each with a member.
    """
    weight = np.bincount(codes, weights=w, minlength=n_groups)
    amount = np.bincount(codes, weights=w * x, minlength=n_groups)
    means, p, s = amount / weight, weight / weight.sum(), amount / amount.sum()
    member = np.zeros((n_groups, len(x)))
    member[codes, np.arange(len(x))] = w / weight[codes]
    difference = member @ np.abs(x[:, None] - x[None, :]) @ member.T  # mean of |x_i - x_r|
    both = means[:, None] + means[None, :]
    pairs = np.divide(difference, both, out=np.zeros_like(both), where=both > 0)
    gap = np.abs(means[:, None] - means[None, :])
    affluence = np.divide(gap, difference, out=np.zeros_like(gap), where=difference > 0)
    affluence = np.minimum(affluence, 1.0)  # one by definition where groups do not overlap
    parts = pairs * np.outer(p, s)
    across = parts - np.diag(np.diag(parts))
    return Dagum(
        float(parts.sum()), float(np.trace(parts)), float((across * affluence).sum()),
        float((across * (1 - affluence)).sum()), p, s, means, pairs, affluence,
    )  # fmt: skip


def slope_over_time(values: FloatArray, times: FloatArray, lags: int) -> tuple[float, float]:
    """Slope of ``values`` (T,) on ``times``, and its error by Newey and West.

    Bartlett weights ``1 - l/(lags + 1)`` of years l apart by the calendar, times T/(T - 2).
    """
    centred = times - times.mean()
    size = float(centred @ centred)
    slope = float(centred @ values) / size
    scores = centred * (values - values.mean() - slope * centred)
    near = np.maximum(1 - np.abs(times[:, None] - times[None, :]) / (lags + 1), 0.0)
    n = len(times)
    return slope, float(np.sqrt(scores @ near @ scores * n / (n - 2))) / size
