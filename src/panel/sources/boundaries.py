"""Regions that merge, split or contain one another, brought to one set of boundaries."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from panel.core.column import LANGUAGES, Adjustment, Column
from panel.core.frame import PanelFrame
from panel.errors import DataError, DuplicateKeyError, UnknownRegionError, suggest
from panel.sources.regionrules import (
    DropRegion,
    MergeRegions,
    ReassignRegions,
    Rule,
    SplitRegion,
    SubtractRegions,
)
from panel.sources.regions import candidates, crosswalk
from panel.sources.rules import (
    Measure,
    Said,
    because,
    measures_of,
    said,
    split_value,
    subtracted,
    summed,
)

Key = tuple[Hashable, Any]


def region_shares(
    frame: PanelFrame, name: str, regions: Iterable[str], time: Any
) -> dict[str, float]:
    """Shares of regions in their common total of a variable in one year, for a split.

    Raises
    ------
    DataError : a region has no figure in that year, or a negative one, or all are zero.
    """
    values = frame[name]
    keys = [(region, time) for region in regions]
    figures = [float(values[key]) if key in values.index else np.nan for key in keys]
    total = sum(figures)
    if not (keys and total > 0 and np.isfinite(total) and min(figures) >= 0):
        said = dict(zip([key[0] for key in keys], figures, strict=True))
        raise DataError(
            f"{name!r} in {time} gives no shares: {said}.",
            variable=name,
            value=said,
            remedy="choose a year in which every region has a figure that is not negative.",
        )
    return {key[0]: figure / total for key, figure in zip(keys, figures, strict=True)}


def harmonise(
    frame: PanelFrame, rules: Iterable[Rule], *, measures: Mapping[str, str]
) -> PanelFrame:
    """The frame on one set of boundaries, with a record of what was done to each cell.

    Parameters
    ----------
    frame : its regions are codes of the crosswalk, or keys that the rules name.
    rules : applied in order; a rule whose regions have no rows changes nothing.
    measures : how each numeric column adds up: "sum" for totals, "mean(weights=population)" for
        rates and averages, with the column whose total is the rate's denominator. A sum of
        percentages and a mean of totals are refused by their units.

    Returns
    -------
    New frame. ``frame.origin(name, region, year)`` tells what a cell was made of,
    ``frame.report()`` lists all that was done, rows left out included. Filled cells stay marked
    in what they are added to. Text is kept where the parts agree and is otherwise missing; the
    names of a region are its own.

    Raises
    ------
    DataError : a column without a measure, or a measure that contradicts its unit.
    UnknownRegionError : a rule names a region that neither the frame nor the crosswalk has.
    DuplicateKeyError : figures for a whole and for its parts in one year.
    """
    steps = tuple(rules)
    _known(frame, steps)
    state = _State(
        dict(_rows(frame)), measures_of(frame, measures), {name: [] for name in frame.columns}
    )
    filled = {name: set(column.filled) for name, column in frame.columns.items()}
    moved: dict[Hashable, set[Hashable]] = {}
    for rule in steps:
        for made, parts in _applied(state, rule):
            moved.setdefault(made[0], set()).update(part[0] for part in parts)
            for cells in filled.values():
                if any(part in cells for part in parts):
                    cells.add(made)
    return _rebuilt(frame, state, filled, moved)


@dataclass(frozen=True)
class _State:
    """Rows by key while rules are applied, the measures, and the record by column."""

    rows: dict[Key, dict[str, Any]]
    measures: Mapping[str, Measure]
    record: dict[str, list[Adjustment]]

    def years(self, regions: Iterable[str]) -> list[Any]:
        wanted = set(regions)
        return sorted({year for region, year in self.rows if region in wanted})

    def note(self, name: str, how: Said, key: Key) -> None:
        self.record[name].append(Adjustment(how[0], frozenset({key}), how))


def _rows(frame: PanelFrame) -> Iterable[tuple[Key, dict[str, Any]]]:
    for key, row in zip(frame.table.index, frame.table.to_dict("records"), strict=True):
        yield (key[0], key[1]), {str(name): value for name, value in row.items()}


def _known(frame: PanelFrame, rules: Iterable[Rule]) -> None:
    known = {*map(str, frame.units), *crosswalk().regions}
    for rule in rules:
        for region in rule.regions:
            if region not in known:
                found = candidates(region)
                meant = " or ".join(f"{r.code} ({r.label()}, level {r.level})" for r in found)
                raise UnknownRegionError(
                    f"The rule {rule} names {region!r}, which neither the frame nor the "
                    "crosswalk has.",
                    variable="rules",
                    value=region,
                    remedy=f"write its code: {meant}." if meant else suggest(region, known),
                )


def _applied(state: _State, rule: Rule) -> list[tuple[Key, tuple[Key, ...]]]:
    """Applies one rule to the rows; gives each new key with the keys it was made of."""
    if isinstance(rule, DropRegion):
        for year in state.years([rule.region]):
            del state.rows[rule.region, year]
            for name in state.measures:
                how = said("left out", [rule.region], rule.why)
                state.note(name, how, (rule.region, year))
        return []
    if isinstance(rule, MergeRegions):
        return [made for year in state.years(rule.parts) for made in _merged(state, rule, year)]
    if isinstance(rule, SplitRegion):
        return [made for year in state.years([rule.source]) for made in _divided(state, rule, year)]
    if isinstance(rule, ReassignRegions):
        return [made for year in state.years(rule.flows) for made in _reassigned(state, rule, year)]
    return [made for year in state.years(rule.parts) for made in _without(state, rule, year)]


def _merged(state: _State, rule: MergeRegions, year: Any) -> list[tuple[Key, tuple[Key, ...]]]:
    there = {part: state.rows[part, year] for part in rule.parts if (part, year) in state.rows}
    others = [part for part in there if part != rule.into]
    if not others:
        return []
    key = (rule.into, year)
    if rule.into not in rule.parts and key in state.rows:
        raise _twice(rule.into, others, year)
    parts = tuple((part, year) for part in there)
    absent = [part for part in rule.parts if part not in there]
    row = {}
    for name, measure in state.measures.items():
        row[name], how = summed(measure, there, absent)
        state.note(name, because(how, rule.why), key)
    row |= _texts(state, rule.into, list(there.values()))
    for part in others:
        del state.rows[part, year]
    state.rows[key] = row
    return [(key, parts)]


def _divided(state: _State, rule: SplitRegion, year: Any) -> list[tuple[Key, tuple[Key, ...]]]:
    source = (rule.source, year)
    whole = state.rows.pop(source)
    made: list[tuple[Key, tuple[Key, ...]]] = []
    for region, share in rule.shares.items():
        key = (region, year)
        if key in state.rows:
            raise _twice(rule.source, [region], year)
        row = {}
        for name, measure in state.measures.items():
            row[name], how = split_value(measure, whole[name], rule.source, share)
            state.note(name, because(how, rule.why), key)
        state.rows[key] = row | _texts(state, region, [whole])
        made.append((key, (source,)))
    return made


def _reassigned(
    state: _State, rule: ReassignRegions, year: Any
) -> list[tuple[Key, tuple[Key, ...]]]:
    old = {r: state.rows.pop((r, year)) for r in rule.flows if (r, year) in state.rows}
    made: list[tuple[Key, tuple[Key, ...]]] = []
    for target, shares in rule.targets.items():
        there = [source for source in shares if source in old]
        if not there:
            continue
        key = (target, year)
        if key in state.rows:
            raise _twice(target, there, year)
        # Each part under the name the record gives it: "0.328 of IE01", or IE01 if it is whole.
        parts = {_part(source, shares[source]): source for source in there}
        absent = [source for source in shares if source not in old]
        row = {}
        for name, measure in state.measures.items():
            scaled = {
                part: {m.name: split_value(m, old[source][m.name], source, shares[source])[0]
                       for m in state.measures.values()}
                for part, source in parts.items()
            }  # fmt: skip
            row[name], how = summed(measure, scaled, absent)
            state.note(name, because(how, rule.why), key)
        state.rows[key] = row | _texts(state, target, [old[source] for source in there])
        made.append((key, tuple((source, year) for source in there)))
    return made


def _part(source: str, share: float) -> str:
    return source if share == 1 else f"{share:.3g} of {source}"


def _without(state: _State, rule: SubtractRegions, year: Any) -> list[tuple[Key, tuple[Key, ...]]]:
    key = (rule.region, year)
    if key not in state.rows:
        return []
    inside = {part: state.rows[part, year] for part in rule.parts if (part, year) in state.rows}
    absent = [part for part in rule.parts if part not in inside]
    whole, row = state.rows[key], dict(state.rows[key])
    for name, measure in state.measures.items():
        row[name], how = subtracted(measure, rule.region, whole, inside, absent)
        state.note(name, because(how, rule.why), key)
    state.rows[key] = row
    return [(key, (key, *((part, year) for part in inside)))]


def _twice(whole: str, parts: list[str], year: Any) -> DuplicateKeyError:
    return DuplicateKeyError(
        f"{whole} and {' and '.join(parts)} both have rows in {year}.",
        variable="rules",
        value=(whole, year),
        remedy="the table prints both: drop one of them first (DropRegion), or use "
        "SubtractRegions if one contains the other.",
    )


def _texts(state: _State, region: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Columns of text in a new row: the region's own names, or what all parts agree on."""
    known = crosswalk().regions.get(region)
    found: dict[str, Any] = {}
    for name in state.record.keys() - state.measures.keys():
        language = name.removeprefix("name_")
        if known is not None and name.startswith("name_") and language in LANGUAGES:
            found[name] = known.label(language)
        else:
            said = {str(part[name]): part[name] for part in parts}
            found[name] = next(iter(said.values())) if len(said) == 1 else None
    return found


def _rebuilt(
    frame: PanelFrame,
    state: _State,
    filled: Mapping[str, set[Key]],
    moved: Mapping[Hashable, set[Hashable]],
) -> PanelFrame:
    if not state.rows:
        raise DataError("The rules leave no row.", variable="rules", remedy="drop fewer regions.")
    keys = sorted(state.rows, key=lambda key: (str(key[0]), key[1]))
    index = pd.MultiIndex.from_tuples(keys, names=[frame.unit, frame.time])
    table = pd.DataFrame(
        {
            name: _series([state.rows[key][name] for key in keys], frame.table[name].dtype, index)
            for name in frame.columns
        }
    )
    there = frozenset(keys)
    columns = {
        name: _column(column, state.record[name], frozenset(filled[name]) & there, moved)
        for name, column in frame.columns.items()
    }
    return PanelFrame(table.sort_index(), frame.unit, frame.time, columns, frame.name)


def _series(values: list[Any], dtype: Any, index: pd.MultiIndex) -> pd.Series:
    """A column of its old type; whole numbers and yes/no become float, which has missing cells."""
    if pd.api.types.is_bool_dtype(dtype) or pd.api.types.is_integer_dtype(dtype):
        values, dtype = [np.nan if value is None else float(value) for value in values], float
    column: pd.Series = pd.Series(values, index, dtype=dtype)
    return column


def _column(
    column: Column,
    record: list[Adjustment],
    filled: frozenset[Key],
    moved: Mapping[Hashable, set[Hashable]],
) -> Column:
    """Metadata after the rules: origins hold for the new regions too, equal steps are one."""
    origins = tuple(
        replace(
            origin,
            regions=(
                *origin.regions,
                *(n for n, old in moved.items() if old & set(origin.regions)),
            ),
        )
        if origin.regions
        else origin
        for origin in column.origins
    )
    steps = {a.text: a for a in column.adjustments}
    for step in record:
        known = steps.get(step.text, step)
        steps[step.text] = replace(known, keys=known.keys | step.keys)
    kept = tuple(steps.values())
    return column.with_(origins=origins, filled=filled, adjustments=kept)
