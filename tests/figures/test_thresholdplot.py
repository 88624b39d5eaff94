from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from panel.errors import FigureError
from panel.figures.thresholdplot import thresholdplot

PROFILE = pd.DataFrame({"gamma": [3.0, 1.0, 2.0, 4.0], "lr": [7.3, 9.0, 0.0, 7.4]})


def test_hansens_critical_value_divides_the_thresholds() -> None:
    picture = thresholdplot(PROFILE)
    assert picture.data["gamma"].tolist() == [1.0, 2.0, 3.0, 4.0]
    # -2 log(1 - sqrt(0.95)) = 7.3523, exact arithmetic to the digits printed.
    assert picture.data["inside"].tolist() == [False, True, True, False]
    line = picture.figure.axes[0].lines[1]
    assert np.asarray(line.get_ydata())[0] == pytest.approx(7.3523, abs=5e-5)
    assert picture.alt == (
        "Likelihood ratio over 4 values of Threshold; zero at 2.000, the 95% confidence set lies "
        "within 2.000 to 3.000."
    )


def test_another_critical_value_is_taken() -> None:
    assert thresholdplot(PROFILE, critical=8.0).data["inside"].sum() == 3


@pytest.mark.parametrize(
    ("language", "label"), [("zh", "似然比"), ("ru", "Отношение правдоподобия")]
)
def test_languages(language: str, label: str) -> None:
    picture = thresholdplot(PROFILE, language=language, what="x")
    assert picture.figure.axes[0].get_ylabel() == label
    assert label in picture.alt


def test_mistakes_are_named() -> None:
    with pytest.raises(FigureError, match=r"no column 'lr'.*\n.*did you mean 'LR'"):
        thresholdplot(PROFILE.rename(columns={"lr": "LR"}))
    with pytest.raises(FigureError, match=r"smallest ratio of 7\.3"):
        thresholdplot(PROFILE[PROFILE["lr"] > 0])
    with pytest.raises(FigureError, match="smallest ratio of nan"):
        thresholdplot(PROFILE.assign(lr=np.nan))
    with pytest.raises(FigureError, match="critical value is positive"):
        thresholdplot(PROFILE, critical=-1.0)
