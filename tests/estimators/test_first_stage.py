"""First stages without a peer; tests/diagnostics/test_iv_against_ivreg2.py has the peers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.estimators.first_stage import first_stage
from panel.estimators.iv import iv
from panel.estimators.ols import ols


@pytest.fixture(scope="module")
def data() -> panel.PanelFrame:
    draw = np.random.default_rng(11)
    table = pd.DataFrame(
        [(f"r{i}", 2000 + t) for i in range(12) for t in range(8)], columns=["region", "year"]
    )
    for name in ("z1", "z2", "z3", "x", "u"):
        table[name] = draw.normal(size=len(table))
    table["w"] = draw.uniform(0.5, 2, size=len(table))
    table["zone"] = np.where(table.index < 48, "East", "West")
    table["d1"] = table.z1 + 0.5 * table.z2 + table.u + draw.normal(size=len(table))
    table["d2"] = table.z2 - table.z3 + draw.normal(size=len(table))
    table["y"] = table.d1 - table.d2 + table.x + table.u
    return panel.PanelFrame.from_pandas(table, "region", "year")


TWO = "y ~ x | region + year | d1 + d2 ~ z1 + z2 + z3"


@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize("vcov", [panel.iid(), panel.cluster("region"), panel.hetero("HC3")])
def test_each_is_least_squares_on_all_instruments(vcov, weights, data):
    found = first_stage(iv(TWO, data, weights=weights).with_vcov(vcov))
    for name, stage in zip(("d1", "d2", "y"), (*found.estimates, found.reduced_form), strict=True):
        other = ols(f"{name} ~ z1 + z2 + z3 + x | region + year", data, vcov=vcov, weights=weights)
        assert stage.names == other.names
        np.testing.assert_allclose(stage.coef, other.coef, rtol=1e-10)
        np.testing.assert_allclose(stage.bse, other.bse, rtol=1e-10)
        assert stage.rsquared == pytest.approx(other.rsquared, rel=1e-12)
        assert stage.depvar == name


def test_the_reduced_form_is_first_stages_times_slopes_when_exactly_identified(data):
    estimate = iv("y ~ x | region | d1 + d2 ~ z1 + z2", data)
    found = first_stage(estimate)
    slopes = sum(
        estimate.params[n] * e.params for n, e in zip(("d1", "d2"), found.estimates, strict=True)
    )
    reduced = found.reduced_form.params
    np.testing.assert_allclose(reduced[["z1", "z2"]], slopes[["z1", "z2"]], rtol=1e-10)


def test_the_conditional_f_sees_that_regressors_are_not_told_apart(data):
    alike = data.assign(d2=data["d1"] + data["w"])
    table = first_stage(iv(TWO, alike)).table
    assert (table["F"] > 9).all()
    assert (table["conditional F"] < 2).all()
    assert (table["conditional p_value"] > 0.05).all()
    assert list(table["conditional df"]) == [2, 2]


def test_dummies_times_a_regressor_have_first_stages_that_print(data):
    found = first_stage(iv("y ~ x | region | i(zone):d1 ~ i(zone):z1 + z2", data))
    assert list(found.table.index) == ["zone::East:d1", "zone::West:d1"]
    assert "zone::East:z1" in str(found.estimates[0])
    assert "conditional F" in str(found)
    assert "<table" in found._repr_html_()


def test_says_what_it_cannot_do(data):
    with pytest.raises(panel.errors.FormulaError, match="The model has no instruments"):
        first_stage(ols("y ~ d1 | region", data))
