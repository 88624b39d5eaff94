"""Driscoll and Kraay's covariance, and every other one, against fixest's stored output."""

from __future__ import annotations

import numpy as np
import pytest

import panel
from panel.inference import cluster, driscoll_kraay, newey_west

FIXEST = {
    "iid": "iid",
    "hetero": "hetero",
    "cluster_state": cluster("state"),
    "cluster_state_year": cluster("state", "year"),
    "DK2": driscoll_kraay(2),
    "NW2": newey_west(2),
    "cluster_region_full": cluster("region", small="areg"),
}


@pytest.mark.parametrize("name", FIXEST)
@pytest.mark.parametrize(("case", "effects"), [("produc_state", "state"), ("produc", "state_year")])
def test_agrees_with_fixest(case, effects, name, model, fixest):
    estimate = model(case).with_vcov(FIXEST[name])
    np.testing.assert_allclose(estimate.bse, fixest[effects][name], rtol=1e-8)


def test_stata_output(model):
    # xtscc invest mvalue kstock, lag(4), which is ivreg2's dkraay(5): statsmodels' stored output,
    # from data in single precision.
    stata = [12.190347184209, 0.0134360177573, 0.04930800664089]
    estimate = model("grunfeld").with_vcov(driscoll_kraay(4, small="none"))
    np.testing.assert_allclose(estimate.bse, stata, rtol=1e-6)


def test_bad_lags():
    with pytest.raises(panel.errors.VcovError, match="whole number"):
        driscoll_kraay(-1)
