"""The manifest of a run."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np

from panel.study.digests import file_digest
from panel.study.manifest import commit
from panel.study.run import run_study

Write = Callable[..., Path]


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True)


def test_a_manifest_says_from_what_with_what_and_how(write_study: Write) -> None:
    folder = write_study()
    run = run_study(folder, workers=1)
    text = run.manifest.read_text(encoding="utf-8")
    manifest = json.loads(text)
    assert manifest["study"] == "Three regions"
    assert manifest["seed"] == 7
    assert manifest["packages"]["numpy"] == np.__version__
    assert datetime.fromisoformat(manifest["started"]) <= datetime.fromisoformat(
        manifest["finished"]
    )
    assert [t["name"] for t in manifest["tasks"]] == [
        "frame",
        "table1",
        "table2",
        "draws",
        "report",
    ]
    assert all(t["outcome"] == "done" and t["seconds"] >= 0 for t in manifest["tasks"])
    assert manifest["inputs"]["study.py"] == file_digest(folder / "study.py")
    assert "data/sources.toml" in manifest["inputs"]
    assert manifest["products"] == {
        path.relative_to(folder / "out").as_posix(): file_digest(path) for path in run.products
    }
    assert str(folder.parent) not in text  # no path of the machine


def test_the_commit_is_named_with_changes_or_unknown(write_study: Write) -> None:
    folder = write_study()
    assert commit(folder) == "unknown"
    git(folder, "init", "--quiet")
    assert commit(folder) == "unknown"
    git(folder, "add", "study.py")
    git(folder, "commit", "--quiet", "-m", "first")
    head = commit(folder)
    assert len(head) == 40
    write_study(("DIGITS = 2", "DIGITS = 3"))
    assert commit(folder) == f"{head} + changes"
