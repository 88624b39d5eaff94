"""Errors that are independent but of any variance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from panel.core.estimate import Estimate
from panel.core.vcov import Cov
from panel.errors import VcovError, suggest

_KINDS = ("HC0", "HC1")


@dataclass(frozen=True)
class Hetero:
    """Heteroskedasticity-robust covariance of Eicker, Huber and White: see :func:`hetero`."""

    kind: str

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
        matrix = scale * estimate.influence.T @ estimate.influence
        return Cov(matrix, df, f"heteroskedasticity-robust ({self.kind})")


def hetero(kind: str = "HC1") -> Hetero:
    """Heteroskedasticity-robust covariance.

    Parameters
    ----------
    kind : "HC0" the sum of outer products of influences; "HC1" that times n/(n - p), p counting
        absorbed effects (Stata's robust, fixest's hetero).

    Raises
    ------
    VcovError : another kind.

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
