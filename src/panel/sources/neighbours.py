"""Which regions of the shipped lists share a border."""

from __future__ import annotations

from collections.abc import Iterable

from panel.core.spatial_weights import SpatialWeights, neighbour_weights
from panel.errors import SourceError, suggest
from panel.sources.catalogue import data_root, read_catalogue
from panel.sources.reader import read_cells

_COUNTRIES = ("china", "russia")
_LINKS = ("land", "strait")


def contiguity(
    country: str, *, links: Iterable[str] = ("land",), standardise: bool = True
) -> SpatialWeights:
    """Weights of regions that share a border, by ISO 3166-2 code.

    Parameters
    ----------
    country : "china" (31 provinces) or "russia" (83 federal subjects).
    links : "land" borders, and "strait" for a link of Hainan with Guangdong and of Sakhalin with
        the mainland. Without it these are islands, as Kaliningrad is with it, and cannot be used
        together with the others.
    standardise : divide the weights of a region by their sum.

    Raises
    ------
    SourceError : another country or kind of link.
    ChecksumError : the file differs from the one that was registered.
    """
    chosen = (links,) if isinstance(links, str) else tuple(links)
    for what, given, known in (
        ("country", (country,), _COUNTRIES), ("links", chosen, _LINKS),
    ):  # fmt: skip
        for value in given:
            if value not in known:
                raise SourceError(
                    f"There are no borders for {what} {value!r}.", variable=what, value=value,
                    remedy=suggest(str(value), known),
                )  # fmt: skip
    catalogue = read_catalogue(data_root())
    listed, borders = (f"geo/{country}_{what}.csv" for what in ("regions", "adjacency"))
    regions = read_cells(catalogue.content(listed), listed)["iso_3166_2"]
    table = read_cells(catalogue.content(borders), borders)
    table = table[table["kind"].isin(chosen)]
    pairs = zip(table["iso_a"], table["iso_b"], strict=True)
    kind = f"{country}: {' and '.join(chosen)} borders"
    return neighbour_weights(pairs, sorted(regions), standardise=standardise, kind=kind)
