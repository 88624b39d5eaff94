"""Design: the numbers a model is estimated on, and the reason for everything left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from panel.core.absorber import Absorber
from panel.core.formula import Spec, parts_of
from panel.core.frame import FloatArray, IntArray, PanelFrame
from panel.core.rank import ZERO
from panel.core.sample import Dropped, all_rows
from panel.core.terms import Columns, columns_of, variables_of
from panel.errors import FormulaError, VcovError
from panel.kernels.groups import compact
from panel.kernels.lstsq import gram

Array = TypeVar("Array", FloatArray, IntArray)
# What an estimator makes of the columns (n,) of a formula's terms before it uses them.
Derive = Callable[[PanelFrame, Columns], Columns]


@dataclass(frozen=True, eq=False)
class Design:
    """Outcome, regressors and fixed effects of n observations; finite and of full rank.

    Parameters
    ----------
    spec : the model.
    frame : the data it was built from.
    rows : positions in the frame of the rows used, (n,) unless observations are several; one that
        counts several times (frequency weights) stands several times.
    names : of the k regressors.
    y, columns : the outcome (n,) and the k regressors, each (n,), as in the formula; :attr:`X` has
        them side by side.
    w : (n,) weights or None.
    absorber : the fixed effects or None.
    y_within, X_within : what least squares runs on: y and X with the fixed effects taken out (or
        quasi-demeaned, for random effects); y and X themselves without any.
    dropped : what was left out of rows and columns, and why.
    derive : what was made of the formula's columns (changes, added means); None for nothing.
    observations : the observation 0..n-1 of each row used, where several rows are one: the means of
        a region over its years, the group of a conditional logit. None where every row is one.
    endogenous, instruments : names of the endogenous regressors among ``names`` and of the l
        excluded instruments.
    Z, Z_within : the instruments (n, l), as X and X_within; None for a model without.
    """

    spec: Spec
    frame: PanelFrame
    rows: IntArray
    names: tuple[str, ...]
    y: FloatArray
    columns: tuple[FloatArray, ...] = field(repr=False)
    w: FloatArray | None
    absorber: Absorber | None
    y_within: FloatArray = field(repr=False)
    X_within: FloatArray = field(repr=False)
    dropped: tuple[Dropped, ...] = ()
    derive: Derive | None = field(default=None, repr=False)
    observations: IntArray | None = field(default=None, repr=False)
    endogenous: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    Z: FloatArray | None = field(default=None, repr=False)
    Z_within: FloatArray | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        within = (self.y_within, self.X_within, self.Z_within)
        for array in (self.rows, self.y, *self.columns, self.Z, self.w, *within):
            if array is not None:
                array.flags.writeable = False

    def __getstate__(self) -> dict[str, Any]:  # what is cached is not pickled
        return {k: getattr(self, k) for k in self.__dataclass_fields__}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()  # unpickled arrays can be written to

    @cached_property
    def X(self) -> FloatArray:  # noqa: N802 - matrices keep their capital letters
        """The regressors (n, k) as in the formula."""
        x = np.empty((self.n, len(self.columns)))
        for j, column in enumerate(self.columns):
            x[:, j] = column
        x.flags.writeable = False
        return x

    def reduced(self, also: Iterable[str] = ()) -> Design:
        """The same design with a frame of only the variables it reads, and those of ``also``."""
        others = (v for name in also for v in parts_of(name))
        used = dict.fromkeys([*self.variables, *others])
        return replace(self, frame=self.frame.select([v for v in used if v in self.frame]))

    @property
    def transformed(self) -> bool:
        """Whether least squares runs on other columns than those of the formula, without fixed
        effects: quasi-demeaned (random effects) or whitened ones."""
        if self.absorber is not None:
            return False
        pairs = zip(self.columns, self.X_within.T, strict=True)
        return not all(np.array_equal(a, b) for a, b in pairs)

    @cached_property
    def products(self) -> FloatArray:
        """``X'WX`` (k, k) of the columns that least squares runs on."""
        return gram(self.X_within, self.w)

    @cached_property
    def _every(self) -> bool:
        return all_rows(self.rows, len(self.frame))

    def at_rows(self, values: Array) -> Array:
        """``values`` of the frame's rows at the rows used."""
        return values if self._every else values[self.rows]

    @property
    def n(self) -> int:
        """Observations: rows used, or means of them."""
        return len(self.y)

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """Names of all variables the model reads, in the order of the formula."""
        spec = self.spec
        texts = [spec.y, *spec.terms, *spec.endogenous, *spec.instruments]
        texts += [spec.weights or "0", spec.sample or "0"]
        found = {v: None for t in texts for v in sorted(variables_of(t))}
        return tuple(found | {v: None for a in spec.absorb for v in sorted(variables_of(a))})

    @property
    def index(self) -> pd.Index[Any]:
        """(unit, time) of the rows used; the unit alone where observations are several rows."""
        index = self.frame.table.index[self.rows]
        if self.observations is None:
            return index
        return index.get_level_values(0)[_first_rows(self.observations)]

    @property
    def time_numbers(self) -> IntArray:
        """Calendar number (n,) of each observation.

        Raises
        ------
        VcovError : observations are of all years of a region or group at once.
        """
        if self.observations is not None:
            raise VcovError(
                f"Each observation is of several {self.frame.time}s, a region's means or a group's "
                "rows, and has no calendar.",
                variable=self.frame.time,
                remedy="use a covariance across observations: hetero(), or cluster() by a variable "
                "that is the same in all rows of each.",
            )
        return self.frame.time_numbers[self.rows]

    def by_row(self, values: FloatArray) -> FloatArray:
        """Values (n,) of the observations for each row used."""
        return values if self.observations is None else values[self.observations]

    def filled(self, name: str) -> int:
        """Number of rows used that read an interpolated figure of a variable, also by a lag."""
        cells = self.frame.columns[name].filled
        if not cells:
            return 0
        marked = self.frame.table.index.isin(list(cells))
        blank = self.frame.assign(**{name: self.frame[name].mask(marked)})
        spec = self.spec
        texts = {spec.y, *spec.terms, *spec.endogenous, *spec.instruments, spec.weights or "0"}
        rests = np.zeros(len(self.frame), dtype=bool)
        for text in texts:
            if name not in variables_of(text):
                continue
            before, after = columns_of(text, self.frame), columns_of(text, blank)
            if self.derive is not None and text != spec.weights:
                before, after = self.derive(self.frame, before), self.derive(blank, after)
            for key in before.keys() & after.keys():
                rests |= np.isnan(after[key]) & ~np.isnan(before[key])
        return int(rests[self.rows].sum())

    def column(self, name: str) -> pd.Series:
        """A variable of the frame at the rows used."""
        return self.frame[name].iloc[self.rows]

    def groups(self, name: str) -> IntArray:
        """Group numbers (n,) of a variable, or of several combined with ``^``, for clustering.

        Raises
        ------
        UnknownVariableError : not in the frame.
        VcovError : missing for a row used, or not one group an observation.
        """
        codes = self.at_rows(self.frame.groups(name)[0])
        if codes.min(initial=0) < 0:
            at = self.frame.table.index[self.rows[np.argmax(codes < 0)]]
            raise VcovError(
                f"{name!r} is missing for {int((codes < 0).sum())} of the rows used, first "
                f"{at[0]}, {at[1]}.",
                variable=name,
                remedy="give the covariance when estimating, so that those rows are left out, "
                "or complete the variable.",
            )
        if self.observations is not None:
            first = codes[_first_rows(self.observations)]
            if bool((changed := codes != first[self.observations]).any()):
                unit = self.frame.table.index[self.rows[np.argmax(changed)]][0]
                raise VcovError(
                    f"{name!r} is not the same in all rows of the observation that holds {unit}.",
                    variable=name,
                    value=unit,
                    remedy="cluster by a variable that does not change over time.",
                )
            codes = first
        return codes if self._every else compact(codes, int(codes.max(initial=0)) + 1)[0]

    def matrix(self, frame: PanelFrame) -> FloatArray:
        """Regressors (n, k) of this design for the rows of another frame.

        A dummy that the other frame does not know is 0; where a category was not met in
        estimation, the row is missing.
        """
        columns: Columns = {}
        for term in (*self.spec.terms, *self.spec.endogenous):
            columns |= columns_of(term, frame, new=True)
        if self.derive is not None:
            columns = self.derive(frame, columns)
        columns["(Intercept)"] = np.ones(len(frame))
        absent = [n for n in self.names if n not in columns and "::" not in n]
        if absent:
            raise FormulaError(
                f"The new data do not give {absent[0]!r}.", variable=absent[0],
                remedy="they need the variables of the formula.",
            )  # fmt: skip
        known = {*self.names, *(d.column for d in self.dropped if d.kind != ZERO)}
        strange = [v for n, v in columns.items() if "::" in n and n not in known]
        start = np.where(np.any(strange, axis=0), np.nan, 0.0) if strange else np.zeros(len(frame))
        none = np.empty((len(frame), 0))  # of a model of fixed effects alone
        return np.column_stack([none, *(columns.get(n, 0.0) + start for n in self.names)])


def _first_rows(observations: IntArray) -> IntArray:
    """Position (n,) among the rows used of each observation's first row."""
    return np.unique(observations, return_index=True)[1].astype(np.int64)
