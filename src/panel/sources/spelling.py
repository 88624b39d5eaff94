"""Spellings of one name made alike: case, blanks, marks, abbreviations, order of words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Words and endings that say what kind of region it is, not which one; with the kind, where it
# tells an oblast from a krai.
_KINDS = {
    **dict.fromkeys(("oblast", "область", "州"), "oblast"),
    **dict.fromkeys(("krai", "kray", "territory", "край", "边疆区"), "krai"),
    **dict.fromkeys(("republic", "respublika", "республика", "共和国"), "republic"),
    **dict.fromkeys(("okrug", "округ"), "okrug"),
    **dict.fromkeys(("province", "sheng", "провинция", "省"), "province"),
    **dict.fromkeys(("city", "municipality", "shi", "город", "市"), "city"),
    **dict.fromkeys(("prefecture", "league", "地区", "自治州", "盟"), "prefecture"),
    **dict.fromkeys(
        (
            *("region", "of", "the", "autonomous", "autonomnyy", "avtonomnyy", "zizhiqu", "state"),
            *("автономный", "автономная", "район", "штат", "自治区"),
        ),
        "",
    ),
}
_CHINESE_KINDS = re.compile(
    r"(壮族自治区|回族自治区|维吾尔自治区|自治区|自治州|共和国|边疆区|地区|省|市|州|盟)$"
)
_ABBREVIATIONS = {
    "респ": ("республика",),
    "обл": ("область",),
    "г": ("город",),
    "гор": ("город",),
    "авт": ("автономный",),
    "окр": ("округ",),
    "ао": ("автономный", "округ"),
    "ao": ("autonomous", "okrug"),
    "rep": ("republic",),
    "obl": ("oblast",),
    "resp": ("respublika",),
}


@lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, abbreviations written out, Latin letters plain."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    # Marks leave Latin letters (Ürümqi) but not Cyrillic ones, where й is no и; ё is written е.
    plain = re.sub(r"(?<=[a-z])[\u0300-\u036f]+", "", plain)
    plain = unicodedata.normalize("NFC", plain).replace("ё", "е")
    found = re.findall(r"[^\W_]+", plain)
    return tuple(full for word in found for full in _ABBREVIATIONS.get(word, (word,)))


def folded(name: str) -> str:
    """The name without case, blanks and punctuation."""
    return "".join(words(name))


def unordered(name: str) -> str:
    """The words in one order, for "Алтай, Республика" and "Республика Алтай"; "" for one word."""
    found = words(name)
    return " ".join(sorted(found)) if len(found) > 1 else ""


def shortened(name: str) -> str:
    """The folded name without the words that only say what kind of region it is."""
    kept = [word for word in words(name) if word not in _KINDS]
    return _CHINESE_KINDS.sub("", "".join(kept))


def kinds(name: str) -> frozenset[str]:
    """The kinds of region that the name's own words claim: oblast, krai, republic, city ..."""
    ending = _CHINESE_KINDS.search(folded(name))
    said = [*words(name), *([ending[0][-3:], ending[0]] if ending else [])]
    return frozenset(_KINDS[word] for word in said if _KINDS.get(word))
