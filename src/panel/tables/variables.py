"""Variables of a frame as tables show them: their words, and what must be said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from panel.core.frame import PanelFrame
from panel.core.notes import imputes, said_steps
from panel.core.wording import sentence
from panel.errors import TableError
from panel.tables.words import key_words, words


def listed(names: Sequence[str] | None) -> Sequence[str]:
    """Names as a list, of which one may stand by itself; none if None."""
    return (names,) if isinstance(names, str) else names or ()


def numeric_variables(frame: PanelFrame, names: Sequence[str] | None) -> tuple[str, ...]:
    """The variables to show: those named, or every one that holds numbers.

    Raises
    ------
    UnknownVariableError : not in the frame.
    TableError : a variable that holds text, or none at all.
    """
    chosen = tuple(dict.fromkeys(listed(names))) if names is not None else frame.names
    number = {n: pd.api.types.is_numeric_dtype(frame[n].dtype) for n in chosen}
    if names is None:
        chosen = tuple(name for name in chosen if number[name])
    for name in chosen:
        if not number[name]:
            raise TableError(
                f"Variable {name!r} holds text, of which there are no statistics.",
                variable=name,
                remedy=f"leave it out, or use it as a grouping: by={name!r}.",
            )
    if not chosen:
        raise TableError(
            "There is no variable to show.", variable="variables", remedy="name at least one."
        )
    return chosen


def finite(
    frame: PanelFrame, names: Sequence[str], labels: Mapping[str, str] | None, language: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The variables as floats, infinite ones missing; and a note for each variable with such."""
    data = pd.DataFrame({name: frame[name].astype(float) for name in names})
    infinite = np.isinf(data)
    counts = infinite.sum()
    notes = tuple(
        words("infinite", language, variable=label_of(name, frame, labels, language), n=int(n))
        for name, n in counts[counts > 0].items()
    )
    return data.mask(infinite), notes


def label_of(name: str, frame: PanelFrame, labels: Mapping[str, str] | None, language: str) -> str:
    """Label of a variable: the one given, the frame's, or its name."""
    if labels and name in labels:
        return labels[name]
    label = frame.label(name, language)
    return key_words(name, language) if label == name else label


def variable_notes(
    frame: PanelFrame, names: Sequence[str], labels: Mapping[str, str] | None, language: str
) -> tuple[str, ...]:
    """What a table must say of its variables: how many cells are interpolated, and the columns'
    notes. A variable without a note has those of what it was computed from."""
    found: dict[str, None] = {}
    rows = set(frame.table.index)
    for name in _explained(frame, names):
        column, label = frame.columns[name], label_of(name, frame, labels, language)
        filled = sum(key in column.filled for key in frame.table.index)
        of = partial(sentence, "of", language, term=label)
        if filled:
            total = int(frame.table[name].notna().sum())
            note = words("interpolated", language, variable=label, n=filled, total=total)
            if any(map(imputes, column.steps)):
                said = sentence("filled of", language, n=filled, total=total)
                note = sentence("stop", language, text=of(text=said))
            found[note] = None
        said_of = partial(label_of, frame=frame, labels=labels, language=language)
        for done in said_steps(column, rows, language, said_of):
            found[sentence("stop", language, text=of(text=done))] = None
        if note := column.note_in(language):
            found[of(text=note)] = None
    return tuple(found)


def _explained(frame: PanelFrame, names: Sequence[str]) -> tuple[str, ...]:
    """The variables, and after one without a note what it was computed from; each once."""
    found: dict[str, None] = {}
    waiting = [name for name in reversed(names) if name in frame.columns]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = None
            column = frame.columns[name]
            inputs = () if column.note else column.inputs
            waiting += [i for i in reversed(inputs) if i in frame.columns]
    return tuple(found)
