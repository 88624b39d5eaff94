"""Tables as HTML that reads on light and dark pages and with a screen reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from panel.tables.cells import Cell, Row, Section, Span
from panel.tables.words import words

if TYPE_CHECKING:
    from panel.tables.style import Look
    from panel.tables.table import Table

_KIND = {"left": ' class="words"', "right": ' class="bare"', "center": ""}
_LOOKS = ("double", "box", "left")  # that differ from the plain style
# Colours are the page's own. Stars take no room: the numbers, not the numbers with stars, are
# centred. The class stands twice to prevail over a notebook's own style of tables. Notes of a
# narrow table get lines that can be read.
_CSS = """
.regpanel{display:inline-block;max-width:100%;min-width:min(30em,100%);overflow-x:auto;
color:inherit}
.regpanel table{border-collapse:collapse;border:0;border-top:2px solid;
border-bottom:2px solid;margin:0;font-variant-numeric:tabular-nums;font-size:inherit}
.regpanel caption{caption-side:top;font-weight:bold;padding:.3em 0;color:inherit;
text-align:center}
.regpanel.regpanel thead,.regpanel.regpanel table tr,
.regpanel.regpanel table tbody tr:nth-child(n){background:none;border:0}
.regpanel.regpanel table th,.regpanel.regpanel table td{border:0;padding:.12em 1.2em;
font-weight:normal;text-align:center;vertical-align:baseline;max-width:none;white-space:nowrap}
.regpanel.regpanel table th[scope=row],.regpanel.regpanel table th.stub{text-align:left;
padding-left:0}
.regpanel.regpanel table th[scope=rowgroup]{text-align:left;font-style:italic;padding-left:0}
.regpanel.regpanel table .bare{text-align:right}
.regpanel.regpanel table .words{text-align:left;white-space:normal}
.regpanel.regpanel table th.over{border-bottom:1px solid}
.regpanel.regpanel table tbody tr:first-child>*{border-top:1px solid;padding-top:.3em}
.regpanel.regpanel table tbody tr:last-child>*{padding-bottom:.3em}
.regpanel.double table{border-top:4px double;border-bottom:4px double}
.regpanel.box table{border:2px solid}
.regpanel.regpanel.box table th+th,.regpanel.regpanel.box table td+th,
.regpanel.regpanel.box table th+td,.regpanel.regpanel.box table td+td{border-left:1px solid}
.regpanel.regpanel.box thead tr:first-child>*{border-top:2px solid}
.regpanel.regpanel.box table th[scope=row],.regpanel.regpanel.box table th.stub{padding-left:.5em}
.regpanel.left caption{text-align:left}
.regpanel .stars{display:inline-block;width:0;overflow:visible;white-space:nowrap}
.regpanel:lang(zh) em{font-style:normal}
.regpanel p{width:0;min-width:100%;margin:.4em 0 0;font-size:.85em;text-align:left}
"""


def write(table: Table) -> str:
    """A page of its own with the table on it."""
    return write_all({table.title: table})


def write_all(tables: Mapping[str, Table]) -> str:
    """A page with several tables, called after the first."""
    title, language = next((escape(t.title or "Table"), t.language) for t in tables.values())
    body = "<br>\n".join(map(fragment, tables.values()))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n"
        "<style>:root{color-scheme:light dark}body{font-family:'Times New Roman',SimSun,serif;"
        f"margin:2em}}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )


def fragment(table: Table) -> str:
    """The table with its style, to be put into a page or a notebook."""
    head = "\n".join(_head(spans, table) for spans in table.header)
    body = "\n".join(_section(section, table) for section in table.sections)
    caption = f"<caption>{escape(table.title)}</caption>\n" if table.title else ""
    notes = ""
    if table.notes:
        label = words("notes", table.language)
        notes = f"<p><em>{label}</em>{escape(table.notes_text)}</p>\n"
    return (
        f'<div class="{_class(table.look)}" lang="{table.language}">\n<style>{_CSS}</style>\n'
        f"<table>\n{caption}<thead>\n{head}\n</thead>\n{body}\n</table>\n{notes}</div>\n"
    )


def _class(look: Look) -> str:
    return " ".join(["regpanel", *(c for c in (look.rules, look.caption) if c in _LOOKS)])


def _head(spans: Sequence[Span], table: Table) -> str:
    stub, *others = spans
    first = f'<th scope="col" class="stub">{escape(stub.words)}</th>'
    if not stub.words:  # a header cell without words would be read out as one
        first = '<td class="words"></td>'
    cells, at = [], 0
    for span in others:
        cells.append(_over(span, table, at))
        at += span.width
    return f"<tr>{first}{''.join(cells)}</tr>"


def _over(span: Span, table: Table, at: int) -> str:
    text = "<br>".join(map(escape, table.heading(span, at)))
    if span.width == 1:
        return f'<th scope="col"{_KIND[table.across[at]]}>{text}</th>'
    line = ' class="over"' if span.words and span.width < table.width else ""
    return f'<th scope="colgroup" colspan="{span.width}"{line}>{text}</th>'


def _section(section: Section, table: Table) -> str:
    lines = []
    if section.title:
        across = table.width + 1
        lines.append(
            f'<tr><th scope="rowgroup" colspan="{across}">{escape(section.title)}</th></tr>'
        )
    lines += [_row(row, table) for row in section.rows]
    return "<tbody>\n" + "\n".join(lines) + "\n</tbody>"


def _row(row: Row, table: Table) -> str:
    named = f' aria-label="{escape(row.name)}"' if row.name != row.label else ""
    pairs = zip(row.cells, table.across, strict=True)
    cells = "".join(f"<td{_KIND[across]}>{_cell(cell, table)}</td>" for cell, across in pairs)
    return f'<tr><th scope="row"{named}>{escape(row.label)}</th>{cells}</tr>'


def _cell(cell: Cell, table: Table) -> str:
    pieces = cell.pieces(table.language, "−")
    texts = [escape(piece.text) for piece in pieces]
    if pieces and pieces[-1].raised:
        texts[-1] = f'<span class="stars">{texts[-1]}</span>'
    return "".join(texts)
