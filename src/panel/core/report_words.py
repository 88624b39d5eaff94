"""The words of a panel's report in English, Chinese and Russian."""

from __future__ import annotations

from typing import Any

from panel.core.headings import Headings, in_language

HEADINGS: Headings = {
    "label": ("label", "名称", "название"),
    "unit": ("unit", "单位", "единица"),
    "figures": ("figures", "数值", "значений"),
    "missing": ("missing", "缺失", "пропусков"),
    "filled": ("filled", "填补", "восполнено"),
    "infinite": ("infinite", "无穷大", "бесконечных"),
    "min": ("min", "最小值", "мин."),
    "max": ("max", "最大值", "макс."),
    "first": ("first", "起始", "с"),
    "last": ("last", "截止", "по"),
    "variable": ("variable", "变量", "переменная"),
    "cells": ("cells", "单元格", "ячеек"),
    "step": ("step", "处理", "действие"),
}
_WORDS: Headings = {
    "complete": ("complete", "完整", "полностью"),
    "partly missing": ("partly missing", "部分缺失", "часть пропущена"),
    "no row": ("no row", "无此行", "нет строки"),
    "balanced": ("balanced", "平衡", "сбалансирована"),
    "unbalanced": ("unbalanced", "非平衡", "не сбалансирована"),
    "size": (
        "{units} regions {by} {times} years, {rows} rows, {kind}",
        "{units}个地区，{times}年，{rows}行，{kind}",
        "регионов: {units}, лет: {times}, строк: {rows}, {kind}",
    ),
    "named": ("{name}: {text}", "{name}：{text}", "{name}: {text}"),
    "gaps": (
        "gaps inside a region's span: {n}",
        "地区首末年之间缺行：{n}",
        "пропущено строк между первым и последним годом региона: {n}",
    ),
    "first gap": (
        " (first: {region}, {year})",
        "（首个：{region}，{year}）",
        " (первая: {region}, {year})",
    ),
    "duplicates": ("duplicate keys: 0", "重复键：0", "повторяющихся ключей: 0"),
    "status": ("status", "状态", "состояние"),
    "adjustments": ("adjustments", "处理记录", "что сделано с данными"),
    "picture": (
        "Figures by region and year: complete, partly missing, no row",
        "各地区各年份的数据：完整、部分缺失、无此行",
        "Данные по регионам и годам: полностью, часть пропущена, нет строки",
    ),
    "cell": (
        "{region}, {year}: {status}",
        "{region}，{year}：{status}",
        "{region}, {year}: {status}",
    ),
}  # fmt: skip


def words(key: str, language: str, **parts: Any) -> str:
    """The entry ``key`` in that language, filled in with ``parts``.

    Raises
    ------
    DataError : another language.
    """
    return in_language(_WORDS, language)[key].format(**parts)
