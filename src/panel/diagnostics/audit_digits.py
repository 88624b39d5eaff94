"""Printed digits: how many there are, where they heap, and how first and last digits spread."""

from __future__ import annotations

from collections.abc import Iterator
from math import log10

import numpy as np
import pandas as pd

from panel.core.precision import as_printed
from panel.diagnostics.audit_finding import Finding, Teller, span
from panel.diagnostics.audit_grid import FloatArray, Grid

IntArray = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

_RARE = 1e-4
_MANY = 10  # regions in a year, so that zeros at the end are no accident
_MOST_DECIMALS = 6  # more than that is computed, not printed
_FEWEST = 50  # figures whose last digits are counted
_LONG = 100  # so many units of the last digit, so that the last digit is not the first


def digits(grid: Grid, tell: Teller) -> Iterator[Finding]:
    """All findings about printed digits in one variable."""
    places = decimals(grid)
    by_year = usual_decimals(places)
    if not grid.values.size or by_year.max() > _MOST_DECIMALS:
        return
    yield from _precision(grid, places, by_year, tell)
    yield from _heaping(grid, places, by_year, tell)


def decimals(grid: Grid) -> IntArray:
    """Printed decimals of each figure (N, T); -1 where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = -np.round(np.log10(2 * grid.half))
    return np.where(np.isnan(grid.values), -1, np.nan_to_num(found)).astype(np.int64)


def usual_decimals(places: IntArray) -> IntArray:
    """Decimals (T,) that figures are printed with in each year.

    Nine figures in ten end in a digit that is seen, so the most decimals that a third of a year's
    figures have are those of the year; a single figure from elsewhere does not count.
    """
    there = (places >= 0).sum(axis=0)
    most = int(places.max(initial=0))
    enough = [(places >= d).sum(axis=0) >= np.maximum(there / 3, 1) for d in range(most + 1)]
    return np.asarray(np.array(enough, dtype=np.int64).cumprod(axis=0).sum(axis=0) - 1)


def _precision(grid: Grid, places: IntArray, by_year: IntArray, tell: Teller) -> Iterator[Finding]:
    """Years printed with fewer decimals than the others."""
    counts = (places >= 0).sum(axis=0)
    known = [t for t in range(len(by_year)) if counts[t] >= _MANY]
    full = max((int(by_year[t]) for t in known), default=0)
    for coarse in range(full):
        years = [grid.years[t] for t in known if by_year[t] == coarse]
        if years:
            yield tell.find(
                "precision", (None, years[0]), float(coarse), float(full), full - coarse,
                years=span(years), count=str(coarse), other=str(full), unit="",
            )  # fmt: skip


def _heaping(grid: Grid, places: IntArray, by_year: IntArray, tell: Teller) -> Iterator[Finding]:
    """Regions, and the variable as a whole, whose last digits are zeros too often."""
    long = (places >= 0) & (np.abs(grid.values) >= _LONG * 10.0**-by_year)
    zeros = long & (_last_digits(grid.values, by_year) == 0)
    total = int(long.sum())
    if total >= _FEWEST and _tail(int(zeros.sum()), total) < _RARE:
        share = float(zeros.sum() / total)
        counted = f"{zeros.sum()}/{total}"
        yield tell.find("heaping", (None, None), share, 0.1, share / 0.1, count=counted)
        return  # then it is no region's own way
    for i, region in enumerate(grid.regions):
        n, k = int(long[i].sum()), int(zeros[i].sum())
        if n and _tail(k, n) * len(grid.regions) < _RARE:
            yield tell.find("heaping", (region, None), k / n, 0.1, 10 * k / n, count=f"{k}/{n}")


def _last_digits(values: FloatArray, by_year: IntArray) -> IntArray:
    """Digit at each year's last printed place."""
    units = np.nan_to_num(np.round(np.abs(values) * 10.0**by_year))
    return np.asarray(units % 10, dtype=np.int64)


def _tail(k: int, n: int) -> float:
    """Chance of k zeros or more among n last digits."""
    from scipy.stats import binom

    return float(binom.sf(k - 1, n, 0.1))


def digit_table(grid: Grid, name: str) -> dict[str, object]:
    """How a variable's digits spread: no finding, since many honest figures do otherwise.

    ``benford`` is the mean absolute difference, in shares, between first digits and Benford's law
    log10(1 + 1/d) (Nigrini 2012, Benford's Law, ch. 7, uses this measure), which holds only for
    figures over several powers of ten: ``decades`` says over how many. ``zeros`` and ``fives`` are
    shares of last digits; a tenth each is usual.
    """
    figures = grid.values[~np.isnan(grid.values) & (grid.values != 0)]
    row: dict[str, object] = {"variable": name, "figures": len(figures)}
    if not len(figures):
        return row
    sizes = np.abs(figures)
    first = np.array([int(str(as_printed(v)).replace(".", "").lstrip("0")[:1] or 0) for v in sizes])
    shares = np.array([np.mean(first == d) for d in range(1, 10)])
    law = np.array([log10(1 + 1 / d) for d in range(1, 10)])
    by_year = usual_decimals(decimals(grid))
    last = _last_digits(grid.values, by_year)[~np.isnan(grid.values)]
    printed = by_year.max() <= _MOST_DECIMALS
    return row | {
        "decimals": int(by_year.max()) if printed else None,
        "decades": float(np.log10(sizes.max() / sizes.min())),
        "benford": float(np.abs(shares - law).mean()),
        "zeros": float(np.mean(last == 0)) if printed else None,
        "fives": float(np.mean(last == 5)) if printed else None,
    }


def digit_frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    """The digits of all variables, one row each."""
    columns = ["variable", "figures", "decimals", "decades", "benford", "zeros", "fives"]
    return pd.DataFrame(rows, columns=columns)
