from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.patches import Rectangle

import panel
from panel.errors import FigureError
from panel.figures.lisamap import lisamap


@pytest.fixture(scope="module")
def local() -> panel.Moran:
    weights = panel.contiguity("china", links=("land", "strait"))
    frame = panel.load("china").rows(lambda t: t.year == 2022)
    return panel.local_moran(frame, "gdp_per_person", weights, permutations=199)


def test_significant_quadrants_are_clusters(local: panel.Moran) -> None:
    data = lisamap(local, 2022, alpha=0.1).data
    own = local.df.xs(2022, level=1)
    clear = own[own["p_permutation"] <= 0.1]
    assert data["cluster"][data["cluster"] != ""].to_dict() == clear["quadrant"].to_dict()
    assert data["p_value"].to_dict() == own["p_permutation"].to_dict()


def test_the_legend_counts_every_class(local: panel.Moran) -> None:
    picture = lisamap(local, 2022)
    counts = picture.data["cluster"].value_counts()
    entries = [t.get_text() for t in picture.figure.legends[0].get_texts()]
    assert entries == [
        f"HH: high among high ({counts.get('HH', 0)})",
        f"LL: low among low ({counts.get('LL', 0)})",
        f"HL: high among low ({counts.get('HL', 0)})",
        f"LH: low among high ({counts.get('LH', 0)})",
        f"Not significant ({counts['']})",
    ]


def test_clusters_are_written_on_their_tiles(local: panel.Moran) -> None:
    picture = lisamap(local, 2022)
    written = [t.get_text() for t in picture.figure.axes[0].texts]
    assert written.count("LL") == (picture.data["cluster"] == "LL").sum()


def test_a_map_without_clusters_is_drawn(local: panel.Moran) -> None:
    picture = lisamap(local, 2022, alpha=1e-9)
    assert (picture.data["cluster"] == "").all()
    assert picture.alt.endswith("none.")


def test_regions_without_a_statistic_are_hatched(local: panel.Moran) -> None:
    some = panel.Moran(local.variable, local.df.drop("CN-XZ", level=0))
    picture = lisamap(some, 2022)
    at = list(picture.data.index).index("CN-XZ")
    tiles = [p for p in picture.figure.axes[0].patches if isinstance(p, Rectangle)]
    assert tiles[at].get_hatch()
    assert picture.figure.legends[0].get_texts()[-1].get_text() == "No figure: Tibet"


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh", "人均GDP的局部集聚"), ("ru", "Локальные кластеры: 人均GDP")],
)
def test_languages(local: panel.Moran, language: str, text: str) -> None:
    assert lisamap(local, 2022, what="人均GDP", language=language).alt.startswith(text)


def test_mistakes_are_named(local: panel.Moran) -> None:
    with pytest.raises(FigureError, match="DataFrame has no quadrants"):
        lisamap(pd.DataFrame(), 2022)  # type: ignore[arg-type]
    with pytest.raises(FigureError, match=r"for 2021.*\n.*2022"):
        lisamap(local, 2021)
    with pytest.raises(FigureError, match="No region has a tile"):
        lisamap(local, 2022, pd.DataFrame({"row": [0], "col": [0]}, index=["TX"]))
