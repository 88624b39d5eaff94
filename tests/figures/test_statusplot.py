from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from panel.core.frame import PanelFrame
from panel.errors import FigureError, UnknownVariableError
from panel.figures.statusplot import statusplot


def test_cells_have_the_share_of_the_variables_that_are_there(frame: PanelFrame) -> None:
    data = statusplot(frame).data
    assert data.loc["CN-BJ"].tolist() == [1.0] * 4
    assert data.loc["CN-JX", 2022] == 2 / 3  # of zone, output and share
    assert np.isnan(data.loc["CN-XZ", 2021])


def test_only_the_named_variables_are_judged(frame: PanelFrame) -> None:
    data = statusplot(frame, ["share"]).data
    assert data.loc["CN-JX", 2022] == 1.0
    assert statusplot(frame, "output").data.loc["CN-JX", 2022] == 0.0


def test_a_wide_frame_is_not_of_one_colour() -> None:
    df = pd.DataFrame({"u": [1, 2, 3, 4], "t": 2020, **{f"x{j}": 1.0 for j in range(4)}})
    df.loc[1, "x0"] = df.loc[2, ["x0", "x1", "x2"]] = np.nan
    df.loc[3, ["x0", "x1", "x2", "x3"]] = np.nan
    picture = statusplot(PanelFrame.from_pandas(df, "u", "t"))
    assert picture.data[2020].tolist() == [1.0, 0.75, 0.25, 0.0]
    assert [t.get_text() for t in picture.figure.legends[0].get_texts()] == [
        "Complete", "3 of 4 variables", "1 of 4 variables", "A row without figures",
    ]  # fmt: skip


def test_many_different_counts_have_a_colour_bar() -> None:
    rows = np.where(np.tri(10, dtype=bool), 1.0, np.nan)
    df = pd.DataFrame(rows, columns=[f"x{j}" for j in range(10)]).assign(u=range(10), t=2020)
    picture = statusplot(PanelFrame.from_pandas(df, "u", "t"))
    assert picture.data[2020].tolist() == pytest.approx([j / 10 for j in range(1, 11)])
    assert picture.figure.axes[1].get_xlabel() == "Share of 10 variables that have a figure"


def test_states_differ_without_colour(frame: PanelFrame) -> None:
    patches = statusplot(frame).figure.legends[0].get_patches()
    grey = [sum(p.get_facecolor()[:3]) for p in patches]
    assert len(patches) == 3
    assert grey[0] < grey[1] < grey[2]
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
    with pytest.raises(FigureError, match="no variables"):
        statusplot(frame, [])
    with pytest.raises(FigureError, match="no rows"):
        statusplot(frame.rows(frame["share"] > 100))
