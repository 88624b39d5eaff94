"""What a panel looks like before the first regression: balance, gaps, missing figures."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from panel.core.summary import html_table

if TYPE_CHECKING:
    from panel.core.frame import PanelFrame

# Colours of the status picture: blue and orange keep apart for colour-blind readers and in grey.
_STATUS = {"complete": "#0072b2", "partly missing": "#e69f00", "no row": "#e5e5e5"}


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

    @property
    def duplicates(self) -> int:
        """Always 0: a PanelFrame with a key twice cannot be built."""
        return 0

    def __str__(self) -> str:
        kind = "balanced" if self.balanced else "unbalanced"
        lines = [
            f"{self.name}: {self.n_units} regions x {self.n_times} years, {self.n_rows} rows, "
            + kind,
            f"gaps inside a region's span: {len(self.gaps)}"
            + (f" (first: {self.gaps[0][0]}, {self.gaps[0][1]})" if self.gaps else ""),
            "duplicate keys: 0",
            "",
            self.variables.to_string(),
            "",
            "status (# complete, + partly missing, . no row)",
        ]
        marks = {"complete": "#", "partly missing": "+", "no row": "."}
        width = max((len(str(u)) for u in self.status.index), default=0)
        for unit, row in self.status.iterrows():
            lines.append(f"{unit!s:<{width}} {''.join(marks[s] for s in row)}")
        if len(self.adjustments):
            lines += ["", "adjustments", self.adjustments.to_string(index=False)]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        kind = "balanced" if self.balanced else "unbalanced"
        table = html_table(self.variables, na_rep="", float_format=lambda v: f"{v:,.6g}")
        return (
            f"<div><p><b>{escape(self.name)}</b>: {self.n_units} regions × {self.n_times} years, "
            f"{self.n_rows} rows, {kind}; {len(self.gaps)} gap(s), no duplicate keys</p>"
            f"{self.status_svg()}{table}{self._adjusted_html()}</div>"
        )

    def _adjusted_html(self) -> str:
        return str(self.adjustments.to_html(border=0, index=False)) if len(self.adjustments) else ""

    def status_svg(self) -> str:
        """The status picture (one tile a region and year) as SVG text."""
        cell, left, top = 14, 90, 30
        rows, columns = self.status.shape
        width = left + max(cell * columns + 10, 95 * len(_STATUS))  # the legend may be wider
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
            f'height="{top + cell * rows + 24}" font-family="sans-serif" font-size="10" role="img" '
            'fill="currentColor">'
            f"<title>Figures by region and year: complete, partly missing, no row</title>"
        ]
        step = max(2, columns // 10)  # a year is wider than a tile
        for j, time in enumerate(self.status.columns):
            if j % step == 0:
                parts.append(
                    f'<text x="{left + cell * j}" y="{top - 6}">{escape(str(time))}</text>'
                )
        for i, (unit, row) in enumerate(self.status.iterrows()):
            y = top + cell * i
            parts.append(
                f'<text x="{left - 6}" y="{y + 10}" text-anchor="end">{escape(str(unit))}</text>'
            )
            for j, status in enumerate(row):
                title = f"{unit}, {self.status.columns[j]}: {status}"
                parts.append(
                    f'<rect x="{left + cell * j}" y="{y}" width="{cell - 1}" height="{cell - 1}" '
                    f'fill="{_STATUS[status]}"><title>{escape(title)}</title></rect>'
                )
        y = top + cell * rows + 8
        for k, (status, colour) in enumerate(_STATUS.items()):
            parts.append(
                f'<rect x="{left + 95 * k}" y="{y}" width="10" height="10" fill="{colour}"/>'
                f'<text x="{left + 95 * k + 14}" y="{y + 9}">{status}</text>'
            )
        return "".join(parts) + "</svg>"


def report(frame: PanelFrame) -> PanelReport:
    """Report of a frame: see :class:`PanelReport`."""
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
        variables=_variables(frame),
        missing=missing,
        status=status,
        adjustments=_adjustments(frame),
    )


def _adjustments(frame: PanelFrame) -> pd.DataFrame:
    steps = [
        (name, len(step.keys), step.text)
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


def _variables(frame: PanelFrame) -> pd.DataFrame:
    rows = {}
    years = frame.table.index.get_level_values(1)
    for name, column in frame.columns.items():
        values = frame.table[name]
        there = values.notna().to_numpy()
        number = pd.api.types.is_numeric_dtype(values.dtype)
        rows[name] = {
            "label": column.label,
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
