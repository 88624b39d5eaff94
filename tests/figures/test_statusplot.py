from __future__ import annotations

import pandas as pd
import pytest

from panel.core.frame import PanelFrame
from panel.errors import FigureError, UnknownVariableError
from panel.figures.statusplot import statusplot


def test_cells_are_complete_partly_missing_or_absent(frame: PanelFrame) -> None:
    data = statusplot(frame).data
    assert data.loc["CN-BJ"].tolist() == ["complete"] * 4
    assert data.loc["CN-JX", 2022] == "partly missing"
    assert data.loc["CN-XZ", 2021] == "no row"


def test_only_the_named_variables_are_judged(frame: PanelFrame) -> None:
    data = statusplot(frame, ["share"]).data
    assert data.loc["CN-JX", 2022] == "complete"


def test_states_differ_without_colour(frame: PanelFrame) -> None:
    patches = statusplot(frame).figure.legends[0].get_patches()
    grey = [sum(p.get_facecolor()[:3]) for p in patches]
    assert len(patches) == 3
    assert patches[1].get_hatch()
    assert grey[2] - grey[0] > 1.0  # of 3: dark against nearly white


def test_regions_are_named_and_counted(frame: PanelFrame) -> None:
    picture = statusplot(frame, ["output"], language="ru")
    names = [t.get_text() for t in picture.figure.axes[0].get_yticklabels()]
    assert names == ["Пекин", "Гуандун", "Цзянси", "Тибет"]
    assert "Выпуск" in picture.alt
    assert "полных ячеек 14, неполных 1, без строки 1" in picture.alt


def test_a_long_panel_fits_on_a_page() -> None:
    df = pd.DataFrame({"u": range(120), "t": 2020, "y": 1.0})
    assert statusplot(PanelFrame.from_pandas(df, "u", "t")).figure.get_figheight() < 10


def test_mistakes_are_named(frame: PanelFrame) -> None:
    with pytest.raises(UnknownVariableError, match="did you mean 'share'"):
        statusplot(frame, ["shares"])
    with pytest.raises(FigureError, match="no rows"):
        statusplot(frame.rows(frame["share"] > 100))
