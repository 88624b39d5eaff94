"""Tables as typst figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from panel.tables.cells import Cell, Span
from panel.tables.words import words

if TYPE_CHECKING:
    from panel.tables.table import Table


def write(table: Table) -> str:
    """A figure of kind table. All words are typst strings, which hold no markup."""
    align = ", ".join(["left", *table.across])
    left, box = table.look.caption == "left", table.look.rules == "box"
    lines = ["#figure(", "  kind: table,"]
    if table.look.numerals == "roman":
        lines.append('  numbering: "I",')
    if table.title:
        dash = 'separator: " — ", ' if left else ""
        lines.append(f"  caption: figure.caption(position: top, {dash}{quote(table.title)}),")
    columns = ", ".join(["auto"] * (table.width + 1))
    lines += ["  {", "    table(", f"      columns: ({columns}),", f"      align: ({align}),"]
    edge, again = "table.hline(stroke: 1.2pt),", ""
    if table.look.rules == "double":  # a second line below a row without height
        again = f"table.cell(colspan: {table.width + 1}, inset: 0.8pt, none), {edge}"
    lines += [f"      stroke: {'(x: 0.6pt, y: none)' if box else 'none'},", f"      {edge}"]
    lines += ["      table.header(", *([f"        {again}"] if again else [])]
    lines += [f"        {_head(spans, table)}," for spans in table.header]
    lines.append("      ),")
    for section in table.sections:
        lines.append("      table.hline(stroke: 0.6pt),")
        if section.title:
            title = f"emph({quote(section.title)})"
            lines.append(f"      table.cell(colspan: {table.width + 1}, align: left, {title}),")
        for row in section.rows:
            cells = [_cell(cell, table.language) for cell in row.cells]
            lines.append(f"      {', '.join([quote(row.label), *cells])},")
    lines += [f"      {edge}", *([f"      {again}"] if again else []), "    )"]
    if table.notes:
        notes = words("notes", table.language)
        text = f"emph({quote(notes)}) + {quote(table.notes_text)}"
        lines.append(f"    align(left, text(size: 0.85em, {text}))")
    figure = "\n".join([*lines, "  },", ")"]) + "\n"
    rules = [f'#set text(lang: "{table.language}")'] if table.language != "en" else []
    rules += ["#show figure.caption: set align(left)"] if left else []
    return "\n".join(["#[", *rules, f"{figure}]\n"]) if rules else figure


def write_all(tables: Mapping[str, Table]) -> str:
    """Several figures one after the other."""
    return "\n".join(map(write, tables.values()))


def quote(text: str) -> str:
    """``text`` as a typst string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _head(spans: tuple[Span, ...], table: Table) -> str:
    parts, rules, at = [quote(spans[0].words)], [], 1
    for span in spans[1:]:
        text = " + linebreak() + ".join(map(quote, table.heading(span, at - 1)))
        if span.width == 1:
            share = table.shares[at - 1] if spans is table.header[-1] else 0
            parts.append(f"box(width: {0.5 * share:.1f}em, {text})" if share else text)
        else:
            parts.append(f"table.cell(colspan: {span.width}, align: center, {text})")
            if span.words and (span.width < table.width or table.look.rules == "box"):
                rules.append(f"table.hline(start: {at}, end: {at + span.width}, stroke: 0.4pt)")
        at += span.width
    return ", ".join(parts + rules)


def _cell(cell: Cell, language: str) -> str:
    pieces = cell.pieces(language, "−")
    texts = [f"super({quote(p.text)})" if p.raised else quote(p.text) for p in pieces]
    return " + ".join(texts) or quote("")
