"""Sigma convergence: do the gaps between regions close?"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from panel.core.frame import IntArray, PanelFrame
from panel.core.labels import Label
from panel.core.test import Test
from panel.errors import DataError, suggest
from panel.inequality.measures import inequality_measures
from panel.inequality.observed import Observed, observed
from panel.inequality.wording import as_html, as_text, headed, titled
from panel.kernels.inequality import slope_over_time

# Years below which a trend has hardly a degree of freedom.
_FEWEST_YEARS = 4


@dataclass(frozen=True, eq=False)
class SigmaConvergence:
    """Dispersion over the years.

    Parameters
    ----------
    variable : label of what is dispersed, in three languages.
    df : one row a year: n, mean, sd_log, cv.
    trend : test of the slope of the dispersion over the years.
    ends : Pitman and Morgan's test that the variance of logs is the same in the last year as in
        the first.
    notes : what a reader must know of rows and settings.
    """

    variable: Label
    df: pd.DataFrame
    trend: Test
    ends: Test
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> Label:
        """What a table of it is called, in three languages."""
        return titled("sigma", self.variable)

    def tidy(self) -> pd.DataFrame:
        """A row a test."""
        return pd.concat([self.trend.tidy(), self.ends.tidy()], ignore_index=True)

    def labelled(self, language: str = "en") -> pd.DataFrame:
        """:attr:`df` with headings in English ("en"), Chinese ("zh") or Russian ("ru")."""
        return headed(self.df, language)

    @property
    def _lines(self) -> tuple[str, ...]:
        return (*(f"{t.name}: {t._result()}" for t in (self.trend, self.ends)), *self.notes)

    def __str__(self) -> str:
        return as_text(str(self.title), self.df, self._lines)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return as_html(str(self.title), self.df, self._lines)


def sigma_convergence(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    *,
    measure: Literal["sd_log", "cv"] = "sd_log",
    weights: str | None = None,
    sample: str | None = None,
    lags: int | None = None,
) -> SigmaConvergence:
    """Dispersion between regions over the years, with two tests of its change.

    The trend is the slope of the dispersion on the calendar, with Newey and West's errors. A few
    dispersions in a row are nearly one observation each; the second test uses the regions: the
    variance of logs in the last year against the first, from the same regions, by the correlation
    of sums and differences, which is t with N - 2 degrees of freedom for normal logs.

    Parameters
    ----------
    variable : an expression of positive values, ``"gdp / population"``.
    measure : "sd_log", standard deviation of logs, or "cv", coefficient of variation, for the
        trend; both stand in ``df``, with variances over n.
    weights, sample : as for :func:`panel.inequality_measures`; the second test takes no weights.
    lags : of Newey and West's errors; ``floor(4 (T/100)^(2/9))`` if left out.

    Raises
    ------
    DataError : a value that is not positive, fewer than four years, another measure, or regions
        that are not three in both the first and the last year.
    EmptySampleError, UnknownVariableError, NotNumericError, FormulaError : from the expressions.

    References
    ----------
    Barro and Sala-i-Martin (1992), J. Political Economy 100; Morgan (1939) and Pitman (1939),
    Biometrika 31; Carree and Klomp (1997), Economics Letters 56, whose T2 is a function of the
    same correlation; Newey and West (1987), Econometrica 55.
    """
    if measure not in ("sd_log", "cv"):
        raise DataError(
            f"Dispersion {measure!r} is not known.", variable="measure", value=measure,
            remedy=suggest(str(measure), ("sd_log", "cv")),
        )  # fmt: skip
    found = inequality_measures(
        frame, variable, measures=("sd_log", "cv"), weights=weights, sample=sample
    )
    data = observed(frame, variable, weights=weights, sample=sample)
    years = len(found.df)
    if years < _FEWEST_YEARS:
        raise DataError(
            f"A trend of dispersion needs {_FEWEST_YEARS} {data.frame.time}s, not {years}.",
            variable=variable, value=years, remedy="use a longer panel.",
        )  # fmt: skip
    used = int(4 * (years / 100) ** (2 / 9)) if lags is None else lags
    if isinstance(used, bool) or not isinstance(used, Integral) or not 0 <= used < years:
        raise DataError(
            f"lags must be a whole number from 0 to {years - 1}, not {lags!r}.", variable="lags",
            value=lags, remedy="leave it out.",
        )  # fmt: skip
    trend = _trend(found.df[measure], np.unique(data.times), int(used), measure)
    return SigmaConvergence(found.variable, found.df, trend, _ends(data), found.notes)


def _trend(values: pd.Series, times: IntArray, lags: int, measure: str) -> Test:
    slope, error = slope_over_time(values.to_numpy(), times.astype(np.float64), lags)
    df = len(values) - 2
    statistic = slope / error if error > 0 else np.nan
    details = pd.DataFrame({"slope": [slope], "std_error": [error]}, index=[measure])
    return Test(
        "Trend of dispersion", float(statistic), float(2 * stats.t.sf(abs(statistic), df)), "t",
        "the dispersion has no trend", (float(df),), "two-sided",
        (f"Newey-West errors with {lags} lags; below zero is convergence.",), details,
    )  # fmt: skip


def _ends(data: Observed) -> Test:
    """Pitman and Morgan's test of equal variances of logs in the first and the last year."""
    first, last = (data.times == t for t in (data.times.min(), data.times.max()))
    logs = pd.DataFrame(
        {"a": pd.Series(np.log(data.x[first]), data.units[first]),
         "b": pd.Series(np.log(data.x[last]), data.units[last])}
    ).dropna()  # fmt: skip
    n = len(logs)
    apart, both = logs.b - logs.a, logs.b + logs.a
    if n < 3 or not (apart.std() > 0 and both.std() > 0):
        raise DataError(
            f"{n} {data.frame.unit}s with different growth have {data.variable!r} in the first and "
            f"the last {data.frame.time}, fewer than 3.",
            variable=data.variable, value=n, remedy="choose years that more regions have.",
        )  # fmt: skip
    r = float(np.corrcoef(apart, both)[0, 1])
    statistic = r * np.sqrt((n - 2) / max(1 - r**2, np.finfo(float).tiny))
    years = [year for year, _ in data.years()]
    details = pd.DataFrame({"variance of logs": [logs.a.var(), logs.b.var()]},
                           index=[years[0], years[-1]])  # fmt: skip
    return Test(
        "Pitman-Morgan test of equal variances", float(statistic),
        float(2 * stats.t.sf(abs(statistic), n - 2)), "t",
        f"logs vary as much in {years[-1]} as in {years[0]}", (float(n - 2),), "two-sided",
        (f"{n} {data.frame.unit}s in both years; below zero is convergence.",), details,
    )  # fmt: skip
