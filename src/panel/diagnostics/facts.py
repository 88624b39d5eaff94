"""Printed figures with their precision: between which bounds a number lies that was rounded."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import inf, isnan
from types import MappingProxyType
from typing import Any

import pandas as pd

from panel.core.frame import PanelFrame
from panel.core.precision import as_printed, half_unit, last_place
from panel.core.units import quantity
from panel.errors import (
    DataError,
    DuplicateKeyError,
    NotNumericError,
    UnitError,
    UnknownRegionError,
    suggest,
)

QUALIFIERS = ("", "about", "over", "under")
_COLUMNS = ("id", "value", "unit")
_OPTIONAL = ("place", "qualifier", "missing")
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")


@dataclass(frozen=True)
class Fact:
    """One printed figure.

    Parameters
    ----------
    name : what expressions call it.
    printed : the digits as printed ("35.0" is not "35"); thousands may be set apart by commas.
    unit : as printed ("tn CNY", "percent of GDP").
    place : where it is printed.
    qualifier : "" for a rounded figure; "about", whose trailing zeros say nothing; "over" and
        "under" for a bound.
    missing : why there is no figure, if there is none.

    Raises
    ------
    DataError : the figure is no number, or the qualifier is not known.
    UnitError : the unit is not known.
    """

    name: str
    printed: str
    unit: str = ""
    place: str = ""
    qualifier: str = ""
    missing: str = ""

    def __post_init__(self) -> None:
        if not self.missing and not _NUMBER.fullmatch(self.printed):
            raise DataError(
                f"Fact {self.name!r}: {self.printed!r} is not a printed number.",
                variable=self.name,
                value=self.printed,
                remedy="write digits as printed, such as 1,038.50, or say under 'missing' why "
                "there is none.",
            )
        if self.qualifier not in QUALIFIERS:
            raise DataError(
                f"Fact {self.name!r}: the qualifier {self.qualifier!r} is not known.",
                variable=self.name,
                value=self.qualifier,
                remedy=suggest(self.qualifier, QUALIFIERS[1:]),
            )
        try:
            quantity(1.0, self.unit)
        except UnitError as error:
            raise UnitError(
                f"Fact {self.name!r}: {error.message}",
                variable=self.name,
                value=self.unit,
                remedy=error.remedy,
            ) from error

    def __str__(self) -> str:
        if self.missing:
            return "missing"
        return " ".join(filter(None, (self.qualifier, self.printed, self.unit)))

    @cached_property
    def value(self) -> float:
        """The number itself."""
        return float(self._decimal)

    @cached_property
    def bounds(self) -> tuple[float, float]:
        """Smallest and largest number that is printed like this: half a unit of the last digit."""
        half = half_unit(self._last_place)
        low, high = float(self._decimal - half), float(self._decimal + half)
        return {"over": (self.value, inf), "under": (-inf, self.value)}.get(
            self.qualifier, (low, high)
        )

    @cached_property
    def cut_off(self) -> tuple[float, float]:
        """The numbers that are printed like this by one who drops digits instead of rounding."""
        whole = Decimal(1).scaleb(self._last_place).copy_sign(self._decimal)
        ends = float(self._decimal), float(self._decimal + whole)
        return min(ends), max(ends)

    @property
    def _decimal(self) -> Decimal:
        return Decimal(self.printed.replace(",", ""))

    @property
    def _last_place(self) -> int:
        """Power of ten of the last digit that says something."""
        number = self._decimal.normalize() if self.qualifier == "about" else self._decimal
        return last_place(number)


@dataclass(frozen=True)
class Cell:
    """A figure to be taken from a panel: one variable of one region and year."""

    name: str
    variable: str
    region: Hashable
    time: Any

    def fact(self, frame: PanelFrame | None) -> Fact:
        """The figure as a fact; missing if the panel does not have it.

        A figure taken over as published has the precision of its digits; digits that are only
        zeros after the point are not counted, because a panel cannot tell 4528 from 4528.0.

        Raises
        ------
        UnknownVariableError, UnknownRegionError : what the panel does not know at all.
        NotNumericError : the variable is text.
        """
        if frame is None:
            return Fact(self.name, "", missing="no panel was given")
        values, here = frame[self.variable], (self.region, self.time)
        if self.region not in frame.units:
            raise UnknownRegionError(
                f"Fact {self.name!r}: the frame {frame.name!r} has no {frame.unit} "
                f"{self.region!r}.",
                variable=self.name,
                value=self.region,
                remedy=suggest(str(self.region), map(str, frame.units)),
            )
        if not pd.api.types.is_numeric_dtype(values.dtype):
            raise NotNumericError(
                f"Fact {self.name!r}: {self.variable!r} is text.",
                variable=self.name,
                value=self.variable,
                remedy="name a variable of numbers.",
            )
        value = float(values.get(here, default=float("nan")))
        unit = frame.columns[self.variable].unit if self.variable in frame.columns else ""
        place = f"{frame.name}: {self.variable} of {self.region}, {self.time}"
        if isnan(value):
            return Fact(self.name, "", unit, place, missing=f"no figure in {place}")
        printed = format(as_printed(value), "f")
        return Fact(self.name, printed, unit, place)


def read_facts(table: pd.DataFrame) -> Mapping[str, Fact]:
    """Facts by name.

    Parameters
    ----------
    table : columns id, value (text, as printed; empty where there is none) and unit; perhaps
        place, qualifier and missing. Other columns are left aside.

    Raises
    ------
    DataError : a column is missing, or values are numbers, which forget their last zeros.
    DuplicateKeyError : two facts of one id.
    UnitError : an unknown unit.
    """
    for column in _COLUMNS:
        if column not in table.columns:
            raise DataError(
                f"The table of facts has no column {column!r}.",
                variable=column,
                remedy=suggest(column, map(str, table.columns)),
            )
    if pd.api.types.is_numeric_dtype(table["value"].dtype) and len(table):
        raise DataError(
            "The values of the facts are numbers, which no longer say how many digits were "
            "printed.",
            variable="value",
            value=str(table["value"].dtype),
            remedy="read the file with pandas.read_csv(..., dtype=str).",
        )
    columns = [c for c in (*_COLUMNS, *_OPTIONAL) if c in table.columns]
    facts: dict[str, Fact] = {}
    for _, cells in table[columns].iterrows():
        row = {column: "" if pd.isna(v) else str(v).strip() for column, v in cells.items()}
        fact = Fact(
            name=row["id"],
            printed=row["value"],
            unit=row["unit"],
            place=row.get("place", ""),
            qualifier=row.get("qualifier", ""),
            missing=row.get("missing", "")
            or ("" if row["value"] else f"{row['id']} has no figure"),
        )
        if fact.name in facts:
            raise DuplicateKeyError(
                f"Two facts have the id {fact.name!r}.",
                variable="id",
                value=fact.name,
                remedy="give every printed figure an id of its own.",
            )
        facts[fact.name] = fact
    return MappingProxyType(facts)
