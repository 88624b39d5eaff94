from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.estimate import Estimate
from panel.errors import FigureError
from panel.figures.marginsplot import marginsplot


@pytest.fixture(scope="module")
def model() -> Estimate:
    rng = np.random.default_rng(1)
    df = pd.DataFrame(rng.normal(size=(60, 3)), columns=["y", "x", "z"])
    df = df.assign(region=np.repeat(range(10), 6), year=np.tile(range(2011, 2017), 10))
    df["zone"] = np.where(df["region"] < 5, "East", "West")
    labels = {"x": {"en": "Index", "zh": "指数", "ru": "Индекс"}}
    frame = panel.PanelFrame.from_pandas(df, "region", "year", labels=labels)
    return panel.ols("y ~ x*z | region", frame)


def test_slopes_along_a_number_are_a_line(model: Estimate) -> None:
    margins = panel.slopes(model, "x", at={"z": [2.0, 0.0, 1.0]})
    picture = marginsplot(margins)
    assert picture.data["z"].tolist() == [0.0, 1.0, 2.0]
    b, c = model.params["x"], model.params["x:z"]
    # The slope is b + c z: rounding apart.
    assert picture.data["estimate"].tolist() == pytest.approx([b, b + c, b + 2 * c], rel=1e-12)
    assert picture.data["conf_low"].iloc[2] == margins.conf_int().iloc[0, 0]
    assert not picture.figure.legends
    assert picture.alt.startswith("Marginal effect of Index on y, 95% limits, along z.")


def test_groups_are_marks_with_whiskers_and_years_have_no_separator(model: Estimate) -> None:
    groups = marginsplot(panel.slopes(model, "x", by="zone"), labels={"East": "Coast"})
    ticks = groups.figure.axes[0].get_xticklabels()
    assert [t.get_text() for t in ticks] == ["Coast", "West"]
    years = marginsplot(panel.slopes(model, "x", by=["zone", "year"]))
    ticks = years.figure.axes[0].get_xticklabels()
    assert [t.get_text() for t in ticks] == [str(y) for y in range(2011, 2017)]
    entries = [t.get_text() for t in years.figure.legends[0].get_texts()]
    assert entries == ["zone = East", "zone = West"]


def test_predictions_have_no_zero_line(model: Estimate) -> None:
    picture = marginsplot(panel.predictions(model, at={"z": [0.0, 1.0]}))
    assert picture.figure.axes[0].get_ylabel() == "Predicted y, 95% limits"
    assert not any(np.ptp(line.get_ydata()) == 0 for line in picture.figure.axes[0].lines)


@pytest.mark.parametrize(
    ("language", "text"), [("zh", "指数对y的边际效应"), ("ru", "Предельный эффект: Индекс → y")]
)
def test_languages(model: Estimate, language: str, text: str) -> None:
    picture = marginsplot(panel.slopes(model, "x", by="zone"), language=language)
    assert text in picture.figure.axes[0].get_ylabel().replace("\n", " ")
    assert picture.alt.startswith(text)


def test_mistakes_are_named(model: Estimate) -> None:
    margins = panel.slopes(model, "x", at={"z": [0, 1]})
    with pytest.raises(FigureError, match="Estimate has no margins"):
        marginsplot(model)  # type: ignore[arg-type]
    with pytest.raises(FigureError, match="taken at one place"):
        marginsplot(panel.slopes(model, "x"))
    with pytest.raises(FigureError, match="not taken at values of 'year'"):
        marginsplot(margins, "year")
    with pytest.raises(FigureError, match="alpha = 0"):
        marginsplot(margins, alpha=0)
    many = panel.slopes(model, "x", at={"z": [float(i) for i in range(20)]}, by="year")
    with pytest.raises(FigureError, match="20 lines"):
        marginsplot(many, "year")


def test_groups_are_called_by_the_labels_of_their_values(model: Estimate) -> None:
    zones = {"East": {"zh": "东部"}, "West": {"zh": "西部"}}
    frame = model.design.frame.describe("zone", value_labels=zones)
    frame = frame.describe("zone", labels={"zh": "地带"})
    named = panel.ols("y ~ x + i(zone) + i(zone):x + z", frame)
    picture = marginsplot(panel.slopes(named, "x", by=["zone", "year"]), language="zh")
    entries = [t.get_text() for t in picture.figure.legends[0].get_texts()]
    assert entries == ["地带 = 东部", "地带 = 西部"]
    alone = marginsplot(panel.slopes(named, "x", by="zone"), language="zh").figure.axes[0]
    assert [t.get_text() for t in alone.get_xticklabels()] == ["东部", "西部"]
    gaps = panel.contrasts(named, "zone")
    assert gaps.label(gaps.names[0], "zh") == "地带: 西部 - 东部"
