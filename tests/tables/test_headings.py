"""Headings over models."""

from __future__ import annotations

import pytest

from panel.errors import TableError
from panel.tables.headings import flattened


def rows(models: object) -> list[list[tuple[str, int]]]:
    return [[(s.words, s.width) for s in spans[1:]] for spans in flattened(models)[1]]


def test_a_list_has_no_headings() -> None:
    assert flattened([1, (2, 3)]) == ((1, 2, 3), ())
    assert flattened(5) == ((5,), ())


def test_a_dict_gives_one_to_each() -> None:
    assert rows({"a": 1, "b": 2}) == [[("a", 1), ("b", 1)]]


def test_a_heading_stands_over_a_list_and_over_further_headings() -> None:
    assert rows({"East": [1, 2], "West": 3}) == [[("East", 2), ("West", 1)]]
    assert rows({"East": {"a": 1, "b": 2}, "West": {"a": 3}}) == [
        [("East", 2), ("West", 1)],
        [("a", 1), ("b", 1), ("a", 1)],
    ]


def test_a_model_without_an_upper_heading_stands_on_the_lowest_row() -> None:
    assert rows({"OLS": 1, "IV": {"2SLS": 2, "LIML": 3}}) == [
        [("", 1), ("IV", 2)],
        [("OLS", 1), ("2SLS", 1), ("LIML", 1)],
    ]


def test_equal_headings_of_different_entries_stay_apart() -> None:
    assert rows([{"a": 1}, {"a": 2}]) == [[("a", 2)]]  # two dicts, one after the other
    assert rows({"x": {"a": 1}, "y": {"a": 2}})[1] == [("a", 1), ("a", 1)]


@pytest.mark.parametrize("nothing", [[], {}, {"a": []}, ()])
def test_nothing_is_refused(nothing: object) -> None:
    with pytest.raises(TableError, match="no model"):
        flattened(nothing)
