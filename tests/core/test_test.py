"""What a test of a hypothesis shows, and its p-values."""

from __future__ import annotations

import json
import pickle

import pandas as pd
import pytest

from panel.core.test import Test, chi2_test, f_test, normal_test


def test_p_values_of_the_distributions():
    # Quantiles of statistical tables, to their printed digits.
    assert chi2_test("a", 5.991, 2, "h").p_value == pytest.approx(0.05, abs=1e-4)
    assert f_test("a", 3.885, (2, 12), "h").p_value == pytest.approx(0.05, abs=1e-4)
    assert normal_test("a", -1.96, "h").p_value == pytest.approx(0.05, abs=1e-4)
    assert normal_test("a", 1.645, "h", alternative="one-sided").p_value == pytest.approx(
        0.05, abs=1e-4
    )
    assert normal_test("a", -3.0, "h", alternative="one-sided").p_value > 0.99


def test_text_html_and_one_row():
    details = pd.DataFrame({"a<b": [1.5]}, index=["x"])
    result = f_test("Name", 3.0, (2, 186.5), "x1 = <0>", notes=("A note.",), details=details)
    assert result.label == "F(2, 186.5)"
    text = str(result)
    assert text.splitlines()[:4] == [
        "Name",
        "  Null hypothesis: x1 = <0>",
        f"  F(2, 186.5) = 3, p = {result.p_value:.4g}",
        "  A note.",
    ]
    assert "1.5" in text
    html = result._repr_html_()
    assert "x1 = &lt;0&gt;" in html
    assert "<table" in html
    assert "A note." in html
    row = pd.concat([result.tidy(), chi2_test("Other", 1, 1, "h").tidy()])
    assert list(row["distribution"]) == ["F(2, 186.5)", "chi2(1)"]


def test_small_p_values_are_not_printed_as_zero():
    assert "p < 0.0001" in str(chi2_test("a", 800.0, 1, "h"))


def test_other_distributions_are_named():
    shown = str(Test("a", 2.0, 0.01, "999 bootstrap draws", "h"))
    assert "statistic = 2, p = 0.01, 999 bootstrap draws" in shown


def test_rejection_follows_the_level():
    result = Test("a", 2.0, 0.03, "normal", "h")
    assert result.rejects()
    assert not result.rejects(0.01)


def test_json_and_pickle():
    details = pd.DataFrame({"v": [1.0, 2.0]}, index=pd.Index(["p", "q"], name="unit"))
    result = normal_test("a", 1.0, "h", details=details)
    as_json = json.loads(json.dumps(result.to_dict()))
    assert as_json["details"] == [{"unit": "p", "v": 1.0}, {"unit": "q", "v": 2.0}]
    assert as_json["df"] == []
    assert str(pickle.loads(pickle.dumps(result))) == str(result)


def test_long_details_are_shown_in_part():
    result = chi2_test("a", 1.0, 1, "h", details=pd.DataFrame({"v": range(500)}))
    assert len(str(result).splitlines()) < 40
    assert "..." in str(result)
    assert len(result.details) == 500
