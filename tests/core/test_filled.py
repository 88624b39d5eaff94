"""Interpolated figures are counted wherever a model reads them, also by a lag or a change."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel


@pytest.fixture
def frame():
    """Six regions, eight years; x of region a in 2015 is interpolated."""
    draw = np.random.default_rng(3)
    keys = pd.MultiIndex.from_product([list("abcdef"), range(2011, 2019)], names=["region", "year"])
    table = pd.DataFrame({n: draw.normal(size=len(keys)) for n in ("x", "y", "z")}, index=keys)
    made = panel.PanelFrame.from_pandas(table, labels={"x": "Software"})
    return made.describe("x", filled=frozenset({("a", 2015)}))


@pytest.mark.parametrize(
    ("verb", "formula", "sample", "rows"),
    [
        (panel.ols, "y ~ x + z | region", None, 1),
        (panel.ols, "y ~ z | region", None, 0),
        (panel.ols, "y ~ L(x, 1) + z | region", "year >= 2016", 1),
        (panel.ols, "y ~ x + L(x, 1) | region", None, 2),
        (panel.ols, "y ~ x + L(x, 1) | region", "year <= 2014", 0),
        (panel.ols, "y ~ x:z | region + year", None, 1),
        (panel.first_difference, "y ~ x", None, 2),
    ],
)
def test_rows_that_rest_on_interpolated_figures(frame, verb, formula, sample, rows):
    estimate = verb(formula, frame, sample=sample)
    said = [n for n in estimate.notes if "interpolated" in n]
    if rows == 0:
        assert said == []
    else:
        counted = "1 row rests" if rows == 1 else f"{rows} rows rest"
        assert said == [f"Software: {counted} on interpolated figures."]


def test_a_blanked_cell_gives_the_same_count(frame):
    """What is counted is what would be lost without the interpolation."""
    formula = "y ~ x + L(x, 2) | region"
    blank = frame.assign(x=frame["x"].where(frame["x"].index != ("a", 2015)))
    lost = panel.ols(formula, frame).nobs - panel.ols(formula, blank).nobs
    assert lost == panel.ols(formula, frame).design.filled("x") == 2
