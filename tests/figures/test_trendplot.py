from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from panel.core.frame import PanelFrame
from panel.errors import FigureError, NotNumericError, UnknownRegionError, UnknownVariableError
from panel.figures.trendplot import trendplot


def test_mean_and_quartiles_are_those_computed_by_hand(frame: PanelFrame) -> None:
    data = trendplot(frame, "output").data.set_index("time")
    # 2020: 10, 20, 30, 40; 2021: 12, 22, 32; 2022: 14, 34, 42.
    assert data.loc[2020, ["value", "low", "high"]].tolist() == [25.0, 17.5, 32.5]
    assert data.loc[2021, ["value", "low", "high"]].tolist() == [22.0, 17.0, 27.0]
    assert data.loc[2022, "value"] == 30.0
    assert data["regions"].tolist() == [4, 3, 3, 0, 4]


def test_range_band_reaches_from_least_to_most(frame: PanelFrame) -> None:
    data = trendplot(frame, "output", band="range").data.set_index("time")
    assert data.loc[2022, ["low", "high"]].tolist() == [14.0, 42.0]


def test_without_band_nothing_is_shaded(frame: PanelFrame) -> None:
    picture = trendplot(frame, "output", band=None)
    assert not picture.figure.axes[0].collections
    assert picture.data["low"].isna().all()


def test_a_year_without_rows_breaks_the_line(frame: PanelFrame) -> None:
    line = trendplot(frame, "output").figure.axes[0].lines[0]
    drawn = dict(zip(line.get_xdata(), line.get_ydata(), strict=True))
    assert np.isnan(drawn[2023])
    assert drawn[2024] == 32.0


def test_groups_have_a_line_each_with_marks_of_their_own(frame: PanelFrame) -> None:
    picture = trendplot(frame, "output", by="zone", labels={"East": "Coast"})
    assert picture.data["series"].unique().tolist() == [
        "Central: mean of 1 regions",
        "Coast: mean of 2 regions",
        "West: mean of 1 regions",
    ]
    lines = picture.figure.axes[0].lines
    looks = {(line.get_color(), line.get_linestyle(), line.get_marker()) for line in lines}
    assert len(looks) == len({marker for _, _, marker in looks}) == 3
    east = picture.data[picture.data["series"].str.startswith("Coast")]
    assert east["value"].iloc[0] == 20.0


def test_highlighted_region_is_named_and_drawn(frame: PanelFrame) -> None:
    data = trendplot(frame, "output", highlight=["CN-JX"]).data
    own = data[data["series"] == "Jiangxi"].set_index("time")["value"]
    assert own.loc[2024] == 28.0
    assert np.isnan(own.loc[2022])


def test_axis_says_label_and_unit_and_the_legend_says_the_band(frame: PanelFrame) -> None:
    picture = trendplot(frame, "output")
    axes = picture.figure.axes[0]
    assert axes.get_ylabel() == "Industrial output\n(100 million CNY)".replace("\n", " ").replace(
        "100 million CNY", "100\N{NO-BREAK SPACE}million\N{NO-BREAK SPACE}CNY"
    )
    entries = [t.get_text() for t in picture.figure.legends[0].get_texts()]
    assert entries == ["Mean of 3–4 regions", "Interquartile range"]
    assert picture.alt.startswith("Line chart of Industrial output")
    assert "from 25.0 to 32.0" in picture.alt


def test_russian_words_and_numbers(frame: PanelFrame) -> None:
    picture = trendplot(frame, "output", highlight=["CN-BJ"], language="ru")
    assert "Выпуск" in picture.alt
    assert "25,0" in picture.alt
    assert "Пекин" in picture.alt


def test_quarters_follow_the_calendar() -> None:
    quarters = pd.PeriodIndex(["2020Q1", "2020Q2", "2020Q4"], freq="Q")
    df = pd.DataFrame({"unit": "A", "quarter": quarters, "y": [1.0, 2.0, 4.0]})
    data = trendplot(PanelFrame.from_pandas(df, "unit", "quarter"), "y").data
    assert data["time"].astype(str).tolist() == ["2020Q1", "2020Q2", "2020Q3", "2020Q4"]
    assert np.isnan(data["value"].iloc[2])


def test_dataframe_with_a_two_level_index_will_do(frame: PanelFrame) -> None:
    assert trendplot(frame.data, "output").data["value"].iloc[0] == 25.0


def test_regions_without_a_group_are_not_lost(frame: PanelFrame) -> None:
    some = frame.assign(zone=frame["zone"].where(frame["zone"] != "West"))
    data = trendplot(some, "output", by="zone").data
    own = data[data["series"].str.startswith("No group")].set_index("time")
    assert own.loc[2020, "value"] == 40.0
    assert data.groupby("time")["regions"].sum().loc[2020] == 4


def test_mistakes_are_named(frame: PanelFrame) -> None:
    with pytest.raises(UnknownVariableError, match="did you mean 'output'"):
        trendplot(frame, "outputs")
    with pytest.raises(UnknownVariableError, match="did you mean 'zone'"):
        trendplot(frame, "output", by="zones")
    with pytest.raises(UnknownRegionError, match="CN-JX"):
        trendplot(frame, "output", highlight=["CN-JXX"])
    with pytest.raises(NotNumericError, match="zone"):
        trendplot(frame, "zone")
    with pytest.raises(FigureError, match="quartiles"):
        trendplot(frame, "output", band="quartile")  # type: ignore[arg-type]
    empty = frame.assign(nothing=np.full(len(frame), np.nan))
    with pytest.raises(FigureError, match="no figure in any"):
        trendplot(empty, "nothing")
    gone = frame.assign(share=frame["share"].where(frame["share"] > 1.0))
    with pytest.raises(FigureError, match="'CN-BJ'"):
        trendplot(gone.rows(frame["year"] == 2020), "share", highlight=["CN-BJ"])


def test_a_region_is_highlighted_by_its_key_or_any_name(frame: PanelFrame) -> None:
    named = frame.assign(name_zh=["江西" if u == "CN-JX" else str(u) for u in _keys(frame)])
    expected = trendplot(frame, "output", highlight=["CN-JX"]).data
    for highlight in ("CN-JX", "江西", ["江西"]):
        pd.testing.assert_frame_equal(
            trendplot(named, "output", highlight=highlight).data, expected
        )
    with pytest.raises(UnknownRegionError, match="did you mean '江西'"):
        trendplot(named, "output", highlight="江西省")


def _keys(frame: PanelFrame) -> pd.Index:
    return frame.table.index.get_level_values(0)


def test_groups_are_called_by_the_labels_of_their_values(frame: PanelFrame) -> None:
    named = frame.describe("zone", value_labels={"East": {"zh": "东部"}, "West": {"zh": "西部"}})
    series = trendplot(named, "output", by="zone", language="zh", labels={"West": "W"}).data
    lines = series["series"].unique().tolist()
    assert [line.partition("：")[0] for line in lines] == ["Central", "东部", "W"]


def test_more_groups_than_colours_still_look_different() -> None:
    df = pd.DataFrame({"r": range(9), "year": 2020, "y": range(9), "g": list("abcdefghi")})
    later = df.assign(year=2021)
    frame = PanelFrame.from_pandas(pd.concat([df, later]), "r", "year")
    lines = trendplot(frame, "y", by="g", band=None).figure.axes[0].lines
    looks = {(k.get_color(), k.get_marker(), k.get_markerfacecolor()) for k in lines}
    assert len(looks) == len(lines) == 9
