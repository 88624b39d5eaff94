"""Where each region stands on a tile grid, and what it is called.

The grids of the Chinese provinces and of the federal subjects of Russia are of our own design:
one tile a region, neighbours kept together as far as a grid allows. They are no official maps.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import lru_cache
from importlib.resources import files

import pandas as pd

from panel.core.frame import PanelFrame
from panel.core.labels import value_label
from panel.errors import FigureError, suggest
from panel.figures.wording import checked_language

_GRIDS = {"CN": "tiles_china.csv", "RU": "tiles_russia.csv"}  # by the prefix of ISO 3166-2


@lru_cache(maxsize=2)
def _grid(country: str) -> pd.DataFrame:
    """Positions, names and short names by code; not to be changed by the caller."""
    with (files("panel.figures") / _GRIDS[country]).open(encoding="utf-8") as file:
        return pd.read_csv(file, index_col="code", keep_default_na=False)


def region_words(frame: PanelFrame, unit: Hashable, language: str) -> str:
    """Short name of a region known by its ISO 3166-2 code; else the name that the frame has in a
    column name_en, name_zh or name_ru; else the region as it stands.
    """
    known = grid_name(unit, language)
    return known if known != str(unit) else value_label(unit, frame.unit, frame, language)


def grid_name(unit: Hashable, language: str) -> str:
    """Short name of a region known by its ISO 3166-2 code; else the region as it stands."""
    checked_language(language)
    if (country := str(unit)[:2]) in _GRIDS and str(unit) in (grid := _grid(country)).index:
        return str(grid.loc[str(unit), language])
    return str(unit)


def packaged_tiles(units: Iterable[Hashable], language: str) -> pd.DataFrame:
    """The grid of the country whose regions these are: index code, columns row, col, label.

    Raises
    ------
    FigureError : the regions belong to no grid, or to more than one.
    """
    checked_language(language)
    units = list(units)
    found = [c for c in _GRIDS if set(units) & set(_grid(c).index)]
    if len(found) != 1:
        what = "more than one tile grid" if found else "no tile grid"
        raise FigureError(
            f"The regions belong to {what}; the first is {units[0] if units else None!r}.",
            variable="tiles",
            value=units[:3],
            remedy="pass tiles=, a DataFrame with the regions as index and the columns row, col "
            "and label; grids by ISO 3166-2 code come with the package for "
            f"{' and '.join(_GRIDS)} (CN-JX, RU-VLG).",
        )
    grid = _grid(found[0])
    return grid[["row", "col"]].assign(label=grid[f"tile_{language}"])


def checked_tiles(tiles: pd.DataFrame) -> pd.DataFrame:
    """A user's own grid: index region, columns row, col, and label if it has none.

    Raises
    ------
    FigureError : a column is missing, or two regions share a place or a name.
    """
    for column in ("row", "col"):
        if column not in tiles.columns:
            raise FigureError(
                f"tiles has no column {column!r}.",
                variable=column,
                remedy=suggest(column, map(str, tiles.columns)),
            )
    for what, twice in (
        ("region", tiles.index.duplicated()),
        ("place", tiles.duplicated(["row", "col"]).to_numpy()),
    ):
        if twice.any():
            first = tiles.index[twice][0]
            raise FigureError(
                f"tiles gives one {what} twice; the second time at {first!r}.",
                variable="tiles",
                value=first,
                remedy="give every region one row and a place of its own.",
            )
    if "label" in tiles.columns:
        return tiles[["row", "col", "label"]]
    return tiles[["row", "col"]].assign(label=[str(u).rpartition("-")[2] for u in tiles.index])
