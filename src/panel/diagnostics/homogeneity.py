"""Are the slopes the same in all regions?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.test import Test, normal_test
from panel.diagnostics.residuals import Residuals, require_levels, residuals
from panel.errors import EstimationError
from panel.kernels.lstsq import independent, least_squares


def pesaran_yamagata(estimate: Estimate) -> Test:
    """Pesaran and Yamagata's test of equal slopes, after Swamy.

    With X_i and y_i in deviation from the region's means, s_i^2 the variance of its residuals from
    fixed effects on T_i - 1 degrees of freedom, b the fixed-effects estimate weighted by 1/s_i^2
    and k_i the rank of X_i,

        z_i = (y_i - X_i b)' X_i (X_i'X_i)^- X_i' (y_i - X_i b) / s_i^2

    has mean k_i and variance v_i = 2 k_i (T_i - k_i - 1)/(T_i + 1) under normal errors. The
    statistic is ``sum (z_i - k_i) / sqrt(sum v_i)``.

    Parameters
    ----------
    estimate : by ``panel.ols`` with fixed effects of the regions or ``panel.pooled``; effects of
        the years are taken out too if the model has them. The errors must be uncorrelated over the
        years and between the regions.

    Returns
    -------
    Test, standard normal, two-sided, of the adjusted statistic; its details have the unadjusted one
    too, with 2 k_i for the variance. Regions too short for a v_i are left out. Where X_i has full
    rank and the panel is balanced these are Pesaran and Yamagata's; Stata's ``xthst`` has T - 1
    for T in the adjustment.

    Raises
    ------
    EstimationError : no slopes, weights, another estimator than least squares, or fewer than two
        regions that are long enough.

    References
    ----------
    Pesaran and Yamagata (2008), J. Econometrics 142, equations 27 to 29; Swamy (1970),
    Econometrica 38.
    """
    test = "Pesaran and Yamagata's test"
    require_levels(estimate, test)
    e = residuals(estimate, test)
    x, y, size = _within(estimate, e, test)
    common = least_squares(x, y, None)
    rows = [np.flatnonzero(e.units == i) for i in range(len(e.labels))]
    bases = [_basis(x[r], size) for r in rows]
    degrees = np.array([(len(r), q.shape[1]) for r, q in zip(rows, bases, strict=True)])
    used = (degrees[:, 1] > 0) & (degrees[:, 0] > degrees[:, 1] + 1)
    if int(used.sum()) < 2:
        raise EstimationError(
            f"{test} needs two {e.frame.unit}s with at least {x.shape[1] + 2} rows.",
            variable=e.frame.unit, value=int(used.sum()),
            remedy="use a longer panel or fewer regressors.",
        )  # fmt: skip
    variance = np.array([np.sum(common.residual[r] ** 2) / max(len(r) - 1, 1) for r in rows])
    weight = np.where(used, 1.0 / np.where(used, variance, 1.0), 0.0)[e.units]
    kept = weight > 0
    left = y.copy()
    left[kept] = least_squares(x[kept], y[kept], weight[kept]).residual
    z = np.array(
        [np.sum((q.T @ left[r]) ** 2) / v for r, q, v in zip(rows, bases, variance, strict=True)]
    )[used]
    t, k = degrees[used].T.astype(np.float64)
    distance = float(np.sum(z - k))
    adjusted = distance / np.sqrt(np.sum(2 * k * (t - k - 1) / (t + 1)))
    plain = distance / np.sqrt(np.sum(2 * k))
    lost = len(used) - int(used.sum())
    notes = (f"{lost} {e.frame.unit}s left out: too few rows for slopes of their own.",)
    details = pd.DataFrame({"statistic": [plain, adjusted]}, index=["delta", "adjusted delta"])
    return normal_test(
        "Pesaran-Yamagata test of slope homogeneity", adjusted,
        f"the slopes of all {e.frame.unit}s are equal", notes=notes if lost else (),
        details=details,
    )  # fmt: skip


def _within(
    estimate: Estimate, e: Residuals, test: str
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Regressors (n, k) and outcome (n,) in deviation from the regions' means, and the root mean
    squares (k,) of the regressors before."""
    design = estimate.design
    slopes = [j for j, name in enumerate(design.names) if name != "(Intercept)"]
    both = np.column_stack([design.y_within, design.X_within[:, slopes]])
    both = both - (e.sums(both) / e.counts[:, None])[e.units]
    lengths = np.linalg.norm(design.X[:, slopes], axis=0)
    kept = independent(both[:, 1:], lengths)
    if not kept.any():
        raise EstimationError(
            f"{test} needs regressors that vary within {e.frame.unit}s.",
            variable=" + ".join(design.spec.terms), remedy="add one to the formula.",
        )  # fmt: skip
    return both[:, 1:][:, kept], both[:, 0], lengths[kept] / np.sqrt(design.n)


def _basis(x: FloatArray, size: FloatArray) -> FloatArray:
    """Orthonormal basis (T_i, k_i) of a region's regressors; what does not vary adds nothing."""
    own = x[:, independent(x, np.sqrt(len(x)) * size)]
    return np.asarray(np.linalg.qr(own / np.linalg.norm(own, axis=0))[0])
