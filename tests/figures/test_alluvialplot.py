from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from panel.core.frame import PanelFrame
from panel.errors import FigureError, NotNumericError, UnknownRegionError, UnknownVariableError
from panel.figures.alluvialplot import alluvialplot


@pytest.fixture
def parts() -> PanelFrame:
    df = pd.DataFrame(
        {
            "region": ["CN-BJ"] * 3 + ["CN-JX"] * 3 + ["CN-XZ"] * 3,
            "year": [2010, 2015, 2020] * 3,
            "a": [1.0, 2.0, 3.0, 1.0, 1.0, 1.0, 9.0, np.nan, 9.0],
            "b": [3.0, 2.0, 1.0, 5.0, 5.0, 3.0, 9.0, 9.0, 9.0],
            "name": ["x"] * 9,
        }
    )
    labels = {"a": {"en": "Farms", "zh": "农业", "ru": "Сельское хозяйство"}}
    return PanelFrame.from_pandas(df, "region", "year", {"a": "亿元", "b": "亿元"}, labels)


def test_shares_are_of_regions_with_all_parts(parts: PanelFrame) -> None:
    picture = alluvialplot(parts, ["a", "b"])
    own = picture.data.set_index(["time", "part"])
    assert own.loc[(2010, "a"), "share"] == 2 / 10
    assert own.loc[(2020, "b"), "value"] == 4.0
    assert own["regions"].unique().tolist() == [2]  # Tibet lacks a figure
    assert picture.alt == (
        "Shares, 2 regions, 2010 to 2020. Farms: from 20.0% to 50.0%; b: from 80.0% to 50.0%."
    )


def test_one_region_and_some_years(parts: PanelFrame) -> None:
    picture = alluvialplot(parts, ["a", "b"], region="CN-BJ", years=[2020, 2010])
    assert picture.data["time"].unique().tolist() == [2010, 2020]
    assert picture.data["share"].tolist() == [0.25, 0.75, 0.75, 0.25]
    assert "Beijing" in picture.figure.axes[0].get_xlabel()


def test_bars_add_up_to_one(parts: PanelFrame) -> None:
    assert alluvialplot(parts, ["a", "b"]).figure.axes[0].get_ylim()[1] >= 1.0
    shares = alluvialplot(parts, ["a", "b"]).data.groupby("time")["share"].sum()
    np.testing.assert_allclose(shares, 1.0, rtol=1e-12)


@pytest.mark.parametrize(
    ("language", "entry", "text"),
    [
        ("zh", "农业", "占比（%），2个地区"),
        ("ru", "Сельское хозяйство", "Доли в процентах, регионов 2"),
    ],
)
def test_languages(parts: PanelFrame, language: str, entry: str, text: str) -> None:
    picture = alluvialplot(parts, ["a", "b"], language=language)
    assert picture.figure.legends[0].get_texts()[0].get_text() == entry
    assert picture.figure.axes[0].get_xlabel() == text


def test_mistakes_are_named(parts: PanelFrame) -> None:
    with pytest.raises(FigureError, match="2 to 7 parts"):
        alluvialplot(parts, ["a"])
    with pytest.raises(UnknownVariableError, match="'c' is not in"):
        alluvialplot(parts, ["a", "c"])
    with pytest.raises(NotNumericError, match="'name' is text"):
        alluvialplot(parts, ["a", "name"])
    with pytest.raises(FigureError, match="several units"):
        alluvialplot(parts.describe("b", unit="%"), ["a", "b"])
    with pytest.raises(FigureError, match="no year 1999"):
        alluvialplot(parts, ["a", "b"], years=[1999, 2010])
    with pytest.raises(FigureError, match="two years or more"):
        alluvialplot(parts, ["a", "b"], years=[2010])
    with pytest.raises(UnknownRegionError, match="'CN-ZZ' is not among"):
        alluvialplot(parts, ["a", "b"], region="CN-ZZ")
    with pytest.raises(FigureError, match="No region has all parts"):
        alluvialplot(parts, ["a", "b"], region="CN-XZ")
    with pytest.raises(FigureError, match="There is a negative part"):
        alluvialplot(parts.assign(b=-parts["b"]), ["a", "b"])
