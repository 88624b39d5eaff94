from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from panel.core.frame import PanelFrame
from panel.errors import FigureError
from panel.figures.maps import class_words, shading
from panel.figures.regionmap import regionmap

VALUES = pd.Series([1.0, 2.0, 3.0, 4.0, np.nan, 5.0, 60.0])


def test_classes_of_equal_number_hold_their_upper_limit() -> None:
    shades = shading(VALUES, 3)
    assert shades.limits == (2.0, 4.0)
    assert shades.classes(VALUES.dropna()).tolist() == [0, 0, 1, 1, 2, 2]
    fills = shades.fills(VALUES)
    assert fills[4] is None
    assert fills[0] == fills[1] != fills[2]


def test_larger_classes_are_darker_and_zero_divides_two_colours() -> None:
    light = [sum(rgb[:3]) for rgb in shading(VALUES, [1.5, 2.5, 3.5, 4.5]).shades]
    assert light == sorted(light, reverse=True)
    assert len(set(light)) == 5
    below, low, high = shading(VALUES, [0.0, 3.0]).shades
    assert below[2] > below[0]  # blue
    assert high[0] > high[2]  # red
    assert sum(low[:3]) > sum(high[:3])


def test_equal_values_make_one_class() -> None:
    same = pd.Series([3.0, 3.0, 3.0])
    shades = shading(same, 5)
    assert shades.limits == ()
    assert class_words((), same, "ru") == ["Все"]


def test_limits_that_would_print_alike_get_decimals() -> None:
    assert class_words((1000.1, 1000.4), pd.Series([1000.0, 2000.0]), "en") == [
        "≤ 1,000.1", "1,000.1 – 1,000.4", "> 1,000.4",
    ]  # fmt: skip


def test_the_legend_of_a_map_has_every_class_also_empty_ones(frame: PanelFrame) -> None:
    picture = regionmap(frame, "output", 2022, classes=[20.0, 40.0, 50.0])
    entries = [t.get_text() for t in picture.figure.legends[0].get_texts()]
    assert entries == [
        "≤ 20.0 (1)", "20.0 – 40.0 (1)", "40.0 – 50.0 (1)", "> 50.0 (0)", "No figure: 28 regions",
    ]  # fmt: skip
    assert picture.figure.legends[0].get_title().get_text() == (
        "Industrial output (100\N{NO-BREAK SPACE}million\N{NO-BREAK SPACE}CNY), 2022"
    )


@pytest.mark.parametrize("bad", [1, 10, True, 2.5, "five", [], [2.0, 1.0], [1.0, 1.0], [np.nan]])
def test_bad_classes_are_refused(bad: object) -> None:
    with pytest.raises(FigureError, match="class"):
        shading(VALUES, bad)  # type: ignore[arg-type]
