"""Composite index by the entropy-weight method."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from panel.core.frame import PanelFrame
from panel.errors import DataError, suggest
from panel.indices.composite import CompositeIndex, composite_index
from panel.indices.indicators import Direction, Directions
from panel.indices.standardise import min_max
from panel.indices.weighting import entropy_weights

__all__ = ["Direction", "entropy_index"]


def entropy_index(
    frame: PanelFrame | pd.DataFrame,
    indicators: Directions,
    *,
    standardise: Literal["pooled", "by_year"] = "pooled",
    shift: float = 0.0,
    name: str = "index",
) -> CompositeIndex:
    """Entropy-weight index of several indicators, with one set of weights for the whole panel.

    Every indicator is brought to 0..1, ``z = (x - min)/(max - min)`` where more is better ("+")
    and ``z = (max - x)/(max - min)`` where less is ("-"), then weighted by
    ``p_ij = z_ij/sum_i z_ij``, ``e_j = -sum_i p_ij ln p_ij / ln n``,
    ``w_j = (1 - e_j)/sum_j(1 - e_j)``, index ``= sum_j w_j z_ij`` with i over region-years. It is
    :func:`composite_index` with ``min_max()`` and ``entropy_weights()``.

    Parameters
    ----------
    frame : the panel, or a DataFrame with a (unit, time) index.
    indicators : direction by variable.
    standardise : "pooled" takes minimum and maximum over the whole panel, so that a region can
        rise over the years; "by_year" within each year, so that it can only rise in rank.
    shift : added to every z before weighting. 0 (the default) uses the limit 0 ln 0 = 0; many
        papers add 0.0001 instead to avoid the logarithm of zero, which changes weights slightly.
    name : of the index.

    Raises
    ------
    UnknownVariableError : an indicator that the frame does not have.
    NotNumericError : an indicator that is text.
    DataError : no panel, no indicator or no mapping of them, a direction other than "+" and "-",
        fewer than two complete rows, or an indicator that does not vary (or does not
        vary within a year).

    References
    ----------
    Shannon (1948), Bell System Technical Journal 27; Zeleny (1982), Multiple Criteria Decision
    Making, ch. 7; the panel form as in Yang and Sun (2015), "The entropy method for panel data".
    """
    if standardise not in ("pooled", "by_year"):
        raise DataError(
            f"Standardisation {standardise!r} is not known.", variable="standardise",
            value=standardise, remedy=suggest(str(standardise), ("pooled", "by_year")),
        )  # fmt: skip
    weights = entropy_weights(shift)  # refuses a shift that is none
    over: Literal["panel", "year"] = "panel" if standardise == "pooled" else "year"
    scale = min_max(over, interval=(shift, 1.0 + shift))
    unshifted = entropy_weights() if shift else weights  # the shift is in z already
    return composite_index(frame, indicators, weights=unshifted, scale=scale, name=name)
