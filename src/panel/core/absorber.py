"""Fixed effects: what is absorbed, exactly, and how many parameters that costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import sparse

from panel.errors import FormulaError
from panel.kernels.absorb import Projection, projection
from panel.kernels.groups import nested
from panel.kernels.span import spanned
from panel.kernels.varying import Varying

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
    slopes : m variables (n,) on which the groups have slopes of their own, None for groups that
        have a constant: ``province[x]`` is two groupings, of constants and of slopes on x.

    Notes
    -----
    :meth:`residualize` is linear and idempotent to 1e-12 for one and two groupings and 1e-10 for
    more, or raises ConvergenceError. Slopes of one grouping are exact, beside others iterated.
    """

    names: tuple[str, ...]
    codes: tuple[IntArray, ...]
    levels: tuple[tuple[Any, ...], ...]
    weights: FloatArray | None = None
    slopes: tuple[FloatArray | None, ...] = ()

    def __post_init__(self) -> None:
        if not self.slopes:
            object.__setattr__(self, "slopes", (None,) * len(self.codes))
        for array in (*self.codes, self.weights, *self.slopes):
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
        if self.varying:
            return Varying(self.codes, self.sizes, self.slopes, self.weights)
        return projection(self.codes, self.sizes, self.weights)

    @property
    def varying(self) -> bool:
        """Whether groups have slopes of their own."""
        return any(s is not None for s in self.slopes)

    def plain(self, what: str) -> Absorber:
        """The absorber, where it is of constants only.

        Parameters
        ----------
        what : the procedure that cannot do with slopes, for the error.

        Raises
        ------
        FormulaError : naming the slopes.
        """
        if self.varying:
            names = [n for n, s in zip(self.names, self.slopes, strict=True) if s is not None]
            raise FormulaError(
                f"{what} takes no slopes that vary by group.",
                variable=" + ".join(names),
                remedy="write the slopes as interactions, i(province, x), where they are few.",
            )
        return self

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

        Levels that no chain of rows connects can be shifted against one another. Slopes of groups
        are taken as determined; one that is not has no value.

        Parameters
        ----------
        codes : m arrays (r,) of group numbers, of these rows or others.
        """
        if not any(s is None for s in self.slopes):
            return np.ones(len(codes[0]), dtype=bool)
        own = [c for c, s in zip(codes, self.slopes, strict=True) if s is None]
        shift = np.sum([a[c] for a, c in zip(self._shifts, own, strict=True)], axis=0)
        return np.asarray(np.abs(shift).max(axis=1) <= _SHIFTED)

    @cached_property
    def _shifts(self) -> tuple[FloatArray, ...]:
        """Effects (G_j, 2) that add up to zero in every row: random ones less what fits them.

        A sum that the rows do not determine is zero here only by an accident of both columns.
        """
        draw = np.random.default_rng(0)
        own = self.only([j for j, s in enumerate(self.slopes) if s is None])
        random = [draw.uniform(1.0, 2.0, (size, 2)) for size in own.sizes]
        total = np.sum([a[c] for a, c in zip(random, own.codes, strict=True)], axis=0)
        fitted = projection(own.codes, own.sizes, None).effects(total)
        return tuple(a - b for a, b in zip(random, fitted, strict=True))

    def spanned(self, codes: Sequence[IntArray]) -> sparse.csr_array:
        """Weights (n, r) of these rows whose effects add up to those of others; all identified."""
        return spanned(self.plain("A standard error of a prediction").codes, self.sizes, codes)

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
            j
            for j, codes in enumerate(self.codes)
            if counted == "nonnested" and any(nested(codes, c) for c in clusters)
        ]
        if not inside:
            return self.rank
        return self.rank - self.only(inside).rank + 1

    def only(self, chosen: Sequence[int]) -> Absorber:
        """Some of the groupings."""
        return Absorber(
            tuple(self.names[j] for j in chosen),
            tuple(self.codes[j] for j in chosen),
            tuple(self.levels[j] for j in chosen),
            self.weights,
            tuple(self.slopes[j] for j in chosen),
        )
