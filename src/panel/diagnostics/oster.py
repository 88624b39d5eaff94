"""How much selection on what is not observed would it take? Oster's bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from numbers import Real
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from panel.core.absorber import IntArray
from panel.core.clusters import cluster_products, resampled
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.vcov import Vcov
from panel.diagnostics.residuals import require_levels
from panel.errors import DataError, EstimationError, FormulaError, VcovError, suggest
from panel.kernels.groups import nested
from panel.kernels.resample import cluster_moments, partialled, slopes
from panel.kernels.selection import Selection

_WHAT = "Oster's bound"
_SHARES = ("within", "overall")


@dataclass(frozen=True, eq=False)
class OsterBounds:
    """Oster's delta and bias-adjusted coefficient.

    Parameters
    ----------
    treatment : the regressor in question.
    short, full : its coefficient without and with the controls.
    rsquared_short, rsquared_full, rmax : R-squared without and with the controls, and with
        everything that matters.
    delta : the selection for which the coefficient would be ``settings["beta"]``.
    beta_star : the coefficient if the selection is ``settings["delta"]``.
    roots : all solutions for the coefficient, ``beta_star`` first.
    draws : (B, 2) delta and beta_star in resampled clusters; B = 0 without bootstrap.
    settings : every choice that changes the result.
    notes : what a reader must know.
    """

    treatment: str
    short: float
    full: float
    rsquared_short: float
    rsquared_full: float
    rmax: float
    delta: float
    beta_star: float
    roots: tuple[float, ...]
    draws: FloatArray = field(repr=False)
    settings: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.draws.flags.writeable = False
        object.__setattr__(self, "settings", MappingProxyType(dict(self.settings)))

    @property
    def identified_set(self) -> tuple[float, float]:
        """The interval between the full coefficient and ``beta_star``."""
        return min(self.full, self.beta_star), max(self.full, self.beta_star)

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """Percentile limits of delta and beta_star over the resampled clusters.

        Raises
        ------
        VcovError : no bootstrap was asked for.
        DataError : alpha is not between 0 and 1.
        """
        if not len(self.draws):
            raise VcovError(
                "There are no draws to take limits from.", variable="bootstrap",
                remedy='give bootstrap=panel.cluster_bootstrap("province") to oster.',
            )  # fmt: skip
        if not (isinstance(alpha, Real) and 0 < alpha < 1):
            raise DataError(
                f"alpha must lie between 0 and 1, not {alpha!r}.", variable="alpha", value=alpha,
                remedy="0.05 gives limits of 95 percent.",
            )  # fmt: skip
        limits = np.quantile(self.draws, [alpha / 2, 1 - alpha / 2], axis=0).T
        return pd.DataFrame(limits, ["delta", "beta_star"], ["conf_low", "conf_high"])

    def tidy(self) -> pd.DataFrame:
        """One row each for the short and the full coefficient, beta_star and delta."""
        return pd.DataFrame(
            {
                "term": ["short", "full", "beta_star", "delta"],
                "estimate": [self.short, self.full, self.beta_star, self.delta],
                "rsquared": [self.rsquared_short, self.rsquared_full, self.rmax, self.rmax],
            }
        )

    def _lines(self) -> list[str]:
        s, limits = self.settings, ("", "")
        if len(self.draws):
            rows = self.conf_int().to_numpy()
            limits = (
                f" [{rows[0, 0]:.4g}, {rows[0, 1]:.4g}]",
                f" [{rows[1, 0]:.4g}, {rows[1, 1]:.4g}]",
            )
        low, high = self.identified_set
        return [
            f"Oster's bounds for {self.treatment}, {s['r2']} R-squared",
            f"without controls {self.short:.5g} (R2 {self.rsquared_short:.4f}), with controls "
            f"{self.full:.5g} (R2 {self.rsquared_full:.4f}), Rmax {self.rmax:.4f}",
            f"coefficient for delta = {s['delta']:g}: {self.beta_star:.5g}{limits[1]}; "
            f"identified set from {low:.5g} to {high:.5g}",
            f"delta for a coefficient of {s['beta']:g}: {self.delta:.5g}{limits[0]}",
            *self.notes,
        ]

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        head, *rest = map(escape, self._lines())
        return f"<div><p><b>{head}</b><br>{'<br>'.join(rest)}</p></div>"

    def __getstate__(self) -> dict[str, Any]:
        plain = {"settings": dict(self.settings)}
        return {k: getattr(self, k) for k in self.__dataclass_fields__} | plain

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()


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
    name = _treatment(short, full, treatment)
    _require_nested(short, full)
    for word, value in (("rmax", rmax), ("beta", beta), ("delta", delta)):
        if isinstance(value, bool) or not isinstance(value, Real) or not np.isfinite(value):
            raise DataError(
                f"{word} must be a number, not {value!r}.", variable=word, value=value,
                remedy="the usual choice is rmax=1.3, beta=0, delta=1.",
            )  # fmt: skip
    if r2 not in _SHARES:
        raise DataError(
            f"R-squared cannot be {r2!r}.",
            variable="r2",
            value=r2,
            remedy=suggest(str(r2), _SHARES),
        )
    fits = [_in_sample(m, name) for m in (short, full)]
    total = float(short.stats["tss"]) if r2 == "overall" else fits[0].total
    explained = tuple(1 - f.rss / total for f in fits)
    limit = _limit(rmax, explained[1])
    found = _selection(fits[0], fits[1], total, limit)
    if found.gained <= 1e-12 * fits[0].rss:
        raise EstimationError(
            "The full model explains no more than the short one.", variable="full",
            value=explained, remedy="add controls to the full model.",
        )  # fmt: skip
    roots = found.roots(delta)
    against = (found.full - roots[0]) * (found.short - found.full) < 0
    notes = ("No solution has the direction in which controls moved the coefficient.",)
    settings = {"rmax": rmax, "beta": beta, "delta": delta, "r2": r2}
    result = OsterBounds(
        name, found.short, found.full, explained[0], explained[1], limit, found.delta(beta),
        float(roots[0]), tuple(map(float, roots)), np.empty((0, 2)), settings,
        notes if against else (),
    )  # fmt: skip
    return result if bootstrap is None else _bootstrapped(result, short, full, bootstrap)


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
