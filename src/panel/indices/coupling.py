"""Coupling and coordination of subsystems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from panel.core.frame import FloatArray, PanelFrame
from panel.core.verb import as_frame
from panel.errors import DataError, suggest
from panel.indices.indicators import numbers
from panel.indices.measure import Measure

Degree = Literal["standard", "wang", "fan"]

# Ten classes of coordination (0, 0.1], (0.1, 0.2] ... and four stages of coupling up to 0.3, 0.5,
# 0.8 and 1, with their Chinese names: Tian, Li, Yang et al. (2021), Acta Geographica Sinica 76(4),
# table 1. English and Russian names are translations.
_TEN = (
    ("extreme imbalance", "极度失调", "крайняя разбалансированность"),
    ("severe imbalance", "严重失调", "сильная разбалансированность"),
    ("moderate imbalance", "中度失调", "умеренная разбалансированность"),
    ("mild imbalance", "轻度失调", "слабая разбалансированность"),
    ("near imbalance", "濒临失调", "на грани разбалансированности"),
    ("bare coordination", "勉强协调", "минимальная скоординированность"),
    ("primary coordination", "初级协调", "начальная скоординированность"),
    ("intermediate coordination", "中级协调", "средняя скоординированность"),
    ("good coordination", "良好协调", "хорошая скоординированность"),
    ("excellent coordination", "优质协调", "высокая скоординированность"),
)
_STAGES = (
    ("low coupling", "低水平耦合", "низкая связанность"),
    ("antagonism", "拮抗阶段", "противодействие"),
    ("running-in", "磨合阶段", "притирка"),
    ("high coupling", "高水平耦合", "высокая связанность"),
)
_TEN_BOUNDS = tuple(i / 10 for i in range(1, 10))
_STAGE_BOUNDS = (0.3, 0.5, 0.8)

LABELS = {
    "coupling": {"en": "Coupling degree", "zh": "耦合度", "ru": "Степень связанности"},
    "development": {"en": "Development index", "zh": "综合协调指数", "ru": "Индекс развития"},
    "coordination": {
        "en": "Coupling coordination degree", "zh": "耦合协调度",
        "ru": "Степень скоординированности",
    },
    "stage": {"en": "Stage of coupling", "zh": "耦合阶段", "ru": "Стадия связанности"},
    "level": {"en": "Level of coordination", "zh": "协调等级", "ru": "Уровень скоординированности"},
    "lagging": {"en": "Lagging subsystem", "zh": "滞后子系统", "ru": "Отстающая подсистема"},
}  # fmt: skip


def coupling(
    frame: PanelFrame | pd.DataFrame,
    subsystems: Sequence[str] | Mapping[str, float],
    *,
    degree: Degree = "standard",
    levels: Mapping[str, float] | None = None,
) -> Measure:
    """Coupling degree C, development T and coupling coordination degree ``D = sqrt(C T)``.

    Parameters
    ----------
    frame : the panel.
    subsystems : two or more variables u between 0 and 1, such as subsystems of a composite index;
        a mapping gives their weights a in ``T = sum a_i u_i`` (scaled to add up to one).
    degree : "standard", ``C = [prod u / (mean u)^n]^(1/n)``, for two subsystems
        ``2 sqrt(u1 u2)/(u1 + u2)``; "wang", the correction by Wang et al. (2021),
        ``C = sqrt((1 - mean |u_i - u_j|) (prod u_i / max u)^(1/(n-1)))``, means over pairs, which
        spreads C over 0..1 where the standard one crowds near 1; "fan", ``C = 1 - 2 s`` with the
        standard deviation s (divisor n) of the u.
    levels : upper bound by level of D in rising order, the last one 1, instead of the ten classes
        of 0.1 from extreme imbalance to excellent coordination. A bound belongs to the level below.

    Returns
    -------
    Measure with coupling, development, coordination, stage (of coupling: up to 0.3, 0.5, 0.8, 1),
    level and lagging, the subsystem with the least u (empty where two share it).
    Where all u are zero C is not defined and D is zero.

    Raises
    ------
    UnknownVariableError, NotNumericError : a subsystem that is not there, or is text.
    DataError : fewer than two, values outside 0..1, weights that are none, or an unknown degree.

    References
    ----------
    Wang, Kong, Ren et al. (2021), Journal of Natural Resources 36(3), on four kinds of misuse; Fan
    et al. (2024), Statistics & Decision 22. Levels: Tian, Li, Yang et al. (2021), Acta Geographica
    Sinica 76(4).

    Notes
    -----
    C is 1 where all u are equal. A formula that has lost its coefficient or its root does not end
    at 1, and moves the level; weights belong into T, not into C.
    """
    frame = as_frame(frame)
    weights = _weights(subsystems)
    if degree not in ("standard", "wang", "fan"):
        raise DataError(
            f"Degree {degree!r} is not known.", variable="degree", value=degree,
            remedy=suggest(str(degree), ("standard", "wang", "fan")),
        )  # fmt: skip
    u = _unit_interval(frame, tuple(weights))
    c = _degree(u, degree)
    t = u @ np.array(list(weights.values()))
    d = np.where(t == 0, 0.0, np.sqrt(c * t))  # D <= sqrt(T) whatever C is
    bounds, names, words = _levels(levels)
    table = pd.DataFrame({"coupling": c, "development": t, "coordination": d}, frame.table.index)
    table["stage"] = _classes(c, _STAGE_BOUNDS, [s[0] for s in _STAGES])
    table["level"] = _classes(d, bounds, names)
    table["lagging"] = _lagging(u, tuple(weights))
    words = words | {e: {"zh": z, "ru": r} for e, z, r in _STAGES}
    words |= {v: {k: frame.label(v, k) for k in ("en", "zh", "ru")} for v in weights}
    text = f"coupling({', '.join(f'{v} x {w:.4g}' for v, w in weights.items())}; {degree})"
    missing = int(np.isnan(u).any(axis=1).sum())
    return Measure("Coupling coordination", table, LABELS, text, tuple(weights), missing, words)


def relative_development(
    frame: PanelFrame | pd.DataFrame,
    first: str,
    second: str,
    *,
    band: tuple[float, float] = (0.8, 1.2),
) -> Measure:
    """Relative development ``u_first / u_second``, and which of the two is ahead.

    Parameters
    ----------
    band : within these limits (the upper one excluded) the two are called synchronous; a convention
        to be stated.

    Returns
    -------
    Measure with ratio and state: "first lags", "synchronous", "first ahead".

    Raises
    ------
    UnknownVariableError, NotNumericError : a variable that is not there, or is text.
    DataError : values that are not positive or infinite, or a band that does not rise.
    """
    frame = as_frame(frame)
    if not (isinstance(band, (tuple, list)) and len(band) == 2 and 0 < band[0] < band[1]):
        raise DataError(
            f"The band {band!r} does not rise.", variable="band", value=band,
            remedy="give for instance (0.8, 1.2).",
        )  # fmt: skip
    u = np.column_stack([numbers(frame, v) for v in (first, second)])
    (low, high), bad = band, (u <= 0) | np.isinf(u)
    _require(frame, u, (first, second), bad, "not positive and finite", "leave it out, or mend it.")
    ratio = u[:, 0] / u[:, 1]
    states = ("first lags", "synchronous", "first ahead")
    state = np.array(states, dtype=object)[(ratio >= low).astype(int) + (ratio >= high)]
    table = pd.DataFrame({"ratio": ratio}, frame.table.index)
    table["state"] = pd.Series(state, frame.table.index).where(np.isfinite(ratio))
    labels = {
        "ratio": {"en": "Relative development", "zh": "相对发展度", "ru": "Относительное развитие"},
        "state": {"en": "Which is ahead", "zh": "超前或滞后", "ru": "Опережение или отставание"},
    }  # fmt: skip
    words = {
        "first lags": {"zh": "前者滞后", "ru": "первая отстаёт"},
        "synchronous": {"zh": "同步发展", "ru": "синхронное развитие"},
        "first ahead": {"zh": "前者超前", "ru": "первая опережает"},
    }
    text, missing = f"{first} / {second}", int(np.isnan(ratio).sum())
    return Measure("Relative development", table, labels, text, (first, second), missing, words)


def _degree(u: FloatArray, degree: Degree) -> FloatArray:
    """C (n,) of the subsystems (n, k); missing where all are zero."""
    k = u.shape[1]
    if degree == "fan":
        return np.asarray(1.0 - 2.0 * u.std(axis=1))
    none = u.max(axis=1) == 0
    safe = np.where(none[:, None], np.nan, u)
    if degree == "standard":
        return np.asarray(np.prod(safe / safe.mean(axis=1, keepdims=True), axis=1) ** (1 / k))
    i, j = np.triu_indices(k, 1)
    apart = np.abs(safe[:, i] - safe[:, j]).mean(axis=1)
    shape = np.prod(safe / safe.max(axis=1, keepdims=True), axis=1) ** (1 / (k - 1))
    return np.asarray(np.sqrt((1.0 - apart) * shape))


def _weights(subsystems: Any) -> dict[str, float]:
    named = isinstance(subsystems, Mapping)
    if (
        isinstance(subsystems, str)
        or len(set(subsystems)) < 2
        or len(set(subsystems)) < len(subsystems)
    ):
        raise DataError(
            f"Coupling needs two or more different subsystems, not {subsystems!r}.",
            variable="subsystems", value=subsystems, remedy='give ["digital", "green"].',
        )  # fmt: skip
    given = {str(v): float(subsystems[v]) if named else 1.0 for v in subsystems}
    bad = [v for v, w in given.items() if not (np.isfinite(w) and w >= 0)]
    total = sum(given.values())
    if bad or total == 0:
        raise DataError(
            f"The weights of the subsystems are {given}.", variable=(bad or list(given))[0],
            value=given, remedy="give numbers that are not negative, one of them above zero.",
        )  # fmt: skip
    return {v: w / total for v, w in given.items()}


def _unit_interval(frame: PanelFrame, names: tuple[str, ...]) -> FloatArray:
    u = np.column_stack([numbers(frame, v) for v in names])
    bad = (u < 0) | (u > 1)
    _require(frame, u, names, bad, "not between 0 and 1", "make it one: panel.min_max() does.")
    return u


def _require(
    frame: PanelFrame, u: FloatArray, names: tuple[str, ...], bad: Any, what: str, remedy: str
) -> None:
    for row, j in np.argwhere(bad)[:1]:
        unit, time = frame.table.index[row]
        raise DataError(
            f"{names[j]!r} is {u[row, j]:g} in {unit}, {time}, which is {what}.",
            variable=names[j], value=float(u[row, j]), remedy=remedy,
        )  # fmt: skip


def _levels(
    given: Mapping[str, float] | None,
) -> tuple[tuple[float, ...], list[str], dict[str, Mapping[str, str]]]:
    if given is None:
        return _TEN_BOUNDS, [e for e, _, _ in _TEN], {e: {"zh": z, "ru": r} for e, z, r in _TEN}
    bounds = tuple(float(b) for b in given.values())
    rises = all(a < b for a, b in zip((0.0, *bounds), bounds, strict=False))
    if not rises or bounds[-1] != 1:
        raise DataError(
            f"The bounds of the levels are {bounds}.", variable="levels", value=bounds,
            remedy='let them rise above 0 to 1: {"low": 0.4, "high": 1.0}.',
        )  # fmt: skip
    return bounds[:-1], list(map(str, given)), {}


def _classes(values: FloatArray, bounds: tuple[float, ...], names: list[str]) -> list[str | None]:
    """Name of the class (n,) whose upper bound, included, is the least that is not exceeded."""
    at = np.searchsorted(np.array(bounds), values, side="left")
    known = np.isfinite(values)
    return [names[i] if there else None for i, there in zip(at, known, strict=True)]


def _lagging(u: FloatArray, names: tuple[str, ...]) -> list[str | None]:
    """Name of the least subsystem (n,); None where two share it or one is missing."""
    clear = (u == u.min(axis=1, keepdims=True)).sum(axis=1) == 1
    least = np.nanargmin(np.where(np.isnan(u), np.inf, u), axis=1)
    return [names[j] if one else None for j, one in zip(least, clear, strict=True)]
