"""DataFrames as tables."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from panel.errors import TableError
from panel.tables.cells import Empty, Number, Text
from panel.tables.dataframe import cell_of
from panel.tables.style import Style
from panel.tables.table import Table


def test_weights_of_an_index_in_the_words_and_style_of_a_paper() -> None:
    weights = pd.DataFrame(
        {"entropy": [0.91, 0.85], "weight": [0.25, 0.75]},
        index=pd.Index(["internet", "software"], name="indicator"),
    )
    labels = {"internet": "互联网", "weight": "权重", re.compile("indic.*"): "指标"}
    table = Table.from_pandas(weights, labels=labels, style="cn", title="指标权重")
    assert [s.words for s in table.header[0]] == ["指标", "entropy", "权重"]
    assert [row.label for row in table.rows] == ["互联网", "software"]
    assert table.language == "zh"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (np.int64(1270), Number(1270, 0)),
        (np.float64(0.12345), Number(0.12345, 3)),
        (np.bool_(True), Text("Yes")),
        (None, Empty()),
        (pd.NA, Empty()),
        (float("nan"), Empty()),
        ("a", Text("a")),
    ],
)
def test_a_value_becomes_a_cell(value: object, cell: object) -> None:
    assert cell_of(value, Style()) == cell


def test_digits_are_the_styles_unless_given() -> None:
    df = pd.DataFrame({"x": [0.123456, 0.5]})
    assert Table.from_pandas(df, style=Style(digits=2)).rows[0].cells[0].text() == "0.12"
    assert (
        Table.from_pandas(df, style=Style(digits=2), digits=4).rows[0].cells[0].text() == "0.1235"
    )
    fixed = Style(digits=1, rounding="fixed")
    whole = pd.DataFrame({"n": [1.0, 5.0], "x": [0.004, 7.25]})
    assert [c.text() for c in Table.from_pandas(whole, style=fixed).rows[0].cells] == ["1", "0.0"]
    with pytest.raises(TableError, match="-1 digits"):
        Table.from_pandas(df, digits=-1)
