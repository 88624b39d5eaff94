"""The data files of a study: what they are, and whether they may be passed on."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from panel.errors import StudyError
from panel.sources.catalogue import Catalogue, RawFile, read_catalogue
from panel.study.data import data_files
from panel.study.digests import file_digest
from panel.study.loading import StudyFile

# Verbs that read shipped data; a study whose data come from a function may use them.
_LOADERS = {"load", "assemble", "data_root", "read_table", "read_codebook", "read_catalogue"}


@dataclass(frozen=True)
class DataFile:
    """One file that the data of a study rest on.

    Parameters
    ----------
    name : as the manifest has it, "data/raw/china/accounts.csv".
    place : where a package holds it, below its folder.
    path : where it is here.
    sha256 : of its content.
    provided : whether it may be passed on.
    raw : what the register of sources knows of it; None for other files.
    used : whether the study may read it; a study that loads no shipped data uses none of them.
    """

    name: str
    place: str
    path: Path
    sha256: str
    provided: bool
    raw: RawFile | None
    used: bool = True

    @property
    def names_regions(self) -> bool:
        """Whether it holds names and codes of regions rather than figures."""
        return self.place.startswith("data/raw/geo/")

    @property
    def publications(self) -> tuple[str, ...]:
        """Publisher, publication and vintage of its columns, each once."""
        if self.raw is None:
            return ()
        named = any(column.by_row for column in self.raw.columns.values())
        said = {"publishers as named in each row": None} if named else {}
        for column in self.raw.columns.values():
            parts = [column.publisher, column.publication]
            text = ", ".join(p for p in parts if p)
            said[text + (f" ({column.vintage})" if column.vintage and text else "")] = None
        return tuple(filter(None, said))


def datasets(file: StudyFile) -> tuple[DataFile, ...]:
    """All files that the data of a study rest on, in the order of its manifest.

    Raises
    ------
    StudyError : a file is not there, or an input stands outside the study's folder.
    """
    return tuple(_described(file))


def _described(file: StudyFile) -> Iterator[DataFile]:
    registers: dict[Path, Catalogue] = {}
    loads = not callable(file.study.data) or bool(_LOADERS & _mentioned(file.source))
    for name, path in data_files(file).items():
        used = loads or name in file.study.inputs or not name.startswith("data/")
        if not path.is_file():
            if not used:
                continue
            raise StudyError(
                f"The input {name!r} is not there.",
                variable="inputs",
                value=name,
                remedy="restore it, or take it out of the study.",
            )
        own = name in file.study.inputs
        raw = None if own else _registered(name, path, registers)
        provided = name not in file.study.restricted if own else not (raw and raw.restricted)
        yield DataFile(name, _place(name, path, file), path, file_digest(path), provided, raw, used)


def _mentioned(source: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(source)))
    names = {n.id for n in nodes if isinstance(n, ast.Name)}
    return names | {n.attr for n in nodes if isinstance(n, ast.Attribute)}


def _registered(name: str, path: Path, registers: dict[Path, Catalogue]) -> RawFile | None:
    _, _, below = name.partition("/raw/")
    if not below:
        return None
    root = path
    for _ in PurePosixPath(below).parts:
        root = root.parent
    root = root.parent
    if root not in registers:
        registers[root] = read_catalogue(root)
    return registers[root].files.get(below)


def _place(name: str, path: Path, file: StudyFile) -> str:
    """Where in a package a file goes: beside the study if it is there, else as shipped data."""
    if path.resolve().is_relative_to(file.folder):
        return "study/" + path.resolve().relative_to(file.folder).as_posix()
    if name in file.study.inputs or not name.startswith("data/"):
        raise StudyError(
            f"The input {name!r} stands outside the study's folder {file.folder}.",
            variable="inputs",
            value=name,
            remedy="move it into the folder, so that the study can be passed on as a whole.",
        )
    return name
