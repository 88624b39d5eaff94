"""Scores: what every observation contributes to the coefficients, kept in factors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from panel.core.frame import FloatArray, IntArray
from panel.errors import VcovError
from panel.kernels.groups import group_sums
from panel.kernels.parallel import pieces


@dataclass(frozen=True, eq=False)
class Scores:
    """Influence functions ``x_i u_i B``, of which only the factors are held.

    Parameters
    ----------
    x : (n, p) regressors of the estimating equations, or the influence functions themselves.
    u : (n,) weighted residuals; 1 if left out.
    bread : B (p, k), the inverse of the equations' derivative; the identity if left out.

    Notes
    -----
    Sums over groups are taken before the multiplication by B, so that a clustered covariance of
    millions of rows needs no (n, k) array.
    """

    x: FloatArray
    u: FloatArray | None = None
    bread: FloatArray | None = None

    def __post_init__(self) -> None:
        for array in (self.x, self.u, self.bread):
            if array is not None:
                array.flags.writeable = False

    def __getstate__(self) -> dict[str, FloatArray | None]:  # what is cached is not pickled
        return {k: getattr(self, k) for k in self.__dataclass_fields__}

    def __setstate__(self, state: dict[str, FloatArray | None]) -> None:
        self.__dict__.update(state)
        self.__post_init__()

    @cached_property
    def influence(self) -> FloatArray:
        """The influence functions (n, k)."""
        found = self._by_bread(self.x if self.u is None else self.x * self.u[:, None])
        found.flags.writeable = False
        return found

    def sums(self, codes: IntArray, groups: int) -> FloatArray:
        """Their sums (G, k) over the groups ``codes`` (n,), numbered 0..G-1."""
        sums = group_sums(codes, self.x, groups, self.u)
        if self.bread is None or self.bread.shape[0] != self.bread.shape[1]:
            return self._by_bread(sums)
        for rows in pieces(groups):  # in the memory of the sums
            sums[rows] = sums[rows] @ self.bread
        return sums

    def map(self, jacobian: FloatArray) -> Scores:
        """Those of ``J b``, J (m, k)."""
        return replace(self, bread=jacobian.T if self.bread is None else self.bread @ jacobian.T)

    def _by_bread(self, values: FloatArray) -> FloatArray:
        return values if self.bread is None else values @ self.bread


@dataclass(frozen=True)
class Inseparable:
    """Scores that do not fall into parts of single rows that are independent of one another.

    So it is with a spatial lag in a likelihood: its score has the products of the errors of any
    two regions. Sums of squares over rows or clusters would not estimate its variance.

    Parameters
    ----------
    method : what a message calls the estimator.
    """

    method: str

    @property
    def influence(self) -> FloatArray:
        """Raises VcovError: there is none."""
        raise self._error()

    def sums(self, codes: IntArray, groups: int) -> FloatArray:  # noqa: ARG002 - as Scores has it
        """Raises VcovError: there are none."""
        raise self._error()

    def map(self, jacobian: FloatArray) -> Inseparable:  # noqa: ARG002 - as Scores has it
        """Combinations are no more separable."""
        return self

    def _error(self) -> VcovError:
        return VcovError(
            f"{self.method} has no covariance that sums over rows or clusters: its score has "
            "products of the errors of different regions.",
            variable="vcov",
            value=self.method,
            remedy="use iid(), the inverse information matrix.",
        )
