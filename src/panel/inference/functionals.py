"""Numbers made of a model's coefficients and fixed effects, with their influence functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray, IntArray, PanelFrame
from panel.core.prediction import IDENTITY, Response, require_coefficients
from panel.core.scores import Scores
from panel.core.terms import Columns, columns_of
from panel.errors import DataError, EstimationError, suggest
from panel.kernels.groups import group_counts, group_sums

# Both sides come from the same columns by a few products; what is not identified differs at once.
_SAME = 1e-7


@dataclass(frozen=True, eq=False)
class Model:
    """An estimate and the columns that its margins are made of.

    Parameters
    ----------
    estimate : with its own coefficients.
    scale : "response" for the mean of the outcome, "index" for the linear index.
    """

    estimate: Estimate
    scale: str

    @property
    def design(self) -> Design:
        """The design of the estimate."""
        return self.estimate.design

    @property
    def response(self) -> Response:
        """What the numbers are a function of."""
        own = self.estimate.response
        return IDENTITY if self.scale == "index" or own is None else own

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The K regressors: the k with coefficients, then those that were left out."""
        known = self.columns(self.design.frame, derived=False)
        left_out = dict.fromkeys(d.column for d in self.design.dropped if d.column in known)
        own = self.design.names
        return (*own, *(name for name in left_out if name not in own))

    @cached_property
    def coef(self) -> FloatArray:
        """Their coefficients (K,), 0 for those left out."""
        return np.pad(self.estimate.coef, (0, len(self.names) - len(self.design.names)))

    @cached_property
    def effects(self) -> FloatArray:
        """Sum of the fixed effects (rows,) in the rows used."""
        design, estimate = self.design, self.estimate
        if design.absorber is None:
            return np.zeros(len(design.rows))
        return np.asarray(design.y - estimate.residuals - design.X @ estimate.coef)

    def columns(self, frame: PanelFrame, *, derived: bool) -> Columns:
        """Columns of the right side in a frame; ``derived``: as the estimator used them."""
        spec = self.design.spec
        found: Columns = {"(Intercept)": np.ones(len(frame))}
        for term in (*spec.terms, *spec.endogenous):
            found |= columns_of(term, frame, new=True)
        derive = self.design.derive
        return derive(frame, found) if derived and derive is not None else found

    def matrix(self, columns: Columns, rows: IntArray | slice) -> FloatArray:
        """Columns (rows, K) by name; those that are not there are 0."""
        nothing = np.zeros(len(next(iter(columns.values()))))
        none = np.empty((len(nothing[rows]), 0))  # of a model of fixed effects alone
        return np.column_stack([none, *(columns.get(n, nothing)[rows] for n in self.names)])


@dataclass(frozen=True, eq=False)
class Functionals:
    """m numbers.

    Parameters
    ----------
    values : (m,).
    gradient : (m, K) derivatives with respect to the coefficients.
    loads : (n, m) derivatives with respect to the sum of the fixed effects in each row used; None
        where there are none.
    """

    values: FloatArray
    gradient: FloatArray
    loads: FloatArray | None = None

    @property
    def on_effects(self) -> bool:
        """Whether the numbers depend on fixed effects."""
        return self.loads is not None and bool(np.any(self.loads))


def as_model(estimate: Estimate, scale: str, what: str) -> Model:
    """The estimate as a model for margins.

    Raises
    ------
    EstimationError : not an estimate with its own coefficients, or the scale of the response for
        conditional logit.
    DataError : another word for the scale.
    """
    if not isinstance(estimate, Estimate):
        raise EstimationError(
            f"{what} take an estimate, not {type(estimate).__name__}.", variable="estimate",
            value=type(estimate).__name__, remedy='estimate first: m = panel.ols("y ~ x", frame).',
        )  # fmt: skip
    require_coefficients(estimate, what)
    if scale not in ("response", "index"):
        raise DataError(
            f"There is no scale {scale!r}.", variable="scale", value=scale,
            remedy=suggest(str(scale), ("response", "index")),
        )  # fmt: skip
    if scale == "response" and estimate.response is None:
        raise EstimationError(
            f"{what} of the probability need the fixed effects, which {estimate.method} conditions "
            "away: without them no average effect on the probability is identified.",
            variable="scale",
            value=scale,
            remedy='write scale="index" for the log odds, or estimate a linear probability model '
            "by ols.",
        )
    return Model(estimate, scale)


def estimated(model: Model, names: Sequence[str], found: Functionals) -> Estimate:
    """The numbers as an estimate: the delta method in the influence functions.

    A combination ``l'a`` of the effects ``a = D (D'WD)^- D'W (y - Xb)`` in the rows has the
    loadings ``q = D (D'WD)^- D'l`` on the weighted rows, l/w with their residual taken out, so that
    ``g'b + l'a`` has the influence ``psi (g - X'Wq) + w u q``. Under independent errors the two
    parts do not covary, for X less its effects is orthogonal to D.

    Raises
    ------
    EstimationError : a number that is not identified, because it depends on a regressor left out.
    """
    estimate, k = model.estimate, len(model.design.names)
    _require_identified(model, names, found)
    own = np.ascontiguousarray(found.gradient[:, :k])
    if not found.on_effects:
        return replace(estimate.map(own, names), coef=found.values.copy())
    if not by_own_moments(estimate):
        raise EstimationError(
            f"Predictions by {estimate.method} rest on fixed effects whose uncertainty is unknown.",
            variable="estimate",
            value=estimate.method,
            remedy="look at slopes or contrasts, which do not depend on them; predict() has the "
            "predictions without standard errors.",
        )
    design, loads = model.design, found.loads
    assert design.absorber is not None
    assert loads is not None
    w = np.ones((design.n, 1)) if design.w is None else design.w[:, None]
    known = np.isfinite(found.values)
    values = np.where(known, loads, 0.0) / w
    q = np.where(known, values - design.absorber.residualize(values), np.nan)
    mapped = estimate.map(own - (w * q).T @ design.X, names)
    variance = estimate.stats.get("sigma", 1.0) ** 2
    return replace(
        mapped,
        coef=found.values.copy(),
        method=f"{estimate.method} with its fixed effects",
        scores=Scores(mapped.influence + q * w * estimate.residuals[:, None]),
        classical=mapped.classical + variance * q.T @ (w * q),
    )


def by_own_moments(estimate: Estimate) -> bool:
    """Whether coefficients and fixed effects solve the moments ``w u [X D]``, or with instruments
    ``w u D``, and depend on nothing else that is estimated."""
    design = estimate.design
    if design.Z is not None or not len(design.names):
        return True
    w = 1.0 if design.w is None else design.w
    scores = design.X_within * (w * estimate.residuals)[:, None]
    if scores.shape != estimate.influence.shape:
        return False
    left = estimate.influence - scores @ _coefficients(scores, estimate.influence)
    size = np.abs(estimate.influence).max(axis=0)
    return bool((np.abs(left).max(axis=0) <= _SAME * size).all())


def finite(model: Model, x: FloatArray, what: str) -> FloatArray:
    """Columns (rows, K) of the rows used, if they are finite.

    Raises
    ------
    DataError : naming the column and the row.
    """
    bad = ~np.isfinite(x)
    if bad.any():
        i, j = np.argwhere(bad)[0]
        at = model.design.frame.table.index[model.design.rows[i]]
        raise DataError(
            f"{model.names[j]!r} has no finite value for {what} at {at[0]}, {at[1]}.",
            variable=model.names[j],
            value=float(x[i, j]),
            remedy="choose values at which the terms of the formula are defined.",
        )
    return x


# ---- regressors that were left out ---------------------------------------------------------


def _require_identified(model: Model, names: Sequence[str], found: Functionals) -> None:
    """Stop if a number moves a regressor left out in another way than those that stand for it.

    A column left out is ``X a + D e``: what the data say of its coefficient they say through a and
    e, and a number has a meaning only if its load on the column is its load on those.
    """
    k, known = len(model.design.names), np.isfinite(found.values)
    extra = found.gradient[:, k:]
    if not np.any(extra[known]):
        return
    shares, rounding, effects = _replaced(model)
    through = found.gradient[:, :k] @ shares  # (m, K - k)
    size = np.abs(found.gradient[:, :k]) @ rounding + np.abs(extra)
    if found.loads is not None and effects is not None:
        through = through + found.loads.T @ effects
        size = size + np.abs(found.loads.T) @ np.abs(effects)
    wrong = (np.abs(through - extra) > _SAME * size) & known[:, None]
    if wrong.any():
        i, j = np.argwhere(wrong)[0]
        column = model.names[k + j]
        why = next(d.reason for d in model.design.dropped if d.column == column)
        raise EstimationError(
            f"{names[i]!r} is not identified: it depends on {column!r}, which was left out of the "
            f"model ({why}).",
            variable=column,
            value=names[i],
            remedy="use fewer fixed effects, or ask for a number that does not depend on it.",
        )


def _replaced(model: Model) -> tuple[FloatArray, FloatArray, FloatArray | None]:
    """Coefficients a (k, K - k) of the columns that were left out, the size to which these are
    rounded, and the columns' effects De (n, K - k) in the rows used."""
    design, k = model.design, len(model.design.names)
    x = model.matrix(model.columns(design.frame, derived=True), design.rows)
    if design.observations is not None:  # means, or for conditional logit deviations from them
        size = int(design.observations.max()) + 1
        means = group_sums(design.observations, x, size)
        means = means / group_counts(design.observations, size)[:, None]
        x = means if model.estimate.response is not None else x - means[design.observations]
    within = x if design.absorber is None else design.absorber.residualize(x)
    shares = _coefficients(within[:, :k], within[:, k:])
    lengths = np.linalg.norm(within[:, :k], axis=0)
    rounding = np.linalg.norm(x[:, k:], axis=0) / np.where(lengths > 0, lengths, 1.0)[:, None]
    return shares, rounding, None if design.absorber is None else x[:, k:] - x[:, :k] @ shares


def _coefficients(x: FloatArray, y: FloatArray) -> FloatArray:
    """Of y (n, m) on x (n, k), whatever the units of x."""
    size = np.linalg.norm(x, axis=0)
    size[size == 0] = 1.0
    return np.asarray(np.linalg.lstsq(x / size, y, rcond=None)[0] / size[:, None])
