from __future__ import annotations

import importlib
import importlib.util
import subprocess
import sys

import pytest

import panel.figures
from panel.errors import InstallationError


def test_a_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(InstallationError, match=r'pip install "regpanel\[figures\]"'):
        importlib.reload(panel.figures)
    monkeypatch.undo()
    importlib.reload(panel.figures)


def test_the_package_alone_does_not_load_matplotlib() -> None:
    code = "import panel, sys; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
