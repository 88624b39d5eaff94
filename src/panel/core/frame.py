"""PanelFrame: a table of regions and years that knows its keys, units and sources."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from panel.core.column import Column, Origin, described
from panel.core.formula import parts_of
from panel.core.grouping import Groups, by_key, by_values
from panel.core.keys import in_order, keyed, not_one_name, numeric_or_text
from panel.core.lineage import Lineage, lineage
from panel.core.summary import html_table
from panel.errors import CalendarError, DataError, NotNumericError, UnknownVariableError, suggest

if TYPE_CHECKING:
    from panel.core.report import PanelReport

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
_SHOWN = 10  # variables in a notebook
IntArray = np.ndarray[Any, np.dtype[np.int64]]
BoolArray = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, eq=False)
class PanelFrame:
    """Region-year panel: one row a region and year, sorted, with what is known of each column.

    Build it with :meth:`from_pandas`, ``panel.load`` or ``panel.assemble`` rather than directly.

    Parameters
    ----------
    table : the figures, indexed by (unit, time); keys unique and sorted.
    unit, time : names of the two keys ("province", "year").
    columns : what is known of each column, by name.
    name : what the panel is called in messages and reports.

    Notes
    -----
    The frame never changes; every verb returns a new one. Lags, leads and differences follow
    the calendar: the lag of 2020 is 2019 or missing, whatever rows stand above it.
    """

    table: pd.DataFrame
    unit: str
    time: str
    columns: Mapping[str, Column] = field(default_factory=dict)
    name: str = "panel"

    def __post_init__(self) -> None:
        for key in (self.unit, self.time):
            if key in self.table.columns:
                raise DataError(
                    f"{key!r} is the name of a key and of a column.",
                    variable=key,
                    remedy="rename the column, or drop it if it repeats the key.",
                )
        known = {str(c): self.columns.get(str(c), Column()) for c in self.table.columns}
        object.__setattr__(self, "columns", MappingProxyType(known))

    @classmethod
    def from_pandas(
        cls,
        df: pd.DataFrame,
        unit: str | None = None,
        time: str | None = None,
        units: Mapping[str, str] | None = None,
        labels: Mapping[str, str | Mapping[str, str]] | None = None,
        origins: Mapping[str, Origin | Sequence[Origin]] | None = None,
        name: str = "panel",
        value_labels: Mapping[str, Mapping[Any, str | Mapping[str, str]]] | None = None,
    ) -> PanelFrame:
        """Panel from a DataFrame.

        Parameters
        ----------
        df : flat, with ``unit`` and ``time`` naming two columns, or with a two-level
            (unit, time) index as linearmodels takes it. It is not changed.
        unit, time : names of the key columns (of the index levels, if left out).
        units : unit of measurement by column, as printed ("亿元").
        labels : label by column, one text or {"en": ..., "zh": ..., "ru": ...}.
        origins : publication(s) by column.
        name : what to call the panel in messages.
        value_labels : label by value by column, ``{"zone": {"East": {"zh": "东部"}}}``; one text
            is English.

        Raises
        ------
        DuplicateKeyError, MissingKeyError : keys that do not identify rows.
        CalendarError : times that are neither whole numbers nor dates nor periods.
        NotNumericError : text among the numbers of a column.
        UnknownVariableError : a unit, label or origin for a column that is not there.
        """
        table, unit, time = keyed(df, unit, time)
        plain = [isinstance(t, np.dtype) and t.kind in "biuf" for t in table.dtypes]
        if not all(plain):
            others = table.columns[~np.array(plain, dtype=bool)]
            table = table.assign(**{str(c): numeric_or_text(table[c]) for c in others})
        columns = described(
            list(table.columns), units or {}, labels or {}, origins or {}, value_labels or {}
        )
        return cls(table, unit, time, columns, name)

    # ---- reading -----------------------------------------------------------------------

    @property
    def data(self) -> pd.DataFrame:
        """The figures as a DataFrame of one's own: changing it does not change the frame."""
        return self.table.copy()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the variables."""
        return tuple(self.columns)

    @cached_property
    def units(self) -> tuple[Hashable, ...]:
        """The regions, sorted."""
        return self.groups(self.unit)[1]

    @cached_property
    def times(self) -> tuple[Any, ...]:
        """The years that occur, sorted."""
        return self.groups(self.time)[1]

    @cached_property
    def unit_codes(self) -> IntArray:
        """Position of each row's region in :attr:`units` (n,), ascending."""
        return self.groups(self.unit)[0]

    @cached_property
    def time_numbers(self) -> IntArray:
        """Calendar number of each row (n,): the year itself, or the period's ordinal."""
        values = self.table.index.get_level_values(1)
        if isinstance(values, pd.PeriodIndex):
            return values.asi8
        return values.to_numpy(dtype=np.int64)

    @cached_property
    def fingerprint(self) -> str:
        """sha256 of keys and figures: the same data give the same text on any machine."""
        digest = hashlib.sha256()
        for column in (self.table.index.to_frame(index=False), self.table):
            digest.update("\x1f".join(map(str, column.columns)).encode())
            hashed = pd.util.hash_pandas_object(column, index=False)
            digest.update(hashed.to_numpy(dtype="<u8").tobytes())
        return digest.hexdigest()

    def __len__(self) -> int:
        return len(self.table)

    def __contains__(self, name: object) -> bool:
        return name in self.columns

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __getitem__(self, name: str) -> pd.Series:
        """One variable as a Series indexed by (unit, time).

        The two keys are variables too, so that "year" can be a fixed effect or a regressor.

        Raises
        ------
        UnknownVariableError : no column and no key has that name. DataError : not one name.
        """
        if not isinstance(name, str) and np.ndim(name):
            raise not_one_name(name)
        if name in self.columns:
            return self.table[name]  # pandas copies it when it is written to
        if name in (self.unit, self.time):
            level = self.table.index.get_level_values(name)
            return pd.Series(level, index=self.table.index, name=name)
        raise UnknownVariableError(
            f"Variable {name!r} is not in the frame {self.name!r}.",
            variable=name,
            value=name,
            remedy=suggest(name, [*self.columns, self.unit, self.time]),
        )

    @cached_property
    def _arrays(self) -> dict[str, Any]:
        return {}

    def array(self, name: str) -> np.ndarray[Any, Any]:
        """A variable or key as a read-only array (n,): float64, or object where it is text.

        Raises
        ------
        UnknownVariableError, DataError : as for indexing.
        """
        if not isinstance(name, str) or name not in self._arrays:
            series = self[name]
            if name == self.time and isinstance(series.dtype, pd.PeriodDtype):
                values = self.time_numbers.astype(np.float64)
            elif pd.api.types.is_numeric_dtype(series.dtype):
                values = series.to_numpy(dtype=np.float64)
            else:
                values = series.to_numpy(dtype=object)
            values.flags.writeable = False
            self._arrays[name] = values
        return self._arrays[name]  # type: ignore[no-any-return]

    @cached_property
    def _groups(self) -> dict[str, Groups]:
        return {}

    def groups(self, name: str) -> tuple[IntArray, tuple[Any, ...]]:
        """Group numbers (n,) of a variable, key or combination ``a^b``, and what they stand for.

        Numbers follow the order of keys, and the first appearance of other values; -1 marks a
        missing value.
        """
        found = self._grouped(name)
        return found.codes, found.levels

    def group_sizes(self, name: str) -> IntArray:
        """Number of rows (G,) of each group of :meth:`groups`."""
        return self._grouped(name).sizes

    def _grouped(self, name: str) -> Groups:
        if name not in self._groups:
            keys = (self.unit, self.time)
            index = cast(pd.MultiIndex, self.table.index)
            self._groups[name] = (
                by_key(index, keys.index(name))
                if name in keys
                else by_values([self[p] for p in parts_of(name)])
            )
        return self._groups[name]

    def label(self, name: str, language: str = "en") -> str:
        """Label of a variable in that language; its name where there is none."""
        return self.columns[name].label_in(language) or name if name in self.columns else name

    def origin(self, name: str, unit: Hashable = None, time: Any = None) -> Lineage:
        """Where a variable, or one cell of it, comes from: files, columns, publishers, formula.

        Raises
        ------
        UnknownVariableError : no such variable.
        DataError : no such region or year.
        """
        self[name]
        return lineage(self, name, unit, time)

    def report(self, language: str = "en") -> PanelReport:
        """Balance, gaps, missing figures by variable and year, filled cells; with a picture."""
        from panel.core.report import report

        return report(self, language)

    @property
    def steps(self) -> pd.DataFrame:
        """Steps of cleaning in their order: variable, cells, text, settings, not_recomputed."""
        from panel.core.steps import steps_table

        return steps_table(self)

    # ---- making new frames -------------------------------------------------------------

    def select(self, names: Iterable[str]) -> PanelFrame:
        """The same rows with only those variables."""
        chosen = [names] if isinstance(names, str) else list(names)
        for name in chosen:
            if not isinstance(name, str) or name not in self.columns:
                self[name]  # raises with suggestions
                raise UnknownVariableError(
                    f"{name!r} is a key of the panel, not a variable.",
                    variable=name,
                    remedy="leave it out: the keys are always kept.",
                )
        return self._with(self.table[chosen])

    def rows(
        self, keep: str | Callable[[pd.DataFrame], Any] | Sequence[bool] | BoolArray | pd.Series
    ) -> PanelFrame:
        """Only the rows for which ``keep`` holds.

        Parameters
        ----------
        keep : a condition as of a formula's sample, ``"year >= 2012 & zone == 'East'"``; a boolean
            mask (n,), a Series aligned by its (unit, time) index; or a function of the table with
            the keys as columns, ``lambda t: t.year >= 2012``.
        """
        if isinstance(keep, str):
            from panel.core.terms import condition

            keep = condition(keep, self)
        chosen = np.asarray(in_order(keep, self.table, "keep"))
        if chosen.dtype != bool or chosen.shape != (len(self),):
            raise DataError(
                f"The row mask has type {chosen.dtype} and shape {chosen.shape}.",
                variable="keep",
                remedy=f"give {len(self)} True/False values, one a row of the frame.",
            )
        return self._with(self.table[chosen])

    def assign(
        self,
        **variables: Callable[[pd.DataFrame], Any] | pd.Series | Sequence[Any] | FloatArray,
    ) -> PanelFrame:
        """New frame with further variables; a Series is aligned by its (unit, time) index.

        A function is given the table with the keys as columns and the variables before it:
        ``assign(ratio=lambda t: t.gdp / t.population)``. Metadata of a replaced column is dropped:
        describe it again with :meth:`describe`.
        """
        new: dict[str, pd.Series] = {}
        for name, values in variables.items():
            table = self.table.assign(**new) if callable(values) else self.table
            found = np.asarray(in_order(values, table, name))
            new[name] = numeric_or_text(pd.Series(found, index=table.index, name=name))
        table = self.table.assign(**new)
        columns = {k: v for k, v in self.columns.items() if k not in variables}
        return PanelFrame(table, self.unit, self.time, columns, self.name)

    def describe(self, name: str, **changes: Any) -> PanelFrame:
        """New frame with metadata of one column changed (unit, labels, note, ...)."""
        self.select([name])
        columns = dict(self.columns) | {name: self.columns[name].with_(**changes)}
        return PanelFrame(self.table, self.unit, self.time, columns, self.name)

    def without_step(self, name: str) -> PanelFrame:
        """New frame as if a step of cleaning had not been taken; later ones are done again.

        Raises
        ------
        DataError : no such step, or one that cannot be taken back any more.
        """
        from panel.core.steps import without_step

        return without_step(self, name)

    def __getstate__(self) -> dict[str, Any]:  # what is cached is not pickled
        return {k: getattr(self, k) for k in self.__dataclass_fields__} | {
            "columns": dict(self.columns)
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state | {"columns": MappingProxyType(state["columns"])})

    def _with(self, table: pd.DataFrame) -> PanelFrame:
        return PanelFrame(table, self.unit, self.time, self.columns, self.name)

    # ---- calendar ----------------------------------------------------------------------

    def shifted(self, values: FloatArray, periods: int) -> FloatArray:
        """``values`` (n,) of the same region ``periods`` years earlier; NaN where there is no row.

        Source: the lag operator L^k of time-series notation, by calendar rather than row order.
        """
        key, times = self._row_keys, self.time_numbers
        if not len(key) or abs(periods) > int(times.max() - times.min()):
            return np.full(len(key), np.nan)
        wanted = key - periods
        at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
        found = key[at] == wanted
        return np.where(found, np.asarray(values, dtype=float)[at], np.nan)

    @cached_property
    def _row_keys(self) -> IntArray:
        """One ascending number a row; a year apart is one apart, and regions never touch."""
        time = self.time_numbers
        span = int(time.max() - time.min()) + 1 if len(time) else 1
        # Two spans of room: a shift by less than one span cannot reach another region's years.
        return self.unit_codes * 2 * span + (time - time.min() if len(time) else time)

    def _checked_shift(self, name: str, periods: int) -> pd.Series:
        if isinstance(periods, bool) or not isinstance(periods, (int, np.integer)):
            raise CalendarError(
                f"A lag must be a whole number of periods, not {periods!r}.",
                variable=name,
                value=periods,
                remedy="write 1 for last year.",
            )
        if (values := self.array(name)).dtype == object:
            raise NotNumericError(
                f"Variable {name!r} holds no numbers.", variable=name, remedy="lag numbers."
            )
        return pd.Series(self.shifted(values, int(periods)), index=self.table.index, name=name)

    def lag(self, name: str, periods: int = 1) -> pd.Series:
        """Last year's value (``periods`` years ago) of the same region."""
        return self._checked_shift(name, periods)

    def lead(self, name: str, periods: int = 1) -> pd.Series:
        """Next year's value (``periods`` years ahead) of the same region."""
        return self._checked_shift(name, -periods)

    def diff(self, name: str, periods: int = 1) -> pd.Series:
        """Change against ``periods`` years ago."""
        lagged = self.lag(name, periods)
        return pd.Series(self.array(name) - lagged.to_numpy(), lagged.index, name=name)

    # ---- showing -----------------------------------------------------------------------

    def __repr__(self) -> str:
        span = f"{self.times[0]}-{self.times[-1]}" if self.times else "no years"
        return (
            f"PanelFrame({self.name!r}: {len(self.units)} x {self.unit}, {span}, "
            f"{len(self)} rows, {len(self.columns)} variables)"
        )

    def _repr_html_(self) -> str:
        shown = self.table.iloc[:8, :_SHOWN]
        head = html_table(shown, na_rep="", float_format=lambda v: f"{v:,.6g}")
        more = ", ".join(self.names[_SHOWN:])
        rest = f"<p>and {escape(more)}</p>" if more else ""
        return f"<div><b>{escape(repr(self))}</b>{head}{rest}</div>"
