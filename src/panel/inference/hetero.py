"""Errors that are independent but of any variance."""

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
from panel.inference.loadings import loadings, require_estimable

_KINDS = ("HC0", "HC1", "HC2", "HC3")

# A row that keeps less than this share of its residual's variance is fitted by parameters of its
# own; rounding leaves about 1e-14 of it.
_ALONE = 1e-10


@dataclass(frozen=True)
class Hetero:
    """Heteroskedasticity-robust covariance of Eicker, Huber and White: see :func:`hetero`."""

    kind: str

    _repr_html_ = fields_as_html

    @property
    def needs(self) -> tuple[str, ...]:
        """Nothing beside the model."""
        return ()

    @property
    def settings(self) -> Mapping[str, Any]:
        """The kind."""
        return {"kind": self.kind}

    def __call__(self, estimate: Estimate) -> Cov:
        """Covariance with n - p degrees of freedom."""
        n, df = estimate.nobs, estimate.df_resid
        scale = n / df if self.kind == "HC1" else 1.0
        leveraged = self.kind in ("HC2", "HC3")
        influence = self._adjusted(estimate) if leveraged else estimate.influence
        return Cov(scale * influence.T @ influence, df, f"heteroskedasticity-robust ({self.kind})")

    def _adjusted(self, estimate: Estimate) -> FloatArray:
        """Influence (n, k) over the root of 1 - h (HC2) or 1 - h (HC3), h the leverage."""
        parts = loadings(estimate, self.kind)
        own = 1.0 - parts.hat.leverage()
        alone = own <= _ALONE
        rests = alone[:, None] & (np.abs(parts.p) > _ALONE * np.abs(parts.p).max(axis=0))
        rests[parts.hat.outweighing(np.flatnonzero(alone))] = True
        lost = np.where(rests.any(axis=0), rests.argmax(axis=0), -1)
        require_estimable(estimate, lost, np.arange(len(own)), self.kind)
        own = np.where(alone, 1.0, own)  # such a row has no residual
        divisor = np.sqrt(own) if self.kind == "HC2" else own
        return parts.p * (np.where(alone, 0.0, parts.residual) / divisor)[:, None]


def hetero(kind: str = "HC1") -> Hetero:
    """Heteroskedasticity-robust covariance.

    Parameters
    ----------
    kind : "HC0" the sum of outer products of influences; "HC1" that times n/(n - p), p counting
        absorbed effects (Stata's robust, fixest's hetero); "HC2" divides each squared residual by
        1 - h and "HC3" by (1 - h)^2, h the leverage of the slopes and of the absorbed effects:
        the same numbers as with explicit dummies.

    Raises
    ------
    VcovError : another kind; HC2 or HC3 of an estimator other than least squares, or of a
        coefficient that rests on one row alone (when the covariance is computed).

    References
    ----------
    White (1980), Econometrica 48; MacKinnon and White (1985), J. Econometrics 29.
    """
    if kind not in _KINDS:
        raise VcovError(
            f"Heteroskedasticity-robust kind {kind!r} is not offered.",
            variable="kind",
            value=kind,
            remedy=suggest(str(kind), _KINDS),
        )
    return Hetero(kind)
