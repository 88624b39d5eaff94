"""Least squares on the changes over several years."""

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
from panel.errors import CalendarError


def long_difference(
    formula: str | Spec,
    frame: PanelFrame | pd.DataFrame,
    *,
    periods: int,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    sample: str | None = None,
    unit: str | None = None,
    time: str | None = None,
) -> Estimate:
    """Least squares on changes against the value ``periods`` years before.

    ``y_it - y_i,t-h = d + (x_it - x_i,t-h)'b + e_it``, as :func:`panel.first_difference` over h
    years: slow effects show, and errors of measurement weigh less than in yearly changes.

    Parameters
    ----------
    periods : h, a whole number from 1.
    formula, frame, vcov, unit, time : as for :func:`panel.first_difference`; weights may stand in
        the formula, ``"y ~ x; weights = population"``.
    sample : condition on the later year. Without one all changes are used, which overlap;
        ``"year == 2020"`` takes one change a region, ``"year == 2010 | year == 2020"`` stacks two.

    Returns
    -------
    Estimate with influence (n, k) of the n changes, each under its later year.

    Raises
    ------
    CalendarError : ``periods`` is not a whole number from 1.
    FormulaError, UnknownVariableError, NotNumericError, EmptySampleError, AbsorbedError,
    DegreesOfFreedomError : each names the term and what to do.

    References
    ----------
    Griliches and Hausman (1986), J. Econometrics 31; Acemoglu and Restrepo (2020), J. Political
    Economy 128, for stacked long differences of regions.
    """
    if isinstance(periods, bool) or not isinstance(periods, int) or periods < 1:
        raise CalendarError(
            f"A difference spans a whole number of periods from 1, not {periods!r}.",
            variable="periods",
            value=periods,
            remedy="write periods=5 for changes over five years.",
        )
    given = as_spec(formula, None, sample)
    spec = usable(given, "The long-difference estimator", "weights", "fixed effects")
    covariance = as_vcov(vcov)
    design = build(spec, as_frame(frame, unit, time), needs=covariance.needs, lag=periods)
    return replace(fit(design, covariance), method=f"Long difference ({periods} periods)")
