"""How a region's sectors change: upgrading, structural change, rationalisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import xlogy

from panel.core.frame import FloatArray, PanelFrame
from panel.core.verb import as_frame
from panel.errors import DataError
from panel.indices.measure import Measure, Words
from panel.indices.sectors import levels, shares

Frame = PanelFrame | pd.DataFrame


def structure_upgrading(frame: Frame, sectors: Sequence[str]) -> Measure:
    """Upgrading index ``sum_k k s_k``: shares of the sectors times 1, 2, 3 ... in their order.

    Parameters
    ----------
    sectors : value added from the lowest to the highest: primary, secondary, tertiary.

    Returns
    -------
    Measure with upgrading, from 1 (all in the first) to k (all in the last).

    Raises
    ------
    UnknownVariableError, NotNumericError : a sector that is not there, or is text.
    DataError : fewer than two sectors, negative or infinite figures, or a sum of zero.
    """
    frame = as_frame(frame)
    s = shares(levels(frame, sectors))
    value = s @ np.arange(1, s.shape[1] + 1)
    label = {
        "en": "Industrial upgrading",
        "zh": "产业结构升级指数",
        "ru": "Индекс структурного сдвига",
    }
    text = " + ".join(f"{k} s({v})" for k, v in enumerate(sectors, 1))
    return measure("Upgrading", frame, {"upgrading": (value, label)}, text, tuple(sectors))


def tertiary_ratio(frame: Frame, tertiary: str, secondary: str) -> Measure:
    """Advancement of structure: tertiary over secondary value added.

    Returns
    -------
    Measure with tertiary_ratio.

    Raises
    ------
    UnknownVariableError, NotNumericError : a sector that is not there, or is text.
    DataError : negative or infinite figures, or no secondary sector.

    Source: Gan, Zheng and Yu (2011), Economic Research Journal 46(5).
    """
    frame = as_frame(frame)
    x = levels(frame, [tertiary, secondary])
    _positive(frame, x[:, 1], secondary)
    label = {
        "en": "Tertiary over secondary value added", "zh": "产业结构高级化",
        "ru": "Отношение третичного сектора к вторичному",
    }  # fmt: skip
    value, text = x[:, 0] / x[:, 1], f"{tertiary} / {secondary}"
    columns = {"tertiary_ratio": (value, label)}
    return measure("Tertiary ratio", frame, columns, text, (tertiary, secondary))


def structural_change(frame: Frame, sectors: Sequence[str], *, periods: int = 1) -> Measure:
    """How much the shares of sectors moved against ``periods`` years before.

    Returns
    -------
    Measure with moore, the cosine of the two vectors of shares ``sum s s0/(|s||s0|)``, 1 without
    change; angle, its arc cosine in radians; absolute, ``sum |s - s0| / 2``; lilien,
    ``sqrt(sum_k s_k (d ln x_k - d ln x)^2)``, the dispersion of growth between sectors, missing
    where a sector is zero.

    Raises
    ------
    UnknownVariableError, NotNumericError : a sector that is not there, or is text.
    DataError : fewer than two sectors, negative or infinite figures, a sum of zero, or periods
        below 1.

    References
    ----------
    Moore (1978), Review of Income and Wealth 24; Lilien (1982), Journal of Political Economy 90.
    """
    frame = as_frame(frame)
    if isinstance(periods, bool) or not isinstance(periods, (int, np.integer)) or periods < 1:
        raise DataError(
            f"Changes over {periods!r} years are not defined.", variable="periods", value=periods,
            remedy="give 1 or more.",
        )  # fmt: skip
    x = levels(frame, sectors)
    x0 = np.column_stack([frame.shifted(column, int(periods)) for column in x.T])
    s, s0 = shares(x), shares(x0)
    s, s0 = np.where(np.isnan(s0), np.nan, s), np.where(np.isnan(s), np.nan, s0)
    cosine = (s * s0).sum(axis=1) / np.sqrt((s**2).sum(axis=1) * (s0**2).sum(axis=1))
    # From the chord, as the arc cosine of almost one loses half its digits.
    chord = np.linalg.norm(_unit(s) - _unit(s0), axis=1)
    columns = {
        "moore": (np.minimum(cosine, 1.0), _CHANGE["moore"]),
        "angle": (2 * np.arcsin(np.minimum(chord / 2, 1.0)), _CHANGE["angle"]),
        "absolute": (np.abs(s - s0).sum(axis=1) / 2, _CHANGE["absolute"]),
        "lilien": (_lilien(x, x0, s), _CHANGE["lilien"]),
    }
    text = f"structural change of {', '.join(sectors)} over {periods} year(s)"
    return measure("Structural change", frame, columns, text, tuple(sectors), "moore")


_CHANGE = {
    "moore": {"en": "Moore's value", "zh": "Moore结构变化值", "ru": "Показатель Мура"},
    "angle": {"en": "Angle of change", "zh": "结构变化夹角", "ru": "Угол структурного сдвига"},
    "absolute": {"en": "Shares that moved", "zh": "结构变动值", "ru": "Сумма структурных сдвигов"},
    "lilien": {"en": "Lilien index", "zh": "Lilien指数", "ru": "Индекс Лилиен"},
}  # fmt: skip


def _unit(s: FloatArray) -> FloatArray:
    return np.asarray(s / np.linalg.norm(s, axis=1, keepdims=True))


def _lilien(x: FloatArray, x0: FloatArray, s: FloatArray) -> FloatArray:
    known = (x > 0).all(axis=1) & (x0 > 0).all(axis=1)
    found = np.full(len(x), np.nan)
    growth = np.log(x[known] / x0[known])
    whole = np.log(x[known].sum(axis=1) / x0[known].sum(axis=1))
    found[known] = np.sqrt((s[known] * (growth - whole[:, None]) ** 2).sum(axis=1))
    return found


def structure_rationalisation(frame: Frame, sectors: Mapping[str, str]) -> Measure:
    """How far sectors' shares of output are from their shares of employment.

    Parameters
    ----------
    sectors : employment by value added: {"va_primary": "employed_primary", ...}.

    Returns
    -------
    Measure with theil, ``sum_k (Y_k/Y) ln((Y_k/L_k)/(Y/L))``, and deviation,
    ``sum_k |(Y_k/L_k)/(Y/L) - 1|``: zero where all sectors are equally productive, which is called
    rational; the larger, the less so.

    Raises
    ------
    UnknownVariableError, NotNumericError : a variable that is not there, or is text.
    DataError : no mapping, fewer than two sectors, negative or infinite figures, or a sector
        without employment.

    Source: Gan, Zheng and Yu (2011), Economic Research Journal 46(5), after Theil (1967).
    """
    frame = as_frame(frame)
    if not isinstance(sectors, Mapping):
        raise DataError(
            "Sectors are not given with their employment.", variable="sectors", value=sectors,
            remedy='give {"va_primary": "employed_primary", ...}.',
        )  # fmt: skip
    y, workers = levels(frame, list(sectors)), levels(frame, list(sectors.values()), "employment")
    for j, name in enumerate(sectors.values()):
        _positive(frame, workers[:, j], name)
    productivity = shares(y) / shares(workers)
    columns = {
        "theil": (xlogy(shares(y), productivity).sum(axis=1), {
            "en": "Theil index of structure", "zh": "产业结构合理化泰尔指数",
            "ru": "Индекс Тейла структуры",
        }),
        "deviation": (np.abs(productivity - 1).sum(axis=1), {
            "en": "Structural deviation", "zh": "结构偏离度", "ru": "Структурное отклонение",
        }),
    }  # fmt: skip
    text = f"Theil index of {', '.join(f'{y} by {w}' for y, w in sectors.items())}"
    inputs = (*sectors, *sectors.values())
    return measure("Rationalisation", frame, columns, text, inputs)


def _positive(frame: PanelFrame, x: FloatArray, name: str) -> None:
    for row in np.flatnonzero(x == 0)[:1]:
        unit, time = frame.table.index[row]
        raise DataError(
            f"{name!r} of {unit}, {time} is zero, and nothing can be divided by it.",
            variable=name, value=0.0, remedy="make it missing, or leave the row out.",
        )  # fmt: skip


def measure(
    name: str,
    frame: PanelFrame,
    columns: Mapping[str, tuple[FloatArray, Mapping[str, str]]],
    text: str,
    inputs: tuple[str, ...],
    counted: str | None = None,
) -> Measure:
    """A measure of figures (n,) and labels by column; rows are missing where ``counted`` is."""
    table = pd.DataFrame({c: v for c, (v, _) in columns.items()}, index=frame.table.index)
    labels: Words = {c: label for c, (_, label) in columns.items()}
    missing = int(table[counted or table.columns[0]].isna().sum())
    return Measure(name, table, labels, text, inputs, missing)
