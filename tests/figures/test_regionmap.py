from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from panel.core.frame import PanelFrame
from panel.errors import FigureError, NotNumericError, UnknownVariableError
from panel.figures.figure import Figure
from panel.figures.regionmap import regionmap


def tile(picture: Figure, unit: str) -> Rectangle:
    patch = picture.figure.axes[0].patches[list(picture.data.index).index(unit)]
    assert isinstance(patch, Rectangle)
    return patch


def test_every_region_has_a_tile_with_its_figure(frame: PanelFrame) -> None:
    picture = regionmap(frame, "output", 2022)
    assert len(picture.figure.axes[0].patches) == len(picture.data) == 31
    assert picture.data["value"].dropna().to_dict() == {"CN-BJ": 14.0, "CN-GD": 34.0, "CN-XZ": 42.0}
    written = {t.get_text() for t in picture.figure.axes[0].texts}
    assert {"Beijing", "Inner\nMongolia", "14.0", "34.0", "42.0"} <= written


def test_a_larger_figure_is_darker(frame: PanelFrame) -> None:
    picture = regionmap(frame, "output", 2022)
    light = [sum(tile(picture, u).get_facecolor()[:3]) for u in ("CN-BJ", "CN-GD", "CN-XZ")]
    assert light == sorted(light, reverse=True)


def test_missing_regions_are_hatched_and_explained(frame: PanelFrame) -> None:
    picture = regionmap(frame, "output", 2022)
    assert tile(picture, "CN-JX").get_hatch()
    assert not tile(picture, "CN-BJ").get_hatch()
    (entry,) = picture.figure.legends[0].get_texts()
    assert entry.get_text() == "No figure: 28 regions"


def test_few_missing_regions_are_named() -> None:
    df = pd.DataFrame({"unit": ["a", "b"], "year": 2020, "y": [1.0, 2.0]})
    grid = pd.DataFrame({"row": 0, "col": [0, 1, 2]}, index=["a", "b", "c"])
    picture = regionmap(PanelFrame.from_pandas(df, "unit", "year"), "y", 2020, grid)
    assert [t.get_text() for t in picture.figure.legends[0].get_texts()] == ["No figure: c"]


def test_colour_bar_and_alt_say_what_and_when(frame: PanelFrame) -> None:
    picture = regionmap(frame, "share", 2020, language="ru")
    assert picture.figure.axes[1].get_xlabel() == "Доля (%), 2020"
    assert picture.alt == (
        "Плиточная карта: Доля (%), 2020; регионов: 4, от 1,00 (Пекин) до 5,00 (Цзянси)."
    )


def test_both_signs_put_white_at_zero(frame: PanelFrame) -> None:
    centred = frame.assign(change=frame["output"] - 25.0)
    picture = regionmap(centred, "change", 2020)
    assert picture.figure.axes[1].get_xlim() == (-15.0, 15.0)


def test_one_value_everywhere_can_be_drawn(frame: PanelFrame) -> None:
    same = frame.assign(one=np.ones(len(frame)))
    assert (regionmap(same, "one", 2020).data["value"].dropna() == 1.0).all()


def test_russian_grid_is_found_by_the_codes() -> None:
    df = pd.DataFrame({"region": ["RU-VLG", "RU-MOW"], "year": 2020, "y": [1.0, 2.0]})
    picture = regionmap(PanelFrame.from_pandas(df, "region", "year"), "y", 2020, language="ru")
    assert len(picture.data) == 83
    assert picture.data.loc["RU-VLG", "label"] == "Влг"


def test_mistakes_are_named(frame: PanelFrame) -> None:
    with pytest.raises(UnknownVariableError, match="did you mean 'output'"):
        regionmap(frame, "outputt", 2020)
    with pytest.raises(FigureError, match=r"no year 2023.*\n.*2020, 2021, 2022, 2024"):
        regionmap(frame, "output", 2023)
    with pytest.raises(NotNumericError, match="Remedy: draw a number"):
        regionmap(frame, "zone", 2020)
    gone = frame.assign(output=frame["output"].where(frame["year"] != 2020))
    with pytest.raises(FigureError, match=r"no figure in 2020.*\n.*2021, 2022, 2024"):
        regionmap(gone, "output", 2020)
    with pytest.raises(FigureError, match="no words in language 'fr'"):
        regionmap(frame, "output", 2020, language="fr")


def test_regions_without_a_tile_are_named_in_the_legend() -> None:
    df = pd.DataFrame({"region": ["RU-VLG", "RU"], "year": 2020, "y": [1.0, 200.0]})
    picture = regionmap(PanelFrame.from_pandas(df, "region", "year"), "y", 2020)
    entries = [t.get_text() for t in picture.figure.legends[0].get_texts()]
    assert entries == ["No figure: 82 regions", "Not on the grid: RU"]
    assert picture.data.loc["RU", "value"] == 200.0
    assert picture.figure.axes[1].get_xlim()[1] < 200.0  # it has no say in the colours


def test_a_grid_of_other_regions_is_refused(frame: PanelFrame) -> None:
    df = pd.DataFrame({"region": ["Texas", "Ohio"], "year": 2020, "y": [1.0, 2.0]})
    other = PanelFrame.from_pandas(df, "region", "year")
    with pytest.raises(FigureError, match="pass tiles="):
        regionmap(other, "y", 2020)
    with pytest.raises(FigureError, match="'Ohio'"):
        regionmap(other, "y", 2020, pd.DataFrame({"row": 0, "col": 0}, index=["TX"]))
