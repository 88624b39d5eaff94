"""Binned scatter plots by binsreg, the package of Cattaneo, Crump, Farrell and Feng.

Run ``python tests/reference/binned_scatter.py`` with binsreg installed; writes binned_scatter.json.
Formulas are those of tests/figures/test_binscatter.py, on the shipped panel of China.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from binsreg import binsreg

import panel


def main() -> None:
    data = panel.load("china").data.reset_index()
    used = ["province", "year", "industry_va", "digital_index", "population", "structure"]
    data = data[used].dropna()
    data = data.assign(y=np.log(data["industry_va"]), people=np.log(data["population"]))
    years = pd.get_dummies(data["year"], prefix="year", drop_first=True, dtype=float)
    data = pd.concat([data, years], axis=1)
    cases = {
        "y ~ x": [],
        "y ~ x + controls": ["people", "structure"],
        "y ~ x + control | year": ["people", *years.columns],
    }
    found = {"binsreg": version("binsreg")}
    for name, controls in cases.items():
        result = binsreg(
            "y", "digital_index", w=controls or None, data=data, nbins=10, line=None, noplot=True
        )
        dots = result.data_plot[0].dots
        found[name] = {"x": dots["x"].tolist(), "y": dots["fit"].tolist()}
    target = Path(__file__).with_suffix(".json")
    target.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
