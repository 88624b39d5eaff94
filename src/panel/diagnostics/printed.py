"""Numbers as they are printed: to which digit they speak, and whether a number rounds to them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import isfinite

from panel.core.precision import half_unit, last_place
from panel.errors import DataError

_FIGURE = r"[-+]?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+|(?=\.\d))(?:\.\d*)?(?:[eE][-+]?\d+)?"
_NUMBER = re.compile(rf"(<?)\s*({_FIGURE})")
_CELL = re.compile(
    rf"(<?\s*{_FIGURE})\s*[*†‡+]*"
    rf"(?:\s*(?:\((?P<round>{_FIGURE})\)|\[(?P<square>{_FIGURE})\])\s*[*†‡+]*)?"
)
_MARKS = re.compile(r"[*†‡+]+(?=\s*(?:[(\[]|$))")
_PLAIN = str.maketrans(
    {"−": "-", "–": "-", "\u2009": "", "\u202f": "", "\u00a0": " "}
    | {"（": "(", "）": ")", "［": "[", "］": "]", "＊": "*", "＋": "+"}
)
_POWERS = (2, -2, 3, -3, 1, -1, 4, -4, 6, -6)  # of ten by which units are mistaken

# Relative error allowed to the arithmetic: a hundredfold of double precision, far below what is
# printed.
_ARITHMETIC = Decimal("1e-13")


@dataclass(frozen=True)
class Printed:
    """A printed number.

    Parameters
    ----------
    text : as printed: ".116", "-42.714", "2.9127e+00", "1,234.5", "<0.001". A zero before the
        point may be left out; a minus sign may be a dash.

    Raises
    ------
    DataError : it is no number.
    """

    text: str

    def __post_init__(self) -> None:
        if not isinstance(self.text, str) or not _NUMBER.fullmatch(_plain(self.text)):
            raise DataError(
                f"{self.text!r} is not a printed number.",
                variable="printed",
                value=self.text,
                remedy="write the digits as printed and in quotes, such as '-42.714' or '.110'; "
                "with a decimal comma, give decimal=','.",
            )

    @cached_property
    def _parts(self) -> tuple[str, Decimal]:
        found = _NUMBER.fullmatch(_plain(self.text))
        assert found is not None
        return found[1], Decimal(found[2].replace(",", ""))

    @property
    def bound(self) -> bool:
        """Whether only an upper bound is printed: "<0.001"."""
        return self._parts[0] == "<"

    @property
    def number(self) -> Decimal:
        """Its value, exactly."""
        return self._parts[1]

    @property
    def place(self) -> int:
        """Power of ten of the last printed digit."""
        return last_place(self.number)

    @property
    def digits(self) -> int:
        """Digits that say something: leading zeros do not. A bare zero has one."""
        return len(self.number.as_tuple().digits) if self.number else 1

    def bounds(self, cut: bool = False) -> tuple[float, float]:
        """Smallest and largest number that may be printed so: half a unit of the last digit
        either way; where digits may have been ``cut`` off, a whole one away from zero."""
        if self.bound:
            return 0.0, float(self.number)
        half = half_unit(self.place)
        below = 2 * half if cut and self.number <= 0 else half
        above = 2 * half if cut and self.number >= 0 else half
        return float(self.number - below), float(self.number + above)

    def agreeing(self, value: float) -> int:
        """How many of the digits, from the first on, ``value`` rounds to."""
        if not isfinite(value):
            return 0
        exact = Decimal(value)
        if self.bound:
            return self.digits if exact < self.number else 0
        distance = abs(exact - self.number) - abs(self.number) * _ARITHMETIC
        for dropped in range(self.digits):
            if distance <= half_unit(self.place + dropped):
                return self.digits - dropped
        return 0

    def agrees(self, value: float) -> bool:
        """Whether ``value`` rounds to what is printed; a tie may be rounded either way."""
        return self.agreeing(value) == self.digits

    def difference(self, value: float) -> str:
        """How ``value`` misses what is printed, in words; empty if it does not."""
        if self.agrees(value) or not isfinite(value) or self.bound:
            return ""
        exact, unit = Decimal(value), Decimal(1).scaleb(self.place)
        if self.agrees(-value):
            return "the sign differs"
        if 0 < abs(exact) - abs(self.number) < unit and exact * self.number > 0:
            return "as if digits were cut off"
        for power in _POWERS if self.digits > 1 else ():
            if self.agrees(float(exact.scaleb(power))):
                return f"ours times {Decimal(1).scaleb(power):f}"
        rounded = exact.quantize(unit) if exact.adjusted() - self.place < 25 else exact
        units = int(abs(rounded - self.number) / unit)
        if units < 10:
            return f"{units} in the last digit"
        if not self.number:
            return "zero is printed"
        return f"{abs(float((exact - self.number) / self.number)):.2g} of the number"


def split_cell(text: str) -> tuple[str, str]:
    """The two numbers of a table's cell, "0.110*** (0.012)"; the second may be missing.

    Raises
    ------
    DataError : the cell holds something else.
    """
    found = _CELL.fullmatch(_plain(text))
    if not found:
        raise DataError(
            f"{text!r} is not a printed number, nor one with another in brackets.",
            variable="printed",
            value=text,
            remedy="write the digits as printed, such as '.110' or '0.110*** (0.012)'; with a "
            "decimal comma, give decimal=','.",
        )
    return found[1].strip(), found["round"] or found["square"] or ""


def marks(text: str) -> str:
    """The stars behind a cell's number: "***" of "0.110*** (0.012)"."""
    found = _MARKS.search(_plain(text))
    return found[0] if found else ""


def _plain(text: str) -> str:
    return text.translate(_PLAIN).strip()
