"""The rows of a frame by the values of a variable or key."""

from __future__ import annotations

from typing import Any

import numpy as np

from panel.core.categories import shown
from panel.core.frame import PanelFrame

BoolArray = np.ndarray[tuple[int], np.dtype[np.bool_]]


def groups(frame: PanelFrame, by: str) -> dict[str, BoolArray]:
    """Rows (n,) of each value, sorted, by the value as text; rows without one are in none.

    Raises
    ------
    UnknownVariableError : not in the frame.
    """
    values = frame[by]
    found: dict[str, BoolArray] = {}
    for value in sorted(values.dropna().unique(), key=_order):
        found[shown(value)] = (values == value).to_numpy(dtype=bool)
    return found


def _order(value: Any) -> tuple[bool, Any]:
    """Numbers by size before words by letter."""
    number = isinstance(value, (int, float))
    return (not number, value if number else str(value))
