"""Instrumental variables with fixed effects."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from panel.core.build import build
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.formula import Spec
from panel.core.frame import PanelFrame
from panel.core.instruments import parts
from panel.core.least_squares import fit_stats
from panel.core.scores import Scores
from panel.core.vcov import Vcov, as_vcov
from panel.core.verb import as_frame, as_spec
from panel.errors import (
    AbsorbedError,
    DegreesOfFreedomError,
    EstimationError,
    FormulaError,
    IdentificationError,
)
from panel.estimators.iv_methods import Method, tsls
from panel.kernels.instruments import orthonormal

# Endogenous regressors of which a combination has a smaller correlation with its fit by the
# instruments are not identified: seven digits above rounding, far below any weak instrument.
_UNCORRELATED = 1e-9


def iv(
    formula: str | Spec,
    frame: PanelFrame | pd.DataFrame,
    *,
    method: Method | None = None,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    weights: str | None = None,
    sample: str | None = None,
    unit: str | None = None,
    time: str | None = None,
) -> Estimate:
    """Instrumental variables with any number of fixed effects, absorbed exactly.

    ``y_it = d_it'b + x_it'c + a_g(it) + ... + u_it`` where u may be correlated with d but not with
    the instruments z, nor with x.

    Parameters
    ----------
    formula : ``"y ~ x | province + year | d ~ z1 + z2"``; d and z may be several terms, and the
        fixed effects may be left out or 0.
    frame : a PanelFrame, or a DataFrame with a (unit, time) index or with ``unit`` and ``time``.
    method : ``tsls()`` if left out, ``liml()``, ``fuller()``, ``gmm()`` or ``cue()``.
    vcov : a covariance (``panel.cluster("province")``) or fixest's spelling; iid if left out.
    weights : expression of analytic weights.
    sample : condition that rows must meet, ``"year >= 2012"``.
    unit, time : keys of a flat DataFrame.

    Returns
    -------
    Estimate with the constant first, then the endogenous and the exogenous regressors. Residuals
    are those of the equation, y - d'b - x'c less the effects, not of the second stage; R-squared
    is 1 - RSS/TSS with them and may be negative. Influences sum to zero for 2SLS and GMM; for the
    others, whose loadings are those of 2SLS, up to a term of order 1/n. Instruments that the fixed
    effects or other columns explain are left out, and the notes say so.

    Raises
    ------
    IdentificationError : fewer instruments than endogenous regressors, or instruments that are not
        correlated with them or do not tell them apart.
    FormulaError : no instruments, or a term that is both endogenous and something else.
    AbsorbedError, DegreesOfFreedomError, EmptySampleError, UnknownVariableError, NotNumericError,
    VcovError, ConvergenceError : each names the term and what to do.

    References
    ----------
    Wooldridge (2010), Econometric Analysis of Cross Section and Panel Data, ch. 5, 8 and 11; Baum,
    Schaffer and Stillman (2007), Stata Journal 7, whose ivreg2 is the measure of the tests.
    """
    spec = as_spec(formula, weights, sample)
    _require_instruments(spec)
    covariance, chosen = as_vcov(vcov), tsls() if method is None else method
    if not isinstance(chosen, Method):
        raise EstimationError(
            f"{chosen!r} is not a method of instrumental variables.",
            variable="method",
            value=chosen,
            remedy="give panel.tsls(), liml(), fuller(), gmm() or cue().",
        )
    needs = (*covariance.needs, *chosen.needs)
    design = build(spec, as_frame(frame, unit, time), needs=needs)
    _require_identified(design)
    return fit(design, covariance, chosen)


def fit(design: Design, vcov: Vcov, method: Method) -> Estimate:
    """Instrumental variables of a design that identifies its coefficients."""
    fitted = method(design, vcov)
    residual = design.y_within - design.X_within @ fitted.solved.coef
    w = np.ones(design.n) if design.w is None else design.w
    stats = fit_stats(design, residual, w)
    return Estimate(
        names=design.names,
        coef=fitted.solved.coef,
        scores=Scores(fitted.solved.loadings, np.sqrt(w) * residual),
        classical=fitted.solved.bread * (stats["rss"] / stats["df_resid"]),
        vcov=vcov,
        design=design,
        residuals=residual,
        stats=stats | dict(fitted.stats),
        method=fitted.name,
    )


def _require_instruments(spec: Spec) -> None:
    if not spec.instruments:
        raise FormulaError(
            f"The formula has no instruments.\n    {spec}",
            variable="instruments",
            remedy='write them as the third part: "y ~ x | province + year | d ~ z", or use ols.',
        )
    twice = [t for t in spec.endogenous if t in (spec.y, *spec.terms, *spec.instruments)]
    if twice:
        raise FormulaError(
            f"{twice[0]!r} is endogenous and stands in another part too.\n    {spec}",
            variable=twice[0],
            remedy="name an endogenous regressor only left of the second ~.",
        )
    if spec.y in spec.instruments:
        raise FormulaError(
            f"The outcome {spec.y!r} is among the instruments.\n    {spec}",
            variable=spec.y,
            remedy="take it out; its lags, L(y, 2), may be instruments.",
        )


def _require_identified(design: Design) -> None:
    """Stop where the instruments cannot identify the coefficients."""
    endogenous, instruments = design.endogenous, design.instruments
    lost = "".join(f" {d}." for d in design.dropped if d.column)
    if not endogenous:
        raise AbsorbedError(
            f"No endogenous regressor is left.{lost}",
            variable=" + ".join(design.spec.endogenous),
            value=" + ".join(design.spec.absorb),
            remedy="use fewer fixed effects, or an endogenous regressor that varies within them.",
        )
    if len(instruments) < len(endogenous):
        count = "No instrument is" if not instruments else f"Only {', '.join(instruments)} is"
        raise IdentificationError(
            f"{count} left for {len(endogenous)} endogenous regressors "
            f"({', '.join(endogenous)}).{lost}",
            variable=" + ".join(design.spec.instruments),
            value=len(instruments),
            remedy="give at least one instrument an endogenous regressor, varying within the "
            "fixed effects.",
        )
    absorbed = design.absorber.rank if design.absorber else 0
    used = len(design.names) - len(endogenous) + len(instruments) + absorbed
    if design.n <= used:
        raise DegreesOfFreedomError(
            f"{design.n} observations cannot carry {used} instruments, fixed effects included.",
            variable=" + ".join(design.spec.instruments),
            value=design.n,
            remedy="use fewer instruments or coarser fixed effects.",
        )
    columns = parts(design)
    correlations = columns.q2.T @ orthonormal(columns.endogenous)
    if float(np.linalg.norm(correlations, -2)) > _UNCORRELATED:
        return
    if len(endogenous) == 1:
        problem = f"The instruments {', '.join(instruments)} say nothing on {endogenous[0]!r}"
    else:
        problem = f"The instruments do not tell {', '.join(endogenous)} apart"
    raise IdentificationError(
        f"{problem}, given the exogenous regressors and fixed effects.",
        variable=" + ".join(endogenous),
        value=" + ".join(instruments),
        remedy="use instruments that are correlated with each endogenous regressor by themselves.",
    )
