"""The words of the figures in English, Chinese and Russian, and numbers as each prints them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.ticker import Formatter

from panel.core.column import LANGUAGES
from panel.core.frame import PanelFrame
from panel.core.unit_words import unit_words
from panel.errors import FigureError, suggest

_WORDS = {
    "quartiles": ("Interquartile range", "四分位距", "Межквартильный размах"),
    "range": ("Minimum to maximum", "最小值至最大值", "От минимума до максимума"),
    "mean": ("Mean of {n} regions", "{n}个地区均值", "Среднее по регионам (n = {n})"),
    "group": (
        "{group}: mean of {n} regions",
        "{group}：{n}个地区均值",
        "{group}: среднее (n = {n})",
    ),
    "interval": (
        "Estimate and {level}% confidence interval",
        "估计值及{level}%置信区间",
        "Оценка и {level}%-й доверительный интервал",
    ),
    "in year": ("{what}, {year}", "{what}，{year}年", "{what}, {year}"),
    "no figure": ("No figure: {which}", "无数据：{which}", "Нет данных: {which}"),
    "no tile": ("Not on the grid: {which}", "未列入格网：{which}", "Вне сетки: {which}"),
    "regions": ("{n} regions", "{n}个地区", "регионов {n}"),
    "complete": ("Complete", "完整", "Все данные"),
    "partly missing": ("Partly missing", "部分缺失", "Часть данных"),
    "no row": ("No row", "无记录", "Нет строки"),
    "correlation": (
        "Pearson correlation ({n} rows)",
        "皮尔逊相关系数（{n}行）",
        "Корреляция Пирсона (n = {n})",
    ),
    "alt trend": (
        "Line chart of {what}, {first} to {last}. {lines}.",
        "{what}折线图，{first}—{last}年。{lines}。",
        "Линейный график: {what}, {first}–{last}. {lines}.",
    ),
    "alt line": (
        "{series}: from {start} to {end}",
        "{series}：从{start}到{end}",
        "{series}: от {start} до {end}",
    ),
    "alt map": (
        "Tile map of {what}: {n} regions, from {low} ({lowest}) to {high} ({highest}).",
        "格网地图：{what}。{n}个地区，从{low}（{lowest}）到{high}（{highest}）。",
        "Плиточная карта: {what}; регионов: {n}, от {low} ({lowest}) до {high} ({highest}).",
    ),
    "alt coefficients": (
        "Coefficient plot of {terms} in {models} with {level}% confidence intervals. {finding}.",
        "系数图：{terms}；模型：{models}；{level}%置信区间。{finding}。",
        "График коэффициентов: {terms}; модели: {models}; {level}%-е доверительные интервалы. "
        "{finding}.",
    ),
    "alt excludes": (
        "Intervals that exclude zero: {cases}",
        "不含零的区间：{cases}",
        "Интервалы без нуля: {cases}",
    ),
    "alt none excludes": (
        "Every interval includes zero",
        "所有区间均包含零",
        "Все интервалы содержат ноль",
    ),
    "alt status": (
        "Status of {what} by region and year, {first} to {last}: {complete} cells complete, "
        "{partly} partly missing, {none} without a row.",
        "{what}的数据状况（地区×年份，{first}—{last}年）：完整{complete}格，部分缺失{partly}格，"
        "无记录{none}格。",
        "Наличие данных ({what}) по регионам и годам, {first}–{last}: полных ячеек {complete}, "
        "неполных {partly}, без строки {none}.",
    ),
    "alt correlation": (
        "Heat map of the correlations of {what} over {n} rows; the strongest is {r} "
        "between {a} and {b}.",
        "{what}的相关系数热图（{n}行）；最强的是{a}与{b}之间的{r}。",
        "Тепловая карта корреляций: {what} (строк: {n}); самая сильная {r}: {a} и {b}.",
    ),
}


def checked_language(language: str) -> int:
    """Position of the language in every entry of the table above.

    Raises
    ------
    FigureError : the figures do not speak it.
    """
    if language not in LANGUAGES:
        raise FigureError(
            f"Figures have no words in language {language!r}.",
            variable="language",
            value=language,
            remedy=suggest(language, LANGUAGES),
        )
    return LANGUAGES.index(language)


def words(key: str, language: str, **parts: Any) -> str:
    """The entry ``key`` in that language, filled in with ``parts``."""
    return _WORDS[key][checked_language(language)].format(**parts)


def variable_words(frame: PanelFrame, name: str, language: str) -> str:
    """Label of a variable with its unit in brackets."""
    checked_language(language)
    frame[name]  # raises UnknownVariableError with suggestions
    label = frame.label(name, language)
    unit = unit_words(frame.columns[name].unit, language) if name in frame.columns else ""
    if not unit:
        return label
    unit = unit.replace(" ", "\N{NO-BREAK SPACE}")  # a unit stays on one line
    return f"{label}（{unit}）" if language == "zh" else f"{label} ({unit})"


def wrapped(text: str, width: int) -> str:
    """The text on several lines of at most ``width`` Latin letters (half as many Chinese)."""
    if len(text) + _wide(text) <= width:
        return text
    return textwrap.fill(text, width // 2 if _wide(text) > len(text) / 2 else width)


def ems(text: str) -> float:
    """Width of the text in units of the font size, roughly: DejaVu Sans, Chinese full width."""
    cyrillic = sum(0x400 <= ord(c) <= 0x52F for c in text)
    return 0.62 * len(text) + 0.38 * _wide(text) + 0.06 * cyrillic


def _wide(text: str) -> int:
    """How many characters are as wide as they are high."""
    return sum(ord(c) >= 0x2E80 for c in text)


def joined(items: list[str], language: str) -> str:
    """A list as it is written in a sentence."""
    return ("、" if language == "zh" else ", ").join(items)


def number_words(value: float, language: str, decimals: int) -> str:
    """A number as the language prints it."""
    text = f"{value:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")
    if language == "ru":  # narrow no-break space between thousands, comma before decimals
        text = text.replace(",", "\u202f").replace(".", ",")
    return text


def decimals_for(values: Any) -> int:
    """Decimals that leave the largest of the values three digits; at most 4."""
    finite = np.abs(pd.Series(values, dtype=float).dropna().to_numpy())
    largest = float(finite.max()) if len(finite) else 0.0
    return int(np.clip(2 - np.floor(np.log10(largest)), 0, 4)) if largest > 0 else 0


class NumberTicks(Formatter):
    """Numbers of an axis as the language prints them, all with the same decimals."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Text of every tick, with the fewest decimals that move none of them."""
        ticks = np.asarray(values, dtype=float)
        # A millionth of their distance is rounding of the axis, not a decimal to print.
        close = 1e-6 * np.ptp(ticks) / max(len(ticks) - 1, 1)
        exact = (d for d in range(10) if not (np.abs(ticks - ticks.round(d)) > close).any())
        decimals = next(exact, 10)
        return [number_words(tick, self.language, decimals) for tick in ticks]

    def __call__(self, value: float, pos: int | None = None) -> str:  # noqa: ARG002
        """Text of one tick, where matplotlib asks for one."""
        return self.format_ticks([value])[0]
