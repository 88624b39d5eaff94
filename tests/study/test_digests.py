"""A digest changes when, and only when, what the function does may change."""

from __future__ import annotations

from pathlib import Path

import pytest

from panel.study.digests import code_digest, digest, file_digest, function_digest, versions

SOURCE = '''
"""A study."""
import pandas as pd
from panel.study import Study

study = Study(title="A paper", data="china")
CONTROLS = ["a", "b"]
UNUSED = 1

def helper(frame):
    return len(frame)

def other(frame):
    return UNUSED

@study.table("one", title="One")
def one(frame):
    return helper(frame), CONTROLS, pd.NA

@study.table("two", title="Two")
def two(frame):
    # a comment
    helper = other(frame)  # a local name, not the helper above
    return helper

for name in ("x", "y"):
    @study.table(f"loop_{name}", title="Loop")
    def looped(frame, name=name):
        return name
'''


def digests(source: str, tmp_path: Path) -> dict[str, str]:
    """Digest of each item's function when study.py holds that text."""
    file = tmp_path / "study.py"
    file.write_text(source)
    namespace: dict[str, object] = {}
    exec(compile(source, str(file), "exec", dont_inherit=True), namespace)
    items = namespace["study"].items  # type: ignore[attr-defined]
    return {item.name: function_digest(source, file, item.function, "study") for item in items}


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("len(frame)", "len(frame) + 1", {"one"}),  # a helper
        ('["a", "b"]', '["a"]', {"one"}),  # a constant
        ("UNUSED = 1", "UNUSED = 2", {"two"}),  # a constant of a helper
        ("import pandas as pd", "import numpy as pd", {"one"}),  # an import
        ("return helper\n", "return helper, 1\n", {"two"}),  # the function
        ("UNUSED = 1", 'UNUSED = 1\nCONTROLS.append("c")', {"one"}),  # a change in place
        ("return name\n", "return name, 1\n", {"loop_x", "loop_y"}),
        ("# a comment", "# another comment", set()),
        ('title="One"', 'title="Another title"', set()),  # counted with the item, not here
        ('title="A paper"', 'title="Another paper"', set()),
        ('"""A study."""', '"""Another docstring."""', set()),
        ("def two", "\n\n\ndef two", set()),
    ],
)
def test_what_a_change_touches(old: str, new: str, changed: set[str], tmp_path: Path) -> None:
    before = digests(SOURCE, tmp_path)
    assert SOURCE.count(old) == 1 or old == "def two"
    after = digests(SOURCE.replace(old, new), tmp_path)
    assert {name for name in before if before[name] != after[name]} == changed


def test_functions_of_one_loop_differ(tmp_path: Path) -> None:
    found = digests(SOURCE, tmp_path)
    assert found["loop_x"] != found["loop_y"]


def test_functions_of_one_factory_differ(tmp_path: Path) -> None:
    source = (
        "from panel.study import Study\nstudy = Study('A paper', 'china')\n"
        "def make(n):\n    def made(frame):\n        return n\n    return made\n"
        "study.table('one', title='1')(make(1))\nstudy.table('two', title='2')(make(2))\n"
    )
    found = digests(source, tmp_path)
    assert found["one"] != found["two"]


def test_texts_are_told_apart_by_where_they_end() -> None:
    assert digest("ab", "c") != digest("a", "bc")


def test_a_file_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert file_digest(path) == "missing"
    path.write_text("x")
    first = file_digest(path)
    path.write_text("x")
    assert file_digest(path) == first
    path.write_text("y")
    assert file_digest(path) != first


def test_code_and_packages_are_known() -> None:
    assert len(code_digest()) == 64
    assert {"numpy", "pandas", "scipy"} <= set(versions())
