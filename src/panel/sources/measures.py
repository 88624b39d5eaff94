"""Measures of a region's rows: sum(output), mean(wage, weights=employees), sum(a) / sum(b)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from panel.core.expression import Binary, Call, Name, Node, Number, Unary, parse_expression, walk
from panel.errors import FormulaError, suggest
from panel.sources.sql import Columns, condition_sql, number_sql, quoted

# SQL of each function: {x} the figure of a row where it is usable, {w} its weight.
_PLAIN = {
    "sum": "fsum({x})",
    "mean": "favg({x})",
    "count": "count({x})",
    "distinct": "count(DISTINCT {x})",
    "min": "min({x})",
    "max": "max({x})",
    "median": "median({x})",
    "quantile": "quantile_cont({x}, {p})",
    "sd": "stddev_samp({x})",
    "var": "var_samp({x})",
    "share": "favg({x})",
    "herfindahl": "fsum({x} * {x}) / nullif(fsum({x}) * fsum({x}), 0)",
}
_WEIGHTED = {
    "mean": "fsum({x} * {w}) / nullif(fsum({w}), 0)",
    "share": "fsum({x} * {w}) / nullif(fsum({w}), 0)",
    "sum": "fsum({x} * {w})",
}
_ARITHMETIC = ("+", "-", "*", "/")


@dataclass(frozen=True)
class Term:
    """One call of a measure: the row's figure and weight as SQL (NULL where not usable)."""

    figure: str
    weight: str
    not_negative: tuple[str, ...]


@dataclass(frozen=True)
class Measure:
    """A measure in SQL.

    Parameters
    ----------
    name, text : of the new column, and as the user wrote it.
    aggregate : SQL over the columns x0, w0, x1, w1, ... of ``terms``.
    terms : what each of its calls takes from a row.
    first : number of its first term among those of all measures.
    """

    name: str
    text: str
    aggregate: str
    terms: tuple[Term, ...] = field(default=())
    first: int = 0


def measure(name: str, text: str, columns: Columns, first: int) -> Measure:
    """A measure from its text.

    Parameters
    ----------
    first : number of the terms before it, so that all have numbers of their own.

    Raises
    ------
    FormulaError : a function that is not on the list, a wrong argument, a column outside a
        function.
    UnknownVariableError, NotNumericError : a column that is not there or holds text.
    """
    terms: list[Term] = []
    node = parse_expression(text)
    sql = _aggregate(node, columns, terms, first)
    if not any(isinstance(part, Call) for part in walk(node)):
        raise FormulaError(
            f"{text!r} aggregates nothing.",
            variable=name,
            value=text,
            remedy=f"use one of {', '.join(sorted(_PLAIN))}.",
        )
    return Measure(name, text, sql, tuple(terms), first)


def _aggregate(node: Node, columns: Columns, terms: list[Term], first: int) -> str:
    if isinstance(node, Number):
        return f"CAST({float(node.text)!r} AS DOUBLE)"
    if isinstance(node, Unary) and node.op == "-":
        return f"(-{_aggregate(node.operand, columns, terms, first)})"
    if isinstance(node, Binary) and node.op in _ARITHMETIC:
        left = _aggregate(node.left, columns, terms, first)
        right = _aggregate(node.right, columns, terms, first)
        return f"({left} / nullif({right}, 0))" if node.op == "/" else f"({left} {node.op} {right})"
    if isinstance(node, Call) and node.function in _PLAIN:
        return _term(node, columns, terms, first)
    raise FormulaError(
        f"{node} is no measure of many rows.",
        variable=str(node),
        remedy=suggest(node.function, _PLAIN)
        if isinstance(node, Call)
        else f"put it into a function, for instance sum({node}); the functions are "
        f"{', '.join(sorted(_PLAIN))}.",
    )


def _term(node: Call, columns: Columns, terms: list[Term], first: int) -> str:
    options = dict(node.options)
    weights = options.pop("weights", None)
    wanted = 2 if node.function == "quantile" else 1
    if node.function == "count" and not node.arguments and not node.options:
        return "CAST(count(*) AS DOUBLE)"
    weighted = weights is None or node.function in _WEIGHTED
    if len(node.arguments) != wanted or options or not weighted:
        takes = "one column and a number between 0 and 1" if wanted == 2 else "one argument"
        also = " and weights=" if node.function in _WEIGHTED else ""
        raise FormulaError(
            f"{node} has the wrong arguments.",
            variable=str(node),
            remedy=f"{node.function}() takes {takes}{also}.",
        )
    subject, number = node.arguments[0], len(terms) + first
    terms.append(_row(node.function, subject, weights, columns))
    template = (_PLAIN if weights is None else _WEIGHTED)[node.function]
    order = _order(node) if node.function == "quantile" else ""
    return f"CAST({template.format(x=f'x{number}', w=f'w{number}', p=order)} AS DOUBLE)"


def _row(function: str, subject: Node, weights: Node | None, columns: Columns) -> Term:
    """What a call takes from a row: a figure and weight that are both there and finite."""
    # Text and codes of many digits are counted as they are: as floats some would be equal.
    if (
        function in ("distinct", "count")
        and isinstance(subject, Name)
        and columns.types[columns.known(subject.name)] not in ("FLOAT", "DOUBLE")
    ):
        return Term(quoted(subject.name), "NULL", ())
    figure = (
        f"CAST({condition_sql(subject, columns)} AS DOUBLE)"
        if function == "share"
        else number_sql(subject, columns)
    )
    weight = "CAST(1 AS DOUBLE)" if weights is None else number_sql(weights, columns)
    usable = f"isfinite({figure}) AND isfinite({weight})"
    signed = (*(["w"] if weights is not None else []), *(["x"] if function == "herfindahl" else []))
    return Term(
        f"CASE WHEN {usable} THEN {figure} END",
        f"CASE WHEN {usable} THEN {weight} END",
        signed,
    )


def _order(node: Call) -> str:
    order = node.arguments[1]
    if not isinstance(order, Number) or not 0 <= float(order.text) <= 1:
        raise FormulaError(
            f"{node}: {order} is no order of a quantile.",
            variable=str(node),
            value=str(order),
            remedy="write a number between 0 and 1: 0.9 for the top tenth.",
        )
    return repr(float(order.text))


def numbered(measures: tuple[Measure, ...]) -> Iterator[tuple[int, Term]]:
    """All terms with the numbers their columns have."""
    for one in measures:
        for k, term in enumerate(one.terms):
            yield one.first + k, term
