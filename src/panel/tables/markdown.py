"""Tables as Markdown pipe tables (GitHub, pandoc, JupyterLab)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from panel.tables.words import words

if TYPE_CHECKING:
    from panel.tables.table import Table


def write(table: Table) -> str:
    """A pipe table has one header row, so rows of the header are joined by ``<br>``."""
    head = [[escape(s.words) for s in spans for _ in range(s.width)] for spans in table.header]
    columns = list(zip(*head, strict=True)) or [("",)] * (table.width + 1)
    marks = {"left": ":---", "right": "---:", "center": ":---:"}
    align = [":---", *(marks[across] for across in table.across)]
    lines = [f"**{escape(table.title)}**", ""] if table.title else []
    lines += [_line(["<br>".join(filter(None, c)) for c in columns]), _line(align)]
    for section in table.sections:
        if section.title:
            lines.append(_line([f"**{escape(section.title)}**", *[""] * table.width]))
        for row in section.rows:
            cells = [escape(cell.text(table.language)) for cell in row.cells]
            lines.append(_line([escape(row.label), *cells]))
    if table.notes:
        notes = words("notes", table.language)
        lines += ["", f"*{notes.strip()}* {escape(table.notes_text)}"]
    return "\n".join(lines) + "\n"


def write_all(tables: Mapping[str, Table]) -> str:
    """Several tables one below the other."""
    return "\n".join(map(write, tables.values()))


def escape(text: str) -> str:
    """``text`` with everything that Markdown or HTML would take for markup made plain."""
    return re.sub(r"([\\`*_\[\]|~$]|<(?=[A-Za-z/!?])|&(?=#?\w+;))", r"\\\1", text)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
