"""Johnson and Neyman: where along a moderator a marginal effect is significant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from itertools import pairwise
from numbers import Real

import numpy as np
import pandas as pd

from panel.core.estimate import Estimate
from panel.core.expression import Name, parse_expression
from panel.core.frame import FloatArray
from panel.core.terms import numbers
from panel.core.vcov import Vcov
from panel.errors import DataError, EstimationError
from panel.inference.functionals import Functionals, as_model, estimated
from panel.inference.slopes import derivative_columns, moved_variable
from panel.kernels.tails import t_quantile

# A derivative that is linear in the moderator leaves rounding of this share of its size.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class JohnsonNeyman:
    """Effect of x along a moderator z, ``a + c z``, and where it is significant.

    Parameters
    ----------
    estimate : the effect at the moderator's mean, and its change with the moderator.
    variable, moderator : x and z.
    centre : mean of z in the rows used.
    observed : (n,) values of z in the rows used, sorted.
    alpha : level of the test.
    """

    estimate: Estimate
    variable: str
    moderator: str
    centre: float
    observed: FloatArray = field(repr=False)
    alpha: float

    def with_vcov(self, vcov: Vcov | str | Mapping[str, str]) -> JohnsonNeyman:
        """The same with another covariance; nothing is estimated again."""
        return replace(self, estimate=self.estimate.with_vcov(vcov))

    @property
    def bounds(self) -> tuple[float, ...]:
        """Values of the moderator at which the effect changes between significant and not: the
        roots of ``(a + c z)^2 = t^2 Var(a + c z)``, none, one or two, ascending."""
        return tuple(self.centre + root for root in self._roots())

    @property
    def regions(self) -> tuple[tuple[float, float], ...]:
        """Intervals of the moderator in which the effect is significant."""
        roots = self._roots()
        probes = [0.0]
        if roots:  # a point of each interval
            inner = [(a + b) / 2 for a, b in pairwise(roots)]
            first, last = roots[0], roots[-1]
            probes = [first - abs(first) - 1.0, *inner, last + abs(last) + 1.0]
        ends = (-np.inf, *(self.centre + root for root in roots), np.inf)
        pairs = zip(probes, pairwise(ends), strict=True)
        return tuple((low, high) for probe, (low, high) in pairs if self._excess(probe) > 0)

    @property
    def share(self) -> float:
        """Share of the rows used in which the effect is significant."""
        z = self.observed
        return float(np.mean(np.any([(z > a) & (z < b) for a, b in self.regions], axis=0)))

    def curve(self, points: int = 101) -> pd.DataFrame:
        """The effect over the observed range of the moderator.

        Returns
        -------
        Columns moderator, effect, std_error, conf_low, conf_high (pointwise limits of level
        ``1 - alpha``) and significant; the bounds inside the range are among the ``points`` rows.
        """
        low, high = float(self.observed[0]), float(self.observed[-1])
        inside = [b for b in self.bounds if low < b < high]
        z = np.sort(np.concatenate([np.linspace(low, high, points), inside]))
        d = z - self.centre
        (a, c), v = self.estimate.coef, self.estimate.cov.matrix
        effect = a + c * d
        error = np.sqrt(v[0, 0] + 2 * d * v[0, 1] + d**2 * v[1, 1])
        wide = self._critical * error
        return pd.DataFrame(
            {
                "moderator": z, "effect": effect, "std_error": error,
                "conf_low": effect - wide, "conf_high": effect + wide,
                "significant": np.abs(effect) > wide,
            }
        )  # fmt: skip

    def tidy(self) -> pd.DataFrame:
        """One row a region in which the effect is significant, with its sign."""
        signs = []
        for low, high in self.regions:
            z = np.clip(0.0, low - self.centre, high - self.centre)
            signs.append(float(np.sign(self.estimate.coef @ [1.0, z])))
        return pd.DataFrame(
            {
                "variable": self.variable,
                "moderator": self.moderator,
                "low": [low for low, _ in self.regions],
                "high": [high for _, high in self.regions],
                "sign": signs,
            }
        )

    def __str__(self) -> str:
        low, high = self.observed[0], self.observed[-1]
        where = "; ".join(f"({a:.5g}, {b:.5g})" for a, b in self.regions)
        there = f"; {100 * self.share:.1f}% of the rows lie there" if where else ""
        return (
            f"Effect of {self.variable} on {self.estimate.depvar} along {self.moderator} "
            f"({self.estimate.cov.label})\n"
            f"significant at {100 * self.alpha:g}% for "
            f"{f'{self.moderator} in {where}' if where else f'no value of {self.moderator}'}\n"
            f"observed from {low:.5g} to {high:.5g}{there}"
        )

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"

    @property
    def _critical(self) -> float:
        return float(t_quantile(1 - self.alpha / 2, self.estimate.cov.df_joint))

    def _quadratic(self) -> tuple[float, float, float]:
        """Coefficients of ``(a + c d)^2 - t^2 Var(a + c d)``, from the square down; d is the
        deviation of the moderator from its mean."""
        (a, c), v, t2 = self.estimate.coef, self.estimate.cov.matrix, self._critical**2
        return c * c - t2 * v[1, 1], 2 * (a * c - t2 * v[0, 1]), a * a - t2 * v[0, 0]

    def _excess(self, d: float) -> float:
        square, linear, constant = self._quadratic()
        return float((square * d + linear) * d + constant)

    def _roots(self) -> tuple[float, ...]:
        square, linear, constant = self._quadratic()
        if square == 0:
            return () if linear == 0 else (-constant / linear,)
        inside = linear**2 - 4 * square * constant
        if inside <= 0:
            return ()
        q = -(linear + np.copysign(np.sqrt(inside), linear)) / 2  # no cancellation
        return tuple(sorted((float(q / square), float(constant / q))))


def johnson_neyman(
    estimate: Estimate, variable: str, moderator: str, *, alpha: float = 0.05
) -> JohnsonNeyman:
    """Values of a moderator at which a marginal effect changes significance, exactly.

    In ``y = ... + b x + c x z`` the effect of x is ``b + c z``, and significant where
    ``(b + c z)^2 > t^2 Var(b + c z)``: a quadratic inequality in z.

    Parameters
    ----------
    estimate : by any estimator; of ``poisson`` and ``logit`` the effect is on the linear index.
    variable, moderator : names, or expressions that the formula holds, as ``"log(x)"``. The effect
        of the variable must be linear in the moderator and depend on nothing else.
    alpha : level. The limits hold at one value of the moderator at a time.

    Returns
    -------
    JohnsonNeyman, with ``bounds``, ``regions``, ``share`` of rows and ``curve()``. Degrees of
    freedom are the smallest of the covariance, one number at all values of the moderator.

    Raises
    ------
    EstimationError : the effect does not depend on the moderator, or not linearly, or on other
        variables too.
    DataError : alpha is not between 0 and 1.

    References
    ----------
    Johnson and Neyman (1936), Statistical Research Memoirs 1; Bauer and Curran (2005),
    Multivariate Behavioral Research 40.
    """
    if not (isinstance(alpha, Real) and 0 < alpha < 1):
        raise DataError(
            f"alpha must lie between 0 and 1, not {alpha!r}.", variable="alpha", value=alpha,
            remedy="0.05 tests at 5 percent.",
        )  # fmt: skip
    model = as_model(estimate, "index", "Marginal effects")
    design = model.design
    of = moved_variable(design, variable)
    text = str(Name(moderator) if moderator in design.frame else parse_expression(moderator))
    z = numbers(text, design.frame)[design.rows]
    moved = derivative_columns(model, design.frame, of)  # (rows, K)
    centre = float(z.mean())
    basis = np.column_stack([np.ones(len(z)), z - centre])
    spread = float(np.abs(basis[:, 1]).max())
    size = np.array([1.0, spread or 1.0])
    gradient = np.linalg.lstsq(basis / size, moved, rcond=None)[0] / size[:, None]  # (2, K)
    left = np.abs(moved - basis @ gradient).max(axis=0)
    if bool((left > _ROUNDING * np.abs(moved).max(axis=0)).any()):
        column = model.names[int(np.argmax(left))]
        raise EstimationError(
            f"The effect of {of!r} is not linear in {text!r} alone: {column!r} makes it depend on "
            "more.",
            variable=column, value=variable,
            remedy=f'look at panel.slopes(m, "{variable}", at=...) at chosen values.',
        )  # fmt: skip
    if not spread or float(np.abs(gradient[1]).max()) * spread <= _ROUNDING * np.abs(moved).max():
        raise EstimationError(
            f"The effect of {of!r} does not depend on {text!r}.", variable=moderator,
            value=variable, remedy="write their product into the formula: x*z.",
        )  # fmt: skip
    names = (f"{of} | mean of {text}", f"change with {text}")
    found = estimated(model, names, Functionals(gradient @ model.coef, gradient))
    return JohnsonNeyman(found, of, text, centre, np.sort(z), alpha)
