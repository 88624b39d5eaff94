from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

import panel
from panel.core.frame import PanelFrame
from panel.errors import FigureError
from panel.figures.coefplot import coefplot


@dataclass(frozen=True)
class Model:
    """Estimates and standard errors; no labels of its own, as in statsmodels."""

    estimates: dict[str, float]
    errors: dict[str, float]

    @property
    def params(self) -> pd.Series:
        return pd.Series(self.estimates)

    def conf_int(self, alpha: float = 0.05) -> pd.DataFrame:
        reach = norm.ppf(1 - alpha / 2) * pd.Series(self.errors)
        return pd.DataFrame({0: self.params - reach, 1: self.params + reach})


class ByLevel:
    """Takes a level of confidence where others take alpha, as linearmodels does."""

    params = pd.Series({"x": 1.0})

    def conf_int(self, level: float = 0.95) -> pd.DataFrame:
        raise AssertionError(f"must not be asked for {level}")


SMALL = Model({"x": 1.0}, {"x": 0.1})
LARGE = Model({"x": 0.5, "z": -0.2}, {"x": 0.5, "z": 0.2})


def test_estimates_and_ends_are_those_of_the_models() -> None:
    data = coefplot({"A": SMALL, "B": LARGE}).data
    assert data["model"].tolist() == ["A", "B", "B"]
    assert data["estimate"].tolist() == [1.0, 0.5, -0.2]
    # 1.959964 is the 97.5th percentile of the standard normal, to 7 digits.
    assert data["conf_low"].iloc[0] == pytest.approx(1.0 - 0.1959964, abs=1e-7)
    assert data["conf_high"].iloc[2] == pytest.approx(-0.2 + 0.3919928, abs=1e-7)


def test_alpha_sets_the_interval_and_is_stated() -> None:
    picture = coefplot(SMALL, alpha=0.1)
    # 1.644854 is the 95th percentile of the standard normal, to 7 digits.
    assert picture.data["conf_high"].iloc[0] == pytest.approx(1.1644854, abs=1e-7)
    assert picture.figure.axes[0].get_xlabel() == "Estimate and 90% confidence interval"


def test_keep_chooses_and_orders_the_terms() -> None:
    picture = coefplot([SMALL, LARGE], keep=["z", "x"], labels={"z": "Second"})
    assert picture.data["term"].tolist() == ["z", "x", "x"]
    assert [t.get_text() for t in picture.figure.axes[0].get_yticklabels()] == ["Second", "x"]


def test_groups_have_headings_and_their_order() -> None:
    picture = coefplot([SMALL, LARGE], keep={"Main": ["z"], "Others": ["x"]})
    assert picture.data["group"].tolist() == ["Main", "Others", "Others"]
    ticks = picture.figure.axes[0].get_yticklabels()
    assert [t.get_text() for t in ticks] == ["Main", "z", "Others", "x"]
    assert [t.get_fontweight() for t in ticks] == ["bold", "normal", "bold", "normal"]
    assert coefplot([SMALL, LARGE]).data["group"].eq("").all()


def test_twenty_models_have_twenty_looks() -> None:
    containers = coefplot([SMALL] * 20).figure.axes[0].containers
    lines = [c.lines[0] for c in containers]
    assert len({(line.get_color(), line.get_marker()) for line in lines}) == 20


def test_models_differ_by_mark_as_well_as_by_colour() -> None:
    picture = coefplot([SMALL, LARGE])
    assert [t.get_text() for t in picture.figure.legends[0].get_texts()] == ["(1)", "(2)"]
    marks = [c.lines[0].get_marker() for c in picture.figure.axes[0].containers]
    assert len(set(marks)) == 2
    assert not coefplot(SMALL).figure.legends


def test_marks_of_one_term_do_not_cover_each_other() -> None:
    containers = coefplot([SMALL, LARGE]).figure.axes[0].containers
    heights = [float(np.asarray(c.lines[0].get_ydata())[0]) for c in containers]
    assert abs(heights[0] - heights[1]) > 0.2


def test_a_zero_line_is_drawn() -> None:
    assert any(
        np.asarray(line.get_xdata()).tolist() == [0.0, 0.0]
        for line in coefplot(SMALL).figure.axes[0].lines
    )


def test_alt_says_which_intervals_exclude_zero() -> None:
    assert coefplot([SMALL, LARGE]).alt == (
        "Coefficient plot of x, z in (1), (2) with 95% confidence intervals. "
        "Intervals that exclude zero: x (1)."
    )
    assert "Every interval includes zero" in coefplot(LARGE).alt


def test_our_estimates_bring_their_labels(frame: PanelFrame) -> None:
    model = panel.ols("output ~ share", frame)
    picture = coefplot(model, language="ru")
    assert picture.data["label"].tolist()[-1] == model.label(model.names[-1], "ru") == "Доля"
    assert picture.data["estimate"].tolist() == model.params.tolist()
    assert picture.data["conf_low"].tolist() == model.conf_int().iloc[:, 0].tolist()


def test_mistakes_are_named() -> None:
    with pytest.raises(FigureError, match="did you mean 'zone'"):
        coefplot(Model({"zone": 1.0}, {"zone": 1.0}), keep=["zne"])
    with pytest.raises(FigureError, match="no term to draw"):
        coefplot(SMALL, keep=[])
    with pytest.raises(FigureError, match="no model"):
        coefplot([])
    with pytest.raises(FigureError, match="is a int"):
        coefplot(5)  # type: ignore[arg-type]
    with pytest.raises(FigureError, match="'B' is a str"):
        coefplot({"A": SMALL, "B": "text"})  # type: ignore[dict-item]
    with pytest.raises(FigureError, match=r"'\(1\)' is a ByLevel"):
        coefplot([ByLevel()])
    with pytest.raises(FigureError, match="alpha = 95"):
        coefplot(SMALL, alpha=95)
    with pytest.raises(FigureError, match="language 'de'"):
        coefplot(SMALL, language="de")


def test_statsmodels_results_are_drawn() -> None:
    sm = pytest.importorskip("statsmodels.api")
    x = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0, 5.0]})
    result = sm.OLS([1.0, 2.1, 2.9, 4.2, 5.1], x).fit()
    data = coefplot({"statsmodels": result}).data
    assert data["estimate"].tolist() == result.params.tolist()
    assert data["conf_high"].tolist() == result.conf_int()[1].tolist()
