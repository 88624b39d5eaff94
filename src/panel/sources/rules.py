"""How a figure of a whole follows from those of its parts: totals add up, rates are averaged."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from panel.core.expression import Call, Name, parse_expression
from panel.core.frame import PanelFrame
from panel.core.units import quantity
from panel.errors import DataError, UnitError, UnknownVariableError, suggest
from panel.sources.regionrules import Reason

Row = Mapping[str, Any]
Said = tuple[str, ...]  # in the order of LANGUAGES

_HOW: Mapping[str, Said] = {
    "left out": ("{what} left out", "剔除{what}", "исключено: {what}"),
    "lacking": (
        "not computed: {what} has no figure",
        "未计算：{what}无数据",
        "не рассчитано: нет значения {what}",
    ),
    "figure": ("figure of {what}", "取{what}的数值", "значение {what}"),
    "sum": ("sum of {what}", "{what}之和", "сумма {what}"),
    "mean": (
        "mean weighted by {weights} of {what}",
        "{what}按{weights}加权的均值",
        "среднее {what} с весами {weights}",
    ),
    "no weight": (
        "not computed: {weights} of {what} is zero",
        "未计算：{what}的{weights}为零",
        "не рассчитано: {weights} у {what} равно нулю",
    ),
    "unchanged": (
        "taken over unchanged from {what}",
        "沿用{what}的数值",
        "взято без изменений из {what}",
    ),
    "share": ("{share} of {what}", "{what}的{share}", "{share} от {what}"),
    "without": ("{whole} without {what}", "{whole}扣除{what}", "{whole} без {what}"),
    "mean without": (
        "{whole} without {what}, mean weighted by {weights}",
        "{whole}扣除{what}，按{weights}加权",
        "{whole} без {what}, среднее с весами {weights}",
    ),
    "none left": (
        "not computed: no {weights} is left in {whole} without {what}",
        "未计算：{whole}扣除{what}后{weights}无剩余",
        "не рассчитано: у {whole} без {what} не остаётся {weights}",
    ),
}
AND = (" and ", "和", " и ")


def said(kind: str, parts: Iterable[str], why: Reason = "", **fields: str) -> Said:
    """How a figure was made of those of ``parts``, and ``why``, in each language."""
    listed = list(parts)
    told = (
        text.format(what=between.join(listed), **fields)
        for text, between in zip(_HOW[kind], AND, strict=True)
    )
    return because(tuple(told), why)


def because(how: Said, why: Reason) -> Said:
    """The same with the reason of the rule, as it was given."""
    brackets = (" ({})", "（{}）", " ({})")
    reasons = (why,) * len(how) if isinstance(why, str) else why
    told = zip(how, brackets, reasons, strict=True)
    return tuple(h + b.format(r) for h, b, r in told) if why else how


@dataclass(frozen=True)
class Measure:
    """A column and how it adds up: a sum, or a mean weighted by another column."""

    name: str
    weights: str = ""

    def __str__(self) -> str:
        return f"mean weighted by {self.weights}" if self.weights else "sum"


def measures_of(frame: PanelFrame, given: Mapping[str, str]) -> dict[str, Measure]:
    """The measure of every numeric column, checked against its unit.

    Raises
    ------
    DataError : a numeric column without a measure, or one that contradicts the unit.
    UnknownVariableError : a name the frame does not have.
    """
    numeric = [n for n in frame.columns if _is_number(frame.table[n].dtype)]
    for name in given:
        if name not in numeric:
            frame[name]  # raises with suggestions
            raise DataError(
                f"{name!r} holds text, which does not add up.",
                variable=name,
                remedy="leave it out of measures.",
            )
    if missing := [name for name in numeric if name not in given]:
        raise DataError(
            f"measures does not say how {', '.join(map(repr, missing))} adds up.",
            variable="measures",
            value=missing,
            remedy='write "sum" for totals and "mean(weights=...)" for rates, or select fewer '
            "columns.",
        )
    found = {name: _measure(name, text) for name, text in given.items()}
    for measure in found.values():
        _check(frame, measure, numeric)
    return found


def _is_number(dtype: Any) -> bool:
    yes_no = pd.api.types.is_bool_dtype(dtype)
    return bool(pd.api.types.is_numeric_dtype(dtype)) and not yes_no


def _measure(name: str, text: str) -> Measure:
    node = parse_expression(text)
    if node == Name("sum"):
        return Measure(name)
    if isinstance(node, Call) and node.function == "mean" and not node.arguments:
        options = dict(node.options)
        weights = options.pop("weights", None)
        if isinstance(weights, Name) and not options:
            return Measure(name, weights.name)
    raise DataError(
        f"{text!r} is no way to add up {name!r}.",
        variable=name,
        value=text,
        remedy='write "sum" or "mean(weights=population)".',
    )


def _check(frame: PanelFrame, measure: Measure, numeric: Sequence[str]) -> None:
    unit = frame.columns[measure.name].unit
    if bool(np.isinf(frame.array(measure.name)).any()):
        raise DataError(
            f"{measure.name!r} has infinite figures, which do not add up.",
            variable=measure.name,
            remedy="make them missing or finite first.",
        )
    total = is_total(unit)
    if total is False and not measure.weights:
        raise DataError(
            f"{measure.name!r} is measured in {unit!r}: such figures of several regions are "
            "averaged, not summed.",
            variable=measure.name,
            value=unit,
            remedy='write "mean(weights=...)" with the total it is a share or a rate of.',
        )
    if total and measure.weights:
        raise DataError(
            f"{measure.name!r} is measured in {unit!r}: such figures of several regions are "
            "summed, not averaged.",
            variable=measure.name,
            value=unit,
            remedy='write "sum".',
        )
    if not measure.weights:
        return
    if measure.weights not in numeric:
        raise UnknownVariableError(
            f"{measure.weights!r}, the weights of {measure.name!r}, is no numeric column.",
            variable=measure.weights,
            remedy=suggest(measure.weights, numeric),
        )
    if is_total(frame.columns[measure.weights].unit) is False:
        raise DataError(
            f"{measure.weights!r}, the weights of {measure.name!r}, is itself a rate.",
            variable=measure.weights,
            remedy="weight by a total: the denominator of the rate.",
        )
    if bool((frame.table[measure.weights] < 0).any()):
        raise DataError(
            f"{measure.weights!r}, the weights of {measure.name!r}, has negative figures.",
            variable=measure.weights,
            remedy="weight by a total that cannot be negative.",
        )


def is_total(unit: str) -> bool | None:
    """Whether figures in this unit add up over regions (亿元, 万人) or not (%, 指数, .../...).

    None where the unit is left out or is a word of the user's own, so that nothing is known.
    """
    if not unit:
        return None
    try:
        measured = quantity(1.0, unit)
    except UnitError:
        return None
    return not (measured.dimensionless or "/" in unit or " per " in unit)


def summed(measure: Measure, parts: Mapping[str, Row], absent: Sequence[str]) -> tuple[float, Said]:
    """Figure of a whole from its parts, and how it was made; missing if a part's is."""
    lacking = [*absent, *(p for p, row in parts.items() if _lacks(measure, row))]
    if lacking:
        return math.nan, said("lacking", lacking)
    if len(parts) == 1:
        return float(next(iter(parts.values()))[measure.name]), said("figure", parts)
    if not measure.weights:
        return float(math.fsum(row[measure.name] for row in parts.values())), said("sum", parts)
    total = math.fsum(row[measure.weights] for row in parts.values())
    if total == 0:
        return math.nan, said("no weight", parts, weights=measure.weights)
    products = math.fsum(row[measure.weights] * row[measure.name] for row in parts.values())
    return products / total, said("mean", parts, weights=measure.weights)


def split_value(measure: Measure, value: Any, source: str, share: float) -> tuple[float, Said]:
    """Figure of a part, and how it was made: a share of a total, or the whole's rate."""
    if measure.weights:
        return float(value), said("unchanged", [source])
    return float(value) * share, said("share", [source], share=f"{share:g}")


def subtracted(
    measure: Measure, whole: str, row: Row, inside: Mapping[str, Row], absent: Sequence[str]
) -> tuple[float, Said]:
    """Figure of a whole without the parts inside it, and how it was made."""
    rows = {whole: row, **inside}
    lacking = [*absent, *(r for r, cells in rows.items() if _lacks(measure, cells))]
    if lacking:
        return math.nan, said("lacking", lacking)
    if not measure.weights:
        parts = math.fsum(cells[measure.name] for cells in inside.values())
        return float(row[measure.name] - parts), said("without", inside, whole=whole)
    weights = measure.weights
    left = row[weights] - math.fsum(cells[weights] for cells in inside.values())
    if not left > 0:
        return math.nan, said("none left", inside, whole=whole, weights=weights)
    taken = math.fsum(cells[weights] * cells[measure.name] for cells in inside.values())
    figure = float((row[weights] * row[measure.name] - taken) / left)
    return figure, said("mean without", inside, whole=whole, weights=weights)


def _lacks(measure: Measure, row: Row) -> bool:
    needed = (measure.name, measure.weights) if measure.weights else (measure.name,)
    return any(pd.isna(row[name]) for name in needed)
