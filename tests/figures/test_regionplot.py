from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from panel.core.frame import PanelFrame
from panel.errors import FigureError, NotNumericError, UnknownRegionError
from panel.figures.regionplot import regionplot


def titles(picture: object) -> list[str]:
    axes = picture.figure.axes  # type: ignore[attr-defined]
    return [a.get_title() for a in axes if a.get_visible()]


def test_every_region_has_a_panel_with_gaps_and_the_mean(frame: PanelFrame) -> None:
    picture = regionplot(frame, "output")
    assert titles(picture) == ["Beijing", "Guangdong", "Jiangxi", "Tibet"]
    own = picture.data.set_index(["region", "time"])
    assert own.loc[("CN-JX", 2021), "value"] == 22.0
    assert np.isnan(own.loc[("CN-JX", 2022), "value"])
    assert np.isnan(own.loc[("CN-JX", 2023), "value"])  # nobody has that year
    assert own.loc[("CN-JX", 2020), "mean"] == 25.0


def test_order_and_choice(frame: PanelFrame) -> None:
    assert titles(regionplot(frame, "output", order="level")) == [
        "Tibet", "Guangdong", "Jiangxi", "Beijing",
    ]  # fmt: skip
    assert titles(regionplot(frame, "share", order="change")) == [
        "Beijing", "Jiangxi", "Tibet", "Guangdong",
    ]  # fmt: skip
    assert titles(regionplot(frame, "output", regions=["CN-XZ", "CN-BJ"])) == ["Tibet", "Beijing"]


def test_own_scales_write_the_last_figure(frame: PanelFrame) -> None:
    picture = regionplot(frame, "output", common=False)
    written = [a.texts[0].get_text() for a in picture.figure.axes]
    assert written == ["16.0", "40.0", "28.0", "44.0"]
    limits = {a.get_ylim() for a in picture.figure.axes}
    assert len(limits) == 4


@pytest.mark.parametrize(("language", "text"), [("zh", "灰线"), ("ru", "Серым")])
def test_languages(frame: PanelFrame, language: str, text: str) -> None:
    picture = regionplot(frame, "output", language=language)
    assert picture.figure.get_supxlabel().startswith(text)
    assert "4" in picture.alt


def test_mistakes_are_named(frame: PanelFrame) -> None:
    with pytest.raises(UnknownRegionError, match="did you mean 'CN-BJ'"):
        regionplot(frame, "output", regions=["CN-BB"])
    with pytest.raises(FigureError, match="no order 'size'"):
        regionplot(frame, "output", order="size")  # type: ignore[arg-type]
    with pytest.raises(NotNumericError, match="'zone' is text"):
        regionplot(frame, "zone")
    many = pd.DataFrame({"u": range(101), "t": 2020, "y": 1.0})
    with pytest.raises(FigureError, match="101 regions do not fit"):
        regionplot(PanelFrame.from_pandas(many, "u", "t"), "y")


def test_a_long_name_stays_beside_a_low_picture(frame: PanelFrame) -> None:
    named = frame.describe(
        "output", labels={"en": "Gross output of industry at the prices of 2015"}
    )
    sheet = regionplot(named, "output").figure
    sheet.canvas.draw()
    (label,) = (t for t in sheet.texts if t.get_text().startswith("Gross"))
    box = label.get_window_extent()
    assert box.y0 >= 0
    assert box.y1 <= sheet.bbox.height
