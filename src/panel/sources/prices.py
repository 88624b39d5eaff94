"""Prices and volumes: index chains, implicit deflators, constant prices, rebasing."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from panel.core.column import LANGUAGES, Column
from panel.core.frame import FloatArray, PanelFrame
from panel.core.steps import figures
from panel.core.units import factor, magnitude, quantity
from panel.core.verb import as_frame
from panel.errors import CalendarError, DataError, UnitError
from panel.sources.conversion import filled_of, free, with_column

# Growth is published against last year; everything else is against a fixed base.
_CHAIN = "上年=100"
_AGAINST = re.compile(r",? previous year = 100|[(（]上年=100[)）]|,? предыдущий год = 100")
_LABELS = {
    "volume": ("{label}, prices of {base}", "{label}（{base}年价格）", "{label}, цены {base} г."),
    "index": (
        "{label}, {base} = {to:g}",
        "{label}（{base}年={to:g}）",
        "{label}, {base} г. = {to:g}",
    ),
    "deflator": (
        "Deflator of {label}, {base} = {to:g}",
        "{label}平减指数（{base}年={to:g}）",
        "Дефлятор: {label}, {base} г. = {to:g}",
    ),
}  # fmt: skip


def chain_index(
    frame: PanelFrame, growth: str, base: Any, *, to: float = 100.0, into: str = ""
) -> PanelFrame:
    """The frame with a fixed-base index chained from growth against the year before.

    I_base = to, I_t = I_{t-1} g_t after the base year and I_{t-1} = I_t / g_t before it (System of
    National Accounts 2008, ch. 15).

    Parameters
    ----------
    growth : figures of year t as a multiple of year t - 1, in their unit: "上年=100" or "percent"
        for hundredths, none for ratios. They must be indices (108), not rates (8).
    base : year with the index ``to``.
    into : name of the new variable; ``growth`` and the base year if left out.

    Returns
    -------
    New frame. A missing year of growth ends a region's chain.

    Raises
    ------
    CalendarError : the frame does not have the base year.
    DataError : growth that is not positive, as rates can be; a name that is taken.
    UnitError : growth in a unit that is no ratio.
    NotNumericError, UnknownVariableError : no variable of numbers.
    """
    known, into = _named(frame, growth, base, into)
    values = _chained(known, growth, base) * to
    labels, made = _labels(known, growth, "index", base, to), f"chain_index({growth}, base={base})"
    labels = {k: _AGAINST.sub("", v) for k, v in labels.items()}
    return _added(known, into, values, Column("index", labels, (), made, (growth,)))


def chain_volume(
    frame: PanelFrame, level: str, growth: str, base: Any, *, into: str = ""
) -> PanelFrame:
    """The frame with a volume series: the level of the base year moved on by growth.

    v_t = level_base I_t / I_base with I the index of :func:`chain_index`; parameters, results and
    errors as there. The unit is the level's.
    """
    known, into = _named(frame, level, base, into)
    values = _chained(known, growth, base) * _at_base(known, figures(known, level), base)
    labels, made = _labels(known, level, "volume", base), f"chain({level}, {growth}, base={base})"
    unit = known.columns[level].unit
    return _added(known, into, values, Column(unit, labels, (), made, (level, growth)))


def implicit_deflator(
    frame: PanelFrame, nominal: str, volume: str, base: Any, *, to: float = 100.0, into: str = ""
) -> PanelFrame:
    """The frame with the deflator that a nominal series and its volume imply.

    P_t = to (Y_t / V_t) / (Y_base / V_base), region by region.

    Parameters
    ----------
    nominal, volume : at current prices, and at constant prices of any year or as an index.
    base : year with the deflator ``to``.
    into : name of the new variable; ``nominal``, "deflator" and the base year if left out.

    Raises
    ------
    UnitError : two units that are not of one kind, where both have one.
    CalendarError, DataError, NotNumericError, UnknownVariableError : as :func:`chain_index`.
    """
    known, into = _named(frame, nominal, base, into, "_deflator")
    one, other = known.columns[nominal].unit, known.columns[volume].unit
    if not _is_ratio(other):
        factor(other, one)  # raises where a price would come out
    with np.errstate(divide="ignore", invalid="ignore"):
        price = figures(known, nominal) / figures(known, volume)
    values = to * price / _at_base(known, price, base)
    labels = _labels(known, nominal, "deflator", base, to)
    made = f"implicit_deflator({nominal}, {volume}, base={base})"
    return _added(known, into, values, Column("index", labels, (), made, (nominal, volume)))


def constant_prices(
    frame: PanelFrame, name: str, *, deflator: str, base: Any, into: str = ""
) -> PanelFrame:
    """The frame with a variable at the prices of one year.

    v_t = y_t P_base / P_t, so that the deflator may have any base.

    Parameters
    ----------
    deflator : a fixed-base price index. One against the year before is chained first
        (:func:`chain_index`): by its unit 上年=100 it is refused here.
    base : the year whose prices are meant.
    into : name of the new variable; ``name`` and the base year if left out.

    Raises
    ------
    UnitError : the deflator is no index, or one against the year before.
    CalendarError, DataError, NotNumericError, UnknownVariableError : as :func:`chain_index`.
    """
    known, into = _named(frame, name, base, into)
    unit = _index_unit(known, deflator)
    if unit == _CHAIN:
        raise UnitError(
            f"{deflator!r} has the previous year as 100, which deflates nothing by itself.",
            variable=deflator,
            value=unit,
            remedy=f'chain it first: panel.chain_index(frame, "{deflator}", base={base}).',
        )
    prices = _positive(known, deflator, figures(known, deflator))
    values = figures(known, name) * _at_base(known, prices, base) / prices
    labels, unit = _labels(known, name, "volume", base), known.columns[name].unit
    made = f"constant_prices({name}, deflator={deflator}, base={base})"
    return _added(known, into, values, Column(unit, labels, (), made, (name, deflator)))


def rebase(
    frame: PanelFrame, name: str, base: Any, *, to: float = 100.0, into: str = ""
) -> PanelFrame:
    """The frame with a variable as an index: ``to`` in the base year, region by region.

    Parameters
    ----------
    name : a fixed-base index, or any variable.
    into : name of the new variable; ``name`` and the base year if left out.

    Raises
    ------
    UnitError : an index against the year before, which has no base to change.
    CalendarError, DataError, NotNumericError, UnknownVariableError : as :func:`chain_index`.
    """
    known, into = _named(frame, name, base, into)
    if known.columns[name].unit == _CHAIN:
        raise UnitError(
            f"{name!r} has the previous year as 100 in every year.",
            variable=name,
            value=_CHAIN,
            remedy=f'chain it: panel.chain_index(frame, "{name}", base={base}).',
        )
    values = figures(known, name)
    values = to * values / _at_base(known, values, base)
    labels, made = _labels(known, name, "index", base, to), f"rebase({name}, base={base})"
    return _added(known, into, values, Column("index", labels, (), made, (name,)))


def _named(
    frame: PanelFrame, name: str, base: Any, into: str, suffix: str = ""
) -> tuple[PanelFrame, str]:
    """The frame and the name of the new variable, after checking both and the base year."""
    known = as_frame(frame)
    known.select([name])
    if base not in known.times:
        raise CalendarError(
            f"The frame has no {known.time} {base!r}.",
            variable="base",
            value=base,
            remedy=f"it has {known.times[0]} to {known.times[-1]}." if known.times else "no rows.",
        )
    into = into or f"{name}{suffix}_{base}"
    free(known, into)
    return known, into


def _at_base(frame: PanelFrame, values: FloatArray, base: Any) -> FloatArray:
    """Each row's figure (n,) of its region in the base year.

    Raises
    ------
    DataError : a region with figures has none, or zero, in the base year.
    """
    codes, times = frame.groups(frame.time)
    here = codes == times.index(base)
    found = np.full(len(frame.units), np.nan)
    found[frame.unit_codes[here]] = values[here]
    asked = np.unique(frame.unit_codes[~np.isnan(values)])
    bad = asked[~np.isfinite(found[asked]) | (found[asked] == 0)]
    if len(bad):
        names = ", ".join(str(frame.units[i]) for i in bad[:5])
        raise DataError(
            f"{len(bad)} {frame.unit}(s) have no figure but zero in {base}: {names}.",
            variable="base",
            value=base,
            remedy="choose a year that all have, or leave those regions out: frame.rows(...).",
        )
    return found[frame.unit_codes]


def _chained(frame: PanelFrame, growth: str, base: Any) -> FloatArray:
    """Index (n,) with 1 in the base year, from growth against the year before."""
    unit = _index_unit(frame, growth)
    if unit == _CHAIN and _part_years(frame):
        raise CalendarError(
            f"{growth!r} is against the year before, but a {frame.time} is part of a year.",
            variable=growth,
            value=frame.time,
            remedy="chain growth against the period before, with the unit percent.",
        )
    ratio = magnitude(quantity(figures(frame, growth), unit), "", what=growth)
    ratio = _positive(frame, growth, np.asarray(ratio, dtype=np.float64))
    middle = float(np.nanmedian(ratio)) if np.isfinite(ratio).any() else 1.0
    if not 1 / 3 < middle < 3:
        raise DataError(
            f"{growth!r} says that figures change {middle:g}-fold in a year.",
            variable=growth,
            value=middle,
            remedy="growth of 8 percent is an index of 108: give it its unit by "
            f'frame.describe("{growth}", unit="上年=100").',
        )
    times, first = frame.time_numbers, int(frame.time_numbers.min())
    width = int(times.max()) - first + 1
    grid = np.full((len(frame.units), width), np.nan)  # growth by region and year
    grid[frame.unit_codes, times - first] = ratio
    start = int(times[frame.groups(frame.time)[0] == frame.times.index(base)][0]) - first
    index = np.full(grid.shape, np.nan)
    index[:, start] = 1.0
    for year in range(start + 1, width):
        index[:, year] = index[:, year - 1] * grid[:, year]
    for year in range(start - 1, -1, -1):
        index[:, year] = index[:, year + 1] / grid[:, year + 1]
    return np.asarray(index[frame.unit_codes, times - first])


def _part_years(frame: PanelFrame) -> bool:
    """Whether the calendar is one of quarters or months rather than years."""
    times = frame.table.index.get_level_values(1)
    return isinstance(times, pd.PeriodIndex) and not str(times.freqstr).startswith(("Y", "A"))


def _is_ratio(unit: str) -> bool:
    try:
        factor(unit, "")
    except UnitError:
        return False
    return True


def _index_unit(frame: PanelFrame, name: str) -> str:
    frame.select([name])
    unit = frame.columns[name].unit
    if not _is_ratio(unit):
        raise UnitError(
            f"{name!r} is in {unit}, so it is no index.",
            variable=name,
            value=unit,
            remedy="give an index of prices or growth: 上年=100, percent, or without a unit.",
        )
    return unit


def _positive(frame: PanelFrame, name: str, values: FloatArray) -> FloatArray:
    low = values <= 0
    if low.any():
        at = frame.table.index[int(np.argmax(low))]
        raise DataError(
            f"{name!r} is {values[low][0]:g} for {at[0]}, {at[1]}; an index is positive.",
            variable=name,
            value=at,
            remedy="growth of 8 percent is an index of 108 with the unit 上年=100.",
        )
    return values


def _labels(
    frame: PanelFrame, source: str, kind: str, base: Any, to: float = 100.0
) -> dict[str, str]:
    """Label of the new variable in the languages that its source has one in."""
    old = frame.columns[source].labels or {"en": source}
    said = dict(zip(LANGUAGES, _LABELS[kind], strict=True))
    return {k: said[k].format(label=v, base=base, to=to) for k, v in old.items() if k in said}


def _added(frame: PanelFrame, name: str, values: FloatArray, column: Column) -> PanelFrame:
    """The frame with the new variable, whose filled cells are those that rest on filled ones."""
    filled = filled_of(frame, column.inputs, values)
    return with_column(frame, name, values, column.with_(filled=filled))
