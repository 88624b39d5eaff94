"""A download becomes a raw file and its entry: written once, repeatable, ready for assemble."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import panel
from panel.errors import ChecksumError, SourceError
from panel.sources.connectors.query import Query

INDUSTRY = "NV.IND.TOTL.ZS"
CODEBOOK = """
[panels.test]
label = "Test"
unit = "country"
regions = "world"
years = [2019, 2021]

[panels.test.variables.industry_share]
label = { en = "Industry, % of GDP" }
unit = "%"
file = "world/wdi.csv"
column = "NV.IND.TOTL.ZS"
"""


@pytest.fixture
def query(server: Any, reply: Any, recorded: Any) -> Query:
    # Without the line of the world, which is no region of the crosswalk.
    first = recorded("wdi_page1.json").replace(b'"pages": 2', b'"pages": 1')
    server.replay(reply(first))
    return replace(panel.world_bank(INDUSTRY), base=server.url)


@pytest.fixture
def save(tmp_path: Path, query: Query) -> Callable[..., panel.Download]:
    def download(to: str = "data/raw/world/wdi.csv", **options: Any) -> panel.Download:
        return panel.download(query, tmp_path / to, cache=tmp_path / "cache", **options)

    return download


def test_a_download_can_be_assembled(save: Any, tmp_path: Path) -> None:
    got = save()
    root = tmp_path / "data"
    text = (root / "raw/world/wdi.csv").read_text(encoding="utf-8").splitlines()
    assert text[0] == f"region,region_name,year,{INDUSTRY}"
    assert "CHN,China,2019,37.7642333162735" in text
    panel.read_catalogue(root).verify()
    (root / "codebook.toml").write_text(CODEBOOK, encoding="utf-8")
    frame = panel.assemble(root / "codebook.toml")
    direct = got.frame({"industry_share": INDUSTRY})
    assert frame["industry_share"].to_dict() == direct["industry_share"].to_dict()
    origin = frame.columns["industry_share"].origins[0]
    assert (origin.publisher, origin.unit) == ("World Bank", "%")
    assert origin.read_in.startswith("http://127.0.0.1")
    assert got.checksum in origin.note
    assert origin.vintage == "last updated 2026-07-01"
    register = (root / "sources.toml").read_text(encoding="utf-8")
    assert "# en: Industry (including construction), value added (% of GDP)" in register
    assert f'read = "{got.read}"' in register


NBS_CODEBOOK = """
[panels.test]
label = "Test"
unit = "province"
regions = "CN"
years = [2021, 2022]

[panels.test.variables.industry_va]
label = { en = "Industrial value added", zh = "工业增加值" }
unit = "亿元"
file = "china/accounts.csv"
column = "工业增加值(亿元)"
"""


def test_provinces_and_subjects_can_be_assembled(
    server: Any, reply: Any, recorded: Any, tmp_path: Path
) -> None:
    names = {"new/queryIndicatorsByCid": "indicators", "getDaCatalogTreeByIndicatorCid": "groups"}
    names |= {"getDasByDaCatalogId": "areas"}
    tree = {"": "root", "root0": "headings", "accounts0": "tables"}

    def answer(path: str, body: bytes) -> Any:
        what = path[1:].split("?")[0]
        if what == "new/queryIndexTreeAsync":
            return reply(recorded(f"nbs_{tree[path.split('pid=')[1].split('&')[0]]}.json"))
        given = names.get(what) or ("gdp" if b'"gdp0"' in body else "industry")
        return reply(recorded(f"nbs_{given}.json"))

    server.answer = answer
    query = replace(panel.nbs("国民经济核算 > 地区生产总值"), base=server.url)
    panel.download(query, tmp_path / "raw/china/accounts.csv", cache=tmp_path / "cache")
    (tmp_path / "codebook.toml").write_text(NBS_CODEBOOK, encoding="utf-8")
    frame = panel.assemble(tmp_path / "codebook.toml")
    assert frame["industry_va"].to_dict() == {
        ("CN-BJ", 2021): 6356.3,
        ("CN-BJ", 2022): 5655.1,
        ("CN-JX", 2022): 10395.0,
    }


def test_a_second_time_changes_nothing(save: Any, tmp_path: Path) -> None:
    save()
    files = [tmp_path / "data/sources.toml", tmp_path / "data/raw/world/wdi.csv"]
    before = [path.read_bytes() for path in files]
    save(offline=True)
    assert [path.read_bytes() for path in files] == before
    files[1].unlink()  # the raw file is made again, byte by byte, from what is kept
    save(offline=True)
    assert [path.read_bytes() for path in files] == before


def test_a_revision_does_not_overwrite(
    save: Any, server: Any, reply: Any, recorded: Any, tmp_path: Path
) -> None:
    save()
    file = tmp_path / "data/raw/world/wdi.csv"
    before = file.read_bytes()
    body = recorded("wdi_page1.json").replace(b'"pages": 2', b'"pages": 1')
    server.replay(reply(body.replace(b"38.0924722040717", b"39.5")))
    with pytest.raises(ChecksumError, match="the service has revised them") as error:
        save(refresh=True)
    assert "wdi_2" in str(error.value.remedy)
    assert file.read_bytes() == before
    save("data/raw/world/wdi_later.csv")
    register = panel.read_catalogue(tmp_path / "data")
    register.verify()
    assert list(register.files) == ["world/wdi.csv", "world/wdi_later.csv"]


def test_another_file_is_not_overwritten(save: Any, tmp_path: Path) -> None:
    file = tmp_path / "data/raw/mine.csv"
    file.parent.mkdir(parents=True)
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(SourceError, match="There is another file"):
        save("data/raw/mine.csv")
    assert file.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "data/sources.toml").exists()


@pytest.mark.parametrize("to", ["wdi.csv", "data/raw/wdi.xlsx", "raw.csv"])
def test_only_raw_files(save: Any, to: str) -> None:
    with pytest.raises(SourceError, match=r"not a \.csv file below a folder raw/"):
        save(to)


def test_an_existing_register_is_kept(save: Any, tmp_path: Path) -> None:
    root = tmp_path / "data"
    (root / "raw").mkdir(parents=True)
    earlier = '# mine\n[[file]]\npath = "a.csv"\nsha256 = "0"\ntitle = "A"\nterms = "free"\n'
    (root / "sources.toml").write_text(earlier, encoding="utf-8")
    save()
    assert (root / "sources.toml").read_text(encoding="utf-8").startswith(earlier)
    assert list(panel.read_catalogue(root).files) == ["a.csv", "world/wdi.csv"]


def test_flags_and_names_are_kept(server: Any, reply: Any, recorded: Any, tmp_path: Path) -> None:
    server.replay(reply(recorded("eurostat.json")))
    query = replace(panel.eurostat('sa"mple\\'), base=server.url)  # what TOML must escape
    panel.download(query, tmp_path / "raw/sample.csv", cache=tmp_path / "cache")
    lines = (tmp_path / "raw/sample.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "region,region_name,year,MIO_EUR,MIO_EUR flag,PC"
    assert lines[1:] == [
        "DE,Germany,2019,1.5,,10",
        "DE,Germany,2020,2,p,20.25",
        "DE21,Oberbayern,2019,3,,30",
        "DE21,Oberbayern,2020,,:,",
    ]
    file = panel.read_catalogue(tmp_path).file("sample.csv")
    assert 'sa"mple\\' in file.columns["PC"].note
    assert (file.years, file.region, file.time) == ((2019, 2020), "region", "year")
