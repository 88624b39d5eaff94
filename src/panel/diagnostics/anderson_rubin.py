"""Tests and confidence sets that hold however weak the instruments are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real

import numpy as np
from scipy import stats

from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.identification import anderson_rubin_f
from panel.core.instruments import moment_covariance, on_instruments, parts
from panel.core.test import Test, chi2_test, f_test, quadratic_form
from panel.errors import EstimationError, suggest
from panel.kernels.anderson_rubin import Intervals, below


@dataclass(frozen=True, eq=False)
class AndersonRubin:
    """Anderson and Rubin's test and confidence set: see :func:`anderson_rubin`.

    Parameters
    ----------
    test, chi2 : F test, with corrections for small samples, and chi-squared test without.
    name : the endogenous regressor of the set.
    intervals : the confidence set, intervals from low to high; none if it is empty, and ends are
        infinite if it is unbounded. None with several endogenous regressors.
    alpha : one less the level of the set.
    """

    test: Test
    chi2: Test
    name: str
    intervals: Intervals | None
    alpha: float

    @property
    def bounded(self) -> bool:
        """Whether the set has two finite ends (an empty one has no ends, and is bounded)."""
        return self.intervals is not None and bool(np.isfinite(self.intervals).all())

    def contains(self, value: float) -> bool:
        """Whether the set has the value."""
        return any(low <= value <= high for low, high in self.intervals or ())

    @property
    def confidence_set(self) -> str:
        """The set in words."""
        if self.intervals is None:
            return "no set for several endogenous regressors at once; test values of all of them"
        if not self.intervals:
            return "empty: every value is rejected, so some instrument is not valid"
        if self.intervals == ((-np.inf, np.inf),):
            return "the whole line: the instruments say nothing on the coefficient"
        shown = " or ".join(f"[{low:.6g}, {high:.6g}]" for low, high in self.intervals)
        return shown if self.bounded else f"unbounded: {shown}"

    def __str__(self) -> str:
        level = f"{1 - self.alpha:.0%}"
        return f"{self.test}\n  {level} confidence set of {self.name}: {self.confidence_set}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        level = f"{1 - self.alpha:.0%} confidence set of {self.name}"
        return f"{self.test._repr_html_()}<p>{level}: {self.confidence_set}</p>"


def anderson_rubin(
    estimate: Estimate, null: float | Mapping[str, float] = 0.0, *, alpha: float = 0.05
) -> AndersonRubin:
    """Test of the coefficients of endogenous regressors, and the values it does not reject.

    If ``y = D b + X c + u`` and the instruments are exogenous, they have no coefficients in a
    regression of ``y - D b`` on them and X, and how strong they are does not matter. The test is
    the F test of that, by the covariance of the estimate. The set collects all b that it does not
    reject; with weak instruments it may be unbounded, and with instruments that contradict one
    another it may be empty.

    Parameters
    ----------
    estimate : by ``panel.iv``, whichever its method.
    null : value of every coefficient tested, or of each endogenous regressor by name.
    alpha : one less the level of the set.

    Raises
    ------
    FormulaError : the estimate has no instruments.
    EstimationError : a name that is no endogenous regressor, values missing, or alpha not between
        0 and 1.
    VcovError : the covariance has too little rank for so many instruments.

    References
    ----------
    Anderson and Rubin (1949), Annals of Mathematical Statistics 20; Chernozhukov and Hansen
    (2008), Economics Letters 100, for robust covariances; Mikusheva (2010), J. Econometrics 157,
    for the shape of the sets.
    """
    if not (isinstance(alpha, Real) and 0 < alpha < 1):
        raise EstimationError(
            f"A level lies between 0 and 1; alpha is {alpha!r}.", variable="alpha", value=alpha,
            remedy="give for instance 0.05.",
        )  # fmt: skip
    design, cov = estimate.design, estimate.cov
    columns, values = parts(design), _values(null, design.endogenous)
    z, first = columns.q2, on_instruments(design)
    both = np.column_stack([columns.outcome, columns.endogenous])
    point = z.T @ both  # (l, 1 + k2), coefficients on orthonormal instruments
    residual = both - z @ point
    count, turn = z.shape[1], np.array([1.0, *(-values)])
    plain = moment_covariance(design, estimate.vcov, z, (residual @ turn)[:, None])
    statistic, df = anderson_rubin_f(estimate, values)
    intervals = None
    if len(values) == 1:
        w = moment_covariance(first, estimate.vcov, z, residual, small=True).matrix
        intervals = below(point, w, count * float(stats.f.isf(alpha, *df)))
    claim = ", ".join(f"{n} = {v:g}" for n, v in zip(design.endogenous, values, strict=True))
    name, notes = "Anderson-Rubin test", (f"Covariance: {cov.label}.",)
    chi2 = quadratic_form(point @ turn, plain.matrix, cov.label)
    return AndersonRubin(
        f_test(name, statistic, df, claim, notes=notes),
        chi2_test(name, chi2, count, claim, notes=notes),
        ", ".join(design.endogenous),
        intervals,
        alpha,
    )


def _values(null: float | Mapping[str, float], names: tuple[str, ...]) -> FloatArray:
    """The values tested, in the order of the endogenous regressors."""
    if isinstance(null, Real) and not isinstance(null, bool):
        return np.full(len(names), float(null))
    if not isinstance(null, Mapping):
        raise EstimationError(
            f"The null hypothesis is a number or a number by name, not {null!r}.",
            variable="null",
            value=null,
            remedy=f"give 0, or {{{names[0]!r}: 0.5}}.",
        )
    strange = [name for name in null if name not in names]
    missing = [name for name in names if name not in null]
    if strange or missing:
        name = (strange or missing)[0]
        problem = "is not endogenous" if strange else "has no value in the null hypothesis"
        raise EstimationError(
            f"{name!r} {problem}.", variable=name, value=dict(null),
            remedy=suggest(name, names) if strange else "give a value for each of "
            + ", ".join(names) + ".",
        )  # fmt: skip
    return np.array([float(null[name]) for name in names])
