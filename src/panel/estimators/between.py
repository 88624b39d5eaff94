"""Least squares between regions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from panel.core.build import build, checked
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.formula import Spec
from panel.core.frame import PanelFrame
from panel.core.least_squares import fit
from panel.core.vcov import Vcov, as_vcov
from panel.core.verb import as_frame, as_spec, usable
from panel.kernels.groups import group_counts, group_sums, recode


def between(
    formula: str | Spec,
    frame: PanelFrame | pd.DataFrame,
    *,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    sample: str | None = None,
    unit: str | None = None,
    time: str | None = None,
) -> Estimate:
    """Least squares on the regions' means over the years.

    ``ybar_i = a + xbar_i'b + u_i``: one observation a region, every region counting the same
    however many years it has. A term is averaged after it is computed: ``log(x)`` gives the mean
    of the logarithms.

    Parameters
    ----------
    formula : ``"y ~ x1 + log(x2)"``, without fixed effects.
    frame : a PanelFrame, or a DataFrame with a (unit, time) index or with ``unit`` and ``time``.
    vcov : a covariance or fixest's spelling; iid if left out. Its clusters must not change over
        the years, and it cannot follow the calendar (Driscoll-Kraay).
    sample : condition that rows must meet.
    unit, time : keys of a flat DataFrame.

    Returns
    -------
    Estimate of N observations: influence (N, k), residuals by region; ``stats["n_rows"]`` is the
    number of rows averaged. Predictions from new data take each row's own regressors.

    Raises
    ------
    FormulaError : fixed effects, instruments or weights in the formula.
    VcovError : a covariance that needs years, or clusters that change over them.
    UnknownVariableError, NotNumericError, EmptySampleError, DegreesOfFreedomError : each names
        the term and what to do.

    References
    ----------
    Baltagi (2021), Econometric Analysis of Panel Data, chapter 2; Stata's ``xtreg, be``.
    """
    spec = usable(as_spec(formula, None, sample), "The between estimator")
    covariance = as_vcov(vcov)
    rows = build(spec, as_frame(frame, unit, time), needs=covariance.needs)
    estimate = fit(_means(rows), covariance)
    stats = {**estimate.stats, "n_rows": rows.n}
    return replace(estimate, stats=stats, method="Between")


def _means(design: Design) -> Design:
    """The design of the units' means."""
    codes, n = recode(design.frame.unit_codes[design.rows])
    sums = group_sums(codes, np.column_stack([design.y, design.X]), n)
    means = sums / group_counts(codes, n)[:, None]  # (N, 1 + k)
    y, x = means[:, 0].copy(), means[:, 1:].copy()
    return checked(
        replace(design, y=y, columns=tuple(x.T), y_within=y, X_within=x, observations=codes)
    )
