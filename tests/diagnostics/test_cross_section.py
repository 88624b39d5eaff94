"""Tests for dependence between regions against plm, Stata's tables, and sums over pairs."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import panel
from panel.diagnostics.cross_section import (
    breusch_pagan_cd,
    correlations,
    frees,
    frees_tail,
    pesaran_cd,
    scaled_lm,
    weighted_cd,
)
from panel.errors import EstimationError

CASES = ("grunfeld", "grunfeld199", "produc", "empluk")
VERBS = {"lm": breusch_pagan_cd, "sclm": scaled_lm, "cd": pesaran_cd}


@pytest.mark.parametrize("case", CASES)
def test_agrees_with_plm(case, frame, formula, stored):
    data = frame(case)
    m = panel.ols(f"{formula[case]} | {data.unit}", data, singletons="keep")
    for name, verb in VERBS.items():
        result, expected = verb(m), stored[case]["cd"][name]
        assert result.statistic == pytest.approx(expected["stat"], rel=1e-9)
        # R's tails beyond 1e-300 are zero.
        assert result.p_value == pytest.approx(expected["p"], rel=1e-6, abs=1e-300)
    summary = pesaran_cd(m).details.iloc[0]
    assert summary["mean"] == pytest.approx(stored[case]["cd"]["rho"]["stat"], rel=1e-9)
    absolute = stored[case]["cd"]["absrho"]["stat"]
    assert summary["mean absolute"] == pytest.approx(absolute, rel=1e-9)


def test_prints_what_plm_prints(frame):
    # plm's own stored output: with common slopes, and with an equation for each firm.
    data = frame("grunfeld")
    common = panel.ols("inv ~ value + capital | firm", data)
    each = panel.ols("inv ~ i(firm, value) + i(firm, capital) | firm", data)
    assert f"{scaled_lm(common).statistic:.3f}" == "21.222"
    assert f"{pesaran_cd(common).statistic:.4f}" == "4.6612"
    assert f"{pesaran_cd(each).statistic:.4f}" == "5.3401"


def _pairs(m: panel.Estimate) -> list[tuple[str, str, float, int]]:
    """Correlations of the pairs that share three years, one by one."""
    wide = m.resid.unstack(level=0)  # noqa: PD010 (a Series has no pivot_table)
    found = []
    for a, b in combinations(wide.columns, 2):
        both = wide[[a, b]].dropna()
        if len(both) >= 3:
            found.append((a, b, float(np.corrcoef(both[a], both[b])[0, 1]), len(both)))
    return found


def test_gaps_leave_pairs_with_what_they_share(unbalanced):
    few = unbalanced.rows(lambda t: ((t.u > 2) | (t.t < 2004)).to_numpy())
    m = panel.ols("y ~ x + z | u", few)
    pairs = _pairs(m)
    r, shared = np.array([p[2] for p in pairs]), np.array([p[3] for p in pairs])
    assert len(pairs) < 190
    result = pesaran_cd(m)
    assert result.statistic == pytest.approx(np.sqrt(shared) @ r / np.sqrt(len(r)), rel=1e-9)
    assert result.notes == (
        f"{190 - len(pairs)} of 190 pairs left out: they share fewer than 3 years, or do not vary.",
    )
    assert breusch_pagan_cd(m).statistic == pytest.approx(shared @ r**2, rel=1e-9)
    matrix = correlations(m).matrix()
    for a, b, value, _ in pairs[::7]:
        assert matrix.loc[a, b] == pytest.approx(value, rel=1e-9)


def test_weighted_is_its_definition(frame):
    m = panel.ols("inv ~ value + capital | firm + year", frame("grunfeld"))
    result = weighted_cd(m, draws=4, seed=7)
    signs = 2.0 * np.random.default_rng(7).integers(0, 2, (4, 10)) - 1.0
    at = {firm: j for j, firm in enumerate(frame("grunfeld").units)}
    pairs = _pairs(m)
    plain = sum(
        w[at[a]] * w[at[b]] * np.sqrt(t) * r for w in signs for a, b, r, t in pairs
    ) / np.sqrt(4 * len(pairs))
    added = sum(abs(r) for *_, r, t in pairs if abs(r) > 2 * np.sqrt(np.log(10) / t))
    assert added > 0
    assert result.details["statistic"].to_list() == pytest.approx(
        [plain, added, pesaran_cd(m).statistic], rel=1e-9
    )
    assert result.statistic == pytest.approx(plain + added, rel=1e-9)
    assert weighted_cd(m, draws=4, seed=7).statistic == result.statistic
    assert weighted_cd(m, draws=4, seed=8).statistic != result.statistic


def test_effects_of_years_mislead_cd_but_not_the_weighted_test():
    draw = np.random.default_rng(6)
    n, t, cd, weighted = 25, 12, 0, 0
    for k in range(40):
        table = pd.DataFrame({"i": np.repeat(range(n), t), "t": np.tile(range(t), n)})
        table["y"] = draw.normal(size=n * t) + table.t
        m = panel.ols("y ~ 1 | i + t", table, unit="i", time="t")
        cd, weighted = cd + pesaran_cd(m).rejects(), weighted + weighted_cd(m, seed=k).rejects()
    assert cd >= 38  # the residuals add up to zero each year
    assert weighted <= 7  # 2 expected, standard deviation 1.4
    assert "biased downwards" in str(pesaran_cd(m))


@pytest.mark.parametrize(
    ("years", "critical"),
    [
        # 10%, 5% and 1% critical values that xtcsd prints, simulated by its authors.
        (4, (0.582210758, 0.839114984, 1.421135642)),
        (10, (0.255853719, 0.342858814, 0.519780382)),
        (20, (0.129385699, 0.169520436, 0.246825304)),
        (30, (0.086149177, 0.111918056, 0.159835289)),
    ],
)
def test_frees_tail_has_the_critical_values_of_stata(years, critical):
    tails = [frees_tail(value, years) for value in critical]
    # Some 10,000 draws would leave an error of 1 to 10% of the tail.
    np.testing.assert_allclose(tails, [0.10, 0.05, 0.01], rtol=0.05)


def test_frees_tail_is_that_of_a_simulated_sum():
    draw, t = np.random.default_rng(0), 8
    a = 4 * (t + 2) / (5 * (t - 1) ** 2 * (t + 1))
    b = 2 * (5 * t + 6) / (5 * t * (t - 1) * (t + 1))
    x, y = draw.chisquare(t - 1, 400_000), draw.chisquare(t * (t - 3) / 2, 400_000)
    q = a * (x - (t - 1)) + b * (y - t * (t - 3) / 2)
    for value in (-0.3, 0.0, 0.3, 0.8):
        share = float((q > value).mean())
        assert frees_tail(value, t) == pytest.approx(share, abs=4 * np.sqrt(share / 400_000))


def test_frees_is_a_mean_of_squared_rank_correlations(frame):
    m = panel.ols("inv ~ value + capital | firm", frame("grunfeld199"))
    wide = m.resid.unstack(level=0).dropna()  # noqa: PD010
    squares = [
        stats.spearmanr(wide[a], wide[b]).statistic ** 2 for a, b in combinations(wide.columns, 2)
    ]
    result = frees(m)
    assert result.statistic == pytest.approx(10 * (np.mean(squares) - 1 / 18), rel=1e-9)
    assert "1 years" in result.notes[0]


def test_what_cannot_be_tested_is_refused(unbalanced):
    n = 10_001
    many = pd.DataFrame({"i": np.repeat(range(n), 3), "t": np.tile(range(3), n), "y": 0.0})
    many["y"] = np.random.default_rng(0).normal(size=3 * n)
    with pytest.raises(EstimationError, match="too many for 10,001 is"):
        pesaran_cd(panel.pooled("y ~ 1", many, unit="i", time="t"))
    with pytest.raises(EstimationError, match="with weights"):
        pesaran_cd(panel.ols("y ~ x | u", unbalanced, weights="w"))
    short = unbalanced.rows(lambda t: (t.t < 2003).to_numpy())
    with pytest.raises(EstimationError, match="share 3 ts"):
        pesaran_cd(panel.pooled("y ~ x", short))
    with pytest.raises(EstimationError, match="needs four ts"):
        frees(panel.pooled("y ~ x", short))
    with pytest.raises(EstimationError, match="a draw of signs"):
        weighted_cd(panel.ols("y ~ x | u", unbalanced), draws=0)
