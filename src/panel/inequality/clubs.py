"""Convergence clubs: groups of regions that converge among themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd
from scipy import stats

from panel.core.frame import FloatArray, PanelFrame
from panel.core.labels import Label
from panel.core.test import Test
from panel.errors import CalendarError, DataError, suggest
from panel.inequality.observed import observed
from panel.inequality.wording import as_html, as_text, headed, titled
from panel.kernels.clubs import Hac, LogT, hp_trend, log_t, transition

# Five percent of the lower tail of the normal distribution, as the papers round it.
THRESHOLD = -1.65
# Years that the regression needs after those left out.
_FEWEST = 4


@dataclass(frozen=True, eq=False)
class Clubs:
    """Convergence clubs.

    Parameters
    ----------
    variable : label of what converges, in three languages.
    df : one row a club: members, slope of log t, std_error, statistic, and the mean relative
        transition in the first and the last year; the highest club first.
    members : club (a number from 1) by region; missing for regions that belong to none.
    before : the same before clubs were merged.
    paths : relative transition, each region's (filtered) value over the year's mean, by (unit,
        time), for pictures.
    whole : the log t test of all regions together.
    notes : what a reader must know of rows and settings.
    """

    variable: Label
    df: pd.DataFrame
    members: pd.Series
    before: pd.Series
    paths: pd.Series
    whole: Test
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> Label:
        """What a table of it is called, in three languages."""
        return titled("clubs", self.variable)

    def tidy(self) -> pd.DataFrame:
        """One row a region, with its club."""
        return self.members.rename("club").reset_index()

    def labelled(self, language: str = "en") -> pd.DataFrame:
        """:attr:`df` with headings in English ("en"), Chinese ("zh") or Russian ("ru")."""
        return headed(self.df, language)

    @property
    def _lines(self) -> tuple[str, ...]:
        lists = [
            f"Club {club}: {', '.join(map(str, rows.index))}."
            for club, rows in self.members.dropna().groupby(self.members.dropna())
        ]
        alone = self.members.index[self.members.isna()]
        lists += [f"In no club: {', '.join(map(str, alone))}."] * bool(len(alone))
        return (f"All regions: {self.whole._result()}.", *lists, *self.notes)

    def __str__(self) -> str:
        return as_text(str(self.title), self.df, self._lines)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return as_html(str(self.title), self.df, self._lines)


def log_t_test(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    *,
    trim: float = 1 / 3,
    smoothing: float | None = 6.25,
    hac: Hac = "phillips_sul",
    sample: str | None = None,
) -> Test:
    """Phillips and Sul's log t test that all regions converge.

    With h_it the value over its year's mean and H_t the mean of ``(h_it - 1)^2``, the slope b of
    ``log(H_1/H_t) - 2 log(log t)`` on log t is twice the speed at which H falls, and negative if
    it does not. Below zero and significant, convergence is rejected; b from 2 is convergence of
    levels, between 0 and 2 of growth rates.

    Parameters
    ----------
    variable : an expression of positive values, usually a logarithm, ``"log(gdp / population)"``.
        h depends on the unit in which the logarithm is taken: give values well above one.
    trim : share of the first years left out of the regression.
    smoothing : of the Hodrick-Prescott filter, whose trend is used: 6.25 is 1600 of quarterly data
        over the fourth power of 4; None takes the values as they are.
    hac : "phillips_sul" or "andrews": ConvergenceClubs' FQSB and AQSB.
    sample : condition that rows must meet.

    Returns
    -------
    Test, standard normal, of the lower tail: reject below -1.65.

    Raises
    ------
    CalendarError : a region lacks a year, or too few years.
    DataError : values that are not positive, one region, or settings out of range.
    EmptySampleError, UnknownVariableError, NotNumericError, FormulaError : from the expressions.

    References
    ----------
    Phillips and Sul (2007), Econometrica 75; Andrews (1991), Econometrica 59.
    """
    return _prepared(
        frame, variable, trim=trim, smoothing=smoothing, hac=hac, sample=sample
    ).whole()


def convergence_clubs(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    *,
    trim: float = 1 / 3,
    smoothing: float | None = 6.25,
    hac: Hac = "phillips_sul",
    cstar: tuple[float, float] = (0.0, 0.1),
    merge: bool = True,
    sample: str | None = None,
) -> Clubs:
    """Convergence clubs by Phillips and Sul's algorithm.

    Regions are put in order of their last value. From the top, the first pair with t > -1.65 is
    extended while that holds, and the group with the largest t is the core. A region joins if the
    core with it has t > c*. Should the club then fail the test, c* is raised until it passes. The
    others are searched in the same way; a pair that has the same value in some year cannot be
    tested and starts no club. Then adjacent clubs are merged as long as together they pass the
    test (Phillips and Sul 2009).

    Parameters
    ----------
    variable, trim, smoothing, hac, sample : as for :func:`panel.log_t_test`.
    cstar : where c* starts, and by how much it is raised; (0, 0) keeps it at 0, whether or not the
        club passes (the default of ConvergenceClubs).
    merge : merge adjacent clubs.

    Raises
    ------
    CalendarError, DataError, EmptySampleError, UnknownVariableError, NotNumericError,
    FormulaError : as :func:`panel.log_t_test`.

    References
    ----------
    Phillips and Sul (2007), Econometrica 75; (2009), J. Applied Econometrics 24; Sichera and
    Pizzuto (2019), The R Journal 11; Du (2017), Stata Journal 17.
    """
    if not (isinstance(cstar, tuple) and len(cstar) == 2 and np.isfinite(cstar).all()
            and cstar[1] >= 0):  # fmt: skip
        raise DataError(
            f"cstar must be (start, step) with a step from 0, not {cstar!r}.", variable="cstar",
            value=cstar, remedy="give (0.0, 0.1).",
        )  # fmt: skip
    data = _prepared(frame, variable, trim=trim, smoothing=smoothing, hac=hac, sample=sample)
    order = [int(i) for i in np.argsort(-data.values[:, -1], kind="stable")]
    found = _search(order, data, cstar)
    clubs = _merged(found, data) if merge else found
    paths = transition(data.values)
    keys = pd.MultiIndex.from_product([data.index, data.years])
    return Clubs(
        data.label, _table(clubs, data, paths), _numbered(clubs, data.index),
        _numbered(found, data.index), pd.Series(paths.ravel(), keys, name="transition"),
        data.whole(), data.notes,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Prepared:
    """Values (N, T), filtered, of regions and years, and what is fixed of the regression."""

    values: FloatArray
    index: pd.Index
    years: pd.Index
    start: int
    hac: Hac
    notes: tuple[str, ...]
    label: Label

    def __call__(self, members: Sequence[int]) -> LogT:
        return log_t(self.values[list(members)], self.start, self.hac)

    def whole(self) -> Test:
        """The test of all regions."""
        result = self(range(len(self.index)))
        details = pd.DataFrame(
            {"slope": [result.slope], "std_error": [result.error]}, index=["log t"]
        )
        said = (
            f"{len(self.index)} regions, {len(self.years)} years; lower tail: reject below -1.65."
        )
        return Test(
            "log t test", result.t, float(stats.norm.cdf(result.t)), "normal",
            "all regions converge", notes=(said, *self.notes), details=details,
        )  # fmt: skip


def _prepared(
    frame: PanelFrame | pd.DataFrame, variable: str, *, trim: float, smoothing: float | None,
    hac: Hac, sample: str | None,
) -> _Prepared:  # fmt: skip
    if hac not in get_args(Hac):
        raise DataError(
            f"Errors {hac!r} are not known.", variable="hac", value=hac,
            remedy=suggest(str(hac), get_args(Hac)),
        )  # fmt: skip
    if isinstance(trim, bool) or not 0 < trim < 1:
        raise DataError(
            f"The share of years left out must lie between 0 and 1, not {trim!r}.",
            variable="trim", value=trim, remedy="give 1/3.",
        )  # fmt: skip
    if smoothing is not None and not (np.isfinite(smoothing) and smoothing > 0):
        raise DataError(
            f"The filter cannot smooth by {smoothing!r}.", variable="smoothing", value=smoothing,
            remedy="give 6.25 for yearly data, or None for values that are filtered already.",
        )  # fmt: skip
    data = observed(frame, variable, sample=sample, bound="positive", purpose="the log t test")
    values, units, years = data.wide()
    start = max(round(len(years) * trim), 1)
    if len(years) - start < _FEWEST:
        raise CalendarError(
            f"The log t test needs {_FEWEST} {data.frame.time}s after the first {start}, not "
            f"{len(years) - start}.",
            variable=variable, value=len(years), remedy="use a longer panel or a smaller trim.",
        )  # fmt: skip
    if len(units) < 2:
        raise DataError(
            f"Only {units[0]} has {variable!r}.", variable=variable, value=1,
            remedy="convergence is of two regions or more.",
        )  # fmt: skip
    if smoothing is not None:
        values = hp_trend(values, float(smoothing))
    how = "as they are" if smoothing is None else f"Hodrick-Prescott trend, smoothing {smoothing:g}"
    left_out = f"the first {start} of {len(years)} {data.frame.time}s left out"
    prepared = _Prepared(
        values, pd.Index(units, name=data.frame.unit), pd.Index(years, name=data.frame.time),
        start, hac, (*data.notes, f"Values: {how}; {left_out}; {hac} errors."),
        data.label,
    )  # fmt: skip
    if np.isnan(prepared(range(len(units))).t):
        raise DataError(
            f"All {data.frame.unit}s have the same {variable!r} in some {data.frame.time}.",
            variable=variable, value=float(values[0, 0]), remedy="use a variable that varies.",
        )  # fmt: skip
    return prepared


def _search(order: list[int], regress: _Prepared, cstar: tuple[float, float]) -> list[list[int]]:
    """The clubs among regions in order of their last value, the highest first."""
    found: list[list[int]] = []
    rest = order
    while len(rest) > 1:
        if regress(rest).t > THRESHOLD:
            return [*found, rest]
        core = _core(rest, regress)
        if not core:
            break
        club = _sieved(core, [i for i in rest if i not in core], regress, cstar)
        found.append(club)
        rest = [i for i in rest if i not in club]
    return found


def _core(rest: list[int], regress: _Prepared) -> list[int]:
    """The group that converges most; empty if no pair of neighbours does."""
    for first in range(len(rest) - 1):
        if regress(rest[first : first + 2]).t > THRESHOLD:
            break
    else:
        return []
    best, largest = first + 2, -np.inf
    for last in range(first + 2, len(rest) + 1):
        t = regress(rest[first:last]).t
        if t <= THRESHOLD:
            break
        if t > largest:
            best, largest = last, t
    return rest[first:best]


def _sieved(
    core: list[int], others: list[int], regress: _Prepared, cstar: tuple[float, float]
) -> list[int]:
    """The core and those that join it."""
    bar, step = cstar
    t = {i: regress([*core, i]).t for i in others}
    while True:
        joining = [i for i in others if t[i] > bar]
        club = [*core, *joining]
        if not step or not joining or regress(club).t > THRESHOLD:
            return club
        bar += step


def _merged(found: list[list[int]], regress: _Prepared) -> list[list[int]]:
    merged: list[list[int]] = []
    for club in found:
        if merged and regress([*merged[-1], *club]).t > THRESHOLD:
            merged[-1] = [*merged[-1], *club]
        else:
            merged.append(club)
    return merged


def _table(found: list[list[int]], regress: _Prepared, paths: FloatArray) -> pd.DataFrame:
    rows = []
    for number, club in enumerate(found, 1):
        result = regress(club)
        rows.append({
            "club": number, "members": len(club), "estimate": result.slope,
            "std_error": result.error, "statistic": result.t,
            "first": paths[club, 0].mean(), "last": paths[club, -1].mean(),
        })  # fmt: skip
    columns = ["club", "members", "estimate", "std_error", "statistic", "first", "last"]
    return pd.DataFrame(rows, columns=columns).set_index("club")


def _numbered(found: list[list[int]], index: pd.Index) -> pd.Series:
    numbers = pd.Series(pd.NA, index=index, name="club", dtype="Int64")
    for number, club in enumerate(found, 1):
        numbers.iloc[club] = number
    return numbers
