"""What a panel looks like before the first regression: balance, gaps, missing figures."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from panel.core.column import LANGUAGES
from panel.core.headings import headed
from panel.core.labels import value_label
from panel.core.lineage import worded
from panel.core.report_words import HEADINGS, words
from panel.core.summary import html_table
from panel.core.unit_words import unit_words

if TYPE_CHECKING:
    from panel.core.frame import PanelFrame

# Colours of the status picture: blue and orange keep apart for colour-blind readers and in grey.
_STATUS = {"complete": "#0072b2", "partly missing": "#e69f00", "no row": "#e5e5e5"}
_MARKS = {"complete": "#", "partly missing": "+", "no row": "."}


@dataclass(frozen=True)
class PanelReport:
    """Balance of a panel.

    Parameters
    ----------
    name, n_rows, n_units, n_times : the panel and its size.
    balanced : every region has a row for every year from first to last.
    gaps : rows missing inside a region's own span, as (region, year).
    variables : one row a variable: label, unit, figures, missing, filled, infinite (cells
        that hold an infinite number, which models leave out), min, max, first, last.
    missing : cells without a figure by variable (rows) and year (columns).
    status : by region (rows) and year (columns): complete, partly missing, no row.
    adjustments : what was done when regions were brought to other boundaries, and in cleaning, one
        row a variable and step: variable, cells, step.
    regions : what the regions are called, in the order of ``status``.
    language : "en", "zh" or "ru": of labels, steps and regions, and of what is shown. The tables
        have their names in English; :meth:`labelled` has them in the language.
    """

    name: str
    n_rows: int
    n_units: int
    n_times: int
    balanced: bool
    gaps: tuple[tuple[object, object], ...]
    variables: pd.DataFrame
    missing: pd.DataFrame
    status: pd.DataFrame
    adjustments: pd.DataFrame
    regions: tuple[str, ...]
    language: str = "en"

    @property
    def duplicates(self) -> int:
        """Always 0: a PanelFrame with a key twice cannot be built."""
        return 0

    def labelled(self) -> pd.DataFrame:
        """:attr:`variables` with headings and units in the language."""
        units = [unit_words(unit, self.language) for unit in self.variables["unit"]]
        return headed(self.variables.assign(unit=units), HEADINGS, self.language)

    def _said(self, key: str, **parts: Any) -> str:
        return words(key, self.language, **parts)

    def _size(self, by: str) -> str:
        kind = self._said("balanced" if self.balanced else "unbalanced")
        return self._said(
            "size", units=self.n_units, times=self.n_times, rows=self.n_rows, kind=kind, by=by
        )

    def __str__(self) -> str:
        gaps = self._said("gaps", n=len(self.gaps))
        if self.gaps:
            region, year = self.gaps[0]
            name = self.regions[self.status.index.get_loc(region)]
            gaps += self._said("first gap", region=name, year=year)
        marks = ", ".join(f"{mark} {self._said(status)}" for status, mark in _MARKS.items())
        width = max(map(_columns, self.regions), default=0)
        with pd.option_context("display.unicode.east_asian_width", True):
            lines = [
                self._said("named", name=self.name, text=self._size("x")),
                gaps, self._said("duplicates"), "", self.labelled().to_string(), "",
                f"{self._said('status')} ({marks})",
            ]  # fmt: skip
            for name, row in zip(self.regions, self.status.to_numpy(), strict=True):
                space = " " * (width - _columns(name))
                lines.append(f"{name}{space} {''.join(_MARKS[s] for s in row)}")
            if len(self.adjustments):
                done = self._adjusted().to_string(index=False)
                lines += ["", self._said("adjustments"), done]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        table = html_table(self.labelled(), na_rep="", float_format=lambda v: f"{v:,.6g}")
        size = self._said("named", name=f"<b>{escape(self.name)}</b>", text=self._size("×"))
        gaps, twice = self._said("gaps", n=len(self.gaps)), self._said("duplicates")
        done = self._adjusted().to_html(border=0, index=False) if len(self.adjustments) else ""
        return f"<div><p>{size}; {gaps}; {twice}</p>{self.status_svg()}{table}{done}</div>"

    def _adjusted(self) -> pd.DataFrame:
        return headed(self.adjustments, HEADINGS, self.language)

    def status_svg(self) -> str:
        """The status picture (one tile a region and year) as SVG text."""
        cell, top, legend = 14, 30, 30 + 6 * max(_columns(self._said(s)) for s in _STATUS)
        rows, columns = self.status.shape
        left = max(90, 12 + 6 * max(map(_columns, self.regions), default=0))
        width = left + max(cell * columns + 10, legend * len(_STATUS))  # the legend may be wider
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
            f'height="{top + cell * rows + 24}" font-family="sans-serif" font-size="10" role="img" '
            f'fill="currentColor"><title>{self._said("picture")}</title>'
        ]
        step = max(2, columns // 10)  # a year is wider than a tile
        for j, time in enumerate(self.status.columns):
            if j % step == 0:
                parts.append(
                    f'<text x="{left + cell * j}" y="{top - 6}">{escape(str(time))}</text>'
                )
        for i, (name, row) in enumerate(zip(self.regions, self.status.to_numpy(), strict=True)):
            y = top + cell * i
            parts.append(
                f'<text x="{left - 6}" y="{y + 10}" text-anchor="end">{escape(name)}</text>'
            )
            for j, status in enumerate(row):
                year, found = self.status.columns[j], self._said(status)
                title = self._said("cell", region=name, year=year, status=found)
                parts.append(
                    f'<rect x="{left + cell * j}" y="{y}" width="{cell - 1}" height="{cell - 1}" '
                    f'fill="{_STATUS[status]}"><title>{escape(title)}</title></rect>'
                )
        y = top + cell * rows + 8
        for k, (status, colour) in enumerate(_STATUS.items()):
            parts.append(
                f'<rect x="{left + legend * k}" y="{y}" width="10" height="10" fill="{colour}"/>'
                f'<text x="{left + legend * k + 14}" y="{y + 9}">{self._said(status)}</text>'
            )
        return "".join(parts) + "</svg>"


def _columns(text: str) -> int:
    """Columns of a terminal that a text takes: Chinese letters take two."""
    return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def report(frame: PanelFrame, language: str = "en") -> PanelReport:
    """Report of a frame: see :class:`PanelReport`.

    Raises
    ------
    DataError : another language.
    """
    words("status", language)
    table, times = frame.table, frame.times
    present = pd.DataFrame(False, index=list(frame.units), columns=list(times))
    units, years = (table.index.get_level_values(i) for i in (0, 1))
    row, col = present.index.get_indexer(units), present.columns.get_indexer(years)
    full = np.zeros(present.shape, dtype=int)  # 0 no row, 1 partly missing, 2 complete
    full[row, col] = 1 + table.notna().all(axis=1).to_numpy(dtype=int)
    status = pd.DataFrame(
        np.array(["no row", "partly missing", "complete"])[full],
        index=present.index,
        columns=present.columns,
    )
    missing = table.isna().groupby(years).sum().T.reindex(columns=list(times))
    return PanelReport(
        name=frame.name,
        n_rows=len(frame),
        n_units=len(frame.units),
        n_times=len(times),
        balanced=bool((full > 0).all()) and not _skipped(frame),
        gaps=_gaps(frame),
        variables=_variables(frame, language),
        missing=missing,
        status=status,
        adjustments=_adjustments(frame, language),
        regions=tuple(value_label(u, frame.unit, frame, language) for u in frame.units),
        language=language,
    )


def _adjustments(frame: PanelFrame, language: str) -> pd.DataFrame:
    at = LANGUAGES.index(language)
    steps = [
        (name, len(step.keys), worded(frame, step)[at])
        for name, column in frame.columns.items()
        for step in column.record
    ]
    return pd.DataFrame(steps, columns=["variable", "cells", "step"])


def _skipped(frame: PanelFrame) -> bool:
    """Whether the calendar itself has holes that no region fills."""
    numbers = np.unique(frame.time_numbers)
    return len(numbers) > 1 and int(numbers[-1] - numbers[0]) + 1 != len(numbers)


def _gaps(frame: PanelFrame) -> tuple[tuple[object, object], ...]:
    keys = frame.table.index
    units, times = keys.get_level_values(0), keys.get_level_values(1).tolist()
    numbers = np.asarray(frame.time_numbers)
    # Rows are sorted by region and year: a gap is a step of more than one within a region.
    steps = np.flatnonzero((units[1:] == units[:-1]) & (np.diff(numbers) > 1))
    return tuple(
        (units[i], times[i] + k)
        for i in steps.tolist()
        for k in range(1, int(numbers[i + 1] - numbers[i]))
    )


def _variables(frame: PanelFrame, language: str) -> pd.DataFrame:
    rows = {}
    years = frame.table.index.get_level_values(1)
    for name, column in frame.columns.items():
        values = frame.table[name]
        there = values.notna().to_numpy()
        number = pd.api.types.is_numeric_dtype(values.dtype)
        rows[name] = {
            "label": column.label_in(language),
            "unit": column.unit,
            "figures": int(there.sum()) - len(column.filled),
            "missing": int((~there).sum()),
            "filled": len(column.filled),
            "infinite": int(np.isinf(values.to_numpy(float, na_value=np.nan)).sum())
            if number
            else 0,
            "min": float(values.min()) if number and there.any() else np.nan,
            "max": float(values.max()) if number and there.any() else np.nan,
            "first": years[there].min() if there.any() else None,
            "last": years[there].max() if there.any() else None,
        }
    return pd.DataFrame.from_dict(rows, orient="index")
