"""The permutation test against one regression for each draw, and in simulations."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import EstimationError, FormulaError

FORMULA = "y ~ x + z | u + t"


@pytest.fixture
def three(unbalanced):
    """Three groups of regions; the slope of x is larger in the East."""
    zone = np.array(["East", "Central", "West", "East"])[unbalanced["zone"].astype(int)]
    data = unbalanced.assign(area=zone)
    return data.assign(y=data["y"] + 0.8 * data["x"] * (data["area"] == "East"))


def _slow(formula, data, groups, permute, draws, seed):
    """Differences with a regression for each group and draw, and labels drawn as documented."""
    m = panel.ols(formula, data, weights="w")
    area = m.design.column("area").to_numpy()
    cells = np.arange(m.nobs) if permute == "rows" else m.design.groups(permute)
    labels = pd.Series(area).groupby(cells).first().to_numpy()
    at = np.flatnonzero(np.isin(labels, groups))
    generator, found = np.random.default_rng(seed), []
    for _ in range(draws):
        new = labels.copy()
        new[at] = generator.permutation((labels[at] != groups[0]).astype(int)).astype(str)
        new = np.where(new == "0", groups[0], np.where(new == "1", groups[1], new))
        drawn = data.assign(drawn=pd.Series(new[cells], index=m.design.index))
        one, other = (
            panel.ols(formula, drawn, weights="w", sample=f'drawn == "{g}"') for g in groups
        )
        found.append(one.coef - other.coef)
    return np.array(found)


@pytest.mark.parametrize(
    ("formula", "permute"), [(FORMULA, "u"), (FORMULA, "rows"), ("y ~ x + z | u[[t]] + t", "u")]
)
def test_draws_are_regressions_with_exchanged_labels(three, formula, permute):
    m = panel.ols(formula, three, weights="w")
    groups = ("West", "East")
    found = panel.permutation_difference(m, "area", groups=groups, permute=permute, draws=8, seed=4)
    slow = _slow(formula, three, groups, permute, 8, 4)
    np.testing.assert_allclose(found.differences, slow, rtol=1e-8, atol=1e-11)
    table = found.tidy().set_index("term")
    for g in groups:
        own = panel.ols(formula, three, weights="w", sample=f'area == "{g}"')
        np.testing.assert_allclose(table[g], own.params, rtol=1e-9)


def test_p_values_count_as_they_say(three):
    m = panel.ols(FORMULA, three)
    found = panel.permutation_difference(m, "area", groups=("East", "West"), draws=199)
    for j, row in found.tidy().iterrows():
        drawn, d = found.differences[:, j], row["estimate"]
        assert row["p_value"] == (1 + (abs(drawn) >= abs(d)).sum()) / 200
        assert row["p_greater"] == (1 + (drawn >= d).sum()) / 200
        assert row["p_less"] == (1 + (drawn <= d).sum()) / 200
        share = (drawn >= d).mean()
        assert row["p_empirical"] == pytest.approx(min(share, 1 - share))
    turned = panel.permutation_difference(m, "area", groups=("West", "East"), draws=199).tidy()
    assert turned["estimate"].to_list() == pytest.approx((-found.table["estimate"]).to_list())


def test_years_are_permuted_where_the_label_follows_them(three):
    m = panel.ols("y ~ x | u", three)
    found = panel.permutation_difference(m, "t >= 2005", draws=19)
    assert found.settings["permute"] == "t"
    assert found.groups == ("0", "1")
    assert "t &gt;= 2005" in found._repr_html_()


def test_draws_of_little_variation_are_left_out_and_counted(three):
    rare = three.assign(rare=np.where(np.isin(three.unit_codes, [0, 1, 2, 3, 7]), three["x"], 0.0))
    m = panel.ols("y ~ rare | u", rare)
    found = panel.permutation_difference(m, "area", groups=("East", "West"), draws=99)
    assert 0 < found.draws < 99
    assert found.notes == (
        f"{99 - found.draws} of 99 permutations leave nothing to estimate from.",
    )


def test_size_under_the_null_and_power():
    draw = np.random.default_rng(12)
    table = pd.DataFrame({"i": np.repeat(range(24), 6), "t": np.tile(range(6), 24)})
    table["east"] = table.i % 2
    rejected = []
    for gap in (0.0, 1.0):
        p = []
        for _ in range(30):
            # A region's rows belong together: slopes differ between regions.
            slope = np.repeat(draw.normal(scale=0.5, size=24), 6) + gap * table.east
            table["x"] = draw.normal(size=144)
            table["y"] = slope * table.x + draw.normal(size=144)
            m = panel.ols("y ~ x | i + t", table, unit="i", time="t")
            found = panel.permutation_difference(m, "east", draws=99, seed=int(draw.integers(1e9)))
            p.append(found.table["p_value"].iloc[0])
        rejected.append(sum(v <= 0.05 for v in p))
    assert rejected[0] <= 6  # exact level: 1.5 expected, standard deviation 1.2
    assert rejected[1] >= 18


def test_the_same_seed_gives_the_same_and_it_shows_itself(three):
    m = panel.ols(FORMULA, three)
    one, again = (
        panel.permutation_difference(m, "area", groups=("East", "West"), draws=49, seed=2)
        for _ in range(2)
    )
    np.testing.assert_array_equal(one.differences, again.differences)
    shuffled = three.data.sample(frac=1, random_state=3).reset_index()
    other = panel.permutation_difference(
        panel.ols(FORMULA, shuffled, unit="u", time="t"), "area", groups=("East", "West"),
        draws=49, seed=2,
    )  # fmt: skip
    np.testing.assert_allclose(other.differences, one.differences, rtol=1e-9)
    copy = pickle.loads(pickle.dumps(one))
    assert str(copy) == str(one) == repr(one)
    assert "East less West, 49 permutations over u" in one._repr_html_()
    with pytest.raises(ValueError, match="read-only"):
        one.differences[0] = 0


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({}, FormulaError, "Two groups of 'area' are compared, not 3"),
        ({"groups": ("East", "Wst")}, FormulaError, "did you mean 'West'"),
        ({"groups": ("East", "East")}, FormulaError, "Two groups"),
        ({"groups": ("East", "West"), "terms": ["xx"]}, FormulaError, "did you mean 'x'"),
        ({"groups": ("East", "West"), "terms": []}, FormulaError, "no coefficient"),
        ({"groups": ("East", "West"), "draws": True}, EstimationError, "whole number"),
        ({"groups": ("East", "West"), "permute": "t"}, EstimationError, "changes inside"),
    ],
)
def test_bad_input_says_what_to_do(three, settings, error, message):
    with pytest.raises(error, match=message):
        panel.permutation_difference(panel.ols(FORMULA, three), "area", **settings)


def test_groups_must_identify_the_coefficients(three):
    only = three.assign(policy=((three["area"] == "East") & (three["x"] > 0)).astype(float))
    m = panel.ols("y ~ x + policy | u", only)
    with pytest.raises(EstimationError, match="The rows of 'West' do not identify"):
        panel.permutation_difference(m, "area", groups=("East", "West"))
    with pytest.raises(EstimationError, match="takes an estimate, not str"):
        panel.permutation_difference("y ~ x", "area")
