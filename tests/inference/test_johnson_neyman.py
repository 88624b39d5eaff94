"""Johnson-Neyman bounds: exact roots, checked by the t statistic there and by arithmetic."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import panel
from panel.core.vcov import Cov
from panel.errors import DataError, EstimationError


@pytest.fixture(scope="module")
def frame() -> panel.PanelFrame:
    draw = np.random.default_rng(2)
    keys = pd.MultiIndex.from_product(
        [[f"p{i:02d}" for i in range(15)], range(2010, 2018)], names=["province", "year"]
    )
    table = pd.DataFrame({"x": draw.normal(size=120), "z": draw.uniform(0, 10, 120)}, keys)
    table["s"] = np.exp(table.z / 5)
    table["y"] = table.x * (0.2 * table.z - 0.8) + draw.normal(size=120)
    return panel.PanelFrame.from_pandas(table, "province", "year")


class Fixed:
    """A covariance as given."""

    needs, settings = (), {}

    def __init__(self, matrix, df):
        self.matrix, self.df = matrix, df

    def __call__(self, _estimate):
        return Cov(np.asarray(self.matrix, dtype=float), self.df, "given")


@pytest.mark.parametrize("vcov", [panel.iid(), panel.hetero(), panel.cluster("province")])
@pytest.mark.parametrize("formula", ["y ~ x*z | province + year", "y ~ x*z", "y ~ x + x:z | year"])
def test_the_effect_is_just_significant_at_the_bounds(formula, vcov, frame):
    m = panel.ols(formula, frame, vcov=vcov)
    found = panel.johnson_neyman(m, "x", "z")
    assert found.bounds
    for z in found.bounds:
        effect = panel.linear(m, f"x + {z!r}*`x:z`")
        assert effect.pvalues.iloc[0] == pytest.approx(0.05, rel=1e-8)
    curve = found.curve(31)
    low, high = frame["z"].min(), frame["z"].max()
    assert len(curve) == 31 + sum(low < b < high for b in found.bounds)
    at = curve.moderator.iloc[7]
    effect = panel.slopes(m, "x", at={"z": at})
    row = curve.iloc[7][["effect", "std_error", "conf_low", "conf_high"]].to_numpy(float)
    limits = effect.conf_int().iloc[0]
    np.testing.assert_allclose(
        row, [effect.params.iloc[0], effect.bse.iloc[0], *limits], rtol=1e-9, atol=1e-12
    )
    inside = [any(a < z < b for a, b in found.regions) for z in frame["z"]]
    assert found.share == pytest.approx(np.mean(inside))


@pytest.mark.parametrize(
    ("a", "c", "v", "bounds", "regions"),
    [
        # With t = 2: (a + c z)^2 = 4 (v00 + 2 v01 z + v11 z^2), z in deviations.
        (0, 1, [[0.25, 0], [0, 0]], (-1, 1), 2),  # z^2 = 1: outside
        (3, 0, [[1, 0], [0, 0.3125]], (-2, 2), 1),  # 9 = 4 + 1.25 z^2: between
        (5, 0, [[1, 0], [0, 0]], (), 1),  # everywhere
        (1, 0, [[1, 0], [0, 0.25]], (), 0),  # nowhere
        (3, 0, [[1, 0.125], [0.125, 0]], (5,), 1),  # 9 = 4 + z: one root
        (0, 1, [[0.25, 0.5], [0.5, 0]], (2 - 5**0.5, 2 + 5**0.5), 2),  # z^2 - 4 z - 1 = 0
    ],
)
def test_roots_by_hand(a, c, v, bounds, regions, frame):
    t = 2.0
    m = panel.ols("y ~ x*z", frame)
    found = panel.johnson_neyman(m, "x", "z", alpha=float(2 * stats.norm.sf(t)))
    made = replace(
        found.estimate, coef=np.array([a, c], dtype=float), vcov=Fixed(v, df=1e12)
    )  # with so many degrees of freedom t is normal to 1e-12
    given = replace(found, estimate=made, centre=0.0)
    np.testing.assert_allclose(given.bounds, bounds, rtol=1e-9)
    assert len(given.regions) == regions
    for low, high in given.regions:
        middle = np.clip(0.0, low + 1e-3, high - 1e-3)
        v00, v01, v11 = np.array(v)[[0, 0, 1], [0, 1, 1]]
        assert (a + c * middle) ** 2 > t**2 * (v00 + 2 * v01 * middle + v11 * middle**2)


def test_a_moderator_far_from_zero_loses_few_digits(frame):
    m = panel.ols("y ~ x*z", frame)
    far = panel.ols("y ~ x*z", frame.assign(z=frame["z"] + 1e6))
    near, away = (panel.johnson_neyman(e, "x", "z").bounds for e in (m, far))
    # v_x + 2 z v_xz + z^2 v_z: of sixteen digits of the parts, the square of 1e6 takes twelve.
    np.testing.assert_allclose(np.array(away) - 1e6, near, rtol=1e-4)


def test_expressions_and_groups(frame):
    m = panel.ols("y ~ x*log(s) | year", frame)
    found = panel.johnson_neyman(m, "x", "log(s)")
    same = panel.johnson_neyman(
        panel.ols("y ~ x*z | year", frame.assign(z=np.log(frame["s"]))), "x", "z"
    )
    np.testing.assert_allclose(found.bounds, same.bounds, rtol=1e-9)
    assert found.moderator == "log(s)"
    squared = panel.ols("y ~ x + x^2", frame)  # the variable is its own moderator
    bound = panel.johnson_neyman(squared, "x", "x")
    for x in bound.bounds:
        assert panel.linear(squared, f"x + {2 * x!r}*`x^2`").pvalues.iloc[0] == pytest.approx(0.05)


def test_another_covariance_and_words(frame):
    m = panel.ols("y ~ x*z | year", frame)
    found = panel.johnson_neyman(m, "x", "z", alpha=0.1)
    late = found.with_vcov("hetero")
    early = panel.johnson_neyman(m.with_vcov("hetero"), "x", "z", alpha=0.1)
    assert late.bounds == early.bounds
    assert late.bounds != found.bounds
    assert "significant at 10% for z in" in str(found)
    assert "<pre>" in found._repr_html_()
    none = replace(found.estimate, coef=np.zeros(2))
    assert "significant at 10% for no value of z\n" in str(replace(found, estimate=none))
    tidy = found.tidy()
    assert tidy.columns.tolist() == ["variable", "moderator", "low", "high", "sign"]
    assert tidy.sign.tolist() == [-1, 1]


@pytest.mark.parametrize(
    ("formula", "ask", "error", "said"),
    [
        ("y ~ x + z", {}, EstimationError, "does not depend on 'z'"),
        ("y ~ x*z^2", {}, EstimationError, "not linear in 'z' alone"),
        ("y ~ x*z + x:s", {}, EstimationError, "not linear in 'z' alone"),
        ("y ~ x*z", {"alpha": "0.05"}, DataError, "between 0 and 1"),
        ("y ~ s*z", {}, EstimationError, "not in the right side"),
    ],
)
def test_errors(formula, ask, error, said, frame):
    with pytest.raises(error, match=said) as caught:
        panel.johnson_neyman(panel.ols(formula, frame), "x", "z", **ask)
    assert caught.value.remedy
