from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import FigureError
from panel.figures.markovplot import markovplot


@pytest.fixture(scope="module")
def chain() -> panel.Markov:
    df = pd.DataFrame({"region": np.repeat(list("abcd"), 3), "year": [2001, 2002, 2003] * 4})
    df["y"] = [1, 1, 2, 2, 2, 2, 3, 3, 1, 1, 3, 3]
    frame = panel.PanelFrame.from_pandas(df, "region", "year")
    return panel.markov(frame, "y", classes=[1.5, 2.5])


def test_probabilities_and_moves(chain: panel.Markov) -> None:
    picture = markovplot(chain)
    own = picture.data.set_index(["from", "to"])
    # Class 1: a stays and then rises, d leaps to 3; 2: b stays twice; 3: c stays, c falls, d stays.
    assert own.loc[(1, 1), "moves"] == 1
    assert own["probability"].tolist() == pytest.approx(
        [1 / 3, 1 / 3, 1 / 3, 0, 1, 0, 1 / 3, 0, 2 / 3], rel=1e-12
    )
    assert own["moves"].sum() == 8
    written = [t.get_text() for t in picture.figure.axes[0].texts]
    assert written[0] == "0.33\n(1)"
    assert "1: 0.33; 2: 1.00; 3: 0.67" in picture.alt


def test_classes_are_named_by_their_limits(chain: panel.Markov) -> None:
    ticks = [t.get_text() for t in markovplot(chain).figure.axes[0].get_yticklabels()]
    assert ticks == ["1: ≤ 1.50", "2: 1.50 – 2.50", "3: > 2.50"]


def test_a_class_that_nobody_leaves_from_is_empty() -> None:
    df = pd.DataFrame({"region": [1, 1, 2, 2], "year": [1, 2, 1, 2], "y": [1.0, 1.0, 1.0, 3.0]})
    chain = panel.markov(panel.PanelFrame.from_pandas(df, "region", "year"), "y", classes=[2.0])
    picture = markovplot(chain)
    assert np.isnan(picture.data["probability"].iloc[2:]).all()
    assert len(picture.figure.axes[0].texts) == 2


@pytest.mark.parametrize(("language", "label"), [("zh", "类别，t + 1"), ("ru", "Класс, t + 1")])
def test_languages(chain: panel.Markov, language: str, label: str) -> None:
    picture = markovplot(chain, what="Y", language=language)
    assert picture.figure.axes[0].get_xlabel() == label
    assert picture.figure.axes[0].get_title(loc="left") == "Y"


def test_mistakes_are_named() -> None:
    with pytest.raises(FigureError, match="DataFrame has no transition"):
        markovplot(pd.DataFrame())  # type: ignore[arg-type]
