from __future__ import annotations

import numpy as np
import pytest

import panel
from panel.core.frame import PanelFrame
from panel.errors import FigureError
from panel.figures.contourplot import contourplot


def test_the_kernel_is_drawn_as_it_is(frame: PanelFrame) -> None:
    kernel = panel.stochastic_kernel(frame, "output", step=2, bandwidth=(5.0, 5.0), points=12)
    picture = contourplot(kernel)
    own = picture.data.set_index(["now", "later"])["density"]
    assert len(own) == 144
    now, later = kernel.df.index[3], kernel.df.columns[7]
    assert own[now, later] == kernel.df.loc[now, later]
    points = np.asarray(picture.figure.axes[0].lines[1].get_xydata())
    np.testing.assert_array_equal(points, kernel.moves[["now", "later"]])
    rise = 100 * (kernel.moves["later"] > kernel.moves["now"]).mean()
    assert f"{rise:.1f}% of them rise" in picture.alt


@pytest.mark.parametrize(("language", "bar"), [("zh", "条件密度"), ("ru", "Условная плотность")])
def test_languages(frame: PanelFrame, language: str, bar: str) -> None:
    kernel = panel.stochastic_kernel(frame, "output", step=2, bandwidth=(5.0, 5.0), points=12)
    picture = contourplot(kernel, what="y", language=language)
    assert picture.figure.axes[1].get_ylabel() == bar
    assert picture.figure.axes[0].get_ylabel().replace("，", ", ") == "y, t + 2"


def test_mistakes_are_named(frame: PanelFrame) -> None:
    with pytest.raises(FigureError, match="Densities has no density of later"):
        contourplot(panel.densities(frame, "output", bandwidth=1.0))  # type: ignore[arg-type]
