"""How a region's industries differ from the nation's, and how diverse they are."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from scipy.special import xlogy

from panel.core.frame import FloatArray, PanelFrame
from panel.core.verb import as_frame
from panel.errors import DataError
from panel.indices.indicators import numbers
from panel.indices.measure import Measure
from panel.indices.sectors import levels, national, shares
from panel.indices.structure import measure

Frame = PanelFrame | pd.DataFrame

_LANGUAGES = ("en", "zh", "ru")


def location_quotients(
    frame: Frame, industries: Sequence[str], *, total: str | None = None, nation: Hashable = None
) -> Measure:
    """Location quotients ``(x_ik / x_i) / (X_k / X)``: above one, the region is specialised in k.

    Parameters
    ----------
    industries : employment or output by industry.
    total : the region's total, if the industries are not all there are; else their sum.
    nation : the unit that holds the nation; None sums over the regions of the year that have all
        figures.

    Returns
    -------
    Measure with a column an industry, by its name; missing where the nation has none of it.

    Raises
    ------
    UnknownVariableError, NotNumericError : a variable that is not there, or is text.
    DataError : fewer than two industries, negative or infinite figures, a sum of zero, industries
        that exceed their total, or no such nation.
    """
    frame = as_frame(frame)
    x = levels(frame, industries, "industries")
    if total is None:
        whole = x.sum(axis=1)
    else:
        whole = np.where(np.isnan(x[:, 0]), np.nan, numbers(frame, total))
        _require_total(frame, x.sum(axis=1), whole, total)
        x = np.where(np.isnan(whole)[:, None], np.nan, x)
    both = national(frame, np.column_stack([x, whole]), nation)
    there = both[:, :-1] > 0
    share = both[:, :-1] / both[:, -1:]
    quotient = np.divide(
        x / whole[:, None], share, out=np.full_like(x, np.nan), where=there & np.isfinite(share)
    )
    columns = {
        v: (quotient[:, j], {k: _quotient(frame, v, k) for k in _LANGUAGES})
        for j, v in enumerate(industries)
    }
    text = f"location quotients of {', '.join(industries)}"
    inputs = (*industries, *([total] if total else []))
    found = measure("Location quotients", frame, columns, text, inputs)
    renamed = found.df.rename(columns=lambda v: f"lq_{v}")
    labels = {f"lq_{v}": label for v, label in found.labels.items()}
    return Measure(found.name, renamed, labels, text, inputs, int(np.isnan(x[:, 0]).sum()))


def _quotient(frame: PanelFrame, variable: str, language: str) -> str:
    words = {"en": "Location quotient", "zh": "区位商", "ru": "Коэффициент локализации"}
    return f"{words[language]}: {frame.label(variable, language)}"


def _require_total(frame: PanelFrame, parts: FloatArray, whole: FloatArray, total: str) -> None:
    # A published total may be rounded: parts may exceed it by a thousandth.
    for row in np.flatnonzero((parts > whole * 1.001) | (whole <= 0))[:1]:
        unit, time = frame.table.index[row]
        raise DataError(
            f"The industries of {unit}, {time} add up to {parts[row]:g}, "
            f"their total {total!r} is {whole[row]:g}.",
            variable=total, value=float(whole[row]), remedy="name the total they are part of.",
        )  # fmt: skip


def specialisation(
    frame: Frame, industries: Sequence[str], *, nation: Hashable = None, others: bool = False
) -> Measure:
    """How much a region's shares of industries differ from the nation's.

    Parameters
    ----------
    industries : employment or output by industry.
    nation : the unit that holds the nation; None sums over the regions of the year.
    others : compare with all regions but the region itself, as Krugman's index often does.

    Returns
    -------
    Measure with krugman, ``sum_k |s_ik - s_k|``, 0 (like the nation) to 2; relative_specialisation,
    ``max_k s_ik/s_k``, over industries that the nation has; relative_diversity,
    ``1 / sum_k |s_ik - s_k|`` (infinite, and so missing, where the region is like the nation).

    Raises
    ------
    UnknownVariableError, NotNumericError : an industry that is not there, or is text.
    DataError : fewer than two industries, negative or infinite figures, a sum of zero, no such
        nation, or a single region with ``others``.

    References
    ----------
    Krugman (1991), Geography and Trade; Duranton and Puga (2000), Urban Studies 37(3).
    """
    frame = as_frame(frame)
    if others and nation is not None:
        raise DataError(
            "nation= and others= exclude each other.", variable="others", value=nation,
            remedy="leave one of them out.",
        )  # fmt: skip
    x = levels(frame, industries, "industries")
    s, base = shares(x), shares(national(frame, x, nation, others=others))
    apart = np.abs(s - base).sum(axis=1)
    inverse = np.divide(1.0, apart, out=np.full(len(x), np.nan), where=apart > 0)
    ratio = np.divide(s, base, out=np.where(np.isnan(s), np.nan, -np.inf), where=base > 0)
    columns = {
        "krugman": (apart, {
            "en": "Krugman specialisation", "zh": "克鲁格曼专业化指数",
            "ru": "Индекс специализации Кругмана",
        }),
        "relative_specialisation": (ratio.max(axis=1), {
            "en": "Relative specialisation", "zh": "相对专业化指数",
            "ru": "Относительная специализация",
        }),
        "relative_diversity": (inverse, {
            "en": "Relative diversity", "zh": "相对多样化指数",
            "ru": "Относительная диверсификация",
        }),
    }  # fmt: skip
    text = f"shares of {', '.join(industries)} against the nation's"
    return measure("Specialisation", frame, columns, text, tuple(industries))


def diversity(frame: Frame, industries: Sequence[str]) -> Measure:
    """How evenly a region's activity is spread over industries.

    Returns
    -------
    Measure with herfindahl, ``sum s_k²``; herfindahl_normalised, ``(H - 1/K)/(1 - 1/K)``, 0 (even)
    to 1 (one industry); shannon, ``-sum s_k ln s_k``; evenness, shannon over ln K; theil,
    ``ln K`` less shannon.

    Raises
    ------
    UnknownVariableError, NotNumericError : an industry that is not there, or is text.
    DataError : fewer than two industries, negative or infinite figures, or a sum of zero.

    References
    ----------
    Hirschman (1964), American Economic Review 54; Shannon (1948), Bell System Technical Journal 27;
    Theil (1967), Economics and Information Theory.
    """
    frame = as_frame(frame)
    s = shares(levels(frame, industries, "industries"))
    k = s.shape[1]
    h, e = (s**2).sum(axis=1), -xlogy(s, s).sum(axis=1)
    columns = {
        "herfindahl": (h, {
            "en": "Herfindahl index", "zh": "赫芬达尔指数", "ru": "Индекс Херфиндаля",
        }),
        "herfindahl_normalised": ((h - 1 / k) / (1 - 1 / k), {
            "en": "Herfindahl index, normalised", "zh": "标准化赫芬达尔指数",
            "ru": "Нормированный индекс Херфиндаля",
        }),
        "shannon": (e, {"en": "Shannon entropy", "zh": "香农熵", "ru": "Энтропия Шеннона"}),
        "evenness": (e / np.log(k), {"en": "Evenness", "zh": "均匀度", "ru": "Выравненность"}),
        "theil": (np.log(k) - e, {"en": "Theil index", "zh": "泰尔指数", "ru": "Индекс Тейла"}),
    }  # fmt: skip
    text = f"diversity of {', '.join(industries)}"
    return measure("Diversity", frame, columns, text, tuple(industries))
