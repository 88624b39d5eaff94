"""Several models from one formula."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from panel.core.estimate import Estimate
from panel.core.formula import expand
from panel.core.frame import PanelFrame
from panel.core.vcov import Vcov, as_vcov
from panel.core.verb import as_frame
from panel.errors import DataError
from panel.estimators.ols import ols


def many(
    formula: str,
    frame: PanelFrame | pd.DataFrame,
    *,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    weights: str | None = None,
    sample: str | None = None,
    split: str | None = None,
    unit: str | None = None,
    time: str | None = None,
) -> tuple[Estimate, ...]:
    """Least squares of every model that a stepwise formula stands for, in the order written.

    Parameters
    ----------
    formula : with ``csw(x1, x2)`` (cumulative), ``sw(x1, x2)`` (one at a time), ``csw0``/``sw0``
        (starting from none), in regressors or fixed effects, and ``c(y1, y2)`` outcomes.
    split : a variable; every model is then estimated once for each of its values, in sorted
        order, with the value noted in the model's sample.
    frame, vcov, weights, sample, unit, time : as for :func:`panel.ols`.

    Raises
    ------
    As :func:`panel.ols`.

    Example
    -------
    ``panel.many("y ~ csw(x1, x2) | sw0(province, province + year)", frame)`` gives four models.
    """
    data, covariance = as_frame(frame, unit, time), as_vcov(vcov)
    samples = [sample] if split is None else _splits(data, split, sample)
    return tuple(
        ols(spec, data, vcov=covariance, weights=weights, sample=part)
        for part in samples
        for spec in expand(formula)
    )


def _splits(frame: PanelFrame, split: str, sample: str | None) -> list[str | None]:
    levels = sorted(frame[split].dropna().unique())
    if not levels:
        raise DataError(
            f"{split!r} has no values to split by.", variable=split, remedy="choose another one."
        )
    quoted = [f'"{v}"' if isinstance(v, str) else str(v) for v in levels]
    both = f"({sample}) & " if sample else ""
    return [f"{both}{split} == {v}" for v in quoted]
