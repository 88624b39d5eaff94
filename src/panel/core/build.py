"""From a formula and a frame to a design."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial, reduce
from itertools import pairwise

import numpy as np

from panel.core.absorber import Absorber
from panel.core.design import Derive, Design
from panel.core.expression import pointed, tokens
from panel.core.formula import Spec, slope_of
from panel.core.frame import FloatArray, IntArray, PanelFrame
from panel.core.rank import NOTHING_LEFT, full_rank, own_squares
from panel.core.sample import Sample, all_rows
from panel.core.terms import Columns, columns_of, numbers
from panel.errors import (
    AbsorbedError,
    ConvergenceError,
    DataError,
    DegreesOfFreedomError,
    UnknownVariableError,
)
from panel.kernels.groups import compact
from panel.kernels.lstsq import squares

# Rows that frequency weights may add up to: a column of so many takes 800 MB.
_MOST_ROWS = 1e8
# Beside a row of weight one, what rows of this weight vary is nothing: see NOTHING_LEFT.
_LIGHTEST = NOTHING_LEFT**2


@dataclass(frozen=True, eq=False)
class _Columns:
    """What a model reads, for every row (n,) of the frame."""

    terms: dict[str, Columns]
    counts: FloatArray | None
    weights: FloatArray | None
    effects: dict[str, IntArray]
    slopes: dict[str, FloatArray]


def changes(frame: PanelFrame, columns: Columns, periods: int) -> Columns:
    """Columns (n,) as changes against ``periods`` years ago, NaN where that year has no row."""
    with np.errstate(invalid="ignore"):  # inf - inf is left out with its row, and said so
        return {name: v - frame.shifted(v, periods) for name, v in columns.items()}


def build(
    spec: Spec,
    frame: PanelFrame,
    *,
    needs: Iterable[str] = (),
    singletons: str = "drop",
    lag: int = 0,
) -> Design:
    """Design of a model.

    Regressors stand in the order constant, endogenous, exogenous. What depends on others is left
    out in another order: an endogenous regressor gives way to exogenous ones, an instrument to
    exogenous regressors.

    Parameters
    ----------
    needs : further grouping variables (clusters) that must not be missing.
    singletons : "drop" leaves out groups of one row, which carry no information on the slopes but
        would count in the degrees of freedom; "keep" keeps them.
    lag : take outcome and regressors as changes against so many years ago; 0 as they are. Fixed
        effects and the constant are then those of the equation in changes.

    Raises
    ------
    EmptySampleError : no row is left.
    AbsorbedError : the fixed effects leave nothing of the outcome or of all regressors.
    DegreesOfFreedomError : not more rows than parameters.
    UnknownVariableError, NotNumericError, FormulaError : from the formula.
    DataError : another word for ``singletons``; weights below zero, or so unequal that hardly a row
        counts.
    """
    if singletons not in ("drop", "keep"):
        raise DataError(
            f"Singletons can be dropped or kept, not {singletons!r}.",
            variable="singletons",
            value=singletons,
            remedy='give "drop" or "keep".',
        )
    derive = partial(changes, periods=lag) if lag else None
    try:
        given = _columns(spec, frame, derive)
        sample = _sample(spec, frame, given, needs, lag)
    except UnknownVariableError as error:
        raise _placed(error, str(spec)) from None
    if singletons == "drop":
        sample.singletons(given.effects, given.counts)
    rows = sample.rows()
    if given.counts is not None:
        rows = _repeated(rows, given.counts, spec)
    at = slice(None) if all_rows(rows, len(frame)) else rows
    y = given.terms[spec.y][spec.y][at]
    x: Columns = {"(Intercept)": np.ones(len(frame))} if spec.intercept else {}
    for term in (*spec.endogenous, *spec.terms):
        x |= given.terms[term]
    z: Columns = {name: v for term in spec.instruments for name, v in given.terms[term].items()}
    weights = None if given.weights is None else given.weights[at]
    draft = Design(
        spec, frame, rows, tuple(x), y, tuple(v[at] for v in x.values()),
        weights, _absorber(given, frame, at, weights),
        y, np.empty((0, 0)), sample.dropped(), derive,
        endogenous=tuple(name for term in spec.endogenous for name in given.terms[term]),
        instruments=tuple(z), Z=np.column_stack([v[rows] for v in z.values()]) if z else None,
    )  # fmt: skip
    _check_weights(draft)
    return checked(_within(draft))


def _placed(error: UnknownVariableError, text: str) -> UnknownVariableError:
    """The error with a caret under the variable, where the formula has it."""
    for word, following in pairwise(tokens(text)):
        named = word.kind in ("name", "quoted") and following.text not in ("(", "=")
        if named and word.text == error.variable:
            message = error.message + pointed(text, word.at)
            return UnknownVariableError(
                message, variable=error.variable, value=error.value, remedy=error.remedy
            )
    return error  # a cluster


def _columns(spec: Spec, frame: PanelFrame, derive: Derive | None) -> _Columns:
    terms = {spec.y: {spec.y: numbers(spec.y, frame)}}
    right = (*spec.endogenous, *spec.terms, *spec.instruments)
    terms |= {term: columns_of(term, frame) for term in right if term != spec.y}
    if derive is not None:
        terms = {term: derive(frame, columns) for term, columns in terms.items()}
    return _Columns(
        terms,
        counts=None if spec.frequency is None else numbers(spec.frequency, frame),
        weights=None if spec.analytic is None else numbers(spec.analytic, frame),
        effects={a: frame.groups(slope_of(a)[0])[0] for a in spec.absorb},
        slopes={a: numbers(by, frame) for a in spec.absorb if (by := slope_of(a)[1]) is not None},
    )


def _sample(
    spec: Spec, frame: PanelFrame, given: _Columns, needs: Iterable[str], lag: int
) -> Sample:
    """The rows that have all figures and groups of the model, and meet its condition."""
    sample = Sample(frame)
    if spec.sample is not None:
        sample.restrict(spec.sample)
    for term, columns in given.terms.items():
        shown = f"D({term}, {lag})" if lag else term
        sample.figures(shown, reduce(np.add, columns.values()))
    for text, figures in ((spec.frequency, given.counts), (spec.analytic, given.weights)):
        if text is not None and figures is not None:
            sample.figures(text, figures)
            sample.positive(text, figures)
    for name, values in given.slopes.items():
        sample.figures(slope_of(name)[1] or "", values)
    for name in dict.fromkeys([*(slope_of(a)[0] for a in given.effects), *needs]):
        sample.grouped(name, frame.groups(name)[0])
    return sample


def _repeated(rows: IntArray, counts: FloatArray, spec: Spec) -> IntArray:
    """Positions of rows that count as often as their frequency weight says."""
    own = counts[rows]
    if bool((broken := own != np.floor(own)).any()):
        value = float(own[np.argmax(broken)])
        raise DataError(
            f"The frequency weight {spec.weights} is {value:g} in some row, and no whole number.",
            variable=spec.weights or "",
            value=value,
            remedy="frequency(n) counts equal rows; leave frequency() away for analytic weights.",
        )
    if (total := float(own.sum())) > _MOST_ROWS:
        raise DataError(
            f"The frequency weights {spec.weights} add up to {total:.4g} rows.",
            variable=spec.weights or "",
            value=total,
            remedy="take analytic weights, which give the same coefficients and, with clustered "
            "errors, nearly the same standard errors.",
        )
    return np.repeat(rows, own.astype(np.int64))


def _absorber(
    given: _Columns, frame: PanelFrame, at: IntArray | slice, weights: FloatArray | None
) -> Absorber | None:
    if not given.effects:
        return None
    codes, levels = [], []
    for name, every in given.effects.items():
        names = frame.groups(slope_of(name)[0])[1]
        if isinstance(at, slice):  # every level occurs
            codes.append(every)
            levels.append(names)
            continue
        used, present = compact(every[at], len(names))
        codes.append(used)
        levels.append(names if len(present) == len(names) else tuple(names[g] for g in present))
    slopes = tuple(given.slopes[a][at] if a in given.slopes else None for a in given.effects)
    return Absorber(tuple(given.effects), tuple(codes), tuple(levels), weights, slopes)


def _check_weights(design: Design) -> None:
    """Stop where a few rows weigh so much that nothing is left of the others."""
    w = design.w
    if w is None or w.min() > _LIGHTEST * w.max():
        return
    counting = int(np.count_nonzero(w > _LIGHTEST * w.max()))
    used = len(design.names) + (design.absorber.rank if design.absorber else 0)
    if counting <= used < design.n:
        heaviest = int(np.argmax(w))
        unit, time = design.frame.table.index[design.rows[heaviest]]
        raise DataError(
            f"The weights {design.spec.weights} span too many orders of magnitude: {w.min():.3g} "
            f"to {w[heaviest]:.3g}, which is at {unit}, {time}. Only {counting} of {design.n} rows "
            f"count beside that, too few for {used} parameters.",
            variable=design.spec.weights or "",
            value=float(w[heaviest]),
            remedy="correct that weight, or leave its row out by sample=.",
        )


def _within(design: Design) -> Design:
    if design.absorber is None:
        return replace(design, X_within=design.X, Z_within=design.Z)
    z = () if design.Z is None else design.Z.T
    names = (design.spec.y, *design.names, *design.instruments)
    columns = [design.y, *design.columns, *z]
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            every = design.absorber.residual(columns)
    except ConvergenceError:
        for name, column in zip(names, columns, strict=True):
            own_squares(name, column, design.w)  # figures too large to be squared
        raise
    y, x, instruments = np.split(every, [1, 1 + len(design.names)], axis=1)
    return replace(
        design, y_within=y[:, 0], X_within=x, Z_within=None if design.Z is None else instruments
    )


def checked(design: Design) -> Design:
    """The design without dependent columns.

    Raises
    ------
    AbsorbedError, DegreesOfFreedomError : as :func:`build`.
    """
    length = np.sqrt(own_squares(design.spec.y, design.y, design.w))
    design = full_rank(design)
    spec, effects = design.spec, " + ".join(design.spec.absorb)
    mean = float(np.average(design.y, weights=design.w)) if spec.intercept else 0.0
    left = squares(design.y_within, design.w, 0.0 if design.absorber else mean)
    if np.sqrt(left) <= NOTHING_LEFT * length:
        by = f"The fixed effects {effects} explain" if effects else "A constant explains"
        raise AbsorbedError(
            f"{by} {spec.y!r} completely in the {design.n} rows used; nothing is left to estimate "
            "from.",
            variable=spec.y,
            value=effects,
            remedy="use fewer or coarser fixed effects, or an outcome that varies within them.",
        )
    if not design.names and (spec.terms or spec.endogenous):
        out = [d.column for d in design.dropped if d.column]
        lost, verb = ", ".join(out), "varies" if len(out) == 1 else "vary"
        raise AbsorbedError(
            f"No regressor is left: {lost} {verb} only with {effects or 'nothing'}.",
            variable=lost,
            value=effects,
            remedy="use fewer fixed effects, or regressors that vary within them.",
        )
    used = len(design.names) + (design.absorber.rank if design.absorber else 0)
    if design.n <= used:
        raise DegreesOfFreedomError(
            f"{design.n} observations cannot carry {used} parameters "
            f"({len(design.names)} regressors and {used - len(design.names)} fixed effects).",
            variable=spec.y,
            value=design.n,
            remedy="use fewer regressors or coarser fixed effects.",
        )
    return design
