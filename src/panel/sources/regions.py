"""Region names and codes: 江西, 江西省, Jiangxi, Цзянси, CN-JX and 360000 are one region."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from panel.errors import SourceError, UnknownRegionError, suggest
from panel.sources.catalogue import Catalogue, data_root, read_catalogue
from panel.sources.reader import read_cells

NAMES_FILE = "geo/region_names.csv"
# Words and endings that say what kind of region it is, not which one.
_KINDS = frozenset(
    (
        *("province", "oblast", "region", "krai", "territory", "republic", "of", "the"),
        *("autonomous", "okrug", "municipality", "city", "sheng", "shi", "zizhiqu"),
        *("провинция", "область", "обл", "край", "республика", "респ", "автономный", "автономная"),
        *("округ", "район", "ао", "г", "город"),
    )
)
_CHINESE_KINDS = re.compile(
    r"(壮族自治区|回族自治区|维吾尔自治区|自治区|自治州|共和国|边疆区|省|市|州)$"
)


@dataclass(frozen=True)
class Region:
    """One region or country.

    Parameters
    ----------
    code : ISO 3166-2 (regions) or ISO 3166-1 alpha-2 (countries).
    en, zh, ru : names.
    aliases : other usual spellings.
    reported_in : code of the country whose statistical office reports it; empty for countries.
    gb2260 : code of GB/T 2260 (China); okato, oktmo : of ОК 019-95 and ОК 033-2013 (Russia).
    group : official grouping as published (四大地区, федеральный округ).
    capital, lon, lat : capital and its position in degrees, where known.
    scope : what :func:`resolve` read in a name that tables use in two senses: Tyumen and
        Arkhangelsk oblasts are printed with their autonomous okrugs or without (без АО).
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

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling and code that means this region."""
        spelled = (self.en, self.zh, self.ru, *self.aliases)
        codes = (self.code, self.gb2260, self.okato, self.oktmo)
        return tuple(dict.fromkeys(n for n in (*spelled, *codes) if n))


@dataclass(frozen=True)
class Crosswalk:
    """All regions, and which of them a spelling means.

    ``full`` maps a whole name to one code; ``short`` a name without "province", "область", 省
    to every code it may mean.
    """

    regions: Mapping[str, Region]
    full: Mapping[str, str]
    short: Mapping[str, tuple[str, ...]]


def resolve(name: object) -> Region:
    """The region that a name or code means, in any of the usual spellings.

    Parameters
    ----------
    name : for instance "江西", "江西省", "Jiangxi Province", "Цзянси", "CN-JX", "360000", 360000.

    Returns
    -------
    The region. Its ``scope`` is empty unless the region has autonomous okrugs that tables count
    in or not; the code is one for both.

    Raises
    ------
    UnknownRegionError : nobody knows the name (with suggestions), it may mean several regions, or
        it is a missing value.
    """
    nothing = name is None or name is pd.NA or (isinstance(name, float) and name != name)
    if nothing or not str(name).strip():
        raise UnknownRegionError(
            f"A region is missing: {name!r} is no name.",
            variable="region",
            value=name,
            remedy="give a name or a code, or leave rows without a region out.",
        )
    walk = crosswalk()
    spelled = str(int(name)) if isinstance(name, float) and name.is_integer() else str(name)
    code = walk.full.get(_folded(spelled))
    if code is not None:
        return _scoped(walk.regions[code], spelled)
    candidates = [walk.regions[c] for c in walk.short.get(_shortened(spelled), ())]
    if len(candidates) == 1:
        return _scoped(candidates[0], spelled)
    if candidates:
        listed = " or ".join(f"{r.en} ({r.code})" for r in candidates)
        raise UnknownRegionError(
            f"Region {spelled!r} may be {listed}.",
            variable="region",
            value=name,
            remedy="write the full name or the code.",
        )
    spellings = [s for r in walk.regions.values() for s in r.names if not s.isdigit()]
    raise UnknownRegionError(
        f"No region is known as {spelled!r}.",
        variable="region",
        value=name,
        remedy=suggest(spelled, spellings),
    )


def _scoped(region: Region, spelled: str) -> Region:
    """The region, with what its spelling says of autonomous okrugs where names differ in that."""
    if not any("без" in _words(alias) for alias in region.aliases):
        return region
    without = "without autonomous okrugs"
    open_ = "the name does not say whether autonomous okrugs are counted in"
    return replace(region, scope=without if "без" in _words(spelled) else open_)


def regions(reported_in: str) -> tuple[Region, ...]:
    """All regions that one country's statistical office reports, sorted by code.

    Parameters
    ----------
    reported_in : "CN", "RU"; "world" gives the countries.

    Raises
    ------
    UnknownRegionError : no region of that country is known.
    """
    known = crosswalk().regions.values()
    wanted = "" if reported_in == "world" else reported_in
    found = [r for r in known if r.reported_in == wanted]
    if not found:
        sets = {r.reported_in for r in known if r.reported_in} | {"world"}
        raise UnknownRegionError(
            f"No regions of {reported_in!r} are known.",
            variable="regions",
            value=reported_in,
            remedy=suggest(reported_in, sets),
        )
    return tuple(sorted(found, key=lambda r: r.code))


def crosswalk() -> Crosswalk:
    """The crosswalk of the shipped data, read once."""
    return _crosswalk(data_root())


@lru_cache(maxsize=4)
def _crosswalk(root: Path) -> Crosswalk:
    catalogue = read_catalogue(root)
    found = {}
    for row in _rows(catalogue, NAMES_FILE):
        aliases = tuple(a for a in row["aliases"].split("|") if a)
        names = (row["code"], row["en"], row["zh"], row["ru"], aliases, row["reported_in"])
        found[row["code"]] = Region(*names, row["gb2260"], row["okato"], row["oktmo"])
    for row in _rows(catalogue, "geo/china_regions.csv"):
        found[row["iso_3166_2"]] = replace(
            found[row["iso_3166_2"]],
            group=row["四大地区"],
            capital=row["省会"],
            lon=float(row["经度"]),
            lat=float(row["纬度"]),
        )
    for row in _rows(catalogue, "geo/russia_regions.csv"):
        code = row["iso_3166_2"]
        found[code] = replace(found[code], group=row["федеральный_округ"])
    full: dict[str, str] = {}
    short: dict[str, tuple[str, ...]] = {}
    for region in found.values():
        for name in region.names:
            other = full.setdefault(_folded(name), region.code)
            if other != region.code:
                raise SourceError(
                    f"{NAMES_FILE}: {name!r} stands for {other} and for {region.code}.",
                    variable="aliases",
                    value=name,
                    remedy="remove the alias from one of them.",
                )
            stem = _shortened(name)
            short[stem] = tuple(dict.fromkeys((*short.get(stem, ()), region.code)))
    return Crosswalk(MappingProxyType(found), MappingProxyType(full), MappingProxyType(short))


def _rows(catalogue: Catalogue, path: str) -> list[dict[str, str]]:
    table: pd.DataFrame = read_cells(catalogue.content(path), path)
    return [dict(zip(table.columns, row, strict=True)) for row in table.itertuples(index=False)]


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", name).casefold().replace("ё", "е")
    return re.findall(r"[^\W_]+", plain)


def _folded(name: str) -> str:
    """The name without case, blanks and punctuation."""
    return "".join(_words(name))


def _shortened(name: str) -> str:
    """The folded name without the words that only say what kind of region it is."""
    words = [w for w in _words(name) if w not in _KINDS]
    return _CHINESE_KINDS.sub("", "".join(words))
