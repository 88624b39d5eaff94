"""Text files as they come: their encoding and their delimiter, detected on record."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter

from panel.errors import SourceError
from panel.sources.grid import Grid, grid_of
from panel.sources.regions import crosswalk

_MARKS_OF_ORDER = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# In the order in which equal evidence is resolved; none of them can be told from another by rule.
_NATIONAL = ("gb18030", "cp1251", "koi8-r")
# Words that stand in tables beside the names of regions.
_WORDS = re.compile(
    "年|地区|单位|亿元|万人|合计|全国|指标|"
    r"\b(?:год|года|всего|млн|млрд|тыс|руб|чел|регион|субъект|область|край|республика|источник|"
    r"примечание|российская|федерация|федеральный|округ|единица|показатель)\b",
    re.IGNORECASE,
)
_CYRILLIC_WORD = re.compile(r"[А-Яа-яЁё]{3,}")
# Priority where several delimiters stand in equally many lines: commas are the most used in text.
_DELIMITERS = ("\t", ";", "|", "~", "^", ",")


def decoded(content: bytes, name: str, encoding: str | None = None) -> tuple[str, str, str]:
    """Text of a file, its encoding, and how that was found.

    A byte-order mark decides; then strict UTF-8; then, of GB18030, CP1251 and KOI8-R, the one in
    which the text has words of tables and names of regions.

    Raises
    ------
    SourceError : the encoding given does not fit, or none that is known is clear; then give it.
    """
    if encoding is not None:
        return _decode(content, encoding, name), encoding, "as given"
    for mark, codec in _MARKS_OF_ORDER.items():
        if content.startswith(mark):
            return _decode(content, codec, name), codec.removesuffix("-sig"), "byte-order mark"
    if b"\x00" in content[:4096]:
        even, odd = (content[k:4096:2].count(0) for k in (0, 1))
        codec = "utf-16-le" if odd > even else "utf-16-be"
        return _decode(content, codec, name), codec, "zero bytes of UTF-16"
    try:
        text = content.decode("utf-8")
        return text, "ascii" if content.isascii() else "utf-8", "every byte fits"
    except UnicodeDecodeError:
        pass
    scores = {codec: _score(content, codec) for codec in _NATIONAL}
    best, second, *_ = sorted(scores.values(), reverse=True)
    if best < 1 or best < 1.5 * second:
        raise SourceError(
            f"{name} is not UTF-8, and too little of it can be read to tell its encoding.",
            variable="encoding",
            remedy='pass encoding="gb18030", "cp1251", "koi8-r", "cp1252" or what it is.',
        )
    found = max(scores, key=lambda codec: scores[codec])
    return content.decode(found), found, "words of tables and names of regions are read in it"


def _decode(content: bytes, codec: str, name: str) -> str:
    try:
        return content.decode(codec)
    except (UnicodeDecodeError, LookupError) as error:
        raise SourceError(
            f"{name} cannot be decoded as {codec}: {error}.",
            variable="encoding",
            value=codec,
            remedy="pass another encoding, or leave it out to have it detected.",
        ) from error


def _score(content: bytes, codec: str) -> float:
    """Evidence that the text is in that encoding: known words, and well-formed Russian ones.

    CP1251 and KOI8-R have small and capital letters the other way round, so that a wrong reading
    gives words like "мОСКВА".
    """
    try:
        text = content[:200_000].decode(codec)
    except UnicodeDecodeError:
        if len(content) <= 200_000:
            return 0.0
        text = content[:200_000].decode(codec, errors="ignore")
    known = sum(name in text for name in _region_names())
    words = len(_WORDS.findall(text))
    cyrillic: list[str] = _CYRILLIC_WORD.findall(text)
    formed = sum(w.islower() or w.istitle() or w.isupper() for w in cyrillic)
    odd = sum(w[0].islower() and w[1:].isupper() for w in cyrillic)
    return float(max(0, 3 * known + 2 * words - odd)) + 0.2 * formed


def _region_names() -> set[str]:
    found = (n for r in crosswalk().regions.values() for n in (r.zh[:2], r.ru) if len(n) > 1)
    return set(found)


def delimiter(text: str) -> str:
    """The delimiter: the one that stands in most lines outside of quotes.

    Where two stand in nearly as many, the one that is rarer in plain text: ``1,5;2,5`` has decimal
    commas between semicolons.
    """
    counts: Counter[str] = Counter()
    for line in re.sub(r'"[^"]*"', "", text).splitlines():
        counts.update({mark for mark in _DELIMITERS if mark in line})
    most = max(counts.values(), default=0)
    near = (mark for mark in _DELIMITERS if most and counts[mark] >= 0.8 * most)
    return next(near, ",")


def read_delimited(text: str) -> tuple[Grid, str]:
    """Grid of a delimited text, and its delimiter; a first line "sep=;" declares it."""
    first, _, rest = text.partition("\n")
    if declared := re.fullmatch(r'"?sep=(.)"?\s*', first):  # a line that Excel writes and reads
        text, mark = rest, declared[1]
    else:
        mark = delimiter(text)
    lines = list(csv.reader(io.StringIO(text), delimiter=mark))
    return grid_of(lines), mark
