"""Docstrings as Markdown: sections become lists of ``name : text``.

The text after the colon says what an argument is, in words; readers of numpy's style would take it
for a type. mkdocstrings loads this while it collects the package.
"""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import Any

import griffe

_SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}\n", re.MULTILINE)
_ITEM = re.compile(r"^(\S.*?) : ", re.MULTILINE)
_ROLE = re.compile(r":\w+:`~?([^`]*)`")


class Docstrings(griffe.Extension):
    """Rewrites each docstring as it is met."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        """Called by griffe for every module, class, function and attribute."""
        if obj.docstring:
            obj.docstring.value = markdown(obj.docstring.value)


def markdown(text: str) -> str:
    """A docstring in Markdown."""
    start, *parts = _SECTION.split(_ROLE.sub(r"`\1`", cleandoc(text)))
    pairs = zip(parts[::2], parts[1::2], strict=True)
    sections = [f"**{name}**\n\n{_listed(body)}" for name, body in pairs]
    return "\n\n".join([start.replace("::\n", ":\n").strip(), *sections])


def _listed(body: str) -> str:
    """Items ``name : text`` as a list; other text as it is."""
    if not _ITEM.match(body):
        return body.strip()
    items = [line.rstrip() for line in re.split(r"\n(?=\S)", body.strip())]
    return "\n".join("- " + _ITEM.sub(_name, re.sub(r"\n +", " ", i), count=1) for i in items)


def _name(item: re.Match[str]) -> str:
    names = item[1].split(", ")
    return ", ".join(f"`{n.strip('`')}`" for n in names) + ": "
