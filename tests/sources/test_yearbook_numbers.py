"""Numbers printed in any style are read back, or asked about; never read as another number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel.errors import NotNumericError, SourceError
from panel.sources.cells import DecimalMark, decimal_mark, missing, plain, printed, reading
from panel.sources.yearbook import read_yearbook

# Decimal mark and thousands separator of the usual styles; "" sets none apart.
STYLES = [(".", ","), (".", ""), (".", " "), (".", "'"), (".", "\u00a0"), (".", "’"), (",", "."),
           (",", ""), (",", " "), (",", "\u202f"), (",", "\u2009"), (",", "'")]  # fmt: skip
MAGNITUDES = st.decimals(0, 10**9, places=0).flatmap(
    lambda whole: st.integers(0, 4).flatmap(
        lambda places: st.integers(0, 10**places - 1).map(
            lambda part: Decimal(f"{whole:f}.{part:0{places}d}") if places else whole
        )
    )
)
STYLE = st.sampled_from(STYLES)


def spelled(value: Decimal, decimal: str, thousands: str, least: int = 4) -> str:
    """The number in a style; only from ``least`` digits on are thousands set apart."""
    text = f"{value:,f}" if len(str(int(value))) >= least else f"{value:f}"
    return text.replace(",", "\0").replace(".", decimal).replace("\0", thousands)


def read_back(texts: list[str], given: DecimalMark | None = None) -> list[float | None]:
    parts = [printed(t) for t in texts]
    assert None not in parts
    figures = [(p.digits, str(i)) for i, p in enumerate(parts) if p is not None]
    mark, _ = decimal_mark(figures, given)
    return [p.sign * (reading(p.digits, mark) or 0.0) for p in parts if p is not None]


@settings(max_examples=100, deadline=None)
@given(st.lists(MAGNITUDES, min_size=1, max_size=8), STYLE, st.sampled_from([4, 5]))
def test_every_style_is_read_back_or_asked_about(
    values: list[Decimal], style: tuple[str, str], least: int
) -> None:
    texts = [spelled(v, *style, least) for v in values]
    try:
        found = read_back(texts)
    except SourceError as error:
        if error.variable != "decimal":
            raise
    else:
        assert found == [float(v) for v in values]


@settings(max_examples=50, deadline=None)
@given(st.lists(MAGNITUDES, min_size=1, max_size=8), STYLE)
def test_with_the_mark_given_every_style_is_read(
    values: list[Decimal], style: tuple[str, str]
) -> None:
    decimal: DecimalMark = "." if style[0] == "." else ","
    assert read_back([spelled(v, *style) for v in values], decimal) == [float(v) for v in values]


SIGNS = {"": 1, "-": -1, "−": -1, "–": -1, "- ": -1, "+": 1}
NOTES = ["", "①", "②③", "*", "†", "¹", "²⁾", " 1)", "(1)", "[a]", " p", "e", " *"]


@settings(max_examples=100, deadline=None)
@given(MAGNITUDES, STYLE, st.sampled_from(list(SIGNS)), st.sampled_from(NOTES), st.booleans(),
       st.booleans())  # fmt: skip
def test_signs_notes_and_widths(
    value: Decimal, style: tuple[str, str], sign: str, note: str, wide: bool, share: bool
) -> None:
    digits = spelled(value, *style)
    text = sign + digits + ("%" if share and note not in (" p", "e", "(1)") else "") + note
    if wide:
        text = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    found = printed(text)
    assert found is not None
    assert (found.digits, found.sign) == (plain(digits), SIGNS[sign])
    assert bool(found.marks) == bool(note)
    bracketed = printed(f"({digits})")
    assert bracketed is not None
    assert (bracketed.digits, bracketed.sign) == (plain(digits), -1)


@settings(max_examples=20, deadline=None)
@given(st.lists(MAGNITUDES, min_size=4, max_size=4), STYLE)
def test_through_a_file(values: list[Decimal], style: tuple[str, str]) -> None:
    cells = [spelled(v, *style) for v in values]
    rows = [["地区生产总值", "", ""], ["地区", "2019年", "2020年"],
            ["北京", *cells[:2]], ["天津", *cells[2:]]]  # fmt: skip
    content = "\n".join("\t".join(row) for row in rows).encode()
    try:
        found = read_yearbook(content).table["value"].tolist()
    except SourceError as error:
        if error.variable != "decimal":
            raise
    else:
        assert found == [float(v) for v in values]


@pytest.mark.parametrize(
    "text",
    ["12.51)", "1 23 4", "12,34,567", "(-5)", "5-", "约30", "1.2.3", "007", "1,234,56", "12k", "$5",
     "1.234.5", "2020/21", "1,23.4", "--5", "5%%", "1'23", "12;5", "١٢", "½"],
)  # fmt: skip
def test_what_is_no_number_is_none(text: str) -> None:
    parts = printed(text)
    assert parts is None or (reading(parts.digits, "."), reading(parts.digits, ",")) == (None, None)
    if parts is not None:
        with pytest.raises(NotNumericError, match="is not a number"):
            decimal_mark([(parts.digits, "B2")])


@pytest.mark.parametrize(
    ("text", "language", "meaning"),
    [
        ("…", "zh", "below the smallest unit"),
        ("…", "ru", "not available"),
        ("......", "zh", "below the smallest unit"),
        ("..", "en", "not available"),
        ("－", "zh", "none or not available"),
        ("——", "zh", "none or not available"),
        ("х", "ru", "not applicable"),
        ("N/A", "en", "not available"),
        ("н.д.", "ru", "not available"),
        (":", "en", "not available"),
        ("*", "en", "a note instead of a figure"),
        ("①", "zh", "a note instead of a figure"),
        ("#REF!", "en", "error in the file's formula"),
        ("<0,1", "ru", "below or above a bound"),
        ("", "en", "not available"),
    ],
)
def test_marks_have_meanings(text: str, language: str, meaning: str) -> None:
    found = missing(text, language)
    assert found is not None
    assert found[1] == meaning


@pytest.mark.parametrize("text", ["0", "12", "-5", "(5)", "text", "0.0", "xx"])
def test_figures_and_words_are_no_marks(text: str) -> None:
    assert missing(text) is None
