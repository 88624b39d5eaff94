"""A declared study: its data, and one short function for each table, figure and text."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from panel.errors import StudyError, suggest

Kind = Literal["table", "figure", "text"]
Function = TypeVar("Function", bound=Callable[..., Any])

# What is written for each item, by extension.
FORMATS: dict[Kind, tuple[str, ...]] = {
    "table": ("tex", "docx", "xlsx", "html", "md", "csv"),
    "figure": ("svg", "png", "pdf"),
    "text": ("md",),
}
_GIVEN = ("frame", "seed", "rng")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class Item:
    """One table, figure or text of a study; ``files`` are relative to the folder of outputs."""

    name: str
    kind: Kind
    title: str
    function: Callable[..., Any]

    @property
    def files(self) -> tuple[str, ...]:
        """What is written for it, as "tables/table2.docx"."""
        return tuple(f"{self.kind}s/{self.name}.{end}" for end in FORMATS[self.kind])

    @property
    def wants(self) -> tuple[str, ...]:
        """Which of frame, seed and rng its function takes."""
        return tuple(p for p in inspect.signature(self.function).parameters if p in _GIVEN)


@dataclass(frozen=True, eq=False)
class Study:
    """A paper's tables and figures, declared in ``analyses/<slug>/study.py``.

    >>> study = Study(title="Digital economy and industry", data="china", main="table2")
    >>> @study.table("table2", title="Baseline")
    ... def baseline(frame): ...
    >>> [item.name for item in study.items]
    ['table2']

    Parameters
    ----------
    title : of the paper.
    data : a panel of the shipped codebook ("china"), the path of another codebook.toml, or a
        function without arguments that returns the frame. Paths count from the study's folder.
    seed : of all randomness. A function that names ``rng`` gets a generator of its own, made
        from this seed and the item's name, so that no result depends on order or workers.
    language : of the report and its variable labels ("en", "zh", "ru").
    main : name of the table that a run prints and the report shows first; the first table if
        left out.
    authors, abstract : for the report.
    inputs : further files the functions read; a change of any of them remakes everything.

    Notes
    -----
    The decorators add to this study and to nothing else, and leave the function as it is. It may
    take ``frame``, ``seed`` and ``rng``, by these names.
    """

    title: str
    data: str | Path | Callable[[], Any]
    seed: int = 2026
    language: str = "en"
    main: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    inputs: tuple[str, ...] = ()
    _items: dict[str, Item] = field(default_factory=dict, init=False, repr=False)

    @property
    def items(self) -> tuple[Item, ...]:
        """Everything declared, in the order of declaration."""
        return tuple(self._items.values())

    @property
    def main_table(self) -> Item | None:
        """The table shown first.

        Raises
        ------
        StudyError : ``main`` is not the name of a table.
        """
        tables = {item.name: item for item in self.items if item.kind == "table"}
        if self.main and self.main not in tables:
            raise StudyError(
                f"The main table {self.main!r} is not among the tables of the study.",
                variable="main",
                value=self.main,
                remedy=suggest(self.main, tables),
            )
        return tables[self.main] if self.main else next(iter(tables.values()), None)

    def table(self, name: str, *, title: str) -> Callable[[Function], Function]:
        """Declare a table; the function returns a ``panel`` Table."""
        return self._declare("table", name, title)

    def figure(self, name: str, *, title: str) -> Callable[[Function], Function]:
        """Declare a figure; the function returns a ``panel`` Figure."""
        return self._declare("figure", name, title)

    def text(self, name: str, *, title: str) -> Callable[[Function], Function]:
        """Declare a passage of text; the function returns Markdown."""
        return self._declare("text", name, title)

    def _declare(self, kind: Kind, name: str, title: str) -> Callable[[Function], Function]:
        if not _NAME.fullmatch(name):
            raise StudyError(
                f"{name!r} cannot name a {kind}: it becomes the name of its files.",
                variable="name",
                value=name,
                remedy="use small letters, digits, - and _, for instance 'table2'.",
            )
        if name in self._items:
            raise StudyError(
                f"The study has two items called {name!r}.",
                variable="name",
                value=name,
                remedy="give every table, figure and text its own name.",
            )

        def declared(function: Function) -> Function:
            _check_parameters(function, name)
            self._items[name] = Item(name, kind, title, function)
            return function

        return declared


def _check_parameters(function: Callable[..., Any], name: str) -> None:
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name not in _GIVEN and parameter.default is parameter.empty:
            raise StudyError(
                f"The function of {name!r} wants {parameter.name!r}, which a study does not give.",
                variable=parameter.name,
                remedy=f"a study gives {', '.join(_GIVEN)}; give other parameters a default.",
            )
