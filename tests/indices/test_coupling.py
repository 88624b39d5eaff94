"""Coupling, relative development and obstacles: printed examples, arithmetic, bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import DataError, UnknownVariableError


@pytest.fixture
def six() -> panel.PanelFrame:
    """The example of coupling_degree and obstacle_degree in R mathmodels."""
    table = pd.DataFrame({
        "id": list("ABCDEF"), "year": 2020,
        "s1": [0.0162, 0.1782, 0.5490, 0.6730, 0.0207, 0.9875],
        "s2": [0.2720, 0.6824, 0.0593, 0.4812, 0.8891, 0.5573],
        "s3": [0.2655, 0.3721, 0.5729, 0.9082, 0.2017, 0.8984],
    })  # fmt: skip
    return panel.PanelFrame.from_pandas(table, "id", "year")


def test_the_standard_degree_as_mathmodels_prints_it(six):
    found = panel.coupling(six, ["s1", "s2", "s3"])
    printed = {
        "coupling": [0.571, 0.867, 0.674, 0.967, 0.418, 0.971],
        "development": [0.185, 0.411, 0.394, 0.687, 0.370, 0.814],
        "coordination": [0.325, 0.597, 0.515, 0.815, 0.393, 0.889],
    }
    for column, values in printed.items():
        # Half a unit of the third digit: 0.3705 and 0.6875 are printed 0.370 and 0.687.
        np.testing.assert_allclose(found[column], values, rtol=0, atol=5.01e-4)


def test_the_corrected_degree_as_mathmodels_prints_it(six):
    found = panel.coupling(six, {"s1": 4, "s2": 3, "s3": 3}, degree="wang")
    np.testing.assert_allclose(
        found["coupling"], [0.447, 0.501, 0.455, 0.669, 0.175, 0.715], rtol=0, atol=5e-4
    )
    np.testing.assert_allclose(
        found["coordination"], [0.274, 0.440, 0.432, 0.678, 0.242, 0.771], rtol=0, atol=5e-4
    )


def test_wang_et_al_table_8(small):
    # Wang et al. (2021), table 8, 2008: original and corrected C of four cities. The original one
    # gives the ratio r of the two subsystems, and both together their difference 1 - C²/r.
    original = np.array([0.8868, 0.9073, 0.6821, 0.6101])
    corrected = np.array([0.5440, 0.5769, 0.3006, 0.2700])
    r = ((1 - np.sqrt(1 - original**2)) / original) ** 2
    larger = (1 - corrected**2 / r) / (1 - r)
    assert ((larger > 0) & (larger < 1)).all()
    frame = small(u=r * larger, v=larger)
    np.testing.assert_allclose(panel.coupling(frame, ["u", "v"])["coupling"], original, rtol=1e-12)
    np.testing.assert_allclose(
        panel.coupling(frame, ["u", "v"], degree="wang")["coupling"], corrected, rtol=1e-12
    )


def test_two_subsystems_by_hand(small):
    frame = small(u=[0.2, 0.5, 1.0], v=[0.8, 0.5, 0.0])
    found = panel.coupling(frame, ["u", "v"])
    np.testing.assert_allclose(found["coupling"], [2 * np.sqrt(0.16) / 1, 1, 0], atol=1e-15)
    np.testing.assert_allclose(found["development"], 0.5, rtol=1e-15)
    np.testing.assert_allclose(found["coordination"], [np.sqrt(0.4), np.sqrt(0.5), 0], rtol=1e-14)
    assert list(found["lagging"].fillna("neither")) == ["u", "neither", "v"]
    assert list(found["level"]) == ["primary coordination", "intermediate coordination",
                                    "extreme imbalance"]  # fmt: skip
    fan = panel.coupling(frame, ["u", "v"], degree="fan")["coupling"]
    np.testing.assert_allclose(fan, [1 - 2 * 0.3, 1, 0], atol=1e-15)
    wang = panel.coupling(frame, ["u", "v"], degree="wang")["coupling"]
    np.testing.assert_allclose(wang, [np.sqrt(0.4 * 0.25), 1, 0], atol=1e-15)


@pytest.mark.parametrize("degree", ["standard", "wang", "fan"])
def test_a_degree_is_one_where_all_are_equal_and_never_leaves_the_unit_interval(small, degree):
    u = np.random.default_rng(0).uniform(size=(300, 4))
    u[:20] = u[:20, :1]
    frame = small(**{f"s{j}": u[:, j] for j in range(4)})
    c = panel.coupling(frame, [f"s{j}" for j in range(4)], degree=degree)["coupling"]
    equal = (frame.table.max(axis=1) == frame.table.min(axis=1)).to_numpy()
    assert equal.sum() == 20
    np.testing.assert_allclose(c[equal], 1, rtol=1e-12)
    assert (c[~equal] < 1).all()
    assert c.between(0, 1 + 1e-12).all()


def test_nothing_at_all_is_not_coordinated(small):
    found = panel.coupling(small(u=[0.0, 0.4], v=[0.0, 0.4]), ["u", "v"])
    assert np.isnan(found["coupling"].iloc[0])
    assert found["coordination"].iloc[0] == 0
    assert pd.isna(found["stage"].iloc[0])


def test_levels_of_ones_own_and_other_languages(small):
    frame = small(u=[0.16, 0.49, 1.0], v=[0.16, 0.49, 1.0])
    found = panel.coupling(frame, ["u", "v"], levels={"low": 0.4, "middle": 0.7, "high": 1.0})
    assert list(found["level"]) == ["low", "middle", "high"]  # a bound is below
    chinese = panel.coupling(frame, ["u", "v"]).labelled("zh")
    assert list(chinese["协调等级"]) == ["轻度失调", "初级协调", "优质协调"]
    russian = panel.coupling(frame, ["u", "v"]).labelled("ru")
    assert "Степень скоординированности" in russian
    with pytest.raises(DataError, match="bounds of the levels"):
        panel.coupling(frame, ["u", "v"], levels={"high": 0.9, "low": 1.0, "x": 0.95})


def test_a_missing_subsystem_is_counted(small):
    found = panel.coupling(small(u=[0.3, np.nan, 0.5], v=[0.3, 0.5, np.nan]), ["u", "v"])
    assert found.n_missing == 2
    assert found.df.notna().all(axis=1).sum() == 0  # lagging is empty where both are equal
    assert list(found["coordination"].notna()) == [True, False, False]
    assert "2 missing" in str(found)


@pytest.mark.parametrize(
    ("subsystems", "settings", "error", "message"),
    [
        (["u"], {}, DataError, "two or more different"),
        ("uv", {}, DataError, "two or more different"),
        (["u", "u"], {}, DataError, "two or more different"),
        (["u", "big"], {}, DataError, "'big' is 2 in u0, 1, which is not between"),
        (["u", "nope"], {}, UnknownVariableError, "nope"),
        ({"u": -1, "v": 1}, {}, DataError, "weights of the subsystems"),
        ({"u": 0, "v": 0}, {}, DataError, "weights of the subsystems"),
        (["u", "v"], {"degree": "liao"}, DataError, "'liao' is not known"),
    ],
)
def test_bad_input(small, subsystems, settings, error, message):
    frame = small(u=[0.1, 0.2], v=[0.3, 0.4], big=[0.5, 2.0])
    with pytest.raises(error, match=message) as caught:
        panel.coupling(frame, subsystems, **settings)
    assert caught.value.remedy


def test_it_goes_into_the_frame_with_its_lineage(six):
    found = panel.coupling(six, ["s1", "s2"])
    made = found.assign_to(six)
    assert made["coordination"].equals(found["coordination"])
    assert made.label("coordination", "zh") == "耦合协调度"
    assert [part.name for part in made.origin("coordination").inputs] == ["s1", "s2"]
    with pytest.raises(DataError, match="already"):
        found.assign_to(made)
    with pytest.raises(DataError, match="no 'coordinatoin'") as caught:
        found["coordinatoin"]
    assert "coordination" in caught.value.remedy
    assert found.ranks["coordination"].max() == 6
    assert "<table" in found._repr_html_()


def test_relative_development(small):
    frame = small(u=[0.4, 0.8, 1.2, 1.0, np.nan], v=[1.0] * 5)
    found = panel.relative_development(frame, "u", "v")
    np.testing.assert_allclose(found["ratio"].dropna(), [0.4, 0.8, 1.2, 1.0])
    states = ["first lags", "synchronous", "first ahead", "synchronous"]
    assert list(found["state"].dropna()) == states
    assert found.n_missing == 1
    assert found.labelled("zh").iloc[0, 1] == "前者滞后"
    with pytest.raises(DataError, match="not positive"):
        panel.relative_development(frame.assign(v=np.zeros(5)), "u", "v")
    with pytest.raises(DataError, match="band"):
        panel.relative_development(frame, "u", "v", band=(1.2, 0.8))


def test_obstacles_of_mathmodels_are_ours_before_they_are_scaled(six):
    # Printed by mathmodels' obstacle_degree for weights 0.4, 0.3, 0.3: w (1 - z), not scaled.
    printed = np.array([
        [0.394, 0.218, 0.220], [0.329, 0.0953, 0.188], [0.180, 0.282, 0.128],
        [0.131, 0.156, 0.0275], [0.392, 0.0333, 0.239], [0.00500, 0.133, 0.0305],
    ])  # fmt: skip
    # Two more regions, worst and best in everything, leave min-max as it is.
    ends = pd.DataFrame({"id": ["Y", "Z"], "year": 2020, "s1": [0, 1], "s2": [0, 1], "s3": [0, 1]})
    table = pd.concat([six.data.reset_index(), ends])
    index = panel.composite_index(
        panel.PanelFrame.from_pandas(table, "id", "year"), dict.fromkeys(["s1", "s2", "s3"], "+"),
        weights=panel.expert_weights({"s1": 0.4, "s2": 0.3, "s3": 0.3}),
    )  # fmt: skip
    found = panel.obstacles(index)
    expected = printed / printed.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.df.iloc[:6, :3].astype(float), expected, atol=2e-3)  # digits
    assert list(found["largest"].iloc[:2]) == ["s1", "s1"]
    assert found.df.loc["Z"].isna().all(axis=None)  # best in everything


def test_obstacles_add_up_also_by_subsystem_and_year(wide):
    index = panel.composite_index(
        wide, {"one": {"a": "+", "b": "-"}, "two": {"c": "+"}}, weights=panel.entropy_weights(),
        scale=panel.min_max("year"), yearly=True,
    )  # fmt: skip
    each = panel.obstacles(index).df
    gap = (1 - index.standardised).xs(1, level=1) * index.by_year.loc[1]
    np.testing.assert_allclose(
        each.xs(1, level=1)[["a", "b", "c"]].astype(float),
        gap.div(gap.sum(axis=1), axis=0), rtol=1e-12,
    )  # fmt: skip
    groups = panel.obstacles(index, "subsystem").df
    np.testing.assert_allclose(groups["one"], each["a"] + each["b"], rtol=1e-12)
    with pytest.raises(DataError, match="no obstacles by"):
        panel.obstacles(panel.composite_index(wide, {"a": "+"}), "subsystem")
    with pytest.raises(DataError, match="obstacles need values"):
        panel.obstacles(panel.composite_index(wide, {"a": "+"}, scale=panel.z_score()))


def test_infinite_figures_have_no_relative_development(small):
    with pytest.raises(DataError, match="inf in u0, 1, which is not positive and finite"):
        panel.relative_development(small(u=[0.5, np.inf], v=[0.5, 0.5]), "u", "v")
    with pytest.raises(DataError, match="does not rise"):
        panel.relative_development(small(u=[0.5, 0.6], v=[0.5, 0.5]), "u", "v", band=0.8)
