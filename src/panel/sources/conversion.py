"""Units at work: a variable in another unit, and variables computed with their units."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from panel.core.column import Column
from panel.core.evaluation import evaluate
from panel.core.expression import Name, Node, parse_expression, walk
from panel.core.frame import FloatArray, PanelFrame
from panel.core.steps import figures
from panel.core.units import currencies, factor, magnitude, quantity, registry, unit_text
from panel.core.verb import as_frame
from panel.errors import DataError, FormulaError, UnitError


def convert(frame: PanelFrame, name: str, unit: str) -> PanelFrame:
    """The frame with a variable in another unit of the same kind.

    Parameters
    ----------
    unit : as yearbooks print it or in English: "万元", "млн руб.", "billion yuan", "元/人". Another
        currency is another kind: see :func:`panel.convert_currency`.

    Returns
    -------
    New frame; labels, sources and notes of the variable stay as they are.

    Raises
    ------
    UnitError : the two units do not measure the same, or one is not known.
    NotNumericError, UnknownVariableError : no variable of numbers.
    """
    known = as_frame(frame)
    column = _column(known, name)
    if (old := currencies(column.unit)) and (new := currencies(unit)) and old.keys() != new.keys():
        raise UnitError(
            f"{name!r} is in {column.unit}; {unit!r} is another currency.",
            variable=name,
            value=unit,
            remedy=f'convert it at the rates of each year: panel.convert_currency(frame, "{name}", '
            f'"{unit}").',
        )
    values = figures(known, name) * factor(column.unit, unit)
    return with_column(known, name, values, column.with_(unit=unit))


def compute(
    frame: PanelFrame,
    name: str,
    expression: str,
    *,
    unit: str | None = None,
    labels: str | Mapping[str, str] | None = None,
    note: str = "",
) -> PanelFrame:
    """The frame with a variable computed from others, its unit worked out.

    Parameters
    ----------
    expression : names, numbers, ``+ - * / ^``, ``log exp sqrt abs``: "gdp / population". Terms of
        a sum are brought to one unit; 亿元 cannot be added to 万人, nor yuan to roubles.
    unit : what to give it in, "元/人"; the quotient or product of the inputs' units if left out.
    labels : text, or text by language; of a quotient or product of two variables made from theirs
        if left out.

    Returns
    -------
    New frame; ``frame.origin(name)`` leads to the inputs, and a figure that rests on a filled one
    counts as filled. Division by zero gives a missing figure.

    Raises
    ------
    UnitError : the expression adds or compares what cannot be, or does not measure ``unit``.
    DataError : the frame has ``name`` already.
    FormulaError, UnknownVariableError : a mistake in the expression.
    """
    known = as_frame(frame)
    free(known, name)
    node = parse_expression(expression)
    inputs = tuple(dict.fromkeys(n.name for n in walk(node) if isinstance(n, Name)))
    if not inputs:
        raise FormulaError(
            f"{expression!r} uses no variable.", variable=name, remedy="write gdp / population."
        )
    what = f"{name} = {expression}"
    measured = evaluated(node, lambda n: (figures(known, n), _column(known, n).unit), what)
    unit = unit_text(measured) if unit is None else unit
    values = magnitude(measured, unit, what=what)
    values = np.where(np.isfinite(values), values, np.nan)
    if labels is None:
        labels = _labels(known, node)
    column = Column(
        unit=unit,
        labels={"en": labels} if isinstance(labels, str) else labels,
        expression=expression,
        inputs=inputs,
        note=note,
        filled=filled_of(known, inputs, values),
    )
    return with_column(known, name, values, column)


def with_column(frame: PanelFrame, name: str, values: FloatArray, column: Column) -> PanelFrame:
    """The frame with figures (n,) and metadata of a new or changed variable."""
    assigned = frame.assign(**{name: values})
    return replace(assigned, columns={**frame.columns, name: column})


def free(frame: PanelFrame, name: str) -> None:
    """Stop where the frame has a variable of that name.

    Raises
    ------
    DataError : it has one.
    """
    if name in frame:
        raise DataError(
            f"The frame has a variable {name!r} already.",
            variable=name,
            remedy="choose another name.",
        )


def filled_of(
    frame: PanelFrame, inputs: tuple[str, ...], values: FloatArray
) -> frozenset[tuple[Any, Any]]:
    """Cells of a computed variable (n,) that rest on filled figures."""
    rests = frozenset[tuple[Any, Any]]().union(*(_column(frame, n).filled for n in inputs))
    return rests & frozenset(frame.table.index[~np.isnan(values)]) if rests else rests


def _column(frame: PanelFrame, name: str) -> Column:
    frame.select([name])  # raises with suggestions
    return frame.columns[name]


def evaluated(node: Node, lookup: Callable[[str], tuple[FloatArray, str]], what: str) -> Any:
    """Value of an expression as a pint quantity, or as numbers (n,) if nothing in it has a unit.

    Parameters
    ----------
    lookup : figures (n,) and unit of a variable.
    what : the expression, in messages.

    Raises
    ------
    UnitError : it adds or compares what cannot be.
    """
    import pint

    try:
        return evaluate(node, lambda name: quantity(*lookup(name)))
    except pint.DimensionalityError as error:
        sides = (registry().Quantity(1.0, units) for units in (error.units1, error.units2))
        one, other = map(unit_text, sides)
        both = all(u and currencies(u) for u in (one, other))
        raise UnitError(
            f"{what}: {one or 'a pure number'} and {other or 'a pure number'} measure different "
            "things.",
            variable=what.partition(" = ")[0],
            value=str(node),
            remedy="bring both to one currency first: panel.convert_currency."
            if both
            else "add and compare only what measures the same; divide to get a ratio.",
        ) from error
    except pint.PintError as error:
        raise UnitError(
            f"{what}: {error}.",
            variable=what.partition(" = ")[0],
            value=str(node),
            remedy="add and compare only what measures the same; divide to get a ratio.",
        ) from error


def _labels(frame: PanelFrame, node: Node) -> dict[str, str]:
    """Label of a quotient or product of two variables in the languages that both have."""
    left, right, op = (getattr(node, part, None) for part in ("left", "right", "op"))
    if not (isinstance(left, Name) and isinstance(right, Name) and op in ("/", "*")):
        return {}
    one, other = (frame.columns[n.name].labels for n in (left, right))
    joined = {"/": {"en": "{} over {}", "zh": "{}与{}之比", "ru": "{} / {}"},
              "*": {"en": "{} × {}", "zh": "{}×{}", "ru": "{} × {}"}}  # fmt: skip
    return {
        language: text.format(one[language], other[language])
        for language, text in joined[op].items()
        if language in one and language in other
    }
