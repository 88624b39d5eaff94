from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.frame import PanelFrame
from panel.errors import FigureError
from panel.figures.avplot import avplot


@pytest.fixture(scope="module")
def data() -> PanelFrame:
    rng = np.random.default_rng(1)
    df = pd.DataFrame(rng.normal(size=(40, 4)), columns=["y", "x", "z", "w"])
    df = df.assign(region=np.repeat(range(8), 5), year=np.tile(range(5), 8), w=df["w"] ** 2 + 0.1)
    labels = {"x": {"en": "Index", "zh": "指数", "ru": "Индекс"}}
    return PanelFrame.from_pandas(df, "region", "year", labels=labels)


@pytest.mark.parametrize("weights", [None, "w"])
def test_the_line_through_the_points_has_the_coefficient(
    data: PanelFrame, weights: str | None
) -> None:
    model = panel.ols("y ~ x + z | region + year", data, weights=weights)
    found = avplot(model, "x").data
    w = np.ones(len(found)) if weights is None else data["w"].to_numpy()
    slope = (w * found["x"]) @ found["y"] / ((w * found["x"]) @ found["x"])
    assert slope == pytest.approx(model.params["x"], rel=1e-10)
    # What is left around the line is the residual of the model (theorem of Frisch and Waugh).
    left = found["y"] - slope * found["x"]
    np.testing.assert_allclose(left, model.resid, atol=1e-10)


def test_without_others_the_points_are_deviations_from_means(data: PanelFrame) -> None:
    found = avplot(panel.ols("y ~ x", data), "x").data
    np.testing.assert_allclose(found["x"], data["x"] - data["x"].mean(), atol=1e-12)


def test_rows_far_out_are_named_and_the_slope_is_told(data: PanelFrame) -> None:
    model = panel.ols("y ~ x + z", data)
    picture = avplot(model, "x", named=3)
    far = picture.data["x"].abs().nlargest(3).index
    names = {t.get_text() for t in picture.figure.axes[0].texts}
    assert names <= {f"{u} {t}" for u, t in far}
    assert names
    (entry,) = picture.figure.legends[0].get_texts()
    assert entry.get_text().startswith(f"Slope {model.params['x']:.3g}".replace("-", "−"))


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Index, given the other"), ("zh", "指数（剔除其他变量）"), ("ru", "Индекс при прочих")],
)
def test_languages(data: PanelFrame, language: str, text: str) -> None:
    picture = avplot(panel.ols("y ~ x + z", data), "x", language=language)
    assert picture.figure.axes[0].get_xlabel().startswith(text)
    assert "Index" in picture.alt or language != "en"


def test_mistakes_are_named(data: PanelFrame) -> None:
    model = panel.ols("y ~ x + z", data)
    with pytest.raises(FigureError, match="no coefficient 'v'"):
        avplot(model, "v")
    with pytest.raises(FigureError, match="no slope of least squares"):
        avplot(panel.iv("y ~ z | 0 | x ~ w", data), "x")
