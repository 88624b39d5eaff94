"""Poisson pseudo-maximum likelihood with fixed effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import gammaln, xlogy

from panel.core.absorber import Absorber
from panel.core.build import build, checked
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.expression import Binary, Call, Node, parse_expression, parts
from panel.core.formula import Spec
from panel.core.frame import FloatArray, PanelFrame
from panel.core.least_squares import criteria
from panel.core.prediction import EXPONENTIAL
from panel.core.sample import BoolArray, Dropped
from panel.core.scores import Scores
from panel.core.subset import noted, without
from panel.core.terms import numbers
from panel.core.vcov import Vcov, as_vcov
from panel.core.verb import as_frame, as_spec, usable
from panel.errors import ConvergenceError, EmptySampleError, EstimationError, FormulaError
from panel.kernels.glm import separated
from panel.kernels.groups import group_counts
from panel.kernels.lstsq import LeastSquares, least_squares

# Relative change of the deviance; the error of the coefficients is then of the size of its root,
# and the last step squares that.
_TOLERANCE = 1e-10
_STEPS = 100
_HALVINGS = 30


def poisson(
    formula: str | Spec,
    frame: PanelFrame | pd.DataFrame,
    *,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    weights: str | None = None,
    offset: str | None = None,
    sample: str | None = None,
    singletons: str = "drop",
    unit: str | None = None,
    time: str | None = None,
) -> Estimate:
    """Poisson pseudo-maximum likelihood (PPML) with any number of fixed effects.

    ``E(y_it | x) = exp(x_it'b + a_g(it) + c_h(it) + ...)`` for an outcome that is nowhere
    negative. Consistent whenever that mean is right, whatever the distribution: counts or not,
    with zeros or without; errors should then be robust or clustered. Weighted least squares on
    the working outcome, repeated; the fixed effects are absorbed at each step.

    Parameters
    ----------
    formula : ``"y ~ x1 + log(x2) | province + year"``.
    frame : a PanelFrame, or a DataFrame with a (unit, time) index or with ``unit`` and ``time``.
    vcov : a covariance or fixest's spelling; if left out iid, the inverse information, which holds
        if the variance equals the mean.
    weights : expression that multiplies each row's likelihood.
    offset : expression o in ``E(y) = exp(x'b + o)``, ``"log(population)"`` for an exposure. It is
        the same as the model of the rate ``y/exp(o)`` with weights ``exp(o)``, and is estimated and
        shown as that: predictions, slopes and residuals are of the rate.
    sample : condition that rows must meet.
    singletons : "drop" or "keep" rows that are alone in a fixed effect.
    unit, time : keys of a flat DataFrame.

    Returns
    -------
    Estimate with influence (n, k), on the scale of the linear index: ``fittedvalues`` and
    ``predict`` give ``x'b`` and the effects, whose exponential is the mean, and ``resid`` the
    working residuals ``(y - mean)/mean``. Its design is that of the last step's least squares.
    ``stats`` has deviance, loglik, aic, bic, loglik_null (of a constant), rsquared_pseudo
    (McFadden's), rsquared, the squared correlation of outcome and mean, all of y, and n_separated,
    the rows left out because the likelihood would put their mean at zero, which say nothing on the
    slopes.

    Raises
    ------
    EstimationError : an outcome below zero.
    ConvergenceError : the deviance did not settle.
    FormulaError, UnknownVariableError, NotNumericError, EmptySampleError, AbsorbedError,
    DegreesOfFreedomError : each names the term and what to do.

    References
    ----------
    Gourieroux, Monfort and Trognon (1984), Econometrica 52; Santos Silva and Tenreyro (2006),
    Review of Economics and Statistics 88; Correia, Guimaraes and Zylkin (2020), Stata Journal 20,
    and (2019), arXiv 1903.01633, for separation.
    """
    spec = usable(as_spec(formula, weights, sample), "poisson", "fixed effects", "weights")
    covariance = as_vcov(vcov)
    exposure = None if offset is None else _exposure(offset)
    spec = spec if exposure is None else _of_rate(spec, exposure)
    design = build(spec, as_frame(frame, unit, time), needs=covariance.needs, singletons=singletons)
    return fit(design, covariance, singletons == "drop", exposure)


def _exposure(offset: str) -> Node:
    """The exponential of the offset."""
    if not isinstance(offset, str):
        raise FormulaError(
            f"offset is a text, not {type(offset).__name__}.", variable="offset",
            value=type(offset).__name__, remedy='write an expression: offset="log(population)".',
        )  # fmt: skip
    node = parse_expression(offset)
    log = isinstance(node, Call) and node.function == "log" and len(node.arguments) == 1
    return parts(node)[0] if log else Call("exp", (node,))


def _of_rate(spec: Spec, exposure: Node) -> Spec:
    """The model of y over its exposure, which is the weight."""
    if spec.frequency is not None:
        raise FormulaError(
            f"Rows that count several times, {spec.weights}, have no offset.\n    {spec}",
            variable=spec.weights, remedy="take analytic weights, without frequency().",
        )  # fmt: skip
    y, own = parse_expression(spec.y), spec.weights
    w = exposure if own is None else Binary("*", parse_expression(own), exposure)
    return replace(spec, y=str(Binary("/", y, exposure)), weights=str(w))


def fit(
    design: Design, vcov: Vcov, drop_singletons: bool = True, exposure: Node | None = None
) -> Estimate:
    """Poisson pseudo-maximum likelihood of a design, perhaps of a rate to an exposure."""
    n_before = design.n
    design = _estimable(design, drop_singletons)
    last = _maximise(design)
    working = replace(
        design, y=last.z, w=last.w, absorber=last.absorber,
        y_within=last.within[:, 0].copy(), X_within=last.within[:, 1:].copy(),
    )  # fmt: skip
    return Estimate(
        names=design.names,
        coef=last.solved.coef,
        scores=Scores(working.X_within, last.w * last.solved.residual, last.solved.inverse),
        classical=last.solved.inverse,
        vcov=vcov,
        design=working,
        residuals=last.solved.residual,
        stats=_stats(design, last.eta, exposure) | {"n_separated": n_before - design.n},
        method="Poisson",
        response=EXPONENTIAL,
    )


# ---- rows without which the likelihood has a maximum -----------------------------------


def _estimable(design: Design, drop_singletons: bool) -> Design:
    """The design without separated rows."""
    negative = design.y < 0
    if negative.any():
        at = design.index[int(np.argmax(negative))]
        raise EstimationError(
            f"{design.spec.y!r} is below zero in {int(negative.sum())} of the rows used, first "
            f"{at[0]}, {at[1]}.",
            variable=design.spec.y,
            value=float(design.y[negative][0]),
            remedy="use an outcome that cannot be negative, or ols.",
        )
    y = design.spec.y
    for j, name in enumerate(design.spec.absorb):
        if design.absorber is not None:
            codes, size = design.absorber.codes[j], design.absorber.sizes[j]
            empty = (group_counts(codes, size, design.y) == 0)[codes]
            why = Dropped("zero in group", fields=(("term", y), ("group", name)))
            design = _without(design, empty, why, drop_singletons)
    while True:
        absorber = design.absorber
        codes_of, sizes = (absorber.codes, absorber.sizes) if absorber else ((), ())
        found = separated(design.X, codes_of, sizes, design.y == 0)
        if not found.any():
            return design
        why = Dropped("separated", fields=(("term", y),))
        design = _without(design, found, why, drop_singletons)


def _without(design: Design, gone: BoolArray, why: Dropped, drop_singletons: bool) -> Design:
    """The design without rows ``gone`` (n,) and the singletons that this leaves."""
    if not gone.any():
        return design
    if gone.all():
        raise EmptySampleError(
            f"No row is left to estimate from: {why.reason}.", variable=design.spec.y,
            remedy="widen the sample, or use coarser fixed effects.",
        )  # fmt: skip
    kept = checked(without(design, gone, [noted(design, gone, why)]))
    absorber = kept.absorber
    if absorber is None or not drop_singletons:
        return kept
    alone = np.zeros(kept.n, dtype=bool)
    for codes, size in zip(absorber.codes, absorber.sizes, strict=True):
        alone |= group_counts(codes, size)[codes] == 1
    return _without(kept, alone, Dropped("singleton left"), True)


# ---- iterated weighted least squares ---------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Step:
    """Least squares on the working outcome z (n,) with weights w (n,); eta (n,) is its fit."""

    z: FloatArray
    w: FloatArray
    absorber: Absorber | None
    within: FloatArray
    solved: LeastSquares

    @property
    def eta(self) -> FloatArray:
        return np.asarray(self.z - self.solved.residual)


def _step(design: Design, eta: FloatArray) -> _Step:
    mu = np.exp(eta)
    z, w = eta + (design.y - mu) / mu, mu if design.w is None else mu * design.w
    absorber = None if design.absorber is None else replace(design.absorber, weights=w)
    columns = np.column_stack([z, design.X])
    within = columns if absorber is None else absorber.residualize(columns)
    return _Step(z, w, absorber, within, least_squares(within[:, 1:], within[:, 0], w))


def _maximise(design: Design) -> _Step:
    """The step at which the deviance has settled.

    Raises
    ------
    ConvergenceError : it does not.
    """
    prior: Any = 1.0 if design.w is None else design.w
    least = 0.1 * float(np.mean(prior * design.y))  # of a fit so close that nothing is left of it
    eta = np.log((design.y + np.average(design.y, weights=design.w)) / 2)
    before = np.inf
    for _ in range(_STEPS):
        new = _step(design, eta).eta
        now = _deviance(design.y, new, prior)
        for _ in range(_HALVINGS):
            if now <= before * (1 + _TOLERANCE):
                break
            new = (new + eta) / 2
            now = _deviance(design.y, new, prior)
        change, eta = abs(now - before) / (least + abs(now)), new
        if change <= _TOLERANCE:
            return _step(design, eta)
        before = now
    raise ConvergenceError(
        f"The deviance still changes by {change:.1e} of its size after {_STEPS} steps.",
        variable=design.spec.y,
        value=change,
        remedy="rescale regressors of extreme values, or use fewer fixed effects.",
    )


def _deviance(y: FloatArray, eta: FloatArray, prior: Any) -> float:
    with np.errstate(over="ignore"):  # too long a step, which is then halved
        mu = np.exp(eta)
    total = 2 * np.sum(prior * (xlogy(y, y) - y * eta - (y - mu)))
    return float(total) if np.isfinite(total) else np.inf


def _stats(design: Design, eta: FloatArray, exposure: Node | None) -> dict[str, float]:
    """Fit statistics; R-squared and its pseudo version have no adjusted or within counterpart."""
    n = design.n
    e = np.ones(n) if exposure is None else numbers(str(exposure), design.frame)[design.rows]
    prior = (np.ones(n) if design.w is None else design.w) / e
    y, offset = design.y * e, np.log(e)
    eta = eta + offset
    mu = np.exp(eta)
    absorbed = design.absorber.rank if design.absorber else 0
    used = len(design.names) + absorbed
    centred = int(design.spec.intercept or absorbed > 0)
    null = offset + (np.log((prior @ y) / (prior @ e)) if centred else 0.0)
    loglik, loglik_null = (_loglik(y, e, prior) for e in (eta, null))
    a, b = y - np.average(y, weights=prior), mu - np.average(mu, weights=prior)
    spread = float((prior @ a**2) * (prior @ b**2))
    return {
        "nobs": n,
        "df_resid": n - used,
        "df_model": used - centred,
        "deviance": _deviance(y, eta, prior),
        "pearson_chi2": float(prior @ ((y - mu) ** 2 / mu)),
        **criteria(loglik, used, n),
        "loglik_null": loglik_null,
        "rsquared": float(prior @ (a * b)) ** 2 / spread if spread > 0 else float("nan"),
        "rsquared_adj": float("nan"),
        "rsquared_within": float("nan"),
        "rsquared_pseudo": 1 - loglik / loglik_null,
        "n_units": len(np.unique(design.frame.unit_codes[design.rows])),
        "n_times": len(np.unique(design.frame.time_numbers[design.rows])),
    }


def _loglik(y: FloatArray, eta: FloatArray, prior: FloatArray) -> float:
    return float(prior @ (y * eta - np.exp(eta) - gammaln(y + 1)))
