"""One variable as regions by years, and how it usually changes."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from panel.core.frame import PanelFrame
from panel.core.precision import places

FloatArray = np.ndarray[Any, np.dtype[np.float64]]

_NORMAL_MAD, _NORMAL_Q90 = 1.4826, 1.6449  # of the normal distribution: their scale is its s.d.
_FEWEST_REGIONS = 5  # to take out what all regions have in common
_POOLED = 4.0  # changes for which the scatter of all regions counts beside a region's own


@dataclass(frozen=True)
class Grid:
    """Figures of one variable.

    Parameters
    ----------
    regions : the N regions.
    years : the T calendar years from first to last, as the frame writes them.
    values : (N, T), NaN where there is no figure or an interpolated one.
    half : (N, T), half a unit of the last printed digit.
    """

    regions: tuple[Hashable, ...]
    years: tuple[Any, ...]
    values: FloatArray
    half: FloatArray

    @cached_property
    def logs(self) -> FloatArray:
        """Logarithms (N, T) of positive figures; NaN for the others."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.values > 0, np.log(self.values), np.nan)

    @cached_property
    def fuzz(self) -> FloatArray:
        """What rounding may change in a logarithm (N, T)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.values > 0, self.half / self.values, np.nan)


@dataclass(frozen=True)
class Usual:
    """How logarithms change from year to year, taken apart without being led astray by outliers.

    change = common + own + rest, with ``common`` (T-1,) the median over regions, ``own`` (N,) the
    region's median of what is left, ``rest`` (N, T-1), ``scatter`` (N, T-1) the usual scatter of
    the rest, and ``scale`` (N, T-1) the same with rounding. Column t is the change from year t to
    t+1.

    The scatter of all is the larger of 1.4826 times the median of absolute rests and their 90
    percent quantile over 1.645, which heavy tails raise; each is the standard deviation of normal
    changes (Rousseeuw and Croux 1993, Journal of the American Statistical Association 88, discuss
    the first). A region's own is the root mean square of its rests without the change that is
    judged and those beside it, which share its figures. The two are pooled, the scatter of all
    counting as four changes.
    """

    changes: FloatArray
    common: FloatArray
    own: FloatArray
    rest: FloatArray
    scatter: FloatArray
    scale: FloatArray


def grid_of(frame: PanelFrame, name: str) -> Grid:
    """The grid of a variable; rows and years without figures at either end are left out."""
    values, times = frame.array(name).astype(float), frame.time_numbers
    filled = frame.columns[name].filled
    if filled:
        known = np.array([key not in filled for key in frame.table.index])
        values = np.where(known, values, np.nan)
    values = np.where(np.isfinite(values), values, np.nan)
    there = ~np.isnan(values)
    if not there.any():
        return Grid((), (), np.empty((0, 0)), np.empty((0, 0)))
    first, last = int(times[there].min()), int(times[there].max())
    inside = there & (times >= first) & (times <= last)
    grid = np.full((len(frame.units), last - first + 1), np.nan)
    half = grid.copy()
    rows, columns = frame.unit_codes[inside], times[inside] - first
    grid[rows, columns] = values[inside]
    half[rows, columns] = 0.5 * 10.0 ** places(values[inside])
    kept = ~np.isnan(grid).all(axis=1)
    regions = tuple(r for r, keep in zip(frame.units, kept, strict=True) if keep)
    said = dict(zip(times.tolist(), frame.table.index.get_level_values(1), strict=True))
    years = tuple(said.get(number, number) for number in range(first, last + 1))
    return Grid(regions, years, grid[kept], half[kept])


def usual(logs: FloatArray, fuzz: FloatArray) -> Usual:
    """How logarithms (N, T) that rounding blurs by ``fuzz`` (N, T) usually change."""
    changes = np.diff(logs, axis=1)
    counts = (~np.isnan(changes)).sum(axis=0)
    common = np.where(counts >= _FEWEST_REGIONS, median(changes, axis=0), 0.0)
    own = np.nan_to_num(median(changes - common, axis=1))
    rest = changes - common - own[:, None]
    blur = np.hypot(fuzz[:, 1:], fuzz[:, :-1])
    pooled = _scatter(rest)
    squares, counted = _without_neighbours(rest)
    scatter = np.sqrt((squares + _POOLED * pooled**2) / (counted + _POOLED))
    return Usual(changes, common, own, rest, scatter, np.hypot(scatter, blur))


def _without_neighbours(rest: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Sum of squares, and number, of a region's rests but for each one and those beside it."""
    there = (~np.isnan(rest)).astype(float)
    sums = []
    for values in (np.nan_to_num(rest) ** 2, there):
        wide = np.pad(values, ((0, 0), (1, 1)))
        sums.append(values.sum(axis=1, keepdims=True) - wide[:, :-2] - wide[:, 1:-1] - wide[:, 2:])
    return np.maximum(sums[0], 0.0), sums[1]


def median(values: FloatArray, axis: int | None = None) -> FloatArray:
    """Median of what is there; NaN where nothing is."""
    filled = values if values.size else np.full((1,) * values.ndim, np.nan)
    with np.errstate(invalid="ignore"), _quiet():
        return np.asarray(np.nanmedian(filled, axis=axis))


def _scatter(rest: FloatArray) -> float:
    sizes = np.abs(rest[~np.isnan(rest)])
    if not len(sizes):
        return 0.0
    return float(max(np.median(sizes) * _NORMAL_MAD, np.quantile(sizes, 0.9) / _NORMAL_Q90))


def _quiet() -> Any:
    """Rows without any figure have no median; that is no news."""
    import warnings

    return warnings.catch_warnings(action="ignore", category=RuntimeWarning)
