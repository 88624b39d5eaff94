"""Expressions where the name of a variable may stand: log(gdp), gdp / population, L(x, 1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from panel.core.column import LANGUAGES, Column
from panel.core.expression import Name, names_in, parse_expression
from panel.core.labels import labelled
from panel.core.terms import numbers
from panel.errors import FormulaError

if TYPE_CHECKING:
    from panel.core.frame import PanelFrame


def expressed(frame: PanelFrame, names: Iterable[str]) -> PanelFrame:
    """The frame with a variable for each expression among the names, called as it is written.

    Its label is the expression in the labels of its variables; it has no unit. Names of the frame
    and what is no expression stay as they are.

    Raises
    ------
    UnknownVariableError, NotNumericError, FormulaError, UnitError : from the expressions.
    """
    columns = {}
    for name in names:
        if not isinstance(name, str) or name in frame.table or name in (frame.unit, frame.time):
            continue
        try:
            node = parse_expression(name)
        except FormulaError:
            continue  # the caller says which names there are
        if not isinstance(node, Name):
            labels = {language: labelled(name, frame, language) for language in LANGUAGES}
            columns[name] = Column(
                labels=labels, expression=name, inputs=tuple(sorted(names_in(node)))
            )
    if not columns:
        return frame
    values = {name: numbers(name, frame) for name in columns}
    return replace(frame.assign(**values), columns=dict(frame.columns) | columns)
