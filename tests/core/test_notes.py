"""The notes under a table are in the table's language, with its labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel


@pytest.fixture
def estimate() -> panel.Estimate:
    draw = np.random.default_rng(5)
    keys = pd.MultiIndex.from_product([list("abcdef"), range(2011, 2019)], names=["region", "year"])
    table = pd.DataFrame({n: draw.normal(size=len(keys)) for n in ("x", "y")}, index=keys)
    table.loc[("b", 2012), "x"] = np.nan
    table["name_zh"] = "甲" + keys.get_level_values(0)
    labels = {"x": {"en": "Software", "zh": "软件", "ru": "Софт"}}
    frame = panel.PanelFrame.from_pandas(table, labels=labels)
    frame = frame.describe("x", filled=frozenset({("a", 2015)}))
    frame = frame.describe("x", note="Current prices.", notes={"zh": "现价。"})
    return panel.ols("y ~ x | region", frame)


def test_in_english_as_ever(estimate: panel.Estimate) -> None:
    assert estimate.notes == (
        "1 row left out: x is missing (b).",
        "Software: 1 row rests on interpolated figures.",
        "Software: Current prices.",
    )


def test_in_chinese_with_labels_and_names_of_regions(estimate: panel.Estimate) -> None:
    assert estimate.notes_in("zh") == (
        "剔除1行：软件缺失（甲b）。",
        "软件：1行用到插值数据。",
        "软件：现价。",
    )


def test_in_russian_with_the_english_note_where_there_is_no_other(
    estimate: panel.Estimate,
) -> None:
    assert estimate.notes_in("ru") == (
        "Исключена 1 строка: нет значения: Софт (b).",
        "Софт: 1 строка опирается на интерполированные значения.",
        "Софт: Current prices.",
    )


def test_a_new_note_loses_the_translations_of_the_old_one(estimate: panel.Estimate) -> None:
    frame = estimate.design.frame.describe("x", note="Constant prices.")
    assert frame.columns["x"].note_in("zh") == "Constant prices."


def test_tables_carry_the_notes_of_their_language(estimate: panel.Estimate) -> None:
    table = panel.regtable(estimate, style=panel.Style(language="zh"))
    assert set(estimate.notes_in("zh")) <= set(table.notes)
    frame = estimate.design.frame
    described = panel.describe_table(frame, ["x"], style=panel.Style(language="zh"))
    assert "软件：现价。" in described.notes
