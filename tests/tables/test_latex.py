r"""Tables as LaTeX: structure. That it compiles is tested in test_typesetting."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from panel.errors import TableError
from panel.tables.cells import Number, Numbers, Row, Section, Span
from panel.tables.latex import escape
from panel.tables.style import Look
from panel.tables.table import Table

LATEX = r"""% needs the packages booktabs and threeparttable
\providecommand{\sym}[1]{\rlap{\(^{#1}\)}}
\begin{table}[htbp]
\centering
\begin{threeparttable}
\caption{Digital \& green}
\label{tab:main}
\begin{tabular}{lccc}
\toprule
 & \multicolumn{2}{c}{Output\_a \& b} & CO2 \textless{}t\textgreater{} \\
\cmidrule(lr){2-3}
 & (1) & (2) & (3) \\
\midrule
Digital 100\% & 0.123\sym{***} & $-$0.500\sym{*} &  \\
 & (0.013) & (0.250) &  \\
\midrule
Year FE & Yes & No & Yes \\
\midrule
N & 1,270 & 99 & 12 \\
\bottomrule
\end{tabular}
\begin{tablenotes}[flushleft]
\footnotesize
\item \textit{Notes: }Standard errors in parentheses. * p \textless{} 0.1, *** p \textless{} 0.01.
\end{tablenotes}
\end{threeparttable}
\end{table}
"""


def check(source: str) -> None:
    """Braces and environments close in order, and every row fills the columns declared."""
    text = re.sub(r"(?m)^%.*$", "", source)
    bare = re.sub(r"\\[\\{}%&#_$]", " ", text)
    depth = 0
    for letter in bare:
        depth += (letter == "{") - (letter == "}")
        assert depth >= 0
    assert depth == 0
    assert bare.count("$") % 2 == 0
    stack = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", text):
        if kind == "begin":
            stack.append(name)
        else:
            assert stack.pop() == name
    assert stack == []
    body = re.search(r"\\begin\{tabular\}\{(.*)\}\n((?s:.*))\\end\{tabular\}", text)
    assert body
    declared = len(re.sub(r"p\{[^}]*\}", "p", body[1]))
    for row in re.findall(r"(?m)^(.*) \\\\$", body[2]):
        cells = row.replace(r"\&", "").split("&")
        spans = [re.match(r"\s*\\multicolumn\{(\d+)\}", cell) for cell in cells]
        assert sum(int(s[1]) if s else 1 for s in spans) == declared, row


def test_golden(small: Table, tmp_path: Path) -> None:
    assert small.save(tmp_path / "t.tex", label="tab:main").read_text(encoding="utf-8") == LATEX
    check(LATEX)


def test_without_float_there_is_no_caption(small: Table) -> None:
    source = small.to_latex(floating=False)
    check(source)
    assert r"\begin{table}" not in source
    assert r"\caption" not in source


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        (r"\input{x}", r"\textbackslash{}input\{x\}"),
        ("R² ≤ 1 × 2", r"R$^2$ $\leq$ 1 $\times$ 2"),
        ("#1 ~ x^2 | $", r"\#1 \textasciitilde{} x\textasciicircum{}2 \textbar{} \$"),
        ("31\u202f568", r"31\,568"),
        ('say "x"', "say ''x''"),
    ],
)
def test_commands_are_made_plain(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_a_bracket_at_the_start_of_a_row_is_no_option() -> None:
    rows = (Row("[0, 1]", (Number(1.0),)), Row("*x", (Number(1.0),)))
    source = Table(((Span(), Span("a")),), (Section(rows),)).to_latex()
    assert "\n{}[0, 1] &" in source
    assert "\n{}*x &" in source


def test_a_label_cannot_hold_commands(small: Table) -> None:
    with pytest.raises(TableError, match="label"):
        small.to_latex(label=r"x}\input{y")


def test_long_words_wrap_in_columns_that_fit_the_line() -> None:
    df = pd.DataFrame({"claim": ["word " * 30], "value": [1.5], "verdict": ["agrees"]}, index=["a"])
    source = Table.from_pandas(df).to_latex()
    check(source)
    spec = re.search(r"\\begin\{tabular\}\{(.*)\}\n", source)
    assert spec
    assert re.fullmatch(r"lp\{0\.\d\d\\linewidth\}rl", spec[1])
    assert sum(map(float, re.findall(r"\{([\d.]+)\\linewidth", spec[1]))) < 1


def test_chinese_and_russian_say_what_they_need(small: Table) -> None:
    assert "ctex" in small.with_(title="数字").to_latex().splitlines()[0]
    assert "babel" in small.with_(title="Цифры").to_latex().splitlines()[0]


def test_titled_sections_span_the_table() -> None:
    rows = (Row("x", (Number(1.0, 1),)),)
    table = Table(((Span(), Span("a")),), (Section(rows, "East_1"), Section(rows, "West")))
    check(table.to_latex())
    assert r"\multicolumn{2}{l}{\textit{East\_1}} \\" in table.to_latex()


def test_the_look_chooses_rules_and_bars(small: Table) -> None:
    double = small.with_(look=Look("double")).to_latex()
    assert r"\toprule\toprule" in double
    assert r"\bottomrule\bottomrule" in double
    box = small.with_(look=Look("box", "left")).to_latex()
    assert r"\begin{tabular}{|l|c|c|c|}" in box
    assert r"\multicolumn{2}{c|}{Output\_a \& b}" in box
    assert r"\cline{2-3}" in box
    assert "rule" not in box
    assert "labelsep=endash" in box


def test_marks_are_those_of_a_formula() -> None:
    cell = Numbers((Number(0.5, 3, "*"), Number(2.0, 1, "†a")))
    source = Table(((Span(), Span("a")),), (Section((Row("x", (cell,)),)),)).to_latex()
    assert r"x & 0.500\(^{*}\) 2.0\sym{\dagger\mathrm{a}} \\" in source


def test_stars_have_room_where_they_would_reach_into_the_next_column() -> None:
    row = Row("x", (Number(13.66, 3, "***"), Number(0.1, 3)))
    other = Row("", (Number(0.000001, 12, brackets="()"), Number(0.1, 3)))
    header = ((Span(), Span("a"), Span("b")),)
    assert r"{lc@{\hspace{2em}}c}" in Table(header, (Section((row,)),)).to_latex()
    assert "{lcc}" in Table(header, (Section((row, other)),)).to_latex()


def test_a_document_of_its_own_names_its_program(small: Table) -> None:
    assert small.to_latex(standalone=True).startswith("% !TeX program = pdflatex\n")
    chinese = small.with_(language="zh").to_latex(standalone=True)
    assert chinese.startswith("% !TeX program = xelatex\n\\documentclass{ctexart}")
    assert r"\Roman{table}" in small.with_(look=Look(numerals="roman")).to_latex(standalone=True)
