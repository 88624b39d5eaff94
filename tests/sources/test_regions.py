"""Every usual spelling of a region leads to it, and to no other."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel.errors import CalendarError, UnknownRegionError
from panel.sources.catalogue import data_root, read_catalogue
from panel.sources.crosswalk import rows
from panel.sources.regions import (
    Region,
    candidates,
    crosswalk,
    region_groups,
    regions,
    resolve,
)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "江西",
            "江西省",
            " 江 西 ",
            "赣",
            "Jiangxi",
            "JIANGXI",
            "Jiangxi Province",
            "Jiangxi Sheng",
        ),
        *("CN-JX", "cn-jx", "CN-36", "360000", 360000, 360000.0),
        *("Цзянси", "провинция Цзянси"),
    ],
)
def test_one_province_by_all_its_names(name: object) -> None:
    assert resolve(name).code == "CN-JX"


@pytest.mark.parametrize(
    "name",
    [
        *("Вологодская область", "Вологодская обл.", "Вологодская", "вологодская  область"),
        *("Vologda Oblast", "Vologda Region", "Vologda", "RU-VLG", "沃洛格达州", "沃洛格达"),
        *("19000000000", "19000000", "Вологда"),
    ],
)
def test_one_federal_subject_by_all_its_names(name: str) -> None:
    assert resolve(name).code == "RU-VLG"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("内蒙古", "CN-NM"),
        ("新疆", "CN-XJ"),
        ("Shanxi", "CN-SX"),
        ("Shaanxi", "CN-SN"),
        ("Шаньси", "CN-SX"),
        ("Шэньси", "CN-SN"),
        ("Республика Северная Осетия - Алания", "RU-SE"),
        ("Республика Северная Осетия — Алания", "RU-SE"),
        ("Ханты-Мансийский автономный округ - Югра", "RU-KHM"),
        ("г. Москва", "RU-MOW"),
        ("Moscow City", "RU-MOW"),
        ("г.Москва", "RU-MOW"),
        ("Респ. Алтай", "RU-AL"),
        ("Алтай, Республика", "RU-AL"),
        ("Altai Rep.", "RU-AL"),
        ("吉林省", "CN-JL"),
        ("Jilin Province", "CN-JL"),
        ("吉林市", "CN-220200"),
        ("Jilin City", "CN-220200"),
        ("海南", "CN-HI"),
        ("海南州", "CN-632500"),
        ("襄樊", "CN-420600"),  # renamed in 2010
        ("522200", "CN-520600"),  # the prefecture's code before it became a city
        ("Urumqi", "CN-650100"),
        ("Пермская обл.", "RU-PER-OBL"),
        ("Perm", "RU-PER"),
        ("RU-VGG", "RU-VGG"),
        ("NY", "US-NY"),
        ("EL", "GR"),
        ("Cote d'Ivoire", "CI"),
        ("Московская область", "RU-MOS"),
        ("Волгоградская область", "RU-VGG"),
        ("RU-SEV", "UA-40"),
        ("全国", "CN"),
        ("CHN", "CN"),
        ("Korea, Rep.", "KR"),
        ("黑龍江", "CN-HL"),  # traditional characters, as in tables of Hong Kong and Taiwan
        ("內蒙古自治區", "CN-NM"),
        ("德國", "DE"),
        ("新疆维吾尔", "CN-XJ"),
        ("广西壮族", "CN-GX"),
        ("Guangdong Prov.", "CN-GD"),
        ("С.-Петербург", "RU-SPE"),
        ("в том числе: Ненецкий автономный округ", "RU-NEN"),
        ("в т.ч. Ненецкий АО", "RU-NEN"),
        ("Тюменская область, в том числе:", "RU-TYU"),
        ("Горьковская обл.", "RU-NIZ"),  # until 1990
        ("РФ", "RU"),
        ("中华人民共和国", "CN"),
        ("Белоруссия", "BY"),
        ("Calif.", "US-CA"),
        ("W. Va.", "US-WV"),
    ],
)
def test_names_that_are_easily_mixed_up(name: str, code: str) -> None:
    assert resolve(name).code == code


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Altai", {"RU-AL", "RU-ALT"}),
        ("Moscow", {"RU-MOW", "RU-MOS"}),
        ("Jilin", {"CN-JL", "CN-220200"}),
        ("吉林", {"CN-JL", "CN-220200"}),
        ("Suzhou", {"CN-320500", "CN-341300"}),
        ("CA", {"CA", "US-CA"}),
        ("Georgia", {"GE", "US-GA"}),
        ("Hong Kong", {"CN-HK", "HK"}),
    ],
)
def test_ambiguous_name_asks_with_the_candidates(name: str, codes: set[str]) -> None:
    assert {r.code for r in candidates(name)} == codes
    with pytest.raises(UnknownRegionError, match="may be") as error:
        resolve(name)
    assert all(f"({code})" in str(error.value) for code in codes)


def test_what_is_known_beside_the_name_decides() -> None:
    assert resolve("Jilin", level=1).code == "CN-JL"
    assert resolve("Jilin", level=2).code == "CN-220200"
    assert resolve("CA", country="usa").code == "US-CA"
    assert resolve("CA", country="world").code == "CA"
    assert [resolve("36", country=c).code for c in ("CN", "RU", "US")] == [
        *("CN-JX", "RU-SAM", "US-NY")
    ]
    assert resolve("Perm Oblast", on=2004).code == "RU-PER-OBL"
    with pytest.raises(UnknownRegionError):
        resolve("Perm Krai", on=2004)
    assert resolve("FR10", country="EU").level == 2
    assert resolve("Utrecht", country="EU", variant="2024").code == "NL35"
    with pytest.raises(UnknownRegionError, match=r"NL31.*NL35"):
        resolve("Utrecht", country="EU", level=2)
    # Versions out of use do not make a name ambiguous, but are found by it where they are meant.
    assert resolve("Bretagne", country="EU", level=2).code == "FRH0"
    assert resolve("Bretagne", country="EU", variant="2013").code == "FR52"
    assert resolve("Mazowieckie", country="EU").code == "PL12"
    with pytest.raises(UnknownRegionError, match=r"UKM2.*UKM7"):
        resolve("Eastern Scotland", country="EU")


def test_unknown_name_gets_suggestions() -> None:
    with pytest.raises(UnknownRegionError, match="did you mean 'Jiangxi'") as error:
        resolve("Jiangxy")
    assert error.value.value == "Jiangxy"


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("FR24", {}, r'Centre \(FR24, country="EU"\) is level 2, on the list EU/2013'),
        ("FR24", {"country": "EU", "variant": "2021"}, r"\(FR24\) is level 2, on the list EU/2013"),
        ("Камчатская область", {"on": 2010}, r"\(RU-KAM-OBL\) .* until 2007-07-01"),
        ("Jiangxi", {"level": 2}, r"\(CN-JX\) is level 1"),
        ("Texas", {"country": "china"}, r"\(US-TX\) is level 1, on the list US/"),
    ],
)
def test_a_name_known_elsewhere_is_told_where(
    name: str, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(UnknownRegionError, match=said):
        resolve(name, **options)
    assert len(regions("EU", variant=2016)) == 104  # type: ignore[arg-type]


def test_two_digit_codes_are_not_guessed() -> None:
    # 36 is Jiangxi in GB/T 2260 and Samara in OKATO.
    with pytest.raises(UnknownRegionError):
        resolve("36")


@pytest.mark.parametrize(
    ("number", "country", "code"),
    [
        (6, "usa", "US-CA"),  # FIPS 06
        (1, "russia", "RU-ALT"),  # OKATO 01
        (1000000, "russia", "RU-ALT"),  # OKTMO 01000000
        (4.0, "world", "AF"),  # ISO 3166-1 numeric 004
    ],
)
def test_codes_that_lost_their_zeros(number: float, country: str, code: str) -> None:
    assert resolve(number, country=country).code == code
    with pytest.raises(UnknownRegionError):
        resolve(number)


@pytest.mark.parametrize("name", ["в том числе", "из них:", "其中", "including"])
def test_a_line_that_announces_parts_is_no_region(name: str) -> None:
    with pytest.raises(UnknownRegionError):
        resolve(name)


def test_the_sets_are_complete_and_named_in_three_languages() -> None:
    china, russia = regions("CN"), regions("RU")
    assert len(china) == 31
    assert len(russia) == 85  # 83 subjects of ISO 3166-2:RU and two that Rosstat reports from 2014
    assert {r.code for r in russia if not r.code.startswith("RU-")} == {"UA-40", "UA-43"}
    assert len(regions("world")) == 249  # ISO 3166-1
    for region in (*china, *russia, *regions("world"), *regions("US", variant="iso")):
        assert region.en, region.code
        assert region.zh, region.code
        assert region.ru, region.code
    assert all(len(r.gb2260) == 6 for r in china)
    assert all(len(r.okato) == 11 and len(r.oktmo) == 8 for r in russia)
    with pytest.raises(UnknownRegionError, match="did you mean 'CN'"):
        regions("CH")


def test_codes_are_unique() -> None:
    known = crosswalk().regions.values()
    for field in ("code", "gb2260", "okato", "oktmo", "alpha3", "numeric", "postal", "fips"):
        values = [getattr(r, field) for r in known if getattr(r, field)]
        assert len(values) == len(set(values)), field


def search(region: Region) -> str:
    """The country under which a region is looked for: NUTS has a space of its own."""
    return "EU" if region.listed("EU") else ""


@pytest.mark.parametrize("country", ["", "own"])
def test_every_name_and_code_leads_back_to_its_region(country: str) -> None:
    # A name that two regions share leads to both; whoever asks is told so.
    for region in crosswalk().regions.values():
        where = region.sets[0].split("/")[0] if country else search(region)
        version = region.sets[0].split("/")[1] if where == "EU" else ""
        extra = region.local_codes if country else ()
        for name in (*region.names, *extra):
            found = [
                r.code for r in candidates(f"  {name.upper()} ", country=where, variant=version)
            ]
            assert region.code in found, (region.code, name)
        assert [r.code for r in candidates(region.code, country=where, level=region.level)] == [
            region.code
        ]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=20))
def test_any_text_is_a_region_or_a_clear_error(text: str) -> None:
    found = candidates(text) if text.strip() else ()
    if len(found) == 1:
        assert resolve(text) == found[0]
    else:
        with pytest.raises(UnknownRegionError, match="Remedy"):
            resolve(text)


def test_names_that_two_regions_of_one_level_and_country_share() -> None:
    # Every further one must be meant: an alias given twice by mistake shows here.
    shared = {}
    for region in crosswalk().regions.values():
        country = region.sets[0].split("/")[0]
        for name in region.names:
            found = candidates(name, country=country, level=region.level)
            if len(found) > 1 and country != "EU":
                shared[name.removesuffix(" City")] = len(found)
    assert shared == dict.fromkeys(
        [
            *("Altai", "Altay", "Moscow", "Yichun", "Suzhou", "Taizhou", "Fuzhou", "Yulin"),
            *("Ичунь", "Сучжоу", "Тайчжоу", "Фучжоу", "Юйлинь"),
        ],
        2,
    )


@pytest.mark.parametrize(
    ("country", "options", "count"),
    [
        ("china", {"variant": "iso"}, 34),
        ("china", {"level": 2}, 333),
        ("china", {"level": 2, "on": 2010}, 335),  # with Chaohu and Laiwu
        ("russia", {"variant": "iso"}, 83),
        ("russia", {"variant": "constitution"}, 89),
        ("russia", {"on": 2004}, 89),  # before the mergers
        ("russia", {"on": "2005-12-01"}, 88),
        ("russia", {"on": "2007-01-01"}, 86),
        ("russia", {"on": "2007-07-01"}, 85),
        ("russia", {"on": "2008-01-01"}, 84),
        ("russia", {"on": "2008-03-01"}, 83),
        ("russia", {"on": 2014}, 85),
        ("usa", {}, 51),
        ("usa", {"variant": "states"}, 50),
        ("usa", {"variant": "iso"}, 57),
        ("EU", {}, 92),
        ("EU", {"level": 2}, 242),
        ("EU", {"level": 2, "variant": "2024"}, 244),
        ("EU", {"level": 2, "variant": "uk-2018"}, 41),
        ("EU", {"variant": "2013"}, 98),
        ("EU", {"level": 2, "variant": "2013"}, 276),
        ("EU", {"variant": "2016"}, 104),
        ("EU", {"level": 2, "variant": "2016"}, 281),
    ],
)
def test_lists_by_country_level_and_day(country: str, options: dict[str, Any], count: int) -> None:
    found = regions(country, **options)
    assert len(found) == count
    assert [r.code for r in found] == sorted({r.code for r in found})


def test_the_prefectures_are_of_four_kinds_and_in_their_provinces() -> None:
    cities = regions("CN", level=2)
    endings = Counter(
        next(e for e in ("市", "自治州", "地区", "盟") if r.zh.endswith(e)) for r in cities
    )
    assert endings == {"市": 293, "自治州": 30, "地区": 7, "盟": 3}
    provinces = {r.code: r.gb2260[:2] for r in regions("CN")}
    assert all(provinces[r.parent] == r.gb2260[:2] for r in cities)


# Customary names, not by Palladius: Mongolian, Tibetan, Uighur, or older than the system.
CUSTOMARY = {
    *("Хух-Хото", "Ордос", "Баян-Нур", "Шилин-Гол", "Алашань", "Гирин", "Харбин", "Цицикар"),
    *("Нанкин", "Нгава", "Гардзе", "Дечен", "Лхаса", "Шигадзе", "Чамдо", "Линьчжи", "Нагчу"),
    *("Нгари", "Голо", "Округ Хайнань", "Урумчи", "Карамай", "Турфан", "Боро-Тала", "Аксу"),
    *("Кашгар", "Хотан", "Или", "Округ Алтай"),
}


def palladius(name: str, syllables: int, table: dict[str, str]) -> set[str]:
    """All ways to read a name in pinyin as so many syllables, in Russian letters."""
    if not name or not syllables:
        return set() if name or syllables else {""}
    found = set()
    for n in range(1, 7):
        if name[:n] in table and (rest := name[n:]) is not None:
            for end in palladius(rest.removeprefix("'"), syllables - 1, table):
                hard = table[name[:n]].endswith("н") and end[:1] in set("аеёиоуыэюя")
                found.add(table[name[:n]] + ("ъ" if hard else "") + end)
    return found


def test_russian_names_of_prefectures_follow_palladius_or_custom() -> None:
    catalogue = read_catalogue(data_root())
    table = {r["pinyin"]: r["ru"] for r in rows(catalogue, "geo/palladius.csv")}
    known = [r for r in crosswalk().regions.values() if r.listed("CN", "gb2260")]
    assert [r.en for r in known if not r.ru] == [
        "Hulunbuir", "Ulanqab", "Hinggan League", "Bayingolin", "Kizilsu",
    ]  # fmt: skip
    assert all(r.label("ru") == r.en for r in known if not r.ru)
    seen = set()
    for region in known:
        if not region.ru or region.ru in CUSTOMARY:
            seen.add(region.ru)
            continue
        stem = region.aliases[0]  # 石家庄: as many syllables as characters
        pinyin = region.en.casefold().replace("ü", "v")
        assert region.ru.casefold() in palladius(pinyin, len(stem), table), region
    assert seen == CUSTOMARY | {""}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Шицзячжуан", "CN-130100"),
        ("Сиань", "CN-610100"),
        ("город Дунъин", "CN-370500"),
        ("Наньцзин", "CN-320100"),
        ("Нанкин", "CN-320100"),
        ("Хэнъян", "CN-430400"),
        ("Хайнань", "CN-HI"),
        ("Шигацзе", "CN-540200"),
    ],
)
def test_prefectures_by_their_russian_names(name: str, code: str) -> None:
    assert resolve(name).code == code


def test_okrugs_know_the_oblast_that_contains_them() -> None:
    inside = {r.code: r.parent for r in regions("RU") if r.parent}
    assert inside == {"RU-KHM": "RU-TYU", "RU-YAN": "RU-TYU", "RU-NEN": "RU-ARK"}


def test_wrong_lists_levels_and_days_are_named() -> None:
    with pytest.raises(UnknownRegionError, match="did you mean 'rosstat'"):
        regions("RU", variant="rostat")
    with pytest.raises(UnknownRegionError, match="level 1"):
        regions("RU", level=2)
    with pytest.raises(CalendarError, match="neither a year nor a day"):
        regions("RU", on="last year")
    with pytest.raises(UnknownRegionError, match="did you mean 'four_zones'"):
        region_groups("four_zone")


def test_groups_cover_their_regions() -> None:
    assert region_groups("four_zones").value_counts().to_dict() == {
        "West": 12, "East": 10, "Central": 6, "Northeast": 3,
    }  # fmt: skip
    assert region_groups("three_zones", language="zh")["CN-LN"] == "东部"
    assert region_groups("economic_region").nunique() == 12
    assert set(region_groups("census_division").index) == {r.code for r in regions("US")}
    assert region_groups("census_region", language="ru")["US-TX"] == "Юг"
    for on in (2005, 2009, 2012, 2015, 2017, 2019, None):
        assert set(region_groups("federal_district", on=on).index) == {
            r.code for r in regions("RU", on=on)
        }


def test_federal_districts_change_on_their_days() -> None:
    def district(code: str, on: str) -> str:
        return str(region_groups("federal_district", on=on)[code])

    assert district("RU-DA", "2010-01-18") == "Southern"
    assert district("RU-DA", "2010-01-19") == "North Caucasian"
    assert district("RU-BU", "2018-11-02") == "Siberian"
    assert district("RU-BU", "2018-11-03") == "Far Eastern"
    assert district("UA-43", "2016-07-27") == "Crimean"
    assert district("UA-43", "2016-07-28") == "Southern"


def test_what_is_known_of_a_province() -> None:
    jiangxi = resolve("Jiangxi")
    assert (jiangxi.capital, jiangxi.group, jiangxi.reported_in) == ("南昌", "中部", "CN")
    assert jiangxi.lon == pytest.approx(115.89, abs=0.1)  # the table claims a tenth of a degree
    assert jiangxi.lat == pytest.approx(28.68, abs=0.1)


@pytest.mark.parametrize("name", [None, float("nan"), "", "  "])
def test_a_missing_name_is_no_region(name: object) -> None:
    with pytest.raises(UnknownRegionError, match="A region is missing") as error:
        resolve(name)
    assert "did you mean" not in str(error.value)


def test_names_with_and_without_autonomous_okrugs_say_so() -> None:
    without, open_ = resolve("Тюменская область без АО"), resolve("Тюменская область")
    assert resolve("Тюменская область (без ХМАО и ЯНАО)") == without
    assert without.code == open_.code == "RU-TYU"
    assert without.scope == "without autonomous okrugs"
    for name in ("Тюменская область с АО", "Архангельская область (с автономным округом)"):
        assert resolve(name).scope == "with autonomous okrugs"
    assert "does not say" in open_.scope
    assert resolve("Вологодская область").scope == ""


@pytest.mark.parametrize("word", ["Region", "City", "地区", "省", "область", "край", "the"])
def test_a_kind_of_region_is_no_region(word):
    with pytest.raises(UnknownRegionError):
        resolve(word)


def test_angola_is_still_found_by_its_code():
    assert resolve("AO").en == "Angola"


@pytest.mark.parametrize(
    "name",
    ["г. Белгород", "в т.ч. г. Белгород", "город Омск", "Belgorod City", "Oklahoma City",
     "New York City", "Panama City", "大理市", "延吉市"],
)  # fmt: skip
def test_a_city_is_not_the_oblast_state_or_prefecture_of_its_name(name: str) -> None:
    with pytest.raises(UnknownRegionError):
        resolve(name)


@pytest.mark.parametrize(
    ("name", "code"),
    [("г. Москва", "RU-MOW"), ("Санкт-Петербург (город)", "RU-SPE"), ("Beijing City", "CN-BJ"),
     ("город Шанхай", "CN-SH"), ("吉林市", "CN-220200"), ("Vatican City", "VA"),
     ("Белгород", "RU-BEL")],
)  # fmt: skip
def test_cities_that_are_regions_are_known(name: str, code: str) -> None:
    assert resolve(name).code == code
