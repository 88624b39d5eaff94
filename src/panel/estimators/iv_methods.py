"""How instrumental variables are used: two-stage least squares, LIML, Fuller, GMM, CUE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from numbers import Real
from typing import Protocol, runtime_checkable

import numpy as np
from scipy import linalg
from scipy.optimize import minimize

from panel.core.design import Design
from panel.core.fields import fields_as_html
from panel.core.frame import FloatArray
from panel.core.instruments import Parts, moment_covariance, parts, require_weights
from panel.core.vcov import Vcov, as_vcov
from panel.errors import ConvergenceError, EstimationError
from panel.kernels.instruments import (
    Solved,
    k_class,
    method_of_moments,
    quadratic_form,
    smallest_ratio,
)

# Iterations end when no coefficient moves by more than this share of its standard error.
_SETTLED = 1e-10
_STEPS = 1000
# Slope of J per standard error at which a minimum is one: coefficients are then as near to it.
_FLAT = 1e-6


@dataclass(frozen=True)
class Fitted:
    """What a method finds.

    Parameters
    ----------
    name : what a table calls the estimator.
    solved : coefficients, loadings and bread.
    stats : statistics beside those of every regression: kappa of the k-class and Fuller's alpha;
        J and its degrees of freedom J_df of a method of moments.
    """

    name: str
    solved: Solved
    stats: Mapping[str, float] = field(default_factory=dict)


@runtime_checkable
class Method(Protocol):
    """A way to use instruments; ``needs`` names the variables it reads beside the formula's."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Variables of the weights."""

    def __call__(self, design: Design, vcov: Vcov, /) -> Fitted:
        """Coefficients of a design."""


@dataclass(frozen=True)
class TwoStage:
    """Two-stage least squares: see :func:`tsls`."""

    _repr_html_ = fields_as_html

    @property
    def needs(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def __call__(self, design: Design, vcov: Vcov) -> Fitted:  # noqa: ARG002
        """Coefficients of a design."""
        columns = parts(design)
        return Fitted("2SLS", k_class(columns.x, columns.y, columns.q, 1.0), {"kappa": 1.0})


@dataclass(frozen=True)
class LimitedInformation:
    """Limited-information maximum likelihood: see :func:`liml` and :func:`fuller`."""

    alpha: float = 0.0

    _repr_html_ = fields_as_html

    @property
    def needs(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    def __call__(self, design: Design, vcov: Vcov) -> Fitted:  # noqa: ARG002
        """Coefficients of a design."""
        columns = parts(design)
        both = np.column_stack([columns.outcome, columns.endogenous])
        absorbed = design.absorber.rank if design.absorber else 0
        left = design.n - absorbed - columns.q.shape[1]
        exact = len(design.instruments) == len(design.endogenous)
        smallest = 1.0 if exact else smallest_ratio(both, columns.q1, columns.q2)
        kappa = smallest - self.alpha / left
        solved = k_class(columns.x, columns.y, columns.q, kappa)
        if not self.alpha:
            return Fitted("LIML", solved, {"kappa": kappa})
        stats = {"kappa": kappa, "fuller_alpha": self.alpha}
        return Fitted(f"Fuller ({self.alpha:g})", solved, stats)


@dataclass(frozen=True)
class Moments:
    """Generalised method of moments: see :func:`gmm`."""

    weights: Vcov | None = None
    iterated: bool = False

    _repr_html_ = fields_as_html

    @property
    def needs(self) -> tuple[str, ...]:
        """Variables that the weights read."""
        return self.weights.needs if self.weights is not None else ()

    def __call__(self, design: Design, vcov: Vcov) -> Fitted:
        """Coefficients of a design."""
        moments = _Moments(design, parts(design), self.weights or vcov)
        solved, weight = moments.step(moments.first.coef)
        if not self.iterated:
            return moments.fitted("GMM", solved, weight)
        moved = np.inf
        for _ in range(_STEPS):
            before, (solved, weight) = solved, moments.step(solved.coef)
            moved = float(np.abs((solved.coef - before.coef) / moments.errors(solved)).max())
            if moved <= _SETTLED:
                return moments.fitted("Iterated GMM", solved, weight)
        raise _unsettled("The iterated method of moments", design, moved)


@dataclass(frozen=True)
class ContinuousUpdating:
    """The continuously updated estimator: see :func:`cue`."""

    weights: Vcov | None = None

    _repr_html_ = fields_as_html

    @property
    def needs(self) -> tuple[str, ...]:
        """Variables that the weights read."""
        return self.weights.needs if self.weights is not None else ()

    def __call__(self, design: Design, vcov: Vcov) -> Fitted:
        """Coefficients of a design."""
        moments = _Moments(design, parts(design), self.weights or vcov)
        start, weight = moments.step(moments.first.coef)
        turn = moments.directions(weight)

        def criterion(t: FloatArray) -> tuple[float, FloatArray]:
            return moments.criterion(start.coef + turn @ t, turn)

        found = minimize(
            criterion, np.zeros(len(turn)), jac=True, method="BFGS",
            options={"gtol": _SETTLED, "maxiter": _STEPS},
        )  # fmt: skip
        slope = float(np.abs(found.jac).max())
        if not slope <= _FLAT:  # BFGS also stops, as it should, where rounding hides any descent
            raise _unsettled("The continuously updated estimator", design, slope)
        coef = start.coef + turn @ found.x
        solved, weight = moments.step(coef)
        return moments.fitted("CUE", Solved(coef, solved.loadings, solved.bread), weight)


class _Moments:
    """Moments ``g = Q'(y - Xb)`` of a design, and their covariance at any b."""

    def __init__(self, design: Design, columns: Parts, vcov: Vcov) -> None:
        self.design, self.vcov = design, vcov
        self.y, self.x, self.q = columns.y, columns.x, columns.q
        self.first = k_class(self.x, self.y, self.q, 1.0)

    def covariance(self, coef: FloatArray) -> FloatArray:
        """S (m, m) of the moments at b."""
        residual = (self.y - self.x @ coef)[:, None]
        return moment_covariance(self.design, self.vcov, self.q, residual).matrix

    def step(self, coef: FloatArray) -> tuple[Solved, FloatArray]:
        """The estimator that weighs moments by their covariance at b, and that covariance."""
        weight = require_weights(self.covariance(coef))
        return method_of_moments(self.x, self.y, self.q, weight), weight

    def errors(self, solved: Solved) -> FloatArray:
        """Rough standard errors (k,), to judge a step by."""
        residual = self.y - self.x @ solved.coef
        return np.asarray(np.linalg.norm(solved.loadings * residual[:, None], axis=0))

    def directions(self, weight: FloatArray) -> FloatArray:
        """T (k, k) with ``TT' = (X'Q S^-1 Q'X)^-1``: along its columns J is nearly a circle."""
        half = np.linalg.solve(np.linalg.cholesky(weight), self.q.T @ self.x)
        scale = np.linalg.norm(half, axis=0)
        r = linalg.qr(half / scale, mode="r")[0][: len(scale)]
        return np.asarray(linalg.solve_triangular(r, np.eye(len(scale))) / scale[:, None])

    def criterion(self, coef: FloatArray, turn: FloatArray) -> tuple[float, FloatArray]:
        """``g'S^-1 g`` with S at the same b, and its derivative (k,) in the directions ``turn``.

        With a = S^-1 g the derivative is ``-2 X'Qa + 2 cov(a'q_i u_i, a'q_i x_i)``.
        """
        residual = self.y - self.x @ coef
        moments = self.q.T @ residual
        a = np.linalg.solve(self.covariance(coef), moments)
        both = np.column_stack([residual, self.x])
        cross = moment_covariance(self.design, self.vcov, (self.q @ a)[:, None], both).matrix
        slope = 2.0 * cross[0, 1:] - 2.0 * (a @ self.q.T) @ self.x
        return float(a @ moments), turn.T @ slope

    def fitted(self, name: str, solved: Solved, weight: FloatArray) -> Fitted:
        """The result, with Hansen's J."""
        j = quadratic_form(self.q.T @ (self.y - self.x @ solved.coef), weight)
        surplus = self.q.shape[1] - self.x.shape[1]
        return Fitted(name, solved, {"J": j if surplus else 0.0, "J_df": surplus})


def _unsettled(what: str, design: Design, value: float) -> ConvergenceError:
    return ConvergenceError(
        f"{what} of {design.spec.y!r} did not settle in {_STEPS} steps.",
        variable=design.spec.y,
        value=value,
        remedy="the instruments are weak or the weights erratic: look at weak_instruments(), and "
        "use gmm() in two steps or liml().",
    )


def tsls() -> TwoStage:
    """Two-stage least squares: regressors are replaced by their fit on all instruments."""
    return TwoStage()


def liml() -> LimitedInformation:
    """Limited-information maximum likelihood, the k-class estimator that minimises the ratio of
    explained to unexplained errors; nearly median-unbiased with weak or many instruments.

    Its kappa is in ``estimate.stats``. Robust covariances take the fitted regressors as loadings,
    as ivreg2 and linearmodels do.

    References
    ----------
    Anderson and Rubin (1949), Annals of Mathematical Statistics 20.
    """
    return LimitedInformation()


def fuller(alpha: float = 1.0) -> LimitedInformation:
    """Fuller's modification of LIML, which has moments.

    Parameters
    ----------
    alpha : kappa is LIML's less alpha/(n - m), m instruments with exogenous regressors and fixed
        effects; 1 is nearly unbiased, 4 minimises the mean squared error.

    Raises
    ------
    EstimationError : alpha is not positive.

    References
    ----------
    Fuller (1977), Econometrica 45.
    """
    if isinstance(alpha, bool) or not isinstance(alpha, Real) or not 0 < alpha < np.inf:
        raise EstimationError(
            f"Fuller's alpha must be a positive number, not {alpha!r}.",
            variable="alpha",
            value=alpha,
            remedy="use 1 (nearly unbiased) or 4 (least mean squared error); 0 is liml().",
        )
    return LimitedInformation(float(alpha))


def gmm(
    weights: Vcov | str | Mapping[str, str] | None = None, *, iterated: bool = False
) -> Moments:
    """Efficient generalised method of moments, in two steps or iterated.

    Parameters
    ----------
    weights : how moments depend on one another, a covariance such as ``panel.cluster("province")``
        or fixest's spelling; the covariance of the model if left out, as in ivreg2. Under "iid"
        the estimator is two-stage least squares. Small-sample corrections play no part.
    iterated : weigh and estimate again until the coefficients settle.

    Notes
    -----
    ``estimate.stats`` has Hansen's J and its degrees of freedom J_df. Standard errors are the
    sandwich with the final residuals (linearmodels, Stata's ivregress); ivreg2 prints those with
    the residuals of the first step. Fixed effects are taken out first, as ivreghdfe does: dummies
    among the moments would give the same coefficients and J in two steps, but other residuals.

    References
    ----------
    Hansen (1982), Econometrica 50.
    """
    return Moments(None if weights is None else as_vcov(weights), iterated)


def cue(weights: Vcov | str | Mapping[str, str] | None = None) -> ContinuousUpdating:
    """Continuously updated GMM: weights and coefficients minimise J together. LIML under "iid".

    The minimum next to the two-step estimator is taken; with weak instruments J may be lower far
    away, where coefficients make no sense.

    Parameters
    ----------
    weights : as for :func:`gmm`.

    References
    ----------
    Hansen, Heaton and Yaron (1996), JBES 14.
    """
    return ContinuousUpdating(None if weights is None else as_vcov(weights))
