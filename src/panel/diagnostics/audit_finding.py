"""One finding of an audit, and what makes it from a frame."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from types import MappingProxyType
from typing import Any

import pandas as pd

from panel.core.column import LANGUAGES
from panel.core.frame import PanelFrame
from panel.core.labels import value_label
from panel.core.lineage_words import numerals, shown, with_unit
from panel.diagnostics.audit_words import HINTS, KIND_WORDS, KINDS, SAME, SENTENCES, WHERE
from panel.errors import DataError, suggest

Words = str | tuple[str, ...]  # the same in all languages, or one text a language
_FIGURES = ("value", "expected", "ratio", "percent", "bounds")  # words that are numbers


@dataclass(frozen=True)
class Finding:
    """A figure, series or year that does not fit.

    Parameters
    ----------
    kind : one of :data:`panel.diagnostics.audit_words.KINDS`.
    variable : its name; for a claim, the claim's.
    region, year : of the cell; None where the finding concerns all of them.
    value, expected : the figure, and what it was compared with (see the sentence).
    size : how far beyond what is usual or allowed, by kind. Identities, totals, vintages, claims:
        the difference over what rounding explains. Outliers and breaks: the change over the usual
        scatter of changes. Repeats and copies: how often chance alone would make one such in this
        variable (the smaller the stronger). Others: the ratio of value and expected.
    unit : of value and expected.
    source : file and column the figure stands in, where known.
    words : what the sentence says beside these, by the name of its place.
    """

    kind: str
    variable: str
    region: Hashable | None
    year: Any
    value: float
    expected: float
    size: float
    unit: str = ""
    source: str = ""
    words: Mapping[str, Words] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", MappingProxyType(dict(self.words)))

    def __reduce__(self) -> tuple[Any, ...]:  # a mapping proxy does not pickle
        plain = (self.kind, self.variable, self.region, self.year, self.value, self.expected)
        return (Finding, (*plain, self.size, self.unit, self.source, dict(self.words)))

    @property
    def basis(self) -> str:
        """What it rests on: "arithmetic", "statistical" (small odds) or "information"."""
        return KINDS[self.kind]

    def title(self, language: str = "en") -> str:
        """The kind in that language."""
        return KIND_WORDS[self.kind][_at(language)]

    def sentence(self, language: str = "en") -> str:
        """The finding in one sentence.

        Raises
        ------
        DataError : a language other than en, zh, ru.
        """
        at = _at(language)
        words = {
            key: text if isinstance(text, str) else text[at] for key, text in self.words.items()
        }
        words |= {key: numerals(words[key], language) for key in _FIGURES if key in words}
        where = WHERE[self.region is not None, self.year is not None][at]
        words["where"] = where.format(place=words.get("place", ""), year=self.year)
        for name in ("value", "expected"):
            words.setdefault(name, with_unit(_number(getattr(self, name)), self.unit, language))
        hint = HINTS[words.get("hint", "")][at].format(**words)
        same = words.get("ratio") == "1" and self.kind in SAME
        patterns = SAME if same else SENTENCES
        return patterns[self.kind][at].format(**(words | {"hint": hint}))

    def __str__(self) -> str:
        return self.sentence()


@dataclass(frozen=True)
class Teller:
    """Makes findings about one variable of a frame: knows its labels, names and sources."""

    frame: PanelFrame
    name: str

    def find(
        self, kind: str, cell: tuple[Hashable | None, Any], value: float, expected: float,
        size: float, /, **words: Words,
    ) -> Finding:  # fmt: skip
        """A finding about (region, year) of the variable; either may be None."""
        region, year = cell
        year = year.item() if hasattr(year, "item") else year
        column = self.frame.columns[self.name]
        labels = tuple(column.label_in(language) or self.name for language in LANGUAGES)
        given: dict[str, Words] = {"label": labels}
        if region is not None:
            given["place"] = self.place(region)
        if kind in ("outlier", "break", "vintage") and expected:
            given["percent"] = percent(value / expected - 1)
        return Finding(
            kind, self.name, region, year, float(value), float(expected), float(size),
            words.pop("unit", column.unit),  # type: ignore[arg-type]
            self.source(region, year), given | words,
        )  # fmt: skip

    def place(self, region: Hashable) -> tuple[str, ...]:
        """Names of a region by language; its code where the frame has none."""
        frame = self.frame
        return tuple(value_label(region, frame.unit, frame, k) for k in LANGUAGES)

    def source(self, region: Hashable | None, year: Any) -> str:
        """Files and columns behind a cell, or behind the variable."""
        cell = region is not None and year is not None and (region, year) in self.frame.table.index
        traced = self.frame.origin(self.name, *((region, year) if cell else ()))
        origins = [o for o in traced.publications if region is None or not o.regions or cell]
        return "; ".join(dict.fromkeys(f"{o.file}, {o.column}" for o in origins))


def percent(ratio: float) -> str:
    """A relative difference: "+3.1 %"."""
    size = abs(100 * ratio)
    digits = 0 if size >= 100 else 1 if size >= 1 else 2 if size >= 0.01 else 4
    return f"{100 * ratio:+,.{digits}f} %"


def times(ratio: float) -> str:
    """A ratio with three significant digits, an exact 1 without decimals: "10.1", "1/10,012"."""
    if 0 < ratio < 0.01:
        return f"1/{times(1 / ratio)}"
    return f"{ratio:,.3g}" if abs(ratio) < 1000 else f"{ratio:,.0f}"


def span(years: list[Any]) -> str:
    """Years as "2016-2018, 2024"."""
    runs: list[list[Any]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}-{r[-1]}" for r in runs)


def table_of(findings: tuple[Finding, ...]) -> pd.DataFrame:
    """One row a finding."""
    columns = ["kind", "basis", "variable", "region", "year", "value", "expected", "size", "unit"]
    columns += ["source", *LANGUAGES]
    rows = [
        {c: f.sentence(c) if c in LANGUAGES else getattr(f, c) for c in columns} for f in findings
    ]
    table = pd.DataFrame(rows, columns=columns)
    if all(f.year is None or isinstance(f.year, int) for f in findings):  # not of quarters
        table["year"] = pd.array([f.year for f in findings], dtype="Int64")
    return table.rename(columns={c: f"sentence_{c}" for c in LANGUAGES})


def _number(value: float) -> str:
    """A figure with its printed digits; six significant ones where there are more."""
    if not isfinite(value):
        return "-"
    plain = shown(value)
    return plain if len(plain.replace(",", "").lstrip("-0.")) <= 8 else shown(value, computed=True)


def _at(language: str) -> int:
    if language not in LANGUAGES:
        raise DataError(
            f"There are no words in the language {language!r}.",
            variable="language",
            value=language,
            remedy=suggest(language, LANGUAGES),
        )
    return LANGUAGES.index(language)
