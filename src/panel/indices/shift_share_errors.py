"""Standard errors for shift-share regressors and instruments."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from numbers import Real
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy import stats

from panel.core.absorber import IntArray
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.instruments import parts
from panel.errors import DataError, DegreesOfFreedomError, EstimationError, suggest
from panel.indices.shift_share import for_keys, require_shares
from panel.kernels.groups import recode
from panel.kernels.instruments import orthonormal

Independent = Literal["industry", "cell"]
Intervals = tuple[tuple[float, float], ...]

# Shares of which one is a combination of the others but for this are dependent.
_DEPENDENT = 1e-10


@dataclass(frozen=True, eq=False)
class ShiftShareErrors:
    """Inference on one coefficient: see :func:`shift_share_errors`.

    Parameters
    ----------
    name : the regressor.
    estimate, std_error, p_value : its coefficient, standard error, and normal p-value of ``null``.
    confidence_interval : of level ``1 - alpha``.
    null_p_value, null_set : the test with errors under the null, and the values that it does not
        reject: intervals from low to high, with infinite ends where it is unbounded.
    null, alpha : value tested, one less the level.
    shocks : number of shocks that count as independent.
    """

    name: str
    estimate: float
    std_error: float
    p_value: float
    confidence_interval: tuple[float, float]
    null_p_value: float
    null_set: Intervals
    null: float
    alpha: float
    shocks: int

    def tidy(self) -> pd.DataFrame:
        """Two rows with broom's names: plain errors, and errors under the null."""
        low, high = self.null_set[0][0], self.null_set[-1][1]
        return pd.DataFrame(
            {
                "term": self.name, "method": ["AKM", "AKM0"], "estimate": self.estimate,
                "std_error": [self.std_error, np.nan], "p_value": [self.p_value, self.null_p_value],
                "conf_low": [self.confidence_interval[0], low],
                "conf_high": [self.confidence_interval[1], high],
            }
        )  # fmt: skip

    def __str__(self) -> str:
        level = f"{1 - self.alpha:.0%}"
        ends = " or ".join(f"[{low:.5g}, {high:.5g}]" for low, high in self.null_set)
        low, high = self.confidence_interval
        return (
            f"{self.name}: {self.estimate:.5g}, {self.shocks} independent shocks\n"
            f"  AKM   standard error {self.std_error:.5g}, p = {self.p_value:.4g}, {level} "
            f"interval [{low:.5g}, {high:.5g}]\n"
            f"  AKM0  p = {self.null_p_value:.4g}, {level} set {ends}\n"
            f"  p-values of {self.null:g}"
        )

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def shift_share_errors(
    estimate: Estimate,
    shares: pd.DataFrame,
    *,
    term: str | None = None,
    null: float = 0.0,
    independent: Independent = "industry",
    residual_sector: bool = False,
    alpha: float = 0.05,
) -> ShiftShareErrors:
    """Errors that allow regions with similar shares to have correlated residuals.

    A shift-share variable moves regions with similar shares alike, and so do other shocks to the
    same industries: residuals are correlated between regions however far apart, which clusters of
    regions miss. With z the variable less fixed effects and controls, x_s its coefficients in a
    regression on the shares, and e the residuals of the model, the variance of the coefficient of d
    is ``sum_s (x_s sum_i w_is e_i)^2 / (z'd)^2``: only the shocks need be independent. "AKM0" takes
    e under the null instead, so that its set may be unbounded where the instrument is weak.

    Parameters
    ----------
    estimate : by ``panel.iv``, one endogenous regressor with one shift-share instrument; or by
        ``panel.ols``, with ``term`` the shift-share regressor.
    shares : w, one column an industry; one row a region, or one row a (region, year).
    term : the shift-share regressor of an estimate by least squares.
    null : value of the coefficient that is tested.
    independent : "industry" leaves shocks of an industry dependent over the years; "cell" takes
        every industry and year for a shock of its own.
    residual_sector : where shares do not add up to one, whether what is left counts as an industry
        without shocks.
    alpha : one less the level of interval and set.

    Raises
    ------
    EstimationError : several endogenous regressors or instruments, no such term, or an unknown
        choice.
    DataError : a region without shares, or shares of industries that are collinear in a year, as
        with more industries than regions.
    DegreesOfFreedomError : one independent shock.

    References
    ----------
    Adao, Kolesar and Morales (2019), Quarterly Journal of Economics 134.
    """
    require_shares(shares)
    _check(null, independent, alpha)
    name, y, d, z = _columns(estimate, term)
    blocks = _blocks(estimate.design, shares, residual_sector)
    fitted = [np.linalg.lstsq(b.shares, z[b.rows], rcond=None)[0] for b in blocks]
    industry = np.concatenate([b.industry for b in blocks])
    counted = industry >= 0
    shock = np.arange(counted.sum()) if independent == "cell" else recode(industry[counted])[0]

    def sums(residual: FloatArray) -> FloatArray:
        """What every independent shock contributes (shocks,)."""
        parts = [x * (b.shares.T @ residual[b.rows]) for x, b in zip(fitted, blocks, strict=True)]
        return np.bincount(shock, np.concatenate(parts)[counted]).astype(np.float64)

    scale = float(z @ d)
    slope = float(z @ y) / scale
    own, moved = sums(y - d * slope), sums(d)
    if len(own) < 2:
        raise DegreesOfFreedomError(
            "One independent shock has no variance.", variable="shares", value=len(own),
            remedy='give shares of several industries, or take independent="cell".',
        )  # fmt: skip
    error = float(np.linalg.norm(own)) / abs(scale)
    under = float(np.linalg.norm(own + (slope - null) * moved)) / abs(scale)
    wide = float(stats.norm.isf(alpha / 2))
    return ShiftShareErrors(
        name, slope, error, _two_sided(slope - null, error),
        (slope - wide * error, slope + wide * error), _two_sided(slope - null, under),
        _not_rejected(slope, own, moved, scale / wide), null, alpha, len(own),
    )  # fmt: skip


def _two_sided(distance: float, error: float) -> float:
    return float(2 * stats.norm.sf(abs(distance) / error))


def _not_rejected(slope: float, own: FloatArray, moved: FloatArray, bound: float) -> Intervals:
    """Values b with ``(slope - b)^2 bound^2 <= sum (own + (slope - b) moved)^2``."""
    square = bound**2 - float(moved @ moved)
    middle = float(own @ moved) / square
    spread = middle**2 + float(own @ own) / square
    if spread <= 0:
        return ((-np.inf, np.inf),)
    low, high = slope - middle - np.sqrt(spread), slope - middle + np.sqrt(spread)
    return ((low, high),) if square > 0 else ((-np.inf, low), (high, np.inf))


def _columns(
    estimate: Estimate, term: str | None
) -> tuple[str, FloatArray, FloatArray, FloatArray]:
    """Regressor's name, outcome, regressor and shift-share variable (n,), without effects and
    other regressors, times the root of the weight."""
    design = estimate.design
    if design.instruments:
        columns = parts(design)
        if columns.endogenous.shape[1] != 1 or columns.instruments.shape[1] != 1:
            raise EstimationError(
                f"The model has {columns.endogenous.shape[1]} endogenous regressors and "
                f"{columns.instruments.shape[1]} instruments, not one of each.",
                variable=" + ".join(design.instruments),
                value=len(design.instruments),
                remedy="estimate with the shift-share variable as the only instrument.",
            )
        d, z = columns.endogenous[:, 0], columns.instruments[:, 0]
        return design.endogenous[0], columns.outcome, d, z
    if term not in design.names:
        raise EstimationError(
            f"{term!r} is no regressor of the model.", variable="term", value=term,
            remedy="name the shift-share regressor; " + suggest(str(term), design.names),
        )  # fmt: skip
    root = np.ones(design.n) if design.w is None else np.sqrt(design.w)
    x = design.X_within * root[:, None]
    at = design.names.index(str(term))
    others = orthonormal(np.delete(x, at, axis=1))
    left = np.column_stack([design.y_within * root, x[:, at]])
    left -= others @ (others.T @ left)
    return str(term), left[:, 0], left[:, 1], left[:, 1]


@dataclass(frozen=True, eq=False)
class _Block:
    """The shares of one year.

    Parameters
    ----------
    rows : positions (m,) among the rows used.
    shares : (m, k) of industries of which any row has a share, times the root of the weight.
    industry : (k,) their numbers, -1 for the residual sector.
    """

    rows: IntArray
    shares: FloatArray
    industry: IntArray


def _blocks(design: Design, shares: pd.DataFrame, residual_sector: bool) -> list[_Block]:
    index = pd.MultiIndex.from_tuples(list(design.index))
    every = for_keys(shares, index, 0)
    missing = np.isnan(every).any(axis=1)
    if missing.any():
        at = design.index[int(np.argmax(missing))]
        raise DataError(
            f"{at[0]}, {at[1]} has no shares.", variable=str(at[0]), value=at,
            remedy="give shares of every region of the model, or leave it out by sample=.",
        )  # fmt: skip
    numbers = np.arange(every.shape[1])
    if residual_sector:
        every, numbers = np.column_stack([every, 1 - every.sum(axis=1)]), np.append(numbers, -1)
    root = np.ones(design.n) if design.w is None else np.sqrt(design.w)
    found = []
    for year in np.unique(design.time_numbers):
        rows = np.flatnonzero(design.time_numbers == year)
        w = every[rows] * root[rows, None]
        some = np.abs(w).max(axis=0) > _DEPENDENT
        w = w[:, some]
        if np.linalg.matrix_rank(w / np.linalg.norm(w, axis=0), _DEPENDENT) < w.shape[1]:
            raise DataError(
                f"The shares of {w.shape[1]} industries in {len(rows)} regions are collinear in "
                f"{design.index[rows[0]][1]}.",
                variable="shares",
                value=w.shape[1],
                remedy="merge industries: there must be fewer than regions.",
            )
        found.append(_Block(rows, w, numbers[some]))
    return found


def _check(null: float, independent: str, alpha: float) -> None:
    if independent not in get_args(Independent):
        raise EstimationError(
            f"Shocks cannot be independent by {independent!r}.", variable="independent",
            value=independent, remedy=suggest(str(independent), get_args(Independent)),
        )  # fmt: skip
    if isinstance(null, bool) or not isinstance(null, Real) or not np.isfinite(null):
        raise EstimationError(
            f"The null hypothesis is a number, not {null!r}.", variable="null", value=null,
            remedy="give 0.",
        )  # fmt: skip
    if not 0 < alpha < 1:
        raise EstimationError(
            f"A level lies between 0 and 1; alpha is {alpha!r}.", variable="alpha", value=alpha,
            remedy="give for instance 0.05.",
        )  # fmt: skip
