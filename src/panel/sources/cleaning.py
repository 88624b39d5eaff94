"""Cleaning on the record: outliers and noise. Each verb gives a new frame that knows the step."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from panel.core.frame import FloatArray, PanelFrame
from panel.core.steps import figures, recorded, target
from panel.errors import DataError
from panel.kernels.filters import hodrick_prescott

Cutoffs = list[tuple[str, float, float]]


def winsorise(
    frame: PanelFrame,
    name: str,
    lower: float = 0.01,
    upper: float = 0.99,
    *,
    by: str | None = None,
    into: str | None = None,
) -> PanelFrame:
    """Figures beyond two percentiles set to them.

    Parameters
    ----------
    lower, upper : shares of the figures, linear between order statistics (definition 7 of Hyndman
        and Fan, as numpy's and R's default).
    by : a variable or key whose groups have percentiles of their own: "year"; all figures
        together if left out.
    into : name of a new variable; the variable itself is changed if left out.

    Returns
    -------
    New frame with the step on record: ``frame.steps``, ``frame.columns[name].steps[-1].cutoffs``.

    Raises
    ------
    DataError : percentiles out of order, infinite figures, a figure without a group.
    NotNumericError, UnknownVariableError : no variable of numbers.
    """
    known, name = target(frame, name, into)
    redo = partial(winsorise, name=name, lower=lower, upper=upper, by=by)
    low, high, cutoffs = _limits(known, name, lower, upper, by)
    values = np.clip(figures(known, name), low, high)
    return _cut(known, redo, values, "winsorised", cutoffs)


def trim(
    frame: PanelFrame,
    name: str,
    lower: float = 0.01,
    upper: float = 0.99,
    *,
    by: str | None = None,
    into: str | None = None,
) -> PanelFrame:
    """Figures beyond two percentiles made missing. Parameters and errors as :func:`winsorise`."""
    known, name = target(frame, name, into)
    redo = partial(trim, name=name, lower=lower, upper=upper, by=by)
    low, high, cutoffs = _limits(known, name, lower, upper, by)
    values = figures(known, name)
    values[(values < low) | (values > high)] = np.nan
    return _cut(known, redo, values, "trimmed", cutoffs)


def moving_average(
    frame: PanelFrame, name: str, window: int = 3, *, into: str | None = None
) -> PanelFrame:
    """Centred moving averages within each region.

    x_t = (x_{t-h} + ... + x_{t+h}) / window, h = (window - 1) / 2, by the calendar: missing where
    one of the years has no figure, so also at both ends.

    Raises
    ------
    DataError : a window that is not odd, less than 3 or longer than any series; otherwise as
        :func:`winsorise`.
    """
    if isinstance(window, bool) or not isinstance(window, int) or window < 3 or window % 2 == 0:
        raise DataError(
            f"A centred window has an odd number of years, not {window!r}.",
            variable="window",
            value=window,
            remedy="give 3, 5, 7, ...",
        )
    known, name = target(frame, name, into)
    values, half = figures(known, name), window // 2
    total = sum(known.shifted(values, k) for k in range(-half, half + 1))
    if np.isnan(total).all():
        raise DataError(
            f"No region has figures of {name!r} in {window} years running.",
            variable="window",
            value=window,
            remedy="give a shorter window.",
        )
    redo = partial(moving_average, name=name, window=window)
    return recorded(known, redo, np.asarray(total / window), "averaged", text=str(window))


def hp_trend(
    frame: PanelFrame, name: str, lamb: float = 6.25, *, into: str | None = None
) -> PanelFrame:
    """Hodrick-Prescott trend within each region.

    Parameters
    ----------
    lamb : how smooth; 6.25 for years is the 1600 of quarters over 4^4 (Ravn and Uhlig).
        A missing year ends a series: what stands before and after it is filtered apart.

    Raises
    ------
    DataError : lamb is not positive; otherwise as :func:`winsorise`.
    """
    if not 0 < lamb < np.inf:
        raise DataError(
            f"lamb must be positive, not {lamb!r}.",
            variable="lamb",
            value=lamb,
            remedy="6.25 and 100 are used for years, 1600 for quarters.",
        )
    known, name = target(frame, name, into)
    values = figures(known, name)
    for run in _runs(known, values):
        values[run] = hodrick_prescott(values[run], lamb)
    redo = partial(hp_trend, name=name, lamb=lamb)
    return recorded(known, redo, values, "trend", text=f"{lamb:g}")


def _limits(
    frame: PanelFrame, name: str, lower: float, upper: float, by: str | None
) -> tuple[FloatArray, FloatArray, Cutoffs]:
    """Lower and upper cutoff of each row (n,), and of each group."""
    if not 0 <= lower < upper <= 1:
        raise DataError(
            f"Percentiles {lower!r} and {upper!r} are not in order between 0 and 1.",
            variable="lower, upper",
            value=(lower, upper),
            remedy="0.01 and 0.99 keep all but the outer hundredths.",
        )
    values = figures(frame, name)
    there = ~np.isnan(values)
    if not there.any():
        raise DataError(
            f"{name!r} has no figures.", variable=name, remedy="choose another variable."
        )
    codes, groups = (np.zeros(len(values), np.int64), ("all",)) if by is None else frame.groups(by)
    lost = there & (codes < 0)
    if lost.any():
        at = frame.table.index[int(np.argmax(lost))]
        raise DataError(
            f"{by!r} is missing for {at[0]}, {at[1]}, which has a figure of {name!r}.",
            variable=by,
            value=at,
            remedy="complete the groups, or leave by= out.",
        )
    low, high, cutoffs = np.full(len(values), -np.inf), np.full(len(values), np.inf), []
    for code in np.unique(codes[there]).tolist():
        rows = codes == code
        ends = np.quantile(values[rows & there], [lower, upper])
        low[rows], high[rows] = ends
        cutoffs.append((str(groups[code]), float(ends[0]), float(ends[1])))
    return low, high, cutoffs


def _cut(
    frame: PanelFrame, redo: partial[PanelFrame], values: FloatArray, kind: str, cutoffs: Cutoffs
) -> PanelFrame:
    said = {k: f"{100 * redo.keywords[k]:g}" for k in ("lower", "upper")}
    if by := redo.keywords["by"]:
        return recorded(frame, redo, values, f"{kind} by", cutoffs, **said, group=str(by))
    return recorded(frame, redo, values, kind, cutoffs, **said)


def _runs(frame: PanelFrame, values: FloatArray) -> Iterator[slice]:
    """Rows of one region with figures in years that follow one another."""
    there = np.flatnonzero(~np.isnan(values))
    unit, time = frame.unit_codes[there], frame.time_numbers[there]
    breaks = np.flatnonzero((np.diff(unit) != 0) | (np.diff(time) != 1) | (np.diff(there) != 1)) + 1
    for run in np.split(there, breaks):
        if len(run):
            yield slice(int(run[0]), int(run[-1]) + 1)
