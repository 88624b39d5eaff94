"""Pooled least squares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from panel.core.build import build
from panel.core.estimate import Estimate
from panel.core.formula import Spec
from panel.core.frame import PanelFrame
from panel.core.least_squares import fit
from panel.core.vcov import Vcov, as_vcov
from panel.core.verb import as_frame, as_spec, usable


def pooled(
    formula: str | Spec,
    frame: PanelFrame | pd.DataFrame,
    *,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    weights: str | None = None,
    sample: str | None = None,
    unit: str | None = None,
    time: str | None = None,
) -> Estimate:
    """Least squares on all rows, as if every region and year were drawn from one population.

    ``y_it = a + x_it'b + u_it``, with u uncorrelated with x of the same row. A region's errors are
    seldom independent over the years: give ``vcov=panel.cluster("province")``.

    Parameters
    ----------
    formula : ``"y ~ x1 + log(x2)"``, without fixed effects.
    frame : a PanelFrame, or a DataFrame with a (unit, time) index or with ``unit`` and ``time``.
    vcov : a covariance or fixest's spelling; iid if left out.
    weights : expression of analytic weights.
    sample : condition that rows must meet.
    unit, time : keys of a flat DataFrame.

    Returns
    -------
    Estimate with coefficients (k,), the constant first, and influence (n, k).

    Raises
    ------
    FormulaError : fixed effects or instruments in the formula.
    UnknownVariableError, NotNumericError, EmptySampleError, DegreesOfFreedomError : each names
        the term and what to do.

    References
    ----------
    Wooldridge (2010), Econometric Analysis of Cross Section and Panel Data, section 7.8.
    """
    spec = usable(as_spec(formula, weights, sample), "Pooled least squares", "weights")
    covariance = as_vcov(vcov)
    design = build(spec, as_frame(frame, unit, time), needs=covariance.needs)
    return replace(fit(design, covariance), method="Pooled OLS")
