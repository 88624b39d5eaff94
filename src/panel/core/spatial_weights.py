"""Which regions are neighbours, and how much each counts."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd

from panel.errors import DataError, UnknownRegionError, suggest
from panel.kernels.spatial import great_circle, row_standardised

FloatArray = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class SpatialWeights:
    """Spatial weights of N regions.

    Build them with ``panel.contiguity``, :func:`neighbour_weights`, :func:`nearest_weights`,
    :func:`distance_weights` or :func:`matrix_weights`.

    Parameters
    ----------
    regions : N names.
    raw : (N, N) weights before standardisation, nowhere negative, zero on the diagonal; row i has
        those of the neighbours of i.
    kind : how they were made, in words.
    standardised : whether rows are divided by their sums when used.
    """

    regions: tuple[Hashable, ...]
    raw: FloatArray = field(repr=False)
    kind: str
    standardised: bool = True

    def __post_init__(self) -> None:
        self.raw.flags.writeable = False

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()  # unpickled arrays can be written to

    @cached_property
    def matrix(self) -> FloatArray:
        """W (N, N) as used."""
        found = row_standardised(self.raw) if self.standardised else self.raw
        found.flags.writeable = False
        return found

    @property
    def islands(self) -> tuple[Hashable, ...]:
        """Regions without a neighbour."""
        return tuple(r for r, row in zip(self.regions, self.raw, strict=True) if not row.any())

    @property
    def df(self) -> pd.DataFrame:
        """W with names."""
        return pd.DataFrame(self.matrix, index=list(self.regions), columns=list(self.regions))

    def tidy(self) -> pd.DataFrame:
        """One row a pair of neighbours: region, neighbour, weight."""
        i, j = np.nonzero(self.raw)
        names = np.array(self.regions, dtype=object)
        return pd.DataFrame(
            {"region": names[i], "neighbour": names[j], "weight": self.matrix[i, j]}
        )

    def neighbours(self, region: Hashable) -> tuple[Hashable, ...]:
        """Names of the neighbours of a region.

        Raises
        ------
        UnknownRegionError : it has no weights.
        """
        (at,) = self._positions([region])
        return tuple(self.regions[j] for j in np.flatnonzero(self.raw[at]))

    def select(self, regions: Iterable[Hashable]) -> SpatialWeights:
        """Weights among some of the regions, in that order; rows are standardised anew.

        Raises
        ------
        UnknownRegionError : a region without weights.
        DataError : one that is left without a neighbour.
        """
        chosen = tuple(regions)
        at = self._positions(chosen)
        found = SpatialWeights(chosen, self.raw[np.ix_(at, at)], self.kind, self.standardised)
        if islands := found.islands:
            shown = ", ".join(map(str, islands[:5]))
            raise DataError(
                f"{shown} {'has' if len(islands) == 1 else 'have'} no neighbour among the "
                f"{len(chosen)} regions ({self.kind}).",
                variable="weights", value=islands,
                remedy="leave such regions out, or use weights that reach them: a strait as a link "
                "(links=), or nearest neighbours.",
            )  # fmt: skip
        return found

    def lag(self, values: FloatArray) -> FloatArray:
        """``W x`` of values (N,) or (N, T): the neighbours' mean where rows are standardised."""
        return np.asarray(self.matrix @ np.asarray(values, dtype=np.float64))

    def _positions(self, regions: Sequence[Hashable]) -> list[int]:
        at = {name: i for i, name in enumerate(self.regions)}
        for region in regions:
            if region not in at:
                raise UnknownRegionError(
                    f"The spatial weights have no region {region!r}.", variable=str(region),
                    value=region, remedy=suggest(str(region), map(str, self.regions)),
                )  # fmt: skip
        return [at[r] for r in regions]

    def __str__(self) -> str:
        count = (self.raw > 0).sum(axis=1)
        islands = f"; without a neighbour: {', '.join(map(str, self.islands))}" * bool(self.islands)
        return (
            f"SpatialWeights({self.kind}: {len(self.regions)} regions, {count.min()} to "
            f"{count.max()} neighbours, {count.mean():.2f} on average"
            f"{', rows standardised' * self.standardised}{islands})"
        )

    def __repr__(self) -> str:
        return str(self)


def matrix_weights(
    table: pd.DataFrame, *, standardise: bool = True, kind: str = "given matrix"
) -> SpatialWeights:
    """Spatial weights from a square table with regions as index and columns.

    Raises
    ------
    DataError : rows and columns differ, names repeat, or an entry is missing, negative or on the
        diagonal.
    """
    if not isinstance(table, pd.DataFrame) or list(table.index) != list(table.columns):
        raise DataError(
            "Spatial weights need the same regions as rows and as columns, in the same order.",
            variable="table", remedy="give a DataFrame with regions as index and columns.",
        )  # fmt: skip
    if not table.index.is_unique:
        twice = table.index[table.index.duplicated()][0]
        raise DataError(
            f"{twice!r} is there twice.", variable=str(twice), value=twice, remedy="drop one."
        )
    raw = table.to_numpy(dtype=np.float64).copy()
    wrong = ~np.isfinite(raw) | (raw < 0) | (np.eye(len(raw)) * raw != 0)
    if wrong.any():
        i, j = np.argwhere(wrong)[0]
        raise DataError(
            f"The weight of {table.columns[j]} for {table.index[i]} is {raw[i, j]:g}.",
            variable=str(table.index[i]), value=float(raw[i, j]),
            remedy="weights are not negative, and a region is no neighbour of its own.",
        )  # fmt: skip
    return SpatialWeights(tuple(table.index), raw, kind, standardise)


def neighbour_weights(
    pairs: Iterable[tuple[Hashable, Hashable]],
    regions: Iterable[Hashable],
    *,
    standardise: bool = True,
    kind: str = "neighbours",
) -> SpatialWeights:
    """Weights of one for pairs of neighbours, in both directions.

    Raises
    ------
    UnknownRegionError : a pair with a region that is not among ``regions``.
    DataError : a region that is its own neighbour.
    """
    names = list(dict.fromkeys(regions))
    table = pd.DataFrame(0.0, index=names, columns=names)
    for pair in pairs:
        for region in pair:
            if region not in table.index:
                raise UnknownRegionError(
                    f"The pair {pair!r} has a region that is not listed.", variable=str(region),
                    value=region, remedy=suggest(str(region), map(str, names)),
                )  # fmt: skip
        table.loc[pair[0], pair[1]] = table.loc[pair[1], pair[0]] = 1.0
    return matrix_weights(table, standardise=standardise, kind=kind)


def nearest_weights(
    places: pd.DataFrame, k: int, *, lat: str = "lat", lon: str = "lon"
) -> SpatialWeights:
    """Weights of 1/k for the k nearest places, by great-circle distance.

    They need not be mutual. Of places equally far the first in the table are taken.

    Parameters
    ----------
    places : one row a region, with columns of latitude and longitude in degrees.

    Raises
    ------
    DataError : k is not between 1 and N - 1, or coordinates missing or out of range.
    """
    distance = _distances(places, lat, lon)
    n = len(places)
    if isinstance(k, bool) or not isinstance(k, Integral) or not 1 <= k < n:
        raise DataError(
            f"A region cannot have {k!r} nearest neighbours among {n - 1} others.", variable="k",
            value=k, remedy=f"give a number from 1 to {n - 1}.",
        )  # fmt: skip
    np.fill_diagonal(distance, np.inf)
    raw = np.zeros((n, n))
    nearest = np.argsort(distance, axis=1, kind="stable")[:, : int(k)]
    np.put_along_axis(raw, nearest, 1.0, axis=1)
    return SpatialWeights(tuple(places.index), raw, f"{k} nearest")


def distance_weights(
    places: pd.DataFrame,
    cutoff_km: float,
    *,
    power: float = 1.0,
    standardise: bool = True,
    lat: str = "lat",
    lon: str = "lon",
) -> SpatialWeights:
    """Inverse-distance weights ``d^-power`` of places within ``cutoff_km`` (inclusive).

    Parameters
    ----------
    places : one row a region, with columns of latitude and longitude in degrees.
    power : 0 gives equal weights within the cutoff.

    Raises
    ------
    DataError : a cutoff or power out of range, coordinates missing or out of range, or two regions
        in one place.
    """
    for name, value, least in (("cutoff_km", cutoff_km, "positive"), ("power", power, "from 0")):
        if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= value < np.inf or (
            name == "cutoff_km" and value == 0
        ):  # fmt: skip
            raise DataError(
                f"{name} must be a number {least}, not {value!r}.", variable=name, value=value,
                remedy="give for instance 500 kilometres and a power of 1.",
            )  # fmt: skip
    distance = _distances(places, lat, lon)
    np.fill_diagonal(distance, np.inf)
    if (distance == 0).any():
        i, j = np.argwhere(distance == 0)[0]
        raise DataError(
            f"{places.index[i]} and {places.index[j]} are in one place.", variable=lat,
            value=places.index[i], remedy="give each its own coordinates.",
        )  # fmt: skip
    raw = np.where(distance <= cutoff_km, distance ** -float(power), 0.0)
    np.fill_diagonal(raw, 0.0)
    kind = f"within {cutoff_km:g} km" + (f", distance^-{power:g}" if power else "")
    return SpatialWeights(tuple(places.index), raw, kind, standardise)


def _distances(places: pd.DataFrame, lat: str, lon: str) -> FloatArray:
    for name in (lat, lon):
        if name not in places.columns:
            raise DataError(
                f"The places have no column {name!r}.", variable=name,
                remedy=suggest(name, map(str, places.columns)),
            )  # fmt: skip
    if not places.index.is_unique:
        twice = places.index[places.index.duplicated()][0]
        raise DataError(
            f"{twice!r} is there twice.", variable=str(twice), value=twice, remedy="drop one."
        )
    phi, lam = (places[c].to_numpy(dtype=np.float64) for c in (lat, lon))
    wrong = ~((np.abs(phi) <= 90) & (np.abs(lam) <= 360))
    if wrong.any():
        at = int(np.argmax(wrong))
        raise DataError(
            f"{places.index[at]} lies at {phi[at]:g}, {lam[at]:g}.", variable=lat,
            value=(float(phi[at]), float(lam[at])), remedy="give degrees.",
        )  # fmt: skip
    return great_circle(phi, lam)
