"""The crosswalk as data: every region the shipped tables know, its codes, names and dates."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from panel.errors import CalendarError, SourceError, UnknownRegionError, suggest
from panel.sources.catalogue import Catalogue, data_root, read_catalogue
from panel.sources.reader import read_cells
from panel.sources.spelling import folded, shortened, unordered

NAMES_FILE = "geo/region_names.csv"
COUNTRIES_FILE = "geo/countries.csv"
# What a country may be called in an argument, and the code under which its regions are kept.
_CALLED = {
    "china": "CN", "russia": "RU", "usa": "US", "united states": "US",
    "europe": "EU", "nuts": "EU", "countries": "world",
}  # fmt: skip
# The list taken where none is named, by country and level.
_USUAL = {
    ("CN", 1): "nbs", ("CN", 2): "gb2260", ("RU", 1): "rosstat", ("US", 1): "census",
    ("EU", 1): "2021", ("EU", 2): "2021", ("world", 0): "iso",
}  # fmt: skip
# Lists that are out of use: a name that stands on a later one too means that region.
_FORMER = frozenset({"EU/2013", "EU/2016", "EU/uk-2018"})


@dataclass(frozen=True)
class Region:
    """One region or country.

    Parameters
    ----------
    code : ISO 3166-2 (regions), ISO 3166-1 alpha-2 (countries), NUTS; "CN-" and GB/T 2260 for
        prefectures. Former subjects of Russia without an ISO code of their own have one of ours
        that ends in -OBL or -AO.
    en, zh, ru : names; empty where none was found in a source.
    aliases : other usual spellings.
    reported_in : code of the country whose statistical office reports it; empty for countries.
    gb2260 : code of GB/T 2260 (China); okato, oktmo : of ОК 019-95 and ОК 033-2013 (Russia).
    group : official grouping as published (四大地区, федеральный округ).
    capital, lon, lat : capital and its position in degrees, where known.
    scope : what :func:`resolve` read in a name that tables use in two senses: Tyumen and
        Arkhangelsk oblasts are printed with their autonomous okrugs or without (без АО).
    level : 0 country, 1 province, federal subject, state or NUTS 1, 2 prefecture or NUTS 2.
    parent : code of the region that contains it and is on the same list, if any.
    since, until : first day on which it is listed under this code, and first day on which it no
        longer is ("2008-03-01"); empty for as long as the lists go.
    sets : the lists it stands on, as "RU/rosstat". A list says what a text or a table enumerates,
        nothing about the status of a territory.
    alpha3, numeric, eurostat : other codes of a country; postal, fips : of a state of the US.
    """

    code: str
    en: str
    zh: str
    ru: str
    aliases: tuple[str, ...] = ()
    reported_in: str = ""
    gb2260: str = ""
    okato: str = ""
    oktmo: str = ""
    group: str = ""
    capital: str = ""
    lon: float | None = None
    lat: float | None = None
    scope: str = ""
    level: int = 1
    parent: str = ""
    since: str = ""
    until: str = ""
    sets: tuple[str, ...] = ()
    alpha3: str = ""
    numeric: str = ""
    eurostat: str = ""
    postal: str = ""
    fips: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling and code that means this region wherever it stands."""
        spelled = (self.en, self.zh, self.ru, *self.aliases)
        codes = (self.code, self.gb2260, self.okato, self.oktmo)
        others = (self.alpha3, self.eurostat, self.postal)
        return tuple(dict.fromkeys(n for n in (*spelled, *codes, *others) if n))

    @property
    def local_codes(self) -> tuple[str, ...]:
        """Codes that mean a region only where its country is known: 36.

        Also those of a file that took 06 or 01000000 for a number: 6, 1000000.
        """
        short = {
            "gb2260": self.gb2260[:2] if self.level == 1 else self.gb2260[:4],
            "okato": self.okato[:2] if self.okato.endswith("0" * 9) else self.okato[:5],
        }
        found = [c for c in (short["gb2260"], short["okato"], self.fips, self.numeric) if c]
        without = [c.lstrip("0") for c in (*found, self.okato, self.oktmo) if c.startswith("0")]
        return tuple(dict.fromkeys((*found, *without)))

    def label(self, language: str = "en") -> str:
        """Name in that language, or the first there is."""
        return getattr(self, language, "") or self.en or self.zh or self.ru or self.code

    def listed(self, country: str, variant: str = "") -> bool:
        """Whether it stands on a list of that country (on that one, if one is named)."""
        if variant:
            return f"{country}/{variant}" in self.sets
        return any(s.startswith(f"{country}/") for s in self.sets)

    @property
    def former(self) -> bool:
        """Whether it stands only on lists that are out of use: NUTS 2013 and 2016."""
        return bool(self.sets) and _FORMER.issuperset(self.sets)

    def in_force(self, day: str | None) -> bool:
        """Whether it is listed on that day ("2007-06-30"), or today if none is given."""
        if day is None:
            return not self.until
        return self.since <= day and (not self.until or day < self.until)


@dataclass(frozen=True)
class Crosswalk:
    """All regions, and which of them a spelling may mean.

    ``full`` maps a whole name to codes; ``short`` a name without "province", "область", 省;
    ``local`` a short code to codes of regions in several countries. ``countries`` are those whose
    regions stand on some list.
    """

    regions: Mapping[str, Region]
    full: Mapping[str, tuple[str, ...]]
    short: Mapping[str, tuple[str, ...]]
    local: Mapping[str, tuple[str, ...]]
    countries: frozenset[str]


def crosswalk() -> Crosswalk:
    """The crosswalk of the shipped data, read once."""
    return _crosswalk(data_root())


def country_code(called: str) -> str:
    """Code of the country whose regions are meant: "china" and "CN" are one.

    Raises
    ------
    UnknownRegionError : no regions of that country are known.
    """
    known = crosswalk().countries
    code = _CALLED.get(called.casefold(), called)
    if code in known:
        return code
    raise UnknownRegionError(
        f"No regions of {called!r} are known.",
        variable="country",
        value=called,
        remedy=suggest(called, known),
    )


def usual_list(country: str, level: int | None, variant: str) -> tuple[int, str]:
    """Level and list of a country's regions, where they are left out.

    Raises
    ------
    UnknownRegionError : the country has no such level, or no list of that name at this level.
    """
    levels = sorted(n for c, n in _USUAL if c == country)
    chosen = levels[0] if level is None else level
    if chosen not in levels:
        raise UnknownRegionError(
            f"Regions of {country!r} are known at level {' and '.join(map(str, levels))}.",
            variable="level",
            value=level,
            remedy="0 is a country, 1 a province, subject, state or NUTS 1, "
            "2 a prefecture or NUTS 2.",
        )
    variant = str(variant)  # a version of NUTS may come as a number
    on_level = (r for r in crosswalk().regions.values() if r.level == chosen)
    lists = {v for r in on_level for c, v in (s.split("/") for s in r.sets) if c == country}
    if variant and variant not in lists:
        raise UnknownRegionError(
            f"There is no list {variant!r} of the regions of {country!r}.",
            variable="variant",
            value=variant,
            remedy=suggest(variant, lists),
        )
    return chosen, variant or _USUAL[country, chosen]


def as_day(on: str | int | datetime.date | None) -> str | None:
    """A day as text that sorts; a year means its last day, because yearly figures end there.

    Raises
    ------
    CalendarError : neither a year nor a day.
    """
    if on is None:
        return None
    if isinstance(on, datetime.date):
        return on.isoformat()[:10]
    text = f"{on}-12-31" if str(on).isdigit() and len(str(on)) == 4 else str(on)
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise CalendarError(
            f"{on!r} is neither a year nor a day.",
            variable="on",
            value=on,
            remedy='write 2007 or "2007-06-30".',
        ) from error


@lru_cache(maxsize=4)
def _crosswalk(root: Path) -> Crosswalk:
    catalogue = read_catalogue(root)
    found: dict[str, Region] = {}
    for region in (*_subjects(catalogue), *_prefectures(catalogue), *_countries(catalogue),
                   *_states(catalogue), *_nuts(catalogue)):  # fmt: skip
        if region.code in found:
            raise SourceError(
                f"Code {region.code!r} stands twice in the files of raw/geo.",
                variable="code",
                value=region.code,
                remedy="remove one of the two rows.",
            )
        found[region.code] = region
    regions = found.values()
    full = _index((r, k) for r in regions for n in r.names for k in (folded(n), unordered(n)) if k)
    # The code AO has no stem: written out it is "autonomous okrug", two kinds of region.
    short = _index((r, stem) for r in regions for n in r.names if (stem := shortened(n)))
    local = _index((r, c) for r in regions for c in r.local_codes)
    countries = frozenset(s.split("/")[0] for r in regions for s in r.sets)
    return Crosswalk(MappingProxyType(found), full, short, local, countries)


def _index(keyed: Iterable[tuple[Region, str]]) -> Mapping[str, tuple[str, ...]]:
    codes: dict[str, dict[str, None]] = {}
    for region, key in keyed:
        codes.setdefault(key, {})[region.code] = None
    return MappingProxyType({key: tuple(meant) for key, meant in codes.items()})


def rows(catalogue: Catalogue, path: str) -> list[dict[str, str]]:
    """Rows of a raw file, cells as printed."""
    table: pd.DataFrame = read_cells(catalogue.content(path), path)
    return [dict(zip(table.columns, row, strict=True)) for row in table.itertuples(index=False)]


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _subjects(catalogue: Catalogue) -> Iterator[Region]:
    """First-level regions of China and Russia."""
    zones = {r["iso_3166_2"]: r for r in rows(catalogue, "geo/china_regions.csv")}
    districts = {r["iso_3166_2"]: r for r in rows(catalogue, "geo/russia_regions.csv")}
    for row in rows(catalogue, NAMES_FILE):
        country = "CN" if row["code"].startswith("CN-") else "RU"
        lists = tuple(f"{country}/{s}" for s in _split(row.pop("sets")))
        row["aliases"] = _split(row["aliases"])  # type: ignore[assignment]
        region = Region(**row, sets=lists)  # type: ignore[arg-type]
        if zone := zones.get(region.code):
            region = replace(
                region, group=zone["四大地区"], capital=zone["省会"],
                lon=float(zone["经度"]), lat=float(zone["纬度"]),
            )  # fmt: skip
        if district := districts.get(region.code):
            region = replace(region, group=district["федеральный_округ"])
        yield region


def _prefectures(catalogue: Catalogue) -> Iterator[Region]:
    for row in rows(catalogue, "geo/china_prefectures.csv"):
        yield Region(
            row["code"], row["en"], row["zh"], row["ru"], _split(row["aliases"]), "CN",
            row["gb2260"], level=2, parent=row["province"], until=row["until"], sets=("CN/gb2260",),
        )  # fmt: skip


def _countries(catalogue: Catalogue) -> Iterator[Region]:
    for row in rows(catalogue, COUNTRIES_FILE):
        yield Region(
            row["code"], row["en"], row["zh"], row["ru"], _split(row["aliases"]),
            level=0, sets=("world/iso",), alpha3=row["alpha3"], numeric=row["numeric"],
            eurostat=row["eurostat"],
        )  # fmt: skip


def _states(catalogue: Catalogue) -> Iterator[Region]:
    for row in rows(catalogue, "geo/us_states.csv"):
        yield Region(
            row["code"], row["en"], row["zh"], row["ru"], _split(row["aliases"]), "US",
            group=row["census_region"], sets=tuple(f"US/{s}" for s in _split(row["sets"])),
            postal=row["postal"], fips=row["fips"],
        )  # fmt: skip


def _nuts(catalogue: Catalogue) -> Iterator[Region]:
    for row in rows(catalogue, "geo/nuts.csv"):
        level = int(row["level"])
        yield Region(
            row["code"], row["latin"] or row["name"], "", "",
            (row["name"],) if row["latin"] else (), row["country"], level=level,
            parent=row["code"][:-1] if level == 2 else "",
            sets=tuple(f"EU/{s}" for s in _split(row["sets"])),
        )  # fmt: skip
