"""Densities: bandwidths as R's, mass one, and conditional densities with known answers."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import panel
from panel.inequality.densities import densities, stochastic_kernel
from panel.kernels.densities import BANDWIDTHS, density

STORED = json.loads((Path(__file__).parents[1] / "reference" / "densities.json").read_text())


@pytest.mark.parametrize("data", STORED)
def test_bandwidths_are_those_of_r(data):
    x = np.array(STORED[data]["x"], dtype=float)
    for rule in ("silverman", "scott"):
        assert BANDWIDTHS[rule](x) == pytest.approx(STORED[data][rule], rel=1e-12)
    # R sums over 50,000 bins and rounds two of the constants as here.
    found = BANDWIDTHS["sheather_jones"](x)
    assert found == pytest.approx(STORED[data]["sheather_jones"], rel=1e-4)


def test_few_and_repeated_values_have_bandwidths():
    for x in ([1.0, 2.0], [1.0, 2.0, 7.0], [0.0, 0.0, 0.0, 5.0], [1.0, 1.0, 2.0, 2.0]):
        assert all(0 < rule(np.array(x)) < 5 for rule in BANDWIDTHS.values())


def test_density_is_a_mean_of_normal_densities():
    x = np.array(STORED["geyser"]["x"])
    found = density(np.array([1, 2.5, 4]), x, np.ones(len(x)), BANDWIDTHS["silverman"](x), None)
    np.testing.assert_allclose(found, STORED["geyser"]["density"], rtol=1e-12)


def test_every_year_has_mass_one_on_one_grid(frame):
    for settings in ({}, {"bandwidth": "scott"}, {"bandwidth": 0.4}, {"weights": "people"}):
        found = densities(frame, "y", points=2000, **settings)
        mass = np.trapezoid(found.df, found.df.index, axis=0)
        np.testing.assert_allclose(mass, 1, atol=0.002)  # 0.1 percent beyond three bandwidths
        assert found.df.columns.tolist() == [2001, 2002, 2003, 2004, 2005]
    assert found.bandwidths.index.tolist() == found.df.columns.tolist()


def test_reflection_at_a_bound_keeps_the_mass(frame):
    plain = densities(frame, "y", points=4000)
    assert any("below zero: consider lower=0" in note for note in plain.notes)
    found = densities(frame, "y", points=4000, lower=0)
    assert found.df.index[0] == 0
    np.testing.assert_allclose(np.trapezoid(found.df, found.df.index, axis=0), 1, atol=0.002)
    h, x = found.bandwidths[2003], frame["y"].xs(2003, level="year").to_numpy()
    assert found.df.loc[0, 2003] == pytest.approx(2 * stats.norm.pdf(x / h).mean() / h)
    with pytest.raises(panel.errors.DataError, match="below 5 for r00"):
        densities(frame, "y", lower=5)


def test_weights_are_repetitions(frame):
    one = densities(frame.assign(w=[2.0] * len(frame)), "y", weights="w")
    np.testing.assert_allclose(one.df, densities(frame, "y").df, rtol=1e-12)
    heavy = frame.assign(w=np.where(frame.unit_codes == 3, 1e9, 1.0))
    found = densities(heavy, "y", weights="w")
    alone = frame["y"]["r03", 2002]
    grid = found.df.index.to_numpy()
    assert abs(grid[found.df[2002].argmax()] - alone) <= np.diff(grid)[0]


def test_stochastic_kernel_rows_are_densities_and_follow_the_calendar(frame):
    found = stochastic_kernel(frame, "y", step=2, points=300)
    assert len(found.moves) == 24 * 3
    start = found.moves.loc[("r05", 2002)]
    assert start.tolist() == [frame["y"]["r05", 2002], frame["y"]["r05", 2004]]
    inside = np.trapezoid(found.df, found.df.columns.astype(float), axis=1)
    assert (inside < 1.0001).all()
    assert (inside > 0.5).all()  # the grid ends at the outermost values
    # One cell by its definition.
    h, k = found.bandwidths
    x, y = found.df.index[10], found.df.columns[20]
    near = stats.norm.pdf((x - found.moves.now) / h)
    expected = (near * stats.norm.pdf((y - found.moves.later) / k) / k).sum() / near.sum()
    assert found.df.iloc[10, 20] == pytest.approx(expected, rel=1e-10)


def test_stochastic_kernel_of_an_autoregression():
    draw = np.random.default_rng(0)
    now = draw.normal(size=4000)
    table = pd.DataFrame({"u": [*range(4000)] * 2, "t": np.repeat([1, 2], 4000)})
    table["y"] = np.concatenate([now, 0.6 * now + 0.8 * draw.normal(size=4000)])
    found = stochastic_kernel(panel.PanelFrame.from_pandas(table, "u", "t"), "y", points=200)
    later = found.df.columns.to_numpy(dtype=float)
    rows = found.df.iloc[[80, 100, 120]]
    means = np.trapezoid(rows * later, later, axis=1) / np.trapezoid(rows, later, axis=1)
    # A mean of about 4000 * 0.4 * h = 250 values has an error of 0.05.
    np.testing.assert_allclose(means, 0.6 * rows.index.to_numpy(), atol=0.15)


def test_tidy_shown_and_pickled(frame):
    found, moving = densities(frame, "y", points=50), stochastic_kernel(frame, "y", points=20)
    assert found.tidy().columns.tolist() == ["year", "x", "density"]
    assert len(found.tidy()) == 5 * 50
    assert len(moving.tidy()) == 400
    for one in (found, moving):
        assert len(str(one).splitlines()) < 20  # not the grid
        assert max(map(len, str(one).splitlines())) < 100
        assert "of y" in str(one)
        assert "Gaussian kernel" in one._repr_html_()
        pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(one)).df, one.df)


def test_says_what_is_wrong(frame):
    error = panel.errors.DataError
    with pytest.raises(error, match="'silvermann' is not known"):
        densities(frame, "y", bandwidth="silvermann")
    with pytest.raises(error, match="must be positive, not -1"):
        densities(frame, "y", bandwidth=-1)
    with pytest.raises(error, match="two points"):
        densities(frame, "y", points=1)
    constant = frame.assign(one=[2.0] * len(frame))
    for rule in BANDWIDTHS:
        with pytest.raises(error, match="does not vary enough"):
            densities(constant, "one", bandwidth=rule)
    with pytest.raises(panel.errors.CalendarError, match="that are 9 apart"):
        stochastic_kernel(frame, "y", step=9)
    with pytest.raises(panel.errors.CalendarError, match="whole number"):
        stochastic_kernel(frame, "y", step=0)
    with pytest.raises(error, match="two bandwidths, not 1"):
        stochastic_kernel(frame, "y", bandwidth=(1.0,))  # type: ignore[arg-type]


def test_what_is_shown_is_where_each_density_is_highest(frame):
    found = densities(frame, "y", points=50)
    at = found.df.idxmax()
    for year, x in at.items():
        line = next(one for one in str(found).splitlines() if one.startswith(str(year)))
        assert line.split()[1:3] == [f"{x:.5g}", f"{found.df[year].max():.5g}"]
