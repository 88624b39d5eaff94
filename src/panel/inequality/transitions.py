"""Moves of regions between classes of a distribution: Markov chains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from numbers import Integral
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import stats

from panel.core.frame import FloatArray, IntArray, PanelFrame
from panel.core.labels import Label
from panel.core.test import Test
from panel.errors import CalendarError, DataError, EstimationError, suggest
from panel.inequality.observed import Observed, observed
from panel.inequality.wording import as_html, as_text, headed, titled
from panel.kernels import transitions as kernel

Breaks = Literal["pooled", "by_year"]


@dataclass(frozen=True, eq=False)
class Markov:
    """A Markov chain between classes 1 (lowest) to k.

    Parameters
    ----------
    variable : label of what is classed, in three languages.
    counts : moves (k, k) from row to column.
    classes : class by (unit, time).
    limits : upper limits of classes 1 to k - 1, which belong to them: one row "pooled", or one a
        year.
    moves : one row a move, by (unit, time) of its start: from, to.
    step : years between start and end.
    notes : what a reader must know of rows and settings.
    """

    variable: Label
    counts: pd.DataFrame
    classes: pd.Series
    limits: pd.DataFrame
    moves: pd.DataFrame
    step: int
    notes: tuple[str, ...] = ()

    @cached_property
    def df(self) -> pd.DataFrame:
        """Probabilities of transition (k, k); missing in a row that no region leaves from."""
        return self._square(kernel.probabilities(self.counts.to_numpy()))

    @cached_property
    def ergodic(self) -> pd.Series:
        """Shares of the classes in the long run.

        Raises
        ------
        EstimationError : a class without moves, or several sets of classes never left, so that
            the long run depends on the start.
        """
        p = self._complete()
        closed = kernel.closed_classes(p)
        if len(closed) > 1:
            sets = " and ".join(str([int(i) + 1 for i in s]) for s in closed)
            raise EstimationError(
                f"The long run depends on the start: classes {sets} are never left.",
                variable=str(self.variable), value=len(closed),
                remedy="use fewer classes or a longer panel.",
            )  # fmt: skip
        return pd.Series(kernel.ergodic(p), index=self.counts.index, name="ergodic")

    @cached_property
    def first_passage(self) -> pd.DataFrame:
        """Mean steps until a class is first reached; infinite where it may never be.

        Raises
        ------
        EstimationError : a class without moves.
        """
        return self._square(kernel.first_passage(self._complete()))

    @cached_property
    def mobility(self) -> pd.Series:
        """Indices of mobility, 0 if no region moves.

        "trace", ``(k - tr P)/(k - 1)`` of Prais and Shorrocks; "eigenvalue", one less the modulus
        of the second largest eigenvalue, the speed at which the long run is approached;
        "determinant", ``1 - |det P|``.

        Raises
        ------
        EstimationError : a class without moves.
        """
        p = self._complete()
        k = len(p)
        second = np.sort(np.abs(np.linalg.eigvals(p)))[-2]
        found = {
            "trace": (k - np.trace(p)) / (k - 1), "eigenvalue": 1 - second,
            "determinant": 1 - abs(np.linalg.det(p)),
        }  # fmt: skip
        return pd.Series(found, name="mobility", dtype=float)

    @property
    def title(self) -> Label:
        """What a table of it is called, in three languages."""
        return titled("transitions", self.variable)

    def tidy(self) -> pd.DataFrame:
        """One row a pair of classes: moves, probability and its standard error."""
        k = len(self.counts)
        n, p = self.counts.to_numpy(), self.df.to_numpy()
        with np.errstate(invalid="ignore", divide="ignore"):
            errors = np.sqrt(p * (1 - p) / n.sum(axis=1, keepdims=True))
        return pd.DataFrame({
            "from": np.repeat(self.counts.index, k), "to": np.tile(self.counts.columns, k),
            "moves": n.ravel().astype(int), "estimate": p.ravel(), "std_error": errors.ravel(),
        })  # fmt: skip

    def labelled(self, language: str = "en") -> pd.DataFrame:
        """:meth:`tidy` with headings in English ("en"), Chinese ("zh") or Russian ("ru")."""
        return headed(self.tidy(), language)

    def _square(self, values: FloatArray) -> pd.DataFrame:
        return pd.DataFrame(values, index=self.counts.index, columns=self.counts.columns)

    def _complete(self) -> FloatArray:
        p = self.df.to_numpy()
        if np.isnan(p).any():
            empty = self.counts.index[int(np.argmax(np.isnan(p).any(axis=1)))]
            raise EstimationError(
                f"No region moves from class {empty}, so that its probabilities are unknown.",
                variable=str(self.variable), value=empty, remedy="use fewer classes.",
            )  # fmt: skip
        return p

    def __str__(self) -> str:
        return as_text(str(self.title), self.df, self.notes)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return as_html(str(self.title), self.df, self.notes)


def markov(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    *,
    classes: int | Sequence[float] = 4,
    breaks: Breaks = "pooled",
    step: int = 1,
    sample: str | None = None,
) -> Markov:
    """Transition matrix between classes of a variable, from all moves over ``step`` years.

    Parameters
    ----------
    variable : an expression.
    classes : their number, limits being quantiles (by linear interpolation), or the upper limits
        of all but the last. A value equal to a limit is in the lower class; equal values are
        always in one class.
    breaks : quantiles of all years together ("pooled"), so that regions can rise together, or of
        each year ("by_year"), so that they change places.
    step : years between start and end of a move, by the calendar.
    sample : condition that both rows of a move must meet.

    Raises
    ------
    DataError : quantiles between which a class is empty, as values are few or many are equal, or
        limits that do not rise.
    CalendarError : ``step`` is no whole number from 1, or no region has two years so far apart.
    EmptySampleError, UnknownVariableError, NotNumericError, FormulaError : from the expressions.

    References
    ----------
    Quah (1993), European Economic Review 37; Shorrocks (1978), Econometrica 46; Kemeny and Snell
    (1960), Finite Markov Chains.
    """
    if breaks not in ("pooled", "by_year"):
        raise DataError(
            f"Breaks {breaks!r} are not known.", variable="breaks", value=breaks,
            remedy=suggest(str(breaks), ("pooled", "by_year")),
        )  # fmt: skip
    if isinstance(step, bool) or not isinstance(step, Integral) or step < 1:
        raise CalendarError(
            f"A move takes a whole number of periods from 1, not {step!r}.", variable="step",
            value=step, remedy="write 1.",
        )  # fmt: skip
    data = observed(frame, variable, sample=sample)
    codes, limits = classed(data, data.x, classes, breaks)
    k = limits.shape[1] + 1
    start, end = _moves(data, codes, int(step))
    names = pd.RangeIndex(1, k + 1)
    moved = data.frame.table.index[data.rows[start]]
    moves = pd.DataFrame({"from": codes[start] + 1, "to": codes[end] + 1}, index=moved)
    table = kernel.counts(codes[start], codes[end], k)
    notes = (*data.notes, f"{len(start)} moves over {step} {data.frame.time}(s); limits {breaks}.")
    return Markov(
        data.label, pd.DataFrame(table, names.rename("from"), names.rename("to")),
        pd.Series(codes + 1, data.frame.table.index[data.rows], name="class"),
        limits, moves, int(step), notes,
    )  # fmt: skip


def markov_test(chain: Markov, periods: Sequence[Any]) -> Test:
    """Test that probabilities of transition are the same in several periods.

    Parameters
    ----------
    chain : by :func:`panel.markov`.
    periods : the years in which a new period starts, ``[2008, 2015]`` for three periods; a move
        belongs to the period of its start.

    Returns
    -------
    Test, chi-squared: ``sum n_gi (p_gij - p_ij)^2/p_ij``; details have the likelihood ratio.

    Raises
    ------
    DataError : a period without a move.

    References
    ----------
    Anderson and Goodman (1957), Annals of Mathematical Statistics 28; Bickenbach and Bode (2003),
    International Regional Science Review 26.
    """
    years = chain.moves.index.get_level_values(1)
    ends = list(periods)
    period = np.sum([years >= start for start in ends], axis=0) if ends else np.zeros(len(years))
    counts = [_counted(chain, period == g) for g in range(len(ends) + 1)]
    if not ends or min(c.sum() for c in counts) == 0:
        raise DataError(
            f"The periods starting in {ends!r} do not all have moves.", variable="periods",
            value=ends, remedy=f"give years from {years.min()} to {years.max()}.",
        )  # fmt: skip
    return homogeneity_test(
        np.array(counts), "Homogeneity of transitions over periods",
        "probabilities of transition are the same in all periods",
    )  # fmt: skip


def homogeneity_test(counts: FloatArray, name: str, null: str) -> Test:
    """Chi-squared test that chains with moves (G, k, k) have the same probabilities.

    Raises
    ------
    EstimationError : nothing can differ, as no class is left from in two chains.
    """
    found = kernel.homogeneity(counts)
    if found.df == 0:
        raise EstimationError(
            "No class has moves in two of the groups, so that there is nothing to compare.",
            variable="classes", value=counts.shape, remedy="use fewer classes or groups.",
        )  # fmt: skip
    values = [found.chi2, found.likelihood_ratio]
    details = pd.DataFrame(
        {"statistic": values, "p_value": stats.chi2.sf(values, found.df)},
        index=["chi-squared", "likelihood ratio"],
    )
    rare = int((counts.sum(axis=(0, 1)) < 5).sum())
    notes = (f"{rare} classes with fewer than 5 moves.",) * bool(rare)
    return Test(
        name, found.chi2, float(details.p_value.iloc[0]), "chi2", null, (float(found.df),),
        notes=notes, details=details,
    )  # fmt: skip


def _counted(chain: Markov, rows: Any) -> FloatArray:
    kept = chain.moves[rows].to_numpy() - 1
    return kernel.counts(kept[:, 0], kept[:, 1], len(chain.counts))


def classed(
    data: Observed, x: FloatArray, classes: int | Sequence[float], breaks: Breaks
) -> tuple[IntArray, pd.DataFrame]:
    """Class 0..k-1 of each value (n,), and the upper limits of all but the last."""
    if isinstance(classes, Integral) and not isinstance(classes, bool):
        if classes < 2:
            raise DataError(
                f"There must be two classes or more, not {classes}.", variable="classes",
                value=classes, remedy="give 4.",
            )  # fmt: skip
        share = np.arange(1, int(classes)) / int(classes)
        whole = [("pooled", np.arange(len(x)))]
        groups = whole if breaks == "pooled" else list(data.years())
        limits = pd.DataFrame(
            [np.quantile(x[at], share) for _, at in groups], index=[key for key, _ in groups]
        )
    else:
        given = np.atleast_1d(np.asarray(classes, dtype=np.float64))
        groups, limits = [("pooled", np.arange(len(x)))], pd.DataFrame([given], index=["pooled"])
    codes = np.empty(len(x), dtype=np.int64)
    for (key, at), edges in zip(groups, limits.to_numpy(), strict=True):
        if any(b <= a for a, b in pairwise(edges)) or not np.isfinite(edges).all():
            raise DataError(
                f"The limits of the classes of {data.variable!r} do not rise ({key}): "
                f"{', '.join(f'{e:g}' for e in edges)}.",
                variable=data.variable, value=edges.tolist(),
                remedy="many values are equal: use fewer classes, or give limits.",
            )  # fmt: skip
        codes[at] = np.searchsorted(edges, x[at], side="left")
        if isinstance(classes, Integral):
            _require_members(data, codes[at], int(classes), key)
    limits.columns = pd.RangeIndex(1, limits.shape[1] + 1, name="class")
    return codes, limits


def _require_members(data: Observed, codes: IntArray, k: int, key: Any) -> None:
    """Quantiles leave a class empty where values are equal, or fewer than classes."""
    empty = np.setdiff1d(np.arange(k), codes)
    if len(empty):
        raise DataError(
            f"Class {empty[0] + 1} of {k} of {data.variable!r} has no {data.frame.unit} ({key}).",
            variable=data.variable, value=int(empty[0]) + 1,
            remedy="values are few, or many are equal: use fewer classes, or give limits.",
        )  # fmt: skip


def _moves(data: Observed, codes: IntArray, step: int) -> tuple[IntArray, IntArray]:
    """Positions (m,) among the rows of the start and the end of each move."""
    at = np.full(len(data.frame), np.nan)
    at[data.rows] = np.arange(len(codes))
    before = data.frame.shifted(at, step)[data.rows]
    end = np.flatnonzero(np.isfinite(before))
    if not len(end):
        raise CalendarError(
            f"No {data.frame.unit} has {data.variable!r} in two {data.frame.time}s that are {step} "
            "apart.",
            variable=data.variable, value=step, remedy="use a smaller step or a longer panel.",
        )  # fmt: skip
    return before[end].astype(np.int64), end
