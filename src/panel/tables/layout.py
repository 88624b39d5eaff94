"""What a cell of a regression holds, from a text such as ``"b* (se)"``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from panel.errors import TableError

_ITEM = re.compile(r"(?:\((\w+)(\*?)\)|\[(\w+)(\*?)\]|(\w+)(\*?))")
_KINDS = ("b", "se", "t", "p", "ci")


@dataclass(frozen=True)
class Item:
    """One statistic of a coefficient.

    Parameters
    ----------
    kind : "b", "se", "t", "p" or "ci".
    brackets : around it, "()", "[]" or none.
    starred : whether stars stand after it.
    """

    kind: str
    brackets: str = ""
    starred: bool = False


def parse_layout(lines: Sequence[str]) -> tuple[tuple[Item, ...], ...]:
    """The statistics of each line.

    Raises
    ------
    TableError : no line, an empty one, or one with something that is no statistic.
    """
    read = tuple(tuple(_item(part, line) for part in line.split()) for line in lines)
    if not read or not all(read):
        raise TableError(
            "A layout needs a statistic in each line.",
            variable="layout",
            value=tuple(lines),
            remedy='write for instance ("b*", "(se)").',
        )
    return read


def _item(part: str, line: str) -> Item:
    match = _ITEM.fullmatch(part)
    round_, star, square, other, bare, third = match.groups() if match else (None,) * 6
    kind = round_ or square or bare or ""
    if kind not in _KINDS:
        raise TableError(
            f"{part!r} in the layout {line!r} is no statistic of a coefficient.",
            variable="layout",
            value=line,
            remedy="use b, se, t, p and ci, each in (), [] or neither, with * for the stars.",
        )
    return Item(kind, "()" if round_ else "[]" if square else "", bool(star or other or third))
