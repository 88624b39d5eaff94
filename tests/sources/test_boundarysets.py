"""Ready sets of rules: Russia's mergers, and versions of NUTS there and back."""

from __future__ import annotations

import pandas as pd
import pytest

from panel.core.frame import PanelFrame
from panel.errors import DataError, UnknownRegionError
from panel.sources.boundaries import harmonise
from panel.sources.boundarysets import nuts_boundaries, nuts_changes, russia_boundaries
from panel.sources.regionrules import DropRegion, ReassignRegions
from panel.sources.regions import regions

MEASURES = {"gdp": "sum", "people": "sum", "rate": "mean(weights=people)"}


def panel(rows: list[tuple[object, ...]]) -> PanelFrame:
    table = pd.DataFrame(rows, columns=["region", "year", "gdp", "people", "rate"])
    units = {"gdp": "млн руб.", "people": "тыс. чел.", "rate": "%"}
    return PanelFrame.from_pandas(table, "region", "year", units=units)


OLD = [
    "RU-PER-OBL", "RU-KOP-AO", "RU-KYA", "RU-TAY-AO", "RU-EVE-AO", "RU-KAM-OBL", "RU-KOR-AO",
    "RU-IRK", "RU-UOB", "RU-CHI", "RU-AGB", "RU-TYU", "RU-KHM", "RU-YAN", "RU-ARK", "RU-NEN",
    "RU-VLG",
]  # fmt: skip
NEW = {"RU-PER", "RU-KYA", "RU-KAM", "RU-IRK", "RU-ZAB", "RU-TYU", "RU-ARK", "RU-VLG"}


@pytest.mark.parametrize("included", [False, True])
def test_the_russian_rules_lead_to_the_boundaries_of_2008(included: bool) -> None:
    old = panel([(r, 2004, 2.0**i, 1.0, 3.0) for i, r in enumerate(OLD)])
    new = harmonise(old, russia_boundaries(oblasts_include_okrugs=included), measures=MEASURES)
    assert set(new.units) == NEW
    assert new.data["rate"].tolist() == [3.0] * len(NEW)
    okrugs = {r for r in OLD if r.endswith("-AO")} | {
        "RU-UOB",
        "RU-AGB",
        "RU-KHM",
        "RU-YAN",
        "RU-NEN",
    }
    gone = sum(2.0 ** OLD.index(r) for r in okrugs) if included else 0.0
    assert new.data["gdp"].sum() == old.data["gdp"].sum() - gone
    again = harmonise(new, russia_boundaries(oblasts_include_okrugs=True), measures=MEASURES)
    pd.testing.assert_frame_equal(again.data, new.data)


def codes(version: str, level: int) -> list[str]:
    return [r.code for r in regions("EU", level=level, variant=version)]


def nuts(version: str, level: int = 2) -> PanelFrame:
    """A made-up figure for every region of a version of NUTS."""
    listed = codes(version, level)
    return panel([(code, 2015, float(i + 1), 10.0, 3.0) for i, code in enumerate(listed)])


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize(
    ("source", "target"),
    [("2013", "2016"), ("2016", "2013"), ("2021", "2024"), ("2024", "2021"), ("2013", "2024")],
)
def test_a_version_of_nuts_becomes_the_other(source: str, target: str, level: int) -> None:
    frame = nuts(source, level)
    new = harmonise(
        frame, nuts_boundaries(source, target, level=level, shares="residents"), measures=MEASURES
    )
    kept = [c for c in codes(source, level) if c.startswith("UK")] if target > "2016" else []
    expected = set(codes(target, level)) | {c for c in kept if c not in ("UKM2", "UKM3")}
    if (source, target, level) == ("2013", "2024", 2):
        expected |= {"UKM7", "UKM8", "UKM9"}  # the United Kingdom stays as it was in 2016
    assert set(new.units) == expected
    # Shares are quotients of residents: a sum over 300 regions is exact to 1e-12 of itself.
    for name in ("gdp", "people"):
        assert new.data[name].sum() == pytest.approx(frame.data[name].sum(), rel=1e-12)
    assert new.data["rate"].tolist() == pytest.approx([3.0] * len(new.units), rel=1e-12)


def test_exact_rules_leave_out_what_was_divided_and_say_so() -> None:
    frame = nuts("2013")
    new = harmonise(frame, nuts_boundaries("2013", "2016", shares="exact"), measures=MEASURES)
    lacking = {"HU11", "HU12", "IE04", "IE05", "IE06", "LT01", "LT02", "PL91", "PL92"}
    assert set(codes("2016", 2)) - set(new.units) == lacking | {"UKM7", "UKM8", "UKM9"}
    assert set(new.units) <= set(codes("2016", 2))
    assert new.data.loc[("FRB0", 2015), "gdp"] == frame.data.loc[("FR24", 2015), "gdp"]
    steps = new.report().adjustments["step"]
    assert any("no exact figure for HU11 and HU12" in step for step in steps)
    said = new.report("ru").adjustments["step"]
    assert any("нет точных значений для HU11 и HU12" in step for step in said)


def test_going_back_merges_exactly_and_shares_follow_the_residents() -> None:
    flows = {
        old: dict(parts)
        for rule in nuts_boundaries("2016", "2013", shares="exact")
        if isinstance(rule, ReassignRegions)
        for old, parts in rule.flows.items()
    }
    assert flows["HU11"] == {"HU10": 1.0}
    assert flows["HU12"] == {"HU10": 1.0}
    assert "IE06" not in flows  # of two old regions
    by = {
        shares: nuts_boundaries("2013", "2016", shares=shares) for shares in ("residents", "area")
    }
    (people,), (area,) = by["residents"], by["area"]
    assert isinstance(people, ReassignRegions)
    assert isinstance(area, ReassignRegions)
    # 1,727,341 of 2,946,230 residents and 525.2 of 6,916 square kilometres of Central Hungary
    assert people.flows["HU10"]["HU11"] == pytest.approx(1727341 / 2946230, rel=1e-12)
    assert area.flows["HU10"]["HU11"] == pytest.approx(525.2 / 6916, rel=1e-12)


def test_borders_that_hardly_moved_are_taken_for_unchanged_only_if_asked() -> None:
    assert not any(
        "CZ02" in rule.regions for rule in nuts_boundaries("2013", "2016", shares="area")
    )
    strict = nuts_boundaries("2013", "2016", shares="exact", negligible=0.0)
    assert {"CZ02", "CZ03"} <= {rule.region for rule in strict if isinstance(rule, DropRegion)}


def test_changes_of_nuts_are_a_table_in_either_direction() -> None:
    there, back = nuts_changes("2013", "2016"), nuts_changes("2016", "2013")
    assert len(there) == len(back)
    assert there["kind"].value_counts()["recoded"] == 31
    hungary = there[there["from"] == "HU10"]
    assert hungary["kind"].tolist() == ["split", "split"]
    assert set(back[back["to"] == "HU10"]["kind"]) == {"merged"}
    for old, _new in (("from", "to"), ("to", "from")):
        share = {"from": "share", "to": "share_new"}[old]
        totals = there.groupby(old)[share].sum()
        assert totals.tolist() == pytest.approx([1.0] * len(totals), rel=1e-12)
    assert nuts_changes("2021", "2021").empty
    assert len(nuts_changes("2013", "2024")) == sum(
        len(nuts_changes(*step)) for step in (("2013", "2016"), ("2016", "2021"), ("2021", "2024"))
    )


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("step", [("2013", "2016"), ("2016", "2021"), ("2021", "2024")])
def test_the_changes_explain_the_lists(step: tuple[str, str], level: int) -> None:
    old, new = (set(codes(version, level)) for version in step)
    table = nuts_changes(*step, level=level)
    assert set(table["from"]) <= old
    assert set(table["to"]) <= new
    gone = {code for code in old - new if not (step[1] == "2021" and code.startswith("UK"))}
    assert gone <= set(table["from"])
    assert new - old <= set(table["to"])


def test_wrong_versions_levels_and_shares_are_named() -> None:
    with pytest.raises(
        UnknownRegionError, match=r"(?s)no NUTS version '2010'.*2013, 2016, 2021, 2024"
    ):
        nuts_changes("2010", "2016")
    with pytest.raises(UnknownRegionError, match="no NUTS level 3"):
        nuts_changes("2013", "2016", level=3)
    with pytest.raises(UnknownRegionError, match="did you mean 'residents'"):
        nuts_boundaries("2013", "2016", shares="resident")
    for part in (float("nan"), -0.1, 1.0):
        with pytest.raises(DataError, match="negligible is"):
            nuts_boundaries("2013", "2016", shares="exact", negligible=part)
    assert len(nuts_changes(2013, 2016)) == len(nuts_changes("2013", "2016"))


@pytest.mark.parametrize("include", [True, False])
def test_reasons_of_the_ready_rules_are_in_three_languages(include: bool) -> None:
    for rule in (*russia_boundaries(oblasts_include_okrugs=include),
                 *nuts_boundaries("2013", "2016", shares="exact")):  # fmt: skip
        if isinstance(rule.why, str):
            assert rule.why == "NUTS 2016"  # the same in all
            continue
        en, zh, ru = rule.why
        assert en.isascii()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in zh)
        assert any("\u0400" <= letter <= "\u04ff" for letter in ru)
