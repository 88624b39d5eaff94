"""Slopes and contrasts: what the outcome does when a regressor changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pandas as pd

from panel.core.categories import reference
from panel.core.derivatives import contains, derivatives_of, elsewhere
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.expression import Call, Name, parse_expression, walk
from panel.core.frame import FloatArray, PanelFrame
from panel.core.terms import variables_of
from panel.errors import DataError, EstimationError, FormulaError, suggest
from panel.inference.cells import (
    At,
    By,
    Cell,
    cells,
    is_factor,
    levels_of,
    require_variable,
    with_values,
)
from panel.inference.functionals import (
    Functionals,
    Model,
    as_model,
    estimated,
    finite,
)
from panel.inference.margins import Margins, shown

# A value, its gradient (K,), and loads (n,) on the rows used.
Piece = tuple[float, FloatArray, FloatArray]
Change = float | str | tuple[float, float] | None

_FACTOR_CHANGES = ("reference", "pairwise", "sequential")


def slopes(
    estimate: Estimate,
    variables: str | Sequence[str],
    *,
    at: At | None = None,
    by: By | None = None,
    scale: str = "response",
) -> Margins:
    """Average marginal effects: the mean over rows of the derivative of the expected outcome.

    ``mean of dE(y_it)/dx_it = mean of h'(eta_it) d eta_it/dx_it`` with the linear index eta and h
    the identity (linear models) or the exponential (``poisson``). Derivatives of the terms are
    exact: interactions, ``i(zone, x)``, ``poly(x, 2)``, ``log(x)``, ``x^2``, ratios.

    Parameters
    ----------
    estimate : by any estimator.
    variables : one or several. An expression that the formula holds, such as ``"log(x)"``, gives
        the derivative with respect to its value. A variable moves in all years: with
        ``x + L(x, 1)`` the slope is the sum of both.
    at : values of other variables to set in all rows, ``{"z": [0, 1]}``; several give one slope a
        combination. Rows are otherwise as they are (Stata's ``margins, at()``).
    by : variables, keys among them, whose groups have slopes of their own.
    scale : "response", or "index" for the linear index: the logarithm of the mean of ``poisson``,
        the log odds of ``logit``. There is no slope of the probability of a conditional logit,
        which needs the effects it conditions away.

    Returns
    -------
    Margins. Means are weighted as the model is; after ``between`` regions count equally, however
    many years they have. Of an equation in changes the slopes are those of the levels it stands
    for.

    Raises
    ------
    EstimationError : a variable that the model does not have or has absorbed, or whose slope is
        not identified; conditional logit on the scale of the response.
    FormulaError : a variable that stands for categories, or has no derivative.
    DataError : values or groups that the data do not have.

    References
    ----------
    Bartus (2005), Stata Journal 5; Wooldridge (2010), Econometric Analysis of Cross Section and
    Panel Data, section 2.2.5; Stata's ``margins, dydx()``.
    """
    model = as_model(estimate, scale, "Slopes")
    chosen = [variables] if isinstance(variables, str) else list(variables)
    if not chosen:
        raise DataError(
            "There is no variable to take slopes in.", variable="variables", value=variables,
            remedy='name one or several: panel.slopes(m, ["x", "z"]).',
        )  # fmt: skip
    pieces: list[tuple[dict[str, Any], str, Piece]] = []
    for name in chosen:
        of = moved_variable(model.design, name)
        for row in cells(model.design, at, by):
            moved = derivative_columns(model, row[0].frame, of)
            pieces += [
                ({"variable": of} | dict(cell.place), _named(of, cell), piece)
                for cell, piece in zip(row, _slope_pieces(model, row, moved), strict=True)
            ]
    return _margins(model, pieces, "slopes")


def contrasts(
    estimate: Estimate,
    variable: str,
    *,
    change: Change = None,
    at: At | None = None,
    by: By | None = None,
    scale: str = "response",
) -> Margins:
    """Average differences in the expected outcome between two values of a variable.

    ``mean of E(y_it | x_it = high) - E(y_it | x_it = low)``, other variables as they are.

    Parameters
    ----------
    estimate : by any estimator.
    variable : a variable of the formula.
    change : for categories "reference" (each level against that of ``i(zone, ref=)``, or the first;
        the default), "pairwise" or "sequential" (each against the one before it). For numbers the
        step from where each row is (1 if left out; from 0 to 1 where these are the only values),
        "sd" one standard deviation of the rows used, "iqr" from the lower to the upper quartile,
        or two values ``(low, high)``.
    at, by, scale : as for :func:`panel.slopes`.

    Returns
    -------
    Margins, one row a comparison. On the index of ``poisson`` they are logarithms of ratios of
    means, of ``logit`` of odds ratios.

    Raises
    ------
    EstimationError, DataError : as for :func:`panel.slopes`; a change that does not exist, or
        leads to values at which the model has no number.
    """
    model = as_model(estimate, scale, "Contrasts")
    design = model.design
    require_variable(design, variable, "contrasts")
    settings = _comparisons(design, variable, change)
    pieces: list[tuple[dict[str, Any], str, Piece]] = []
    for row in cells(design, at, by):
        for label, low, high in settings:
            ends = [_end_columns(model, row[0].frame, variable, end) for end in (low, high)]
            pieces += [
                (
                    {"variable": variable, "contrast": label} | dict(cell.place),
                    _named(f"{variable}: {label}", cell),
                    piece,
                )
                for cell, piece in zip(row, _contrast_pieces(model, row, ends), strict=True)
            ]
    return _margins(model, pieces, "contrasts")


def _named(what: str, cell: Cell) -> str:
    return f"{what} | {cell.name}" if cell.place else what


def _margins(
    model: Model, pieces: Sequence[tuple[dict[str, Any], str, Piece]], kind: str
) -> Margins:
    places, names, found = zip(*pieces, strict=True)
    values, gradients, loads = zip(*found, strict=True)
    functionals = Functionals(
        np.array(values),
        np.array(gradients),
        np.column_stack(loads) if model.design.absorber is not None else None,
    )
    given = model.design.spec.absorb if functionals.on_effects else ()
    made = estimated(model, _unique(names), functionals)
    return Margins(made, pd.DataFrame(list(places)), kind, model.scale, given=given)


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        name = min(twice)
        raise DataError(
            f"{name!r} is asked for twice.", variable=name, remedy="name each variable once."
        )
    return tuple(names)


# ---- slopes --------------------------------------------------------------------------------


def moved_variable(design: Design, name: str) -> str:
    """The variable or expression, in canonical spelling, if terms of the model hold it.

    Raises
    ------
    FormulaError, EstimationError : it cannot be moved.
    """
    spec, frame = design.spec, design.frame
    terms = (*spec.terms, *spec.endogenous)
    node = Name(name) if name in frame or name in (frame.unit, frame.time) else None
    of = str(node or parse_expression(name))
    absorbed = {v for effect in spec.absorb for v in variables_of(effect)}
    if not any(contains(parse_expression(term), of) for term in terms):
        known = sorted({v for term in terms for v in variables_of(term)} | set(terms))
        where = " but as a fixed effect" if name in absorbed else ""
        raise EstimationError(
            f"{name!r} is not in the right side of {spec}{where}.", variable=name,
            remedy=suggest(name, known),
        )  # fmt: skip
    if also := elsewhere(terms, of):
        raise FormulaError(
            f"{also[0]!r} also stands outside {of!r} in {spec}, and moves with it.",
            variable=name, value=also[0], remedy=f'take the slope in it: "{also[0]}".',
        )  # fmt: skip
    if absorbed & variables_of(of):
        raise EstimationError(
            f"{name!r} stands among the fixed effects of the model as well; it has no slope.",
            variable=name,
            remedy="ask for the slopes of other variables at its values: by=.",
        )  # fmt: skip
    if isinstance(node, Name) and not pd.api.types.is_numeric_dtype(frame[name].dtype):
        raise FormulaError(
            f"{name!r} is not a number; it has no slope.", variable=name,
            remedy=f'compare its values: panel.contrasts(m, "{name}").',
        )  # fmt: skip
    return of


def derivative_columns(model: Model, frame: PanelFrame, of: str) -> FloatArray:
    """Derivatives (rows, K) of the columns in the rows used."""
    design = model.design
    found: dict[str, FloatArray] = {"(Intercept)": np.zeros(len(frame))}
    for term in (*design.spec.terms, *design.spec.endogenous):
        found |= derivatives_of(term, of, frame)
    return finite(model, model.matrix(found, design.rows), f"the slope in {of!r}")


def _slope_pieces(model: Model, row: Sequence[Cell], moved: FloatArray) -> Iterator[Piece]:
    design, nothing = model.design, np.zeros(len(model.design.rows))
    plain = model.response.name == "identity"
    if not plain:
        columns = model.columns(row[0].frame, derived=False)
        x = finite(model, model.matrix(columns, design.rows), "the values of at")
    for cell in row:
        if plain:
            gradient = cell.mean(moved[cell.at])
            yield float(gradient @ model.coef), gradient, nothing
            continue
        own, change = x[cell.at], moved[cell.at]
        index, slope = own @ model.coef + model.effects[cell.at], change @ model.coef
        first, second = model.response.slope(index), model.response.curvature(index)
        gradient = cell.mean(first[:, None] * change + (second * slope)[:, None] * own)
        loads = nothing.copy()
        loads[cell.at] = cell.weights * second * slope
        yield float(cell.mean(first * slope)), gradient, loads


# ---- contrasts -----------------------------------------------------------------------------

End = Callable[[FloatArray], Any]


def _comparisons(design: Design, name: str, change: Change) -> list[tuple[str, End, End]]:
    """Label, low and high end of each comparison; an end is a function of the values (n,)."""
    if is_factor(design, name):
        return _of_levels(design, name, "reference" if change is None else change)
    values = design.column(name).to_numpy(dtype=float)
    asked: Any = change
    if change is None:
        asked = (0.0, 1.0) if set(np.unique(values)) == {0.0, 1.0} else 1.0
    elif change == "sd":
        asked = float(np.std(values, ddof=1))
    elif change == "iqr":
        asked = tuple(np.quantile(values, [0.25, 0.75]))
    said = {"sd": "+sd", "iqr": "Q3 - Q1"}.get(change) if isinstance(change, str) else None
    if isinstance(asked, tuple) and len(asked) == 2 and all(map(_is_number, asked)):
        low, high = map(float, asked)
        if low != high:
            return [_two(said or f"{shown(high)} - {shown(low)}", low, high)]
    elif _is_number(asked) and asked != 0:
        step = float(asked)
        sign = "+" if step > 0 else ""
        return [(said or f"{sign}{shown(step)}", lambda x: x, lambda x: x + step)]
    raise DataError(
        f"There is no change {change!r} of {name!r}, which is a number.",
        variable="change",
        value=change,
        remedy='give a step, two values (low, high), "sd" or "iqr".',
    )


def _is_number(value: Any) -> bool:
    real = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    return real and bool(np.isfinite(value))


def _two(label: str, low: Any, high: Any) -> tuple[str, End, End]:
    return label, lambda _: low, lambda _: high


def _of_levels(design: Design, name: str, change: Any) -> list[tuple[str, End, End]]:
    levels = levels_of(design, name)
    if change not in _FACTOR_CHANGES:
        raise DataError(
            f"There is no change {change!r} of {name!r}, which is categories.", variable="change",
            value=change, remedy=suggest(str(change), _FACTOR_CHANGES),
        )  # fmt: skip
    if len(levels) < 2:
        raise DataError(
            f"{name!r} has one value in the rows used, {levels[0]!r}.", variable=name,
            value=levels[0], remedy="compare a variable with several.",
        )  # fmt: skip
    if change == "reference":
        base = _reference(design, name, levels)
        pairs = [(base, level) for level in levels if level != base]
    else:
        pairs = list(combinations(levels, 2) if change == "pairwise" else pairwise(levels))
    return [_two(f"{shown(high)} - {shown(low)}", low, high) for low, high in pairs]


def _reference(design: Design, name: str, levels: Sequence[Any]) -> Any:
    """The level that ``i(zone, ref=)`` names, or the first."""
    for term in (*design.spec.terms, *design.spec.endogenous):
        for node in walk(parse_expression(term)):
            if not isinstance(node, Call) or node.function != "i":
                continue
            if node.arguments[0] == Name(name) and (said := reference(node)) is not None:
                return next((v for v in levels if shown(v) == said), levels[0])
    return levels[0]


def _end_columns(model: Model, frame: PanelFrame, name: str, end: End) -> FloatArray:
    value = end(frame[name].to_numpy())
    columns = model.columns(with_values(frame, {name: value}), derived=False)
    return finite(model, model.matrix(columns, model.design.rows), f"the change of {name!r}")


def _contrast_pieces(
    model: Model, row: Sequence[Cell], ends: Sequence[FloatArray]
) -> Iterator[Piece]:
    low, high = ends
    nothing = np.zeros(len(model.design.rows))
    for cell in row:
        if model.response.name == "identity":
            gradient = cell.mean(high[cell.at] - low[cell.at])
            yield float(gradient @ model.coef), gradient, nothing
            continue
        value, gradient, loads = 0.0, np.zeros(len(model.names)), nothing.copy()
        for sign, x in ((-1, low[cell.at]), (1, high[cell.at])):
            index = x @ model.coef + model.effects[cell.at]
            slope = sign * model.response.slope(index)
            value += float(cell.mean(sign * model.response.mean(index)))
            gradient = gradient + cell.mean(slope[:, None] * x)
            loads[cell.at] += cell.weights * slope
        yield value, gradient, loads
