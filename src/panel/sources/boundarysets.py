"""Ready sets of rules: Russia since 2008, and one version of NUTS brought to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

import pandas as pd

from panel.errors import DataError, UnknownRegionError, suggest
from panel.sources.catalogue import data_root, read_catalogue
from panel.sources.reader import read_cells
from panel.sources.regionrules import DropRegion, MergeRegions, Reason, ReassignRegions, Rule
from panel.sources.rules import AND

_REASONS: Mapping[str, tuple[str, str, str]] = {
    "merged": ("merged on {day}", "{day}合并", "объединены {day}"),
    "okrugs": (
        "okrugs inside the oblast",
        "自治区计入所属州",
        "автономные округа в составе области",
    ),
    "contained": ("contained in {what}", "已计入{what}", "входит в {what}"),
    "open": (
        "{why}: no exact figure for {what}",
        "{why}：{what}无确切数值",
        "{why}: нет точных значений для {what}",
    ),
}
_VERSIONS = ("2013", "2016", "2021", "2024")
_CHANGES_FILE = "geo/nuts_changes.csv"
_COLUMNS = ["from_version", "to_version", "from", "to", "kind", "share", "share_new", "share_area"]


def _reason(key: str, regions: Iterable[str] = (), **said: str) -> Reason:
    listed = list(regions)
    en, zh, ru = (
        text.format(what=between.join(listed), **said)
        for text, between in zip(_REASONS[key], AND, strict=True)
    )
    return en, zh, ru


def russia_boundaries(*, oblasts_include_okrugs: bool) -> tuple[Rule, ...]:
    """Rules that bring Russian tables to the boundaries since March 2008, okrugs inside oblasts.

    Five mergers: Perm (2005-12-01), Krasnoyarsk (2007-01-01), Kamchatka (2007-07-01), Irkutsk
    (2008-01-01), Zabaykalye (2008-03-01); and the okrugs of Tyumen and Arkhangelsk.

    Parameters
    ----------
    oblasts_include_okrugs : how the table prints an oblast or krai that contains okrugs. True:
        with them ("в том числе"), so that the okrugs' own rows are left out. False: without
        them, so that they are added.
    """
    mergers = {
        "RU-PER": ("RU-PER-OBL", ("RU-KOP-AO",), "2005-12-01"),
        "RU-KYA": ("RU-KYA", ("RU-TAY-AO", "RU-EVE-AO"), "2007-01-01"),
        "RU-KAM": ("RU-KAM-OBL", ("RU-KOR-AO",), "2007-07-01"),
        "RU-IRK": ("RU-IRK", ("RU-UOB",), "2008-01-01"),
        "RU-ZAB": ("RU-CHI", ("RU-AGB",), "2008-03-01"),
        "RU-TYU": ("RU-TYU", ("RU-KHM", "RU-YAN"), ""),
        "RU-ARK": ("RU-ARK", ("RU-NEN",), ""),
    }
    rules: list[Rule] = []
    for into, (whole, okrugs, day) in mergers.items():
        why = _reason("merged" if day else "okrugs", day=day)
        if not oblasts_include_okrugs:
            rules.append(MergeRegions(into, (whole, *okrugs), why))
            continue
        rules += [DropRegion(okrug, _reason("contained", [whole])) for okrug in okrugs]
        if whole != into:
            rules.append(MergeRegions(into, (whole,), why))
    return tuple(rules)


def nuts_changes(source: str | int, target: str | int, *, level: int = 2) -> pd.DataFrame:
    """How the regions of one version of NUTS became those of another.

    Parameters
    ----------
    source, target : "2013", "2016", "2021" or "2024", in either direction; between versions that
        do not follow one another the steps stand one after the other.
    level : 1 or 2.

    Returns
    -------
    One row a pair of regions that have residents in common; regions that did not change have
    none. ``from_version``, ``to_version``, ``from``, ``to``; ``kind``: "recoded" (the same
    territory), "split", "merged", "redrawn" (several regions became several others) or "shift" (a
    border moved); ``share``: part of the old region's residents of 2011 who live in the new one;
    ``share_new``: part of the new region's residents who come from the old one; ``share_area``:
    part of the old region's area.

    Raises
    ------
    UnknownRegionError : no such version or level.
    """
    source, target = str(source), str(target)
    for what, given, known in (
        ("version", source, _VERSIONS), ("version", target, _VERSIONS), ("level", level, (1, 2)),
    ):  # fmt: skip
        if given not in known:
            raise UnknownRegionError(
                f"There is no NUTS {what} {given!r}.", variable=what, value=given,
                remedy=f"choose {', '.join(map(str, known))}; other versions can be brought to "
                "one of these with rules of one's own (ReassignRegions).",
            )  # fmt: skip
    content = read_catalogue(data_root()).content(_CHANGES_FILE)
    table = read_cells(content, _CHANGES_FILE)
    table = table[table["level"] == str(level)]
    steps = [_step(table, old, new) for old, new in _path(source, target)]
    return pd.concat([table.head(0), *steps], ignore_index=True).reindex(columns=_COLUMNS)


def _path(source: str, target: str) -> list[tuple[str, str]]:
    first, last = _VERSIONS.index(source), _VERSIONS.index(target)
    way = _VERSIONS[first : last + 1] if first <= last else _VERSIONS[last : first + 1][::-1]
    return list(pairwise(way))


def _step(table: pd.DataFrame, old: str, new: str) -> pd.DataFrame:
    """Rows of one step, in its direction: backwards, what was split is merged."""
    rows = table[(table["from_version"] == min(old, new)) & (table["to_version"] == max(old, new))]
    if old > new:
        turned = {"from": "to", "to": "from", "from_version": "to_version"}
        rows = rows.rename(columns=turned | {"to_version": "from_version"})
        rows = rows.assign(kind=rows["kind"].replace("split", "merged"))
    # A recoded region is one row without figures: all of the old one, and all of the new one.
    people, area = (
        pd.to_numeric(rows[name].replace("", "1")) for name in ("residents_2011", "area_km2")
    )
    parts = {
        "share": people / people.groupby(rows["from"]).transform("sum"),
        "share_new": people / people.groupby(rows["to"]).transform("sum"),
        "share_area": area / area.groupby(rows["from"]).transform("sum"),
    }
    return rows.assign(**parts).sort_values(["from", "to"])


def nuts_boundaries(
    source: str | int, target: str | int, *, level: int = 2, shares: str, negligible: float = 0.005
) -> tuple[Rule, ...]:
    """Rules that bring a table from one version of NUTS to another, for :func:`harmonise`.

    Recoded and merged regions are exact. A region that was divided has no figures for its parts
    in the table, so ``shares`` must say what to do with it.

    Parameters
    ----------
    source, target, level : as in :func:`nuts_changes`.
    shares : "residents" or "area" divides such a region by the residents of 2011 or the area of
        its parts, which is an estimate; "exact" leaves it, and every new region it has a part
        in, out on record.
    negligible : a border that moved less than this part of the residents of both regions is taken
        for unchanged.

    Raises
    ------
    UnknownRegionError : no such version, level or kind of shares.
    DataError : ``negligible`` is no part between 0 and 1.
    """
    kinds = {"residents": "share", "area": "share_area", "exact": "share"}
    if shares not in kinds:
        raise UnknownRegionError(
            f"There are no shares by {shares!r}.", variable="shares", value=shares,
            remedy=suggest(shares, kinds),
        )  # fmt: skip
    if not 0 <= negligible < 1:
        raise DataError(
            f"negligible is {negligible}.", variable="negligible", value=negligible,
            remedy="give a part of the residents: 0.005 for half a percent, 0 for every border.",
        )  # fmt: skip
    changes = nuts_changes(source, target, level=level)
    rules: list[Rule] = []
    for (_, version), step in changes.groupby(["from_version", "to_version"], sort=False):
        moved = _moved(step, kinds[shares], negligible)
        rules += _rules(moved, f"NUTS {version}", exact=shares == "exact")
    return tuple(rules)


def _moved(step: pd.DataFrame, by: str, negligible: float) -> dict[str, dict[str, float]]:
    """Shares by old and new region, without regions that stay what they are."""
    small = step[["share", "share_new"]].max(axis=1) < negligible
    kept = step[~(small & (step["kind"] == "shift"))]
    stays = (kept["from"] == kept["to"]) & ~(
        kept["from"].duplicated(keep=False) | kept["to"].duplicated(keep=False)
    )
    flows: dict[str, dict[str, float]] = {}
    for row in kept[~stays].to_dict("records"):
        flows.setdefault(str(row["from"]), {})[str(row["to"])] = float(row[by])
    for old, parts in flows.items():
        total = sum(parts.values())
        flows[old] = {new: share / total for new, share in parts.items()}
    return flows


def _rules(flows: dict[str, dict[str, float]], why: str, *, exact: bool) -> Iterator[Rule]:
    open_ = {new for parts in flows.values() if len(parts) > 1 for new in parts} if exact else set()
    for old in [old for old, parts in flows.items() if open_ & parts.keys()]:
        yield DropRegion(old, _reason("open", flows.pop(old), why=why))
    if flows:
        yield ReassignRegions(flows, why)
