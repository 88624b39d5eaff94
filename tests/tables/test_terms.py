"""Names of terms."""

from __future__ import annotations

import re

import pytest

from panel.errors import TableError
from panel.tables.terms import named

LABELS = {
    re.compile(r"zone::(\w+)"): r"Zone \1",
    "zone::West": "The West",
    re.compile("zone.*"): "Any",
    "log(x)": "Logarithm",
}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("zone::East", "Zone East"),
        ("zone::West", "The West"),  # a name goes before a pattern
        ("zone::a b", "Any"),  # the next pattern that fits all of it
        ("log(x)", "Logarithm"),
        ("logx", None),  # a name is no pattern
        ("my zone::East", None),
    ],
)
def test_names_and_patterns(name: str, words: str | None) -> None:
    assert named(name, LABELS) == words


def test_a_group_that_is_not_there_is_an_error() -> None:
    with pytest.raises(TableError, match="cannot be filled in"):
        named("ab", {re.compile("a(b)"): r"\2"})
