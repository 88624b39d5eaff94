r"""Tables as LaTeX with booktabs and threeparttable."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
    "†": r"\dag{}", "‡": r"\ddag{}", "§": r"\S{}", "\u3000": r"\quad{}",
    "–": "--", "—": "---", "\u202f": r"\,", "\u00a0": "~", "‰": r"\textperthousand{}",
}  # fmt: skip
_PATTERN = re.compile("[" + re.escape("".join(_ESCAPES)) + "]")
# Marks of significance in a formula.
_MARKS = {"†": r"\dagger", "‡": r"\ddagger", "§": r"\S"} | {c: rf"\mathrm{{{c}}}" for c in "abc"}
# Rules above, between and below the parts of a table.
_RULES = {
    "three": (r"\toprule", r"\midrule", r"\bottomrule"),
    "double": (r"\toprule\toprule", r"\midrule", r"\bottomrule\bottomrule"),
    "box": (r"\hline", r"\hline", r"\hline"),
}
_LEFT = r"\captionsetup{justification=raggedright,singlelinecheck=false,labelsep=endash}"
# Classes and packages of a document in each script, after the program that typesets it.
_DOCUMENTS = {
    "chinese": ("xelatex", r"\documentclass{ctexart}"),
    "cyrillic": (
        "pdflatex",
        r"\documentclass{article}\usepackage[T2A]{fontenc}\usepackage[russian]{babel}",
    ),
    "latin": ("pdflatex", r"\documentclass{article}\usepackage[T1]{fontenc}"),
}
# A column of words that are longer than this wraps; shorter ones stay on one line.
_LONG = 30
_ROOM = r"@{\hspace{2em}}"  # after a column whose stars reach into the next
_LETTER = 0.5  # em of a letter on average, of a heading that columns share


def write(table: Table, *, label: str = "", floating: bool = True, standalone: bool = False) -> str:
    r"""LaTeX to be read with ``\input``.

    Parameters
    ----------
    label : for ``\ref``; left out if empty.
    floating : whether a ``table`` environment with caption stands around it; without it the
        caption and label are yours to write.
    standalone : whether it is a document of its own, ready to be typeset.

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
    if standalone:
        return _document([write(table, label=label, floating=floating)], [table])
    lines = [*_preamble(table)]
    if floating:
        lines += [r"\begin{table}[htbp]", r"\centering"]
    lines.append(r"\begin{threeparttable}")
    if floating and table.look.caption == "left":
        lines.append(_LEFT)
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


def write_all(tables: Mapping[str, Table], *, standalone: bool = False) -> str:
    """Several tables one after the other, each with the label ``tab:name`` of its name.

    Parameters
    ----------
    standalone : whether it is a document of its own, ready to be typeset.
    """
    parts = []
    for name, table in tables.items():
        label = re.sub(r"[^A-Za-z0-9.-]+", "-", name).strip("-")
        parts.append(write(table, label=f"tab:{label}" if label else ""))
    return _document(parts, list(tables.values())) if standalone else "\n".join(parts)


def escape(text: str) -> str:
    """``text`` with everything that LaTeX would take for a command made plain."""
    return _PATTERN.sub(lambda m: _ESCAPES[m.group()], text)


def _first(text: str) -> str:
    r"""Words at the start of a row, where a bracket or asterisk would be an option of ``\\``."""
    return ("{}" if text.startswith(("[", "*")) else "") + escape(text)


def _document(parts: Sequence[str], tables: Sequence[Table]) -> str:
    scripts = {_script(table) for table in tables}
    program, head = next(_DOCUMENTS[s] for s in _DOCUMENTS if s in scripts | {"latin"})
    lines = [
        f"% !TeX program = {program}",
        head,
        r"\usepackage[margin=2cm]{geometry}\usepackage{booktabs,threeparttable,caption}",
    ]
    if any(table.look.numerals == "roman" for table in tables):
        lines.append(r"\renewcommand{\thetable}{\Roman{table}}")
    return "\n".join([*lines, r"\begin{document}", *parts, r"\end{document}"]) + "\n"


def _script(table: Table) -> str:
    """Of its words: "chinese", "cyrillic" or "latin"."""
    text = " ".join([table.title, *table.notes, *(row.label for row in table.rows)])
    text += " ".join(span.words for spans in table.header for span in spans)
    if table.language == "zh" or re.search("[\u2e80-\uffef]", text):
        return "chinese"
    return "cyrillic" if re.search("[\u0400-\u04ff]", text) else "latin"


def _preamble(table: Table) -> list[str]:
    needs = "% needs the packages booktabs and threeparttable"
    needs += ", and caption" if table.look.caption == "left" else ""
    needs += {
        "chinese": ", and ctex with XeLaTeX for Chinese",
        "cyrillic": ", and babel with russian (or XeLaTeX with polyglossia)",
        "latin": "",
    }[_script(table)]
    # Stars hang to the right: the numbers, not the numbers with stars, are centred.
    return [needs, r"\providecommand{\sym}[1]{\rlap{\(^{#1}\)}}"]


def _tabular(table: Table) -> list[str]:
    top, middle, bottom = _RULES[table.look.rules]
    bar = "|" if table.look.rules == "box" else ""
    lines = [rf"\begin{{tabular}}{{{_columns(table)}}}", top]
    if bar:  # \hline leaves no room between a line and the words below it
        lines.insert(0, r"\renewcommand{\arraystretch}{1.2}")
    for spans in table.header:
        lines += _head(spans, table)
    for section in table.sections:
        lines.append(middle)
        if section.title:
            across = rf"\multicolumn{{{table.width + 1}}}{{{bar}l{bar}}}"
            lines.append(rf"{across}{{\textit{{{escape(section.title)}}}}} \\")
        for row in section.rows:
            cells = [_cell(cell, table.language) for cell in row.cells]
            lines.append(" & ".join([_first(row.label), *cells]) + r" \\")
    return [*lines, bottom, r"\end{tabular}"]


def _columns(table: Table) -> str:
    """``l``, ``r`` and ``c``, or ``p`` where words are too long for one line."""
    letters = ["l", *(across[0] for across in table.across)]
    longest = [max((len(row.label) for row in table.rows), default=0)]
    for j, across in enumerate(table.across):
        texts = [row.cells[j].text() for row in table.rows]
        longest.append(max(map(len, texts), default=0) if across == "left" else 0)
    wraps = [n > _LONG for n in longest]
    bar = "|" if table.look.rules == "box" else ""
    if not any(wraps[1:]):
        rooms = ["", *(_ROOM if _overhang(table, j) > 2 else "" for j in range(table.width))]
        rooms[-1] = ""  # nothing stands beside the last column
        return bar + bar.join(a + b for a, b in zip(letters, rooms, strict=True)) + bar
    # The long columns share what short ones leave of the line, by the length of their words.
    room = max(0.9 - 0.1 * wraps.count(False), 0.3)
    whole = sum(min(n, 120) for n, long in zip(longest, wraps, strict=True) if long)
    return bar + "".join(
        (rf"p{{{room * min(n, 120) / whole:.2f}\linewidth}}" if long else letter) + bar
        for letter, n, long in zip(letters, longest, wraps, strict=True)
    )


def _overhang(table: Table, j: int) -> float:
    """Letters by which stars reach beyond the widest number of column ``j``."""
    cells = [row.cells[j] for row in table.rows]
    sizes = [(len(c.plain()), len(c.stars)) for c in cells if isinstance(c, Number)]
    widest = max((plain for plain, _ in sizes), default=0)
    return max((plain / 2 + stars for plain, stars in sizes), default=0) - widest / 2


def _head(spans: Sequence[Span], table: Table) -> list[str]:
    parts, rules, at = [_first(spans[0].words)], [], 2
    bar, rule = ("|", r"\cline") if table.look.rules == "box" else ("", r"\cmidrule(lr)")
    for span in spans[1:]:
        words_here = _heading(table.heading(span, at - 2))
        if span.width == 1:
            share = table.shares[at - 2] if spans is table.header[-1] else 0
            room = f"\\makebox[{_LETTER * share - 0.6:.1f}em]" if share else ""
            parts.append(f"{room}{{{words_here}}}" if share else words_here)
        else:
            parts.append(rf"\multicolumn{{{span.width}}}{{c{bar}}}{{{words_here}}}")
            if span.words and (span.width < table.width or bar):
                rules.append(rf"{rule}{{{at}-{at + span.width - 1}}}")
        at += span.width
    return [" & ".join(parts) + r" \\", *([" ".join(rules)] if rules else [])]


def _heading(lines: Sequence[str]) -> str:
    if len(lines) == 1:
        return escape(lines[0])
    stacked = r" \\ ".join(map(_first, lines))
    return rf"\begin{{tabular}}[b]{{@{{}}c@{{}}}}{stacked}\end{{tabular}}"


def _cell(cell: Cell, language: str) -> str:
    pieces = cell.pieces(language, "−")
    texts = [rf"\(^{{{_mark(p.text)}}}\)" if p.raised else escape(p.text) for p in pieces]
    if pieces and pieces[-1].raised:
        texts[-1] = rf"\sym{{{_mark(pieces[-1].text)}}}"
    return "".join(texts)


def _mark(stars: str) -> str:
    return "".join(_MARKS.get(letter, letter) for letter in stars)
