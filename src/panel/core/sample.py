"""Which rows of a frame a model uses, with a reason for every row it does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from panel.core.expansion import SHIFTS
from panel.core.expression import Call, parse_expression, walk
from panel.core.formula import slope_of
from panel.core.frame import FloatArray, IntArray, PanelFrame
from panel.core.terms import condition, variables_of
from panel.core.wording import sentence, spelled
from panel.errors import DataError, EmptySampleError

BoolArray = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Dropped:
    """Something left out of a model.

    Parameters
    ----------
    kind : why, as a key of ``core.wording``: "missing", "singleton", "collinear" ...
    rows : number of rows (0 for a column).
    column : name of a regressor left out (empty for rows).
    example : (unit, time) of the first row.
    units : the regions concerned.
    fields : what the reason names, for instance (("term", "log(gdp)"),).
    """

    kind: str
    rows: int = 0
    column: str = ""
    example: tuple[Any, Any] | None = None
    units: tuple[Any, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def reason(self) -> str:
        """Why, in English."""
        return sentence(self.kind, **dict(self.fields))

    def said(
        self,
        language: str = "en",
        label: Callable[[str], str] = str,
        region: Callable[[Any], str] = str,
    ) -> str:
        """The whole sentence in a language, without its full stop.

        Parameters
        ----------
        label, region : how variables and regions are called.
        """
        reason = sentence(self.kind, language, **spelled(self.fields, label))
        if self.column:
            return sentence("column", language, term=label(self.column), reason=reason)
        rows = "row" if self.rows == 1 else "rows"
        said = sentence(rows, language, rows=self.rows, reason=reason)
        if where := self._where(language, region):
            said += sentence("where", language, text=where)
        return said

    def _where(self, language: str, region: Callable[[Any], str]) -> str:
        if 0 < len(self.units) <= 4:
            return sentence("and", language).join(map(region, self.units))
        if self.example is None:
            return ""
        unit, time = self.example
        return sentence("regions", language, n=len(self.units), unit=region(unit), time=time)

    def __str__(self) -> str:
        return self.said()


def all_rows(rows: IntArray, n: int) -> bool:
    """Whether ascending positions ``rows`` are those of all n rows, once each.

    Rows that count several times may be as many, and still not all of them.
    """
    return len(rows) == n and bool((rows[1:] > rows[:-1]).all())


@dataclass(eq=False)
class Sample:
    """Rows that are still in; each verb takes some out and notes why.

    The order of the verbs is the order of the reasons: a row is counted once, under the first
    reason that takes it out.
    """

    frame: PanelFrame
    notes: list[Dropped] = field(default_factory=list)
    keep: BoolArray = field(init=False)

    def __post_init__(self) -> None:
        self.keep = np.ones(len(self.frame), dtype=bool)

    def _out(self, bad: BoolArray, kind: str, **fields: str) -> None:
        gone = self.keep & bad
        if not bool(gone.any()):
            return
        index = self.frame.table.index[gone]
        units = tuple(index.get_level_values(0).unique())
        first = (index[0][0], index[0][1])
        named = tuple(fields.items())
        self.notes.append(Dropped(kind, int(gone.sum()), "", first, units, named))
        self.keep &= ~bad

    def restrict(self, text: str) -> None:
        """Only rows that meet the condition."""
        self._out(~condition(text, self.frame), "sample", text=text)

    def figures(self, text: str, values: FloatArray) -> None:
        """Only rows where ``values`` (n,) of the expression ``text`` are finite numbers."""
        # A sum of squares is finite only where every number is, and takes no memory; numbers so
        # large that it is not are looked at one by one.
        with np.errstate(all="ignore"):
            total = values @ values
        if np.isfinite(total) or bool(np.isfinite(values).all()):
            return
        calls = [n.function for n in walk(parse_expression(text)) if isinstance(n, Call)]
        with_shift = not {*SHIFTS, "D"}.isdisjoint(calls)
        for name in sorted(variables_of(text)):
            # A figure that is missing this year may still have a lag, and the other way round.
            self._out(pd.isna(self.frame.array(name)) & np.isnan(values), "missing", term=name)
        self._out(np.isinf(values), "infinite", term=text)
        why = "no such year" if with_shift else "not a number"
        self._out(np.isnan(values), why, term=text)

    def positive(self, text: str, values: FloatArray) -> None:
        """Only rows of positive weight.

        Raises
        ------
        DataError : a weight is negative.
        """
        negative = np.flatnonzero(self.keep & (values < 0))
        if len(negative):
            first, (unit, time) = float(values[negative[0]]), self.frame.table.index[negative[0]]
            raise DataError(
                f"The weight {text} is negative in {len(negative)} of the rows, first {first:g} at "
                f"{unit}, {time}.",
                variable=text,
                value=first,
                remedy=f'correct it, or leave those rows out: sample="{text} >= 0".',
            )
        self._out(values == 0, "weight", term=text)

    def grouped(self, name: str, codes: IntArray) -> None:
        """Only rows whose group is known (codes -1 where it is not)."""
        if codes.min(initial=0) < 0:
            self._out(codes < 0, "missing", term=name)

    def singletons(self, effects: Mapping[str, IntArray], counts: FloatArray | None = None) -> None:
        """No group of one row, again and again until none is left.

        Parameters
        ----------
        counts : for how many rows each row (n,) stands; one that stands for several is not alone.
        """
        single = np.ones(len(self.keep), dtype=bool) if counts is None else counts == 1
        while True:
            every = bool(self.keep.all())
            alone = np.zeros(len(self.keep), dtype=bool)
            for name, codes in effects.items():
                groups = self.frame.group_sizes(slope_of(name)[0])
                sizes = groups if every else np.bincount(codes[self.keep], minlength=len(groups))
                if bool((sizes == 1).any()):
                    alone |= self.keep & single & (sizes[np.maximum(codes, 0)] == 1)
            if not bool(alone.any()):
                return
            self._out(alone, "singleton")

    def rows(self) -> IntArray:
        """Positions (n,) of the rows that are left.

        Raises
        ------
        EmptySampleError : none is.
        """
        if not bool(self.keep.any()):
            reasons = "; ".join(map(str, self.notes)) or "the frame has no rows"
            raise EmptySampleError(
                f"No row is left to estimate from: {reasons}.",
                variable="sample",
                remedy="widen the sample, leave out the variable that is missing most, or use "
                "coarser fixed effects.",
            )
        return np.flatnonzero(self.keep)

    def dropped(self) -> tuple[Dropped, ...]:
        """The reasons so far; equal ones are added up."""
        merged: dict[str, Dropped] = {}
        for note in self.notes:
            before = merged.get(note.reason)
            if before is not None:
                units = tuple(dict.fromkeys((*before.units, *note.units)))
                note = replace(before, rows=before.rows + note.rows, units=units)
            merged[note.reason] = note
        return tuple(merged.values())
