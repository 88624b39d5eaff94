"""Each service's answers are read as it documents them, and its errors name what to do."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import (
    CalendarError,
    DuplicateKeyError,
    NotNumericError,
    ServiceError,
    UnknownRegionError,
)
from panel.sources.connectors.nbs import NBS
from panel.sources.connectors.query import Query, known, unit_of
from panel.sources.connectors.rosstat import parsed

DATA = Path(__file__).parents[3] / "data/raw"
INDUSTRY = "NV.IND.TOTL.ZS"


@pytest.fixture
def ask(server: Any, tmp_path: Path) -> Callable[..., panel.Download]:
    """Downloads a query from the loopback server."""

    def download(query: Query, **options: Any) -> panel.Download:
        return panel.download(replace(query, base=server.url), cache=tmp_path, **options)

    return download


def fields(path: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(path).query, keep_blank_values=True)


def values(got: panel.Download, variable: str) -> dict[tuple[str, int], float]:
    mine = got.df[(got.df["variable"] == variable) & got.df["value"].notna()]
    return {(c, y): v for c, y, v in mine[["code", "year", "value"]].itertuples(index=False)}


# ---- World Bank ------------------------------------------------------------------------


def wdi(reply: Any, recorded: Any) -> Callable[[str, bytes], Any]:
    return lambda path, _body: reply(recorded(f"wdi_page{fields(path)['page'][0]}.json"))


def test_world_bank_by_pages(server: Any, reply: Any, recorded: Any, ask: Any) -> None:
    server.answer = wdi(reply, recorded)
    got = ask(
        panel.world_bank(INDUSTRY, regions=["China", "俄罗斯", "1W"], years=range(2019, 2022))
    )
    assert [fields(path)["page"] for path, _ in server.asked] == [["1"], ["2"]]
    assert urlsplit(server.asked[0][0]).path == f"/country/CN;RU;1W/indicator/{INDUSTRY}"
    assert fields(server.asked[0][0])["date"] == ["2019:2021"]
    shipped = pd.read_csv(DATA / "world/wdi_country_year.csv")
    shipped = shipped[shipped["iso3"].isin(["CHN", "RUS"]) & shipped["year"].between(2019, 2021)]
    codes = {"CHN": "CN", "RUS": "RU"}
    expected = {
        (codes[i], y): v for i, y, v in shipped[["iso3", "year", INDUSTRY]].itertuples(index=False)
    }
    assert values(got, INDUSTRY) == expected  # digit by digit: nothing is computed on the way
    assert got.unknown == ("1W (World)",)
    assert got.df["value"].isna().sum() == 2
    column = got.columns[INDUSTRY]
    assert (column.unit, column.label) == (
        "%",
        "Industry (including construction), value added (% of GDP)",
    )
    origin = column.origins[0]
    assert (origin.publisher, origin.vintage) == ("World Bank", "last updated 2026-07-01")
    assert "CC BY 4.0" in origin.licence
    assert got.checksum in origin.note
    assert str(got.read) in origin.note


def test_world_bank_labels_in_chinese(server: Any, reply: Any, recorded: Any, ask: Any) -> None:
    figures = wdi(reply, recorded)
    said = recorded("wdi_indicator_zh.json")

    def answer(path: str, body: bytes) -> Any:
        return reply(said) if urlsplit(path).path.startswith("/zh/") else figures(path, body)

    server.answer = answer
    query = panel.world_bank(INDUSTRY, languages=["en", "zh"])
    got = ask(query)
    assert urlsplit(server.asked[-1][0]).path == f"/zh/indicator/{INDUSTRY}"
    assert got.columns[INDUSTRY].labels == {
        "en": "Industry (including construction), value added (% of GDP)",
        "zh": "格式样本",
    }
    said = said.replace("格式样本".encode(), b"")  # not translated
    assert set(ask(query, refresh=True).columns[INDUSTRY].labels) == {"en"}
    said = recorded("wdi_invalid.json")
    with pytest.raises(ServiceError, match="the service says 'Invalid"):
        ask(query, refresh=True)
    with pytest.raises(ServiceError, match="no labels in 'ru'") as error:
        panel.world_bank(INDUSTRY, languages="ru")
    assert "frame.describe" in str(error.value.remedy)


def test_years_between_those_asked_for_are_left_out(
    server: Any, reply: Any, recorded: Any, ask: Any
) -> None:
    server.answer = wdi(reply, recorded)
    got = ask(panel.world_bank(INDUSTRY, years=[2021, 2019]))
    assert set(got.df["year"]) == {2019, 2021}
    assert urlsplit(server.asked[0][0]).path.startswith("/country/all/")


def test_world_bank_errors(server: Any, reply: Any, recorded: Any, ask: Any) -> None:
    server.replay(reply(recorded("wdi_invalid.json")))
    with pytest.raises(
        ServiceError, match=r"NV\.IND\.TOTAL\.ZS: the service says 'Invalid"
    ) as error:
        ask(panel.world_bank("NV.IND.TOTAL.ZS", regions="CHN"))
    assert f"did you mean {INDUSTRY!r}" in str(error.value.remedy)
    assert "the regions CHN" in str(error.value.remedy)
    server.replay(reply(recorded("wdi_empty.json")))
    with pytest.raises(ServiceError, match=r"there is no figure for World Bank: .*1850"):
        ask(panel.world_bank(INDUSTRY, years=1850))
    with pytest.raises(UnknownRegionError, match="World Bank does not report Jiangxi"):
        ask(panel.world_bank(INDUSTRY, regions="江西"))
    with pytest.raises(UnknownRegionError, match="Атлантида"):
        ask(panel.world_bank(INDUSTRY, regions="Атлантида"))
    with pytest.raises(UnknownRegionError, match="Chna"):
        ask(panel.world_bank(INDUSTRY, regions="Chna"))  # no code: those have no small letters


def test_pages_of_two_releases_are_not_mixed(
    server: Any, reply: Any, recorded: Any, ask: Any
) -> None:
    later = recorded("wdi_page2.json").replace(b"2026-07-01", b"2026-09-30")
    server.replay(reply(recorded("wdi_page1.json")), reply(later))
    with pytest.raises(ServiceError, match="of several releases, 2026-07-01, 2026-09-30"):
        ask(panel.world_bank(INDUSTRY))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>Maintenance</html>", "no JSON; it begins '<html>"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"{}", "documented form (KeyError: 0)"),
        (b"[]", "documented form (IndexError"),
        (b"[null]", "documented form (TypeError"),
        (b'[{"page": 1}, []]', "documented form (KeyError: 'pages')"),
        (b'[{"pages": "x"}, []]', "documented form (ValueError"),
        (b'[{"pages": 1}, [{"date": "2020"}]]', "documented form (KeyError: 'indicator')"),
        (b'[{"pages": 1}, [2020]]', "documented form (TypeError"),
    ],
)
def test_answers_of_another_form(server: Any, reply: Any, ask: Any, body: bytes, said: str) -> None:
    server.replay(reply(body))
    with pytest.raises(ServiceError, match=re.escape(said)):
        ask(panel.world_bank(INDUSTRY))


@pytest.mark.parametrize("years", ["2020", 2020.0, [2020, True], [20], [None]])
def test_years_that_are_none(years: Any) -> None:
    with pytest.raises(CalendarError, match="is no year"):
        panel.world_bank(INDUSTRY, years=years)


def test_queries_of_nothing() -> None:
    for ask_nothing in (panel.eurostat, panel.oecd, panel.nbs, panel.world_bank):
        for nothing in ("", " "):
            with pytest.raises(ServiceError, match="names no table and no indicator"):
                ask_nothing(nothing)
    with pytest.raises(ServiceError, match="names no table and no indicator"):
        panel.world_bank([])


def test_months_are_no_years(server: Any, reply: Any, recorded: Any, ask: Any) -> None:
    body = recorded("wdi_page2.json").replace(b'"pages": 2', b'"pages": 1')
    server.replay(reply(body.replace(b'"2019"', b'"2019M01"')))
    with pytest.raises(ServiceError, match="'2019M01' is no year"):
        ask(panel.world_bank(INDUSTRY, years=2020))


def test_a_value_that_is_no_number(server: Any, reply: Any, recorded: Any, ask: Any) -> None:
    body = recorded("wdi_page2.json").replace(b'"pages": 2', b'"pages": 1')
    server.replay(reply(body.replace(b"29.7171245814295", b'"n.a."')))
    with pytest.raises(NotNumericError, match=r"'n\.a\.' is not a number"):
        ask(panel.world_bank(INDUSTRY))


# ---- NBS of China ----------------------------------------------------------------------


def nbs(reply: Any, recorded: Any) -> Callable[[str, bytes], Any]:
    def answer(path: str, body: bytes) -> Any:
        tree = {"": "root", "root0": "headings", "accounts0": "tables"}
        if path.startswith("/new/queryIndexTreeAsync"):
            assert fields(path)["code"] == ["6"]
            return reply(recorded(f"nbs_{tree[fields(path)['pid'][0]]}.json"))
        if path.startswith("/new/queryIndicatorsByCid"):
            return reply(recorded("nbs_indicators.json"))
        if path.startswith("/getDaCatalogTreeByIndicatorCid"):
            return reply(recorded("nbs_groups.json"))
        if path.startswith("/getDasByDaCatalogId"):
            assert fields(path)["daCid"] == ["every0"]
            return reply(recorded("nbs_areas.json"))
        asked = json.loads(body)
        assert path == "/stream/esData"
        assert (asked["cid"], asked["rootId"], asked["daCatalogId"]) == ("table0", "root0", "")
        name = {"gdp0": "gdp", "industry0": "industry"}[asked["indicatorIds"][0]]
        return reply(recorded(f"nbs_{name}.json"))

    return answer


def test_nbs_by_headings(server: Any, reply: Any, recorded: Any, ask: Any) -> None:
    server.answer = nbs(reply, recorded)
    got = ask(panel.nbs("国民经济核算 > 地区生产总值", years=range(2021, 2023)))
    shipped = pd.read_csv(DATA / "china/nbs_accounts.csv")
    shipped = shipped[
        shipped["地区"].isin(["北京市", "江西省"]) & shipped["年份"].isin([2021, 2022])
    ]
    codes = shipped["地区"].map({"北京市": "CN-BJ", "江西省": "CN-JX"})
    keys = list(zip(codes, shipped["年份"], strict=True))
    for name in ("地区生产总值(亿元)", "工业增加值(亿元)"):
        expected = dict(zip(keys, shipped[name], strict=True))
        if name.startswith("工业"):
            del expected["CN-JX", 2021]  # an empty cell in the recorded answer
        assert values(got, name) == expected
        assert (got.columns[name].unit, got.columns[name].labels["zh"]) == ("亿元", name)
    assert got.unknown == ()
    assert set(got.df["region"]) == {"110000", "360000"}
    body = json.loads(server.asked[-1][1])
    assert body["dts"] == ["2021YY-2022YY"]
    assert body["das"][1] == {"text": "江西省", "value": "360000000000"}


@pytest.mark.parametrize("region", ["江西", "Jiangxi", "360000", "CN-JX"])
@pytest.mark.parametrize("name", ["工业增加值", "工业增加值（亿元）"])
def test_nbs_takes_any_spelling(
    server: Any, reply: Any, recorded: Any, ask: Any, region: str, name: str
) -> None:
    server.answer = nbs(reply, recorded)
    got = ask(panel.nbs("国民经济核算/地区生产总值", name, regions=region, years=2022))
    assert json.loads(server.asked[-1][1])["das"] == [{"text": "江西省", "value": "360000000000"}]
    assert values(got, "工业增加值(亿元)")["CN-JX", 2022] == 10395.0


def test_the_bureaus_figures_are_of_provinces() -> None:
    found = known("吉林", NBS)
    assert found is not None
    assert found.code == "CN-JL"


def test_nbs_errors(server: Any, reply: Any, recorded: Any, ask: Any) -> None:
    server.answer = nbs(reply, recorded)
    with pytest.raises(ServiceError, match="no heading '国民经济'") as error:
        ask(panel.nbs("国民经济 > 地区生产总值"))
    assert "国民经济核算" in str(error.value.remedy)
    with pytest.raises(ServiceError, match="no indicator '生产总值'") as error:
        ask(panel.nbs("国民经济核算 > 地区生产总值", "生产总值"))
    assert "地区生产总值(亿元)" in str(error.value.remedy)
    with pytest.raises(UnknownRegionError, match="there is no region '湖北'"):
        ask(panel.nbs("国民经济核算 > 地区生产总值", regions="湖北"))
    server.replay(reply(recorded("nbs_error.json")))
    with pytest.raises(ServiceError, match="reports an error: '参数错误'"):
        ask(panel.nbs("国民经济核算 > 地区生产总值"), refresh=True)
    server.replay(reply(b"<html>reason:UrlACL</html>", 403))
    with pytest.raises(ServiceError, match="answers 403: reason:UrlACL") as error:
        ask(panel.nbs("人口 > 总人口"), refresh=True)
    assert "by hand" in str(error.value.remedy)


# ---- Eurostat --------------------------------------------------------------------------


def test_eurostat_cube(server: Any, reply: Any, recorded: Any, ask: Any) -> None:
    server.replay(reply(recorded("eurostat.json")))
    query = panel.eurostat(
        "sample",
        regions=["Germany", "de21", "Греция"],
        years=[2019, 2020],
        filters={"unit": ["A", "B"]},
    )
    got = ask(query)
    asked = fields(server.asked[0][0])
    assert urlsplit(server.asked[0][0]).path == "/sample"
    assert (asked["geo"], asked["unit"], asked["freq"]) == (["DE", "DE21", "EL"], ["A", "B"], ["A"])
    assert (asked["sinceTimePeriod"], asked["untilTimePeriod"]) == (["2019"], ["2020"])
    assert values(got, "MIO_EUR") == {("DE", 2019): 1.5, ("DE", 2020): 2.0, ("DE21", 2019): 3.0}
    assert values(got, "PC") == {
        ("DE", 2019): 10.0,
        ("DE", 2020): 20.25,
        ("DE21", 2019): 30.0,
    }
    assert list(got.df.loc[got.df["variable"] == "MIO_EUR", "flag"]) == ["", "p", "", ":"]
    assert (got.columns["PC"].unit, got.columns["MIO_EUR"].unit) == ("%", "Million euro")
    assert got.columns["PC"].label == "FORMAT SAMPLE, not statistics: Percentage"
    assert got.unknown == ()


def test_eurostat_values_as_a_list(server: Any, reply: Any, recorded: Any, ask: Any) -> None:
    cube = json.loads(recorded("eurostat.json"))
    dense = [cube["value"].get(str(i)) for i in range(8)]
    server.replay(reply(recorded("eurostat.json")))
    sparse = ask(panel.eurostat("sample"))
    server.replay(reply(json.dumps(cube | {"value": dense}).encode()))
    pd.testing.assert_frame_equal(sparse.df, ask(panel.eurostat("sample"), refresh=True).df)


def test_eurostat_level(server: Any, reply: Any, recorded: Any, ask: Any) -> None:
    server.replay(reply(recorded("eurostat.json")))
    ask(panel.eurostat("sample", level="nuts2"))
    assert fields(server.asked[0][0])["geoLevel"] == ["nuts2"]
    with pytest.raises(ServiceError, match="no level 'NUTS-2'") as error:
        panel.eurostat("sample", level="NUTS-2")
    assert "nuts2" in str(error.value.remedy)
    with pytest.raises(ServiceError, match="Both regions and their level"):
        panel.eurostat("sample", level="nuts2", regions="DE")


def test_eurostat_errors(server: Any, reply: Any, recorded: Any, ask: Any) -> None:
    server.replay(reply(recorded("eurostat_error.json"), 400))
    with pytest.raises(ServiceError, match=r"answers 400: .*UNITS is not defined") as error:
        ask(panel.eurostat("sample", filters={"UNITS": "PC"}))
    assert "databrowser/view/sample" in str(error.value.remedy)
    server.replay(reply(b'{"warning": {"status": 413, "label": "ASYNCHRONOUS_RESPONSE"}}'))
    with pytest.raises(ServiceError, match="ASYNCHRONOUS_RESPONSE"):
        ask(panel.eurostat("sample"))
    cube = json.loads(recorded("eurostat.json"))
    for change, said in [
        ({"value": {}, "status": {}}, "there is no figure"),
        ({"size": [1, 2, 2, 3]}, "sizes of the answer"),
        ({"dimension": {}}, "KeyError: 'freq'"),
    ]:
        server.replay(reply(json.dumps(cube | change).encode()))
        with pytest.raises(ServiceError, match=said):
            ask(panel.eurostat("sample"), refresh=True)
    body = recorded("eurostat.json").replace(b'"2019"', b'"2019-Q1"')
    server.replay(reply(body))
    with pytest.raises(ServiceError, match="'2019-Q1' is no year"):
        ask(panel.eurostat("sample", filters={"freq": "Q"}))


# ---- OECD ------------------------------------------------------------------------------

FLOW = "OECD.CFE.EDS,DSD_SAMPLE@DF_SAMPLE,1.0"


def test_oecd_table(server: Any, reply: Any, recorded: Any, ask: Any) -> None:
    server.replay(reply(recorded("oecd.csv")))
    got = ask(panel.oecd(FLOW, "A.TL2+CTRY..", years=[2019, 2020]))
    path, asked = urlsplit(server.asked[0][0]).path, fields(server.asked[0][0])
    assert path == f"/{FLOW}/A.TL2+CTRY.."
    assert (asked["startPeriod"], asked["endPeriod"]) == (["2019"], ["2020"])
    assert asked["format"] == ["csvfilewithlabels"]
    assert values(got, "POP_PS") == {("DE", 2019): 100, ("DE", 2020): 101, ("AU1", 2019): 7}
    assert values(got, "SHARE_PT") == {("AU1", 2019): 1.25}
    assert got.columns["POP_PS"].unit == "Thousands Persons"
    assert got.columns["SHARE_PT"].unit == "%"
    assert got.columns["SHARE_PT"].label == "FORMAT SAMPLE, not statistics: Share, Percentage"
    flags = got.df.set_index(["variable", "code", "year"])["flag"]
    assert flags["POP_PS", "DE", 2020] == "E"
    assert flags["POP_PS", "AU1", 2020] == "M"
    assert got.unknown == ("AU1 (New South Wales)",)


def test_oecd_regions_are_chosen_in_any_spelling(
    server: Any, reply: Any, recorded: Any, ask: Any
) -> None:
    server.replay(reply(recorded("oecd.csv")))
    got = ask(panel.oecd(FLOW, regions="德国"))
    assert set(got.df["code"]) == {"DE"}
    assert list(got.columns) == ["DF_SAMPLE".join(["DSD_SAMPLE@", ""])]  # only one is left
    with pytest.raises(ServiceError, match="no figure has 'AU9'") as error:
        ask(panel.oecd(FLOW, regions="AU9"))
    assert "AU1" in str(error.value.remedy)


def test_a_variable_in_two_units_is_refused(
    server: Any, reply: Any, recorded: Any, ask: Any
) -> None:
    lines = recorded("oecd.csv").split(b"\r\n")
    lines[2] = lines[2].replace(b"3,Thousands", b"0,Units")
    server.replay(reply(b"\r\n".join(lines)))
    with pytest.raises(ServiceError, match="in 'Thousands Persons' and in 'persons'"):
        ask(panel.oecd(FLOW))


def test_oecd_errors(server: Any, reply: Any, recorded: Any, ask: Any) -> None:
    server.replay(reply(b"NoRecordsFound", 404))
    with pytest.raises(ServiceError, match="answers 404: NoRecordsFound") as error:
        ask(panel.oecd(FLOW, "A.."))
    assert "Developer API" in str(error.value.remedy)
    server.replay(reply(b"a,b\n1,2\n"))
    with pytest.raises(ServiceError, match="no SDMX-CSV; it begins 'a,b"):
        ask(panel.oecd(FLOW))
    lines = recorded("oecd.csv").splitlines()
    server.replay(reply(lines[0] + b"\r\n"))
    with pytest.raises(ServiceError, match="there is no figure"):
        ask(panel.oecd(FLOW), refresh=True)
    server.replay(reply(lines[0] + b"\r\n" + lines[1][:90]))
    with pytest.raises(ServiceError, match=r"line 2 has .* cells under 24 columns"):
        ask(panel.oecd(FLOW), refresh=True)
    server.replay(reply(b"\r\n".join([*lines[:2], lines[1].replace(b",100,", b",999,")])))
    with pytest.raises(DuplicateKeyError, match="DEU, 2019 has more than one figure"):
        ask(panel.oecd(FLOW), refresh=True)


# ---- Rosstat ---------------------------------------------------------------------------


@pytest.fixture
def emiss(recorded: Any, tmp_path: Path) -> Path:
    path = tmp_path / "innovation.xml"
    path.write_bytes(recorded("emiss.xml"))
    return path


def test_rosstat_file(emiss: Path, tmp_path: Path) -> None:
    got = panel.download(panel.rosstat(emiss), cache=tmp_path / "cache")
    shipped = pd.read_csv(DATA / "russia/rosstat_innovation_activity.csv", dtype=str)
    shipped = shipped[(shipped["методология"] == "Осло-4") & shipped["год"].isin(["2017", "2018"])]
    by_code = shipped.set_index(["iso_3166_2", "год"])["уровень_инновационной_активности_процент"]
    theirs = {"RU-ARK": "RU-ARK+RU-NEN", "11001000000": "RU-ARK"}
    (name,) = got.columns
    found = values(got, name)
    assert len(found) == 8
    for (code, year), value in found.items():
        assert value == float(by_code[theirs.get(code, code), str(year)])
    column = got.columns[name]
    assert (column.unit, column.labels) == (
        "%",
        {"ru": "Уровень инновационной активности организаций"},
    )
    assert column.origins[0].publisher == "Федеральная служба государственной статистики"
    assert column.origins[0].vintage == "updated 2026-08-31T11:13:28"
    assert [u[:11] for u in got.unknown] == ["11001000000"]
    assert not (tmp_path / "cache").exists()  # the user's file is the answer


def test_rosstat_chooses(emiss: Path, tmp_path: Path) -> None:
    query = panel.rosstat(
        emiss, regions="Белгород", years=2018, filters={"PERIOD": "значение показателя за год"}
    )
    got = panel.download(query)
    assert values(got, "innovation") == {("RU-BEL", 2018): 18.2}
    with pytest.raises(ServiceError, match="no dimension 'period'") as error:
        panel.download(panel.rosstat(emiss, filters={"period": "год"}))
    assert "'PERIOD'" in str(error.value.remedy)
    with pytest.raises(ServiceError, match="no figure has 'Калининград'"):
        panel.download(panel.rosstat(emiss, regions="Калининград"))


def test_rosstat_errors(emiss: Path, tmp_path: Path, recorded: Any) -> None:
    with pytest.raises(ServiceError, match="there is no such file") as error:
        panel.download(panel.rosstat(tmp_path / "none.xml"))
    assert "fedstat.ru" in str(error.value.remedy)
    whole = recorded("emiss.xml")
    for body, said in [
        (whole[:2000], "no complete XML"),
        (b"<!DOCTYPE html><html></html>", "declares a document type"),
        (b"<html><body>page</body></html>", "it holds no figure"),
        (b"", "no complete XML"),
        (whole.replace("область".encode(), b"x").replace(b"000000000", b"9"), "no dimension holds"),
    ]:
        emiss.write_bytes(
            body.replace("Российская Федерация".encode(), b"x").replace(b'"643"', b'"z"')
        )
        with pytest.raises(ServiceError, match=said):
            panel.download(panel.rosstat(emiss))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_before_they_grow(recorded: Any, encoding: str) -> None:
    bomb = recorded("emiss_bomb.xml").decode().encode(encoding)
    with pytest.raises(ServiceError, match="declares a document type"):
        parsed(bomb, "file")
    with pytest.raises(ServiceError, match="declares a document type"):
        parsed(b'<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>', "file")
    assert parsed(b"<a>&amp;</a>", "file").text == "&"


# ---- in common -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("% of GDP", "%"),
        ("亿元", "亿元"),
        ("Процент", "%"),
        ("миллион рублей", "млн руб."),
        ("", ""),
    ],
)
def test_units_in_our_spelling(said: str, unit: str) -> None:
    assert unit_of(said) == unit


def test_a_frame_with_names_for_formulas(server: Any, reply: Any, recorded: Any, ask: Any) -> None:
    server.answer = nbs(reply, recorded)
    got = ask(panel.nbs("国民经济核算 > 地区生产总值"))
    frame = got.frame({"industry": "工业增加值(亿元)"}, unit="province")
    assert isinstance(frame, panel.PanelFrame)
    assert (frame.unit, frame.time, frame.names) == ("province", "year", ("industry",))
    assert len(frame) == 3  # no row where nothing was published
    assert frame.columns["industry"].unit == "亿元"
    assert "国家统计局" in str(frame.origin("industry"))
    both = got.frame()
    assert len(both) == 4
    assert np.isnan(both["工业增加值(亿元)"]["CN-JX", 2021])
    with pytest.raises(panel.PanelError, match="'gdp' was not downloaded"):
        got.frame({"gdp": "gdp"})
    assert "8 figures; variables: 2, regions: 2; read" in repr(got)
    assert got._repr_html_().startswith("<div>")


def test_a_download_is_pickled(server: Any, reply: Any, recorded: Any, ask: Any) -> None:
    server.replay(reply(recorded("eurostat.json")))
    got = ask(panel.eurostat("sample", filters={"unit": "PC"}))
    again = pickle.loads(pickle.dumps(got))
    assert again.query == got.query
    assert again.columns == got.columns
    assert again.checksum == got.checksum
    pd.testing.assert_frame_equal(again.df, got.df)


def test_refresh_and_offline_contradict(ask: Any) -> None:
    with pytest.raises(ServiceError, match="contradict"):
        ask(panel.world_bank(INDUSTRY), refresh=True, offline=True)


def test_no_damage_to_an_answer_escapes_as_a_foreign_error(
    server: Any, reply: Any, recorded: Any, ask: Any, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    queries = {
        "wdi_page2.json": panel.world_bank(INDUSTRY),
        "eurostat.json": panel.eurostat("sample"),
        "oecd.csv": panel.oecd(FLOW),
        "emiss.xml": panel.rosstat(tmp_path / "emiss.xml"),
    }
    outcomes = set()
    for name, query in queries.items():
        whole = recorded(name).replace(b'"pages": 2', b'"pages": 1')
        for _ in range(25):
            at = int(rng.integers(len(whole)))
            damaged = whole[:at] + bytes(rng.integers(32, 127, 3).tolist()) + whole[at + 3 :]
            (tmp_path / "emiss.xml").write_bytes(damaged)
            server.replay(reply(damaged))
            try:
                ask(query, refresh=True)
                outcomes.add("read")
            except panel.PanelError as error:
                outcomes.add("refused" if error.remedy else f"no remedy: {error}")
    assert outcomes == {"read", "refused"}
