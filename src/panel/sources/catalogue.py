"""The register of raw files: publisher, unit, vintage, terms and checksum of each."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from panel.errors import ChecksumError, SourceError, suggest
from panel.sources.entries import Entry, read_toml

# Keys that may stand at a file for all its columns, or at one column.
_SHARED = ("publisher", "publication", "vintage", "read", "read_in", "note")
_BY_ROW = ("publisher_from", "publication_from", "vintage_from", "unit_from")
_FILE_KEYS = (
    *("path", "sha256", "title", "years", "region", "time", "terms", "restricted", "columns"),
)


@dataclass(frozen=True)
class RawColumn:
    """What one column of a raw file holds.

    The ``_from`` fields name another column of the same file that gives the value row by row,
    as in collections of statements by different authorities.
    """

    name: str
    unit: str = ""
    publisher: str = ""
    publication: str = ""
    vintage: str = ""
    read: str = ""
    read_in: str = ""
    note: str = ""
    unit_from: str = ""
    publisher_from: str = ""
    publication_from: str = ""
    vintage_from: str = ""

    @property
    def by_row(self) -> bool:
        """Whether each row has a publisher of its own."""
        return bool(self.publisher_from or self.publication_from or self.vintage_from)


@dataclass(frozen=True)
class RawFile:
    """One raw file: its layout, terms of use and checksum; ``path`` is relative to raw/.

    A ``restricted`` file may be used but not passed on: replication packages leave it out.
    """

    path: str
    sha256: str
    title: str
    region: str
    time: str
    terms: str
    years: tuple[int, int] | None
    columns: Mapping[str, RawColumn]
    restricted: bool = False

    def column(self, name: str) -> RawColumn:
        """What is known of one column.

        Raises
        ------
        SourceError : the register does not describe it.
        """
        if name not in self.columns:
            raise SourceError(
                f"sources.toml does not describe column {name!r} of {self.path}.",
                variable=name,
                remedy=suggest(name, self.columns),
            )
        return self.columns[name]


@dataclass(frozen=True)
class Catalogue:
    """All raw files below ``root``/raw, by path."""

    root: Path
    files: Mapping[str, RawFile]

    def file(self, path: str) -> RawFile:
        """The entry of one file.

        Raises
        ------
        SourceError : the file is not registered; the remedy gives the entry to add.
        """
        if path in self.files:
            return self.files[path]
        there = self.root / "raw" / path
        remedy = (
            f'add to sources.toml: [[file]] path = "{path}", {_checksum(there)}, and its columns.'
            if there.is_file()
            else suggest(path, self.files)
        )
        raise SourceError(
            f"File {path!r} is not registered in sources.toml.", variable=path, remedy=remedy
        )

    def content(self, path: str) -> bytes:
        """Bytes of a raw file, after checking them against the register.

        Raises
        ------
        SourceError : the file is not registered or not there.
        ChecksumError : it differs from the one that was registered.
        """
        expected = self.file(path).sha256
        there = self.root / "raw" / path
        if not there.is_file():
            raise SourceError(
                f"Raw file {path!r} is registered but not there: {there}.",
                variable=path,
                remedy="restore it from the repository or the publication.",
            )
        content = there.read_bytes()
        found = hashlib.sha256(content).hexdigest()
        if found != expected.lower():
            raise ChecksumError(
                f"Raw file {path!r} has changed: expected sha256 {expected}, found {found}.",
                variable=path,
                value=found,
                remedy="raw files are never edited: restore the file. If it is new, or a new "
                f"release of the publication, write its vintage and {_checksum(there)} in "
                "sources.toml.",
            )
        return content

    def verify(self) -> None:
        """Check every file; raises as :meth:`content` does."""
        for path in self.files:
            self.content(path)


def read_catalogue(root: Path) -> Catalogue:
    """The register ``root``/sources.toml.

    Raises
    ------
    SourceError : it is not there, or an entry is wrong.
    """
    top = read_toml(root / "sources.toml")
    top.only("file")
    files: dict[str, RawFile] = {}
    for entry in top.tables("file"):
        file = _raw_file(entry, root)
        if file.path in files:
            raise entry.error(f"{file.path} is registered twice.", "path", "remove one entry.")
        files[file.path] = file
    return Catalogue(root, MappingProxyType(files))


def _checksum(there: Path) -> str:
    """The checksum of a file as its entry has it, to be pasted."""
    return f'sha256 = "{hashlib.sha256(there.read_bytes()).hexdigest()}"'


def _raw_file(entry: Entry, root: Path) -> RawFile:
    entry.only(*_FILE_KEYS, *_SHARED, *_BY_ROW)
    path = entry.text("path")
    if "sha256" not in entry and (there := root / "raw" / path).is_file():
        missing = f"key 'sha256' of {path!r} is missing."
        raise entry.error(missing, "sha256", f"add {_checksum(there)}.")
    columns = entry.table("columns")
    described = {}
    for name in columns.values:
        column = Entry(columns.table(name).values, f"columns.{name} of {path}", entry.file)
        column.only("unit", *_SHARED, *_BY_ROW)
        merged = {k: v for k, v in entry.values.items() if k in (*_SHARED, *_BY_ROW)}
        merged |= column.values
        described[name] = RawColumn(name, **{k: str(v) for k, v in merged.items()})
    return RawFile(
        path=path,
        sha256=entry.text("sha256"),
        title=entry.text("title"),
        region=entry.text("region", ""),
        time=entry.text("time", ""),
        terms=entry.text("terms"),
        years=entry.span("years"),
        columns=MappingProxyType(described),
        restricted=entry.flag("restricted"),
    )


def data_root() -> Path:
    """Folder of the shipped data: codebook.toml, sources.toml and raw/.

    It is the folder that the environment variable REGPANEL_DATA names; else ``data/`` of the
    checkout the package runs from; else the copy inside the installed package.

    Raises
    ------
    SourceError : none of them holds a codebook.
    """
    package = Path(__file__).parents[1]
    given = os.environ.get("REGPANEL_DATA")
    candidates = [Path(given)] if given else [package.parents[1] / "data", package / "_data"]
    for candidate in candidates:
        if (candidate / "codebook.toml").is_file():
            return candidate
    raise SourceError(
        f"No codebook.toml in {' or '.join(str(c) for c in candidates)}.",
        variable="REGPANEL_DATA" if given else "data",
        value=given,
        remedy="set the environment variable REGPANEL_DATA to the folder that holds codebook.toml, "
        "sources.toml and raw/, or install the package again.",
    )
