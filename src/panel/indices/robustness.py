"""How ranks by an index depend on how it was built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from panel.core.frame import PanelFrame
from panel.errors import DataError
from panel.indices.composite import CompositeIndex, build


@dataclass(frozen=True, eq=False)
class RankComparison:
    """Ranks by several indices beside those of a first one.

    Parameters
    ----------
    ranks : by (unit, time), a column an index; rows that all of them rank, ranked among these.
    table : a row an index: correlation of its ranks within years with the first one's, mean and
        largest shift, and the unit and time of the largest.
    """

    ranks: pd.DataFrame
    table: pd.DataFrame

    @property
    def df(self) -> pd.DataFrame:
        """The table."""
        return self.table.copy()

    def __str__(self) -> str:
        first = self.ranks.columns[0]
        text = self.table.to_string(float_format=lambda v: f"{v:.3f}")
        return f"Ranks of {len(self.ranks)} rows within years, against {first!r}\n{text}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        head = escape(str(self).splitlines()[0])
        table = self.table.to_html(border=0, float_format=lambda v: f"{v:.3f}")
        return f"<div><p>{head}</p>{table}</div>"


def rank_comparison(indices: Mapping[str, CompositeIndex]) -> RankComparison:
    """Ranks within years by several indices of the same regions, compared with the first one's.

    Indices with different weights, standardisations or aggregations show what the choice does to
    ranks; ``entropy_weights(shift)`` for some shifts shows what the shift does.

    Raises
    ------
    DataError : fewer than two indices, or no year in which two rows are ranked by all.

    Source: OECD and JRC (2008), Handbook on Constructing Composite Indicators, table 23 and step 7.
    """
    if not isinstance(indices, Mapping) or len(indices) < 2:
        raise DataError(
            "Two or more indices can be compared.", variable="indices", value=len(indices),
            remedy='give {"entropy": one, "equal": another}.',
        )  # fmt: skip
    scores = pd.DataFrame({str(name): index.scores for name, index in indices.items()}).dropna()
    ranks = scores.groupby(level=1).rank(ascending=False, method="min")
    first = ranks.columns[0]
    centred = ranks - ranks.groupby(level=1).transform("mean")
    if len(ranks) < 2 or bool((centred[first] == 0).all()):
        raise DataError(
            "No two rows of one year are ranked by all indices.", variable=first,
            value=len(ranks), remedy="compare indices of the same regions and years.",
        )  # fmt: skip
    shift = ranks.sub(ranks[first], axis=0).abs()
    length = np.sqrt((centred**2).sum())
    with np.errstate(invalid="ignore"):  # an index that ranks nobody has no correlation
        correlation = centred.T @ centred[first] / (length * length[first])
    table = pd.DataFrame(
        {"correlation": correlation, "mean_shift": shift.mean(), "largest_shift": shift.max()}
    )
    at = [int(shift[name].argmax()) if shift[name].max() > 0 else None for name in shift]
    for level, name in enumerate(ranks.index.names):
        keys = ranks.index.get_level_values(level)
        where = [None if row is None else keys[row] for row in at]
        table[str(name)] = pd.Series(where, shift.columns, dtype=object)
    return RankComparison(ranks, table.rename_axis("index"))


def leave_one_out(index: CompositeIndex) -> RankComparison:
    """Ranks without each of the indicators, one at a time, the others weighted anew.

    Raises
    ------
    DataError : an index of one indicator, or a weighting that fewer indicators do not allow.

    Source: OECD and JRC (2008), Handbook, step 7.
    """
    names = tuple(index.recipe.indicators)
    if len(names) < 2:
        raise DataError(
            "An index of one indicator is nothing without it.", variable=names[0], value=1,
            remedy="leave_one_out is for two indicators and more.",
        )  # fmt: skip
    others = {f"without {v}": build(_rows(index), index.recipe.without(v)) for v in names}
    return rank_comparison({"all": index, **others})


def _rows(index: CompositeIndex) -> PanelFrame:
    """The rows that had all indicators: an indicator less must not bring others in."""
    return index.inputs.rows(index.scores.notna().to_numpy())
