"""Tables as HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd

from panel.tables.cells import Number, Numbers, Row, Section, Span
from panel.tables.style import Look
from panel.tables.table import Table

BODY = """\
<table>
<caption>Digital &amp; green</caption>
<thead>
<tr><td class="words"></td><th scope="colgroup" colspan="2" class="over">Output_a &amp; b</th>\
<th scope="col">CO2 &lt;t&gt;</th></tr>
<tr><td class="words"></td><th scope="col">(1)</th>\
<th scope="col">(2)</th><th scope="col">(3)</th></tr>
</thead>
<tbody>
<tr><th scope="row">Digital 100%</th><td>0.123<span class="stars">***</span></td>\
<td>−0.500<span class="stars">*</span></td><td></td></tr>
<tr><th scope="row" aria-label="Digital 100%, standard error"></th><td>(0.013)</td>\
<td>(0.250)</td><td></td></tr>
</tbody>
<tbody>
<tr><th scope="row">Year FE</th><td>Yes</td><td>No</td><td>Yes</td></tr>
</tbody>
<tbody>
<tr><th scope="row">N</th><td>1,270</td><td>99</td><td>12</td></tr>
</tbody>
</table>
<p><em>Notes: </em>Standard errors in parentheses. * p &lt; 0.1, *** p &lt; 0.01.</p>
"""


class Tree(HTMLParser):
    """Fails on tags that are not closed in order; counts the columns of each row."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.columns: list[int] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag == "meta":
            return
        self.open.append(tag)
        if tag == "tr":
            self.columns.append(0)
        if tag in ("th", "td"):
            self.columns[-1] += int(dict(attrs).get("colspan") or 1)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_golden(small: Table) -> None:
    html = small.to_html()
    assert html.partition("</style>\n")[2].removesuffix("</div>\n") == BODY
    assert set(Tree(html).columns) == {4}


def test_the_file_is_a_page_in_its_language(small: Table, tmp_path: Path) -> None:
    page = small.with_(language="zh").save(tmp_path / "t.html").read_text(encoding="utf-8")
    assert page.startswith('<!DOCTYPE html>\n<html lang="zh">')
    assert '<meta charset="utf-8">' in page
    assert "<em>注：</em>Standard" in page
    Tree(page)


def test_nothing_runs_or_is_fetched() -> None:
    nasty = '"><script>alert(1)</script><img src=x onerror=y>'
    df = pd.DataFrame({nasty: [nasty]}, index=[nasty])
    page = Table.from_pandas(df, title=nasty, notes=[nasty])._written("html", {})
    assert isinstance(page, str)
    tree = Tree(page)
    assert "script" not in tree.seen
    assert "img" not in tree.seen
    assert "http" not in page


def test_colours_are_those_of_the_page(small: Table) -> None:
    style = re.search(r"<style>(.*?)</style>", small.to_html(), re.DOTALL)
    assert style
    assert not re.search(r"#[0-9a-f]{3}|white(?!-space)|black|rgb", style[1])


def test_the_look_is_a_class(small: Table) -> None:
    assert small.to_html().startswith('<div class="regpanel" lang="en">')
    boxed = small.with_(look=Look("box", "left")).to_html()
    assert boxed.startswith('<div class="regpanel box left" lang="en">')


def test_only_the_last_stars_hang_over() -> None:
    cell = Numbers((Number(0.5, 3, "*"), Number(2.0, 1, "†")))
    html = Table(((Span(), Span("a")),), (Section((Row("x", (cell,)),)),)).to_html()
    assert '<td>0.500* 2.0<span class="stars">†</span></td>' in html


def test_a_long_heading_is_folded() -> None:
    row = Row("x", (Number(1.0), Number(2.0)))
    header = ((Span(), Span("<i> " * 20, 2)), (Span(), Span("1"), Span("2")))
    html = Table(header, (Section((row,)),)).to_html()
    assert html.count("&lt;i&gt;") == 20
    assert "&lt;i&gt;<br>&lt;i&gt;" in html
