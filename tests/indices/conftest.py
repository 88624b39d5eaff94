"""What the tests of indices share: small panels, and the Technology Achievement Index."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import panel

HERE = Path(__file__).parents[1] / "reference" / "indices"


@pytest.fixture(scope="session")
def peers() -> dict:
    """Frozen output of other packages: see tests/reference/indices/peers.py."""
    return json.loads((HERE / "peers.json").read_text())


@pytest.fixture(scope="session")
def rotation() -> dict:
    """Frozen output of R: see tests/reference/indices/rotation.R."""
    return json.loads((HERE / "rotation.json").read_text())


@pytest.fixture(scope="session")
def tai() -> panel.PanelFrame:
    """Indicators of the Technology Achievement Index for 23 countries, from table A.2 of OECD and
    JRC (2008), Handbook on Constructing Composite Indicators."""
    table = pd.read_csv(HERE / "tai.csv").assign(year=2000)
    return panel.PanelFrame.from_pandas(table, "country", "year")


@pytest.fixture(scope="session")
def rows(tai) -> list[int]:
    """Where each row of the panel, sorted, stands in the file, whose order the peers keep."""
    file = list(pd.read_csv(HERE / "tai.csv").country)
    return [file.index(name) for name in tai.table.index.get_level_values(0)]


@pytest.fixture(scope="session")
def directions(tai) -> dict[str, str]:
    """Those of the peers: less is taken to be better for exports and schooling."""
    return {v: "-" if v in ("exports", "schooling") else "+" for v in tai.names}


@pytest.fixture
def small():
    """A panel of some columns: two years a unit."""

    def make(**columns) -> panel.PanelFrame:
        n = len(next(iter(columns.values())))
        keys = {"unit": [f"u{i // 2}" for i in range(n)], "year": [i % 2 for i in range(n)]}
        return panel.PanelFrame.from_pandas(pd.DataFrame(keys | columns), "unit", "year")

    return make


@pytest.fixture
def wide(small) -> panel.PanelFrame:
    """Twenty units, two years, three positive indicators."""
    draw = np.random.default_rng(0)
    return small(**{n: draw.gamma(2, size=40) for n in "abc"})
