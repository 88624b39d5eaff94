"""Is the functional form right, and are the regressors too close to one another?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

import numpy as np
import pandas as pd

from panel.core.estimate import Estimate
from panel.core.test import Test
from panel.diagnostics.auxiliary import augmented
from panel.diagnostics.hypotheses import wald
from panel.diagnostics.residuals import require_estimate, unsuited
from panel.errors import EstimationError
from panel.kernels.lstsq import least_squares


def reset(estimate: Estimate, powers: Sequence[int] = (2, 3), *, distribution: str = "F") -> Test:
    """Ramsey's RESET: do powers of the fitted values add anything?

    Parameters
    ----------
    estimate : by least squares, with or without fixed effects and weights. Its covariance is used,
        so that with ``panel.cluster`` the test is robust. Fitted values include the fixed effects,
        which makes the test that of explicit dummies.
    powers : of the fitted values.
    distribution : "F" or "chi2".

    Returns
    -------
    Test; with classical errors it is resettest of R's lmtest and linear_reset of statsmodels.

    Raises
    ------
    EstimationError : random effects or another estimator, powers other than whole numbers from 2,
        or fitted values that take too few values.

    References
    ----------
    Ramsey (1969), Journal of the Royal Statistical Society B 31.
    """
    test, design = "RESET", require_estimate(estimate, "RESET").design
    chosen = tuple(dict.fromkeys(powers))
    if not chosen or any(not isinstance(p, int) or p < 2 for p in chosen):
        raise EstimationError(
            f"{test} takes powers from 2, not {list(powers)}.", variable="powers", value=powers,
            remedy="write powers=(2, 3).",
        )  # fmt: skip
    if design.transformed:
        raise unsuited(test, estimate, "on transformed columns")
    fitted = design.y - estimate.residuals
    if design.absorber is not None or design.spec.intercept:
        fitted = fitted - fitted.mean()  # spans the same, and powers stay apart
    fitted = fitted / np.abs(fitted).max()
    columns = np.column_stack([fitted**p for p in chosen])
    if design.absorber is not None:
        columns = design.absorber.residualize(columns)
    names = [f"fitted^{p}" for p in chosen]
    model = augmented(estimate, dict(zip(names, columns.T, strict=True)), test)
    added = [name for name in model.names if name in names]
    found = wald(model, added, distribution=distribution)
    null = f"the model is linear: {', '.join(added)} have no coefficient"
    return replace(found, name="RESET test", null=null, details=None)


@dataclass(frozen=True, eq=False)
class Collinearity:
    """How close regressors are to one another.

    Parameters
    ----------
    vif : a row a regressor with "vif", variance of its coefficient over what it would be were the
        regressors (after the fixed effects) uncorrelated, and with fixed effects "vif_effects",
        over what it would be without them too.
    condition : condition indices in rising order with the shares of each coefficient's variance.
    """

    vif: pd.DataFrame
    condition: pd.DataFrame

    @property
    def condition_number(self) -> float:
        """The largest condition index; above 30 is called strong collinearity."""
        return float(self.condition["index"].iloc[-1])

    def __str__(self) -> str:
        table = self.vif.to_string(float_format=lambda v: f"{v:.4g}")
        return f"Variance inflation\n{table}\n\nCondition number {self.condition_number:.4g}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        table = self.vif.to_html(border=0, float_format=lambda v: f"{v:.4g}")
        last = escape(f"Condition number {self.condition_number:.4g}")
        return f"<div><p><b>Variance inflation</b></p>{table}<p>{last}</p></div>"


def collinearity(estimate: Estimate) -> Collinearity:
    """Variance inflation factors and condition indices of the regressors.

    Parameters
    ----------
    estimate : any estimate whose design has columns; what least squares runs on is looked at, with
        fixed effects taken out and weights applied.

    Returns
    -------
    Collinearity. Factors are those of car's vif and statsmodels (centred; not centred for models
    without a constant); condition indices are singular values of columns of unit length, the
    constant included.

    Raises
    ------
    EstimationError : no regressor beside the constant.

    References
    ----------
    Belsley, Kuh and Welsch (1980), Regression Diagnostics, chapter 3.
    """
    design = require_estimate(estimate, "The look at collinearity").design
    slopes = [j for j, name in enumerate(design.names) if name != "(Intercept)"]
    if not slopes:
        raise EstimationError(
            "The model has no regressor beside the constant.", variable=design.spec.y,
            value=design.names, remedy="add regressors to the formula.",
        )  # fmt: skip
    w = np.ones(design.n) if design.w is None else design.w
    root = np.sqrt(w)[:, None]
    inverse = np.diag(least_squares(design.X_within, design.y_within, design.w).inverse)[slopes]
    centred = design.X - np.average(design.X, axis=0, weights=w)
    spread = np.sum((centred * root) ** 2, axis=0)[slopes]
    within = np.sum((design.X_within * root) ** 2, axis=0)[slopes]
    vif = pd.DataFrame(index=[design.names[j] for j in slopes])
    vif["vif"] = inverse * (spread if design.spec.intercept else within)
    if design.absorber is not None:
        vif["vif_effects"] = inverse * spread
    scaled = design.X_within * root
    _, values, vectors = np.linalg.svd(scaled / np.linalg.norm(scaled, axis=0), full_matrices=False)
    shares = (vectors / values[:, None]) ** 2  # (index, regressor)
    condition = pd.DataFrame(shares / shares.sum(axis=0), columns=list(design.names))
    condition.insert(0, "index", values[0] / values)
    return Collinearity(vif, condition)
