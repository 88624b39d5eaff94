"""Tables as typst."""

from __future__ import annotations

from panel.tables.style import Look
from panel.tables.table import Table
from panel.tables.typst import quote

TYPST = """\
#figure(
  kind: table,
  caption: figure.caption(position: top, "Digital & green"),
  {
    table(
      columns: (auto, auto, auto, auto),
      align: (left, center, center, center),
      stroke: none,
      table.hline(stroke: 1.2pt),
      table.header(
        "", table.cell(colspan: 2, align: center, "Output_a & b"), "CO2 <t>", \
table.hline(start: 1, end: 3, stroke: 0.4pt),
        "", "(1)", "(2)", "(3)",
      ),
      table.hline(stroke: 0.6pt),
      "Digital 100%", "0.123" + super("***"), "−0.500" + super("*"), "",
      "", "(0.013)", "(0.250)", "",
      table.hline(stroke: 0.6pt),
      "Year FE", "Yes", "No", "Yes",
      table.hline(stroke: 0.6pt),
      "N", "1,270", "99", "12",
      table.hline(stroke: 1.2pt),
    )
    align(left, text(size: 0.85em, emph("Notes: ") + \
"Standard errors in parentheses. * p < 0.1, *** p < 0.01."))
  },
)
"""


def test_golden(small: Table) -> None:
    assert small.to_typst() == TYPST


def test_words_are_strings_that_cannot_be_left() -> None:
    assert quote('a"] + read("x') == r'"a\"] + read(\"x"'
    assert quote("\\") == r'"\\"'


def test_the_look_and_language_stay_within_a_block(small: Table) -> None:
    boxed = small.with_(look=Look("box", "left"), language="ru").to_typst()
    assert boxed.startswith('#[\n#set text(lang: "ru")\n#show figure.caption: set align(left)\n')
    assert boxed.endswith("]\n")
    assert "stroke: (x: 0.6pt, y: none)" in boxed
    roman = small.with_(look=Look("double", numerals="roman")).to_typst()
    assert 'numbering: "I"' in roman
    assert roman.count("inset: 0.8pt, none") == 2
