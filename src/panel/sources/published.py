"""Published figures of a variable: rows chosen, regions resolved, units converted, sources kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pandas as pd

from panel.core.column import Origin
from panel.core.units import factor
from panel.errors import (
    CalendarError,
    DuplicateKeyError,
    SourceError,
    UnitError,
    UnknownRegionError,
    suggest,
)
from panel.sources.catalogue import Catalogue, RawColumn, RawFile
from panel.sources.codebook import Part, Variable
from panel.sources.reader import numbers, read_cells
from panel.sources.regions import candidates, regions, resolve

# Added to the raw cells of a row: its region's code and its year.
_REGION, _TIME = "(region)", "(time)"


@dataclass(frozen=True)
class Source:
    """The raw files of one catalogue and the set of regions to take from them.

    Parameters
    ----------
    catalogue : the register of the files.
    cells : cells of a raw file as printed, by path.
    code : code of a region as a file writes it; "" for known regions outside the set, such as
        the nation's own row.
    keyed : rows already chosen, with their keys: variables of one file mostly share them.
    """

    catalogue: Catalogue
    cells: Callable[[str], pd.DataFrame]
    code: Callable[[str], str]
    keyed: dict[Any, pd.DataFrame] = field(default_factory=dict)


def open_source(catalogue: Catalogue, region_set: str) -> Source:
    """A source that reads and checks every file, and resolves every name, at most once.

    ``region_set`` names the regions to take ("CN", "RU", "world"); if empty, every region counts
    and its name is its code.
    """
    wanted = {r.code for r in regions(region_set)} if region_set else set()
    # A table writes "Moscow" for the city as its publisher does, and the oblast in full.
    printed = {n: r.code for r in regions(region_set) for n in (r.en, r.zh, r.ru)} if wanted else {}

    @cache
    def cells(path: str) -> pd.DataFrame:
        return read_cells(catalogue.content(path), path)

    @cache
    def code(name: str) -> str:
        if not region_set or name in printed:
            return printed.get(name, name)
        inside = candidates(name, country=region_set, level=(0, 1))
        found = resolve(name, country=region_set if inside else "", level=(0, 1)).code
        return found if found in wanted else ""

    return Source(catalogue, cells, code)


@dataclass(frozen=True)
class Figures:
    """Figures of one variable.

    Parameters
    ----------
    values : indexed by (region, year), or by region alone if they hold for every year.
    origins : where they stand.
    """

    values: pd.Series
    origins: tuple[Origin, ...]

    def on(self, rows: pd.MultiIndex) -> pd.Series:
        """The figures in the rows of a panel (n,); missing where nothing was published."""
        if self.values.index.nlevels == 2:
            return self.values.reindex(rows)
        return self.values.reindex(rows.get_level_values(0)).set_axis(rows)


def published(variable: Variable, source: Source) -> Figures:
    """Published figures of a variable, in its unit.

    Raises
    ------
    SourceError : a file, column or value that is not there.
    UnknownRegionError, CalendarError : a row whose region or year cannot be read.
    DuplicateKeyError : two rows for one region and year.
    NotNumericError : a cell that is no number.
    UnitError : the published unit does not measure what the variable's unit measures.
    """
    series, origins = [], []
    for part in variable.parts:
        file = source.catalogue.file(part.file)
        column = file.column(part.column)
        rows = _rows(part, file, source)
        _needs(rows, (part.column,), part.file)
        values = (
            _translated(rows, part, variable)
            if variable.text
            else _measured(rows, column, part.file, variable)
        )
        there = values.notna().to_numpy()
        if not there.any():
            raise SourceError(
                f"{variable.name}: {part.file}, column {part.column!r}, gives no figure.",
                variable=variable.name,
                remedy="check the entry's where and years, and the panel's regions.",
            )
        rows, values = (rows, values) if there.all() else (rows[there], values[there])
        keys = [rows[_REGION]] + ([rows[_TIME]] if file.time else [])
        index = pd.MultiIndex.from_arrays(keys) if file.time else pd.Index(keys[0])
        series.append(values.set_axis(index))
        origins += _origins(rows, part, file, column)
    return Figures(pd.concat(series), tuple(origins))


def _rows(part: Part, file: RawFile, source: Source) -> pd.DataFrame:
    """The rows of a part with the code of the region and the year, put together once."""
    key = (part.file, tuple(part.where.items()), part.years, part.latest_by)
    if key not in source.keyed:
        source.keyed[key] = _keyed(_chosen(part, source), part, file, source)
    return source.keyed[key]


def _chosen(part: Part, source: Source) -> pd.DataFrame:
    """Rows of the file that meet the part's conditions."""
    rows = source.cells(part.file)
    _needs(rows, (*part.where, *part.latest_by), part.file)
    for column, allowed in part.where.items():
        unknown = [text for text in allowed if not (rows[column] == text).any()]
        if unknown:
            raise SourceError(
                f"{part.file}: no row has {unknown[0]!r} in column {column!r} "
                "(after the conditions before it).",
                variable=column,
                value=unknown[0],
                remedy=suggest(unknown[0], rows[column].unique()),
            )
        rows = rows[rows[column].isin(allowed)]
    return rows


def _keyed(rows: pd.DataFrame, part: Part, file: RawFile, source: Source) -> pd.DataFrame:
    """The rows of the set's regions and the part's years, one a region and year."""
    if not file.region or (part.years and not file.time):
        what = "time" if file.region else "region"
        raise SourceError(
            f"sources.toml does not say which column of {file.path} is the {what}.",
            variable=file.path,
            remedy=f'add {what} = "..." to its entry.',
        )
    _needs(rows, tuple(c for c in (file.region, file.time) if c), file.path)
    rows = rows.assign(**{_REGION: _codes(rows[file.region], file.path, source.code)})
    keys = [_REGION]
    if file.time:
        rows = rows.assign(**{_TIME: _years(rows[file.time], file.path)})
        keys.append(_TIME)
        if part.years:
            rows = rows[rows[_TIME].between(*part.years)]
    rows = rows[rows[_REGION] != ""]
    if part.latest_by:
        rows = _latest(rows, keys, part)
    twice = rows.duplicated(keys)
    if twice.any():
        key = tuple(rows.loc[twice, keys].iloc[0])
        raise DuplicateKeyError(
            f"{part.file}: {', '.join(map(str, key))} has more than one row.",
            variable=part.column,
            value=key,
            remedy="choose one by a condition (where) or by its date (latest_by).",
        )
    return rows


def _needs(rows: pd.DataFrame, columns: tuple[str, ...], file: str) -> None:
    for column in columns:
        if column not in rows.columns:
            raise SourceError(
                f"{file} has no column {column!r}.",
                variable=column,
                remedy=suggest(column, map(str, rows.columns)),
            )


def _codes(names: pd.Series, file: str, code: Callable[[str], str]) -> pd.Series:
    try:
        return names.map({name: code(name) for name in names.unique()})
    except UnknownRegionError as error:
        raise UnknownRegionError(
            f"{file}: {error.message}",
            variable=error.variable,
            value=error.value,
            remedy=error.remedy,
        ) from error


def _years(cells: pd.Series, file: str) -> pd.Series:
    """Years (n,) of cells such as "2019" or "2019-12"."""
    found = {}
    for cell in cells.unique():
        match = re.fullmatch(r"(\d{4})(?:-\d{2}){0,2}", cell)
        if match is None:
            raise CalendarError(
                f"{file}, column {cells.name!r}: {cell!r} is not a year.",
                variable=str(cells.name),
                value=cell,
                remedy="write 2019, 2019-12 or 2019-12-31.",
            )
        found[cell] = int(match[1])
    return cells.map(found)


def _latest(rows: pd.DataFrame, keys: list[str], part: Part) -> pd.DataFrame:
    """The last of the rows of each key by the part's ``latest_by`` columns."""
    order = list(part.latest_by)
    rows = rows.sort_values([*keys, *order], kind="stable")
    tied = rows.duplicated([*keys, *order], keep=False)
    last = rows.drop_duplicates(keys, keep="last")
    if tied[last.index].any():
        key = tuple(last.loc[tied[last.index], keys].iloc[0])
        raise DuplicateKeyError(
            f"{part.file}: {', '.join(map(str, key))} has two rows that are equally late.",
            variable=part.column,
            value=key,
            remedy=f"add a further column to latest_by = {order}.",
        )
    return last


def _translated(rows: pd.DataFrame, part: Part, variable: Variable) -> pd.Series:
    cells = rows[part.column].mask(rows[part.column] == "")
    if not variable.values:
        return cells
    unknown = cells[cells.notna() & ~cells.isin(list(variable.values))]
    if len(unknown):
        raise SourceError(
            f"{variable.name}: {part.file} holds {unknown.iloc[0]!r}, which is not translated.",
            variable=variable.name,
            value=unknown.iloc[0],
            remedy="add it to the variable's values in the codebook.",
        )
    return cells.map(dict(variable.values))


def _measured(rows: pd.DataFrame, column: RawColumn, file: str, variable: Variable) -> pd.Series:
    values = numbers(rows[column.name], file)
    units = rows[column.unit_from] if column.unit_from else pd.Series(column.unit, index=rows.index)
    for unit in units.unique():
        try:
            times = factor(unit, variable.unit)
        except UnitError as error:
            raise UnitError(
                f"{variable.name} is declared in {variable.unit!r}, but {file}, column "
                f"{column.name!r}, is published in {unit!r}: {error.message}",
                variable=variable.name,
                value=unit,
                remedy="declare a unit that measures the same, or choose rows by where.",
            ) from error
        if times != 1.0:  # figures that need no conversion stay exactly as printed
            values = values.where(units != unit, values * times)
    return values


def _origins(rows: pd.DataFrame, part: Part, file: RawFile, column: RawColumn) -> list[Origin]:
    """One origin for the part, or one a row where each row has a publisher of its own."""
    common = Origin(
        file=part.file,
        column=part.column,
        unit=column.unit,
        publisher=column.publisher,
        publication=column.publication,
        vintage=column.vintage,
        licence=file.terms,
        note=column.note,
        times=tuple(range(part.years[0], part.years[1] + 1)) if part.years else (),
        read_in=column.read_in,
        title=file.title,
        read=column.read,
    )
    if not column.by_row:
        return [common]
    return [
        replace(
            common,
            unit=row.get(column.unit_from, column.unit),
            publisher=row.get(column.publisher_from, column.publisher),
            publication=row.get(column.publication_from, column.publication),
            vintage=row.get(column.vintage_from, column.vintage),
            times=(int(row[_TIME]),) if file.time else (),
            regions=(row[_REGION],),
        )
        for row in rows.to_dict("records")
    ]
