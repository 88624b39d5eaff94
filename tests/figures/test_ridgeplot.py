from __future__ import annotations

import pandas as pd
import pytest

import panel
from panel.core.frame import PanelFrame
from panel.errors import FigureError
from panel.figures.ridgeplot import ridgeplot


@pytest.fixture
def found(frame: PanelFrame) -> panel.Densities:
    return panel.densities(frame, "output", bandwidth=4.0, points=50)


def test_the_densities_are_drawn_as_they_are(found: panel.Densities) -> None:
    picture = ridgeplot(found)
    own = picture.data.pivot_table(index="x", columns="time", values="density")
    pd.testing.assert_frame_equal(own, found.df, check_names=False)
    ticks = picture.figure.axes[0].get_yticklabels()
    assert [t.get_text() for t in ticks] == ["2020", "2021", "2022", "2024"]


def test_years_can_be_chosen_and_the_modes_are_told(found: panel.Densities) -> None:
    picture = ridgeplot(found, [2020, 2024])
    assert picture.data["time"].unique().tolist() == [2020, 2024]
    mode = found.df[2024].idxmax()
    assert f"{mode:.3g} in 2024" in picture.alt


@pytest.mark.parametrize(
    ("language", "text"), [("zh", "产出（各年密度"), ("ru", "产出 (плотность по годам")]
)
def test_languages(found: panel.Densities, language: str, text: str) -> None:
    picture = ridgeplot(found, what="产出", language=language)
    assert picture.figure.axes[0].get_xlabel().startswith(text)
    assert "产出" in picture.alt


def test_mistakes_are_named(found: panel.Densities, frame: PanelFrame) -> None:
    with pytest.raises(FigureError, match=r"no density of 1999.*\n.*2020"):
        ridgeplot(found, [1999])
    with pytest.raises(FigureError, match="0 ridges"):
        ridgeplot(found, [])
    with pytest.raises(FigureError, match="PanelFrame has no densities"):
        ridgeplot(frame)  # type: ignore[arg-type]
