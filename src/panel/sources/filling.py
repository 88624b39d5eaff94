"""Filling missing figures on the record: from other years, regions, variables or vintages."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np

from panel.core.build import build
from panel.core.formula import parse
from panel.core.frame import FloatArray, IntArray, PanelFrame
from panel.core.spatial_weights import SpatialWeights
from panel.core.steps import figures, recorded, target
from panel.core.units import factor
from panel.core.verb import usable
from panel.errors import DataError, FormulaError, UnknownRegionError, suggest
from panel.kernels.filters import BoolArray, between, beyond, on_line
from panel.kernels.lstsq import least_squares


def interpolate(
    frame: PanelFrame,
    name: str,
    method: Literal["linear", "geometric"] = "linear",
    *,
    limit: int = 3,
    extrapolate: bool = False,
    into: str | None = None,
) -> PanelFrame:
    """Gaps between two known years of a region filled.

    Parameters
    ----------
    method : "linear", on the straight line; "geometric", at constant growth, for positive figures.
    limit : gaps of more years than this stay as they are. A year without a row counts.
    extrapolate : also up to ``limit`` years before the first and after the last known year, on the
        line through the two nearest known years.
    into : name of a new variable; the variable itself is changed if left out.

    Returns
    -------
    New frame; the filled cells are marked and the step is on record.

    Raises
    ------
    DataError : a limit below 1, another method, a figure that is not positive beside a geometric
        gap, infinite figures.
    NotNumericError, UnknownVariableError : no variable of numbers.
    """
    if method not in ("linear", "geometric"):
        raise DataError(
            f"{method!r} is no way to interpolate.", variable="method", value=method,
            remedy=suggest(method, ("linear", "geometric")),
        )  # fmt: skip
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise DataError(
            f"The limit must be a whole number of years from 1, not {limit!r}.",
            variable="limit", value=limit, remedy="2 fills gaps of one or two years.",
        )  # fmt: skip
    known, name = target(frame, name, into)
    values, unit, time = figures(known, name), known.unit_codes, known.time_numbers
    there = ~np.isnan(values)
    gaps = [between(there, unit, time, limit)]
    gaps += [beyond(there, unit, time, limit)] if extrapolate else []
    rows, near, far = (np.concatenate(parts) for parts in zip(*gaps, strict=True))
    if method == "linear":
        values[rows] = on_line(values, time, rows, near, far)
    else:
        _positive(known, name, values, np.concatenate([near, far]))
        with np.errstate(divide="ignore", invalid="ignore"):  # figures beside no gap
            values[rows] = np.exp(on_line(np.log(values), time, rows, near, far))
    options = {"method": method, "limit": limit, "extrapolate": extrapolate}
    redo = partial(interpolate, name=name, **options)  # type: ignore[arg-type]
    kind = f"{'extrapolated' if extrapolate else 'interpolated'} {method}"
    return recorded(known, redo, values, kind, text=str(limit))


def impute_mean(frame: PanelFrame, name: str, by: str, *, into: str | None = None) -> PanelFrame:
    """Missing figures set to the mean of the known ones of their group.

    Parameters
    ----------
    by : the group, a variable or key or several: "year", "zone^year". A group without any figure
        stays as it is.

    Raises
    ------
    DataError, NotNumericError, UnknownVariableError : as :func:`interpolate`.
    """
    known, name = target(frame, name, into)
    values, codes = figures(known, name), known.groups(by)[0]
    there = ~np.isnan(values) & (codes >= 0)
    size = int(codes.max(initial=-1)) + 1
    counts = np.bincount(codes[there], minlength=size)
    sums = np.bincount(codes[there], values[there], minlength=size)
    rows = np.isnan(values) & (codes >= 0)
    rows[rows] = counts[codes[rows]] > 0
    values[rows] = sums[codes[rows]] / counts[codes[rows]]
    redo = partial(impute_mean, name=name, by=by)
    return recorded(known, redo, values, "imputed mean", group=by)


def impute_neighbours(
    frame: PanelFrame, name: str, weights: SpatialWeights, *, into: str | None = None
) -> PanelFrame:
    """Missing figures set to the weighted mean of the neighbours' figures of the same year.

    Parameters
    ----------
    weights : ``panel.contiguity("china")`` or any other; neighbours without a figure do not count,
        and a cell without a neighbour that has one stays as it is. Filled figures are not used to
        fill others.

    Raises
    ------
    UnknownRegionError : a region of the frame without weights.
    DataError, NotNumericError, UnknownVariableError : as :func:`interpolate`.
    """
    known, name = target(frame, name, into)
    place = {region: i for i, region in enumerate(weights.regions)}
    for region in known.units:
        if region not in place:
            raise UnknownRegionError(
                f"The weights do not have region {region!r}.",
                variable="weights", value=region, remedy=suggest(str(region), map(str, place)),
            )  # fmt: skip
    values = figures(known, name)
    row, (year, years) = np.array([place[u] for u in known.units]), known.groups(known.time)
    grid = np.full((len(place), len(years)), np.nan)  # (N, T)
    grid[row[known.unit_codes], year] = values
    there = ~np.isnan(grid)
    weight = weights.raw @ there
    with np.errstate(invalid="ignore", divide="ignore"):  # cells without such a neighbour
        mean = weights.raw @ np.where(there, grid, 0.0) / weight
    values = np.where(np.isnan(values), mean[row[known.unit_codes], year], values)
    redo = partial(impute_neighbours, name=name, weights=weights)
    return recorded(known, redo, values, "imputed neighbours", text=weights.kind)


def impute_regression(
    frame: PanelFrame, name: str, formula: str, *, into: str | None = None
) -> PanelFrame:
    """Missing figures set to the fit of a least-squares regression on the known ones.

    Parameters
    ----------
    formula : "x ~ log(gdp) + population", with dummies as ``i(province) + i(year)``. The left side
        is the variable, or its logarithm: the figure is then the exponential of the fit, a median
        rather than a mean where the errors are symmetric.

    Returns
    -------
    New frame; cells with a missing regressor stay as they are. One value a cell: standard errors
    of a later model do not allow for its uncertainty.

    Raises
    ------
    FormulaError : another left side; fixed effects, instruments or weights.
    EstimationError : as for least squares on the known rows.
    DataError, NotNumericError, UnknownVariableError : as :func:`interpolate`.
    """
    spec = usable(parse(formula), "impute_regression")
    sides = {name: "{}", f"log({name})": "log({})"}
    if spec.y not in sides:
        raise FormulaError(
            f"The left side {spec.y!r} is neither {name!r} nor its logarithm.",
            variable=spec.y, remedy=f'write "{name} ~ ..." or "log({name}) ~ ...".',
        )  # fmt: skip
    left = sides[spec.y]
    known, name = target(frame, name, into)
    values = figures(known, name)
    spec = replace(spec, y=left.format(name))
    design = build(spec, known)
    fit = least_squares(design.X, design.y, None)
    fitted = design.matrix(known) @ fit.coef
    values = np.where(np.isnan(values), fitted if left == "{}" else np.exp(fitted), values)
    share = 1 - fit.residual.var() / design.y.var()
    redo = partial(impute_regression, name=name, formula=str(spec))
    text = f"{spec} (n = {design.n}, R² = {share:.3f})"
    return recorded(known, redo, values, "imputed regression", text=text)


def splice(
    frame: PanelFrame,
    name: str,
    other: str,
    method: Literal["ratio", "difference"] = "ratio",
    *,
    overlap: tuple[int, int] | None = None,
    into: str | None = None,
) -> PanelFrame:
    """Missing figures taken over from another vintage, brought to the level of this one.

    In each region x_t = r z_t with r = sum x / sum z over the years that both have, or
    x_t = z_t + d with d the mean of x - z over them.

    Parameters
    ----------
    other : the vintage z, in any unit of the same kind.
    method : "ratio" keeps growth rates, "difference" keeps changes.
    overlap : first and last year to compare, all common years if left out. A region without a
        common year stays as it is.

    Raises
    ------
    UnitError : the two do not measure the same.
    DataError : no region has a common year, a sum of z that is zero or of the other sign, another
        method; otherwise as :func:`interpolate`.
    """
    if method not in ("ratio", "difference"):
        raise DataError(
            f"{method!r} is no way to splice.", variable="method", value=method,
            remedy=suggest(method, ("ratio", "difference")),
        )  # fmt: skip
    known, name = target(frame, name, into)
    x = figures(known, name)
    z = figures(known, other) * factor(known.columns[other].unit, known.columns[name].unit)
    first, last = overlap or (known.times[0], known.times[-1])
    times = known.array(known.time)
    both = ~np.isnan(x) & ~np.isnan(z) & (times >= first) & (times <= last)
    if not both.any():
        raise DataError(
            f"{name!r} and {other!r} have no common figure in {first} to {last}.",
            variable=other, value=(first, last), remedy="widen the overlap.",
        )  # fmt: skip
    linked = _linked(known, x, z, both, method)
    values = np.where(np.isnan(x), linked, x)
    years = sorted(set(times[both].astype(int).tolist()))
    redo = partial(splice, name=name, other=other, method=method, overlap=overlap)
    text = f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])
    return recorded(known, redo, values, f"spliced {method}", term=other, text=text)


def _linked(
    frame: PanelFrame, x: FloatArray, z: FloatArray, both: BoolArray, method: str
) -> FloatArray:
    """The other vintage (n,) at the level of the first; missing without a common year."""
    codes, size = frame.unit_codes, len(frame.units)
    n = np.bincount(codes[both], minlength=size)
    sums = [np.bincount(codes[both], v[both], minlength=size) for v in (x, z)]
    if method == "ratio" and bool(((sums[1] == 0) & (n > 0)).any()):
        unit = frame.units[int(np.argmax((sums[1] == 0) & (n > 0)))]
        raise DataError(
            f"The other vintage adds up to zero for {unit} in the common years.",
            variable=str(unit), value=0.0, remedy='use method="difference", or other years.',
        )  # fmt: skip
    with np.errstate(invalid="ignore", divide="ignore"):  # regions without a common year
        link = sums[0] / sums[1] if method == "ratio" else (sums[0] - sums[1]) / n
    link[n == 0] = np.nan
    if method == "ratio" and bool((link < 0).any()):
        unit = frame.units[int(np.argmax(link < 0))]
        raise DataError(
            f"The vintages have sums of opposite signs for {unit} in the common years.",
            variable=str(unit), value=float(link[link < 0][0]),
            remedy='use method="difference", or other years.',
        )  # fmt: skip
    return np.asarray(z * link[codes] if method == "ratio" else z + link[codes])


def _positive(frame: PanelFrame, name: str, values: FloatArray, rows: IntArray) -> None:
    low = rows[values[rows] <= 0]
    if len(low):
        at = frame.table.index[low[0]]
        raise DataError(
            f"{name!r} is {values[low[0]]:g} for {at[0]}, {at[1]}, and has no growth rate from "
            "there.",
            variable=name, value=float(values[low[0]]), remedy='use method="linear".',
        )  # fmt: skip
