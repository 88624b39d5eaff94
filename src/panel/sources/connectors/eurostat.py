"""Eurostat: tables of countries and NUTS regions, by the Statistics API in JSON-stat 2.0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import numpy as np

from panel.errors import ServiceError, suggest
from panel.sources.connectors.http import Request
from panel.sources.connectors.query import (
    Get,
    Query,
    Reading,
    Service,
    asked_for,
    decoded,
    texts,
)
from panel.sources.connectors.series import Code, Observation, Roles, assembled
from panel.sources.years import years_asked

LEVELS = ("aggregate", "country", "nuts1", "nuts2", "nuts3")


def eurostat(
    dataset: str,
    *,
    regions: str | Iterable[str] | None = None,
    level: str | None = None,
    years: int | Iterable[int] | None = None,
    filters: Mapping[str, str | Iterable[str]] | None = None,
) -> Query:
    """Query for a table of Eurostat, by region and year.

    Parameters
    ----------
    dataset : its code, such as "nama_10r_2gdp".
    regions : NUTS codes ("DE21"), or countries in any usual spelling; all if left out.
    level : all regions of one level instead: "country", "nuts1", "nuts2", "nuts3".
    years : years, or one year; all there are if left out.
    filters : chosen codes by the table's other dimensions: {"unit": "MIO_EUR"}. Each combination
        that is left becomes a variable, named by the codes in which they differ.

    Returns
    -------
    The query, to give to :func:`panel.download`. Labels are English.

    Raises
    ------
    CalendarError : a year that is none.
    ServiceError : a level that there is not, or regions and level at once.
    """
    if level is not None and level not in LEVELS:
        raise ServiceError(
            f"Eurostat has no level {level!r}.",
            variable="level",
            value=level,
            remedy=suggest(level, LEVELS),
        )
    if level is not None and regions is not None:
        raise ServiceError(
            "Both regions and their level are given.",
            variable="level",
            value=level,
            remedy="give one of them.",
        )
    chosen = {"freq": ("A",)} | {k: texts(v) for k, v in (filters or {}).items()}
    if level:
        chosen["geoLevel"] = (level,)
    return Query(EUROSTAT, dataset.strip(), (), texts(regions), years_asked(years), filters=chosen)


def _read(query: Query, get: Get) -> Reading:
    subject = f"Eurostat, table {query.dataset}"
    remedy = (
        "check the table's code, its dimensions and codes in the data browser, "
        f"{EUROSTAT.page}/{query.dataset}; ask for fewer regions or years if it is too large."
    )
    cube = decoded(get(Request(_url(query), subject, remedy=remedy)), subject)
    if not isinstance(cube, dict) or "error" in cube or "warning" in cube:
        said = cube.get("error") or cube.get("warning") if isinstance(cube, dict) else cube
        raise ServiceError(
            f"{subject}: the service says {str(said)[:300]!r}.",
            variable=query.dataset,
            value=said,
            remedy=remedy,
        )
    updated = str(cube.get("updated") or "")
    return assembled(
        _observations(cube, subject),
        Roles(region="geo", time="time", unit="unit", aside=frozenset({"freq"})),
        query,
        subject,
        title=str(cube.get("label") or query.dataset),
        vintage=f"updated {updated}" if updated else "",
    )


def _url(query: Query) -> str:
    fields = [("format", "JSON"), ("lang", "EN")]
    fields += [(name, code) for name, codes in query.filters.items() for code in codes]
    fields += [("geo", _spelled(region)) for region in query.regions]
    if query.years:
        fields += [("sinceTimePeriod", str(query.years[0]))]
        fields += [("untilTimePeriod", str(query.years[-1]))]
    return f"{query.address}/{quote(query.dataset, safe='')}?{urlencode(fields)}"


def _spelled(region: str) -> str:
    """Eurostat's code of a country (EL, UK) or NUTS region; anything else is taken for a code."""
    found = asked_for(region, EUROSTAT)
    return (found.eurostat or found.code) if found else region.upper()


def _observations(cube: Any, subject: str) -> list[Observation]:
    """The cells of a JSON-stat cube that hold a figure or a flag.

    Source: JSON-stat 2.0: values stand in row-major order of ``id`` with the sizes ``size``, as a
    list or by position.
    """
    names = cube["id"]
    axes = [_axis(cube["dimension"][name]) for name in names]
    sizes = [int(size) for size in cube["size"]]
    if sizes != [len(axis) for axis in axes]:
        raise ServiceError(
            f"{subject}: the sizes of the answer's dimensions do not fit their codes.",
            variable=subject,
            value=sizes,
            remedy="call again with refresh=True.",
        )
    values, flags = _by_position(cube.get("value")), _by_position(cube.get("status"))
    found = []
    for position in sorted(values.keys() | flags.keys()):  # most of a large cube is empty
        value, flag = values.get(position), str(flags.get(position) or "")
        if value is not None or flag:
            at = np.unravel_index(position, sizes)
            codes = {name: axis[i] for name, axis, i in zip(names, axes, at, strict=True)}
            found.append(Observation(codes, "" if value is None else str(value), flag))
    return found


def _axis(dimension: Any) -> list[Code]:
    """The codes of a dimension in their order, with their labels."""
    category = dimension["category"]
    labels = category.get("label") or {}
    index = category.get("index") or list(labels)
    order = sorted(index, key=lambda c: int(index[c])) if isinstance(index, dict) else index
    return [Code(code, str(labels.get(code, code))) for code in order]


def _by_position(given: Any) -> dict[int, Any]:
    if isinstance(given, dict):
        return {int(at): value for at, value in given.items()}
    return dict(enumerate(given or ()))


EUROSTAT = Service(
    name="Eurostat",
    publisher="Eurostat",
    publication="Eurostat database",
    licence="reuse allowed with the source acknowledged (Commission Decision 2011/833/EU)",
    base="https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0/data",
    page="https://ec.europa.eu/eurostat/databrowser/view",
    lists=("EU", "world"),
    read=_read,
)
