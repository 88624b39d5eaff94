"""Mediated effects: what they hold, and how they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats as distributions

from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.vcov import Vcov, as_vcov
from panel.errors import DataError, VcovError, suggest

_KINDS = ("delta", "percentile", "bc")
_WORDS: Mapping[str, Mapping[str, str]] = {
    "total": {"en": "Total effect", "zh": "总效应", "ru": "Общий эффект"},
    "direct": {"en": "Direct effect", "zh": "直接效应", "ru": "Прямой эффект"},
    "indirect": {"en": "Indirect effect", "zh": "间接效应", "ru": "Косвенный эффект"},
    "share": {"en": "Share mediated", "zh": "中介效应占比", "ru": "Доля косвенного эффекта"},
}
_VIA = {"en": "{} via {}", "zh": "{}（{}）", "ru": "{} через «{}»"}


@dataclass(frozen=True, eq=False)
class Mediation:
    """Total, direct and indirect effects.

    Parameters
    ----------
    effects : "total", "direct", "indirect" (of several mediators "indirect via m" of each too) and
        "share", indirect over total, as an estimate.
    paths : the coefficients behind them: treatment -> outcome given the mediators, each
        mediator -> outcome, treatment -> each mediator.
    treatment, mediators : what they are effects of, and through what.
    lost : rows that the outcome equation without mediators could use and this does not.
    draws : (B, number of effects) in resampled clusters; B = 0 without bootstrap.
    settings : cluster variable, draws and seed of the bootstrap.
    notes : what a reader must know.
    """

    effects: Estimate
    paths: Estimate
    treatment: str
    mediators: tuple[str, ...]
    lost: int
    draws: FloatArray = field(repr=False)
    settings: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.draws.flags.writeable = False
        object.__setattr__(self, "settings", MappingProxyType(dict(self.settings)))

    def with_vcov(self, vcov: Vcov | str | Mapping[str, str]) -> Mediation:
        """The same effects with another covariance; nothing is fitted again."""
        new = as_vcov(vcov)
        effects, paths = self.effects.with_vcov(new), self.paths.with_vcov(new)
        return replace(self, effects=effects, paths=paths)

    def conf_int(self, alpha: float = 0.05, kind: str = "delta") -> pd.DataFrame:
        """Confidence limits of the effects, of level ``1 - alpha``.

        Parameters
        ----------
        kind : "delta" by the covariance; "percentile" of the bootstrap; "bc" bias-corrected
            percentiles (Efron and Tibshirani 1993, section 14.3, without acceleration).

        Raises
        ------
        DataError : alpha is not between 0 and 1, or another kind.
        VcovError : a kind that needs a bootstrap, without one.
        """
        if kind not in _KINDS:
            raise DataError(
                f"There are no limits of kind {kind!r}.", variable="kind", value=kind,
                remedy=suggest(str(kind), _KINDS),
            )  # fmt: skip
        plain = self.effects.conf_int(alpha)
        if kind == "delta":
            return plain
        if not len(self.draws):
            raise VcovError(
                "There are no draws to take limits from.", variable="bootstrap",
                remedy='give bootstrap=panel.cluster_bootstrap("province") to mediation.',
            )  # fmt: skip
        at = np.tile([alpha / 2, 1 - alpha / 2], (len(plain), 1))
        if kind == "bc":
            ties = (self.draws == self.effects.coef).mean(axis=0) / 2
            below = (self.draws < self.effects.coef).mean(axis=0) + ties
            shift = 2 * distributions.norm.ppf(below)[:, None]
            at = np.asarray(distributions.norm.cdf(shift + distributions.norm.ppf(at)))
        limits = [np.quantile(d, p) for d, p in zip(self.draws.T, at, strict=True)]
        return pd.DataFrame(limits, index=plain.index, columns=plain.columns)

    def tidy(self, alpha: float = 0.05, kind: str = "delta") -> pd.DataFrame:
        """One row an effect, with broom's column names and limits as by :meth:`conf_int`."""
        limits = self.conf_int(alpha, kind).to_numpy()
        table = self.effects.tidy(alpha)
        table[["conf_low", "conf_high"]] = limits
        return table

    def product_tests(self) -> pd.DataFrame:
        """Tests of each a*b that take a, treatment -> mediator, and b, mediator -> outcome, for
        independent: one row a mediator and test, with the normal distribution.

        The variance is ``a^2 V(b) + b^2 V(a)`` (Sobel), plus (Aroian) or less (Goodman)
        ``V(a) V(b)``; V is by the covariance in use. Goodman's may be negative, and has no test
        then. The "indirect" effect's own standard error has the covariance of a and b too.
        """
        k = len(self.mediators)
        variances = np.diag(self.paths.cov.matrix)
        b, a = self.paths.coef[1 : k + 1], self.paths.coef[k + 1 :]
        vb, va = variances[1 : k + 1], variances[k + 1 :]
        rows = []
        for j, mediator in enumerate(self.mediators):
            first, second = a[j] ** 2 * vb[j] + b[j] ** 2 * va[j], va[j] * vb[j]
            for test, sign in (("Sobel", 0), ("Aroian", 1), ("Goodman", -1)):
                variance = first + sign * second
                error = np.sqrt(variance) if variance > 0 else np.nan
                z = a[j] * b[j] / error
                rows.append(
                    (mediator, test, a[j] * b[j], error, z, 2 * distributions.norm.sf(abs(z)))
                )
        names = ["mediator", "test", "estimate", "std_error", "statistic", "p_value"]
        return pd.DataFrame(rows, columns=names)

    def labels(self, language: str = "en") -> dict[str, str]:
        """Names of the effects in a language, as ``panel.regtable(labels=...)`` takes them."""
        found = {n: w.get(language, w["en"]) for n, w in _WORDS.items()}
        via = _VIA.get(language, _VIA["en"])
        return found | {
            f"indirect via {m}": via.format(found["indirect"], self.effects.label(m, language))
            for m in self.mediators
        }

    def _head(self) -> tuple[str, ...]:
        drawn = f"; limits are percentiles of {len(self.draws)} bootstrap draws"
        return (
            f"Effects of {self.treatment} on {self.effects.depvar} through "
            f"{', '.join(self.mediators)}",
            f"n = {self.effects.nobs}; standard errors {self.effects.cov.label}, delta method"
            + (drawn if len(self.draws) else ""),
        )

    def _shown(self) -> pd.DataFrame:
        return self.tidy(kind="percentile" if len(self.draws) else "delta")

    def __str__(self) -> str:
        table = self._shown().set_index("term").rename_axis(None)
        body = table.to_string(float_format=lambda v: f"{v:.5g}")
        products = self.product_tests().to_string(index=False, float_format=lambda v: f"{v:.5g}")
        return "\n".join([*self._head(), "", body, "", products, "", *self.notes])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        head, notes = ("<br>".join(map(escape, part)) for part in (self._head(), self.notes))
        tables = [
            t.to_html(border=0, index=False, float_format=lambda v: f"{v:.5g}")
            for t in (self._shown(), self.product_tests())
        ]
        return f"<div><p><b>{head}</b></p>{''.join(tables)}<p>{notes}</p></div>"

    def __getstate__(self) -> dict[str, Any]:
        plain = {"settings": dict(self.settings)}
        return {k: getattr(self, k) for k in self.__dataclass_fields__} | plain

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()
