"""Bringing indicators of any unit to one scale on which more is better."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from numbers import Real
from typing import Any, Literal

import numpy as np
import pandas as pd

from panel.core.frame import FloatArray
from panel.errors import DataError, suggest
from panel.indices.indicators import Indicators

Over = Literal["panel", "year"] | int

_Rows = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Scale:
    """A way to standardise: ``min_max``, ``goalposts``, ``z_score``, ``percentile_rank``,
    ``relative_to`` or ``unit_length``.

    Parameters
    ----------
    label : what a report calls it.
    rule : indicators -> z (n, m), more is better.
    """

    label: str
    rule: Callable[[Indicators], FloatArray]

    def __call__(self, indicators: Indicators) -> FloatArray:
        """z (n, m)."""
        return self.rule(indicators)

    def __repr__(self) -> str:
        return self.label


def min_max(over: Over = "panel", *, interval: tuple[float, float] = (0.0, 1.0)) -> Scale:
    """``z = (x - min)/(max - min)``, or ``(max - x)/(max - min)`` where less is better.

    Parameters
    ----------
    over : where minimum and maximum are taken: "panel", over all regions and years, so that a
        region can rise over the years; "year", within each year, so that it can only rise in rank;
        or a base year, beyond whose limits other years may lie.
    interval : a and b of ``a + (b - a) z``. Geometric aggregation needs a > 0. Papers that add
        0.0001 to every z have (0.0001, 1.0001).

    Source: OECD and JRC (2008), Handbook on Constructing Composite Indicators, 5.3.
    """
    low, high = _rising(interval, "interval", "The interval")
    to = "" if (low, high) == (0.0, 1.0) else f" to {low:g}..{high:g}"
    return Scale(
        f"min-max{to}{_words(over)}", partial(_min_max, over=over, low=low, width=high - low)
    )


def _min_max(data: Indicators, over: Over, low: float, width: float) -> FloatArray:
    z = np.empty_like(data.x)
    for rows, basis in _blocks(data, over):
        least, most = data.x[basis].min(axis=0), data.x[basis].max(axis=0)
        z[rows] = low + width * ((data.x[rows] - least) / (most - least))
    return z


def _rising(ends: Any, variable: str, subject: str) -> tuple[float, float]:
    """Two numbers, the second larger."""
    pair = tuple(ends) if isinstance(ends, (tuple, list)) else ()
    numeric = len(pair) == 2 and all(
        isinstance(v, Real) and not isinstance(v, bool) and np.isfinite(float(v)) for v in pair
    )
    if not (numeric and pair[0] < pair[1]):
        raise DataError(
            f"{subject} {ends!r} does not rise.", variable=variable, value=ends,
            remedy="give two numbers such as (0.0, 1.0).",
        )  # fmt: skip
    return float(pair[0]), float(pair[1])


def goalposts(limits: Mapping[str, tuple[float, float]], *, capped: bool = True) -> Scale:
    """``z = (x - low)/(high - low)``, or ``(high - x)/(high - low)`` where less is better, by
    limits fixed beforehand: scores do not change when regions or years are added.

    Parameters
    ----------
    limits : low and high by indicator, in its unit, whatever its direction.
    capped : values beyond a limit count as the limit. False lets them pass 0 and 1.

    Raises
    ------
    DataError : limits that do not rise; when an index is made, an indicator without limits.

    Source: the indices of the United Nations Development Programme; the limits of the Technology
    Achievement Index are in Saisana, Saltelli and Tarantola (2005), Journal of the Royal
    Statistical Society A 168(2), table 1.
    """
    if not isinstance(limits, Mapping) or not limits:
        raise DataError(
            f"The limits {limits!r} are no mapping.", variable="limits", value=limits,
            remedy='give {"variable": (low, high)} for each indicator.',
        )  # fmt: skip
    ends = {str(v): _rising(pair, str(v), f"From low to high, {v!r}") for v, pair in limits.items()}
    label = "goalposts" + ("" if capped else " without caps")
    return Scale(label, partial(_between, ends=ends, capped=bool(capped)))


def _between(data: Indicators, ends: Mapping[str, tuple[float, float]], capped: bool) -> FloatArray:
    for name in data.names:
        if name not in ends:
            raise DataError(
                f"Indicator {name!r} has no goalposts.", variable=name,
                remedy=suggest(name, list(ends)),
            )  # fmt: skip
    low, high = np.array([ends[name] for name in data.names]).T
    worst = np.where(data.signs > 0, low, -high)  # x is turned round where less is better
    z: FloatArray = (data.x - worst) / (high - low)
    return z.clip(0.0, 1.0) if capped else z


def z_score(over: Over = "panel") -> Scale:
    """``z = (x - mean)/sd`` with divisor n - 1; the negative of it where less is better.

    Parameters
    ----------
    over : as for :func:`min_max`.

    Source: OECD and JRC (2008), Handbook, 5.2.
    """
    return Scale(f"z-scores{_words(over)}", partial(_z_score, over=over))


def _z_score(data: Indicators, over: Over) -> FloatArray:
    z = np.empty_like(data.x)
    for rows, basis in _blocks(data, over):
        x = data.x[basis]
        z[rows] = (data.x[rows] - x.mean(axis=0)) / x.std(axis=0, ddof=1)
    return z


def percentile_rank(over: Literal["panel", "year"] = "panel") -> Scale:
    """Rank over number: 1 for the best, 1/n for the worst; of equal values the lower rank.

    Source: OECD and JRC (2008), Handbook, table 15.
    """
    if over not in ("panel", "year"):
        raise DataError(
            f"Ranks over {over!r} are not defined.", variable="over", value=over,
            remedy='write "panel" or "year".',
        )  # fmt: skip
    return Scale(f"percentile ranks{_words(over)}", partial(_ranks, over=over))


def _ranks(data: Indicators, over: Over) -> FloatArray:
    z = np.empty_like(data.x)
    for rows, _ in _blocks(data, over):
        z[rows] = pd.DataFrame(data.x[rows]).rank(method="min") / rows.sum()
    return z


def unit_length(over: Literal["panel", "year"] = "panel") -> Scale:
    """``z = x / sqrt(sum x²)``, the negative of it where less is better, as TOPSIS first had it.

    Source: Hwang and Yoon (1981), Multiple Attribute Decision Making.
    """
    if over not in ("panel", "year"):
        raise DataError(
            f"Length over {over!r} is not defined.", variable="over", value=over,
            remedy='write "panel" or "year".',
        )  # fmt: skip
    return Scale(f"unit length{_words(over)}", partial(_length, over=over))


def _length(data: Indicators, over: Over) -> FloatArray:
    z = np.empty_like(data.x)
    for rows, _ in _blocks(data, over):
        z[rows] = data.x[rows] / np.linalg.norm(data.x[rows], axis=0)
    return z


def relative_to(reference: Hashable = "mean", over: Over = "panel") -> Scale:
    """``z = x / reference``, or ``reference / x`` where less is better. Values must be positive
    (zero is allowed where more is better).

    Parameters
    ----------
    reference : "mean", "best" or "worst" of the regions; a region by its key; or "own", each
        region's own value of the base year ``over``.
    over : where the reference is taken: "panel", "year" or a base year. A region's reference over
        the panel is its mean over the years.

    Source: OECD and JRC (2008), Handbook, 5.4. With "best", or "mean", averaged within blocks and
    over blocks, it is the integral assessment of Russian regional studies.
    """
    if not isinstance(reference, Hashable):
        raise DataError(
            f"The reference {reference!r} is no region.", variable="reference", value=reference,
            remedy='write "mean", "best", "worst", "own" or a region.',
        )  # fmt: skip
    if reference == "own" and over in ("panel", "year"):
        raise DataError(
            'A region\'s own value is a reference only in a base year.', variable="over",
            value=over, remedy='write relative_to("own", 2016).',
        )  # fmt: skip
    label = f"relative to {reference}{_words(over)}"
    return Scale(label, partial(_relative, reference=reference, over=over))


def _relative(data: Indicators, reference: Hashable, over: Over) -> FloatArray:
    x = data.x * data.signs  # as measured
    _require_positive(data, x)
    z = np.empty_like(x)
    for rows, basis in _blocks(data, over):
        base = _reference(data, x, rows, basis, reference)  # (m,), or (rows, m) for own values
        if (base <= 0).any():
            j = int(np.argwhere(base <= 0)[0, -1])
            raise DataError(
                f"The reference of {data.names[j]!r} is zero.", variable=data.names[j], value=0.0,
                remedy="choose another reference or another standardisation.",
            )  # fmt: skip
        with np.errstate(divide="ignore"):  # zeros are only where more is better
            z[rows] = np.where(data.signs > 0, x[rows] / base, base / x[rows])
    return z


def _reference(
    data: Indicators, x: FloatArray, rows: _Rows, basis: _Rows, reference: Hashable
) -> FloatArray:
    if reference == "mean":
        return np.asarray(x[basis].mean(axis=0))
    if reference in ("best", "worst"):
        top = (data.signs > 0) == (reference == "best")
        ends: FloatArray = np.where(top, x[basis].max(axis=0), x[basis].min(axis=0))
        return ends
    where = {data.units[i]: i for i in np.flatnonzero(basis)}
    if reference == "own":
        lacking = [data.units[i] for i in np.flatnonzero(rows) if data.units[i] not in where]
        if lacking:
            raise DataError(
                f"{lacking[0]} has no row with all indicators in the base year.",
                variable=str(lacking[0]), value=len(lacking),
                remedy="leave it out of the frame, or choose another base year.",
            )  # fmt: skip
        return np.asarray(x[[where[data.units[i]] for i in np.flatnonzero(rows)]])
    if reference not in where:
        raise DataError(
            f"The reference {reference!r} has no row with all indicators.", variable="reference",
            value=reference,
            remedy=suggest(str(reference), ["mean", "best", "worst", "own", *map(str, where)]),
        )  # fmt: skip
    mine = np.array([u == reference for u in data.units]) & basis
    own: FloatArray = x[mine].mean(axis=0)
    return own


def _require_positive(data: Indicators, x: FloatArray) -> None:
    bad = np.where(data.signs > 0, x < 0, x <= 0)
    for row, j in np.argwhere(bad)[:1]:
        raise DataError(
            f"Indicator {data.names[j]!r} is {x[row, j]:g} in {data.units[row]}, "
            f"{data.times[row]}, and has no ratio to a reference.",
            variable=data.names[j], value=float(x[row, j]),
            remedy="standardise by min_max() or z_score().",
        )  # fmt: skip


def _words(over: Any) -> str:
    """`` within years`` and so on, for a label."""
    if over == "panel":
        return ""
    if over == "year":
        return " within years"
    if isinstance(over, bool) or not isinstance(over, (int, np.integer)):
        raise DataError(
            f"Standardisation over {over!r} is not known.", variable="over", value=over,
            remedy='write "panel", "year" or a base year such as 2016.',
        )  # fmt: skip
    return f" of {over}"


def _blocks(data: Indicators, over: Over) -> Iterator[tuple[_Rows, _Rows]]:
    """Rows to be standardised together and the rows that set their standard, each a mask (n,).

    Raises
    ------
    DataError : an indicator has one value in all rows of a standard.
    """
    everything = np.ones(len(data.x), dtype=bool)
    if over == "year":
        pairs = [(data.times == t, data.times == t) for t in np.unique(data.times)]
    elif over == "panel":
        pairs = [(everything, everything)]
    else:
        pairs = [(everything, data.times == over)]
    for rows, basis in pairs:
        if not basis.any():
            raise DataError(
                f"No row of the base year {over} has all indicators.", variable="over", value=over,
                remedy=f"choose a year from {data.times.min()} to {data.times.max()}.",
            )  # fmt: skip
        _require_variation(data, basis, "" if over == "panel" else f" in {data.times[basis][0]}")
        yield rows, basis


def _require_variation(data: Indicators, basis: _Rows, when: str) -> None:
    flat = data.x[basis].max(axis=0) == data.x[basis].min(axis=0)
    if bool(flat.any()):
        name = data.names[int(np.argmax(flat))]
        alone = basis.sum() == 1
        raise DataError(
            f"Indicator {name!r} does not vary{when}"
            + (", which has one region." if alone else "."),
            variable=name,
            remedy="standardise over the panel."
            if alone and when
            else "leave it out of the index.",
        )
