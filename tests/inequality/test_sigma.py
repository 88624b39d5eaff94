"""Sigma convergence: dispersion, its trend by Newey and West, and variances at both ends."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import panel
from panel.inequality.sigma import sigma_convergence


def closing(speed: float, years: int = 8, seed: int = 0) -> panel.PanelFrame:
    """30 regions whose logs shrink towards their mean by ``speed`` a year, with noise."""
    draw = np.random.default_rng(seed)
    logs = draw.normal(size=30)[:, None] * (1 - speed) ** np.arange(years)
    logs += draw.normal(scale=0.05, size=logs.shape)
    wide = pd.DataFrame(np.exp(logs), columns=range(2001, 2001 + years))
    table = wide.rename_axis("u").reset_index().melt("u", var_name="t", value_name="y")
    return panel.PanelFrame.from_pandas(table, "u", "t")


@pytest.mark.parametrize("lags", [0, 1, 3])
def test_trend_is_that_of_statsmodels(frame, lags):
    sm = pytest.importorskip("statsmodels.api")
    found = sigma_convergence(frame, "y", lags=lags, weights="people")
    x = sm.add_constant(np.arange(5.0))
    settings = {"maxlags": lags, "use_correction": True}
    peer = sm.OLS(found.df.sd_log.to_numpy(), x).fit(cov_type="HAC", cov_kwds=settings, use_t=True)
    assert found.trend.details["slope"].iloc[0] == pytest.approx(peer.params[1], rel=1e-10)
    assert found.trend.statistic == pytest.approx(peer.tvalues[1], rel=1e-10)
    assert found.trend.p_value == pytest.approx(peer.pvalues[1], rel=1e-9)


def test_ends_is_carree_and_klomps_likelihood_ratio():
    data = closing(0.01)
    found = sigma_convergence(data, "y").ends
    (a, c), (_, b) = np.cov(*(np.log(data["y"].xs(t, level="t")) for t in (2001, 2008)))
    ratio = 1 + (a - b) ** 2 / (4 * (a * b - c**2))  # T2 = (N - 2.5) log(ratio)
    assert np.log1p(found.statistic**2 / 28) == pytest.approx(np.log(ratio), rel=1e-10)
    assert found.df == (28.0,)
    assert found.p_value == pytest.approx(2 * stats.t.sf(abs(found.statistic), 28))
    np.testing.assert_allclose(found.details.iloc[:, 0], [a, b])


def test_direction_and_size():
    converging = sigma_convergence(closing(0.2), "y")
    assert converging.trend.statistic < 0 > converging.ends.statistic
    assert converging.ends.rejects(0.001)
    apart = sigma_convergence(closing(-0.2), "y")
    assert apart.trend.statistic > 0 < apart.ends.statistic
    # Without a change in 100 samples rejections at 10 percent are 10, give or take three times 3.
    rejected = 0
    for seed in range(100):
        draw = np.random.default_rng(seed)
        logs = draw.normal(size=(25, 1)) + draw.normal(size=(25, 4))
        table = pd.DataFrame({"u": np.repeat(range(25), 4), "t": [1, 2, 3, 4] * 25})
        table["y"] = np.exp(logs).ravel()
        data = panel.PanelFrame.from_pandas(table, "u", "t")
        rejected += sigma_convergence(data, "y").ends.rejects(0.1)
    assert 1 <= rejected <= 19


def test_unit_and_measure_do_not_matter():
    data = closing(0.1)
    one, other = sigma_convergence(data, "y"), sigma_convergence(data, "y * 1000", measure="cv")
    np.testing.assert_allclose(one.df[["sd_log", "cv"]], other.df[["sd_log", "cv"]], rtol=1e-12)
    assert one.ends.statistic == pytest.approx(other.ends.statistic)
    assert one.trend.statistic != other.trend.statistic


def test_shown_and_pickled(frame):
    found = sigma_convergence(frame, "y")
    assert len(found.tidy()) == 2
    assert "Trend of dispersion: t(3)" in str(found)
    assert "Pitman-Morgan" in found._repr_html_()
    assert "对数标准差" in found.labelled("zh").columns
    assert pickle.loads(pickle.dumps(found)).ends.statistic == found.ends.statistic


def test_says_what_is_wrong(frame):
    error = panel.errors.DataError
    with pytest.raises(error, match="'gini' is not known"):
        sigma_convergence(frame, "y", measure="gini")  # type: ignore[arg-type]
    with pytest.raises(error, match="needs 4 years, not 3"):
        sigma_convergence(frame, "y", sample="year < 2004")
    with pytest.raises(error, match="lags must be"):
        sigma_convergence(frame, "y", lags=9)
    with pytest.raises(error, match="are not positive"):
        sigma_convergence(frame, "y - 1")
    constant = frame.assign(one=[2.0] * len(frame))
    with pytest.raises(error, match="regions with different growth"):
        sigma_convergence(constant, "one")
