"""Changes of regions as values: merged, split, reassigned, taken out of one another, left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from panel.errors import DataError

Reason = str | tuple[str, str, str]  # one text, or one in English, Chinese and Russian


@dataclass(frozen=True)
class MergeRegions:
    """Several regions become one: RU-PER of RU-PER-OBL and RU-KOP-AO.

    ``into`` may be one of the ``parts`` (a krai that takes in an okrug). Years in which the parts
    have no rows of their own stay as they are; a figure that a part lacks is missing in the
    whole. ``why`` is kept in the record ("law of ...", "2005-12-01"), in
    English, Chinese and Russian if it is three texts.
    """

    into: str
    parts: tuple[str, ...]
    why: Reason = ""

    @property
    def regions(self) -> tuple[str, ...]:
        """Every region the rule names."""
        return (self.into, *self.parts)


@dataclass(frozen=True)
class SplitRegion:
    """One region becomes several, by fixed shares (of a column: :func:`region_shares`).

    Parameters
    ----------
    source : the region to divide, in every year in which it has a row.
    shares : by new region; they add up to one. A total is divided, a rate or mean is taken over
        unchanged, which the record says.
    why : kept in the record.
    """

    source: str
    shares: Mapping[str, float]
    why: Reason = ""

    def __post_init__(self) -> None:
        _check_shares(self.source, self.shares)

    @property
    def regions(self) -> tuple[str, ...]:
        """Every region the rule names."""
        return (self.source, *self.shares)


@dataclass(frozen=True)
class SubtractRegions:
    """A region without the regions inside it: RU-TYU without RU-KHM and RU-YAN.

    The parts keep their rows. Years in which no part has a row stay as they are.
    """

    region: str
    parts: tuple[str, ...]
    why: Reason = ""

    @property
    def regions(self) -> tuple[str, ...]:
        """Every region the rule names."""
        return (self.region, *self.parts)


@dataclass(frozen=True)
class DropRegion:
    """A region is left out, for instance an okrug whose figures its oblast's contain."""

    region: str
    why: Reason = ""

    @property
    def regions(self) -> tuple[str, ...]:
        """Every region the rule names."""
        return (self.region,)


@dataclass(frozen=True)
class ReassignRegions:
    """Several regions become others at once, by fixed shares: IE01 and IE02 become three.

    Parameters
    ----------
    flows : by old region, the share of it that goes to each new one; the shares of a region add
        up to one. A total of a new region is the sum of those shares of the old totals, a rate
        the mean of the old rates, weighted by those shares of the weights. A figure that one of
        the old regions lacks is missing in all its new ones.
    why : kept in the record.
    """

    flows: Mapping[str, Mapping[str, float]]
    why: Reason = ""

    def __post_init__(self) -> None:
        for source, shares in self.flows.items():
            _check_shares(source, shares)

    @property
    def regions(self) -> tuple[str, ...]:
        """Every region the rule names."""
        return tuple(dict.fromkeys((*self.flows, *self.targets)))

    @property
    def targets(self) -> dict[str, dict[str, float]]:
        """By new region, the share of each old one that goes to it."""
        found: dict[str, dict[str, float]] = {}
        for source, shares in self.flows.items():
            for target, share in shares.items():
                found.setdefault(target, {})[source] = share
        return found


def _check_shares(source: str, shares: Mapping[str, float]) -> None:
    total = sum(shares.values())
    # Shares are written with a few decimals: thirds as 0.333 do not add up, 0.3333333333 do.
    if not shares or min(shares.values()) < 0 or not abs(total - 1) < 1e-9:
        raise DataError(
            f"The shares of {source} add up to {total}, not to 1, or are negative.",
            variable="shares",
            value=dict(shares),
            remedy="divide the weights by their sum.",
        )


Rule = MergeRegions | SplitRegion | SubtractRegions | DropRegion | ReassignRegions
