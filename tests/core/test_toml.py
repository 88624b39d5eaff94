"""TOML of others is read within bounds."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest

import panel
from panel.core.toml import MOST_BYTES, parse_toml
from panel.errors import SourceError


def test_ordinary_toml_is_read() -> None:
    assert parse_toml('[a.b."c.d"]\nx = [1, 2]\n') == {"a": {"b": {"c.d": {"x": [1, 2]}}}}
    assert parse_toml('note = "no. of firms, e.g. 1.5 or 2.5; vol. 3"')["note"].startswith("no.")


BOMBS = {
    "arrays": "x = " + "[" * 100_000,
    "tables": "x = " + "{a = " * 100_000,
    "dotted key": "a" + ".a" * 200_000 + " = 1",
    "dotted header": "[a" + ' . "a"' * 200_000 + "]",
    "size": "#" * (MOST_BYTES + 1),
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_bombs_are_refused_at_once(text: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(tomllib.TOMLDecodeError):
        parse_toml(text)
    # Read without bounds the dotted keys would fill the memory; this takes milliseconds.
    assert time.perf_counter() - begun < 2


def test_a_register_that_is_a_bomb_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(BOMBS["dotted key"])
    with pytest.raises(SourceError, match="more than 64 parts"):
        panel.read_catalogue(tmp_path)
