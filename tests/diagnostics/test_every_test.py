"""What every test of an estimate promises, whatever it tests."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.test import Test
from panel.diagnostics import (
    cross_section,
    effects,
    hausman,
    heteroskedasticity,
    homogeneity,
    serial,
    specification,
)
from panel.diagnostics.hypotheses import wald

FORMULA = "y ~ x + z"


Copy = Callable[[panel.Estimate], panel.Estimate]
Runner = Callable[[panel.PanelFrame, Copy], Test]


def _pooled(verb: Callable[..., Test]) -> Runner:
    return lambda data, copy: verb(copy(panel.pooled(FORMULA, data, vcov=panel.cluster("u"))))


def _within(verb: Callable[..., Test]) -> Runner:
    return lambda data, copy: verb(copy(panel.ols(f"{FORMULA} | u", data, vcov=panel.cluster("u"))))


def _both(verb: Callable[..., Test]) -> Runner:
    def run(data: panel.PanelFrame, copy: Copy) -> Test:
        vcov = panel.cluster("u")
        within = panel.ols(f"{FORMULA} | u", data, vcov=vcov)
        return verb(copy(within), copy(panel.random_effects(FORMULA, data, vcov=vcov)))

    return run


TESTS = {
    "wald": _within(lambda m: wald(m, "x = z, x + z = 0.5")),
    "effects_f": _within(effects.effects_f),
    "breusch_pagan_lm": _pooled(lambda m: effects.breusch_pagan_lm(m, "twoway")),
    "honda": _pooled(lambda m: effects.honda(m, "time")),
    "king_wu": _pooled(lambda m: effects.king_wu(m, "twoway")),
    "gourieroux_holly_monfort": _pooled(effects.gourieroux_holly_monfort),
    "hausman": _both(lambda c, e: hausman.hausman(c, e, variance="efficient")),
    "hausman_robust": _both(hausman.hausman_robust),
    "mundlak_test": _both(lambda _, e: hausman.mundlak_test(e)),
    "wooldridge_serial": _within(serial.wooldridge_serial),
    "born_breitung": _within(serial.born_breitung),
    "born_breitung_hr": _within(serial.born_breitung_hr),
    "baltagi_li": _pooled(serial.baltagi_li),
    "bera_sosa_yoon": _pooled(serial.bera_sosa_yoon),
    "breusch_pagan_cd": _within(cross_section.breusch_pagan_cd),
    "scaled_lm": _within(cross_section.scaled_lm),
    "pesaran_cd": _within(cross_section.pesaran_cd),
    "modified_wald": _within(heteroskedasticity.modified_wald),
    "pesaran_yamagata": _within(homogeneity.pesaran_yamagata),
    "reset": _within(specification.reset),
}
# These draw random numbers by region, so that another order of regions is another draw.
DRAWN = {
    "hausman_bootstrap": _both(lambda c, e: hausman.hausman_bootstrap(c, e, draws=99)),
    "weighted_cd": _within(cross_section.weighted_cd),
}
every = pytest.mark.parametrize("name", [*TESTS, *DRAWN])


def run(name: str, data: panel.PanelFrame, copy: Copy = lambda m: m) -> Test:
    return (TESTS | DRAWN)[name](data, copy)


def assert_same(a: Test, b: Test, rel: float = 1e-8) -> None:
    assert a.statistic == pytest.approx(b.statistic, rel=rel)
    assert a.p_value == pytest.approx(b.p_value, rel=100 * rel, abs=1e-12)
    assert a.df == b.df


@every
def test_the_order_of_rows_does_not_matter(name, unbalanced):
    shuffled = unbalanced.data.sample(frac=1, random_state=1).reset_index()
    assert_same(run(name, panel.PanelFrame.from_pandas(shuffled, "u", "t")), run(name, unbalanced))


@pytest.mark.parametrize("name", TESTS)
def test_the_names_of_regions_do_not_matter(name, unbalanced):
    renamed = unbalanced.data.reset_index()
    renamed["u"] = [f"region {(7 * u) % 20:02d}" for u in renamed["u"]]
    assert_same(run(name, panel.PanelFrame.from_pandas(renamed, "u", "t")), run(name, unbalanced))


@pytest.mark.parametrize("name", [n for n in (*TESTS, *DRAWN) if n != "wald"])
def test_units_of_measurement_do_not_matter(name, unbalanced):
    # Of the outcome and of a regressor; a restriction x = z would change its meaning.
    scaled = unbalanced.assign(y=1e6 * unbalanced["y"], x=1e-4 * unbalanced["x"])
    assert_same(run(name, scaled), run(name, unbalanced), rel=1e-7)


@every
def test_what_nobody_asks_for_does_not_matter(name, unbalanced):
    before = unbalanced.data
    draw = np.random.default_rng(0)
    more = unbalanced.assign(unused=draw.normal(size=len(unbalanced)))
    more = panel.PanelFrame.from_pandas(
        pd.concat([more.data, more.data.iloc[:3].assign(y=np.nan).rename(index={0: 99})]), "u", "t"
    )
    assert_same(run(name, more), run(name, unbalanced))
    pd.testing.assert_frame_equal(unbalanced.data, before)


@every
def test_a_pickled_estimate_gives_the_same(name, unbalanced):
    found = run(name, unbalanced)
    again = run(name, unbalanced, lambda m: pickle.loads(pickle.dumps(m)))
    assert_same(again, found, rel=1e-14)
    assert str(pickle.loads(pickle.dumps(found))) == str(found)


@every
def test_a_formula_is_no_estimate(name, unbalanced):
    with pytest.raises(panel.errors.EstimationError, match="takes an estimate, not str"):
        run(name, unbalanced, lambda m: m.formula)


@every
def test_shows_what_it_tests(name, unbalanced):
    found = run(name, unbalanced)
    assert isinstance(found, Test)
    assert 0 <= found.p_value <= 1
    assert found.null
    for shown in (str(found), found._repr_html_()):
        assert found.name in shown
        assert "Null hypothesis" in shown
    assert json.loads(json.dumps(found.to_dict()))["statistic"] == found.statistic
    assert len(found.tidy()) == 1
