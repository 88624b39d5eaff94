"""A small project of raw files, register and codebook, written to a temporary folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

ACCOUNTS = """地区,年份,产值(亿元),增加值(亿元),人口(万人)
江西省,2019,100,40,50
江西省,2020,110,44,50
江西省,2021,121,55,55
湖北省,2019,200,60,80
湖北省,2020,220,66,80
湖北省,2021,242,77,88
全国,2021,9999,9999,9999
"""
REGISTER = """
[[file]]
path = "accounts.csv"
sha256 = "{sha256}"
title = "Accounts"
region = "地区"
time = "年份"
terms = "cite the publisher"
publisher = "Office"
publication = "Yearbook"

[file.columns."产值(亿元)"]
unit = "亿元"
[file.columns."增加值(亿元)"]
unit = "亿元"
[file.columns."人口(万人)"]
unit = "万人"
"""
CODEBOOK = """
[panels.test]
label = "Test"
unit = "province"
regions = "CN"
years = [2019, 2021]

[panels.test.variables.gdp]
label = { en = "Product" }
unit = "亿元"
file = "accounts.csv"
column = "产值(亿元)"

[panels.test.variables.va]
label = { en = "Value added" }
unit = "亿元"
file = "accounts.csv"
column = "增加值(亿元)"

[panels.test.variables.population]
label = { en = "Population" }
unit = "万人"
file = "accounts.csv"
column = "人口(万人)"
"""


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """Writes a project and returns the path of its codebook.

    Arguments: ``add`` is appended to the codebook, ``replace`` = (old, new) changes it; ``raw`` is
    the text of accounts.csv, ``register`` that of sources.toml with {sha256} for its checksum.
    """

    def make(
        add: str = "",
        *,
        replace: tuple[str, str] = ("", ""),
        raw: str = ACCOUNTS,
        register: str = REGISTER,
    ) -> Path:
        folder = tmp_path / "raw"
        folder.mkdir(exist_ok=True)
        content = raw.encode()
        (folder / "accounts.csv").write_bytes(content)
        checksum = hashlib.sha256(content).hexdigest()
        (tmp_path / "sources.toml").write_text(
            register.replace("{sha256}", checksum), encoding="utf-8"
        )
        old, new = replace
        assert old in CODEBOOK
        text = (CODEBOOK.replace(old, new) if old else CODEBOOK) + add
        path = tmp_path / "codebook.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return make


@pytest.fixture
def accounts() -> str:
    """Text of the small accounts.csv."""
    return ACCOUNTS


@pytest.fixture
def register() -> str:
    """Text of the small sources.toml, with {sha256} for the checksum."""
    return REGISTER
