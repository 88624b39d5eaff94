"""Files of claims: what they may hold, and how mistakes in them are told."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from panel.core.frame import PanelFrame
from panel.diagnostics.claims import check_claims
from panel.diagnostics.claimsfile import Claim, read_claims
from panel.errors import DuplicateKeyError, FormulaError, SourceError, UnknownVariableError

FACTS = pd.DataFrame({"id": ["a", "b"], "value": ["10", "20"], "unit": ["亿元", "亿元"]})
WHOLE = """
[qualifiers]
a = "over"

[[fact]]
id = "c"
value = "30"
unit = "亿元"
place = "p. 7"

[[fact]]
id = "d"
missing = "nobody prints it"

[[cell]]
id = "gdp"
variable = "gdp"
region = "A"
year = 2020

[[claim]]
name = "sum"
printed = "c"
expression = "a + b"
relation = "at least"
reason = "parts"
readings = { "twice" = "2 * (a + b)" }

[[claim]]
name = "panel"
printed = "b"
expression = "gdp"

[[claim]]
name = "gap"
printed = "b"
expression = "a + d"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "claims.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_gives_claims_facts_cells_and_qualifiers(tmp_path):
    file = read_claims(written(tmp_path, WHOLE))
    assert file.claims[0] == Claim(
        "sum", "c", "a + b", "at least", "parts", {"twice": "2 * (a + b)"}
    )
    assert [f.name for f in file.facts] == ["c", "d"]
    assert file.cells[0].time == 2020
    assert dict(file.qualifiers) == {"a": "over"}


def test_a_file_is_checked_with_its_facts_and_the_panel(tmp_path):
    data = pd.DataFrame({"region": ["A"], "year": [2020], "gdp": [20.0]})
    frame = PanelFrame.from_pandas(data, "region", "year", units={"gdp": "亿元"})
    table = check_claims(FACTS, written(tmp_path, WHOLE), frame).table.set_index("claim")
    assert table.loc["sum", "place"] == "p. 7"
    assert table.loc["sum", "high"] == float("inf")  # a is over 10
    assert list(table["verdict"]) == ["agrees", "agrees", "cannot be checked"]
    assert table.loc["gap", "comment"] == "nobody prints it"
    without = check_claims(FACTS, str(written(tmp_path, WHOLE))).table.set_index("claim")
    assert without.loc["panel", "comment"] == "no panel was given"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[clam]]\nname = 'x'", r"the top level: 'clam' is not known.*\n.*'claim'"),
        ("claim = 3", r"'claim': it is no list.*\n.*\[\[claim\]\]"),
        ("qualifiers = 3", r"\[qualifiers\]: it is no table"),
        ("[qualifiers]\na = 3", r"\[qualifiers\]: it is no table"),
        ("[[claim]]\nprinted = 'a'", r"\[\[claim\]\] no. 1: key 'name' is missing"),
        ("[[claim]]\nname = 'x'\nprinted = 'a'", r"no. 1 \(x\): key 'expression' is missing"),
        ("[[fact]]\nid = 'x'\nvalue = 1.0", r"no. 1 \(x\): 'value' is 1.0.*\n.*text in quotes"),
        ("[[fact]]\nid = 'x'\nvlue = '1'", r"key 'vlue' is not known.*\n.*'value'"),
        (
            "[[cell]]\nid = 'x'\nvariable = 'v'\nregion = 'A'\nyear = '2020'",
            r"'year' is '2020'.*\n.*a whole number",
        ),
        ("[[claim]\n", "is not valid TOML"),
    ],
)
def test_mistakes_are_named_with_their_place(tmp_path, text, said):
    with pytest.raises(SourceError, match=said) as caught:
        read_claims(written(tmp_path, text))
    assert "claims.toml" in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(SourceError, match="cannot be read"):
        check_claims(FACTS, tmp_path / "nothing.toml")


def test_mistakes_in_expressions_name_the_claim(tmp_path):
    text = "[[claim]]\nname = 'x'\nprinted = 'a'\nexpression = 'a +* b'"
    with pytest.raises(FormulaError, match="Claim 'x'"):
        read_claims(written(tmp_path, text))


def test_names_are_given_once_and_to_what_is_there(tmp_path):
    with pytest.raises(DuplicateKeyError, match="'a'"):
        check_claims(FACTS, written(tmp_path, "[[fact]]\nid = 'a'\nvalue = '1'"))
    with pytest.raises(UnknownVariableError, match=r"'over' is given to the fact 'x'"):
        check_claims(FACTS, written(tmp_path, "[qualifiers]\nx = 'over'"))
