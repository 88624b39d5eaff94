"""Units of measurement as yearbooks print them, on top of pint.

Currencies are dimensions of their own, so adding yuan to roubles raises; counts of people,
subscribers (户) and things (个, 台) are too, so a rate per person is not a rate per line.
"""

from __future__ import annotations

from functools import lru_cache
from tokenize import TokenError
from typing import TYPE_CHECKING, Any

from panel.errors import UnitError

if TYPE_CHECKING:
    import pint

# One definition a line, in pint's own syntax. Our own list rather than pint's: it loads in a
# hundredth of the time, and a typing slip cannot turn into "millidegree".
_DEFINITIONS = """
percent = 0.01
per_mille = 0.001
hundred = 100
thousand = 1e3
million = 1e6
billion = 1e9
trillion = 1e12
meter = [length] = m = metre
kilometer = 1e3 * meter = km = км
hectare = 1e4 * meter ** 2 = ha = 公顷 = га
亩 = hectare / 15
平方米 = meter ** 2 = кв_м
立方米 = meter ** 3 = куб_м
gram = [mass] = g
kilogram = 1e3 * gram = kg = 公斤 = 千克 = кг
metric_ton = 1e6 * gram = t = tonne = tonnes
second = [time] = s
hour = 3600 * second = 小时
day = 86400 * second = 天 = days
year = 31556952 * second = 年 = год
joule = kilogram * meter ** 2 / second ** 2 = J
gigajoule = 1e9 * joule = GJ = 吉焦 = ГДж
terajoule = 1e12 * joule = TJ = 太焦 = ТДж
kilowatt_hour = 3.6e6 * joule = kWh = 千瓦时 = кВт_ч
megawatt_hour = 3.6e9 * joule = MWh = 兆瓦时 = МВт_ч
gigawatt_hour = 3.6e12 * joule = GWh = 吉瓦时 = ГВт_ч
kilowatt = 1e3 * joule / second = kW = 千瓦 = кВт
megawatt = 1e6 * joule / second = MW = 兆瓦 = МВт
yuan = [currency_cny] = CNY = 元 = RMB
万元 = 1e4 * yuan
百万元 = 1e6 * yuan
亿元 = 1e8 * yuan
万亿元 = 1e12 * yuan
rouble = [currency_rub] = RUB = руб = рубль = roubles = ruble = rubles = 卢布 = рублей
тыс_руб = 1e3 * rouble
млн_руб = 1e6 * rouble
млрд_руб = 1e9 * rouble
трлн_руб = 1e12 * rouble
us_dollar = [currency_usd] = USD = 美元 = dollar = dollars
万美元 = 1e4 * us_dollar
亿美元 = 1e8 * us_dollar
euro = [currency_eur] = EUR = 欧元 = евро
pound = [currency_gbp] = GBP = 英镑
yen = [currency_jpy] = JPY = 日元
won = [currency_krw] = KRW
rupee = [currency_inr] = INR
real = [currency_brl] = BRL
canadian_dollar = [currency_cad] = CAD
tenge = [currency_kzt] = KZT
international_dollar = [currency_int] = INT
person = [person] = 人 = чел = persons = people = человек = человека
万人 = 1e4 * person
百人 = 100 * person
тыс_чел = 1e3 * person
млн_чел = 1e6 * person
subscriber = [subscriber] = 户 = subscribers
万户 = 1e4 * subscriber
item = [item] = 个 = 台 = 座 = 家 = ед = items = station = stations = city = cities
件 = item = 项 = 篇 = 册 = 部 = 所 = 辆 = 艘 = 只 = 头 = 张 = шт = штук = piece = pieces
visit = [visit] = 人次 = visits
万个 = 1e4 * item
万台 = 1e4 * item
万座 = 1e4 * item
百家 = 100 * item
公里 = kilometer
平方公里 = kilometer ** 2 = кв_км
万公里 = 1e4 * kilometer
千瓦小时 = kilowatt_hour
万千瓦小时 = 1e4 * kilowatt_hour
亿千瓦小时 = 1e8 * kilowatt_hour
млн_квт_ч = 1e6 * kilowatt_hour
吨 = metric_ton = т = тонн
吨公里 = metric_ton * kilometer
人公里 = person * kilometer
万吨 = 1e4 * metric_ton
百万吨 = 1e6 * metric_ton
tce = 29.3076e9 * joule = 吨标准煤 = т_у_т
万吨标准煤 = 1e4 * tce
index = [] = 指数 = индекс
"""

# Spellings that are not one identifier, with the one that is.
_SPELLINGS = {
    "": "dimensionless",
    "%": "percent",
    "percent of GDP": "percent",
    "percent of merchandise exports": "percent",
    "percent of manufactured exports": "percent",
    "percent a year": "percent",
    "percentage points": "percent",
    "百分点": "percent",
    "个百分点": "percent",
    "п. п.": "percent",
    "п.п.": "percent",
    "процентов": "percent",
    "times": "dimensionless",
    "rank": "dimensionless",
    "上年=100": "percent",  # an index with the previous year as 100
    "subscribers per 100 people": "subscriber / (100 * person)",
    "млн руб.": "млн_руб",
    "млн руб": "млн_руб",
    "млрд руб.": "млрд_руб",
    "млрд руб": "млрд_руб",
    "трлн руб.": "трлн_руб",
    "тыс. руб.": "тыс_руб",
    "тыс. чел.": "тыс_чел",
    "млн чел.": "млн_чел",
    "руб.": "руб",
    "чел.": "чел",
    "ед.": "ед",
    "шт.": "шт",
    "кв. м": "кв_м",
    "кв.м": "кв_м",
    "м²": "кв_м",
    "м2": "кв_м",
    "m²": "кв_м",
    "m2": "кв_м",
    "кв. км": "кв_км",
    "кв.км": "кв_км",
    "км²": "кв_км",
    "км2": "кв_км",
    "km²": "кв_км",
    "km2": "кв_км",
    "куб. м": "куб_м",
    "куб.м": "куб_м",
    "м³": "куб_м",
    "m³": "куб_м",
    "кВт·ч": "кВт_ч",
    "МВт·ч": "МВт_ч",
    "ГВт·ч": "ГВт_ч",
    "т у. т.": "т_у_т",
    "т у.т.": "т_у_т",
    "‰": "per_mille",
    "bn CNY": "1e9 * yuan",
    "tn CNY": "1e12 * yuan",
    "mn CNY": "1e6 * yuan",
    "bn RUB": "1e9 * rouble",
    "tn RUB": "1e12 * rouble",
    "bn USD": "1e9 * us_dollar",
    "долл.": "us_dollar",
    "долл. США": "us_dollar",
    "tn USD": "1e12 * us_dollar",
    "mn t": "1e6 * metric_ton",
}

# How the units that have a name of their own in the registry are printed.
_PRINTED = {
    "yuan": "元", "rouble": "руб.", "тыс_руб": "тыс. руб.", "млн_руб": "млн руб.",
    "млрд_руб": "млрд руб.", "трлн_руб": "трлн руб.", "us_dollar": "USD", "euro": "EUR",
    "pound": "GBP", "yen": "JPY", "won": "KRW", "rupee": "INR", "real": "BRL",
    "canadian_dollar": "CAD", "tenge": "KZT", "international_dollar": "INT", "person": "人",
    "тыс_чел": "тыс. чел.", "млн_чел": "млн чел.", "subscriber": "户", "item": "个",
    "visit": "人次", "kilowatt_hour": "kWh", "megawatt_hour": "MWh", "gigawatt_hour": "GWh",
    "gigajoule": "GJ", "terajoule": "TJ", "kilowatt": "千瓦", "megawatt": "MW",
    "metric_ton": "t", "kilometer": "km", "hectare": "ha",
}  # fmt: skip

_NUMBERS = ("hundred", "thousand", "million", "billion", "trillion")

# Words before a unit that multiply it: 万 in 万件, тыс. in тыс. т. Long before short.
_MULTIPLES = {
    "万亿": 1e12, "千亿": 1e11, "百亿": 1e10, "十亿": 1e9, "千万": 1e7, "百万": 1e6, "十万": 1e5,
    "亿": 1e8, "万": 1e4, "千": 1e3, "百": 1e2,
    "трлн": 1e12, "млрд": 1e9, "млн": 1e6, "тыс.": 1e3, "тыс": 1e3,
}  # fmt: skip


@lru_cache(maxsize=1)
def registry() -> pint.UnitRegistry[Any]:
    """The registry of all units, built at first use."""
    import pint

    units: pint.UnitRegistry[Any] = pint.UnitRegistry(None)
    units.load_definitions(_DEFINITIONS.strip().splitlines())
    return units


# What pint raises, beside its own errors, for a text that is no unit at all.
_MALFORMED = (AttributeError, ValueError, TypeError, SyntaxError, AssertionError, TokenError)


def multiple(text: str) -> tuple[str, float, str] | None:
    """The word that multiplies a unit, its number and the unit; None if there is none.

    >>> multiple("万件"), multiple("тыс. т"), multiple("千瓦")
    (('万', 10000.0, '件'), ('тыс.', 1000.0, 'т'), None)
    """
    left = text.strip()
    if _is_unit(left):
        return None
    for word, number in _MULTIPLES.items():
        base = left.removeprefix(word).strip()
        if base not in ("", left) and _is_unit(base):
            return word, number, base
    return None


def _is_unit(text: str) -> bool:
    name = _SPELLINGS.get(text, text)
    return name.isidentifier() and name in registry()


def _spelled(part: str) -> str:
    """One side of a quotient, as pint reads it."""
    found = multiple(part)
    if found is not None:
        return f"({found[1]!r} * {_SPELLINGS.get(found[2], found[2])})"
    spelled = _SPELLINGS.get(part.strip(), part).replace("%", "percent")
    # "元/million persons" divides by a million persons, not by a million times persons
    return f"({spelled})" if " " in part.strip() and "(" not in spelled else spelled


@lru_cache(maxsize=512)
def _unit_quantity(text: str) -> Any:
    """Quantity 1 of the unit printed as ``text``."""
    import pint

    spelled = "/".join(map(_spelled, _SPELLINGS.get(text.strip(), text.strip()).split("/")))
    try:
        return registry().Quantity(spelled)
    except (pint.PintError, *_MALFORMED) as error:
        raise UnitError(
            f"Unit {text!r} is not known.",
            variable="unit",
            value=text,
            remedy="write it with known units (亿元, 万人, млн руб., percent, ...), or leave "
            "it empty for a pure number.",
        ) from error


def quantity(values: Any, unit: str) -> Any:
    """``values`` (n,) measured in ``unit``, as a pint quantity.

    Raises
    ------
    UnitError : the unit is not known.
    """
    return values * _unit_quantity(unit)


def magnitude(measured: Any, unit: str, *, what: str = "the expression") -> Any:
    """Numbers (n,) of a pint quantity (or of a pure number) in ``unit``.

    Raises
    ------
    UnitError : the quantity does not measure what ``unit`` measures.
    """
    import pint

    target = _unit_quantity(unit)
    if not hasattr(measured, "to"):
        measured = registry().Quantity(measured, "dimensionless")
    try:
        return (measured / target).to("dimensionless").magnitude
    except pint.DimensionalityError as error:
        shown = f"{measured.units:~}"
        said = f"is measured in {shown}, which" if shown else "is a pure number, which"
        raise UnitError(
            f"{what} {said} is not a kind of {unit!r}.",
            variable=what,
            value=str(measured.units),
            remedy="declare the unit the expression really has, or mend the expression.",
        ) from error


def unit_text(measured: Any) -> str:
    """The unit of a pint quantity as yearbooks would print it: 亿元/万人; "" for a pure number."""
    if not hasattr(measured, "units"):
        return ""
    parts = {_PRINTED.get(n, n): p for n, p in measured.units._units.items()}
    sides = []
    for sign in (1, -1):
        powers = {n: sign * p for n, p in parts.items() if sign * p > 0}
        numbers = [n for n, p in powers.items() if n in _NUMBERS and p == 1]  # million kWh
        units = [n if p == 1 else f"{n}**{p:g}" for n, p in powers.items() if n not in numbers]
        sides.append([" ".join([*numbers, *units[:1]]), *units[1:]] if powers else [])
    over, under = sides
    return "/".join([" * ".join(over) or "1", *under]) if over or under else ""


def currencies(unit: str) -> dict[str, float]:
    """The currencies a unit is measured in, by ISO code, with their powers.

    >>> currencies("元/人"), currencies("吨/万元"), currencies("万人")
    ({'CNY': 1.0}, {'CNY': -1.0}, {})

    Raises
    ------
    UnitError : the unit is not known.
    """
    powers = {str(k): float(p) for k, p in _unit_quantity(unit).dimensionality.items()}
    start = "[currency_"
    return {k[len(start) : -1].upper(): p for k, p in powers.items() if k.startswith(start)}


def factor(source: str, target: str) -> float:
    """How many ``target`` one ``source`` is: ``factor("亿元", "万元") == 10_000``.

    Raises
    ------
    UnitError : the two do not measure the same thing, or one is not known.
    """
    return float(magnitude(_unit_quantity(source), target, what=f"unit {source!r}"))
