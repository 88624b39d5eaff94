from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

import panel
from panel.core.frame import PanelFrame
from panel.errors import FigureError, UnknownVariableError
from panel.figures.residualplot import residualplot


@pytest.fixture(scope="module")
def data() -> PanelFrame:
    rng = np.random.default_rng(1)
    df = pd.DataFrame(rng.normal(size=(40, 2)), columns=["y", "x"])
    df = df.assign(region=np.repeat(range(8), 5), year=np.tile(range(5), 8))
    df["zone"] = np.where(df["region"] < 4, "East", np.where(df["region"] < 7, "West", None))
    return PanelFrame.from_pandas(
        df, "region", "year", labels={"y": {"en": "Output", "zh": "产出"}}
    )


def test_numbers_are_those_of_the_model(data: PanelFrame) -> None:
    model = panel.ols("y ~ x | region", data)
    found = residualplot(model).data
    assert found["resid"].tolist() == model.resid.tolist()
    assert found["fitted"].tolist() == model.fittedvalues.tolist()
    assert found["standardised"].std(ddof=0) == pytest.approx(1.0, rel=1e-12)
    least = found["resid"].idxmin()
    assert found.loc[least, "normal"] == norm.ppf(0.5 / 40)
    assert (found["normal"].rank() == found["resid"].rank()).all()


def test_every_group_has_an_entry_also_none(data: PanelFrame) -> None:
    model = panel.ols("y ~ x | year", data)
    picture = residualplot(model, by="zone", labels={"East": "Coast"})
    entries = [t.get_text() for t in picture.figure.legends[0].get_texts()]
    assert entries == ["Coast", "West", "No group"]
    assert picture.data["group"].isna().sum() == 5
    drawn = sum(len(c.get_offsets()) for c in picture.figure.axes[0].collections)
    assert drawn == 40


@pytest.mark.parametrize(
    ("language", "label", "text"),
    [("zh", "拟合值", "产出的残差"), ("ru", "Расчётное значение", "Остатки (Output)")],
)
def test_languages(data: PanelFrame, language: str, label: str, text: str) -> None:
    picture = residualplot(panel.ols("y ~ x", data), language=language)
    assert picture.figure.axes[0].get_xlabel() == label
    assert picture.alt.startswith(text)


def test_mistakes_are_named(data: PanelFrame) -> None:
    model = panel.ols("y ~ x", data)
    with pytest.raises(FigureError, match="8 groups"):
        residualplot(model, by="region")
    with pytest.raises(UnknownVariableError, match="did you mean 'zone'"):
        residualplot(model, by="zones")
    with pytest.raises(FigureError, match="str has no residuals"):
        residualplot("m")  # type: ignore[arg-type]
    with pytest.raises(FigureError, match="means over the years"):
        residualplot(panel.between("y ~ x", data), by="zone")
