"""What a result must offer to be drawn, and its coefficients as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from inspect import signature
from typing import Any, Protocol, runtime_checkable

import pandas as pd

from panel.errors import FigureError


@runtime_checkable
class Coefficients(Protocol):
    """What a result must offer: ours and those of statsmodels do."""

    @property
    def params(self) -> pd.Series:
        """Estimates by name."""

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """Lower and upper ends by name, in two columns."""


def named_models(models: Any) -> dict[str, Coefficients]:
    """The models by name: {name: result}, or (1), (2), ...

    Raises
    ------
    FigureError : no model, or something that is none.
    """
    if isinstance(models, Mapping):
        named = {str(name): model for name, model in models.items()}
    else:
        several = models if isinstance(models, Iterable) else [models]
        named = {f"({i})": model for i, model in enumerate(several, start=1)}
    if not named:
        raise FigureError(
            "There is no model to draw.", variable="models", remedy="pass at least one."
        )
    for name, model in named.items():
        # linearmodels' conf_int takes a level: 0.05 would silently draw 5% intervals.
        if not (
            isinstance(model, Coefficients) and "alpha" in signature(model.conf_int).parameters
        ):
            raise FigureError(
                f"Model {name!r} is a {type(model).__name__}, which has no params and "
                "conf_int(alpha).",
                variable="models",
                value=name,
                remedy="pass fitted models, one, a sequence, or {name: model}.",
            )
    return named


def coefficient_table(
    named: Mapping[str, Coefficients], alpha: float, labels: Mapping[str, str], language: str
) -> pd.DataFrame:
    """One row a model and term: model, term, label, estimate, conf_low, conf_high."""
    parts = []
    for name, model in named.items():
        params, ends = model.params, model.conf_int(alpha=alpha)
        label = getattr(model, "label", lambda term, _language: term)
        parts.append(
            pd.DataFrame(
                {
                    "model": name,
                    "term": list(params.index),
                    "label": [labels.get(t) or label(t, language) for t in params.index],
                    "estimate": params.to_numpy(dtype=float),
                    "conf_low": ends.iloc[:, 0].to_numpy(dtype=float),
                    "conf_high": ends.iloc[:, 1].to_numpy(dtype=float),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def checked_alpha(alpha: float) -> str:
    """The level of confidence in percent, "95" for 0.05.

    Raises
    ------
    FigureError : alpha is not between 0 and 1.
    """
    if not 0 < alpha < 1:
        raise FigureError(
            f"alpha = {alpha!r} is not between 0 and 1.",
            variable="alpha",
            value=alpha,
            remedy="write 0.05 for 95% intervals.",
        )
    return f"{100 * (1 - alpha):g}"
