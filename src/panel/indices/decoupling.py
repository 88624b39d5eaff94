"""Decoupling of a pressure on the environment from what drives it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from panel.core.frame import FloatArray, PanelFrame
from panel.core.verb import as_frame
from panel.errors import DataError
from panel.indices.indicators import numbers
from panel.indices.measure import Measure

STATES = {
    "strong decoupling": {"zh": "强脱钩", "ru": "сильный декаплинг"},
    "weak decoupling": {"zh": "弱脱钩", "ru": "слабый декаплинг"},
    "expansive coupling": {"zh": "扩张连结", "ru": "экспансивный каплинг"},
    "expansive negative decoupling": {
        "zh": "扩张负脱钩", "ru": "экспансивный негативный декаплинг",
    },
    "strong negative decoupling": {"zh": "强负脱钩", "ru": "сильный негативный декаплинг"},
    "weak negative decoupling": {"zh": "弱负脱钩", "ru": "слабый негативный декаплинг"},
    "recessive coupling": {"zh": "衰退连结", "ru": "рецессивный каплинг"},
    "recessive decoupling": {"zh": "衰退脱钩", "ru": "рецессивный декаплинг"},
}  # fmt: skip

_LABELS = {
    "pressure_growth": {"en": "Growth of pressure", "zh": "压力增长率", "ru": "Рост нагрузки"},
    "driver_growth": {
        "en": "Growth of driver", "zh": "驱动力增长率", "ru": "Рост движущего фактора",
    },
    "elasticity": {"en": "Elasticity", "zh": "脱钩弹性", "ru": "Эластичность декаплинга"},
    "state": {"en": "State of decoupling", "zh": "脱钩状态", "ru": "Состояние декаплинга"},
}  # fmt: skip


def decoupling(
    frame: PanelFrame | pd.DataFrame, pressure: str, driver: str, *, periods: int = 1
) -> Measure:
    """Tapio's elasticity ``e = (change of pressure %) / (change of driver %)`` and its state.

    Where the driver grows: strong decoupling e < 0 (pressure falls), weak decoupling up to 0.8,
    expansive coupling up to 1.2, expansive negative decoupling above. Where it falls: strong
    negative decoupling e < 0 (pressure rises), weak negative decoupling up to 0.8, recessive
    coupling up to 1.2, recessive decoupling above. A bound belongs to the state before it.
    Pressure that does not change has e = 0, weak decoupling or weak negative decoupling. Where the
    driver does not change there is neither elasticity nor state.

    Parameters
    ----------
    pressure, driver : positive variables, for instance CO2 and real product.
    periods : years over which changes are taken, by the calendar.

    Returns
    -------
    Measure with pressure_growth, driver_growth (shares, not percent), elasticity and state.

    Raises
    ------
    UnknownVariableError, NotNumericError : a variable that is not there, or is text.
    DataError : values that are not positive; a single year.

    Source: Tapio (2005), Transport Policy 12(2).
    """
    frame = as_frame(frame)
    if isinstance(periods, bool) or not isinstance(periods, (int, np.integer)) or periods < 1:
        raise DataError(
            f"Changes over {periods!r} years are not defined.", variable="periods", value=periods,
            remedy="give 1 or more.",
        )  # fmt: skip
    if len(frame.times) < 2:
        raise DataError(
            "Decoupling needs two years.", variable=frame.time, value=frame.times,
            remedy="take a frame of several years.",
        )  # fmt: skip
    p, g = (_growth(frame, v, int(periods)) for v in (pressure, driver))
    elasticity = np.divide(p, g, out=np.full(len(p), np.nan), where=g != 0)
    table = pd.DataFrame(
        {"pressure_growth": p, "driver_growth": g, "elasticity": elasticity}, frame.table.index
    )
    table["state"] = _state(elasticity, g)
    text = f"growth of {pressure} / growth of {driver}, over {periods} year(s)"
    missing = int((np.isnan(p) | np.isnan(g)).sum())
    words = {state: {"en": state, **other} for state, other in STATES.items()}
    return Measure("Decoupling", table, _LABELS, text, (pressure, driver), missing, words)


def _growth(frame: PanelFrame, variable: str, periods: int) -> FloatArray:
    """Relative change (n,), missing without the row before."""
    x = numbers(frame, variable)
    for row in np.flatnonzero((x <= 0) | np.isinf(x))[:1]:
        unit, time = frame.table.index[row]
        raise DataError(
            f"{variable!r} is {x[row]:g} in {unit}, {time}, and has no rate of growth.",
            variable=variable, value=float(x[row]),
            remedy="mend it, make it missing, or leave the region out.",
        )  # fmt: skip
    before = frame.shifted(x, periods)
    return np.asarray((x - before) / before)


def _state(e: FloatArray, growth: FloatArray) -> list[str | None]:
    names = np.array(list(STATES), dtype=object).reshape(2, 4)
    rank = np.where(e < 0, 0, 1 + np.searchsorted(np.array([0.8, 1.2]), e, side="left"))
    known = np.isfinite(e)
    side = (growth < 0).astype(int)
    found = names[side, np.where(known, rank, 0)]
    return [state if there else None for state, there in zip(found, known, strict=True)]
