from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.frame import PanelFrame
from panel.errors import AbsorbedError, FigureError, FormulaError
from panel.figures.binscatter import binscatter

REFERENCE = Path(__file__).parents[1] / "reference" / "binned_scatter.json"
CASES = {
    "y ~ x": "log(industry_va) ~ digital_index",
    "y ~ x + controls": "log(industry_va) ~ digital_index + log(population) + structure",
    "y ~ x + control | year": "log(industry_va) ~ digital_index + log(population) | year",
}


@pytest.fixture(scope="module")
def data() -> PanelFrame:
    rng = np.random.default_rng(1)
    df = pd.DataFrame(rng.normal(size=(80, 3)), columns=["y", "x", "z"])
    df = df.assign(region=np.repeat(range(8), 10), year=np.tile(range(10), 8))
    df["flat"] = df["region"] * 1.0
    labels = {"x": {"en": "Index", "zh": "指数", "ru": "Индекс"}}
    return PanelFrame.from_pandas(df, "region", "year", labels=labels)


@pytest.mark.parametrize("case", CASES)
def test_bins_are_those_of_binsreg(case: str) -> None:
    reference = json.loads(REFERENCE.read_text(encoding="utf-8"))[case]
    found = binscatter(CASES[case], panel.load("china"), bins=10).data
    # Two solvers of one least-squares problem: rounding apart.
    np.testing.assert_allclose(found["x"], reference["x"], rtol=1e-12)
    np.testing.assert_allclose(found["y"], reference["y"], rtol=1e-10)


def test_without_controls_marks_are_means(data: PanelFrame) -> None:
    found = binscatter("y ~ x", data, bins=4).data
    rank = data["x"].rank().to_numpy()
    means = [data["y"][(rank > 20 * b) & (rank <= 20 * b + 20)].mean() for b in range(4)]
    assert found["y"].tolist() == pytest.approx(means, rel=1e-12)
    assert found["n"].tolist() == [20] * 4


def test_effects_of_two_ways_are_those_of_dummies(data: PanelFrame) -> None:
    found = binscatter("y ~ x + z | region + year", data, bins=5).data
    codes = np.searchsorted(found["high"].to_numpy(), data["x"].to_numpy())
    dummies = [pd.get_dummies(v, dtype=float).to_numpy() for v in
               (codes, data["region"].to_numpy(), data["year"].to_numpy())]  # fmt: skip
    x = np.column_stack([*dummies, data["z"]])
    b = np.linalg.lstsq(x, data["y"].to_numpy(), rcond=None)[0]
    # m up to a constant, and its mean over the rows is that of the outcome.
    level = b[:5] - (dummies[0] @ b[:5]).mean() + data["y"].mean()
    np.testing.assert_allclose(found["y"], level, rtol=1e-9)


def test_equal_quantiles_make_fewer_bins_and_are_said(data: PanelFrame) -> None:
    few = data.assign(x=np.where(data["x"] > 0, data["x"], 0.0))
    picture = binscatter("y ~ x", few, bins=10)
    assert picture.data["n"].sum() == 80
    assert len(picture.data) < 10
    entry = picture.figure.legends[0].get_texts()[0].get_text()
    assert entry == f"Means in {len(picture.data)} quantile bins (80 rows)"


def test_the_line_is_the_linear_model(data: PanelFrame) -> None:
    picture = binscatter("y ~ x + z | region", data)
    model = panel.ols("y ~ x + z | region", data)
    x, y = (np.asarray(v) for v in picture.figure.axes[0].lines[1].get_data())
    assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(model.params["x"], rel=1e-10)


@pytest.mark.parametrize(
    ("language", "label", "entry"),
    [("zh", "指数", "控制z、region"), ("ru", "Индекс", "при средних: z, region")],
)
def test_languages(data: PanelFrame, language: str, label: str, entry: str) -> None:
    picture = binscatter("y ~ x + z | region", data, language=language)
    assert picture.figure.axes[0].get_xlabel() == label
    assert entry in picture.figure.legends[0].get_texts()[0].get_text()
    assert label in picture.alt


def test_mistakes_are_named(data: PanelFrame) -> None:
    for bins in (1, 2.5, True):
        with pytest.raises(FigureError, match="whole number from 2"):
            binscatter("y ~ x", data, bins=bins)  # type: ignore[arg-type]
    with pytest.raises(FormulaError, match="binscatter takes no instruments"):
        binscatter("y ~ 1 | region | x ~ z", data)
    with pytest.raises(FigureError, match=r"'i\(region\)' is no single column"):
        binscatter("y ~ i(region) + x", data)
    with pytest.raises(AbsorbedError, match="No regressor is left"):
        binscatter("y ~ flat | region", data)
    blocks = data.assign(x=data["flat"] + 0.01 * data["x"].clip(-1, 1))
    with pytest.raises(FigureError, match="Fixed effects hold whole bins"):
        binscatter("y ~ x | region", blocks, bins=8)
