"""Auxiliary regressions: a model estimated again with further columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.scores import Scores
from panel.diagnostics.residuals import require_least_squares
from panel.errors import EstimationError
from panel.kernels.lstsq import independent, least_squares


def augmented(estimate: Estimate, columns: Mapping[str, FloatArray], test: str) -> Estimate:
    """The least-squares estimate with columns added, and with the same covariance.

    Parameters
    ----------
    columns : by name, (n,) each, with the fixed effects taken out or quasi-demeaned as the
        design's are. Those that depend on others are left out.
    test : what a message calls the test.

    Raises
    ------
    EstimationError : not least squares, or nothing is added.
    """
    require_least_squares(estimate, test)
    design = estimate.design
    added = np.column_stack(list(columns.values()))
    every = np.column_stack([design.X_within, added])
    root = 1.0 if design.w is None else np.sqrt(design.w)[:, None]
    k = len(design.names)
    lengths = np.linalg.norm(np.column_stack([design.X, added]) * root, axis=0)
    kept = independent(every * root, lengths)
    kept[:k] = True
    if not kept[k:].any():
        raise EstimationError(
            f"{test} adds {', '.join(columns)}, which the model holds already.",
            variable=", ".join(columns),
            remedy="use a model with regressors that vary.",
        )
    names = (*design.names, *(n for n, c in zip(columns, kept[k:], strict=True) if c))
    x = every[:, kept]
    solved = least_squares(x, design.y_within, design.w)
    w = np.ones(design.n) if design.w is None else design.w
    rss, df = float(w @ solved.residual**2), estimate.df_resid - (len(names) - k)
    used = replace(
        design, names=names, columns=(*design.columns, *added[:, kept[k:]].T), X_within=x
    )
    return replace(
        estimate,
        names=names,
        coef=solved.coef,
        scores=Scores(x, w * solved.residual, solved.inverse),
        classical=solved.inverse * (rss / df),
        design=used,
        residuals=solved.residual,
        stats={**estimate.stats, "rss": rss, "df_resid": df},
    )
