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
        "weight {term} is zero",
        "权重{term}为零",
        "вес {term} равен нулю",
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
    "filled row": (
        "1 row rests on filled figures",
        "1行用到填补数据",
        "1 строка опирается на восполненные значения",
    ),
    "filled rows": (
        "{rows} rows rest on filled figures",
        "{rows}行用到填补数据",
        "строк, опирающихся на восполненные значения: {rows}",
    ),
    "filled of": (
        "{n} of {total} figures are filled, not published",
        "{total}个数据中有{n}个为填补值，非公布值",
        "восполнено значений {n} из {total}; они не публиковались",
    ),
    # what was done to figures
    "figure": ("1 figure", "1个数值", "значений: 1"),
    "figures": ("{n} figures", "{n}个数值", "значений: {n}"),
    "winsorised": (
        "{figures} winsorised to percentiles {lower} and {upper} of all",
        "{figures}按全部数据第{lower}和第{upper}百分位数缩尾",
        "винсоризация до перцентилей {lower} и {upper} всех значений ({figures})",
    ),
    "winsorised by": (
        "{figures} winsorised to percentiles {lower} and {upper} within {group}",
        "{figures}按{group}分组缩尾至第{lower}和第{upper}百分位数",
        "винсоризация до перцентилей {lower} и {upper} внутри «{group}» ({figures})",
    ),
    "trimmed": (
        "{figures} beyond percentiles {lower} and {upper} of all left out",
        "剔除超出全部数据第{lower}和第{upper}百分位数的{figures}",
        "исключены значения за перцентилями {lower} и {upper} всех ({figures})",
    ),
    "trimmed by": (
        "{figures} beyond percentiles {lower} and {upper} within {group} left out",
        "按{group}分组剔除第{lower}和第{upper}百分位数以外的{figures}",
        "исключены значения за перцентилями {lower} и {upper} внутри «{group}» ({figures})",
    ),
    "interpolated linear": (
        "{figures} interpolated on a straight line, in gaps of at most {text}",
        "{figures}按直线插值，缺口不超过{text}期",
        "линейная интерполяция, пропуски не длиннее {text} ({figures})",
    ),
    "interpolated geometric": (
        "{figures} interpolated at constant growth, in gaps of at most {text}",
        "{figures}按固定增长率插值，缺口不超过{text}期",
        "интерполяция с постоянным темпом роста, пропуски не длиннее {text} ({figures})",
    ),
    "extrapolated linear": (
        "{figures} inter- and extrapolated on a straight line, in gaps of at most {text}",
        "{figures}按直线内插和外推，缺口不超过{text}期",
        "линейная интер- и экстраполяция, пропуски не длиннее {text} ({figures})",
    ),
    "extrapolated geometric": (
        "{figures} inter- and extrapolated at constant growth, in gaps of at most {text}",
        "{figures}按固定增长率内插和外推，缺口不超过{text}期",
        "интер- и экстраполяция с постоянным темпом роста, пропуски не длиннее {text} ({figures})",
    ),
    "imputed mean": (
        "{figures} imputed by the mean within {group}",
        "{figures}以{group}各组均值填补",
        "заполнено средним внутри «{group}» ({figures})",
    ),
    "imputed neighbours": (
        "{figures} imputed by the mean of neighbouring regions ({text})",
        "{figures}以相邻地区均值填补（{text}）",
        "заполнено средним соседних регионов, {text} ({figures})",
    ),
    "imputed regression": (
        "{figures} imputed by the regression {text}",
        "{figures}以回归{text}填补",
        "заполнено по регрессии {text} ({figures})",
    ),
    "averaged": (
        "{figures} replaced by centred moving averages of {text} periods",
        "{figures}以{text}期中心移动平均替代",
        "заменено центрированным скользящим средним, окно {text} ({figures})",
    ),
    "trend": (
        "{figures} replaced by the Hodrick-Prescott trend, lambda = {text}",
        "{figures}以HP滤波趋势替代（λ = {text}）",
        "заменено трендом Ходрика — Прескотта, λ = {text} ({figures})",
    ),
    "spliced ratio": (
        "{figures} taken over from {term}, by the ratio in {text}",
        "{figures}取自{term}，按{text}的比率衔接",
        "взято из «{term}» по отношению в {text} ({figures})",
    ),
    "spliced difference": (
        "{figures} taken over from {term}, by the difference in {text}",
        "{figures}取自{term}，按{text}的差额衔接",
        "взято из «{term}» по разности в {text} ({figures})",
    ),
    # keys of a panel that the frame has no label for
    "province": ("province", "省份", "провинция"),
    "region": ("region", "地区", "регион"),
    "year": ("year", "年份", "год"),
    "taken as given": (
        "The levels of the {text} effects are taken as given: clusters hold them whole",
        "{text}效应的水平视为给定：聚类完整包含各组",
        "Уровни эффектов ({text}) взяты как заданные: кластеры содержат их целиком",
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
    """``fields`` with the names of variables by ``label``; a group may be several (a^b)."""
    return {
        k: " × ".join(map(label, v.split("^"))) if k == "group" else label(v) if k == "term" else v
        for k, v in fields
    }


def key_word(name: str, language: str) -> str:
    """A key of the panel in that language; as it stands where it is none that is known."""
    return sentence(name, language) if name in ("province", "region", "year") else name
