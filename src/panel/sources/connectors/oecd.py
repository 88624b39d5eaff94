"""OECD: tables of countries and regions, by its SDMX service in CSV with labels."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from urllib.parse import quote, urlencode

from panel.errors import ServiceError
from panel.sources.connectors.fetch import Answer
from panel.sources.connectors.http import Request
from panel.sources.connectors.query import (
    Get,
    Query,
    Reading,
    Service,
    asked_for,
    known,
    texts,
)
from panel.sources.connectors.series import Code, Observation, Roles, assembled, chosen
from panel.sources.years import years_asked

# The message's own columns, and dimensions that describe the region rather than the figure.
_MESSAGE = ("STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION")
_ASIDE = frozenset({"FREQ", "TERRITORIAL_LEVEL", "TERRITORIAL_TYPE", "COUNTRY"})


def oecd(
    dataflow: str,
    key: str = "all",
    *,
    regions: str | Iterable[str] | None = None,
    years: int | Iterable[int] | None = None,
) -> Query:
    """Query for a table of the OECD, by region and year.

    Parameters
    ----------
    dataflow : agency, table and version: "OECD.CFE.EDS,DSD_REG_DEMO@DF_POP_BROAD,2.4".
    key : codes by dimension in the table's order, separated by points; an empty one takes all, "+"
        joins several: "A.TL2.AU1+AU2..POP._T._T.PS". OECD Data Explorer shows the dataflow and the
        key of a table under "Developer API".
    regions : codes of the OECD ("AU1"), or countries in any usual spelling, to keep of those the
        key asks for; all if left out.
    years : years, or one year; all there are if left out.

    Returns
    -------
    The query, to give to :func:`panel.download`. Labels are English.

    Raises
    ------
    CalendarError : a year that is none.
    """
    return Query(
        OECD,
        dataflow.strip(),
        regions=texts(regions),
        years=years_asked(years),
        filters={"key": (key.strip(),)},
    )


def _read(query: Query, get: Get) -> Reading:
    subject = f"OECD, table {query.dataset}"
    remedy = (
        f"404 means no figures, 422 a key with too many or too few points: copy the table and key "
        f"from 'Developer API' at {OECD.page}."
    )
    answer = get(Request(_url(query), subject, kind="csv", remedy=remedy))
    observations, title = _observations(answer, subject)
    if query.regions and observations:
        wanted = {"REF_AREA": [_spelled(r, observations) for r in query.regions]}
        observations = chosen(observations, wanted, subject)
    roles = Roles("REF_AREA", "TIME_PERIOD", "UNIT_MEASURE", _ASIDE)
    named = replace(query, dataset=query.dataset.split(",")[:2][-1])  # without agency, version
    return assembled(observations, roles, named, subject, title=title, vintage=query.dataset)


def _url(query: Query) -> str:
    fields = {"dimensionAtObservation": "AllDimensions", "format": "csvfilewithlabels"}
    if query.years:
        fields |= {"startPeriod": str(query.years[0]), "endPeriod": str(query.years[-1])}
    key = quote(query.filters["key"][0], safe=".+")
    return f"{query.address}/{quote(query.dataset, safe=',@.')}/{key}?{urlencode(fields)}"


def _spelled(region: str, observations: Iterable[Observation]) -> str:
    """The code that the table has for a country; anything else is taken for a code."""
    found = asked_for(region, OECD)
    if found:
        for one in observations:
            code = one.codes["REF_AREA"].code
            same = known(code, OECD)
            if same and same.code == found.code:
                return code
    return region


def _observations(answer: Answer, subject: str) -> tuple[list[Observation], str]:
    """The lines of the CSV message, and the table's name.

    After the message's own columns, each code stands before its label; what follows the value
    are attributes, of which the flag and the unit's multiplier count.
    """
    text = answer.content.decode("utf-8-sig", "replace")
    lines = [line for line in csv.reader(io.StringIO(text, newline="")) if line]
    header = lines[0] if lines else []
    if "OBS_VALUE" not in header or "TIME_PERIOD" not in header:
        raise ServiceError(
            f"{subject}: the answer is no SDMX-CSV; it begins {text[:80]!r}.",
            variable=subject,
            value=answer.url,
            remedy="look at it in a browser, then call again with refresh=True.",
        )
    pairs = range(len([c for c in header if c in _MESSAGE]), len(header) - 1, 2)
    at = {header[i]: i for i in pairs}
    value, dimensions = at["OBS_VALUE"], [c for c in at if at[c] < at["OBS_VALUE"]]
    found = []
    for number, line in enumerate(islice(lines, 1, None), start=2):
        if len(line) != len(header):
            raise ServiceError(
                f"{subject}: line {number} has {len(line)} cells under {len(header)} columns.",
                variable=subject,
                value=line,
                remedy="the answer is damaged: call again with refresh=True.",
            )
        codes = {c: Code(line[at[c]], line[at[c] + 1] or line[at[c]]) for c in dimensions}
        unit = codes.get("UNIT_MEASURE")
        if unit and "UNIT_MULT" in at and line[at["UNIT_MULT"]] not in ("", "0"):
            label = f"{line[at['UNIT_MULT'] + 1]} {unit.label}"
            codes["UNIT_MEASURE"] = Code(unit.code, label)
        flag = line[at["OBS_STATUS"]] if "OBS_STATUS" in at else ""
        found.append(Observation(codes, line[value], "" if flag == "A" else flag))
    named = header.index("STRUCTURE_NAME") if "STRUCTURE_NAME" in header else None
    title = lines[1][named] if named is not None and len(lines) > 1 else ""
    return found, title


OECD = Service(
    name="OECD",
    publisher="OECD",
    publication="OECD Data Explorer",
    licence="OECD Terms and Conditions; since July 2024 CC BY 4.0 unless the table says otherwise",
    base="https://sdmx.oecd.org/public/rest/data",
    page="https://data-explorer.oecd.org",
    lists=("world", "EU"),
    read=_read,
)
