from __future__ import annotations

import pandas as pd
import pytest

from panel.core.frame import PanelFrame
from panel.errors import FigureError
from panel.figures.tiles import checked_tiles, packaged_tiles, region_words
from panel.sources.regions import candidates


@pytest.mark.parametrize(("country", "regions"), [("CN-JX", 31), ("RU-VLG", 83)])
@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_places_and_names_are_unique(
    frame: PanelFrame, country: str, regions: int, language: str
) -> None:
    grid = packaged_tiles([country], language)
    assert len(grid) == regions
    assert grid.index.is_unique
    assert not grid.duplicated(["row", "col"]).any()
    assert grid["label"].is_unique
    assert pd.Series([region_words(frame, u, language) for u in grid.index]).is_unique


@pytest.mark.parametrize("country", ["CN-JX", "RU-VLG"])
@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_every_name_means_the_region_it_stands_for(
    frame: PanelFrame, country: str, language: str
) -> None:
    for code in packaged_tiles([country], language).index:
        # "Moscow" is the label of the city, and a name that may also mean the oblast
        meant = candidates(region_words(frame, code, language), level=1)
        assert code in {region.code for region in meant}


def test_another_region_has_the_name_of_the_frame_or_its_own(frame: PanelFrame) -> None:
    df = pd.DataFrame({"unit": ["US-TX", "CN-00"], "t": 2020, "name_en": ["Texas", "Nowhere"]})
    named = PanelFrame.from_pandas(df, "unit", "t")
    assert region_words(named, "US-TX", "en") == "Texas"
    assert region_words(named, "US-TX", "ru") == "US-TX"
    assert region_words(frame, "CN-00", "en") == "CN-00"
    assert region_words(frame, 36, "zh") == "36"


def test_regions_of_two_countries_need_a_grid_of_their_own() -> None:
    with pytest.raises(FigureError, match="more than one tile grid"):
        packaged_tiles(["CN-JX", "RU-VLG"], "en")


def test_own_grid_is_checked() -> None:
    good = pd.DataFrame({"row": [0, 0], "col": [0, 1]}, index=["US-TX", "Ohio"])
    assert checked_tiles(good)["label"].tolist() == ["TX", "Ohio"]
    with pytest.raises(FigureError, match="no column 'col'"):
        checked_tiles(good[["row"]])
    with pytest.raises(FigureError, match=r"place twice.*'Ohio'"):
        checked_tiles(good.assign(col=0))
    with pytest.raises(FigureError, match=r"region twice.*'US-TX'"):
        checked_tiles(good.set_axis(["US-TX", "US-TX"]))
