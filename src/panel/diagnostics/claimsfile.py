"""Claims written down as data: a TOML file of claims, further facts, cells and qualifiers.

::

    [qualifiers]                    # of facts that stand elsewhere
    ma21 = "over"

    [[fact]]                        # printed in a note, or in a source outside the documents
    id = "ma29_growth"
    value = "14.4"                  # as printed, in quotes
    unit = "percent"
    place = "p. 72"

    [[fact]]
    id = "revenue_2021"
    missing = "the revenue of 2021 is not printed"

    [[cell]]                        # a figure of the panel
    id = "gdp_2022"
    variable = "gdp"
    region = "CN-JX"
    year = 2022

    [[claim]]
    name = "Growth of the digital economy, 2022"
    printed = "ma29_growth"
    expression = "ma29 / pd03 - 1"
    relation = "equals"             # or "at most", "at least"
    reason = "growth is the ratio of the two end points less one"
    readings = { "read as a level" = "ma29 / pd03" }
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeVar

from panel.core.expression import parse_expression
from panel.core.frame import PanelFrame
from panel.core.toml import parse_toml
from panel.diagnostics.facts import Cell, Fact
from panel.errors import DuplicateKeyError, FormulaError, SourceError, UnknownVariableError, suggest

Relation = Literal["equals", "at most", "at least"]
RELATIONS: tuple[Relation, ...] = ("equals", "at most", "at least")
Made = TypeVar("Made")

# Keys of each kind of entry, with the field they fill and the type they must have.
_FACT = {
    "id": ("name", str), "value": ("printed", str), "unit": ("unit", str),
    "place": ("place", str), "qualifier": ("qualifier", str), "missing": ("missing", str),
}  # fmt: skip
_CELL = {
    "id": ("name", str), "variable": ("variable", str), "region": ("region", str),
    "year": ("time", int),
}  # fmt: skip
_CLAIM = {
    "name": ("name", str), "printed": ("printed", str), "expression": ("expression", str),
    "relation": ("relation", str), "reason": ("reason", str), "readings": ("readings", dict),
}  # fmt: skip
_TYPES = {str: "text in quotes", int: "a whole number", dict: 'a table { "words" = "expression" }'}


@dataclass(frozen=True)
class Claim:
    """A printed figure and what should give it.

    Parameters
    ----------
    name : what the claim is called in the report.
    printed : the fact that is claimed.
    expression : of other facts ("ma29 / gdp_2022"); :mod:`panel.core.expression` has the grammar.
    relation : how the printed figure stands to the expression: "equals", "at most", "at least".
    reason : why it should, for the reader of the report.
    readings : other expressions by the words that describe them ("read as a level"), named in the
        report if the claim fails and they hold.

    Raises
    ------
    FormulaError : an expression outside the grammar, or an unknown relation.
    """

    name: str
    printed: str
    expression: str
    relation: Relation = "equals"
    reason: str = ""
    readings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "readings", MappingProxyType(dict(self.readings)))
        if self.relation not in RELATIONS:
            raise FormulaError(
                f"Claim {self.name!r}: the relation {self.relation!r} is not known.",
                variable=self.name,
                value=self.relation,
                remedy=suggest(self.relation, RELATIONS),
            )
        for expression in (self.expression, *self.readings.values()):
            try:
                parse_expression(expression)
            except FormulaError as error:
                raise FormulaError(
                    f"Claim {self.name!r}: {error.message}",
                    variable=self.name,
                    value=expression,
                    remedy=error.remedy,
                ) from error


@dataclass(frozen=True)
class ClaimsFile:
    """What a file of claims holds."""

    claims: tuple[Claim, ...]
    facts: tuple[Fact, ...]
    cells: tuple[Cell, ...]
    qualifiers: Mapping[str, str]

    def merged(self, known: Mapping[str, Fact], frame: PanelFrame | None) -> dict[str, Fact]:
        """All facts by name: those that are ``known``, with their qualifiers, and the file's own.

        Raises
        ------
        DuplicateKeyError : a name for two facts.
        UnknownVariableError, UnknownRegionError : a qualifier of a fact, or a cell, that is not
            there.
        """
        merged = dict(known)
        for name, qualifier in self.qualifiers.items():
            if name not in known:
                raise UnknownVariableError(
                    f"The qualifier {qualifier!r} is given to the fact {name!r}, which is not "
                    "there.",
                    variable="qualifiers",
                    value=name,
                    remedy=suggest(name, known),
                )
            merged[name] = replace(known[name], qualifier=qualifier)
        for fact in (*self.facts, *(cell.fact(frame) for cell in self.cells)):
            if fact.name in merged:
                raise DuplicateKeyError(
                    f"Two facts have the id {fact.name!r}.",
                    variable="id",
                    value=fact.name,
                    remedy="give every figure an id of its own.",
                )
            merged[fact.name] = fact
        return merged


def read_claims(path: str | Path) -> ClaimsFile:
    """The claims of a TOML file; the grammar stands at the top of this module.

    Raises
    ------
    SourceError : no such file, no TOML, or an entry with an unknown, missing or wrong key.
    DataError, UnitError, FormulaError : a fact or an expression that cannot be read.
    """
    path = Path(path)
    try:
        values = parse_toml(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceError(
            f"The file of claims {path} cannot be read: {error.strerror}.",
            variable=path.name,
            remedy="check the path.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(
            f"{path.name} is not valid TOML: {error}.",
            variable=path.name,
            remedy="mend that line; text stands in quotes.",
        ) from error
    entries = _Entries(values, path.name)
    return ClaimsFile(
        claims=entries.made("claim", Claim, _CLAIM, ("name", "printed", "expression")),
        facts=entries.made("fact", _fact, _FACT, ("id",)),
        cells=entries.made("cell", Cell, _CELL, tuple(_CELL)),
        qualifiers=entries.qualifiers(),
    )


def _fact(name: str, printed: str = "", missing: str = "", **other: str) -> Fact:
    return Fact(name, printed, missing=missing, **other)


@dataclass(frozen=True)
class _Entries:
    """The top level of a file of claims."""

    values: Mapping[str, Any]
    file: str

    def __post_init__(self) -> None:
        known = ("claim", "fact", "cell", "qualifiers")
        for key in self.values:
            if key not in known:
                raise self.error("the top level", f"{key!r} is not known", key, suggest(key, known))

    def error(self, place: str, message: str, key: str, remedy: str) -> SourceError:
        """A SourceError that names the entry and its key."""
        return SourceError(f"{self.file}, {place}: {message}.", variable=key, remedy=remedy)

    def qualifiers(self) -> Mapping[str, str]:
        """Qualifiers by fact."""
        given = self.values.get("qualifiers", {})
        if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
            remedy = 'write [qualifiers] and below it lines such as ma21 = "over".'
            raise self.error("[qualifiers]", "it is no table of texts", "qualifiers", remedy)
        return MappingProxyType(given)

    def made(
        self,
        kind: str,
        make: Callable[..., Made],
        keys: Mapping[str, tuple[str, type]],
        required: tuple[str, ...],
    ) -> tuple[Made, ...]:
        """Every entry of one kind, made of its keys."""
        entries = self.values.get(kind, [])
        if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
            raise self.error(f"{kind!r}", "it is no list", kind, f"write each as [[{kind}]].")
        return tuple(
            make(**self._fields(entry, f"[[{kind}]] no. {i + 1}", keys, required))
            for i, entry in enumerate(entries)
        )

    def _fields(
        self,
        entry: Mapping[str, Any],
        place: str,
        keys: Mapping[str, tuple[str, type]],
        required: tuple[str, ...],
    ) -> dict[str, Any]:
        named = entry.get("id", entry.get("name"))
        place = f"{place} ({named})" if named else place
        for key in required:
            if key not in entry:
                what = _TYPES[keys[key][1]]
                raise self.error(place, f"key {key!r} is missing", key, f"add {key} = {what}.")
        fields = {}
        for key, value in entry.items():
            if key not in keys:
                raise self.error(place, f"key {key!r} is not known", key, suggest(key, keys))
            field_name, kind = keys[key]
            if type(value) is not kind:
                remedy = f"give {_TYPES[kind]}."
                raise self.error(place, f"{key!r} is {value!r}", key, remedy)
            fields[field_name] = value
        return fields
