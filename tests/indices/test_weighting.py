"""Weights against other packages, printed examples and arithmetic."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import DataError
from panel.indices.pairwise import RANDOM_INDEX


def weights(frame, indicators, kind, **settings):
    return panel.composite_index(frame, indicators, weights=kind, **settings).weights.weight


def test_critic_of_three_packages(tai, directions, peers):
    found = weights(tai, directions, panel.critic_weights())
    np.testing.assert_allclose(found, peers["critic_pymcdm"], rtol=1e-12)
    np.testing.assert_allclose(found, peers["critic_skcriteria"], rtol=1e-12)
    np.testing.assert_allclose(found, peers["critic_pydecision"], rtol=1e-9)  # it adds 1e-10


def test_entropy_of_pymcdm(tai, directions, peers):
    # pymcdm gives no entropy at all to a column with a zero, so that its z are shifted.
    found = weights(tai, directions, panel.entropy_weights(0.01))
    np.testing.assert_allclose(found, peers["entropy_pymcdm_shift_0.01"], rtol=1e-12)


def test_examples_of_mathmodels(small):
    # Printed by the R package mathmodels (zhjx19/mathmodels, examples of its functions).
    frame = small(a=[3.0, 5, 2, 7], b=[10.0, 20, 15, 25])
    built = panel.composite_index(frame, {"a": "+", "b": "-"}, weights=panel.critic_weights())
    np.testing.assert_allclose(built.weights.weight, [0.5075187, 0.4924813], rtol=0, atol=5e-8)
    printed = [59.39851, 46.86716, 32.83209, 50.75187]
    np.testing.assert_allclose(100 * built.scores, printed, rtol=0, atol=5e-6)
    frame = small(a=[10.0, 20, 15], b=[5.0, 10, 8])
    found = weights(
        frame, {"a": "+", "b": "+"}, panel.variation_weights(), scale=panel.relative_to("mean")
    )
    np.testing.assert_allclose(found, [0.503839, 0.496161], rtol=0, atol=5e-7)


def test_variation_by_hand(small):
    frame = small(a=[0.0, 1, 2, 4], b=[4.0, 3, 1, 0])
    z = np.array([[0, 1], [1 / 4, 3 / 4], [1 / 2, 1 / 4], [1, 0]])
    variation = np.sqrt(((z - z.mean(0)) ** 2).sum(0) / 3) / z.mean(0)
    found = weights(frame, {"a": "+", "b": "+"}, panel.variation_weights())
    np.testing.assert_allclose(found, variation / variation.sum(), rtol=1e-14)


EXAMPLE = pd.DataFrame(
    [[1, 1 / 2, 4, 3, 3], [2, 1, 7, 5, 5], [1 / 4, 1 / 7, 1, 1 / 2, 1 / 3],
     [1 / 3, 1 / 5, 2, 1, 1], [1 / 3, 1 / 5, 3, 1, 1]],
    index=list("abcde"), columns=list("abcde"),
)  # fmt: skip


@pytest.fixture
def five(small):
    draw = np.random.default_rng(1)
    return small(**{n: draw.normal(size=12) for n in "abcde"})


def test_ahp_example_of_mathmodels_and_pydecision(five, peers):
    built = panel.composite_index(
        five, dict.fromkeys("abcde", "+"), weights=panel.ahp_weights(EXAMPLE)
    )
    printed = [0.26360349, 0.47583538, 0.05381460, 0.09806829, 0.10867824]
    np.testing.assert_allclose(built.weights.weight, printed, rtol=0, atol=5e-9)
    assert built.stats["consistency_ratio"] == pytest.approx(0.01609027, abs=5e-9)
    assert built.stats["largest_root"] == pytest.approx(5.072084, abs=5e-7)
    assert built.stats["consistency_index"] == pytest.approx(0.0180211, abs=5e-8)
    np.testing.assert_allclose(built.weights.weight, peers["ahp_eigenvector"], rtol=1e-12)
    rows = panel.ahp_weights(EXAMPLE, "geometric mean")
    built = panel.composite_index(five, dict.fromkeys("abcde", "+"), weights=rows)
    np.testing.assert_allclose(built.weights.weight, peers["ahp_geometric"], rtol=1e-12)
    assert built.stats["consistency_ratio"] == pytest.approx(peers["ahp_geometric_ratio"])


def test_consistent_comparisons_give_back_their_weights(five):
    true = np.array([0.4, 0.3, 0.2, 0.1])
    table = pd.DataFrame(true[:, None] / true, index=list("abcd"), columns=list("abcd"))
    for method in ("eigenvector", "geometric mean"):
        built = panel.composite_index(
            five, dict.fromkeys("dcba", "+"), weights=panel.ahp_weights(table, method)
        )
        np.testing.assert_allclose(built.weights.weight, true[::-1], rtol=1e-12)
        assert built.stats["consistency_ratio"] == pytest.approx(0, abs=1e-14)
    # Two things are always consistent, and some of those compared may be left out.
    two = weights(five, {"a": "+", "c": "+"}, panel.ahp_weights(table))
    np.testing.assert_allclose(two, [2 / 3, 1 / 3], rtol=1e-12)


def test_random_index_is_what_random_comparisons_have():
    # RI(3) and RI(4) are means of the index over random reciprocal matrices on Saaty's scale. For
    # his first table Saaty drew 500; their standard error is about 0.03, ours 0.01.
    draw = np.random.default_rng(0)
    scale = np.array([*(1 / np.arange(9, 1, -1)), *np.arange(1, 10)])
    for m in (3, 4):
        a = np.ones((4000, m, m))
        for i, j in zip(*np.triu_indices(m, 1), strict=True):
            a[:, i, j] = draw.choice(scale, 4000)
            a[:, j, i] = 1 / a[:, i, j]
        index = (np.linalg.eigvals(a).real.max(axis=1) - m) / (m - 1)
        for table in RANDOM_INDEX.values():
            assert index.mean() == pytest.approx(table[m - 1], abs=0.1)


def test_contradictions_are_refused_with_the_pair(five):
    table = pd.DataFrame(
        [[1, 5, 1 / 5], [1 / 5, 1, 5], [5, 1 / 5, 1]], index=list("abc"), columns=list("abc")
    )
    with pytest.raises(DataError, match="contradict each other: consistency ratio") as caught:
        weights(five, dict.fromkeys("abc", "+"), panel.ahp_weights(table))
    assert "reconsider" in caught.value.remedy
    accepted = panel.ahp_weights(table, limit=10)
    np.testing.assert_allclose(weights(five, dict.fromkeys("abc", "+"), accepted), 1 / 3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.to_numpy(), "same names"),
        (lambda t: t.rename(columns={"a": "z"}), "same names"),
        (lambda t: t.iloc[:1, :1], "1 things"),
        (lambda t: t.mask(t == 7, 5), "'b' over 'c' is 5, the other way round 0.1"),
        (lambda t: -t, "'a' over 'a' is -1.0"),
        (lambda t: t.astype(object).mask(t == 7, "much"), "'b' over 'c' is much"),
        (lambda t: t.mask(t == 7), "'b' over 'c' is nan"),
    ],
)
def test_comparisons_that_are_none(change, message):
    with pytest.raises(DataError, match=message) as caught:
        panel.ahp_weights(change(EXAMPLE))
    assert caught.value.remedy
    with pytest.raises(DataError, match="'mean' is not known"):
        panel.ahp_weights(EXAMPLE, "mean")


def test_comparisons_as_pairs(five):
    pairs = {a: {b: EXAMPLE.loc[a, b] for b in "abcde" if b > a} for a in "abcd"}
    table = weights(five, dict.fromkeys("abcde", "+"), panel.ahp_weights(EXAMPLE))
    once = weights(five, dict.fromkeys("abcde", "+"), panel.ahp_weights(pairs))
    # The table prints 1/3 and so on itself, so that nothing but rounding may differ.
    np.testing.assert_allclose(once, table, rtol=1e-14)


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ({"a": {"b": 3, "c": 5}}, "'b' over 'c' is nan"),
        ({"a": {"b": 0}}, "'a' over 'b' is 0"),
        ({"a": {"b": "much"}}, "'a' over 'b' is much"),
        ({"a": {"b": 3}, "b": {"a": 3}}, "the other way round 3"),
        ({"a": 3}, "'a' is compared with 3"),
        ({}, "0 things"),
    ],
)
def test_pairs_that_are_none(pairs, message):
    with pytest.raises(DataError, match=message):
        panel.ahp_weights(pairs)


@pytest.mark.parametrize(
    "make",
    [
        lambda: panel.entropy_weights("x"),
        lambda: panel.grey_relational("x"),
        lambda: panel.combined_weights("entropy", panel.equal_weights()),
        lambda: panel.combined_weights(panel.equal_weights(), panel.equal_weights(), share="x"),
        lambda: panel.expert_weights({"a": [1]}),
        lambda: panel.relative_to(["mean"]),
        lambda: panel.ahp_weights(EXAMPLE, limit="x"),
    ],
)
def test_settings_of_another_type_are_named(make):
    with pytest.raises(DataError) as caught:
        make()
    assert caught.value.remedy


def test_a_name_that_was_not_compared(five):
    with pytest.raises(DataError, match="'e' is not among the things compared"):
        weights(five, {"a": "+", "e": "+"}, panel.ahp_weights(EXAMPLE.iloc[:4, :4]))


def test_combinations_printed_by_mathmodels(five):
    first = panel.expert_weights({"a": 0.4, "b": 0.3, "c": 0.2, "d": 0.1})
    second = panel.expert_weights({"a": 0.25, "b": 0.2, "c": 0.3, "d": 0.25})
    printed = {
        "linear": [0.34, 0.26, 0.24, 0.16],
        "product": [0.4081633, 0.2448980, 0.2448980, 0.1020408],
        "geometric mean": [0.3279556, 0.2540333, 0.2540333, 0.1639778],
        "game": [0.3735683, 0.2823789, 0.2176211, 0.1264317],
    }
    for rule, expected in printed.items():
        kind = panel.combined_weights(first, second, rule, share=0.6)
        found = weights(five, dict.fromkeys("abcd", "+"), kind)
        np.testing.assert_allclose(found, expected, rtol=0, atol=5e-8)
    same = panel.combined_weights(first, first, "game")
    np.testing.assert_allclose(
        weights(five, dict.fromkeys("abcd", "+"), same), [0.4, 0.3, 0.2, 0.1], rtol=1e-12
    )


def test_given_weights_are_points_by_name(five):
    given = panel.expert_weights({"c": 1, "a": 3, "unused": 7})
    np.testing.assert_allclose(weights(five, {"a": "+", "c": "-"}, given), [0.75, 0.25])
    with pytest.raises(DataError, match="'b' has no given weight"):
        weights(five, {"a": "+", "b": "+"}, given)
    with pytest.raises(DataError, match="all zero"):
        weights(five, {"a": "+", "b": "+"}, panel.expert_weights({"a": 0, "b": 0, "c": 1}))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: panel.expert_weights({}), lambda: panel.expert_weights({"a": -1}),
        lambda: panel.expert_weights({"a": "1"}), lambda: panel.expert_weights({"a": 0}),
        lambda: panel.expert_weights([1, 2]), lambda: panel.entropy_weights(-1),
        lambda: panel.entropy_weights(float("nan")),
        lambda: panel.combined_weights(panel.equal_weights(), panel.equal_weights(), "mean"),
        lambda: panel.combined_weights(panel.equal_weights(), panel.equal_weights(), share=2),
    ],
)  # fmt: skip
def test_settings_that_are_none(wrong):
    with pytest.raises(DataError) as caught:
        wrong()
    assert caught.value.remedy


def test_what_a_scale_leaves_without_weights(wide):
    both = {"a": "+", "b": "+"}
    for kind in (panel.entropy_weights(), panel.variation_weights()):
        with pytest.raises(DataError, match="need values that are not negative"):
            weights(wide, both, kind, scale=panel.z_score())
    twice = wide.assign(b=2 * wide["a"])
    with pytest.raises(DataError, match="none conflicts"):
        weights(twice, both, panel.critic_weights())
    opposed = panel.combined_weights(
        panel.expert_weights({"a": 1, "b": 0}), panel.expert_weights({"a": 0, "b": 1})
    )
    with pytest.raises(DataError, match="the other has none"):
        weights(wide, both, opposed)


def test_a_random_index_that_there_is_not():
    with pytest.raises(DataError, match="'saaty_1980' is not known"):
        panel.ahp_weights(EXAMPLE, random_index="saaty_1980")
