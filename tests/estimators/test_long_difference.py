"""Long differences against their definition."""

from __future__ import annotations

import numpy as np
import pytest

import panel
from panel.estimators.first_difference import first_difference
from panel.estimators.long_difference import long_difference
from panel.estimators.ols import ols

PRODUC = "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp"


def test_one_period_is_the_first_difference(plm_frame):
    frame = plm_frame("Produc")
    one, first = long_difference(PRODUC, frame, periods=1), first_difference(PRODUC, frame)
    assert np.array_equal(one.coef, first.coef)
    assert np.array_equal(one.influence, first.influence)


@pytest.mark.parametrize("sample", [None, "year == 1986", "year == 1981 | year == 1986"])
def test_is_least_squares_on_the_changes(sample, plm_frame):
    frame = plm_frame("Produc")
    estimate = long_difference(PRODUC, frame, periods=5, sample=sample, vcov=panel.hetero())
    wanted = {}
    for name in ("gsp", "pcap", "pc", "emp"):
        logged = frame.assign(v=np.log(frame[name]))
        wanted[f"d_{name}"] = logged.diff("v", 5)
    direct = ols(
        "d_gsp ~ d_pcap + d_pc + d_emp + d_unemp",
        frame.assign(**wanted, d_unemp=frame.diff("unemp", 5)),
        sample=sample,
        vcov=panel.hetero(),
    )
    np.testing.assert_allclose(estimate.coef, direct.coef, rtol=1e-10)
    np.testing.assert_allclose(estimate.bse, direct.bse, rtol=1e-10)
    assert estimate.nobs == {None: 48 * 12, "year == 1986": 48}.get(sample, 96)


def test_weights_stand_in_the_formula(plm_frame):
    frame = plm_frame("Produc")
    weighted = long_difference(PRODUC + "; weights = emp", frame, periods=10)
    plain = long_difference(PRODUC, frame, periods=10)
    assert weighted.method == plain.method == "Long difference (10 periods)"
    assert not np.allclose(weighted.coef, plain.coef)


@pytest.mark.parametrize("periods", [0, -1, 1.5, True, "5"])
def test_refuses_what_is_no_number_of_periods(periods, plm_frame):
    with pytest.raises(panel.errors.CalendarError, match="whole number of periods"):
        long_difference(PRODUC, plm_frame("Produc"), periods=periods)


def test_a_span_beyond_the_panel_leaves_no_row(plm_frame):
    with pytest.raises(panel.errors.EmptySampleError, match="no such year"):
        long_difference(PRODUC, plm_frame("Produc"), periods=40)
