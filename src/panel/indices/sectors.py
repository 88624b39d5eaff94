"""Shares of sectors, checked: what measures of structure and specialisation are made of."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from panel.core.frame import FloatArray, PanelFrame
from panel.errors import DataError
from panel.indices.indicators import numbers


def levels(frame: PanelFrame, sectors: Sequence[str], what: str = "sectors") -> FloatArray:
    """Output or employment (n, k) of the sectors; rows that lack one are missing altogether.

    Raises
    ------
    UnknownVariableError, NotNumericError : a sector that is not there, or is text.
    DataError : fewer than two, one twice, negative or infinite figures, or a sum of zero.
    """
    if isinstance(sectors, str) or len(sectors) < 2 or len(set(sectors)) < len(sectors):
        raise DataError(
            f"{what} are {sectors!r}.", variable=what, value=sectors,
            remedy="name two or more different variables, a list of them.",
        )  # fmt: skip
    x = np.column_stack([numbers(frame, v) for v in sectors])
    _require_cells(frame, x, tuple(sectors))
    x[np.isnan(x).any(axis=1)] = np.nan
    for row in np.flatnonzero(x.sum(axis=1) == 0)[:1]:
        unit, time = frame.table.index[row]
        raise DataError(
            f"All {what} of {unit}, {time} are zero.", variable=str(sectors[0]), value=0.0,
            remedy="make them missing, or leave the row out.",
        )  # fmt: skip
    return x


def _require_cells(frame: PanelFrame, x: FloatArray, names: tuple[str, ...]) -> None:
    for row, j in np.argwhere((x < 0) | np.isinf(x))[:1]:
        unit, time = frame.table.index[row]
        raise DataError(
            f"{names[j]!r} of {unit}, {time} is {x[row, j]:g}; a share of it means nothing.",
            variable=names[j], value=float(x[row, j]),
            remedy="mend it, or make it missing.",
        )  # fmt: skip


def shares(x: FloatArray) -> FloatArray:
    """Shares (n, k) of each row's sum."""
    return np.asarray(x / x.sum(axis=1, keepdims=True))


def national(
    frame: PanelFrame, x: FloatArray, nation: Hashable = None, *, others: bool = False
) -> FloatArray:
    """Figures (n, k) of the nation in the year of each row: those of the unit ``nation``, or the
    sums over all regions that have them, without the region itself if ``others``.

    Raises
    ------
    DataError : no such unit, or a year without it; no region beside it.
    """
    found = np.full_like(x, np.nan)
    units = frame.table.index.get_level_values(0)
    for time in np.unique(frame.time_numbers):
        rows = frame.time_numbers == time
        if nation is None:
            total = np.nansum(x[rows], axis=0)
            found[rows] = total - x[rows] if others else total
        else:
            found[rows] = _own(x, rows & (units == nation), nation, time)
    alone = others & (found.sum(axis=1) == 0)
    if bool(np.any(alone)):
        raise DataError(
            "A region is compared with all others, and there are none.", variable=frame.unit,
            value=str(units[int(np.argmax(alone))]), remedy="take a frame of several regions.",
        )  # fmt: skip
    return np.where(np.isnan(x), np.nan, found)


def _own(x: FloatArray, row: Any, nation: Hashable, time: int) -> FloatArray:
    if row.sum() != 1 or np.isnan(x[row]).any():
        raise DataError(
            f"{nation!r} has no figures of all industries in {time}.", variable="nation",
            value=nation, remedy="name the unit that holds the nation, or leave nation= out.",
        )  # fmt: skip
    return np.asarray(x[row][0])
