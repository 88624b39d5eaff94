"""Least squares on the changes from one year to the next."""

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


def first_difference(
    formula: str | Spec,
    frame: PanelFrame | pd.DataFrame,
    *,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    weights: str | None = None,
    sample: str | None = None,
    unit: str | None = None,
    time: str | None = None,
) -> Estimate:
    """Least squares on changes against the year before.

    ``y_it - y_i,t-1 = d + (x_it - x_i,t-1)'b + e_it``: what is constant in a region drops out. A
    change is of a term as written, ``log(x)`` the change of the logarithm, and follows the
    calendar: a year whose predecessor is missing is left out, never taken against an older one.

    Parameters
    ----------
    formula : ``"y ~ x1 + log(x2)"``. The constant d, a common trend of y, is left out by
        ``"y ~ 0 + x1"``. Fixed effects are those of the equation in changes: ``| year`` takes out
        each year's common change, ``| province`` each region's own trend.
    frame : a PanelFrame, or a DataFrame with a (unit, time) index or with ``unit`` and ``time``.
    vcov : a covariance or fixest's spelling; iid if left out. Errors of adjoining changes share a
        year and are correlated: give ``panel.cluster("province")``.
    weights : expression of analytic weights, read in the later of the two years.
    sample : condition on the later of the two years; the earlier one may lie outside.
    unit, time : keys of a flat DataFrame.

    Returns
    -------
    Estimate with influence (n, k) of the n changes, each under its later year; fitted values and
    predictions are changes.

    Raises
    ------
    FormulaError, UnknownVariableError, NotNumericError, EmptySampleError, AbsorbedError,
    DegreesOfFreedomError : each names the term and what to do.

    References
    ----------
    Wooldridge (2010), Econometric Analysis of Cross Section and Panel Data, section 10.6;
    Stata's ``regress D.y D.x``.
    """
    given = as_spec(formula, weights, sample)
    spec = usable(given, "The first-difference estimator", "weights", "fixed effects")
    covariance = as_vcov(vcov)
    design = build(spec, as_frame(frame, unit, time), needs=covariance.needs, lag=1)
    return replace(fit(design, covariance), method="First difference")
