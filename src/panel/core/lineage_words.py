"""The origin of a cell in words: English, Chinese and Russian."""

from __future__ import annotations

import re
from math import floor, isfinite, log10
from numbers import Real

from panel.core.column import LANGUAGES, Origin
from panel.core.lineage import Lineage
from panel.core.precision import as_printed
from panel.core.unit_words import unit_words
from panel.core.units import factor
from panel.errors import DataError, UnitError, suggest

_SIGNIFICANT = 6  # digits of a computed figure that a sentence shows
_FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")

_WORDS = {
    "cell": ("{label}, {region}, {year}: {value}", "{region}{year}年{label}：{value}",
             "{label}, {region}, {year} г.: {value}"),
    "variable": ("{label}", "{label}", "{label}"),
    "computed": ("computed as {what}", "计算公式为{what}", "рассчитано как {what}"),
    "index": ("computed as {what} over all regions and years of the panel",
              "按{what}对全部地区和年份计算",
              "рассчитано как {what} по всем регионам и годам панели"),
    "interpolated": ("interpolated, not published", "为插值，非公布值",
                     "интерполировано, не публиковалось"),
    "interpolated in part": ("some figures are interpolated, not published",
                             "部分数据为插值，非公布值",
                             "часть значений интерполирована, не публиковалась"),
    "rests": ("it rests on an interpolated figure", "其计算含有插值",
              "в расчёте есть интерполированное значение"),
    "published": ("published by {publisher}", "由{publisher}发布", "опубликовано: {publisher}"),
    "in": (" in {publication}", "，载于{publication}", ", {publication}"),
    "vintage": (" ({vintage})", "（{vintage}）", " ({vintage})"),
    "file": ("; file {file}, column {column}", "；文件{file}，列{column}",
             "; файл {file}, столбец {column}"),
    "converted": (", converted from {what}", "，由{what}换算", ", пересчитано из {what}"),
    "adjusted": ("then {what}", "此后{what}", "затем {what}"),
    "unknown": ("no publication is on record", "没有来源记录", "источник не записан"),
    "stop": (". ", "。", ". "),
    "comma": ("; ", "；", "; "),
    "computing": ("computed", "计算", "рассчитано"),
    "converting": ("converted", "换算", "пересчитано"),
    "interpolating": ("interpolated", "插值", "интерполировано"),
    "adjusting": ("adjusted", "调整", "приведено"),
    "over all": ("over all regions and years", "对全部地区和年份", "по всем регионам и годам"),
}  # fmt: skip


def word(key: str, language: str, **said: str) -> str:
    """A phrase in that language.

    Raises
    ------
    DataError : a language other than en, zh, ru.
    """
    if language not in LANGUAGES:
        raise DataError(
            f"There are no words in the language {language!r}.",
            variable="language",
            value=language,
            remedy=suggest(language, LANGUAGES),
        )
    return _WORDS[key][LANGUAGES.index(language)].format(**said)


def sentence(cell: Lineage, language: str) -> str:
    """What the cell is, and then each figure that it was computed from, once."""
    parts: dict[str, None] = {}

    def tell(one: Lineage) -> None:
        parts[_clause(one, language)] = None
        for part in one.inputs:
            tell(part)

    tell(cell)
    return word("stop", language).join(parts) + word("stop", language).strip()


def _clause(cell: Lineage, language: str) -> str:
    """One figure and where it comes from."""
    steps = []
    if cell.expression:
        whole = cell.inputs and is_index(cell)
        steps.append(word("index" if whole else "computed", language, what=cell.expression))
    if cell.filled:
        how = "interpolated" if cell.key else "interpolated in part"
        steps.append(word("rests" if cell.expression else how, language))
    steps += [_published(cell, origin, language) for origin in cell.sources]
    at = LANGUAGES.index(language)
    steps += [word("adjusted", language, what=said[at]) for said in cell.steps]
    if not steps and not cell.note:
        steps.append(word("unknown", language))
    return word("comma", language).join([named(cell, language), *steps])


def is_index(cell: Lineage) -> bool:
    """Whether it was standardised and weighted over the panel, so that every cell counts."""
    return "index(" in cell.expression


def named(cell: Lineage, language: str) -> str:
    """Variable, region, year and figure of a cell."""
    label = _in(cell.labels, language) or cell.label
    if cell.key is None:
        return word("variable", language, label=label)
    region = _in(cell.region, language) or str(cell.key[0])
    year, value = str(cell.key[1]), valued(cell, language)
    return word("cell", language, label=label, region=region, year=year, value=value)


def valued(cell: Lineage, language: str) -> str:
    """Figure of a cell with its unit."""
    return with_unit(shown(cell.value, computed=bool(cell.expression)), cell.unit, language)


def with_unit(figure: str, unit: str, language: str) -> str:
    """A figure and its unit, as the language sets them."""
    figure, words = numerals(figure, language), unit_words(unit, language)
    if "=" in words:
        return f"{figure} ({words})"
    between = "" if words.startswith(("%", "‰")) else " × " if words[:1].isdigit() else " "
    return f"{figure}{between}{words}".strip()


def numerals(text: str, language: str) -> str:
    """The figures of a text as the language prints them: in Russian 18,761.2 is 18 761,2."""
    if language != "ru":
        return text
    # a narrow no-break space between thousands
    return _FIGURE.sub(lambda m: m[0].replace(",", "\u202f").replace(".", ","), text)


def shown(value: object, *, computed: bool = False) -> str:
    """A figure with the digits it was published with; six significant ones if it was computed."""
    if not isinstance(value, Real) or isinstance(value, bool) or not isfinite(value):
        return "" if value is None else str(value)
    number = float(value)
    if not computed:
        return f"{as_printed(number):,f}"
    digits = _SIGNIFICANT - 1 - floor(log10(abs(number))) if number else 0
    return f"{number:,.{max(0, digits)}f}"


def raw_figure(cell: Lineage, origin: Origin, language: str) -> str:
    """The figure in the unit of the file; empty if it was changed on the way there."""
    if cell.key is None or cell.filled or cell.adjustments or len(cell.sources) > 1:
        return ""
    if not isinstance(cell.value, Real) or isinstance(cell.value, bool):
        return ""  # a text may have been translated
    try:
        value = float(cell.value) * factor(cell.unit, origin.unit)
    except UnitError:
        return ""
    return f"{numerals(shown(value), language)} {origin.unit}".strip()


def converts(cell: Lineage, origin: Origin) -> bool:
    """Whether the figure was published in another unit."""
    return bool(origin.unit) and origin.unit != cell.unit


def publication(origin: Origin, language: str) -> str:
    """Publisher, publication and vintage."""
    said = word("published", language, publisher=origin.publisher or "?")
    if origin.publication:
        said += word("in", language, publication=origin.publication)
    return said + (word("vintage", language, vintage=origin.vintage) if origin.vintage else "")


def _published(cell: Lineage, origin: Origin, language: str) -> str:
    said = publication(origin, language)
    said += word("file", language, file=origin.file, column=origin.column)
    raw = raw_figure(cell, origin, language) if converts(cell, origin) else ""
    return said + (word("converted", language, what=raw) if raw else "")


def _in(texts: tuple[str, ...], language: str) -> str:
    word("stop", language)  # raises for an unknown language
    return texts[LANGUAGES.index(language)] if texts else ""
