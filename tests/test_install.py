"""The command and the tests notice another package that is imported as ``panel``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import regpanel

ROOT = Path(__file__).parents[1]


@pytest.fixture
def holoviz(tmp_path: Path) -> Path:
    """A folder with a package like the one HoloViz installs, and its metadata."""
    (tmp_path / "panel" / "pane").mkdir(parents=True)
    (tmp_path / "panel" / "__init__.py").write_text('raise RuntimeError("it was imported")\n')
    metadata = tmp_path / "panel-1.8.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: panel\nVersion: 1.8.0\n")
    return tmp_path


def run(*command: str, path: list[Path], cwd: Path) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter that looks into these folders first."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
    return subprocess.run(
        [sys.executable, *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=environment,
    )


def test_nothing_is_said_where_the_package_is_ours() -> None:
    assert regpanel.conflict() == ""


@pytest.mark.parametrize("ours_first", [False, True])
def test_the_command_says_what_to_do_beside_holoviz(holoviz: Path, ours_first: bool) -> None:
    ours = ROOT / "src"
    path = [ours, holoviz] if ours_first else [holoviz, ours]
    done = run("-m", "regpanel", "--version", path=path, cwd=holoviz)
    assert done.returncode == 2
    assert "HoloViz Panel and regpanel are both imported as 'panel'" in done.stderr
    assert "pip uninstall panel holoviews hvplot" in done.stderr
    assert "it was imported" not in done.stderr


def test_a_package_without_metadata_is_noticed_too(holoviz: Path) -> None:
    shutil.rmtree(holoviz / "panel-1.8.0.dist-info")
    done = run("-m", "regpanel", "--version", path=[holoviz, ROOT / "src"], cwd=holoviz)
    assert done.returncode == 2
    assert "pip uninstall panel" in done.stderr


def test_the_tests_stop_with_the_same_words(holoviz: Path) -> None:
    test = holoviz / "test_nothing.py"
    test.write_text("def test_nothing(): ...\n")
    shutil.copy(ROOT / "conftest.py", holoviz)
    path = [holoviz, ROOT / "src"]
    done = run("-m", "pytest", "-p", "no:cacheprovider", str(test), path=path, cwd=holoviz)
    assert done.returncode != 0
    assert "pip uninstall panel holoviews hvplot" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_extra_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "typer", None)
    monkeypatch.delitem(sys.modules, "panel.cli", raising=False)
    assert regpanel.main() == 2
    said = capsys.readouterr().err
    assert "The command needs typer" in said
    assert 'pip install "regpanel[study]"' in said


def test_the_package_is_imported_without_its_heavy_parts() -> None:
    # They are loaded where they are first used, so that a notebook starts at once.
    heavy = ("matplotlib", "seaborn", "docx", "openpyxl", "pytask", "jinja2", "statsmodels", "rich")
    code = f"import sys, panel; print([m for m in {heavy!r} if m in sys.modules])"
    done = run("-c", code, path=[ROOT / "src"], cwd=ROOT)
    assert done.stdout.strip() == "[]"
