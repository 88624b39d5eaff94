"""Units in the words of tables: (100 million yuan), в миллионах рублей, 单位：亿元."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from panel.core.unit_words import spellings
from panel.core.units import quantity
from panel.errors import UnitError
from panel.sources.cells import plain

# Words of one meaning; what is left after them is looked up. Order matters: long before short.
_WORDS = (
    (r"人民币", ""),
    (r"千瓦时", "千瓦小时"),
    (r"平方千米", "平方公里"),
    (r"百分比|百分数|per ?cent(?:age)?\b|процент\w*", "%"),
    (r"триллион\w*|трлн\.?", "трлн"),
    (r"миллиард\w*|млрд\.?", "млрд"),
    (r"миллион\w*|млн\.?", "млн"),
    (r"тысяч\w*|тыс\.?", "тыс"),
    (r"рубл\w*|руб\.?", "руб"),
    (r"человек\w*|чел\.?", "чел"),
    (r"единиц\w*|штук\w*|шт\.?|ед\.", "ед"),
    (r"тонн\w*", "т"),
    (r"\bmln\b", "million"),
    (r"\bbln\b|\bbn\b", "billion"),
    (r"\bten thousand\b", "10000"),
    (r"\b(?:rmb|renminbi)\b(?: yuan)?|\byuan\b", "cny"),
    (r"\bro?ubles?\b", "rub"),
    (r"\b(?:people|person|inhabitants)\b", "persons"),
    (r"\btons? of (?:sce|standard coal equivalent)\b", "tce"),
    (r"\b(?:metric )?ton(?:ne)?s?\b", "t"),
    (r"\bkilowatt[- ]?hours?\b|\bkw\.? ?h\b", "kwh"),
)
# Spellings that the frames' own list does not have.
_ALSO = {
    "%": "percent",
    "preceding year = 100": "上年=100",
    "в % к предыдущему году": "上年=100",
    "тыс. руб.": "тыс. руб.",
    "чел.": "чел.",
    "млн чел.": "млн чел.",
    "1000 persons": "тыс. чел.",
    "thousand persons": "тыс. чел.",
    "1000 RUB": "тыс. руб.",
    "thousand RUB": "тыс. руб.",
    "million kWh": "млн_квт_ч",
    "млн кВт·ч": "млн_квт_ч",
}
_STATED = re.compile(
    r"(?:计量)?单位\s*[::]\s*(?P<zh>.+)"
    r"|\bunits?(?: of measure(?:ment)?)?\s*:\s*(?P<en>.+)"
    r"|\bед(?:\.|иниц[аы])\s*изм(?:\.|ерения)?\s*:?\s*(?P<ru>.+)",
    re.IGNORECASE | re.DOTALL,
)
# Words that only stand in units, with others beside them: RMB 100 million, тыс. руб./чел.
_SURELY = re.compile(
    r"\b(?:thousand|million|billion|rmb|cny|yuan|usd|eur|rub|ro?ubles?)\b|(?:тыс|млн|млрд|руб|чел)\b",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]\s*$")
_IN = re.compile(r"^(?:в|in)\s+", re.IGNORECASE)


class Named(NamedTuple):
    """A text without its unit, and the unit as printed (empty if there is none)."""

    text: str
    unit: str


@lru_cache(maxsize=8192)
def unit_of(text: str) -> str | None:
    """The unit of the frames that a text means; None if it means none that is known.

    >>> unit_of("100 million yuan"), unit_of("в миллионах рублей"), unit_of("万千瓦时")
    ('亿元', 'млн руб.', '万千瓦小时')
    """
    left = _BRACKETS.sub(r"\1", plain(text)) if text.startswith(("(", "[", "(")) else plain(text)
    found = _known().get(_key(left)) or _known().get(_key(_IN.sub("", left)))
    if found is not None:
        return found
    if not left or re.search(r"\d\s*$", left):
        return None
    return left if _measures(left) else None


def frame_unit(printed: str) -> str:
    """The unit for a frame: a known one, or the text as printed."""
    return unit_of(printed) or printed


def stated(text: str) -> str | None:
    """The unit that a text states in so many words (单位：亿元), as printed; None without one."""
    found = _STATED.search(plain(text))
    if found:
        unit = next(g for g in found.groups() if g).strip()
        first = _BRACKETS.sub("", unit)  # 亿元 (100 million yuan)
        return first if first and unit_of(first) is not None else unit.strip("()[]").strip()
    left = plain(text)
    wholly = re.fullmatch(r"[(\[]([^()]+)[)\]]", left)
    inside = re.split("[;,]", wholly[1])[-1].strip() if wholly else left if _IN.match(left) else ""
    return inside if inside and unit_of(inside) is not None else None


def named(text: str) -> Named:
    """A name and the unit that stands behind it: in brackets, or after the last comma.

    >>> named("地区生产总值（亿元）"), named("ВРП, млн руб."), named("Gini (2011 PPP)")
    (Named(text='地区生产总值', unit='亿元'), Named(text='ВРП', unit='млн руб.'), \
Named(text='Gini (2011 PPP)', unit=''))
    """
    left = plain(text)
    found = _BRACKETS.search(left)
    if found and left[: found.start()]:
        if unit_of(found[1]) is not None:
            return Named(left[: found.start()], found[1].strip())
        said, mark, unit = re.fullmatch(r"(?:(.*)([;,]))?(.*)", found[1]).groups()  # type: ignore[union-attr]
        if mark and unit_of(unit) is not None:
            return Named(f"{left[: found.start()]} ({said})", unit.strip())
    name, comma, unit = left.rpartition(",")
    if comma and name.strip() and unit_of(unit) is not None:
        return Named(name.strip(), unit.strip())
    return Named(left, "")


def several(printed: str) -> tuple[str, ...]:
    """The units of a statement of several ("亿元、%"); empty if it is one unit."""
    parts = [p.strip() for p in re.split(r"[,、;/]| и | and ", printed) if p.strip()]
    known = [p for p in parts if unit_of(p) is not None]
    return tuple(known) if len(known) > 1 and unit_of(printed) is None else ()


@lru_cache(maxsize=512)
def _measures(text: str) -> bool:
    """Whether the text is a unit in the frames' own spelling or a quotient of such (元/人)."""
    own = re.fullmatch(r"[^\W\d_]+(?:/[^\W\d_]+)?", text) and not text.isascii()
    if not own and not _SURELY.search(text):
        return False  # short Latin words (t, s, m, g) would be read as units in any text
    try:
        measured = quantity(1.0, text)
    except UnitError:
        return False
    return bool(own) or not measured.dimensionless


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    return {_key(word): unit for word, unit in (spellings() | _ALSO).items()}


def _key(text: str) -> str:
    """A spelling without what varies between equal ones: case, endings, points, blanks."""
    left = plain(text).casefold().replace("ё", "е")
    for pattern, word in _WORDS:
        left = re.sub(pattern, word, left)
    left = re.sub(r"(?<=\d)[ ,](?=\d{3})", "", left)
    return re.sub(r"[\s.·*]", "", left)
