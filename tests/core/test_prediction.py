"""Predictions and fixed effects, where they exist and where they do not."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import DataError, EstimationError


@pytest.fixture
def apart() -> pd.DataFrame:
    """Two blocks of regions that no year connects; the last region of the first misses 2012."""
    draw = np.random.default_rng(1)
    keys = [(f"a{i}", 2010 + t) for i in range(3) for t in range(3)]
    keys += [(f"b{i}", 2020 + t) for i in range(3) for t in range(3)]
    data = pd.DataFrame(keys, columns=["unit", "year"])
    data["x"], data["y"] = draw.normal(size=(2, len(data)))
    return data[(data.unit != "a2") | (data.year != 2012)]


def rows(*keys: tuple[str, int]) -> pd.DataFrame:
    return pd.DataFrame(keys, columns=["unit", "year"]).assign(x=0.5).set_index(["unit", "year"])


def test_effects_that_were_never_met_together_give_no_prediction(apart):
    m = panel.ols("y ~ x | unit + year", apart, unit="unit", time="year")
    known, unknown = [("a0", 2011), ("a2", 2012)], [("a0", 2021), ("b1", 2010), ("c", 2010)]
    predicted = m.predict(rows(*known, *unknown))
    assert predicted[known].notna().all()
    assert predicted[unknown].isna().all()
    # Dummies of the connected block alone give what can be known.
    block = apart[apart.unit.str.startswith("a")]
    x = np.column_stack([
        block.x, pd.get_dummies(block.unit).to_numpy(float),
        pd.get_dummies(block.year).to_numpy(float)[:, 1:],
    ])  # fmt: skip
    effects = np.linalg.lstsq(x[:, 1:], block.y - m.params["x"] * block.x, rcond=None)[0]
    expected = 0.5 * m.params["x"] + effects[2] + effects[4]
    assert predicted["a2", 2012] == pytest.approx(expected, rel=1e-10)


def test_one_fixed_effect_is_always_known(apart):
    m = panel.ols("y ~ x | unit", apart, unit="unit", time="year")
    assert m.predict(rows(("a0", 2021), ("b1", 1999))).notna().all()


def test_three_fixed_effects(apart):
    data = apart.assign(zone=np.where(apart.unit.isin(["a0", "b0", "b1"]), "n", "s"))
    new = rows(("a0", 2011), ("a0", 2021)).assign(zone="n")
    m = panel.ols("y ~ x | unit + year + zone", data, unit="unit", time="year")
    assert m.predict(new).notna().tolist() == [True, False]
    # A zone of both blocks connects them where regions are no effects of their own.
    m = panel.ols("y ~ x | year + zone", data, unit="unit", time="year")
    assert m.predict(new).notna().all()


def test_combinations_of_coefficients_have_no_effects_and_predictions(apart):
    m = panel.ols("y ~ x | unit", apart, unit="unit", time="year")
    doubled = m.map(np.array([[2.0]]), ["x"])  # the same name, another number
    for ask in (doubled.fixed_effect_values, doubled.predict, lambda: doubled.predict(rows())):
        with pytest.raises(EstimationError, match="combinations"):
            ask()
    assert doubled.mapped
    assert not m.with_vcov("hetero").mapped


def test_the_response_survives_pickling(apart):
    counts = apart.assign(y=np.arange(len(apart)) % 4)
    m = panel.poisson("y ~ x", counts, unit="unit", time="year")
    again = pickle.loads(pickle.dumps(m))
    assert again.response == m.response
    np.testing.assert_array_equal(again.response.mean(np.zeros(2)), [1.0, 1.0])


def test_rows_to_predict_are_a_table(apart):
    m = panel.ols("y ~ x | unit", apart, unit="unit", time="year")
    with pytest.raises(DataError, match="PanelFrame or a pandas DataFrame, not dict"):
        m.predict({"x": 1.0})
