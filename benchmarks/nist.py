"""Digits of least squares that agree with NIST's certified values; prints docs/accuracy.md's table.

Usage: python benchmarks/nist.py

The log relative error -log10(|b - c| / |c|) is the number of leading digits that agree, at most 15;
the table has the smallest over all coefficients of a model (McCullough 1998, The American
Statistician 52). Where the certified value is 0, -log10(|b|) stands.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm

import panel

FOLDER = Path(__file__).parents[1] / "tests" / "reference" / "nist"
CERTIFIED = json.loads((FOLDER / "certified.json").read_text(encoding="utf-8"))
MODELS = {
    "norris": "y ~ x", "pontius": "y ~ poly(x, 2)", "noint1": "y ~ 0 + x", "noint2": "y ~ 0 + x",
    "longley": "y ~ x1 + x2 + x3 + x4 + x5 + x6", "filip": "y ~ poly(x, 10)",
    "wampler1": "y ~ poly(x, 5)", "wampler2": "y ~ poly(x, 5)", "wampler3": "y ~ poly(x, 5)",
    "wampler4": "y ~ poly(x, 5)", "wampler5": "y ~ poly(x, 5)",
}  # fmt: skip


def digits(found: np.ndarray, certified: list[float]) -> float:
    """Smallest log relative error, between 0 and 15."""
    exact = np.array(certified)
    error = np.abs(np.asarray(found) - exact) / np.where(exact == 0, 1.0, np.abs(exact))
    return float(np.clip(-np.log10(np.maximum(error, 1e-15)), 0, 15).min())


def main() -> None:
    print("| Data set | coefficients | standard errors | statsmodels OLS: coefficients |")
    print("|---|---|---|---|")
    for name, formula in MODELS.items():
        table = pd.read_csv(FOLDER / f"{name}.csv").astype(float)
        ours = panel.ols(
            formula, table.assign(row=range(len(table)), year=0), unit="row", time="year"
        )
        theirs = sm.OLS(ours.design.y, ours.design.X).fit()
        certified = CERTIFIED[name]
        print(
            f"| {name.capitalize()} | {digits(ours.coef, certified['estimate']):.1f} "
            f"| {digits(ours.bse, certified['error']):.1f} "
            f"| {digits(theirs.params, certified['estimate']):.1f} |"
        )


if __name__ == "__main__":
    main()
