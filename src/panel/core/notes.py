"""What a table must say of a model's sample and of the variables it uses."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import partial
from typing import TYPE_CHECKING, Any

from panel.core.labels import labelled
from panel.core.wording import key_word, sentence

if TYPE_CHECKING:
    from panel.core.column import Column
    from panel.core.design import Design
    from panel.core.frame import PanelFrame
    from panel.core.steps import Step


def design_notes(design: Design, language: str = "en") -> tuple[str, ...]:
    """Sentences on what was left out, on filled figures, and the notes of the variables.

    In Chinese and Russian, variables and regions are called by their labels there.
    """
    frame, stop = design.frame, partial(sentence, "stop", language)
    label = str if language == "en" else partial(_term, frame=frame, language=language)
    region, used = region_names(frame, language), set(frame.table.index[design.rows])
    found = [stop(text=d.said(language, label, region)) for d in design.dropped]
    for name in design.variables:
        column = frame.columns.get(name)
        if column is None:
            continue
        of = partial(sentence, "of", language, term=frame.label(name, language))
        if filled := design.filled(name):
            kind = "filled" if any(map(imputes, column.steps)) else "interpolated"
            rows = f"{kind} row" if filled == 1 else f"{kind} rows"
            found.append(stop(text=of(text=sentence(rows, language, rows=filled))))
        found += [stop(text=of(text=s)) for s in said_steps(column, used, language, label)]
        if note := column.note_in(language):
            found.append(of(text=note))
    return tuple(found)


def _term(term: str, frame: PanelFrame, language: str) -> str:
    said = labelled(term, frame, language)
    return key_word(said, language) if said == term else said


def said_steps(
    column: Column,
    rows: AbstractSet[Any],
    language: str,
    label: Callable[[str], str] = str,
) -> tuple[str, ...]:
    """What each step of cleaning did to the column in those rows (unit, time), where it did."""
    counted = ((step, len(step.keys & rows)) for step in column.steps)
    return tuple(step.said(language, label, n) for step, n in counted if n)


def imputes(step: Step) -> bool:
    """Whether a step fills cells with more than their own region's years around them."""
    return step.kind.startswith(("imputed", "extrapolated", "spliced"))


def region_names(frame: PanelFrame, language: str) -> Callable[[Any], str]:
    """How a region is called: in English by its key, else by the frame's name_zh or name_ru."""
    column = f"name_{language}"
    if language == "en" or column not in frame:
        return str
    known = dict(zip(frame.table.index.get_level_values(0), frame[column], strict=True))
    return lambda unit: str(known.get(unit, unit))
