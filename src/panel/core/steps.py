"""Steps of cleaning as data: what was done to which cells, and the frame without one of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from panel.core.column import Column
from panel.core.verb import as_frame
from panel.core.wording import sentence, spelled
from panel.errors import DataError, NotNumericError, suggest

if TYPE_CHECKING:
    from panel.core.frame import FloatArray, PanelFrame

Key = tuple[Hashable, Any]


@dataclass(frozen=True)
class Step:
    """One step of cleaning of one variable.

    Parameters
    ----------
    name : "winsorise gdp", unique in the frame.
    number : its place in the order of all steps of the frame.
    kind, fields : what was done, as a key of ``core.wording`` and what that names.
    redo : the verb with its settings; called with a frame, it does the step again.
    cells : (unit, time) of the cells that changed, and the figures ``before`` and ``after``.
    cutoffs : (group, lower, upper), of steps that have any.
    former : the variable's metadata before the step.
    rows : rows of the frame then.
    stale : variables that were computed from this one before the step, and were not again.
    """

    name: str
    number: int
    kind: str
    fields: tuple[tuple[str, str], ...]
    redo: partial[PanelFrame] = field(repr=False, compare=False)
    cells: tuple[Key, ...] = field(repr=False)
    before: tuple[float, ...] = field(repr=False, compare=False)
    after: tuple[float, ...] = field(repr=False, compare=False)
    cutoffs: tuple[tuple[str, float, float], ...]
    former: Column = field(repr=False)
    rows: int
    stale: tuple[str, ...]

    @property
    def variable(self) -> str:
        """The variable that was changed."""
        return str(self.redo.keywords["name"])

    @property
    def keys(self) -> frozenset[Key]:
        """The cells that changed."""
        return frozenset(self.cells)

    @property
    def text(self) -> str:
        """What was done, in English."""
        return self.said()

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of the verb."""
        return {k: v for k, v in self.redo.keywords.items() if k != "name"}

    @property
    def df(self) -> pd.DataFrame:
        """One row a changed cell: its keys, ``before`` and ``after``."""
        index = pd.MultiIndex.from_tuples(self.cells, names=["unit", "time"])
        return pd.DataFrame({"before": self.before, "after": self.after}, index=index)

    def said(
        self, language: str = "en", label: Callable[[str], str] = str, n: int | None = None
    ) -> str:
        """What was done, in a language, to ``n`` cells (all of them if left out)."""
        count = len(self.cells) if n is None else n
        figures = sentence("figure" if count == 1 else "figures", language, n=count)
        return sentence(self.kind, language, figures=figures, **spelled(self.fields, label))


def target(frame: Any, name: str, into: str | None) -> tuple[PanelFrame, str]:
    """The frame and the variable to work on: ``name``, or a copy of it under the name ``into``.

    Raises
    ------
    DataError : the frame has ``into`` already.
    UnknownVariableError : it does not have ``name``.
    """
    known = as_frame(frame)
    known.select([name])
    if into is None:
        return known, name
    if into in known:
        raise DataError(
            f"The frame has a variable {into!r} already.",
            variable=into,
            remedy="choose another name for into=, or leave it out to change the variable itself.",
        )
    old = known.columns[name]
    copied = known.assign(**{into: known[name]})
    return copied.describe(
        into, unit=old.unit, labels=old.labels, expression=name, inputs=(name,), note=old.note,
        notes=old.notes, filled=old.filled,
    ), into  # fmt: skip


def figures(frame: PanelFrame, name: str) -> FloatArray:
    """A variable as numbers (n,), missing ones as NaN.

    Raises
    ------
    NotNumericError : text or yes/no.
    DataError : an infinite figure.
    """
    series = frame[name]
    if not pd.api.types.is_numeric_dtype(series.dtype) or pd.api.types.is_bool_dtype(series.dtype):
        raise NotNumericError(
            f"Variable {name!r} holds {series.dtype}, not numbers.",
            variable=name,
            remedy="clean variables of numbers.",
        )
    values = series.to_numpy(dtype=np.float64, copy=True)
    if np.isinf(values).any():
        at = frame.table.index[int(np.argmax(np.isinf(values)))]
        raise DataError(
            f"{name!r} is infinite for {at[0]}, {at[1]}.",
            variable=name,
            value=at,
            remedy="find where the division by zero or the logarithm of zero comes from; make it "
            "missing if the figure is not known.",
        )
    return values


def recorded(
    frame: PanelFrame,
    redo: partial[PanelFrame],
    values: FloatArray,
    kind: str,
    cutoffs: Iterable[tuple[str, float, float]] = (),
    **fields: str,
) -> PanelFrame:
    """The frame with the variable's new ``values`` (n,) and the step on record.

    Cells that had no figure and have one now count as filled; a filled cell without a figure does
    not any more.
    """
    name, verb = str(redo.keywords["name"]), redo.func.__name__
    old, column = figures(frame, name), frame.columns[name]
    changed = ~((old == values) | (np.isnan(old) & np.isnan(values)))
    cells = tuple((k[0], k[1]) for k in frame.table.index[changed])
    added = frozenset(cells[i] for i in np.flatnonzero(np.isnan(old[changed])))
    removed = frozenset(cells[i] for i in np.flatnonzero(np.isnan(values[changed])))
    log = steps_of(frame)
    step = Step(
        name=_unique(f"{verb} {name}", {s.name for s in log}),
        number=1 + max((s.number for s in log), default=0),
        kind=kind,
        fields=tuple(fields.items()),
        redo=redo,
        cells=cells,
        before=tuple(old[changed].tolist()),
        after=tuple(values[changed].tolist()),
        cutoffs=tuple(cutoffs),
        former=column,
        rows=len(frame),
        stale=_computed_from(frame, name),
    )
    new = column.with_(filled=(column.filled | added) - removed, steps=(*column.steps, step))
    return _with(frame, name, values, new)


def steps_of(frame: PanelFrame) -> tuple[Step, ...]:
    """All steps of the frame, in the order in which they were taken."""
    return tuple(
        sorted((s for c in frame.columns.values() for s in c.steps), key=lambda s: s.number)
    )


def steps_table(frame: PanelFrame) -> pd.DataFrame:
    """One row a step: variable, cells, what was done, settings, variables not computed anew."""
    log = steps_of(frame)
    return pd.DataFrame(
        {
            "variable": [s.variable for s in log],
            "cells": [len(s.cells) for s in log],
            "text": [s.text for s in log],
            "settings": [", ".join(f"{k}={v!r}" for k, v in s.settings.items()) for s in log],
            "not_recomputed": [", ".join(s.stale) for s in log],
        },
        index=pd.Index([s.name for s in log], name="step", dtype=object),
    )


def without_step(frame: PanelFrame, name: str) -> PanelFrame:
    """The frame as if the step had not been taken.

    It and all later steps are undone, cell by cell, and the later ones are done again.

    Raises
    ------
    DataError : no such step; figures that changed since otherwise (other units or boundaries); a
        variable that was computed from the step's; rows left out since, where later steps would
        have to be done again on fewer rows.
    """
    log = steps_of(frame)
    names = [s.name for s in log]
    if name not in names:
        raise DataError(
            f"The frame has no step {name!r}.",
            variable="name",
            value=name,
            remedy=suggest(name, names) if names else "no step of cleaning was taken.",
        )
    first, *later = log[names.index(name) :]
    for step in later:
        if step.rows != len(frame):
            raise DataError(
                f"{step.name!r} was done on {step.rows} rows and cannot be done again on "
                f"{len(frame)}.",
                variable=step.variable,
                value=len(frame),
                remedy="switch the step off before you select rows.",
            )
    for step in reversed([first, *later]):
        frame = _undone(frame, step)
    for step in later:
        frame = _redone(frame, step)
    return frame


class Fitted(Protocol):
    """What :func:`compare_steps` reads of a model."""

    @property
    def nobs(self) -> int: ...

    def tidy(self) -> pd.DataFrame: ...


def compare_steps(frame: PanelFrame, fit: Callable[[PanelFrame], Fitted]) -> pd.DataFrame:
    """A model with all steps of cleaning, and without each of them.

    Parameters
    ----------
    fit : gives the model of a frame, ``lambda f: panel.ols("y ~ x | province + year", f)``.

    Returns
    -------
    One row a term and step left out ("" for none): without, term, estimate, std_error, p_value,
    nobs.

    Raises
    ------
    DataError : as :func:`without_step`.
    """
    found = []
    for name in ("", *steps_table(frame).index):
        model = fit(without_step(frame, name) if name else frame)
        tidy = model.tidy()[["term", "estimate", "std_error", "p_value"]]
        found.append(tidy.assign(without=name, nobs=model.nobs))
    columns = ["without", "term", "estimate", "std_error", "p_value", "nobs"]
    return pd.concat(found, ignore_index=True)[columns]


def _unique(name: str, taken: set[str]) -> str:
    numbered = (f"{name} ({i})" for i in range(2, len(taken) + 3))
    return next(n for n in (name, *numbered) if n not in taken)


def _computed_from(frame: PanelFrame, name: str) -> tuple[str, ...]:
    return tuple(n for n, c in frame.columns.items() if name in c.inputs)


def _with(frame: PanelFrame, name: str, values: FloatArray, column: Column) -> PanelFrame:
    assigned = frame.assign(**{name: values})
    return replace(assigned, columns=dict(frame.columns) | {name: column})


def _undone(frame: PanelFrame, step: Step) -> PanelFrame:
    """The frame with the figures and the metadata of before the step."""
    name, column = step.variable, frame.columns[step.variable]
    new = [n for n in _computed_from(frame, name) if n not in step.stale]
    if new:
        raise DataError(
            f"{new[0]!r} was computed from {name!r} after the step {step.name!r}.",
            variable=new[0],
            value=step.name,
            remedy="switch the step off before you compute it, or select the other variables.",
        )
    values, index = figures(frame, name), frame.table.index
    at = index.get_indexer(pd.MultiIndex.from_tuples(step.cells)) if step.cells else np.array([])
    there = at >= 0
    rows = at[there].astype(np.int64)
    before, after = (np.array(v, dtype=np.float64)[there] for v in (step.before, step.after))
    moved = column.unit != step.former.unit or column.adjustments != step.former.adjustments
    if moved or not np.array_equal(values[rows], after, equal_nan=True):
        raise DataError(
            f"The figures of {name!r} were changed after the step {step.name!r}: other units, "
            "boundaries or values.",
            variable=name,
            value=step.name,
            remedy="switch the step off before that.",
        )
    values[rows] = before
    known = frozenset((k[0], k[1]) for k in index)
    kept = column.with_(filled=step.former.filled & known, steps=step.former.steps)
    return _with(frame, name, values, kept)


def _redone(frame: PanelFrame, step: Step) -> PanelFrame:
    """The step done again, under its old name and number."""
    done = step.redo(frame)
    *before, last = done.columns[step.variable].steps
    kept = replace(last, name=step.name, number=step.number, stale=step.stale)
    return done.describe(step.variable, steps=(*before, kept))
