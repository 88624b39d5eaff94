"""World Bank: World Development Indicators and other indicators of the API, version 2, in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode

from panel.errors import ServiceError, suggest
from panel.sources.catalogue import data_root, read_catalogue
from panel.sources.connectors.http import Request
from panel.sources.connectors.query import (
    Get,
    Published,
    Query,
    Reading,
    Service,
    asked_for,
    calendar_years,
    decoded,
    part,
    table,
    texts,
    unit_of,
)

PER_PAGE = 5000


def world_bank(
    indicators: str | Iterable[str],
    *,
    regions: str | Iterable[str] | None = None,
    years: int | Iterable[int] | None = None,
) -> Query:
    """Query for indicators of the World Bank, by country and year.

    Parameters
    ----------
    indicators : codes, such as "NV.IND.TOTL.ZS".
    regions : countries in any usual spelling ("China", "俄罗斯", "CHN"), or codes of its
        groups ("EUU"); all countries and groups if left out.
    years : years, or one year; all there are if left out.

    Returns
    -------
    The query, to give to :func:`panel.download`. Labels are English.

    Raises
    ------
    CalendarError : a year that is none.
    """
    return Query(
        WORLD_BANK,
        indicators=texts(indicators),
        regions=texts(regions),
        years=calendar_years(years),
    )


def _read(query: Query, get: Get) -> Reading:
    rows: list[tuple[str, ...]] = []
    variables, vintages = {}, []
    for code in query.indicators:
        subject = f"World Bank, indicator {code}"
        found = 0
        for head, figures in _pages(query, code, subject, get):
            vintages.append(str(head.get("lastupdated") or ""))
            for one in figures:
                rows.append(_cell(code, one, subject))
                found += 1
            if figures and code not in variables:
                variables[code] = _published(figures[0], subject)
        if not found:
            raise ServiceError(
                f"{subject}: there is no figure for {query}.",
                variable=code,
                value=code,
                remedy="ask for other years or regions.",
            )
    last = max(vintages)
    return Reading(table(rows), variables, vintage=f"last updated {last}" if last else "")


def _pages(query: Query, code: str, subject: str, get: Get) -> Iterable[tuple[Any, list[Any]]]:
    """Head and figures of each page of one indicator."""
    page, pages = 1, 1
    while page <= pages:
        answer = get(Request(_url(query, code, page), subject))
        content = decoded(answer, subject)
        head = part(content, 0, subject=subject)
        if "message" in head:
            raise _error(head["message"], code, query, subject)
        pages = int(part(head, "pages", subject=subject))
        yield head, (content[1] if len(content) > 1 else None) or []
        page += 1


def _url(query: Query, code: str, page: int) -> str:
    asked = [_spelled(region) for region in query.regions] or ["all"]
    fields = {"format": "json", "per_page": PER_PAGE, "page": page}
    if query.years:
        fields["date"] = f"{query.years[0]}:{query.years[-1]}"
    where = f"country/{quote(';'.join(asked), safe=';')}/indicator/{quote(code)}"
    return f"{query.address}/{where}?{urlencode(fields, safe=':')}"


def _spelled(region: str) -> str:
    """The code the World Bank has for a country; what nobody knows is taken for such a code."""
    found = asked_for(region, WORLD_BANK)
    return found.code if found else region


def _error(messages: Any, code: str, query: Query, subject: str) -> ServiceError:
    """The error that the service reports in an answer of status 200."""
    first = part(messages, 0, subject=subject)
    said = f"{first.get('key', '')}: {first.get('value', '')}".strip(": ")
    shipped = read_catalogue(data_root()).file("world/wdi_country_year.csv").columns
    close = suggest(code, shipped)
    hint = f" ({close})" if close.startswith("did you mean") and code not in shipped else ""
    asked = f", and the regions {', '.join(query.regions)}" if query.regions else ""
    return ServiceError(
        f"{subject}: the service says {said!r}.",
        variable=code,
        value=first.get("id"),
        remedy=f"check the indicator's code{hint} at {WORLD_BANK.page}{asked}; "
        "codes are written in capitals.",
    )


def _cell(code: str, figure: Any, subject: str) -> tuple[str, ...]:
    region = figure.get("countryiso3code") or part(figure, "country", "id", subject=subject)
    name = part(figure, "country", "value", subject=subject)
    year, value = part(figure, "date", subject=subject), part(figure, "value", subject=subject)
    flag = figure.get("obs_status") or ""
    return code, region, name, year, "" if value is None else str(value), flag


def _published(figure: Any, subject: str) -> Published:
    """Label of the indicator; its unit stands in brackets at the label's end, seldom in a field."""
    label = part(figure, "indicator", "value", subject=subject)
    bracket = re.search(r"\(([^()]*)\)$", label)
    unit = figure.get("unit") or (bracket[1] if bracket else "")
    return Published(unit_of(unit), {"en": label})


WORLD_BANK = Service(
    name="World Bank",
    publisher="World Bank",
    publication="World Bank Indicators API",
    licence="CC BY 4.0 unless the indicator's page says otherwise",
    base="https://api.worldbank.org/v2",
    page="https://data.worldbank.org/indicator",
    lists=("world",),
    read=_read,
)
