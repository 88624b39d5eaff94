"""Figures that jump: powers of ten, exchanged regions or digits, outliers, breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from panel.diagnostics.audit_finding import Finding, Teller, percent, times
from panel.diagnostics.audit_grid import FloatArray, Grid, Usual, median, usual
from panel.diagnostics.audit_ranges import exchanged_digits

IntArray = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

_TEN = float(np.log(10.0))
_NEAR = float(np.log(1.6))  # so near to a power of ten: growth from the nearest year is in it
# A change counts from so many times the usual scatter on, and from so much of the figure on. An
# outlier goes and comes back, so two changes speak for it: each of them, and their mean. A break or
# the last year has only one.
_EACH, _OUTLIER, _BREAK, _FITS = 3.0, 4.5, 8.0, 3.0
_LEAST_OUTLIER, _LEAST_BREAK, _LEAST_COMMON = 0.03, 0.1, 0.1
_COMMON, _SAME_WAY, _UNEVEN, _LEAST_UNEVEN = 5.0, 0.9, 3.0, 0.05
_WIDEST = 0.25  # with a larger usual scatter, a factor of ten is no surprise
_MANY = 10  # regions to speak of all of them


@dataclass(frozen=True)
class Jumps:
    """Cells that jump: ``off`` (N, T) is by how much (in logs), NaN where a cell does not;
    ``strength`` (N, T) how many times the usual scatter; ``back`` whether it comes back."""

    off: FloatArray
    strength: FloatArray
    back: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def jumps(grid: Grid, tell: Teller) -> Iterator[Finding]:
    """All findings of jumps in one variable, the likeliest reading of each cell."""
    if min(grid.logs.shape, default=0) < 1 or grid.logs.shape[1] < 3:
        return
    slipped = powers(grid)
    yield from _slips(grid, slipped, tell)
    mended = replace(grid, values=grid.values / 10.0**slipped, half=grid.half / 10.0**slipped)
    model = usual(mended.logs, mended.fuzz)
    yield from common_breaks(mended, model, tell)
    found = find_jumps(mended.logs, model)
    taken: set[tuple[int, int]] = set()
    for swap in swaps(mended.logs, model, found):
        i, j, t, lasting = swap
        for at in range(t, mended.logs.shape[1] if lasting else t + 1):
            taken |= {(i, at), (j, at), (i, at + 1), (j, at + 1)}
        yield _swap(mended, swap, found, tell)
    for i, t in np.argwhere(~np.isnan(found.off)):
        if (int(i), int(t)) not in taken:
            yield _one(mended, model, found, int(i), int(t), tell)


# ---- powers of ten ---------------------------------------------------------------------


def powers(grid: Grid) -> IntArray:
    """Power of ten (N, T) by which each cell stands above or below the rest of its region, or of
    all regions."""
    logs = grid.logs
    model = usual(logs, grid.fuzz)
    rests = np.where(np.isnan(model.rest), 0.0, model.rest)
    usual_scale = float(median(model.scale))
    # not the scatter that leaves out neighbours: a slip of several years jumps twice
    own = 1.4826 * np.nan_to_num(median(np.abs(model.rest), axis=1))[:, None]
    blur = np.nan_to_num(grid.fuzz[:, 1:] + grid.fuzz[:, :-1])
    cells = _levels(_steps(rests, np.maximum(own, usual_scale) + blur))
    middle = model.common - median(model.common)
    spread = np.full(middle.shape, usual_scale)
    years = _levels(_steps(middle[None, :], spread[None, :]))
    found = np.where(np.isnan(logs), 0, cells + years)
    for i, t in np.argwhere(found != 0):
        ratio = logs[i, t] - np.log(_from_beside(logs, found, int(i), int(t)))
        if not abs(ratio - found[i, t] * _TEN) <= _NEAR:
            found[i, t] = 0
    return found


def _steps(rest: FloatArray, scale: FloatArray) -> IntArray:
    """Whole powers of ten by which changes are off; 0 where they are not."""
    power = np.round(rest / _TEN)
    near = np.abs(rest - power * _TEN) <= np.clip(4 * scale, 0.12, _NEAR)
    return np.where(near & (scale <= _WIDEST), power, 0).astype(np.int64)


def _levels(
    steps: IntArray,
) -> IntArray:
    """Steps (N, T-1) added up, less the level that most years (N, T) have."""
    start = np.zeros((len(steps), 1), dtype=np.int64)
    levels = np.concatenate([start, np.cumsum(steps, axis=1)], axis=1)
    return levels - np.array([[_most_frequent(row)] for row in levels], dtype=np.int64)


def _most_frequent(levels: IntArray) -> int:
    found, counts = np.unique(levels, return_counts=True)
    most = found[counts == counts.max()]
    return int(most[np.argmin(np.abs(most))])


def _slips(grid: Grid, slipped: IntArray, tell: Teller) -> Iterator[Finding]:
    for i, t in np.argwhere(slipped != 0):
        value, expected = grid.values[i, t], _from_beside(grid.logs, slipped, int(i), int(t))
        yield tell.find(
            "power of ten", (grid.regions[i], grid.years[t]), value, expected, value / expected,
            ratio=times(value / expected),
        )  # fmt: skip


def _from_beside(logs: FloatArray, slipped: IntArray, i: int, t: int) -> float:
    """What the nearest sound years of the region lead to: their mean, or the nearest alone."""
    sound = np.flatnonzero((slipped[i] == 0) & ~np.isnan(logs[i]))
    beside = [*sound[sound < t][-1:], *sound[sound > t][:1]]
    return float(np.exp(np.mean(logs[i, beside]))) if beside else float("nan")


# ---- jumps -----------------------------------------------------------------------------


def find_jumps(logs: FloatArray, model: Usual) -> Jumps:
    """Cells that leave the way of their region, and whether they come back."""
    n = len(logs)
    z = model.rest / np.where(model.scale > 0, model.scale, np.inf)
    into = np.concatenate([np.full((n, 1), np.nan), model.rest], axis=1)
    out = np.concatenate([-model.rest, np.full((n, 1), np.nan)], axis=1)
    z_into = np.concatenate([np.full((n, 1), np.nan), z], axis=1)
    z_out = np.concatenate([-z, np.full((n, 1), np.nan)], axis=1)
    least = np.minimum(np.abs(z_into), np.abs(z_out))
    both = (np.abs(z_into) + np.abs(z_out)) / 2
    with np.errstate(invalid="ignore"):
        size = (into + out) / 2
        back = (into * out > 0) & (least >= _EACH) & (both >= _OUTLIER)
        back &= np.abs(size) >= _LEAST_OUTLIER
        off, strength = np.where(back, size, np.nan), np.where(back, both, np.nan)
        # a change that no outlier on either side explains; after the first year it is told as a
        # break of the second
        beside = back | np.roll(back, 1, axis=1)
        beside[:, 0] = True
        lasting = ~beside & (np.abs(z_into) >= _BREAK) & (np.abs(into) >= _LEAST_BREAK)
    off, strength = np.where(lasting, into, off), np.where(lasting, np.abs(z_into), strength)
    return Jumps(off, strength, back)


def common_breaks(grid: Grid, model: Usual, tell: Teller) -> Iterator[Finding]:
    """Years in which all regions jump alike, or each in its own way."""
    counts = (~np.isnan(model.changes)).sum(axis=0)
    full = counts >= _MANY
    if full.sum() < 4:
        return
    middle = float(np.median(model.common[full]))
    off = model.common - middle
    scale = np.hypot(
        1.4826 * np.median(np.abs(off[full])), float(median(model.scale)) / np.sqrt(counts.max())
    )
    with np.errstate(invalid="ignore"):
        signs = np.sign(model.changes - middle) == np.sign(off)
    same = np.where(counts > 0, signs.sum(axis=0) / np.maximum(counts, 1), 0.0)
    spread = np.where(full, 1.4826 * median(np.abs(model.rest), axis=0), np.nan)
    typical = float(np.nanmedian(spread))
    beside = np.pad(np.nan_to_num(spread), 1)  # a scatter that only fades away is no break
    for t in np.flatnonzero(full):
        cell = (None, grid.years[t + 1])
        if abs(off[t]) >= max(_LEAST_COMMON, _COMMON * scale) and same[t] >= _SAME_WAY:
            yield tell.find(
                "common break", cell, float(np.expm1(model.common[t])), float(np.expm1(middle)),
                abs(off[t]) / scale, value=percent(float(np.expm1(model.common[t]))),
                expected=percent(float(np.expm1(middle))), count=f"{100 * same[t]:.0f} %",
            )  # fmt: skip
        elif spread[t] >= max(_LEAST_UNEVEN, _UNEVEN * typical, 2 * np.nanmax(beside[[t, t + 2]])):
            yield tell.find(
                "uneven year", cell, spread[t], typical, spread[t] / typical,
                value=f"{100 * spread[t]:.1f} %", expected=f"{100 * typical:.1f} %",
            )  # fmt: skip


# ---- exchanged regions -----------------------------------------------------------------


def swaps(logs: FloatArray, model: Usual, found: Jumps) -> Iterator[tuple[int, int, int, bool]]:
    """Pairs (i, j) of regions whose figures of year t, or of t and all later ones, fit better
    exchanged."""
    for t in range(logs.shape[1]):
        left = np.flatnonzero(~np.isnan(found.off[:, t])).tolist()
        while left:
            i = left.pop(0)
            for j in left:
                if kind := _exchange(logs, model, (i, j), t, abs(found.off[[i, j], t])):
                    left.remove(j)
                    yield i, j, t, kind == "lasting"
                    break


def _exchange(
    logs: FloatArray, model: Usual, pair: tuple[int, int], t: int, off: FloatArray
) -> str:
    """ "once" or "lasting" if exchanging the two makes their changes usual, else "".

    Usual is what three times the scatter allows, or a tenth of the jump ``off`` (2,) that it
    removes: the change that is common to all, and the region's own, are not known exactly.
    """
    rows, last = list(pair), logs.shape[1] - 1
    beside = slice(max(t - 1, 0), min(t + 1, last))
    allowed = np.maximum(_FITS * model.scale[rows, beside], 0.1 * off[:, None])
    for kind, years in (("once", slice(t, t + 1)), ("lasting", slice(t, None))):
        other = logs[rows]
        other[:, years] = other[::-1, years]
        expected = model.common + model.own[rows, None]
        rest = (np.diff(other, axis=1) - expected)[:, beside]
        if np.all(np.abs(rest) <= allowed):
            return kind
    return ""


def _swap(grid: Grid, swap: tuple[int, int, int, bool], found: Jumps, tell: Teller) -> Finding:
    i, j, t, lasting = swap
    if lasting and t == 1:  # that is, the first year alone
        t, lasting = 0, False
    return tell.find(
        "swapped regions", (grid.regions[i], grid.years[t]), grid.values[i, t], grid.values[j, t],
        min(found.strength[i, swap[2]], found.strength[j, swap[2]]),
        other=tell.place(grid.regions[j]), hint="from then on" if lasting else "",
    )  # fmt: skip


# ---- one cell --------------------------------------------------------------------------


def _one(grid: Grid, model: Usual, found: Jumps, i: int, t: int, tell: Teller) -> Finding:
    """A cell whose digits, exchanged, would fit; an outlier; or the start of another level."""
    value, off = float(grid.values[i, t]), float(found.off[i, t])
    expected, cell = value * np.exp(-off), (grid.regions[i], grid.years[t])
    last = t == grid.values.shape[1] - 1 or bool(np.isnan(grid.values[i, t + 1]))
    strength = found.strength[i, t]
    within = min(1.5 * float(model.scale[i, t - 1]), 0.2 * abs(off))
    if (found.back[i, t] or last) and (other := transposed(value, expected, within)):
        return tell.find("transposed digits", cell, value, expected, strength, other=other)
    if t == 1 and not found.back[i, t]:  # the first year may be the odd one
        before, cell_before = float(grid.values[i, 0]), (grid.regions[i], grid.years[0])
        if other := transposed(before, before * np.exp(off), within):
            odd = before * float(np.exp(off))
            return tell.find("transposed digits", cell_before, before, odd, strength, other=other)
    if found.back[i, t]:
        return tell.find("outlier", cell, value, expected, strength)
    hint = "last year" if last else ""
    return tell.find("break", cell, value, expected, strength, hint=hint)


def transposed(value: float, expected: float, within: float) -> str:
    """The number that ``value`` is with two neighbouring digits exchanged, if it lies within so
    much (in logs) of what is expected; empty otherwise."""
    fitting = [
        (off, printed)
        for printed, other in exchanged_digits(value)
        if other > 0 and (off := abs(np.log(other / expected))) <= within
    ]
    return min(fitting)[1] if fitting else ""
