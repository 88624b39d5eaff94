"""What a cell of a regression holds."""

from __future__ import annotations

import pytest

from panel.errors import TableError
from panel.tables.layout import Item, parse_layout


def test_brackets_and_stars_are_read() -> None:
    assert parse_layout(["b*", "(se) [ci]", "t (p*)"]) == (
        (Item("b", starred=True),),
        (Item("se", "()"), Item("ci", "[]")),
        (Item("t"), Item("p", "()", True)),
    )


@pytest.mark.parametrize("wrong", [[], [""], ["b*", "  "]])
def test_each_line_needs_a_statistic(wrong: list[str]) -> None:
    with pytest.raises(TableError, match="needs a statistic in each line"):
        parse_layout(wrong)


@pytest.mark.parametrize("wrong", ["beta", "(se", "(se]", "b**", "(b)*", "b,se", "[]"])
def test_what_is_no_statistic_is_named(wrong: str) -> None:
    with pytest.raises(TableError, match="is no statistic of a coefficient"):
        parse_layout([wrong])
