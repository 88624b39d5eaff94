"""Correlated random effects: regions' means beside the regressors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from panel.core.build import build, checked
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.formula import Spec
from panel.core.frame import PanelFrame
from panel.core.terms import Columns
from panel.core.vcov import Vcov, as_vcov
from panel.core.verb import as_frame, as_spec, usable
from panel.errors import EstimationError
from panel.estimators.random_effects import fit
from panel.kernels.groups import group_counts, group_sums, recode

# A mean that varies less than this share of its column's size does not vary.
_CONSTANT = 1e-10


def mundlak(
    formula: str | Spec,
    frame: PanelFrame | pd.DataFrame,
    *,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    method: str = "swamy_arora",
    sample: str | None = None,
    unit: str | None = None,
    time: str | None = None,
) -> Estimate:
    """Random effects that may depend on the regions' means of the regressors.

    ``y_it = a + x_it'b + z_i'c + xbar_i'd + m_i + e_it``: the means xbar_i take up what the
    region's effect has in common with x, so that b is the within (fixed-effects) estimate, on
    unbalanced panels too, while regressors z that do not change over time keep a coefficient.
    d = 0 says that random effects would do.

    Parameters
    ----------
    formula : ``"y ~ x1 + log(x2) + i(zone)"``, without fixed effects. A mean, ``mean(x1)``, joins
        each column that varies within regions and whose mean varies between them, over the rows
        used.
    frame : a PanelFrame, or a DataFrame with a (unit, time) index or with ``unit`` and ``time``.
    vcov : a covariance or fixest's spelling; iid if left out.
    method : how the variances are estimated, as for :func:`panel.random_effects`; it changes
        standard errors and c, but not b.
    sample : condition that rows must meet.
    unit, time : keys of a flat DataFrame.

    Returns
    -------
    Estimate with influence (n, k) of a, b, c and d, and the statistics of
    :func:`panel.random_effects`. Predictions take a region's means from the rows used in
    estimation, so that changing x in new data gives the effect b.

    Raises
    ------
    FormulaError : fixed effects, instruments or weights in the formula.
    EstimationError : no regressor varies within and between regions, or an unknown method.
    UnknownVariableError, NotNumericError, EmptySampleError, DegreesOfFreedomError : each names
        the term and what to do.

    References
    ----------
    Mundlak (1978), Econometrica 46; Wooldridge (2019), J. Econometrics 211, for unbalanced panels.
    """
    spec = usable(as_spec(formula, None, sample), "The correlated-random-effects estimator")
    covariance = as_vcov(vcov)
    design = build(spec, as_frame(frame, unit, time), needs=covariance.needs)
    estimate = fit(_with_means(design), covariance, method, "unit")
    return replace(estimate, method="Correlated random effects (Mundlak)")


def _with_means(design: Design) -> Design:
    """The design with the means of what varies within and between units."""
    codes, n = recode(design.frame.unit_codes[design.rows])
    means = group_sums(codes, design.X, n) / group_counts(codes, n)[:, None]  # (N, k)
    size = _CONSTANT * np.abs(design.X).max(axis=0)
    inside = np.abs(design.X - means[codes]).max(axis=0) > size
    apart = np.ptp(means, axis=0) > size
    chosen = np.flatnonzero(inside & apart)
    if not len(chosen):
        raise EstimationError(
            f"No regressor of {design.spec} varies both within and between {design.frame.unit}s.",
            variable=" + ".join(design.spec.terms),
            remedy="use random_effects, which then is the same.",
        )
    units = design.frame.table.index[design.rows].get_level_values(0).unique()
    added = [f"mean({design.names[j]})" for j in chosen]
    series = {
        name: pd.Series(means[:, j], index=units) for name, j in zip(added, chosen, strict=True)
    }
    x = np.column_stack([design.X, means[codes][:, chosen]])
    derive = partial(_add_means, means=series)
    names = (*design.names, *added)
    return checked(replace(design, names=names, columns=tuple(x.T), X_within=x, derive=derive))


def _add_means(frame: PanelFrame, columns: Columns, means: Mapping[str, pd.Series]) -> Columns:
    """The columns (n,) and the units' means, missing for a unit that was not used."""
    units = frame.table.index.get_level_values(0)
    return columns | {name: m.reindex(units).to_numpy(dtype=float) for name, m in means.items()}
