"""A download as a raw file and its entry in sources.toml: written once, never changed."""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from panel.errors import ChecksumError, SourceError
from panel.sources.catalogue import read_catalogue
from panel.sources.connectors.fetch import write
from panel.sources.connectors.query import Published

_BEGIN = "# The register of raw files; docs/guide/data.md explains its keys.\n"


@dataclass(frozen=True)
class RawTable:
    """What is to be registered.

    Parameters
    ----------
    cells : text as published, with the columns "region", "region_name", "year" and the variables.
    entry : what the register says of the file ("title", "publisher", ...), without path, checksum.
    columns : unit and labels of each variable.
    """

    cells: pd.DataFrame
    entry: Mapping[str, str]
    columns: Mapping[str, Published]


def register(table: RawTable, to: Path) -> Path:
    """Write the raw file and its entry, unless both are there already and say the same.

    Returns
    -------
    Path of the file below raw/, as the codebook names it.

    Raises
    ------
    SourceError : ``to`` is not a .csv below a folder raw/, or another file stands there.
    ChecksumError : the file is registered, and the service gives other figures now.
    """
    root, path = _place(to)
    content = _csv(table.cells)
    checksum = hashlib.sha256(content).hexdigest()
    listed = root / "sources.toml"
    files = read_catalogue(root).files if listed.is_file() else {}
    known = files.get(path.as_posix())
    if known is not None and known.sha256 != checksum:
        raise ChecksumError(
            f"{path.as_posix()} is registered with sha256 {known.sha256}; the figures downloaded "
            f"now have {checksum}: the service has revised them, or the query is another one.",
            variable=str(to),
            value=checksum,
            remedy=f"raw files are never changed: give the new ones a name of their own, such as "
            f"{path.stem}_{table.entry['read']}.csv, and choose in the codebook.",
        )
    if to.is_file() and to.read_bytes() != content:
        raise SourceError(
            f"There is another file {to}.",
            variable="to",
            value=str(to),
            remedy="raw files are never overwritten: give another name.",
        )
    if not to.is_file():
        write(to, content)
    if known is None:
        text = listed.read_text(encoding="utf-8").rstrip("\n") + "\n" if files else _BEGIN
        text += "\n" + _entry(table, path.as_posix(), checksum)
        tomllib.loads(text)  # an entry that cannot be read must not spoil the register
        write(listed, text.encode())
    return path


def _place(to: Path) -> tuple[Path, Path]:
    """Folder of the register, and the file's path below raw/."""
    full = to.absolute()
    raw = next((p for p in full.parents if p.name == "raw"), None)
    if raw is None or full.suffix != ".csv":
        raise SourceError(
            f"{to} is not a .csv file below a folder raw/.",
            variable="to",
            value=str(to),
            remedy='raw files stand beside sources.toml: to="data/raw/world/wdi.csv".',
        )
    return raw.parent, full.relative_to(raw)


def _csv(cells: pd.DataFrame) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(cells.columns)
    writer.writerows(cells.itertuples(index=False))
    return text.getvalue().encode()


def _entry(table: RawTable, path: str, checksum: str) -> str:
    """One [[file]] of the register."""
    years = table.cells["year"].astype(int)
    lines = ["[[file]]", f"path = {_quoted(path)}", f"sha256 = {_quoted(checksum)}"]
    lines += [f"title = {_quoted(table.entry['title'])}"]
    lines += [f"years = [{years.min()}, {years.max()}]"]
    lines += [f"{k} = {_quoted(v)}" for k, v in table.entry.items() if k != "title" and v]
    lines += ["", "[file.columns.region_name]"]
    for name, said in table.columns.items():
        lines += ["", f"[file.columns.{_quoted(name)}]"]
        lines += [f"unit = {_quoted(said.unit)}"] if said.unit else []
        lines += [f"# {language}: {_line(label)}" for language, label in said.labels.items()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    escaped = _line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _line(text: str) -> str:
    """The text in one line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
