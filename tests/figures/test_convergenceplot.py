from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.frame import PanelFrame
from panel.errors import FigureError
from panel.figures.convergenceplot import convergenceplot


@pytest.fixture(scope="module")
def data() -> PanelFrame:
    rng = np.random.default_rng(1)
    df = pd.DataFrame({"region": np.repeat(list("abcdefgh"), 2), "year": np.tile([2010, 2020], 8)})
    df["income"] = np.exp(rng.normal(size=16))
    df["school"] = rng.normal(size=16)
    return PanelFrame.from_pandas(df, "region", "year", labels={"income": {"en": "Income"}})


def test_points_are_growth_and_the_initial_level(data: PanelFrame) -> None:
    picture = convergenceplot(panel.beta_convergence(data, "income"))
    level = np.log(data["income"].to_numpy()).reshape(8, 2)
    np.testing.assert_allclose(picture.data["level"], level[:, 0], rtol=1e-12)
    growth = (level[:, 1] - level[:, 0]) / 10
    np.testing.assert_allclose(picture.data["growth"], growth, rtol=1e-12)
    names = {t.get_text() for t in picture.figure.axes[0].texts}
    assert names <= set("abcdefgh")
    assert names


@pytest.mark.parametrize("controls", [[], ["school"]])
def test_the_slope_of_the_points_is_the_coefficient(data: PanelFrame, controls: list[str]) -> None:
    beta = panel.beta_convergence(data, "income", controls=controls)
    found = convergenceplot(beta).data
    slope = np.polyfit(found["level"], found["growth"], 1)[0]
    assert slope == pytest.approx(beta.estimate.params[beta.term], rel=1e-9)


@pytest.mark.parametrize(("language", "label"), [("zh", "初始水平"), ("ru", "Начальный уровень")])
def test_languages(data: PanelFrame, language: str, label: str) -> None:
    picture = convergenceplot(panel.beta_convergence(data, "income"), language=language)
    assert picture.figure.axes[0].get_xlabel().startswith(label)
    assert "10" in picture.alt
    assert "8" in picture.alt


def test_mistakes_are_named(data: PanelFrame) -> None:
    with pytest.raises(FigureError, match="PanelFrame has no regression"):
        convergenceplot(data)  # type: ignore[arg-type]
