"""Errors correlated between places that are near one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any, get_args

import numpy as np

from panel.core.estimate import Estimate
from panel.core.expression import Name
from panel.core.fields import fields_as_html
from panel.core.frame import FloatArray
from panel.core.terms import numbers
from panel.core.vcov import Cov, SmallSample, parameters_factor, small_sample
from panel.errors import VcovError, suggest
from panel.inference.driscoll_kraay import checked_lags
from panel.kernels.conley import Kernel, conley_sum, spatial_weights
from panel.kernels.groups import recode


@dataclass(frozen=True)
class Conley:
    """Conley's covariance: see :func:`conley`."""

    cutoff_km: float
    lat: str
    lon: str
    kernel: Kernel
    lags: int
    small: SmallSample

    _repr_html_ = fields_as_html

    @property
    def needs(self) -> tuple[str, ...]:
        """The coordinates."""
        return (self.lat, self.lon)

    @property
    def settings(self) -> Mapping[str, Any]:
        """Cutoff, coordinates, kernel, lags and small-sample factor."""
        return {
            "cutoff_km": self.cutoff_km, "lat": self.lat, "lon": self.lon, "kernel": self.kernel,
            "lags": self.lags, "small": self.small,
        }  # fmt: skip

    def __call__(self, estimate: Estimate) -> Cov:
        """Covariance with n - p degrees of freedom."""
        design = estimate.design
        latitude = self._degrees(estimate, self.lat, 90.0)
        longitude = self._degrees(estimate, self.lon, 360.0)
        places, count = recode(latitude + 1j * longitude)
        first = np.unique(places, return_index=True)[1]
        weights = spatial_weights(latitude[first], longitude[first], self.cutoff_km, self.kernel)
        one_year = design.observations is not None  # means over the years have no calendar
        times = np.zeros(design.n, dtype=np.int64) if one_year else design.time_numbers
        matrix = conley_sum(estimate.influence, places, times - times.min(), weights, self.lags)
        years = f", {self.lags} {'lag' if self.lags == 1 else 'lags'}" if self.lags else ""
        label = f"Conley ({self.cutoff_km:g} km, {self.kernel}{years})"
        scale = parameters_factor(estimate, self.small)
        return Cov(matrix * scale, estimate.df_resid, label, {"place": count})

    def _degrees(self, estimate: Estimate, name: str, limit: float) -> FloatArray:
        """A coordinate (n,) of the observations."""
        design = estimate.design
        design.groups(name)  # one value an observation, none missing
        values = numbers(str(Name(name.strip("`"))), design.frame)[design.rows]
        if design.observations is not None:
            values = values[np.unique(design.observations, return_index=True)[1]]
        outside = ~(np.abs(values) <= limit)
        if bool(outside.any()):
            key = design.index[int(np.argmax(outside))]
            at = ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)
            raise VcovError(
                f"{name!r} is not a coordinate in degrees: {values[outside][0]:g} at {at}.",
                variable=name,
                value=float(values[outside][0]),
                remedy="give latitude between -90 and 90 and longitude between -180 and 180.",
            )
        return values


def conley(
    *,
    cutoff_km: float,
    lat: str,
    lon: str,
    kernel: Kernel = "uniform",
    lags: int = 0,
    small: str | SmallSample = "fixest",
) -> Conley:
    """Covariance robust to correlation between near places, and over a few years.

    ``sum_ij w(d_ij) k(|t_i - t_j|) s_i s_j'`` over pairs of rows, s the influences, d the
    great-circle distance on a sphere of 6371.0088 km, k(l) = 1 - l/(lags + 1). With one place it
    is Newey and West's, with an endless cutoff and the uniform kernel Driscoll and Kraay's.

    Neither kernel makes the matrix positive in the plane; a variance below zero is an error when
    it is asked for.

    Parameters
    ----------
    cutoff_km : distance from which errors are independent.
    lat, lon : variables with the coordinates in degrees.
    kernel : "uniform" weighs all pairs up to the cutoff alike (fixest), "bartlett" by
        ``1 - d/cutoff``.
    lags : years over which errors may be correlated; 0 for those of one year only.
    small : small-sample factor, as for :func:`panel.cluster`, without the fraction of clusters.

    Raises
    ------
    VcovError : the cutoff is not positive, lags is not a whole number from 0, another kernel, or
        (when computed) coordinates outside their range.

    References
    ----------
    Conley (1999), J. Econometrics 92; Hsiang (2010), PNAS 107, for time.
    """
    number = isinstance(cutoff_km, Real) and not isinstance(cutoff_km, bool)
    if not (number and cutoff_km > 0):
        raise VcovError(
            f"The cutoff must be a positive number of kilometres, not {cutoff_km!r}.",
            variable="cutoff_km",
            value=cutoff_km,
            remedy="give the distance from which errors are taken to be independent.",
        )
    if kernel not in get_args(Kernel):
        raise VcovError(
            f"Kernel {kernel!r} is not offered.", variable="kernel", value=kernel,
            remedy=suggest(str(kernel), get_args(Kernel)),
        )  # fmt: skip
    years = checked_lags(lags)
    if years is None:
        raise VcovError(
            "lags must be given as a number.", variable="lags", remedy="write lags=0 for none."
        )
    return Conley(float(cutoff_km), lat, lon, kernel, years, small_sample(small))
