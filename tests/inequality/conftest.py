"""What these tests share: made-up panels of positive values, and stored output of peers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import panel

REFERENCE = Path(__file__).parents[1] / "reference"


@pytest.fixture(scope="session")
def peers() -> dict[str, Any]:
    """Output of tests/reference/pysal.py."""
    return json.loads((REFERENCE / "pysal.json").read_text())


@pytest.fixture(scope="session")
def frame() -> panel.PanelFrame:
    """24 regions in 6 provinces of 3 zones, 5 years; values above zero, people in each."""
    draw = np.random.default_rng(11)
    table = pd.DataFrame([(f"r{u:02d}", t) for u in range(24) for t in range(2001, 2006)],
                         columns=["region", "year"])  # fmt: skip
    number = table.region.str[1:].astype(int)
    table["zone"] = np.array(["East", "Central", "West"])[number % 3]
    table["province"] = "p" + (number % 6).astype(str)
    table["y"] = np.exp(0.3 * (number % 3) + draw.normal(scale=0.6, size=len(table)))
    table["people"] = draw.uniform(1, 9, len(table))
    return panel.PanelFrame.from_pandas(table, "region", "year")


@pytest.fixture(scope="session")
def china() -> panel.PanelFrame:
    """The shipped panel of provinces."""
    return panel.load("china")
