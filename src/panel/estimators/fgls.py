"""Feasible generalised least squares with errors that differ, correlate and persist by region."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from panel.core.build import build
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.formula import Spec
from panel.core.frame import FloatArray, IntArray, PanelFrame
from panel.core.scores import Scores
from panel.core.vcov import Vcov, as_vcov
from panel.core.verb import as_frame, as_spec, usable
from panel.errors import DegreesOfFreedomError, EstimationError, PanelWarning, suggest
from panel.kernels.groups import group_counts, group_sums, recode
from panel.kernels.lstsq import least_squares

_ERRORS = {
    "iid": "one variance",
    "heteroskedastic": "heteroskedastic",
    "correlated": "correlated across",
}
# Whether regions share the autocorrelation, and how each region's is estimated.
_AR1: Mapping[str, tuple[bool, str]] = {
    "none": (True, ""),
    "common": (True, "regress"),
    "common_bounded": (True, "bounded"),
    "common_tscorr": (True, "tscorr"),
    "unit": (False, "regress"),
    "unit_tscorr": (False, "tscorr"),
}


def fgls(
    formula: str | Spec,
    frame: PanelFrame | pd.DataFrame,
    *,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    errors: str = "heteroskedastic",
    ar1: str = "none",
    sample: str | None = None,
    unit: str | None = None,
    time: str | None = None,
) -> Estimate:
    """Least squares weighted by the estimated covariance of errors between and within regions.

    ``y_it = a + x_it'b + u_it`` with ``u_it = r_i u_i,t-1 + e_it`` and Var(e_it) = s_ii,
    Cov(e_it, e_jt) = s_ij. Two steps, three with autocorrelation: least squares; the
    Prais-Winsten transformation by the r of its residuals; weights from the residuals then.

    With "correlated" errors there are N(N + 1)/2 covariances to estimate from T years, and the
    standard errors are far too small unless T is much larger than N: Beck and Katz advise
    ``errors="iid"`` with ``vcov=panel.pcse()`` instead.

    Parameters
    ----------
    formula : ``"y ~ x1 + log(x2) + i(province)"``, without absorbed fixed effects.
    frame : a PanelFrame, or a DataFrame with a (unit, time) index or with ``unit`` and ``time``.
    vcov : a covariance or fixest's spelling; if left out, or "iid", the inverse of the weighted
        cross products, which takes the estimated covariances as known.
    errors : "iid" one variance, "heteroskedastic" one a region, "correlated" also covariances of
        regions in a year, which needs a balanced panel and T >= N.
    ar1 : autocorrelation: "none", "common" to all regions or one by "unit", by regression of a
        residual on the year before's; "common_tscorr" and "unit_tscorr" by their products over
        all squares, which stays below one; "common_bounded" takes none above one into the mean,
        as xtpcse does and xtgls does not. Over a gap of d years it is r^d.
    sample : condition that rows must meet.
    unit, time : keys of a flat DataFrame.

    Returns
    -------
    Estimate with influence (n, k) of the transformed rows; residuals are y - a - x'b;
    ``stats["ar1"]`` is the autocorrelation, the mean where regions differ, and rsquared the
    squared correlation of y and fit.

    Raises
    ------
    FormulaError : fixed effects, instruments or weights in the formula.
    EstimationError : an unknown setting, an unbalanced panel for correlated errors, or an
        autocorrelation of one and more.
    DegreesOfFreedomError : fewer years than regions, no consecutive years, or one row a region.
    UnknownVariableError, NotNumericError, EmptySampleError : each names the term.

    Warns
    -----
    PanelWarning : a region's variance is estimated from one residual.

    References
    ----------
    Parks (1967), JASA 62; Beck and Katz (1995), American Political Science Review 89; Prais and
    Winsten (1954), Cowles Commission Discussion Paper 383; Stata's xtgls.
    """
    spec = usable(as_spec(formula, None, sample), "Feasible generalised least squares")
    _known("errors", errors, _ERRORS)
    _known("ar1", ar1, _AR1)
    covariance = as_vcov(vcov)
    design = build(spec, as_frame(frame, unit, time), needs=covariance.needs)
    codes, n_units = recode(design.frame.unit_codes[design.rows])
    both = np.column_stack([design.y, design.X])
    rho = np.zeros(n_units)
    if ar1 != "none":
        rho = _autocorrelation(design, codes, *_AR1[ar1])
        both = _prais_winsten(both, codes, design.time_numbers, rho)
    both = _whitened(both, _residual(both), codes, errors, design)
    used = replace(design, y_within=both[:, 0].copy(), X_within=both[:, 1:].copy())
    solved = least_squares(used.X_within, used.y_within, None)
    fitted = design.X @ solved.coef
    return Estimate(
        names=design.names,
        coef=solved.coef,
        scores=Scores(used.X_within, solved.residual, solved.inverse),
        classical=solved.inverse.copy(),
        vcov=covariance,
        design=used,
        residuals=design.y - fitted,
        stats=_stats(design, fitted) | ({} if ar1 == "none" else {"ar1": float(rho.mean())}),
        method=f"FGLS ({_ERRORS[errors]}{'' if ar1 == 'none' else ', AR(1)'})",
    )


def _known(setting: str, value: str, known: Any) -> None:
    if value not in known:
        raise EstimationError(
            f"{setting}={value!r} is not offered.", variable=setting, value=value,
            remedy=suggest(str(value), known),
        )  # fmt: skip


def _residual(both: FloatArray) -> FloatArray:
    """Least-squares residual (n,) of the first column on the others."""
    return least_squares(both[:, 1:], both[:, 0], None).residual


def _autocorrelation(design: Design, codes: IntArray, common: bool, rule: str) -> FloatArray:
    """Autocorrelation (N,) of each unit's residuals.

    A common one is their mean, weighted by the pairs of years (T_i - 1, xtpcse's rule).
    """
    residual, times = _residual(np.column_stack([design.y, design.X])), design.time_numbers
    pairs = np.flatnonzero((np.diff(codes) == 0) & (np.diff(times) == 1))
    n_units, unit = int(codes.max()) + 1, design.frame.unit
    counts = group_counts(codes[pairs], n_units)
    if not len(pairs) or (not common and not counts.all()):
        name = design.index[int(np.argmax(counts[codes] == 0))][0]
        raise DegreesOfFreedomError(
            f"{unit} {name} has no two consecutive {design.frame.time}s to estimate an "
            "autocorrelation from.",
            variable=unit, value=name, remedy='use ar1="common" or ar1="none".',
        )  # fmt: skip
    products = group_sums(codes[pairs], (residual[pairs] * residual[pairs + 1])[:, None], n_units)
    rows = np.arange(len(codes)) if rule == "tscorr" else pairs
    squares = group_sums(codes[rows], residual[rows, None] ** 2, n_units)
    found = np.divide(products, squares, out=np.zeros_like(products), where=squares > 0)[:, 0]
    if rule == "bounded":
        found = np.clip(found, -1.0, 1.0)
    if common:
        found = np.full(n_units, counts @ found / counts.sum())
    if bool((np.abs(found) >= 1).any()):
        worst = int(np.argmax(np.abs(found)))
        whose = "all regions" if common else f"{unit} {design.index[codes == worst][0][0]}"
        raise EstimationError(
            f"The autocorrelation of the errors of {whose} is estimated as {found[worst]:.3f}.",
            variable="ar1", value=float(found[worst]),
            remedy='use ar1="common_tscorr" or "unit_tscorr", or first differences.',
        )  # fmt: skip
    return found


def _prais_winsten(
    values: FloatArray, codes: IntArray, times: IntArray, rho: FloatArray
) -> FloatArray:
    """``values`` (n, m) whose errors of autocorrelation ``rho`` (N,) become uncorrelated.

    A row d years after the one before it becomes ``(v_t - r^d v_t-d) sqrt((1-r^2)/(1-r^2d))``, a
    unit's first row ``v sqrt(1-r^2)``.
    """
    r, first = rho[codes], np.diff(codes, prepend=-1) != 0
    gap = np.where(first, 1, np.diff(times, prepend=times[0]))
    kept = np.where(first, 0.0, r**gap)  # r^d
    scale = np.sqrt((1 - r**2) / (1 - kept**2))
    before = np.roll(values, 1, axis=0)
    return np.asarray((values - kept[:, None] * before) * scale[:, None])


def _whitened(
    values: FloatArray, residual: FloatArray, codes: IntArray, errors: str, design: Design
) -> FloatArray:
    """``values`` (n, m) times the root of the inverse covariance that the residuals (n,) show."""
    n_units = int(codes.max()) + 1
    counts = group_counts(codes, n_units)
    if errors == "correlated":
        return _uncorrelated(values, residual, counts, design)
    squares = group_sums(codes, residual[:, None] ** 2, n_units)[:, 0]
    variance = squares / counts
    if errors == "iid":
        variance = np.full(n_units, squares.sum() / len(residual))
    if not bool((variance > 0).all()):
        name = design.index[int(np.argmax(variance[codes] <= 0))][0]
        raise EstimationError(
            f"The residuals of {design.frame.unit} {name} are all zero.",
            variable=design.frame.unit, value=name,
            remedy='leave it out, or use errors="iid".',
        )  # fmt: skip
    if errors == "heteroskedastic":
        _require_spread(counts, codes, design)
    return values / np.sqrt(variance)[codes, None]


def _require_spread(counts: FloatArray, codes: IntArray, design: Design) -> None:
    """Say where one residual alone is a unit's variance, so that it weighs the more the smaller it
    happens to be; stop if that is so of all."""
    alone = counts == 1
    if not alone.any():
        return
    unit, first = design.frame.unit, design.index[int(np.argmax(alone[codes]))][0]
    whose = f"every {unit}" if alone.all() else f"{int(alone.sum())} of {len(counts)} {unit}s"
    text = f"The residual of the only row is the estimated standard deviation of {whose}"
    if alone.all():
        raise DegreesOfFreedomError(
            f"{text}.", variable=unit, value=first,
            remedy='use pooled with vcov="hetero", or errors="iid".',
        )  # fmt: skip
    warnings.warn(
        f'{text} (first {first}): leave such {unit}s out, or use errors="iid".',
        PanelWarning,
        stacklevel=4,
    )


def _uncorrelated(
    values: FloatArray, residual: FloatArray, counts: FloatArray, design: Design
) -> FloatArray:
    """``values`` (n, m) times the symmetric root of the inverse covariance (N, N) of the units."""
    n_units, n_times = len(counts), len(np.unique(design.time_numbers))
    if not bool((counts == n_times).all()):
        raise EstimationError(
            f"Covariances of {design.frame.unit}s need a balanced panel; there are "
            f"{len(residual)} rows of {n_units} x {n_times}.",
            variable="errors", value="correlated",
            remedy='restrict the sample, or use errors="heteroskedastic".',
        )  # fmt: skip
    if n_times < n_units:
        raise DegreesOfFreedomError(
            f"The covariances of {n_units} {design.frame.unit}s cannot be estimated from "
            f"{n_times} {design.frame.time}s.",
            variable="errors", value="correlated",
            remedy='use errors="heteroskedastic", or errors="iid" with vcov=panel.pcse().',
        )  # fmt: skip
    by_unit = residual.reshape(n_units, n_times)  # rows are sorted by unit and time
    variances, vectors = np.linalg.eigh(by_unit @ by_unit.T / n_times)
    if variances[0] <= 1e-12 * variances[-1]:
        raise EstimationError(
            f"The residuals of the {n_units} {design.frame.unit}s are linearly dependent.",
            variable="errors", value="correlated", remedy='use errors="heteroskedastic".',
        )  # fmt: skip
    root = (vectors / np.sqrt(variances)) @ vectors.T
    stacked = values.reshape(n_units, -1)  # (N, T m)
    return np.asarray((root @ stacked).reshape(values.shape))


def _stats(design: Design, fitted: FloatArray) -> dict[str, float]:
    n, k, constant = design.n, len(design.names), int(design.spec.intercept)
    residual, df = design.y - fitted, n - k
    rss = float(residual @ residual)
    tss = float(np.sum((design.y - constant * design.y.mean()) ** 2))
    r2 = float(np.corrcoef(design.y, fitted)[0, 1] ** 2) if np.ptp(fitted) > 0 else float("nan")
    return {
        "nobs": n,
        "df_resid": df,
        "df_model": k - constant,
        "rss": rss,
        "tss": tss,
        "rsquared": r2,
        "rsquared_adj": 1 - (1 - r2) * (n - constant) / df,
        "rsquared_within": r2,
        "rmse": float(np.sqrt(rss / n)),
        "sigma": float(np.sqrt(rss / df)),
        "n_units": len(np.unique(design.frame.unit_codes[design.rows])),
        "n_times": len(np.unique(design.time_numbers)),
    }
