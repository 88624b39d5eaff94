"""Least squares of a design, and how well it fits."""

from __future__ import annotations

from warnings import warn

import numpy as np

from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.scores import Scores
from panel.core.vcov import Vcov
from panel.errors import PanelWarning
from panel.kernels.lstsq import least_squares, squares

# Share of the outcome's length that rounding leaves of it where regressors fit it exactly.
_PERFECT = 1e-14


def fit(design: Design, vcov: Vcov) -> Estimate:
    """Least squares of a design: of ``y_within`` on ``X_within``, weighted by ``w``.

    Warns
    -----
    PanelWarning : nothing is left of the outcome but rounding.
    """
    known = design.products if design.n > len(design.names) else None
    solved = least_squares(design.X_within, design.y_within, design.w, known)
    stats = fit_stats(design, solved.residual, design.w)
    stats |= normal_criteria(design.n, stats["rss"], design.w, design.n - stats["df_resid"])
    if stats["rss"] <= _PERFECT**2 * squares(design.y, design.w):
        warn(
            f"{design.spec.y!r} is fitted without an error: standard errors and tests are of "
            "rounding alone. Look for an identity among the variables.",
            PanelWarning,
            stacklevel=2,
        )
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
    rss = squares(residual, w)
    tss = squares(design.y, w, mean)
    tss_within = squares(design.y_within, w) if absorbed else tss
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


def normal_criteria(
    n: int, rss: float, w: FloatArray | None, parameters: float
) -> dict[str, float]:
    """Log-likelihood under normal errors of variance ``s/w``, at its greatest in s, with AIC and
    BIC. ``parameters`` are the regressors and absorbed effects; s is one more.

    ``-n/2 (log(2 pi rss/n) + 1) + sum(log w)/2``, which does not change with the unit of w.
    """
    with np.errstate(divide="ignore"):  # infinite for a perfect fit
        each = np.log(2 * np.pi * rss / n) + 1
    loglik = (-n * each + (0.0 if w is None else np.log(w).sum())) / 2
    return criteria(float(loglik), parameters + 1, n)


def criteria(loglik: float, parameters: float, n: int) -> dict[str, float]:
    """A log-likelihood with the criteria of Akaike (1974) and Schwarz (1978)."""
    return {
        "loglik": loglik,
        "aic": 2 * parameters - 2 * loglik,
        "bic": float(np.log(n)) * parameters - 2 * loglik,
    }


def _occurring(design: Design, key: str) -> int:
    codes, levels = design.frame.groups(key)
    used = design.at_rows(codes)
    return len(levels) if used is codes else int(np.count_nonzero(np.bincount(used)))


def _share(rss: float, tss: float) -> float:
    return 1 - rss / tss if tss > 0 else float("nan")
