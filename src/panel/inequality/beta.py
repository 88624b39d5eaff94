"""Beta convergence: do regions that are behind grow faster?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Integral

import numpy as np
import pandas as pd

from panel.core.build import build
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.frame import PanelFrame
from panel.core.labels import Label
from panel.core.least_squares import fit
from panel.core.vcov import Vcov, as_vcov
from panel.core.verb import as_frame, as_spec
from panel.errors import CalendarError, EstimationError
from panel.inequality.observed import Observed, observed
from panel.inequality.wording import as_html, as_text, headed, titled


@dataclass(frozen=True, eq=False)
class BetaConvergence:
    """A growth regression and the speed of convergence that it implies.

    Parameters
    ----------
    estimate : the regression; goes into tables as any other.
    term : its coefficient on the initial level.
    periods : T, the years that growth is over.
    """

    estimate: Estimate
    term: str
    periods: int

    def with_vcov(self, vcov: Vcov | str | Mapping[str, str]) -> BetaConvergence:
        """The same with another covariance."""
        return replace(self, estimate=self.estimate.with_vcov(vcov))

    @cached_property
    def speed(self) -> Estimate:
        """Speed of convergence ``-log(1 + b T)/T`` a year, by the delta method.

        Raises
        ------
        EstimationError : ``1 + b T`` is not positive, more than all of a gap is closed.
        """
        b, t = self._b, self.periods
        if 1 + b * t <= 0:
            raise EstimationError(
                f"The coefficient {b:.4g} closes more than the whole gap in {t} periods, so that "
                "there is no speed of convergence.",
                variable=self.term, value=b, remedy="use growth over fewer years.",
            )  # fmt: skip
        return self._mapped("speed", -np.log1p(b * t) / t, -1 / (1 + b * t))

    @cached_property
    def half_life(self) -> Estimate:
        """Years in which half of a gap is closed, ``log(2)/speed``, by the delta method.

        Raises
        ------
        EstimationError : gaps do not close.
        """
        speed = float(self.speed.coef[0])
        if speed <= 0:
            raise EstimationError(
                f"Gaps do not close: the speed of convergence is {speed:.4g}.",
                variable=self.term, value=speed, remedy="report the coefficient itself.",
            )  # fmt: skip
        slope = np.log(2) / speed**2 / (1 + self._b * self.periods)
        return self._mapped("half_life", np.log(2) / speed, slope)

    @property
    def df(self) -> pd.DataFrame:
        """The coefficient, the speed and the half-life with errors; missing where undefined."""
        rows = [self.estimate.tidy().set_index("term").loc[[self.term]]]
        rows += [e.tidy().set_index("term") for e in self._defined]
        return pd.concat(rows).reindex([self.term, "speed", "half_life"]).rename_axis("term")

    @property
    def title(self) -> Label:
        """What a table of it is called, in three languages."""
        return titled("beta")

    def tidy(self) -> pd.DataFrame:
        """:attr:`df` with the terms as a column."""
        return self.df.reset_index()

    def labelled(self, language: str = "en") -> pd.DataFrame:
        """:attr:`df` with headings in English ("en"), Chinese ("zh") or Russian ("ru")."""
        named = headed(self.df.T, language).T
        return headed(named.rename({self.term: self.estimate.label(self.term, language)}), language)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of the sample and of the variant."""
        estimate, frame = self.estimate, self.estimate.design.frame
        found = [f"{estimate.formula}; n = {estimate.nobs}; {estimate.cov.label} errors."]
        if len(self._defined) < 2:
            found.append("Gaps do not close, or more than close: no half-life.")
        if frame.unit in estimate.fixed_effects:
            found.append(
                f"Effects of {frame.unit}s in a short panel bias the coefficient downwards, and "
                "the speed upwards (Nickell 1981)."
            )
        return (*found, *estimate.notes)

    @property
    def _b(self) -> float:
        return float(self.estimate.params[self.term])

    @property
    def _defined(self) -> list[Estimate]:
        inside = 1 + self._b * self.periods > 0
        return ([self.speed] if inside else []) + (
            [self.half_life] if inside and self._b < 0 else []
        )

    def _mapped(self, name: str, value: float, derivative: float) -> Estimate:
        jacobian = np.zeros((1, len(self.estimate.coef)))
        jacobian[0, self.estimate.names.index(self.term)] = derivative
        return replace(self.estimate.map(jacobian, [name]), coef=np.array([value]))

    def __str__(self) -> str:
        return as_text(str(self.title), self.df, self.notes)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return as_html(str(self.title), self.labelled(), self.notes)


def beta_convergence(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    *,
    periods: int | None = None,
    controls: Sequence[str] = (),
    effects: Sequence[str] = (),
    vcov: Vcov | str | Mapping[str, str] | None = None,
    sample: str | None = None,
) -> BetaConvergence:
    """Growth on the initial level: absolute, conditional or within regions.

    ``log(y_it / y_i,t-T) / T = a + b log(y_i,t-T) + x_i,t-T'c + u_it`` by least squares; b below
    zero is convergence, at a speed of ``-log(1 + b T)/T`` a year. That is the non-linear
    regression of Barro and Sala-i-Martin with ``b = -(1 - exp(-speed T))/T``: the same fit, and
    by the delta method the same errors.

    Parameters
    ----------
    frame : a PanelFrame, or a DataFrame with a (unit, time) index.
    variable : an expression of positive values; its logarithm is taken here.
    periods : T. Left out, growth from the first to the last year of the variable, one row a region.
        A number gives all changes over so many years, which overlap if T > 1; choose among them by
        ``sample="year == 2010 | year == 2020"``.
    controls : expressions of numbers, each read at the start of the change: conditional
        convergence.
    effects : variables absorbed, ``["zone"]``, or ``["province", "year"]`` in a panel.
    vcov : a covariance or fixest's spelling; iid if left out.
    sample : condition on the later year.

    Returns
    -------
    BetaConvergence: the Estimate, and ``speed`` and ``half_life`` as Estimates of their own.

    Raises
    ------
    CalendarError : one year only, or ``periods`` that are no whole number from 1.
    DataError : a value that is not positive.
    FormulaError, UnknownVariableError, NotNumericError, EmptySampleError, AbsorbedError,
    DegreesOfFreedomError : each names the term and what to do.

    References
    ----------
    Barro and Sala-i-Martin (1992), J. Political Economy 100; Islam (1995), Quarterly J. Economics
    110, for panels; Nickell (1981), Econometrica 49.
    """
    covariance = as_vcov(vcov)
    design, span = growth_design(
        frame, variable, periods=periods, controls=controls, absorbed=effects, sample=sample,
        needs=covariance.needs,
    )  # fmt: skip
    return BetaConvergence(fit(design, covariance), design.spec.terms[0], span)


def growth_design(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    *,
    periods: int | None = None,
    controls: Sequence[str] = (),
    dummies: Sequence[str] = (),
    absorbed: Sequence[str] = (),
    sample: str | None = None,
    needs: Sequence[str] = (),
) -> tuple[Design, int]:
    """The regression of growth on the initial level, its first term, and the years T.

    Parameters and errors are those of :func:`beta_convergence`, its ``effects`` as ``dummies``
    among the regressors or ``absorbed``; ``needs`` names what else must not be missing.
    """
    frame = as_frame(frame)
    inside = sample if periods is None else None
    data = observed(frame, variable, sample=inside, bound="positive", purpose="growth")
    span = _span(data, periods)
    last = f"{frame.time} == {data.times.max()}"
    chosen = [f"({sample})"] * (sample is not None) + [last] * (periods is None)
    term = f"L(log({variable}), {span})"
    growth = f"D(log({variable}), {span})" + (f" / {span}" if span > 1 else "")
    right = [term, *(f"L({c}, {span})" for c in _listed(controls))]
    right += [f"i({d})" for d in _listed(dummies)]
    effects = _listed(absorbed)
    formula = f"{growth} ~ {' + '.join(right)}" + (f" | {' + '.join(effects)}" if effects else "")
    design = build(as_spec(formula, None, " & ".join(chosen) or None), frame, needs=needs)
    if design.spec.terms[0] not in design.names:
        raise EstimationError(
            f"The effects and controls explain the initial level of {variable!r}.",
            variable=variable, remedy="use fewer of them.",
        )  # fmt: skip
    return design, span


def _listed(names: Sequence[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _span(data: Observed, periods: int | None) -> int:
    if periods is None:
        span = int(data.times.max() - data.times.min())
        if span < 1:
            raise CalendarError(
                f"There is no growth in one {data.frame.time} of {data.variable!r}.",
                variable=data.variable, value=span, remedy="use a longer panel.",
            )  # fmt: skip
        return span
    if isinstance(periods, bool) or not isinstance(periods, Integral) or periods < 1:
        raise CalendarError(
            f"Growth is over a whole number of periods from 1, not {periods!r}.",
            variable="periods", value=periods, remedy="write periods=5.",
        )  # fmt: skip
    return int(periods)
