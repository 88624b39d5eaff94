"""Seeds, and that everything that draws asks for one that can be used again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import DataError
from panel.kernels.seeds import require_seed


@pytest.fixture(scope="module")
def model() -> panel.Estimate:
    draw = np.random.default_rng(5)
    keys = [(f"p{i}", 2010 + t) for i in range(14) for t in range(6)]
    table = pd.DataFrame(keys, columns=["province", "year"])
    table[["x", "z", "y"]] = draw.normal(size=(len(table), 3))
    return panel.ols("y ~ x + z | province", table, unit="province", time="year")


@pytest.mark.parametrize("seed", [0, 7, np.int64(7)])
def test_whole_numbers_from_zero(seed):
    found = require_seed(seed)
    assert (found, type(found)) == (seed, int)


DRAWS = {
    "cluster_bootstrap": lambda _, s: panel.cluster_bootstrap("province", seed=s),
    "wild_bootstrap": lambda m, s: panel.wild_bootstrap(m, "x", cluster="province", seed=s),
    "all vectors": lambda m, s: panel.wild_bootstrap(m, "x", cluster="year", seed=s),
    "romano_wolf": lambda m, s: panel.romano_wolf(
        [m, m], ["x", "z"], cluster="province", draws=99, seed=s
    ),
    "randomization": lambda m, s: panel.randomization_test(m, "x", permute="province", seed=s),
    "weighted_cd": lambda m, s: panel.weighted_cd(m, seed=s),
}


@pytest.mark.parametrize("name", DRAWS)
@pytest.mark.parametrize("seed", ["a", -1, 1.5, True])
def test_another_seed_is_an_error(name, seed, model):
    with pytest.raises(DataError, match="A seed is a whole number from 0") as caught:
        DRAWS[name](model, seed)
    assert (caught.value.variable, caught.value.value) == ("seed", seed)
