"""Statistics of instruments: how strong they are and whether they agree, by the covariance of the
estimate. The tests around them, with critical values and sets, are in diagnostics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.instruments import (
    Parts,
    moment_covariance,
    on_instruments,
    parts,
    require_weights,
    residual_df,
)
from panel.core.test import quadratic_form
from panel.kernels.instruments import method_of_moments, orthonormal
from panel.kernels.tails import chi2_above, f_above


@dataclass(frozen=True, eq=False)
class Weakest:
    """The combination of endogenous regressors that the instruments explain least.

    Parameters
    ----------
    e, residual : the combination (n,), of length one, and its residual on the instruments.
    share : of it that they explain, the smallest squared canonical correlation.
    z, delta : instruments (n, l - k2 + 1) that no other combination needs, orthonormal, and its
        coefficients on them.
    """

    e: FloatArray
    residual: FloatArray
    share: float
    z: FloatArray
    delta: FloatArray


def weakest(columns: Parts) -> Weakest:
    """That combination for the columns of a design."""
    q, basis = columns.q2, orthonormal(columns.endogenous)
    k2 = basis.shape[1]
    left, correlations, right = np.linalg.svd(q.T @ basis)
    e, z = basis @ right[-1], q @ left[:, k2 - 1 :]
    return Weakest(e, e - q @ (q.T @ e), float(correlations[k2 - 1]) ** 2, z, z.T @ e)


def first_design(design: Design) -> Design:
    """The first stage of the first endogenous regressor; all have the same parameters."""
    return on_instruments(design, design.endogenous[0])


def cragg_donald(design: Design) -> float:
    """Cragg and Donald's F statistic; with one endogenous regressor the plain first-stage F."""
    share, count = weakest(parts(design)).share, len(design.instruments)
    return share / (1 - share) * residual_df(first_design(design)) / count


def kleibergen_paap(estimate: Estimate) -> float:
    """Kleibergen and Paap's rk Wald F; with one endogenous regressor the first-stage F."""
    design, found = estimate.design, weakest(parts(estimate.design))
    robust = moment_covariance(
        first_design(design), estimate.vcov, found.z, found.residual[:, None], small=True
    )
    distance = quadratic_form(found.delta, robust.matrix, robust.label)
    return distance / len(design.instruments)


def rank_lm(estimate: Estimate) -> tuple[float, int]:
    """Kleibergen and Paap's rk LM statistic (Anderson's under "iid") and its degrees of freedom."""
    design, found = estimate.design, weakest(parts(estimate.design))
    plain = moment_covariance(design, estimate.vcov, found.z, found.e[:, None])
    statistic = quadratic_form(found.delta, plain.matrix, plain.label)
    return statistic, len(design.instruments) - len(design.endogenous) + 1


def reduced_form_covariance(columns: Parts, first: Design, estimate: Estimate) -> FloatArray:
    """W (2l, 2l), of the coefficients of outcome and endogenous regressor on the instruments."""
    z, both = columns.q2, np.column_stack([columns.outcome, columns.endogenous])
    residual = both - z @ (z.T @ both)
    return moment_covariance(first, estimate.vcov, z, residual, small=True).matrix


def effective_f(estimate: Estimate) -> float:
    """Montiel Olea and Pflueger's effective F; NaN with several endogenous regressors."""
    design = estimate.design
    if len(design.endogenous) > 1:
        return float("nan")
    columns = parts(design)
    w = reduced_form_covariance(columns, first_design(design), estimate)
    count = len(design.instruments)
    return float(((columns.q2.T @ columns.endogenous) ** 2).sum() / np.trace(w[count:, count:]))


def sargan_hansen(estimate: Estimate) -> tuple[float, int]:
    """J (Sargan's statistic under "iid") and its degrees of freedom; ``NaN, 0`` where as many
    instruments as endogenous regressors leave nothing to compare.

    After a method of moments it is the J that it minimises, else that of two-step GMM with the
    residuals of the estimate.
    """
    design, columns = estimate.design, parts(estimate.design)
    surplus = len(design.instruments) - len(design.endogenous)
    if not surplus:
        return float("nan"), 0
    if "J" in estimate.stats:
        return estimate.stats["J"], surplus
    d, q = columns.endogenous, columns.q2
    residual = estimate.residuals * (1.0 if design.w is None else np.sqrt(design.w))
    cov = moment_covariance(design, estimate.vcov, q, residual[:, None])
    weight = require_weights(cov.matrix)
    left = columns.outcome - d @ method_of_moments(d, columns.outcome, q, weight).coef
    return quadratic_form(q.T @ left, weight, cov.label), surplus


def anderson_rubin_f(estimate: Estimate, values: FloatArray) -> tuple[float, tuple[float, float]]:
    """Anderson and Rubin's F that the endogenous regressors have the coefficients ``values`` (k2,),
    and its degrees of freedom."""
    design, columns = estimate.design, parts(estimate.design)
    z, error = columns.q2, columns.outcome - columns.endogenous @ values
    point = z.T @ error
    cov = moment_covariance(
        on_instruments(design), estimate.vcov, z, (error - z @ point)[:, None], small=True
    )
    return quadratic_form(point, cov.matrix, cov.label) / len(point), (len(point), cov.df_joint)


def _first_stage_f(estimate: Estimate) -> float:
    return kleibergen_paap(estimate) if len(estimate.design.endogenous) == 1 else float("nan")


def _anderson_rubin(estimate: Estimate) -> tuple[float, tuple[float, float]]:
    return anderson_rubin_f(estimate, np.zeros(len(estimate.design.endogenous)))


def _chi2_p(found: tuple[float, int]) -> float:
    return chi2_above(*found) if found[1] else float("nan")


def _f_p(found: tuple[float, tuple[float, float]]) -> float:
    return f_above(found[0], *found[1])


# What a table may ask of an estimate by instruments; NaN where the model has no such statistic.
STATISTICS: Mapping[str, Callable[[Estimate], float]] = {
    "first_stage_f": _first_stage_f,
    "cragg_donald_f": lambda m: cragg_donald(m.design),
    "kp_f": kleibergen_paap,
    "kp_lm": lambda m: rank_lm(m)[0],
    "kp_lm_p": lambda m: _chi2_p(rank_lm(m)),
    "effective_f": effective_f,
    "hansen_j": lambda m: sargan_hansen(m)[0],
    "hansen_p": lambda m: _chi2_p(sargan_hansen(m)),
    "ar_f": lambda m: _anderson_rubin(m)[0],
    "ar_p": lambda m: _f_p(_anderson_rubin(m)),
}
