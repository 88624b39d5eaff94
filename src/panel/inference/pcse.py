"""Errors correlated across regions within a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from panel.core.estimate import Estimate
from panel.core.fields import fields_as_html
from panel.core.frame import FloatArray
from panel.core.vcov import Cov
from panel.errors import VcovError, suggest
from panel.inference.loadings import loadings, require_once
from panel.kernels.groups import recode

_MISSING = ("casewise", "pairwise")


@dataclass(frozen=True)
class Pcse:
    """Panel-corrected covariance: see :func:`pcse`."""

    missing: str

    _repr_html_ = fields_as_html

    @property
    def needs(self) -> tuple[str, ...]:
        """Nothing beside the panel's own keys."""
        return ()

    @property
    def settings(self) -> Mapping[str, Any]:
        """How years that some regions lack are used."""
        return {"missing": self.missing}

    def __call__(self, estimate: Estimate) -> Cov:
        """Covariance with n - p degrees of freedom."""
        require_once(estimate, "pcse()")
        design = estimate.design
        times, n_times = recode(design.time_numbers)
        units, n_units = recode(design.frame.unit_codes[design.rows])
        parts = loadings(estimate, "pcse()")
        residual, present = np.zeros((n_units, n_times)), np.zeros((n_units, n_times))
        residual[units, times], present[units, times] = parts.residual, 1.0
        sigma = self._sigma(residual, present)  # (N, N)
        k = len(estimate.names)
        loading = np.zeros((n_times, n_units, k))
        loading[times, units] = parts.p
        matrix = np.einsum("tik,til->kl", loading, sigma @ loading, optimize=True)
        return Cov(matrix, estimate.df_resid, "panel-corrected (Beck-Katz)")

    def _sigma(self, residual: FloatArray, present: FloatArray) -> FloatArray:
        """Covariance (N, N) of the regions' errors in a year."""
        together = present @ present.T
        if self.missing == "casewise":
            complete = present.all(axis=0)
            residual = residual[:, complete]
            together = np.full_like(together, complete.sum())
        if not bool((together > 0).all()):
            casewise = self.missing == "casewise"
            raise VcovError(
                "There is no year that all regions have."
                if casewise
                else "There are regions without a year in common.",
                variable="missing",
                value=self.missing,
                remedy='use pcse(missing="pairwise"), or cluster by year.'
                if casewise
                else "cluster by year instead.",
            )
        return residual @ residual.T / together


def pcse(missing: str = "casewise") -> Pcse:
    """Beck and Katz's panel-corrected covariance of least squares.

    Errors of different regions may be correlated within a year, and have a variance each;
    errors of different years are independent. The covariances of regions are those of the
    residuals over the years, so that the number of years, not of regions, should be large.

    Parameters
    ----------
    missing : years that some regions lack: "casewise" leaves them out of the covariances
        (xtpcse's default), "pairwise" takes for each two regions the years that both have.

    Raises
    ------
    VcovError : another word for ``missing``; an estimator other than least squares, or regions
        without a year in common (when computed).

    References
    ----------
    Beck and Katz (1995), American Political Science Review 89.
    """
    if missing not in _MISSING:
        raise VcovError(
            f"missing={missing!r} is not offered.", variable="missing", value=missing,
            remedy=suggest(str(missing), _MISSING),
        )  # fmt: skip
    return Pcse(missing)
