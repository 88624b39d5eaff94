"""A query to a statistics service, and what is read in its answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

import pandas as pd

from panel.core.units import factor
from panel.errors import ServiceError, UnitError, UnknownRegionError
from panel.sources.connectors.fetch import Answer
from panel.sources.connectors.http import Request
from panel.sources.regions import Region, candidates, resolve

Get = Callable[[Request], Answer]
# Columns of Reading.cells.
CELLS = ("variable", "region", "region_name", "year", "value", "flag")
# Units as services word them, with the spelling that panel.core.units knows. Russian ones are
# those of the classifier of units that EMISS prints (ОКЕИ).
_UNITS = {
    "current US$": "USD",
    "Percentage": "%",
    "Persons": "persons",
    "无": "",
    "процент": "%",
    "рубль": "руб.",
    "тысяча рублей": "тыс. руб.",
    "миллион рублей": "млн руб.",
    "миллиард рублей": "млрд руб.",
    "человек": "чел.",
    "тысяча человек": "тыс. чел.",
    "единица": "ед.",
}


@dataclass(frozen=True)
class Service:
    """A statistics service.

    Parameters
    ----------
    name, publisher, publication, licence : as they are cited; the licence as the service states it.
    base : address that requests begin with.
    page : where a person finds the same figures.
    lists : whose regions it has, as :func:`resolve` takes them: "world", "EU", "CN", "RU".
    read : asks for a query's figures and reads them; an answer of another form than documented
        makes it fail as it may, which :func:`download` reports.
    """

    name: str
    publisher: str
    publication: str
    licence: str
    base: str
    page: str
    lists: tuple[str, ...]
    read: Callable[[Query, Get], Reading]


@dataclass(frozen=True)
class Query:
    """What is asked of a service. Nothing is asked before ``panel.download``.

    Parameters
    ----------
    service : which one.
    dataset : name or code of the table; empty where indicators have codes of their own.
    indicators : codes or names of indicators; empty means all of the table.
    regions : in any spelling, or in the service's own codes; empty means all.
    years : calendar years, ascending; empty means all.
    filters : chosen codes by dimension of the table.
    file : a file saved by hand, where the service gives files only to browsers.
    base : address to ask instead of the service's own.
    languages : of the labels, where the service has them in several.
    """

    service: Service
    dataset: str = ""
    indicators: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    file: str = ""
    base: str = ""
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "filters", MappingProxyType(dict(self.filters)))
        if not self.dataset and not any(self.indicators):
            raise ServiceError(
                f"The query to {self.service.name} names no table and no indicator.",
                variable="indicators",
                value=self.indicators,
                remedy=f"find their codes at {self.service.page}.",
            )

    def __getstate__(self) -> dict[str, Any]:  # a mapping proxy does not pickle
        return self.__dict__ | {"filters": dict(self.filters)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state | {"filters": MappingProxyType(state["filters"])})

    @property
    def address(self) -> str:
        """What requests begin with."""
        return (self.base or self.service.base).rstrip("/")

    def __str__(self) -> str:
        years = "-".join(dict.fromkeys(map(str, (*self.years[:1], *self.years[-1:]))))
        regions = ", ".join(self.regions[:6]) + (", ..." if len(self.regions) > 6 else "")
        chosen = [f"{k}={'+'.join(v)}" for k, v in self.filters.items()]
        what = [
            self.dataset,
            *self.indicators,
            *chosen,
            regions or "all regions",
            years or "all years",
        ]
        return f"{self.service.name}: {', '.join(w for w in what if w)}"


@dataclass(frozen=True)
class Published:
    """What a service says of a variable: its unit and labels by language."""

    unit: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Reading:
    """Figures read in a service's answers.

    Parameters
    ----------
    cells : one row a figure, with the columns :data:`CELLS`; values are text as published, ""
        where there is none.
    variables : what is said of each variable, in the order of the query.
    title : of the table, if it has one.
    vintage : which release, if the service says so.
    publisher : who publishes them, where it is not the service itself.
    """

    cells: pd.DataFrame
    variables: Mapping[str, Published]
    title: str = ""
    vintage: str = ""
    publisher: str = ""


def texts(given: str | Iterable[str] | None) -> tuple[str, ...]:
    """One text or several, without repetition."""
    if given is None:
        return ()
    listed = (given,) if isinstance(given, str) else given
    return tuple(dict.fromkeys(str(text).strip() for text in listed))


def known(spelled: str, service: Service) -> Region | None:
    """The region that a code or name means among those of the service, if it means one.

    A service's codes are those of its own lists: DE is Germany to Eurostat, never Delaware.
    """
    for country in service.lists:
        # The Bureau's figures are of provinces: 吉林 is none of its cities.
        found = candidates(spelled, country=country, level=1 if country == "CN" else None)
        if len(found) == 1:
            return found[0]
    return None


def asked_for(spelled: str, service: Service) -> Region | None:
    """The region that a user asks for; None if the text is a code of the service's own.

    Raises
    ------
    UnknownRegionError : it is neither.
    """
    found = known(spelled, service)
    if found is None and re.fullmatch(r"[A-Z0-9_.-]{1,20}", spelled) is None:
        other = resolve(spelled)
        raise UnknownRegionError(
            f"{service.name} does not report {other.label()}.",
            variable="regions",
            value=spelled,
            remedy=f"see which regions it has at {service.page}.",
        )
    return found


def decoded(answer: Answer, subject: str) -> Any:
    """The JSON of an answer; its numbers stay texts, as printed.

    Raises
    ------
    ServiceError : it is no JSON.
    """
    try:
        return json.loads(answer.content.decode("utf-8-sig"), parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        start = answer.content[:80].decode("utf-8", "replace")
        raise ServiceError(
            f"{subject}: the answer is no JSON; it begins {start!r}.",
            variable=subject,
            value=answer.url,
            remedy="it may be the page of a proxy or of maintenance: look at it in a browser, then "
            "call again with refresh=True.",
        ) from error


def table(rows: Sequence[tuple[str, ...]]) -> pd.DataFrame:
    """Cells (n, 6) of a reading."""
    return pd.DataFrame(list(rows), columns=list(CELLS), dtype="str")


@cache
def unit_of(said: str) -> str:
    """A unit in a spelling that can be converted, or as published where none is known."""
    said = said.strip()
    if said.startswith("%"):
        return "%"
    spelled = _UNITS.get(said, _UNITS.get(said.lower(), said))
    try:
        factor(spelled, spelled)
    except UnitError:
        return said
    return spelled
