"""Several models from one formula."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from panel.core.estimate import Estimate
from panel.core.expression import Binary, Name, Number, Text
from panel.core.formula import Spec, expand
from panel.core.frame import PanelFrame
from panel.core.vcov import Vcov, as_vcov
from panel.core.verb import as_frame
from panel.errors import DataError
from panel.estimators.iv import iv
from panel.estimators.iv_methods import Method
from panel.estimators.ols import ols


def many(
    formula: str,
    frame: PanelFrame | pd.DataFrame,
    *,
    method: Method | None = None,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    weights: str | None = None,
    sample: str | None = None,
    split: str | None = None,
    unit: str | None = None,
    time: str | None = None,
) -> tuple[Estimate, ...]:
    """Every model that a stepwise formula stands for, in the order written.

    Least squares, or instrumental variables where the formula has instruments.

    Parameters
    ----------
    formula : with ``csw(x1, x2)`` (cumulative), ``sw(x1, x2)`` (one at a time), ``csw0``/``sw0``
        (starting from none) in regressors or fixed effects, ``sw`` and ``csw`` in endogenous
        regressors and instruments, and ``c(y1, y2)`` outcomes. Regressors vary fastest, then
        instruments, endogenous regressors, fixed effects and outcomes.
    method : of a formula with instruments, as for :func:`panel.iv`; ``tsls()`` if left out.
    split : a variable; every model is then estimated once for each of its values, in sorted
        order, with the value noted in the model's sample.
    frame, vcov, weights, sample, unit, time : as for :func:`panel.ols`.

    Raises
    ------
    As :func:`panel.ols` and :func:`panel.iv`; FormulaError also for a method without instruments.

    Example
    -------
    ``panel.many("y ~ csw(x1, x2) | sw0(province, province + year)", frame)`` gives four models,
    ``panel.many("y ~ x | province | d ~ sw(z1, z2, z1 + z2)", frame)`` three by instruments.
    """
    data, covariance = as_frame(frame, unit, time), as_vcov(vcov)
    parts = [None] if split is None else _parts(data, split)
    specs = [spec.with_(weights, sample) for spec in expand(formula)]

    def fit(spec: Spec, part: str | None) -> Estimate:
        if spec.instruments or method is not None:
            return iv(spec, data, method=method, vcov=covariance, sample=part)
        return ols(spec, data, vcov=covariance, sample=part)

    return tuple(fit(spec, part) for part in parts for spec in specs)


def _parts(frame: PanelFrame, split: str) -> list[str]:
    """Sample conditions, one for each value of a variable in sorted order."""
    levels = sorted(frame[split].dropna().unique())
    known = (str, bool, int, float, np.bool_, np.number, pd.Period)
    wrong = [v for v in levels if not isinstance(v, known)]
    if not levels or wrong:
        raise DataError(
            f"{split!r} has no values to split by."
            if not levels
            else f"{split!r} holds {wrong[0]!r}, which a sample condition cannot be compared with.",
            variable=split,
            remedy="split by a variable of numbers or text.",
        )
    values = [
        Text(str(v))
        if isinstance(v, (str, pd.Period))
        else Number(np.format_float_positional(v, trim="-"))
        for v in levels
    ]
    return [str(Binary("==", Name(split), v)) for v in values]
