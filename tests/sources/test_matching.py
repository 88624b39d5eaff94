"""A column of names, matched with a log of every decision."""

from __future__ import annotations

import numpy as np
import pytest

from panel.errors import UnknownRegionError
from panel.sources.matching import match_regions

NAMES = ["江西", "江西", "Jiangxi Sheng", "360000", "Vologda", "Moscow", "Jiangxy", None, np.nan]


def test_every_distinct_name_has_one_decision() -> None:
    log = match_regions(NAMES).df.set_index("name")
    assert log["how"].to_dict() == {
        "江西": "name",
        "Jiangxi Sheng": "name",
        "360000": "code",
        "Vologda": "stem",
        "Moscow": "ambiguous",
        "Jiangxy": "unknown",
        "": "missing",
    }
    assert log["rows"].sum() == len(NAMES)
    assert log.loc["江西", "code"] == "CN-JX"
    assert log.loc["", "rows"] == 2
    assert set(log.loc["Moscow", "candidates"]) == {"RU-MOW", "RU-MOS"}
    assert log.loc["Jiangxy", "suggestions"][0] == "Jiangxi"


def test_codes_come_only_when_all_is_decided() -> None:
    with pytest.raises(UnknownRegionError, match=r"3 name.*'Moscow', ambiguous"):
        match_regions(NAMES).codes(NAMES)
    answers = {"Moscow": "RU-MOW", "Jiangxy": "CN-JX"}
    match = match_regions(NAMES[:-2], answers=answers)
    codes = match.codes(NAMES[:-2])
    assert codes == ["CN-JX"] * 4 + ["RU-VLG", "RU-MOW", "CN-JX"]
    assert (match.df["how"] == "answer").sum() == 2
    with pytest.raises(UnknownRegionError, match="not among the names that were matched"):
        match.codes(["Hubei"])


def test_country_and_level_decide_for_the_whole_column() -> None:
    match = match_regions(["36", "Jilin"], country="CN", level=1)
    assert match.codes(["36", "Jilin"]) == ["CN-JX", "CN-JL"]
    assert match.df["how"].tolist() == ["code", "name"]
    assert match_regions(["CA", "DE", "IN"], country="US").codes(["DE"]) == ["US-DE"]


def test_wrong_answers_are_named() -> None:
    with pytest.raises(UnknownRegionError, match="'RU-MOV' is no code"):
        match_regions(["Moscow"], answers={"Moscow": "RU-MOV"})
    with pytest.raises(UnknownRegionError, match="'Moskow' is not among the names"):
        match_regions(["Moscow"], answers={"Moskow": "RU-MOW"})


def test_an_empty_column_has_an_empty_log() -> None:
    match = match_regions([])
    assert len(match.df) == 0
    assert match.codes([]) == []


def test_the_log_shows_itself() -> None:
    match = match_regions(["Altai", "Комі"])
    assert "ambiguous" in repr(match)
    assert "<table" in match._repr_html_()
    for text in (repr(match), match._repr_html_()):
        assert "RU-AL, RU-ALT" in text
        assert "()" not in text


def test_the_other_names_of_a_column_decide() -> None:
    provinces = match_regions(["吉林", "辽宁", "Jilin", "Liaoning", "黑龙江"])
    assert provinces.mapping["吉林"] == provinces.mapping["Jilin"] == "CN-JL"
    assert provinces.df.set_index("name").loc["吉林", "how"] == "others"
    assert match_regions(["吉林", "长春市", "四平市"]).mapping["吉林"] == "CN-220200"
    assert match_regions(["Moscow", "Moscow Oblast"]).mapping["Moscow"] == "RU-MOW"
    assert len(match_regions(["吉林", "长春市", "辽宁省"]).undecided) == 1
    answered = match_regions(["吉林", "辽宁", "黑龙江"], answers={"吉林": "CN-220200"})
    assert answered.mapping["吉林"] == "CN-220200"
