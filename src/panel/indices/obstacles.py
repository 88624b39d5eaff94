"""Which indicators hold an index down."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from panel.errors import DataError
from panel.indices.composite import CompositeIndex
from panel.indices.measure import Measure


def obstacles(
    index: CompositeIndex, by: Literal["indicator", "subsystem"] = "indicator"
) -> Measure:
    """Obstacle degrees ``O_ij = w_j (1 - z_ij) / sum_j w_j (1 - z_ij)`` of an index's indicators.

    Weights w_j (of the year, where each year has its own) are the contributions of the factors,
    1 - z_ij their distances from the best; the degrees of a region and year add up to one.

    Parameters
    ----------
    index : of indicators standardised to 0..1, as ``min_max()`` does.
    by : "indicator", or "subsystem" for sums by subsystem.

    Returns
    -------
    Measure with a column an indicator (or subsystem) and "largest", the greatest obstacle. A region
    that is best in everything has no obstacles, and no figures.

    Raises
    ------
    DataError : standardised values outside 0..1, negative weights, or no subsystems.
    """
    if by not in ("indicator", "subsystem") or (by == "subsystem" and not index.recipe.subsystems):
        raise DataError(
            f"The index has no obstacles by {by!r}.", variable="by", value=by,
            remedy='write "indicator"; "subsystem" needs an index of subsystems.',
        )  # fmt: skip
    z = index.standardised
    weights = index.by_year.loc[z.index.get_level_values(1)].to_numpy()  # (n, m)
    values = z.to_numpy(dtype=np.float64)
    for row, j in np.argwhere((values < 0) | (values > 1) | (weights < 0))[:1]:
        raise DataError(
            f"{z.columns[j]!r} is {values[row, j]:.4g} with weight {weights[row, j]:.4g}; "
            "obstacles need values of 0..1 and weights that are not negative.",
            variable=str(z.columns[j]), value=float(values[row, j]),
            remedy="standardise by min_max(), weigh by another method.",
        )  # fmt: skip
    gap = pd.DataFrame(weights * (1 - values), z.index, z.columns)
    total = gap.sum(axis=1)
    degrees = gap.div(total.where(total > 0), axis=0)
    groups = index.recipe.subsystems
    if by == "subsystem":
        degrees = degrees.T.groupby(lambda v: groups[v], sort=False).sum(min_count=1).T
    names = list(degrees.columns)
    there = degrees.notna().all(axis=1)
    largest = pd.Series(None, index=degrees.index, dtype=object)
    largest[there] = degrees[there].idxmax(axis=1)
    table = degrees.assign(largest=largest).reindex(index.scores.index)
    frame = index.inputs
    languages = ("en", "zh", "ru")
    labels = {v: {k: frame.label(v, k) if v in frame else v for k in languages} for v in names}
    said = {"en": "Largest obstacle", "zh": "首要障碍因子", "ru": "Главное препятствие"}
    text = f"w (1 - z) / sum w (1 - z) of {index.recipe.expression}"
    return Measure(
        f"Obstacle degrees of {index.name!r}", table, labels | {"largest": said}, text,
        tuple(index.recipe.indicators), index.n_missing + index.n_infinite, labels,
    )  # fmt: skip
