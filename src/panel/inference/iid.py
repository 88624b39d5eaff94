"""Independent errors of one variance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from panel.core.estimate import Estimate
from panel.core.fields import fields_as_html
from panel.core.vcov import Cov


@dataclass(frozen=True)
class Iid:
    """Classical covariance ``s^2 (X'X)^-1`` with ``s^2 = RSS/(n - p)``, p with absorbed effects."""

    _repr_html_ = fields_as_html

    @property
    def needs(self) -> tuple[str, ...]:
        """Nothing beside the model."""
        return ()

    @property
    def settings(self) -> Mapping[str, Any]:
        """No choices."""
        return {}

    def __call__(self, estimate: Estimate) -> Cov:
        """Covariance with n - p degrees of freedom."""
        return Cov(estimate.classical, estimate.df_resid, "iid")


def iid() -> Iid:
    """Classical covariance: errors independent, of one variance."""
    return Iid()
