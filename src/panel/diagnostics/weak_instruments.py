"""Are the instruments strong enough, and do they identify the model at all?"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.identification import (
    cragg_donald,
    effective_f,
    first_design,
    kleibergen_paap,
    rank_lm,
    reduced_form_covariance,
)
from panel.core.instruments import parts, residual_df
from panel.core.test import Test, chi2_test
from panel.diagnostics.stock_yogo import stock_yogo
from panel.diagnostics.wording import labelled
from panel.errors import EstimationError
from panel.kernels.effective_f import critical_value, worst_bias

_TOLERATED = (0.05, 0.1, 0.2, 0.3)


@dataclass(frozen=True, eq=False)
class WeakInstruments:
    """Strength of the instruments: see :func:`weak_instruments`.

    Parameters
    ----------
    cragg_donald : Cragg and Donald's F statistic; with one endogenous regressor the plain
        first-stage F.
    kleibergen_paap : Kleibergen and Paap's rk Wald F statistic by the covariance of the estimate.
    underidentification : Kleibergen and Paap's rk LM test (Anderson's under "iid") that the
        instruments do not identify the model.
    stock_yogo : critical values of the Cragg-Donald F at the 5% level, NaN where there are none: a
        row a tolerated share, a column a criterion.
    effective_f : Montiel Olea and Pflueger's; None with several endogenous regressors.
    critical_values : of the effective F: a row a tolerated share tau of the worst-case bias, for
        2SLS, for LIML, and a simple bound that holds for 2SLS whatever the errors.
    alpha : level of ``critical_values``.
    covariance : what the robust statistics rest on.
    """

    cragg_donald: float
    kleibergen_paap: float
    underidentification: Test
    stock_yogo: pd.DataFrame
    effective_f: float | None
    critical_values: pd.DataFrame | None
    alpha: float
    covariance: str

    def tidy(self) -> pd.DataFrame:
        """The statistics, a row each."""
        rows = {
            "Cragg-Donald F": self.cragg_donald,
            "Kleibergen-Paap rk Wald F": self.kleibergen_paap,
            self.underidentification.name: self.underidentification.statistic,
        }
        if self.effective_f is not None:
            rows["Effective F"] = self.effective_f
        return pd.DataFrame({"statistic": list(rows), "value": list(rows.values())})

    def labelled(self, language: str = "en") -> pd.DataFrame:
        """The statistics with headings in English, Chinese or Russian.

        Raises
        ------
        DataError : another language.
        """
        return labelled(self.tidy(), language, "statistic")

    def __str__(self) -> str:
        test = self.underidentification
        lines = [
            f"Strength of the instruments, robust statistics {self.covariance}",
            f"  Cragg-Donald F             {self.cragg_donald:.5g}",
            f"  Kleibergen-Paap rk Wald F  {self.kleibergen_paap:.5g}",
            f"  {test.name}: {test.label} = {test.statistic:.5g}, p = {test.p_value:.4g}",
            "",
            "Critical values of the Cragg-Donald F (Stock and Yogo 2005), errors iid",
            self.stock_yogo.to_string(na_rep=""),
        ]
        if self.effective_f is not None and self.critical_values is not None:
            lines += [
                "",
                f"Effective F = {self.effective_f:.5g}; critical values at {self.alpha:.0%}",
                self.critical_values.to_string(float_format=lambda v: f"{v:.3f}"),
            ]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        values = [v for v in (self.stock_yogo, self.critical_values) if v is not None]
        tables = [self.labelled(), *(labelled(v.reset_index(), "en") for v in values)]
        return "".join(
            table.to_html(border=0, index=False, na_rep="", float_format=lambda v: f"{v:.4g}")
            for table in tables
        )


def weak_instruments(estimate: Estimate, alpha: float = 0.05) -> WeakInstruments:
    """Tests of weak identification and of underidentification.

    A robust statistic rests on the covariance of the estimate. The F statistics keep its
    corrections for small samples, with the parameters of the first stage, as ivreg2 does under
    "hetero" (HC1) and "cluster" (CR1); the LM statistic has none.

    Parameters
    ----------
    estimate : by ``panel.iv``.
    alpha : level of the critical values of the effective F.

    Raises
    ------
    FormulaError : the estimate has no instruments.
    EstimationError : alpha is not between 0 and 1.
    VcovError : the covariance has too little rank for so many instruments.

    Notes
    -----
    With the endogenous regressors D and the instruments Z, exogenous regressors taken out, let e be
    the combination of D that Z explains least and delta (l,) its coefficients on Z. Both rk
    statistics test that those of delta's ``l - k2 + 1`` directions which the other combinations
    leave free are zero, the LM one by e itself as error, the Wald one by the residual of e.

    References
    ----------
    Cragg and Donald (1993), Econometric Theory 9; Kleibergen and Paap (2006), J. Econometrics 133;
    Stock and Yogo (2005), in Identification and Inference for Econometric Models, tables 5.1-5.4;
    Montiel Olea and Pflueger (2013), JBES 31.
    """
    if not (isinstance(alpha, Real) and 0 < alpha < 1):
        raise EstimationError(
            f"A level lies between 0 and 1; alpha is {alpha!r}.", variable="alpha", value=alpha,
            remedy="give for instance 0.05.",
        )  # fmt: skip
    design, label = estimate.design, estimate.cov.label
    k2, count = len(design.endogenous), len(design.instruments)
    statistic, df = rank_lm(estimate)
    name = "Anderson LM" if label == "iid" else "Kleibergen-Paap rk LM"
    return WeakInstruments(
        cragg_donald=cragg_donald(design),
        kleibergen_paap=kleibergen_paap(estimate),
        underidentification=chi2_test(
            name, statistic, df, "the instruments do not identify the model"
        ),
        stock_yogo=stock_yogo(k2, count),
        effective_f=effective_f(estimate) if k2 == 1 else None,
        critical_values=_of_effective_f(estimate, alpha) if k2 == 1 else None,
        alpha=alpha,
        covariance=label,
    )


def _of_effective_f(estimate: Estimate, alpha: float) -> pd.DataFrame:
    """Critical values of the effective F of one endogenous regressor."""
    columns, first = parts(estimate.design), first_design(estimate.design)
    z, both = columns.q2, np.column_stack([columns.outcome, columns.endogenous])
    residual = both - z @ (z.T @ both)
    w = reduced_form_covariance(columns, first, estimate)
    return _critical_values(w, residual.T @ residual / residual_df(first), alpha)


def _critical_values(w: FloatArray, omega: FloatArray, alpha: float) -> pd.DataFrame:
    w2, worst = w[len(w) // 2 :, len(w) // 2 :], worst_bias(w, omega)
    bounds = {"2SLS": worst.tsls, "LIML": worst.liml, "2SLS, simple bound": 1.0}
    return pd.DataFrame(
        {
            name: [critical_value(w2, bound / tau, alpha) for tau in _TOLERATED]
            for name, bound in bounds.items()
        },
        index=pd.Index([f"{tau:.0%}" for tau in _TOLERATED], name="tau"),
    )
