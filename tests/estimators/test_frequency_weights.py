"""A row of frequency weight n is n equal rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import DataError, EstimationError, VcovError


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    draw = np.random.default_rng(5)
    rows = pd.DataFrame({"i": np.repeat(np.arange(8), 6), "t": np.tile(np.arange(6), 8)})
    n = len(rows)
    rows["x"], rows["z"] = draw.normal(size=(2, n))
    rows["y"] = rows.x + draw.normal(size=8)[rows.i] + draw.normal(size=n)
    # As many repeated rows as left out: the number alone does not tell them from all rows once.
    rows["n"] = np.tile([0.0, 2.0], n // 2)
    rows["m"] = draw.integers(1, 5, n).astype(float)
    return rows


@pytest.mark.parametrize("weight", ["n", "m"])
@pytest.mark.parametrize("formula", ["y ~ x + z", "y ~ x + z | i + t", "y ~ x | i[z]"])
def test_is_the_same_as_repeated_rows(table, weight, formula):
    copies = table.loc[np.repeat(table.index, table[weight].astype(int))]
    copies = copies.assign(row=np.arange(len(copies)), i=copies.i.astype(float))
    plain = panel.ols(formula, copies, unit="row", time="t", singletons="keep")
    ours = panel.ols(
        formula, table, unit="i", time="t", weights=f"frequency({weight})", singletons="keep"
    )
    assert (ours.nobs, ours.df_resid, ours.method) == (len(copies), plain.df_resid, "OLS")
    for vcov in ("iid", "hetero", panel.hetero("HC3"), panel.cluster("i", kind="CR2")):
        tidy, expected = (m.with_vcov(vcov).tidy().iloc[:, 1:] for m in (ours, plain))
        np.testing.assert_allclose(tidy, expected, rtol=1e-9)


def test_formula_holds_them(table):
    spec = panel.parse("y ~ x; weights = frequency(m)")
    assert panel.parse(str(spec)) == spec
    by_formula = panel.ols(spec, table, unit="i", time="t")
    by_argument = panel.ols("y ~ x", table, unit="i", time="t", weights="frequency(m)")
    assert by_formula.params.equals(by_argument.params)


def test_fractions_are_refused(table):
    with pytest.raises(DataError, match="whole number") as caught:
        panel.ols("y ~ x", table, unit="i", time="t", weights="frequency(m / 3)")
    assert caught.value.variable == "frequency(m / 3)"
    assert "analytic" in caught.value.remedy


def test_a_row_that_stands_for_several_is_not_alone(table):
    rows = table.iloc[:-5].assign(n=1.0)  # one of the last region is left
    for count, used in ((1.0, 42), (3.0, 45)):
        rows.loc[rows.index[-1], "n"] = count
        weighted = panel.ols("y ~ x | i", rows, unit="i", time="t", weights="frequency(n)")
        assert weighted.nobs == used


def test_more_rows_than_fit_are_refused(table):
    with pytest.raises(DataError, match=r"add up to 9.6e\+10 rows"):
        panel.ols("y ~ x", table, unit="i", time="t", weights="frequency(n * 2000000000)")


def test_what_needs_one_row_a_year_says_so(table):
    estimate = panel.ols("y ~ x | i", table, unit="i", time="t", weights="frequency(m)")
    for vcov in (panel.newey_west(), panel.pcse()):
        with pytest.raises(VcovError, match=r"frequency\(m\) repeats them"):
            _ = estimate.with_vcov(vcov).bse
    for test in (panel.pesaran_yamagata, panel.born_breitung, panel.pesaran_cd):
        with pytest.raises(EstimationError, match="with weights"):
            test(estimate)


def test_agrees_with_pyfixest(table):
    pf = pytest.importorskip("pyfixest")
    used = table[table.m > 0]
    theirs = pf.feols("y ~ x + z | i", used, weights="m", weights_type="fweights", vcov="iid")
    ours = panel.ols("y ~ x + z | i", used, unit="i", time="t", weights="frequency(m)")
    np.testing.assert_allclose(ours.params, theirs.coef(), rtol=1e-9)
    np.testing.assert_allclose(ours.bse, theirs.se(), rtol=1e-8)
