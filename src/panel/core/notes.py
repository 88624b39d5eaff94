"""What a table must say of a model's sample and of the variables it uses."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from panel.core.labels import labelled
from panel.core.wording import sentence

if TYPE_CHECKING:
    from panel.core.design import Design
    from panel.core.frame import PanelFrame


def design_notes(design: Design, language: str = "en") -> tuple[str, ...]:
    """Sentences on what was left out, on filled figures, and the notes of the variables.

    In Chinese and Russian, variables and regions are called by their labels there.
    """
    frame, stop = design.frame, partial(sentence, "stop", language)
    label = str if language == "en" else partial(labelled, frame=frame, language=language)
    region = region_names(frame, language)
    found = [stop(text=d.said(language, label, region)) for d in design.dropped]
    for name in design.variables:
        column = frame.columns.get(name)
        if column is None:
            continue
        of = partial(sentence, "of", language, term=frame.label(name, language))
        if filled := design.filled(name):
            rows = "interpolated row" if filled == 1 else "interpolated rows"
            found.append(stop(text=of(text=sentence(rows, language, rows=filled))))
        if note := column.note_in(language):
            found.append(of(text=note))
    return tuple(found)


def region_names(frame: PanelFrame, language: str) -> Callable[[Any], str]:
    """How a region is called: in English by its key, else by the frame's name_zh or name_ru."""
    column = f"name_{language}"
    if language == "en" or column not in frame:
        return str
    known = dict(zip(frame.table.index.get_level_values(0), frame[column], strict=True))
    return lambda unit: str(known.get(unit, unit))
