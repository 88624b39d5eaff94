"""A design without some of its rows, for estimators that find out later which they cannot use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from panel.core.absorber import Absorber
from panel.core.design import Design
from panel.core.sample import BoolArray, Dropped
from panel.kernels.groups import compact


def noted(design: Design, gone: BoolArray, why: Dropped) -> Dropped:
    """The reason, with the rows ``gone`` (n,): how many, the first, and of which regions."""
    index = design.index[gone]
    units = tuple(index.get_level_values(0).unique())
    return replace(why, rows=int(gone.sum()), example=(index[0][0], index[0][1]), units=units)


def without(design: Design, gone: BoolArray, notes: Sequence[Dropped]) -> Design:
    """The design without rows ``gone`` (n,), the fixed effects taken out again of what is left.

    Columns that the remaining rows do not tell apart are still there: see ``checked`` and
    ``full_rank``.
    """
    keep = ~gone
    columns = tuple(c[keep] for c in design.columns)
    y, x = design.y[keep], np.column_stack(columns) if columns else design.X[keep]
    absorber = None if design.absorber is None else _kept(design.absorber, keep)
    within = None if absorber is None else absorber.residual([y, *columns])
    return replace(
        design,
        rows=design.rows[keep],
        y=y,
        columns=columns,
        w=None if design.w is None else design.w[keep],
        absorber=absorber,
        y_within=y if within is None else within[:, 0],
        X_within=x if within is None else within[:, 1:],
        dropped=(*design.dropped, *notes),
    )


def _kept(absorber: Absorber, keep: BoolArray) -> Absorber:
    """The fixed effects of some of the rows, without levels that have none."""
    codes, levels = [], []
    for old, names in zip(absorber.codes, absorber.levels, strict=True):
        used, present = compact(old[keep], len(names))
        codes.append(used)
        levels.append(tuple(names[g] for g in present))
    weights = None if absorber.weights is None else absorber.weights[keep]
    slopes = tuple(None if s is None else s[keep] for s in absorber.slopes)
    return Absorber(absorber.names, tuple(codes), tuple(levels), weights, slopes)
