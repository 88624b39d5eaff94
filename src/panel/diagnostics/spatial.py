"""Tests for spatial dependence after least squares."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.spatial_weights import SpatialWeights, matrix_weights
from panel.core.test import Test, chi2_test
from panel.errors import EstimationError
from panel.kernels.lstsq import least_squares

# The estimate's residuals are those of least squares, but for rounding.
_SAME = 1e-8


@dataclass(frozen=True, eq=False)
class SpatialTests:
    """Lagrange multiplier tests for spatial dependence.

    Parameters
    ----------
    error, lag : of a spatial error and of a spatial lag, either by itself.
    robust_error, robust_lag : of the one where the other may be there, if not by much.
    both : of the two together.
    """

    error: Test
    lag: Test
    robust_error: Test
    robust_lag: Test
    both: Test

    @property
    def tests(self) -> tuple[Test, ...]:
        """All five."""
        return tuple(getattr(self, f.name) for f in fields(self))

    @property
    def df(self) -> pd.DataFrame:
        """One row a test: statistic, degrees of freedom, p_value."""
        index = pd.Index([f.name for f in fields(self)], name="test")
        return pd.DataFrame(
            [(t.statistic, int(t.df[0]), t.p_value) for t in self.tests],
            index=index, columns=["statistic", "df", "p_value"],
        )  # fmt: skip

    def tidy(self) -> pd.DataFrame:
        """One row a test, as each has it."""
        return pd.concat([t.tidy() for t in self.tests], ignore_index=True)

    def __str__(self) -> str:
        table = self.df.to_string(float_format=lambda v: f"{v:.5g}")
        return "\n".join(["Lagrange multiplier tests for spatial dependence", "", table, "",
                          *self.error.notes])  # fmt: skip

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        table = self.tidy()[["test", "statistic", "distribution", "p_value", "null"]]
        body = table.to_html(border=0, index=False, float_format=lambda v: f"{v:.5g}")
        return f"<div>{body}<p>{'<br>'.join(self.error.notes)}</p></div>"


def spatial_tests(estimate: Estimate, weights: SpatialWeights | pd.DataFrame) -> SpatialTests:
    """Lagrange multiplier tests for a spatial lag or error, after least squares of one year.

    With e the residuals, s2 their mean square, b the coefficients, M the residual maker and
    ``T = tr(W'W + WW)``: ``error = (e'We/s2)^2/T``, ``lag = (e'Wy/s2)^2/J`` with ``J = T +
    (WXb)'M(WXb)/s2``; the robust ones take out of each score what the other explains of it. The
    usual rule (Anselin and others 1996): where both plain tests reject, take the model whose robust
    test rejects more clearly.

    Parameters
    ----------
    estimate : by ``ols`` or ``beta_convergence(...).estimate``, one row a region; fixed effects
        may be absorbed.
    weights : of the regions as the frame names them, in any order; those of regions not used are
        left out, and rows standardised anew.

    Raises
    ------
    EstimationError : several rows a region, weighted least squares, or another estimator.
    UnknownRegionError, DataError : a region without weights, or without a neighbour.

    References
    ----------
    Burridge (1980), J. Royal Statistical Society B 42; Anselin (1988), Geographical Analysis 20;
    Anselin, Bera, Florax and Yoon (1996), Regional Science and Urban Economics 26.
    """
    _require_cross_section(estimate)
    design = estimate.design
    given = weights if isinstance(weights, SpatialWeights) else matrix_weights(weights)
    used = given.select(_regions(estimate))
    w, e = used.matrix, estimate.residuals
    variance = float(e @ e) / len(e)
    by_error = float(e @ w @ e) / variance
    by_lag = float(e @ w @ design.y) / variance
    t = float((w * w).sum() + (w * w.T).sum())
    j = t + _explained(estimate, w) / variance
    notes = (f"Weights: {used}.",)
    lone, free = "there is no spatial {}", "there is no spatial {}, whether or not there is {}"

    def test(name: str, statistic: float, null: str, df: int = 1) -> Test:
        return chi2_test(f"LM test of {name}", statistic, df, null, notes=notes)

    robust_lag = (by_lag - by_error) ** 2 / (j - t)
    error = by_error**2 / t
    return SpatialTests(
        test("a spatial error", error, lone.format("error")),
        test("a spatial lag", by_lag**2 / j, lone.format("lag")),
        test("a spatial error, robust", (by_error - t / j * by_lag) ** 2 / (t * (1 - t / j)),
             free.format("error", "a lag")),
        test("a spatial lag, robust", robust_lag, free.format("lag", "an error")),
        test("a spatial lag and error", error + robust_lag, lone.format("lag nor error"), 2),
    )  # fmt: skip


def _explained(estimate: Estimate, w: FloatArray) -> float:
    """``(WXb)'M(WXb)``, fixed effects among X."""
    design = estimate.design
    near = w @ (design.y - estimate.residuals)
    if design.absorber is not None:
        near = design.absorber.residualize(near)
    left = least_squares(design.X_within, near, None).residual
    return float(left @ left)


def _regions(estimate: Estimate) -> pd.Index:
    index = estimate.design.index
    return index if estimate.design.observations is not None else index.get_level_values(0)


def _require_cross_section(estimate: Estimate) -> None:
    if not isinstance(estimate, Estimate):
        raise EstimationError(
            f"Spatial tests take an estimate, not {type(estimate).__name__}.", variable="estimate",
            value=type(estimate).__name__, remedy="give that of ols(), or .estimate of a result.",
        )  # fmt: skip
    design = estimate.design
    regions = _regions(estimate)
    if not regions.is_unique:
        twice = regions[regions.duplicated()][0]
        raise EstimationError(
            f"{twice} has several rows, of several {design.frame.time}s.",
            variable=design.frame.time, value=twice,
            remedy=f'choose one: sample="{design.frame.time} == ...".',
        )  # fmt: skip
    plain = least_squares(design.X_within, design.y_within, None).residual
    same = np.abs(plain - estimate.residuals).max() <= _SAME * np.abs(plain).max()
    if design.w is not None or estimate.mapped or not same:
        raise EstimationError(
            f"Spatial tests are of least squares without weights; this estimate is by "
            f"{estimate.method}.",
            variable="estimate", value=estimate.method, remedy="estimate it by ols.",
        )  # fmt: skip
