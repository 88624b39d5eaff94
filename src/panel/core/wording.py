"""What tables and reports must say of a model's data, in English, Chinese and Russian."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from panel.core.column import LANGUAGES
from panel.errors import DataError, suggest

# en, zh, ru. A {term} or {group} is spelled by its label except in English.
_SENTENCES: Mapping[str, tuple[str, str, str]] = {
    # why rows are left out
    "sample": ("outside the sample {text}", "不在样本范围{text}内", "вне выборки {text}"),
    "missing": ("{term} is missing", "{term}缺失", "нет значения: {term}"),
    "infinite": ("{term} is infinite", "{term}为无穷大", "бесконечное значение: {term}"),
    "no such year": (
        "{term} has no such year",
        "{term}无对应年份",
        "нет соответствующего года: {term}",
    ),
    "not a number": ("{term} is not a number", "{term}不是数值", "не число: {term}"),
    "weight": (
        "weight {term} is not positive",
        "权重{term}不为正",
        "вес {term} не положителен",
    ),
    "singleton": (
        "the only row of its fixed effect (singleton)",
        "固定效应组内仅有一个观测",
        "единственная строка фиксированного эффекта",
    ),
    "singleton left": (
        "the only row of its fixed effect without those",
        "剔除上述行后固定效应组内仅余一个观测",
        "без них единственная строка фиксированного эффекта",
    ),
    "zero in group": (
        "{term} is zero in the whole {group}",
        "{group}内{term}恒为零",
        "{term} равно нулю во всей группе ({group})",
    ),
    "separated": (
        "{term} is zero and the regressors predict it to be (separated)",
        "{term}为零，且可由各自变量完全预测（分离）",
        "{term} равно нулю, и регрессоры это предсказывают (разделение)",
    ),
    "unvarying": (
        "{term} is the same in the whole {group}",
        "{group}内{term}不变",
        "{term} не меняется во всей группе ({group})",
    ),
    "few regions": (
        "no more regions than parameters in {text}",
        "{text}的地区数不多于参数个数",
        "в {text} регионов не больше, чем параметров",
    ),
    "collinear year": (
        "regressors are collinear in {text}",
        "{text}的解释变量共线",
        "в {text} регрессоры коллинеарны",
    ),
    # why columns are left out
    "zero": ("constant zero", "恒为零", "всюду ноль"),
    "absorbed": (
        "absorbed by the fixed effects",
        "被固定效应吸收",
        "поглощается фиксированными эффектами",
    ),
    "collinear": (
        "collinear with the regressors before it",
        "与前面的解释变量共线",
        "коллинеарен с предыдущими регрессорами",
    ),
    "instrument zero": ("instrument constant zero", "工具变量恒为零", "инструмент всюду ноль"),
    "instrument absorbed": (
        "instrument absorbed by the fixed effects",
        "工具变量被固定效应吸收",
        "инструмент поглощается фиксированными эффектами",
    ),
    "instrument collinear": (
        "instrument collinear with the regressors and instruments before it",
        "工具变量与前面的解释变量和工具变量共线",
        "инструмент коллинеарен с предыдущими регрессорами и инструментами",
    ),
    # the sentences around them
    "row": ("1 row left out: {reason}", "剔除1行：{reason}", "Исключена 1 строка: {reason}"),
    "rows": (
        "{rows} rows left out: {reason}",
        "剔除{rows}行：{reason}",
        "Исключено строк: {rows}; {reason}",
    ),
    "column": (
        "{term} left out: {reason}",
        "剔除{term}：{reason}",
        "Исключена переменная {term}: {reason}",
    ),
    "where": (" ({text})", "（{text}）", " ({text})"),
    "regions": (
        "{n} regions, first {unit}, {time}",
        "{n}个地区，首个为{unit}，{time}",
        "регионов: {n}, первый — {unit}, {time}",
    ),
    # figures that were not published
    "interpolated row": (
        "1 row rests on interpolated figures",
        "1行用到插值数据",
        "1 строка опирается на интерполированные значения",
    ),
    "interpolated rows": (
        "{rows} rows rest on interpolated figures",
        "{rows}行用到插值数据",
        "строк, опирающихся на интерполированные значения: {rows}",
    ),
    # punctuation
    "of": ("{term}: {text}", "{term}：{text}", "{term}: {text}"),
    "stop": ("{text}.", "{text}。", "{text}."),
    "and": (", ", "、", ", "),
}


def sentence(kind: str, language: str = "en", **fields: Any) -> str:
    """The sentence ``kind`` in that language, filled in with ``fields``.

    Raises
    ------
    DataError : no such language.
    """
    if language not in LANGUAGES:
        raise DataError(
            f"There are no words in language {language!r}.",
            variable="language",
            value=language,
            remedy=suggest(language, LANGUAGES),
        )
    return _SENTENCES[kind][LANGUAGES.index(language)].format(**fields)


def spelled(fields: tuple[tuple[str, str], ...], label: Callable[[str], str]) -> dict[str, str]:
    """``fields`` with the names of variables by ``label``."""
    return {k: label(v) if k in ("term", "group") else v for k, v in fields}
