"""Fixed effects: what is absorbed, exactly, and how many parameters that costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import sparse

from panel.kernels.absorb import Projection, projection, rank
from panel.kernels.groups import nested
from panel.kernels.span import spanned

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]
BoolArray = np.ndarray[Any, np.dtype[np.bool_]]
Counted = Literal["nonnested", "full", "none"]

# Effects of size 1 to 2 that fit nothing are off by 1e-10 at most; a shift is of their own size.
_SHIFTED = 1e-7


@dataclass(frozen=True, eq=False)
class Absorber:
    """Fixed effects of m groupings over n rows.

    Parameters
    ----------
    names : of the groupings, as in the formula.
    codes : m arrays (n,) of group numbers 0..G_j-1.
    levels : m tuples of what the numbers stand for.
    weights : (n,) or None.

    Notes
    -----
    :meth:`residualize` is linear and idempotent to 1e-12 for one and two groupings and 1e-10 for
    more, or raises ConvergenceError.
    """

    names: tuple[str, ...]
    codes: tuple[IntArray, ...]
    levels: tuple[tuple[Any, ...], ...]
    weights: FloatArray | None = None

    def __post_init__(self) -> None:
        for array in (*self.codes, self.weights):
            if array is not None:
                array.flags.writeable = False

    def __getstate__(self) -> dict[str, Any]:  # what is cached is not pickled
        return {k: getattr(self, k) for k in self.__dataclass_fields__}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of groups of each grouping."""
        return tuple(map(len, self.levels))

    @cached_property
    def _projection(self) -> Projection:
        return projection(self.codes, self.sizes, self.weights)

    def residualize(self, values: FloatArray) -> FloatArray:
        """``values`` (n,) or (n, k) with the fixed effects taken out of every column.

        Raises
        ------
        ConvergenceError : the precision promised above was not reached.
        """
        if values.ndim == 1:
            return self.residual([values])[:, 0]
        return self.residual(list(values.T))

    def residual(self, columns: Sequence[FloatArray]) -> FloatArray:
        """The same of columns (n,) that stand apart: (n, k)."""
        return self._projection.residual(columns)

    def effects(self, values: FloatArray) -> dict[str, pd.Series]:
        """The fixed effects of ``values`` (n,), by grouping and level.

        With two groupings they are unique up to a constant a connected component; one level of
        the smaller grouping is then 0.
        """
        solved = self._projection.effects(values[:, None])
        return {
            name: pd.Series(
                e[:, 0], index=pd.Index(level, name=name, tupleize_cols=False), name="effect"
            )
            for name, e, level in zip(self.names, solved, self.levels, strict=True)
        }

    def identified(self, codes: Sequence[IntArray]) -> BoolArray:
        """Which sums (r,) of effects, one of each grouping, the rows determine.

        Levels that no chain of rows connects can be shifted against one another.

        Parameters
        ----------
        codes : m arrays (r,) of group numbers, of these rows or others.
        """
        shift = np.sum([a[c] for a, c in zip(self._shifts, codes, strict=True)], axis=0)
        return np.asarray(np.abs(shift).max(axis=1) <= _SHIFTED)

    @cached_property
    def _shifts(self) -> tuple[FloatArray, ...]:
        """Effects (G_j, 2) that add up to zero in every row: random ones less what fits them.

        A sum that the rows do not determine is zero here only by an accident of both columns.
        """
        draw = np.random.default_rng(0)
        random = [draw.uniform(1.0, 2.0, (size, 2)) for size in self.sizes]
        total = np.sum([a[c] for a, c in zip(random, self.codes, strict=True)], axis=0)
        fitted = projection(self.codes, self.sizes, None).effects(total)
        return tuple(a - b for a, b in zip(random, fitted, strict=True))

    def spanned(self, codes: Sequence[IntArray]) -> sparse.csr_array:
        """Weights (n, r) of these rows whose effects add up to those of others; all identified."""
        return spanned(self.codes, self.sizes, codes)

    @property
    def rank(self) -> int:
        """Number of independent parameters the fixed effects use up."""
        return self._projection.rank

    def parameters(self, counted: Counted, clusters: Sequence[IntArray] = ()) -> int:
        """Parameters counted against the degrees of freedom.

        Parameters
        ----------
        counted : "full" counts all; "none" none; "nonnested" (fixest, reghdfe) leaves out those
            of groupings that lie inside a cluster, but for one, the constant.
        clusters : codes (n,) of the cluster variables.
        """
        if counted == "none":
            return 0
        inside = [
            (codes, size)
            for codes, size in zip(self.codes, self.sizes, strict=True)
            if counted == "nonnested" and any(nested(codes, c) for c in clusters)
        ]
        if not inside:
            return self.rank
        codes, sizes = zip(*inside, strict=True)
        return self.rank - rank(codes, sizes) + 1
