from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import PathPatch

from panel.core.frame import PanelFrame
from panel.errors import FigureError
from panel.figures.figure import Figure
from panel.figures.polygonmap import polygonmap
from panel.figures.shapes import signed_area


def square(west: float, size: float = 1.0) -> list[list[float]]:
    east = west + size
    return [[west, 0.0], [east, 0.0], [east, size], [west, size], [west, 0.0]]


def shapes() -> dict[str, Any]:
    hole = [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8], [0.2, 0.2]]
    rings = {"CN-BJ": [square(0.0), hole], "CN-GD": [square(1.0)], "XX": [square(2.0)]}
    return {
        "type": "FeatureCollection",
        "features": [
            {"id": name, "geometry": {"type": "Polygon", "coordinates": r}}
            for name, r in rings.items()
        ],
    }


def patches(picture: Figure) -> list[PathPatch]:
    return [p for p in picture.figure.axes[0].patches if isinstance(p, PathPatch)]


def test_shapes_have_their_figures_and_the_rest_is_said(frame: PanelFrame) -> None:
    picture = polygonmap(frame, "output", 2022, shapes())
    assert picture.data["value"].iloc[:2].tolist() == [14.0, 34.0]
    assert np.isnan(picture.data.loc["XX", "value"])
    entries = [t.get_text() for t in picture.figure.legends[0].get_texts()]
    assert entries == ["No figure: XX", "Without an outline: Tibet"]
    assert [bool(p.get_hatch()) for p in patches(picture)] == [False, False, True]
    assert picture.figure.axes[1].get_xlim()[1] == 34.0  # Tibet's 42 has no say in the colours


def test_holes_stay_empty(frame: PanelFrame) -> None:
    patch = patches(polygonmap(frame, "output", 2022, shapes()))[0]
    outside, hole = (signed_area(np.asarray(r)) for r in patch.get_path().to_polygons())
    assert outside > 0 > hole  # the winding number inside the hole is zero


def test_geopandas_frames_are_drawn(frame: PanelFrame) -> None:
    geopandas = pytest.importorskip("geopandas")
    own = geopandas.GeoDataFrame(
        {"iso": ["CN-BJ", "CN-GD"]},
        geometry=geopandas.GeoSeries.from_wkt(
            ["POLYGON((0 0,1 0,1 1,0 0))", "POLYGON((1 0,2 0,2 1,1 0))"]
        ),
    )
    assert polygonmap(frame, "output", 2020, own, key="iso").data["value"].tolist()[:2] == [10, 30]
    assert len(polygonmap(frame, "output", 2020, own.set_index("iso")).data) == 4


@pytest.mark.parametrize(("language", "text"), [("zh", "地图：工业产出"), ("ru", "Карта: Выпуск")])
def test_languages(frame: PanelFrame, language: str, text: str) -> None:
    assert polygonmap(frame, "output", 2020, shapes(), language=language).alt.startswith(text)


def test_classes_have_entries(frame: PanelFrame) -> None:
    picture = polygonmap(frame, "output", 2022, shapes(), classes=[20.0])
    entries = [t.get_text() for t in picture.figure.legends[0].get_texts()]
    assert entries[:2] == ["≤ 20.0 (1)", "> 20.0 (1)"]


def test_numbered_regions_match_their_text() -> None:
    df = pd.DataFrame({"code": [1, 2], "year": 2020, "y": [5.0, 6.0]})
    content = shapes()
    content["features"] = [{**content["features"][0], "id": "2"}]
    picture = polygonmap(PanelFrame.from_pandas(df, "code", "year"), "y", 2020, content)
    assert picture.data["value"].to_dict() == {2: 6.0, 1: 5.0}


def test_mistakes_are_named(frame: PanelFrame) -> None:
    with pytest.raises(FigureError, match="No region of the frame has a shape"):
        polygonmap(frame, "output", 2022, {"features": shapes()["features"][2:]})
    with pytest.raises(FigureError, match="no year 2023"):
        polygonmap(frame, "output", 2023, shapes())
