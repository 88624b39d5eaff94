from __future__ import annotations

import pytest

from panel.core.frame import PanelFrame
from panel.errors import FigureError, NotNumericError, UnknownVariableError
from panel.figures.corrplot import corrplot


def test_correlations_over_complete_rows(frame: PanelFrame) -> None:
    picture = corrplot(frame, ["output", "share"])
    table = frame.table[["output", "share"]].dropna()
    x, y = table["output"] - table["output"].mean(), table["share"] - table["share"].mean()
    by_hand = (x * y).sum() / ((x**2).sum() * (y**2).sum()) ** 0.5
    # Two ways of adding 14 products: rounding only.
    assert picture.data.loc["output", "share"] == pytest.approx(by_hand, rel=1e-12)
    assert picture.data.loc["output", "output"] == 1.0
    assert "14 rows" in picture.alt


def test_numbers_stand_in_the_lower_triangle(frame: PanelFrame) -> None:
    picture = corrplot(frame.assign(minus=-frame["share"]), ["share", "minus"], language="ru")
    written = [t.get_text() for t in picture.figure.axes[0].texts]
    assert written == ["1,00", "−1,00", "1,00"]
    assert [t.get_text() for t in picture.figure.axes[0].get_xticklabels()] == ["(1)", "(2)"]
    assert "−1,00" in picture.alt


def test_mistakes_are_named(frame: PanelFrame) -> None:
    with pytest.raises(FigureError, match="at least two"):
        corrplot(frame, ["output"])
    with pytest.raises(FigureError, match="at least two"):
        corrplot(frame, "output")
    with pytest.raises(NotNumericError, match="zone"):
        corrplot(frame, ["output", "zone"])
    with pytest.raises(UnknownVariableError, match="did you mean 'share'"):
        corrplot(frame, ["output", "shared"])
    never = frame.assign(never=frame["share"].where(frame["share"] > 100))
    with pytest.raises(FigureError, match="Only 0 row"):
        corrplot(never, ["output", "never"])
