"""Tests for effects of regions and years: fixed ones by F, random ones by Lagrange multipliers.

Notation: e (n,) the residuals of pooled least squares, D the dummies of a grouping whose groups
have T_g rows, M = sum T_g^2,

    A = e'DD'e / e'e - 1,    LM = n^2 A^2 / (2 (M - n)),    h = n A / sqrt(2 (M - n)),

which holds for unbalanced panels too (Baltagi and Li 1990).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from panel.core.absorber import Absorber
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.test import Test, chi2_test, f_test, normal_test
from panel.diagnostics.residuals import (
    require_estimate,
    require_levels,
    residuals,
    unsuited,
)
from panel.errors import EstimationError, UnknownVariableError, suggest
from panel.kernels.groups import group_counts, group_sums, recode
from panel.kernels.lstsq import least_squares

_KINDS = ("unit", "time", "twoway")

# Sums of squared residuals that have no group means are zero but for rounding.
_TAKEN_OUT = 1e-20


def effects_f(estimate: Estimate, *effects: str) -> Test:
    """F test that fixed effects are all equal.

    ``F = ((RSS_0 - RSS)/q) / (RSS/df)``: RSS_0 of the model without the effects, with a constant,
    the same regressors and the same rows; q the independent parameters given up. With
    homoskedastic, uncorrelated errors only; the estimate's covariance is not used.

    Parameters
    ----------
    estimate : by ``panel.ols`` with fixed effects.
    effects : those tested, as named in the formula; all, if none is named. ``effects_f(m,
        "year")`` of ``y ~ x | province + year`` keeps the provinces.

    Returns
    -------
    Test, F with q and the residual degrees of freedom. For ``| province`` alone it is the
    "F test that all u_i=0" of Stata's ``xtreg, fe`` (which keeps rows that are alone in their
    region: ``singletons="keep"``) and pFtest of plm.

    Raises
    ------
    EstimationError : no fixed effects, or another estimator than least squares.
    UnknownVariableError : no such fixed effect in the model.

    References
    ----------
    Baltagi (2013), Econometric Analysis of Panel Data, sections 2.3.1 and 3.2.
    """
    design = require_estimate(estimate, "The F test of effects").design
    if design.absorber is None:
        raise unsuited(
            "The F test of effects", estimate, "without fixed effects",
            "estimate with panel.ols and fixed effects, y ~ x | province.",
        )  # fmt: skip
    require_levels(estimate, "The F test of effects")
    tested = effects or design.absorber.names
    for name in tested:
        if name not in design.absorber.names:
            raise UnknownVariableError(
                f"{name!r} is not a fixed effect of the model.", variable=name,
                remedy=suggest(name, design.absorber.names),
            )  # fmt: skip
    rss_0, df_0 = _without(design, design.absorber, tested)
    rss, df = estimate.stats["rss"], estimate.df_resid
    q = df_0 - df
    if q == 0:
        raise EstimationError(
            f"Without {' + '.join(tested)} the model is the same: the other fixed effects hold "
            "them.",
            variable=" + ".join(tested), remedy="test the finer effects.",
        )  # fmt: skip
    value = (rss_0 - rss) / q / (rss / df)
    null = f"all effects of {' and '.join(tested)} are equal"
    return f_test("F test of fixed effects", value, (q, df), null)


def _without(design: Design, absorber: Absorber, tested: tuple[str, ...]) -> tuple[float, int]:
    """Residual sum of squares and degrees of freedom without some of the fixed effects."""
    kept = [j for j, name in enumerate(absorber.names) if name not in tested]
    columns = np.column_stack([design.y, design.X])
    if kept:
        rest = absorber.only(kept)
        columns, used = rest.residualize(columns), rest.rank
    else:
        columns, used = np.column_stack([columns, np.ones(design.n)]), 1
    solved = least_squares(columns[:, 1:], columns[:, 0], design.w)
    w = np.ones(design.n) if design.w is None else design.w
    return float(w @ solved.residual**2), design.n - used - design.X.shape[1]


@dataclass(frozen=True)
class _Multiplier:
    """Signed root h of a one-way LM statistic, and M - n, its weight against the other way."""

    name: str
    h: float
    weight: float


def _multipliers(estimate: Estimate, effects: str, test: str) -> list[_Multiplier]:
    if effects not in _KINDS:
        raise EstimationError(
            f"Effects {effects!r} are not tested.", variable="effects", value=effects,
            remedy=suggest(str(effects), _KINDS),
        )  # fmt: skip
    require_levels(estimate, test)
    e = residuals(estimate, test)
    frame = e.frame
    kinds = {"unit": (frame.unit, e.units), "time": (frame.time, recode(e.times)[0])}
    chosen = list(kinds) if effects == "twoway" else [effects]
    found = []
    for name, codes in (kinds[k] for k in chosen):
        groups = int(codes.max()) + 1
        m = float(np.sum(group_counts(codes, groups) ** 2)) - len(codes)
        between = float(np.sum(group_sums(codes, e.values[:, None], groups) ** 2))  # e'DD'e
        total = float(e.values @ e.values)
        if m == 0 or between <= _TAKEN_OUT * total:
            raise unsuited(
                test, estimate, f"in which each {name} has one row, or its mean is taken out",
                f"estimate by panel.pooled, without {name} effects.",
            )  # fmt: skip
        h = len(codes) * (between / total - 1.0) / np.sqrt(2 * m)
        found.append(_Multiplier(name, float(h), m))
    return found


def _null(parts: list[_Multiplier]) -> str:
    return f"no random effects of {' or '.join(p.name for p in parts)}"


def breusch_pagan_lm(estimate: Estimate, effects: str = "unit") -> Test:
    """Lagrange-multiplier test of Breusch and Pagan for random effects, two-sided.

    Parameters
    ----------
    estimate : by ``panel.pooled``, or by ``panel.ols`` without the effects tested.
    effects : "unit" of regions, "time" of years, "twoway" of either.

    Returns
    -------
    Test, chi-squared with one degree of freedom a way. Stata's ``xttest0`` halves the p-value, as
    a variance cannot be negative: that is :func:`honda`.

    Raises
    ------
    EstimationError : other effects, weights, or residuals with the effects taken out.

    References
    ----------
    Breusch and Pagan (1980), Review of Economic Studies 47; Baltagi and Li (1990), Econometric
    Theory 6, for unbalanced panels.
    """
    parts = _multipliers(estimate, effects, "The Breusch-Pagan test")
    value = sum(p.h**2 for p in parts)
    return chi2_test("Breusch-Pagan LM test", value, len(parts), _null(parts))


def honda(estimate: Estimate, effects: str = "unit") -> Test:
    """Honda's test for random effects: uniformly most powerful one way, as a variance is positive.

    Parameters
    ----------
    estimate, effects : as for :func:`breusch_pagan_lm`.

    Returns
    -------
    Test, standard normal, one-sided: h, or ``(h_1 + h_2)/sqrt(2)`` for both ways.

    Raises
    ------
    EstimationError : as :func:`breusch_pagan_lm`.

    References
    ----------
    Honda (1985), Review of Economic Studies 52; (1991), Empirical Economics 16.
    """
    parts = _multipliers(estimate, effects, "Honda's test")
    value = sum(p.h for p in parts) / np.sqrt(len(parts))
    return normal_test("Honda test", value, _null(parts), alternative="one-sided")


def king_wu(estimate: Estimate, effects: str = "unit") -> Test:
    """King and Wu's locally mean most powerful test for random effects.

    Parameters
    ----------
    estimate, effects : as for :func:`breusch_pagan_lm`.

    Returns
    -------
    Test, standard normal, one-sided. One way it is Honda's; for both, h_1 and h_2 are weighted by
    the roots of M - n.

    Raises
    ------
    EstimationError : as :func:`breusch_pagan_lm`.

    References
    ----------
    King and Wu (1997), Econometric Reviews 16; Baltagi, Chang and Li (1992), J. Econometrics 54.
    """
    parts = _multipliers(estimate, effects, "King and Wu's test")
    value = sum(np.sqrt(p.weight) * p.h for p in parts) / np.sqrt(sum(p.weight for p in parts))
    return normal_test("King-Wu test", float(value), _null(parts), alternative="one-sided")


def gourieroux_holly_monfort(estimate: Estimate) -> Test:
    """One-sided test for random effects of regions or years that never takes a negative h for
    evidence: ``max(0, h_1)^2 + max(0, h_2)^2``.

    Parameters
    ----------
    estimate : as for :func:`breusch_pagan_lm`.

    Returns
    -------
    Test with the p-value of a mixture of chi-squared distributions with 0, 1 and 2 degrees of
    freedom, in shares 1/4, 1/2 and 1/4.

    Raises
    ------
    EstimationError : as :func:`breusch_pagan_lm`.

    References
    ----------
    Gourieroux, Holly and Monfort (1982), Econometrica 50; Baltagi, Chang and Li (1992).
    """
    parts = _multipliers(estimate, "twoway", "The Gourieroux-Holly-Monfort test")
    value = sum(max(p.h, 0.0) ** 2 for p in parts)
    p = 1.0 if value == 0 else 0.5 * stats.chi2.sf(value, 1) + 0.25 * stats.chi2.sf(value, 2)
    return Test(
        "Gourieroux-Holly-Monfort test", value, float(p),
        "mixture of chi2(0), chi2(1) and chi2(2)", _null(parts),
    )  # fmt: skip
