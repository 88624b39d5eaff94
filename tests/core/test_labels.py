from __future__ import annotations

import pickle

import pandas as pd
import pytest

import panel
from panel.core.labels import labelled, value_label
from panel.errors import UnknownVariableError

ZONES = {"East": {"en": "Coast", "zh": "东部", "ru": "Восток"}, "West": {"zh": "西部"}}


@pytest.fixture
def frame() -> panel.PanelFrame:
    keys = pd.MultiIndex.from_product([["CN-JX", "CN-SH", "X"], [2001, 2002]], names=["p", "year"])
    df = pd.DataFrame({"y": [1.0, 2, 4, 8, 9, 7], "treated": [0.0, 1, 0, 0, 1, 1]}, index=keys)
    df["zone"] = ["West", "West", "East", "East", "Mid", "Mid"]
    df["name_zh"] = ["江西", "江西", "上海", "上海", None, None]
    return panel.PanelFrame.from_pandas(
        df, value_labels={"zone": ZONES, "treated": {1: {"zh": "处理组"}, 0: "Control"}}
    )


def test_a_value_is_called_by_its_label_in_the_language(frame):
    assert value_label("East", "zone", frame, "ru") == "Восток"
    assert value_label("East", "zone", frame) == "Coast"
    assert value_label("Mid", "zone", frame, "zh") == "Mid"  # no label
    assert value_label("West", "zone", frame, "ru") == "西部"  # the only one there is
    assert value_label("East", "y", frame, "zh") == "East"
    assert value_label("a", "no such", frame, "zh") == "a"


def test_codes_have_labels_whether_they_come_as_numbers_or_as_text(frame):
    assert [value_label(v, "treated", frame, "zh") for v in (1, 1.0, "1")] == ["处理组"] * 3
    assert value_label(0.0, "treated", frame, "zh") == "Control"
    assert value_label(2.0, "treated", frame, "zh") == "2"


def test_a_region_has_its_name_in_the_language(frame):
    assert value_label("CN-JX", "p", frame, "zh") == "江西"
    assert value_label("CN-JX", "p", frame, "ru") == "CN-JX"  # there is no column name_ru
    assert value_label("X", "p", frame, "zh") == "X"  # it has no name
    assert value_label("CN-BJ", "p", frame, "zh") == "CN-BJ"
    assert value_label(2001, "year", frame, "zh") == "2001"


def test_dummies_are_spelled_by_the_labels_of_their_values(frame):
    assert labelled("zone::East", frame, "zh") == "zone = 东部"
    assert labelled("zone::East:y", frame, "ru") == "zone = Восток × y"
    assert labelled("p::CN-SH", frame, "zh") == "p = 上海"


def test_labels_of_values_outlive_what_is_done_to_a_frame(frame):
    other = frame.select(["y"]).rows("year == 2001")
    for kept in (
        frame.select(["zone"]),
        frame.rows("year == 2001"),
        frame.assign(z=1.0),
        frame.describe("zone", unit="", labels={"zh": "地区"}),
        panel.merge(other, frame, ["zone"]),
        pickle.loads(pickle.dumps(frame)),
    ):
        assert value_label("East", "zone", kept, "zh") == "东部"
    assert value_label("East", "zone", frame.assign(zone="East"), "zh") == "East"
    assert value_label("East", "zone", frame.describe("zone", value_labels={}), "zh") == "East"


def test_labels_of_values_of_a_column_that_is_not_there(frame):
    with pytest.raises(UnknownVariableError, match="value_labels names column 'zon'"):
        panel.PanelFrame.from_pandas(frame.data, value_labels={"zon": ZONES})
