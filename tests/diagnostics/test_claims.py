"""Verdicts on printed claims. The figures are invented for the arithmetic, and small."""

from __future__ import annotations

import pandas as pd
import pytest

from panel.diagnostics.claims import VERDICTS, Claim, check_claims
from panel.errors import DuplicateKeyError, FormulaError, UnknownVariableError


def facts(**given: str) -> pd.DataFrame:
    """Facts written ``name="value unit"``."""
    split = [text.partition(" ") for text in given.values()]
    return pd.DataFrame(
        {"id": list(given), "value": [s[0] for s in split], "unit": [s[2] for s in split]}
    )


def row(claim: Claim, **given: str) -> pd.Series:
    return check_claims(facts(**given), [claim]).table.iloc[0]


SUM = Claim("sum", "total", "a + b")
GROWTH = Claim("growth", "g", "new / old - 1")


@pytest.mark.parametrize(
    ("total", "verdict"),
    [
        ("3.0", "agrees"),
        ("3.1", "agrees within rounding"),  # 1.04 + 2.04 = 3.08
        ("3.2", "contradicts"),  # 1.05 + 2.05 = 3.10, and 3.2 is at least 3.15
        ("3", "agrees"),
    ],
)
def test_a_sum_agrees_as_far_as_its_digits_go(total, verdict):
    assert row(SUM, total=total, a="1.0", b="2.0")["verdict"] == verdict


def test_bounds_that_touch_agree_in_spite_of_the_arithmetic():
    # The upper ends add up to 0.35, the lower end of 0.4; in binary the sum is 0.35000000000000003.
    assert 0.15 + 0.2 != 0.35 or 0.1 + 0.2 != 0.3
    touching = row(SUM, total="0.4", a="0.1", b="0.2")
    assert touching["verdict"] == "agrees within rounding"
    assert row(SUM, total="0.5", a="0.1", b="0.2")["verdict"] == "contradicts"


def test_changing_one_printed_digit_changes_the_verdict():
    assert row(GROWTH, g="14.4 percent", new="1.144", old="1.000")["verdict"] == "agrees"
    assert row(GROWTH, g="14.9 percent", new="1.144", old="1.000")["verdict"] == "contradicts"
    assert row(GROWTH, g="14.4 percent", new="1.194", old="1.000")["verdict"] == "contradicts"


def test_a_further_printed_digit_can_turn_agreement_into_contradiction():
    assert row(SUM, total="3.1", a="1", b="2")["verdict"] == "agrees within rounding"
    assert row(SUM, total="3.1", a="1.00", b="2.00")["verdict"] == "contradicts"


def test_a_contradiction_says_by_how_much():
    assert "2 times what follows" in row(SUM, total="6", a="1", b="2")["comment"]
    assert "0.02 % too low" in row(SUM, total="5000", a="2000.0", b="3001.0")["comment"]
    assert row(SUM, total="3", a="1", b="2")["comment"] == ""


@pytest.mark.parametrize(
    ("total", "slip"), [("3.04 bn CNY", 1000), ("0.3 tn CNY", 10), ("3000000 亿元", 100)]
)
def test_a_power_of_ten_is_called_a_slip_of_unit(total, slip):
    found = row(Claim("total", "total", "a"), total=total, a="3.0 tn CNY")
    assert found["verdict"] == "contradicts"
    assert found["comment"].endswith(f"unit slip: a factor of {slip}")


def test_a_percentage_that_was_multiplied_twice_is_a_slip():
    comment = row(GROWTH, g="0.144 percent", new="1.144", old="1.000")["comment"]
    assert "unit slip: a factor of 100" in comment


def test_no_slip_where_the_ratio_is_no_power_of_ten():
    assert "slip" not in row(SUM, total="600", a="1", b="2")["comment"]
    assert "slip" not in row(SUM, total="0", a="1", b="2")["comment"]


def test_digits_cut_off_are_told_from_rounding():
    month = Claim("month", "m", "y / 12")
    found = row(month, m="3,073", y="36,883")
    assert found["verdict"] == "contradicts"
    assert "cut off, not rounded" in found["comment"]
    assert row(month, m="3,074", y="36,883")["verdict"] == "agrees"
    assert "cut off" not in row(month, m="3,072", y="36,883")["comment"]


@pytest.mark.parametrize(
    ("relation", "part", "verdict"),
    [
        ("at most", "2.9", "agrees"),
        ("at most", "3.1", "agrees within rounding"),  # 3.05 against at most 3.05
        ("at most", "3.2", "contradicts"),
        ("at least", "3.1", "agrees"),
        ("at least", "2.9", "agrees within rounding"),
        ("at least", "2.8", "contradicts"),
    ],
)
def test_bounds_are_one_sided(relation, part, verdict):
    claim = Claim("part", "part", "whole", relation)
    assert row(claim, part=part, whole="3.0")["verdict"] == verdict


def test_units_that_measure_different_things():
    found = row(SUM, total="3 CNY", a="1 CNY", b="2 RUB")
    assert found["verdict"] == "units do not match"
    assert "currency" in found["comment"]
    printed = row(Claim("c", "p", "a"), p="1.04 tn USD", a="1.04 tn CNY")
    assert printed["verdict"] == "units do not match"
    assert "numbers agree" in printed["comment"]
    assert (
        "numbers agree" not in row(Claim("c", "p", "a"), p="154 bn USD", a="1.04 tn CNY")["comment"]
    )


def test_what_is_missing_is_said():
    given = facts(g="28 percent", new="51 bn CNY", old="").assign(missing=["", "", "nobody says"])
    found = check_claims(given, [GROWTH]).table.iloc[0]
    assert (found["verdict"], found["comment"]) == ("cannot be checked", "nobody says")
    assert pd.isna(found["recomputed"])
    assert row(GROWTH, g="28", new="51", old="0")["comment"] == "new / old - 1 has no value"


def test_other_readings_are_computed_when_a_claim_fails():
    readings = {"as a ratio": "new / old", "doubled": "2 * new / old"}
    claim = Claim("times", "t", "new / old - 1", readings=readings)
    comment = row(claim, t="19", new="190.0", old="10.00")["comment"]
    assert "19 as a ratio: agrees" in comment
    assert comment.endswith("38 doubled")
    assert row(claim, t="18", new="190.0", old="10.00")["comment"] == ""
    wrong = Claim("times", "t", "new / old - 1", readings={"as an amount": "new"})
    assert "as an amount: " in row(wrong, t="19", new="190.0 CNY", old="10.00 CNY")["comment"]


def test_errors_name_the_claim_and_the_fact():
    with pytest.raises(UnknownVariableError, match=r"'sum' uses the fact 'totl'") as caught:
        row(Claim("sum", "totl", "a + b"), total="3", a="1", b="2")
    assert "did you mean 'total'?" in str(caught.value)
    with pytest.raises(UnknownVariableError, match=r"'sum' uses the fact 'c'"):
        row(Claim("sum", "total", "a + c"), total="3", a="1", b="2")
    with pytest.raises(FormulaError, match=r"Claim 'sum'"):
        Claim("sum", "total", "a +")
    with pytest.raises(FormulaError, match=r"'__import__' may not be called"):
        row(Claim("sum", "total", '__import__("os")'), total="3")
    with pytest.raises(FormulaError, match=r"Claim 'sum'.*'at mots'"):
        Claim("sum", "total", "a", "at mots")  # type: ignore[arg-type]
    many = {f"a{i}": "1" for i in range(13)}
    with pytest.raises(FormulaError, match="uses 13 facts"):
        row(Claim("sum", "total", " + ".join(many)), total="13", **many)
    with pytest.raises(DuplicateKeyError, match="2 claims have the name 'sum'"):
        check_claims(facts(total="3", a="1", b="2"), [SUM, SUM])


def test_the_report_counts_and_shows():
    given = facts(total="3", a="1", b="2", wrong="7")
    report = check_claims(given, [SUM, Claim("wrong <sum>", "wrong", "a + b", reason="parts")])
    assert list(report.counts.index) == list(VERDICTS)
    assert report.counts["agrees"] == 1
    assert report.counts["contradicts"] == 1
    text = str(report)
    assert "2 claims: 1 agrees, 1 contradicts" in text
    assert "a + b = 3 [2, 4]" in text
    assert "wrong &lt;sum&gt;" in report._repr_html_()
    assert str(check_claims(given, [])) == "no claims"
    assert list(check_claims(given, []).table.columns) == list(report.table.columns)
