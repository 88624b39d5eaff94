"""The numbers of the marginaleffects package on our estimates, beside ours.

Its slopes are central differences of step 1e-4, which leave some 1e-9 of them. The covariance of
slopes it takes by forward differences in the coefficients; the step given here is exact for what is
linear in them but for rounding, and for Poisson leaves 1e-5. Predictions and comparisons have exact
derivatives.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import EstimationError

me = pytest.importorskip("marginaleffects")
pl = pytest.importorskip("polars")
if int(pl.__version__.partition(".")[0]) >= 2:
    pytest.skip("marginaleffects needs polars below 2", allow_module_level=True)


@pytest.fixture(scope="module")
def frame() -> panel.PanelFrame:
    draw = np.random.default_rng(4)
    keys = pd.MultiIndex.from_product(
        [[f"p{i:02d}" for i in range(12)], range(2010, 2018)], names=["province", "year"]
    )
    table = pd.DataFrame({"x": draw.normal(size=96), "z": draw.uniform(1, 2, 96)}, keys)
    number = table.index.get_level_values(0).str[1:].astype(int)
    table["zone"] = np.array(["East", "Central", "West"])[number % 3]
    table["y"] = table.x * table.z - table.z + draw.normal(size=96)
    table["count"] = draw.poisson(np.exp(0.3 * table.x + 0.5))
    return panel.PanelFrame.from_pandas(table.sample(frac=0.9, random_state=0))


MODELS = {
    "pooled": lambda f: panel.pooled("y ~ x*z + i(zone)", f, vcov="hetero"),
    "fixed": lambda f: panel.ols(
        'y ~ x*log(z) + i(zone, x, ref="East") | province + year', f, vcov="hetero"
    ),
    "random": lambda f: panel.random_effects("y ~ x*z", f, vcov=panel.cluster("province")),
    "poisson": lambda f: panel.poisson("count ~ x*z + i(zone) | year", f,
                                       vcov=panel.cluster("province")),
}  # fmt: skip


STEPS = {"poisson": (1e-5, 1e-4)}  # in coefficients, and what it leaves of standard errors
LINEAR = (1e-2, 1e-7)


def same(theirs, ours: panel.Margins, rtol: float = 1e-8) -> None:
    """Estimates agree to 1e-7, standard errors to ``rtol``."""
    np.testing.assert_allclose(theirs["estimate"], ours.params, rtol=1e-7)
    np.testing.assert_allclose(theirs["std_error"], ours.bse, rtol=rtol)


@pytest.mark.parametrize("name", MODELS)
def test_slopes(name, frame):
    m = MODELS[name](frame)
    model = m.to_marginaleffects()
    step, left = STEPS.get(name, LINEAR)
    theirs = me.avg_slopes(model, variables=["x", "z"], eps_vcov=step)
    same(theirs, panel.slopes(m, ["x", "z"]), left)
    limits = panel.slopes(m, ["x", "z"]).conf_int()
    np.testing.assert_allclose(theirs["conf_low"], limits.conf_low, rtol=1e-3)  # the same t
    by = me.avg_slopes(model, variables="x", by="zone", eps_vcov=step).sort("zone")
    same(by, panel.slopes(m, "x", by="zone"), left)


@pytest.mark.parametrize("name", MODELS)
def test_predictions(name, frame):
    m = MODELS[name](frame)
    model = m.to_marginaleffects()
    same(me.avg_predictions(model), panel.predictions(m))
    used = m.design.frame.rows(np.isin(np.arange(len(frame)), m.design.rows))
    same(me.predictions(model), panel.predictions(m, used))


def test_comparisons(frame):
    for name in ("pooled", "poisson"):
        m = MODELS[name](frame)
        model = m.to_marginaleffects()
        theirs = me.avg_comparisons(model, variables={"zone": "pairwise"})
        same(theirs, panel.contrasts(m, "zone", change="pairwise"))
        between = me.avg_comparisons(model, variables={"x": [0, 2]})
        same(between, panel.contrasts(m, "x", change=(0, 2)))


def test_another_covariance_and_hypotheses(frame):
    m = MODELS["fixed"](frame)
    model = m.to_marginaleffects()
    other = panel.cluster("province", "year")
    theirs = me.avg_slopes(model, variables="x", vcov=other, eps_vcov=1e-2)
    np.testing.assert_allclose(
        theirs["std_error"], panel.slopes(m, "x").with_vcov(other).bse, rtol=1e-6
    )
    gap = me.avg_slopes(model, variables=["x", "z"], hypothesis="b0 - b1 = 0", eps_vcov=1e-2)
    ours = panel.linear(panel.slopes(m, ["x", "z"]).estimate, "x - z")
    np.testing.assert_allclose(gap["std_error"], ours.bse, rtol=1e-6)


def test_quarters_and_unbalanced_effects(frame):
    # Keys go to the package as text and come back as periods.
    data = frame.data.reset_index()
    data["year"] = pd.PeriodIndex.from_ordinals(data["year"], freq="Q")
    m = panel.ols("y ~ x*z | province + year", data, unit="province", time="year")
    same(me.avg_predictions(m.to_marginaleffects()), panel.predictions(m))
    by = me.avg_predictions(m.to_marginaleffects(), by="year").sort("year")
    same(by, panel.predictions(m, by="year"))


def test_what_it_cannot_do_is_refused(frame):
    for m, said in (
        (panel.ols("y ~ x + L(x, 1)", frame), r"L\(x, 1\)"),
        (panel.first_difference("y ~ x", frame), "other rows"),
        (panel.between("y ~ x", frame), "other rows"),
        (panel.linear(panel.ols("y ~ x", frame), "2*x"), "combinations"),
    ):
        with pytest.raises(EstimationError, match=said) as caught:
            m.to_marginaleffects()
        assert caught.value.remedy
