"""Variables of another table beside those of a frame: one row a region and year, or one a key."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal

import pandas as pd

from panel.core.column import Column
from panel.core.frame import PanelFrame
from panel.core.keys import calendar
from panel.core.steps import steps_of
from panel.core.verb import as_frame
from panel.errors import DataError, DuplicateKeyError, MissingKeyError, suggest

_HOW = ("left", "inner", "outer")


def merge(
    frame: PanelFrame,
    other: PanelFrame | pd.DataFrame | pd.Series,
    names: Sequence[str] | Mapping[str, str] | None = None,
    *,
    how: Literal["left", "inner", "outer"] = "left",
) -> PanelFrame:
    """The frame with variables of another one, with their units, labels and sources.

    Parameters
    ----------
    other : a frame, whose keys may have other names; or a DataFrame or Series with the frame's
        keys as columns or as levels of its index. With the key of the regions alone a figure holds
        for all years (posts of 1984), with that of the years for all regions (a national price).
    names : the variables to take, or {name there: name here}; all of them if left out.
    how : whose rows: "left" those of the frame, "inner" those of both, "outer" those of either.

    Returns
    -------
    New frame. Variables of both that agree wherever they meet (names of regions) stand once.

    Raises
    ------
    DataError : both have a variable and differ in it; no row in common; regions that look spelt
        differently, where each side has some that the other lacks (``how="left"`` only: with
        another the difference is wanted).
    DuplicateKeyError, MissingKeyError : rows of ``other`` that its keys do not identify.
    UnknownVariableError : ``names`` has a variable that ``other`` does not have.
    """
    known = as_frame(frame)
    if how not in _HOW:
        raise DataError(
            f"{how!r} is no way to merge.", variable="how", value=how, remedy=suggest(how, _HOW)
        )
    added, regions = _panel(known, other)
    if how == "left":
        _alike(known, regions)
    if known.table.index.intersection(added.table.index).empty:
        raise DataError(
            f"The tables have no {known.unit} and {known.time} in common: the frame has "
            f"{_some(known.units)} in {_span(known)}, the other {_some(added.units)} in "
            f"{_span(added)}.",
            variable=f"{known.unit}, {known.time}",
            remedy="bring both to the same codes and years; panel.match_regions gives codes.",
        )
    chosen = _chosen(known, added, names)
    rows = {
        "left": known.table.index,
        "inner": known.table.index.intersection(added.table.index),
        "outer": known.table.index.union(added.table.index),
    }[how].sort_values()
    rows.names = [known.unit, known.time]
    table = known.table.reindex(rows)
    for name in (n for n in added if n in known and n not in chosen.values()):
        table[name] = table[name].where(table[name].notna(), added.table[name].reindex(rows))
    new = added.table[list(chosen)].rename(columns=chosen).reindex(rows)
    columns = dict(known.columns) | _columns(known, added, chosen)
    return PanelFrame(pd.concat([table, new], axis=1), known.unit, known.time, columns, known.name)


def _panel(known: PanelFrame, other: Any) -> tuple[PanelFrame, tuple[Hashable, ...] | None]:
    """``other`` by the frame's keys, and its regions; None where it is the same for all."""
    if isinstance(other, PanelFrame):
        table = other.table.rename_axis([known.unit, known.time])
        return replace(other, table=table, unit=known.unit, time=known.time), other.units
    if not isinstance(other, (pd.DataFrame, pd.Series)):
        raise DataError(
            f"What is merged must be a frame, a DataFrame or a Series, not {type(other).__name__}.",
            variable="other",
            value=type(other).__name__,
            remedy="read a file by panel.read_frame or panel.read_yearbook first.",
        )
    table = other.to_frame() if isinstance(other, pd.Series) else other
    named = [n for n in table.index.names if n is not None]
    flat = table.reset_index(level=named) if named else table
    keys = [k for k in (known.unit, known.time) if k in flat.columns]
    if len(keys) == 2:
        found = PanelFrame.from_pandas(flat.reset_index(drop=True), known.unit, known.time)
        return found, found.units
    if not keys:
        raise DataError(
            f"The table has neither {known.unit!r} nor {known.time!r}, by which it could be "
            "matched.",
            variable=f"{known.unit}, {known.time}",
            value=[str(c) for c in flat.columns],
            remedy="rename its key columns, or name the levels of its index.",
        )
    return _spread(known, flat, keys[0])


def _spread(
    known: PanelFrame, flat: pd.DataFrame, key: str
) -> tuple[PanelFrame, tuple[Hashable, ...] | None]:
    """A table with one row a region (or a year), in every year (or region) of the frame."""
    by = pd.Index(flat[key])
    if by.isna().any():
        raise MissingKeyError(
            f"Key {key!r} is empty in {int(by.isna().sum())} row(s).",
            variable=key,
            remedy="fill it in or drop those rows before merging.",
        )
    if key == known.time:
        by = calendar(by, key)
    if not by.is_unique:
        twice = by[by.duplicated()][0]
        there = known.time if key == known.unit else known.unit
        raise DuplicateKeyError(
            f"{key} {twice!r} has {int((by == twice).sum())} rows and no {there!r} tells them "
            "apart.",
            variable=key,
            value=twice,
            remedy=f"add the column {there!r}, or keep one row a {key}.",
        )
    at = by.get_indexer(known.table.index.get_level_values(key))
    spread = flat.drop(columns=key).iloc[at[at >= 0]].set_axis(known.table.index[at >= 0])
    return PanelFrame.from_pandas(spread), tuple(by) if key == known.unit else None


def _alike(known: PanelFrame, regions: tuple[Hashable, ...] | None) -> None:
    """Refuse regions of which each side has some that the other lacks: they may be the same."""
    if regions is None:
        return
    extra = [r for r in regions if r not in set(known.units)]
    lacking = [r for r in known.units if r not in set(regions)]
    if extra and lacking:
        raise DataError(
            f"{_some(extra)} of the other table are no {known.unit} of the frame, which has "
            f"{_some(lacking)} beside: are they spelt differently?",
            variable=known.unit,
            value=extra,
            remedy="bring both to the same codes (panel.match_regions, panel.harmonise), leave "
            'rows that do not belong out, or say how="inner" or how="outer".',
        )


def _chosen(
    known: PanelFrame, added: PanelFrame, names: Sequence[str] | Mapping[str, str] | None
) -> dict[str, str]:
    """The variables to take, with the names they are to have."""
    if isinstance(names, str):
        names = [names]
    given = added if names is None else names
    wanted = dict(names) if isinstance(names, Mapping) else {n: n for n in given}
    added.select(wanted)
    both = {n for n, new in wanted.items() if n == new and n in known}
    wanted = {n: new for n, new in wanted.items() if n not in both or not _agree(known, added, n)}
    for name, new in wanted.items():
        if new in known or list(wanted.values()).count(new) > 1:
            raise DataError(
                f"There are two variables {new!r}, and they are not the same.",
                variable=new,
                remedy=f"rename one: names={{{name!r}: {f'{name}_2'!r}}}, or name the variables "
                "to take.",
            )
    return wanted


def _agree(known: PanelFrame, added: PanelFrame, name: str) -> bool:
    both = known.table.index.intersection(added.table.index)
    left, right = known.table.loc[both, name], added.table.loc[both, name]
    return bool(((left == right) | (left.isna() & right.isna())).all())


def _columns(known: PanelFrame, added: PanelFrame, chosen: dict[str, str]) -> dict[str, Column]:
    """Metadata of what was taken, under its new names; steps of cleaning come after the frame's."""
    last = max((s.number for s in steps_of(known)), default=0)
    taken = {s.name for s in steps_of(known)}
    columns = {}
    for name, new in chosen.items():
        column = added.columns[name]
        steps = tuple(
            replace(
                s,
                name=s.name if s.name not in taken else f"{s.name} (merged)",
                number=s.number + last,
                redo=partial(s.redo.func, **(s.redo.keywords | {"name": new})),
            )
            for s in column.steps
        )
        inputs = tuple(chosen.get(n, n) for n in column.inputs)
        columns[new] = replace(column, inputs=inputs, steps=steps)
    return columns


def _some(names: Iterable[Hashable]) -> str:
    listed = [str(n) for n in names]
    return ", ".join(listed[:3]) + (f" ... ({len(listed)} in all)" if len(listed) > 3 else "")


def _span(frame: PanelFrame) -> str:
    if not frame.times:
        return "no year"
    return f"{frame.times[0]}-{frame.times[-1]}"
