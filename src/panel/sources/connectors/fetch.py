"""Answers of services, each kept on disk with its date and checksum, so that a query repeats."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from panel.errors import ChecksumError, ServiceError
from panel.sources.connectors.http import Request, send


@dataclass(frozen=True)
class Access:
    """How answers are had.

    Parameters
    ----------
    folder : where they are kept.
    refresh : ask again although an answer is kept.
    offline : never ask.
    timeout : seconds without a byte after which an answer is given up.
    """

    folder: Path
    refresh: bool = False
    offline: bool = False
    timeout: float = 60.0


@dataclass(frozen=True)
class Answer:
    """What a service answered: ``content`` byte by byte, ``url``, day and checksum."""

    content: bytes
    url: str
    read: date
    sha256: str


def fetch(request: Request, access: Access) -> Answer:
    """The kept answer to a request, or a new one, which is then kept.

    A kept answer never grows old: only ``refresh`` asks again.

    Raises
    ------
    ServiceError : it is not kept and cannot be had; the remedy says which file to put where.
    ChecksumError : the kept answer is not the one that was received.
    """
    if request.file:
        return _given(request)
    path = kept_at(request, access.folder)
    if path.is_file() and not access.refresh:
        return _kept(request, path)
    if access.offline:
        raise ServiceError(
            f"{request.subject}: no answer is kept, and offline=True forbids to ask.",
            variable=request.subject,
            value=str(path),
            remedy=by_hand(request, path),
        )
    try:
        content = send(request, access.timeout)
    except ServiceError as error:
        if isinstance(error.value, int):  # it did answer: a file put there by hand would not help
            raise
        raise ServiceError(
            error.message,
            variable=error.variable,
            value=error.value,
            remedy=f"{(error.remedy or '').rstrip('.')}; or {by_hand(request, path)}",
        ) from error
    write(path, content)
    return _noted(request, path, content, datetime.now(UTC).date())


def kept_at(request: Request, folder: Path) -> Path:
    """File of the answer to a request: one for each address and body."""
    key = hashlib.sha256(request.url.encode() + b"\n" + request.body).hexdigest()[:20]
    return folder / f"{key}.{request.kind}"


def by_hand(request: Request, path: Path) -> str:
    """How to put the answer into its place on a machine that can reach the service."""
    data = ""
    if request.body:
        body = shlex.quote(request.body.decode())
        data = f"-H 'Content-Type: application/json' -d {body} "
    return (
        f"save the answer as {path}, for instance with: curl -L --compressed {data}"
        f"-o {shlex.quote(str(path))} {shlex.quote(request.url)}"
    )


def default_folder() -> Path:
    """Where answers are kept: REGPANEL_CACHE, else the user's folder for caches."""
    given = os.environ.get("REGPANEL_CACHE")
    if given:
        return Path(given)
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(home) if home else Path.home() / ".cache") / "regpanel"


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)  # mkstemp keeps others out, who may read other raw files
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _given(request: Request) -> Answer:
    """The answer in a file that the user saved."""
    path = Path(request.file)
    if not path.is_file():
        raise ServiceError(
            f"{request.subject}: there is no such file: {path}.",
            variable="file",
            value=str(path),
            remedy=f"open {request.url} in a browser, choose, and save the file there.",
        )
    content = path.read_bytes()
    day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
    return Answer(content, request.url, day, hashlib.sha256(content).hexdigest())


def _note(path: Path) -> Path:
    return path.with_name(path.name + ".note")


def _noted(request: Request, path: Path, content: bytes, read: date) -> Answer:
    found = Answer(content, request.url, read, hashlib.sha256(content).hexdigest())
    note = {"url": request.url, "body": request.body.decode(), "read": str(read)}
    text = json.dumps(note | {"sha256": found.sha256}, ensure_ascii=False, indent=1)
    write(_note(path), text.encode())
    return found


def _kept(request: Request, path: Path) -> Answer:
    """The answer in a file; one without a note was put there by hand and gets its note now."""
    content = path.read_bytes()
    if not _note(path).is_file():
        day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
        return _noted(request, path, content, day)
    remedy = f"call again with refresh=True, or {by_hand(request, path)} (and delete its .note)."
    try:
        note = json.loads(_note(path).read_text(encoding="utf-8"))
        read, expected = date.fromisoformat(note["read"]), str(note["sha256"])
    except (ValueError, KeyError, TypeError) as error:
        raise ChecksumError(
            f"{request.subject}: the note of the kept answer {path} cannot be read.",
            variable=request.subject,
            value=str(path),
            remedy=remedy,
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise ChecksumError(
            f"{request.subject}: the kept answer {path} has changed: expected sha256 {expected}, "
            f"found {found}.",
            variable=request.subject,
            value=found,
            remedy=remedy,
        )
    return Answer(content, request.url, read, found)
