"""The indicators of an index: names, directions, subsystems, and the rows that have them all."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from panel.core.frame import BoolArray, FloatArray, IntArray, PanelFrame
from panel.errors import DataError, NotNumericError

Direction = Literal["+", "-"]
Directions = Mapping[str, Direction] | Mapping[str, Mapping[str, Direction]]

_REMEDY = 'give {"variable": "+"} or "-" for each, or {"subsystem": {"variable": "+"}}.'


@dataclass(frozen=True, eq=False)
class Indicators:
    """Rows of a panel that have all indicators.

    Parameters
    ----------
    x : (n, m), turned round (times -1) where less is better.
    signs : (m,), 1 or -1.
    names : of the m indicators.
    units, times : region and year of each row (n,); times as calendar numbers.
    """

    x: FloatArray
    signs: FloatArray
    names: tuple[str, ...]
    units: tuple[Hashable, ...]
    times: IntArray


def complete_rows(
    frame: PanelFrame, directions: Mapping[str, Direction], name: str
) -> tuple[Indicators, BoolArray, int, int]:
    """Rows with all indicators, which of the frame's they are (n,), and how many lack one or have
    an infinite one.

    Raises
    ------
    UnknownVariableError, NotNumericError : an indicator that is not there, or is text.
    DataError : fewer than two rows have all indicators.
    """
    raw = np.column_stack([numbers(frame, variable) for variable in directions])
    complete: BoolArray = np.asarray(np.isfinite(raw).all(axis=1))
    used = int(complete.sum())
    if used < 2:
        raise DataError(
            f"Only {used} rows have all indicators of {name!r}.",
            variable=name,
            value=used,
            remedy="leave out the indicator that is missing most: see frame.report().",
        )
    signs = np.array([1.0 if d == "+" else -1.0 for d in directions.values()])
    units = frame.table.index.get_level_values(0)[complete]
    missing = int(np.isnan(raw).any(axis=1).sum())
    rows = Indicators(
        raw[complete] * signs, signs, tuple(directions), tuple(units), frame.time_numbers[complete]
    )
    return rows, complete, missing, len(frame) - used - missing


def numbers(frame: PanelFrame, variable: str) -> FloatArray:
    """A variable (n,) as numbers, missing as NaN.

    Raises
    ------
    UnknownVariableError, NotNumericError : it is not there, or is text.
    """
    series = frame[variable]
    if not pd.api.types.is_numeric_dtype(series.dtype):
        raise NotNumericError(
            f"Indicator {variable!r} is text.", variable=variable,
            remedy="an index is made of numbers.",
        )  # fmt: skip
    return series.to_numpy(dtype=np.float64)


def directed(indicators: Any) -> tuple[dict[str, Direction], dict[str, str]]:
    """Direction by indicator, and subsystem by indicator (empty without subsystems).

    Raises
    ------
    DataError : no mapping, an empty one, a direction other than "+" and "-", or an indicator in
        two subsystems.
    """
    if not isinstance(indicators, Mapping):
        raise DataError(
            f"The indicators are a {type(indicators).__name__} without directions.",
            variable="indicators", value=indicators, remedy=_REMEDY,
        )  # fmt: skip
    if not indicators:
        raise DataError("The index has no indicators.", variable="indicators", remedy=_REMEDY)
    nested = [isinstance(entry, Mapping) for entry in indicators.values()]
    if not any(nested):
        return {str(v): _direction(v, d) for v, d in indicators.items()}, {}
    found: dict[str, Direction] = {}
    group: dict[str, str] = {}
    for subsystem, entries in indicators.items():
        if not isinstance(entries, Mapping) or not entries:
            raise DataError(
                f"Subsystem {subsystem!r} is {entries!r}, not a mapping of indicators.",
                variable=str(subsystem), value=entries, remedy=_REMEDY,
            )  # fmt: skip
        for variable, direction in entries.items():
            if variable in found:
                raise DataError(
                    f"Indicator {variable!r} stands in {group[variable]!r} and in {subsystem!r}.",
                    variable=variable, value=subsystem, remedy="leave it in one of them.",
                )  # fmt: skip
            found[variable], group[variable] = _direction(variable, direction), str(subsystem)
    return found, group


def _direction(variable: str, direction: Any) -> Direction:
    if not isinstance(direction, str) or direction not in ("+", "-"):
        raise DataError(
            f"The direction of {variable!r} is {direction!r}.", variable=variable, value=direction,
            remedy='write "+" where more is better and "-" where less is.',
        )  # fmt: skip
    return "+" if direction == "+" else "-"
