"""Means of yearly cross-section regressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from panel.core.build import build
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.formula import Spec
from panel.core.frame import FloatArray, IntArray, PanelFrame
from panel.core.sample import Dropped
from panel.core.scores import Scores
from panel.core.subset import without
from panel.core.vcov import Cov, Vcov, as_vcov
from panel.core.verb import as_frame, as_spec, usable
from panel.errors import EstimationError
from panel.kernels.groups import group_sums, recode
from panel.kernels.lstsq import LeastSquares, independent, least_squares


def fama_macbeth(
    formula: str | Spec,
    frame: PanelFrame | pd.DataFrame,
    *,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    sample: str | None = None,
    unit: str | None = None,
    time: str | None = None,
) -> Estimate:
    """The mean over the years of each year's least-squares coefficients.

    ``y_it = a_t + x_it'b_t + u_it`` is estimated year by year, and a = mean a_t, b = mean b_t:
    errors may be correlated between regions of a year in any way, and each year counts the same.

    Parameters
    ----------
    formula : ``"y ~ x1 + log(x2)"``, without fixed effects. A regressor must vary between the
        regions of a year; a year in which the regressors are collinear, or that has no more
        regions than parameters, is left out.
    frame : a PanelFrame, or a DataFrame with a (unit, time) index or with ``unit`` and ``time``.
    vcov : Fama and MacBeth's if left out, the variance of the yearly coefficients over T, which
        takes years as independent. ``panel.driscoll_kraay(lags, small="none")`` is the version
        with Newey and West's weights, for coefficients that are correlated over the years.
    sample : condition that rows must meet.
    unit, time : keys of a flat DataFrame.

    Returns
    -------
    Estimate with influence (n, k), the rows of a year adding up to (b_t - b)/T; residuals are
    y - a - x'b, and ``stats["rsquared"]`` is the mean of the yearly ones.

    Raises
    ------
    FormulaError : fixed effects, instruments or weights in the formula.
    EstimationError : no two years can be estimated.
    UnknownVariableError, NotNumericError, EmptySampleError : each names the term.

    References
    ----------
    Fama and MacBeth (1973), J. Political Economy 81; Petersen (2009), Review of Financial Studies
    22.
    """
    spec = usable(as_spec(formula, None, sample), "The Fama-MacBeth estimator")
    covariance = FamaMacBeth() if vcov is None else as_vcov(vcov)
    design = build(spec, as_frame(frame, unit, time), needs=covariance.needs)
    design, codes = _estimable(design)
    years = [_year(design, codes == t) for t in range(int(codes.max()) + 1)]
    coef = np.mean([year.coef for year in years], axis=0)
    residual = design.y - design.X @ coef
    influence = np.empty_like(design.X)
    for t, year in enumerate(years):
        rows = codes == t
        influence[rows] = (design.X[rows] * residual[rows, None]) @ year.inverse / len(years)
    stats = _stats(design, codes, years)
    return Estimate(
        names=design.names,
        coef=coef,
        scores=Scores(influence),
        classical=stats["sigma"] ** 2 * np.mean([y.inverse for y in years], axis=0) / len(years),
        vcov=covariance,
        design=design,
        residuals=residual,
        stats=stats,
        method="Fama-MacBeth",
    )


@dataclass(frozen=True)
class FamaMacBeth:
    """Covariance of a mean of independent yearly coefficients: their variance over T."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Nothing beside the model."""
        return ()

    @property
    def settings(self) -> Mapping[str, Any]:
        """No choices."""
        return {}

    def __call__(self, estimate: Estimate) -> Cov:
        """Covariance with T - 1 degrees of freedom."""
        codes, count = recode(estimate.design.time_numbers)
        sums = group_sums(codes, estimate.influence, count)  # (T, k), (b_t - b)/T
        matrix = sums.T @ sums * count / (count - 1)
        return Cov(matrix, count - 1, "Fama-MacBeth", {estimate.design.frame.time: count})


def _year(design: Design, rows: np.ndarray[Any, np.dtype[np.bool_]]) -> LeastSquares:
    return least_squares(design.X[rows], design.y[rows], None)


def _estimable(design: Design) -> tuple[Design, IntArray]:
    """The design of the years that can be estimated, and their codes (n,)."""
    codes, count = recode(design.time_numbers)
    index, k = design.frame.table.index[design.rows], len(design.names)
    keep, notes = np.ones(design.n, dtype=bool), []
    for t in range(count):
        rows = codes == t
        x = design.X[rows]
        few = int(rows.sum()) <= k
        if few or not independent(x, np.linalg.norm(x, axis=0)).all():
            why = "few regions" if few else "collinear year"
            first, units = index[rows][0], tuple(index[rows].get_level_values(0))
            keep[rows] = False
            fields = (("text", str(first[1])),)
            notes.append(Dropped(why, int(rows.sum()), "", first, units, fields))
    if len(np.unique(codes[keep])) < 2:
        raise EstimationError(
            f"Fewer than two {design.frame.time}s can be estimated: "
            f"{'; '.join(map(str, notes)) or 'there is one only'}.",
            variable=design.frame.time,
            remedy="leave out regressors that are the same for all regions of a year.",
        )
    return without(design, ~keep, notes), recode(codes[keep])[0]


def _stats(design: Design, codes: IntArray, years: list[LeastSquares]) -> dict[str, float]:
    n, k, count = design.n, len(design.names), len(years)
    constant = int(design.spec.intercept)
    sizes = np.bincount(codes)
    rss = np.array([float(year.residual @ year.residual) for year in years])
    tss = np.array([_spread(design.y[codes == t], constant) for t in range(count)])
    with np.errstate(divide="ignore", invalid="ignore"):  # an outcome that is the same for all
        r2 = 1 - rss / tss
    adjusted = 1 - (1 - r2) * (sizes - constant) / (sizes - k)
    df = n - count * k
    return {
        "nobs": n,
        "df_resid": df,
        "df_model": k - constant,
        "rss": float(rss.sum()),
        "tss": float(tss.sum()),
        "rsquared": float(np.mean(r2)),
        "rsquared_adj": float(np.mean(adjusted)),
        "rsquared_within": float(np.mean(r2)),
        "rmse": float(np.sqrt(rss.sum() / n)),
        "sigma": float(np.sqrt(rss.sum() / df)),
        "n_units": len(np.unique(design.frame.unit_codes[design.rows])),
        "n_times": count,
    }


def _spread(y: FloatArray, constant: int) -> float:
    return float(np.sum((y - constant * y.mean()) ** 2))
