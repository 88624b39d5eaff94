"""Every usual spelling of a region leads to it, and to no other."""

from __future__ import annotations

import pytest

from panel.errors import UnknownRegionError
from panel.sources.regions import crosswalk, regions, resolve


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
        ("Moscow", "RU-MOW"),
        ("Московская область", "RU-MOS"),
        ("Волгоградская область", "RU-VGG"),
        ("RU-SEV", "UA-40"),
        ("全国", "CN"),
        ("CHN", "CN"),
        ("Korea, Rep.", "KR"),
    ],
)
def test_names_that_are_easily_mixed_up(name: str, code: str) -> None:
    assert resolve(name).code == code


def test_ambiguous_name_asks_with_the_candidates() -> None:
    with pytest.raises(UnknownRegionError, match=r"RU-AL\).*RU-ALT\)"):
        resolve("Altai")


def test_unknown_name_gets_suggestions() -> None:
    with pytest.raises(UnknownRegionError, match="did you mean 'Jiangxi'") as error:
        resolve("Jiangxy")
    assert error.value.value == "Jiangxy"


def test_two_digit_codes_are_not_guessed() -> None:
    # 36 is Jiangxi in GB/T 2260 and Samara in OKATO.
    with pytest.raises(UnknownRegionError):
        resolve("36")


def test_the_sets_are_complete_and_named_in_three_languages() -> None:
    china, russia = regions("CN"), regions("RU")
    assert len(china) == 31
    assert len(russia) == 85  # 83 subjects of ISO 3166-2:RU and two that Rosstat reports from 2014
    assert {r.code for r in russia if not r.code.startswith("RU-")} == {"UA-40", "UA-43"}
    assert len(regions("world")) == 12
    for region in (*china, *russia, *regions("world")):
        assert region.en, region.code
        assert region.zh, region.code
        assert region.ru, region.code
    assert all(len(r.gb2260) == 6 for r in china)
    assert all(len(r.okato) == 11 and len(r.oktmo) == 8 for r in russia)
    with pytest.raises(UnknownRegionError, match="did you mean 'CN'"):
        regions("CH")


def test_codes_are_unique() -> None:
    known = crosswalk().regions.values()
    for field in ("code", "gb2260", "okato", "oktmo", "en", "ru", "zh"):
        values = [getattr(r, field) for r in known if getattr(r, field)]
        assert len(values) == len(set(values)), field


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
    assert without.code == open_.code == "RU-TYU"
    assert without.scope == "without autonomous okrugs"
    assert "does not say" in open_.scope
    assert resolve("Вологодская область").scope == ""
