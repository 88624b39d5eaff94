"""Tiles of regions: where they are drawn, what is written on them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure as Sheet
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from panel.figures.maps import Rgba
from panel.figures.style import GREY, HATCH, PALE, WIDTH, fitting_size, ink_on, sheet

_LARGEST = 0.66  # inches: a tile need not be larger
_SMALLEST = 5.0  # points: smaller figures cannot be read in print


def tile_sheet(data: pd.DataFrame) -> tuple[Sheet, Axes, float]:
    """Axes in tile units, rows downward, without a frame; and the side of a tile in inches.

    The legends make the figure higher.

    Parameters
    ----------
    data : one row a tile, columns row and col.
    """
    columns = int(data["col"].max() - data["col"].min()) + 1
    rows = int(data["row"].max() - data["row"].min()) + 1
    tile = min(_LARGEST, WIDTH / columns)
    figure, axes = sheet(max(tile * columns, 3.5) + 0.1, tile * rows + 0.1)
    axes.set_xlim(data["col"].min() - 0.5, data["col"].max() + 0.5)
    axes.set_ylim(data["row"].max() + 0.5, data["row"].min() - 0.5)
    axes.set_aspect("equal")
    axes.set_axis_off()
    return figure, axes, tile


def draw_tiles(
    axes: Axes,
    data: pd.DataFrame,
    fills: Sequence[Rgba | None],
    written: Sequence[str],
    tile: float,
) -> None:
    """Tiles of ``tile`` inches with their names, and with what is ``written`` if all of it fits.

    Parameters
    ----------
    data : one row a tile, columns row, col, label.
    fills : colour of each tile; None is hatched.
    """
    names = [str(label).replace(" ", "\n") for label in data["label"]]
    size = fitting_size([line for name in names for line in name.split("\n")], 68 * tile, 7.0)
    small = fitting_size(written, 68 * tile, 6.0)
    columns, rows = (data[c].to_numpy(dtype=float) for c in ("col", "row"))
    for x, y, fill, name, text in zip(columns, rows, fills, names, written, strict=True):
        face = to_rgba(PALE) if fill is None else fill
        square = Rectangle((x - 0.48, y - 0.48), 0.96, 0.96)
        square.set(facecolor=face, edgecolor=GREY, linewidth=0.3)
        axes.add_artist(square)
        below = text if small >= _SMALLEST else ""
        label = _write(axes, (x, y - (0.12 if below else 0.0)), name, size, ink_on(face))
        if fill is None:
            square.set_hatch(HATCH)
            label.set_bbox({"facecolor": PALE, "edgecolor": "none", "pad": 0.8})
        _write(axes, (x, y + 0.28), below, small, ink_on(face))


def _write(axes: Axes, at: tuple[float, float], text: str, size: float, ink: str) -> Text:
    return axes.text(*at, text, size=size, color=ink, ha="center", va="center", linespacing=1.0)
