"""Panel-corrected errors against R sandwich and their definition."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import panel
from panel.inference.pcse import pcse

GRUNFELD = "inv ~ value + capital"
PRODUC = "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp"
STORED = Path(__file__).parents[1] / "reference" / "fgls.json"


@pytest.fixture(scope="module")
def cut(frame):
    """Produc without some states' later years."""
    whole = frame("Produc")
    number = pd.factorize(whole["state"], sort=True)[0] + 1
    return whole.rows((whole["year"] <= 1986 - number % 5).to_numpy())


@pytest.mark.parametrize("missing", ["casewise", "pairwise"])
@pytest.mark.parametrize("name", ["Grunfeld", "cut"])
def test_agrees_with_sandwich(name, missing, frame, cut):
    data, formula = (cut, PRODUC) if name == "cut" else (frame(name), GRUNFELD)
    key = f"pcse_cut_produc_{missing}" if name == "cut" else "pcse_grunfeld"
    expected = json.loads(STORED.read_text())[key]
    estimate = panel.pooled(formula, data, vcov=pcse(missing))
    np.testing.assert_allclose(estimate.coef, expected["coef"], rtol=1e-8)
    np.testing.assert_allclose(estimate.bse, np.sqrt(np.diag(expected["vcov"])), rtol=1e-8)
    np.testing.assert_allclose(estimate.cov.matrix, expected["vcov"], rtol=1e-7)


def test_absorbed_effects_give_the_errors_of_dummies(frame):
    data = frame("Grunfeld")
    absorbed = panel.ols(GRUNFELD + " | firm", data, vcov=pcse())
    dummies = panel.pooled(GRUNFELD + " + i(firm, ref=1)", data, vcov=pcse())
    np.testing.assert_allclose(absorbed.bse, dummies.bse[["value", "capital"]], rtol=1e-9)


def test_linear_combinations_and_other_estimators(frame):
    data = frame("Grunfeld")
    estimate = panel.pooled(GRUNFELD, data, vcov=pcse())
    total = estimate.map(np.array([[0.0, 1.0, 1.0]]), ["sum"])
    expected = estimate.cov.matrix[1:, 1:].sum()
    assert total.bse["sum"] ** 2 == pytest.approx(expected, rel=1e-9)
    with pytest.raises(panel.errors.VcovError, match="defined for least squares"):
        panel.fama_macbeth(GRUNFELD, data, vcov=pcse()).bse  # noqa: B018


def test_says_what_it_cannot_do(frame):
    with pytest.raises(panel.errors.VcovError, match="casewise"):
        pcse("listwise")
    split = frame("Produc").rows(lambda t: (t["year"] < 1978) == (t["state"] < "M"))
    estimate = panel.pooled(PRODUC, split)
    for missing, said in (
        ("casewise", "no year that all"),
        ("pairwise", "without a year in common"),
    ):
        with pytest.raises(panel.errors.VcovError, match=said):
            estimate.with_vcov(pcse(missing)).bse  # noqa: B018
