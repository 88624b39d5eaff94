"""Oster's bounds: what they hold, and how they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from numbers import Real
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from panel.core.frame import FloatArray
from panel.diagnostics.wording import labelled
from panel.errors import DataError, VcovError


@dataclass(frozen=True, eq=False)
class OsterBounds:
    """Oster's delta and bias-adjusted coefficient.

    Parameters
    ----------
    treatment : the regressor in question.
    short, full : its coefficient without and with the controls.
    rsquared_short, rsquared_full, rmax : R-squared without and with the controls, and with
        everything that matters.
    delta : the selection for which the coefficient would be ``settings["beta"]``.
    beta_star : the coefficient if the selection is ``settings["delta"]``.
    roots : all solutions for the coefficient, ``beta_star`` first.
    draws : (B, 2) delta and beta_star in resampled clusters; B = 0 without bootstrap.
    settings : every choice that changes the result.
    notes : what a reader must know.
    """

    treatment: str
    short: float
    full: float
    rsquared_short: float
    rsquared_full: float
    rmax: float
    delta: float
    beta_star: float
    roots: tuple[float, ...]
    draws: FloatArray = field(repr=False)
    settings: Mapping[str, Any]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.draws.flags.writeable = False
        object.__setattr__(self, "settings", MappingProxyType(dict(self.settings)))

    @property
    def identified_set(self) -> tuple[float, float]:
        """The interval between the full coefficient and ``beta_star``."""
        return min(self.full, self.beta_star), max(self.full, self.beta_star)

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        """Percentile limits of delta and beta_star over the resampled clusters.

        Raises
        ------
        VcovError : no bootstrap was asked for.
        DataError : alpha is not between 0 and 1.
        """
        if not len(self.draws):
            raise VcovError(
                "There are no draws to take limits from.", variable="bootstrap",
                remedy='give bootstrap=panel.cluster_bootstrap("province") to oster.',
            )  # fmt: skip
        if not (isinstance(alpha, Real) and 0 < alpha < 1):
            raise DataError(
                f"alpha must lie between 0 and 1, not {alpha!r}.", variable="alpha", value=alpha,
                remedy="0.05 gives limits of 95 percent.",
            )  # fmt: skip
        limits = np.quantile(self.draws, [alpha / 2, 1 - alpha / 2], axis=0).T
        return pd.DataFrame(limits, ["delta", "beta_star"], ["conf_low", "conf_high"])

    def tidy(self) -> pd.DataFrame:
        """One row each for the short and the full coefficient, beta_star and delta."""
        return pd.DataFrame(
            {
                "term": ["short", "full", "beta_star", "delta"],
                "estimate": [self.short, self.full, self.beta_star, self.delta],
                "rsquared": [self.rsquared_short, self.rsquared_full, self.rmax, self.rmax],
            }
        )

    def labelled(self, language: str = "en") -> pd.DataFrame:
        """The rows of :meth:`tidy` with headings in English, Chinese or Russian.

        Raises
        ------
        DataError : another language.
        """
        return labelled(self.tidy(), language, "term")

    def _lines(self) -> list[str]:
        s, limits = self.settings, ("", "")
        if len(self.draws):
            rows = self.conf_int().to_numpy()
            limits = (
                f" [{rows[0, 0]:.4g}, {rows[0, 1]:.4g}]",
                f" [{rows[1, 0]:.4g}, {rows[1, 1]:.4g}]",
            )
        low, high = self.identified_set
        return [
            f"Oster's bounds for {self.treatment}, {s['r2']} R-squared",
            f"without controls {self.short:.5g} (R2 {self.rsquared_short:.4f}), with controls "
            f"{self.full:.5g} (R2 {self.rsquared_full:.4f}), Rmax {self.rmax:.4f}",
            f"coefficient for delta = {s['delta']:g}: {self.beta_star:.5g}{limits[1]}; "
            f"identified set from {low:.5g} to {high:.5g}",
            f"delta for a coefficient of {s['beta']:g}: {self.delta:.5g}{limits[0]}",
            *self.notes,
        ]

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        head, *rest = map(escape, self._lines())
        return f"<div><p><b>{head}</b><br>{'<br>'.join(rest)}</p></div>"

    def __getstate__(self) -> dict[str, Any]:
        plain = {"settings": dict(self.settings)}
        return {k: getattr(self, k) for k in self.__dataclass_fields__} | plain

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()
