from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.frame import PanelFrame
from panel.errors import FigureError
from panel.figures.phrases import PHRASES
from panel.figures.wording import (
    NumberTicks,
    checked_language,
    decimals_for,
    number_words,
    variable_words,
    wrapped,
)


def test_every_entry_has_three_languages_with_the_same_parts() -> None:
    import string

    for key, entry in PHRASES.items():
        parts = [{p for _, p, _, _ in string.Formatter().parse(text) if p} for text in entry]
        assert parts[0] == parts[1] == parts[2], key


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "−1,234.50"), ("zh", "−1,234.50"), ("ru", "−1\u202f234,50")],
)
def test_numbers_follow_the_language(language: str, text: str) -> None:
    assert number_words(-1234.5, language, 2) == text


def test_ticks_share_their_decimals() -> None:
    assert NumberTicks("en").format_ticks([0.0, 0.5, 1.0]) == ["0.0", "0.5", "1.0"]
    assert NumberTicks("en").format_ticks([0.0, 0.1 + 0.2]) == ["0.0", "0.3"]
    assert NumberTicks("ru").format_ticks([0.0, 2000.0]) == ["0", "2\u202f000"]
    assert NumberTicks("en")(2.5) == "2.5"


def test_decimals_leave_three_digits() -> None:
    assert [decimals_for([v]) for v in (0.0, 0.01234, 0.5, 7.0, 71.2, 8379.0)] == [0, 4, 3, 2, 1, 0]


def test_unit_stands_in_brackets_and_on_one_line(frame: PanelFrame) -> None:
    assert variable_words(frame, "share", "en") == "Digital share (%)"
    assert variable_words(frame, "output", "zh") == "工业产出（亿元）"
    assert " " not in variable_words(frame, "output", "ru").removeprefix("Выпуск ")
    assert variable_words(frame, "zone", "en") == "zone"
    assert variable_words(frame, "year", "en") == "year"


def test_long_labels_are_wrapped_by_width() -> None:
    assert wrapped("有电子商务交易活动的企业数比重", 20) == "有电子商务交易活动的\n企业数比重"
    assert wrapped("Share of enterprises", 30) == "Share of enterprises"


def test_unknown_language_is_refused() -> None:
    with pytest.raises(FigureError, match="one of en, zh, ru"):
        checked_language("eng")


@pytest.mark.parametrize(
    ("language", "label"), [("en", "Output"), ("zh", "产出"), ("ru", "Выпуск")]
)
def test_pictures_of_results_that_left_their_frame_know_its_labels(
    language: str, label: str
) -> None:
    borders = panel.contiguity("china", links=("land", "strait"))
    draw = np.random.default_rng(0)
    table = pd.DataFrame({
        "region": list(borders.regions) * 3, "year": np.repeat([2001, 2002, 2003], 31),
        "y": draw.lognormal(size=93),
    })  # fmt: skip
    frame = PanelFrame.from_pandas(table, "region", "year").describe(
        "y", labels={"en": "Output", "zh": "产出", "ru": "Выпуск"}
    )
    pictures = [
        panel.ridgeplot(panel.densities(frame, "y"), language=language),
        panel.contourplot(panel.stochastic_kernel(frame, "y"), language=language),
        panel.markovplot(panel.markov(frame, "y"), language=language),
        panel.lisamap(panel.local_moran(frame, "y", borders, permutations=9), 2003,
                      language=language),
    ]  # fmt: skip
    for picture in pictures:
        assert label in picture.alt


def test_a_figure_of_one_variable_takes_one(frame: PanelFrame) -> None:
    with pytest.raises(FigureError, match="cannot draw") as caught:
        panel.trendplot(frame, ["gdp", "gdp"])  # type: ignore[arg-type]
    assert "one variable" in str(caught.value)
