"""Rows in groups: by a key of the panel, by a variable, or by several together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

IntArray = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, eq=False)
class Groups:
    """Groups of n rows.

    Parameters
    ----------
    codes : (n,) numbers 0..G-1, -1 where the value is missing.
    levels : what the G numbers stand for.
    sizes : (G,) rows in each.
    """

    codes: IntArray
    levels: tuple[Any, ...]
    sizes: IntArray


def by_key(index: pd.MultiIndex, level: int) -> Groups:
    """Groups of one key, in its order; of the keys that occur."""
    codes, keys = index.codes[level].astype(np.int64), index.levels[level]
    sizes = np.bincount(codes, minlength=len(keys))
    if not bool(sizes.all()):
        present = np.flatnonzero(sizes)
        codes, keys, sizes = (np.cumsum(sizes > 0) - 1)[codes], keys[present], sizes[present]
    return Groups(codes, tuple(keys.tolist()), sizes)


def by_values(parts: Sequence[pd.Series]) -> Groups:
    """Groups of the combinations of values that occur, by first appearance; a missing value in
    one is missing in all."""
    joint = pd.MultiIndex.from_arrays(list(parts)) if len(parts) > 1 else parts[0]
    codes, levels = pd.factorize(joint)
    missing = np.any([p.isna() for p in parts], axis=0)
    numbers = np.where(missing, -1, codes).astype(np.int64)
    sizes = np.bincount(numbers[numbers >= 0], minlength=len(levels))
    return Groups(numbers, tuple(levels), sizes)
