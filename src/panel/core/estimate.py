"""Estimate: what every estimator returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module
from numbers import Real
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from panel.core.design import Design
from panel.core.frame import FloatArray, PanelFrame
from panel.core.labels import labelled
from panel.core.notes import design_notes
from panel.core.prediction import IDENTITY, Response, effects_by_level, predicted
from panel.core.provenance import Provenance, provenance_of
from panel.core.scores import Inseparable, Scores
from panel.core.vcov import NOTHING, Cov, Vcov, as_vcov
from panel.errors import DataError
from panel.kernels.tails import f_above, t_both, t_quantile

if TYPE_CHECKING:
    from panel.core.summary import Summary


@dataclass(frozen=True, eq=False)
class Estimate:
    """Coefficients with their influence functions.

    Parameters
    ----------
    names : of the k coefficients.
    coef : (k,) their values; :attr:`params` has them with names.
    scores : what row i of the data contributes to ``coef``, as factors of :attr:`influence`.
    classical : (k, k) covariance under independent errors of one variance.
    vcov : how the covariance is computed.
    design : the data.
    residuals : (n,) outcome less fit, fixed effects included in the fit.
    stats : "nobs", "rsquared", "rsquared_within", "rmse" and so on.
    method : what a table calls the estimator.
    seed : of random draws.
    response : the mean of the outcome as a function of the linear index; None where the index
        leaves out what the mean depends on (conditional logit).
    mapped : whether these are others than the coefficients of the linear index: combinations of
        them, or those of a model with a spatial lag.

    Notes
    -----
    An estimate never changes: :meth:`with_vcov` and :meth:`map` return new ones without refitting.
    """

    names: tuple[str, ...]
    coef: FloatArray
    scores: Scores | Inseparable = field(repr=False)
    classical: FloatArray = field(repr=False)
    vcov: Vcov
    design: Design = field(repr=False)
    residuals: FloatArray = field(repr=False)
    stats: Mapping[str, float] = field(repr=False)
    method: str = "OLS"
    seed: int | None = None
    response: Response | None = IDENTITY
    mapped: bool = False

    def __post_init__(self) -> None:
        for array in (self.coef, self.classical, self.residuals):
            array.flags.writeable = False
        object.__setattr__(self, "stats", MappingProxyType(dict(self.stats)))

    def __getstate__(self) -> dict[str, Any]:  # only the variables used are pickled
        fields = {k: getattr(self, k) for k in self.__dataclass_fields__}
        design = self.design.reduced(self.vcov.needs)
        return fields | {"design": design, "stats": dict(self.stats)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()

    # ---- new estimates from this one ---------------------------------------------------

    def with_vcov(self, vcov: Vcov | str | Mapping[str, str]) -> Estimate:
        """The same coefficients with another covariance; nothing is fitted again."""
        return replace(self, vcov=as_vcov(vcov))

    def map(self, jacobian: FloatArray, names: Sequence[str]) -> Estimate:
        """Linear combinations ``J b`` of the coefficients.

        Parameters
        ----------
        jacobian : J (m, k). For a smooth function of the coefficients its derivative, and the
            values may then be set with :func:`dataclasses.replace` (delta method).
        names : of the m combinations.
        """
        j = np.asarray(jacobian, dtype=np.float64)
        if j.ndim != 2 or j.shape != (len(names), len(self.coef)):
            raise DataError(
                f"The matrix has shape {j.shape}, not ({len(names)}, {len(self.coef)}).",
                variable="jacobian",
                value=j.shape,
                remedy="give one row a new name and one column a coefficient.",
            )
        return replace(
            self,
            names=tuple(names),
            coef=j @ self.coef,
            scores=self.scores.map(j),
            classical=j @ self.classical @ j.T,
            mapped=True,
        )

    # ---- inference ---------------------------------------------------------------------

    @property
    def influence(self) -> FloatArray:
        """Influence functions (n, k), of which any covariance is a sum. Columns sum to zero."""
        return self.scores.influence

    @cached_property
    def cov(self) -> Cov:
        """Covariance of the coefficients by :attr:`vcov`."""
        return self.vcov(self)

    @property
    def params(self) -> pd.Series:
        """Coefficients by name."""
        return self._named(self.coef, "params")

    @property
    def bse(self) -> pd.Series:
        """Standard errors by name.

        Raises
        ------
        VcovError : a variance is negative, or nothing but rounding.
        """
        variances = self.cov.variances(self.names, np.diag(self.classical))
        return self._named(np.sqrt(variances), "bse")

    @property
    def tvalues(self) -> pd.Series:
        """Coefficients over standard errors."""
        return (self.params / self.bse).rename("tvalues")

    @property
    def pvalues(self) -> pd.Series:
        """Two-sided p-values of the t distribution with ``cov.df`` degrees of freedom."""
        p = np.asarray(t_both(self.tvalues.to_numpy(), self.cov.df))
        return self._named(p, "pvalues")

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """Confidence limits, columns conf_low and conf_high, of level ``1 - alpha``.

        Raises
        ------
        DataError : alpha is not between 0 and 1.
        """
        if not isinstance(alpha, Real) or not 0 < alpha < 1:
            raise DataError(
                f"alpha must lie between 0 and 1, not {alpha!r}.", variable="alpha", value=alpha,
                remedy="0.05 gives limits of 95 percent.",
            )  # fmt: skip
        wide = t_quantile(1 - alpha / 2, self.cov.df) * self.bse
        return pd.DataFrame({"conf_low": self.params - wide, "conf_high": self.params + wide})

    def cov_params(self) -> pd.DataFrame:
        """Covariance matrix with names."""
        return pd.DataFrame(self.cov.matrix, index=list(self.names), columns=list(self.names))

    @property
    def nobs(self) -> int:
        """Rows used."""
        return self.design.n

    @property
    def df_resid(self) -> int:
        """Rows less all parameters, absorbed ones included."""
        return int(self.stats["df_resid"])

    @property
    def rsquared(self) -> float:
        """Share of the outcome's variance explained, fixed effects included."""
        return float(self.stats["rsquared"])

    @property
    def rsquared_adj(self) -> float:
        """The same, adjusted for the number of parameters."""
        return float(self.stats["rsquared_adj"])

    @property
    def rsquared_within(self) -> float:
        """Share explained of what the fixed effects leave."""
        return float(self.stats["rsquared_within"])

    @cached_property
    def _wald(self) -> tuple[float, float, int]:
        """F statistic, its p-value and its numerator's degrees of freedom: all slopes are zero.

        Missing where the covariance says nothing on the slopes jointly: it has lower rank when
        there are fewer clusters than slopes, and a variance may be nothing but rounding.
        """
        slopes = [j for j, n in enumerate(self.names) if n != "(Intercept)"]
        b, v = self.coef[slopes], self.cov.matrix[np.ix_(slopes, slopes)]
        size = np.sqrt(np.abs(np.diag(v)))
        least = np.sqrt(NOTHING * np.diag(self.classical)[slopes])
        if not slopes or not bool((size > least).all()):
            return (np.nan, np.nan, 0)
        unit = v / np.outer(size, size)  # free of the regressors' scales
        if np.linalg.matrix_rank(unit, tol=1e-12, hermitian=True) < len(slopes):
            return (np.nan, np.nan, 0)
        t = b / size
        f = float(t @ np.linalg.solve(unit, t)) / len(slopes)
        return (f, f_above(f, len(slopes), self.cov.df_joint), len(slopes))

    @property
    def fvalue(self) -> float:
        """F statistic that all slopes are zero, by the covariance in use."""
        return self._wald[0]

    @property
    def f_pvalue(self) -> float:
        """p-value of :attr:`fvalue`."""
        return self._wald[1]

    # ---- fit ---------------------------------------------------------------------------

    @property
    def resid(self) -> pd.Series:
        """Residuals by (unit, time)."""
        return pd.Series(self.residuals, index=self.design.index, name="resid")

    @property
    def fittedvalues(self) -> pd.Series:
        """Fitted outcome by (unit, time), fixed effects included."""
        fitted = self.design.y - self.residuals
        return pd.Series(fitted, index=self.design.index, name="fittedvalues")

    def fixed_effect_values(self) -> dict[str, pd.Series]:
        """Estimated fixed effects by grouping and level (up to a constant a component).

        Raises
        ------
        EstimationError : the estimate holds combinations of coefficients, by :meth:`map`.
        """
        return effects_by_level(self)

    def predict(self, newdata: PanelFrame | pd.DataFrame | None = None) -> pd.Series:
        """Linear index by (unit, time), fixed effects included; for most models the expected
        outcome, for ``poisson`` its logarithm. Intervals are in :func:`panel.predictions`.

        Missing for a fixed effect not met in estimation, and where the effects of the row were
        never met together, not even by way of others.

        Parameters
        ----------
        newdata : the rows to predict, with the variables of the formula; the rows used, if None.

        Raises
        ------
        EstimationError : as for :meth:`fixed_effect_values`.
        """
        return predicted(self, newdata)

    def to_marginaleffects(self) -> Any:
        """The estimate as a model of the marginaleffects package, for its slopes, comparisons,
        predictions and hypotheses, on the scale of the outcome.

        Fixed effects are coefficients there, so that standard errors allow for them.

        Raises
        ------
        InstallationError : the package is not installed.
        EstimationError : lags or changes, whose other years its grids do not have; conditional
            logit; combinations of coefficients.
        """
        interchange = import_module("panel.inference.interchange")
        return interchange.to_marginaleffects(self)

    def to_maketables(self) -> Any:
        """The estimate with maketables' hooks alone. maketables 0.2 takes whatever has ``params``
        and ``bse`` for a result of statsmodels, and shows no fixed effects of it."""
        hooks = [name for name in dir(type(self)) if name.startswith("__maketables_")]
        return SimpleNamespace(**{name: getattr(self, name) for name in hooks})

    # ---- what tables and figures read --------------------------------------------------

    @property
    def formula(self) -> str:
        """The model in canonical spelling."""
        return str(self.design.spec)

    @property
    def depvar(self) -> str:
        """The outcome."""
        return self.design.spec.y

    @property
    def fixed_effects(self) -> tuple[str, ...]:
        """Groupings absorbed."""
        return self.design.spec.absorb

    def label(self, term: str, language: str = "en") -> str:
        """Readable name of a term: its variables by their labels in the frame."""
        return labelled(term, self.design.frame, language)

    def depvar_label(self, language: str = "en") -> str:
        """Readable name of the outcome."""
        return self.label(self.depvar, language)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a table must say of the sample and of the variables used, in English."""
        return self.notes_in("en")

    def notes_in(self, language: str) -> tuple[str, ...]:
        """The same in "en", "zh" or "ru"."""
        return design_notes(self.design, language)

    @cached_property
    def provenance(self) -> Provenance:
        """Formula, data hash, seed, versions and what was left out."""
        return provenance_of(self)

    def tidy(self, alpha: float = 0.05) -> pd.DataFrame:
        """One row a coefficient, with broom's column names."""
        limits = self.conf_int(alpha)
        return pd.DataFrame(
            {
                "term": list(self.names),
                "estimate": self.coef,
                "std_error": self.bse.to_numpy(),
                "statistic": self.tvalues.to_numpy(),
                "p_value": self.pvalues.to_numpy(),
                "conf_low": limits["conf_low"].to_numpy(),
                "conf_high": limits["conf_high"].to_numpy(),
            }
        )

    def glance(self) -> pd.DataFrame:
        """One row for the model, with its statistics."""
        row: dict[str, Any] = dict(self.stats)
        row |= {"fvalue": self.fvalue, "f_pvalue": self.f_pvalue, "vcov": self.cov.label}
        return pd.DataFrame([{"formula": self.formula, "method": self.method} | row])

    def augment(self) -> pd.DataFrame:
        """The rows used, with columns ``.fitted`` and ``.resid``."""
        used = [v for v in self.design.variables if v in self.design.frame]
        table = self.design.frame.table[used].iloc[self.design.rows]
        by_row = self.design.by_row
        fitted = {".fitted": by_row(self.fittedvalues.to_numpy()), ".resid": by_row(self.residuals)}
        return table.assign(**fitted).reset_index()

    def summary(self) -> Summary:
        """Text and HTML summary."""
        from panel.core.summary import summarise

        return summarise(self)

    def _named(self, values: FloatArray, name: str) -> pd.Series:
        return pd.Series(values, index=list(self.names), name=name)

    def __str__(self) -> str:
        return str(self.summary())

    def __repr__(self) -> str:
        k = len(self.names)
        return (
            f"{type(self).__name__}({self.formula!r}, {self.method}, n={self.nobs}, "
            f"{k} coefficient{'s' * (k != 1)}, standard errors {self.cov.label})"
        )

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()

    # maketables reads these, so that results of several packages share one table.
    @property
    def __maketables_coef_table__(self) -> pd.DataFrame:
        tidy = self.tidy().set_index("term").rename(index={"(Intercept)": "Intercept"})
        names = {"estimate": "b", "std_error": "se", "statistic": "t", "p_value": "p"}
        limits = {"conf_low": "ci95l", "conf_high": "ci95u"}
        return tidy.rename(columns=names | limits).rename_axis("Coefficient")

    @property
    def __maketables_depvar__(self) -> str:
        return self.depvar

    @property
    def __maketables_fixef_string__(self) -> str | None:
        return "+".join(self.fixed_effects) or None

    @property
    def __maketables_vcov_info__(self) -> dict[str, Any]:
        return {"vcov_type": self.cov.label, "clustervar": list(self.cov.clusters)}

    def __maketables_stat__(self, key: str) -> float | int | None:
        names = {"N": "nobs", "r2": "rsquared", "adj_r2": "rsquared_adj"}
        names |= {"r2_within": "rsquared_within", "rmse": "rmse"}
        if key == "fvalue":
            return self.fvalue
        value = self.stats.get(names.get(key, key))
        return int(value) if key == "N" and value is not None else value
