"""Typed cells: numbers stay numbers until a writer prints them."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, replace
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


def wrapped(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` terminal columns; Chinese breaks anywhere."""
    lines = [""]
    for piece in re.findall(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s+", text):
        if display_width(lines[-1] + piece) > width and lines[-1]:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return lines


def decimals(value: float, digits: int) -> int | None:
    """Decimals that suit a number for which ``digits`` were asked; None is scientific notation.

    At most ``digits + 3`` significant digits (31568.214 at three is 31,568.2) and, by
    :func:`at_least`, at least two (0.0000123 is 0.000012, not 0.000).
    """
    return at_least(value, min(digits, max(0, digits + 2 - power(value))))


def at_least(value: float, places: int) -> int | None:
    """``places``, or more where they would leave fewer than two significant digits of a fraction
    (fewer than one, if ``places`` is 1 or 0).

    Below 0.00001 and from 10^12 on the notation is scientific.
    """
    if value == 0 or not math.isfinite(value):
        return places
    digit = power(value)
    needed = (1 if places > 1 else 0) - digit if abs(value) < (1 if places else 0.5) else 0
    wanted = max(places, needed)
    return None if digit >= _LARGEST_POWER or wanted > max(_LAST_DECIMAL, places) else wanted


def power(value: float) -> int:
    """Power of ten of the first digit; 0 for zero and for what is not finite."""
    return Decimal(float(value)).adjusted() if value and math.isfinite(value) else 0


@dataclass(frozen=True)
class Piece:
    """A part of what a cell shows, and whether it stands above the line as stars do."""

    text: str
    raised: bool = False


@dataclass(frozen=True)
class Number:
    """A number with how it is to be shown.

    Parameters
    ----------
    value : NaN prints as an empty cell.
    digits : decimals; 0 for a whole number, None for scientific notation.
    stars : after the number, "**".
    brackets : around the number, "()" or "[]"; a space for none on that side.
    grouped : whether thousands are set apart (not in years).
    p_value : what the stars stand for, for a workbook in which they are live.
    """

    value: float
    digits: int | None = 3
    stars: str = ""
    brackets: str = ""
    grouped: bool = True
    p_value: float | None = None

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

    @property
    def sides(self) -> tuple[str, str]:
        """The brackets before and after."""
        return (self.brackets[0].strip(), self.brackets[1].strip()) if self.brackets else ("", "")

    def sign(self, minus: str = "-") -> str:
        """``minus`` before a negative number that does not print as zero."""
        return minus if self.value < 0 and re.search("[1-9∞]", self.figures()) else ""

    def plain(self, language: str = "en", minus: str = "-") -> str:
        """The number with sign and brackets, without stars."""
        if self.missing:
            return ""
        opening, closing = self.sides
        return f"{opening}{self.sign(minus)}{self.figures(language)}{closing}"

    def pieces(self, language: str = "en", minus: str = "-") -> tuple[Piece, ...]:
        """The number with sign and brackets, and its stars raised."""
        found = (Piece(self.plain(language, minus)), Piece(self.stars, raised=True))
        return () if self.missing else tuple(piece for piece in found if piece.text)

    def text(self, language: str = "en", minus: str = "-") -> str:
        """All of it in one text."""
        return "".join(piece.text for piece in self.pieces(language, minus))


@dataclass(frozen=True)
class Numbers:
    """Several numbers in one cell: "0.12** (0.05)", or with ``within`` the interval "[0.02, 0.22]".

    Parameters
    ----------
    parts : numbers, or intervals of numbers; those that are missing are left out.
    within : brackets around an interval, whose limits are set apart by a comma; None for numbers
        set apart by spaces.
    """

    parts: tuple[Number | Numbers, ...]
    within: str | None = None

    @property
    def missing(self) -> bool:
        """Whether there is nothing to print."""
        return all(part.missing for part in self.parts)

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Each number by itself, limits of an interval with the bracket on their side."""
        if self.within is None:
            apart = [p.numbers if isinstance(p, Numbers) else (p,) for p in self.parts]
            return tuple(number for part in apart for number in part)
        low, high = (part for part in self.parts if isinstance(part, Number))
        opening, closing = (self.within[0], self.within[1]) if self.within else ("", "")
        sides = (f"{opening} " if opening else "", f" {closing}" if closing else "")
        return (replace(low, brackets=sides[0]), replace(high, brackets=sides[1]))

    def pieces(self, language: str = "en", minus: str = "-") -> tuple[Piece, ...]:
        """The pieces of the parts with what stands between and around them."""
        shown = [part.pieces(language, minus) for part in self.parts if not part.missing]
        between = " " if self.within is None else "; " if language == "ru" else ", "
        found: list[Piece] = []
        for pieces in shown:
            found += [Piece(between), *pieces] if found else pieces
        if self.within and found:
            found = [Piece(self.within[0]), *found, Piece(self.within[1])]
        return tuple(found)

    def text(self, language: str = "en", minus: str = "-") -> str:
        """All of it in one text."""
        return "".join(piece.text for piece in self.pieces(language, minus))


@dataclass(frozen=True)
class Text:
    """Words in a cell."""

    words: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", clean(self.words))

    def pieces(self, language: str = "en", minus: str = "-") -> tuple[Piece, ...]:  # noqa: ARG002
        """The words."""
        return (Piece(self.words),) if self.words else ()

    def text(self, language: str = "en", minus: str = "-") -> str:  # noqa: ARG002 - as Number's
        """The words."""
        return self.words


@dataclass(frozen=True)
class Empty:
    """A cell with nothing in it."""

    def pieces(self, language: str = "en", minus: str = "-") -> tuple[Piece, ...]:  # noqa: ARG002
        """Nothing."""
        return ()

    def text(self, language: str = "en", minus: str = "-") -> str:  # noqa: ARG002 - as Number's
        """Nothing."""
        return ""


Cell = Number | Numbers | Text | Empty


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
    parts : names of the second and further numbers of its cells, where they hold several.
    """

    label: str
    cells: tuple[Cell, ...]
    name: str = ""
    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", clean(self.label))
        object.__setattr__(self, "name", clean(self.name) or self.label)

    @property
    def lines(self) -> tuple[Row, ...]:
        """The row with one number a cell, the others on rows of their own below."""
        apart = [c.numbers if isinstance(c, Numbers) else (c,) for c in self.cells]
        rows = []
        for i in range(max(map(len, apart), default=1)):
            cells = tuple(cell[i] if i < len(cell) else Empty() for cell in apart)
            name = self.parts[i - 1] if 0 < i <= len(self.parts) else self.name
            rows.append(Row("" if i else self.label, cells, name))
        return tuple(rows)


@dataclass(frozen=True)
class Section:
    """Lines that belong together, under a title if they have one; writers set them apart."""

    rows: tuple[Row, ...]
    title: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", clean(self.title))
