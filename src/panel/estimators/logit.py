"""Logit with fixed effects, conditional on the number of successes of each group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import linalg

from panel.core.build import build
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.formula import Spec
from panel.core.frame import FloatArray, IntArray, PanelFrame
from panel.core.least_squares import criteria
from panel.core.rank import full_rank
from panel.core.sample import Dropped
from panel.core.scores import Scores
from panel.core.subset import noted, without
from panel.core.vcov import Vcov, as_vcov
from panel.core.verb import as_frame, as_spec, usable
from panel.errors import (
    AbsorbedError,
    ConvergenceError,
    DegreesOfFreedomError,
    EstimationError,
    FormulaError,
)
from panel.kernels.conditional import Choices, choices
from panel.kernels.groups import group_sums, recode

# Newton decrement, the log-likelihood still to be gained, at which the next step is rounding.
_TOLERANCE = 1e-20
_STEPS = 100
# Information left, relative to that at zero, where coefficients run off to infinity.
_VANISHED = 1e-8


def logit(
    formula: str | Spec,
    frame: PanelFrame | pd.DataFrame,
    *,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    sample: str | None = None,
    unit: str | None = None,
    time: str | None = None,
) -> Estimate:
    """Conditional (fixed-effects) logit for an outcome of zeros and ones.

    ``P(y_it = 1) = 1 / (1 + exp(-a_i - x_it'b))``, independent given the effects a_i. The
    likelihood of which of a group's rows are ones, given how many are, is free of a_i, and so
    consistent for few years, where dummies are not (Neyman and Scott). Exact recursion, no
    approximation.

    Parameters
    ----------
    formula : ``"y ~ x1 + log(x2) | province"``, with one fixed effect (``a^b`` for a combination);
        others as dummies, ``i(year)``.
    frame : a PanelFrame, or a DataFrame with a (unit, time) index or with ``unit`` and ``time``.
    vcov : a covariance or fixest's spelling; if left out iid, the inverse information.
        ``hetero`` and ``cluster("province")`` allow for rows of a group that depend on each other.
    sample : condition that rows must meet.
    unit, time : keys of a flat DataFrame.

    Returns
    -------
    Estimate whose n observations are the groups, with influence (n, k) of their scores;
    ``stats["n_rows"]`` counts rows. Clusters must hold groups whole, and covariances over time
    refuse: given its sum, a group's rows are not separate draws. The effects are not estimated:
    ``predict(newdata)`` gives ``x'b``, the log odds but for a_i, and residuals are zero, every
    group's share of ones being conditioned on. ``stats`` has loglik, aic, bic (of n groups),
    loglik_null (all b zero) and rsquared_pseudo.

    Raises
    ------
    EstimationError : an outcome other than 0 and 1.
    FormulaError : not one fixed effect; instruments; weights.
    AbsorbedError : no group has both zeros and ones, or no regressor varies within groups.
    ConvergenceError : a combination of regressors predicts the outcome perfectly within groups.
    DegreesOfFreedomError : not more groups than coefficients.
    UnknownVariableError, NotNumericError, EmptySampleError : each names the term.

    References
    ----------
    Andersen (1970), J. Royal Statistical Society B 32; Chamberlain (1980), Review of Economic
    Studies 47; Gail, Lubin and Rubinstein (1981), Biometrika 68, for the recursion.
    """
    spec = usable(as_spec(formula, None, sample), "logit", "fixed effects")
    if len(spec.absorb) != 1:
        raise FormulaError(
            f"logit conditions on one fixed effect, not {len(spec.absorb)}.\n    {spec}",
            variable=" + ".join(spec.absorb),
            value=len(spec.absorb),
            remedy='write "y ~ x | province", other effects as dummies: i(year).',
        )
    covariance = as_vcov(vcov)
    design = build(spec, as_frame(frame, unit, time), needs=covariance.needs)
    return fit(design, covariance)


def fit(design: Design, vcov: Vcov) -> Estimate:
    """Conditional logit of a design with one fixed effect."""
    design, codes = _informative(design)
    n, k = int(codes.max()) + 1, len(design.names)
    if n <= k:
        raise DegreesOfFreedomError(
            f"{n} groups with zeros and ones cannot carry {k} coefficients.",
            variable=design.spec.absorb[0], value=n, remedy="use fewer regressors.",
        )  # fmt: skip
    sizes = np.bincount(codes)
    count = np.rint(group_sums(codes, design.y[:, None], n)[:, 0]).astype(np.int64)
    # Only differences within groups matter.
    x = design.X - (group_sums(codes, design.X, n) / sizes[:, None])[codes]
    chosen = group_sums(codes, x * design.y[:, None], n)  # (n, k), sums of x where y is one
    coef, at, loglik, loglik_null = _maximise(design, x, codes, count, chosen)
    inverse = _inverse(at.covariance)
    share = count / sizes
    observed = replace(
        design, y=share, columns=tuple(chosen.T), absorber=None, y_within=share, X_within=chosen,
        observations=codes,
    )  # fmt: skip
    return Estimate(
        names=design.names,
        coef=coef,
        scores=Scores(chosen - at.mean, bread=inverse),
        classical=inverse,
        vcov=vcov,
        design=observed,
        residuals=np.zeros(n),
        stats=_stats(design, n, loglik, loglik_null),
        method="Conditional logit",
        response=None,
    )


def _informative(design: Design) -> tuple[Design, IntArray]:
    """The design of the groups with zeros and ones, and their codes (rows,)."""
    y, name, absorber = design.y, design.spec.absorb[0], design.absorber
    other = (y != 0) & (y != 1)
    if other.any():
        at = design.index[int(np.argmax(other))]
        raise EstimationError(
            f"{design.spec.y!r} must be 0 or 1; it is {y[other][0]:g} at {at[0]}, {at[1]}.",
            variable=design.spec.y,
            value=float(y[other][0]),
            remedy=f"make it a condition, for instance ({design.spec.y} > 0), or use ols.",
        )
    codes = np.zeros(len(y), dtype=np.int64) if absorber is None else absorber.codes[0]
    mean = np.bincount(codes, weights=y) / np.bincount(codes)
    same = ((mean == 0) | (mean == 1))[codes]
    kept = design
    if same.any():
        why = Dropped("unvarying", fields=(("term", design.spec.y), ("group", name)))
        kept = full_rank(without(design, same, [noted(design, same, why)]))
    if not kept.names:
        lost = ", ".join(d.column for d in kept.dropped if d.column) or "1"
        raise AbsorbedError(
            f"No regressor varies within the {name} groups that have zeros and ones: {lost}.",
            variable=lost, value=name, remedy="use regressors that vary within groups.",
        )  # fmt: skip
    return kept, recode(codes[~same])[0]


def _maximise(
    design: Design, x: FloatArray, codes: IntArray, count: IntArray, chosen: FloatArray
) -> tuple[FloatArray, Choices, float, float]:
    """Coefficients (k,), the moments there, and the log-likelihood there and at zero (Newton).

    Raises
    ------
    ConvergenceError : the likelihood rises for ever.
    """

    def at(coef: FloatArray) -> tuple[Choices, float]:
        found = choices(x @ coef, x, codes, count)
        return found, float((chosen @ coef).sum() - found.log_total.sum())

    coef = np.zeros(x.shape[1])
    now, loglik = at(coef)
    null, scale = loglik, np.sqrt(np.diag(now.covariance))
    start = linalg.cholesky(now.covariance / np.outer(scale, scale), lower=True)
    for _ in range(_STEPS):
        left = linalg.solve_triangular(start, now.covariance / np.outer(scale, scale), lower=True)
        left = linalg.solve_triangular(start, left.T, lower=True)
        if np.linalg.eigvalsh(left)[0] < _VANISHED:
            break
        gradient = (chosen - now.mean).sum(axis=0)
        step = _inverse(now.covariance) @ gradient
        if gradient @ step <= _TOLERANCE * max(1.0, abs(loglik)):
            return coef + step, *at(coef + step), null
        new, value = at(coef + step)
        while not value >= loglik - 1e-12 * abs(loglik):
            step = step / 2
            new, value = at(coef + step)
        coef, now, loglik = coef + step, new, value
    raise ConvergenceError(
        "The likelihood rises for ever: the regressors predict the outcome perfectly within the "
        f"{design.spec.absorb[0]} groups.",
        variable=design.names[int(np.argmax(np.abs(coef) * scale))],
        remedy="leave out the regressor that tells ones from zeros.",
    )


def _inverse(information: FloatArray) -> FloatArray:
    """Inverse (k, k), by a factor of the matrix with a diagonal of ones."""
    size = np.sqrt(np.diag(information))
    factor = linalg.cho_factor(information / np.outer(size, size))
    inverse = linalg.cho_solve(factor, np.eye(len(size)))
    return np.asarray((inverse + inverse.T) / 2 / np.outer(size, size))


def _stats(design: Design, n: int, loglik: float, loglik_null: float) -> dict[str, float]:
    k, nothing = len(design.names), float("nan")
    return {
        "nobs": n,
        "n_rows": design.n,
        "df_resid": n - k,
        "df_model": k,
        **criteria(loglik, k, n),
        "loglik_null": loglik_null,
        "rsquared": nothing,
        "rsquared_adj": nothing,
        "rsquared_within": nothing,
        "rsquared_pseudo": 1 - loglik / loglik_null,
        "n_units": len(np.unique(design.frame.unit_codes[design.rows])),
        "n_times": len(np.unique(design.frame.time_numbers[design.rows])),
    }
