"""Errors correlated over a few years within a region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from panel.core.estimate import Estimate
from panel.core.fields import fields_as_html
from panel.core.vcov import Cov, SmallSample, small_sample
from panel.inference.driscoll_kraay import checked_lags, years_and_lags, years_factor
from panel.inference.loadings import require_once
from panel.kernels.hac import panel_bartlett


@dataclass(frozen=True)
class NeweyWest:
    """Newey and West's covariance within regions: see :func:`newey_west`."""

    lags: int | None
    small: SmallSample

    _repr_html_ = fields_as_html

    @property
    def needs(self) -> tuple[str, ...]:
        """Nothing beside the panel's own keys."""
        return ()

    @property
    def settings(self) -> Mapping[str, Any]:
        """Lags and small-sample factor."""
        return {"lags": self.lags, "small": self.small}

    def __call__(self, estimate: Estimate) -> Cov:
        """Covariance with T - 1 degrees of freedom."""
        require_once(estimate, "newey_west()")
        design = estimate.design
        present, lags = years_and_lags(estimate, self.lags)
        times = design.time_numbers - design.time_numbers.min()
        matrix = panel_bartlett(estimate.influence, design.groups(design.frame.unit), times, lags)
        label = f"Newey-West ({lags} {'lag' if lags == 1 else 'lags'})"
        scale = years_factor(estimate, self.small, present)
        return Cov(matrix * scale, present - 1, label)


def newey_west(lags: int | None = None, small: str | SmallSample = "fixest") -> NeweyWest:
    """Covariance robust to heteroskedasticity and to serial correlation within regions.

    Errors of different regions are taken to be independent. With lags of the whole panel or more,
    ``cluster`` by region is the better choice: it needs no weights.

    Parameters
    ----------
    lags : years over which a region's errors may be correlated, by the calendar, with Bartlett
        weights 1 - l/(lags + 1); the whole part of T^(1/4) if left out (fixest's rule).
    small : small-sample factor, as for :func:`panel.cluster`, with the years in the place of the
        clusters (fixest); "none" is plm's vcovNW and n/(n - p) times that is Stata's newey.

    Raises
    ------
    VcovError : lags is not a whole number from 0; frequency weights.
    DegreesOfFreedomError : one year only.

    References
    ----------
    Newey and West (1987), Econometrica 55; Millo (2017), J. Statistical Software 82.
    """
    return NeweyWest(checked_lags(lags), small_sample(small))
