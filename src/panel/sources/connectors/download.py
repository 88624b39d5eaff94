"""The verb that has a query's figures, with units, labels and where they come from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from panel.core.column import Column, Origin
from panel.core.frame import PanelFrame
from panel.errors import DuplicateKeyError, ServiceError, UnknownVariableError, suggest
from panel.sources.connectors.fetch import Access, Answer, default_folder, fetch
from panel.sources.connectors.http import Request
from panel.sources.connectors.query import Get, Query, Reading, Service, known
from panel.sources.connectors.register import RawTable, register
from panel.sources.reader import numbers


@dataclass(frozen=True, eq=False)
class Download:
    """Figures of a query.

    Parameters
    ----------
    query : what was asked.
    df : long table, one row a figure: code (ours where the region is known, else the service's),
        region and region_name (the service's), year, variable, value, unit, flag.
    columns : unit, labels and origin of each variable.
    unknown : regions that the crosswalk does not know, as "1W (World)"; they are kept.
    answers : what the service answered, byte by byte.
    read : day of the oldest answer.
    """

    query: Query
    df: pd.DataFrame
    columns: Mapping[str, Column]
    unknown: tuple[str, ...]
    answers: tuple[Answer, ...]
    read: date

    @property
    def checksum(self) -> str:
        """sha256 of the answers' checksums, in the order they were asked for."""
        return _checksum(self.answers)

    def frame(
        self,
        names: Mapping[str, str] | None = None,
        *,
        unit: str = "region",
        time: str = "year",
    ) -> PanelFrame:
        """The figures as a panel.

        Parameters
        ----------
        names : name to give by variable, for names that can stand in a formula:
            ``{"industry_share": "NV.IND.TOTL.ZS"}``; other variables are left out. All variables
            under their own names if left out.
        unit, time : what to call the keys.

        Raises
        ------
        UnknownVariableError : a variable that was not downloaded.
        """
        wanted = dict(names) if names else {name: name for name in self.columns}
        for name in wanted.values():
            if name not in self.columns:
                raise UnknownVariableError(
                    f"Variable {name!r} was not downloaded.",
                    variable=name,
                    value=name,
                    remedy=suggest(name, self.columns),
                )
        values = self.df.set_index(["code", "year"])
        values = values[values["value"].notna()]
        table = pd.DataFrame(
            {ours: values["value"][values["variable"] == its] for ours, its in wanted.items()}
        )
        table.index = table.index.set_names([unit, time])
        frame = PanelFrame.from_pandas(table, name=self.query.service.name)
        for ours, theirs in wanted.items():
            column = self.columns[theirs]
            frame = frame.describe(
                ours, unit=column.unit, labels=column.labels, origins=column.origins
            )
        return frame

    def __getstate__(self) -> dict[str, Any]:  # a mapping proxy does not pickle
        return self.__dict__ | {"columns": dict(self.columns)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state | {"columns": MappingProxyType(state["columns"])})

    def __repr__(self) -> str:
        unknown = f"; {len(self.unknown)} of them unknown" if self.unknown else ""
        return (
            f"Download({self.query}: {len(self.df)} figures; variables: {len(self.columns)}, "
            f"regions: {self.df['code'].nunique()}{unknown}; read {self.read})"
        )

    def _repr_html_(self) -> str:
        head = self.df.head(8).to_html(border=0, na_rep="", index=False)
        return f"<div><b>{self!r}</b>{head}</div>"


def download(
    query: Query,
    to: str | Path | None = None,
    *,
    cache: str | Path | None = None,
    refresh: bool = False,
    offline: bool = False,
    timeout: float = 60.0,
) -> Download:
    """Have the figures of a query, and keep them.

    Every answer is kept on disk with its date and checksum, so the same query gives the same
    figures without asking again.

    Parameters
    ----------
    query : of :func:`world_bank`, :func:`nbs`, :func:`eurostat`, :func:`oecd` or :func:`rosstat`.
    to : write a raw file as well, "data/raw/world/wdi.csv", and register it in the sources.toml
        beside raw/, ready for :func:`assemble`. It is never overwritten.
    cache : folder where answers are kept; REGPANEL_CACHE, or the user's folder for caches, if left
        out.
    refresh : ask again although answers are kept.
    offline : never ask; without a kept answer the error says which file to put where.
    timeout : seconds without a byte after which an answer is given up.

    Raises
    ------
    ServiceError : the service cannot be reached, refuses, or has no such figures.
    ChecksumError : a kept answer was changed; or a registered raw file differs from the figures.
    SourceError : ``to`` is no place for a raw file.
    UnknownRegionError : a region that the table does not have.
    NotNumericError : a figure that is no number.
    """
    if refresh and offline:
        raise ServiceError(
            "refresh=True and offline=True contradict each other.",
            variable="refresh, offline",
            remedy="give one of them.",
        )
    folder = Path(cache) if cache is not None else default_folder()
    access = Access(folder, refresh, offline, timeout)
    answers: list[Answer] = []

    def get(request: Request) -> Answer:
        answers.append(fetch(request, access))
        return answers[-1]

    reading = _reading(query, get)
    figures = _figures(query, reading)
    regions = figures[["region", "region_name"]].drop_duplicates("region")
    codes = _codes(regions, query.service)
    origin = _origin(query, reading, answers)
    result = Download(
        query=query,
        df=_long(figures, reading, codes),
        columns=MappingProxyType(_columns(reading, origin)),
        unknown=tuple(f"{c} ({n})" for c, n in regions.itertuples(index=False) if c not in codes),
        answers=tuple(answers),
        read=min(answer.read for answer in answers),
    )
    if to is not None:
        register(_raw(result, reading, figures, origin), Path(to))
    return result


def _reading(query: Query, get: Get) -> Reading:
    try:
        return query.service.read(query, get)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise ServiceError(
            f"{query.service.name}: an answer does not have the documented form "
            f"({type(error).__name__}: {error}).",
            variable=query.dataset or ", ".join(query.indicators),
            value=query.service.base,
            remedy="the service may have changed its answers: look at the kept one, and update "
            "regpanel.",
        ) from error


def _figures(query: Query, reading: Reading) -> pd.DataFrame:
    """Cells of the years asked for, one a variable, region and year."""
    cells = reading.cells
    for time in cells["year"][~cells["year"].str.fullmatch(r"\d{4}")]:
        raise ServiceError(
            f"{query.service.name}: {time!r} is no year.",
            variable="year",
            value=time,
            remedy="choose yearly figures.",
        )
    if query.years:
        cells = cells[cells["year"].isin([str(year) for year in query.years])]
    if not (cells["value"] != "").any():
        raise ServiceError(
            f"{query.service.name}: there is no figure for {query}.",
            variable=query.dataset or ", ".join(query.indicators),
            remedy=f"ask for other years or regions; see {query.service.page}.",
        )
    twice = cells.duplicated(["variable", "region", "year"])
    if twice.any():
        key = tuple(cells.loc[twice, ["variable", "region", "year"]].iloc[0])
        raise DuplicateKeyError(
            f"{query.service.name}: {', '.join(key)} has more than one figure.",
            variable=key[0],
            value=key,
            remedy="choose one by filters=, or by the key of the table.",
        )
    return cells.reset_index(drop=True)


def _codes(regions: pd.DataFrame, service: Service) -> dict[str, str]:
    """Our code by the service's, where the crosswalk knows its code or its name.

    A code counts for more than a name, and a name that stands for two areas counts for nothing:
    Russian tables print Tyumen Oblast with its autonomous okrugs and without.
    """
    codes: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for code, name in regions.itertuples(index=False):
        if found := known(code, service):
            if found.code not in codes.values():
                codes[code] = found.code
        elif found := known(name, service):
            by_name[code] = found.code
    named, taken = list(by_name.values()), set(codes.values())
    single = {c: our for c, our in by_name.items() if our not in taken and named.count(our) == 1}
    return codes | single


def _long(figures: pd.DataFrame, reading: Reading, codes: Mapping[str, str]) -> pd.DataFrame:
    units = {name: said.unit for name, said in reading.variables.items()}
    return pd.DataFrame(
        {
            "code": figures["region"].map(lambda code: codes.get(code, code)),
            "region": figures["region"],
            "region_name": figures["region_name"],
            "year": figures["year"].astype(int),
            "variable": figures["variable"],
            "value": numbers(figures["value"], "the answer"),
            "unit": figures["variable"].map(units),
            "flag": figures["flag"],
        }
    )


def _checksum(answers: Sequence[Answer]) -> str:
    return hashlib.sha256("".join(answer.sha256 for answer in answers).encode()).hexdigest()


def _origin(query: Query, reading: Reading, answers: Sequence[Answer]) -> Origin:
    """Where all variables of a query come from, but for their names and units."""
    service = query.service
    read = min(answer.read for answer in answers)
    return Origin(
        file=answers[-1].url,
        column="",
        unit="",
        publisher=reading.publisher or service.publisher,
        publication=service.publication,
        vintage=reading.vintage,
        licence=service.licence,
        note=f"{query}; read {read}; sha256 of the answers {_checksum(answers)}",
        title=reading.title,
        read=str(read),
    )


def _columns(reading: Reading, origin: Origin) -> dict[str, Column]:
    return {
        name: Column(
            unit=said.unit,
            labels=said.labels,
            origins=(replace(origin, column=name, unit=said.unit),),
        )
        for name, said in reading.variables.items()
    }


def _raw(result: Download, reading: Reading, figures: pd.DataFrame, origin: Origin) -> RawTable:
    """The figures as published, one row a region and year, and what the register says of them."""
    keys = ["region", "region_name", "year"]
    columns = {}
    for name in reading.variables:
        mine = figures[figures["variable"] == name].set_index(keys)
        columns[name] = mine["value"]
        if (mine["flag"] != "").any():
            columns[f"{name} flag"] = mine["flag"]
    cells = pd.DataFrame(columns).fillna("").sort_index().reset_index()
    entry = {
        "title": f"{reading.title or origin.publication}: {', '.join(reading.variables)}",
        "region": _region_column(result),
        "time": "year",
        "terms": origin.licence,
        "publisher": origin.publisher,
        "publication": origin.publication,
        "vintage": origin.vintage,
        "read": str(result.read),
        "read_in": origin.file,
        "note": origin.note,
    }
    return RawTable(cells, entry, reading.variables)


def _region_column(result: Download) -> str:
    """The column of regions that ``assemble`` can resolve: codes, or names if more are known."""
    service = result.query.service
    regions = result.df[["region", "region_name"]].drop_duplicates("region")
    by_code = sum(known(code, service) is not None for code in regions["region"])
    by_name = sum(known(name, service) is not None for name in regions["region_name"])
    return "region_name" if by_name > by_code else "region"
