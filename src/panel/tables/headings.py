"""Models in lists and dicts: the columns of a table and the headings over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from panel.errors import TableError
from panel.tables.cells import Span

Path = tuple[tuple[str, int], ...]  # headings over a model, each with the number of its dict entry


def flattened(models: Any) -> tuple[tuple[Any, ...], tuple[tuple[Span, ...], ...]]:
    """The models, and the rows of headings over them, outermost first.

    A dict gives headings to what stands in it, be it one result, a list, or another dict.

    Raises
    ------
    TableError : nothing in it.
    """
    found = list(_walk(models, ()))
    if not found:
        raise TableError(
            "There is no model to show.", variable="models", remedy="give one result or several."
        )
    depth = max(len(path) for _, path in found)
    padded = [((("", -1),) * (depth - len(path)) + path) for _, path in found]
    rows = []
    for level in range(depth):
        same = groupby(padded, key=lambda path: path[: level + 1])
        rows.append((Span(), *(Span(path[level][0], len(list(of))) for path, of in same)))
    return tuple(model for model, _ in found), tuple(rows)


def _walk(models: Any, path: Path) -> Iterator[tuple[Any, Path]]:
    if isinstance(models, Mapping):
        for i, (heading, part) in enumerate(models.items()):
            yield from _walk(part, (*path, (str(heading), i)))
    elif isinstance(models, (list, tuple)):
        for part in models:
            yield from _walk(part, path)
    else:
        yield models, path
