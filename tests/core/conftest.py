"""A small panel by hand, with text, gaps and a missing cell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel


@pytest.fixture
def table() -> pd.DataFrame:
    """Twelve provinces and eight years; ``zone`` is text, ``z`` misses a cell."""
    draw = np.random.default_rng(0)
    keys = [(f"p{i:02d}", 2010 + t) for i in range(12) for t in range(8)]
    data = pd.DataFrame(keys, columns=["province", "year"])
    n = len(data)
    data["zone"] = np.array(["East", "Central", "West"])[data.province.str[1:].astype(int) % 3]
    data["x"], data["z"] = draw.normal(size=n), draw.uniform(1, 2, n)
    data["w"] = draw.uniform(0.5, 2, n)
    data["treated"] = (data.zone == "West") & (data.year >= 2014)
    data["y"] = 1 + data.x - data.z + (data.zone == "East") + draw.normal(size=n)
    data.loc[5, "z"] = np.nan
    return data


@pytest.fixture
def frame(table: pd.DataFrame) -> panel.PanelFrame:
    return panel.PanelFrame.from_pandas(table, "province", "year")
