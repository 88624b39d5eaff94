"""Margins: functions of a model's coefficients and fixed effects, with any covariance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.labels import value_label
from panel.core.vcov import NOTHING, Cov, Vcov
from panel.core.wording import sentence
from panel.errors import EstimationError, VcovError
from panel.kernels.groups import nested
from panel.kernels.tails import t_quantile


@dataclass(frozen=True, eq=False)
class Margins:
    """Slopes, contrasts or predictions of a model.

    Parameters
    ----------
    estimate : the m numbers as an estimate of their own: influence functions (n, m), so that any
        covariance applies; for tests on them, ``panel.wald(margins.estimate, ...)``.
    table : one row a number: ``variable`` (and ``contrast``), the values it was taken at and the
        groups it is a mean of.
    kind : "slopes", "contrasts" or "predictions".
    scale : "response" or "index".
    noise : (m,) variance that a new outcome adds to the prediction of its row; None where it is
        not known.
    given : fixed effects whose levels the numbers depend on.

    Notes
    -----
    Regressors, weights and the distribution over groups are taken as they are (Stata's default
    too); only the coefficients and the fixed effects are uncertain.
    """

    estimate: Estimate
    table: pd.DataFrame = field(repr=False)
    kind: str
    scale: str
    noise: FloatArray | None = field(default=None, repr=False)
    given: tuple[str, ...] = ()

    def with_vcov(self, vcov: Vcov | str | Mapping[str, str]) -> Margins:
        """The same numbers with another covariance; nothing is estimated or computed again."""
        return replace(self, estimate=self.estimate.with_vcov(vcov))

    # ---- the result protocol ---------------------------------------------------------------

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the numbers."""
        return self.estimate.names

    @property
    def params(self) -> pd.Series:
        """The numbers by name."""
        return self.estimate.params

    @property
    def cov(self) -> Cov:
        """Their covariance.

        Raises
        ------
        VcovError : a number has no variance, because it rests on fixed effects that the clusters
            hold.
        """
        cov = self.estimate.cov
        usual = np.diag(self.estimate.classical)
        nothing = (np.diag(cov.matrix) <= NOTHING * usual) & (usual > 0)
        if self.given and bool(nothing.any()):
            name = self.names[int(np.argmax(nothing))]
            raise VcovError(
                f"A covariance {cov.label} says nothing of {name!r}, which rests on the effects of "
                f"{' and '.join(self.given)}: residuals add up to zero within them.",
                variable=name,
                value=cov.label,
                remedy="use hetero() for levels; contrasts and slopes do not depend on them.",
            )
        return cov

    @property
    def bse(self) -> pd.Series:
        """Standard errors by name."""
        return self._checked().bse

    @property
    def tvalues(self) -> pd.Series:
        """Numbers over standard errors."""
        return self._checked().tvalues

    @property
    def pvalues(self) -> pd.Series:
        """Two-sided p-values that they are zero, of the t distribution."""
        return self._checked().pvalues

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """Confidence limits, columns conf_low and conf_high, of level ``1 - alpha``."""
        return self._checked().conf_int(alpha)

    def cov_params(self) -> pd.DataFrame:
        """Covariance matrix with names."""
        return self._checked().cov_params()

    def prediction_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """Limits, columns pred_low and pred_high, that hold a new outcome (or the mean of several)
        with probability ``1 - alpha``.

        To the variance of the prediction comes that of the errors, ``sigma^2 / w`` each: they are
        taken to be normal, independent and of one variance, whatever the covariance.

        Raises
        ------
        EstimationError : no predictions by least squares.

        References
        ----------
        Wooldridge (2020), Introductory Econometrics, section 6.4.
        """
        if self.noise is None:
            raise EstimationError(
                f"There are no prediction intervals for {self.kind} by {self.estimate.method}.",
                variable="prediction_int",
                value=self.kind,
                remedy="they are for panel.predictions(m, newdata), a row each, by least squares; "
                "conf_int() has the interval of the mean.",
            )
        limits = self.conf_int(alpha)
        wide = np.sqrt(self.bse.to_numpy() ** 2 + self.noise)
        wide = wide * t_quantile(1 - alpha / 2, self.cov.df)
        centre = self.estimate.coef
        return pd.DataFrame(
            {"pred_low": centre - wide, "pred_high": centre + wide}, index=limits.index
        )

    def tidy(self, alpha: float = 0.05) -> pd.DataFrame:
        """One row a number: what it is, and broom's columns; predictions of a linear model with
        the limits of a new outcome."""
        own = self._checked().tidy(alpha)
        found = pd.concat([own[["term"]], self.table, own.drop(columns="term")], axis=1)
        if self.noise is None:
            return found
        return pd.concat([found, self.prediction_int(alpha).reset_index(drop=True)], axis=1)

    @property
    def stats(self) -> Mapping[str, float]:
        """Statistics of the model."""
        return self.estimate.stats

    @property
    def nobs(self) -> int:
        """Rows the model used."""
        return self.estimate.nobs

    @property
    def method(self) -> str:
        """What a table calls the model's estimator."""
        return self.estimate.method

    @property
    def depvar(self) -> str:
        """The outcome."""
        return self.estimate.depvar

    @property
    def fixed_effects(self) -> tuple[str, ...]:
        """Groupings the model absorbed."""
        return self.estimate.fixed_effects

    def label(self, term: str, language: str = "en") -> str:
        """Readable name of a number, or of a variable of the model."""
        if term not in self.names:
            return self.estimate.label(term, language)
        row = self.table.iloc[self.names.index(term)].to_dict()
        variable, contrast = row.pop("variable", None), row.pop("contrast", None)
        where = ", ".join(
            f"{self.estimate.label(str(name), language)} = "
            f"{self.value_label(str(name), value, language)}"
            for name, value in row.items()
        )
        if variable is None:
            return where or term
        what = self.estimate.label(variable, language)
        if contrast:
            what += f": {self.contrast_label(variable, contrast, language)}"
        return f"{what} | {where}" if where else what

    def value_label(self, name: str, value: Any, language: str = "en") -> str:
        """What a value of a variable is called in that language."""
        return value_label(shown(value), name, self.estimate.design.frame, language)

    def contrast_label(self, name: str, contrast: str, language: str = "en") -> str:
        """A contrast of a variable, by what its two values are called: ``West - East``."""
        return " - ".join(self.value_label(name, v, language) for v in contrast.split(" - "))

    def depvar_label(self, language: str = "en") -> str:
        """Readable name of the outcome."""
        return self.estimate.depvar_label(language)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a table must say of the sample, and of what is taken as given, in English."""
        return self.notes_in("en")

    def notes_in(self, language: str) -> tuple[str, ...]:
        """The same in "en", "zh" or "ru"."""
        notes = self.estimate.notes_in(language)
        held = [n for n in self.given if self._in_clusters(n)]
        if not held:
            return notes
        joint = " and ".join(held)
        if language != "en":
            joint = sentence("and", language).join(self.label(n, language) for n in held)
        said = sentence("taken as given", language, text=joint)
        return (*notes, sentence("stop", language, text=said))

    # ---- showing it ------------------------------------------------------------------------

    def __str__(self) -> str:
        body = self.tidy().drop(columns=self.table.columns).set_index("term").rename_axis(None)
        numbers = body.to_string(float_format=lambda v: f"{v:.5g}")
        return "\n".join([*self._head(), "", numbers, "", *self.notes])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        body = self.tidy().drop(columns=self.table.columns).set_index("term").rename_axis(None)
        table = body.to_html(border=0, float_format=lambda v: f"{v:.5g}")
        head, foot = ("<br>".join(map(escape, part)) for part in (self._head(), self.notes))
        return f"<div><p>{head}</p>{table}<p>{foot}</p></div>"

    def _head(self) -> tuple[str, str]:
        scale = "" if self.scale == "response" else " on the scale of the linear index"
        return (
            f"{self.kind.capitalize()} of {self.depvar}{scale}; {self.method}: "
            f"{self.estimate.formula}",
            f"n = {self.nobs}; standard errors {self.cov.label}",
        )

    def _checked(self) -> Estimate:
        _ = self.cov
        return self.estimate

    def _in_clusters(self, name: str) -> bool:
        design = self.estimate.design
        if design.absorber is None:
            return False
        codes = design.absorber.codes[design.absorber.names.index(name)]
        return any(nested(codes, design.groups(c)) for c in self.estimate.cov.clusters)


def shown(value: Any) -> str:
    """A value as a name shows it."""
    return f"{value:.10g}" if isinstance(value, (float, np.floating)) else str(value)
