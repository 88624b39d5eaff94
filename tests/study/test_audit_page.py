"""The published audit: the page is what the study writes, and says what is known of the data."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from panel.study.loading import StudyFile, read_study

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def study() -> StudyFile:
    return read_study(ROOT / "analyses" / "audit")


def test_the_page_is_current(study):
    written = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    assert written == study.module.page(), "run python analyses/audit/study.py"


@pytest.mark.parametrize(
    ("kind", "variable", "region", "year"),
    [
        # breaks and spikes that the codebook's notes name
        ("outlier", "software_revenue", "CN-NM", 2021),
        ("outlier", "software_revenue", "CN-HE", 2020),
        ("outlier", "ecommerce_sales", "CN-CQ", 2022),
        ("precision", "electricity_use", None, 2019),
    ],
)
def test_anomalies_that_the_codebook_names_are_found(study, kind, variable, region, year):
    found = study.module.audits()["China, 31 provinces"].of(kind)
    assert (variable, region, year) in [(f.variable, f.region, f.year) for f in found]


def test_the_shares_of_2015_by_hand(study):
    """Industry and construction against the secondary sector, each figure rounded to 0.1."""
    shares = study.module.cells(study.module.COMPOSITION)
    numbers = shares.set_index("地区").filter(like="占GDP比重").astype(float)
    sectors = study.module.SECTORS
    off = numbers[sectors["industry"]] + numbers[sectors["construction"]]
    off = (off - numbers[sectors["secondary"]]).abs()
    found = study.module.audits()["China, composition of product in 2015"].of("identity")
    # three figures, each off by 0.05 at most; whole numbers are taken as rounded to one
    whole = (numbers[[*sectors.values()]] % 1 == 0).any(axis=1)
    surely = set(off.index[(off > 0.15001) & ~whole])
    named = {f.sentence("zh").partition("2015")[0] for f in found}
    assert surely <= named
    assert all(off[name] > 0.15 for name in named)


def test_the_federation_by_hand(study):
    """Subjects of the federation sum to its figure, in millions of roubles, to a rounding each."""
    table = study.module.cells(study.module.SHIPPED)
    table = table.assign(goods=pd.to_numeric(table.iloc[:, -1]))
    by = table.pivot_table(index="год", columns="уровень", values="goods", aggfunc="sum")
    regions = table["уровень"].eq("субъект").groupby(table["год"]).sum()
    assert ((by["страна"] - by["субъект"]).abs() <= 0.5 * (regions + 1)).all()
    assert not study.module.audits()["Russia, federal subjects"].of("total")
