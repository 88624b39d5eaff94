"""Where an estimate comes from."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from panel.core.fields import fields_as_html

if TYPE_CHECKING:
    from panel.core.estimate import Estimate


@dataclass(frozen=True)
class Provenance:
    """How an estimate came about: enough to say whether two are the same.

    Parameters
    ----------
    formula, vcov : the model and its covariance.
    data : sha256 of the figures used.
    dropped : what was left out of rows and columns.
    seed : of random draws, None where there are none.
    versions : of Python and the packages that did the arithmetic.
    """

    formula: str
    vcov: str
    data: str
    dropped: tuple[str, ...]
    seed: int | None
    versions: Mapping[str, str]

    _repr_html_ = fields_as_html


def provenance_of(estimate: Estimate) -> Provenance:
    """Formula, data hash, seed, versions and what was left out."""
    design = estimate.design
    used = [v for v in design.variables if v in design.frame]
    packages = ("regpanel", "numpy", "scipy", "pandas")
    return Provenance(
        formula=estimate.formula,
        vcov=estimate.cov.label,
        data=design.frame.select(used).fingerprint,
        dropped=tuple(map(str, design.dropped)),
        seed=estimate.seed,
        versions={"python": platform.python_version()} | {p: _version(p) for p in packages},
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "not installed"
