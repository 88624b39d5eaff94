"""Stars and their legend."""

from __future__ import annotations

import math

import pytest

from panel.errors import TableError
from panel.tables.style import Style


@pytest.mark.parametrize(
    ("p", "stars"),
    [
        (0.0, "***"),
        (0.00999, "***"),
        (0.01, "**"),
        (0.0499, "**"),
        (0.05, "*"),
        (0.0999, "*"),
        (0.1, ""),
        (1.0, ""),
        (math.nan, ""),
    ],
)
def test_stars_are_for_p_strictly_below_the_level(p: float, stars: str) -> None:
    assert Style().marks(p) == stars


def test_levels_may_come_in_any_order() -> None:
    style = Style(stars=(0.01, 0.1, 0.05))
    assert style == Style()
    assert style.stars_note == "* p < 0.1, ** p < 0.05, *** p < 0.01."


def test_none_is_no_stars_and_no_legend() -> None:
    assert Style(stars=None).marks(0.0) == Style(stars=None).stars_note == ""


def test_the_legend_speaks_the_language() -> None:
    assert Style("zh").stars_note == "* p < 0.1，** p < 0.05，*** p < 0.01。"
    assert Style("ru").stars_note == "* p < 0,1; ** p < 0,05; *** p < 0,01."


@pytest.mark.parametrize("wrong", [{"stars": (5,)}, {"language": "fr"}, {"digits": -1}])
def test_what_is_no_style(wrong: dict[str, object]) -> None:
    with pytest.raises(TableError):
        Style(**wrong)  # type: ignore[arg-type]
