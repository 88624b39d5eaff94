"""Region names and codes: 江西, 江西省, Jiangxi, Цзянси, CN-JX and 360000 are one region."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import pandas as pd

from panel.errors import PanelError, UnknownRegionError, suggest
from panel.sources.catalogue import data_root, read_catalogue
from panel.sources.crosswalk import (
    COUNTRIES_FILE,
    NAMES_FILE,
    Crosswalk,
    Region,
    as_day,
    country_code,
    crosswalk,
    rows,
    usual_list,
)
from panel.sources.spelling import folded, kinds, shortened, unordered, words

__all__ = [
    "COUNTRIES_FILE",
    "NAMES_FILE",
    "Crosswalk",
    "Region",
    "candidates",
    "crosswalk",
    "region_groups",
    "regions",
    "resolve",
]
# Where each grouping stands: file, column of the region, column of the group.
_GROUPS = {
    "four_zones": ("geo/china_regions.csv", "iso_3166_2", "四大地区"),
    "three_zones": ("geo/china_three_zones.csv", "iso_3166_2", "三大地带"),
    "federal_district": ("geo/russia_districts.csv", "code", "district"),
    "economic_region": ("geo/russia_economic_regions.csv", "code", "economic_region"),
    "census_region": ("geo/us_states.csv", "code", "census_region"),
    "census_division": ("geo/us_states.csv", "code", "census_division"),
}


def resolve(
    name: object,
    *,
    country: str = "",
    level: int | Iterable[int] | None = None,
    on: str | int | datetime.date | None = None,
    variant: str = "",
) -> Region:
    """The region that a name or code means, in any of the usual spellings.

    Parameters
    ----------
    name : for instance "江西", "江西省", "Jiangxi Province", "Цзянси", "CN-JX", "360000", 360000.
    country, level, on, variant : what is known of the region beside its name, as in
        :func:`regions`; of several levels, any. With a country its own short codes are
        understood (36 is Jiangxi in China and New York in the US). NUTS regions are found only
        with ``country="EU"``.

    Returns
    -------
    The region. Its ``scope`` is empty unless the region has autonomous okrugs that tables count
    in or not; the code is one for both.

    Raises
    ------
    UnknownRegionError : nobody knows the name (with suggestions), it may mean several regions, or
        it is a missing value. A name that may mean two regions is never decided by a guess.
    """
    spelled = spelling(name)
    found = candidates(spelled, country=country, level=level, on=on, variant=variant)
    if len(found) == 1:
        return found[0]
    if found:
        raise ambiguous(name, spelled, found)
    raise UnknownRegionError(
        f"No region is known as {spelled!r}" + (f" in {country}." if country else "."),
        variable="region",
        value=name,
        remedy=_elsewhere(spelled, country) or suggest(spelled, near_names(country, level)),
    )


def _elsewhere(spelled: str, country: str) -> str:
    """Where a name is known, if on another list or day or in another country; "" if not."""
    for place in dict.fromkeys((country, "", "EU")):
        if found := candidates(spelled, country=place):
            region = found[0]
            lists = " and ".join(region.sets)
            dates = [f"{w} {d}" for w, d in (("from", region.since), ("until", region.until)) if d]
            said = ", ".join([f"level {region.level}", f"on the list {lists}", *dates])
            asked = ', country="EU"' if place == "EU" != country else ""
            return f"{region.label()} ({region.code}{asked}) is {said}."
    return ""


def spelling(name: object) -> str:
    """The text of a name; a whole number without its decimal point.

    Raises
    ------
    UnknownRegionError : a missing value.
    """
    nothing = name is None or name is pd.NA or (isinstance(name, float) and name != name)
    if nothing or not str(name).strip():
        raise UnknownRegionError(
            f"A region is missing: {name!r} is no name.",
            variable="region",
            value=name,
            remedy="give a name or a code, or leave rows without a region out.",
        )
    return str(int(name)) if isinstance(name, float) and name.is_integer() else str(name)


def ambiguous(name: object, spelled: str, found: Iterable[Region]) -> PanelError:
    """The error for a name that may mean several regions."""
    listed = " or ".join(f"{r.label()} ({r.code})" for r in found)
    return UnknownRegionError(
        f"Region {spelled!r} may be {listed}.",
        variable="region",
        value=name,
        remedy="write the full name or the code, or give the country or the level (1 province, "
        "subject or state, 2 prefecture).",
    )


def near_names(country: str, level: int | Iterable[int] | None) -> list[str]:
    """Spellings to suggest from, without codes of digits."""
    wanted = _filter(country, level, None, "")
    known = (r for r in crosswalk().regions.values() if wanted(r))
    return [s for r in known for s in r.names if not s.isdigit()]


def candidates(
    name: str,
    *,
    country: str = "",
    level: int | Iterable[int] | None = None,
    on: str | int | datetime.date | None = None,
    variant: str = "",
) -> tuple[Region, ...]:
    """The regions that a spelling may mean, as in :func:`resolve`; none if nobody knows it.

    A whole name goes before one without its "oblast" or 省, and a region that is listed today
    (or ``on`` the day, or in the ``variant``) before one that no longer is.
    """
    walk, wanted = crosswalk(), _filter(country, level, None, variant)
    day = as_day(on)
    whole = (*walk.full.get(folded(name), ()), *walk.full.get(unordered(name), ()))
    if country:
        whole += walk.local.get(name.strip(), ())
    stem = walk.short.get(shortened(name), ())
    for codes in (whole, stem):
        found = [walk.regions[c] for c in dict.fromkeys(codes) if wanted(walk.regions[c])]
        if codes is stem:
            found = _same_kind(name, found)
        listed = [r for r in found if r.in_force(day)]
        # On a given day a region that was not listed is no candidate at all.
        found = listed or ([] if day else found)
        if not variant:
            found = [r for r in found if not r.former] or found
        if found:
            return tuple(_scoped(r, name) for r in found)
    return ()


def _same_kind(name: str, found: list[Region]) -> list[Region]:
    """Of regions that share a stem, those of the kind the name claims, if it tells them apart.

    What is called a city is never the oblast, state or country of its name: Belgorod City.
    """
    said = kinds(name)
    same = [r for r in found if said & frozenset().union(*(kinds(n) for n in r.names))]
    if said == {"city"}:
        return same
    return found if len(found) < 2 or not said else same or found


def _filter(
    country: str, level: int | Iterable[int] | None, day: str | None, variant: str
) -> Callable[[Region], bool]:
    code = country_code(country) if country else ""
    levels = None if level is None else {level} if isinstance(level, int) else set(level)

    def wanted(region: Region) -> bool:
        at = levels is None or region.level in levels
        if not at or (day is not None and not region.in_force(day)):
            return False
        if not code:
            return not region.listed("EU")
        return region.code == code or region.listed(code, variant)

    return wanted


def _scoped(region: Region, spelled: str) -> Region:
    """The region, with what its spelling says of autonomous okrugs where names differ in that."""
    if not any("без" in words(alias) for alias in region.aliases):
        return region
    scope = "the name does not say whether autonomous okrugs are counted in"
    said = set(words(spelled))
    if said & {"без", "кроме", "without"}:
        scope = "without autonomous okrugs"
    elif said & {"с", "включая", "with"}:
        scope = "with autonomous okrugs"
    return replace(region, scope=scope)


def told_apart(meant: Mapping[str, Iterable[Region]]) -> dict[str, Region]:
    """The regions of names that may mean several, where the names around them decide.

    吉林 is a province among provinces and a city among prefectures. Of what is left, a name does
    not mean a region that another one means alone: beside Moscow Oblast, Moscow is the city.

    Parameters
    ----------
    meant : what each name of a column or table may mean.
    """
    listed = {name: tuple(found) for name, found in meant.items()}
    sure = {name: found[0] for name, found in listed.items() if len(found) == 1}
    levels = Counter(r.level for r in {r.code: r for r in sure.values()}.values())
    level, most = levels.most_common(1)[0] if levels else (None, 0)
    clear = most > 1 and most > 2 * (levels.total() - most)
    decided = {}
    for name, found in listed.items():
        # Only names in its own letters: a table may have each region in two languages.
        others = {r.code for other, r in sure.items() if other.isascii() == name.isascii()}
        left = [r for r in found if r.level == level] if clear else list(found)
        if len(left) > 1:
            left = [r for r in left if r.code not in others]
        if len(found) > 1 == len(left):
            decided[name] = left[0]
    return decided


def regions(
    country: str,
    *,
    level: int | None = None,
    variant: str = "",
    on: str | int | datetime.date | None = None,
) -> tuple[Region, ...]:
    """All regions of one country on one list, sorted by code.

    Parameters
    ----------
    country : "CN", "RU", "US", "EU" (or "china", "russia", "usa", "europe"); "world" gives the
        countries.
    level : 1 (the usual one) for provinces, federal subjects, states, NUTS 1; 2 for prefectures
        and NUTS 2; 0 for countries.
    variant : the list. China: "nbs" (31 provinces, the usual one) or "iso" (34). Russia:
        "rosstat" (85, as in Rosstat's tables from 2014; the usual one), "iso" (83) or
        "constitution" (89, as its article 65 enumerates since October 2022). US: "census"
        (states and DC, the usual one), "states" (50) or "iso" (57). EU: "2021" (the usual one),
        "2024" or "uk-2018". What a list enumerates is no statement about a territory's status.
    on : a day or a year (its last day): the regions listed then; today's if left out.

    Raises
    ------
    UnknownRegionError : no such country, level or list.
    CalendarError : ``on`` is no day.
    """
    code = country_code(country)
    at, chosen = usual_list(code, level, variant)
    day = as_day(on)
    known = crosswalk().regions.values()
    found = [r for r in known if r.level == at and r.listed(code, chosen) and r.in_force(day)]
    return tuple(sorted(found, key=lambda r: r.code))


def region_groups(
    scheme: str, *, on: str | int | datetime.date | None = None, language: str = "en"
) -> pd.Series:
    """The group of each region in an official division.

    Parameters
    ----------
    scheme : "four_zones" (China, National Bureau of Statistics, 2011), "three_zones" (China,
        before), "federal_district" or "economic_region" (Russia), "census_region" or
        "census_division" (US).
    on : a day or a year (its last day); today if left out. Federal districts were created on
        2000-05-13 and changed in 2010, 2014, 2016 and 2018; the other divisions stand as they
        are.
    language : of the groups' names: "en", "zh", "ru".

    Returns
    -------
    Names of groups (n,), indexed by the code of the region, sorted.

    Raises
    ------
    UnknownRegionError : no such scheme or language.
    """
    for given, known, what in (
        (scheme, tuple(_GROUPS), "scheme"),
        (language, ("en", "zh", "ru"), "language"),
    ):
        if given not in known:
            raise UnknownRegionError(
                f"There is no {what} {given!r}.",
                variable=what,
                value=given,
                remedy=suggest(given, known),
            )
    catalogue = read_catalogue(data_root())
    path, code, group = _GROUPS[scheme]
    called = {
        r["group"]: r[language] for r in rows(catalogue, "geo/group_names.csv")
        if r["scheme"] == scheme
    }  # fmt: skip
    day = as_day(on)
    dated = (
        (row[code], called[row[group]])
        for row in rows(catalogue, path)
        if row[group] and _covers(row, day)
    )
    return pd.Series(dict(sorted(dated)), name=scheme, dtype="str").rename_axis("code")


def _covers(row: dict[str, str], day: str | None) -> bool:
    """Whether a dated row holds on that day; rows without dates always hold."""
    until = row.get("until", "")
    return not until if day is None else row.get("since", "") <= day and (not until or day < until)
