"""Predictions with intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from panel.core.estimate import Estimate
from panel.core.frame import FloatArray, PanelFrame
from panel.core.prediction import as_rows, known_levels
from panel.core.terms import numbers, variables_of
from panel.errors import DataError, EstimationError
from panel.inference.cells import At, By, Cell, cells, new_cells
from panel.inference.functionals import (
    Functionals,
    Model,
    as_model,
    by_own_moments,
    estimated,
    finite,
)
from panel.inference.margins import Margins


def predictions(
    estimate: Estimate,
    newdata: PanelFrame | pd.DataFrame | None = None,
    *,
    at: At | None = None,
    by: By | None = None,
    scale: str = "response",
) -> Margins:
    """Expected outcomes with confidence limits, fixed effects and their uncertainty included.

    Parameters
    ----------
    estimate : by any estimator but conditional logit.
    newdata : rows to predict: one prediction a row, or with ``by`` one a group. If left out, the
        mean over the rows used, with ``at`` and ``by`` as for :func:`panel.slopes`.
    at : values of variables to set in all rows used.
    by : variables whose groups have predictions of their own.
    scale : "response", or "index" for the linear index, which ``predict`` gives.

    Returns
    -------
    Margins; ``conf_int()`` has the limits of the mean, for least squares ``prediction_int()`` those
    of a new outcome. Missing where ``predict`` is: a fixed effect that was not met, or never with
    the others of the row. Of an equation in changes predictions are changes, of random effects
    means over the effects.

    Where clusters hold fixed effects whole (``| province`` and ``cluster("province")``), the
    levels of these effects are taken as given, and a note says so.

    Raises
    ------
    EstimationError : conditional logit; a prediction that depends on a regressor left out; fixed
        effects of an estimator whose uncertainty is not known (``quantile``).
    DataError : ``at`` with new data; values or groups that the data do not have.

    References
    ----------
    Wooldridge (2020), Introductory Econometrics, section 6.4; Stata's ``margins``.
    """
    model = as_model(estimate, scale, "Predictions")
    if estimate.response is None:
        raise EstimationError(
            f"{estimate.method} does not estimate the fixed effects, so that it predicts no level.",
            variable="estimate", value=estimate.method,
            remedy='look at panel.slopes or panel.contrasts with scale="index".',
        )  # fmt: skip
    if newdata is None:
        return _of_rows_used(model, at, by)
    if at is not None:
        raise DataError(
            "New data have the values that at would set.", variable="at", value=at,
            remedy="set them in the new data, or leave newdata out.",
        )  # fmt: skip
    return _of_new_rows(model, as_rows(estimate, newdata), by)


def _of_rows_used(model: Model, at: At | None, by: By | None) -> Margins:
    design = model.design
    every, values, gradients, loads = [], [], [], []
    for row in cells(design, at, by):
        columns = model.columns(row[0].frame, derived=True)
        x = finite(model, model.matrix(columns, design.rows), "the values of at")
        index = x @ model.coef + model.effects
        mean, slope = model.response.mean(index), model.response.slope(index)
        for cell in row:
            every.append(cell)
            values.append(cell.mean(mean[cell.at]))
            gradients.append(cell.mean(slope[cell.at, None] * x[cell.at]))
            own = np.zeros(len(design.rows))
            own[cell.at] = cell.weights * slope[cell.at]
            loads.append(own)
    by_row = np.column_stack(loads) if design.absorber is not None else None
    found = Functionals(np.array(values), np.array(gradients), by_row)
    return _margins(model, every, [cell.name or "mean" for cell in every], found)


def _of_new_rows(model: Model, frame: PanelFrame, by: By | None) -> Margins:
    design, absorber = model.design, model.design.absorber
    if not len(frame):
        raise DataError(
            "The new data have no rows.", variable="newdata", remedy="give the rows to predict."
        )
    every = new_cells(design, frame, by)
    x = model.matrix(model.columns(frame, derived=True), slice(None))
    x[~np.isfinite(design.matrix(frame)).all(axis=1)] = np.nan  # where predict has none
    index, weights = x @ model.coef, np.zeros((len(frame), len(every)))
    for j, cell in enumerate(every):
        weights[cell.rows, j] = cell.weights
    stand_in = loads = None
    if absorber is not None:
        codes, known = known_levels(absorber, frame)
        stand_in = absorber.spanned([c[known] for c in codes])  # (n, rows known)
        effects = np.full(len(frame), np.nan)
        effects[known] = stand_in.T @ model.effects
        index = index + effects
    mean, slope = model.response.mean(index), model.response.slope(index)
    slope = np.where(np.isfinite(index), slope, np.nan)
    loads = (
        None if stand_in is None else stand_in @ np.nan_to_num(slope[known, None] * weights[known])
    )
    values = np.array([cell.mean(mean[cell.rows]) for cell in every])
    gradient = np.array([cell.mean(slope[cell.rows, None] * x[cell.rows]) for cell in every])
    names = [
        cell.name if by is not None else ", ".join(map(str, cell.place.values())) for cell in every
    ]
    return _margins(model, every, names, Functionals(values, gradient, loads))


def _margins(
    model: Model, every: Sequence[Cell], names: Sequence[str], found: Functionals
) -> Margins:
    table = pd.DataFrame([dict(cell.place) for cell in every], index=range(len(every)))
    made = estimated(model, names, found)
    given = model.design.spec.absorb if found.on_effects else ()
    return Margins(made, table, "predictions", model.scale, _noise(model, every), given)


def _noise(model: Model, every: Sequence[Cell]) -> FloatArray | None:
    """Variance (m,) of a new error in each cell; None unless it is one row, and the model by least
    squares."""
    estimate, design = model.estimate, model.design
    moved = design.transformed
    weights = design.spec.analytic
    if (
        any(len(cell.rows) > 1 for cell in every)
        or model.response.name != "identity"
        or "sigma" not in estimate.stats
        or design.observations is not None
        or design.Z is not None
        or moved
        or not by_own_moments(estimate)
        or any(v not in every[0].frame for v in variables_of(weights or "0"))
    ):
        return None
    rows = np.array([cell.rows[0] for cell in every])
    w = np.ones(len(rows)) if weights is None else numbers(weights, every[0].frame)[rows]
    return np.asarray(estimate.stats["sigma"] ** 2 / w)
