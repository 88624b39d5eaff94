from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import FigureError
from panel.figures.placeboplot import placeboplot


def draws() -> np.ndarray:
    return np.random.default_rng(1).normal(size=99)


def test_own_draws_have_the_p_value_of_phipson_and_smyth() -> None:
    far = int((np.abs(draws()) >= 2.0).sum())
    picture = placeboplot(draws(), 2.0)
    assert f"p = {(1 + far) / 100:.3f}" in picture.alt
    assert picture.data["estimate"].tolist() == draws().tolist()


def test_an_estimate_equal_to_a_draw_counts_it() -> None:
    own = np.arange(1.0, 20.0)
    assert "p = 0.100" in placeboplot(own, 19.0).alt  # (1 + 1)/(1 + 19)


def test_the_density_has_mass_one() -> None:
    line = placeboplot(draws(), 0.5).figure.axes[0].lines[0]
    x, y = (np.asarray(v) for v in line.get_data())
    # The grid ends three bandwidths beyond the draws; a normal kernel has 0.0013 of a draw beyond.
    assert np.trapezoid(y, x) == pytest.approx(1.0, abs=1e-3)


def test_a_randomization_test_keeps_its_p_value() -> None:
    rng = np.random.default_rng(1)
    df = pd.DataFrame(rng.normal(size=(60, 2)), columns=["y", "x"])
    df = df.assign(region=np.repeat(range(10), 6), year=np.tile(range(6), 10))
    model = panel.ols("y ~ x | region", panel.PanelFrame.from_pandas(df, "region", "year"))
    test = panel.randomization_test(model, "x", draws=49)
    picture = placeboplot(test)
    assert picture.data["estimate"].tolist() == test.coefficients.tolist()
    assert f"p = {test.p_value:.3f}" in picture.figure.legends[0].get_texts()[1].get_text()
    assert picture.figure.axes[0].get_xlabel() == "x"


@pytest.mark.parametrize(
    ("language", "label", "text"),
    [("zh", "密度", "99次安慰剂估计"), ("ru", "Плотность", "Оценка 2,00")],
)
def test_languages(language: str, label: str, text: str) -> None:
    picture = placeboplot(draws(), 2.0, what="x", language=language)
    assert picture.figure.axes[0].get_ylabel() == label
    assert text in picture.alt


def test_mistakes_are_named() -> None:
    with pytest.raises(FigureError, match="Draws need the estimate"):
        placeboplot(draws())
    for bad in ([1.0] * 20, [1.0, 2.0], [np.nan, *range(20)], np.ones((20, 2))):
        with pytest.raises(FigureError, match="ten finite draws"):
            placeboplot(bad, 1.0)
    with pytest.raises(FigureError, match="estimate is nan"):
        placeboplot(draws(), np.nan)
