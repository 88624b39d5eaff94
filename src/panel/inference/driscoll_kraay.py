"""Errors correlated across regions and over a few years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np

from panel.core.estimate import Estimate
from panel.core.fields import fields_as_html
from panel.core.vcov import Cov, SmallSample, parameters_factor, small_sample
from panel.errors import DegreesOfFreedomError, VcovError
from panel.kernels.groups import group_sums
from panel.kernels.hac import bartlett


@dataclass(frozen=True)
class DriscollKraay:
    """Driscoll and Kraay's covariance: see :func:`driscoll_kraay`."""

    lags: int | None
    small: SmallSample

    _repr_html_ = fields_as_html

    @property
    def needs(self) -> tuple[str, ...]:
        """Nothing beside the panel's own calendar."""
        return ()

    @property
    def settings(self) -> Mapping[str, Any]:
        """Lags and small-sample factor."""
        return {"lags": self.lags, "small": self.small}

    def __call__(self, estimate: Estimate) -> Cov:
        """Covariance with T - 1 degrees of freedom."""
        times = estimate.design.time_numbers
        present, lags = years_and_lags(estimate, self.lags)
        # A year without rows counts as a year: lags follow the calendar. Years further apart than
        # the last lag have nothing to do with each other, however far apart they are.
        found, year = np.unique(times, return_inverse=True)
        place = np.cumsum(np.minimum(np.diff(found, prepend=found[0]), lags + 1))
        sums = group_sums(place[year], estimate.influence, int(place[-1]) + 1)
        matrix = bartlett(sums, lags) * years_factor(estimate, self.small, present)
        label = f"Driscoll-Kraay ({lags} {'lag' if lags == 1 else 'lags'})"
        return Cov(matrix, present - 1, label)


def years_and_lags(estimate: Estimate, lags: int | None) -> tuple[int, int]:
    """Number of years in the rows used, and lags: those given, or T^(1/4).

    Raises
    ------
    DegreesOfFreedomError : one year only.
    VcovError : as many lags as years. The sum over all lags is the square of the scores' total,
        which is zero, so that errors shrink to nothing as lags grow.
    """
    times, name = estimate.design.time_numbers, estimate.design.frame.time
    present, span = len(np.unique(times)), int(times.max() - times.min()) + 1
    if present < 2:
        raise DegreesOfFreedomError(
            f"{present} year in the rows used; the covariance needs two.",
            variable=name,
            value=present,
            remedy="use clustered errors for a cross-section.",
        )
    if lags is not None and lags >= span:
        raise VcovError(
            f"{lags} lags need more than the {span} years of {name!r} in the rows used.",
            variable="lags",
            value=lags,
            remedy=f"give at most {span - 1}, or nothing for the usual {int(present**0.25)}.",
        )
    return present, int(present**0.25) if lags is None else lags


def years_factor(estimate: Estimate, small: SmallSample, present: int) -> float:
    """Small-sample factor with the years in the place of clusters."""
    factor = 1.0 if small.groups == "none" else present / (present - 1)
    return factor * parameters_factor(estimate, small)


def checked_lags(lags: int | None) -> int | None:
    """``lags``, which must be a whole number from 0 or None."""
    whole = isinstance(lags, Integral) and not isinstance(lags, bool)
    if lags is not None and not (whole and lags >= 0):
        raise VcovError(
            f"lags must be a whole number from 0, not {lags!r}.", variable="lags", value=lags,
            remedy="give the number of years, or nothing for the usual rule.",
        )  # fmt: skip
    return None if lags is None else int(lags)


def driscoll_kraay(lags: int | None = None, small: str | SmallSample = "fixest") -> DriscollKraay:
    """Covariance robust to dependence across regions and serial correlation.

    Parameters
    ----------
    lags : years over which errors may be correlated, with Bartlett weights 1 - l/(lags + 1);
        the whole part of T^(1/4) if left out (the rule of plm and fixest). Stata's xtscc lag(l)
        and plm's maxlag = l are lags=l; ivreg2's dkraay(b) is lags=b-1.
    small : small-sample factor, as for :func:`panel.cluster`.

    Raises
    ------
    VcovError : lags is not a whole number from 0, or (when computed) not below the years there are.
    DegreesOfFreedomError : one year only.

    References
    ----------
    Driscoll and Kraay (1998), Review of Economics and Statistics 80; Hoechle (2007), Stata
    Journal 7.
    """
    return DriscollKraay(checked_lags(lags), small_sample(small))
