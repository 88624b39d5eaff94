from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.estimate import Estimate
from panel.errors import FigureError
from panel.figures.specplot import specplot


@pytest.fixture(scope="module")
def models() -> dict[str, Estimate]:
    rng = np.random.default_rng(1)
    df = pd.DataFrame(rng.normal(size=(60, 3)), columns=["y", "x", "z"])
    df = df.assign(region=np.repeat(range(10), 6), year=np.tile(range(6), 10))
    labels = {"x": {"en": "Index", "zh": "指数", "ru": "Индекс"}}
    frame = panel.PanelFrame.from_pandas(df, "region", "year", labels=labels)
    return {
        "a": panel.ols("y ~ x", frame),
        "b": panel.ols("y ~ x + z | region", frame),
        "c": panel.ols("y ~ x + z | region", frame, sample="year > 1"),
        "d": panel.ols("y ~ x | region", frame, vcov="hetero"),
    }


def test_estimates_ascend_and_keep_their_choices(models: dict[str, Estimate]) -> None:
    data = specplot(models, "x").data
    assert data["estimate"].is_monotonic_increasing
    assert set(data["model"]) == set(models)
    own = data.set_index("model")
    assert own.loc["c", "estimate"] == models["c"].params["x"]
    assert own.loc["c", "conf_low"] == models["c"].conf_int().loc["x", "conf_low"]
    assert own.loc["c", "Sample"] == "year > 1"
    assert own["Fixed effects"].to_dict() == {
        "a": "none",
        "b": "region",
        "c": "region",
        "d": "region",
    }
    assert own["+ z"].to_dict() == {"a": False, "b": True, "c": True, "d": False}
    assert "Outcome" not in data  # the same in all of them


def test_the_matrix_marks_what_each_model_chose(models: dict[str, Estimate]) -> None:
    picture = specplot(models, "x")
    matrix = picture.figure.axes[1]
    ticks = {
        t.get_text(): y for t, y in zip(matrix.get_yticklabels(), matrix.get_yticks(), strict=True)
    }
    drawn = [
        c.get_offsets() for c in matrix.collections
        if (np.asarray(c.get_facecolor())[0, :3] == 0).all()
    ]  # fmt: skip
    marked = {float(x) for points in drawn for x, y in points if y == ticks["+ z"]}
    assert marked == set(np.flatnonzero(picture.data["+ z"]).astype(float))
    assert {"Sample", "year > 1", "all rows"} <= set(ticks)


def test_choices_may_be_given_and_names_differ(models: dict[str, Estimate]) -> None:
    two = [models["a"], models["b"].map([[0.0, 1.0]], ["other"])]
    choices = pd.DataFrame({"Controls": ["no", "yes"], "Weighted": [False, True]})
    data = specplot(two, {"(1)": "x", "(2)": "other"}, choices).data
    assert data.set_index("model").loc["(2)", "Controls"] == "yes"
    assert data.set_index("model").loc["(1)", "estimate"] == two[0].params["x"]


@pytest.mark.parametrize(
    ("language", "label", "heading"),
    [("zh", "指数的系数", "样本"), ("ru", "Коэффициент: Индекс", "Выборка")],
)
def test_languages(models: dict[str, Estimate], language: str, label: str, heading: str) -> None:
    picture = specplot(models, "x", language=language)
    assert picture.figure.axes[0].get_ylabel().startswith(label)
    assert heading in [t.get_text() for t in picture.figure.axes[1].get_yticklabels()]
    assert "4" in picture.alt


def test_mistakes_are_named(models: dict[str, Estimate]) -> None:
    with pytest.raises(FigureError, match="two models or more"):
        specplot([models["a"]], "x")
    with pytest.raises(FigureError, match="'a' has no coefficient 'z'"):
        specplot(models, "z")
    with pytest.raises(FigureError, match="do not differ"):
        specplot([models["a"], models["a"]], "x")
    with pytest.raises(FigureError, match="3 rows, which do not fit the 4"):
        specplot(models, "x", pd.DataFrame({"a": [1, 2, 3]}))
