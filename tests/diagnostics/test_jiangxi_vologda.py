"""The study's audit: verdicts recomputed by hand, and what the README says of them."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from panel.core.frame import PanelFrame
from panel.diagnostics import ClaimsReport, check_claims, read_claims
from panel.study.loading import StudyFile, read_study

FOLDER = Path(__file__).parents[2] / "analyses" / "jiangxi_vologda"


@pytest.fixture(scope="module")
def study() -> StudyFile:
    return read_study(FOLDER)


@pytest.fixture(scope="module")
def frame(study: StudyFile) -> PanelFrame:
    return study.module.regions()


def audit(study: StudyFile, frame: PanelFrame, **printed: str) -> pd.DataFrame:
    """The audit by claim, with some figures printed otherwise."""
    figures = study.module.printed_figures().set_index("id")
    for name, value in printed.items():
        figures.loc[name, "value"] = value
    return report(figures, frame).table.set_index("claim")


@pytest.fixture(scope="module")
def as_printed(study: StudyFile, frame: PanelFrame) -> ClaimsReport:
    return report(study.module.printed_figures().set_index("id"), frame)


@pytest.fixture(scope="module")
def table(as_printed: ClaimsReport) -> pd.DataFrame:
    return as_printed.table.set_index("claim")


def report(figures: pd.DataFrame, frame: PanelFrame) -> ClaimsReport:
    return check_claims(figures.reset_index(), FOLDER / "claims.toml", frame)


@pytest.mark.parametrize(
    ("claim", "recomputed", "verdict"),
    [
        # 亿元 are a tenth of bn: 11,900 / 32,074.7 and 11,900 / 31,568.1
        ("Digital economy 37 % of GDP, Jiangxi 2022", 100 * 11900 / 32074.7, "agrees"),
        ("Digital economy 37 % of revised GDP, Jiangxi 2022", 100 * 11900 / 31568.1, "contradicts"),
        ("Digital economy +14.4 %, Jiangxi 2022", 100 * (1.19 / 1.04 - 1), "agrees"),
        ("Digital economy 35 % of GDP, 2021", 100 * 10400 / 29619.67, "agrees"),
        ("Services 47.6 % of GDP, Jiangxi 2021", 100 * 14945.0 / 29838.2, "contradicts"),
        ("Electronics profit within profit of all industry", 312.24 * 1.322, "contradicts"),
        ("Virtual reality 19 times, 2018-2022", 81.2 / 4.2, "agrees"),
        (
            "5G stations installed in 2022, from the September count",
            88529 - (62000 - 20000),
            "contradicts",
        ),
        (
            "High technology 15 % of shipments, Vologda 2022",
            100 * 343.8 / (644.2 / 0.531),
            "contradicts",
        ),
        ("Digital economy 1.038 bn (par. 9) and 1.04 tn (par. 2)", 1040, "contradicts"),
        ("Digital economy in US dollars", 1040 / (80976 / 12551), "contradicts"),
        (
            "Digital economy +20.7 % a year, 2016-2021",
            100 * ((35 / 21.9) ** 0.2 * 1.107 - 1),
            "contradicts",
        ),
        ("Digital economy +1.6 times, from its growth rate", 1.207**5 - 1, "agrees"),
        ("Digital share +2.6 points a year, 2016-2021", (35 - 21.9) / 5, "agrees"),
        ("Industrial value added 31.66 % of GDP, China 2022", 3991 / 121.0207, "contradicts"),
        ("Urban and rural retail sales add up, 2022", 38 + 5.9, "agrees within rounding"),
        ("Retail sales -0.2 %, 2022", 100 * (43.97 / 44 - 1), "agrees within rounding"),
        ("Disposable income 3,073 a month, 2022", 36883 / 12, "contradicts"),
        ("Urban income 40 % above rural income", 100 * (49283 / 20133 - 1), "contradicts"),
    ],
)
def test_verdicts_by_hand(table, claim, recomputed, verdict):
    row = table.loc[claim]
    assert row["verdict"] == verdict
    # The same few operations in another order, in double precision.
    assert row["recomputed"] == pytest.approx(recomputed, rel=1e-12)


def test_what_the_comments_see(table):
    comments = table["comment"]
    billion = comments["Digital economy 1.038 bn (par. 9) and 1.04 tn (par. 2)"]
    assert "unit slip: a factor of 1000" in billion
    assert "cut off, not rounded" in comments["Disposable income 3,073 a month, 2022"]
    assert (
        "as the figure of 2023: agrees" in comments["Industrial value added 39.91 tn, China 2022"]
    )
    assert "at the mean rate of 2022: agrees" in comments["Digital economy in US dollars"]
    assert "not printed" in comments["Integration index +28.2 to 78.3"]


@pytest.mark.parametrize(
    ("fact", "printed", "claim", "verdict"),
    [
        ("ma30", "38", "Digital economy 37 % of GDP, Jiangxi 2022", "contradicts"),
        ("ma30", "38", "Digital economy 37 % of revised GDP, Jiangxi 2022", "agrees"),
        ("ma29", "1.29", "Digital economy +14.4 %, Jiangxi 2022", "contradicts"),
        ("pd09", "2.8", "Digital share +2.6 points a year, 2016-2021", "contradicts"),
        ("pd04", "95000", "5G stations of 2023 not below the end of 2022", "agrees"),
        ("ru04", "36", "Urban and rural retail sales add up, 2022", "contradicts"),
        ("ru12", "28183", "Urban income 40 % above rural income", "agrees"),
        ("ma08", "143.8", "High technology 15 % of shipments, Vologda 2022", "agrees"),
    ],
)
def test_one_printed_digit_decides(study, frame, table, fact, printed, claim, verdict):
    assert table.loc[claim, "verdict"] != verdict
    assert audit(study, frame, **{fact: printed}).loc[claim, "verdict"] == verdict


def test_the_same_figure_in_its_own_unit_agrees(study, frame):
    figures = study.module.printed_figures().set_index("id")
    figures.loc["pd10", "unit"] = "tn CNY"
    table = report(figures, frame).table.set_index("claim")
    claim = "Digital economy 1.038 bn (par. 9) and 1.04 tn (par. 2)"
    assert table.loc[claim, "verdict"] == "agrees within rounding"  # 1.038 in 1.035 to 1.045


def test_every_claim_that_can_be_checked_has_a_reason(table):
    checked = table[table["verdict"] != "cannot be checked"]
    assert (checked["reason"] != "").all()
    assert (table["place"] != "").all()


def test_figures_from_elsewhere_name_their_place():
    facts = read_claims(FOLDER / "claims.toml").facts
    assert all(fact.place or fact.missing for fact in facts)


def test_the_facts_quoted_from_raw_files_stand_there():
    raw = Path(FOLDER.parents[1], "data", "raw", "china")
    digital = pd.read_csv(raw / "facts_digital_economy.csv", dtype=str).query("地区 == '江西省'")
    stations = pd.read_csv(raw / "facts_5g_base_stations.csv", dtype=str).query("地区 == '江西省'")
    facts = {fact.name: fact for fact in read_claims(FOLDER / "claims.toml").facts}
    assert facts["jx_digital_2021"].printed in set(digital["数值"])
    assert facts["jx_digital_share_2021"].printed in set(digital["数值"])
    gain = facts["jx_digital_share_gain_2021"].printed
    assert digital["备注"].str.contains(f"提升{gain}个百分点", regex=False).any()
    assert facts["jx_5g_2021"].printed in set(stations["座(derived)"])
    assert stations["备注"].str.contains("2万个").any()
    assert facts["jx_5g_new_to_september_2022"].value == 20000


def test_the_readme_says_what_the_study_computes(study, as_printed):
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    counted = ", ".join(f"{n} {verdict}" for verdict, n in as_printed.counts.items() if n)
    assert f"{len(as_printed.table)} claims: {counted}." in readme
    rows = [
        (cells[1], cells[2], cells[3], cells[4])
        for line in readme.splitlines()
        if len(cells := [c.strip() for c in line.strip("|").split(" | ")]) == 5
    ][2:]
    computed = []
    for claim in as_printed.table.query("verdict == 'contradicts'").to_dict("records"):
        line = study.module.audited(claim, "")
        printed, number, comment = (line.cells[i].text() for i in (1, 2, 4))
        computed.append((line.label, printed, number, comment))
    assert rows == computed


def test_every_figure_of_the_two_regions_has_its_subject(study):
    figures = study.module.printed_figures()
    ours = figures[figures["region"].isin([study.module.JIANGXI, study.module.VOLOGDA])]
    words = [word for subject in study.module.SUBJECTS.values() for word in subject]
    left = [name for name in ours["indicator"] if not re.search("|".join(words), name)]
    assert not left
