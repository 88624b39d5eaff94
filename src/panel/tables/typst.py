"""Tables as typst figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from panel.tables.cells import Cell, Number, Span
from panel.tables.words import words

if TYPE_CHECKING:
    from panel.tables.table import Table


def write(table: Table) -> str:
    """A figure of kind table. All words are typst strings, which hold no markup."""
    align = ", ".join(["left", *table.across])
    lines = ["#figure(", "  kind: table,"]
    if table.title:
        lines.append(f"  caption: figure.caption(position: top, {quote(table.title)}),")
    columns = ", ".join(["auto"] * (table.width + 1))
    lines += ["  {", "    table(", f"      columns: ({columns}),", f"      align: ({align}),"]
    lines += ["      stroke: none,", "      table.hline(stroke: 1.2pt),", "      table.header("]
    lines += [f"        {_head(spans, table.width)}," for spans in table.header]
    lines.append("      ),")
    for section in table.sections:
        lines.append("      table.hline(stroke: 0.6pt),")
        if section.title:
            title = f"emph({quote(section.title)})"
            lines.append(f"      table.cell(colspan: {table.width + 1}, align: left, {title}),")
        for row in section.rows:
            cells = [_cell(cell, table.language) for cell in row.cells]
            lines.append(f"      {', '.join([quote(row.label), *cells])},")
    lines += ["      table.hline(stroke: 1.2pt),", "    )"]
    if table.notes:
        notes = words("notes", table.language)
        text = f"emph({quote(notes)}) + {quote(table.notes_text)}"
        lines.append(f"    align(left, text(size: 0.85em, {text}))")
    return "\n".join([*lines, "  },", ")"]) + "\n"


def quote(text: str) -> str:
    """``text`` as a typst string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _head(spans: tuple[Span, ...], width: int) -> str:
    parts, rules, at = [], [], 0
    for span in spans:
        if span.width == 1:
            parts.append(quote(span.words))
        else:
            parts.append(f"table.cell(colspan: {span.width}, align: center, {quote(span.words)})")
            if span.words and span.width < width:
                rules.append(f"table.hline(start: {at}, end: {at + span.width}, stroke: 0.4pt)")
        at += span.width
    return ", ".join(parts + rules)


def _cell(cell: Cell, language: str) -> str:
    if not isinstance(cell, Number) or not cell.stars or cell.missing:
        return quote(cell.text(language, "−"))
    return f"{quote(cell.plain(language, '−'))} + super({quote(cell.stars)})"
