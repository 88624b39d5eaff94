"""Rosstat and other agencies of Russia: SDMX files saved from EMISS (fedstat.ru)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from panel.errors import ServiceError
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

_TIME, _UNIT = "Time", "EI"


def rosstat(
    file: str | Path,
    *,
    regions: str | Iterable[str] | None = None,
    years: int | Iterable[int] | None = None,
    filters: Mapping[str, str | Iterable[str]] | None = None,
) -> Query:
    """Query for an indicator of EMISS, by region and year, in the SDMX file saved from its page.

    EMISS gives files only to a browser: each needs a token of the page that it was chosen on.

    Parameters
    ----------
    file : the SDMX file: open https://www.fedstat.ru/indicator/ and the indicator's number, choose
        what to show, and save it as SDMX.
    regions : regions in any usual spelling or code, to keep of those in the file; all if left out.
    years : years, or one year; all there are if left out.
    filters : chosen codes or names by dimension of the file: {"PERIOD": "год"}. Each combination
        that is left becomes a variable, named by the codes in which they differ.

    Returns
    -------
    The query, to give to :func:`panel.download`. Labels are Russian.

    Raises
    ------
    CalendarError : a year that is none.
    """
    return Query(
        ROSSTAT,
        Path(file).stem,
        regions=texts(regions),
        years=years_asked(years),
        filters={k: texts(v) for k, v in (filters or {}).items()},
        file=str(file),
    )


def parsed(content: bytes, subject: str) -> ElementTree.Element:
    """The tree of an XML file without document type declaration.

    Such a declaration may define entities that grow to gigabytes or read other files; no
    statistical message has one, so it is refused before the tree is built.

    Raises
    ------
    ServiceError : there is one, or the file is no XML.
    """
    try:
        first = expat.ParserCreate()
        first.StartDoctypeDeclHandler = _declared
        first.Parse(content, True)
        return ElementTree.fromstring(content)
    except _DoctypeError as error:
        raise ServiceError(
            f"{subject}: the file declares a document type, which may hide entities without bound.",
            variable=subject,
            remedy="no statistical message does so: save it again from the service itself.",
        ) from error
    except (expat.ExpatError, ElementTree.ParseError) as error:
        raise ServiceError(
            f"{subject}: the file is no complete XML ({error}).",
            variable=subject,
            value=content[:80].decode("utf-8", "replace"),
            remedy="save it again; a page of the site is not the SDMX file.",
        ) from error


class _DoctypeError(Exception):
    """A document type was declared."""


def _declared(*_: object) -> None:
    raise _DoctypeError


def _read(query: Query, get: Get) -> Reading:
    subject = f"EMISS, file {Path(query.file).name}"
    request = Request(ROSSTAT.page, subject, kind="xml", file=query.file)
    root = parsed(get(request).content, subject)
    lists = {one.get("id", ""): _labels(one) for one in _all(root, "CodeList")}
    observations = [o for one in _all(root, "Series") for o in _observations(one, lists)]
    if not observations:
        raise ServiceError(
            f"{subject}: it holds no figure.",
            variable=subject,
            remedy="choose regions and years on the page before saving it.",
        )
    place = _place(observations, subject)
    observations = chosen(observations, query.filters, subject)
    if query.regions:
        observations = chosen(observations, {place: _named(query, observations, place)}, subject)
    described = next(_all(root, "Indicator"), ElementTree.Element("Indicator"))
    updated = _value(described, "LastUpdate")
    return assembled(
        observations,
        Roles(place, _TIME, _UNIT, language="ru"),
        query,
        subject,
        title=described.get("name", "").strip() or query.dataset,
        vintage=f"updated {updated}" if updated else "",
        publisher=_value(described, "Organization"),
    )


def _all(root: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """Elements of that name, in whichever of SDMX's namespaces."""
    return (e for e in root.iter() if _bare(e) == name)


def _bare(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _value(root: ElementTree.Element, name: str) -> str:
    return next((e.get("value", "") for e in _all(root, name)), "")


def _labels(codelist: ElementTree.Element) -> dict[str, str]:
    """Label by code."""
    found = {}
    for code in _all(codelist, "Code"):
        words = next(_all(code, "Description"), code).text or ""
        found[code.get("value", "")] = " ".join(words.split())
    return found


def _observations(
    series: ElementTree.Element, lists: Mapping[str, Mapping[str, str]]
) -> Iterator[Observation]:
    """The figures of one series; its key and its attributes (unit, period) tell it apart."""
    codes = {}
    for group in series:
        if _bare(group) in ("SeriesKey", "Attributes"):
            for one in _all(group, "Value"):
                name, code = one.get("concept", ""), one.get("value", "")
                codes[name] = Code(code, lists.get(name, {}).get(code, code))
    for one in _all(series, "Obs"):
        time = next((e.text or "" for e in _all(one, "Time")), "").strip()
        # Decimal commas; blanks part thousands.
        value = "".join(_value(one, "ObsValue").split()).replace(",", ".")
        yield Observation(codes | {_TIME: Code(time, time)}, value)


def _place(observations: list[Observation], subject: str) -> str:
    """The dimension that holds regions of Russia: its name differs from file to file."""
    counts = {}
    for name in observations[0].codes:
        codes = {o.codes[name] for o in observations if name in o.codes}
        counts[name] = sum(bool(known(c.code, ROSSTAT) or known(c.label, ROSSTAT)) for c in codes)
    best = max(counts, key=lambda name: counts[name])
    if not counts[best]:
        raise ServiceError(
            f"{subject}: no dimension holds regions of Russia.",
            variable=subject,
            value=", ".join(counts),
            remedy="choose an indicator by region (ОКАТО), and regions on its page.",
        )
    return best


def _named(query: Query, observations: list[Observation], place: str) -> list[str]:
    """Codes in the file of the regions asked for."""
    there = {o.codes[place].code: o.codes[place].label for o in observations}
    ours: dict[str, str] = {}
    for code, label in there.items():
        found = known(code, ROSSTAT) or known(label, ROSSTAT)
        if found:
            ours.setdefault(found.code, code)
    codes = []
    for region in query.regions:
        found = asked_for(region, ROSSTAT)
        codes.append(ours.get(found.code, region) if found else region)
    return codes


ROSSTAT = Service(
    name="EMISS",
    publisher="Росстат (Federal State Statistics Service of Russia)",
    publication="ЕМИСС fedstat.ru",
    licence="published official statistics, cite the publisher; no licence text seen",
    base="https://www.fedstat.ru",
    page="https://www.fedstat.ru/indicator",
    lists=("RU",),
    read=_read,
)
