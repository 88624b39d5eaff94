"""Entropy weights of four regions: a worked example of a package's documentation."""

from __future__ import annotations

import pandas as pd

import panel
from panel.study.gallery import Case


def four():
    """Two indicators of four regions, the second one where less is better."""
    table = pd.DataFrame({"gain": [3.0, 5.0, 2.0, 7.0], "loss": [10.0, 20.0, 15.0, 25.0]})
    table = table.assign(region=["a", "b", "c", "d"], year=2020)
    return panel.PanelFrame.from_pandas(table, "region", "year", name="four regions")


def weights(frame):
    # The example rescales each indicator to [0.002, 0.998]. Weights do not depend on the scale, so
    # that it is a shift of the indicator in [0, 1], and the score is in proportion.
    width = 0.996
    index = panel.entropy_index(frame, {"gain": "+", "loss": "-"}, shift=0.002 / width)
    scores = 100 * width * index.scores.droplevel("year")
    return {"Weights": dict(index.weights["weight"]), "Scores": dict(scores)}


entropy = Case(
    name="entropy-weights",
    title="Entropy weights and scores of four regions",
    paper="mathmodels documentation",
    reference="documentation of the R package mathmodels, example of entropy weights",
    grade="B",
    data=four,
    models=weights,
    printed={
        "Weights": {"gain": ".5452618", "loss": ".4547382"},
        "Scores": {"a": "56.35354", "b": "47.88215", "c": "30.39461", "d": "54.50808"},
    },
    source="GitHub zhjx19/mathmodels, 8bf5e8f",
)
