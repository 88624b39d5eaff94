"""Correlations with stars."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from panel.core.frame import PanelFrame
from panel.errors import DataError, TableError, UnknownVariableError
from panel.tables.cells import Number
from panel.tables.correlation import correlation_table
from panel.tables.style import Style


@pytest.fixture
def pair() -> PanelFrame:
    """Three variables with holes in different places, and a constant."""
    rng = np.random.default_rng(2)
    index = pd.MultiIndex.from_product([list("abcde"), range(8)], names=["region", "year"])
    data = pd.DataFrame(rng.normal(size=(40, 3)), index=index, columns=["x", "y", "z"])
    data["y"] += 0.5 * data["x"]
    data.iloc[3, 0] = data.iloc[5, 1] = np.nan
    return PanelFrame.from_pandas(data.assign(one=1.0))


@pytest.mark.parametrize(
    ("method", "peer"), [("pearson", stats.pearsonr), ("spearman", stats.spearmanr)]
)
def test_against_scipy(pair: PanelFrame, method: str, peer: object) -> None:
    table = correlation_table(pair, ["x", "y"], method=method)
    both = pair.table[["x", "y"]].dropna()
    expected = peer(both["x"], both["y"])  # type: ignore[operator]
    cell = table.rows[1].cells[0]
    assert isinstance(cell, Number)
    # The same sums in another order: rounding only.
    assert cell.value == pytest.approx(expected.statistic, rel=1e-12)
    assert cell.stars == Style().marks(expected.pvalue) != ""


@pytest.mark.parametrize(
    ("triangle", "filled"),
    [("lower", ["100", "110", "111"]), ("upper", ["111", "011", "001"]), ("full", ["111"] * 3)],
)
def test_triangles(pair: PanelFrame, triangle: str, filled: list[str]) -> None:
    table = correlation_table(pair, ["x", "y", "z"], triangle=triangle)
    assert ["".join("1" if c.text() else "0" for c in row.cells) for row in table.rows] == filled
    assert [row.label for row in table.rows] == ["(1) x", "(2) y", "(3) z"]
    assert table.columns == ("(1)", "(2)", "(3)")
    diagonal = [row.cells[i].text() for i, row in enumerate(table.rows)]
    assert diagonal == ["1.000"] * 3  # a variable with itself has no stars


def test_the_note_says_how_many_and_what_is_assumed(pair: PanelFrame) -> None:
    notes = correlation_table(pair, ["x", "y", "z"]).notes
    assert notes[0] == "Pearson correlations, pairwise complete observations (N = 38–40)."
    assert notes[2] == "p-values treat the observations as independent."
    plain = correlation_table(pair, ["z"], style=Style(stars=None)).notes
    assert plain == ("Pearson correlations, pairwise complete observations (N = 40).",)


def test_a_constant_has_no_correlation(pair: PanelFrame) -> None:
    rows = correlation_table(pair, ["x", "one"]).rows
    assert [c.text() for c in rows[1].cells] == ["", ""]


def test_notes_and_labels_of_the_data(frame: PanelFrame) -> None:
    table = correlation_table(frame, ["output", "density"], style=Style(language="zh"))
    assert table.rows[1].label == "(2) 网络密度"
    assert "网络密度：30个数据中有2个为插值，非公布值。" in table.notes
    assert "网络密度：nearest official measure to 5G density." in table.notes


def test_what_is_not_known(pair: PanelFrame) -> None:
    with pytest.raises(UnknownVariableError):
        correlation_table(pair, ["x", "yy"])
    with pytest.raises(TableError, match="did you mean 'spearman'"):
        correlation_table(pair, method="spearmann")
    with pytest.raises(TableError, match="triangle='left'"):
        correlation_table(pair, triangle="left")


def test_a_dataframe_will_do_if_its_index_names_region_and_year() -> None:
    index = pd.MultiIndex.from_product([list("ab"), range(3)], names=["region", "year"])
    data = pd.DataFrame({"x": range(6), "y": [3, 1, 4, 1, 5, 9]}, index=index)
    expected = correlation_table(PanelFrame.from_pandas(data))
    assert correlation_table(data) == expected
    with pytest.raises(DataError, match="which columns are the region and the year"):
        correlation_table(data.reset_index())


def test_infinite_cells_are_left_out_and_counted(pair: PanelFrame) -> None:
    x = pair["x"].to_numpy(copy=True)
    x[0] = np.inf
    table = correlation_table(pair.assign(x=x), ["x", "y"])
    x[0] = np.nan
    assert table.rows == correlation_table(pair.assign(x=x), ["x", "y"]).rows
    assert "x: infinite figures left out: 1." in table.notes


def test_expressions_are_correlated_as_variables_are() -> None:
    index = pd.MultiIndex.from_product([["a", "b"], [1, 2, 3]], names=["r", "t"])
    data = pd.DataFrame({"x": [1.0, 3.0, 2.0, 9.0, 7.0, 8.0]}, index=index)
    both = correlation_table(data.assign(y=np.log(data["x"])), ["x", "log(x)", "y"]).df
    assert both.iloc[2, 1] == pytest.approx(1.0)  # log(x) and y are the same numbers
    assert list(both.iloc[1, :1]) == pytest.approx(list(both.iloc[2, :1]))
