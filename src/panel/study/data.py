"""The data of a study: which files they rest on, the assembled frame, and how it is kept."""

from __future__ import annotations

import contextlib
import copyreg
import hashlib
import io
import os
import pickle
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from panel.core.frame import PanelFrame
from panel.errors import StudyError
from panel.sources.assemble import assemble
from panel.sources.catalogue import data_root, read_catalogue
from panel.sources.codebook import read_codebook
from panel.study.digests import digest
from panel.study.loading import StudyFile
from panel.study.locking import not_written
from panel.study.study import wanted

_DIGEST_LENGTH = hashlib.sha256().digest_size * 2  # in hexadecimal digits


def assembled(file: StudyFile) -> Any:
    """The frame of a study.

    Raises
    ------
    StudyError : a function gave something other than a PanelFrame or a DataFrame.
    SourceError, ChecksumError, ... : as :func:`panel.assemble` raises.
    """
    data = file.study.data
    if not callable(data):
        book, name = _codebook(file)
        return assemble(book, panel=name)
    given = file.study.parameters
    frame = data(**{name: given[name] for name in wanted(data, given)})
    if not isinstance(frame, (PanelFrame, pd.DataFrame)):
        raise StudyError(
            f"The data function of the study returned {type(frame).__name__}.",
            variable="data",
            remedy="return a PanelFrame, for instance panel.load('china'), or a DataFrame.",
        )
    return frame


def data_files(file: StudyFile) -> dict[str, Path]:
    """The files the data rest on, by a name that is the same on every machine.

    A function may read any of the shipped files, so all of them count for it; what else it
    reads stands in the study's ``inputs``.
    """
    shipped, inputs = data_root(), {given: file.folder / given for given in file.study.inputs}
    known = read_catalogue(shipped).files
    if callable(file.study.data):
        return _files("data", shipped, known) | inputs
    book, name = _codebook(file)
    entry = read_codebook(book).panel(name)
    raw = [part.file for v in entry.variables.values() for part in v.parts]
    names = [path for path in known if path.startswith("geo/")] if entry.regions else []
    if book.parent == shipped:
        return _files("data", shipped, [*raw, *names]) | inputs
    own = Path(str(file.study.data)).parent.as_posix()
    return _files(own, book.parent, raw) | _files("data", shipped, names) | inputs


def _files(label: str, root: Path, raw: Iterable[str]) -> dict[str, Path]:
    paths = ["codebook.toml", "sources.toml", *(f"raw/{name}" for name in sorted(set(raw)))]
    return {f"{label}/{path}": root / path for path in paths}


def _codebook(file: StudyFile) -> tuple[Path, str | None]:
    """Path of the codebook and name of its panel (None: its default)."""
    data = str(file.study.data)
    if data.endswith(".toml"):
        return file.folder / data, None
    return data_root() / "codebook.toml", data


def frame_digest(frame: Any) -> str:
    """Digest of all that a frame holds: the same on any machine and in any process."""
    if isinstance(frame, PanelFrame):
        return digest(frame.fingerprint, frame.name, *_described(frame))
    hashed = pd.util.hash_pandas_object(frame).to_numpy(dtype="<u8").tobytes()
    return digest(*map(str, frame.columns), hashlib.sha256(hashed).hexdigest())


def _described(frame: PanelFrame) -> Iterator[str]:
    for name, column in frame.columns.items():
        yield name
        for key, value in sorted(vars(column).items()):
            plain = dict(value) if isinstance(value, MappingProxyType) else value
            yield f"{key} {sorted(plain, key=repr) if isinstance(plain, frozenset) else plain!r}"


def keep_frame(frame: Any, path: Path) -> None:
    """Write a frame behind its digest and its file's checksum: all of it or nothing.

    Raises
    ------
    StudyError : it cannot be written; what stood there before still does.
    """
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, protocol=5)
    # Read-only mappings, of which frames hold some, are the one thing pickle cannot do by itself.
    pickler.dispatch_table = copyreg.dispatch_table | {
        MappingProxyType: lambda view: (MappingProxyType, (dict(view),))
    }
    pickler.dump(frame)
    part = path.with_suffix(".part")
    content = buffer.getvalue()
    head = frame_digest(frame) + hashlib.sha256(content).hexdigest()
    try:
        part.write_bytes(head.encode() + content)
        os.replace(part, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise not_written(error) from error


def kept_frame(path: Path) -> Any:
    """The frame that :func:`keep_frame` wrote."""
    return pickle.loads(path.read_bytes()[2 * _DIGEST_LENGTH :])


def kept_digest(path: Path) -> str | None:
    """Its digest; None if there is no such file, or one that is damaged: it is made again then."""
    if not path.is_file():
        return None
    content = path.read_bytes()
    head = content[: 2 * _DIGEST_LENGTH].decode("ascii", "replace")
    sound = hashlib.sha256(content[2 * _DIGEST_LENGTH :]).hexdigest() == head[_DIGEST_LENGTH:]
    return head[:_DIGEST_LENGTH] if sound else None
