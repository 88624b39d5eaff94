"""How results are shown: headings in English, Chinese and Russian, as text and as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from panel.core import headings
from panel.core.labels import Label

# Of longer tables the first and last rows are shown.
_ROWS = 24
_HEADINGS = {
    "n": ("Regions", "地区数", "Регионов"),
    "mean": ("Mean", "均值", "Среднее"),
    "gini": ("Gini", "基尼系数", "Коэф. Джини"),
    "theil_t": ("Theil T", "泰尔指数T", "Индекс Тейла T"),
    "theil_l": ("Theil L", "泰尔指数L", "Индекс Тейла L"),
    "entropy": ("Generalised entropy", "广义熵指数", "Обобщённая энтропия"),
    "atkinson": ("Atkinson", "阿特金森指数", "Индекс Аткинсона"),
    "cv": ("Coefficient of variation", "变异系数", "Коэф. вариации"),
    "sd_log": ("S.d. of logs", "对数标准差", "Ст. откл. логарифмов"),
    "total": ("Total", "总体", "Всего"),
    "within": ("Within", "组内", "Внутри групп"),
    "between": ("Between", "组间", "Между группами"),
    "between by": ("Between: {by}", "组间：{by}", "Между группами: {by}"),
    "between by, share": ("Between: {by}, share", "组间贡献率：{by}", "Между группами: {by}, доля"),
    "richer": ("{by}, richer", "{by}（较高）", "{by}, богаче"),
    "poorer": ("{by}, poorer", "{by}（较低）", "{by}, беднее"),
    "index": ("Index within", "组内指数", "Индекс внутри группы"),
    "transvariation": ("Transvariation", "超变密度", "Трансвариация"),
    "within_share": ("Within, share", "组内贡献率", "Внутри групп, доля"),
    "between_share": ("Between, share", "组间贡献率", "Между группами, доля"),
    "transvariation_share": ("Transvariation, share", "超变密度贡献率", "Трансвариация, доля"),
    "affluence": ("Relative affluence", "相对经济影响", "Относительное богатство"),
    "population": ("Population share", "人口份额", "Доля населения"),
    "share": ("Share", "份额", "Доля"),
    "contribution": ("Contribution", "贡献", "Вклад"),
    "estimate": ("Estimate", "估计值", "Оценка"),
    "std_error": ("Standard error", "标准误", "Стандартная ошибка"),
    "statistic": ("t statistic", "t值", "t-статистика"),
    "z": ("z statistic", "z值", "z-статистика"),
    "p_value": ("p-value", "p值", "p-значение"),
    "conf_low": ("Lower limit", "置信下限", "Нижняя граница"),
    "conf_high": ("Upper limit", "置信上限", "Верхняя граница"),
    "speed": ("Speed of convergence", "收敛速度", "Скорость конвергенции"),
    "half_life": ("Half-life", "半衰期", "Период полусближения"),
    "rho": ("Spatial lag ρ", "空间滞后系数ρ", "Пространственный лаг ρ"),
    "lambda": ("Spatial error λ", "空间误差系数λ", "Пространственная ошибка λ"),
    "direct_impact": ("Direct impact", "直接效应", "Прямой эффект"),
    "indirect_impact": ("Indirect impact", "间接效应", "Косвенный эффект"),
    "total_impact": ("Total impact", "总效应", "Общий эффект"),
    "club": ("Club", "俱乐部", "Клуб"),
    "members": ("Members", "成员数", "Членов"),
    "from": ("From", "起始类别", "Из класса"),
    "to": ("To", "转入类别", "В класс"),
    "moran": ("Moran's I", "莫兰指数", "I Морана"),
    "expected": ("Expected", "期望值", "Ожидание"),
    "local": ("Local Moran's I", "局部莫兰指数", "Локальный I Морана"),
    "lag": ("Neighbours", "邻居", "Соседи"),
    "quadrant": ("Quadrant", "象限", "Квадрант"),
    "p_permutation": ("p-value, permutations", "p值（置换检验）", "p-значение, перестановки"),
    "first": ("First year", "起始年", "Первый год"),
    "last": ("Last year", "末年", "Последний год"),
    "moves": ("Moves", "转移次数", "Переходов"),
    "x": ("Value", "取值", "Значение"),
    "now": ("Now", "当期", "Сейчас"),
    "later": ("Later", "后期", "Позже"),
    "density": ("Density", "密度", "Плотность"),
    "highest at": ("Highest at", "峰值位置", "Максимум при"),
    "bandwidth": ("Bandwidth", "带宽", "Ширина окна"),
}  # fmt: skip
# {what} is the label of the variable.
_TITLES = {
    "measures": ("Inequality of {what}", "{what}的不平等程度", "Неравенство: {what}"),
    "sigma": ("Sigma convergence of {what}", "{what}的σ收敛", "Сигма-конвергенция: {what}"),
    "beta": ("Beta convergence", "β收敛", "Бета-конвергенция"),
    "spatial beta": (
        "Spatial beta convergence", "空间β收敛", "Пространственная бета-конвергенция",
    ),
    "densities": ("Densities of {what}", "{what}的核密度", "Плотности распределения: {what}"),
    "kernel": ("Stochastic kernel of {what}", "{what}的随机核", "Стохастическое ядро: {what}"),
    "transitions": ("Transitions of {what}", "{what}的状态转移", "Переходы: {what}"),
    "spatial transitions": (
        "Spatial transitions of {what}", "{what}的空间状态转移",
        "Пространственные переходы: {what}",
    ),
    "moran": ("Moran's I of {what}", "{what}的莫兰指数", "I Морана: {what}"),
    "clubs": (
        "Convergence clubs of {what}", "{what}的收敛俱乐部", "Клубы конвергенции: {what}",
    ),
}  # fmt: skip


def titled(key: str, what: Label | None = None) -> Label:
    """The title of a result about a variable in each language."""
    said = ("", "", "") if what is None else (what.en, what.zh, what.ru)
    return Label(*(text.format(what=w) for text, w in zip(_TITLES[key], said, strict=True)))


def headed(table: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """The table with the headings of columns and keys in that language; others stay as they are.

    Raises
    ------
    DataError : another language.
    """
    return headings.headed(table, _HEADINGS, language)


def z_named(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its statistic, which is standard normal, called so."""
    return table.rename(columns={"statistic": "z"})


def heading(key: str, language: str, **parts: str) -> str:
    """One heading, filled in with ``parts``."""
    return headings.in_language(_HEADINGS, language)[key].format(**parts)


def by_row(table: pd.DataFrame, what: str) -> pd.DataFrame:
    """One row a cell of ``table``: its index, the heading under ``what``, and "estimate"."""
    index = str(table.index.name)
    long = table.reset_index().melt(id_vars=[index], var_name=what, value_name="estimate")
    return long.sort_values(index, kind="stable", ignore_index=True)


def peaks(table: pd.DataFrame) -> pd.DataFrame:
    """Where each row, a density over the columns, is highest, and its density there."""
    at = table.columns.to_numpy(dtype=float)[table.to_numpy().argmax(axis=1)]
    return pd.DataFrame({"highest at": at, "density": table.max(axis=1)}, table.index)


def as_text(title: str, table: pd.DataFrame, notes: Sequence[str]) -> str:
    """Title, table and notes as lines."""
    body = table.to_string(float_format=lambda v: f"{v:.5g}", max_rows=_ROWS)
    return "\n".join([title, "", body, *([""] if notes else []), *notes])


def as_html(title: str, table: pd.DataFrame, notes: Sequence[str]) -> str:
    """The same as HTML, with English headings."""
    body = headed(table).to_html(border=0, float_format=lambda v: f"{v:.5g}", max_rows=_ROWS)
    foot = "<br>".join(map(escape, notes))
    return f"<div><p><b>{escape(title)}</b></p>{body}<p>{foot}</p></div>"
