from __future__ import annotations

import pandas as pd

from panel.figures.pointlabels import label_points
from panel.figures.style import print_style, sheet


def placed(points: pd.DataFrame, names: dict[str, str]) -> list[object]:
    with print_style():
        figure, axes = sheet(3.0, 2.0)
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        return list(label_points(figure, axes, points, names))


def test_a_name_without_room_is_left_out() -> None:
    points = pd.DataFrame({"x": [0.5] * 6, "y": [0.5] * 6}, index=list("abcdef"))
    found = placed(points, dict.fromkeys(points.index, "A long name"))
    assert found == ["a", "b", "c", "d"]  # beside, above and below one point


def test_names_at_the_edge_go_inside() -> None:
    points = pd.DataFrame({"x": [0.0, 1.0], "y": [0.5, 0.5]}, index=["left", "right"])
    assert placed(points, {"left": "Left", "right": "Right"}) == ["left", "right"]
    assert placed(points, {"left": "x" * 90}) == []
