"""Quantile regression by moments, with fixed effects in location and scale."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from panel.core.build import build
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.formula import Spec
from panel.core.frame import FloatArray, PanelFrame
from panel.core.scores import Scores
from panel.core.vcov import Vcov, as_vcov
from panel.core.verb import as_frame, as_spec, usable
from panel.errors import EstimationError, FormulaError, PanelWarning
from panel.kernels.lstsq import least_squares

# Residuals below this share of the outcome are rounding: there is no spread to model.
_ROUNDING = 1e-12


def quantile(
    formula: str | Spec,
    frame: PanelFrame | pd.DataFrame,
    *,
    q: float = 0.5,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    sample: str | None = None,
    unit: str | None = None,
    time: str | None = None,
) -> Estimate:
    """Quantile regression via moments (MM-QR) of Machado and Santos Silva, fixed effects or none.

    ``y_it = a_i + x_it'b + (d_i + x_it'g) u_it`` with a positive scale ``d_i + x_it'g`` and u
    independent of x, ``E u = 0``, ``E|u| = 1``. The q-th quantile of y is then
    ``a_i + d_i c(q) + x_it'(b + g c(q))``, c(q) that of u, and the estimate ``b + g c(q)``: b by
    least squares, g by least squares of the absolute residuals, c(q) by minimising the check
    function over all rows. Another estimator than Koenker and Bassett's quantile regression, which
    does not restrict how x moves the distribution; curves of several q differ in c(q) alone.

    Fixed effects are estimated, so that few years leave a bias of order 1/T. More than one
    grouping is absorbed as in Rios-Avila, Siles and Canavire-Bacarreza (2024).

    Parameters
    ----------
    formula : ``"y ~ x1 + log(x2) | province"``; without fixed effects it must have a constant.
    frame : a PanelFrame, or a DataFrame with a (unit, time) index or with ``unit`` and ``time``.
    q : the quantile, between 0 and 1.
    vcov : a covariance or fixest's spelling; if left out iid, the variance under independence of u
        from x. All rest on the density of u at c(q), by a Gaussian kernel.
    sample : condition that rows must meet.
    unit, time : keys of a flat DataFrame.

    Returns
    -------
    Estimate with influence (n, k). ``fittedvalues``, ``predict`` and the fixed effects are those of
    the quantile. Its outcome is ``y + c(q) |y - a_i - x'b|``, whose least squares has these
    coefficients, and residuals are of that. ``stats`` has quantile, quantile_u, c(q), density_u,
    rsquared_pseudo, one less the check function's sum against that of a constant, and
    n_scale_negative, the rows with a fitted scale below zero.

    Raises
    ------
    EstimationError : q outside (0, 1), or residuals that are all zero.
    FormulaError : instruments or weights; neither a constant nor fixed effects.
    UnknownVariableError, NotNumericError, EmptySampleError, AbsorbedError,
    DegreesOfFreedomError : each names the term and what to do.

    Warns
    -----
    PanelWarning : the fitted scale is negative somewhere, which the model rules out.

    References
    ----------
    Machado and Santos Silva (2019), J. Econometrics 213.
    """
    if not (isinstance(q, Real) and 0 < q < 1):
        raise EstimationError(
            f"A quantile lies between 0 and 1, not at {q!r}.", variable="q", value=q,
            remedy="give q=0.25 for the lower quartile; several take an estimate each.",
        )  # fmt: skip
    spec = usable(as_spec(formula, None, sample), "quantile", "fixed effects")
    if not (spec.intercept or spec.absorb):
        raise FormulaError(
            f"Location and scale need a constant or fixed effects.\n    {spec}",
            variable=str(spec),
            remedy="leave out the 0.",
        )
    covariance = as_vcov(vcov)
    design = build(spec, as_frame(frame, unit, time), needs=covariance.needs)
    return fit(design, covariance, q)


def fit(design: Design, vcov: Vcov, q: float) -> Estimate:
    """Quantile regression via moments of a design."""
    x = design.X_within
    location = least_squares(x, design.y_within, None)
    r = location.residual
    if np.abs(r).max() <= _ROUNDING * np.abs(design.y).max():
        raise EstimationError(
            f"The regressors explain {design.spec.y!r} completely; it has no spread.",
            variable=design.spec.y,
            remedy="use an outcome that varies given the regressors.",
        )
    size = np.abs(r)
    size_within = size if design.absorber is None else design.absorber.residualize(size)
    scale = least_squares(x, size_within, None)
    sigma = size - scale.residual  # (n,) d_i + x'g
    negative = int((sigma <= 0).sum())
    if negative:
        warnings.warn(
            f"The fitted scale is negative in {negative} of {design.n} rows, which the model of "
            "quantile() rules out.",
            PanelWarning,
            stacklevel=3,
        )
    found = _standard_quantile(r, sigma, q)
    working = replace(
        design, y=design.y + found.c * size, y_within=design.y_within + found.c * size_within
    )
    residual = r + found.c * scale.residual
    influence, classical = _influence(x, location.inverse, scale.coef, r, sigma, found)
    return Estimate(
        names=design.names,
        coef=location.coef + found.c * scale.coef,
        scores=Scores(influence),
        classical=classical,
        vcov=vcov,
        design=working,
        residuals=residual,
        stats=_stats(design, r - found.c * sigma, q)
        | {"quantile_u": found.c, "density_u": found.density, "n_scale_negative": negative},
        method=f"Quantile {q:g} (MM-QR)",
    )


@dataclass(frozen=True, eq=False)
class _Standard:
    """The quantile c of u, its density there, and the slope (n,) of the check function by row,
    ``q - 1(u <= c)``, which weighted by the scale adds up to zero."""

    c: float
    density: float
    slope: FloatArray


def _standard_quantile(r: FloatArray, sigma: FloatArray, q: float) -> _Standard:
    """Minimiser of ``sum check_q(r - sigma c)`` over c: a weighted quantile of u = r/sigma."""
    used = np.flatnonzero(sigma != 0)
    order = used[np.argsort(r[used] / sigma[used], kind="stable")]
    weight = np.abs(sigma[order])
    # The slope in c starts at minus this, and rises by |sigma| at each r/sigma.
    start = float(np.where(sigma[order] > 0, q, 1 - q) @ weight)
    at = order[min(int(np.searchsorted(np.cumsum(weight), start)), len(order) - 1)]
    c = float(r[at] / sigma[at])
    slope = q - (r < c * sigma).astype(np.float64)
    slope[at] = 0.0
    slope[at] = -float(slope @ sigma) / sigma[at]  # at the kink any slope between the two
    positive = sigma > 0
    u, w = r[positive] / sigma[positive], sigma[positive]
    return _Standard(c, _density(u, w, c), slope)


def _density(u: FloatArray, weights: FloatArray, at: float) -> float:
    """Gaussian kernel density of u (m,) at a point, with Silverman's bandwidth."""
    low, high = np.quantile(u, [0.25, 0.75])
    spread = min(float(u.std(ddof=1)), float(high - low) / 1.349) or float(u.std(ddof=1))
    bandwidth = 0.9 * spread * len(u) ** -0.2
    kernel = np.exp(-0.5 * ((u - at) / bandwidth) ** 2) / (bandwidth * np.sqrt(2 * np.pi))
    return float(np.average(kernel, weights=weights))


def _influence(
    x: FloatArray, inverse: FloatArray, g: FloatArray, r: FloatArray, sigma: FloatArray,
    found: _Standard,
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    """Influence (n, k) of ``b + g c``, and its covariance (k, k) if u is independent of x.

    With s the mean of sign(u): b has ``Q x sigma u``, g has ``Q x sigma (|u| - 1 - s u)``, because
    b moves the absolute residuals by s, and c what its own moment says less what b and g move:
    ``sigma ((q - 1(u <= c))/f - c (|u| - 1 - s u) - u) / sum(sigma)``.
    """
    spread = np.abs(r) - sigma - np.mean(np.sign(r)) * r
    shift = r + found.c * spread  # sigma times a function of u
    level = sigma * found.slope / found.density - shift
    weights = x @ inverse
    influence = weights * shift[:, None] + np.outer(level, g) / sigma.sum()
    positive = sigma > 0
    a, b = shift[positive] / sigma[positive], level[positive] / sigma[positive]
    moments = np.array([[np.mean(a * a), np.mean(a * b)], [np.mean(a * b), np.mean(b * b)]])
    loads = np.stack([weights * sigma[:, None], np.outer(sigma, g) / sigma.sum()])  # (2, n, k)
    classical = np.einsum("ab,ani,bnj->ij", moments, loads, loads, optimize=True)
    return influence, classical


def _stats(design: Design, left: FloatArray, q: float) -> dict[str, float]:
    """Fit statistics; ``left`` (n,) is the outcome less its fitted quantile."""
    absorbed = design.absorber.rank if design.absorber else 0
    used, nothing = len(design.names) + absorbed, float("nan")
    alone = design.y - np.quantile(design.y, q)
    return {
        "nobs": design.n,
        "df_resid": design.n - used,
        "df_model": used - 1,
        "quantile": q,
        "rsquared": nothing,
        "rsquared_adj": nothing,
        "rsquared_within": nothing,
        "rsquared_pseudo": 1 - _check(left, q) / _check(alone, q),
        "n_units": len(np.unique(design.frame.unit_codes[design.rows])),
        "n_times": len(np.unique(design.frame.time_numbers[design.rows])),
    }


def _check(values: FloatArray, q: float) -> Any:
    return np.sum(values * (q - (values < 0)))
