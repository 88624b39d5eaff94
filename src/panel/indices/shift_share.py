"""Shift-share (Bartik) instruments: common shocks weighted by each region's shares."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from panel.core.frame import FloatArray
from panel.errors import DataError, DuplicateKeyError, NotNumericError, suggest


@dataclass(frozen=True, eq=False)
class ShiftShare:
    """A shift-share variable and what it is made of.

    Parameters
    ----------
    values : by (unit, time), missing where a share or a shock that it needs is.
    total_share : by (unit, time), the sum of the shares. Where it differs between regions, the
        region's total interacted with periods belongs among the controls (Borusyak, Hull and
        Jaravel 2022).
    importance : by industry, its part of all shares, adding up to one.
    """

    values: pd.Series
    total_share: pd.Series
    importance: pd.Series

    @property
    def effective_shocks(self) -> float:
        """Number of equally important industries with the same concentration, one over the sum of
        squared importances; identification from shocks needs it to be large."""
        return float(1.0 / (self.importance**2).sum())

    def __str__(self) -> str:
        low, high = self.total_share.min(), self.total_share.max()
        leading = ", ".join(f"{k} {v:.1%}" for k, v in self.importance.nlargest(3).items())
        return (
            f"Shift-share variable {self.values.name!r}: {self.values.notna().sum()} values, "
            f"{self.values.isna().sum()} missing\n"
            f"  {len(self.importance)} industries, as many as {self.effective_shocks:.1f} equal "
            f"ones; most important: {leading}\n"
            f"  shares add up to {low:.3g} to {high:.3g}"
        )

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def shift_share(
    shares: pd.DataFrame, shocks: pd.DataFrame, *, name: str = "shift_share"
) -> ShiftShare:
    """Shift-share variable ``z_it = sum_k s_ik g_kt``.

    Parameters
    ----------
    shares : s, one column an industry; one row a region, from a base year before the shocks, or one
        row a (region, year) if they change.
    shocks : g, the same columns; one row a year, or one row a (region, year) for shocks that leave
        the region itself out.
    name : of the variable.

    Returns
    -------
    ShiftShare; ``frame.assign(z=found.values)`` puts it into a frame. Where a share is exactly
    zero, a missing shock does not matter.

    Raises
    ------
    DataError : the industries differ, a share is negative, or neither table has years.
    NotNumericError : text among the figures.
    DuplicateKeyError : two rows for one region or year.

    References
    ----------
    Bartik (1991); Goldsmith-Pinkham, Sorkin and Swift (2020), American Economic Review 110;
    Borusyak, Hull and Jaravel (2022), Review of Economic Studies 89.
    """
    require_exposure(shares, shocks)
    index = _keys(shares, shocks)
    return ShiftShare(
        pd.Series(industry_parts(shares, shocks, index).sum(axis=1), index=index, name=name),
        pd.Series(for_keys(shares, index, 0).sum(axis=1), index=index, name="total_share"),
        (shares.sum() / shares.to_numpy().sum()).rename("importance"),
    )


def require_exposure(shares: pd.DataFrame, shocks: pd.DataFrame) -> None:
    """Stop where shares and shocks do not go together (DataError and its like)."""
    require_shares(shares)
    _checked(shocks, "shocks")
    _require_same_industries(shares, shocks)


def require_shares(shares: pd.DataFrame) -> None:
    """Stop where a table of shares is none (DataError and its like)."""
    _checked(shares, "shares")
    _require_nonnegative(shares)


def industry_parts(shares: pd.DataFrame, shocks: pd.DataFrame, index: pd.MultiIndex) -> FloatArray:
    """What each industry adds to the variable, ``s_ik g_kt`` (n, k), in the order of ``shares``."""
    s = for_keys(shares, index, 0)
    g = for_keys(shocks[list(shares.columns)], index, 1)
    return np.where(s == 0, 0.0, s * g)


def _checked(table: pd.DataFrame, what: str) -> None:
    if not isinstance(table, pd.DataFrame) or not len(table.columns) or not len(table):
        raise DataError(
            f"{what} must be a DataFrame with a column an industry, not "
            f"{type(table).__name__} of shape {getattr(table, 'shape', '()')}.",
            variable=what,
            value=type(table).__name__,
            remedy="put regions (shares) or years (shocks) into its index.",
        )
    text = [c for c in table if not pd.api.types.is_numeric_dtype(table[c].dtype)]
    if text:
        raise NotNumericError(
            f"Column {text[0]!r} of the {what} is not numeric.", variable=str(text[0]),
            value=table[text[0]].iloc[0], remedy="convert it to numbers.",
        )  # fmt: skip
    twice = table.index[table.index.duplicated()]
    if len(twice):
        raise DuplicateKeyError(
            f"The {what} have two rows for {twice[0]}.", variable=what, value=twice[0],
            remedy="add them up or drop one.",
        )  # fmt: skip


def _require_same_industries(shares: pd.DataFrame, shocks: pd.DataFrame) -> None:
    pairs = (("shocks", shares, shocks), ("shares", shocks, shares))
    for what, one, other in pairs:
        missing = [c for c in one.columns if c not in other.columns]
        if missing:
            raise DataError(
                f"The {what} have no industry {missing[0]!r}.",
                variable=str(missing[0]),
                value=len(missing),
                remedy="the columns of both tables must be the same; "
                + suggest(str(missing[0]), map(str, other.columns)),
            )


def _require_nonnegative(shares: pd.DataFrame) -> None:
    values = shares.to_numpy(dtype=np.float64)
    for row, column in np.argwhere(values < 0)[:1]:
        where = f"{shares.index[row]}, {shares.columns[column]}"
        raise DataError(
            f"The share of {where} is negative: {values[row, column]:g}.",
            variable=str(shares.columns[column]),
            value=float(values[row, column]),
            remedy="give shares of employment or output, which lie between 0 and 1.",
        )


def _keys(shares: pd.DataFrame, shocks: pd.DataFrame) -> pd.MultiIndex:
    """All (unit, time) for which there are shares and shocks."""
    by_both = [t.index for t in (shares, shocks) if isinstance(t.index, pd.MultiIndex)]
    if any(index.nlevels != 2 for index in by_both):
        raise DataError(
            "Rows of shares and shocks are regions, years or (region, year).", variable="index",
            remedy="give an index of one or two levels.",
        )  # fmt: skip
    if by_both:
        return by_both[0] if len(by_both) == 1 else by_both[0].intersection(by_both[1])
    names = [
        given if given is not None else usual
        for given, usual in ((shares.index.name, "unit"), (shocks.index.name, "time"))
    ]
    return pd.MultiIndex.from_product([shares.index, shocks.index], names=names)


def for_keys(table: pd.DataFrame, index: pd.MultiIndex, level: int) -> FloatArray:
    """Rows of a table (n, k) for each (unit, time); missing where it has none."""
    keys: Any = index if isinstance(table.index, pd.MultiIndex) else index.get_level_values(level)
    return table.reindex(keys).to_numpy(dtype=np.float64)
