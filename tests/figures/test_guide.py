"""The guide shows every figure, in a picture that a page can hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "images" / "figures"
STUB = (ROOT / "src" / "panel" / "__init__.pyi").read_text(encoding="utf-8")
VERBS = re.findall(r"^from \.figures\.\w+ import ([a-z]\w+)$", STUB, re.MULTILINE)


@pytest.mark.parametrize("verb", VERBS)
def test_every_figure_has_a_picture_and_a_line(verb: str) -> None:
    guide = (ROOT / "docs" / "guide" / "figures.md").read_text(encoding="utf-8")
    assert f"| `{verb}(" in guide
    assert f"(../images/figures/{verb}.png)" in guide
    picture = PICTURES / f"{verb}.png"
    assert 1_000 < picture.stat().st_size < 100_000


def test_no_picture_is_left_over() -> None:
    assert {p.stem for p in PICTURES.glob("*.png")} == set(VERBS)
    script = (ROOT / "docs" / "images" / "figures.py").read_text(encoding="utf-8")
    assert set(VERBS) <= set(re.findall(r"^def (\w+)\(\) -> panel\.Figure", script, re.MULTILINE))
