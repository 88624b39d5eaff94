"""Intervals hold the truth as often as they say: the stored study, and a fresh sample of it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

FOLDER = Path(__file__).parents[2] / "analyses" / "coverage"


@pytest.fixture(scope="module")
def simulate():
    spec = importlib.util.spec_from_file_location("simulate", FOLDER / "simulate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def stored() -> pd.Series:
    table = pd.read_csv(FOLDER / "coverage.csv")
    return table.set_index(["design", "regions", "method"])["coverage"]


def of(stored: pd.Series, design: str, *methods: str) -> pd.Series:
    return stored[design].loc[pd.IndexSlice[:, list(methods)]]


@pytest.mark.parametrize("method", ["CR2", "CR3", "Wild"])
@pytest.mark.parametrize("regions", [10, 31, 100])
def test_few_clusters_are_no_matter_for_what_is_made_for_them(stored, regions, method):
    # Four standard errors of 2,000 samples, 0.0195.
    assert stored["serial", regions, method] == pytest.approx(0.95, abs=0.02)


def test_plain_errors_are_too_small_where_errors_persist(stored):
    assert (of(stored, "serial", "iid", "HC1", "Driscoll-Kraay") < 0.9).all()


def test_only_bell_and_mccaffrey_hold_with_three_treated_regions(stored):
    assert (of(stored, "few", "CR2") > 0.94).all()
    assert stored["few", 100, "CR1"] < 0.85 < stored["few", 100, "Wild"]


def test_a_sample_is_the_same_again(simulate):
    pd.testing.assert_frame_equal(simulate.sample("few", 10, 7), simulate.sample("few", 10, 7))
    assert simulate.covered(("few", 10, 7)) == simulate.covered(("few", 10, 7))


@pytest.mark.slow
def test_fresh_samples_cover_as_the_stored_ones(simulate, stored):
    found = pd.DataFrame([simulate.covered(("serial", 10, j)) for j in range(2000, 2300)]).mean()
    for method in ("CR1", "CR2", "CR3", "Wild"):
        # Four standard errors of 300 samples.
        assert found[method] == pytest.approx(stored["serial", 10, method], abs=0.055)
