"""Composite index by the entropy-weight method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import numpy as np
import pandas as pd

from panel.core.frame import FloatArray, PanelFrame
from panel.core.verb import as_frame
from panel.errors import DataError, NotNumericError, suggest
from panel.kernels.weights import entropy_weights

Direction = Literal["+", "-"]


@dataclass(frozen=True, eq=False)
class EntropyIndex:
    """A composite index and how it was weighted.

    Parameters
    ----------
    name : of the index.
    scores : by (unit, time), between 0 and 1 (and the shift); missing where an indicator is
        missing or infinite.
    weights : one row an indicator: label, direction, entropy, divergence, weight.
    standardise, shift : the settings.
    n_used, n_missing, n_infinite : rows with all indicators; rows without; rows that have all,
        but an infinite one.
    """

    name: str
    scores: pd.Series
    weights: pd.DataFrame
    standardise: str
    shift: float
    n_used: int
    n_missing: int
    n_infinite: int

    def __str__(self) -> str:
        zero = "0 ln 0 = 0" if self.shift == 0 else f"{self.shift:g} added to every value"
        infinite = f", {self.n_infinite} with an infinite one" if self.n_infinite else ""
        return (
            f"Entropy-weight index {self.name!r}: {self.n_used} rows, {self.n_missing} without all "
            f"indicators{infinite}; standardised {self.standardise.replace('_', ' ')}, {zero}\n"
            f"{self.weights.to_string(float_format=lambda v: f'{v:.4f}')}"
        )

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        head = escape(str(self).splitlines()[0])
        return f"<p>{head}</p>{self.weights.to_html(border=0, float_format=lambda v: f'{v:.4f}')}"


def entropy_index(
    frame: PanelFrame | pd.DataFrame,
    indicators: Mapping[str, Direction],
    *,
    standardise: Literal["pooled", "by_year"] = "pooled",
    shift: float = 0.0,
    name: str = "index",
) -> EntropyIndex:
    """Entropy-weight index of several indicators, with one set of weights for the whole panel.

    Every indicator is brought to 0..1, ``z = (x - min)/(max - min)`` where more is better ("+")
    and ``z = (max - x)/(max - min)`` where less is ("-"). An indicator whose values are spread
    unevenly carries more information and gets more weight:
    ``p_ij = z_ij/sum_i z_ij``, ``e_j = -sum_i p_ij ln p_ij / ln n``,
    ``w_j = (1 - e_j)/sum_j(1 - e_j)``, index ``= sum_j w_j z_ij`` with i over region-years.

    Parameters
    ----------
    frame : the panel, or a DataFrame with a (unit, time) index.
    indicators : direction by variable.
    standardise : "pooled" takes minimum and maximum over the whole panel, so that a region can
        rise over the years; "by_year" within each year, so that it can only rise in rank.
    shift : added to every z before weighting. 0 (the default) uses the limit 0 ln 0 = 0; many
        papers add 0.0001 instead to avoid the logarithm of zero, which changes weights slightly.
    name : of the index.

    Raises
    ------
    UnknownVariableError : an indicator that the frame does not have.
    NotNumericError : an indicator that is text.
    DataError : no panel, no indicator or no mapping of them, a direction other than "+" and "-",
        fewer than two complete rows, or an indicator that does not vary (or does not
        vary within a year).

    References
    ----------
    Shannon (1948), Bell System Technical Journal 27; Zeleny (1982), Multiple Criteria Decision
    Making, ch. 7; the panel form as in Yang and Sun (2015), "The entropy method for panel data".
    """
    frame = as_frame(frame)
    _checked(indicators, standardise, shift)
    raw = np.column_stack([_numbers(frame, v) for v in indicators])
    complete = np.isfinite(raw).all(axis=1)
    if complete.sum() < 2:
        raise DataError(
            f"Only {int(complete.sum())} rows have all indicators of {name!r}.",
            variable=name,
            remedy="leave out the indicator that is missing most: see frame.report().",
        )
    x = raw[complete] * np.array([1.0 if d == "+" else -1.0 for d in indicators.values()])
    years = frame.time_numbers[complete] if standardise == "by_year" else np.zeros(len(x), int)
    z = _standardised(x, years, tuple(indicators)) + shift
    weights, entropy = entropy_weights(z)
    scores = np.full(len(frame), np.nan)
    scores[complete] = z @ weights
    table = pd.DataFrame(
        {
            "label": [frame.label(v) for v in indicators],
            "direction": list(indicators.values()),
            "entropy": entropy,
            "divergence": 1 - entropy,
            "weight": weights,
        },
        index=pd.Index(indicators, name="indicator"),
    )
    series = pd.Series(scores, index=frame.table.index, name=name)
    missing = int(np.isnan(raw).any(axis=1).sum())
    used = int(complete.sum())
    infinite = len(frame) - used - missing
    return EntropyIndex(name, series, table, standardise, shift, used, missing, infinite)


def _checked(indicators: Any, standardise: str, shift: float) -> None:
    if not isinstance(indicators, Mapping):
        raise DataError(
            f"The indicators are a {type(indicators).__name__} without directions.",
            variable="indicators", value=indicators,
            remedy='give {"variable": "+"} or "-" for each.',
        )  # fmt: skip
    if not indicators:
        raise DataError(
            "The index has no indicators.", variable="indicators",
            remedy='give {"variable": "+"} or "-" for each.',
        )  # fmt: skip
    for variable, direction in indicators.items():
        if direction not in ("+", "-"):
            raise DataError(
                f"The direction of {variable!r} is {direction!r}.", variable=variable,
                value=direction, remedy='write "+" where more is better and "-" where less is.',
            )  # fmt: skip
    if standardise not in ("pooled", "by_year"):
        raise DataError(
            f"Standardisation {standardise!r} is not known.", variable="standardise",
            value=standardise, remedy=suggest(standardise, ("pooled", "by_year")),
        )  # fmt: skip
    if not 0 <= shift < 1:
        raise DataError(
            f"The shift {shift!r} is not a small nonnegative number.", variable="shift",
            value=shift, remedy="give 0, or for instance 0.0001.",
        )  # fmt: skip


def _numbers(frame: PanelFrame, variable: str) -> FloatArray:
    series = frame[variable]
    if not pd.api.types.is_numeric_dtype(series.dtype):
        raise NotNumericError(
            f"Indicator {variable!r} is text.", variable=variable,
            remedy="an index is made of numbers.",
        )  # fmt: skip
    return series.to_numpy(dtype=np.float64)


def _standardised(x: FloatArray, years: np.ndarray[Any, Any], names: tuple[str, ...]) -> FloatArray:
    """``x`` (n, m) brought to 0..1 within each of ``years`` (n,)."""
    z = np.empty_like(x)
    for year in np.unique(years):
        rows = years == year
        low, high = x[rows].min(axis=0), x[rows].max(axis=0)
        if bool((high == low).any()):
            flat = names[int(np.argmax(high == low))]
            when = f" in {year}" if len(np.unique(years)) > 1 else ""
            raise DataError(
                f"Indicator {flat!r} does not vary{when}.",
                variable=flat,
                remedy="leave it out of the index.",
            )
        z[rows] = (x[rows] - low) / (high - low)
    return z
