from __future__ import annotations

import numpy as np
import pytest

from panel.kernels.hac import bartlett


@pytest.mark.parametrize("lags", [0, 1, 3, 30])
def test_bartlett_is_the_double_sum(lags):
    s = np.random.default_rng(0).normal(size=(12, 3))
    expected = np.zeros((3, 3))
    for t in range(12):
        for r in range(12):
            weight = max(0.0, 1 - abs(t - r) / (lags + 1))
            expected += weight * np.outer(s[t], s[r])
    np.testing.assert_allclose(bartlett(s, lags), expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("lags", range(8))
def test_bartlett_is_positive(lags):
    s = np.random.default_rng(lags).normal(size=(6, 4)).cumsum(axis=0)
    assert np.linalg.eigvalsh(bartlett(s, lags)).min() > -1e-12
