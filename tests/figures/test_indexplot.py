from __future__ import annotations

import pandas as pd
import pytest

import panel
from panel.core.frame import PanelFrame
from panel.errors import FigureError
from panel.figures.indexplot import indexplot


@pytest.fixture
def index(frame: PanelFrame) -> panel.CompositeIndex:
    return panel.composite_index(
        frame,
        {"output": "+", "share": "-"},
        weights=panel.expert_weights({"output": 3, "share": 1}),
    )


def test_scores_by_year_and_weights(index: panel.CompositeIndex) -> None:
    data = indexplot(index).data
    scores = data[data["panel"] == "scores"].set_index("key")
    own = index.scores.xs(2022, level=1).dropna()
    assert scores.loc[2022, "value"] == pytest.approx(own.mean(), rel=1e-12)
    assert scores.loc[2022, "low"] == pytest.approx(own.quantile(0.25), rel=1e-12)
    assert scores["n"].tolist() == [4, 3, 3, 4]
    weights = data[data["panel"] == "weights"].set_index("key")["value"]
    assert weights.to_dict() == {"output": 0.75, "share": 0.25}


@pytest.mark.parametrize(
    ("language", "label", "mean"),
    [("zh", "工业产出", "3–4个地区均值"), ("ru", "Выпуск", "Среднее по регионам (n = 3–4)")],
)
def test_languages(index: panel.CompositeIndex, language: str, label: str, mean: str) -> None:
    picture = indexplot(index, what="I", language=language)
    bars = picture.figure.axes[1]
    assert bars.get_yticklabels()[0].get_text() == label
    assert mean in [t.get_text() for t in picture.figure.legends[0].get_texts()]
    assert picture.alt.startswith("I")


def test_mistakes_are_named() -> None:
    with pytest.raises(FigureError, match="DataFrame has no scores"):
        indexplot(pd.DataFrame())  # type: ignore[arg-type]
