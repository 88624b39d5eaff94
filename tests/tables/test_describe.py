"""Descriptive statistics."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from panel.core.frame import PanelFrame
from panel.errors import DataError, TableError, UnknownVariableError
from panel.tables.describe import describe_table
from panel.tables.style import Style


@pytest.fixture
def wages() -> PanelFrame:
    """Two regions, unbalanced: means 2 and 10, overall mean 5.2."""
    index = pd.MultiIndex.from_tuples(
        [("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 2)], names=["region", "year"]
    )
    return PanelFrame.from_pandas(pd.DataFrame({"w": [1.0, 2.0, 3.0, 8.0, 12.0]}, index=index))


def test_the_standard_deviation_and_its_parts(wages: PanelFrame) -> None:
    """As xtsum: between over region means, within over deviations, both with their own n - 1."""
    df = describe_table(wages, stats=["n", "mean", "sd", "sd_between", "sd_within"]).df
    assert df.loc["w", "N"] == 5
    assert df.loc["w", "Mean"] == pytest.approx(5.2)
    # Deviations from 5.2: -4.2, -3.2, -2.2, 2.8, 6.8; squares add up to 86.8.
    assert df.loc["w", "SD"] == pytest.approx(np.sqrt(86.8 / 4))
    assert df.loc["w", "SD between"] == pytest.approx(np.sqrt(2 * 4.0**2))
    assert df.loc["w", "SD within"] == pytest.approx(np.sqrt((1 + 0 + 1 + 4 + 4) / 4))


def test_order_statistics_and_missing_cells(wages: PanelFrame) -> None:
    holed = wages.assign(w=wages["w"].where(wages["w"] != 12.0))
    df = describe_table(holed, ["w"], stats=["n", "missing", "min", "p25", "p50", "max"]).df
    assert list(df.loc["w"]) == [4, 1, 1.0, 1.75, 2.5, 8.0]
    assert list(df.columns) == ["N", "Missing", "Min", "P25", "Median", "Max"]


def test_rows_have_labels_units_and_notes(frame: PanelFrame) -> None:
    table = describe_table(frame)
    assert [row.label for row in table.rows] == [
        "Industrial output",
        "Network density",
        "Digital index",
    ]
    assert [row.cells[0].text() for row in table.rows] == ["100 million CNY", "", ""]
    assert table.header[0][1].words == "Unit"
    assert table.notes == (
        "Network density: 2 of 30 figures are interpolated, not published.",
        "Network density: nearest official measure to 5G density.",
    )


def test_notes_of_ingredients_are_told_of_what_is_computed_from_them(frame: PanelFrame) -> None:
    notes = describe_table(frame, ["index"]).notes
    assert "Network density: nearest official measure to 5G density." in notes
    own = frame.describe("index", note="a tenth of the nearest measure.")
    assert describe_table(own, ["index"]).notes == (
        "Digital index: a tenth of the nearest measure.",
    )
    assert describe_table(frame, ["output"]).notes == ()


def test_without_units_there_is_no_column_of_them(frame: PanelFrame) -> None:
    assert describe_table(frame, ["density"]).columns[0] == "N"


def test_groups(frame: PanelFrame) -> None:
    table = describe_table(frame, ["density"], by="zone", stats=["n", "mean"])
    assert [section.title for section in table.sections] == ["East", "West"]
    east = frame["density"][frame["zone"] == "East"]
    assert table.df.loc[("East", "Network density"), "Mean"] == east.mean()
    years = describe_table(frame, ["density"], by="year", stats=["n"])
    assert [section.title for section in years.sections] == ["2015", "2016", "2017", "2018", "2019"]


def test_a_row_has_the_decimals_that_suit_its_largest_figure() -> None:
    index = pd.MultiIndex.from_product([["a"], range(3)], names=["region", "year"])
    data = pd.DataFrame(
        {"big": [0.25, 1000.0, 123287.3], "share": [0.5, 0.00002, 0.1]}, index=index
    )
    table = describe_table(PanelFrame.from_pandas(data), stats=["n", "min", "max"])
    assert [c.text() for c in table.rows[0].cells] == ["3", "0.3", "123,287"]
    assert [c.text() for c in table.rows[1].cells] == ["3", "0.000020", "0.500"]


def test_other_languages(frame: PanelFrame) -> None:
    table = describe_table(frame, ["output", "density"], style=Style(language="ru"),
                           stats=["mean", "sd_within"])  # fmt: skip
    assert [s.words for s in table.header[0]] == [
        "Переменная", "Единица", "Среднее", "Ст. откл. внутри регионов",
    ]  # fmt: skip
    assert table.rows[0].cells[0].text() == "100 млн юаней"
    assert "провинция" in table.notes[0]
    assert "интерполировано значений 2 из 30" in table.notes[1]
    assert describe_table(frame, ["output"], style=Style(language="zh")).rows[0].label == "工业产出"


def test_what_cannot_be_described(frame: PanelFrame) -> None:
    with pytest.raises(UnknownVariableError, match="did you mean 'output'"):
        describe_table(frame, ["outputt"])
    with pytest.raises(TableError, match="'zone' holds text"):
        describe_table(frame, ["zone"])
    with pytest.raises(TableError, match="did you mean 'mean'"):
        describe_table(frame, ["output"], stats=["meen"])
    with pytest.raises(TableError, match="'p0'"):
        describe_table(frame, ["output"], stats=["p0"])
    with pytest.raises(UnknownVariableError):
        describe_table(frame, ["output"], by="zonne")
    with pytest.raises(TableError, match="no variable"):
        describe_table(frame, [])


def test_one_figure_has_no_standard_deviation() -> None:
    index = pd.MultiIndex.from_tuples([("a", 1)], names=["region", "year"])
    table = describe_table(PanelFrame.from_pandas(pd.DataFrame({"x": [1.5]}, index=index)))
    assert [c.text() for c in table.rows[0].cells] == ["1", "1.500", "", "1.500", "1.500", "1.500"]


def test_a_dataframe_will_do_if_its_index_names_region_and_year() -> None:
    index = pd.MultiIndex.from_product([list("ab"), range(3)], names=["region", "year"])
    data = pd.DataFrame({"x": range(6), "y": [3, 1, 4, 1, 5, 9]}, index=index)
    expected = describe_table(PanelFrame.from_pandas(data))
    assert describe_table(data) == expected
    with pytest.raises(DataError, match="which columns are the region and the year"):
        describe_table(data.reset_index())


def test_infinite_cells_are_left_out_and_counted(wages: PanelFrame) -> None:
    table = describe_table(wages.assign(w=[1.0, 2.0, 3.0, np.inf, -np.inf]), stats=["n", "mean"])
    assert list(table.df.loc["w"]) == [3, 2.0]
    assert table.notes == ("w: infinite figures left out: 2.",)


def test_expressions_are_described_by_the_labels_of_their_variables(wages: PanelFrame) -> None:
    labelled = wages.describe("w", labels={"en": "Wage", "zh": "工资"}, note="Before tax.")
    table = describe_table(labelled, ["log(w)", "w"], stats=["n", "max"], style="cn")
    assert [row.label for row in table.rows] == ["log(工资)", "工资"]
    assert list(table.df.iloc[0]) == [5, pytest.approx(np.log(12.0))]
    assert any("Before tax" in note for note in table.notes)  # of what the expression holds
    with pytest.raises(UnknownVariableError, match="'ww'"):
        describe_table(wages, ["log(ww)"])


def test_groups_are_called_by_the_labels_of_their_values(frame: PanelFrame) -> None:
    named = frame.describe(
        "zone",
        value_labels={
            "East": {"zh": "东部", "ru": "Восток"},
            "West": {"zh": "西部", "ru": "Запад"},
        },
    )
    table = describe_table(named, ["density"], by="zone", style="cn")
    assert [section.title for section in table.sections] == ["东部", "西部"]
