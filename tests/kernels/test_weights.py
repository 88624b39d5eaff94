from __future__ import annotations

import math

import numpy as np
import pytest

from panel.kernels.weights import (
    critic_weights,
    eigenvector_priorities,
    entropy_weights,
    geometric_priorities,
)


def test_weights_by_hand():
    # Shares (1/4, 3/4) and (1/2, 1/2); the second column is spread evenly and says nothing.
    weights, entropy = entropy_weights(np.array([[1.0, 2.0], [3.0, 2.0]]))
    first = -(0.25 * math.log(0.25) + 0.75 * math.log(0.75)) / math.log(2)
    np.testing.assert_allclose(entropy, [first, 1.0], rtol=1e-15)
    np.testing.assert_allclose(weights, [1.0, 0.0], atol=1e-15)


def test_zero_has_no_entropy():
    _, entropy = entropy_weights(np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 0.0]]))
    np.testing.assert_allclose(entropy, 0.0, atol=1e-15)


@pytest.mark.parametrize("seed", range(5))
def test_weights_add_up_and_do_not_depend_on_scale(seed):
    z = np.random.default_rng(seed).uniform(size=(20, 4))
    weights, entropy = entropy_weights(z)
    assert weights.sum() == pytest.approx(1, abs=1e-15)
    assert ((entropy >= 0) & (entropy <= 1)).all()
    np.testing.assert_allclose(entropy_weights(z * [1, 10, 100, 1e-6])[0], weights, rtol=1e-12)


def test_consistent_pairs_have_the_root_of_their_number():
    w = np.array([0.5, 0.3, 0.2])
    for solve in (eigenvector_priorities, geometric_priorities):
        found, root = solve(w[:, None] / w)
        np.testing.assert_allclose(found, w, rtol=1e-14)
        assert root == pytest.approx(3, rel=1e-14)


def test_an_indicator_that_conflicts_more_weighs_more():
    z = np.array([[0.0, 0, 1], [0.4, 0.5, 0.5], [1, 1, 0]])
    weights, spread, conflict = critic_weights(z)
    assert conflict[2] > max(conflict[:2])
    np.testing.assert_allclose(weights, spread * conflict / (spread @ conflict), rtol=1e-14)
