from __future__ import annotations

import pickle

import pytest

from panel.core.column import Column, Origin


def test_labels_fall_back_to_english_then_to_any():
    assert Column(labels={"zh": "产出"}).label == "产出"
    assert Column(labels={"en": "Output", "zh": "产出"}).label_in("ru") == "Output"
    assert Column(labels="Output").label == "Output"
    assert Column().label == ""


def test_a_column_cannot_be_changed_and_keeps_what_it_was_given():
    labels = {"en": "Output"}
    column = Column(unit="亿元", labels=labels, filled=frozenset({("a", 1)}))
    labels["en"] = "Input"
    assert column.label == "Output"
    with pytest.raises(TypeError):
        column.labels["en"] = "Input"
    with pytest.raises(AttributeError):
        column.unit = "元"
    assert column.with_(unit="元").filled == column.filled
    assert pickle.loads(pickle.dumps(column)) == column


def test_an_origin_covers_its_years_and_regions():
    origin = Origin("f.csv", "gdp", "亿元", "NBS", times=(2016, 2017), regions=("CN-JX",))
    assert origin.covers(2016)
    assert origin.covers(2016, "CN-JX")
    assert not origin.covers(2016, "CN-BJ")
    assert not origin.covers(2015, "CN-JX")
    assert Origin("f.csv", "gdp", "", "NBS").covers(1900, "anything")
    assert str(origin) == "f.csv, column 'gdp' [亿元]: NBS"
    dated = Origin("f.csv", "gdp", "", "NBS", "Yearbook", "2023")
    assert str(dated) == "f.csv, column 'gdp': NBS, Yearbook (2023)"


def test_an_origin_names_the_copy_that_was_read():
    copied = Origin("f.csv", "gdp", "", "NBS", read_in="somebody/transcript gdp.csv")
    assert str(copied) == "f.csv, column 'gdp': NBS; read in somebody/transcript gdp.csv"


def test_labels_of_values_cannot_be_changed_and_are_pickled():
    column = Column(value_labels={1: {"zh": "是"}, "no": "No"})
    assert column.value_in(1.0, "zh") == column.value_in("1", "ru") == "是"
    assert column.value_in("no", "zh") == "No"
    assert column.value_in(2.5) == "2.5"
    with pytest.raises(TypeError):
        column.value_labels["1"]["zh"] = "否"
    assert pickle.loads(pickle.dumps(column)) == column
