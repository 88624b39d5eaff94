"""One run of a study at a time, and what is said when its folder cannot be written."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from panel.errors import StudyError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """Keep other runs of the study away while this one lasts.

    The system holds the lock for this process and gives it up when the process ends, however it
    ends: a run that was killed leaves nothing behind that would have to be removed.

    Parameters
    ----------
    state : the study's folder of states, which is made.

    Raises
    ------
    StudyError : another run is going on, or the folder cannot be written.
    """
    try:
        state.mkdir(parents=True, exist_ok=True)
        stream = (state / "run.lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise not_written(error) from error
    with stream:
        if not _locked(stream):
            stream.seek(0)
            process = stream.read().strip() or "unknown"
            raise StudyError(
                f"Another run of this study is going on (process {process}).",
                variable="path",
                value=str(state.parents[1]),
                remedy="wait until it has ended, or stop it; it holds nothing afterwards.",
            )
        try:
            stream.truncate(0)
            stream.write(str(os.getpid()))
            stream.flush()
            yield
        except OSError as error:
            if error.errno not in (*_FULL, *_REFUSED):
                raise
            raise not_written(error) from error


def _locked(stream: IO[str]) -> bool:
    """Whether the file could be locked for this process."""
    try:
        if sys.platform == "win32":
            import msvcrt

            stream.seek(1 << 20)  # beyond what others read
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def not_written(error: OSError) -> StudyError:
    """What to say when a file cannot be written; nothing that was there before is lost."""
    where = f" {str(error.filename)!r}" if error.filename else " a file"
    full = error.errno in _FULL
    return StudyError(
        f"The run cannot write{where}: {error.strerror or error}.",
        variable="path",
        value=str(error.filename or ""),
        remedy="free some space on the disk and run again: what was done is kept."
        if full
        else "copy the study to a folder in which you may write, or change its permissions.",
    )
