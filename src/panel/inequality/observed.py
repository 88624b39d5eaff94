"""The values of a variable that are compared, year by year, with what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from panel.core.frame import FloatArray, IntArray, PanelFrame
from panel.core.labels import Label, label_of
from panel.core.sample import Sample
from panel.core.terms import numbers
from panel.core.verb import as_frame
from panel.errors import CalendarError, DataError, NotNumericError
from panel.kernels.groups import recode

Bound = Literal["any", "nonnegative", "positive"]


@dataclass(frozen=True, eq=False)
class Observed:
    """Values of a variable in the rows that have them.

    Parameters
    ----------
    frame : where they are from.
    variable : the expression.
    rows : (n,) positions in the frame.
    x, w : (n,) values and positive weights, one where none were given.
    notes : what was left out, and whether the regions change over the years.
    """

    frame: PanelFrame
    variable: str
    rows: IntArray
    x: FloatArray
    w: FloatArray
    notes: tuple[str, ...]

    @property
    def label(self) -> Label:
        """Readable name of the variable in each language."""
        return label_of(self.variable, self.frame)

    @cached_property
    def units(self) -> IntArray:
        """Number of each row's region (n,) in ``frame.units``."""
        return self.frame.unit_codes[self.rows]

    @cached_property
    def times(self) -> IntArray:
        """Calendar number of each row (n,)."""
        return self.frame.time_numbers[self.rows]

    def years(self) -> Iterator[tuple[Any, IntArray]]:
        """Each year, as the frame writes it, and the positions (m,) of its rows among these."""
        names = self.frame.table.index.get_level_values(1)[self.rows]
        for number in np.unique(self.times):
            at = np.flatnonzero(self.times == number)
            yield names[at[0]], at

    def wide(self) -> tuple[FloatArray, tuple[Any, ...], tuple[Any, ...]]:
        """Values (N, T) of regions that have all years, their names, and the years.

        Raises
        ------
        CalendarError : a region lacks a year, or the calendar has a gap.
        """
        numbers_of = np.unique(self.times)
        codes, n = recode(self.units)
        order = np.argsort(self.units, kind="stable")
        missing = n * len(numbers_of) - len(self.rows)
        gap = np.flatnonzero(np.diff(numbers_of) != 1)
        if missing or len(gap):
            counts = np.bincount(codes, minlength=n)
            short = int(self.units[int(np.argmax(codes == int(np.argmin(counts))))])
            what = f"none has the {self.frame.time} after {numbers_of[gap[0]]}" if len(gap) else ""
            if missing:
                lacking = len(numbers_of) - int(counts.min())
                what = f"{self.frame.units[short]} lacks {lacking} with {self.variable!r}"
            raise CalendarError(
                f"Every {self.frame.unit} must have every {self.frame.time}: {what}.",
                variable=self.variable, value=missing,
                remedy="choose regions and years that are complete, with sample= or frame.rows().",
            )  # fmt: skip
        units = [self.frame.units[u] for u in np.unique(self.units)]
        years = tuple(year for year, _ in self.years())
        return self.x[order].reshape(n, len(numbers_of)), tuple(units), years


def observed(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    *,
    weights: str | None = None,
    sample: str | None = None,
    bound: Bound = "any",
    purpose: str = "",
) -> Observed:
    """The values of an expression, with weights.

    Parameters
    ----------
    variable, weights : expressions of variables of the frame.
    sample : condition that rows must meet.
    bound : whether values may be negative or zero.
    purpose : what a message says cannot be computed otherwise.

    Raises
    ------
    DataError : a value outside the bound, or a variable that is no text.
    EmptySampleError : no row is left.
    UnknownVariableError, NotNumericError, FormulaError : from the expressions.
    """
    frame = as_frame(frame)
    _require_quantity(frame, variable)
    values = numbers(variable, frame)
    keep = Sample(frame)
    if sample is not None:
        keep.restrict(sample)
    keep.figures(variable, values)
    w = np.ones(len(frame))
    if weights is not None:
        w = numbers(weights, frame)
        keep.figures(weights, w)
        keep.positive(weights, w)
    rows = keep.rows()
    x = values[rows]
    low = {"any": np.zeros(0, dtype=bool), "nonnegative": x < 0, "positive": x <= 0}[bound]
    if low.any():
        at = frame.table.index[rows[int(np.argmax(low))]]
        raise DataError(
            f"{variable!r} is {x[low][0]:g} for {at[0]}, {at[1]}, and {purpose} of values that "
            f"are not {bound} is not defined.",
            variable=variable, value=float(x[low][0]),
            remedy="leave such rows out with sample=, or use a measure that takes them.",
        )  # fmt: skip
    notes = [f"{d}." for d in keep.dropped()]
    counts = np.unique(frame.time_numbers[rows], return_counts=True)[1]
    if counts.min() != counts.max():
        notes.append(
            f"The {frame.unit}s are not the same in all {frame.time}s: {counts.min()} to "
            f"{counts.max()} of them."
        )
    return Observed(frame, variable, rows, x, w[rows], tuple(notes))


def _require_quantity(frame: PanelFrame, variable: str) -> None:
    if not isinstance(variable, str):
        raise DataError(
            f"The variable is a {type(variable).__name__}, {variable!r}, not text.",
            variable=str(variable), value=variable, remedy="give one expression.",
        )  # fmt: skip
    if variable in frame and pd.api.types.is_bool_dtype(frame.table[variable].dtype):
        raise NotNumericError(
            f"{variable!r} is true or false, which has no distribution.", variable=variable,
            remedy="use a variable that is measured.",
        )  # fmt: skip


def require_several(at: IntArray, year: Any, data: Observed) -> None:
    """That a year has two regions to compare.

    Raises
    ------
    DataError : it has not.
    """
    if len(at) < 2:
        raise DataError(
            f"{year} has only one {data.frame.unit} with {data.variable!r}.",
            variable=data.variable, value=year,
            remedy=f"leave that {data.frame.time} out, or use a variable with more figures.",
        )  # fmt: skip
