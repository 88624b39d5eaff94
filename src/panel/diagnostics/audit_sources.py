"""Rules that set a panel beside something else: totals, another source, printed claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from panel.core.frame import PanelFrame
from panel.core.precision import places
from panel.core.units import factor
from panel.diagnostics.audit_finding import Finding, Teller, percent
from panel.diagnostics.audit_ranges import ARITHMETIC, Leaf, leaves_of
from panel.diagnostics.claims import check_claims
from panel.diagnostics.claimsfile import Claim
from panel.errors import DataError

_CONTRADICTED = ("contradicts", "units do not match")


@dataclass(frozen=True)
class RegionalTotal:
    """A rule: the regions add up to a total that is published beside them.

    Parameters
    ----------
    variable : what is added up.
    totals : the total by year, in the variable's unit.
    within : relative difference allowed beside rounding (provinces' products do not quite add up
        to the nation's).

    Notes
    -----
    In a year in which regions have no figure, those that have one must not exceed the total.
    Rounding allows half a unit of the last digit of every figure, so the rule is strict only where
    figures have digits to spare.
    """

    variable: str
    totals: Mapping[Any, float]
    within: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "totals", MappingProxyType(dict(self.totals)))

    def __str__(self) -> str:
        return f"{self.variable} adds up to its total"

    def __call__(self, frame: PanelFrame) -> Iterator[Finding]:
        """A finding for each year in which they do not.

        Raises
        ------
        UnknownVariableError, NotNumericError : the variable is not there, or is text.
        """
        leaf, tell = leaves_of([self.variable], frame)[self.variable], Teller(frame, self.variable)
        times = frame.table.index.get_level_values(1)
        for year, total in self.totals.items():
            here = np.asarray(times == year) & ~np.isnan(leaf.values)
            if not here.any() or not np.isfinite(total):
                continue
            found, missing = float(leaf.values[here].sum()), len(frame.units) - int(here.sum())
            slack = float(leaf.half[here].sum() + 0.5 * 10.0 ** places([total])[0])
            slack += self.within * abs(total)
            off = found - total if missing else abs(found - total)
            if off > slack + ARITHMETIC * abs(total):
                yield tell.find(
                    "total", (None, year), found, total, off / slack, count=str(int(here.sum())),
                    hint="missing" if missing else "", n=str(missing),
                )  # fmt: skip


@dataclass(frozen=True)
class OtherSource:
    """A rule: a second source gives the same figures, as far as both print them.

    Parameters
    ----------
    other : the frame of the second source, with the same codes of regions and years.
    names : the second source's variable by the first one's; the same names if left out.
    within : relative difference allowed beside rounding.

    Raises
    ------
    DataError : no variable in common.
    """

    other: PanelFrame
    names: Mapping[str, str] = field(default_factory=dict)
    within: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", MappingProxyType(dict(self.names)))

    def __str__(self) -> str:
        return f"{', '.join(self.names) or 'all'} as in {self.other.name}"

    def __call__(self, frame: PanelFrame) -> Iterator[Finding]:
        """A finding for each cell in which the two differ by more than rounding.

        Raises
        ------
        UnknownVariableError : a variable that is not there.
        UnitError : units that do not measure the same.
        """
        for mine, theirs in (self.names or self._common(frame)).items():
            yield from self._compared(frame, mine, theirs)

    def _common(self, frame: PanelFrame) -> dict[str, str]:
        numeric = [n for n in frame if n in self.other and frame.array(n).dtype != object]
        if not numeric:
            raise DataError(
                f"{frame.name!r} and {self.other.name!r} have no variable of numbers in common.",
                variable=self.other.name,
                remedy='say which belong together: names={"gdp": "gdp_first"}.',
            )
        return {name: name for name in numeric}

    def _compared(self, frame: PanelFrame, mine: str, theirs: str) -> Iterator[Finding]:
        ours = _cells(leaves_of([mine], frame)[mine], frame)
        second = leaves_of([theirs], self.other)[theirs]
        scale = factor(second.unit, leaves_of([mine], frame)[mine].unit)
        others = _cells(second, self.other) * scale
        tell, said = Teller(frame, mine), Teller(self.other, theirs)
        both = ours.join(others.add_suffix("_other")).dropna()
        for key, (value, half, other, half_other) in zip(both.index, both.to_numpy(), strict=True):
            slack = half + half_other + self.within * abs(other)
            if abs(value - other) > slack + ARITHMETIC * abs(other):
                where = said.source(*key) or self.other.name
                yield tell.find(
                    "vintage", key, value, other, abs(value - other) / slack if slack else np.inf,
                    other=where,
                )  # fmt: skip


def _cells(leaf: Leaf, frame: PanelFrame) -> pd.DataFrame:
    """Figures and half units by (region, year)."""
    index = frame.table.index.set_names(["region", "year"])
    return pd.DataFrame({"value": leaf.values, "half": leaf.half}, index=index)


@dataclass(frozen=True)
class PrintedClaims:
    """A rule: printed claims follow from printed figures; see :func:`panel.check_claims`.

    Parameters
    ----------
    facts : the printed figures.
    claims : the claims, or their TOML file.
    """

    facts: pd.DataFrame
    claims: Sequence[Claim] | str | Path

    def __str__(self) -> str:
        return "printed claims"

    def __call__(self, frame: PanelFrame) -> Iterator[Finding]:
        """A finding for each claim that its figures contradict.

        Raises
        ------
        UnknownVariableError, DataError, FormulaError, SourceError : as ``check_claims``.
        """
        table = check_claims(self.facts, self.claims, frame).table
        for row in table[table["verdict"].isin(_CONTRADICTED)].to_dict("records"):
            yield _contradicted(row)


def _contradicted(row: Mapping[Any, Any]) -> Finding:
    """The finding of one claim."""
    value = float(str(row["printed"]).rpartition(" ")[2].replace(",", ""))
    expected = float(row["recomputed"])
    slack = (row["high"] - row["low"]) / 2
    words = {
        "label": row["claim"], "place": row["place"], "rule": row["expression"],
        "value": f"{row['printed']} {row['unit']}".strip(),
        "hint": "comment" if row["comment"] else "", "comment": row["comment"],
    }  # fmt: skip
    if np.isfinite(expected) and expected:
        words["percent"] = percent(value / expected - 1)
    return Finding(
        "claim", row["claim"], None, None, value, expected,
        abs(value - expected) / slack if slack > 0 else float("nan"), row["unit"], row["place"],
        words,
    )  # fmt: skip
