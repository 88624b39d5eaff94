"""Space in a distribution: Moran's I, and moves given the neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from panel.core.frame import FloatArray, IntArray, PanelFrame
from panel.core.labels import Label
from panel.core.spatial_weights import SpatialWeights, matrix_weights
from panel.core.test import Test
from panel.errors import DataError
from panel.inequality.observed import Observed, observed
from panel.inequality.transitions import (
    Breaks,
    Markov,
    classed,
    homogeneity_test,
    markov,
)
from panel.inequality.wording import as_html, as_text, headed, titled, z_named
from panel.kernels import spatial as kernel
from panel.kernels.seeds import require_seed
from panel.kernels.transitions import counts, probabilities

# The variance of Moran's I divides by N - 3.
_FEWEST = 4
_QUADRANTS = np.array([["LL", "LH"], ["HL", "HH"]])


@dataclass(frozen=True, eq=False)
class Moran:
    """Spatial association of a variable by year.

    Parameters
    ----------
    variable : its label in three languages.
    df : for the global statistic one row a year: n, moran, expected, std_error, statistic, p_value
        (normal, values assigned at random), p_permutation; for local ones one row a region and
        year: local, lag, quadrant, p_permutation.
    notes : what a reader must know of weights, rows and settings.
    """

    variable: Label
    df: pd.DataFrame
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> Label:
        """What a table of it is called, in three languages."""
        return titled("moran", self.variable)

    def tidy(self) -> pd.DataFrame:
        """:attr:`df` with the index as columns."""
        return self.df.reset_index()

    def labelled(self, language: str = "en") -> pd.DataFrame:
        """:attr:`df` with headings in English ("en"), Chinese ("zh") or Russian ("ru")."""
        return headed(z_named(self.df), language)

    def __str__(self) -> str:
        return as_text(str(self.title), self.df, self.notes)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return as_html(str(self.title), self.labelled(), self.notes)


def moran(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    weights: SpatialWeights | pd.DataFrame,
    *,
    permutations: int = 999,
    seed: int = 0,
    sample: str | None = None,
) -> Moran:
    """Moran's I of a variable in each year: are neighbours alike?

    ``I = N/S0 z'Wz / z'z``, z in deviation from the mean. Its moments and the permutations hold the
    values and assign them to places at random.

    Parameters
    ----------
    variable : an expression.
    weights : of regions as the frame names them; those of regions without a value in a year are
        left out that year, and rows standardised anew.
    permutations, seed : number of random assignments, and the start of the random numbers.
    sample : condition that rows must meet.

    Returns
    -------
    Moran; p-values are two-sided, that of the permutations ``2 (1 + m)/(R + 1)`` with m the smaller
    number of them beyond I.

    Raises
    ------
    UnknownRegionError : a region without weights.
    DataError : a region without a neighbour, weights that are the same for all pairs, a year with
        fewer than four regions or without variation, or settings out of range.
    EmptySampleError, UnknownVariableError, NotNumericError, FormulaError : from the expressions.

    References
    ----------
    Moran (1950), Biometrika 37; Cliff and Ord (1981), Spatial Processes.
    """
    data, w = _given(frame, variable, weights, sample, permutations)
    rows = []
    for year, at in _years(data):
        x, matrix = data.x[at], _matrix(w, data, at, year)
        found = kernel.moran(x, matrix)
        error = np.sqrt(found.variance)
        z = (found.value - found.expected) / error
        mixed = kernel.permuted_moran(x, matrix, permutations, _generator(seed))
        rows.append({
            data.frame.time: year, "n": len(at), "moran": found.value, "expected": found.expected,
            "std_error": error, "statistic": z, "p_value": 2 * stats.norm.sf(abs(z)),
            "p_permutation": float(kernel.two_sided(np.asarray(found.value), mixed)),
        })  # fmt: skip
    table = pd.DataFrame(rows).set_index(data.frame.time)
    return Moran(data.label, table, _notes(data, w, permutations, seed))


def local_moran(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    weights: SpatialWeights | pd.DataFrame,
    *,
    permutations: int = 999,
    seed: int = 0,
    sample: str | None = None,
) -> Moran:
    """Local Moran statistics of each region and year: where are neighbours alike?

    ``I_i = z_i sum_j w_ij z_j / (z'z/N)``; with standardised rows their mean is Moran's I. Quadrant
    HH is a high value among high neighbours, LH a low one among high ones. In the permutations the
    region keeps its value and the others are assigned at random.

    Parameters
    ----------
    variable, weights, permutations, seed, sample : as for :func:`panel.moran`. With many regions
        correct the p-values, as by ``panel.holm``.

    Returns
    -------
    Moran; ``lag`` is the neighbours' weighted value.

    Raises
    ------
    UnknownRegionError, DataError, EmptySampleError, UnknownVariableError, NotNumericError,
    FormulaError : as :func:`panel.moran`.

    References
    ----------
    Anselin (1995), Geographical Analysis 27.
    """
    data, w = _given(frame, variable, weights, sample, permutations)
    parts = []
    for year, at in _years(data):
        x, matrix = data.x[at], _matrix(w, data, at, year)
        value, lag = kernel.local_moran(x, matrix), matrix @ x
        mixed = kernel.permuted_local(x, matrix, permutations, _generator(seed))
        high = matrix @ (x - x.mean()) > 0
        parts.append(pd.DataFrame({
            "local": value, "lag": lag,
            "quadrant": _QUADRANTS[(x > x.mean()).astype(int), high.astype(int)],
            "p_permutation": kernel.two_sided(value, mixed),
        }, index=data.frame.table.index[data.rows[at]]))  # fmt: skip
    return Moran(data.label, pd.concat(parts).sort_index(), _notes(data, w, permutations, seed))


# ---- Markov ----------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class SpatialMarkov:
    """Transitions given the class of the neighbours at the start.

    Parameters
    ----------
    chain : of all moves.
    counts : moves by (lag, from), one column a class moved to; lag is the neighbours' class.
    lags : the neighbours' value by (unit, time).
    limits : upper limits of the neighbours' classes.
    test : that probabilities are the same whatever the neighbours.
    notes : what a reader must know of weights, rows and settings.
    """

    chain: Markov
    counts: pd.DataFrame
    lags: pd.Series
    limits: pd.DataFrame
    test: Test
    notes: tuple[str, ...] = ()

    @property
    def df(self) -> pd.DataFrame:
        """Probabilities by (lag, from); missing in a row that no region leaves from."""
        p = probabilities(self.counts.to_numpy())
        return pd.DataFrame(p, index=self.counts.index, columns=self.counts.columns)

    @property
    def title(self) -> Label:
        """What a table of it is called, in three languages."""
        return titled("spatial transitions", self.chain.variable)

    def tidy(self) -> pd.DataFrame:
        """One row a class of neighbours and pair of classes: moves and probability."""
        moves = self.counts.reset_index().melt(["lag", "from"], var_name="to", value_name="moves")
        shares = self.df.reset_index().melt(["lag", "from"], value_name="estimate")
        return moves.assign(estimate=shares["estimate"]).sort_values(
            ["lag", "from", "to"], ignore_index=True
        )

    def labelled(self, language: str = "en") -> pd.DataFrame:
        """:meth:`tidy` with headings in English ("en"), Chinese ("zh") or Russian ("ru")."""
        return headed(self.tidy(), language)

    @property
    def _lines(self) -> tuple[str, ...]:
        return (f"{self.test.name}: {self.test._result()}", *self.notes)

    def __str__(self) -> str:
        return as_text(str(self.title), self.df, self._lines)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return as_html(str(self.title), self.df, self._lines)


def spatial_markov(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    weights: SpatialWeights | pd.DataFrame,
    *,
    classes: int | Sequence[float] = 4,
    lag_classes: int | Sequence[float] | None = None,
    breaks: Breaks = "pooled",
    step: int = 1,
    sample: str | None = None,
) -> SpatialMarkov:
    """Transition matrices by the class of the neighbours at the start of the move.

    Parameters
    ----------
    variable, classes, breaks, step, sample : as for :func:`panel.markov`.
    weights : of regions as the frame names them; see :func:`panel.moran`.
    lag_classes : number of classes of the neighbours' values, by quantiles of their own, or their
        upper limits; as ``classes`` if left out.

    Returns
    -------
    SpatialMarkov, with the test of equal probabilities: chi-squared by Bickenbach and Bode (2003).

    Raises
    ------
    UnknownRegionError, DataError, CalendarError, EstimationError, EmptySampleError,
    UnknownVariableError, NotNumericError, FormulaError : as :func:`panel.markov` and
        :func:`panel.moran`.

    References
    ----------
    Rey (2001), Geographical Analysis 33; Bickenbach and Bode (2003), International Regional Science
    Review 26.
    """
    data, w = _given(frame, variable, weights, sample, 1)
    chain = markov(data.frame, variable, classes=classes, breaks=breaks, step=step, sample=sample)
    lag = np.empty(len(data.x))
    for _, at in data.years():
        lag[at] = w.select(_names(data, at)).lag(data.x[at])
    codes, limits = classed(data, lag, classes if lag_classes is None else lag_classes, breaks)
    index = data.frame.table.index[data.rows]
    of_move = codes[index.get_indexer(chain.moves.index)]
    table = _by_lag(chain, of_move, limits.shape[1] + 1)
    test = homogeneity_test(
        table, "Homogeneity of transitions over neighbours",
        "probabilities of transition do not depend on the neighbours",
    )  # fmt: skip
    m, k, _ = table.shape
    rows = pd.MultiIndex.from_product([range(1, m + 1), range(1, k + 1)], names=["lag", "from"])
    return SpatialMarkov(
        chain, pd.DataFrame(table.reshape(m * k, k), rows, chain.counts.columns),
        pd.Series(lag, index, name="lag"), limits, test, (*chain.notes, f"Weights: {w}."),
    )  # fmt: skip


def _by_lag(chain: Markov, lag: IntArray, m: int) -> FloatArray:
    """Moves (m, k, k) by the class of the neighbours."""
    start, end = (chain.moves[c].to_numpy(dtype=np.int64) - 1 for c in ("from", "to"))
    k = len(chain.counts)
    return np.stack([counts(start[lag == g], end[lag == g], k) for g in range(m)])


# ---- what they share -------------------------------------------------------------------


def _given(
    frame: PanelFrame | pd.DataFrame, variable: str, weights: SpatialWeights | pd.DataFrame,
    sample: str | None, permutations: int,
) -> tuple[Observed, SpatialWeights]:  # fmt: skip
    if isinstance(permutations, bool) or not isinstance(permutations, Integral) or permutations < 1:
        raise DataError(
            f"permutations must be a whole number from 1, not {permutations!r}.",
            variable="permutations", value=permutations, remedy="give 999.",
        )  # fmt: skip
    w = weights if isinstance(weights, SpatialWeights) else matrix_weights(weights)
    return observed(frame, variable, sample=sample), w


def _names(data: Observed, at: IntArray) -> list[Any]:
    return [data.frame.units[u] for u in data.units[at]]


def _matrix(w: SpatialWeights, data: Observed, at: IntArray, year: Any) -> FloatArray:
    """Weights (N, N) of the regions at hand, which must not all be alike."""
    matrix = w.select(_names(data, at)).matrix
    others = matrix[~np.eye(len(matrix), dtype=bool)]
    if np.ptp(others) <= 1e-12 * others.max():
        raise DataError(
            f"All {data.frame.unit}s are neighbours of all others alike ({year}), so that Moran's "
            "I is the same whatever their values.",
            variable=data.variable, value=str(year), remedy="use weights that tell them apart.",
        )  # fmt: skip
    return matrix


def _years(data: Observed) -> list[tuple[Any, IntArray]]:
    found = list(data.years())
    for year, at in found:
        if len(at) < _FEWEST or np.ptp(data.x[at]) == 0:
            raise DataError(
                f"{year} has {len(at)} {data.frame.unit}s with {len(np.unique(data.x[at]))} "
                f"different values of {data.variable!r}; Moran's I needs {_FEWEST} that vary.",
                variable=data.variable, value=year, remedy=f"leave that {data.frame.time} out.",
            )  # fmt: skip
    return found


def _generator(seed: int) -> np.random.Generator:
    """The same permutations in every year, whichever years are asked for."""
    return np.random.default_rng(require_seed(seed))


def _notes(data: Observed, w: SpatialWeights, permutations: int, seed: int) -> tuple[str, ...]:
    return (*data.notes, f"Weights: {w}.", f"{permutations} permutations, seed {seed}.")
