"""Which columns of a design say something of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from panel.core.sample import BoolArray, Dropped
from panel.errors import DataError
from panel.kernels.lstsq import independent, squares

if TYPE_CHECKING:
    from panel.core.design import Design
    from panel.core.frame import FloatArray

# A column that keeps less than this share of its size is explained by the fixed effects alone.
NOTHING_LEFT = 1e-10
# A sum of squares below this has lost digits: numbers end at 1e-308, and lose them before.
_SMALLEST = 1e-290
ZERO = "zero"


def full_rank(design: Design) -> Design:
    """The design without columns that the fixed effects or others explain.

    A regressor gives way to those before it, an endogenous one also to all exogenous ones.
    """
    last = np.array([name in design.endogenous for name in design.names], dtype=bool)
    order = np.argsort(last, kind="stable") if design.endogenous else slice(None)
    names = [str(n) for n in np.array(design.names, dtype=object)[order]]
    columns = [design.columns[j] for j in np.arange(len(names))[order]]
    within = design.X_within[:, order]
    own = design.w is None and not design.endogenous
    kept, reasons = _independent(design, names, columns, within, known=own)
    if reasons:
        keep = np.empty(len(names), dtype=bool)
        keep[order] = kept
        gone = {d.column for d in reasons}
        design = replace(
            design,
            names=tuple(n for n in design.names if n not in gone),
            columns=tuple(c for c, k in zip(design.columns, keep, strict=True) if k),
            X_within=design.X_within[:, keep].copy(),
            dropped=(*design.dropped, *reasons),
            endogenous=tuple(n for n in design.endogenous if n not in gone),
        )
    return _full_rank_instruments(design)


def _full_rank_instruments(design: Design) -> Design:
    """The design without instruments that add nothing to the exogenous regressors."""
    z, within = design.Z, design.Z_within
    if z is None or within is None:
        return design
    exogenous = [j for j, name in enumerate(design.names) if name not in design.endogenous]
    kept, reasons = _independent(
        design,
        [*(design.names[j] for j in exogenous), *design.instruments],
        [*(design.columns[j] for j in exogenous), *z.T],
        np.column_stack([design.X_within[:, exogenous], within]),
    )
    keep = kept[len(exogenous) :]
    return replace(
        design,
        instruments=tuple(n for n, k in zip(design.instruments, keep, strict=True) if k),
        Z=z[:, keep].copy(),
        Z_within=within[:, keep].copy(),
        dropped=(*design.dropped, *(replace(d, kind=f"instrument {d.kind}") for d in reasons)),
    )


def own_squares(name: str, column: FloatArray, w: FloatArray | None) -> float:
    """Weighted sum of squares of a column (n,).

    Raises
    ------
    DataError : its figures are so large or so small that their squares are not numbers.
    """
    with np.errstate(over="ignore", under="ignore"):
        found = squares(column, w)
    if not np.isfinite(found) or (found < _SMALLEST and bool(column.any())):
        largest = float(np.abs(column).max())
        raise DataError(
            f"{name!r} has figures of {largest:.0e}, whose squares the computer cannot hold.",
            variable=name,
            value=largest,
            remedy="use a unit in which they are nearer to one.",
        )
    return found


def _independent(
    design: Design,
    names: Sequence[str],
    columns: Sequence[FloatArray],
    within: FloatArray,
    *,
    known: bool = False,
) -> tuple[BoolArray, list[Dropped]]:
    """Which of k columns (n,) add something to those before them, and why the others do not.

    Parameters
    ----------
    within : (n, k) the columns with the fixed effects taken out.
    known : whether they are the design's own columns, without weights, whose products it knows.
    """
    w = design.w
    lengths = np.sqrt([own_squares(n, c, w) for n, c in zip(names, columns, strict=True)])
    if w is not None:
        within = within * np.sqrt(w)[:, None]
    keep = independent(within, lengths, design.products if known else None)
    if bool(keep.all()):
        return keep, []
    left = np.linalg.norm(within, axis=0)
    return keep, [
        Dropped(
            ZERO if lengths[j] == 0 else "absorbed"
            if design.absorber is not None and left[j] <= NOTHING_LEFT * lengths[j]
            else "collinear",
            column=names[j],
        )
        for j in map(int, np.flatnonzero(~keep))
    ]  # fmt: skip
