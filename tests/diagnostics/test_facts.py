"""Printed figures: what their digits say, and how they are read."""

from __future__ import annotations

from math import inf

import pandas as pd
import pytest

from panel.core.frame import PanelFrame
from panel.diagnostics.facts import Cell, Fact, read_facts
from panel.errors import (
    DataError,
    DuplicateKeyError,
    NotNumericError,
    UnitError,
    UnknownRegionError,
    UnknownVariableError,
)


@pytest.mark.parametrize(
    ("printed", "qualifier", "bounds"),
    [
        ("1.04", "", (1.035, 1.045)),
        ("35", "", (34.5, 35.5)),
        ("35.0", "", (34.95, 35.05)),  # a printed zero is a digit
        ("-0.2", "", (-0.25, -0.15)),
        ("36,883", "", (36882.5, 36883.5)),
        ("0", "", (-0.5, 0.5)),
        ("720", "about", (715.0, 725.0)),
        ("65000", "about", (64500.0, 65500.0)),
        ("15", "about", (14.5, 15.5)),
        ("90", "over", (90.0, inf)),
        ("90", "under", (-inf, 90.0)),
    ],
)
def test_bounds_are_half_a_unit_of_the_last_digit_that_says_something(printed, qualifier, bounds):
    assert Fact("a", printed, qualifier=qualifier).bounds == bounds


@pytest.mark.parametrize(
    ("printed", "ends"), [("3,073", (3073, 3074)), ("-1.5", (-1.6, -1.5)), ("2.49", (2.49, 2.50))]
)
def test_cut_off_figures_lie_away_from_zero(printed, ends):
    assert Fact("a", printed).cut_off == ends


def test_a_fact_is_shown_as_printed():
    fact = Fact("a", "1,038.50", "bn CNY", qualifier="about")
    assert str(fact) == "about 1,038.50 bn CNY"
    assert fact.value == 1038.5


@pytest.mark.parametrize("printed", ["", "n.a.", "1.04 tn", "1,03", "1e3", "nan", "inf"])
def test_what_is_no_printed_number_is_refused_by_name(printed):
    with pytest.raises(DataError, match="Fact 'ma01'"):
        Fact("ma01", printed)


def test_an_unknown_unit_or_qualifier_names_the_fact():
    with pytest.raises(UnitError, match=r"Fact 'ma01'.*furlong"):
        Fact("ma01", "1", "furlong")
    with pytest.raises(DataError, match=r"Fact 'ma01'.*'abuot'") as caught:
        Fact("ma01", "1", qualifier="abuot")
    assert "did you mean 'about'?" in str(caught.value)


def table(**columns: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=object)


def test_facts_are_read_with_their_optional_columns():
    facts = read_facts(
        table(
            id=["a", "b", "c"],
            value=["1.0", None, ""],
            unit=["percent", None, "CNY"],
            place=["p. 1", None, None],
            qualifier=["about", None, None],
            missing=[None, None, "nobody printed it"],
            indicator=["x", "y", "z"],
        )
    )
    assert facts["a"] == Fact("a", "1.0", "percent", "p. 1", "about")
    assert facts["b"].missing == "b has no figure"
    assert facts["c"].missing == "nobody printed it"


def test_tables_that_cannot_be_facts():
    with pytest.raises(DataError, match="no column 'unit'"):
        read_facts(table(id=["a"], value=["1"]))
    with pytest.raises(DuplicateKeyError, match="'a'"):
        read_facts(table(id=["a", "a"], value=["1", "2"], unit=["", ""]))
    numbers = pd.DataFrame({"id": ["a"], "value": [35.0], "unit": [""]})
    with pytest.raises(DataError, match="dtype=str"):
        read_facts(numbers)
    assert len(read_facts(numbers.iloc[:0])) == 0


def test_reading_does_not_change_the_table():
    given = table(id=["a"], value=[" 1 "], unit=[None])
    before = given.copy()
    read_facts(given)
    pd.testing.assert_frame_equal(given, before)


@pytest.fixture
def frame() -> PanelFrame:
    data = pd.DataFrame(
        {"region": ["A", "A", "B"], "year": [2020, 2021, 2020], "y": [31568.1, 4528.0, None]}
    )
    return PanelFrame.from_pandas(data, "region", "year", units={"y": "亿元"}, name="small")


def test_cells_have_the_digits_of_the_panel(frame):
    fact = Cell("gdp", "y", "A", 2020).fact(frame)
    assert (fact.printed, fact.unit, fact.place) == ("31568.1", "亿元", "small: y of A, 2020")
    assert Cell("gdp", "y", "A", 2021).fact(frame).printed == "4528"


def test_cells_without_a_figure_are_missing(frame):
    for region, year in (("B", 2020), ("B", 2021)):
        missing = Cell("gdp", "y", region, year).fact(frame).missing
        assert missing == f"no figure in small: y of {region}, {year}"
    assert Cell("gdp", "y", "A", 2020).fact(None).missing == "no panel was given"


def test_cells_of_what_the_panel_does_not_know(frame):
    with pytest.raises(UnknownRegionError, match=r"Fact 'gdp'.*'C'"):
        Cell("gdp", "y", "C", 2020).fact(frame)
    with pytest.raises(UnknownVariableError, match="'z'"):
        Cell("gdp", "z", "A", 2020).fact(frame)
    words = frame.assign(zone=["East", "East", "West"])
    with pytest.raises(NotNumericError, match=r"Fact 'gdp': 'zone' is text"):
        Cell("gdp", "zone", "A", 2020).fact(words)
