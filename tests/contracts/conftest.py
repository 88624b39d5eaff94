"""Every public estimator and covariance, found by what it is annotated to return.

A new verb is tested as soon as it is exported: the fixtures ``verb`` and ``name`` run each test
once for every estimator and every covariance.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np
import pandas as pd
import pytest

import panel

# Arguments that a verb asks for beside formula and frame.
REQUIRED: dict[str, dict[str, Any]] = {
    "long_difference": {"periods": 2},
    "hausman_taylor": {"endogenous": "x"},
}
# What a covariance needs to be told to work on the data below.
SETTINGS: dict[str, dict[str, Any]] = {
    "conley": {"cutoff_km": 500, "lat": "lat", "lon": "lon"},
    "pcse": {"missing": "pairwise"},  # its regions have hardly a year in common that all have
}
# Verbs for which the order of years matters: theirs are changes against an earlier year.
CALENDAR = {"first_difference", "long_difference"}
# Verbs whose coefficients are not linear in the outcome, and what they model.
NONLINEAR = {"poisson", "logit"}
FORMULA = "y ~ x + log(z)"
FORMULAS = {
    "iv": "y ~ log(z) | 0 | x ~ q + q2",
    "poisson": "count ~ x + log(z)",
    "logit": "yes ~ x + log(z) | unit",
}


def functions() -> dict[str, FunctionType]:
    """Public functions by name."""
    found = {name: getattr(panel, name) for name in panel.__all__}
    return {name: f for name, f in found.items() if isinstance(f, FunctionType)}


def returned(function: FunctionType) -> Any:
    """What the function is annotated to return: a class of its module, or the annotation."""
    text = function.__annotations__.get("return")
    return vars(inspect.getmodule(function)).get(text, text)


ESTIMATORS = {
    n: f
    for n, f in functions().items()
    if returned(f) is panel.Estimate and "formula" in inspect.signature(f).parameters
}
SEVERAL = {n: f for n, f in functions().items() if returned(f) == "tuple[Estimate, ...]"}
COVARIANCES = {
    n: f for n, f in functions().items() if {"needs", "settings"} <= set(dir(returned(f)))
}
# Ways to use instruments: values that say what they need and, unlike covariances, no settings.
METHODS = {
    n: f
    for n, f in functions().items()
    if "needs" in dir(returned(f)) and "settings" not in dir(returned(f))
}


@pytest.fixture(params=ESTIMATORS.values(), ids=ESTIMATORS)
def verb(request: pytest.FixtureRequest) -> FunctionType:
    """Each estimator."""
    return request.param


@pytest.fixture(params=sorted(set(ESTIMATORS) - CALENDAR))
def timeless(request: pytest.FixtureRequest) -> FunctionType:
    """Each estimator for which years are names only."""
    return ESTIMATORS[request.param]


@pytest.fixture(params=sorted(set(ESTIMATORS) - NONLINEAR))
def linear(request: pytest.FixtureRequest) -> FunctionType:
    """Each estimator whose coefficients are linear in the outcome."""
    return ESTIMATORS[request.param]


@pytest.fixture(params=SEVERAL.values(), ids=SEVERAL)
def several(request: pytest.FixtureRequest) -> FunctionType:
    """Each verb that returns several estimates."""
    return request.param


@pytest.fixture(params=METHODS.values(), ids=METHODS)
def method(request: pytest.FixtureRequest) -> Any:
    """Each method of instrumental variables."""
    return request.param()


@pytest.fixture(params=COVARIANCES.values(), ids=COVARIANCES)
def make(request: pytest.FixtureRequest) -> FunctionType:
    """Each function that makes a covariance."""
    return request.param


def _takes_variables(make: FunctionType) -> bool:
    return not {"variable", "variables"}.isdisjoint(inspect.signature(make).parameters)


@pytest.fixture(params=[n for n, f in COVARIANCES.items() if _takes_variables(f)])
def clustering(request: pytest.FixtureRequest) -> FunctionType:
    """Each function that makes a covariance of cluster variables."""
    return COVARIANCES[request.param]


@pytest.fixture
def vcov(make: FunctionType) -> Any:
    """Each covariance, one way where it takes variables."""
    variables = ("unit",) if _takes_variables(make) else ()
    return make(*variables, **SETTINGS.get(make.__name__, {}))


@pytest.fixture(scope="session")
def found() -> dict[str, set[str]]:
    """Names of the verbs that are tested."""
    kinds = {
        "estimators": ESTIMATORS, "several": SEVERAL, "covariances": COVARIANCES,
        "methods": METHODS,
    }  # fmt: skip
    return {kind: set(names) for kind, names in kinds.items()}


@pytest.fixture
def data() -> pd.DataFrame:
    """Unbalanced panel of 14 units and 8 years, shuffled, with gaps and unused columns."""
    draw = np.random.default_rng(0)
    keys = [(f"u{i:02d}", 2001 + t) for i in range(14) for t in range(8)]
    table = pd.DataFrame(keys, columns=["unit", "year"])
    n = len(table)
    table["zone"] = table.unit.str[1:].astype(int) % 5
    table["lat"], table["lon"] = table.zone * 2.0 + 30, table.unit.str[1:].astype(float) + 100
    table["x"], table["z"] = draw.normal(size=n), np.exp(draw.normal(size=n))
    table["w"] = draw.uniform(0.5, 2, n)
    effect = np.repeat(draw.normal(size=14), 8)
    table["y"] = 2 + table.x - 0.3 * np.log(table.z) + effect + draw.normal(size=n)
    table["q"], table["q2"] = table.x + draw.normal(size=n), draw.normal(size=n)
    table["count"] = draw.poisson(np.exp(0.3 * table.x + 0.5))
    table["yes"] = (table.y > 2).astype(float)
    table[[f"unused{j}" for j in range(30)]] = draw.normal(size=(n, 30))
    return table.sample(frac=0.85, random_state=0).reset_index(drop=True)


def _fit(verb: Callable[..., Any], data: Any, formula: str = "", **settings: Any) -> Any:
    formula = formula or FORMULAS.get(verb.__name__, FORMULA)
    keys = {} if isinstance(data, panel.PanelFrame) else {"unit": "unit", "time": "year"}
    return verb(formula, data, **keys, **REQUIRED.get(verb.__name__, {}), **settings)


@pytest.fixture(scope="session")
def fit() -> Callable[..., Any]:
    """Gives a verb's result on a flat table or a frame."""
    return _fit
