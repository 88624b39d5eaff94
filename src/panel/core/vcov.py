"""What a covariance of estimates is: a value that turns an Estimate into a matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from panel.core.absorber import Counted, IntArray
from panel.core.fields import fields_as_html
from panel.errors import VcovError, suggest

if TYPE_CHECKING:
    from panel.core.estimate import Estimate

FloatArray = np.ndarray[Any, np.dtype[np.float64]]

# A variance that is this share of the one under independent errors is rounding.
NOTHING = 1e-16


@dataclass(frozen=True, eq=False)
class Cov:
    """Covariance of the estimates.

    Parameters
    ----------
    matrix : (k, k).
    df : degrees of freedom of the t and F distributions, one number or (k,) of each coefficient.
    label : what a table prints, "clustered by province".
    clusters : number of clusters by variable.
    """

    matrix: FloatArray
    df: float | FloatArray
    label: str
    clusters: Mapping[str, int] = field(default_factory=dict)

    _repr_html_ = fields_as_html

    def __post_init__(self) -> None:
        for array in (self.matrix, self.df):
            if isinstance(array, np.ndarray):
                array.flags.writeable = False

    @property
    def df_joint(self) -> float:
        """Degrees of freedom of a joint test: the smallest, which is on the safe side."""
        return float(np.min(self.df))

    def variances(self, names: Sequence[str], usual: FloatArray) -> FloatArray:
        """The variances (k,) of the coefficients ``names``, each a positive number.

        Parameters
        ----------
        usual : (k,) variances under independent errors, by the size of which rounding is judged.

        Raises
        ------
        VcovError : a variance is negative, or nothing but rounding.
        """
        found = np.diag(self.matrix)
        nothing = (np.abs(found) <= NOTHING * usual) & (usual > 0) & np.isfinite(usual)
        if bool(nothing.any()):
            bad = names[int(np.argmax(nothing))]
            raise VcovError(
                f"The variance of {bad!r} ({self.label}) is zero but for rounding: what the "
                "groups contribute to the coefficient adds up to nothing in each.",
                variable=bad,
                value=float(found[np.argmax(nothing)]),
                remedy="cluster by a variable with more groups, or use hetero().",
            )
        if bool((found < 0).any()):
            bad = names[int(np.argmin(found))]
            raise VcovError(
                f"The variance of {bad!r} by {self.label} is negative.",
                variable=bad,
                value=float(found.min()),
                remedy="a multiway covariance of few clusters and a spatial one need not be "
                "positive: cluster one way, by the variable with fewer clusters.",
            )
        return found


@runtime_checkable
class Vcov(Protocol):
    """A covariance estimator.

    ``needs`` names the variables it reads (clusters, coordinates), so that rows without them are
    dropped before estimation. The matrix may depend neither on the order of rows nor on how
    clusters are called.
    """

    @property
    def needs(self) -> tuple[str, ...]:
        """Variables read beside those of the formula."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """Every choice that changes the matrix, for provenance and tables."""

    def __call__(self, estimate: Estimate, /) -> Cov:
        """The covariance of ``estimate``."""


@dataclass(frozen=True)
class SmallSample:
    """Small-sample factor ``(n - 1)/(n - p) * G/(G - 1)`` of a clustered covariance.

    Parameters
    ----------
    counted : which absorbed effects p counts beside the slopes: see Absorber.parameters.
    scale : whether the first fraction is applied.
    groups : "min" takes G of the smallest cluster variable for all parts of a multiway
        covariance, "each" takes each part's own, "none" leaves the second fraction out.
    """

    counted: Counted = "nonnested"
    scale: bool = True
    groups: str = "min"

    _repr_html_ = fields_as_html


# How other packages scale a clustered covariance; docs/equivalences.md has the evidence.
SMALL_SAMPLE: Mapping[str, SmallSample] = {
    "fixest": SmallSample(),
    "reghdfe": SmallSample(),
    "areg": SmallSample(counted="full"),
    "ivreg2": SmallSample(counted="none"),
    "none": SmallSample(scale=False, groups="none"),
}


def small_sample(given: str | SmallSample) -> SmallSample:
    """The factor by name ("fixest", "reghdfe", "areg", "ivreg2", "none") or as a value."""
    if isinstance(given, SmallSample):
        return given
    if given not in SMALL_SAMPLE:
        raise VcovError(
            f"Small-sample convention {given!r} is not known.",
            variable="small",
            value=given,
            remedy=suggest(given, SMALL_SAMPLE),
        )
    return SMALL_SAMPLE[given]


def parameters_factor(
    estimate: Estimate, small: SmallSample, clusters: Sequence[IntArray] = ()
) -> float:
    """The first fraction of the small-sample factor, ``(n - 1)/(n - p)``; 1 if not applied.

    Parameters
    ----------
    clusters : codes (n,) of the cluster variables, in which effects may be nested.
    """
    if not small.scale:
        return 1.0
    design = estimate.design
    absorbed = design.absorber.parameters(small.counted, clusters) if design.absorber else 0
    return (design.n - 1) / (design.n - len(design.names) - absorbed)


# fixest's and pyfixest's spellings. The names are looked up when one is used: estimators take a
# covariance as a value and must not depend on the layer that defines them.
_SPELLINGS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "iid": ("iid", {}),
    "hetero": ("hetero", {}),
    "HC0": ("hetero", {"kind": "HC0"}),
    "HC1": ("hetero", {"kind": "HC1"}),
    "HC2": ("hetero", {"kind": "HC2"}),
    "HC3": ("hetero", {"kind": "HC3"}),
    "DK": ("driscoll_kraay", {}),
    "NW": ("newey_west", {}),
}
# pyfixest scales its CRV3 as its CRV1; clubSandwich, whose CR2 this is, does not scale.
_CLUSTERED: Mapping[str, Mapping[str, str]] = {
    "CRV1": {"kind": "CR1"},
    "CRV2": {"kind": "CR2"},
    "CRV3": {"kind": "CR3", "small": "fixest"},
}


def as_vcov(given: Vcov | str | Mapping[str, str] | None) -> Vcov:
    """A covariance from a value, or from fixest's spelling.

    ``None`` and "iid", "hetero", "HC0" ... "HC3", "DK", "NW", {"CRV1": "province"} or
    {"CRV1": "province + year"}, CRV2 and CRV3 likewise.

    Raises
    ------
    VcovError : neither a covariance nor a known spelling.
    """
    inference = import_module("panel.inference")
    if given is None:
        given = "iid"
    if isinstance(given, str) and given in _SPELLINGS:
        name, settings = _SPELLINGS[given]
        return getattr(inference, name)(**settings)  # type: ignore[no-any-return]
    if isinstance(given, Mapping) and len(given) == 1 and next(iter(given)) in _CLUSTERED:
        spelled, names = next(iter(given.items()))
        variables = [v.strip() for v in str(names).split("+")]
        return inference.cluster(*variables, **_CLUSTERED[spelled])  # type: ignore[no-any-return]
    if not isinstance(given, (str, Mapping)) and isinstance(given, Vcov):
        return given
    raise VcovError(
        f"{given!r} is not a covariance.",
        variable="vcov",
        value=given,
        remedy=f'give panel.cluster("province") or another value, {{"CRV1": "province"}}, or one '
        f"of {', '.join(map(repr, _SPELLINGS))}.",
    )
