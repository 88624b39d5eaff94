"""How much selection on what is not observed would it take? Oster's bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from numbers import Real
from typing import Any

import numpy as np

from panel.core.absorber import IntArray
from panel.core.clusters import cluster_products, resampled
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.vcov import Vcov
from panel.diagnostics.oster_bounds import OsterBounds
from panel.diagnostics.residuals import require_levels
from panel.errors import DataError, EstimationError, FormulaError, VcovError, suggest
from panel.kernels.groups import nested
from panel.kernels.resample import cluster_moments, partialled, slopes
from panel.kernels.selection import Selection

_WHAT = "Oster's bound"
_SHARES = ("within", "overall")


def oster(
    short: Estimate,
    full: Estimate,
    treatment: str | None = None,
    *,
    rmax: float = 1.3,
    beta: float = 0.0,
    delta: float = 1.0,
    r2: str = "within",
    bootstrap: Vcov | None = None,
) -> OsterBounds:
    """Oster's bounds on a coefficient under proportional selection.

    The full model's controls moved the coefficient and raised R-squared; what is not observed may
    move it further. Proportional selection says how: with W1 the part of the outcome that the
    controls explain and W2 the part that only unobserved variables would, both given the short
    model's other regressors, ``delta cov(x, W1)/var(W1) = cov(x, W2)/var(W2)``. Delta = 1 is as
    much selection on what is not observed as on what is, Rmax the R-squared of a regression with
    everything. Given these two the coefficient is a root of a cubic equation, and for a given
    coefficient delta follows. Also assumed: W2 is uncorrelated with the controls, and the
    controls matter for treatment in proportion to how they matter for the outcome.

    Parameters
    ----------
    short, full : by ``panel.ols`` or ``panel.pooled`` from the same rows: without and with the
        controls. What both have (Oster's m, fixed effects) is no part of the selection; fixed
        effects of the full model alone count as controls.
    treatment : the regressor; may be left out if the short model has one only.
    rmax : above 1 a multiple of the full model's R-squared (1.3 is Oster's), but Rmax is never more
        than 1; up to 1 Rmax itself.
    beta : the coefficient for which ``delta`` is found.
    delta : the selection for which ``beta_star`` is found.
    r2 : "within", shares of what the short model's fixed effects leave of the outcome, as after
        Stata's ``xtreg, fe``, or "overall", as after ``areg``. It matters only through Rmax.
    bootstrap : ``panel.cluster_bootstrap("province")``, for limits of both numbers; where rmax is
        a multiple, each draw multiplies its own R-squared.

    Returns
    -------
    OsterBounds. Of several roots ``beta_star`` is that nearest to the full coefficient among those
    whose bias has the direction in which the controls moved it (assumption 3), as in Stata's
    ``psacalc``; if none has, the nearest.

    Raises
    ------
    FormulaError : no such treatment, or a short model that is not part of the full one.
    EstimationError : not plain least squares, other rows, or controls that add nothing.
    DataError : rmax below the full R-squared, or another word for ``r2``.
    VcovError : ``bootstrap`` is no cluster bootstrap, or no draw identifies the coefficients.
    DegreesOfFreedomError : one cluster to draw.

    References
    ----------
    Oster (2019), J. Business and Economic Statistics 37, propositions 1 to 3; Altonji, Elder and
    Taber (2005), J. Political Economy 113.
    """
    settings = {"rmax": rmax, "beta": beta, "delta": delta, "r2": r2}
    name = _treatment(short, full, treatment)
    _require_nested(short, full)
    _require_choices(settings)
    result = _bounds(short, full, name, settings)
    return result if bootstrap is None else _bootstrapped(result, short, full, bootstrap)


def _require_choices(settings: Mapping[str, Any]) -> None:
    for word in ("rmax", "beta", "delta"):
        value = settings[word]
        if isinstance(value, bool) or not isinstance(value, Real) or not isfinite(value):
            raise DataError(
                f"{word} must be a number, not {value!r}.", variable=word, value=value,
                remedy="the usual choice is rmax=1.3, beta=0, delta=1.",
            )  # fmt: skip
    if (r2 := settings["r2"]) not in _SHARES:
        raise DataError(
            f"R-squared cannot be {r2!r}.", variable="r2", value=r2,
            remedy=suggest(str(r2), _SHARES),
        )  # fmt: skip


def _bounds(short: Estimate, full: Estimate, name: str, settings: Mapping[str, Any]) -> OsterBounds:
    """The bounds on the coefficient ``name`` in the sample."""
    one, two = (_in_sample(m, name) for m in (short, full))
    total = float(short.stats["tss"]) if settings["r2"] == "overall" else one.total
    explained = 1 - one.rss / total, 1 - two.rss / total
    limit = _limit(settings["rmax"], explained[1])
    found = _selection(one, two, total, limit)
    if found.gained <= 1e-12 * one.rss:
        raise EstimationError(
            "The full model explains no more than the short one.", variable="full",
            value=explained, remedy="add controls to the full model.",
        )  # fmt: skip
    roots = found.roots(settings["delta"])
    against = (found.full - roots[0]) * (found.short - found.full) < 0
    notes = ("No solution has the direction in which controls moved the coefficient.",)
    return OsterBounds(
        treatment=name,
        short=found.short,
        full=found.full,
        rsquared_short=explained[0],
        rsquared_full=explained[1],
        rmax=limit,
        delta=found.delta(settings["beta"]),
        beta_star=float(roots[0]),
        roots=tuple(map(float, roots)),
        draws=np.empty((0, 2)),
        settings=settings,
        notes=notes if against else (),
    )


@dataclass(frozen=True, eq=False)
class _Fit:
    """Of one regression, or of it in each draw: the coefficient, sums of squares, and the
    treatment's sum of squares given the other regressors; ``total`` without the effects only."""

    coef: Any
    rss: Any
    total: Any
    given: Any


def _selection(short: _Fit, full: _Fit, total: float, limit: float) -> Selection:
    missing = limit * total - (total - full.rss)
    return Selection(short.coef, full.coef, short.rss - full.rss, missing, short.given, full.given)


def _limit(rmax: float, full: float) -> float:
    """Rmax from what was given and the full model's R-squared."""
    limit = min(1.0, rmax * full) if rmax > 1 else float(rmax)
    if not limit >= full:
        raise DataError(
            f"Rmax is {limit:.4g}, less than the full model's R-squared of {full:.4g}.",
            variable="rmax", value=rmax,
            remedy="give a multiple of it, rmax=1.3, or a number between it and 1.",
        )  # fmt: skip
    return limit


def _basis(design: Design, name: str) -> tuple[FloatArray, float]:
    """Orthonormal regressors (n, k), the treatment's part last, and its length."""
    order = [j for j, n in enumerate(design.names) if n != name] + [design.names.index(name)]
    root = np.ones(design.n) if design.w is None else np.sqrt(design.w)
    q, r = np.linalg.qr(design.X_within[:, order] * root[:, None])
    return np.asarray(q / root[:, None]), float(r[-1, -1])


def _in_sample(estimate: Estimate, name: str) -> _Fit:
    design = estimate.design
    w = np.ones(design.n) if design.w is None else np.asarray(design.w)
    centred = design.y_within
    if design.absorber is None and design.spec.intercept:
        centred = design.y - np.average(design.y, weights=w)
    return _Fit(
        float(estimate.params[name]), float(estimate.stats["rss"]), float(w @ centred**2),
        _basis(design, name)[1] ** 2,
    )  # fmt: skip


def _bootstrapped(
    result: OsterBounds, short: Estimate, full: Estimate, bootstrap: Vcov
) -> OsterBounds:
    """The bounds in samples of clusters drawn with replacement."""
    codes, times = resampled(short.design, bootstrap, _WHAT)
    settings = result.settings
    fits = [_drawn(m.design, result.treatment, codes, iter(times)) for m in (short, full)]
    totals = fits[0].total
    if settings["r2"] == "overall" or short.design.absorber is None:
        totals = np.concatenate([_totals(short.design, codes, t) for t in times])
    found = np.full((len(totals), 2), np.nan)
    for b, total in enumerate(totals):
        one, two = (_Fit(f.coef[b], f.rss[b], total, f.given[b]) for f in fits)
        share = 1 - two.rss / total
        if np.isfinite(share) and np.isfinite(one.coef):
            rmax = settings["rmax"]
            drawn = _selection(
                one, two, total, max(share, _limit(rmax, share) if rmax > 1 else rmax)
            )
            found[b] = drawn.delta(settings["beta"]), drawn.roots(settings["delta"])[0]
    whole = found[np.isfinite(found).all(axis=1)]
    lost, draws = len(found) - len(whole), len(found)
    if not len(whole):
        raise VcovError(
            f"None of {draws} draws identifies the coefficients.", variable="bootstrap",
            remedy="leave out terms that vary in few clusters.",
        )  # fmt: skip
    notes = (f"{lost} of {draws} draws do not identify the coefficients.",) if lost else ()
    settings = {**settings, **bootstrap.settings}
    return replace(result, draws=whole, settings=settings, notes=(*result.notes, *notes))


def _drawn(design: Design, name: str, codes: IntArray, times: Iterator[FloatArray]) -> _Fit:
    """Coefficient, sums of squares and the treatment's own in each draw, (draws,) each."""
    basis, length = _basis(design, name)
    size = float(np.linalg.norm(design.y_within))
    data = np.column_stack([basis, design.y_within / size])
    products = cluster_products(design, data, codes, times, _WHAT)
    coef, inverse = slopes(products)
    rss = products[:, -1, -1] - np.einsum("bk,bk->b", coef, products[:, :-1, -1])
    return _Fit(
        coef[:, -1] * size / length, rss * size**2, products[:, -1, -1] * size**2,
        length**2 / inverse[:, -1, -1],
    )  # fmt: skip


def _totals(design: Design, codes: IntArray, times: FloatArray) -> FloatArray:
    """The outcome's sum of squares about its mean in each draw, (draws,)."""
    w = np.ones(design.n) if design.w is None else np.asarray(design.w)
    centred = design.spec.intercept or design.absorber is not None
    columns = np.column_stack([np.ones(design.n), design.y - design.y.mean()])
    columns = columns if centred else design.y[:, None]
    moments = cluster_moments(columns, w, codes, int(codes.max()) + 1)
    return partialled(moments, times, 1)[:, 0, 0]


def _treatment(short: Estimate, full: Estimate, given: str | None) -> str:
    for estimate in (short, full):
        require_levels(estimate, _WHAT)
    slopes_of = [n for n in short.names if n != "(Intercept)"]
    if given is None and len(slopes_of) != 1:
        raise FormulaError(
            f"The short model has {len(slopes_of)} regressors.", variable="treatment",
            value=slopes_of, remedy="say which is meant: treatment=...",
        )  # fmt: skip
    name = slopes_of[0] if given is None else given
    for estimate in (short, full):
        if name not in estimate.names:
            raise FormulaError(
                f"{name!r} is not a coefficient of {estimate.formula}.", variable=name,
                remedy=suggest(name, estimate.names),
            )  # fmt: skip
    return name


def _require_nested(short: Estimate, full: Estimate) -> None:
    """Stop unless both have the same rows, outcome and weights, and full has all that short has."""
    one, two = short.design, full.design
    same = one.index.equals(two.index) and np.array_equal(one.y, two.y)
    if (
        not same
        or (one.w is None) != (two.w is None)
        or (one.w is not None and two.w is not None and not np.array_equal(one.w, two.w))
    ):
        raise EstimationError(
            "The short and the full model are not of one outcome, with the same rows and weights.",
            variable="short", value=(short.nobs, full.nobs),
            remedy='leave out of both what one lacks: sample="w == w" keeps the rows that have w.',
        )  # fmt: skip
    constant = two.absorber is not None or "(Intercept)" in two.names
    extra = [n for n in one.names if n not in two.names and not (n == "(Intercept)" and constant)]
    theirs = two.absorber.codes if two.absorber else ()
    mine = zip(one.absorber.names, one.absorber.codes, strict=True) if one.absorber else ()
    extra += [n for n, codes in mine if not any(nested(c, codes) for c in theirs)]
    if extra:
        raise FormulaError(
            f"The short model has {', '.join(extra)}, which the full one has not.",
            variable=extra[0], value=extra, remedy="the full model is the short one with controls.",
        )  # fmt: skip
