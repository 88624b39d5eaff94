"""Clusters of local spatial association on a tile-grid map."""

from __future__ import annotations

from typing import Any, Protocol

import pandas as pd
from matplotlib.colors import to_rgba
from matplotlib.patches import Patch

from panel.core.labels import Label
from panel.errors import FigureError
from panel.figures.figure import Figure, finished
from panel.figures.maps import Rgba, left_out, legend_of
from panel.figures.models import checked_alpha
from panel.figures.style import GREY, print_style
from panel.figures.tilegrid import draw_tiles, tile_sheet
from panel.figures.tiles import checked_tiles, grid_name, packaged_tiles
from panel.figures.wording import checked_language, joined, words

# Dark red and blue differ in letters too, which are written on the tiles.
_FILLS = {"HH": "#b2182b", "LL": "#2166ac", "HL": "#f4a582", "LH": "#92c5de", "": "#ffffff"}


class Local(Protocol):
    """What ``panel.local_moran`` returns."""

    @property
    def variable(self) -> Label:
        """Label of the variable."""

    @property
    def df(self) -> pd.DataFrame:
        """By (unit, time): quadrant and p_permutation."""


def lisamap(
    local: Local,
    year: Any,
    tiles: pd.DataFrame | None = None,
    *,
    what: str | None = None,
    alpha: float = 0.05,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Tile map of local Moran statistics: high among high neighbours, low among low, and mixed.

    Parameters
    ----------
    local : of ``panel.local_moran``.
    year : which of its years.
    tiles : places of the regions, as for ``panel.regionmap``.
    what : text of the variable; its label if left out.
    alpha : regions with a permutation p-value up to this level have a colour; with many regions
        some do by chance.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data are indexed by region with the columns row, col, label, name, quadrant,
    p_value and cluster (the quadrant where significant, else empty).

    Raises
    ------
    FigureError : something that is no local Moran statistic, a year that it does not have, no
        region with a tile, or an alpha outside (0, 1).

    References
    ----------
    Anselin (1995), Geographical Analysis 27.
    """
    checked_language(language)
    checked_alpha(alpha)
    own = _of_year(local, year)
    grid = packaged_tiles(own.index, language) if tiles is None else checked_tiles(tiles)
    data = _placed(own, grid, alpha, language)
    tiled = data.dropna(subset="row")
    there = tiled["quadrant"].notna()
    text = what or local.variable.text(language)
    heading = words("clusters in year", language, what=text, year=year, level=f"{alpha:g}")
    with print_style():
        figure, axes, tile = tile_sheet(tiled)
        fills: list[Rgba | None] = [
            to_rgba(_FILLS[c]) if ok else None
            for c, ok in zip(tiled["cluster"], there, strict=True)
        ]
        draw_tiles(axes, tiled, fills, list(tiled["cluster"]), tile)
        classes = [_entry(c, int((tiled["cluster"][there] == c).sum()), language) for c in _FILLS]
        nowhere = list(data.loc[data["row"].isna(), "name"])
        missing = list(tiled.loc[~there, "name"])
        others = left_out({"no figure": missing, "no tile": nowhere}, language)
        legend_of(figure, classes, others, heading)
        if title is not None:
            axes.set_title(title)
        return finished(figure, data, _alt(tiled[there], heading, language))


def _of_year(local: Any, year: Any) -> pd.DataFrame:
    table = getattr(local, "df", None)
    if not isinstance(table, pd.DataFrame) or "quadrant" not in table:
        raise FigureError(
            f"A {type(local).__name__} has no quadrants by region and year.",
            variable="local",
            remedy='pass what panel.local_moran(frame, "gdp", weights) returns.',
        )
    years = table.index.get_level_values(1)
    if year not in years:
        raise FigureError(
            f"There are no local statistics for {year!r}.", variable="year", value=year,
            remedy=f"there are for: {', '.join(map(str, sorted(set(years))))}.",
        )  # fmt: skip
    return pd.DataFrame(table.xs(year, level=1))


def _placed(own: pd.DataFrame, grid: pd.DataFrame, alpha: float, language: str) -> pd.DataFrame:
    homeless = [u for u in own.index if u not in grid.index]
    if len(homeless) == len(own):
        raise FigureError(
            f"No region has a tile; the first is {homeless[0]!r}.", variable="tiles",
            value=homeless[:3], remedy="use the same codes in tiles and in the statistics.",
        )  # fmt: skip
    data = grid.reindex([*grid.index, *homeless])
    quadrant = own["quadrant"].reindex(data.index)
    p = own["p_permutation"].reindex(data.index)
    return data.assign(
        name=[grid_name(u, language) for u in data.index],
        quadrant=quadrant,
        p_value=p,
        cluster=quadrant.where(p <= alpha, "").fillna(""),
    )


def _entry(cluster: str, n: int, language: str) -> Patch:
    text = words(f"cluster {cluster}" if cluster else "not significant", language)
    return Patch(label=f"{text} ({n})", facecolor=_FILLS[cluster], edgecolor=GREY, linewidth=0.3)


def _alt(data: pd.DataFrame, what: str, language: str) -> str:
    cases = [
        f"{words(f'cluster {c}', language)}: {joined(list(own['name']), language)}"
        for c, own in data[data["cluster"] != ""].groupby("cluster")
    ]
    return words(
        "alt clusters",
        language,
        what=what,
        n=len(data),
        cases="; ".join(cases) or words("none", language),
    )
