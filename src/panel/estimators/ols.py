"""Ordinary and weighted least squares with fixed effects."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from panel.core.build import build
from panel.core.estimate import Estimate
from panel.core.formula import Spec
from panel.core.frame import PanelFrame
from panel.core.least_squares import fit
from panel.core.vcov import Vcov, as_vcov
from panel.core.verb import as_frame, as_spec
from panel.errors import FormulaError


def ols(
    formula: str | Spec,
    frame: PanelFrame | pd.DataFrame,
    *,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    weights: str | None = None,
    sample: str | None = None,
    singletons: str = "drop",
    unit: str | None = None,
    time: str | None = None,
) -> Estimate:
    """Least squares with any number of fixed effects, absorbed exactly.

    ``y_it = x_it'b + a_g(it) + c_h(it) + ... + u_it``: b minimises the (weighted) sum of squares
    of u given all fixed effects; by the theorem of Frisch, Waugh and Lovell that is least squares
    on columns from which the effects were taken.

    Parameters
    ----------
    formula : ``"y ~ x1 + log(x2) | province + year"``; grammar in ``panel.core.formula``.
    frame : a PanelFrame, or a DataFrame with a (unit, time) index or with ``unit`` and ``time``.
    vcov : a covariance (``panel.cluster("province")``) or fixest's spelling; iid if left out.
    weights : expression of analytic weights; ``"frequency(n)"`` where a row stands for n equal
        ones.
    sample : condition that rows must meet, ``"year >= 2012"``.
    singletons : "drop" or "keep" rows that are alone in a fixed effect.
    unit, time : keys of a flat DataFrame.

    Returns
    -------
    Estimate with names, coefficients (k,) and influence (n, k).

    Raises
    ------
    FormulaError, UnknownVariableError, NotNumericError, EmptySampleError, AbsorbedError,
    DegreesOfFreedomError, ConvergenceError : each names the term and what to do.

    References
    ----------
    Wooldridge (2010), Econometric Analysis of Cross Section and Panel Data, ch. 10;
    Wansbeek and Kapteyn (1989), J. Econometrics 41, for unbalanced two-way effects.
    """
    spec = as_spec(formula, weights, sample)
    if spec.instruments:
        raise FormulaError(
            f"The formula has instruments, which least squares does not use.\n    {spec}",
            variable=" + ".join(spec.endogenous),
            remedy="leave the third part out.",
        )
    covariance = as_vcov(vcov)
    design = build(spec, as_frame(frame, unit, time), needs=covariance.needs, singletons=singletons)
    return fit(design, covariance)
