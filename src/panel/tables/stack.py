"""Tables one below the other as the panels of one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from panel.errors import TableError
from panel.tables.cells import Row, Section, Span, Text
from panel.tables.table import Table


def stack_tables(
    panels: Mapping[str, Table], *, title: str = "", notes: str | Sequence[str] = ()
) -> Table:
    """One table of several that have the same columns, such as regressions of several outcomes.

    Rows of the header that all have in common stand on top; in any other row, words over the
    whole panel ("Dependent variable: ...") follow its title, and others go into a row of it.

    Parameters
    ----------
    panels : tables by title, ``{"Panel A. Output": a, "Panel B. Emissions": b}``.
    title : the caption.
    notes : further notes, which come first. Notes that all panels have follow, and the others
        after the title of their panel.

    Raises
    ------
    TableError : no panel, or panels of different widths, languages or looks.
    """
    tables = list(panels.values())
    if not tables:
        raise TableError(
            "There is no panel to stack.", variable="panels", remedy="give one or several."
        )
    first = tables[0]
    for name, table in panels.items():
        if (table.width, table.language, table.look) != (first.width, first.language, first.look):
            raise TableError(
                f"Panel {name!r} has {table.width} columns in {table.language!r}, the first panel "
                f"{first.width} in {first.language!r}; or they differ in look.",
                variable=name,
                value=table.width,
                remedy="make all panels with as many models and the same style.",
            )
    common = tuple(h for h in first.header if all(h in table.header for table in tables))
    sections = [part for name, t in panels.items() for part in _panel(str(name), t, common)]
    own = (notes,) if isinstance(notes, str) else tuple(notes)
    shared = [note for note in first.notes if all(note in table.notes for table in tables)]
    return Table(
        header=common or first.header[:0],
        sections=tuple(sections),
        title=title,
        notes=(*own, *shared, *_own_notes(panels, shared)),
        language=first.language,
        look=first.look,
    )


def _panel(name: str, table: Table, common: Sequence[tuple[Span, ...]]) -> list[Section]:
    """The sections of a panel, the first under its title."""
    titles, rows = [name], []
    for spans in table.header:
        if spans in common:
            continue
        if len(spans) == 2 and spans[1].width == table.width:
            titles.append(spans[1].words)
        else:
            cells = tuple(Text(span.words) for span in spans[1:] for _ in range(span.width))
            rows.append(Row(spans[0].words, cells))
    head, *others = table.sections or (Section(()),)
    titles += [head.title] if head.title else []
    joint = "。" if table.language == "zh" else ". "
    return [replace(head, rows=(*rows, *head.rows), title=joint.join(titles)), *others]


def _own_notes(panels: Mapping[str, Table], shared: Sequence[str]) -> list[str]:
    """Notes of some panels only, after the title of the panel up to its first stop."""
    found = []
    for name, table in panels.items():
        joint = "：" if table.language == "zh" else ": "
        left = " ".join(note for note in table.notes if note not in shared)
        if left:
            found.append(f"{str(name).partition('.')[0]}{joint}{left}")
    return found
