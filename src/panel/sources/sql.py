"""Expressions as SQL: only names that are columns, numbers, text and the functions listed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from panel.core.expression import COMPARISONS, Binary, Call, Name, Node, Number, Text, Unary
from panel.errors import FormulaError, NotNumericError, UnknownVariableError, suggest

_NUMBERS = (
    *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT"),
    *("UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "BOOLEAN"),
)
# What a function needs to have a value: duckdb releases differ in raising or giving infinity.
_FUNCTIONS = {
    "log": "CASE WHEN {0} > 0 THEN ln({0}) END",
    "log10": "CASE WHEN {0} > 0 THEN log10({0}) END",
    "log1p": "CASE WHEN {0} > -1 THEN ln(1 + {0}) END",
    "sqrt": "CASE WHEN {0} >= 0 THEN sqrt({0}) END",
    "exp": "exp({0})",
    "asinh": "asinh({0})",
    "abs": "abs({0})",
}
_EQUAL = {"==": "=", "!=": "<>"}


@dataclass(frozen=True)
class Columns:
    """Columns of a relation and their SQL types; ``name`` says which data in messages."""

    types: Mapping[str, str]
    name: str

    def known(self, column: str) -> str:
        """The column, if it is there.

        Raises
        ------
        UnknownVariableError : it is not; with suggestions.
        """
        if column not in self.types:
            raise UnknownVariableError(
                f"Column {column!r} is not in {self.name}.",
                variable=column,
                value=column,
                remedy=suggest(column, self.types),
            )
        return column

    def is_number(self, column: str) -> bool:
        """Whether it holds numbers (yes and no count as 1 and 0)."""
        return self.types[self.known(column)].split("(")[0] in _NUMBERS


def quoted(name: str) -> str:
    """A name as an SQL identifier, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def text_sql(text: str) -> str:
    """A text as an SQL literal, whatever characters it has."""
    return "'" + text.replace("'", "''") + "'"


def number_sql(node: Node, columns: Columns) -> str:
    """SQL of an expression's value (double), from a syntax tree of our own grammar.

    Raises
    ------
    FormulaError : a function or operator that is not on the list.
    NotNumericError : a column of text among numbers.
    UnknownVariableError : a name that is no column.
    """
    if isinstance(node, Number):
        return f"CAST({float(node.text)!r} AS DOUBLE)"
    if isinstance(node, Name):
        if not columns.is_number(node.name):
            raise NotNumericError(
                f"Column {node.name!r} of {columns.name} holds {columns.types[node.name]}, not "
                "numbers.",
                variable=node.name,
                remedy="replace footnote marks by empty cells; text can only be compared.",
            )
        return f"CAST({quoted(node.name)} AS DOUBLE)"
    if isinstance(node, Call):
        return _called(node, columns)
    if isinstance(node, Unary) and node.op == "-":
        return f"(-{number_sql(node.operand, columns)})"
    if isinstance(node, Binary) and node.op in ("+", "-", "*", "/", "^"):
        left, right = number_sql(node.left, columns), number_sql(node.right, columns)
        return f"pow({left}, {right})" if node.op == "^" else f"({left} {node.op} {right})"
    if isinstance(node, Binary | Unary) and (node.op in COMPARISONS or node.op in "!&|"):
        return f"CAST({condition_sql(node, columns)} AS DOUBLE)"
    raise FormulaError(
        f"{node} has no number for a row.",
        variable=str(node),
        remedy="use columns, numbers, + - * / ^, comparisons, & | ! and "
        f"{', '.join(sorted(_FUNCTIONS))}.",
    )


def condition_sql(node: Node, columns: Columns) -> str:
    """SQL of a condition; NULL where one of its columns is missing.

    Raises
    ------
    FormulaError : no condition. NotNumericError, UnknownVariableError : as :func:`number_sql`.
    """
    if isinstance(node, Unary) and node.op == "!":
        return f"(NOT {condition_sql(node.operand, columns)})"
    if isinstance(node, Binary) and node.op in ("&", "|"):
        left, right = condition_sql(node.left, columns), condition_sql(node.right, columns)
        return f"({left} {'AND' if node.op == '&' else 'OR'} {right})"
    if isinstance(node, Binary) and node.op in COMPARISONS:
        if isinstance(node.left, Text) or isinstance(node.right, Text):
            return _compared_text(node, columns)
        left, right = number_sql(node.left, columns), number_sql(node.right, columns)
        return f"({left} {_EQUAL.get(node.op, node.op)} {right})"
    if isinstance(node, Name) and columns.types[columns.known(node.name)] == "BOOLEAN":
        return quoted(node.name)
    raise FormulaError(
        f"{node} is no condition.",
        variable=str(node),
        remedy='write a comparison, for instance employees > 20 or owner == "state".',
    )


def _called(node: Call, columns: Columns) -> str:
    if node.function not in _FUNCTIONS or len(node.arguments) != 1 or node.options:
        raise FormulaError(
            f"{node} may not be called on rows.",
            variable=str(node),
            value=node.function,
            remedy=suggest(node.function, _FUNCTIONS) + " Each takes one argument.",
        )
    return f"({_FUNCTIONS[node.function].format(number_sql(node.arguments[0], columns))})"


def _compared_text(node: Binary, columns: Columns) -> str:
    sides = []
    for side in (node.left, node.right):
        if isinstance(side, Text):
            sides.append(text_sql(side.value))
        elif isinstance(side, Name):
            sides.append(f"CAST({quoted(columns.known(side.name))} AS VARCHAR)")
    if len(sides) < 2 or node.op not in _EQUAL:
        raise FormulaError(
            f"{node} compares text in a way that has no meaning.",
            variable=str(node),
            remedy='text can only be equal or not, as in owner == "state".',
        )
    return f"({sides[0]} {_EQUAL[node.op]} {sides[1]})"
