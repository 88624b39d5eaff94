"""Are the effects correlated with the regressors? Hausman's test in its several forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.scores import Scores
from panel.core.test import Test, chi2_test, quadratic_form
from panel.core.vcov import Vcov
from panel.diagnostics.auxiliary import augmented
from panel.diagnostics.hypotheses import wald
from panel.diagnostics.residuals import require_estimate, require_least_squares, unsuited
from panel.errors import EstimationError, VcovError, suggest
from panel.kernels.groups import group_counts, group_sums, nested, recode
from panel.kernels.seeds import require_seed

_VARIANCES = ("own", "efficient", "consistent")
_INDEFINITE = (
    'give variance="efficient", or use hausman_robust or mundlak_test, which need no difference '
    "of covariances."
)
_NULL = "both estimates have the same limit"

# A column that varies less than this share of its size does not vary.
_CONSTANT = 1e-10


def hausman(
    consistent: Estimate,
    efficient: Estimate,
    *,
    terms: Iterable[str] | None = None,
    variance: str = "own",
) -> Test:
    """Hausman's test of an estimate that is always consistent against an efficient one.

    ``H = d' (V_c - V_e)^-1 d`` with d the difference of the coefficients both have, the constant
    left out, and their classical covariances: the efficient one must be so under the null, with
    homoskedastic errors. Otherwise use :func:`hausman_robust` or :func:`mundlak_test`.

    Parameters
    ----------
    consistent : consistent under both hypotheses: fixed effects, instruments.
    efficient : efficient under the null: random effects, least squares.
    terms : coefficients to compare, if not all.
    variance : "own" takes each estimate's own variance of the errors (Stata's default); with
        "efficient" (``sigmamore``) or "consistent" (``sigmaless``) both covariances have one, so
        that the difference of fixed and random effects is positive definite.

    Returns
    -------
    Test, chi-squared with as many degrees of freedom as coefficients compared; its details list
    them. Where the difference of the covariances is not positive definite the number is that of
    Stata and plm, and a note says that it has no chi-squared distribution; another note says so
    where the two use different numbers of rows.

    Raises
    ------
    EstimationError : no coefficient in common, other outcomes, or another word for ``variance``.
    VcovError : the statistic is negative.

    References
    ----------
    Hausman (1978), Econometrica 46.
    """
    if variance not in _VARIANCES:
        raise EstimationError(
            f"The variance of the errors cannot be {variance!r}.", variable="variance",
            value=variance, remedy=suggest(str(variance), _VARIANCES),
        )  # fmt: skip
    names = _compared(consistent, efficient, terms)
    scale_c, scale_e = 1.0, 1.0
    if variance != "own":
        for estimate in (consistent, efficient):
            if "sigma" not in estimate.stats:
                raise unsuited(
                    "One variance of the errors", estimate, "which has none", 'give "own".'
                )
        ratio = (efficient.stats["sigma"] / consistent.stats["sigma"]) ** 2
        scale_c, scale_e = (ratio, 1.0) if variance == "efficient" else (1.0, 1.0 / ratio)
    c, e = _positions(consistent, names), _positions(efficient, names)
    spread = scale_c * consistent.classical[np.ix_(c, c)]
    spread = spread - scale_e * efficient.classical[np.ix_(e, e)]
    difference = consistent.coef[c] - efficient.coef[e]
    rows = len(consistent.design.rows), len(efficient.design.rows)
    notes = () if rows[0] == rows[1] else (f"The estimates rest on {rows[0]} and {rows[1]} rows.",)
    try:
        statistic = quadratic_form(difference, spread, "the difference of the two")
    except VcovError as error:
        size = np.sqrt(np.diag(consistent.classical)[c])  # free of the regressors' units
        t, unit = difference / size, spread / np.outer(size, size)
        statistic = float(t @ np.linalg.pinv(unit, hermitian=True) @ t)
        if statistic < 0:
            raise VcovError(
                f"The covariance by {consistent.method} less that by {efficient.method} is not "
                "positive definite, and Hausman's statistic is negative.",
                variable="variance",
                value=variance,
                remedy=_INDEFINITE,
            ) from error
        said = f"The difference of the covariances is not positive definite: {_INDEFINITE}"
        notes = (*notes, said)
    details = _details(consistent.coef[c], efficient.coef[e], spread, names)
    return chi2_test("Hausman test", statistic, len(names), _NULL, notes=notes, details=details)


def hausman_robust(
    consistent: Estimate,
    efficient: Estimate,
    *,
    terms: Iterable[str] | None = None,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    distribution: str = "F",
) -> Test:
    """Hausman's comparison with any covariance: no estimate needs to be efficient.

    The influence function of a difference of estimates is the difference of theirs, and its
    covariance is estimated at once, allowing for that between the two.

    Parameters
    ----------
    consistent, efficient : two estimates from the same rows, for instance fixed and random effects.
    terms : coefficients to compare, if not all.
    vcov : a covariance of influence functions, ``panel.cluster("province")``; that of
        ``consistent``, if left out.
    distribution : "F" or "chi2", as for :func:`wald`.

    Returns
    -------
    Test; its details list both estimates and the standard error of the difference.

    Raises
    ------
    EstimationError : no coefficient in common, or other rows.
    VcovError : the covariance of the difference has too little rank, or is that of Hausman's own
        test ("iid") and not positive definite.

    References
    ----------
    White (1982), Econometrica 50; Wooldridge (2010), Econometric Analysis of Cross Section and
    Panel Data, section 10.7.3.
    """
    names = _compared(consistent, efficient, terms)
    same = consistent.influence.shape[0] == efficient.influence.shape[0]
    if not (same and consistent.design.index.equals(efficient.design.index)):
        raise EstimationError(
            "The two estimates are not from the same rows.",
            variable="efficient",
            value=(consistent.nobs, efficient.nobs),
            remedy='estimate both on one sample: singletons="keep", or sample=...',
        )
    c, e = _positions(consistent, names), _positions(efficient, names)
    difference = replace(
        consistent,
        names=names,
        coef=consistent.coef[c] - efficient.coef[e],
        scores=Scores(consistent.influence[:, c] - efficient.influence[:, e]),
        classical=consistent.classical[np.ix_(c, c)] - efficient.classical[np.ix_(e, e)],
        method="Difference of estimates",
    )
    difference = difference if vcov is None else difference.with_vcov(vcov)
    try:
        found = wald(difference, names, distribution=distribution)
    except VcovError as error:
        if difference.cov.label != "iid":
            raise
        raise VcovError(
            "The difference of the classical covariances is not positive definite.",
            variable="vcov",
            value="iid",
            remedy=f'give a robust one: vcov=panel.cluster("{consistent.design.frame.unit}").',
        ) from error
    table = _details(consistent.coef[c], efficient.coef[e], difference.cov.matrix, names)
    return replace(found, name="Robust Hausman test", null=_NULL, details=table)


def hausman_bootstrap(
    consistent: Estimate,
    efficient: Estimate,
    *,
    terms: Iterable[str] | None = None,
    cluster: str | None = None,
    draws: int = 999,
    seed: int = 0,
) -> Test:
    """Hausman's comparison with the covariance of the difference from drawing regions anew.

    Both estimates are least squares on transformed columns, and each draw of whole regions only
    weights the regions' sums of squares and products, so that all draws are solved at once. What
    was taken out of the columns - regions' means, the share of them that random effects take -
    is kept.

    Parameters
    ----------
    consistent, efficient : fixed and random effects, or fixed effects and pooled least squares.
    terms : coefficients to compare, if not all.
    cluster : variable whose groups are drawn; the regions, if left out.
    draws, seed : number of draws and the start of the random numbers.

    Returns
    -------
    Test, chi-squared.

    Raises
    ------
    EstimationError : no coefficient in common, other rows, another estimator than least squares on
        transformed columns, or absorbed effects that cross the clusters.
    VcovError : the covariance of the difference has too little rank.

    References
    ----------
    Cameron and Trivedi (2005), Microeconometrics, section 21.4.3.
    """
    names = _compared(consistent, efficient, terms)
    if draws < 2 * len(names):
        raise EstimationError(
            f"{draws} draws are too few for a covariance of {len(names)} coefficients.",
            variable="draws", value=draws, remedy="give 999.",
        )  # fmt: skip
    name = cluster or consistent.design.frame.unit
    codes = consistent.design.groups(name)
    groups = int(codes.max()) + 1
    if not np.array_equal(codes, efficient.design.groups(name)):
        raise EstimationError(
            "The two estimates are not from the same rows.", variable="efficient",
            value=(consistent.nobs, efficient.nobs), remedy="estimate both on one sample.",
        )  # fmt: skip
    generator = np.random.default_rng(require_seed(seed))
    drawn = generator.multinomial(groups, np.full(groups, 1 / groups), draws)
    c = _drawn(consistent, codes, drawn)[:, _positions(consistent, names)]
    e = _drawn(efficient, codes, drawn)[:, _positions(efficient, names)]
    kept = np.isfinite(c).all(axis=1) & np.isfinite(e).all(axis=1)
    spread = np.atleast_2d(np.cov(c[kept] - e[kept], rowvar=False))
    first = consistent.coef[_positions(consistent, names)]
    second = efficient.coef[_positions(efficient, names)]
    statistic = quadratic_form(first - second, spread, f"of {draws} draws")
    notes = [f"Covariance of the difference from {int(kept.sum())} draws of {groups} {name}s."]
    if not kept.all():
        notes.append(f"{int((~kept).sum())} draws had collinear columns and do not count.")
    return chi2_test(
        "Hausman test (cluster bootstrap)", statistic, len(names), _NULL, notes=tuple(notes),
        details=_details(first, second, spread, names),
    )  # fmt: skip


def _drawn(estimate: Estimate, codes: np.ndarray, drawn: np.ndarray) -> FloatArray:
    """Coefficients (draws, k) when group g counts ``drawn[:, g]`` times; NaN where not defined."""
    test, design = "The bootstrap of Hausman's test", estimate.design
    require_least_squares(estimate, test)
    absorber = design.absorber.plain(test) if design.absorber else None
    for name, effect in zip(absorber.names, absorber.codes, strict=True) if absorber else ():
        if not nested(effect, codes):
            raise unsuited(
                test, estimate, f"with effects of {name} that cross the clusters",
                f"write them as dummies, i({name}).",
            )  # fmt: skip
    k = len(design.names)
    x = design.X_within / np.linalg.norm(design.X_within, axis=0)
    w = np.ones((design.n, 1)) if design.w is None else design.w[:, None]
    columns = np.column_stack([x, design.y_within])
    products = (columns[:, :k, None] * columns[:, None, :]).reshape(design.n, -1) * w
    sums = group_sums(codes, products, drawn.shape[1])  # (G, k (k + 1))
    moments = (drawn.astype(np.float64) @ sums).reshape(len(drawn), k, k + 1)
    found = np.full((len(drawn), k), np.nan)
    full = np.linalg.matrix_rank(moments[:, :, :k], hermitian=True) == k
    found[full] = np.linalg.solve(moments[full][:, :, :k], moments[full][:, :, k:])[:, :, 0]
    return np.asarray(found / np.linalg.norm(design.X_within, axis=0))


def mundlak_test(estimate: Estimate, *, distribution: str = "F") -> Test:
    """Mundlak's test: do the regions' means of the regressors belong into the model?

    With the means added, the coefficients of the regressors are those of fixed effects; random
    effects (or none) will do if the means' coefficients are zero. Under classical errors this is
    Hausman's test; with ``panel.cluster`` it is its robust form, and a covariance that need not
    be positive never comes up.

    Parameters
    ----------
    estimate : by ``panel.random_effects`` of the regions, ``panel.pooled``, ``panel.ols`` with
        fixed effects of other things than regions, or ``panel.mundlak``. Its covariance is used.
    distribution : "F" or "chi2".

    Returns
    -------
    Test; its details list the means' coefficients.

    Raises
    ------
    EstimationError : fixed effects of the regions, another estimator, or no regressor that varies
        both within and between regions.

    References
    ----------
    Mundlak (1978), Econometrica 46; Arellano (1993), J. Econometrics 59; Wooldridge (2010),
    section 10.7.3.
    """
    require_estimate(estimate, "Mundlak's test")
    means = [name for name in estimate.names if name.startswith("mean(")]
    if not (estimate.design.derive is not None and means):
        estimate = augmented(estimate, _means(estimate), "Mundlak's test")
        means = [name for name in estimate.names if name.startswith("mean(")]
    found = wald(estimate, means, distribution=distribution)
    null = "the effects are not correlated with the regressors' means"
    return replace(found, name="Mundlak test", null=null)


def _means(estimate: Estimate) -> dict[str, FloatArray]:
    """Means over the years, for each row, of what varies within and between regions."""
    test, design = "Mundlak's test", estimate.design
    unit = design.frame.unit
    if design.observations is not None:
        raise unsuited(test, estimate, "whose observations are means over years")
    if unit in design.spec.absorb:
        raise unsuited(
            test, estimate, f"with fixed effects of {unit}",
            "give the estimate by panel.random_effects or panel.pooled.",
        )  # fmt: skip
    random = design.transformed
    if random and ("theta" not in estimate.stats or "theta_time" in estimate.stats):
        raise unsuited(
            test, estimate, "on transformed columns",
            "give random effects of the regions alone, with i(year) for those of the years.",
        )  # fmt: skip
    codes, groups = recode(design.frame.unit_codes[design.rows])
    counts = group_counts(codes, groups)[:, None]
    # The mean of quasi-demeaned rows is the mean, quasi-demeaned.
    means = (group_sums(codes, design.X_within if random else design.X, groups) / counts)[codes]
    plain = group_sums(codes, design.X, groups) / counts
    size = _CONSTANT * np.abs(design.X).max(axis=0)
    varies = np.abs(design.X - plain[codes]).max(axis=0) > size
    chosen = np.flatnonzero(varies & (np.ptp(plain, axis=0) > size))
    if not len(chosen):
        raise EstimationError(
            f"No regressor of {design.spec} varies both within and between {unit}s.",
            variable=" + ".join(design.spec.terms),
            remedy="there is nothing to test: the effects cannot be correlated with the means.",
        )
    if design.absorber is not None:
        means = design.absorber.residualize(means)
    return {f"mean({design.names[j]})": means[:, j] for j in chosen}


def _compared(a: Estimate, b: Estimate, terms: Iterable[str] | None) -> tuple[str, ...]:
    """Names both estimates have."""
    for estimate in (a, b):
        require_estimate(estimate, "Hausman's test")
    if a.depvar != b.depvar:
        raise EstimationError(
            f"The estimates explain {a.depvar!r} and {b.depvar!r}.", variable=b.depvar,
            value=(a.depvar, b.depvar), remedy="estimate the same equation by both methods.",
        )  # fmt: skip
    both = tuple(n for n in a.names if n in b.names and n != "(Intercept)")
    if terms is None:
        if not both:
            raise EstimationError(
                "The two estimates have no coefficient in common.", variable="efficient",
                value=b.names, remedy="estimate the same equation by both methods.",
            )  # fmt: skip
        return both
    wanted = tuple(terms)
    for name in wanted:
        if name not in both:
            raise EstimationError(
                f"{name!r} is not a coefficient of both estimates.", variable=name, value=name,
                remedy=suggest(name, both),
            )  # fmt: skip
    return wanted


def _positions(estimate: Estimate, names: tuple[str, ...]) -> list[int]:
    return [estimate.names.index(name) for name in names]


def _details(
    consistent: FloatArray, efficient: FloatArray, spread: FloatArray, names: tuple[str, ...]
) -> pd.DataFrame:
    with np.errstate(invalid="ignore"):  # a difference of covariances may have none
        errors = np.sqrt(np.diag(spread))
    return pd.DataFrame(
        {
            "consistent": consistent, "efficient": efficient,
            "difference": consistent - efficient, "std_error": errors,
        },
        index=list(names),
    )  # fmt: skip
