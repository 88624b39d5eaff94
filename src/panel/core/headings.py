"""Headings of result tables in English, Chinese and Russian."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from panel.core.column import LANGUAGES
from panel.core.wording import key_word
from panel.errors import DataError, suggest

Headings = Mapping[str, tuple[str, str, str]]

TEST: Headings = {
    "test": ("Test", "检验", "Тест"),
    "distribution": ("Distribution", "分布", "Распределение"),
    "null": ("Null hypothesis", "原假设", "Нулевая гипотеза"),
    "term": ("Term", "变量", "Переменная"),
    "estimate": ("Estimate", "估计值", "Оценка"),
    "consistent": ("Consistent", "一致估计", "Состоятельная"),
    "efficient": ("Efficient", "有效估计", "Эффективная"),
    "difference": ("Difference", "差异", "Разность"),
    "std_error": ("Standard error", "标准误", "Стандартная ошибка"),
    "statistic": ("Statistic", "统计量", "Статистика"),
    "p_value": ("p-value", "p值", "p-значение"),
    # numbers behind the statistic
    "slope": ("Slope", "斜率", "Наклон"),
    "z": ("z statistic", "z值", "z-статистика"),
    "under the null": ("Under the null", "原假设下的值", "При нулевой гипотезе"),
    "pairs": ("Pairs", "对数", "Пар"),
    "mean": ("Mean", "均值", "Среднее"),
    "mean absolute": ("Mean absolute", "绝对值均值", "Среднее абсолютных"),
    "mean squared": ("Mean squared", "平方均值", "Среднее квадратов"),
    "years shared": ("Years shared", "共有年数", "Общих лет"),
    "rows": ("Rows", "行数", "Строк"),
    "variance": ("Variance", "方差", "Дисперсия"),
    "variance of logs": ("Variance of logs", "对数方差", "Дисперсия логарифмов"),
    "lag": ("Lag", "滞后阶数", "Лаг"),
}
# Tests that papers call by a name of their own in all three languages; the others keep theirs.
NAMES: Headings = {
    "Wald test": ("Wald test", "Wald检验", "Тест Вальда"),
    "Chow test": ("Chow test", "Chow检验（邹检验）", "Тест Чоу"),
    "Hausman test": ("Hausman test", "Hausman检验", "Тест Хаусмана"),
    "Robust Hausman test": (
        "Robust Hausman test", "稳健Hausman检验", "Робастный тест Хаусмана",
    ),
    "Mundlak test": ("Mundlak test", "Mundlak检验", "Тест Мундлака"),
    "F test of fixed effects": (
        "F test of fixed effects", "固定效应F检验", "F-тест фиксированных эффектов",
    ),
    "Breusch-Pagan LM test": (
        "Breusch-Pagan LM test", "Breusch-Pagan LM检验", "LM-тест Бройша — Пагана",
    ),
    "log t test": ("log t test", "log t检验", "log t-тест"),
    "Hansen J test": ("Hansen J test", "Hansen J检验", "J-тест Хансена"),
    "Endogeneity test": ("Endogeneity test", "内生性检验", "Тест на эндогенность"),
    "RESET test": ("RESET test", "RESET检验", "RESET-тест Рамсея"),
    "Pesaran CD test": ("Pesaran CD test", "Pesaran CD检验", "CD-тест Песарана"),
}  # fmt: skip


def headed(table: pd.DataFrame, headings: Headings, language: str = "en") -> pd.DataFrame:
    """The table with the headings of columns and keys in that language; others stay as they are.

    Raises
    ------
    DataError : another language.
    """
    known = in_language(headings, language)

    def spelled(name: Any) -> Any:
        """A key of the panel keeps its name in English, as elsewhere."""
        return known.get(name) or (key_word(name, language) if language != "en" else name)

    keys = [spelled(name) for name in table.index.names]
    return table.rename(columns=spelled).rename_axis(index=keys)


def in_language(words: Headings, language: str) -> dict[str, str]:
    """The words in one language.

    Raises
    ------
    DataError : another language.
    """
    if language not in LANGUAGES:
        raise DataError(
            f"There are no headings in {language!r}.", variable="language", value=language,
            remedy=suggest(str(language), LANGUAGES),
        )  # fmt: skip
    at = LANGUAGES.index(language)
    return {key: own[at] for key, own in words.items()}
