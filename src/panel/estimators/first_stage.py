"""The regressions behind an estimate by instruments."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.instruments import Parts, on_instruments, parts
from panel.core.least_squares import fit
from panel.kernels.instruments import k_class


@dataclass(frozen=True, eq=False)
class FirstStage:
    """First stages and reduced form of a model with instruments: see :func:`first_stage`.

    Parameters
    ----------
    estimates : of each endogenous regressor on all instruments.
    reduced_form : of the outcome on all instruments.
    table : one row an endogenous regressor: F statistic of the excluded instruments with its
        p-value, Sanderson and Windmeijer's conditional F with its own, their degrees of freedom,
        partial R-squared and Shea's.
    """

    estimates: tuple[Estimate, ...]
    reduced_form: Estimate
    table: pd.DataFrame

    def __str__(self) -> str:
        label = self.reduced_form.cov.label
        body = self.table.to_string(float_format=lambda v: f"{v:.5g}")
        return f"First stages, standard errors {label}\n\n{body}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return self.table.to_html(border=0, float_format=lambda v: f"{v:.5g}")


def first_stage(estimate: Estimate) -> FirstStage:
    """First-stage regressions with F tests of the excluded instruments.

    The covariance is that of the estimate, with its corrections for small samples. The conditional
    F of an endogenous regressor among several asks whether the instruments explain it beside the
    others: it is the F of the residual of that regressor on the others by two-stage least squares,
    with ``l - k2 + 1`` degrees of freedom; with one endogenous regressor it is the plain F.

    Parameters
    ----------
    estimate : by ``panel.iv``.

    Raises
    ------
    FormulaError : the estimate has no instruments.

    References
    ----------
    Sanderson and Windmeijer (2016), J. Econometrics 190; Shea (1997), Review of Economics and
    Statistics 79.
    """
    design, vcov = estimate.design, estimate.vcov
    columns = parts(design)
    fits = tuple(fit(on_instruments(design, name), vcov) for name in design.endogenous)
    shea = _shea(columns)
    rows = []
    for j, found in enumerate(fits):
        x = columns.endogenous[:, j]
        left = len(design.instruments) - len(fits) + 1
        conditional = found if len(fits) == 1 else _conditional(columns, j, found)
        joint, beside = (_excluded(e, design.instruments) for e in (found, conditional))
        sw = beside.fvalue * len(design.instruments) / left
        df = joint.cov.df_joint
        rows.append(
            {
                "F": joint.fvalue, "p_value": joint.f_pvalue, "df": len(design.instruments),
                "conditional F": sw, "conditional p_value": float(stats.f.sf(sw, left, df)),
                "conditional df": left, "df_resid": df,
                "partial R2": float(((columns.q2.T @ x) ** 2).sum() / (x @ x)), "Shea R2": shea[j],
            }
        )  # fmt: skip
    table = pd.DataFrame(rows, index=pd.Index(design.endogenous, name="endogenous"))
    return FirstStage(fits, fit(on_instruments(design), vcov), table)


def _excluded(found: Estimate, instruments: tuple[str, ...]) -> Estimate:
    """The coefficients of the excluded instruments alone."""
    rows = np.eye(len(found.names))[[found.names.index(n) for n in instruments]]
    return found.map(rows, instruments)


def _conditional(columns: Parts, j: int, found: Estimate) -> Estimate:
    """The first stage of what the other endogenous regressors leave of the j-th."""
    others = np.delete(columns.endogenous, j, axis=1)
    x = columns.endogenous[:, j]
    left = x - others @ k_class(others, x, columns.q2, 1.0).coef
    w = found.design.w
    return fit(replace(found.design, y_within=left if w is None else left / np.sqrt(w)), found.vcov)


def _shea(columns: Parts) -> FloatArray:
    """Shea's partial R-squared (k2,): the share of each regressor's own variation, given the other
    endogenous ones, that the instruments keep."""
    x = columns.endogenous
    fitted = columns.q2.T @ x
    own = 1.0 / np.diag(np.linalg.inv(x.T @ x))
    return np.asarray(1.0 / np.diag(np.linalg.inv(fitted.T @ fitted)) / own)
