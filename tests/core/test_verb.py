"""What every verb says of arguments it cannot use."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel

DRAW = np.random.default_rng(2)
TABLE = pd.DataFrame(
    {"i": np.repeat(np.arange(8), 6), "t": np.tile(np.arange(6), 8), "x": DRAW.normal(size=48)}
)
TABLE["y"] = TABLE["x"] + DRAW.normal(size=48)


@pytest.mark.parametrize("formula", ["y ~ y + x | i", "log(y + 9) ~ x + log(y+9)", "y ~ x + y"])
def test_the_outcome_is_no_regressor(formula):
    with pytest.raises(panel.errors.FormulaError, match="is among the regressors"):
        panel.ols(formula, TABLE, unit="i", time="t")


def test_lags_and_other_functions_of_the_outcome_are_regressors():
    found = panel.ols("y ~ L(y, 1) + abs(y)", TABLE, unit="i", time="t")
    assert found.names == ("(Intercept)", "L(y, 1)", "abs(y)")


def test_a_table_of_another_package_is_named():
    polars = pytest.importorskip("polars")
    with pytest.raises(panel.errors.DataError, match=r"not polars\.DataFrame"):
        panel.ols("y ~ x", polars.from_pandas(TABLE), unit="i", time="t")
