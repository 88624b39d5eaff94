from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.estimate import Estimate
from panel.errors import FigureError
from panel.figures.eventplot import eventplot


def study(units: int = 12) -> panel.PanelFrame:
    """Half of the regions are treated in 2014."""
    rng = np.random.default_rng(1)
    u, t = np.repeat(np.arange(units), 6), np.tile(np.arange(2011, 2017), units)
    treated = (u < units // 2).astype(float)
    df = pd.DataFrame(
        {
            "region": u, "year": t, "treated": treated, "rel": np.where(treated > 0, t - 2014, -1),
            "y": rng.normal(size=len(u)) + treated * (t >= 2014), "x": rng.normal(size=len(u)),
        }
    )  # fmt: skip
    return panel.PanelFrame.from_pandas(
        df, "region", "year", labels={"rel": {"en": "Years since", "zh": "相对年份"}}
    )


@pytest.fixture(scope="module")
def model() -> Estimate:
    formula = "y ~ i(rel, treated, ref=-1) + x | region + year"
    return panel.ols(formula, study(), vcov=panel.cluster("region"))


def test_coefficients_by_period_with_the_reference_at_zero(model: Estimate) -> None:
    data = eventplot(model).data
    assert data["period"].tolist() == [-3, -2, -1, 0, 1, 2]
    own = data.set_index("period")
    assert own.loc[-1, "estimate"] == 0.0
    assert np.isnan(own.loc[-1, "conf_low"])
    assert own.loc[1, "estimate"] == model.params["rel::1:treated"]
    assert own.loc[1, "conf_high"] == model.conf_int().loc["rel::1:treated", "conf_high"]


def test_the_pretrend_test_is_that_of_panel_wald(model: Estimate) -> None:
    picture = eventplot(model)
    test = panel.wald(model, "`rel::-3:treated` = 0, `rel::-2:treated` = 0")
    # Two solutions of the same equations: rounding apart.
    assert picture.data["pretrend_statistic"].iloc[0] == pytest.approx(test.statistic, rel=1e-10)
    assert picture.data["pretrend_p"].iloc[0] == pytest.approx(test.p_value, rel=1e-10)
    (entry,) = picture.figure.legends[0].get_texts()
    assert entry.get_text() == (
        f"no effect before the onset: F(2, 11) = {test.statistic:.3g}, p = {test.p_value:.3f}"
    )
    assert entry.get_text() in picture.alt


def test_years_are_tested_up_to_the_reference() -> None:
    m = panel.ols("y ~ i(year, treated, ref=2013) | region + year", study(), vcov="hetero")
    picture = eventplot(m)
    test = panel.wald(m, "`year::2011:treated` = 0, `year::2012:treated` = 0")
    assert picture.data["pretrend_p"].iloc[0] == pytest.approx(test.p_value, rel=1e-10)
    assert picture.figure.axes[0].get_xlabel() == "year (reference: 2013)"
    later = eventplot(m, onset=2012)
    one = panel.wald(m, "`year::2011:treated` = 0")
    assert later.data["pretrend_p"].iloc[0] == pytest.approx(one.p_value, rel=1e-10)


def test_too_few_clusters_are_said() -> None:
    frame = study(4)
    few = panel.ols(
        "y ~ i(year, treated, ref=2016) | region + year", frame, vcov=panel.cluster("region")
    )
    picture = eventplot(few)
    assert "no joint test of 5 periods" in picture.alt
    assert picture.data["pretrend_p"].isna().all()


def test_statsmodels_results_have_a_chi_squared_test() -> None:
    smf = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(2)
    names = ["rel::-3", "rel::-2", "rel::0"]
    result = smf.OLS(
        rng.normal(size=40), pd.DataFrame(rng.normal(size=(40, 3)), columns=names)
    ).fit()
    data = eventplot(result).data
    wald = result.wald_test(np.eye(3)[:2], use_f=False, scalar=True)
    assert data["period"].tolist() == [-3, -2, -1, 0]
    assert data["pretrend_statistic"].iloc[0] == pytest.approx(float(wald.statistic), rel=1e-10)


@pytest.mark.parametrize(
    ("language", "label", "text"),
    [
        ("zh", "相对年份（基期：−1）", "事件研究图"),
        ("ru", "Years since (база: −1)", "Событийный анализ"),
    ],
)
def test_languages(model: Estimate, language: str, label: str, text: str) -> None:
    picture = eventplot({"A": model, "B": model}, language=language)
    assert picture.figure.axes[0].get_xlabel() == label
    assert picture.alt.startswith(text)


def test_mistakes_are_named(model: Estimate) -> None:
    frame = study()
    with pytest.raises(FigureError, match="No model has coefficients by period"):
        eventplot(panel.ols("y ~ x", frame))
    both = panel.ols("y ~ i(year) + i(rel, treated, ref=-1)", frame)
    with pytest.raises(FigureError, match=r"year, rel:treated.*\n.*variable='year'"):
        eventplot(both)
    assert len(eventplot(both, "rel").data) == 6
    with pytest.raises(FigureError, match="did you mean 'rel:treated'"):
        eventplot(both, "rell:treated")
    with pytest.raises(FigureError, match="Period 1 has a coefficient"):
        eventplot(model, reference=1)
    with pytest.raises(FigureError, match="alpha = 5"):
        eventplot(model, alpha=5)
