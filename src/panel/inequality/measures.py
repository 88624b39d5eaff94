"""Inequality between regions, year by year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from numbers import Integral, Real
from types import MappingProxyType

import numpy as np
import pandas as pd

from panel.core.frame import FloatArray, PanelFrame
from panel.core.labels import Label
from panel.errors import DataError, suggest
from panel.inequality.observed import Bound, Observed, observed, require_several
from panel.inequality.wording import as_html, as_text, by_row, headed, titled
from panel.kernels import inequality as kernel
from panel.kernels.resample import multiplicities

Measure = Callable[[FloatArray, FloatArray], FloatArray]

MEASURES = ("gini", "theil_t", "theil_l", "entropy", "atkinson", "cv", "sd_log")


@dataclass(frozen=True, eq=False)
class Inequality:
    """Measures of inequality by year.

    Parameters
    ----------
    variable : what was compared, in three languages.
    df : one row a year: n regions, mean, then the measures.
    errors : one row a year and measure: estimate, std_error, conf_low, conf_high; without
        resampling only the estimate is there.
    draws : (B, years, measures) of the bootstrap, empty without.
    notes : what a reader must know of rows and settings.
    """

    variable: Label
    df: pd.DataFrame
    errors: pd.DataFrame
    draws: FloatArray = field(repr=False)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.draws.flags.writeable = False

    @property
    def title(self) -> Label:
        """What a table of it is called, in three languages."""
        return titled("measures", self.variable)

    def tidy(self) -> pd.DataFrame:
        """One row a year and measure, with standard errors and limits if there are any."""
        return self.errors.copy()

    def labelled(self, language: str = "en") -> pd.DataFrame:
        """:attr:`df` with headings in English ("en"), Chinese ("zh") or Russian ("ru")."""
        return headed(self.df, language)

    def __str__(self) -> str:
        return as_text(str(self.title), self.df, self.notes)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return as_html(str(self.title), self.df, self.notes)


def inequality_measures(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    *,
    measures: Sequence[str] = ("gini", "theil_t", "theil_l", "atkinson", "cv"),
    weights: str | None = None,
    sample: str | None = None,
    alpha: float = 2.0,
    epsilon: float = 0.5,
    bootstrap: tuple[int, int] | None = None,
) -> Inequality:
    """Inequality of a variable between regions, year by year.

    Parameters
    ----------
    frame : a PanelFrame, or a DataFrame with a (unit, time) index.
    variable : an expression, ``"gdp / population"``.
    measures : of "gini"; "theil_t" and "theil_l" (mean log deviation); "entropy", GE(alpha);
        "atkinson"; "cv", the coefficient of variation; "sd_log", the standard deviation of logs.
    weights : expression of weights, as of population where the variable is per person: the
        inequality between people as if all in a region had its mean. Then Theil's T is ``sum
        Y_i/Y log((Y_i/Y)/(P_i/P))`` of the regions' totals Y and populations P.
    sample : condition that rows must meet.
    alpha : sensitivity of the generalised entropy; larger ones weigh gaps at the top.
    epsilon : aversion to inequality in Atkinson's index, above 0.
    bootstrap : (number of draws, seed). Regions are drawn with replacement, with all their years.

    Returns
    -------
    Inequality. All measures describe these regions: variances are over n, and no factor n/(n - 1)
    is applied. Limits are percentiles of the draws, of 95 percent.

    Raises
    ------
    DataError : values below zero, or zero where logarithms are taken; a year with one region; an
        unknown measure.
    EmptySampleError, UnknownVariableError, NotNumericError, FormulaError : from the expressions.

    References
    ----------
    Cowell (2011), Measuring Inequality, 3rd edition; Atkinson (1970), J. Economic Theory 2;
    Shorrocks (1980), Econometrica 48.
    """
    chosen = _functions(measures, alpha, epsilon)
    bound = _bound(tuple(chosen), alpha, epsilon)
    data = observed(
        frame, variable, weights=weights, sample=sample, bound=bound, purpose=", ".join(chosen)
    )
    times = _multiplicities(data, bootstrap)  # (B, N)
    rows, drawn = [], []
    for year, at in data.years():
        require_several(at, year, data)
        x, w = data.x[at], data.w[at]
        mean = float(kernel.mean(x, w))
        _require_positive_mean(mean, year, data)
        rows.append({data.frame.time: year, "n": len(at), "mean": mean}
                    | {name: float(f(x, w)) for name, f in chosen.items()})  # fmt: skip
        drawn.append(_drawn(chosen, x, w, times[:, data.units[at]]))
    table = pd.DataFrame(rows).set_index(data.frame.time)
    draws = np.stack(drawn, axis=1)
    notes = list(data.notes)
    if weights is not None:
        notes.append(f"Weighted by {data.frame.label(weights)}.")
    notes += [f"GE({alpha:g})."] * ("entropy" in chosen)
    notes += [f"Atkinson's aversion {epsilon:g}."] * ("atkinson" in chosen)
    if bootstrap is not None:
        notes.append(f"{bootstrap[0]} draws of regions, seed {bootstrap[1]}.")
    errors = _errors(table[list(chosen)], draws)
    return Inequality(data.label, table, errors, draws, tuple(notes))


def _functions(
    measures: Sequence[str], alpha: float, epsilon: float
) -> MappingProxyType[str, Measure]:
    for name, value in (("alpha", alpha), ("epsilon", epsilon)):
        wrong = isinstance(value, bool) or not isinstance(value, Real) or not np.isfinite(value)
        if wrong or (name == "epsilon" and value <= 0):
            raise DataError(
                f"{name} must be a {'positive ' * (name == 'epsilon')}number, not {value!r}.",
                variable=name, value=value, remedy="leave it out, or give a number such as 0.5.",
            )  # fmt: skip
    every: dict[str, Measure] = {
        "gini": kernel.gini,
        "theil_t": partial(kernel.entropy, alpha=1.0),
        "theil_l": partial(kernel.entropy, alpha=0.0),
        "entropy": partial(kernel.entropy, alpha=float(alpha)),
        "atkinson": partial(kernel.atkinson, epsilon=float(epsilon)),
        "cv": kernel.variation,
        "sd_log": kernel.spread_of_logs,
    }
    chosen = [measures] if isinstance(measures, str) else list(measures)
    for name in chosen or [""]:
        if name not in every:
            raise DataError(
                f"{name!r} is not a measure of inequality.", variable="measures", value=name,
                remedy=suggest(str(name), every),
            )  # fmt: skip
    return MappingProxyType({name: every[name] for name in chosen})


def _bound(names: Sequence[str], alpha: float, epsilon: float) -> Bound:
    logs = {"theil_l", "sd_log"} | ({"entropy"} if alpha <= 0 else set())
    logs |= {"atkinson"} if epsilon >= 1 else set()
    return "positive" if logs & set(names) else "nonnegative"


def _require_positive_mean(mean: float, year: object, data: Observed) -> None:
    if mean <= 0:
        raise DataError(
            f"{data.variable!r} is zero everywhere in {year}.", variable=data.variable, value=mean,
            remedy=f"leave that {data.frame.time} out with sample=.",
        )  # fmt: skip


def _multiplicities(data: Observed, bootstrap: tuple[int, int] | None) -> FloatArray:
    """How often each region counts (B, N of the frame) in each draw."""
    n = len(data.frame.units)
    if bootstrap is None:
        return np.empty((0, n))
    if not (
        isinstance(bootstrap, tuple)
        and len(bootstrap) == 2
        and all(isinstance(b, Integral) and not isinstance(b, bool) for b in bootstrap)
        and bootstrap[0] >= 2
        and bootstrap[1] >= 0
    ):
        raise DataError(
            f"bootstrap must be (number of draws from 2, seed), not {bootstrap!r}.",
            variable="bootstrap", value=bootstrap, remedy="give (999, 1).",
        )  # fmt: skip
    present = np.unique(data.units)
    times = np.zeros((int(bootstrap[0]), n))
    times[:, present] = np.concatenate(
        list(multiplicities(len(present), int(bootstrap[0]), int(bootstrap[1])))
    )
    return times


def _drawn(
    chosen: MappingProxyType[str, Measure], x: FloatArray, w: FloatArray, times: FloatArray
) -> FloatArray:
    """Measures (B, m) of resampled regions; missing where none of that year was drawn."""
    found = np.full((len(times), len(chosen)), np.nan)
    some = (times * x).sum(axis=1) > 0
    for j, f in enumerate(chosen.values()):
        found[some, j] = f(x, w * times[some])
    return found


def _errors(table: pd.DataFrame, draws: FloatArray) -> pd.DataFrame:
    long = by_row(table, "measure")
    if len(draws):
        flat = draws.reshape(len(draws), -1)
        long["std_error"] = np.nanstd(flat, axis=0, ddof=1)
        long["conf_low"], long["conf_high"] = np.nanquantile(flat, [0.025, 0.975], axis=0)
    return long
