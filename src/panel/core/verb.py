"""What every estimation verb does with its arguments before it estimates."""

from __future__ import annotations

import pandas as pd

from panel.core.formula import Spec, parse, slope_of
from panel.core.frame import PanelFrame
from panel.errors import DataError, FormulaError


def as_frame(
    data: PanelFrame | pd.DataFrame, unit: str | None = None, time: str | None = None
) -> PanelFrame:
    """A PanelFrame from what users pass: one, or a DataFrame with a (unit, time) index, or a
    flat one with ``unit`` and ``time`` naming its key columns.

    Raises
    ------
    DataError : neither of them, or keys missing (see PanelFrame.from_pandas).
    """
    if isinstance(data, PanelFrame):
        return data
    if not isinstance(data, pd.DataFrame):
        package = type(data).__module__.partition(".")[0]
        kind = f"{package}.{type(data).__name__}".removeprefix("builtins.")
        raise DataError(
            f"Data must be a PanelFrame or a pandas DataFrame, not {kind}.",
            variable="frame",
            value=kind,
            remedy="convert it: panel.PanelFrame.from_pandas(df, unit=..., time=...).",
        )
    return PanelFrame.from_pandas(data, unit, time)


def as_spec(formula: str | Spec, weights: str | None = None, sample: str | None = None) -> Spec:
    """The one model that a formula stands for, with weights and sample given apart from it.

    Raises
    ------
    FormulaError : it cannot be read, or the outcome stands among the regressors.
    """
    spec = formula if isinstance(formula, Spec) else parse(formula)
    if spec.y in spec.terms:
        raise FormulaError(
            f"The outcome {spec.y!r} is among the regressors.\n    {spec}",
            variable=spec.y,
            remedy="take it out; its lags, L(y, 1), may be regressors.",
        )
    return spec.with_(weights, sample)


def usable(spec: Spec, estimator: str, *parts: str) -> Spec:
    """``spec``, if the estimator can use every part of it.

    Parameters
    ----------
    estimator : what a message calls it.
    parts : those it can use beside regressors and sample: "fixed effects", "varying slopes",
        "instruments", "weights".

    Raises
    ------
    FormulaError : the formula has another part.
    """
    varying = [a for a in spec.absorb if slope_of(a)[1] is not None]
    present = {
        "varying slopes": (" + ".join(varying), "write them as interactions, i(province, x)"),
        "fixed effects": (" + ".join(spec.absorb), "write them as dummies, i(year), or use ols"),
        "instruments": (" + ".join(spec.instruments), "leave them out, or use iv"),
        "weights": (spec.weights, "leave them out, or use pooled or ols"),
    }
    for part, (text, remedy) in present.items():
        if text and part not in parts:
            raise FormulaError(
                f"{estimator} takes no {part}.\n    {spec}", variable=text, remedy=f"{remedy}."
            )
    return spec
