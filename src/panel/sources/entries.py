"""Reading the project's TOML files: every mistake is named with its file, entry, key and remedy."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from panel.core.column import LANGUAGES
from panel.core.toml import parse_toml
from panel.errors import SourceError, suggest


@dataclass(frozen=True)
class Entry:
    """One table of a TOML file.

    Parameters
    ----------
    values : the table as tomllib gives it.
    place : where it stands, for messages ("panels.china.variables.gdp").
    file : the file's name, for messages.
    """

    values: Mapping[str, Any]
    place: str
    file: str

    def error(self, message: str, key: str, remedy: str) -> SourceError:
        """A SourceError that names this entry and one of its keys."""
        at = f"[{self.place}]" if self.place else "the top level"
        return SourceError(
            f"{self.file}, {at}: {message}",
            variable=f"{self.place}.{key}".strip("."),
            value=self.values.get(key),
            remedy=remedy,
        )

    def only(self, *known: str) -> None:
        """Raise if the entry has any other key."""
        for key in self.values:
            if key not in known:
                raise self.error(f"key {key!r} is not known here.", key, suggest(key, known))

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def text(self, key: str, default: str | None = None) -> str:
        """Text of a key; required if no default is given."""
        value = self._get(key, str, "text in quotes", default)
        return str(value)

    def whole(self, key: str) -> int:
        """A whole number, required."""
        return int(self._get(key, int, "a whole number", None))

    def flag(self, key: str) -> bool:
        """true or false; false if it is not there."""
        return bool(self._get(key, bool, "true or false", False))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty if it is not there. One text stands for a list of one."""
        value = self.values.get(key, [])
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(i, str) for i in items):
            raise self.error(f"{key!r} is {value!r}.", key, "give a text or a list of texts.")
        return tuple(items)

    def span(self, key: str) -> tuple[int, int] | None:
        """First and last year, ``[2016, 2024]``; None if it is not there."""
        if key not in self.values:
            return None
        value = self.values[key]
        if (
            not isinstance(value, list)
            or len(value) != 2
            or not all(type(v) is int for v in value)
            or value[0] > value[1]
        ):
            raise self.error(
                f"{key!r} is {value!r}.", key, "give the first and the last year, as [2016, 2024]."
            )
        return value[0], value[1]

    def table(self, key: str) -> Entry:
        """A table below this one; empty if it is not there."""
        value = self.values.get(key, {})
        if not isinstance(value, Mapping):
            raise self.error(f"{key!r} is {value!r}.", key, f"write it as a table [...{key}].")
        return Entry(value, f"{self.place}.{key}".strip("."), self.file)

    def tables(self, key: str) -> tuple[Entry, ...]:
        """A list of tables, ``[[...]]``; empty if it is not there."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, Mapping) for v in value):
            raise self.error(f"{key!r} is {value!r}.", key, f"write each as a table [[...{key}]].")
        place = f"{self.place}.{key}".strip(".")
        return tuple(Entry(v, f"{place} no. {i + 1}", self.file) for i, v in enumerate(value))

    def labels(self, key: str = "label") -> dict[str, str]:
        """Text by language; English is required, and one text is English."""
        if isinstance(self.values.get(key), str):
            return {"en": self.text(key)}
        labels = self.table(key)
        labels.only(*LANGUAGES)
        if "en" not in labels:
            raise self.error(
                f"the English {key} is missing.",
                key,
                f'write {key} = "..." or {key} = {{ en = "...", zh = "...", ru = "..." }}.',
            )
        return {language: labels.text(language) for language in labels.values}

    def words(self, key: str) -> dict[str, str]:
        """Text by language, of a text (English) or a table of them; empty if it is not there."""
        if key not in self.values:
            return {}
        return self.labels(key) if isinstance(self.values[key], dict) else {"en": self.text(key)}

    def _get(self, key: str, kind: type, what: str, default: Any) -> Any:
        if key not in self.values:
            if default is None:
                raise self.error(f"key {key!r} is missing.", key, f"add {key} = {what}.")
            return default
        value = self.values[key]
        if type(value) is not kind:
            raise self.error(f"{key!r} is {value!r}, not {what}.", key, f"give {what}.")
        return value


@lru_cache(maxsize=8)
def _parsed(text: str) -> Mapping[str, Any]:
    # Every panel of a codebook reads the same two or three files, and nobody changes an entry.
    return MappingProxyType(parse_toml(text))


def read_toml(path: Path) -> Entry:
    """The whole file as one entry.

    Raises
    ------
    SourceError : the file is not there, or is no TOML.
    """
    if not path.is_file():
        raise SourceError(
            f"There is no file {path.name} in {path.parent}.",
            variable=path.name,
            remedy="check the path; a codebook needs sources.toml and the folder raw beside it.",
        )
    try:
        values = _parsed(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(
            f"{path.name} is not valid TOML: {error}.",
            variable=path.name,
            remedy="mend that line; names with anything but a-z, 0-9, _ and - need quotes.",
        ) from error
    return Entry(values, "", path.name)
