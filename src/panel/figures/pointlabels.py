"""Names beside points, where they hide neither one another nor the points."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Sheet

from panel.figures.style import lay_out
from panel.figures.wording import ems

FloatArray = np.ndarray[Any, np.dtype[np.float64]]

_SIZE = 6.0  # points
_GAP = 3.0  # points between a mark and its name


def label_points(
    figure: Sheet, axes: Axes, points: pd.DataFrame, names: Mapping[Any, str]
) -> list[Hashable]:
    """Write names beside their points, in the order given, and leave out those without room.

    Call it last, when the axes have their final place.

    Parameters
    ----------
    points : all points (n, 2) that names may not cover, x and y.
    names : text by the index of the points.

    Returns
    -------
    Those that found room.
    """
    lay_out(figure)
    scale = 72.0 / figure.dpi  # points a pixel
    at = axes.transData.transform(points.to_numpy(dtype=float)) * scale
    frame = axes.get_window_extent()
    inside = np.array([frame.x0, frame.y0, frame.x1, frame.y1]) * scale
    taken = [np.array([x - 1.5, y - 1.5, x + 1.5, y + 1.5]) for x, y in at]
    places = {key: i for i, key in enumerate(points.index)}
    placed: list[Hashable] = []
    for key, name in names.items():
        x, y = at[places[key]]
        width, half = ems(name) * _SIZE, 0.6 * _SIZE
        for dx, dy, ha in _around(width, half):
            box = np.array([x + dx, y + dy - half, x + dx + width, y + dy + half])
            if _fits(box, inside) and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                placed.append(key)
                start = {"left": dx, "right": dx + width, "center": 0.0}[ha]
                text = axes.annotate(
                    name, tuple(points.loc[[key]].to_numpy()[0]), xytext=(start, dy),
                    textcoords="offset points", ha=ha, va="center", size=_SIZE,
                )  # fmt: skip
                text.set_in_layout(False)
                break
    return placed


def _around(width: float, half: float) -> Iterable[tuple[float, float, str]]:
    """Left end and height of the name relative to its point: beside, above, below."""
    yield _GAP, 0.0, "left"
    yield -_GAP - width, 0.0, "right"
    yield -width / 2, _GAP + 1.3 * half, "center"
    yield -width / 2, -_GAP - 1.3 * half, "center"


def _fits(box: FloatArray, inside: FloatArray) -> bool:
    return bool((box[:2] >= inside[:2]).all() and (box[2:] <= inside[2:]).all())


def _overlap(a: FloatArray, b: FloatArray) -> bool:
    return bool((a[:2] < b[2:]).all() and (b[:2] < a[2:]).all())
