"""Units of variables: converted, worked out, and never mixed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.unit_words import unit_words
from panel.core.units import currencies, factor
from panel.errors import DataError, FormulaError, UnitError, UnknownVariableError


@pytest.fixture
def frame() -> panel.PanelFrame:
    keys = pd.MultiIndex.from_product([["a", "b"], [2020, 2021]], names=["region", "year"])
    table = pd.DataFrame(
        {"gdp": [2.0, 4, 6, 8], "va": [1e4, 2e4, 3e4, 4e4], "people": [1.0, 2, 0, 4],
         "output": [5.0] * 4, "coal": [3.0] * 4, "lines": [7.0] * 4},
        index=keys,
    )  # fmt: skip
    units = {"gdp": "亿元", "va": "万元", "people": "万人", "output": "млн руб.",
             "coal": "万吨标准煤", "lines": "万户"}  # fmt: skip
    labels = {"gdp": {"en": "Product", "zh": "产值", "ru": "Продукт"},
              "people": {"en": "Population", "zh": "人口"}}  # fmt: skip
    made = panel.PanelFrame.from_pandas(table, units=units, labels=labels)
    return made.describe("gdp", filled=frozenset({("a", 2021)}), note="Current prices.")


@pytest.mark.parametrize(
    ("source", "target", "times"),
    [
        ("亿元", "万元", 1e4),
        ("亿元", "billion yuan", 0.1),
        ("亿元", "100 million CNY", 1.0),
        ("万户", "million subscribers", 0.01),
        ("万吨标准煤", "tce", 1e4),
        ("万吨标准煤", "kWh", 29.3076e9 / 3.6e6 * 1e4),
        ("млн руб.", "billion roubles", 1e-3),
        ("млн руб.", "тыс. руб.", 1e3),
        ("亿元/万人", "元/人", 1e4),
        ("亿美元", "billion USD", 0.1),
        ("thousand tonnes", "万吨", 0.1),
    ],
)
def test_units_in_three_languages(source: str, target: str, times: float) -> None:
    # Powers of ten are not exact in binary: one or two roundings.
    assert factor(source, target) == pytest.approx(times, rel=1e-15)


def test_a_variable_is_converted_with_all_that_is_known_of_it(frame: panel.PanelFrame) -> None:
    made = panel.convert(frame, "gdp", "万元")
    assert made.table["gdp"].tolist() == [2e4, 4e4, 6e4, 8e4]
    old, new = frame.columns["gdp"], made.columns["gdp"]
    assert new == old.with_(unit="万元")
    assert frame.table["gdp"].tolist() == [2, 4, 6, 8]
    back = panel.convert(made, "gdp", "亿元")
    assert back.table["gdp"].tolist() == [2, 4, 6, 8]


def test_another_currency_is_another_kind(frame: panel.PanelFrame) -> None:
    with pytest.raises(UnitError, match="another currency") as caught:
        panel.convert(frame, "gdp", "млн руб.")
    assert 'panel.convert_currency(frame, "gdp", "млн руб.")' in str(caught.value)
    with pytest.raises(UnitError, match="not a kind of '万人'"):
        panel.convert(frame, "gdp", "万人")
    with pytest.raises(UnitError, match="'bushel' is not known"):
        panel.convert(frame, "gdp", "bushel")


def test_units_are_worked_out(frame: panel.PanelFrame) -> None:
    made = panel.compute(frame, "per_person", "gdp / people")
    column = made.columns["per_person"]
    assert column.unit == "亿元/万人"
    assert column.labels == {"en": "Product over Population", "zh": "产值与人口之比"}
    np.testing.assert_array_equal(made.table["per_person"], [2, 2, np.nan, 2])
    assert column.filled == {("a", 2021)}
    assert [part.name for part in made.origin("per_person").inputs] == ["gdp", "people"]
    assert panel.describe_table(made, ["per_person"]).rows[0].cells[0].words == (
        "100 million CNY per 10,000 persons"
    )


def test_sums_are_brought_to_one_unit_or_refused(frame: panel.PanelFrame) -> None:
    made = panel.compute(frame, "total", "gdp + va", unit="亿元", labels="Total")
    assert made.table["total"].tolist() == [3, 6, 9, 12]  # 1e4 万元 are 1 亿元
    assert made.label("total") == "Total"
    with pytest.raises(UnitError, match=r"total = gdp \+ output: 亿元 and млн руб") as caught:
        panel.compute(frame, "total", "gdp + output")
    assert "convert_currency" in caught.value.remedy
    with pytest.raises(UnitError, match="亿元 and a pure number") as caught:
        panel.compute(frame, "total", "gdp + 1")
    assert "convert_currency" not in caught.value.remedy
    with pytest.raises(UnitError, match="not a kind of '元'"):
        panel.compute(frame, "ratio", "gdp / people", unit="元")
    assert panel.compute(frame, "share", "va / gdp", unit="percent").table["share"][
        "a", 2020
    ] == pytest.approx(50.0)


@pytest.mark.parametrize(
    ("unit", "over", "made", "words"),
    [
        ("млн руб.", "тыс. чел.", "млн руб./тыс. чел.", "百万卢布/千人"),
        ("млн кВт·ч", "кв. км", "kWh/平方公里", "千瓦时/平方公里"),
        ("billion USD", "people", "billion USD/人", "十亿美元/人"),
        ("yuan", "thousand persons", "元/thousand 人", "元/千人"),
    ],
)
def test_units_that_are_worked_out_can_be_read(unit, over, made, words) -> None:
    data = pd.DataFrame({"r": ["a"], "t": [2020], "x": [6.0], "y": [2.0]})
    frame = panel.PanelFrame.from_pandas(data, unit="r", time="t", units={"x": unit, "y": over})
    ratio = panel.compute(frame, "ratio", "x / y")
    assert ratio.columns["ratio"].unit == made
    assert unit_words(made, "zh") == words
    back = panel.convert(ratio, "ratio", f"{unit}/{over}")
    assert back.table["ratio"].tolist() == pytest.approx([3.0], rel=1e-14)  # powers of ten


def test_products_and_pure_numbers(frame: panel.PanelFrame) -> None:
    for expression, unit in (
        ("gdp * people", "亿元 * 万人"),
        ("gdp / people / coal", "亿元/万人/万吨标准煤"),
        ("log(gdp)", ""),
    ):
        assert panel.compute(frame, "u", expression).columns["u"].unit == unit
    assert panel.compute(frame, "u", "people / people").table["u"].tolist()[:2] == [1, 1]


def test_mistakes(frame: panel.PanelFrame) -> None:
    with pytest.raises(DataError, match="has a variable 'va' already"):
        panel.compute(frame, "va", "gdp / 2")
    with pytest.raises(UnknownVariableError, match="did you mean 'people'"):
        panel.compute(frame, "u", "gdp / peopel")
    with pytest.raises(FormulaError, match="uses no variable"):
        panel.compute(frame, "u", "1 + 1")


def test_currencies_of_units() -> None:
    assert currencies("千瓦小时/万元") == {"CNY": -1.0}
    assert currencies("元/人") == {"CNY": 1.0}
    assert currencies("万人") == {}
