"""The rows and values that margins are taken at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from panel.core.design import Design
from panel.core.expression import Call, Name, parse_expression, walk
from panel.core.frame import FloatArray, IntArray, PanelFrame
from panel.core.terms import numbers, variables_of
from panel.errors import DataError, EstimationError, suggest
from panel.inference.margins import shown

At = Mapping[str, Any]
By = str | Sequence[str]


@dataclass(frozen=True, eq=False)
class Cell:
    """Rows that a number is a mean over.

    Parameters
    ----------
    place : the values the number is taken at, and the groups, by name.
    frame : the data with those values.
    rows : positions (r,) in the frame.
    at : their positions among the rows of the estimate; empty for other data.
    weights : (r,) that add up to one.
    """

    place: Mapping[str, Any]
    frame: PanelFrame
    rows: IntArray
    at: IntArray
    weights: FloatArray

    @property
    def name(self) -> str:
        """The place as text, ``z = 1, zone = East``."""
        return ", ".join(f"{name} = {shown(value)}" for name, value in self.place.items())

    def mean(self, values: FloatArray) -> Any:
        """Weighted mean of values (r,) or (r, K)."""
        return self.weights @ values


def cells(design: Design, at: At | None, by: By | None) -> Iterator[tuple[Cell, ...]]:
    """For each combination of the values ``at`` the cells of the groups ``by``, of the rows used.

    Raises
    ------
    DataError : values or groups that the data or the model do not have.
    """
    chosen = {name: _values(design, name, given) for name, given in (at or {}).items()}
    groups = _groups(design.frame, design.rows, by)
    weights = _weights(design, design.frame, design.rows)
    for combination in product(*chosen.values()):
        values = dict(zip(chosen, combination, strict=True))
        frame = with_values(design.frame, values)
        yield tuple(
            Cell(values | group, frame, design.rows[own], own, _shares(weights[own]))
            for group, own in groups
        )


def new_cells(design: Design, frame: PanelFrame, by: By | None) -> tuple[Cell, ...]:
    """Cells of other data: a row each, or groups of them."""
    rows, none = np.arange(len(frame)), np.empty(0, dtype=np.int64)
    if by is None:
        keys = frame.table.index
        return tuple(
            Cell({frame.unit: u, frame.time: t}, frame, rows[[i]], none, np.ones(1))
            for i, (u, t) in enumerate(keys)
        )
    groups, weights = _groups(frame, rows, by), _weights(design, frame, rows)
    return tuple(Cell(group, frame, own, none, _shares(weights[own])) for group, own in groups)


def with_values(frame: PanelFrame, values: Mapping[str, Any]) -> PanelFrame:
    """The frame with variables set to one value, or to an array (n,); units and labels stay."""
    if not values:
        return frame
    return replace(frame, table=frame.table.assign(**values))


def is_factor(design: Design, name: str) -> bool:
    """Whether the model takes the variable as categories."""
    spec = design.spec
    calls = [n for t in (*spec.terms, *spec.endogenous) for n in walk(parse_expression(t))]
    in_i = any(
        isinstance(c, Call) and c.function == "i" and c.arguments[:1] == (Name(name),)
        for c in calls
    )
    dtype = design.frame[name].dtype
    number = pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype)
    return in_i or not number


def levels_of(design: Design, name: str) -> tuple[Any, ...]:
    """Values of a variable among the rows used, sorted."""
    return tuple(sorted(design.column(name).dropna().unique()))


def require_variable(design: Design, name: str, what: str) -> None:
    """Stop unless a variable of the frame enters the right side, and can be set.

    Raises
    ------
    UnknownVariableError : the frame does not have it.
    EstimationError : the model does not, or it is a fixed effect or a key.
    """
    frame, spec = design.frame, design.spec
    frame[name]
    absorbed = {v for effect in spec.absorb for v in variables_of(effect)}
    known = sorted({v for t in (*spec.terms, *spec.endogenous) for v in variables_of(t)})
    if name in absorbed:
        raise EstimationError(
            f"{name!r} stands among the fixed effects of the model: {what} change its regressors "
            "only.",
            variable=name, remedy=f"write i({name}) as a regressor to compare its levels.",
        )  # fmt: skip
    if name not in known:
        raise EstimationError(
            f"{name!r} is not among the regressors of {spec}.", variable=name,
            remedy=suggest(name, known),
        )  # fmt: skip
    if name not in frame.columns:
        raise EstimationError(
            f"{name!r} is a key of the panel; {what} cannot set it.", variable=name,
            remedy="copy it into a variable of another name, or group by it with by=.",
        )  # fmt: skip


def _values(design: Design, name: str, given: Any) -> tuple[Any, ...]:
    """The values of one variable, each one that the variable can take."""
    require_variable(design, name, "margins")
    listed = given if isinstance(given, (Sequence, np.ndarray, pd.Series)) else [given]
    values = [given] if isinstance(given, str) else list(listed)
    if not values or len(set(map(str, values))) < len(values):
        raise DataError(
            f"at gives {name!r} no value, or one twice.", variable=name, value=given,
            remedy=f'write for instance at={{"{name}": [1, 2]}}.',
        )  # fmt: skip
    if is_factor(design, name):
        return tuple(_level(design, name, value) for value in values)
    for value in values:
        real = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
        if not real or not np.isfinite(value):
            raise DataError(
                f"{name!r} cannot be set to {value!r}.", variable=name, value=value,
                remedy="give finite numbers.",
            )  # fmt: skip
    return tuple(map(float, values))


def _level(design: Design, name: str, value: Any) -> Any:
    levels = levels_of(design, name)
    if value in levels:
        return levels[levels.index(value)]
    raise DataError(
        f"{value!r} is not a value of {name!r} in the rows used.", variable=name, value=value,
        remedy=suggest(str(value), map(str, levels)),
    )  # fmt: skip


def _groups(
    frame: PanelFrame, rows: IntArray, by: By | None
) -> list[tuple[dict[str, Any], IntArray]]:
    """Groups of the rows: their values by name, and positions among the rows."""
    names = [] if by is None else [by] if isinstance(by, str) else list(by)
    if not names:
        return [({}, np.arange(len(rows)))]
    table = pd.DataFrame({name: frame[name].to_numpy()[rows] for name in names})
    for name in names:
        if missing := int(table[name].isna().sum()):
            raise DataError(
                f"{name!r} is missing in {missing} of the rows.", variable=name, value=missing,
                remedy="group by a variable that every row has.",
            )  # fmt: skip
    grouped = table.groupby(names, sort=True, observed=True).indices
    keys = [key if isinstance(key, tuple) else (key,) for key in grouped]
    return [
        (dict(zip(names, map(_plain, key), strict=True)), np.asarray(own, dtype=np.int64))
        for key, own in zip(keys, grouped.values(), strict=True)
    ]


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _weights(design: Design, frame: PanelFrame, rows: IntArray) -> FloatArray:
    """The weights of the model (r,), ones without; of means, a region's rows share one."""
    text, counts = design.spec.weights, design.spec.frequency
    of = design.observations
    if of is not None and not design.spec.absorb and rows is design.rows:  # no logit
        return np.asarray(1 / np.bincount(of)[of])
    if text is None or (counts is not None and rows is design.rows):  # which stand several times
        return np.ones(len(rows))
    return numbers(counts or text, frame)[rows]


def _shares(weights: FloatArray) -> FloatArray:
    return np.asarray(weights / weights.sum())
