from __future__ import annotations

import pytest

from panel.core.unit_words import unit_words


@pytest.mark.parametrize(
    ("unit", "en", "zh", "ru"),
    [
        ("亿元", "100 million CNY", "亿元", "100 млн юаней"),
        ("млн руб.", "million RUB", "百万卢布", "млн руб."),
        ("percent", "%", "%", "%"),
        ("", "", "", ""),
        ("index", "", "", ""),
        ("元/人", "CNY per person", "元/人", "юаней на чел."),
        ("座/万人", "items per 10,000 persons", "座/万人", "ед. на 10 тыс. чел."),
        ("件", "items", "件", "шт."),
        ("万件/百家", "10,000 items per 100 firms", "万件/百家", "10 тыс. шт. на 100 предприятий"),
        ("тыс. т", "1,000 t", "千吨", "тыс. т"),
        ("百万千瓦", "million kW", "百万千瓦", "млн кВт"),
        ("тыс. руб./чел.", "1,000 RUB per person", "千卢布/人", "тыс. руб. на чел."),
        ("чел./кв. км", "persons per km²", "人/平方公里", "чел. на кв. км"),
        ("млн т у. т.", "million tce", "百万吨标准煤", "млн т у. т."),
        ("million kWh", "million kWh", "百万千瓦时", "млн кВт·ч"),
        ("100 million yuan", "100 million CNY", "亿元", "100 млн юаней"),
        ("pigs", "pigs", "pigs", "pigs"),
        ("million pigs", "million pigs", "million pigs", "million pigs"),
    ],
)
def test_units_are_worded_in_each_language(unit: str, en: str, zh: str, ru: str) -> None:
    assert [unit_words(unit, language) for language in ("en", "zh", "ru")] == [en, zh, ru]
