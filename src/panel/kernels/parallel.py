"""Work on long columns piece by piece and on several processors; the result depends on neither."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

IntArray = np.ndarray[Any, np.dtype[np.int64]]
T = TypeVar("T")

# Rows worked on at a time (256 KB a column), and from how many on threads are worth starting.
_PIECE = 1 << 15
_PARALLEL_ROWS = 1 << 17
# Rows of a part of whole groups: few enough to stay near, and sums of few lose few digits.
_PART = 1 << 14


def each(work: Callable[[int], T], count: int, rows: int) -> list[T]:
    """``work`` of 0..count-1, in order; at the same time where columns are of many ``rows``."""
    if rows < _PARALLEL_ROWS or count < 2:
        return [work(j) for j in range(count)]
    with ThreadPoolExecutor(min(count, os.cpu_count() or 1)) as threads:
        return list(threads.map(work, range(count)))


def pieces(n: int) -> Iterator[slice]:
    """Rows 0..n-1, piece by piece: what is read twice is then still near the second time."""
    for start in range(0, n, _PIECE):
        yield slice(start, min(start + _PIECE, n))


def parts(starts: IntArray) -> list[tuple[int, int]]:
    """Groups, from and to, in parts of about as many rows; the same on every machine.

    ``starts`` (G + 1,) is the row at which each group starts, and the number of rows.
    """
    n = int(starts[-1])
    ends = np.searchsorted(starts, [*range(0, n, _PART), n]).tolist()
    return [(a, b) for a, b in pairwise(ends) if a < b]
