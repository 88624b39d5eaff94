"""The modified Wald test against its definition, region by region."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import panel
from panel.diagnostics.heteroskedasticity import modified_wald
from panel.errors import EstimationError


def test_is_its_definition_region_by_region(unbalanced):
    m = panel.ols("y ~ x + z | u", unbalanced)
    result = modified_wald(m)
    w = 0.0
    for _, e in m.resid.groupby(level=0):
        squares, t = e.to_numpy() ** 2, len(e)
        v = np.sum((squares - squares.mean()) ** 2) / t / (t - 1)
        w += (squares.mean() - np.mean(m.resid**2)) ** 2 / v
    assert result.statistic == pytest.approx(w, rel=1e-10)
    assert result.df == (20,)
    assert result.p_value == pytest.approx(stats.chi2.sf(w, 20), rel=1e-9)
    assert result.details.index.name == "u"


def test_regions_of_two_rows_have_no_variance_of_their_variance(unbalanced):
    short = unbalanced.rows(lambda t: ((t.u != 3) | t.t.isin([2001, 2002])).to_numpy())
    m = panel.ols("y ~ x + z | u", short)
    result = modified_wald(m)
    assert result.df == (19,)
    assert 3 not in result.details.index
    assert "1 us left out" in result.notes[0]


def test_size_and_power_over_many_years():
    draw = np.random.default_rng(0)
    n, t, rejected = 6, 300, {1.0: 0, 2.0: 0}
    for ratio in rejected:
        for _ in range(60 if ratio == 1 else 10):
            table = pd.DataFrame({"i": np.repeat(range(n), t), "t": np.tile(range(t), n)})
            scale = np.where(table.i == 0, ratio, 1.0)
            table["y"] = draw.uniform(-1, 1, n * t) * scale  # not normal
            m = panel.ols("y ~ 1 | i", table, unit="i", time="t")
            rejected[ratio] += modified_wald(m).rejects()
    assert rejected[1.0] <= 9  # 3 expected, standard deviation 1.7
    assert rejected[2.0] == 10


def test_what_cannot_be_tested_is_refused(unbalanced):
    with pytest.raises(EstimationError, match="hold the random effects"):
        modified_wald(panel.random_effects("y ~ x", unbalanced))
    with pytest.raises(EstimationError, match="with weights"):
        modified_wald(panel.ols("y ~ x | u", unbalanced, weights="w"))
    one_year = unbalanced.rows(lambda t: (t.t == 2003).to_numpy())
    with pytest.raises(EstimationError, match="needs two us"):
        modified_wald(panel.pooled("y ~ x", one_year))
