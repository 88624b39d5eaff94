"""Tables of results as HTML."""

from __future__ import annotations

import pandas as pd

import panel
from panel.core.summary import html_table

LEFT = 'style="text-align: left"'


def test_text_stands_on_the_left_and_numbers_do_not() -> None:
    table = pd.DataFrame({"word": ["a", "b"], "number": [1.0, 2.0]}, index=["i", "j"])
    html = html_table(table)
    assert html.count(f"<td {LEFT}>") == 2
    assert f"<td {LEFT}>a</td>\n      <td>1.0</td>" in html
    assert f"<th {LEFT}>word</th>\n      <th>number</th>" in html
    assert "<th>i</th>" in html


def test_keys_of_rows_are_no_columns() -> None:
    index = pd.MultiIndex.from_product([["A", "B"], [2020, 2021]], names=["region", "year"])
    html = html_table(pd.DataFrame({"x": range(4), "zone": list("EEWW")}, index=index))
    assert html.count(f"<td {LEFT}>") == 4
    assert f"<th>x</th>\n      <th {LEFT}>zone</th>" in html


def test_numbers_alone_stay_as_pandas_has_them() -> None:
    table = pd.DataFrame({"x": [1.5]})
    assert html_table(table) == table.to_html(border=0)


def test_a_wide_frame_shows_some_variables_and_names_the_others() -> None:
    table = pd.DataFrame({f"v{i}": [31568.1] for i in range(12)})
    frame = panel.PanelFrame.from_pandas(table.assign(r="<b>", t=2020), "r", "t")
    html = frame._repr_html_()
    assert "31,568.1" in html
    assert "and v10, v11" in html
    assert "<b>" not in html.removeprefix("<div><b>")


def test_a_summary_has_no_empty_lines_and_tables() -> None:
    data = pd.DataFrame({"u": list("aabbcc"), "t": [1, 2] * 3, "y": [1.0, 2, 4, 3, 5, 8]})
    frame = panel.PanelFrame.from_pandas(data.assign(x=[0.0, 1, 1, 3, 2, 2]), "u", "t")
    alone = panel.ols("y ~ 1 | u", frame)
    assert "Empty DataFrame" not in str(alone)
    assert "nan" not in str(alone)
    assert "<table" not in alone._repr_html_()
    joint = panel.suest({"a": panel.ols("y ~ x | u", frame), "b": panel.pooled("y ~ x", frame)})
    assert "\n\n\n" not in str(joint)
