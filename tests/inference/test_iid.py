from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel


def test_it_is_sigma_squared_times_the_inverse(model):
    for case in ("grunfeld", "grunfeld_weighted", "gaps"):
        estimate = model(case).with_vcov(panel.iid())
        design = estimate.design
        w = np.ones(design.n) if design.w is None else design.w
        inverse = np.linalg.inv(design.X_within.T @ (design.X_within * w[:, None]))
        sigma2 = float(w @ estimate.residuals**2) / estimate.df_resid
        np.testing.assert_allclose(estimate.cov.matrix, sigma2 * inverse, rtol=1e-9)
        assert estimate.cov.df == estimate.df_resid
        assert estimate.cov.label == "iid"


def test_it_is_the_default(model):
    assert model("grunfeld").vcov == panel.iid()


def test_it_covers_the_truth_as_often_as_it_says():
    # 150 samples: the share of 95 percent intervals that hold the truth has a standard deviation
    # of 1.8 points; three of them.
    draw = np.random.default_rng(0)
    keys = pd.DataFrame([(i, t) for i in range(10) for t in range(6)], columns=["u", "t"])
    x = draw.normal(size=60)
    frame = panel.PanelFrame.from_pandas(keys.assign(x=x), "u", "t")
    held = 0
    for _ in range(150):
        y = 0.7 * x + keys.u.to_numpy() + draw.normal(size=60)
        low, high = panel.ols("y ~ x | u", frame.assign(y=y)).conf_int().loc["x"]
        held += low < 0.7 < high
    assert held / 150 == pytest.approx(0.95, abs=0.054)
