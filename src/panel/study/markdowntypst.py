"""Markdown as typst: every word of it a string, so that it cannot run anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from panel.errors import InstallationError
from panel.tables.typst import quote

_OPEN = {
    "paragraph_open": "par[", "bullet_list_open": "list(", "ordered_list_open": "enum(",
    "list_item_open": "[", "blockquote_open": "quote(block: true)[", "em_open": "emph[",
    "strong_open": "strong[", "s_open": "strike[",
}  # fmt: skip
_CLOSE = {
    "paragraph_close": "]\n\n", "bullet_list_close": ");\n\n", "ordered_list_close": ");\n\n",
    "list_item_close": "],", "blockquote_close": "];", "em_close": "];", "strong_close": "];",
    "s_close": "];", "heading_close": "];", "link_close": "];", "th_close": "],", "td_close": "],",
    "thead_close": "),", "table_close": ");\n\n",
}  # fmt: skip
_BARE = ("list_item_open", "th_open", "td_open", "thead_open")  # inside of code: no # before them
_DEEPEST = 6


def from_markdown(text: str) -> str:
    """A text in CommonMark with tables, for a typst document; HTML in it is shown as text.

    Raises
    ------
    InstallationError : markdown-it is not installed.
    """
    try:
        from markdown_it import MarkdownIt
    except ModuleNotFoundError as missing:
        raise InstallationError(
            "Texts of a study need markdown-it, which is not installed.",
            variable="markdown-it-py",
            remedy='pip install "regpanel[study]"',
        ) from missing
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(text)
    return "".join(_written(tokens))


def _written(tokens: Sequence[Any]) -> Iterator[str]:
    for i, token in enumerate(tokens):
        if token.type == "inline":
            yield from _written(token.children)
        elif token.type == "table_open":
            yield f"#table(columns: {_width(tokens[i:])}, stroke: none, align: left,"
        elif not (token.hidden and token.type.startswith("paragraph")):
            yield _one(token)


def _one(token: Any) -> str:
    """A token by itself."""
    kind = token.type
    if kind in ("text", "html_inline", "html_block"):
        return f"#{quote(token.content)};"
    if kind in ("code_inline", "fence", "code_block"):
        block = "false" if kind == "code_inline" else "true"
        return f"#raw({quote(token.content)}, block: {block});"
    if kind == "heading_open":  # below the heading of the text itself
        return f"#heading(level: {min(int(token.tag[1]) + 2, _DEEPEST)})["
    if kind == "link_open":
        return f"#link({quote(token.attrGet('href') or '#')})["
    if kind == "image":
        return f"#{quote(token.content)};"
    if kind in ("th_open", "td_open"):
        return "["
    if kind == "thead_open":
        return "table.header("
    if kind in _OPEN:
        return ("" if kind in _BARE else "#") + _OPEN[kind]
    if kind == "hr":
        return "#line(length: 100%);"
    if kind in ("softbreak", "hardbreak"):
        return " " if kind == "softbreak" else "#linebreak();"
    return _CLOSE.get(kind, "")


def _width(tokens: Sequence[Any]) -> int:
    """Columns of the table that begins the tokens."""
    head = next(i for i, token in enumerate(tokens) if token.type == "thead_close")
    return sum(token.type == "th_open" for token in tokens[:head])
