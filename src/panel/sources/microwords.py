"""What the record says of rows that do not count, in English, Chinese and Russian."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from panel.core.column import LANGUAGES
from panel.core.lineage_words import numerals
from panel.core.wording import key_word

_ROWS: Mapping[str, tuple[str, str, str]] = {
    "without": (
        "{n} rows without {key} left out",
        "剔除{n}行（无{key}）",
        "исключено строк без ключа «{key}»: {n}",
    ),
    "undecided": (
        "{n} rows for which the condition is not known left out",
        "剔除{n}行（无法判断是否满足条件）",
        "исключено строк, для которых условие неизвестно: {n}",
    ),
    "unusable": (
        "{n} of {of} rows have no usable figure",
        "{of}行中有{n}行无可用数值",
        "строк без пригодного значения: {n} из {of}",
    ),
}


def said(what: str, n: int, key: str = "", of: int = 0) -> tuple[str, ...]:
    """How many rows there are of a kind that does not count, in each language."""
    return tuple(
        text.format(
            n=numerals(f"{n:,}", language),
            of=numerals(f"{of:,}", language),
            key=key_word(key, language),
        )
        for text, language in zip(_ROWS[what], LANGUAGES, strict=True)
    )


def joined(sentences: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Several such as one, in each language; empty texts of none."""
    every = list(sentences)
    return tuple(stop.join(s[at] for s in every) for at, stop in enumerate(("; ", "；", "; ")))
