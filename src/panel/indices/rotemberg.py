"""Which industries a shift-share instrument rests on: Rotemberg weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.instruments import moment_covariance, on_instruments, parts
from panel.errors import DataError, EstimationError
from panel.indices.shift_share import industry_parts, require_exposure

# The instrument is the sum of its parts but for rounding; another variable differs at once.
_SAME = 1e-8
# An industry's part of which less than this share varies beside the other columns says nothing.
_NOTHING = 1e-10


@dataclass(frozen=True, eq=False)
class RotembergWeights:
    """A shift-share estimate taken apart by industry: see :func:`rotemberg_weights`.

    Parameters
    ----------
    table : a row an industry, the largest weights first: ``weight``, adding up to one;
        ``coefficient``, the estimate with that industry's part as the instrument; ``F``, its
        first-stage F statistic by the covariance of the estimate.
    estimate : the sum of weights times coefficients.
    """

    table: pd.DataFrame
    estimate: float

    @property
    def negative(self) -> float:
        """Sum of the negative weights: with any, the estimate need be no average of the effects of
        industries."""
        return float(self.table["weight"].clip(upper=0.0).sum())

    def __str__(self) -> str:
        shown = self.table.head(10).to_string(float_format=lambda v: f"{v:.5g}")
        count = int((self.table["weight"] < 0).sum())
        return (
            f"Rotemberg weights of {len(self.table)} industries, estimate {self.estimate:.5g}\n"
            f"  {count} negative, together {self.negative:.4g}\n\n{shown}"
        )

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return self.table.to_html(border=0, float_format=lambda v: f"{v:.5g}")


def rotemberg_weights(
    estimate: Estimate, shares: pd.DataFrame, shocks: pd.DataFrame
) -> RotembergWeights:
    """Rotemberg weights of an estimate by one shift-share instrument.

    The instrument is the sum over industries of ``z_k = s_ik g_kt``, and the estimate therefore a
    weighted sum, ``b = sum_k a_k b_k``, of the estimates ``b_k = z_k'y / z_k'd`` by each industry,
    with weights ``a_k = z_k'd / z'd`` (y and d without fixed effects and exogenous regressors). A
    bias of b_k is one of ``a_k`` times it in b: it is the shares of the industries with large
    weights that must be exogenous. Weights may be negative.

    Parameters
    ----------
    estimate : by ``panel.iv``, one endogenous regressor with one instrument, whichever method.
    shares, shocks : of which ``panel.shift_share`` made the instrument.

    Notes
    -----
    Where the shares of every region add up to one and there are effects of periods, a number added
    to all shocks of a period leaves b as it is but not the weights. Take the mean of a period's
    shocks out of them if weights are to be compared between periods or papers.

    Raises
    ------
    FormulaError : the estimate has no instruments.
    EstimationError : more than one endogenous regressor or instrument.
    DataError : the instrument is not made of these shares and shocks, or they do not go together.

    References
    ----------
    Goldsmith-Pinkham, Sorkin and Swift (2020), American Economic Review 110.
    """
    require_exposure(shares, shocks)
    design, columns = estimate.design, parts(estimate.design)
    if columns.instruments.shape[1] != 1 or columns.endogenous.shape[1] != 1:
        raise EstimationError(
            f"The model has {columns.endogenous.shape[1]} endogenous regressors and "
            f"{columns.instruments.shape[1]} instruments; the weights are those of one by one.",
            variable=" + ".join(design.instruments),
            value=len(design.instruments),
            remedy="estimate with the shift-share variable as the only instrument.",
        )
    names, within = _within(estimate, shares, shocks)
    d, y = columns.endogenous[:, 0], columns.outcome
    explained, outcome = within.T @ d, within.T @ y
    said = explained != 0
    safe = np.where(said, explained, np.nan)
    table = pd.DataFrame(
        {
            "weight": explained / explained.sum(),
            "coefficient": outcome / safe,
            "F": [_first_stage_f(estimate, z, d) if ok else np.nan
                  for z, ok in zip(within.T, said, strict=True)],
        },
        index=pd.Index(names, name="industry"),
    )  # fmt: skip
    order = np.argsort(-table["weight"].abs().to_numpy(), kind="stable")
    return RotembergWeights(table.iloc[order], float(outcome.sum() / explained.sum()))


def _within(
    estimate: Estimate, shares: pd.DataFrame, shocks: pd.DataFrame
) -> tuple[list[str], FloatArray]:
    """Industries and their parts of the instrument (n, k), without effects and regressors."""
    design, columns = estimate.design, parts(estimate.design)
    each = industry_parts(shares, shocks, pd.MultiIndex.from_tuples(list(design.index)))
    instrument = np.zeros(design.n) if design.Z is None else design.Z[:, 0]
    if not np.allclose(each.sum(axis=1), instrument, rtol=0, atol=_SAME * np.abs(instrument).max()):
        raise DataError(
            f"The instrument {design.instruments[0]!r} is not the sum of these shares times these "
            "shocks.",
            variable=design.instruments[0],
            remedy="give what panel.shift_share made it of; it may not be transformed or lagged.",
        )
    left = each if design.absorber is None else design.absorber.residualize(each)
    left = left * (1.0 if design.w is None else np.sqrt(design.w)[:, None])
    left = left - columns.q1 @ (columns.q1.T @ left)
    gone = np.linalg.norm(left, axis=0) <= _NOTHING * np.linalg.norm(each, axis=0)
    return [str(c) for c in shares.columns], np.where(gone, 0.0, left)


def _first_stage_f(estimate: Estimate, z: FloatArray, d: FloatArray) -> float:
    """F of the first stage of d (n,) on one instrument z (n,), both without the other columns."""
    unit = z / np.linalg.norm(z)
    slope = float(unit @ d)
    cov = moment_covariance(
        on_instruments(estimate.design, estimate.design.endogenous[0]), estimate.vcov,
        unit[:, None], (d - slope * unit)[:, None], small=True,
    )  # fmt: skip
    return slope**2 / float(cov.matrix[0, 0])
