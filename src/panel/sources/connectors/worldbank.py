"""World Bank: World Development Indicators and other indicators of the API, version 2, in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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
    decoded,
    table,
    texts,
    unit_of,
)
from panel.sources.years import years_asked

PER_PAGE = 5000
# Of the languages of the service (en, es, fr, ar, zh) those that labels can have; there is no
# Russian.
LANGUAGES = ("en", "zh")


def world_bank(
    indicators: str | Iterable[str],
    *,
    regions: str | Iterable[str] | None = None,
    years: int | Iterable[int] | None = None,
    languages: str | Iterable[str] = "en",
) -> Query:
    """Query for indicators of the World Bank, by country and year.

    Parameters
    ----------
    indicators : codes, such as "NV.IND.TOTL.ZS".
    regions : countries in any usual spelling ("China", "俄罗斯", "CHN"), or codes of its
        groups ("EUU"); all countries and groups if left out.
    years : years, or one year; all there are if left out.
    languages : of the labels, "en" and "zh"; one more request by indicator for Chinese. English
        labels are always there.

    Returns
    -------
    The query, to give to :func:`panel.download`.

    Raises
    ------
    CalendarError : a year that is none.
    ServiceError : a language that the service does not have.

    Source: World Bank Data Help Desk, "API Basic Call Structures".
    """
    asked = texts(languages)
    for language in asked:
        if language not in LANGUAGES:
            raise ServiceError(
                f"The World Bank has no labels in {language!r}.",
                variable="languages",
                value=language,
                remedy='write ["en", "zh"]; give Russian labels by frame.describe.',
            )
    return Query(
        WORLD_BANK,
        indicators=texts(indicators),
        regions=texts(regions),
        years=years_asked(years),
        languages=asked,
    )


def _read(query: Query, get: Get) -> Reading:
    rows: list[tuple[str, ...]] = []
    variables, vintages = {}, []
    for code in query.indicators:
        subject = f"World Bank, indicator {code}"
        figures, vintage = _figures(query, code, subject, get)
        translated = {
            language: _label(query, code, language, subject, get)
            for language in query.languages
            if language != "en"
        }
        variables[code] = _published(figures[0], translated)
        rows += [_cell(code, one) for one in figures]
        vintages.append(vintage)
    last = max(vintages)
    return Reading(table(rows), variables, vintage=f"last updated {last}" if last else "")


def _figures(query: Query, code: str, subject: str, get: Get) -> tuple[list[Any], str]:
    """The figures on all pages of one indicator, and the day of their last update."""
    figures: list[Any] = []
    updates: set[str] = set()
    page, pages = 1, 1
    while page <= pages:
        content = decoded(get(Request(_url(query, code, page), subject)), subject)
        head = content[0]
        if "message" in head:
            raise _error(head["message"], code, query, subject)
        pages = int(head["pages"])
        updates.add(str(head.get("lastupdated") or ""))
        figures += (content[1] if len(content) > 1 else None) or []
        page += 1
    if len(updates) > 1:
        raise ServiceError(
            f"{subject}: its pages are of several releases, {', '.join(sorted(updates))}.",
            variable=code,
            value=sorted(updates),
            remedy="call again with refresh=True, which asks for all of them.",
        )
    if not figures:
        raise ServiceError(
            f"{subject}: there is no figure for {query}.",
            variable=code,
            value=code,
            remedy="ask for other years or regions.",
        )
    return figures, updates.pop()


def _url(query: Query, code: str, page: int) -> str:
    asked = [_spelled(region) for region in query.regions] or ["all"]
    fields = {"format": "json", "per_page": PER_PAGE, "page": page}
    if query.years:
        fields["date"] = f"{query.years[0]}:{query.years[-1]}"
    where = f"country/{quote(';'.join(asked), safe=';')}/indicator/{quote(code, safe='')}"
    return f"{query.address}/{where}?{urlencode(fields, safe=':')}"


def _spelled(region: str) -> str:
    """The code the World Bank has for a country; what nobody knows is taken for such a code."""
    found = asked_for(region, WORLD_BANK)
    return found.code if found else region


def _error(messages: Any, code: str, query: Query, subject: str) -> ServiceError:
    """The error that the service reports in an answer of status 200."""
    first = messages[0]
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


def _cell(code: str, figure: Any) -> tuple[str, ...]:
    region = figure.get("countryiso3code") or figure["country"]["id"]
    name = figure["country"]["value"]
    year, value = figure["date"], figure["value"]
    flag = figure.get("obs_status") or ""
    return code, region, name, year, "" if value is None else str(value), flag


def _label(query: Query, code: str, language: str, subject: str, get: Get) -> str:
    """The indicator's name in another language; empty where it was not translated."""
    url = f"{query.address}/{language}/indicator/{quote(code, safe='')}?format=json"
    content = decoded(get(Request(url, subject)), subject)
    if "message" in content[0]:
        raise _error(content[0]["message"], code, query, subject)
    return str(content[1][0].get("name") or "").strip()


def _published(figure: Any, translated: Mapping[str, str]) -> Published:
    """Label of the indicator; its unit stands in brackets at the label's end, seldom in a field."""
    label = figure["indicator"]["value"]
    bracket = re.search(r"\(([^()]*)\)$", label)
    unit = figure.get("unit") or (bracket[1] if bracket else "")
    others = {language: name for language, name in translated.items() if name not in ("", label)}
    return Published(unit_of(unit), {"en": label} | others)


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
