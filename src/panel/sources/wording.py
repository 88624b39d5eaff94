"""What the words beside the figures of a yearbook table say: years, totals, headings, notes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from panel.errors import UnknownRegionError
from panel.sources.cells import plain, without_marks
from panel.sources.crosswalk import country_code
from panel.sources.regions import Region, candidates, crosswalk
from panel.sources.unittext import named, stated

_YEAR = re.compile(
    r"(?:fy ?)?((?:18|19|20)\d\d)(?:\.0)?\s*(?:年(?:末|底|度|份)?|год[ау]?|гг?\.?|year)?"
    r"(?: \[yr\d{4}\])?(?P<mark>\s?\d\)|\d|\s?[epbr*]|\s?\([^()\d]{1,14}\))?",
    re.IGNORECASE,
)
# 2011-2012, 2011/12, 2011—2015年, 2011-2012 гг.
_PERIOD = re.compile(r"(?:18|19|20)\d\d(?:年|г\.?)?[-–—/~～至](?:18|19|20)?\d\d(?:年|гг?\.?|годы)?")
_DATE = re.compile(r"((?:18|19|20)\d\d)-(?:01-01|12-31)")
_ANY_YEAR = re.compile(r"(?<!\d)((?:18|19|20)\d\d)(?!\d)")
_CHINESE_YEAR = re.compile(r"([一二][〇○零一二三四五六七八九]{3})年")
# Years that are not those of the figures: base years, dates, and the year of the publication.
_OTHER_YEARS = re.compile(
    r"\d{4}\s*年?\s*=\s*1|\d{4}\s*年?\s*(?:不变|可比|固定|当年)?价|以\s*\d{4}\s*年?\s*为|"
    r"\d{4}\s*(?:constant |current )?(?:prices|us\$|usd|ppp|dollars|international)|"
    r"(?:prices|ppp|us\$|usd|base(?: year)?)(?: of|,|:)?\s*\d{4}|ценах\s*\d{4}|"
    r"\d{4}[-/.年]\s?(?:0?[1-9]|1[0-2])(?:[-/.月]\s?\d{1,2}|月|(?!\d))|\d{1,2}[./]\d{1,2}[./]\d{4}|"
    r"\d{1,2}\s*(?:января|декабря|january|december),?\s*\d{4}|(?:january|december) \d{1,2}, \d{4}|"
    # What a figure is compared with: в % к 2019 г., 比2019年增长, as % of 2019.
    r"\bк (?:уровню )?\d{4}|[比较]\s*\d{4}|为\s*\d{4}\s*年?\s*的?\s*%|"
    r"(?:% of|compared (?:with|to)|relative to|over|against) \d{4}|"
    r"(?:年鉴|yearbook|ежегодник|сборник|©)[\s\-—–,.:»\"]*\d{4}|\d{4}[\s\-—–]*(?:年鉴|yearbook)",
    re.IGNORECASE,
)
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")

_TOTALS = re.compile(
    r"(?:全国|全省|各地区|地区|各省)?(?:总计|合计|总数|总和|平均|平均值|平均水平)|全国|总计|小计|不分地区|其他|"
    r"(?:东部|中部|西部|东北|沿海|内陆|华北|华东|华南|华中|西南|西北)(?:地区|\d*省市?)?(?:合计|小计|平均)?|"
    r"всего(?:пороссии)?|итого|пороссийскойфедерации|"
    r"\w+федеральныйокруг|[цс]фо|сзфо|юфо|скфо|пфо|урфо|уфо|дфо|"
    r"(?:national|grand|all|overall|country)?(?:total|average|mean)|national|nation|"
    r"(?:eastern|central|western|northeast(?:ern)?|east|west|middle)(?:region|china)?|"
    r"(?:national|countrywide)(?:total|level|average)|allregions|sum|\w+federaldistrict|"
    r"notclassifiedbyregion|undistributed|others?|世界|мир|world|europeanunion\w*|euroarea\w*|oecd\w*"
)
# Lines between the regions that lead on to the next ones and have no figures.
_LEADS = re.compile(r"втомчисле:?|изних:?|изнего:?|ofwhich:?|including:?|其中:?")
HEADINGS = {
    "region": r"(?:地 ?区|省份?|省市区?|省级|地名|行政区|国家|регион\w*|субъект\w*|территори\w*|"
    r"стран\w+|област\w*|regions?|provinces?|areas?|territor(?:y|ies)|districts?|states?|countr(?:y|ies))"
    r"(?:名称?| names?| российской федерации| рф)?",
    "year": r"^(?:年份?|年度|时间|year|time|period|date|год|годы|период)$",
    "variable": r"^(?:指标(?:名称)?|变量|项目|(?:variable|indicator|series|item|measure)(?: name)?|"
    r"показател[ьи]|наименование показателя)$",
    "unit": r"^(?:(?:计量)?单位|units?|unit of measure(?:ment)?|ед\.? ?изм\.?|единицы? измерения)$",
    "value": r"^(?:数值|值|数据|value|obs_value|значение|data)$",
    "note": r"^(?:备注|注释?|说明|notes?|remarks?|(?:obs_)?flags?|footnotes?|примечани[ея])$",
    "order": r"^(?:序号|编号|排名|位次|no\.?|nr\.?|#|№|№ ?п/п|rank|place|место|ранг)$",
    "code": r"\bкод|代码|编码|\bcode|okato|oktmo|окато|октмо|gb/?t|\biso\b|\bgeo\b",
}
_NOTE = re.compile(
    r"(?:注|附注|备注|说明|资料来源|数据来源|来源|note|source|remark|footnote|примечани|источник|"
    r"\*|†|‡|[①-⑳]|[⁰-⁹¹²³]|\[?\w\]\s|\d{1,2}\)|\([a-z0-9]\)|[a-z]\))",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"(?:数据库|时间|database|period|время)\s*[::]", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:指标|项目|indicator|показатель|地区|region|регион)\s*:\s*(.+)", re.IGNORECASE
)
_LEADING = re.compile(
    r"^(?:(?:续?表|table|таблица|табл\.)\s*[\w.\-—–]*\d+[.:]?|\d+(?:[-—–.]\d+)+[.:]?|续表|续)\s*",
    re.IGNORECASE,
)
_BY_REGION = re.compile(
    r"^(?:分地区|各地区|分省|各省市?|按地区分的?|全国各地区)|[((](?:分地区|按地区分)[))]|"
    r",?\s*\bby (?:region|province)s?\b|\bпо (?:субъектам|регионам)(?: российской федерации)?",
    re.IGNORECASE,
)


class Year(NamedTuple):
    """A year as printed in a heading, and the marks of notes beside it."""

    year: int
    marks: tuple[str, ...]


def language_of(texts: list[str]) -> str:
    """Language in which most of the texts are: "zh", "ru" or "en"."""
    joined = "".join(texts)
    zh = 3 * len(re.findall(r"[\u4e00-\u9fff]", joined))  # a word is two characters, not seven
    ru = len(re.findall(r"[А-Яа-яЁё]", joined))
    en = len(re.findall(r"[A-Za-z]", joined))
    return max((("zh", zh), ("ru", ru), ("en", en)), key=lambda pair: pair[1])[0]


@lru_cache(maxsize=4096)
def year_of(text: str) -> Year | None:
    """The year that a heading states, and nothing else: 2020, 2020年, 2020 г., 20201)."""
    left, marks = without_marks(plain(text))
    if found := _CHINESE_YEAR.fullmatch(left):
        return Year(int(found[1].translate(_DIGITS)), marks)
    if found := _DATE.fullmatch(left) or _YEAR.fullmatch(left):
        mark = (found.groupdict().get("mark") or "").strip()
        return Year(int(found[1]), (mark, *marks) if mark else marks)
    return None


def years_in(text: str) -> tuple[int, ...]:
    """Years of figures that stand somewhere in a text, each once; not base years and dates."""
    plainly = _OTHER_YEARS.sub(" ", plain(text))
    chinese = (int(y.translate(_DIGITS)) for y in _CHINESE_YEAR.findall(plainly))
    return tuple(dict.fromkeys([*map(int, _ANY_YEAR.findall(plainly)), *chinese]))


def is_period(text: str) -> bool:
    """Whether a text means several years together: "2011-2012"."""
    return bool(_PERIOD.fullmatch(re.sub(r"\s", "", plain(text))))


def without_year(text: str, year: int) -> str:
    """The text without that year and the words and joints that go with it."""
    before, after = r"[_,\s(]*(?:\b[вза] |\bin )?", r"\s*(?:年(?:末|底|度)?|год[ау]?|г\.)?[)]?[_,]?"
    pattern = rf"{before}(?<!\d){year}(?!\d){after}"
    return re.sub(r"\s+", " ", re.sub(pattern, " ", plain(text), flags=re.IGNORECASE)).strip(" ,:_")


@lru_cache(maxsize=8192)
def region_of(text: str, country: str = "") -> Region | None:
    """The region that a label means; None if it means none, or may mean several.

    A label may have marks of notes, a lost raised digit (Москва1) and a translation beside it.
    ``country`` is the one whose regions the table has ("world" for countries), if that is known.
    """
    found = regions_of(text, country)
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=8192)
def regions_of(text: str, country: str = "") -> tuple[Region, ...]:
    """The regions that a label may mean, as in :func:`region_of`; none if it means none."""
    left, _ = without_marks(plain(text))
    if re.search(r"[^\W\d_A-Z]\d$", left):  # DE1 is a code, Москва1 has lost a raised digit
        left = left[:-1]
    if not 1 < len(left) <= 80 or not re.search(r"[^\W\d_]", left):
        return ()
    if _total(left) or heading(left) == "region":
        return ()
    if found := _meant(left, country):
        return found
    parts = [_meant(p, country) for p in _by_script(left)]
    if len(parts) != 2:
        return ()
    other = {r.code for r in parts[1]}
    return tuple(r for r in parts[0] if r.code in other)


def coded_region(text: str) -> Region | None:
    """The region of an official code (110000); for columns that hold nothing but codes."""
    digits = text.removesuffix(".0")
    found = _meant(digits, "") if re.fullmatch(r"\d{6,11}", digits) else ()
    return found[0] if len(found) == 1 else None


def country_of(texts: Iterable[str]) -> str:
    """The country whose regions most of the texts may mean; "world" where these are countries.

    A name such as Georgia stands in two lists: what stands around it decides.
    """
    counts: Counter[str] = Counter()
    nuts: set[str] = set()
    for text in set(texts):
        left, _ = without_marks(plain(text))
        if 1 < len(left) <= 80 and re.search(r"[^\W\d_]", left) and not heading(left):
            counts.update({r.reported_in or "world" for r in candidates(left)})
            nuts.update(r.code for r in candidates(left, country="EU"))
    if counts.total() < 2 <= len(nuts):
        return "EU"
    if not counts:
        return ""
    most = counts.most_common(1)[0]
    return most[0] if most[1] > 1 else ""


def listed_country(called: str) -> str:
    """The country of that name or code if its regions are on a list ("US", "EU"); else empty."""
    try:
        return country_code(called)
    except UnknownRegionError:
        return ""


def _meant(name: str, country: str) -> tuple[Region, ...]:
    # Most texts of a table are no regions; near names, which errors suggest, are not searched.
    found = candidates(name, country=country) if country else ()
    return found or candidates(name)


def _by_script(text: str) -> list[str]:
    """The parts of a bilingual text: "北京 Beijing", "北京(Beijing)", "Beijing 北京"."""
    parts = re.findall(r"[\u4e00-\u9fff ]+|[A-Za-z][A-Za-z .'\-]*|[А-Яа-яЁё][А-Яа-яЁё .\-]*", text)
    return [p.strip() for p in parts if p.strip()]


def is_total(text: str) -> bool:
    """Whether a label means a sum or mean of regions, or figures that belong to none."""
    left, _ = without_marks(plain(text))
    return any(_total(part) for part in (left, *_by_script(left)[:1]))


@lru_cache(maxsize=8192)
def _total(text: str) -> bool:
    folded = re.sub(r"[^\w]", "", text).casefold()
    return bool(_TOTALS.fullmatch(folded)) or folded in _groups()


@lru_cache(maxsize=1)
def _groups() -> frozenset[str]:
    """Names of official groups of regions: 东部, Южный."""
    known = crosswalk().regions.values()
    return frozenset(re.sub(r"\W", "", r.group).casefold() for r in known if r.group)


def leads_on(text: str) -> bool:
    """Whether a line only announces the next ones ("в том числе:")."""
    return bool(_LEADS.fullmatch(re.sub(r"\s", "", plain(text)).casefold()))


def heading(text: str) -> str:
    """What kind of column a heading names: region, year, variable, ..., or empty."""
    left, _ = without_marks(plain(text).casefold())
    for part in (left, *_by_script(left)):
        for kind in ("year", "variable", "unit", "value", "note", "order"):
            if re.search(HEADINGS[kind], part.strip()):
                return kind
    if len(left) <= 40 and re.search(HEADINGS["code"], left):
        return "code"
    parts = _by_script(left) or [left]
    return "region" if all(re.fullmatch(HEADINGS["region"], p) for p in parts) else ""


def is_note(text: str) -> bool:
    """Whether a line begins as notes below a table do."""
    return bool(_NOTE.match(plain(text)))


class Title(NamedTuple):
    """What the lines above a table say."""

    name: str
    label: dict[str, str]
    years: tuple[int, ...]


def read_title(lines: list[str]) -> Title:
    """Name of the variable, by language, and the years of the lines above a table."""
    names: dict[str, str] = {}
    years: list[int] = []
    for line in (part for text in lines for part in text.split("\n")):
        if stated(line) is not None:
            line = plain(line).partition(stated(line) or "")[0]
            line = re.sub(
                r"[(\[]?(?:(?:计量)?单位|units?|ед\S* изм\S*)\s*:?\s*$", "", line, flags=re.I
            )
        line = named(line).text
        if _ASIDE.match(plain(line)):
            continue
        found = years_in(line)
        years += found
        entry = _NAMED.match(plain(line))
        if entry and region_of(entry[1]):
            continue
        name = _BY_REGION.sub("", _LEADING.sub("", entry[1] if entry else plain(line)).strip())
        for year in found:
            name = without_year(name, year)
        name = _BY_REGION.sub("", re.sub(r"^[-–—\s]+|[-–—\s]+$", "", name)).strip(" ,:")
        name, _ = without_marks(re.sub(r"\s*\(\s*\)", "", name))
        if re.search(r"[^\W\d_]", name):
            names.setdefault(language_of([name]), name)
    return Title(next(iter(names.values()), ""), names, tuple(dict.fromkeys(years)))
