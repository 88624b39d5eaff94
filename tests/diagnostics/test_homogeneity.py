"""Pesaran and Yamagata's test against its definition, and in simulations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.diagnostics.homogeneity import pesaran_yamagata
from panel.errors import EstimationError

CASES = ("grunfeld", "produc")


def _delta(m: panel.Estimate, columns: list[str]) -> tuple[float, float]:
    """Delta and adjusted delta with an equation for each region, balanced panels."""
    table = m.design.frame.table.iloc[m.design.rows]
    y, x = m.design.y, pd.DataFrame(m.design.X, columns=list(m.names))[columns].to_numpy()
    codes = m.design.groups(m.design.frame.unit)
    parts, k = [], len(columns)
    for i in range(codes.max() + 1):
        own = codes == i
        xi, yi = x[own] - x[own].mean(axis=0), y[own] - y[own].mean()
        parts.append((xi, yi))
    xx, xy = sum(x.T @ x for x, _ in parts), sum(x.T @ y for x, y in parts)
    within = np.linalg.solve(xx, xy)
    s2 = [np.sum((y - x @ within) ** 2) / (len(y) - 1) for x, y in parts]
    weighted = np.linalg.solve(
        sum(x.T @ x / s for (x, _), s in zip(parts, s2, strict=True)),
        sum(x.T @ y / s for (x, y), s in zip(parts, s2, strict=True)),
    )
    swamy = 0.0
    for (xi, yi), s in zip(parts, s2, strict=True):
        apart = np.linalg.solve(xi.T @ xi, xi.T @ yi) - weighted
        swamy += apart @ (xi.T @ xi / s) @ apart
    n, t = len(parts), len(table) // len(parts)
    root = np.sqrt(n) * (swamy / n - k)
    return root / np.sqrt(2 * k), root / np.sqrt(2 * k * (t - k - 1) / (t + 1))


@pytest.mark.parametrize("case", CASES)
def test_is_its_definition_with_an_equation_for_each_region(case, frame, formula):
    data = frame(case)
    m = panel.ols(f"{formula[case]} | {data.unit}", data)
    delta, adjusted = _delta(m, list(m.names))
    result = pesaran_yamagata(m)
    assert result.details["statistic"].to_list() == pytest.approx([delta, adjusted], rel=1e-8)
    assert result.statistic == pytest.approx(adjusted, rel=1e-8)
    pooled = pesaran_yamagata(panel.pooled(formula[case], data))
    assert pooled.statistic == pytest.approx(result.statistic, rel=1e-8)


def test_scales_and_levels_do_not_matter(frame):
    data = frame("grunfeld")
    moved = data.assign(value=1e-6 * data["value"], capital=1e6 + data["capital"])
    one, other = (panel.ols("inv ~ value + capital | firm", d) for d in (data, moved))
    # Numbers around a million with a spread of a hundred lose four digits.
    assert pesaran_yamagata(other).statistic == pytest.approx(
        pesaran_yamagata(one).statistic, rel=1e-8
    )


def _simulated(draw: np.random.Generator, spread: float) -> panel.Estimate:
    n, t = 30, 12
    table = pd.DataFrame({"i": np.repeat(range(n), t), "t": np.tile(range(t), n)})
    table["x"], table["z"] = draw.normal(size=n * t), draw.normal(size=n * t)
    table["policy"] = ((table.i % 3 > 0) & (table.t > 5)).astype(float)  # a third never has it
    slope = np.repeat(1 + spread * draw.normal(size=n), t)
    scale = np.repeat(draw.uniform(0.5, 2, n), t)
    table["y"] = slope * table.x + table.policy + table.i + scale * draw.normal(size=n * t)
    table = table[draw.uniform(size=n * t) >= 0.2]
    return panel.ols("y ~ x + z + policy | i", table, unit="i", time="t")


def test_size_and_power_with_gaps_and_a_regressor_some_regions_lack():
    draw = np.random.default_rng(8)
    null = [pesaran_yamagata(_simulated(draw, 0.0)) for _ in range(40)]
    # 2 of 40 expected, standard deviation 1.4.
    assert sum(r.rejects() for r in null) <= 7
    assert abs(np.mean([r.statistic for r in null])) < 0.64  # four standard errors of 1/6.3
    other = [pesaran_yamagata(_simulated(draw, 0.8)) for _ in range(10)]
    assert sum(r.rejects() for r in other) >= 8


def test_short_regions_are_left_out(unbalanced):
    short = unbalanced.rows(lambda t: ((t.u != 3) | (t.t < 2004)).to_numpy())
    assert "1 us left out" in pesaran_yamagata(panel.ols("y ~ x + z | u", short)).notes[0]


def test_what_cannot_be_tested_is_refused(unbalanced):
    with pytest.raises(EstimationError, match="vary within us"):
        pesaran_yamagata(panel.pooled("y ~ zone", unbalanced))
    with pytest.raises(EstimationError, match="vary within us"):
        pesaran_yamagata(panel.pooled("y ~ 1", unbalanced))
    short = unbalanced.rows(lambda t: (t.t < 2004).to_numpy())
    with pytest.raises(EstimationError, match="at least 5 rows"):
        pesaran_yamagata(panel.ols("y ~ x + z + w | u", short))
    with pytest.raises(EstimationError, match="transformed"):
        pesaran_yamagata(panel.random_effects("y ~ x", unbalanced))
