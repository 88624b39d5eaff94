"""Rows of a table for models by instruments: the numbers of the tests themselves."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.identification import STATISTICS
from panel.errors import TableError
from panel.tables.words import known, words

KEYS = list(STATISTICS)


@pytest.fixture(scope="module")
def frame() -> panel.PanelFrame:
    draw = np.random.default_rng(6)
    table = pd.DataFrame([(u, t) for u in range(12) for t in range(9)], columns=["u", "t"])
    n = len(table)
    table[["z1", "z2", "z3", "x"]] = draw.normal(size=(n, 4))
    shock = draw.normal(size=n)
    table["d"] = table.z1 + 0.5 * table.z2 + shock + draw.normal(size=n)
    table["e"] = table.z2 - table.z3 + 0.3 * shock + draw.normal(size=n)
    table["y"] = 0.5 * table.d + table.x + shock
    table["w"] = draw.uniform(0.5, 2, n)
    return panel.PanelFrame.from_pandas(table, "u", "t")


def shown(*models: panel.Estimate, stats: list[str] = KEYS) -> dict[str, list[float]]:
    """The table's numbers by statistic, before they are rounded; NaN for an empty cell."""
    table = panel.regtable(list(models), stats=stats, labels={key: key for key in stats})
    rows = [row for section in table.sections for row in section.rows]
    return {
        row.label: [getattr(cell, "value", math.nan) for cell in row.cells]
        for row in rows
        if row.label in stats
    }


def expected(model: panel.Estimate) -> dict[str, float]:
    """The same by the verbs."""
    strength = panel.weak_instruments(model)
    rank, ar = strength.underidentification, panel.anderson_rubin(model).test
    found = {
        "cragg_donald_f": strength.cragg_donald, "kp_f": strength.kleibergen_paap,
        "kp_lm": rank.statistic, "kp_lm_p": rank.p_value, "ar_f": ar.statistic,
        "ar_p": ar.p_value,
    }  # fmt: skip
    if len(model.design.endogenous) == 1:
        found["effective_f"] = strength.effective_f
        found["first_stage_f"] = panel.first_stage(model).table["F"].item()
    if len(model.design.instruments) > len(model.design.endogenous):
        j = panel.overidentification(model)
        found |= {"hansen_j": j.statistic, "hansen_p": j.p_value}
    return found


@pytest.mark.parametrize("vcov", ["iid", "HC1", panel.cluster("u"), panel.driscoll_kraay(1)])
@pytest.mark.parametrize("method", [panel.tsls(), panel.liml(), panel.gmm("HC1")])
def test_rows_are_the_numbers_of_the_tests_also_of_another_covariance(vcov, method, frame):
    formulas = (
        "y ~ x | u + t | d ~ z1 + z2", "y ~ x | u | d ~ z1", "y ~ x | u | d + e ~ z1 + z2 + z3"
    )  # fmt: skip
    models = [panel.iv(f, frame, method=method, weights="w").with_vcov(vcov) for f in formulas]
    rows = shown(*models)
    for j, model in enumerate(models):
        wanted = expected(model)
        for key in KEYS:
            # The same formulas, but the first stage's F, which is a regression's Wald test.
            assert rows[key][j] == pytest.approx(wanted.get(key, math.nan), rel=1e-9, nan_ok=True)


def test_models_without_instruments_have_empty_cells(frame):
    ols, iv = panel.ols("y ~ x | u", frame), panel.iv("y ~ x | u | d ~ z1", frame)
    rows = shown(ols, iv, stats=["nobs", "kp_f", "hansen_p"])
    assert math.isnan(rows["kp_f"][0])
    assert rows["kp_f"][1] == panel.weak_instruments(iv).kleibergen_paap
    assert "hansen_p" not in rows  # neither model has it
    assert "kp_f" not in shown(ols, stats=["nobs", "kp_f"])
    with pytest.raises(TableError, match="kp_g"):
        panel.regtable(iv, stats=["kp_g"])


def test_nothing_is_worked_out_that_is_not_asked_for(frame, monkeypatch):
    monkeypatch.setitem(STATISTICS, "kp_f", lambda _: 1 / 0)
    model = panel.iv("y ~ x | u | d ~ z1", frame)
    panel.regtable(model, stats=["nobs", "cragg_donald_f"])
    with pytest.raises(ZeroDivisionError):
        panel.regtable(model, stats=["kp_f"])


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_rows_have_words_in_every_language(language, frame):
    assert all(known(key) for key in KEYS)
    model = panel.iv("y ~ x | u | d ~ z1 + z2", frame)
    table = panel.regtable(model, stats=KEYS, style=panel.Style(language=language))
    labels = {row.label for section in table.sections for row in section.rows}
    assert {words(key, language) for key in KEYS} <= labels
    assert len({words(key, language) for key in KEYS}) == len(KEYS)
