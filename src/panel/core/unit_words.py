"""Units of measurement as a reader of English, Chinese or Russian expects them in print."""

from __future__ import annotations

from panel.core.column import LANGUAGES
from panel.core.units import multiple

# As the yearbooks print them: en, zh, ru. An index or a ratio has none to show.
_UNITS = {
    "index": ("", "", ""),
    "指数": ("", "", ""),
    "индекс": ("", "", ""),
    "dimensionless": ("", "", ""),
    "percent": ("%", "%", "%"),
    "percent of GDP": ("% of GDP", "占GDP%", "% ВВП"),
    "per_mille": ("‰", "‰", "‰"),
    "上年=100": ("previous year = 100", "上年=100", "предыдущий год = 100"),
    "元": ("CNY", "元", "юаней"),
    "万元": ("10,000 CNY", "万元", "10 тыс. юаней"),
    "百万元": ("million CNY", "百万元", "млн юаней"),
    "亿元": ("100 million CNY", "亿元", "100 млн юаней"),
    "万亿元": ("trillion CNY", "万亿元", "трлн юаней"),
    "руб.": ("RUB", "卢布", "руб."),
    "млн руб.": ("million RUB", "百万卢布", "млн руб."),
    "млрд руб.": ("billion RUB", "十亿卢布", "млрд руб."),
    "трлн руб.": ("trillion RUB", "万亿卢布", "трлн руб."),
    "美元": ("USD", "美元", "долл. США"),
    "USD": ("USD", "美元", "долл. США"),
    "万美元": ("10,000 USD", "万美元", "10 тыс. долл. США"),
    "million USD": ("million USD", "百万美元", "млн долл. США"),
    "亿美元": ("100 million USD", "亿美元", "100 млн долл. США"),
    "billion USD": ("billion USD", "十亿美元", "млрд долл. США"),
    "EUR": ("EUR", "欧元", "евро"),
    "million EUR": ("million EUR", "百万欧元", "млн евро"),
    "billion EUR": ("billion EUR", "十亿欧元", "млрд евро"),
    "INT": ("international dollars", "国际元", "межд. долл."),
    "million INT": ("million international dollars", "百万国际元", "млн межд. долл."),
    "billion INT": ("billion international dollars", "十亿国际元", "млрд межд. долл."),
    "人": ("persons", "人", "чел."),
    "百人": ("100 persons", "百人", "100 чел."),
    "万人": ("10,000 persons", "万人", "10 тыс. чел."),
    "тыс. чел.": ("1,000 persons", "千人", "тыс. чел."),
    "户": ("subscribers", "户", "абонентов"),
    "万户": ("10,000 subscribers", "万户", "10 тыс. абонентов"),
    "subscribers per 100 people": (
        "subscribers per 100 persons",
        "户/百人",
        "абонентов на 100 чел.",
    ),
    "个": ("items", "个", "ед."),
    "万个": ("10,000 items", "万个", "10 тыс. ед."),
    "台": ("items", "台", "ед."),
    "万台": ("10,000 items", "万台", "10 тыс. ед."),
    "座": ("items", "座", "ед."),
    "万座": ("10,000 items", "万座", "10 тыс. ед."),
    "家": ("firms", "家", "предприятий"),
    "百家": ("100 firms", "百家", "100 предприятий"),
    "件": ("items", "件", "шт."),
    "项": ("items", "项", "шт."),
    "篇": ("papers", "篇", "шт."),
    "册": ("volumes", "册", "экз."),
    "部": ("sets", "部", "шт."),
    "所": ("institutions", "所", "учреждений"),
    "辆": ("vehicles", "辆", "машин"),
    "张": ("beds", "张", "коек"),
    "人次": ("visits", "人次", "посещений"),
    "шт.": ("items", "件", "шт."),
    "公里": ("km", "公里", "км"),
    "万公里": ("10,000 km", "万公里", "10 тыс. км"),
    "平方公里": ("km²", "平方公里", "км²"),
    "平方米": ("m²", "平方米", "м²"),
    "立方米": ("m³", "立方米", "м³"),
    "公顷": ("ha", "公顷", "га"),
    "га": ("ha", "公顷", "га"),
    "кв. м": ("m²", "平方米", "кв. м"),
    "куб. м": ("m³", "立方米", "куб. м"),
    "亩": ("mu", "亩", "му"),
    "千瓦": ("kW", "千瓦", "кВт"),
    "千瓦时": ("kWh", "千瓦时", "кВт·ч"),
    "кВт·ч": ("kWh", "千瓦小时", "кВт·ч"),
    "т": ("t", "吨", "т"),
    "吨公里": ("t km", "吨公里", "т·км"),
    "人公里": ("person km", "人公里", "пасс.-км"),
    "千瓦小时": ("kWh", "千瓦小时", "кВт·ч"),
    "万千瓦小时": ("10,000 kWh", "万千瓦小时", "10 тыс. кВт·ч"),
    "亿千瓦小时": ("100 million kWh", "亿千瓦小时", "100 млн кВт·ч"),
    "吨": ("t", "吨", "т"),
    "万吨": ("10,000 t", "万吨", "10 тыс. т"),
    "百万吨": ("million t", "百万吨", "млн т"),
    "吨标准煤": ("tce", "吨标准煤", "т у. т."),
    "万吨标准煤": ("10,000 tce", "万吨标准煤", "10 тыс. т у. т."),
    # The same in the words of the other two languages; those above go first in print.
    "percentage points": ("percentage points", "个百分点", "п. п."),
    "个百分点": ("percentage points", "个百分点", "п. п."),
    "п. п.": ("percentage points", "个百分点", "п. п."),
    "CNY": ("CNY", "元", "юаней"),
    "yuan": ("CNY", "元", "юаней"),
    "тыс. руб.": ("1,000 RUB", "千卢布", "тыс. руб."),
    "RUB": ("RUB", "卢布", "руб."),
    "roubles": ("RUB", "卢布", "руб."),
    "долл.": ("USD", "美元", "долл. США"),
    "долл. США": ("USD", "美元", "долл. США"),
    "чел.": ("persons", "人", "чел."),
    "млн чел.": ("million persons", "百万人", "млн чел."),
    "persons": ("persons", "人", "чел."),
    "people": ("persons", "人", "чел."),
    "subscribers": ("subscribers", "户", "абонентов"),
    "ед.": ("items", "个", "ед."),
    "items": ("items", "个", "ед."),
    "km": ("km", "公里", "км"),
    "км": ("km", "公里", "км"),
    "km²": ("km²", "平方公里", "км²"),
    "km2": ("km²", "平方公里", "км²"),
    "км²": ("km²", "平方公里", "км²"),
    "км2": ("km²", "平方公里", "км²"),
    "кв. км": ("km²", "平方公里", "кв. км"),
    "m²": ("m²", "平方米", "м²"),
    "m2": ("m²", "平方米", "м²"),
    "м²": ("m²", "平方米", "м²"),
    "м2": ("m²", "平方米", "м²"),
    "ha": ("ha", "公顷", "га"),
    "kW": ("kW", "千瓦", "кВт"),
    "MW": ("MW", "兆瓦", "МВт"),
    "GBP": ("GBP", "英镑", "фунтов стерлингов"),
    "kWh": ("kWh", "千瓦时", "кВт·ч"),
    "MWh": ("MWh", "兆瓦时", "МВт·ч"),
    "GWh": ("GWh", "吉瓦时", "ГВт·ч"),
    "GJ": ("GJ", "吉焦", "ГДж"),
    "TJ": ("TJ", "太焦", "ТДж"),
    "t": ("t", "吨", "т"),
    "tonnes": ("t", "吨", "т"),
    "tce": ("tce", "吨标准煤", "т у. т."),
    "т у. т.": ("tce", "吨标准煤", "т у. т."),
    "т у.т.": ("tce", "吨标准煤", "т у. т."),
}
# Words that multiply a unit, as those of units.py: en, zh, ru.
_MULTIPLES = {
    "百": ("100", "百", "100"),
    "千": ("1,000", "千", "тыс."),
    "万": ("10,000", "万", "10 тыс."),
    "十万": ("100,000", "十万", "100 тыс."),
    "百万": ("million", "百万", "млн"),
    "千万": ("10 million", "千万", "10 млн"),
    "亿": ("100 million", "亿", "100 млн"),
    "十亿": ("billion", "十亿", "млрд"),
    "百亿": ("10 billion", "百亿", "10 млрд"),
    "千亿": ("100 billion", "千亿", "100 млрд"),
    "万亿": ("trillion", "万亿", "трлн"),
    "тыс.": ("1,000", "千", "тыс."),
    "тыс": ("1,000", "千", "тыс."),
    "млн": ("million", "百万", "млн"),
    "млрд": ("billion", "十亿", "млрд"),
    "трлн": ("trillion", "万亿", "трлн"),
    "thousand": ("1,000", "千", "тыс."),
    "million": ("million", "百万", "млн"),
    "100 million": ("100 million", "亿", "100 млн"),
    "billion": ("billion", "十亿", "млрд"),
    "trillion": ("trillion", "万亿", "трлн"),
}


def spellings() -> dict[str, str]:
    """Every spelling of a unit in print, in any of the languages, with the unit that it means.

    Where several units are printed alike ("items"), the first of them.
    """
    found: dict[str, str] = {}
    for unit, words in _UNITS.items():
        for word in (unit, *words):
            found.setdefault(word, unit)
    return {word: unit for word, unit in found.items() if word}


def unit_words(unit: str, language: str) -> str:
    """A unit in that language; as it stands where none is known, empty for a pure number.

    >>> unit_words("亿元", "en"), unit_words("公里/万人", "ru")
    ('100 million CNY', 'км на 10 тыс. чел.')
    """
    at = LANGUAGES.index(language)
    if (whole := _words(unit, at)) is not None:
        return whole
    over, slash, under = unit.partition("/")
    if not slash:
        return unit
    over, under = (p if (words := _words(p, at)) is None else words for p in (over, under))
    if language == "en" and not under[:1].isdigit():
        under = under.removesuffix("s")  # CNY per person
    return over + {"en": " per ", "zh": "/", "ru": " на "}[language] + under


def _words(unit: str, at: int) -> str | None:
    """A unit that is no quotient, in the language at that place; None where it is not known."""
    if unit in _UNITS:
        return _UNITS[unit][at]
    found = multiple(unit) if unit and "/" not in unit else None
    number, _, base = unit.rpartition(" ")  # million kWh: pint reads that as a product
    if found is not None:
        number, base = found[0], found[2]
    if number not in _MULTIPLES or base not in _UNITS:
        return None
    return f"{_MULTIPLES[number][at]}{'' if at == 1 else ' '}{_UNITS[base][at]}"
