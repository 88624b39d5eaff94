"""Every phrase of the figures in English, Chinese and Russian: a table, so longer than a module."""

from __future__ import annotations

PHRASES: dict[str, tuple[str, str, str]] = {
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
    "n of k": ("{n} of {k} variables", "{k}个变量中的{n}个", "Показателей: {n} из {k}"),
    "share there": (
        "Share of {k} variables that have a figure",
        "{k}个变量中有数据的比例",
        "Доля показателей с данными (всего {k})",
    ),
    "variables": ("{n} variables", "{n}个变量", "показателей: {n}"),
    "nothing": ("A row without figures", "有记录无数据", "Строка без данных"),
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
        "Share of {what} that have figures, by region and year, {first} to {last}: {complete} "
        "cells complete, {partly} partly missing, {none} without a row.",
        "{what}中有数据的比例（地区×年份，{first}—{last}年）：完整{complete}格，部分缺失{partly}格，"
        "无记录{none}格。",
        "Доля показателей с данными ({what}) по регионам и годам, {first}–{last}: полных ячеек "
        "{complete}, неполных {partly}, без строки {none}.",
    ),
    "alt correlation": (
        "Heat map of the correlations of {what} over {n} rows; the strongest is {r} "
        "between {a} and {b}.",
        "{what}的相关系数热图（{n}行）；最强的是{a}与{b}之间的{r}。",
        "Тепловая карта корреляций: {what} (строк: {n}); самая сильная {r}: {a} и {b}.",
    ),
}
