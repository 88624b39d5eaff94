"""The manifest of a run: from what, with what and how each file was made."""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import panel
from panel.study.data import data_files
from panel.study.digests import code_digest, file_digest, versions
from panel.study.loading import StudyFile
from panel.study.work import write

# What the manifest says of each task: seconds taken, and megabytes of memory at the peak.
_TOLD = ("name", "outcome", "seconds", "peak_mb")


class Task(Protocol):
    """What the manifest says of a task."""

    @property
    def name(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def seconds(self) -> float: ...
    @property
    def peak_mb(self) -> float: ...


def provenance(file: StudyFile) -> dict[str, Any]:
    """Where a run takes place: commit, versions, platform, seed. No path of the machine."""
    return {
        "seed": file.study.seed,
        "parameters": dict(file.study.parameters),
        "commit": commit(file.folder),
        "regpanel": panel.__version__,
        "code": code_digest(),
        "python": platform.python_version(),
        "packages": versions(),
        "platform": f"{platform.system()} {platform.machine()}",
    }


def commit(folder: Path) -> str:
    """The git commit of a folder, "+ changes" if tracked files differ from it, or "unknown"."""
    head = _git(folder, "rev-parse", "HEAD")
    if not head:
        return "unknown"
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return f"{head} + changes" if changed else head


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""  # no git, or no repository: the manifest says "unknown"
    return done.stdout.strip()


def write_manifest(
    path: Path,
    file: StudyFile,
    tasks: Sequence[Task],
    files: tuple[Iterable[Path], Iterable[Path]],
    begun: datetime,
) -> None:
    """Write the manifest of a run that began at ``begun`` (UTC) and ends now.

    ``files`` are those that ``tasks`` made, and those of an earlier run that stand beside them.
    """
    made, stale = ({_relative(p, path.parent): file_digest(p) for p in some} for some in files)
    inputs = {"study.py": file.path} | data_files(file)
    manifest = {
        "study": file.study.title,
        "started": begun.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        **provenance(file),
        "tasks": [{key: getattr(t, key) for key in _TOLD} for t in tasks],
        "appendix": [item.name for item in file.study.items if item.appendix],
        "inputs": {name: file_digest(there) for name, there in inputs.items()},
        "products": made,
        "stale": stale,
    }
    write(path, json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")


def read_manifest(path: Path) -> dict[str, Any]:
    """A manifest as it was written; empty if it is not there or damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def remove_undeclared(manifest: Path, declared: Iterable[Path]) -> None:
    """Remove files that an earlier run made and that the study does not declare any more."""
    if not manifest.is_file():
        return
    current = {_relative(path, manifest.parent) for path in declared}
    before = read_manifest(manifest)
    for name in (*before.get("products", ()), *before.get("stale", ())):
        path = (manifest.parent / name).resolve()
        if name not in current and path.is_relative_to(manifest.parent.resolve()):
            path.unlink(missing_ok=True)


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
