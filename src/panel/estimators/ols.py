"""Ordinary and weighted least squares with fixed effects."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from panel.core.design import Design, build
from panel.core.estimate import Estimate
from panel.core.formula import Spec
from panel.core.frame import FloatArray, PanelFrame
from panel.core.sample import picked
from panel.core.scores import Scores
from panel.core.vcov import Vcov, as_vcov
from panel.core.verb import as_frame, as_spec
from panel.errors import FormulaError
from panel.kernels.lstsq import least_squares


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


def fit(design: Design, vcov: Vcov) -> Estimate:
    """Least squares of a design."""
    solved = least_squares(design.X_within, design.y_within, design.w)
    stats = fit_stats(design, solved.residual, design.w)
    weighted = solved.residual if design.w is None else design.w * solved.residual
    return Estimate(
        names=design.names,
        coef=solved.coef,
        scores=Scores(design.X_within, weighted, solved.inverse),
        classical=solved.inverse * (stats["rss"] / stats["df_resid"]),
        vcov=vcov,
        design=design,
        residuals=solved.residual,
        stats=stats,
        method="OLS" if design.w is None else "WLS",
    )


def fit_stats(design: Design, residual: FloatArray, w: FloatArray | None) -> dict[str, float]:
    """Fit statistics. R-squared is about the mean, unless the model has no constant at all."""
    absorbed = design.absorber.rank if design.absorber else 0
    used = len(design.names) + absorbed
    centred = design.spec.intercept or absorbed > 0
    mean = float(np.average(design.y, weights=w)) if centred else 0.0
    rss = _squares(residual, w)
    tss = _squares(design.y - mean, w)
    tss_within = _squares(design.y_within, w) if absorbed else tss
    n, df = design.n, design.n - used
    r2, within = _share(rss, tss), _share(rss, tss_within)
    slopes = len(design.names)
    return {
        "nobs": n,
        "df_resid": df,
        "df_model": used - int(centred),
        "rss": rss,
        "tss": tss,
        "rsquared": r2,
        "rsquared_adj": 1 - (1 - r2) * (n - int(centred)) / df,
        "rsquared_within": within,
        "rsquared_adj_within": 1 - (1 - within) * (df + slopes) / df if absorbed else np.nan,
        "rmse": float(np.sqrt(rss / n)),
        "sigma": float(np.sqrt(rss / df)),
        "n_units": _occurring(design, design.frame.unit),
        "n_times": _occurring(design, design.frame.time),
    }


def _squares(values: FloatArray, w: FloatArray | None) -> float:
    return float(values @ values if w is None else w @ values**2)


def _occurring(design: Design, key: str) -> int:
    return int(np.count_nonzero(np.bincount(picked(design.frame.groups(key)[0], design.rows))))


def _share(rss: float, tss: float) -> float:
    return 1 - rss / tss if tss > 0 else float("nan")
