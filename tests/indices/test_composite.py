"""The index itself: aggregation, subsystems, years, lineage, what it shows."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import DataError, NotNumericError, UnknownVariableError


@pytest.fixture(scope="module")
def china():
    return panel.load("china", years=[2019, 2020])


def expert():
    return panel.expert_weights(
        dict(zip(("patents", "royalties", "internet", "exports", "telephones", "electricity",
                  "schooling", "university"), range(1, 9), strict=True))
    )  # fmt: skip


@pytest.mark.parametrize(
    ("aggregate", "scale", "peer"),
    [
        (panel.topsis(), panel.min_max(), "topsis_pymcdm_minmax"),
        (panel.topsis(), panel.unit_length(), "topsis_pymcdm_vector"),
        (panel.grey_relational(), panel.min_max(), "grey_pydecision"),
    ],
)
def test_other_packages(tai, directions, peers, rows, aggregate, scale, peer):
    if peer == "topsis_pymcdm_vector":
        directions = dict.fromkeys(directions, "+")
    index = panel.composite_index(
        tai, directions, weights=expert(), scale=scale, aggregate=aggregate
    )
    np.testing.assert_allclose(index.scores, np.array(peers[peer])[rows], rtol=1e-10)


def test_topsis_example_of_mathmodels(small):
    # Printed by R mathmodels for weights 0.6 and 0.4, the second indicator a cost.
    frame = small(a=[2.0, 5, 3], b=[8.0, 1, 6])
    index = panel.composite_index(
        frame, {"a": "+", "b": "-"}, weights=panel.expert_weights({"a": 0.6, "b": 0.4}),
        scale=panel.unit_length(), aggregate=panel.topsis(),
    )  # fmt: skip
    np.testing.assert_allclose(index.scores, [0, 1, 0.3111391], rtol=0, atol=5e-8)


def test_grey_relational_by_hand(small):
    # mathmodels prints 2/3, 2/3, 5/9 for distances (0, .1, .1), (.1, .1, 0), (.2, 0, .2) from the
    # reference; here rows are the cases and z are those distances below one.
    frame = small(a=[1.0, 0.5, 0.0], b=[0.5, 0.5, 1.0], c=[0.5, 1.0, 0.0])
    index = panel.composite_index(
        frame, dict.fromkeys("abc", "+"), aggregate=panel.grey_relational(0.5)
    )
    xi = {0.0: 1.0, 0.5: 0.5, 1.0: 1 / 3}
    z = np.array([[1, 0, 0.5], [0.5, 0, 1], [0, 1, 0]])
    expected = [np.mean([xi[float(1 - v)] for v in row]) for row in z]
    np.testing.assert_allclose(index.scores, expected, rtol=1e-14)


def test_a_product_and_its_zeros(small):
    frame = small(a=[1.0, 2, 3], b=[3.0, 2, 1])
    index = panel.composite_index(
        frame, {"a": "+", "b": "+"}, weights=panel.expert_weights({"a": 1, "b": 3}),
        scale=panel.relative_to("best"), aggregate=panel.weighted_product(),
    )  # fmt: skip
    expected = [(1 / 3) ** 0.25, 2 / 3, (1 / 3) ** 0.75]
    np.testing.assert_allclose(index.scores, expected, rtol=1e-14)
    with pytest.raises(DataError, match="needs positive values; 'a' has 0") as caught:
        panel.composite_index(frame, {"a": "+"}, aggregate=panel.weighted_product())
    assert "interval" in caught.value.remedy


SYSTEMS = {"one": {"a": "+", "b": "-"}, "two": {"c": "+"}}


def test_subsystems_have_what_their_indicators_get(wide):
    flat = panel.entropy_index(wide, {"a": "+", "b": "-", "c": "+"})
    index = panel.entropy_index(wide, SYSTEMS)
    np.testing.assert_allclose(index.scores, flat.scores, rtol=1e-13)
    w = index.weights.weight
    whole = index.subsystems["one"] * (w["a"] + w["b"]) + index.subsystems["two"] * w["c"]
    np.testing.assert_allclose(index.scores, whole, rtol=1e-13)
    np.testing.assert_allclose(index.subsystems["two"], index.standardised["c"], rtol=1e-13)
    assert list(index.weights.subsystem) == ["one", "one", "two"]


def test_subsystems_weighted_for_themselves(wide):
    index = panel.composite_index(
        wide, SYSTEMS, weights=panel.equal_weights(),
        between=panel.expert_weights({"one": 1, "two": 3}),
    )  # fmt: skip
    np.testing.assert_allclose(index.weights.weight, [1 / 8, 1 / 8, 3 / 4], rtol=1e-14)
    z = index.standardised
    np.testing.assert_allclose(index.scores, z @ [1 / 8, 1 / 8, 3 / 4], rtol=1e-13)
    np.testing.assert_allclose(index.subsystems["one"], z[["a", "b"]].mean(axis=1), rtol=1e-13)


def test_the_integral_assessment_of_specialisations():
    # Average of blocks of indicators, each over its maximum (or mean): industries are the units.
    table = pd.DataFrame({
        "industry": ["metals", "chemicals", "food"], "year": 2022, "profit": [4.0, 2, 1],
        "growth": [1.0, 3, 2], "market": [5.0, 10, 2], "patents": [10.0, 5, 20],
        "papers": [8.0, 4, 2],
    })  # fmt: skip
    frame = panel.PanelFrame.from_pandas(table, "industry", "year")
    blocks = {
        "effectiveness": {"profit": "+", "growth": "+"}, "market potential": {"market": "+"},
        "innovation": {"patents": "+"}, "publications": {"papers": "+"},
    }  # fmt: skip
    equal = panel.equal_weights()
    index = panel.composite_index(
        frame, blocks, weights=equal, between=equal, scale=panel.relative_to("best")
    )
    metals = ((4 / 4 + 1 / 3) / 2 + 5 / 10 + 10 / 20 + 8 / 8) / 4
    assert index.scores["metals", 2022] == pytest.approx(metals, rel=1e-14)
    index = panel.composite_index(
        frame, blocks, weights=equal, between=equal, scale=panel.relative_to("mean")
    )
    food = ((1 / (7 / 3) + 2 / 2) / 2 + 2 / (17 / 3) + 20 / (35 / 3) + 2 / (14 / 3)) / 4
    assert index.scores["food", 2022] == pytest.approx(food, rel=1e-14)


def test_each_year_for_itself_is_the_year_alone(wide):
    yearly = panel.composite_index(
        wide, SYSTEMS, weights=panel.entropy_weights(), scale=panel.min_max("year"), yearly=True,
        aggregate=panel.topsis(),
    )  # fmt: skip
    for year in (0, 1):
        alone = panel.composite_index(
            wide.rows(wide["year"] == year), SYSTEMS, weights=panel.entropy_weights(),
            aggregate=panel.topsis(),
        )  # fmt: skip
        np.testing.assert_allclose(
            yearly.scores.xs(year, level=1), alone.scores.droplevel(1), rtol=1e-13
        )
        np.testing.assert_allclose(yearly.by_year.loc[year], alone.weights.weight, rtol=1e-13)
    np.testing.assert_allclose(yearly.weights.weight, yearly.by_year.mean(), rtol=1e-13)


def test_ranks_within_years_and_the_plain_table(wide):
    index = panel.composite_index(wide, SYSTEMS)
    top = index.scores.groupby(level=1).idxmax()
    assert (index.ranks[top] == 1).all()
    assert index.ranks.max() == 20
    assert list(index.df.columns) == ["index", "rank", "one", "two"]
    assert index.df.index.equals(wide.table.index)


def test_a_frame_with_the_index_knows_how_it_was_made(wide):
    index = panel.composite_index(wide, SYSTEMS, name="digital")
    made = index.assign_to(wide)
    assert made["digital"].equals(index.scores)
    origin = made.origin("digital")
    assert origin.expression.startswith("composite_index(a+, b-, c+; equal weights; min-max")
    assert [part.name for part in origin.inputs] == ["a", "b", "c"]
    assert [part.name for part in made.origin("one").inputs] == ["a", "b"]
    with pytest.raises(DataError, match="has a variable 'digital' already"):
        index.assign_to(made)


def test_it_shows_itself_and_is_small(wide):
    index = panel.composite_index(wide, SYSTEMS, weights=panel.pca_weights(), name="<x>")
    assert "kmo" in str(index)
    assert "&lt;x&gt;" in index._repr_html_()
    assert "<table" in index._repr_html_()
    back = pickle.loads(pickle.dumps(index))
    assert back.scores.equals(index.scores)
    assert repr(panel.min_max(2016)) == "min-max of 2016"


def test_inputs_are_left_alone(wide):
    before = wide.fingerprint
    index = panel.composite_index(wide, SYSTEMS)
    index.scores.iloc[0] = 5
    assert wide.fingerprint == before


def test_order_of_rows_and_names_of_regions_do_not_matter(wide):
    index = panel.composite_index(
        wide, SYSTEMS, weights=panel.critic_weights(), aggregate=panel.grey_relational()
    )
    table = wide.data.reset_index().sample(frac=1, random_state=0)
    shuffled = panel.PanelFrame.from_pandas(table, "unit", "year")
    again = panel.composite_index(
        shuffled, SYSTEMS, weights=panel.critic_weights(), aggregate=panel.grey_relational()
    )
    np.testing.assert_allclose(again.scores, index.scores, rtol=1e-12)


@pytest.mark.parametrize(
    ("indicators", "error", "message"),
    [
        ({}, DataError, "no indicators"),
        (["a"], DataError, "list without directions"),
        ({"a": None}, DataError, "direction of 'a' is None"),
        ({"one": {"a": "+"}, "b": "+"}, DataError, "Subsystem 'b' is '\\+'"),
        ({"one": {}}, DataError, "no indicators|not a mapping of indicators"),
        ({"one": {"a": "+"}, "two": {"a": "+"}}, DataError, "stands in 'one' and in 'two'"),
        ({"nope": "+"}, UnknownVariableError, "nope"),
        ({"text": "+"}, NotNumericError, "'text' is text"),
        ({"flat": "+", "a": "+"}, DataError, "'flat' does not vary"),
        ({"empty": "+", "a": "+"}, DataError, "Only 0 rows"),
    ],
)
def test_bad_indicators(wide, indicators, error, message):
    bad = wide.assign(text=["x"] * 40, flat=np.ones(40), empty=np.full(40, np.nan))
    with pytest.raises(error, match=message) as caught:
        panel.composite_index(bad, indicators)
    assert caught.value.remedy


def test_settings_that_do_not_fit(wide):
    with pytest.raises(DataError, match="no subsystems to weigh"):
        panel.composite_index(wide, {"a": "+"}, between=panel.equal_weights())
    for wrong in ({"weights": {"a": 1.0}}, {"scale": "min_max"}, {"aggregate": None}):
        with pytest.raises(DataError, match="no way to do it") as caught:
            panel.composite_index(wide, {"a": "+"}, **wrong)
        assert "panel." in caught.value.remedy
    with pytest.raises(DataError, match="both called 'one'"):
        panel.composite_index(wide, SYSTEMS, name="one")
    with pytest.raises(DataError, match="rho"):
        panel.grey_relational(0)
    alike = wide.rows(wide["unit"] == "u0").assign(a=[1.0, 2.0], b=[3.0, 5.0])
    with pytest.raises(DataError, match="alike"):
        panel.composite_index(alike, {"a": "+"}, aggregate=panel.topsis(), yearly=True)
    with pytest.raises(DataError, match="alike"):
        panel.composite_index(alike, {"a": "+"}, aggregate=panel.grey_relational(), yearly=True)


def test_the_weights_in_three_languages(china):
    blocks = {"a": {"broadband_density": "+"}, "b": {"software_intensity": "+", "websites": "+"}}
    equal = panel.equal_weights()
    index = panel.composite_index(china, blocks, weights=panel.entropy_weights(), between=equal)
    chinese = index.labelled("zh")
    assert chinese.columns.tolist()[:3] == ["子系统", "指标名称", "方向"]
    assert chinese["指标名称"].iloc[0] == china.label("broadband_density", "zh")
    assert chinese["子系统"].tolist() == ["a", "b", "b"]
    np.testing.assert_array_equal(chinese["权重"], index.weights["weight"])
    flat = {"broadband_density": "+", "software_intensity": "+", "websites": "+"}
    first = panel.composite_index(china, flat, weights=panel.pca_weights(0.85)).labelled("ru")
    assert {"Компонента 1", "Компонента 2", "Вес"} <= set(first.columns)
    with pytest.raises(panel.PanelError, match="no headings in 'de'"):
        index.labelled("de")


@pytest.mark.parametrize(
    "weights",
    [
        panel.entropy_weights(), panel.variation_weights(), panel.critic_weights(),
        panel.factor_weights(),
        panel.combined_weights(panel.entropy_weights(), panel.equal_weights(), "linear"),
    ],
    ids=str,
)  # fmt: skip
def test_no_heading_of_the_weights_stays_english(china, weights):
    flat = {"broadband_density": "+", "software_intensity": "+", "websites": "+"}
    index = panel.composite_index(china, flat, weights=weights)
    assert not set(index.labelled("zh").columns) & set(index.weights.columns)
