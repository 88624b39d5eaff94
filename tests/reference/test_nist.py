"""Least squares against the certified values of NIST's linear reference data sets."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import panel

FOLDER = Path(__file__).parent / "nist"
CERTIFIED = json.loads((FOLDER / "certified.json").read_text())

# Digits that agree with the certified ones, of estimates and of standard errors. Double precision
# has 16; a set costs as many as its condition number has (and, where residuals are large as in
# Wampler 4 and 5, up to twice as many for the estimates). Filip's polynomial of tenth degree has a
# condition number of 5e9 after scaling: the normal equations, which square it, keep nothing, and
# many programs drop a column. Its seventh digit moves with the order in which a processor adds up.
DIGITS = {
    "norris": ("y ~ x", 12, 13), "pontius": ("y ~ poly(x, 2)", 11, 12),
    "noint1": ("y ~ 0 + x", 14, 14), "noint2": ("y ~ 0 + x", 14, 14),
    "filip": ("y ~ poly(x, 10)", 6.7, 6.7),
    "longley": ("y ~ x1 + x2 + x3 + x4 + x5 + x6", 10, 12),
    "wampler1": ("y ~ poly(x, 5)", 9, 9), "wampler2": ("y ~ poly(x, 5)", 12, 12),
    "wampler3": ("y ~ poly(x, 5)", 9, 13), "wampler4": ("y ~ poly(x, 5)", 7, 13),
    "wampler5": ("y ~ poly(x, 5)", 5, 13),
}  # fmt: skip


def fit(name: str) -> panel.Estimate:
    table = pd.read_csv(FOLDER / f"{name}.csv").astype(float)
    table = table.assign(row=range(len(table)), year=0)
    return panel.ols(DIGITS[name][0], table, unit="row", time="year")


@pytest.mark.parametrize("name", DIGITS)
def test_certified_digits(name):
    certified = CERTIFIED[name]
    exact = not certified["sigma"]
    with pytest.warns(panel.PanelWarning, match="without an error") if exact else nullcontext():
        estimate = fit(name)
    _, digits, error_digits = DIGITS[name]
    assert len(estimate.coef) == len(certified["estimate"])  # no column was dropped
    np.testing.assert_allclose(estimate.coef, certified["estimate"], rtol=10.0**-digits)
    errors = estimate.bse.to_numpy()
    # Where the fit is exact, the certified errors are 0, and what remains is rounding.
    limits = {"atol": 10.0**-error_digits} if exact else {"rtol": 10.0**-error_digits}
    np.testing.assert_allclose(errors, certified["error"], **({"rtol": 0.0} | limits))
    np.testing.assert_allclose(estimate.stats["sigma"], certified["sigma"], **limits)
    assert estimate.rsquared == pytest.approx(certified["rsquared"], rel=1e-9)
