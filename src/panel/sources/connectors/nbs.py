"""National Bureau of Statistics of China: yearly figures of provinces (分省年度数据).

The service at data.stats.gov.cn has had a new interface since 2026; ``easyquery.htm``, which most
programs still call, answers 403. The new one finds a table by the names of its headings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from panel.errors import ServiceError, UnknownRegionError, suggest
from panel.sources.connectors.http import Request
from panel.sources.connectors.query import (
    Get,
    Published,
    Query,
    Reading,
    Service,
    asked_for,
    decoded,
    known,
    table,
    texts,
    unit_of,
)
from panel.sources.years import years_asked

# The service's number for 分省年度数据, and its group of all provinces.
_PROVINCES_BY_YEAR = 6
_ALL_REGIONS = "全部地区"
_FIRST_YEAR, _LAST_YEAR = 1949, 2099


def nbs(
    path: str,
    indicators: str | Iterable[str] | None = None,
    *,
    regions: str | Iterable[str] | None = None,
    years: int | Iterable[int] | None = None,
) -> Query:
    """Query for a table of yearly figures by province of the NBS of China.

    Parameters
    ----------
    path : headings of 分省年度数据 down to the table, as the site prints them:
        "国民经济核算 > 地区生产总值".
    indicators : rows of the table, with or without their unit: "地区生产总值(亿元)"; all of them if
        left out.
    regions : provinces in any usual spelling or code; all if left out.
    years : years, or one year; all there are if left out.

    Returns
    -------
    The query, to give to :func:`panel.download`. Labels are Chinese.

    Raises
    ------
    CalendarError : a year that is none.
    """
    headings = " > ".join(h.strip() for h in re.split(r"[>/]", path) if h.strip())
    return Query(NBS, headings, texts(indicators), texts(regions), years_asked(years))


def _read(query: Query, get: Get) -> Reading:
    root, cid = _table(query, get)
    fields = {"cid": cid, "dt": "", "name": ""}
    listed = _asked(query, "new/queryIndicatorsByCid", fields, get)["list"]
    areas = _areas(query, cid, get)
    rows: list[tuple[str, ...]] = []
    variables = {}
    for indicator in _chosen(query, listed):
        name = _label(indicator)
        unit = str(indicator.get("du_name") or "")
        variables[name] = Published(unit_of(unit), {"zh": name})
        rows += _figures(query, name, indicator, (root, cid), areas, get)
    if not rows:
        raise ServiceError(
            f"{_subject(query)}: there is no figure for {query}.",
            variable=query.dataset,
            remedy="ask for other years or regions.",
        )
    return Reading(table(rows), variables, title=query.dataset)


def _table(query: Query, get: Get) -> tuple[str, str]:
    """Identifiers of the root and of the table that the path's headings lead to."""
    subject = _subject(query)
    node = root = ""
    for heading in ("", *query.dataset.split(" > ")):
        fields = {"pid": node, "code": _PROVINCES_BY_YEAR}
        below = _asked(query, "new/queryIndexTreeAsync", fields, get)
        named = {_plain(str(n.get("name") or n.get("_name"))): n for n in below}
        if not heading:
            root = node = below[0]["_id"]
            continue
        if _plain(heading) not in named:
            raise ServiceError(
                f"{subject}: there is no heading {heading!r}.",
                variable="path",
                value=heading,
                remedy=suggest(heading, named),
            )
        node = named[_plain(heading)]["_id"]
    return root, node


def _chosen(query: Query, listed: Sequence[Any]) -> list[Any]:
    """The indicators asked for, in their order."""
    if not query.indicators:
        return list(listed)
    named = {_label(i): i for i in listed}
    bare = {re.sub(r"\([^()]*\)$", "", name): i for name, i in named.items()}
    for wanted in query.indicators:
        if _plain(wanted) not in named and _plain(wanted) not in bare:
            raise ServiceError(
                f"{_subject(query)}: there is no indicator {wanted!r}.",
                variable="indicators",
                value=wanted,
                remedy=suggest(_plain(wanted), named),
            )
    return [named.get(_plain(wanted)) or bare[_plain(wanted)] for wanted in query.indicators]


def _areas(query: Query, cid: str, get: Get) -> dict[str, str]:
    """Code of twelve digits by name of the regions to ask for."""
    subject = _subject(query)
    groups = _asked(query, "getDaCatalogTreeByIndicatorCid", {"indicatorCid": cid}, get)
    every = [g for g in groups if (g.get("name") or g.get("_name")) == _ALL_REGIONS] or groups
    group = every[0]["_id"]
    members = _asked(query, "getDasByDaCatalogId", {"daCid": group}, get)
    areas = {m["show_name"]: str(m.get("name_value")) for m in members}
    if not query.regions:
        return areas
    ours = {}
    for name, code in areas.items():
        found = known(code[:6], NBS) or known(name, NBS)
        if found:
            ours[found.code] = name
    chosen = {}
    for region in query.regions:
        found = asked_for(region, NBS)
        name = ours.get(found.code, "") if found else region
        if name not in areas:
            raise UnknownRegionError(
                f"{subject}: there is no region {region!r}.",
                variable="regions",
                value=region,
                remedy=suggest(region, areas),
            )
        chosen[name] = areas[name]
    return chosen


def _figures(
    query: Query,
    name: str,
    indicator: Any,
    place: tuple[str, str],
    areas: dict[str, str],
    get: Get,
) -> list[tuple[str, ...]]:
    """Rows of one indicator."""
    years = query.years or (_FIRST_YEAR, _LAST_YEAR)
    body = {
        "cid": place[1],
        "indicatorIds": [indicator["_id"]],
        "daCatalogId": "",
        "das": [{"text": text, "value": value} for text, value in areas.items()],
        "showType": 3,
        "dts": [f"{years[0]}YY-{years[-1]}YY"],
        "rootId": place[0],
    }
    rows: list[tuple[str, ...]] = []
    for period in _asked(query, "stream/esData", body, get, post=True):
        year = str(period["code"]).removesuffix("YY")
        for figure in period["values"]:
            area = figure.get("da_name") or figure.get("area") or ""
            # Twelve digits: the six of GB/T 2260 and, below the county, six more.
            region = str(figure.get("da") or areas.get(area, area)).removesuffix("000000")
            rows.append((name, region, area, year, str(figure.get("value") or ""), ""))
    return rows


def _asked(query: Query, what: str, fields: dict[str, Any], get: Get, *, post: bool = False) -> Any:
    """``data`` of one answer of the service."""
    subject = _subject(query)
    url = f"{query.address}/{what}"
    body = json.dumps(fields, ensure_ascii=False).encode() if post else b""
    if not post:
        url += f"?{urlencode(fields)}"
    remedy = (
        f"the service lets browsers in rather than programs, and not from everywhere: take the "
        f"table from {NBS.page} by hand, and register it in sources.toml."
    )
    content = decoded(get(Request(url, subject, body=body, remedy=remedy)), subject)
    if not isinstance(content, dict) or content.get("success") is False or "data" not in content:
        said = content.get("message") or content.get("returndata") or content.get("state")
        raise ServiceError(
            f"{subject}: the service reports an error: {said!r}.",
            variable=query.dataset,
            value=said,
            remedy=remedy,
        )
    found = content["data"]
    return found if found is not None else []


def _subject(query: Query) -> str:
    return f"NBS of China, {query.dataset}"


def _label(indicator: Any) -> str:
    return _plain(str(indicator.get("i_showname") or indicator.get("_name") or ""))


def _plain(name: str) -> str:
    """A name without blanks, with brackets of one kind."""
    return re.sub(r"\s", "", name).replace("（", "(").replace("）", ")")


NBS = Service(
    name="NBS of China",
    publisher="国家统计局 (National Bureau of Statistics of China)",
    publication="国家数据 data.stats.gov.cn 分省年度数据",
    licence="published official statistics, cite the publisher; no licence text seen",
    base="https://data.stats.gov.cn/dg/website/publicrelease/web/external",
    page="https://data.stats.gov.cn",
    lists=("CN",),
    read=_read,
)
