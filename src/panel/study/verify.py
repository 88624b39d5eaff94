"""Does a replication package reproduce its results? It is unpacked, run and compared."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from panel.errors import StudyError
from panel.sources.catalogue import data_root
from panel.study.digests import file_digest
from panel.study.extraction import extract
from panel.study.manifest import read_manifest
from panel.study.runs import RunComparison, compare_runs

_TAIL = 25  # lines of a program's output that an error shows


@dataclass(frozen=True, eq=False)
class Verification:
    """What came of running a package again.

    Parameters
    ----------
    package : name of the zip file.
    environment : where it was run.
    comparison : its results (a) against those of the new run (b).
    altered : files that are not those of the package's own manifest.
    restored : restricted data that this machine had, with the right checksum.
    seconds : that the new run took.
    """

    package: str
    environment: str
    comparison: RunComparison
    altered: tuple[str, ...]
    restored: tuple[str, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether the files are those of the manifest and every number agrees."""
        return self.comparison.ok and not self.altered

    def __str__(self) -> str:
        verdict = "reproduced" if self.ok else "NOT reproduced"
        lines = [f"{self.package}: {verdict} in {self.seconds:.0f} s, {self.environment}"]
        lines += [f"  altered since it was made: {name}" for name in self.altered]
        lines += [f"  not in the package, taken from this machine: {n}" for n in self.restored]
        return "\n".join([*lines, str(self.comparison)])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def verify_package(
    path: str | Path,
    *,
    fresh: bool = True,
    rtol: float = 1e-6,
    atol: float = 1e-9,
    told: Callable[[str], None] | None = None,
) -> Verification:
    """Run a replication package again and compare every number with the ones it holds.

    The package is unpacked into a folder that is removed afterwards, an environment is made from
    its ``requirements.txt``, and its own copy of this package runs the study. Restricted data
    that it does not hold are taken from this machine's shipped data if they have the right
    checksum.

    A package is a program: verify one whose origin you trust, or do it in a container. What is
    made safe is unpacking, not running.

    Parameters
    ----------
    path : the zip file that :func:`panel.package_study` wrote.
    fresh : make an environment with the versions of the package, which needs a package index;
        otherwise the packages installed here run it.
    rtol, atol : a number agrees if it differs by at most ``atol + rtol |a|``.
    told : called with a line for each step.

    Raises
    ------
    StudyError : the file is no package or holds what is not unpacked, data are missing, the
        environment cannot be made, or the run fails.
    """
    tell = told or (lambda _: None)
    with tempfile.TemporaryDirectory(prefix="regpanel-verify-") as made:
        tell("unpacking")
        place = Path(made).resolve()
        extract(path, place / "package")
        root, described = _package(place / "package", path)
        altered = tuple(_altered(root, described))
        restored = _restored(root, described)
        python, environment = Path(sys.executable), "with the packages installed here"
        if fresh:
            tell("making an environment")
            python, environment = _environment(root, place / "venv")
        tell("running the study")
        begun = time.perf_counter()
        _run(root, python)
        seconds = time.perf_counter() - begun
        comparison = compare_runs(root / "results", root / "study", rtol=rtol, atol=atol)
    name = Path(path).name
    return Verification(name, environment, comparison, altered, restored, seconds)


def _package(folder: Path, path: str | Path) -> tuple[Path, dict[str, Any]]:
    """The package's own folder and what it says of itself."""
    for root in (folder, *sorted(p for p in folder.iterdir() if p.is_dir())):
        described = read_manifest(root / "package.json")
        there = (root / "study" / "study.py", root / "results" / "manifest.json")
        if isinstance(described.get("data"), dict) and all(p.is_file() for p in there):
            return root, described
    raise StudyError(
        f"{str(path)!r} is no replication package.",
        variable="path",
        value=str(path),
        remedy="name the zip file that regpanel package wrote.",
    )


def _altered(root: Path, described: Mapping[str, Any]) -> list[str]:
    """Files whose checksums are not those that the package states."""
    manifest = read_manifest(root / "results" / "manifest.json")
    stated = {f"results/{name}": sha for name, sha in manifest.get("products", {}).items()}
    stated["study/study.py"] = manifest.get("inputs", {}).get("study.py")
    stated |= {place: d["sha256"] for place, d in described["data"].items() if d["provided"]}
    return [name for name, sha in stated.items() if file_digest(_inside(root, name)) != sha]


def _inside(root: Path, name: str) -> Path:
    """A path below the root, whatever the name says."""
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise StudyError(
            f"The package names a file outside of itself: {name!r}.",
            variable="package.json",
            value=name,
            remedy="do not use it, and tell whoever it came from.",
        )
    return path


def _restored(root: Path, described: Mapping[str, Any]) -> tuple[str, ...]:
    """Put restricted files of the shipped data in their places."""
    found, missing = [], []
    for place, one in described["data"].items():
        if one["provided"]:
            continue
        target = _inside(root, place)
        here = data_root() / place.removeprefix("data/")
        if place.startswith("data/") and file_digest(here) == one["sha256"]:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(here, target)
            found.append(place)
        elif one.get("used", True):
            missing.append(place)
    if missing:
        raise StudyError(
            f"The package cannot be run without data that may not be passed on: "
            f"{', '.join(missing)}.",
            variable="data",
            value=missing,
            remedy="obtain them as its README says, unpack it, put them in their places and run "
            "the study there; then: regpanel diff results study.",
        )
    return tuple(found)


def _environment(root: Path, folder: Path) -> tuple[Path, str]:
    """An environment with the packages that the package names."""
    _called([sys.executable, "-m", "venv", str(folder)], root, {}, "The environment")
    scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
    python = scripts / ("python.exe" if sys.platform == "win32" else "python")
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]
    _called(
        [str(python), *install, str(root / "requirements.txt")], root, {}, "The environment",
        remedy="check the connection, or use the packages installed here: fresh=False (--offline).",
    )  # fmt: skip
    version = ".".join(map(str, sys.version_info[:3]))
    return python, f"in a fresh environment with the versions of its requirements, Python {version}"


def _run(root: Path, python: Path) -> None:
    settings = {"PYTHONPATH": str(root / "code"), "PYTHONIOENCODING": "utf-8"}
    if (root / "data").is_dir():
        settings["REGPANEL_DATA"] = str(root / "data")
    command = [str(python), "-m", "regpanel", "run", str(root / "study"), "--force"]
    _called(command, root, settings, "The study")


def _called(
    command: list[str], folder: Path, settings: Mapping[str, str], what: str, remedy: str = ""
) -> None:
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**kept, **settings},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()[-_TAIL:]
        raise StudyError(
            f"{what} of the package could not be "
            f"{'made' if what == 'The environment' else 'run'}:\n" + "\n".join(said),
            variable="path",
            remedy=remedy or None,
        )
