"""Computed figures: interpolation, expressions with units, chained volumes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import pandas as pd

from panel.core.units import magnitude, quantity
from panel.sources.codebook import Chain, Variable
from panel.sources.conversion import evaluated

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
Keys = frozenset[tuple[Hashable, Any]]


def interpolated(values: pd.Series) -> tuple[pd.Series, Keys]:
    """Gaps between two published years of a region filled on the straight line between them.

    Parameters
    ----------
    values : figures (n,) indexed by (region, year), sorted.

    Returns
    -------
    The filled figures, and the keys of the cells that were filled. Nothing is extrapolated, and
    the line follows the calendar: a missing row between two years counts as a year.
    """
    lines = []
    for _, cells in values.groupby(level=0, sort=False):
        known = cells.dropna()
        years, at = (c.index.get_level_values(1).to_numpy(dtype=float) for c in (cells, known))
        line = np.interp(years, at, known, left=np.nan, right=np.nan) if len(known) else cells
        lines.append(np.where(cells.notna(), cells, line))
    filled = pd.Series(np.concatenate(lines), index=values.index, name=values.name)
    return filled, frozenset(values.index[values.isna() & filled.notna()])


def computed(variable: Variable, lookup: Callable[[str], tuple[pd.Series, str]]) -> pd.Series:
    """Figures (n,) of a variable with an expression, in its unit.

    Parameters
    ----------
    variable : with an expression.
    lookup : figures and unit of each input.

    Raises
    ------
    UnitError : the expression adds or compares what cannot be, or does not measure the unit.
    """
    index: list[pd.Index] = []

    def measured(name: str) -> tuple[FloatArray, str]:
        values, unit = lookup(name)
        index.append(values.index)
        return values.to_numpy(dtype=float), unit

    what = f"{variable.name} = {variable.expression}"
    result = evaluated(variable.node, measured, what)
    numbers = magnitude(result, variable.unit, what=what)
    numbers = np.where(np.isfinite(numbers), numbers, np.nan)  # 0 / 0 is a missing figure
    return pd.Series(numbers, index=index[0], name=variable.name)


def chained(chain: Chain, level: pd.Series, growth: pd.Series, growth_unit: str) -> pd.Series:
    """Volume series: the level of the base year moved by growth in both directions.

    v_b = level_b,  v_t = v_{t-1} g_t  after the base year b,  v_{t-1} = v_t / g_t  before it,
    with g_t the figure of year t as a multiple of year t-1 at constant prices
    (System of National Accounts 2008, ch. 15, chain indices).

    Parameters
    ----------
    level, growth : figures (n,) indexed by (region, year).
    growth_unit : unit of ``growth``; "上年=100" counts in hundredths.
    """
    times = magnitude(quantity(growth.to_numpy(dtype=float), growth_unit), "", what=chain.growth)
    ratio = _by_year(pd.Series(times, index=growth.index))
    volume = {chain.base: level[level.index.get_level_values(1) == chain.base].droplevel(1)}
    for year in range(chain.base + 1, max(ratio) + 1):
        volume[year] = volume[year - 1] * ratio[year]
    for year in range(chain.base - 1, min(ratio) - 1, -1):
        volume[year] = volume[year + 1] / ratio[year + 1]
    chained_up = pd.concat(volume).swaplevel()
    return pd.Series(chained_up.reindex(level.index), index=level.index)


def _by_year(values: pd.Series) -> dict[int, pd.Series]:
    """Figures by region, for each year from first to last; empty in years without a row."""
    years = values.index.get_level_values(1).to_numpy(dtype=int)
    return {y: values[years == y].droplevel(1) for y in range(years.min(), years.max() + 1)}
