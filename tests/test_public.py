"""The public names: all there, documented, and quick to import."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

import panel
from panel.core.fields import fields_as_html

# Tables have rows and columns to choose, to name and to add, as well as a title, notes and a style.
MOST = {"cross_table": 9, "regtable": 10}


def test_every_public_name_is_there_and_documented():
    assert panel.__all__ == sorted(panel.__all__)
    assert set(panel.__all__) <= set(dir(panel))
    for name in panel.__all__:
        assert inspect.getdoc(getattr(panel, name)), name


def test_no_other_name():
    with pytest.raises(AttributeError, match="nothing"):
        _ = panel.nothing


def test_public_functions_state_types_and_stay_small():
    for name in panel.__all__:
        value = getattr(panel, name)
        if inspect.isfunction(value):
            parameters = inspect.signature(value).parameters
            assert "return" in value.__annotations__, name
            assert all(p in value.__annotations__ for p in parameters), name
            # frame and formula first, then at most eight settings, unit and time apart
            assert len(set(parameters) - {"unit", "time"}) <= MOST.get(name, 8), name


def run(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout


def test_import_is_quick():
    # The best of three, less what the interpreter takes alone: the machine may be busy.
    def seconds(code: str) -> float:
        began = time.perf_counter()
        run(code)
        return time.perf_counter() - began

    bare = min(seconds("pass") for _ in range(3))
    assert min(seconds("import panel") for _ in range(3)) - bare < 0.5


def test_import_loads_nothing_heavy():
    heavy = "numpy pandas scipy pint matplotlib seaborn docx openpyxl statsmodels linearmodels"
    loaded = run(f"import sys, panel; print([m for m in {heavy.split()} if m in sys.modules])")
    assert loaded.strip() == "[]"


def test_least_squares_loads_no_presentation():
    code = (
        "import sys, pandas, panel; t = pandas.DataFrame({'u': [1, 2, 3, 4], 't': [1, 1, 1, 1], "
        "'y': [1, 2, 2, 5], 'x': [1, 2, 3, 4]}); panel.ols('y ~ x', t, unit='u', time='t').bse; "
        "print([m for m in 'matplotlib seaborn docx openpyxl pint'.split() if m in sys.modules])"
    )
    assert run(code).strip() == "[]"


def test_results_that_show_themselves_in_a_notebook_do_so_in_a_console():
    classes = [c for name in panel.__all__ if inspect.isclass(c := getattr(panel, name))]
    shown = [
        c for c in classes if hasattr(c, "_repr_html_") and c._repr_html_ is not fields_as_html
    ]
    assert len(shown) > 30
    # What dataclasses write themselves, field by field, is wrapped against recursion. Settings show
    # their fields in both places.
    assert [c.__name__ for c in shown if hasattr(c.__repr__, "__wrapped__")] == []


@pytest.mark.parametrize("layer", ["core", "sources"])
def test_the_map_of_a_large_package_names_its_modules(layer: str) -> None:
    package = Path(panel.__file__).parent / layer
    drawn = re.findall(r"\w+", (package / "__init__.py").read_text("utf-8").split('"""')[1])
    there = {module.stem for module in package.glob("*.py")} - {"__init__"}
    assert there <= set(drawn)
