"""Figures that repeat others: values, series of other regions, other years, years in reverse.

Rounded figures agree now and then by chance. How often chance alone would make as long an
agreement anywhere in the variable is computed from the usual scatter of changes and the printed
digits, and a finding is made only where that is rare.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import comb

import numpy as np

from panel.diagnostics.audit_finding import Finding, Teller, times
from panel.diagnostics.audit_grid import FloatArray, Grid, Usual, median, usual

_RARE = 1e-3  # times that chance may be expected to make a finding in a variable
_DENSITY = 0.4  # of the normal distribution at its middle, the largest it has
_FEWEST = 5  # regions in which a year may repeat another
_MOST_ODD = 0.1  # share of regions that may differ where a year repeats another
_FEWEST_CHANGES = 5
_REVERSED, _USUAL = 4.0, 2.0  # scatters of mean growth
_BETTER = 0.5  # squared misfit that turning round must leave at most

BoolArray = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def copies(grid: Grid, tell: Teller) -> Iterator[Finding]:
    """All findings of repetition in one variable."""
    if min(grid.logs.shape, default=0) < 1 or grid.logs.shape[1] < 2:
        return
    model = usual(grid.logs, grid.fuzz)
    yield from repeated(grid, model, tell)
    yield from copied_regions(grid, model, tell)
    yield from copied_years(grid, model, tell)
    yield from reversed_years(grid, model, tell)


def _runs(hits: BoolArray) -> Iterator[tuple[int, int]]:
    """First and last position (both included) of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], hits, [False]]).astype(int)))
    yield from ((int(a), int(b) - 1) for a, b in edges.reshape(-1, 2))


def _chance(window: FloatArray, scale: FloatArray) -> FloatArray:
    """Chance that a change of that scatter falls into a window."""
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.where(scale > 0, _DENSITY * window / scale, 1.0)
    return np.asarray(np.clip(np.nan_to_num(odds, nan=1.0), 1e-12, 1.0))


def repeated(grid: Grid, model: Usual, tell: Teller) -> Iterator[Finding]:
    """One value in several years running."""
    same = np.diff(grid.values, axis=1) == 0
    same &= ~np.isnan(model.changes) & (grid.values[:, 1:] != 100)  # where shares end
    odds = _chance(2 * grid.fuzz[:, 1:], model.scatter)
    cells = int((~np.isnan(model.changes)).sum())
    for i in range(len(grid.regions)):
        for a, b in _runs(same[i]):
            expected = cells * float(np.prod(odds[i, a : b + 1]))
            if expected < _RARE:
                years = f"{grid.years[a]}-{grid.years[b + 1]}"
                value = grid.values[i, a]
                yield tell.find(
                    "repeated value", (grid.regions[i], grid.years[a + 1]), value, np.nan, expected,
                    years=years,
                )  # fmt: skip


def copied_regions(grid: Grid, model: Usual, tell: Teller) -> Iterator[Finding]:
    """A region that changes as another one does, digit by digit, several years running."""
    blur, n = grid.fuzz[:, 1:] + grid.fuzz[:, :-1], len(grid.regions)
    tests = n * (n - 1) / 2 * max(model.changes.shape[1], 1)
    for i in range(n - 1):
        window = blur[i] + blur[i + 1 :]
        with np.errstate(invalid="ignore"):
            agree = np.abs(model.changes[i + 1 :] - model.changes[i]) <= window
        agree &= (model.changes[i + 1 :] != 0) & (
            model.changes[i] != 0
        )  # standing still is no copy
        odds = _chance(2 * window, np.hypot(model.scatter[i + 1 :], model.scatter[i]))
        for k in np.flatnonzero(agree.any(axis=1)):
            for a, b in _runs(agree[k]):
                expected = tests * float(np.prod(odds[k, a : b + 1]))
                if expected < _RARE and b > a:
                    j = i + 1 + int(k)
                    yield _copy(grid, i, j, a, b + 1, expected, tell)


def _copy(
    grid: Grid, i: int, j: int, first: int, last: int, expected: float, tell: Teller
) -> Finding:
    ratio = np.exp(np.mean(grid.logs[j, first : last + 1] - grid.logs[i, first : last + 1]))
    same = bool(np.all(grid.values[j, first : last + 1] == grid.values[i, first : last + 1]))
    return tell.find(
        "copied region", (grid.regions[j], None), grid.values[j, last], grid.values[i, last],
        expected, other=tell.place(grid.regions[i]), ratio="1" if same else times(float(ratio)),
        years=f"{grid.years[first]}-{grid.years[last]}",
    )  # fmt: skip


def copied_years(grid: Grid, model: Usual, tell: Teller) -> Iterator[Finding]:
    """A year whose figures are those of another, or in one ratio to them, in almost all regions."""
    pairs = list(combinations(range(len(grid.years)), 2))
    for s, t in pairs:
        distance = grid.logs[:, t] - grid.logs[:, s]
        there = ~np.isnan(distance)
        if there.sum() < _FEWEST:
            continue
        ratio = float(np.median(distance[there]))
        ratio = 0.0 if np.mean(grid.values[there, t] == grid.values[there, s]) > 0.5 else ratio
        window = (grid.fuzz[:, t] + grid.fuzz[:, s])[there]
        agree = np.abs(distance[there] - ratio) <= window
        if (odd := int((~agree).sum())) > _MOST_ODD * there.sum():
            continue
        scale = np.asarray(median(model.scatter, axis=1))[there] * np.sqrt(t - s)
        odds = _chance(2 * window, scale)[agree]
        expected = len(pairs) * comb(int(there.sum()), odd) * float(np.exp(np.log(odds).sum()))
        if expected < _RARE:
            yield tell.find(
                "copied year", (None, grid.years[t]), np.nan, np.nan, expected,
                other=str(grid.years[s]), ratio="1" if ratio == 0 else times(float(np.exp(ratio))),
                count=str(int(agree.sum())),
            )  # fmt: skip


def reversed_years(grid: Grid, model: Usual, tell: Teller) -> Iterator[Finding]:
    """A region that falls as fast as the others grow, and fits them if it is turned round."""
    there = ~np.isnan(model.changes)
    count = np.maximum(there.sum(axis=1), 1)
    enough = count >= _FEWEST_CHANGES
    if enough.sum() < 2 * _FEWEST:
        return
    # mean growth (N,), in years that a region has as in the others
    growth = np.where(there, model.changes - model.common, 0.0).sum(axis=1) / count
    growth += np.median(model.common)
    middle = float(np.median(growth[enough]))
    spread = 1.4826 * float(np.median(np.abs(growth[enough] - middle)))
    own = np.nan_to_num(median(model.scatter, axis=1)) / np.sqrt(count)
    scale = np.hypot(max(spread, 1e-3), own)
    off, turned = np.abs(growth - middle) / scale, np.abs(-growth - middle) / scale
    for i in np.flatnonzero(enough & (off >= _REVERSED) & (turned <= _USUAL)):
        years = np.flatnonzero(~np.isnan(grid.logs[i]))
        line, first, last = grid.logs[i, years], int(years[0]), int(years[-1])
        common = model.common[-len(line) + 1 :]
        forth, back = np.diff(line) - common, np.diff(line[::-1]) - common
        if np.sum(back**2) < _BETTER * np.sum(forth**2):
            yield tell.find(
                "reversed years", (grid.regions[i], None), grid.values[i, last],
                grid.values[i, first], off[i], years=f"{grid.years[first]}-{grid.years[last]}",
            )  # fmt: skip
