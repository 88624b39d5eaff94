"""Kernel densities over the years, and of where regions go from where they are."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd

from panel.core.frame import FloatArray, PanelFrame
from panel.core.labels import Label
from panel.errors import CalendarError, DataError, suggest
from panel.inequality.observed import Observed, observed, require_several
from panel.inequality.wording import as_html, as_text, headed, peaks, titled
from panel.kernels import densities as kernel

# A Gaussian kernel has 0.1 percent of its mass beyond so many bandwidths.
_MARGIN = 3.0
# A normal value lies below the bound by so much of the mass before a note says so.
_SPILT = 0.01
_SHOWN = ", where it is highest (the whole grid is in .df)"


@dataclass(frozen=True, eq=False)
class Densities:
    """Densities of a variable by year, as numbers for ridges, lines or surfaces.

    Parameters
    ----------
    variable : its label in three languages.
    df : one row a point of the grid, one column a year.
    bandwidths : by year, with the rule "given" or that asked for.
    rule : how bandwidths were chosen.
    notes : what a reader must know of rows and settings.
    """

    variable: Label
    df: pd.DataFrame
    bandwidths: pd.Series
    rule: str
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> Label:
        """What a table of it is called, in three languages."""
        return titled("densities", self.variable)

    def tidy(self) -> pd.DataFrame:
        """One row a year and point: year, x, density."""
        return _melted(self.df, self.bandwidths.index.name)

    def labelled(self, language: str = "en") -> pd.DataFrame:
        """:meth:`tidy` with headings in English ("en"), Chinese ("zh") or Russian ("ru")."""
        return headed(self.tidy(), language)

    def __str__(self) -> str:
        return as_text(f"{self.title}{_SHOWN}", self._peaks(), self.notes)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return as_html(f"{self.title}{_SHOWN}", self._peaks(), self.notes)

    def _peaks(self) -> pd.DataFrame:
        """What is shown, as the whole grid tells little: where the density is highest by year."""
        return peaks(self.df.T).assign(bandwidth=self.bandwidths)


@dataclass(frozen=True, eq=False)
class StochasticKernel:
    """Density of a variable ``step`` years on, given its value now.

    Parameters
    ----------
    variable : its label in three languages.
    df : one row a value now, one column a value later; each row is a density.
    moves : the pairs (n, 2) behind it, by (unit, time) of the start: now, later.
    bandwidths : "now" and "later".
    step : years between them.
    notes : what a reader must know of rows and settings.
    """

    variable: Label
    df: pd.DataFrame
    moves: pd.DataFrame
    bandwidths: pd.Series
    step: int
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> Label:
        """What a table of it is called, in three languages."""
        return titled("kernel", self.variable)

    def tidy(self) -> pd.DataFrame:
        """One row a pair of values: now, later, density."""
        long = self.df.reset_index().melt("now", var_name="later", value_name="density")
        return long.astype(float)

    def labelled(self, language: str = "en") -> pd.DataFrame:
        """:meth:`tidy` with headings in English ("en"), Chinese ("zh") or Russian ("ru")."""
        return headed(self.tidy(), language)

    def __str__(self) -> str:
        return as_text(f"{self.title}{_SHOWN}", self._peaks(), self.notes)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return as_html(f"{self.title}{_SHOWN}", self._peaks(), self.notes)

    def _peaks(self) -> pd.DataFrame:
        """What is shown: the likeliest value later by the value now, for some of them."""
        some = np.linspace(0, len(self.df) - 1, min(9, len(self.df))).round().astype(int)
        return peaks(self.df.iloc[some])


def densities(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    *,
    bandwidth: str | float = "silverman",
    points: int = 200,
    lower: float | None = None,
    weights: str | None = None,
    sample: str | None = None,
) -> Densities:
    """Gaussian kernel density of a variable in each year, on one grid.

    Parameters
    ----------
    variable : an expression.
    bandwidth : "silverman", ``0.9 min(s, IQR/1.34) n^(-1/5)``; "scott", with 1.06; "sheather_jones"
        for densities with several peaks; or a number for all years. Weights do not enter it.
    points : of the grid, which reaches three bandwidths beyond all values.
    lower : a bound of the variable, as 0: what the kernel puts below is reflected. Without one a
        note says if more than one percent of the mass of a variable that is never negative lies
        below zero.
    weights, sample : as for :func:`panel.inequality_measures`.

    Raises
    ------
    DataError : a year with one region or without variation, a value below the bound, or settings
        out of range.
    EmptySampleError, UnknownVariableError, NotNumericError, FormulaError : from the expressions.

    References
    ----------
    Silverman (1986), Density Estimation; Scott (1992), Multivariate Density Estimation; Sheather
    and Jones (1991), J. Royal Statistical Society B 53.
    """
    data = observed(frame, variable, weights=weights, sample=sample)
    _require_points(points)
    if lower is not None and not (data.x >= lower).all():
        at = data.frame.table.index[data.rows[int(np.argmax(data.x < lower))]]
        raise DataError(
            f"{variable!r} is below {lower:g} for {at[0]}, {at[1]}.", variable="lower",
            value=lower, remedy="give a bound that the variable keeps to, or none.",
        )  # fmt: skip
    widths = {year: _width(data, data.x[at], bandwidth, year) for year, at in _several(data)}
    beyond = _MARGIN * max(widths.values())
    low = data.x.min() - beyond if lower is None else lower
    grid = np.linspace(low, data.x.max() + beyond, points)
    columns = {
        year: kernel.density(grid, data.x[at], data.w[at], widths[year], lower)
        for year, at in data.years()
    }
    time = data.frame.time
    table = pd.DataFrame(columns, index=pd.Index(grid, name="x")).rename_axis(columns=time)
    rule = bandwidth if isinstance(bandwidth, str) else "given"
    notes = [*data.notes, f"Gaussian kernel, bandwidth {rule}."]
    if lower is not None:
        notes.append(f"Reflected at {lower:g}.")
    elif (data.x >= 0).all() and (worst := _spilt(grid, table)) > _SPILT:
        notes.append(f"Up to {worst:.1%} of a year's mass lies below zero: consider lower=0.")
    return Densities(data.label, table, pd.Series(widths, name="bandwidth").rename_axis(time),
                     rule, tuple(notes))  # fmt: skip


def stochastic_kernel(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    *,
    step: int = 1,
    bandwidth: str | tuple[float, float] = "silverman",
    points: int = 60,
    sample: str | None = None,
) -> StochasticKernel:
    """Conditional density of a variable ``step`` years on, given its value: mobility unbinned.

    Mass along the diagonal is persistence, a row's mass below it a fall; two peaks along it are
    two clubs. Gaussian product kernel.

    Parameters
    ----------
    variable : an expression; relative to the year's mean to compare places in the distribution.
    step : years between now and later, by the calendar.
    bandwidth : a rule as for :func:`panel.densities`, applied to the values now and to those later,
        or both numbers.
    points : of the grid in each direction, from the smallest to the largest value.
    sample : condition that both rows must meet.

    Raises
    ------
    CalendarError : no region has two years so far apart.
    DataError : no variation, or settings out of range.
    EmptySampleError, UnknownVariableError, NotNumericError, FormulaError : from the expressions.

    References
    ----------
    Quah (1997), J. Economic Growth 2; Hyndman, Bashtannyk and Grunwald (1996), J. Computational
    and Graphical Statistics 5.
    """
    data = observed(frame, variable, sample=sample)
    _require_points(points)
    if isinstance(step, bool) or not isinstance(step, Integral) or step < 1:
        raise CalendarError(
            f"A move takes a whole number of periods from 1, not {step!r}.", variable="step",
            value=step, remedy="write 1.",
        )  # fmt: skip
    moves = _pairs(data, int(step))
    rules = bandwidth if isinstance(bandwidth, tuple) else (bandwidth, bandwidth)
    if len(rules) != 2:
        raise DataError(
            f"A stochastic kernel has two bandwidths, not {len(rules)}.", variable="bandwidth",
            value=bandwidth, remedy="give (now, later).",
        )  # fmt: skip
    now, later = moves.now.to_numpy(), moves.later.to_numpy()
    h = tuple(
        _width(data, x, rule, which)
        for x, rule, which in zip((now, later), rules, ("now", "later"), strict=True)
    )
    grid = np.linspace(data.x.min(), data.x.max(), points)
    table = kernel.conditional(grid, now, later, (h[0], h[1]))
    notes = (
        *data.notes,
        f"{len(moves)} pairs {step} {data.frame.time}(s) apart; Gaussian kernels.",
    )
    return StochasticKernel(
        data.label, pd.DataFrame(table, pd.Index(grid, name="now"), pd.Index(grid, name="later")),
        moves, pd.Series(h, index=["now", "later"], name="bandwidth"), int(step), notes,
    )  # fmt: skip


def _pairs(data: Observed, step: int) -> pd.DataFrame:
    values = np.full(len(data.frame), np.nan)
    values[data.rows] = data.x
    later = data.frame.shifted(values, -step)[data.rows]
    kept = np.isfinite(later)
    if kept.sum() < 2:
        raise CalendarError(
            f"Fewer than two {data.frame.unit}s have {data.variable!r} in two {data.frame.time}s "
            f"that are {step} apart.",
            variable=data.variable, value=step, remedy="use a smaller step or a longer panel.",
        )  # fmt: skip
    index = data.frame.table.index[data.rows[kept]]
    return pd.DataFrame({"now": data.x[kept], "later": later[kept]}, index=index)


def _several(data: Observed) -> list[tuple[Any, Any]]:
    found = list(data.years())
    for year, at in found:
        require_several(at, year, data)
    return found


def _width(data: Observed, x: FloatArray, rule: str | float, where: object) -> float:
    if isinstance(rule, str):
        if rule not in kernel.BANDWIDTHS:
            raise DataError(
                f"Bandwidth {rule!r} is not known.", variable="bandwidth", value=rule,
                remedy=suggest(rule, kernel.BANDWIDTHS),
            )  # fmt: skip
        size = float(np.abs(x).max())  # rules raise differences to high powers
        h = size * kernel.BANDWIDTHS[rule](x / size) if x.min() < x.max() else 0.0
        if not h > 0:
            raise DataError(
                f"{data.variable!r} does not vary enough for a bandwidth ({where}).",
                variable=data.variable, value=float(x[0]),
                remedy="leave that year out, or give a bandwidth as a number.",
            )  # fmt: skip
        return h
    if isinstance(rule, bool) or not isinstance(rule, Real) or not 0 < rule < np.inf:
        raise DataError(
            f"A bandwidth must be positive, not {rule!r}.", variable="bandwidth", value=rule,
            remedy='give "silverman".',
        )  # fmt: skip
    return float(rule)


def _require_points(points: int) -> None:
    if isinstance(points, bool) or not isinstance(points, Integral) or points < 2:
        raise DataError(
            f"The grid needs two points or more, not {points!r}.", variable="points",
            value=points, remedy="give 200.",
        )  # fmt: skip


def _spilt(grid: FloatArray, table: pd.DataFrame) -> float:
    below = grid <= 0
    return float(np.trapezoid(table.to_numpy()[below], grid[below], axis=0).max(initial=0.0))


def _melted(table: pd.DataFrame, time: Any) -> pd.DataFrame:
    long = table.reset_index().melt("x", var_name=time, value_name="density")
    return long[[time, "x", "density"]]
