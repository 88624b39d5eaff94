"""Typed cells: numbers stay numbers until a writer prints them."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# The last decimal place that is printed in full, and the first power of ten that is not.
_LAST_DECIMAL, _LARGEST_POWER = 6, 12
_INVISIBLE = re.compile("[\x00-\x20\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


def clean(text: str) -> str:
    """``text`` on one line, without characters that a file format forbids."""
    return _INVISIBLE.sub(" ", str(text)).strip()


def display_width(text: str) -> int:
    """Columns of a terminal that ``text`` takes: a Chinese character takes two."""
    return sum(
        2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1
        for c in text
    )


def decimals(value: float, digits: int) -> int | None:
    """Decimals that suit a number for which ``digits`` were asked; None is scientific notation.

    At most ``digits + 3`` significant digits (31568.214 at three is 31,568.2) and, by
    :func:`at_least`, at least two (0.0000123 is 0.000012, not 0.000).
    """
    return at_least(value, min(digits, max(0, digits + 2 - _power(value))))


def at_least(value: float, places: int) -> int | None:
    """``places``, or more where they would leave fewer than two significant digits of a fraction
    (fewer than one, if ``places`` is 1 or 0).

    Below 0.00001 and from 10^12 on the notation is scientific.
    """
    if value == 0 or not math.isfinite(value):
        return places
    power = _power(value)
    needed = (1 if places > 1 else 0) - power if abs(value) < (1 if places else 0.5) else 0
    wanted = max(places, needed)
    return None if power >= _LARGEST_POWER or wanted > max(_LAST_DECIMAL, places) else wanted


def _power(value: float) -> int:
    """Power of ten of the first digit; 0 for zero and for what is not finite."""
    return Decimal(float(value)).adjusted() if value and math.isfinite(value) else 0


@dataclass(frozen=True)
class Number:
    """A number with how it is to be shown.

    Parameters
    ----------
    value : NaN prints as an empty cell.
    digits : decimals; 0 for a whole number, None for scientific notation.
    stars : after the number, "**".
    brackets : around the number, "()" or "[]".
    grouped : whether thousands are set apart (not in years).
    """

    value: float
    digits: int | None = 3
    stars: str = ""
    brackets: str = ""
    grouped: bool = True

    @property
    def missing(self) -> bool:
        """Whether there is nothing to print."""
        return math.isnan(self.value)

    def figures(self, language: str = "en") -> str:
        """The number without sign, brackets and stars; Russian prints a decimal comma.

        Halves are rounded away from zero on 15 significant digits, as spreadsheets do, so that
        every format prints the same figures.
        """
        if math.isinf(self.value):
            return "∞"
        if self.digits is None:
            text = f"{abs(self.value):.3e}"
        else:
            exact = Decimal(f"{abs(self.value):.15g}")
            rounded = exact.quantize(Decimal(1).scaleb(-self.digits), ROUND_HALF_UP)
            text = f"{rounded:,f}" if self.grouped else f"{rounded:f}"
        if language == "ru":  # a narrow no-break space between thousands
            text = text.replace(",", "\u202f").replace(".", ",")
        return text

    def sign(self, minus: str = "-") -> str:
        """``minus`` before a negative number that does not print as zero."""
        return minus if self.value < 0 and re.search("[1-9∞]", self.figures()) else ""

    def plain(self, language: str = "en", minus: str = "-") -> str:
        """The number with sign and brackets, without stars."""
        if self.missing:
            return ""
        opening, closing = (self.brackets[0], self.brackets[1]) if self.brackets else ("", "")
        return f"{opening}{self.sign(minus)}{self.figures(language)}{closing}"

    def text(self, language: str = "en", minus: str = "-") -> str:
        """All of it in one text."""
        return "" if self.missing else self.plain(language, minus) + self.stars


@dataclass(frozen=True)
class Text:
    """Words in a cell."""

    words: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", clean(self.words))

    def text(self, language: str = "en", minus: str = "-") -> str:  # noqa: ARG002 - as Number's
        """The words."""
        return self.words


@dataclass(frozen=True)
class Empty:
    """A cell with nothing in it."""

    def text(self, language: str = "en", minus: str = "-") -> str:  # noqa: ARG002 - as Number's
        """Nothing."""
        return ""


Cell = Number | Text | Empty


@dataclass(frozen=True)
class Span:
    """Words of the header over ``width`` columns."""

    words: str = ""
    width: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", clean(self.words))


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Parameters
    ----------
    label : what stands before the cells; empty for a line that belongs to the one above.
    cells : one a column.
    name : what the line is called in a DataFrame and to a screen reader; the label, if empty.
    """

    label: str
    cells: tuple[Cell, ...]
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", clean(self.label))
        object.__setattr__(self, "name", clean(self.name) or self.label)


@dataclass(frozen=True)
class Section:
    """Lines that belong together, under a title if they have one; writers set them apart."""

    rows: tuple[Row, ...]
    title: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", clean(self.title))
