"""Layouts, headings, controls and rows of a table of regressions."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import TableError
from panel.tables.models import ModelColumn
from panel.tables.regtable import regtable
from panel.tables.style import Style
from panel.tables.table import Table

P = 0.03


def model(*terms: str, **more: Any) -> ModelColumn:
    """Every coefficient 0.5 with standard error 0.25, t = 2."""
    k = len(terms)
    facts: dict[str, Any] = {
        "depvar": "y",
        "covariance": "clustered by province",
        "stats": {"nobs": 99, "hansen_p": 0.00001},
        "limits": np.tile([0.01, 0.99], (k, 1)),
    }
    columns = [np.full(k, v) for v in (0.5, 0.25, P)]
    return ModelColumn(terms, *columns, **(facts | more))


def shown(table: Table) -> dict[str, list[str]]:
    return {row.name: [c.text(table.language) for c in row.cells] for row in table.rows}


@pytest.mark.parametrize(
    ("layout", "cells", "notes"),
    [
        (("b*", "(se)"), ["0.500**", "(0.250)"],
         ["Standard errors in parentheses: clustered by province."]),
        ("b* (se)", ["0.500** (0.250)"],
         ["Standard errors in parentheses: clustered by province."]),
        (("b*", "[t]"), ["0.500**", "[2.000]"],
         ["t statistics in brackets.", "Standard errors: clustered by province."]),
        (("b [ci]", "p*"), ["0.500 [0.010, 0.990]", "0.030**"],
         ["95% confidence intervals in brackets.", "p-values below the coefficients.",
          "Standard errors: clustered by province."]),
        ("b se*", ["0.500 0.250**"],
         ["Standard errors beside the coefficients: clustered by province."]),
    ],
)  # fmt: skip
def test_layouts(layout: Any, cells: list[str], notes: list[str]) -> None:
    table = regtable(model("x"), style=Style(layout=layout))
    assert [row.cells[0].text() for row in table.sections[0].rows] == cells
    assert list(table.notes[: len(notes)]) == notes
    assert table.notes[len(notes)] == "* p < 0.1, ** p < 0.05, *** p < 0.01."


def test_without_stars_in_the_layout_there_are_none() -> None:
    table = regtable(model("x"), style=Style(layout=("b", "(se)")))
    assert shown(table)["x"] == ["0.500"]
    assert not any("p <" in note for note in table.notes)


def test_russian_limits_are_set_apart_by_a_semicolon() -> None:
    table = regtable(model("x"), style=Style("ru", layout="[ci]"))
    (cell,) = table.rows[0].cells
    assert cell.text("ru") == "[0,010; 0,990]"
    assert "В квадратных скобках — 95% доверительные интервалы." in table.notes


def test_several_numbers_in_a_cell_are_apart_in_the_frame() -> None:
    table = regtable([model("x"), model("z")], style=Style(layout="b* (se) [ci]"))
    frame = table.df.loc[:, "(1)"]
    assert list(frame.index[:4]) == [
        "x",
        "x, standard error",
        "x, 95% CI, lower limit",
        "x, 95% CI, upper limit",
    ]
    assert frame.tolist()[:4] == [0.5, 0.25, 0.01, 0.99]
    assert frame.iloc[4:8].isna().all()


def test_what_a_model_lacks_is_left_out_of_its_cell() -> None:
    bare = model("x", limits=None)
    table = regtable(bare, style=Style(layout="b* [ci]"))
    assert shown(table)["x"] == ["0.500**"]
    exact = ModelColumn(("x",), [0.5], [0.0], [np.nan], "y")  # type: ignore[arg-type]
    assert shown(regtable(exact, style=Style(layout=("b", "(t)"))))["x, t statistic"] == [""]


def test_presets_set_language_layout_and_look() -> None:
    table = regtable(model("x"), style="cn")
    assert shown(table)["x，t值"] == ["(2.000)"]
    assert table.notes[:2] == ("括号内为t值。", "标准误：按省份聚类。")
    assert regtable(model("x"), style="gost").look.rules == "box"
    assert shown(regtable(model("x"), style="aer"))["x"] == ["0.500"]


def test_headings_stand_between_the_outcome_and_the_numbers() -> None:
    m = model("x")
    table = regtable({"East": {"a": m, "b": m}, "West": [m]})
    words = [[(s.words, s.width) for s in spans[1:]] for spans in table.header]
    assert words == [
        [("Dependent variable: y", 3)],
        [("East", 2), ("", 1)],
        [("a", 1), ("b", 1), ("West", 1)],
        [("(1)", 1), ("(2)", 1), ("(3)", 1)],
    ]


def test_controls_are_rows_that_say_all_some_or_none() -> None:
    models = [model("x"), model("x", "log(a)"), model("x", "log(a)", "rain", "heat")]
    rows = shown(regtable(models, controls=("log(a)", "rain|heat")))
    assert rows["Controls"] == ["No", "Some", "Yes"]
    assert not {"log(a)", "rain", "heat"} & set(rows)
    rows = shown(regtable(models, controls={"Size": "log(a)", "Weather": ("rain", "heat")}))
    assert (rows["Size"], rows["Weather"]) == (["No", "Yes", "Yes"], ["No", "No", "Yes"])
    assert shown(regtable(models, controls="rain", style="cn"))["控制变量"] == ["否", "否", "是"]
    with pytest.raises(TableError, match="No term fits 'snow'"):
        regtable(models, controls="snow")


def test_rows_of_ones_own() -> None:
    models = [model("x"), model("x")]
    rows = shown(
        regtable(
            models, add_rows={"Trends": [True, False], "Threshold": [0.4567, None], "k": [3, 4]}
        )
    )
    assert rows["Trends"] == ["Yes", "No"]
    assert rows["Threshold"] == ["0.457", ""]
    assert rows["k"] == ["3", "4"]
    frame = pd.DataFrame({"a": ["p", 1.25], "b": ["q", np.nan]}, index=["Word", "Impact"])
    rows = shown(regtable(models, add_rows=frame))
    assert (rows["Word"], rows["Impact"]) == (["p", "q"], ["1.250", ""])
    for wrong in ({"a": [1]}, {"a": "ab"}, {"a": 3}, frame[["a"]]):
        with pytest.raises(TableError, match="for each of the 2 columns"):
            regtable(models, add_rows=wrong)


def test_labels_by_pattern() -> None:
    labels = {re.compile(r"zone::(\w+):x"): r"x in the \1", "x": "Index"}
    table = regtable(model("x", "zone::East:x", "zone::West:x"), labels=labels)
    assert [r.label for r in table.sections[0].rows if r.label] == [
        "Index",
        "x in the East",
        "x in the West",
    ]


def test_a_p_value_has_no_more_decimals_for_being_small() -> None:
    rows = shown(regtable(model("x"), stats=["nobs", "hansen_p"]))
    assert rows["Overidentification, p-value"] == ["0.000"]


def test_fixed_decimals() -> None:
    small = ModelColumn(("x",), [0.00012], [12345.6], [0.5], "y")  # type: ignore[arg-type]
    rows = shown(regtable(small, style=Style(digits=2, rounding="fixed")))
    assert (rows["x"], rows["x, standard error"]) == (["0.00"], ["(12,345.60)"])


def test_all_terms_cannot_be_controls() -> None:
    with pytest.raises(TableError, match="No coefficient is left") as caught:
        regtable(model("x"), controls="x")
    assert "fewer terms controls" in str(caught.value)


def test_columns_of_a_split_sample_say_which_group_they_are_of() -> None:
    index = pd.MultiIndex.from_product([range(8), range(6)], names=["r", "t"])
    rng = np.random.default_rng(5)
    data = pd.DataFrame(rng.normal(size=(48, 2)), index, columns=["x", "y"])
    data["zone"] = np.where(index.get_level_values(0) < 4, "East", "West")
    frame = panel.PanelFrame.from_pandas(data).describe("zone", labels={"en": "Zone", "zh": "地带"})
    split = panel.many("y ~ x | r", frame, split="zone")
    whole = panel.ols("y ~ x | r", frame)
    table = panel.regtable([whole, *split], style="cn")
    (row,) = [row for row in table.rows if row.label == "地带"]
    assert [cell.words for cell in row.cells] == ["全部", "East", "West"]
    headed = panel.regtable({"East": split[0], "West": split[1]})
    assert "Zone" not in [row.label for row in headed.rows]  # the headings say it
    later = panel.many("y ~ x | r", frame, split="zone", sample="t > 1")
    assert "Zone" in [row.label for row in panel.regtable(later).rows]
    assert "Zone" not in [row.label for row in panel.regtable([split[0], split[0]]).rows]


def test_rows_outside_the_samples_of_several_columns_are_one_note() -> None:
    index = pd.MultiIndex.from_product([range(8), range(6)], names=["r", "t"])
    rng = np.random.default_rng(5)
    data = pd.DataFrame(rng.normal(size=(48, 2)), index, columns=["x", "y"])
    data["zone"] = np.where(index.get_level_values(0) < 3, "East", "West")
    frame = panel.PanelFrame.from_pandas(data)
    east, west = panel.many("y ~ x | r", frame, split="zone")
    whole = panel.ols("y ~ x | r", frame)
    notes = panel.regtable([whole, east, west, east]).notes
    (said,) = [note for note in notes if "outside the sample" in note]
    assert said == (
        'Rows left out, outside the sample: (2), (4) 30, zone == "East"; (3) 18, zone == "West".'
    )
    (alone,) = [n for n in panel.regtable([whole, east]).notes if "outside the sample" in n]
    assert alone.startswith("Column (2): 30 rows left out")
    (chinese,) = [n for n in panel.regtable([east, west], style="cn").notes if "样本范围" in n]
    assert chinese == '剔除样本范围外的行：(1) 30, zone == "East"；(2) 18, zone == "West"。'
