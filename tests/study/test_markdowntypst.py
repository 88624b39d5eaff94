"""Markdown as typst."""

from __future__ import annotations

import pytest

from panel.study.markdowntypst import from_markdown

HOSTILE = '#eval("1") $x$ <script>alert(1)</script> "\\\\" [l](javascript:alert(1)) @a *b* `#c`'


@pytest.mark.parametrize(
    ("text", "typst"),
    [
        ("one *two*", '#par[#"one ";#emph[#"two";];]'),
        ("# T", '#heading(level: 3)[#"T";];'),
        ("`#x`", '#par[#raw("#x", block: false);]'),
        ("- a\n- b", '#list([#"a";],[#"b";],);'),
        ("[t](http://localhost/)", '#par[#link("http://localhost/")[#"t";];]'),
        (
            "| a |\n|---|\n| 1 |",
            '#table(columns: 1, stroke: none, align: left,table.header([#"a";],),[#"1";],);',
        ),
        ("#eval(1)", '#par[#"#eval(1)";]'),
        ('"', '#par[#"\\"";]'),
    ],
)
def test_words_become_strings(text: str, typst: str) -> None:
    assert from_markdown(text).strip() == typst


def test_typst_sets_what_was_written() -> None:
    typst = pytest.importorskip("typst")
    nested = "1. a\n   - b\n\n     c\n\n> q\n\n---\n\n    code\n\nx  \ny\n\n![p](q.png)"
    for text in (HOSTILE, nested, ""):
        made = typst.compile(from_markdown(text).encode() or b" ", format="pdf")
        assert made.startswith(b"%PDF")
