"""Generalised least squares with random effects of regions, years or both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

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
from panel.errors import DegreesOfFreedomError, EstimationError, suggest
from panel.kernels import error_components as ec
from panel.kernels.groups import recode
from panel.kernels.lstsq import least_squares

Kinds = tuple[str, ...]

# A variance that is this share of the outcome's mean square is rounding.
ROUNDING = 1e-28

_EFFECTS: Mapping[str, Kinds] = {"unit": ("unit",), "time": ("time",), "twoway": ("unit", "time")}
_NAMES = {
    "unit": "Random effects",
    "time": "Random time effects",
    "twoway": "Two-way random effects",
}


def random_effects(
    formula: str | Spec,
    frame: PanelFrame | pd.DataFrame,
    *,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    method: str = "swamy_arora",
    effects: str = "unit",
    sample: str | None = None,
    unit: str | None = None,
    time: str | None = None,
) -> Estimate:
    """Feasible generalised least squares with random effects, balanced panel or not.

    ``y_it = a + x_it'b + m_i + l_t + e_it`` with m, l and e of variances sigma2_u, sigma2_time and
    sigma2_e, independent of each other and of x. Least squares runs on quasi-demeaned columns, as
    if the variances were known; the covariance then allows for errors of any other kind.

    Parameters
    ----------
    formula : ``"y ~ x1 + log(x2) + i(year)"``, without fixed effects.
    frame : a PanelFrame, or a DataFrame with a (unit, time) index or with ``unit`` and ``time``.
    vcov : a covariance or fixest's spelling; iid, of the transformed errors, if left out.
    method : how the variances are estimated. All set quadratic forms of residuals equal to their
        exact expectations: "swamy_arora" residuals within and between, "wallace_hussain" of
        pooled least squares, "amemiya" within. "swamy_arora_means" is Swamy and Arora's with
        regions' means counted equally, as xtreg, re does, the same on balanced panels; "nerlove"
        takes the spread of estimated fixed effects.
    effects : "unit" of regions, "time" of years, "twoway" of both.
    sample : condition that rows must meet.
    unit, time : keys of a flat DataFrame.

    Returns
    -------
    Estimate with influence (n, k); residuals are y - a - x'b, effects included. ``stats`` has
    sigma2_u, sigma2_time, sigma2_e, rho (the effects' share of the variance), theta (the share of
    a region's mean taken out, the median where regions differ) and theta_time; rsquared is the
    squared correlation of quasi-demeaned outcome and fit; rsquared_within, rsquared_between and
    rsquared_overall are the squared correlations of x'b with y that xtreg prints.

    Raises
    ------
    FormulaError : fixed effects, instruments or weights in the formula.
    EstimationError : an unknown method or kind of effects, or a method that needs regressors to
        vary within regions.
    DegreesOfFreedomError : too few regions or years for the variances.
    UnknownVariableError, NotNumericError, EmptySampleError : each names the term.

    References
    ----------
    Swamy and Arora (1972), Econometrica 40; Wallace and Hussain (1969), Econometrica 37; Amemiya
    (1971), International Economic Review 12; Nerlove (1971), Econometrica 39; Baltagi and Chang
    (1994), J. Econometrics 62, for unbalanced panels; Davis (2002), J. Econometrics 106, for two
    ways.
    """
    spec = usable(as_spec(formula, None, sample), "The random-effects estimator")
    covariance = as_vcov(vcov)
    design = build(spec, as_frame(frame, unit, time), needs=covariance.needs)
    return fit(design, covariance, method, effects)


def fit(design: Design, vcov: Vcov, method: str, effects: str) -> Estimate:
    """Generalised least squares of a design with random effects."""
    if effects not in _EFFECTS:
        raise EstimationError(
            f"Random effects {effects!r} are not offered.", variable="effects", value=effects,
            remedy=suggest(effects, _EFFECTS),
        )  # fmt: skip
    if method not in _METHODS:
        raise EstimationError(
            f"The variance estimator {method!r} is not offered.", variable="method", value=method,
            remedy=suggest(method, _METHODS),
        )  # fmt: skip
    kinds = _EFFECTS[effects]
    groupings = _groupings(design, kinds)
    equation = ec.equation(design.y, design.X, design.spec.intercept)
    sigma2 = _METHODS[method](design, equation, groupings)
    if not sigma2[0] > ROUNDING * float(np.mean(design.y**2)):
        raise EstimationError(
            f"The variance of the errors within the {design.frame.unit}s is estimated as zero.",
            variable=design.spec.y, value=float(sigma2[0]),
            remedy="use another method, or ols with fixed effects.",
        )  # fmt: skip
    whiten = ec.Whitening(groupings, tuple(float(s / sigma2[0]) for s in sigma2[1:]))
    whitened = whiten(np.column_stack([design.y, design.X]))
    used = replace(design, y_within=whitened[:, 0].copy(), X_within=whitened[:, 1:].copy())
    solved = least_squares(used.X_within, used.y_within, None)
    df = design.n - len(design.names)
    fitted = design.X @ solved.coef
    return Estimate(
        names=design.names,
        coef=solved.coef,
        scores=Scores(used.X_within, solved.residual, solved.inverse),
        classical=solved.inverse * float(solved.residual @ solved.residual) / df,
        vcov=vcov,
        design=used,
        residuals=design.y - fitted,
        stats=fit_stats(used, solved.residual, fitted) | variance_stats(sigma2, whiten, kinds),
        method=f"{_NAMES[effects]} ({method.replace('_', '-').title()})",
    )


def _groupings(design: Design, kinds: Kinds) -> ec.Groupings:
    frame, names = design.frame, tuple(getattr(design.frame, kind) for kind in kinds)
    rows = {"unit": frame.unit_codes, "time": frame.time_numbers}
    coded = [recode(rows[kind][design.rows]) for kind in kinds]
    groupings = ec.Groupings(names, tuple(c for c, _ in coded), tuple(g for _, g in coded))
    for c, size in enumerate(groupings.sizes):
        _enough(size - 1, groupings, c)
    return groupings


def _swamy_arora(design: Design, of: ec.Equation, groupings: ec.Groupings) -> FloatArray:
    inside = ec.within(groupings, of)
    rows = [ec.expected(ec.within_form(groupings), inside, groupings, of)]
    for c, size in enumerate(groupings.sizes):
        means = ec.between(groupings, c, of)
        _enough(size - int(means.kept.sum()), groupings, c)
        rows.append(ec.expected(ec.between_form(groupings, c), means, groupings, of))
    return _solved(rows, design)


def _wallace_hussain(design: Design, of: ec.Equation, groupings: ec.Groupings) -> FloatArray:
    return _from_one(ec.pooled(of), design, of, groupings)


def _amemiya(design: Design, of: ec.Equation, groupings: ec.Groupings) -> FloatArray:
    return _from_one(_within_of_all(design, of, groupings, "amemiya"), design, of, groupings)


def _from_one(
    estimator: ec.Linear, design: Design, of: ec.Equation, groupings: ec.Groupings
) -> FloatArray:
    """All forms from the residuals of one estimator."""
    forms = [ec.between_form(groupings, c) for c in range(len(groupings.codes))]
    every = (ec.within_form(groupings), *forms)
    return _solved([ec.expected(f, estimator, groupings, of) for f in every], design)


def _nerlove(design: Design, of: ec.Equation, groupings: ec.Groupings) -> FloatArray:
    inside = _within_of_all(design, of, groupings, "nerlove")
    left = (of.y - of.x @ inside.coef)[:, None]
    sigma2 = [float(np.sum(groupings.within(left) ** 2)) / design.n]
    for c, values in enumerate(groupings.effects(left)):
        share, size = groupings.counts(c) / design.n, groupings.sizes[c]
        spread = values[:, 0] - share @ values[:, 0]
        sigma2.append(float(share @ spread**2) * size / (size - 1))
    return np.array(sigma2)


def _swamy_arora_means(design: Design, of: ec.Equation, groupings: ec.Groupings) -> FloatArray:
    if len(groupings.names) > 1:
        raise EstimationError(
            "The method 'swamy_arora_means' is for one kind of effects.", variable="method",
            value="swamy_arora_means", remedy='write method="swamy_arora" for two ways.',
        )  # fmt: skip
    inside = ec.within(groupings, of)
    value, (noise, *_) = ec.expected(ec.within_form(groupings), inside, groupings, of)
    _inside(noise, design)
    counts = groupings.counts(0)
    means = groupings.sums(0, np.column_stack([of.y, of.x])) / counts[:, None]  # (G, 1 + k)
    between = ec.pooled(replace(of, y=means[:, 0], x=means[:, 1:]))
    df = groupings.sizes[0] - int(between.kept.sum())
    _enough(df, groupings, 0)
    residual = means[:, 0] - means[:, 1:] @ between.coef
    harmonic = float(np.mean(1.0 / counts))
    variance = float(residual @ residual) / df - value / noise * harmonic
    return np.array([value / noise, max(variance, 0.0)])


def _solved(rows: list[tuple[float, FloatArray]], design: Design) -> FloatArray:
    """Variances from the forms, the one within first."""
    _inside(float(rows[0][1][0]), design)
    return ec.solve(rows)


def _inside(df: float, design: Design) -> None:
    if df < 0.5:
        raise DegreesOfFreedomError(
            f"The {design.n} rows leave nothing within the {design.frame.unit}s to estimate the "
            "variance of the errors from.",
            variable=design.spec.y,
            value=design.n,
            remedy="random effects need several rows a region: use pooled for a cross-section.",
        )


def _enough(df: int, groupings: ec.Groupings, c: int) -> None:
    if df < 1:
        name = groupings.names[c]
        raise DegreesOfFreedomError(
            f"There are too few values of {name!r} in the rows used to estimate the variance of "
            "its effects.",
            variable=name,
            value=groupings.sizes[c],
            remedy="use fewer regressors or another method, or dummies, i(year), in place of "
            "random effects.",
        )


def _within_of_all(
    design: Design, of: ec.Equation, groupings: ec.Groupings, method: str
) -> ec.Linear:
    """The within estimator, if every regressor varies within."""
    inside = ec.within(groupings, of)
    if not inside.kept.all():
        name = design.names[int(np.argmin(inside.kept))]
        raise EstimationError(
            f"The method {method!r} uses residuals of fixed effects of "
            f"{' and '.join(groupings.names)}, which leave nothing of {name!r}.",
            variable=name,
            value=method,
            remedy='use method="swamy_arora" or "wallace_hussain".',
        )
    return inside


_METHODS: Mapping[str, Callable[[Design, ec.Equation, ec.Groupings], FloatArray]] = {
    "swamy_arora": _swamy_arora,
    "swamy_arora_means": _swamy_arora_means,
    "wallace_hussain": _wallace_hussain,
    "amemiya": _amemiya,
    "nerlove": _nerlove,
}


def fit_stats(design: Design, residual: FloatArray, fitted: FloatArray) -> dict[str, float]:
    """Fit of the quasi-demeaned equation, and xtreg's three R-squared of x'b."""
    n, k, constant = design.n, len(design.names), int(design.spec.intercept)
    df, rss, y = n - k, float(residual @ residual), design.y_within
    rsquared = _squared_correlation(y, y - residual)
    codes, units = recode(design.frame.unit_codes[design.rows])
    one_way = ec.Groupings((design.frame.unit,), (codes,), (units,))
    both = np.column_stack([design.y, fitted])
    means = one_way.sums(0, both) / one_way.counts(0)[:, None]
    inside = both - means[codes]
    return {
        "nobs": n,
        "df_resid": df,
        "df_model": k - constant,
        "rss": rss,
        "tss": float(np.sum((y - constant * y.mean()) ** 2)),
        "rsquared": rsquared,
        "rsquared_adj": 1 - (1 - rsquared) * (n - constant) / df,
        "rsquared_within": _squared_correlation(inside[:, 0], inside[:, 1]),
        "rsquared_between": _squared_correlation(means[:, 0], means[:, 1]),
        "rsquared_overall": _squared_correlation(design.y, fitted),
        "rmse": float(np.sqrt(rss / n)),
        "sigma": float(np.sqrt(rss / df)),
        "n_units": units,
        "n_times": len(np.unique(design.time_numbers)),
    }


def _squared_correlation(a: FloatArray, b: FloatArray) -> float:
    a, b = a - a.mean(), b - b.mean()
    both = float(a @ a) * float(b @ b)
    return float(a @ b) ** 2 / both if both > 0 else float("nan")


def variance_stats(sigma2: FloatArray, whiten: ec.Whitening, kinds: Kinds) -> dict[str, float]:
    found = {"sigma2_e": float(sigma2[0]), "rho": float(sigma2[1:].sum() / sigma2.sum())}
    for c, kind in enumerate(kinds):
        found[{"unit": "sigma2_u", "time": "sigma2_time"}[kind]] = float(sigma2[c + 1])
        found[{"unit": "theta", "time": "theta_time"}[kind]] = float(np.median(whiten.theta(c)))
    return found
