"""Hypotheses on coefficients, and functions of them, after estimation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.hypothesis import function_of, linear_hypothesis
from panel.core.test import Test, chi2_test, f_test, quadratic_form
from panel.diagnostics.residuals import require_estimate
from panel.errors import FormulaError, suggest

Functions = str | Sequence[str] | Mapping[str, str]


def wald(estimate: Estimate, hypothesis: str | Sequence[str], *, distribution: str = "F") -> Test:
    """Wald test of linear restrictions ``R b = r``, by the covariance of the estimate.

    ``W = (Rb - r)' (R V R')^-1 (Rb - r)``, compared with a chi-squared distribution with q degrees
    of freedom, or W/q with F.

    Parameters
    ----------
    estimate : by any estimator.
    hypothesis : one or several texts, each one or several equations: ``"x1 = x2 = 0"``,
        ``"x1 + 2*x2 = 1"``, ``["log(x1) = 0", "`zone::East` = 0"]``. A combination without ``=``
        is set equal to 0, so a list of names tests that these coefficients are all zero.
    distribution : "F" (with the degrees of freedom of the covariance: G - 1 for clusters, for CR2
        the smallest of the restrictions') or "chi2".

    Returns
    -------
    Test, whose details have each restriction's estimate less its value, and standard error.

    Raises
    ------
    FormulaError : a name that is no coefficient, or restrictions that are not linear or repeat
        one another.
    VcovError : the covariance has too little rank, as with fewer clusters than restrictions, or a
        variance is negative or nothing but rounding.

    References
    ----------
    Wooldridge (2010), Econometric Analysis of Cross Section and Panel Data, section 4.2.3.
    """
    if distribution not in ("F", "chi2"):
        raise FormulaError(
            f"A Wald test has no distribution {distribution!r}.", variable="distribution",
            value=distribution, remedy=suggest(str(distribution), ("F", "chi2")),
        )  # fmt: skip
    require_estimate(estimate, "A Wald test")
    text = ", ".join(_texts(hypothesis))
    parsed = linear_hypothesis(text, estimate.names)
    q = len(parsed.value)
    shown = [
        _shown(row, value, estimate.names)
        for row, value in zip(parsed.matrix, parsed.value, strict=True)
    ]
    restricted = estimate.map(parsed.matrix, shown)
    cov = restricted.cov
    distance = parsed.matrix @ estimate.coef - parsed.value
    statistic = quadratic_form(distance, cov.matrix, cov.label)
    details = pd.DataFrame(
        {"estimate": distance, "std_error": restricted.bse.to_numpy()}, index=shown
    )
    name, notes = "Wald test", (f"Covariance: {cov.label}.",)
    if distribution == "chi2":
        return chi2_test(name, statistic, q, text, notes=notes, details=details)
    return f_test(name, statistic / q, (q, cov.df_joint), text, notes=notes, details=details)


def _shown(row: FloatArray, value: float, names: Sequence[str]) -> str:
    """A restriction as text: ``x1 - 2*x2 - 1``."""
    parts = [
        f"{'-' if factor < 0 else '+'} {'' if abs(factor) == 1 else f'{abs(factor):g}*'}{name}"
        for factor, name in zip(row, names, strict=True)
        if factor != 0
    ]
    if value != 0:
        parts.append(f"{'-' if value > 0 else '+'} {abs(value):g}")
    text = " ".join(parts)
    return text.removeprefix("+ ") if text.startswith("+") else text.replace("- ", "-", 1)


def linear(estimate: Estimate, combinations: Functions) -> Estimate:
    """Linear combinations of coefficients as an estimate of their own, exactly.

    Parameters
    ----------
    estimate : by any estimator.
    combinations : one or several texts, ``"x1 + x2"``, ``["x1 - x2", "2*x1 - 1"]``, or a mapping
        from names to them, ``{"long run": "x1 + `L(x1, 1)`"}``.

    Returns
    -------
    Estimate with those combinations as coefficients, the influence functions combined, and the
    same covariance: it has confidence intervals, goes into tables, and takes another covariance
    with ``with_vcov``. Stata's ``lincom``.

    Raises
    ------
    FormulaError : a name that is no coefficient, or a combination that is not linear.
    """
    require_estimate(estimate, "A combination of coefficients")
    names, texts = _named(combinations)
    for text in texts:
        if not function_of(text, estimate.names, estimate.coef).linear:
            raise FormulaError(
                f"{text!r} is not linear in the coefficients.", variable=text,
                remedy="use panel.nonlinear, which takes the delta method.",
            )  # fmt: skip
    return _mapped(estimate, names, texts)


def nonlinear(estimate: Estimate, functions: Functions) -> Estimate:
    """Smooth functions of coefficients as an estimate of their own, by the delta method.

    The influence function of g(b) is that of b times the derivatives of g at the estimates, which
    are exact.

    Parameters
    ----------
    estimate : by any estimator.
    functions : one or several texts, ``"x1 / x2"``, ``"exp(x1) - 1"``, or a mapping from names to
        them: ``{"turning point": "-x / (2*`x^2`)"}``. They know log, log10, log1p, asinh, exp,
        sqrt, abs.

    Returns
    -------
    Estimate with those values as coefficients, as for :func:`linear`. Stata's ``nlcom``, but with
    the t distribution of the covariance.

    Raises
    ------
    FormulaError : a name that is no coefficient, or no finite value and derivatives.

    References
    ----------
    Wooldridge (2010), Econometric Analysis of Cross Section and Panel Data, section 3.5.2.
    """
    return _mapped(estimate, *_named(functions))


def _named(functions: Functions) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names and texts of the functions."""
    if isinstance(functions, Mapping):
        return tuple(functions), tuple(functions.values())
    texts = _texts(functions)
    return texts, texts


def _texts(given: str | Iterable[str]) -> tuple[str, ...]:
    texts = (given,) if isinstance(given, str) or not isinstance(given, Iterable) else tuple(given)
    if wrong := [text for text in texts if not isinstance(text, str)]:
        raise FormulaError(
            f"Equations and functions of coefficients are texts, not {type(wrong[0]).__name__}.",
            variable="hypothesis", value=wrong[0], remedy='write them in quotes: "x1 = x2 = 0".',
        )  # fmt: skip
    return texts


def _mapped(estimate: Estimate, names: Sequence[str], texts: Sequence[str]) -> Estimate:
    if not texts:
        raise FormulaError(
            "There is no function to compute.", variable="functions", remedy='write "x1 + x2".'
        )
    require_estimate(estimate, "A function of coefficients")
    jets = [function_of(text, estimate.names, estimate.coef) for text in texts]
    combined = estimate.map(np.array([jet.gradient for jet in jets]), names)
    return replace(combined, coef=np.array([jet.value for jet in jets]))
