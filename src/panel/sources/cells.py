"""What a printed cell says: a number, a missing mark, a note; never a number it does not say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from panel.errors import NotNumericError, SourceError

DecimalMark = Literal[".", ","]

# Full-width forms to ASCII, every kind of blank to a space, of minus to "-", of apostrophe to "'".
_PLAIN: dict[int, int | str] = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)}
_PLAIN |= dict.fromkeys(map(ord, "\u3000\u00a0\u202f\u2009\u2007\u2002\u2003\u2005\t\n\r"), " ")
_PLAIN |= dict.fromkeys(map(ord, "−‒﹣"), "-") | dict.fromkeys(map(ord, "’‘ʼ`´′"), "'")

_CIRCLED = "①-⑳⑴-⒇❶-❿⓪㈠-㈩"
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ᵃᵇᶜᵈᵉ"
# Marks of notes after a text; a square or cubic metre keeps its raised digit.
_AFTER = re.compile(
    rf"\s*(?:[{_CIRCLED}]|(?<![mм])[{_RAISED}]+|[*†‡§※]+|\[\w{{1,2}}\])$"
    r"|(?<=[^\W\d_])\s*\d{1,2}\)$"
)
_AFTER_NUMBER = re.compile(r"(?<=[\d%‰)])\s*\(\d\)$|(?<=[\d%‰)])\s+\d{1,2}\)$")
_BEFORE = re.compile(rf"^(?:[{_CIRCLED}]|[*†‡§※]+)\s*")
_FLAG = re.compile(r"(?<=\d)\s?([bcdefinprsuvz]{1,2})$")  # Eurostat's: p provisional, e estimate
_CORE = re.compile(r"(?:\d+(?:[.,' ]\d+)*|[.,]\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)

# Where nothing is printed or a mark stands, by the conventions of the offices that print them:
# "…" is below the smallest unit in China (China's International Statistical Yearbook, preface), no
# data elsewhere; "-" is nothing to count in either.
_MEANINGS = {
    "": "not available",
    "…": "not available",
    "..": "not available",
    "-": "none or not available",
    "x": "not applicable",
    "na": "not available",
    "#": "error in the file's formula",
    "<": "below or above a bound",
}
_MEANINGS_BY_LANGUAGE = {("…", "zh"): "below the smallest unit"}
_NA = re.compile(
    r"n\.?\s?/?\s?a\.?|#n/a|nan|null|none|н\.?\s?/?\s?д\.?|нет данных|无|缺失?|不详|无数据|:|\\|/",
    re.IGNORECASE,
)


class Printed(NamedTuple):
    """A printed number taken apart.

    ``digits`` has the separators still in it ("1 234,5"); ``sign`` is -1 or 1; ``share`` is "%",
    "‰" or empty; ``marks`` are footnote marks and flags.
    """

    digits: str
    sign: int
    share: str
    marks: tuple[str, ...]


def plain(text: str) -> str:
    """The text with ASCII digits and punctuation, and single spaces.

    >>> plain("１，２３４．５")
    '1,234.5'
    """
    return re.sub(" +", " ", text.translate(_PLAIN)).strip()


def without_marks(text: str) -> tuple[str, tuple[str, ...]]:
    """A text without the marks of notes before and after it, and the marks.

    >>> without_marks("北京①"), without_marks("Москва1)")
    (('北京', ('①',)), ('Москва', ('1)',)))
    """
    marks: list[str] = []
    while found := _AFTER.search(text):
        if not text[: found.start()].strip():
            break
        marks.insert(0, found[0].strip())
        text = text[: found.start()].rstrip()
    if (found := _BEFORE.match(text)) and text[found.end() :].strip():
        marks.insert(0, found[0].strip())
        text = text[found.end() :]
    return text.strip(), tuple(marks)


def printed(text: str) -> Printed | None:
    """The parts of a printed number; None if the text is no number.

    >>> printed("(1 234,5)①")
    Printed(digits='1 234,5', sign=-1, share='', marks=('①',))
    """
    left, marks = without_marks(plain(text))
    while found := _AFTER_NUMBER.search(left):
        marks = (found[0].strip(), *marks)
        left = left[: found.start()]
    sign = 1
    if left.startswith("(") and left.endswith(")"):
        left, sign = left[1:-1].strip(), -1
    if found := re.match(r"[-–+] ?", left):
        if sign < 0:
            return None  # (-5) may be a negative number or a positive one
        left, sign = left[found.end() :], 1 if found[0][0] == "+" else -1
    share = left[-1:] if left.endswith(("%", "‰")) else ""
    left = left.removesuffix(share).rstrip() if share else left
    if found := _FLAG.search(left):
        marks = (found[1], *marks)
        left = left[: found.start()]
    return Printed(left, sign, share, marks) if _CORE.fullmatch(left) else None


def missing(text: str, language: str = "en") -> tuple[str, str] | None:
    """Mark and meaning of a cell without a figure; None if the cell has something to say.

    Parameters
    ----------
    text : of the cell.
    language : of the table: what "…" means depends on the office.
    """
    left, _ = without_marks(plain(text)) if text else ("", ())
    if re.fullmatch(rf"[{_CIRCLED}{_RAISED}*†‡§※]+", left):
        return left, "a note instead of a figure"
    kind = _kind_of_mark(left)
    if kind is None:
        return None
    meaning = _MEANINGS_BY_LANGUAGE.get((kind, language), _MEANINGS[kind])
    return left, meaning


def _kind_of_mark(left: str) -> str | None:
    if not left:
        return ""
    if re.fullmatch(r"[-–—―──一]+(?: [-–—]+)*", left):
        return "-"
    if re.fullmatch(r"…+|⋯+|\.{3,}", left):
        return "…"
    if left == "..":
        return ".."
    if left in ("x", "X", "х", "Х", "×"):
        return "x"
    if _NA.fullmatch(left):
        return "na"
    if left.startswith("#") and re.fullmatch(r"#[A-Z/0]+[!?]", left):
        return "#"
    return "<" if re.fullmatch(r"[<>≤≥] ?[\d.,]+ ?%?", left) else None


def reading(digits: str, decimal: str) -> float | None:
    """The number that digits with separators mean under one decimal mark; None if they do not.

    Thousands may be set apart by a comma, a point, a space or an apostrophe, always in groups of
    three and always by the same one.

    >>> reading("1,234.5", "."), reading("1,234.5", ","), reading("1,234", ",")
    (1234.5, None, 1.234)
    """
    mantissa, exponent = re.fullmatch(r"([^eE]*)((?:[eE].*)?)", digits).groups()  # type: ignore[union-attr]
    whole, found, fraction = mantissa.partition(decimal)
    if found and not fraction.isdigit():
        return None
    if not whole.isdigit():
        grouped = re.fullmatch(r"[1-9]\d{0,2}(?:([.,' ])\d{3})(?:\1\d{3})*", whole)
        if whole and (grouped is None or grouped[1] == decimal or exponent):
            return None
        whole = re.sub(r"\D", "", whole)
    elif len(whole) > 1 and whole.startswith("0"):
        return None  # 007 is a code
    return float(f"{whole or 0}.{fraction or 0}{exponent}")


def decimal_mark(
    figures: Iterable[tuple[str, str]], given: DecimalMark | None = None
) -> tuple[DecimalMark, str]:
    """The decimal mark under which all printed numbers of a table are numbers, and why.

    Parameters
    ----------
    figures : (digits, place) of every printed number.
    given : the decimal mark, if the user knows it.

    Raises
    ------
    NotNumericError : a number that no mark, or not the same mark as the others, makes a number of.
    SourceError : "1.234" may be one and a bit or a thousand and a bit, and no other cell decides.
    """
    known: dict[str, str] = {}
    for digits, at in figures:
        known.setdefault(digits, at)
    readings = {d: {m: reading(d, m) for m in (".", ",")} for d in known}
    for digits, values in readings.items():
        if (values[given] if given else values["."] or values[","]) is None and (
            given or values["."] is None
        ):
            with_mark = f" with decimal={given!r}" if given else ""
            raise NotNumericError(
                f"{digits!r} in {known[digits]} is not a number{with_mark}.",
                variable="decimal",
                value=digits,
                remedy="mend the cell, or pass the other decimal mark."
                if given
                else "mend the cell: thousands stand in groups of three, set apart by one sign.",
            )
    if given:
        return given, "as given"
    marks: tuple[DecimalMark, ...] = (".", ",")
    fitting = [m for m in marks if all(v[m] is not None for v in readings.values())]
    if not fitting:
        raise _two_styles(readings, known)
    open_ = [d for d, v in readings.items() if None not in v.values() and v["."] != v[","]]
    if len(fitting) == 2 and open_:
        raise _ambiguous(open_[0], known[open_[0]])
    if len(fitting) == 2:
        return ".", "no number depends on it"
    mark = fitting[0]
    proof = next(d for d, v in readings.items() if v["," if mark == "." else "."] is None)
    _grouped_throughout(readings, mark, open_, known)
    return mark, f"{proof} in {known[proof]} can be read in no other way"


def _grouped_throughout(
    readings: dict[str, dict[str, float | None]],
    mark: str,
    open_: list[str],
    known: dict[str, str],
) -> None:
    """Raise if "1,234" stands beside "12345.6": who sets no thousands apart there hardly does here.

    Numbers whose reading hangs on the mark alone are trusted only where the table groups digits.
    """
    grouped = [d for d in open_ if mark not in d]
    sure = any(
        d not in open_ and re.search(r"\d[.,]\d{3}(?!\d)", d.split(mark)[0]) for d in readings
    )
    bare = [d for d in readings if re.match(r"\d{5,}", d)]
    if grouped and bare and not sure:
        raise _ambiguous(grouped[0], known[grouped[0]], f" (beside {bare[0]} in {known[bare[0]]})")


def _ambiguous(digits: str, at: str, beside: str = "") -> SourceError:
    values = {m: reading(digits, m) for m in (".", ",")}
    either = " or ".join(f"decimal={m!r} for {v:.15g}" for m, v in values.items())
    return SourceError(
        f"{digits!r} in {at}{beside}: thousands or decimals?",
        variable="decimal",
        value=digits,
        remedy=f"pass {either}.",
    )


def _two_styles(
    readings: dict[str, dict[str, float | None]], known: dict[str, str]
) -> NotNumericError:
    point, comma = (
        next(d for d, v in readings.items() if v[m] is None and v[o] is not None)
        for m, o in ((",", "."), (".", ","))
    )
    return NotNumericError(
        f"{point!r} in {known[point]} has a decimal point, {comma!r} in {known[comma]} a decimal "
        "comma.",
        variable="decimal",
        value=(point, comma),
        remedy="one table has one decimal mark: mend the one or the other.",
    )
