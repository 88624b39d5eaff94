"""Heterogeneity and mechanisms are the estimators and tests of the package, put together."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import FormulaError, StudyError
from panel.study.heterogeneity import heterogeneity
from panel.study.mechanisms import mechanisms

BASE = "y ~ x + z | region + year"
BY_REGION = panel.cluster("region")


@pytest.fixture(scope="module")
def frame() -> panel.PanelFrame:
    rng = np.random.default_rng(5)
    index = pd.MultiIndex.from_product(
        [[f"r{i:02}" for i in range(24)], range(2010, 2018)], names=["region", "year"]
    )
    table = pd.DataFrame(rng.normal(size=(len(index), 2)), index, columns=["x", "z"])
    number = np.array([int(r[1:]) for r, _ in index])
    table["zone"] = np.array(["East", "Central", "West"])[number % 3]
    table["side"] = (number % 2).astype(float) - 1  # -1 and 0: a negative number to compare with
    table["m"] = 0.5 * table["x"] + rng.normal(size=len(index))
    table["y"] = table["x"] * (table["zone"] == "East") + table["m"] + rng.normal(size=len(index))
    return panel.PanelFrame.from_pandas(table)


def test_each_group_has_its_own_regression_and_a_joint_test(frame: panel.PanelFrame) -> None:
    found = heterogeneity(BASE, frame, ["zone", "side", "year >= 2014"], vcov=BY_REGION)
    rows = found.df.set_index(["by", "group"])
    east = panel.ols(BASE, frame, vcov=BY_REGION, sample="zone == 'East'")
    assert rows.loc[("zone", "East"), "estimate"] == pytest.approx(east.params["x"], rel=1e-12)
    assert rows.loc[("zone", "East"), "std_error"] == pytest.approx(east.bse["x"], rel=1e-12)
    early = panel.ols(BASE, frame, vcov=BY_REGION, sample="year < 2014")
    label = ("year >= 2014", "not (year >= 2014)")
    assert rows.loc[label, "estimate"] == pytest.approx(early.params["x"], rel=1e-12)
    # The row of Chow's test for this coefficient alone, of all of them interacted.
    whole = panel.ols(BASE, frame, vcov=BY_REGION)
    for by in ("zone", "side", "year >= 2014"):
        chow = panel.chow(whole, by)
        assert chow.details is not None
        p = rows.loc[by, "p_difference"].iloc[0]
        assert p == pytest.approx(chow.details.loc["x", "p_value"], rel=1e-9)


def test_two_groups_may_be_permuted(frame: panel.PanelFrame) -> None:
    found = heterogeneity(BASE, frame, ["side", "zone"], permutations=49, seed=3)
    whole = panel.ols(BASE, frame)
    test = panel.permutation_difference(whole, "side", terms=["x"], draws=49, seed=3)
    rows = found.df.groupby("by")["p_permutation"].first()
    assert rows["side"] == test.table["p_value"].iloc[0]
    assert np.isnan(rows["zone"])  # three groups
    assert "permutation test: p =" in str(found)


def test_the_table_names_groups_and_tests(frame: panel.PanelFrame) -> None:
    found = heterogeneity(BASE, frame, ["zone", "year >= 2014"])
    table = found.table(title="By zone")
    assert [span.words for span in table.header[1]][1] == "zone"
    heads = [span.words for span in table.header[2][1:]]
    assert heads == ["Central", "East", "West", "year < 2014", "year >= 2014"]
    assert sum("Equal coefficients of x by" in note for note in table.notes) == 2
    assert pickle.loads(pickle.dumps(found)).df.equals(found.df)


def test_groups_of_the_table_have_an_order_and_names_in_its_language(
    frame: panel.PanelFrame,
) -> None:
    named = frame.describe("zone", labels={"en": "Zone", "zh": "地带", "ru": "Зона"})
    found = heterogeneity(BASE, named, ["zone"], permutations=0)
    ordered = found.table(["West", "East"])
    assert [span.words for span in ordered.header[2][1:]] == ["West", "East", "Central"]
    east = panel.ols(BASE, frame, sample="zone == 'East'")
    assert ordered.df.iloc[0, 1] == pytest.approx(east.params["x"], rel=1e-12)
    table = found.table({"East": "东部", "Central": "中部", "West": "西部"}, style="cn")
    assert [span.words for span in table.header[2][1:]] == ["东部", "中部", "西部"]
    assert any(note.startswith("组间系数差异检验（地带，x）：F(") for note in table.notes)
    russian = found.table(style="gost").notes
    assert any("по группам (Зона): F(2" in note and "p = 0," in note for note in russian)
    with pytest.raises(panel.PanelError, match="'Wets' is none of the groups"):
        found.table(["Wets"])


@pytest.mark.parametrize(
    ("by", "focus", "said"),
    [
        ("zoen", None, "did you mean 'zone'"),
        ("zone", "q", "'q' is not a coefficient"),
        ("region", None, "No row is left"),
    ],
)
def test_what_has_no_groups_is_refused(
    by: str, focus: str | None, said: str, frame: panel.PanelFrame
) -> None:
    with pytest.raises(panel.PanelError, match=said):
        heterogeneity("y ~ x | year", frame, by, focus=focus)


def test_instruments_are_refused(frame: panel.PanelFrame) -> None:
    with pytest.raises(FormulaError, match="takes no instruments"):
        heterogeneity("y ~ z | region | x ~ m", frame, "zone")


def test_each_mechanism_is_a_mediation(frame: panel.PanelFrame) -> None:
    found = mechanisms(BASE, {"Innovation": "m"}, frame, vcov=BY_REGION)
    alone = panel.mediation(BASE, "m", frame, vcov=BY_REGION)
    effects = found.df.query("part == 'effect'").reset_index(drop=True)
    pd.testing.assert_frame_equal(effects[alone.tidy().columns.tolist()], alone.tidy())
    table = found.table()
    assert [row.label for row in table.sections[0].rows if row.label] == [
        *("Total effect", "Direct effect", "Indirect effect", "Share mediated")
    ]
    assert pickle.loads(pickle.dumps(found)).df.equals(found.df)


def test_a_mechanism_is_needed(frame: panel.PanelFrame) -> None:
    with pytest.raises(StudyError, match="no mediator"):
        mechanisms(BASE, [], frame)
    assert list(mechanisms(BASE, ["m"], frame).mediations) == ["m"]


def test_effects_are_named_in_the_language_of_the_style_in_use(frame: panel.PanelFrame) -> None:
    found = mechanisms(BASE, {"创新": "m"}, frame, vcov=BY_REGION)
    total = found.table(style="cn").rows[0].label
    assert total == found.mediations["创新"].labels("zh")["total"] != "Total effect"
    before = panel.use_style("gost")
    try:
        assert found.table().rows[0].label == found.mediations["创新"].labels("ru")["total"]
    finally:
        panel.use_style(before)


def test_groups_of_a_table_are_called_by_the_labels_of_their_values(
    frame: panel.PanelFrame,
) -> None:
    labels = {"East": {"zh": "东部"}, "Central": {"zh": "中部"}}
    found = heterogeneity(BASE, frame.describe("zone", value_labels=labels), ["zone"])
    heads = [s.words for s in found.table(["West"], style="cn").header[2] if s.words]
    assert heads == ["West", "中部", "东部"]
    assert found.table({"East": "E"}, style="cn").header[2][1].words == "E"
    same = {zone: {"en": "Inland"} for zone in ("West", "Central")}
    twice = heterogeneity(BASE, frame.describe("zone", value_labels=same), ["zone"]).table()
    assert [s.words for s in twice.header[2] if s.words] == ["Inland", "East", "West"]
    models = [found.estimates["zone", z] for z in ("East", "Central")]
    split = panel.regtable(models, style="cn").df  # a row says of which group a model is
    assert ["东部", "中部"] in split.to_numpy().tolist()
