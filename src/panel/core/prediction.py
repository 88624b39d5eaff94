"""What an estimate predicts: the linear index with its fixed effects, and the mean behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from panel.core.formula import parts_of, slope_of
from panel.core.frame import FloatArray, IntArray, PanelFrame
from panel.core.terms import numbers
from panel.core.verb import as_frame
from panel.errors import EstimationError

if TYPE_CHECKING:
    from panel.core.absorber import Absorber
    from panel.core.estimate import Estimate

Function = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True)
class Response:
    """The mean of the outcome as a function of the linear index.

    Parameters
    ----------
    name : "identity" or "exponential".
    mean, slope, curvature : the function and its two derivatives, (n,) to (n,).
    """

    name: str
    mean: Function
    slope: Function
    curvature: Function


IDENTITY = Response("identity", np.asarray, np.ones_like, np.zeros_like)
EXPONENTIAL = Response("exponential", np.exp, np.exp, np.exp)


def require_coefficients(estimate: Estimate, what: str) -> None:
    """Stop unless the estimate holds the model's own coefficients.

    Raises
    ------
    EstimationError : it holds combinations of them, or more than a linear index.
    """
    if estimate.mapped:
        raise EstimationError(
            f"{what} need the coefficients of a linear index; this estimate holds combinations of "
            f"them, or of a spatial model: {', '.join(estimate.names[:3])}.",
            variable="estimate",
            value=estimate.names,
            remedy="take them from the estimate that was combined, or from one without spatial "
            "lags.",
        )


def effects_by_level(estimate: Estimate) -> dict[str, pd.Series]:
    """Estimated fixed effects by grouping and level."""
    require_coefficients(estimate, "Fixed effects")
    design = estimate.design
    if design.absorber is None:
        return {}
    return design.absorber.effects(design.y - design.X @ estimate.coef)


def levels_in(absorber: Absorber, frame: PanelFrame) -> tuple[IntArray, ...]:
    """Group numbers (n,) of the rows of a frame, -1 for a level not met in estimation."""
    found = []
    for name, levels in zip(absorber.names, absorber.levels, strict=True):
        parts = [frame[p] for p in parts_of(slope_of(name)[0])]
        keys = parts[0] if len(parts) == 1 else pd.Series(list(zip(*parts, strict=True)))
        numbers = keys.map({level: j for j, level in enumerate(levels)}).to_numpy(dtype=float)
        found.append(np.where(np.isnan(numbers), -1, numbers).astype(np.int64))
    return tuple(found)


def known_levels(absorber: Absorber, frame: PanelFrame) -> tuple[tuple[IntArray, ...], IntArray]:
    """Group numbers of a frame's rows, and the positions of rows whose effects are determined."""
    codes = levels_in(absorber, frame)
    met = np.flatnonzero(np.min(codes, axis=0) >= 0)
    return codes, met[absorber.identified([c[met] for c in codes])]


def predicted(estimate: Estimate, newdata: PanelFrame | pd.DataFrame | None) -> pd.Series:
    """Linear index by (unit, time), fixed effects included: see :meth:`Estimate.predict`."""
    require_coefficients(estimate, "Predictions")
    if newdata is None:
        return estimate.fittedvalues.rename("predict")
    frame = as_rows(estimate, newdata)
    values = estimate.design.matrix(frame) @ estimate.coef
    absorber = estimate.design.absorber
    if absorber is not None:
        codes, known = known_levels(absorber, frame)
        effects = np.full(len(frame), np.nan)
        levels = [e.to_numpy() for e in effects_by_level(estimate).values()]
        each = zip(absorber.names, levels, codes, strict=True)
        effects[known] = np.sum([_times(n, frame)[known] * e[c[known]] for n, e, c in each], axis=0)
        values = values + effects
    return pd.Series(values, index=frame.table.index, name="predict")


def _times(effect: str, frame: PanelFrame) -> FloatArray:
    """What (n,) a grouping's effects are multiplied by: 1, or the variable of its slopes."""
    slope = slope_of(effect)[1]
    return np.ones(len(frame)) if slope is None else numbers(slope, frame)


def as_rows(estimate: Estimate, newdata: PanelFrame | pd.DataFrame) -> PanelFrame:
    """Rows to predict as a frame with the keys of the estimate's."""
    if isinstance(newdata, PanelFrame):
        return newdata
    own = estimate.design.frame
    return as_frame(newdata, own.unit, own.time)
