"""Figures that cannot be: shares above 100 percent, negative stocks, a population that halves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import numpy as np

from panel.core.frame import PanelFrame
from panel.core.units import quantity
from panel.diagnostics.audit_finding import Finding, Teller, times
from panel.diagnostics.audit_grid import Grid
from panel.errors import DataError

# Units whose quantities cannot be negative, by one of each kind.
_COUNTED = ("人", "户", "个", "kWh", "吨", "公里", "ha", "tce")
_SHARES = ("%", "percent", "percent of GDP")
_FEW = 0.01  # share of figures above 100 percent up to which the rest shows that none should be
_HALF = float(np.log(2.0))


@dataclass(frozen=True)
class Limits:
    """A rule: the variable lies between ``low`` and ``high``, both allowed, in its own unit."""

    variable: str
    low: float = -inf
    high: float = inf

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise DataError(
                f"Limits of {self.variable!r}: {self.low} is not below {self.high}.",
                variable=self.variable,
                value=(self.low, self.high),
                remedy="give low <= high.",
            )

    def __call__(self, frame: PanelFrame) -> Iterator[Finding]:
        """A finding for each figure outside."""
        frame[self.variable]
        tell = Teller(frame, self.variable)
        values = frame[self.variable].dropna()
        for (region, year), value in zip(values.index, values, strict=True):
            if not self.low <= value <= self.high:
                nearest = self.low if value < self.low else self.high
                size = abs(value - nearest) / max(abs(nearest), 1e-300) if nearest else abs(value)
                yield tell.find(
                    "limits", (region, year), value, nearest, size, bounds=self._bounds()
                )

    def __str__(self) -> str:
        return f"{self.variable} in {self._bounds()}"

    def _bounds(self) -> str:
        ends = [
            ("-∞" if e == -inf else "∞" if e == inf else f"{e:g}") for e in (self.low, self.high)
        ]
        return f"[{ends[0]}, {ends[1]}]"


def limits(grid: Grid, tell: Teller) -> Iterator[Finding]:
    """Findings that follow from what the variable's unit measures."""
    unit = tell.frame.columns[tell.name].unit
    rule = Limits(tell.name, *_limits(grid, unit))
    if (rule.low, rule.high) != (-inf, inf):
        yield from rule(tell.frame)
    if unit and _measures(unit, "人"):
        yield from _halved(grid, tell)


def _limits(grid: Grid, unit: str) -> tuple[float, float]:
    """What a unit allows; (-inf, inf) where that cannot be said."""
    figures = grid.values[~np.isnan(grid.values)]
    if unit and any(_measures(unit, one) for one in _COUNTED):
        return 0.0, inf
    if unit in _SHARES and len(figures) and np.median(figures) < 100:
        # ratios and growth are printed in percent, too, so a few figures above 100 among shares
        # are told, negative ones never
        return (-inf, 100.0) if np.mean(figures > 100) <= _FEW else (-inf, inf)
    return -inf, inf


def _measures(unit: str, one: str) -> bool:
    return bool(quantity(1.0, unit).dimensionality == quantity(1.0, one).dimensionality)


def _halved(grid: Grid, tell: Teller) -> Iterator[Finding]:
    """A number of people that doubles or halves within a year."""
    changes = np.diff(grid.logs, axis=1)
    for i, t in np.argwhere(np.abs(np.nan_to_num(changes)) >= _HALF):
        before, value = grid.values[i, t], grid.values[i, t + 1]
        yield tell.find(
            "halved", (grid.regions[i], grid.years[t + 1]), value, before, value / before,
            ratio=times(value / before),
        )  # fmt: skip
