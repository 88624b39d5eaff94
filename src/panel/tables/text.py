"""Tables as plain text, for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from panel.tables.cells import Cell, Number, Span, display_width, wrapped
from panel.tables.words import words

if TYPE_CHECKING:
    from panel.tables.table import Table

_GAP = 2


def write(table: Table) -> str:
    """Table with decimal points below each other and wrapped notes."""
    body = [_column([row.cells[j] for row in table.rows], table) for j in range(table.width)]
    widths = [max([0, *map(display_width, column)]) for column in body]
    header = [line for spans in table.header for line in _lines(spans, table)]
    for spans in header:
        _widen(widths, spans[1:])
    stubs = [spans[0].words for spans in header] + [row.label for row in table.rows]
    stub = max(map(display_width, [*stubs, *(s.title for s in table.sections)]), default=0)
    total = stub + sum(w + _GAP for w in widths)
    lines = [table.title] if table.title else []
    lines.append("═" * total)
    lines += [_left(h[0].words, stub) + _spread(h[1:], widths) for h in header]
    at = 0
    for section in table.sections:
        lines.append("─" * total)
        lines += [section.title] if section.title else []
        for row in section.rows:
            cells = [_centred(column[at], w) for column, w in zip(body, widths, strict=True)]
            lines.append(_left(row.label, stub) + "".join(" " * _GAP + c for c in cells))
            at += 1
    lines.append("═" * total)
    if table.notes:
        notes = words("notes", table.language) + table.notes_text
        lines += wrapped(notes, max(total, 72))
    return "\n".join(line.rstrip() for line in lines)


def _column(cells: Sequence[Cell], table: Table) -> list[str]:
    """Texts of a column: fractions padded so that their points stand below each other."""
    texts = [cell.text(table.language) for cell in cells]
    mark = "," if table.language == "ru" else "."
    fractions = {
        i: texts[i].partition(mark)
        for i, cell in enumerate(cells)
        if isinstance(cell, Number) and mark in texts[i]
    }
    left = max((len(f[0]) for f in fractions.values()), default=0)
    right = max((len(f[2]) for f in fractions.values()), default=0)
    for i, (before, point, after) in fractions.items():
        texts[i] = f"{before:>{left}}{point}{after:<{right}}"
    if not any(isinstance(cell, Number) for cell in cells):
        widest = max(map(display_width, texts), default=0)
        texts = [_left(text, widest) for text in texts]
    return texts


def _lines(spans: Sequence[Span], table: Table) -> list[list[Span]]:
    """A row of the header on as many lines as its longest heading takes."""
    parts, at = [wrapped(spans[0].words, 60)], 0
    for span in spans[1:]:
        parts.append(table.heading(span, at))
        at += span.width
    most = max(map(len, parts))
    filled = [[""] * (most - len(part)) + part for part in parts]
    return [
        [Span(part[i], span.width) for part, span in zip(filled, spans, strict=True)]
        for i in range(most)
    ]


def _widen(widths: list[int], spans: Sequence[Span]) -> None:
    """Make columns wide enough for the header above them."""
    at = 0
    for span in spans:
        room = sum(widths[at : at + span.width]) + _GAP * (span.width - 1)
        short = display_width(span.words) - room
        for k in range(short if short > 0 else 0):
            widths[at + k % span.width] += 1
        at += span.width


def _spread(spans: Sequence[Span], widths: Sequence[int]) -> str:
    parts, at = [], 0
    for span in spans:
        room = sum(widths[at : at + span.width]) + _GAP * (span.width - 1)
        parts.append(" " * _GAP + _centred(span.words, room))
        at += span.width
    return "".join(parts)


def _left(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))


def _centred(text: str, width: int) -> str:
    space = width - display_width(text)
    return " " * (space // 2) + text + " " * (space - space // 2)
