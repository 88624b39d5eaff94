"""Headings and words of comparisons and bounds, in English, Chinese and Russian."""

from __future__ import annotations

import pandas as pd

from panel.core.headings import TEST, Headings, headed, in_language

HEADINGS: Headings = {
    **TEST,
    # permutation tests
    "p_greater": ("p-value, greater", "p值（大于）", "p-значение, больше"),
    "p_less": ("p-value, less", "p值（小于）", "p-значение, меньше"),
    "p_empirical": ("Empirical p-value", "经验p值", "Эмпирическое p-значение"),
    # published numbers
    "model": ("Model", "模型", "Модель"),
    "quantity": ("Quantity", "项目", "Показатель"),
    "printed": ("Printed", "文中数值", "В статье"),
    "ours": ("Ours", "本次计算", "Пересчёт"),
    "agreed": ("Digits that agree", "一致位数", "Совпало знаков"),
    "digits": ("Digits", "总位数", "Всего знаков"),
    "verdict": ("Verdict", "结论", "Вывод"),
    "remark": ("Remark", "备注", "Примечание"),
    # bounds and strength
    "rsquared": ("R-squared", "R²", "R²"),
    "value": ("Value", "数值", "Значение"),
    "share": ("Tolerated share", "容忍比例", "Допустимая доля"),
    "tau": ("Tolerated bias", "容忍偏误", "Допустимое смещение"),
}
_VALUES: Headings = {
    "agrees": ("agrees", "一致", "совпадает"),
    "differs": ("differs", "不一致", "расходится"),
    "missing": ("missing", "缺失", "нет"),
    "short": ("Without controls", "不含控制变量", "Без контролей"),
    "full": ("With controls", "含控制变量", "С контролями"),
    "beta_star": ("Bias-adjusted coefficient", "偏误调整后的系数β*", "Коэффициент β*"),
    "delta": ("Delta", "相对选择度δ", "Относительный отбор δ"),
    "Cragg-Donald F": ("Cragg-Donald F", "Cragg-Donald F统计量", "F Крэгга — Дональда"),
    "Kleibergen-Paap rk Wald F": (
        "Kleibergen-Paap rk Wald F", "Kleibergen-Paap rk Wald F统计量",
        "rk F Вальда Клейбергена — Паапа",
    ),
    "Kleibergen-Paap rk LM": (
        "Kleibergen-Paap rk LM", "Kleibergen-Paap rk LM统计量", "rk LM Клейбергена — Паапа",
    ),
    "Anderson LM": ("Anderson LM", "Anderson LM统计量", "LM Андерсона"),
    "Effective F": ("Effective F", "有效F统计量", "Эффективная F-статистика"),
}  # fmt: skip


def labelled(table: pd.DataFrame, language: str, said: str = "") -> pd.DataFrame:
    """The table with headings, and the words of column ``said``, in that language.

    Raises
    ------
    DataError : another language.
    """
    if said:
        table = table.assign(**{said: table[said].replace(in_language(_VALUES, language))})
    return headed(table, HEADINGS, language)
