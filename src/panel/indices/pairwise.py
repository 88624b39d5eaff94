"""Weights from comparing indicators in pairs: the analytic hierarchy process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from numbers import Real
from typing import Literal

import numpy as np
import pandas as pd

from panel.core.frame import FloatArray
from panel.errors import DataError, suggest
from panel.indices.weighting import Names, Weighting, Weights
from panel.kernels.weights import eigenvector_priorities, geometric_priorities

RandomIndex = Literal["classical", "saaty_2005", "donegan_dodd"]

# By number of compared things: Saaty's first table as it stands in R mathmodels (AHP), his later
# one and that of Donegan and Dodd as they stand in AHPy 2.1.
RANDOM_INDEX = {
    "classical": (
        0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59,
    ),
    "saaty_2005": (
        0.0, 0.0, 0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59,
    ),
    "donegan_dodd": (
        0.0, 0.0, 0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055, 1.4213, 1.4497,
        1.4643, 1.4822, 1.4969,
    ),
}  # fmt: skip
_MOST = len(RANDOM_INDEX["classical"])

# 1/3 written with three digits has a product of 0.999 with 3.
_RECIPROCAL = 0.01


def ahp_weights(
    comparisons: pd.DataFrame | Mapping[str, Mapping[str, float]],
    method: Literal["eigenvector", "geometric mean"] = "eigenvector",
    *,
    limit: float = 0.1,
    random_index: RandomIndex = "classical",
) -> Weights:
    """Weights by the analytic hierarchy process.

    Parameters
    ----------
    comparisons : how many times as important the row's indicator is as the column's, 1 to 9 or one
        over it; index and columns are the same names, of indicators or of subsystems. Or each pair
        once, ``{"a": {"b": 3, "c": 5}, "b": {"c": 2}}``, of which the rest follows.
    method : "eigenvector" (Saaty) or "geometric mean" of rows.
    limit : largest consistency ratio ``CR = (lambda - m)/((m - 1) RI)`` that is accepted; lambda is
        the largest eigenvalue (the mean of (aw)_i/w_i for the geometric mean), RI the random index.
    random_index : whose table of RI: "classical", Saaty's first (0.58 for three things);
        "saaty_2005", his later one (0.52); or "donegan_dodd" (0.4914), their simulation of 1991.

    Raises
    ------
    DataError : not square, not positive, not reciprocal, or of more than 15 things; when used,
        names without comparisons, or a ratio above ``limit``.

    References
    ----------
    Saaty (1977), Journal of Mathematical Psychology 15; Crawford and Williams (1985), ibid. 29.
    Saaty (2005), Theory and Applications of the Analytic Network Process, p. 31. Donegan and Dodd
    (1991), Mathematical and Computer Modelling 15(10).
    OECD and JRC (2008), Handbook, 6.7: below 0.1 by the rule of thumb, though 0.2 is often cited.
    """
    if method not in ("eigenvector", "geometric mean"):
        raise DataError(
            f"Method {method!r} is not known.", variable="method", value=method,
            remedy=suggest(str(method), ("eigenvector", "geometric mean")),
        )  # fmt: skip
    if not isinstance(random_index, str) or random_index not in RANDOM_INDEX:
        raise DataError(
            f"The random index {random_index!r} is not known.", variable="random_index",
            value=random_index, remedy=suggest(str(random_index), RANDOM_INDEX),
        )  # fmt: skip
    if isinstance(limit, bool) or not isinstance(limit, Real):
        raise DataError(
            f"The limit {limit!r} is no number.", variable="limit", value=limit, remedy="give 0.1."
        )
    if isinstance(comparisons, Mapping):
        comparisons = _paired(comparisons)
    _checked(comparisons)
    frozen = (tuple(map(str, comparisons.index)), comparisons.to_numpy(dtype=np.float64).copy())
    frozen[1].flags.writeable = False
    table = RANDOM_INDEX[random_index]
    rule = partial(_ahp, given=frozen, method=method, limit=limit, table=table)
    said = "" if random_index == "classical" else f", random index {random_index}"
    return Weights(f"AHP weights ({method}{said})", rule)


def _ahp(
    _z: FloatArray,
    names: Names,
    given: tuple[Names, FloatArray],
    method: str,
    limit: float,
    table: tuple[float, ...],
) -> Weighting:
    known, matrix = given
    for name in names:
        if name not in known:
            raise DataError(
                f"{name!r} is not among the things compared.", variable=name,
                remedy=suggest(name, known),
            )  # fmt: skip
    at = [known.index(name) for name in names]
    a = matrix[np.ix_(at, at)]
    solve = eigenvector_priorities if method == "eigenvector" else geometric_priorities
    weights, root = solve(a)
    m = len(names)
    index = (root - m) / (m - 1)
    ratio = index / table[m - 1] if m > 2 else 0.0
    if ratio > limit:
        raise _inconsistent(names, a, weights, ratio, limit)
    stats = {"largest_root": root, "consistency_index": index, "consistency_ratio": ratio}
    return Weighting(weights, stats=stats)


def _inconsistent(
    names: Names, a: FloatArray, weights: FloatArray, ratio: float, limit: float
) -> DataError:
    """An error that names the pair whose comparison fits the weights least."""
    gap = np.abs(np.log(a) - np.log(np.outer(weights, 1 / weights)))
    i, j = np.unravel_index(int(np.argmax(gap)), gap.shape)
    return DataError(
        f"The comparisons contradict each other: consistency ratio {ratio:.3f}, limit {limit:g}.",
        variable=f"{names[i]}, {names[j]}",
        value=ratio,
        remedy=f"reconsider {names[i]!r} over {names[j]!r}, {a[i, j]:.3g}, where the others imply "
        f"{weights[i] / weights[j]:.3g}; or raise limit=.",
    )


def _paired(pairs: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """The table of pairs that are given once; the opposite of each is its reciprocal."""
    for name, row in pairs.items():
        if not isinstance(row, Mapping):
            raise DataError(
                f"{name!r} is compared with {row!r}.", variable=str(name), value=row,
                remedy='give {"a": {"b": 3}} where a is three times as important as b.',
            )  # fmt: skip
    names = list(dict.fromkeys([*pairs, *(name for row in pairs.values() for name in row)]))
    table = pd.DataFrame(np.eye(len(names)), index=names, columns=names)
    table = table.replace(0.0, np.nan).astype(object)
    given = [(a, b, value) for a, row in pairs.items() for b, value in row.items()]
    for a, b, value in given:
        if isinstance(value, Real) and value > 0:
            table.loc[b, a] = 1 / float(value)
    for a, b, value in given:
        table.loc[a, b] = value
    return table


def _checked(comparisons: pd.DataFrame) -> None:
    if not isinstance(comparisons, pd.DataFrame) or not comparisons.index.equals(
        comparisons.columns
    ):
        raise DataError(
            "The comparisons are not a table with the same names as index and columns.",
            variable="comparisons", value=type(comparisons).__name__,
            remedy="give pandas.DataFrame(matrix, index=names, columns=names), or pairs as "
            '{"a": {"b": 3, "c": 5}, "b": {"c": 2}}.',
        )  # fmt: skip
    m = len(comparisons)
    if not 2 <= m <= _MOST or comparisons.index.has_duplicates:
        raise DataError(
            f"{m} things are compared.", variable="comparisons", value=m,
            remedy=f"compare 2 to {_MOST} different ones; use subsystems for more.",
        )  # fmt: skip
    a = comparisons.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=np.float64)
    bad = ~(np.isfinite(a) & (a > 0))
    if not bad.any():
        bad = np.abs(a * a.T - 1) > _RECIPROCAL
    for i, j in np.argwhere(bad)[:1]:
        one, two = comparisons.iloc[i, j], comparisons.iloc[j, i]
        raise DataError(
            f"{comparisons.index[i]!r} over {comparisons.index[j]!r} is {one}, the other way "
            f"round {two}.",
            variable=str(comparisons.index[i]), value=one,
            remedy="give positive numbers, each the reciprocal of the opposite one.",
        )  # fmt: skip
