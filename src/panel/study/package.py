"""A replication package: everything that is needed to run a study again, in one zip file."""

from __future__ import annotations

import contextlib
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import panel
from panel.errors import StudyError
from panel.study.datasets import DataFile, datasets
from panel.study.environment import locked, machine
from panel.study.loading import StudyFile, read_study
from panel.study.locking import alone, not_written
from panel.study.manifest import read_manifest
from panel.study.readme import readme
from panel.study.run import plan_study

_DATE = (1980, 1, 1, 0, 0, 0)  # so that the same study gives the same package
_BESIDE = ("README.md", "LICENSE", "LICENSE.txt", "LICENSE.md", "CITATION.cff")


@dataclass(frozen=True, eq=False)
class Package:
    """A replication package that was written.

    Parameters
    ----------
    path : of the zip file.
    files : one row a file in it: file, bytes.
    left_out : data files that may not be passed on.
    readme : text of its README.
    """

    path: Path
    files: pd.DataFrame
    left_out: tuple[str, ...]
    readme: str

    @property
    def df(self) -> pd.DataFrame:
        """One row a file (a copy)."""
        return self.files.copy()

    def __str__(self) -> str:
        size = self.path.stat().st_size / 1e6
        lines = [f"{self.path.name}: {len(self.files)} files, {size:.1f} MB"]
        lines += [f"  left out, may not be passed on: {name}" for name in self.left_out]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)


def package_study(path: str | Path, target: str | Path | None = None) -> Package:
    """Write a replication package of a study that was run.

    It holds ``README.md`` by the template of the Social Science Data Editors, the study, its data
    as far as they may be passed on, the code of this package, ``requirements.txt`` with exact
    versions, and ``results/`` with what the study made and the manifest. What only the author can
    say (rights, access) is left to tick or to write in the README. The same study makes the same
    package, byte by byte.

    Parameters
    ----------
    path : folder of the study.
    target : the zip file; beside ``out/tables`` by default, named after the study's folder.

    Raises
    ------
    StudyError : something of the study is not up to date, a file is missing or stands outside of
        its folder, or the package cannot be written.
    """
    file = read_study(path)
    pending = [task.name for task in plan_study(path) if task.outcome != "up to date"]
    if pending:
        raise StudyError(
            f"Not everything of the study is up to date: {', '.join(pending)}.",
            variable="path",
            value=str(path),
            remedy=f'run it first: regpanel run "{path}"; then package it.',
        )
    manifest = read_manifest(file.out / "manifest.json")
    if "products" not in manifest:
        raise StudyError(
            "The manifest of the last run is missing or damaged.",
            variable="manifest.json",
            remedy="regpanel run --force writes it again.",
        )
    data = datasets(file)
    lock = locked(file.source)
    text = readme(file, data, lock, machine(), manifest)
    with alone(file.state):
        contents = dict(_contents(file, data))
        contents["README.md"] = text.encode()
        contents["requirements.txt"] = ("\n".join(lock) + "\n").encode()
        contents["package.json"] = _described(data)
        root = "".join(c if c.isalnum() or c in "-_" else "-" for c in file.folder.name) or "study"
        goal = Path(target) if target is not None else file.out / f"{root}-replication.zip"
        _write(goal, root, contents)
    sizes = [(name, len(contents[name])) for name in sorted(contents)]
    left_out = tuple(d.place for d in data if not d.provided and d.used)
    return Package(goal, pd.DataFrame(sizes, columns=["file", "bytes"]), left_out, text)


def _described(data: tuple[DataFile, ...]) -> bytes:
    """What a program has to know of the package: what is data, and what of it is left out."""
    told = {
        "regpanel": panel.__version__,
        "data": {
            d.place: {"sha256": d.sha256, "provided": d.provided, "used": d.used} for d in data
        },
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def _contents(file: StudyFile, data: tuple[DataFile, ...]) -> Iterator[tuple[str, bytes]]:
    yield "study/study.py", file.path.read_bytes()
    for name in _BESIDE:
        if (file.folder / name).is_file():
            yield f"study/{name}", (file.folder / name).read_bytes()
    for one in data:
        if one.provided:
            yield one.place, one.path.read_bytes()
    code = Path(panel.__file__).parent
    for path in sorted(code.rglob("*")):
        inside = path.relative_to(code).as_posix()
        if path.is_file() and "__pycache__" not in inside and not inside.startswith("_data/"):
            yield f"code/panel/{inside}", path.read_bytes()
    for beside in (code.parent / "regpanel.py", code.parents[1] / "LICENSE"):
        if beside.is_file():
            yield f"code/{beside.name}", beside.read_bytes()
    yield from _results(file, whole=all(one.provided for one in data if one.used))


def _results(file: StudyFile, *, whole: bool) -> Iterator[tuple[str, bytes]]:
    """What the study made; of restricted data not the numbers behind pictures, nor the report,
    which holds them too."""
    manifest = read_manifest(file.out / "manifest.json")
    back = [n for n in manifest["products"] if n == "report.html" or _figure_data(n)]
    back = [] if whole else back
    for name in manifest["products"]:
        if name not in back:
            yield f"results/{name}", (file.out / name).read_bytes()
    products = {n: sha for n, sha in manifest["products"].items() if n not in back}
    told = manifest | {"products": products, "kept_back": back}
    yield "results/manifest.json", (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def _figure_data(name: str) -> bool:
    return name.startswith("figures/") and name.endswith(".csv")


def _write(goal: Path, root: str, contents: dict[str, bytes]) -> None:
    part = goal.with_name(goal.name + ".part")
    try:
        goal.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(contents):
                entry = zipfile.ZipInfo(f"{root}/{name}", _DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, contents[name])
        os.replace(part, goal)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise not_written(error) from error
