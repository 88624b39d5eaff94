"""A small study that runs in a second, and the means to change it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from panel.study.run import run_study

STUDY = '''
"""Three regions, two years."""

import pandas as pd

from panel.core.frame import PanelFrame
from panel.study import Study
from panel.tables.table import Table

SHOWN = ["x", "y"]
DIGITS = 2


def data():
    table = pd.DataFrame(
        {
            "region": ["a", "a", "b", "b", "c", "c"],
            "year": [2020, 2021] * 3,
            "x": [1.0, 2.0, 3.0, 4.0, 5.0, 7.0],
            "y": [2.0, None, 1.0, 5.0, 4.0, 3.0],
        }
    )
    return PanelFrame.from_pandas(table, unit="region", time="year", name="three")


study = Study(title="Three regions", data=data, seed=7)


def described(frame):
    return frame.data[SHOWN].describe()


@study.table("table1", title="Description")
def description(frame):
    return Table.from_pandas(described(frame), digits=DIGITS)


@study.table("table2", title="Means")
def means(frame):
    return Table.from_pandas(frame.data.groupby(level=0).mean())


@study.text("draws", title="Draws")
def draws(frame, rng):
    return f"Drawn: {rng.integers(1000)} of {len(frame)} rows."
'''


@pytest.fixture
def write_study(tmp_path: Path) -> Callable[..., Path]:
    """Writes the study and returns its folder; pairs (old, new) change its text first."""

    def write(*changes: tuple[str, str], text: str = STUDY) -> Path:
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        folder = tmp_path / "three"
        folder.mkdir(exist_ok=True)
        (folder / "study.py").write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.fixture(scope="session")
def _run_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("once") / "three"
    folder.mkdir()
    (folder / "study.py").write_text(STUDY, encoding="utf-8")
    assert run_study(folder, workers=1).ok
    return folder


@pytest.fixture
def folder(_run_once: Path, tmp_path: Path) -> Path:
    """The study after a run, in a place of its own: what a run leaves can be moved."""
    return Path(shutil.copytree(_run_once, tmp_path / "three"))
