"""Checking the keys and the cells of a table on its way into a PanelFrame."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from panel.errors import (
    CalendarError,
    DataError,
    DuplicateKeyError,
    MissingKeyError,
    NotNumericError,
    suggest,
)

# Beyond this not every whole number is a float.
_LAST = 2.0**53


def keyed(df: pd.DataFrame, unit: str | None, time: str | None) -> tuple[pd.DataFrame, str, str]:
    """The table indexed by (unit, time), unique and sorted, and the names of its keys."""
    if unit is not None and unit == time:
        raise DataError(
            f"{unit!r} cannot be both the region and the year.",
            variable=unit,
            remedy="name two columns.",
        )
    if isinstance(df.index, pd.MultiIndex) and df.index.nlevels == 2:
        table, unit, time = _by_index(df, unit, time)
        units, times = table.index.get_level_values(0), table.index.get_level_values(1)
    elif unit is None or time is None:
        raise DataError(
            "The table does not say which columns are the region and the year.",
            variable="unit, time",
            remedy='name them, for instance unit="province", time="year", '
            "or give the table a two-level (unit, time) index.",
        )
    else:
        there = list(df.columns)
        for name in (unit, time):
            if name not in there:
                raise DataError(
                    f"Key column {name!r} is not in the table.",
                    variable=name,
                    remedy=suggest(name, map(str, there)),
                )
            _unique_columns([column for column in there if column == name])
        others = [j for j, column in enumerate(there) if column not in (unit, time)]
        table, units, times = df.iloc[:, others].copy(), pd.Index(df[unit]), pd.Index(df[time])
    _complete(units, times, unit, time)
    table.index = pd.MultiIndex.from_arrays([units, calendar(times, time)], names=[unit, time])
    if not all(isinstance(column, str) for column in table.columns):
        table.columns = table.columns.map(str)
    _unique_columns(list(table.columns))
    _unique_rows(table, unit, time)
    _spelled_once(table.index.levels[0], unit)
    return table.sort_index(), unit, time


def not_one_name(given: Any) -> DataError:
    """The error for a list of names or a mask in the place of one name."""
    mask = getattr(getattr(given, "dtype", None), "kind", "") == "b"
    return DataError(
        f"A {type(given).__name__} stands where the name of one variable is wanted.",
        variable="name",
        value=type(given).__name__,
        remedy="frame.rows(...) keeps the rows for which a mask or a condition holds: "
        "frame.rows(frame['gdp'] > 100), frame.rows('gdp > 100')."
        if mask
        else "frame.select([...]) keeps some variables; a step changes one variable at a time.",
    )


def in_order(values: Any, table: pd.DataFrame, name: str) -> Any:
    """Values in the order of the table's rows: of a Series by (unit, time), or what a function of
    the table with its keys as columns gives; anything else is in that order already.

    Raises
    ------
    DataError : as for :func:`aligned`, or a list of another length.
    """
    if callable(values):
        flat = table.reset_index()
        values = values(flat)
        if isinstance(values, pd.Series) and values.index.nlevels == 1:
            return values.reindex(flat.index)
    if isinstance(values, pd.Series):
        return aligned(values, table.index, name)
    if np.ndim(values) and len(values) != len(table):
        raise DataError(
            f"{name!r} has {len(values)} values for {len(table)} rows.",
            variable=name,
            value=len(values),
            remedy="give one a row of the frame, or a Series by (unit, time), which may have gaps.",
        )
    return values


def aligned(values: pd.Series, index: pd.Index, name: str) -> pd.Series:
    """A Series by (unit, time) in the order of the index; missing where it has no value.

    Raises
    ------
    DataError : it has other keys, not one of them in the index. DuplicateKeyError : it has one
        twice.
    """
    unit, time = index.names
    if values.index.nlevels != 2:
        raise DataError(
            f"The Series for {name!r} is not indexed by ({unit}, {time}), so its "
            "rows cannot be matched with the frame's, which are sorted.",
            variable=name,
            value=values.index.names,
            remedy="compute it from frame.data, or pass values in the frame's order.",
        )
    if values.index.equals(index):
        return values
    twice = values.index[values.index.duplicated()]
    if len(twice):
        raise DuplicateKeyError(
            f"The Series for {name!r} has {tuple(map(_plain, twice[0]))} more than once.",
            variable=name,
            value=twice[0],
            remedy="keep one value a region and year.",
        )
    found = values.reindex(index)
    if len(values) and len(index) and found.isna().all() and not values.index.isin(index).any():
        theirs, ours = (tuple(map(_plain, keys[0])) for keys in (values.index, index))
        raise DataError(
            f"No key of the Series for {name!r}, as {theirs}, is a row of the frame, as {ours}.",
            variable=name,
            value=theirs,
            remedy=f"give it the same regions and years, in the order ({unit}, {time}) and of the "
            "same types: panel.match_regions finds codes.",
        )
    return found


def _by_index(
    df: pd.DataFrame, unit: str | None, time: str | None
) -> tuple[pd.DataFrame, str, str]:
    """The table of a two-level index, in the order (unit, time), and the names of its keys."""
    names = zip(df.index.names, ("unit", "time"), strict=True)
    given = [str(default if name is None else name) for name, default in names]
    unit, time = unit or given[0], time or given[1]
    if unit in df.columns and time in df.columns:
        return df.set_index([unit, time]), unit, time
    table = df.copy()
    table.index = table.index.set_names(given)
    if [unit, time] == given[::-1]:
        table = table.swaplevel()
    elif [unit, time] != given:
        raise DataError(
            f"The index has the levels {given[0]!r} and {given[1]!r}, not {unit!r} and {time!r}.",
            variable="unit, time",
            value=tuple(given),
            remedy="name its levels, or leave unit and time out.",
        )
    return table, unit, time


def _complete(units: pd.Index, times: pd.Index, unit: str, time: str) -> None:
    for values, name in ((units, unit), (times, time)):
        missing = np.flatnonzero(values.isna())
        if len(missing):
            raise MissingKeyError(
                f"Key {name!r} is empty in {len(missing)} row(s), first in row {missing[0] + 1}.",
                variable=name,
                remedy="fill it in or drop those rows before building the panel.",
            )


def _plain(key: Any) -> Any:
    """A numpy number as a Python one, which shows itself as it is written."""
    return key.item() if isinstance(key, np.generic) else key


def _unique_columns(columns: list[Any]) -> None:
    if len(set(columns)) < len(columns):
        twice = next(c for j, c in enumerate(columns) if c in columns[:j])
        raise DataError(
            f"Column {twice!r} occurs more than once.",
            variable=str(twice),
            remedy="rename or drop one of them.",
        )


def _unique_rows(table: pd.DataFrame, unit: str, time: str) -> None:
    twice = table.index[table.index.duplicated(keep=False)]
    if len(twice):
        key = twice[0]
        raise DuplicateKeyError(
            f"{len(twice.unique())} key(s) occur more than once; the first is "
            f"{unit}={_plain(key[0])!r}, {time}={_plain(key[1])!r} with "
            f"{int((twice == key).sum())} rows.",
            variable=f"{unit}, {time}",
            value=key,
            remedy="keep one row a region and year: drop or aggregate the others.",
        )


def _spelled_once(units: pd.Index, unit: str) -> None:
    """Stop at regions that differ only in blanks around the name, or in a code's type."""
    met: dict[str, Any] = {}
    for name in units if not pd.api.types.is_numeric_dtype(units.dtype) else ():
        plain = str(name).strip()
        if plain in met:
            raise DataError(
                f"{met[plain]!r} and {name!r} would be two regions.",
                variable=unit,
                value=name,
                remedy=f'write df["{unit}"].astype(str).str.strip() to have one spelling.',
            )
        met[plain] = name


def calendar(times: pd.Index, name: str) -> pd.Index:
    """Times as whole numbers (years) or as pandas periods.

    Periods of a year, and dates that fall once a year, become years; other dates must be given as
    periods, because only a period says how far apart two neighbours are.
    """
    if isinstance(times, pd.PeriodIndex):
        yearly = times.freqstr.startswith("Y")
        return pd.Index(times.year.astype(np.int64), name=name) if yearly else times
    if isinstance(times, pd.DatetimeIndex):
        if len({(d.month, d.day) for d in times}) == 1:
            return pd.Index(times.year.astype(np.int64), name=name)
        raise CalendarError(
            f"{name!r} holds dates within the year.",
            variable=name,
            value=times[0],
            remedy=f'convert them first: df["{name}"].dt.to_period("Q") or "M".',
        )
    if times.dtype == np.int64:
        return times
    numbers = pd.to_numeric(pd.Series(times), errors="coerce")
    if times.inferred_type == "boolean":
        numbers = numbers.astype(float) * np.nan  # True is no year 1
    whole = (numbers == np.floor(numbers)) & (np.abs(numbers) <= _LAST)
    bad = np.flatnonzero(~whole)
    if len(bad):
        raise CalendarError(
            f"{name!r} holds {_plain(times[bad[0]])!r}, which is not a year.",
            variable=name,
            value=times[bad[0]],
            remedy="give whole numbers such as 2020, dates, or pandas periods.",
        )
    return pd.Index(numbers.astype(np.int64), name=name)


def numeric_or_text(series: pd.Series) -> pd.Series:
    """The column as numbers, or as text if no cell of it is a number.

    Raises
    ------
    NotNumericError : some cells are numbers and some are text, or numbers are complex.
    """
    if pd.api.types.is_bool_dtype(series.dtype):
        return series
    if pd.api.types.is_complex_dtype(series.dtype):
        raise NotNumericError(
            f"Column {series.name!r} holds complex numbers.",
            variable=str(series.name),
            remedy="keep their real part or their size.",
        )
    if pd.api.types.is_numeric_dtype(series.dtype):
        return (
            series.astype(float) if pd.api.types.is_extension_array_dtype(series.dtype) else series
        )
    if isinstance(series.dtype, (pd.CategoricalDtype, pd.PeriodDtype)) or (
        pd.api.types.is_datetime64_any_dtype(series.dtype)
    ):
        return series
    filled = series.dropna()
    numbers = pd.to_numeric(filled, errors="coerce")
    typed = filled.map(lambda v: isinstance(v, (int, float, np.number, Decimal)))
    if len(filled) == 0 or bool(typed.all()):
        return pd.to_numeric(series, errors="coerce").astype(float)
    if not bool(numbers.notna().any()):
        return series.astype("str").where(series.notna())
    text = numbers.isna()
    if not bool(text.any()):  # only strings that look like numbers: codes such as "360000"
        return series
    key = filled.index[text.to_numpy()][0]
    at = ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)
    raise NotNumericError(
        f"Column {series.name!r} holds text among its numbers: {filled[text].iloc[0]!r} at {at} "
        f"({int(text.sum())} such cell(s)).",
        variable=str(series.name),
        value=filled[text].iloc[0],
        remedy="replace footnote marks and dashes by empty cells, or read the file with "
        "panel.read_table, which reports what it takes for missing.",
    )
