"""Residuals by region and year, and what a test must ask of the estimate it is given."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from panel.core.absorber import IntArray
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray, PanelFrame
from panel.errors import EstimationError
from panel.kernels.groups import group_counts, group_sums, recode

# Normal equations hold to rounding; for another estimator they are off by as much as it differs.
_ORTHOGONAL = 1e-8


@dataclass(frozen=True, eq=False)
class Residuals:
    """Residuals of n rows of N regions.

    Parameters
    ----------
    values : (n,).
    units : (n,) region numbers 0..N-1.
    labels : the N regions.
    times : (n,) calendar numbers.
    rows : (n,) positions in the frame.
    frame : the data.
    """

    values: FloatArray
    units: IntArray
    labels: tuple[Hashable, ...]
    times: IntArray
    rows: IntArray
    frame: PanelFrame

    @property
    def counts(self) -> FloatArray:
        """Rows (N,) of each region."""
        return group_counts(self.units, len(self.labels))

    def sums(self, values: FloatArray) -> FloatArray:
        """Sums (N, m) of ``values`` (n, m) within regions."""
        return group_sums(self.units, values, len(self.labels))

    def demeaned(self) -> FloatArray:
        """Residuals (n,) in deviation from their region's mean."""
        means = self.sums(self.values[:, None])[:, 0] / self.counts
        return np.asarray(self.values - means[self.units])

    def shifted(self, values: FloatArray, periods: int = 1) -> FloatArray:
        """``values`` (n,) of the region ``periods`` years earlier; NaN where no row is used."""
        every = np.full(len(self.frame), np.nan)
        every[self.rows] = values
        return self.frame.shifted(every, periods)[self.rows]

    def wide(self) -> FloatArray:
        """Residuals (T, N), NaN where there is none."""
        _, at = np.unique(self.times, return_inverse=True)
        table = np.full((int(at.max()) + 1, len(self.labels)), np.nan)
        table[at, self.units] = self.values
        return table


def residuals(estimate: Estimate, test: str) -> Residuals:
    """Residuals of an estimate whose observations are rows of equal weight.

    Parameters
    ----------
    test : what a message calls the test.

    Raises
    ------
    EstimationError : observations are means over years, or weighted.
    """
    design = require_estimate(estimate, test).design
    if design.observations is not None:
        raise unsuited(test, estimate, "whose observations are means over years")
    if design.w is not None or design.spec.frequency is not None:
        raise unsuited(test, estimate, "with weights")
    index = design.index.get_level_values(0)
    units, _ = recode(design.frame.unit_codes[design.rows])
    return Residuals(
        estimate.residuals, units, tuple(index.unique()), design.time_numbers, design.rows,
        design.frame,
    )  # fmt: skip


def require_estimate(given: Estimate, test: str) -> Estimate:
    """What was given, if it is an estimate.

    Raises
    ------
    EstimationError : a formula or something else.
    """
    if not isinstance(given, Estimate):
        raise EstimationError(
            f"{test} takes an estimate, not {type(given).__name__}.", variable="estimate",
            value=given, remedy='estimate first: m = panel.ols("y ~ x | province", frame).',
        )  # fmt: skip
    return given


def unsuited(test: str, estimate: Estimate, why: str, remedy: str = "") -> EstimationError:
    """The error for an estimate that the test is not made for."""
    return EstimationError(
        f"{test} is not defined for an estimate by {estimate.method} {why}.",
        variable=test,
        value=estimate.method,
        remedy=remedy or "estimate by panel.pooled, or by panel.ols with fixed effects.",
    )


def require_levels(estimate: Estimate, test: str) -> None:
    """Stop unless the estimate is plain least squares on outcome and regressors as written.

    Raises
    ------
    EstimationError : instruments, changes, random effects, or another estimator.
    """
    design = require_estimate(estimate, test).design
    if design.derive is not None:
        raise unsuited(test, estimate, "on changes or added columns")
    if design.transformed:
        raise unsuited(test, estimate, "on transformed columns")
    require_least_squares(estimate, test)


def require_least_squares(estimate: Estimate, test: str) -> None:
    """Stop unless the coefficients are least squares on the columns of the design.

    Raises
    ------
    EstimationError : another estimator, or combinations of coefficients.
    """
    design = require_estimate(estimate, test).design
    if estimate.names != design.names:
        raise unsuited(test, estimate, "whose coefficients were combined")
    w = np.ones(design.n) if design.w is None else design.w
    left = design.y_within - design.X_within @ estimate.coef
    off = np.abs(design.X_within.T @ (w * left))
    size = np.linalg.norm(design.X_within, axis=0) * np.linalg.norm(w * design.y_within)
    # A working regression, as of Poisson's, has normal equations but no sum of squares to report.
    said = estimate.stats.get("rss", np.nan)
    same = np.isclose(said, float(w @ left**2), rtol=_ORTHOGONAL)
    if bool((off > _ORTHOGONAL * size).any()) or not same:
        raise unsuited(test, estimate, "which is not least squares")
