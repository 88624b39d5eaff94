"""Tests for serial correlation of the errors, with fixed or without effects.

All lags follow the calendar: a pair of years counts only where both rows are used.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.test import Test, chi2_test, f_test, normal_test
from panel.diagnostics.residuals import (
    Residuals,
    require_estimate,
    require_levels,
    residuals,
    unsuited,
)
from panel.errors import EstimationError, suggest
from panel.kernels.absorb import OneWay
from panel.kernels.groups import recode
from panel.kernels.lstsq import independent, least_squares

_NULL = "no serial correlation of the errors"


def wooldridge_serial(estimate: Estimate) -> Test:
    """Wooldridge's test for first-order serial correlation, by changes.

    Changes of uncorrelated errors have a first-order autocorrelation of -1/2. The model is
    estimated in changes, without a constant; its residuals are regressed on last year's, and the
    slope is held against -1/2 with errors clustered by region. The regressors must be strictly
    exogenous; the variance of the errors may change.

    Parameters
    ----------
    estimate : by ``panel.ols`` or ``panel.pooled``, in levels. Effects of the years are taken out
        of the changes as well.

    Returns
    -------
    Test, F(1, G - 1) with the G regions that have three years in a row: Drukker's ``xtserial``.

    Raises
    ------
    EstimationError : too short a panel, weights, other fixed effects than those of regions and
        years, or another estimator than least squares.

    References
    ----------
    Wooldridge (2010), Econometric Analysis of Cross Section and Panel Data, section 10.6.3;
    Drukker (2003), Stata Journal 3.
    """
    test = "Wooldridge's test"
    require_levels(estimate, test)
    e = residuals(estimate, test)
    u = _residual_changes(estimate, e, test)
    lagged = e.shifted(u)
    pairs = np.isfinite(u) & np.isfinite(lagged)
    units, groups = recode(e.units[pairs])
    if groups < 2:
        raise _too_short(test, e, "three years in a row")
    u, lagged = u[pairs], lagged[pairs]
    size = float(lagged @ lagged)
    slope = float(lagged @ u) / size
    scores = np.bincount(units, weights=lagged * (u - slope * lagged))
    error = float(np.sqrt(groups / (groups - 1) * scores @ scores)) / size
    details = pd.DataFrame(
        {"slope": [slope], "std_error": [error], "under the null": [-0.5]},
        index=["residual change of last year"],
    )
    return f_test(
        "Wooldridge test for serial correlation", ((slope + 0.5) / error) ** 2, (1, groups - 1),
        _NULL, details=details,
    )  # fmt: skip


def _residual_changes(estimate: Estimate, e: Residuals, test: str) -> FloatArray:
    """Residuals (n,) of the equation in changes, NaN where last year's row is not used."""
    design, frame = estimate.design, estimate.design.frame
    for name in design.spec.absorb:
        if name not in (frame.unit, frame.time):
            raise unsuited(
                test, estimate, f"with fixed effects of {name}",
                f"use fixed effects of {frame.unit} and {frame.time} only, or dummies i({name}).",
            )  # fmt: skip
    slopes = [j for j, name in enumerate(design.names) if name != "(Intercept)"]
    levels = np.column_stack([design.y, design.X[:, slopes]])
    changes = np.column_stack([v - e.shifted(v) for v in levels.T])
    kept = np.isfinite(changes).all(axis=1)
    if not kept.any():
        raise _too_short(test, e, "two years in a row")
    used, lengths = changes[kept], np.linalg.norm(levels[kept], axis=0)
    if frame.time in design.spec.absorb:
        codes, years = recode(e.times[kept])
        used = OneWay(codes, years, None).residual(list(used.T))
    x = used[:, 1:]
    found = np.full(design.n, np.nan)
    found[kept] = least_squares(x[:, independent(x, lengths[1:])], used[:, 0], None).residual
    return found


def _too_short(test: str, e: Residuals, wanted: str) -> EstimationError:
    return EstimationError(
        f"{test} needs at least two {e.frame.unit}s with {wanted} among the rows used.",
        variable=e.frame.time,
        value=len(e.values),
        remedy="use a longer sample or fewer variables with missing figures.",
    )


def born_breitung(estimate: Estimate, lags: int = 2) -> Test:
    """Born and Breitung's Q(p) test for serial correlation up to order p, for fixed effects.

    Taking means out makes uncorrelated errors correlate negatively; with ``e_it`` in deviation
    from the region's mean and m_k pairs of years k apart among its T rows,

        z_ik = sum_t e_it e_i,t-k + m_k / (T (T - 1)) sum_t e_it^2

    has expectation zero, and ``Q(p) = (sum_i z_i)' (sum_i (z_i - zbar)(z_i - zbar)')^-1
    (sum_i z_i)``. For short panels of many regions; the variance may differ between regions but
    not between years (then see :func:`born_breitung_hr`).

    Parameters
    ----------
    estimate : by ``panel.ols`` with fixed effects of the regions.
    lags : p.

    Returns
    -------
    Test, chi-squared with p degrees of freedom: Wursten's ``xtqptest, lags(p)``, which has no
    answer for panels with gaps.

    Raises
    ------
    EstimationError : no fixed effects of the regions, weights, or too short a panel.

    References
    ----------
    Born and Breitung (2016), Econometric Reviews 35; Wursten (2018), Stata Journal 18.
    """
    test = "Born and Breitung's test"
    e = _within(estimate, test)
    values, counts = e.demeaned(), e.counts
    if isinstance(lags, bool) or not isinstance(lags, int) or lags < 1:
        raise EstimationError(
            f"The highest order must be a whole number from 1, not {lags!r}.", variable="lags",
            value=lags, remedy="write lags=2.",
        )  # fmt: skip
    shifted = np.column_stack([e.shifted(values, k) for k in range(1, lags + 1)])  # (n, p)
    pairs = e.sums(np.isfinite(shifted).astype(np.float64))  # (N, p)
    squares = e.sums(values[:, None] ** 2)
    several = counts > 1
    share = pairs[several] / (counts * (counts - 1))[several, None]
    z = e.sums(np.nan_to_num(values[:, None] * shifted))[several] + share * squares[several]
    total = z.sum(axis=0)
    spread = z.T @ z - np.outer(total, total) / len(z)
    if np.linalg.matrix_rank(spread, hermitian=True) < lags:
        raise _too_short(test, e, f"rows {lags} years apart")
    statistic = float(total @ np.linalg.solve(spread, total))
    details = pd.DataFrame(
        {"z": total / np.sqrt(np.diag(spread)), "pairs": pairs.sum(axis=0).astype(int)},
        index=pd.Index(range(1, lags + 1), name="lag"),
    )
    null = f"no serial correlation of the errors up to order {lags}"
    return chi2_test(f"Born-Breitung Q({lags}) test", statistic, lags, null, details=details)


def born_breitung_hr(estimate: Estimate) -> Test:
    """Born and Breitung's test for first-order correlation that is robust to changing variances.

    Last year's error in deviation from the mean of the years so far, times this year's error in
    deviation from the mean of the years to come, has expectation zero whatever the variances.

    Parameters
    ----------
    estimate : by ``panel.ols`` with fixed effects of the regions.

    Returns
    -------
    Test, standard normal, two-sided: Wursten's ``xthrtest``.

    Raises
    ------
    EstimationError : no fixed effects of the regions, weights, or too short a panel.

    References
    ----------
    Born and Breitung (2016), Econometric Reviews 35, section 5.
    """
    test = "Born and Breitung's test"
    e = _within(estimate, test)
    first = np.flatnonzero(np.diff(e.units, prepend=-1))  # rows are sorted by region and year
    order = np.arange(len(e.values)) - first[e.units]
    sums = np.cumsum(e.values) - (np.cumsum(e.values) - e.values)[first][e.units]
    back = e.values - sums / (order + 1)
    to_come = e.sums(e.values[:, None])[e.units, 0] - sums + e.values
    ahead = e.values - to_come / (e.counts[e.units] - order)
    inner = (order > 1) & (order < e.counts[e.units] - 1)  # the ends deviate from themselves
    product = e.shifted(back) * ahead
    used = inner & np.isfinite(product)
    units, groups = recode(e.units[used])
    if groups < 2:
        raise _too_short(test, e, "four years in a row")
    z = np.bincount(units, weights=product[used])
    statistic = z.sum() / np.sqrt(z @ z - z.sum() ** 2 / groups)
    return normal_test("Born-Breitung HR test", statistic, _NULL)


def _within(estimate: Estimate, test: str) -> Residuals:
    unit = require_estimate(estimate, test).design.frame.unit
    if unit not in estimate.design.spec.absorb:
        raise unsuited(
            test, estimate, f"without fixed effects of {unit}", f"estimate y ~ x | {unit}."
        )
    require_levels(estimate, test)
    return residuals(estimate, test)


def baltagi_li(estimate: Estimate) -> Test:
    """Joint Lagrange-multiplier test for serial correlation and random effects of regions.

    Under normal, independent errors the scores ``A = e'DD'e/e'e - 1`` and ``B = sum e_t e_t-1 /
    sum e_t^2``, times n, have variances 2(M - n) and m and covariance 2m, with M the sum of the
    squared numbers of rows and m the number of pairs of adjoining years: the statistic is their
    quadratic form. Both sums of B are over the pairs, as in Stata's ``xttest1`` and plm. AR(1) and
    MA(1) errors give the same test.

    Parameters
    ----------
    estimate : by ``panel.pooled``.

    Returns
    -------
    Test, chi-squared with two degrees of freedom; gaps are allowed.

    Raises
    ------
    EstimationError : weights, effects that are taken out, or no adjoining years.

    References
    ----------
    Baltagi and Li (1991), Statistics and Probability Letters 11; Sosa-Escudero and Bera (2008),
    Stata Journal 8, for unbalanced panels.
    """
    scores, variance = _scores(estimate, "Baltagi and Li's test")
    statistic = float(scores @ np.linalg.solve(variance, scores))
    null = "no random effects and no serial correlation of the errors"
    return chi2_test("Baltagi-Li joint LM test", statistic, 2, null)


def bera_sosa_yoon(estimate: Estimate, against: str = "serial") -> Test:
    """LM test for serial correlation or for random effects, adjusted for the presence of the other.

    Parameters
    ----------
    estimate : by ``panel.pooled``.
    against : "serial" tests for serial correlation where there may be random effects, "effects"
        for random effects where there may be serial correlation.

    Returns
    -------
    Test: for "serial" chi-squared with one degree of freedom, for "effects" one-sided normal, as a
    variance is positive (its square is the two-sided statistic).

    Raises
    ------
    EstimationError : as :func:`baltagi_li`, or another word for ``against``.

    References
    ----------
    Bera, Sosa-Escudero and Yoon (2001), J. Econometrics 101; Sosa-Escudero and Bera (2008).
    """
    if against not in ("serial", "effects"):
        raise EstimationError(
            f"The test is not against {against!r}.", variable="against", value=against,
            remedy=suggest(str(against), ("serial", "effects")),
        )  # fmt: skip
    scores, variance = _scores(estimate, "The test of Bera, Sosa-Escudero and Yoon")
    own, other = (1, 0) if against == "serial" else (0, 1)
    cross = variance[0, 1] / variance[other, other]
    adjusted = scores[own] - cross * scores[other]
    root = adjusted / np.sqrt(variance[own, own] - cross * variance[0, 1])
    if against == "serial":
        null = f"{_NULL}, whether or not there are random effects"
        return chi2_test("Bera-Sosa-Escudero-Yoon test", root**2, 1, null)
    null = "no random effects, whether or not the errors are serially correlated"
    return normal_test("Bera-Sosa-Escudero-Yoon test", root, null, alternative="one-sided")


def _scores(estimate: Estimate, test: str) -> tuple[FloatArray, FloatArray]:
    """Scores (2,) nA of the effects and nB of the correlation, and their covariance (2, 2)."""
    require_levels(estimate, test)
    e = residuals(estimate, test)
    if e.frame.unit in estimate.design.spec.absorb:
        raise unsuited(test, estimate, "with fixed effects", "estimate by panel.pooled.")
    lagged = e.shifted(e.values)
    later = np.isfinite(lagged)
    pairs = int(later.sum())
    total, n = float(e.values @ e.values), len(e.values)
    spread = float(np.sum(e.counts**2)) - n
    if pairs == 0 or spread <= 2 * pairs:
        raise _too_short(test, e, "three years in a row")
    a = float(np.sum(e.sums(e.values[:, None]) ** 2)) / total - 1.0
    b = float(e.values[later] @ lagged[later] / (e.values[later] @ e.values[later]))
    variance = np.array([[2 * spread, 2 * pairs], [2 * pairs, pairs]], dtype=np.float64)
    return n * np.array([a, b]), variance
