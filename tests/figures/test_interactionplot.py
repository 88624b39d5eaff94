from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import FigureError
from panel.figures.interactionplot import interactionplot


@pytest.fixture(scope="module")
def effect() -> panel.JohnsonNeyman:
    rng = np.random.default_rng(3)
    df = pd.DataFrame({"x": rng.normal(size=200), "z": rng.normal(2.0, 1.0, 200)})
    df["y"] = df["x"] * (0.4 * df["z"] - 0.8) + rng.normal(size=200)
    df = df.assign(region=np.repeat(range(20), 10), year=np.tile(range(10), 20))
    labels = {"x": {"en": "Index", "zh": "指数", "ru": "Индекс"}}
    frame = panel.PanelFrame.from_pandas(df, "region", "year", labels=labels)
    return panel.johnson_neyman(panel.ols("y ~ x*z | region", frame), "x", "z")


def test_the_curve_and_the_bounds_are_those_of_the_result(effect: panel.JohnsonNeyman) -> None:
    picture = interactionplot(effect)
    pd.testing.assert_frame_equal(picture.data, effect.curve())
    top = picture.figure.axes[0]
    upright = [line for line in top.lines if len(set(np.asarray(line.get_xdata()))) == 1]
    assert [np.asarray(line.get_xdata())[0] for line in upright] == list(effect.bounds)
    assert [t.get_text() for t in top.texts] == [f"{b:.3g}" for b in effect.bounds]


def test_the_histogram_counts_every_row(effect: panel.JohnsonNeyman) -> None:
    below = interactionplot(effect).figure.axes[1]
    assert sum(bar.get_height() for bar in below.patches) == 200


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Effect of Index on y"), ("zh", "指数对y的效应"), ("ru", "Эффект: Индекс → y")],
)
def test_languages(effect: panel.JohnsonNeyman, language: str, text: str) -> None:
    picture = interactionplot(effect, language=language)
    assert picture.figure.axes[0].get_ylabel() == text
    assert picture.alt.startswith(text)
    share = f"{100 * effect.share:.1f}"
    assert (share.replace(".", ",") if language == "ru" else share) in picture.alt


def test_mistakes_are_named(effect: panel.JohnsonNeyman) -> None:
    with pytest.raises(FigureError, match="Estimate has no curve"):
        interactionplot(effect.estimate)  # type: ignore[arg-type]
    with pytest.raises(FigureError, match="language 'de'"):
        interactionplot(effect, language="de")
