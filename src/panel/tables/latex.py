r"""Tables as LaTeX with booktabs and threeparttable."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from panel.errors import TableError
from panel.tables.cells import Cell, Number, Span
from panel.tables.words import words

if TYPE_CHECKING:
    from panel.tables.table import Table

_ESCAPES = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': "''",
    "²": "$^2$", "³": "$^3$", "×": r"$\times$", "−": "$-$", "±": r"$\pm$", "·": r"$\cdot$",
    "≤": r"$\leq$", "≥": r"$\geq$", "≠": r"$\neq$", "∞": r"$\infty$", "→": r"$\to$",
    "–": "--", "—": "---", "\u202f": r"\,", "\u00a0": "~", "‰": r"\textperthousand{}",
}  # fmt: skip
_PATTERN = re.compile("[" + re.escape("".join(_ESCAPES)) + "]")
# A column of words that are longer than this wraps; shorter ones stay on one line.
_LONG = 30


def write(table: Table, *, label: str = "", floating: bool = True) -> str:
    r"""LaTeX to be read with ``\input``.

    Parameters
    ----------
    label : for ``\ref``; left out if empty.
    floating : whether a ``table`` environment with caption stands around it; without it the
        caption and label are yours to write.

    Raises
    ------
    TableError : a label with other than letters, digits and ``:.-_``.
    """
    if not re.fullmatch(r"[\w:.-]*", label, re.ASCII):
        raise TableError(
            f"{label!r} cannot be a LaTeX label.",
            variable="label",
            value=label,
            remedy="use Latin letters, digits and :.-_ only, for instance tab:main.",
        )
    lines = [*_preamble(table)]
    if floating:
        lines += [r"\begin{table}[htbp]", r"\centering"]
    lines.append(r"\begin{threeparttable}")
    if floating and table.title:
        lines.append(rf"\caption{{{escape(table.title)}}}")
    if floating and label:
        lines.append(rf"\label{{{label}}}")
    lines += _tabular(table)
    if table.notes:
        notes = words("notes", table.language)
        lines += [
            r"\begin{tablenotes}[flushleft]",
            r"\footnotesize",
            rf"\item \textit{{{escape(notes)}}}{escape(table.notes_text)}",
            r"\end{tablenotes}",
        ]
    lines.append(r"\end{threeparttable}")
    if floating:
        lines.append(r"\end{table}")
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """``text`` with everything that LaTeX would take for a command made plain."""
    return _PATTERN.sub(lambda m: _ESCAPES[m.group()], text)


def _first(text: str) -> str:
    r"""Words at the start of a row, where a bracket or asterisk would be an option of ``\\``."""
    return ("{}" if text.startswith(("[", "*")) else "") + escape(text)


def _preamble(table: Table) -> list[str]:
    needs = "% needs the packages booktabs and threeparttable"
    text = " ".join([table.title, *table.notes, *(row.label for row in table.rows)])
    text += " ".join(span.words for spans in table.header for span in spans)
    if re.search("[\u2e80-\uffef]", text):
        needs += ", and ctex with XeLaTeX for Chinese"
    elif re.search("[\u0400-\u04ff]", text):
        needs += ", and babel with russian (or XeLaTeX with polyglossia)"
    # Stars hang to the right: the numbers, not the numbers with stars, are centred.
    return [needs, r"\providecommand{\sym}[1]{\rlap{\(^{#1}\)}}"]


def _tabular(table: Table) -> list[str]:
    lines = [rf"\begin{{tabular}}{{{_columns(table)}}}", r"\toprule"]
    for spans in table.header:
        lines += _head(spans, table)
    for section in table.sections:
        lines.append(r"\midrule")
        if section.title:
            across = table.width + 1
            lines.append(rf"\multicolumn{{{across}}}{{l}}{{\textit{{{escape(section.title)}}}}} \\")
        for row in section.rows:
            cells = [_cell(cell, table.language) for cell in row.cells]
            lines.append(" & ".join([_first(row.label), *cells]) + r" \\")
    return [*lines, r"\bottomrule", r"\end{tabular}"]


def _columns(table: Table) -> str:
    """``l``, ``r`` and ``c``, or ``p`` where words are too long for one line."""
    letters = ["l", *(across[0] for across in table.across)]
    longest = [max((len(row.label) for row in table.rows), default=0)]
    for j, across in enumerate(table.across):
        texts = [row.cells[j].text() for row in table.rows]
        longest.append(max(map(len, texts), default=0) if across == "left" else 0)
    wraps = [n > _LONG for n in longest]
    if not any(wraps[1:]):
        return "".join(letters)
    # The long columns share what short ones leave of the line, by the length of their words.
    room = max(0.9 - 0.1 * wraps.count(False), 0.3)
    whole = sum(min(n, 120) for n, long in zip(longest, wraps, strict=True) if long)
    return "".join(
        rf"p{{{room * min(n, 120) / whole:.2f}\linewidth}}" if long else letter
        for letter, n, long in zip(letters, longest, wraps, strict=True)
    )


def _head(spans: Sequence[Span], table: Table) -> list[str]:
    parts, rules, at = [_first(spans[0].words)], [], 2
    for span in spans[1:]:
        if span.width == 1:
            parts.append(escape(span.words))
        else:
            parts.append(rf"\multicolumn{{{span.width}}}{{c}}{{{escape(span.words)}}}")
            if span.words and span.width < table.width:
                rules.append(rf"\cmidrule(lr){{{at}-{at + span.width - 1}}}")
        at += span.width
    return [" & ".join(parts) + r" \\", *([" ".join(rules)] if rules else [])]


def _cell(cell: Cell, language: str) -> str:
    if not isinstance(cell, Number) or cell.missing:
        return escape(cell.text(language))
    plain = escape(cell.plain(language, "−"))
    return plain + (rf"\sym{{{cell.stars}}}" if cell.stars else "")
