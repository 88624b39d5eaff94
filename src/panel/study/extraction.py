"""Unpacking a zip file that somebody else made, without letting it out of its folder."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path, PurePosixPath

from panel.errors import StudyError

MOST_BYTES = 2_000_000_000
MOST_FILES = 20_000
_CHUNK = 1 << 20


def extract(path: str | Path, folder: Path, *, most_bytes: int = MOST_BYTES) -> tuple[Path, ...]:
    """Unpack a zip file into a folder; returns the files, in the order of the archive.

    Refused are names that lead out of the folder (absolute ones, drives, ``..``, backslashes),
    links, two entries of one name, encrypted entries, more than 20,000 files, and more bytes than
    ``most_bytes``: these are counted as they are unpacked, whatever the archive says of itself.

    Raises
    ------
    StudyError : the file is no zip file, is damaged, or holds something of that kind.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_FILES:
                raise _refused(path, f"{len(entries)} files", f"at most {MOST_FILES} are unpacked")
            seen: set[str] = set()
            for entry in entries:
                _check(entry, seen, path)
            return _unpacked(archive, entries, folder, most_bytes)
    except FileNotFoundError as error:
        raise StudyError(
            f"There is no file {str(path)!r}.",
            variable="path",
            value=str(path),
            remedy="name the zip file that regpanel package wrote.",
        ) from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError, IsADirectoryError) as error:
        raise StudyError(
            f"{str(path)!r} is no sound zip file: {error}.",
            variable="path",
            value=str(path),
            remedy="download it again, or name the file that regpanel package wrote.",
        ) from error


def _check(entry: zipfile.ZipInfo, seen: set[str], path: str | Path) -> None:
    name = PurePosixPath(entry.filename)
    outside = name.is_absolute() or ".." in name.parts or "\\" in entry.orig_filename
    control = any(ord(c) < 32 or c == ":" for c in entry.orig_filename)
    if outside or control or not name.parts:
        raise _refused(path, f"the name {entry.orig_filename!r}", "it leads out of the folder")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise _refused(path, f"the link {entry.filename!r}", "links are not unpacked")
    if entry.flag_bits & 1:
        raise _refused(path, f"the encrypted file {entry.filename!r}", "it cannot be read")
    key = str(name).casefold()
    if key in seen:
        raise _refused(path, f"{entry.filename!r} twice", "one would overwrite the other")
    seen.add(key)


def _unpacked(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], folder: Path, most_bytes: int
) -> tuple[Path, ...]:
    made = []
    left = most_bytes
    for entry in entries:
        target = folder.joinpath(*PurePosixPath(entry.filename).parts)
        if entry.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as source, target.open("xb") as file:
            while chunk := source.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise _refused(
                        str(archive.filename), f"more than {most_bytes} bytes", "it may be a bomb"
                    )
                file.write(chunk)
        made.append(target)
    return tuple(made)


def _refused(path: str | Path, what: str, why: str) -> StudyError:
    return StudyError(
        f"{str(path)!r} holds {what}: {why}.",
        variable="path",
        value=str(path),
        remedy="do not use it, and tell whoever it came from.",
    )
