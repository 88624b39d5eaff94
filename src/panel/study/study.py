"""A declared study: its data, and one short function for each table, figure and text."""

from __future__ import annotations

import inspect
import keyword
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from panel.errors import StudyError, suggest

if TYPE_CHECKING:
    from panel.study.graph import TaskGraph

Kind = Literal["table", "figure", "text"]
Function = TypeVar("Function", bound=Callable[..., Any])

# What is written for each item, by extension.
FORMATS: dict[Kind, tuple[str, ...]] = {
    "table": ("tex", "docx", "xlsx", "html", "md", "csv"),
    "figure": ("svg", "png", "pdf", "csv"),
    "text": ("md",),
}
_GIVEN = ("frame", "seed", "rng")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class Item:
    """One table, figure or text of a study; ``files`` are relative to the folder of outputs.

    ``given`` are the names that its function may take; ``appendix`` items come after the others.
    """

    name: str
    kind: Kind
    title: str
    function: Callable[..., Any]
    given: tuple[str, ...] = _GIVEN
    appendix: bool = False

    @property
    def files(self) -> tuple[str, ...]:
        """What is written for it, as "tables/table2.docx"."""
        return tuple(f"{self.kind}s/{self.name}.{end}" for end in FORMATS[self.kind])

    @property
    def wants(self) -> tuple[str, ...]:
        """Which of frame, seed, rng and the study's parameters its function takes."""
        return wanted(self.function, self.given)


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
        function of parameters, or of nothing, that returns the frame. Paths count from the
        study's folder.
    seed : of all randomness. A function that names ``rng`` gets a generator of its own, made
        from this seed and the item's name, so that no result depends on order or workers.
    language : of the report and its variable labels ("en", "zh", "ru").
    main : name of the table that a run prints and the report shows first; the first table if
        left out.
    authors, abstract : for the report.
    inputs : further files the functions read; a change of any of them remakes everything.
    restricted : those of the inputs that may not be passed on: a replication package lists them
        and leaves them out.
    parameters : constants by name: texts, numbers, truth values, or lists of these. A function
        takes a parameter by naming it, and what it makes is made again when the value changes.

    Notes
    -----
    The decorators add to this study and to nothing else, and leave the function as it is. It may
    take ``frame``, ``seed``, ``rng`` and parameters, by these names.

    Raises
    ------
    StudyError : a parameter that is no constant or has the name of something else; a restricted
        file that is no input; a data function that wants what a study does not give.
    """

    title: str
    data: str | Path | Callable[[], Any]
    seed: int = 2026
    language: str = "en"
    main: str = ""
    authors: tuple[str, ...] = ()
    abstract: str = ""
    inputs: tuple[str, ...] = ()
    restricted: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    _items: dict[str, Item] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        constants = {name: _constant(name, value) for name, value in self.parameters.items()}
        object.__setattr__(self, "parameters", MappingProxyType(constants))
        for name in self.restricted:
            if name not in self.inputs:
                raise StudyError(
                    f"{name!r} is restricted but is no input of the study.",
                    variable="restricted",
                    value=name,
                    remedy=suggest(name, self.inputs),
                )
        if callable(self.data):
            _check_arguments(self.data, "data", tuple(constants))

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

    def graph(self) -> TaskGraph:
        """Picture of the tasks: what is made from what."""
        from panel.study.graph import task_graph

        return task_graph(self)

    def table(
        self, name: str, *, title: str, appendix: bool = False
    ) -> Callable[[Function], Function]:
        """Declare a table; the function returns a ``panel`` Table."""
        return self._declare("table", name, title, appendix)

    def figure(
        self, name: str, *, title: str, appendix: bool = False
    ) -> Callable[[Function], Function]:
        """Declare a figure; the function returns a ``panel`` Figure."""
        return self._declare("figure", name, title, appendix)

    def text(
        self, name: str, *, title: str, appendix: bool = False
    ) -> Callable[[Function], Function]:
        """Declare a passage of text; the function returns Markdown."""
        return self._declare("text", name, title, appendix)

    def _declare(
        self, kind: Kind, name: str, title: str, appendix: bool
    ) -> Callable[[Function], Function]:
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
            given = (*_GIVEN, *self.parameters)
            _check_arguments(function, name, given)
            self._items[name] = Item(name, kind, title, function, given, appendix)
            return function

        return declared


def wanted(function: Callable[..., Any], given: Iterable[str]) -> tuple[str, ...]:
    """Which of the names ``given`` a function takes."""
    known = set(given)
    return tuple(p for p in inspect.signature(function).parameters if p in known)


def _check_arguments(function: Callable[..., Any], name: str, given: tuple[str, ...]) -> None:
    for argument in inspect.signature(function).parameters.values():
        if argument.name not in given and argument.default is argument.empty:
            raise StudyError(
                f"The function of {name!r} wants {argument.name!r}, which a study does not give.",
                variable=argument.name,
                remedy=f"it is given {', '.join(given) or 'nothing'}; declare "
                f"Study(parameters={{{argument.name!r}: ...}}) or give the argument a default.",
            )


def _constant(name: str, value: Any) -> Any:
    """The value of a parameter, lists as tuples, so that no task can change it for another."""
    if not str(name).isidentifier() or keyword.iskeyword(name) or name in _GIVEN:
        raise StudyError(
            f"{name!r} cannot name a parameter: functions take it by that name.",
            variable="parameters",
            value=name,
            remedy=f"use a name of Python other than {', '.join(_GIVEN)}.",
        )
    values = value if isinstance(value, (list, tuple)) else [value]
    for one in values:
        plain = one is None or isinstance(one, (str, bool, int))
        if not plain and not (isinstance(one, float) and math.isfinite(one)):
            raise StudyError(
                f"Parameter {name!r} holds {one!r}, which is no constant.",
                variable=name,
                value=one,
                remedy="give a text, a number, True, False, None, or a list of these.",
            )
    return tuple(value) if isinstance(value, (list, tuple)) else value
