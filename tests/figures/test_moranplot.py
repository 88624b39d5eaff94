from __future__ import annotations

import numpy as np
import pytest

import panel
from panel.core.frame import PanelFrame
from panel.errors import FigureError, UnknownRegionError
from panel.figures.moranplot import moranplot


@pytest.fixture(scope="module")
def china() -> PanelFrame:
    return panel.load("china")


@pytest.fixture(scope="module")
def weights() -> panel.SpatialWeights:
    return panel.contiguity("china", links=("land", "strait"))


def test_the_slope_is_morans_i(china: PanelFrame, weights: panel.SpatialWeights) -> None:
    picture = moranplot(china, "gdp_per_person", weights, 2022)
    value = panel.moran(china, "gdp_per_person", weights, sample="year == 2022", permutations=1)
    moran = value.df.loc[2022, "moran"]
    slope = np.polyfit(picture.data["z"], picture.data["lag"], 1)[0]
    assert slope == pytest.approx(moran, rel=1e-10)
    assert picture.figure.legends[0].get_texts()[0].get_text() == f"Moran’s I = {moran:.3f}"


def test_quadrants_and_neighbours(china: PanelFrame, weights: panel.SpatialWeights) -> None:
    data = moranplot(china, "gdp_per_person", weights, 2022).data
    local = panel.local_moran(
        china, "gdp_per_person", weights, sample="year == 2022", permutations=1
    )
    assert data["quadrant"].tolist() == local.df["quadrant"].tolist()
    near = list(weights.neighbours("CN-JX"))
    assert data.loc["CN-JX", "lag"] == pytest.approx(data.loc[near, "z"].mean(), rel=1e-12)


def test_regions_without_a_figure_are_left_out(
    china: PanelFrame, weights: panel.SpatialWeights
) -> None:
    data = moranplot(china, "digital_index", weights, 2022).data
    assert "CN-XZ" not in data.index
    assert data["z"].std(ddof=0) == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize(("language", "text"), [("zh", "莫兰指数I ="), ("ru", "Индекс Морана I =")])
def test_languages(
    china: PanelFrame, weights: panel.SpatialWeights, language: str, text: str
) -> None:
    picture = moranplot(china, "gdp", weights, 2022, language=language)
    assert picture.figure.legends[0].get_texts()[0].get_text().startswith(text)
    assert "31" in picture.alt


def test_mistakes_are_named(china: PanelFrame, weights: panel.SpatialWeights) -> None:
    same = china.assign(one=np.ones(len(china)))
    with pytest.raises(FigureError, match="4 that vary"):
        moranplot(same, "one", weights, 2022)
    with pytest.raises(FigureError, match="no year 1999"):
        moranplot(china, "gdp", weights, 1999)
    with pytest.raises(UnknownRegionError, match="no region 'RU-"):
        moranplot(panel.load("russia"), "co2", weights, 2015)
