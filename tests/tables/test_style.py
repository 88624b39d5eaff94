"""Stars and their legend."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from panel.errors import TableError
from panel.tables.style import Look, Style, preset, use_style
from panel.tables.table import Table


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


def test_marks_of_ones_own() -> None:
    style = Style(stars={"+": 0.1, "**": 0.01, "*": 0.05})
    assert [style.marks(p) for p in (0.2, 0.07, 0.02, 0.001, math.nan)] == ["", "+", "*", "**", ""]
    assert style.stars_note == "+ p < 0.1, * p < 0.05, ** p < 0.01."
    assert Style(stars=style.stars) == style  # what replace() hands on


@pytest.mark.parametrize(
    ("rounding", "digits", "value", "places"),
    [
        ("suited", 3, 31568.214, 1),
        ("fixed", 3, 31568.214, 3),
        ("fixed", 2, 0.00001, 2),
        ("significant", 3, 0.0012345, 5),
        ("significant", 3, 31568.214, 0),
        ("significant", 3, 1.5, 2),
    ],
)
def test_rounding(rounding: str, digits: int, value: float, places: int) -> None:
    style = Style(digits=digits, rounding=rounding)
    assert style.places(value) == places
    assert rounding == "suited" or style.beside(value, 7) == places


def test_a_standard_error_has_the_decimals_of_its_coefficient() -> None:
    assert Style().beside(0.5, 4) == 4
    assert Style().beside(0.5, None) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"stars": {"<b>": 0.1}},
        {"stars": {"": 0.1}},
        {"stars": {r"\input{x}": 0.1}},
        {"stars": (True,)},
        {"layout": "b* se*x"},
        {"rounding": "up"},
        {"rounding": "significant", "digits": 0},
    ],
)
def test_what_is_no_setting(wrong: dict[str, object]) -> None:
    with pytest.raises(TableError):
        Style(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"rules": "none"}, {"caption": "right"}, {"numerals": "greek"}])
def test_what_is_no_look(wrong: dict[str, str]) -> None:
    with pytest.raises(TableError, match="is not known"):
        Look(**wrong)


def test_presets() -> None:
    assert preset("aer").stars == preset("econometrica").stars == ()
    assert preset("aer").layout == ("b*", "(se)")
    assert preset("econometrica").layout == ("b", "(se)", "[ci]")
    assert (preset("cn").language, preset("cn").layout) == ("zh", ("b*", "(t)"))
    assert (preset("gost").language, preset("gost").look) == ("ru", Look("box", "left"))
    assert preset("qje").look == Look("double", numerals="roman")
    assert preset("cn", digits=2).digits == 2
    with pytest.raises(TableError, match="no style 'aer2'") as caught:
        preset("aer2")
    assert "aer" in str(caught.value)
    with pytest.raises(TableError, match="no setting 'digit'"):
        preset("aer", digit=2)


def test_the_style_in_use_is_that_of_tables_without_one() -> None:
    df = pd.DataFrame({"x": [123.45]})
    former = use_style("gost", digits=1)
    try:
        assert former == Style()
        assert Table.from_pandas(df).rows[0].cells[0].text("ru") == "123,5"
        assert Table.from_pandas(df).language == "ru"
        assert Table.from_pandas(df, style="aer").language == "en"
    finally:
        assert use_style(former).language == "ru"
    assert Table.from_pandas(df).language == "en"


def test_one_level_may_be_given_by_itself_and_what_is_no_style_is_said() -> None:
    assert Style(stars=0.05).stars == (("*", 0.05),)
    with pytest.raises(TableError, match="3 is no style"):
        preset(3)  # type: ignore[arg-type]
    with pytest.raises(TableError, match="'box' is no look"):
        Style(look="box")  # type: ignore[arg-type]
    with pytest.raises(TableError, match="needs a statistic"):
        Style(layout=None)  # type: ignore[arg-type]


def test_a_language_in_place_of_a_style_is_told_how_to_be_one() -> None:
    with pytest.raises(TableError) as caught:
        preset("zh")
    assert 'panel.Style(language="zh")' in str(caught.value)
