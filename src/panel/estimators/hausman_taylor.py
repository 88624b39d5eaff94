"""Random effects with regressors that are correlated with the regions' effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from panel.core.build import build
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.expression import parse_expression
from panel.core.formula import Spec
from panel.core.frame import FloatArray, IntArray, PanelFrame
from panel.core.scores import Scores
from panel.core.terms import columns_of
from panel.core.vcov import Vcov, as_vcov
from panel.core.verb import as_frame, as_spec, usable
from panel.errors import DegreesOfFreedomError, EstimationError, FormulaError, suggest
from panel.estimators.random_effects import ROUNDING, fit_stats, variance_stats
from panel.kernels.error_components import Groupings, Whitening
from panel.kernels.groups import recode
from panel.kernels.lstsq import BoolArray, independent, least_squares

_NAMES = {
    "hausman_taylor": "Hausman-Taylor",
    "amemiya_macurdy": "Amemiya-MaCurdy",
    "breusch_mizon_schmidt": "Breusch-Mizon-Schmidt",
}
# A column that varies less than this share of its size does not vary over time.
_CONSTANT = 1e-10


def hausman_taylor(
    formula: str | Spec,
    frame: PanelFrame | pd.DataFrame,
    *,
    endogenous: str | Sequence[str],
    instruments: str = "hausman_taylor",
    vcov: Vcov | str | Mapping[str, str] | None = None,
    sample: str | None = None,
    unit: str | None = None,
    time: str | None = None,
) -> Estimate:
    """Random effects correlated with some regressors, by instruments from inside the panel.

    ``y_it = a + x1_it'b1 + x2_it'b2 + z1_i'c1 + z2_i'c2 + m_i + e_it``, where m_i may be
    correlated with x2 and z2. Which regressors change over time (x) is read from the data. The
    instruments are deviations of x1 and x2 from regions' means, which m_i does not touch, with z1
    and the means of x1, which is what identifies c2: as many x1 are needed as z2.

    Parameters
    ----------
    formula : ``"y ~ x + z"`` with all regressors, without fixed effects.
    frame : a PanelFrame, or a DataFrame with a (unit, time) index or with ``unit`` and ``time``.
    endogenous : the terms x2 and z2, as in the formula.
    instruments : "hausman_taylor" as above; "amemiya_macurdy" also x1 of every year apart, and
        "breusch_mizon_schmidt" also the deviations of x2 of every year apart. The two assume more,
        that a single year's value is as good as the mean, and need a balanced panel.
    vcov : a covariance or fixest's spelling; iid, of the transformed errors, if left out.
    sample : condition that rows must meet.
    unit, time : keys of a flat DataFrame.

    Returns
    -------
    Estimate with influence (n, k), residuals y less fit with the effects included, and the
    statistics of :func:`panel.random_effects`.

    Raises
    ------
    FormulaError : an endogenous term that is not in the formula; fixed effects, instruments or
        weights in it.
    EstimationError : too few exogenous regressors to identify a coefficient, an unbalanced panel
        where a balanced one is needed, or an unknown set of instruments.
    UnknownVariableError, NotNumericError, EmptySampleError, DegreesOfFreedomError : each names
        the term and what to do.

    References
    ----------
    Hausman and Taylor (1981), Econometrica 49; Amemiya and MaCurdy (1986), Econometrica 54;
    Breusch, Mizon and Schmidt (1989), Econometrica 57.
    """
    spec = usable(as_spec(formula, None, sample), "The Hausman-Taylor estimator")
    if instruments not in _NAMES:
        raise EstimationError(
            f"Instruments {instruments!r} are not offered.", variable="instruments",
            value=instruments, remedy=suggest(instruments, _NAMES),
        )  # fmt: skip
    covariance = as_vcov(vcov)
    terms = _endogenous(spec, (endogenous,) if isinstance(endogenous, str) else endogenous)
    design = build(spec, as_frame(frame, unit, time), needs=covariance.needs)
    parts = _parts(design, terms)
    sigma2 = _variances(design, parts)
    whiten = Whitening(parts.groupings, (float(sigma2[1] / sigma2[0]),))
    whitened = whiten(np.column_stack([design.y, design.X]))
    used = replace(design, y_within=whitened[:, 0].copy(), X_within=whitened[:, 1:].copy())
    z = _instruments(parts, instruments)
    fitted_x = _projected(z, used.X_within, parts.endogenous, design.names)  # (n, k)
    solved = least_squares(fitted_x, used.y_within, None)
    residual = used.y_within - used.X_within @ solved.coef
    fitted, df = design.X @ solved.coef, design.n - len(design.names)
    stats = fit_stats(used, residual, fitted) | variance_stats(sigma2, whiten, ("unit",))
    return Estimate(
        names=design.names,
        coef=solved.coef,
        scores=Scores(fitted_x, residual, solved.inverse),
        classical=solved.inverse * float(residual @ residual) / df,
        vcov=covariance,
        design=used,
        residuals=design.y - fitted,
        stats=stats,
        method=_NAMES[instruments],
    )


def _endogenous(spec: Spec, given: Sequence[str]) -> tuple[str, ...]:
    """The endogenous terms in canonical spelling."""
    terms = tuple(str(parse_expression(term)) for term in given)
    for term in terms:
        if term not in spec.terms:
            raise FormulaError(
                f"The endogenous term {term!r} is not a regressor of\n    {spec}",
                variable=term, value=term, remedy=suggest(term, spec.terms),
            )  # fmt: skip
    if not terms:
        raise FormulaError(
            "The Hausman-Taylor estimator needs a term that is correlated with the effects.",
            variable="endogenous", remedy="name one, or use random_effects.",
        )  # fmt: skip
    return terms


@dataclass(frozen=True, eq=False)
class Parts:
    """Regressors by whether they vary over time and are correlated with the effects.

    Parameters
    ----------
    groupings : the units.
    means, deviations : of all columns (n, k) within units.
    varying, endogenous : which columns (k,).
    times : code (n,) of each row's time.
    """

    groupings: Groupings
    means: FloatArray
    deviations: FloatArray
    varying: BoolArray
    endogenous: BoolArray
    times: IntArray


def _parts(design: Design, terms: Sequence[str]) -> Parts:
    codes, n = recode(design.frame.unit_codes[design.rows])
    groupings = Groupings((design.frame.unit,), (codes,), (n,))
    means = groupings.means(0, design.X)
    deviations = design.X - means
    size = np.abs(design.X).max(axis=0)
    varying = np.abs(deviations).max(axis=0) > _CONSTANT * size
    columns = {name for term in terms for name in columns_of(term, design.frame)}
    endogenous = np.array([name in columns for name in design.names])
    times = recode(design.time_numbers)[0]
    deviations[:, ~varying] = 0.0
    return Parts(groupings, means, deviations, varying, endogenous, times)


def _variances(design: Design, parts: Parts) -> FloatArray:
    """Variances of the errors and of the effects, from the within estimate and its unit means.

    Hausman and Taylor (1981) without corrections for degrees of freedom; where regions differ in
    years, the mean of 1/T_i stands for 1/T.
    """
    groupings, varying = parts.groupings, parts.varying
    if not bool(varying.any()):
        raise EstimationError(
            f"No regressor of {design.spec} changes over time.",
            variable=" + ".join(design.spec.terms),
            remedy="the estimator needs some that do, to make instruments of.",
        )
    regions, constants = groupings.sizes[0], int((~varying).sum())
    if regions <= constants:
        raise DegreesOfFreedomError(
            f"The number of {design.frame.unit}s is {regions}, which leaves nothing to estimate "
            f"the variance of effects from: {constants} columns do not change over time.",
            variable=design.frame.unit,
            value=regions,
            remedy="widen the sample, or leave out regressors that do not change over time.",
        )
    inside = parts.deviations[:, varying]
    kept = independent(inside, np.linalg.norm(design.X[:, varying], axis=0))
    if not bool(kept.all()):
        name = np.array(design.names)[varying][int(np.argmin(kept))]
        raise EstimationError(
            f"{str(name)!r} is collinear with other regressors within the {design.frame.unit}s.",
            variable=str(name),
            remedy="leave one of them out: the effects are estimated from the within slopes.",
        )
    solved = least_squares(inside, groupings.within(design.y[:, None])[:, 0], None)
    df = groupings.n - groupings.sizes[0]
    rss = float(solved.residual @ solved.residual)
    if df < 1 or not rss > ROUNDING * float(design.y @ design.y):
        raise DegreesOfFreedomError(
            f"The {groupings.n} rows leave nothing of the errors within the {design.frame.unit}s.",
            variable=design.spec.y,
            value=groupings.n,
            remedy="the estimator needs several rows a region, and an outcome that varies in them.",
        )
    noise = rss / df
    effects = groupings.means(0, (design.y - design.X[:, varying] @ solved.coef)[:, None])[:, 0]
    constant, endogenous = design.X[:, ~varying], parts.endogenous  # (n, k_z)
    names = [n for n, v in zip(design.names, varying, strict=True) if not v]
    fitted = _projected(design.X[:, ~endogenous], constant, endogenous[~varying], names)
    coef = least_squares(fitted, effects, None).coef
    first = np.unique(groupings.codes[0], return_index=True)[1]
    left = (effects - constant @ coef)[first]
    spread = float(left @ left) / len(left) - noise * float(np.mean(1 / groupings.counts(0)))
    return np.array([noise, max(spread, 0.0)])


def _instruments(parts: Parts, which: str) -> FloatArray:
    """The instruments (n, m), perhaps dependent."""
    exogenous = ~parts.endogenous
    found = [parts.deviations[:, parts.varying], parts.means[:, exogenous]]
    if which == "hausman_taylor":
        return np.column_stack(found)
    groupings, periods = parts.groupings, int(parts.times.max()) + 1
    if groupings.n != groupings.sizes[0] * periods:
        raise EstimationError(
            f"The {_NAMES[which]} estimator needs a balanced panel; there are {groupings.n} rows "
            f"of {groupings.sizes[0]} regions and {periods} years.",
            variable="instruments",
            value=which,
            remedy='restrict the sample, or use instruments="hausman_taylor".',
        )
    spread = parts.varying & (exogenous if which == "amemiya_macurdy" else True)
    for period in range(periods):  # each year's deviations, for every row of the unit
        of_year = np.where((parts.times == period)[:, None], parts.deviations[:, spread], 0.0)
        found.append(groupings.sums(0, of_year)[groupings.codes[0]])
    return np.column_stack(found)


def _projected(
    z: FloatArray, x: FloatArray, endogenous: BoolArray, names: Sequence[str]
) -> FloatArray:
    """The projection of x (n, k) on z (n, m), if it keeps x's columns apart.

    Raises
    ------
    EstimationError : it does not, and the coefficient of an endogenous column is not identified.
    """
    z = z[:, independent(z, np.linalg.norm(z, axis=0))]
    q = np.linalg.qr(z / np.linalg.norm(z, axis=0))[0]
    fitted = q @ (q.T @ x)
    order = np.argsort(endogenous, kind="stable")  # the exogenous ones are their own projections
    kept = independent(fitted[:, order], np.linalg.norm(x, axis=0)[order])
    if not bool(kept.all()):
        name = names[order[int(np.argmin(kept))]]
        raise EstimationError(
            f"The coefficient of {name!r} is not identified: there are fewer exogenous regressors "
            "that change over time than endogenous ones that do not.",
            variable=name,
            remedy="take fewer terms as endogenous, or leave the term out.",
        )
    return fitted
